"""What changes of tables and a new chapter touch: few edits by hand on a copy of the project, and no test has to follow.

All are made in one copy, which runs the model, refreshes its pages, passes the tests and builds the site once.
"""

from __future__ import annotations

import re
from types import SimpleNamespace

import nbformat
import pytest
import yaml

from patient_capital.formatting import spelled
from patient_capital.notebooks import METADATA

from .conftest import Project, amount_of

pytestmark = pytest.mark.long

ANALYSIS = '''"""How far the funds of the register are."""

from __future__ import annotations

import pandas as pd

from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result
from patient_capital.tables import Reader


def by_status(reader: Reader) -> pd.DataFrame:
    """Count the rows of the register by status.

    Returns
    -------
    pandas.DataFrame
        A row a status, the most frequent first: `status`, and `rows`, a count.
    """
    counts = reader.frame("funds", "status")["status"].value_counts()
    return counts.rename_axis("status").rename("rows").reset_index()


@result(unit="count")
def investing(ctx: Context) -> int:
    """Vehicles that invest.

    Number of rows of the register of funds with status investing.
    """
    return int(by_status(ctx).set_index("status").loc["investing", "rows"])
'''
FIGURE = '''"""The figure of the status of funds."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis import progress
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart


def _tell_statuses(printed: Printer, counts: pd.DataFrame) -> Story:
    return Story(
        title=f"Of all funds in the register {printed('progress.investing')} invest",
        subtitle="Funds of the register by how far they are.",
        alt=f"Bars by status of the funds in the register, the longest at the top. Investing: {printed('progress.investing')}.",
    )


@chart("Vehicles of the register by status", _tell_statuses, counts=progress.by_status)
def statuses(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a status."""
    drawing, axes = style.row_drawing(wide, len(counts), left=110, right=40, step=30)
    axes.barh(range(len(counts)), counts["rows"], height=0.5, color=style.STATE)
    for place, row in enumerate(counts.itertuples()):
        axes.text(-1, place, row.status, ha="right", va="center")
    return drawing
'''
CODE = """from patient_capital import open_book
from patient_capital.analysis import progress
from patient_capital.figures import progress as figures

figures.statuses(progress.by_status(open_book()))"""


PAGES = ("tables/funds-vehicles", "chapters/funds", "chapters/overview", "data/funds")


def with_a_fund(project):
    """One row, and return the name that the pages must show."""
    funds = project.rows("funds")
    like = next(row for row in funds if row["fund_id"] == "hb_data")
    row = dict.fromkeys(like, "") | {
        **{
            name: like[name]
            for name in ("sponsor", "level", "region", "city", "kind", "theme", "umbrella", "countable", "status")
        },
        "fund_id": "hb_embodied",
        "name": "Hubei embodied AI fund",
        "name_short": "Hubei embodied AI",
        "announced_on": like["announced_on"],
        "as_of": like["as_of"],
        "announced_cny_bn": "12",
        "first_close_cny_bn": "11.4",
        "sectors": "AI;robots",
        "source_keys": like["source_keys"],
    }
    project.write("funds", [*funds, row])
    return row["name_short"]


def with_a_chapter(project):
    """Its notebook, its two modules and a line of the contents."""
    package = project.folder / "src" / "patient_capital"
    (package / "analysis" / "progress.py").write_text(ANALYSIS, encoding="utf-8")
    (package / "figures" / "progress.py").write_text(FIGURE, encoding="utf-8")
    words = "# How far the funds are\n\nOf the funds in the register [?](#progress.investing) invest."
    cells = [nbformat.v4.new_markdown_cell(words, id="words"), nbformat.v4.new_code_cell(CODE, id="statuses")]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    (project.folder / "chapters" / "progress.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    contents = project.folder / "_toc.yml"
    line = "      - file: chapters/regions\n"
    text = contents.read_text(encoding="utf-8")
    assert line in text
    contents.write_text(text.replace(line, f"      - file: chapters/progress\n{line}"), encoding="utf-8")
    assert yaml.safe_load(contents.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def changed(root, tmp_path_factory):
    """Return the project after all changes, with its ledger, outputs and stored runs from before."""
    project = Project(root, tmp_path_factory.mktemp("changed") / "copy")
    was = {"before": project.ledger(), "shown": project.outputs(), "runs": project.rows("model_runs")}
    made = {
        "fund": with_a_fund(project),
        "province": project.set_cell("province_codes", "CN-FJ", "name_en", "Hokkien"),
        "amount": project.set_cell("comparators", "ulsb_2025", "amount", "1250"),
    }
    project.set_cell("parameters", "fm_bond_coupon", "value", "0.0188")
    project.set_cell("parameters", "fm_public_rate", "value", "0.075")
    with_a_chapter(project)
    project.run("patient_capital.cli", "model")
    project.refresh_and_test()
    project.run("patient_capital.cli", "book")
    return SimpleNamespace(project=project, after=project.ledger(), outputs=project.outputs(), **was, **made)


def test_adding_a_fund_touches_one_row(changed):
    for count in ("funds.phase_all", "funds.phase_count", "funds.local_count"):
        assert int(changed.after[count]["value"]) == int(changed.before[count]["value"]) + 1, count
    for same in ("funds.local_silent", "funds.registered_once", "funds.regional_count"):
        assert changed.after[same]["value"] == changed.before[same]["value"]
    assert changed.fund in changed.outputs


def test_added_fund_is_on_every_page_of_the_site(changed):
    site = changed.project.folder / "_build" / "html"
    pages = {page: (site / f"{page}.html").read_text(encoding="utf-8") for page in PAGES}
    assert "Hubei embodied AI fund" in pages["tables/funds-vehicles"], "table"
    drawn = re.findall(r'<figure[^>]*id="fig-funds-first-phase".*?</figure>', pages["chapters/funds"], re.DOTALL)
    assert changed.fund in drawn[0]
    told = spelled(int(changed.before["funds.phase_count"]["value"]) + 1).capitalize()
    assert f"{told} funds published a first phase" in pages["chapters/funds"].replace("&#x27;", "'")
    assert "20 to 95 percent" in pages["chapters/funds"], "the range follows"
    assert "funds[hb_embodied].announced_cny_bn" in pages["data/funds"].replace("<wbr>", ""), "ledger"
    local = int(changed.before["funds.local_count"]["value"]) + 1
    assert re.search(rf">{local}<", pages["chapters/overview"]), "the count on the overview"
    for download in ("data/funds.csv", "data/ledger.csv", "figures/funds-first-phase.csv"):
        assert "hb_embodied" in (site / download).read_text(encoding="utf-8"), download


def test_renaming_a_province_touches_one_cell(changed):
    old = changed.province
    assert old in changed.shown
    assert "Hokkien" in changed.outputs
    assert old not in changed.outputs
    assert not any(old in cell for row in changed.after.values() for cell in row.values())


def test_changing_an_amount_touches_one_cell(changed):
    expected = amount_of(changed.before["funds.bond_share"]) * float(changed.amount) / 1250
    assert amount_of(changed.after["funds.bond_share"]) == pytest.approx(expected, abs=0.1)


def test_changing_a_discount_rate_touches_one_cell_and_runs_the_model(changed):
    """The coupon of the treasury and the rate of public projects, each one cell; one run of the model for both."""
    stored = [{row["inputs_hash"] for row in rows} for rows in (changed.runs, changed.project.rows("model_runs"))]
    assert not stored[0] & stored[1]
    for case in ("bond", "public"):
        worth = f"model.regime_worth_{case}[private_fund]"
        assert amount_of(changed.after[worth]) > amount_of(changed.before[worth]), case
    assert "7.5" in changed.outputs


def test_adding_a_chapter_touches_its_notebook_its_modules_and_the_contents(changed):
    row = changed.after["progress.investing"]
    assert row["value"] == str(sum(fund["status"] == "investing" for fund in changed.project.rows("funds")))
    assert row["pages"] == "progress"
    assert "progress.statuses" in changed.outputs
