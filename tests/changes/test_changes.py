"""What a change touches: one edit by hand on a copy of the project, then its commands, and no test has to follow."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
import yaml

from patient_capital.notebooks import METADATA

pytestmark = pytest.mark.long

LEFT_OUT = (".git", ".venv", "_build", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")
FAST = (
    *("analysis", "data", "explorers", "figures", "provenance", "tables"),
    *("book/test_pages.py", "book/test_bibliography.py"),
    *(
        "test_cells.py",
        "test_formatting.py",
        "test_jupyter.py",
        "test_model_runs.py",
        "test_money.py",
        "test_passed.py",
    ),
)
"""Tests that read the data and the pages and neither build the book nor copy it."""


class Project:
    """A copy of the project that a hand edits."""

    def __init__(self, root, folder):
        self.folder = shutil.copytree(root, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))

    def rows(self, table):
        with (self.folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, table, rows):
        with (self.folder / "data" / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def set_cell(self, table, key, column, value):
        """Change one cell and return what stood there."""
        rows = self.rows(table)
        [row] = [row for row in rows if next(iter(row.values())) == key]
        old, row[column] = row[column], value
        assert old != value
        self.write(table, rows)
        return old

    def run(self, *command):
        """Run a module in the copy, whose own package goes before the installed one."""
        environment = os.environ | {"PYTHONPATH": str(self.folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env=environment,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]

    def refresh_and_test(self):
        self.run("patient_capital.cli", "refresh")
        workers = ("-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider")
        self.run("pytest", "-q", *workers, "-m", "not browser and not long", *(f"tests/{name}" for name in FAST))

    def ledger(self):
        return {row["ref"]: row for row in self.rows("ledger")}

    def outputs(self):
        """Return all that the notebooks show below their cells."""
        shown = []
        for path in sorted((self.folder / "chapters").glob("*.ipynb")):
            for cell in nbformat.read(path, as_version=4).cells:
                shown += [str(output) for output in cell.get("outputs", ())]
        return "\n".join(shown)


def amount_of(row):
    """Return the number that a row of the ledger prints before its unit."""
    return float(row["value"].split()[0])


@pytest.fixture
def project(root, tmp_path):
    return Project(root, tmp_path / "copy")


def test_adding_a_fund_touches_one_row(project):
    before, funds = project.ledger(), project.rows("funds")
    like = next(row for row in funds if row["fund_id"] == "hb_data")
    row = dict.fromkeys(like, "") | {
        **{name: like[name] for name in ("sponsor", "level", "region", "city", "kind", "theme", "umbrella", "status")},
        "fund_id": "hb_embodied",
        "name": "Hubei embodied AI fund",
        "name_short": "Hubei embodied AI",
        "announced_on": "2025-10-15",
        "as_of": "2025-10-15",
        "announced_cny_bn": "12",
        "first_close_cny_bn": "3.3",
        "sectors": "AI;robots",
        "source_keys": like["source_keys"],
    }
    project.write("funds", [*funds, row])
    project.refresh_and_test()
    after = project.ledger()
    for count in ("funds.phase_all", "funds.phase_count", "funds.local_count"):
        assert int(after[count]["value"]) == int(before[count]["value"]) + 1, count
    for same in ("funds.local_silent", "funds.registered_once", "funds.regional_count"):
        assert after[same] == before[same]
    assert row["name_short"] in project.outputs()


def test_renaming_a_province_touches_one_cell(project):
    old = project.set_cell("province_codes", "CN-FJ", "name_en", "Hokkien")
    assert old in project.outputs()
    project.refresh_and_test()
    assert "Hokkien" in project.outputs()
    assert old not in project.outputs()
    assert not any(old in cell for row in project.rows("ledger") for cell in row.values())


def test_changing_an_amount_touches_one_cell(project):
    before = project.ledger()["funds.bond_share"]
    amount = project.set_cell("comparators", "ulsb_2025", "amount", "1250")
    project.refresh_and_test()
    after = project.ledger()["funds.bond_share"]
    expected = amount_of(before) * float(amount) / 1250
    assert amount_of(after) == pytest.approx(expected, abs=0.1)


def test_changing_the_discount_rate_of_projects_touches_one_cell(project):
    before, runs = project.ledger(), project.rows("model_runs")
    project.set_cell("parameters", "fm_public_rate", "value", "0.075")
    project.refresh_and_test()
    after = project.ledger()
    assert amount_of(after["model.worth_public"]) > amount_of(before["model.worth_public"])
    assert "7.5" in project.outputs()
    assert project.rows("model_runs") == runs, "the stored runs discount by the coupon of the treasury"


def test_changing_the_discount_rate_of_the_runs_touches_one_cell_and_runs_the_model(project):
    before, runs = project.ledger(), project.rows("model_runs")
    project.set_cell("parameters", "fm_bond_coupon", "value", "0.0188")
    project.run("patient_capital.cli", "model")
    project.refresh_and_test()
    after = project.ledger()
    assert not {row["inputs_hash"] for row in project.rows("model_runs")} & {row["inputs_hash"] for row in runs}
    worth = "model.regime_worth_bond[private_fund]"
    assert amount_of(after[worth]) > amount_of(before[worth])


ANALYSIS = '''"""How far the vehicles of the register are."""

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
FIGURE = '''"""The figure of the status of vehicles."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas

from patient_capital.analysis import progress
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart


def _tell_statuses(printed: Printer, counts: pd.DataFrame) -> Story:
    return Story(
        title=f"Of all vehicles in the register {printed('progress.investing')} invest",
        subtitle="Vehicles in the register of funds by how far they are.",
        alt=f"Bars by status of the vehicles in the register, the longest at the top. Investing: {printed('progress.investing')}.",
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


def test_adding_a_chapter_touches_its_notebook_its_modules_and_the_contents(project):
    package = project.folder / "src" / "patient_capital"
    (package / "analysis" / "progress.py").write_text(ANALYSIS, encoding="utf-8")
    (package / "figures" / "progress.py").write_text(FIGURE, encoding="utf-8")
    words = "# How far the vehicles are\n\nOf the vehicles in the register [?](#progress.investing) invest."
    cells = [nbformat.v4.new_markdown_cell(words, id="words"), nbformat.v4.new_code_cell(CODE, id="statuses")]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    (project.folder / "chapters" / "progress.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    contents = project.folder / "_toc.yml"
    line = "      - file: chapters/regions\n"
    text = contents.read_text(encoding="utf-8")
    assert line in text
    contents.write_text(text.replace(line, f"      - file: chapters/progress\n{line}"), encoding="utf-8")
    assert yaml.safe_load(contents.read_text(encoding="utf-8"))

    project.refresh_and_test()
    row = project.ledger()["progress.investing"]
    assert row["value"] == str(sum(fund["status"] == "investing" for fund in project.rows("funds")))
    assert row["pages"] == "progress"
    assert "progress.statuses" in project.outputs()
