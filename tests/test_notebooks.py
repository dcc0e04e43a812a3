"""The stored form of notebooks: whatever an editor leaves, `make refresh` mends it, and the test says so in one line."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from patient_capital.build import build
from patient_capital.notebooks import normalised, problem_of, read_notebook, text_of

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
RAN = {"iopub.execute_input": "2025-03-06T09:00:00Z", "shell.execute_reply": "2025-03-06T09:00:01Z"}


def code_of(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def other_kernel(notebook):
    notebook["metadata"]["kernelspec"] = {"display_name": "Mine", "language": "python", "name": "my-kernel"}


def no_kernel(notebook):
    del notebook["metadata"]["kernelspec"]


def versions(notebook):
    notebook["metadata"]["language_info"] |= {"version": "3.12.4", "file_extension": ".py", "mimetype": "text/x-python"}


def widgets(notebook):
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}


def vscode(notebook):
    notebook["metadata"]["vscode"] = {"interpreter": {"hash": "0"}}
    code_of(notebook)[0]["metadata"]["vscode"] = {"languageId": "python"}


def colab(notebook):
    notebook["metadata"]["colab"] = {"provenance": [], "toc_visible": True}
    for cell in notebook["cells"]:
        cell["metadata"] |= {"id": cell["id"], "colab": {"base_uri": "https://localhost:8080/"}, "outputId": "0"}


def deepnote(notebook):
    notebook["metadata"] |= {"deepnote": {}, "deepnote_notebook_id": "0", "deepnote_execution_queue": []}
    for cell in notebook["cells"]:
        cell |= {"block_group": "0"}
        cell["metadata"] |= {"cell_id": "0", "deepnote_cell_type": cell["cell_type"], "source_hash": "0"}


def databricks(notebook):
    notebook["metadata"]["application/vnd.databricks.v1+notebook"] = {"dashboards": []}
    for cell in notebook["cells"]:
        cell["metadata"]["application/vnd.databricks.v1+cell"] = {"title": "", "showTitle": False}


def another_language(notebook):
    notebook["metadata"]["kernelspec"] = {"display_name": "R", "language": "R", "name": "ir"}
    notebook["metadata"]["language_info"] = {"name": "R", "pygments_lexer": "r"}


def editor_state(notebook):
    first, second = notebook["cells"][:2]
    first["metadata"] |= {"jp-MarkdownHeadingCollapsed": True, "editable": True, "slideshow": {"slide_type": "slide"}}
    second["metadata"] |= {"collapsed": True, "scrolled": False, "jupyter": {"outputs_hidden": True}}


def timings(notebook):
    for cell in code_of(notebook):
        cell["metadata"]["execution"] = RAN


def never_run(notebook):
    code_of(notebook)[0]["execution_count"] = None


def run_twice(notebook):
    for count, cell in enumerate(code_of(notebook), start=41):
        cell["execution_count"] = count
        for output in cell["outputs"]:
            if "execution_count" in output:
                output["execution_count"] = count


def empty_cells(notebook):
    for name in ("one", "two"):
        cell = {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": [], "source": []}
        notebook["cells"].append(cell)


def older_minor(notebook):
    notebook["nbformat_minor"] = 4


def oldest_minor(notebook):
    notebook["nbformat_minor"] = 2


def strings(notebook):
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])


def windows_lines(notebook):
    for cell in notebook["cells"]:
        cell["source"] = [line.replace("\n", "\r\n") for line in cell["source"]]


def stray_fields(notebook):
    notebook["cells"][0] |= {"outputs": [], "execution_count": None, "attachments": {}}


DAMAGES = {
    other_kernel: 'kernel "my-kernel"',
    no_kernel: "no kernel named",
    versions: "other metadata of the notebook",
    widgets: "other metadata of the notebook",
    vscode: "other metadata of the notebook, 1 cell with other metadata",
    colab: "cells with other metadata",
    deepnote: "cells with fields that are not of its kind",
    databricks: "other metadata of the notebook",
    another_language: 'kernel "ir"',
    editor_state: "2 cells with other metadata",
    timings: "cells with other metadata",
    never_run: "1 cell not run",
    run_twice: "run in another order",
    empty_cells: "an empty cell at the end",
    older_minor: "form 4.4",
    oldest_minor: "form 4.2",
    strings: "the order or layout of its lines",
    windows_lines: "with other line ends",
    stray_fields: "1 cell with fields that are not of its kind",
}


def notebook_of(*cells):
    """Return a notebook of cells that nbformat itself would refuse."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = list(cells)
    return notebook


every_damage = pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)


@pytest.fixture
def stored(tmp_path):
    """Return a function that stores a copy of a notebook, changed."""
    folder = tmp_path / "chapters"
    folder.mkdir()

    def store(damage=lambda notebook: None, source=ROOT / "chapters" / "funds.ipynb", **form):
        notebook = json.loads(source.read_text(encoding="utf-8"))
        damage(notebook)
        path = folder / source.name
        path.write_bytes((json.dumps(notebook, **(form or {"indent": 1, "ensure_ascii": False})) + "\n").encode())
        return path

    return store


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@every_damage
def test_what_an_editor_leaves_is_mended_to_the_same_bytes(stored, path, damage):
    changed = read_notebook(stored(damage, path))
    assert text_of(normalised(changed)).encode() == path.read_bytes()


@every_damage
def test_what_was_forgotten_is_one_line_that_says_what_differs_and_what_to_do(stored, damage):
    told = problem_of(stored(damage))
    assert "\n" not in told
    assert told.startswith("chapters/funds.ipynb is not as make refresh writes it (")
    assert DAMAGES[damage] in told
    assert told.endswith("): run make refresh")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_notebook_has_no_problem(path, stored):
    assert problem_of(path) == problem_of(stored(source=path)) == ""


@pytest.mark.parametrize("form", [{"indent": 4}, {"separators": (",", ":")}])
def test_layout_of_the_file_is_mended(stored, form):
    path = stored(**form)
    assert "layout of its lines" in problem_of(path)
    assert text_of(normalised(read_notebook(path))).encode() == (ROOT / "chapters" / "funds.ipynb").read_bytes()


@pytest.mark.parametrize("change", [lambda raw: raw.replace(b"\n", b"\r\n"), lambda raw: b"\xef\xbb\xbf" + raw])
def test_line_ends_and_marks_of_the_file_are_mended(stored, change):
    path = stored()
    path.write_bytes(change(path.read_bytes()))
    assert "layout of its lines" in problem_of(path)
    assert text_of(normalised(read_notebook(path))).encode() == (ROOT / "chapters" / "funds.ipynb").read_bytes()


@pytest.mark.parametrize("minor", [2, 3, 4, 5])
def test_missing_ids_are_made_up_the_same_each_time_and_stay(stored, minor):
    def drop_ids(notebook):
        notebook["nbformat_minor"] = minor
        for cell in notebook["cells"]:
            del cell["id"]

    path = stored(drop_ids)
    assert "cells with a missing or copied id" in problem_of(path)
    once, again = (normalised(read_notebook(path)) for _ in range(2))
    assert once == again
    ids = [cell.id for cell in once.cells]
    assert len(set(ids)) == len(ids)
    path.write_text(text_of(once), encoding="utf-8", newline="")
    assert problem_of(path) == ""
    nbformat.validate(once)


@pytest.mark.parametrize("bad", [None, "", "with a space", "x" * 65, 7, "first"])
def test_bad_and_copied_ids_are_replaced_and_the_good_ones_kept(bad):
    cells = [nbformat.v4.new_markdown_cell("Text") for _ in range(3)]
    cells[0]["id"] = "first"
    cells[1]["id"] = cells[2]["id"] = bad
    ids = [cell.id for cell in normalised(notebook_of(*cells)).cells]
    assert ids[0] == "first"
    assert len(set(ids)) == 3
    assert ids[2] == f"{ids[1]}-2", "same text, next number"


def test_notebook_without_metadata_is_one_that_was_not_refreshed(stored):
    path = stored(lambda notebook: notebook.pop("metadata"))
    assert "no kernel named" in problem_of(path)
    assert problem_of(path).endswith(": run make refresh")


@pytest.mark.parametrize("keep", ["first", "second"])
def test_a_cell_that_was_split_keeps_its_id_and_the_other_half_gets_one(stored, keep):
    def split(notebook):
        cells = notebook["cells"]
        place = next(place for place, cell in enumerate(cells) if len(cell["source"]) > 2 and "outputs" in cell)
        half = cells[place] | {"source": cells[place]["source"][1:], "outputs": []}
        cells[place] = cells[place] | {"source": cells[place]["source"][:1]}
        if keep == "second":
            cells[place] |= {"id": None}
        cells.insert(place + 1, half)

    before = [cell.id for cell in read_notebook(stored()).cells]
    mended = normalised(read_notebook(stored(split)))
    ids = [cell.id for cell in mended.cells]
    assert len(set(ids)) == len(ids) == len(before) + 1
    assert [one for one in ids if one in before] == before


def test_a_cell_that_was_moved_keeps_its_id_and_counts_anew(stored):
    def move(notebook):
        notebook["cells"].insert(0, notebook["cells"].pop())

    path = stored(move)
    before = [cell.id for cell in read_notebook(path).cells]
    mended = normalised(read_notebook(path))
    assert [cell.id for cell in mended.cells] == before
    assert [cell["execution_count"] for cell in code_of(mended)] == list(range(1, len(code_of(mended)) + 1))


def test_id_does_not_depend_on_the_cells_around():
    def ids(*sources):
        cells = [nbformat.from_dict(nbformat.v4.new_code_cell(source) | {"id": ""}) for source in sources]
        return [cell.id for cell in normalised(notebook_of(*cells)).cells]

    assert ids("a", "b")[1] == ids("b")[0]


def test_tags_pictures_and_empty_cells_within_are_kept():
    cells = [
        nbformat.v4.new_markdown_cell("![p](attachment:p.png)", attachments={"p.png": {"image/png": "AAAA"}}),
        nbformat.v4.new_code_cell("", id="within"),
        nbformat.v4.new_code_cell("1", metadata={"tags": ["hide-input"], "scrolled": True}),
    ]
    clean = normalised(notebook_of(*cells))
    assert clean.cells[0].attachments == {"p.png": {"image/png": "AAAA"}}
    assert clean.cells[1].id == "within"
    assert clean.cells[2].metadata == {"tags": ["hide-input"]}


def test_notebook_given_is_left_alone():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", metadata={"scrolled": True})])
    before = json.dumps(notebook)
    normalised(notebook).cells[0].metadata["tags"] = ["new"]
    assert json.dumps(notebook) == before


def with_cell(cell):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def test_letters_of_another_encoding_are_named_and_not_replaced(stored):
    path = stored()
    path.write_bytes(b'{"nbformat": 4,\n"cells": [{"cell_type": "raw", "source": "caf\xe9"}]}')
    before = path.read_bytes()
    assert problem_of(path) == "chapters/funds.ipynb, line 2 is not UTF-8: save it as UTF-8"
    from patient_capital.refresh import refresh

    with pytest.raises(ValueError, match="line 2 is not UTF-8"):
        refresh(path.parent)
    assert path.read_bytes() == before


CONFLICT = '{\n "cells": [\n<<<<<<< HEAD\n  {}\n=======\n  {}\n>>>>>>> theirs\n ]\n}\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (CONFLICT, "holds the marks of a merge conflict"),
        (CONFLICT.replace("<<<<<<< HEAD", "||||||| base"), "holds the marks of a merge conflict"),
        ('{"cells": [', "line 1"),
        ("", "line 1"),
        ("[]", "form 4"),
        ('{"nbformat": 3, "worksheets": []}', "form 4"),
        ('{"a":' + "[" * 100_000, "maximum recursion depth exceeded"),
        (with_cell("a"), "(cell 1 is no cell)"),
        (with_cell({"source": ""}), "(cell 1 lacks cell_type)"),
        (with_cell({"cell_type": "raw"}), "(cell 1 lacks source)"),
        (with_cell({"cell_type": "heading", "source": ""}), "(cell 1 is of type 'heading', which is none of markdown"),
        (with_cell({"cell_type": "raw", "source": None}), "(cell 1 has a wrong kind of source)"),
        (with_cell({"cell_type": "raw", "source": ["a", 1]}), "(cell 1 has a wrong kind of source)"),
        (with_cell({"cell_type": "raw", "source": "\ud800"}), "surrogates not allowed"),
        (with_cell({"cell_type": "raw", "source": "", "metadata": None}), "(cell 1 has a wrong kind of metadata)"),
        (with_cell({"cell_type": "raw", "source": "", "metadata": {"tags": "x"}}), "(cell 1 has tags that are no list"),
        (with_cell({"cell_type": "raw", "source": "", "metadata": {"tags": [5]}}), "(cell 1 has tags that are no list"),
        (with_cell({"cell_type": "code", "source": "", "outputs": None}), "(cell 1 has a wrong kind of outputs)"),
        (with_cell({"cell_type": "code", "source": "", "outputs": [1]}), "(an output of cell 1 is no output)"),
        (
            with_cell({"cell_type": "code", "source": "", "outputs": [{"output_type": "display_data", "data": None}]}),
            "(an output of cell 1 has a wrong kind of data)",
        ),
        (with_cell({"cell_type": "code", "source": "", "outputs": [{}]}), "(an output of cell 1 lacks output_type)"),
        ('{"nbformat": 4, "cells": [], "metadata": []}', "(its notebook has a wrong kind of metadata)"),
        (
            '{"nbformat": 4, "cells": [], "metadata": {"kernelspec": "x"}}',
            "(its metadata has a wrong kind of kernelspec)",
        ),
    ],
)
def test_file_that_is_no_notebook_is_named_in_one_line_by_test_refresh_and_book(stored, monkeypatch, text, told):
    path = stored()
    path.write_text(text, encoding="utf-8")
    line = problem_of(path)
    assert line.startswith("chapters/funds.ipynb ")
    assert told in line
    assert "\n" not in line
    from patient_capital.refresh import refresh

    for command in (lambda: refresh(path.parent), lambda: build(path.parents[1])):
        with pytest.raises(ValueError, match="funds") as error:
            command()
        assert str(error.value) == line
