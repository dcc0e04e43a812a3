"""What a reader takes away: bundles of figures, the data set, pages to embed, JSON-LD, and the page on using the data."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from importlib.util import find_spec

import pandas as pd
import pytest

from helpers.gates import problems_of_figures, problems_of_linked_data
from patient_capital.figures import load_figures
from patient_capital.sphinxext.bundles import (
    PLACE,
    archive,
    code_of_figure,
    dataset,
    embed_page,
    metadata,
    oembed,
    rows_behind,
    use_drawing,
)  # fmt: skip
from patient_capital.sphinxext.entries import as_json
from patient_capital.sphinxext.linked_data import report, script, tables
from patient_capital.sphinxext.site import Edition, Site
from patient_capital.tables import DATA_FOLDER

EDITION = Edition("Short", "Short: and long", "The authors", "0.2.0", "2026-11-26")
PLACED = Site(address="https://example.org/report/")
NAME = "funds.guidance"


def read(data):
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Unpack the data set as a reader does."""
    folder = tmp_path_factory.mktemp("data set")
    with zipfile.ZipFile(io.BytesIO(dataset(DATA_FOLDER, {"LICENSE-data": "CC BY"}, EDITION, ""))) as bundle:
        bundle.extractall(folder)
    return folder


def test_archive_has_the_same_bytes_whatever_the_order_and_the_hour():
    one = archive({"b.txt": "two", "a.txt": b"one"})
    assert one == archive({"a.txt": "one", "b.txt": "two"})
    assert list(read(one)) == ["a.txt", "b.txt"]
    with zipfile.ZipFile(io.BytesIO(one)) as bundle:
        assert {entry.date_time[0] for entry in bundle.infolist()} == {1980}


def test_data_set_holds_every_table_and_says_what_it_is(unpacked):
    held = {path.name for path in (unpacked / "data").iterdir()}
    assert held == {path.name for path in DATA_FOLDER.iterdir()}
    told = (unpacked / "README.txt").read_text(encoding="utf-8")
    assert "The authors (2026): Short: and long. Edition 0.2.0 of 26 November 2026." in told
    assert dataset(DATA_FOLDER, {}, EDITION, "") == dataset(DATA_FOLDER, {}, EDITION, "")


def test_data_set_has_each_table_as_json_beside_its_csv(book, tmp_path):
    table = book.table("funds")
    (tmp_path / "funds.csv").write_bytes((DATA_FOLDER / "funds.csv").read_bytes())
    (tmp_path / "funds.json").write_text(as_json(table), encoding="utf-8")
    (tmp_path / "funds.html").write_text("a page", encoding="utf-8")
    held = read(dataset(tmp_path, {}, EDITION, ""))
    assert set(held) == {"README.txt", "data/funds.csv", "data/funds.json"}
    assert "JSON" in held["README.txt"].decode()
    rows = json.loads(held["data/funds.json"])
    assert [row["fund_id"] for row in rows] == list(table.text)
    assert rows[0].keys() == {field.name for field in table.schema.fields}


def test_bundle_of_a_figure_says_what_it_shows_and_rests_on(book):
    chart = load_figures()[NAME]
    figure = chart.of(book)
    told = metadata(figure, chart.measure, EDITION, "chapters/funds.html#fig-funds-guidance", "")
    assert told["title"] == figure.title
    assert told["columns"] == list(figure.plotted.columns)
    assert {source["key"] for source in told["sources"]} == {source.key for source in figure.sources}
    assert any(source.get("url", "").startswith("http") for source in told["sources"])
    assert told["computed_by"] == ["patient_capital.analysis.funds.guidance.guidance_stock"]
    assert (told["edition"], told["day"]) == ("0.2.0", "2026-11-26")
    assert "url" not in told
    assert json.loads(json.dumps(told)) == told
    code = code_of_figure(chart)
    assert "def guidance(" in code["code/patient_capital/figures/funds.py"]
    assert "def guidance_stock(" in code["code/patient_capital/analysis/funds/guidance.py"]


def test_rows_behind_a_figure_are_those_of_the_table(book):
    rows = rows_behind(book, load_figures()["funds.state_money"].rows(book))
    funds = pd.read_csv(io.StringIO(rows["rows/funds.csv"]), dtype=str, keep_default_na=False).set_index("fund_id")
    assert "cn_nvcgf" in funds.index
    assert len(funds) < len(book.table("funds").text)
    for key, row in funds.iterrows():
        assert row.to_dict() == {
            name: cell for name, cell in book.table("funds").text[key].items() if name != "fund_id"
        }


def test_drawings_of_kernels_are_used_and_not_drawn_again(book):
    figure = load_figures()["funds.state_money"].of(book)
    html, png = figure.html(), figure.png
    drawn = ("wide", "narrow", "png")
    for name in drawn:
        figure.__dict__.pop(name)
    use_drawing(figure, html.replace('<svg viewBox="', '<svg data-mark="1" viewBox="'), png)
    assert all(drawing.startswith('<svg data-mark="1"') for drawing in (figure.wide, figure.narrow))
    assert figure.png is png
    for name in drawn:
        figure.__dict__.pop(name)
    use_drawing(figure, "", b"")
    assert not any(name in figure.__dict__ for name in drawn)


def test_page_to_embed_follows_the_theme_and_tells_its_height(book):
    figure = load_figures()[NAME].of(book)
    html = figure.html()
    alone = embed_page(figure, html, EDITION, Site(), "chapters/funds")
    assert "prefers-color-scheme" in alone
    assert "postMessage" in alone
    assert 'href="../chapters/funds.html#fig-funds-guidance"' in alone
    assert "embed/funds-guidance" not in alone
    assert PLACE in alone
    assert "://" not in re.sub(r'<figure.*</figure>|xmlns="[^"]+"', "", alone, flags=re.DOTALL)
    assert '<details class="pc-embed__code" hidden>' in alone
    placed = embed_page(figure, html, EDITION, PLACED, "chapters/funds")
    assert "src=&quot;https://example.org/report/embed/funds-guidance.html&quot;" in placed
    assert '<link rel="canonical" href="https://example.org/report/chapters/funds.html">' in placed
    assert '<details class="pc-embed__code">' in placed
    assert 'type="application/json+oembed" href="https://example.org/report/embed/funds-guidance.json"' in placed
    answer = oembed(figure, EDITION, PLACED)
    assert (answer["version"], answer["type"], answer["title"]) == ("1.0", "rich", figure.title)
    assert 'src="https://example.org/report/embed/funds-guidance.html"' in answer["html"]


def test_gate_names_a_figure_that_cannot_be_taken_away(book, tmp_path):
    figure = load_figures()[NAME].of(book)
    page = tmp_path / "chapters"
    for folder in ("chapters", "figures", "embed"):
        (tmp_path / folder).mkdir()
    for suffix in (".svg", ".png", ".csv", ".zip"):
        (tmp_path / "figures" / f"{figure.slug}{suffix}").write_text("x")
    (tmp_path / "embed" / f"{figure.slug}.html").write_text("x")
    html = figure.html()
    assert problems_of_figures(html, page) == []
    assert problems_of_figures(html.replace(".svg", ".svgz"), page) == [
        f"{figure.slug}: no link to ../figures/{figure.slug}.svg"
    ]
    (tmp_path / "figures" / f"{figure.slug}.zip").unlink()
    assert problems_of_figures(html, page) == [f"{figure.slug}: ../figures/{figure.slug}.zip is missing"]


def test_every_table_is_a_data_set_with_a_download(book):
    told = tables(book, EDITION, Site(), "chapters/data.html")
    assert [[file["contentUrl"] for file in one["distribution"]] for one in told] == [
        [f"../data/{t.path}", f"../data/{t.name}.json"] for t in book.package.tables.values()
    ]
    assert problems_of_linked_data(script(told), "Dataset") == []
    assert (
        problems_of_linked_data(script(tables(book, EDITION, PLACED, "chapters/data.html")), "Dataset", PLACED.address)
        == []
    )
    whole = report(EDITION, Site(publisher="Somebody"), "What it says.", "index.html")
    assert whole["publisher"]["name"] == "Somebody"
    assert problems_of_linked_data(script(whole), "Report") == []
    assert "publisher" not in report(EDITION, Site(), "x", "index.html")
    assert "</script>" not in script({"a": "</script>"})[:-9]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one.update(description="Short."), "a description of less than 50 letters"),
        (lambda one: one.pop("license"), "no license"),
        (lambda one: one.update({"@type": "Thing"}), "not of kind Dataset"),
        (lambda one: one.update(distribution=[]), "a download at ''"),
        (lambda one: one["distribution"][0].update(contentUrl="https://a.org/x.csv"), "a download at 'https"),
    ],
)
def test_gate_names_bad_linked_data(book, change, told):
    data = tables(book, EDITION, Site(), "chapters/data.html")
    change(data[0])
    assert told in "; ".join(problems_of_linked_data(script(data), "Dataset"))


def test_gate_names_missing_and_broken_linked_data():
    assert problems_of_linked_data("", "Dataset") == ["0 blocks of JSON-LD"]
    assert "no JSON" in problems_of_linked_data('<script type="application/ld+json">{</script>', "Dataset")[0]


def snippets(root, language):
    page = (root / "chapters" / "use_data.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)


def runnable(code):
    """Say whether what a snippet imports is installed: DuckDB is no part of the book's environment."""
    return all(find_spec(name) for name in re.findall(r"^import (\w+)", code, re.MULTILINE))


def test_snippets_run_as_they_stand_where_their_tool_is_installed(root, unpacked, monkeypatch, capsys):
    monkeypatch.chdir(unpacked)
    found = snippets(root, "python")
    assert len(found) == 3
    ran = [code for code in found if runnable(code)]
    assert len(ran) >= 2
    for code in ran:
        exec(code, {})  # noqa: S102  # the page's own snippets are what is tested
        shown = capsys.readouterr().out
        assert re.search(r"\d", shown), code
        assert "nan" not in shown.lower().split(), code
    if shutil.which("Rscript"):
        [code] = snippets(root, "r")
        outcome = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False)
        assert outcome.returncode == 0, outcome.stderr
        assert "national" in outcome.stdout
