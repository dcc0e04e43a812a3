"""What each kind of change makes a build do, on a book of two notebooks: the page shows it, and no other notebook runs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from helpers.small_book import CODE, CONTENTS, MONEY, new_book, write_notebook
from patient_capital.build import alone

from .conftest import restamp, run_in


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def page(project, name):
    return (project / "_build" / "html" / "chapters" / f"{name}.html").read_text(encoding="utf-8")


def runs(project):
    """Return how often each notebook has run until now."""
    return [(project / "_build" / f"{name}.runs").stat().st_size for name in ("one", "two")]


def read_by_sphinx(project):
    log = (project / "_build" / "build.log").read_text(encoding="utf-8")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log)
    return set(re.findall(r"reading sources\.\.\. \[ *\d+%\] (?:chapters/)?(\w+)", plain))


@pytest.fixture
def small(root, tmp_path):
    return new_book(root, tmp_path / "small")


@pytest.fixture
def make(run):
    """Return a function that builds a book and expects it to go well."""

    def book(project):
        outcome = run(project, "book")
        assert outcome.returncode == 0, outcome.stderr
        return outcome.stdout

    return book


@pytest.mark.long
def test_text_code_and_data_reach_the_page_and_run_what_they_must(small, make):
    make(small)
    assert runs(small) == [1, 1]
    assert "one: 161.8" in page(small, "one")

    other = page(small, "two")
    write_notebook(small, "one", CODE.format(name="one"), text="Words, with a comma.")
    make(small)
    assert "Words, with a comma." in page(small, "one")
    assert "one: 161.8" in page(small, "one")
    assert page(small, "two") == other
    assert runs(small) == [1, 1], "a comma executes nothing"
    assert read_by_sphinx(small) == {"one"}
    assert "targets for 1 source files" in (small / "_build" / "build.log").read_text(encoding="utf-8")
    assert not (small / "_build" / "html" / ".buildinfo").exists(), "it names folders of the machine"

    write_notebook(small, "one", CODE.format(name="one") + "\nprint('more')", text="Words, with a comma.")
    make(small)
    assert "more" in page(small, "one")
    assert runs(small) == [2, 1], "code of one notebook"

    replace(small / "data" / "funds.csv", "29.646", "29.946")
    replace(small / "data" / "fund_partners.csv", "9.646", "9.946")
    replace(small / "data" / "fund_partners.csv", "67.4627", "66.7869")
    restamp(small)
    make(small)
    for name in ("one", "two"):
        assert f"{name}: 162.1" in page(small, name), "what a kernel computed"
        assert ">162.1bn yuan<" in page(small, name), "what Sphinx printed"
        stale = page(small, name).replace("161.8bn yuan in edition 0.2.0", "")  # the card tells what was before
        assert "161.8" not in stale
    assert runs(small) == [3, 2], "data"
    assert make(small).startswith("Up to date")


@pytest.mark.long
def test_package_lock_configuration_and_contents_reach_the_page_and_run_what_they_must(small, make):
    make(small)
    replace(small / "src" / "patient_capital" / "formatting.py", "bn yuan", "bn renminbi")
    make(small)
    assert ">161.8bn renminbi<" in page(small, "one")
    assert runs(small) == [2, 2], "package"

    lock = small / "requirements.lock"
    lock.write_text(lock.read_text(encoding="utf-8") + "# another\n", encoding="utf-8")
    make(small)
    assert runs(small) == [3, 3], "lock"

    replace(small / "_config.yml", "author: The", "author: Now the")
    make(small)
    for name in ("one", "two", "glossary"):
        assert "Now the Patient Capital authors" in page(small, name)
    assert runs(small) == [3, 3], "configuration"

    replace(small / "_toc.yml", "  - file: chapters/two\n", "")
    make(small)
    assert not (small / "_build" / "html" / "chapters" / "two.html").exists()
    assert 'href="two.html"' not in page(small, "one")
    assert runs(small) == [3, 3], "contents"
    replace(small / "_toc.yml", "chapters/one\n", "chapters/one\n  - file: chapters/two\n")
    make(small)
    assert "two: 161.8" in page(small, "two")
    assert 'href="two.html"' in page(small, "one")
    assert runs(small) == [3, 3], "a page that comes back"


def files_of(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def linked(root, tmp_path_factory):
    """Return a built book of two notebooks that name each other, and the text of the first: changes follow each other."""
    project = new_book(root, tmp_path_factory.mktemp("linked") / "small")
    write_notebook(project, "two", CODE.format(name="two"), text="See [](one.ipynb) and [it](#from-others).")
    glossary = project / "chapters" / "glossary.md"
    glossary.write_text(glossary.read_text(encoding="utf-8") + "\n(from-others)=\n\n## From others\n", encoding="utf-8")
    works = project / "chapters" / "bibliography.md"
    works.write_text("# Literature\n\n```{bibliography}\n:all:\n```\n", encoding="utf-8")
    (project / "_toc.yml").write_text(f"{CONTENTS}  - file: chapters/bibliography\n", encoding="utf-8")
    outcome = run_in(project, "book")
    assert outcome.returncode == 0, outcome.stderr
    return project, (project / "chapters" / "one.ipynb").read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("Words.", "Words, more."),
        lambda text: text.replace("# one", "# Another title"),
        lambda text: text.replace("Words.", "## A new section\\n\\nWords."),
        lambda text: text.replace("Words.", "[4](#funds.months) and [?](#cite.reed2001) of [a term](#term.umbrella)."),
        lambda text: text.replace(f" {MONEY}", ""),
    ],
    ids=["words", "title", "section", "links", "no number"],
)
def test_site_of_changed_texts_is_that_of_a_build_from_nothing(linked, make, change):
    small, before = linked
    one = small / "chapters" / "one.ipynb"
    assert change(before) != before
    one.write_text(change(before), encoding="utf-8")
    # By content, not by time.
    os.utime(one, (1e9, 1e9))
    make(small)
    assert read_by_sphinx(small) == {"one"}
    kept = files_of(small / "_build" / "html")
    (small / "_build" / ".inputs").unlink()
    make(small)
    assert len(read_by_sphinx(small)) == 5
    whole = files_of(small / "_build" / "html")
    assert set(kept) == set(whole)
    assert [name for name in whole if kept[name] != whole[name]] == []
    assert runs(small) == [1, 1]


@pytest.mark.long
def test_page_with_an_error_is_told_at_every_build_until_it_is_mended(small, make, run):
    make(small)
    site = files_of(small / "_build" / "html")
    write_notebook(small, "one", CODE.format(name="one"), text="[x](#funds.unheard_of)")
    for text in ("Words.", "Other words."):
        write_notebook(small, "two", CODE.format(name="two"), text=text)
        outcome = run(small, "book")
        assert outcome.returncode == 1
        assert "unheard_of" in outcome.stderr
        assert files_of(small / "_build" / "html") == site, "the old site stands"
    write_notebook(small, "one", CODE.format(name="one"))
    make(small)
    assert "Other words." in page(small, "two")
    assert read_by_sphinx(small) == {"one", "two"}, "what was read for the site that stands still counts"
    assert runs(small) == [1, 1]


def test_failing_cell_is_named_and_the_old_site_stands(small, run):
    old = small / "_build" / "html" / "chapters"
    old.mkdir(parents=True)
    (old / "one.html").write_text("the old site", encoding="utf-8")
    write_notebook(small, "one", "1 / 0")
    outcome = run(small, "book")
    assert outcome.returncode == 1
    assert "one.ipynb, cell 'c': ZeroDivisionError: division by zero" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "ZeroDivisionError" in (small / "_build" / "build.log").read_text(encoding="utf-8")
    assert page(small, "one") == "the old site"


def test_stored_runs_of_other_inputs_stop_the_build(small, run):
    path = small / "data" / "parameters.csv"
    text = path.read_text(encoding="utf-8")
    value = re.search(r"^vr_mid_mean,.*$", text, flags=re.MULTILINE)[0]
    path.write_text(text.replace(value, value.replace(",2.2,", ",2.3,", 1)), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    outcome = run(small, "book")
    assert outcome.returncode == 1
    assert (
        "data/model_runs.csv holds runs of other inputs or another version of the model: run make model"
        in outcome.stderr
    )
    assert not (small / "_build" / "html").exists()


@pytest.mark.long
def test_killed_build_leaves_nothing_half_and_what_had_run(small, make):
    write_notebook(small, "two", CODE.format(name="two") + "\nimport time\ntime.sleep(600)")
    environment = os.environ | {"PYTHONPATH": str(small / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen([sys.executable, "-m", "patient_capital.cli", "book"], cwd=small, env=environment) as build:
        executed = small / "_build" / "executed"
        limit = time.monotonic() + 120
        while not list(executed.glob("*.json")):
            assert time.monotonic() < limit
            time.sleep(0.1)
        build.send_signal(signal.SIGKILL)
    (entry,) = executed.glob("*.json")
    assert json.loads(entry.read_text(encoding="utf-8").partition("\n")[2])
    assert not (small / "_build" / "html").exists()
    write_notebook(small, "two", CODE.format(name="two"))
    make(small)
    assert "two: 161.8" in page(small, "two")
    assert runs(small) == [1, 2], "the first had run, the second had begun"
    assert [path.name for path in executed.iterdir() if not path.name.endswith((".json", ".lock"))] == []


@pytest.mark.long
def test_damaged_execution_and_touched_page_are_made_anew(small, make):
    make(small)
    for entry in (small / "_build" / "executed").glob("*.json"):
        if "one: 161.8" in entry.read_text(encoding="utf-8"):
            replace(entry, "one: 161.8", "one: 999.9")
    touched = small / "_build" / "html" / "chapters" / "two.html"
    touched.write_text(page(small, "two").replace("161.8", "888.8"), encoding="utf-8")
    make(small)
    assert "one: 161.8" in page(small, "one")
    assert "888.8" not in page(small, "two")
    assert runs(small) == [2, 1]


@pytest.mark.long
def test_notebook_that_is_saved_during_a_build_is_not_shown_with_old_outputs(small, make, run):
    """The second notebook takes its time; meanwhile the first is saved with other code, as an editor may."""
    slow = CODE.format(name="two") + (
        "\nimport pathlib, time\n"
        "while not pathlib.Path('../_build/one.runs').exists(): time.sleep(0.1)\n"
        "waiting = pathlib.Path('saved.json')\n"
        "if waiting.exists(): waiting.rename('one.ipynb')"
    )
    write_notebook(small, "two", slow)
    write_notebook(small, "saved", CODE.format(name="one") + "\nprint('saved')")
    (small / "chapters" / "saved.ipynb").rename(small / "chapters" / "saved.json")
    outcome = run(small, "book")
    assert outcome.returncode == 1
    assert "one.ipynb was saved while the site was built: run make book again" in outcome.stderr
    make(small)
    assert "saved" in page(small, "one")


@pytest.mark.long
def test_refresh_and_book_share_executions(small, make, run):
    make(small)
    outcome = run(small, "refresh")
    assert outcome.returncode == 0, outcome.stderr
    assert runs(small) == [1, 1]
    stored = (small / "chapters" / "one.ipynb").read_text(encoding="utf-8")
    assert "one: 161.8" in stored
    assert "[161.8bn yuan](#funds.registered_once)" in stored
    make(small)
    assert runs(small) == [1, 1]


WAITING = "waiting for another run in this folder to end"


@pytest.mark.long
def test_two_builds_at_once_give_one_site(small):
    environment = os.environ | {"PYTHONPATH": str(small / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "patient_capital.cli", "book"]
    logs = [small / "first.log", small / "second.log"]
    with ExitStack() as stack:
        with alone(small / "_build" / ".lock"):  # so that neither is done before the other begins
            both = []
            for log in logs:
                out = stack.enter_context(log.open("w", encoding="utf-8"))
                both.append(subprocess.Popen(command, cwd=small, env=environment, stdout=out, stderr=subprocess.STDOUT))
                stack.enter_context(both[-1])
                stack.callback(both[-1].kill)
            limit = time.monotonic() + 120
            while not all(WAITING in log.read_text(encoding="utf-8") for log in logs):
                assert time.monotonic() < limit
                time.sleep(0.1)
        codes = [process.wait(900) for process in both]
    told = [log.read_text(encoding="utf-8") for log in logs]
    assert codes == [0, 0], told
    assert sum("Up to date" in one for one in told) == 1
    assert runs(small) == [1, 1]


@pytest.mark.long
def test_nothing_reads_the_ledgers(small, make):
    make(small)
    before = files_of(small / "_build" / "html")
    for name in ("ledger.csv", "ledger_inputs.csv", "ledger_shown.csv"):
        (small / "data" / name).unlink()
    (small / "_build" / ".inputs").unlink()
    make(small)
    assert files_of(small / "_build" / "html") == before
    assert runs(small) == [1, 1]
