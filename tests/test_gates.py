"""Each gate is fed something bad and refuses it; what a gate of the book itself refuses stands with its tests."""

from __future__ import annotations

import importlib.util
import json
import marshal
import os
import re
import subprocess
import sys
from zipfile import ZipFile

import pytest

from helpers import code_mutants, covered, killed, mutants, strict


def run(root, *command, text=None):
    """Run a module in the project, on a text where one is given."""
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=root, input=text, text=True, capture_output=True, check=False
    )


# --- Style, security and types ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("import pickle\n\npickle.loads(b'')\n", "S301"),
        ("eval('1')\n", "S307"),
        ("exec('1')\n", "S102"),
        ("import subprocess\n\nsubprocess.call('ls', shell=True)\n", "S602"),
        ("import os\n\nos.system('ls')\n", "S605"),
        ("assert 1\n", "S101"),
        ("import yaml\n\nyaml.load('')\n", "S506"),
        ("import tempfile\n\ntempfile.mktemp()\n", "S306"),
    ],
)
def test_what_runs_foreign_text_is_refused_in_the_package(root, code, rule):
    outcome = run(root, "ruff", "check", "-", "--stdin-filename", "src/patient_capital/bad.py", text=code)
    assert outcome.returncode == 1
    assert f"{rule} " in outcome.stdout


def test_a_function_with_too_many_ways_through_it_is_refused(root):
    ways = "".join(f"    if x == {value}:\n        return {value}\n" for value in range(10))
    code = f'"""Ways."""\n\n\ndef ways(x: int) -> int:\n    """Go one."""\n{ways}    return x\n'
    outcome = run(root, "ruff", "check", "-", "--stdin-filename", "src/patient_capital/bad.py", text=code)
    assert outcome.returncode == 1
    assert "C901 " in outcome.stdout


def test_layout_of_code_is_a_gate(root):
    outcome = run(
        root, "ruff", "format", "--check", "-", "--stdin-filename", "src/patient_capital/bad.py", text="x=1\n"
    )
    assert outcome.returncode == 1


@pytest.mark.long
def test_a_wrong_type_is_refused(root, tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("def half(number: int) -> str:\n    return number / 2\n", encoding="utf-8")
    outcome = run(root, "mypy", f"--cache-dir={tmp_path}", str(bad))
    assert outcome.returncode == 1
    assert "[return-value]" in outcome.stdout


MARK, UNTYPED = "# {}".format("noqa"), "# type: {}".format("ignore")
TOLD = re.compile(rf"(?:{MARK}: [A-Z0-9, ]+|{UNTYPED}\[[a-z, -]+\])  # \S")


def without_reason(text):
    """Return the lines that make an exception from a rule, or of types, without saying why."""
    return [line for line in text.splitlines() if (MARK in line or UNTYPED in line) and not TOLD.search(line)]


def test_an_exception_from_a_rule_has_its_reason_beside_it(root):
    assert without_reason(f"x = 1  {MARK}: S101")
    assert without_reason(f"x = 1  {MARK}")
    assert without_reason(f"x = 1  {UNTYPED}[arg-type]")
    assert without_reason(f"x = 1  {UNTYPED}  # because")
    assert not without_reason(f"x = 1  {MARK}: S101, S102  # because")
    assert not without_reason(f"x = 1  {UNTYPED}[arg-type]  # because")
    folders = [root / name for name in ("src", "tests", "tools", "benchmarks")]
    texts = {path: path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py")}
    assert {path.name: lines for path, text in texts.items() if (lines := without_reason(text))} == {}


def test_the_package_neither_pickles_nor_evaluates_nor_opens_a_shell(root):
    words = re.compile(
        r"^\s*(?:import|from) (?:pickle|marshal|shelve|dill|cloudpickle)\b|\b(?:eval|exec)\(|shell=True", re.MULTILINE
    )
    text = {path: path.read_text(encoding="utf-8") for path in (root / "src").rglob("*.py")}
    assert [str(path) for path in text if words.search(text[path])] == []


# --- The gates of .ci/run and make torture ---------------------------------------------------------------


@pytest.fixture
def gates(root, monkeypatch):
    """Load the script that runs the gates."""
    spec = importlib.util.spec_from_file_location("gates", root / "tools" / "gates.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def plan(**codes):
        commands = {name: (sys.executable, "-c", code) for name, code in codes.items()}
        monkeypatch.setattr(module, "PLANS", {"ci": commands, "torture": commands})

    module.plan = plan
    return module


PASSED = "print('== 3 passed in 1.00s ==')"


def test_gates_that_pass_are_told_in_a_table_and_pytest_has_the_last_word(gates, capfd):
    gates.plan(site="print('Built in 3 s: _build/html/index.html')", tests=PASSED)
    assert gates.main("ci") == 0
    *_, head, site, tests, _, last = capfd.readouterr().out.splitlines()
    assert [line.split()[0] for line in (head, site, tests)] == ["gate", "site", "tests"]
    assert re.fullmatch(r"site +Built in 3 s +\d+ +yes", site)
    assert re.fullmatch(r"tests +3 passed +\d+ +yes", tests)
    assert last == "== 3 passed in 1.00s =="


@pytest.mark.parametrize(
    ("heals", "failing", "code", "told"),
    [(True, 1, 0, "passed only alone: "), (True, 6, 1, "6 failed"), (False, 1, 1, "1 failed")],
    ids=["busy machine", "many", "fault"],
)
def test_few_tests_that_failed_run_once_more_alone(gates, capfd, tmp_path, monkeypatch, heals, failing, code, told):
    """A test that fails the first time alone, as on a busy machine, passes and is named; a fault fails twice."""
    (tmp_path / "test_it.py").write_text(
        "import pathlib, pytest\n"
        f"@pytest.mark.parametrize('n', range({failing}))\n"
        "def test_it(n):\n"
        "    seen = pathlib.Path(__file__).with_name(f'seen{n}')\n"
        "    before = seen.exists()\n"
        "    seen.touch()\n"
        f"    assert before and {heals}\n",
        encoding="utf-8",
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    monkeypatch.setattr(gates, "PYTEST", (sys.executable, "-m", "pytest"))
    monkeypatch.setattr(gates, "ROOT", tmp_path)
    monkeypatch.setattr(gates, "FAILED", tmp_path / gates.FAILED.relative_to(gates.FAILED.parents[3]))
    monkeypatch.setattr(gates, "PLANS", {"ci": {"tests": (*gates.PYTEST, "test_it.py")}})
    assert gates.main("ci") == code
    assert told in capfd.readouterr().out.split("gate  ")[-1]


@pytest.mark.parametrize(
    ("bad", "code", "figure"),
    [
        ("print('== 1 failed, 2 passed in 1.00s =='); raise SystemExit(1)", 1, "1 failed, 2 passed"),
        ("print('== 2 passed, 1 skipped in 1.00s ==')", 1, "2 passed, 1 skipped: a test was skipped"),
        ("raise SystemExit(7)", 7, "done"),
        ("import os; os.kill(os.getpid(), 9)", -9, "done"),
    ],
)
def test_a_gate_that_fails_or_leaves_a_test_out_fails_the_run(gates, capfd, bad, code, figure):
    gates.plan(first=bad, second=PASSED)
    assert gates.main("ci") == code
    table = capfd.readouterr().out.rstrip().splitlines()[-2:]
    assert re.fullmatch(rf"first +{figure} +\d+ +no", table[0])
    assert re.fullmatch(r"second +not run +no", table[1])
    assert gates.main("torture") == code
    table = capfd.readouterr().out.rstrip().splitlines()[-2:]
    assert table[0].endswith("no")
    assert re.fullmatch(r"second +3 passed +\d+ +yes", table[1])


def test_each_gate_gives_its_figure(gates):
    words = {
        "Success: no issues found in 224 source files\n": "Success: no issues found in 224 source files",
        "seed 1, mutants 250\n   250 caught     by the loader\n     0 survivors  neither\n": "mutants 250; 0 survivors",
        "tables: 92 percent of 12 mutants caught (at least 85)\nanalysis: 90 percent of 9 mutants caught\n": (
            "tables: 92 percent of 12 mutants caught; analysis: 90 percent of 9 mutants caught"
        ),
        "970 of 1000 branches taken, 97.0 percent\n": "970 of 1000 branches taken, 97.0 percent",
        "tidy: killed at 20 moments, seed 1: nothing wrong\n": "tidy: killed at 20 moments, seed 1: nothing wrong",
    }
    assert {text: gates.figure_of(text) for text in words} == words


def test_the_whole_run_has_no_other_gates(root, gates):
    script = (root / ".ci" / "run").read_text(encoding="utf-8")
    assert script.rstrip().endswith("exec python3 tools/gates.py ci")


def test_settings_of_the_tests_refuse_a_warning_an_unknown_mark_and_an_expected_failure_that_passes(root, tmp_path):
    (tmp_path / "test_bad.py").write_text(
        "import warnings\n\nimport pytest\n\n\ndef test_warns():\n    warnings.warn('old', DeprecationWarning)\n\n\n"
        "@pytest.mark.xfail\ndef test_passes():\n    pass\n",
        encoding="utf-8",
    )
    (tmp_path / "test_mark.py").write_text(
        "import pytest\n\n\n@pytest.mark.slwo\ndef test_a():\n    pass\n", encoding="utf-8"
    )
    settings = ("-c", str(root / "pyproject.toml"), f"--rootdir={tmp_path}", "-p", "no:cacheprovider", "--noconftest")
    outcome = run(root, "pytest", *settings, str(tmp_path / "test_bad.py"))
    assert "2 failed" in outcome.stdout
    outcome = run(root, "pytest", *settings, str(tmp_path / "test_mark.py"))
    assert "'slwo' not found in `markers`" in outcome.stdout
    assert outcome.returncode


def test_a_package_that_is_not_the_one_of_the_lock_is_not_installed(tmp_path):
    wheel = tmp_path / "other-1.0-py3-none-any.whl"
    with ZipFile(wheel, "w") as file:
        file.writestr("other-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    lock = tmp_path / "a.lock"
    lock.write_text(f"other==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    pip = ("pip", "--disable-pip-version-check", "install", "--no-index", "--find-links", str(tmp_path), "--no-deps")
    outcome = run(tmp_path, *pip, "--require-hashes", "--target", str(tmp_path / "there"), "-r", str(lock))
    assert outcome.returncode
    assert "DO NOT MATCH THE HASHES" in outcome.stderr
    assert not (tmp_path / "there").exists()


# --- What make torture measures --------------------------------------------------------------------------


def test_branches_that_no_test_takes_are_counted(monkeypatch, tmp_path, capsys):
    def summary(done, of):
        return {"summary": {"num_branches": of, "covered_branches": done}}

    report = {"files": {"a.py": summary(10, 10), "b.py": summary(80, 90), "c.py": summary(3, 4)}}
    lines, share = covered.told(report)
    assert lines[:2] == ["  b.py: 80 of 90", "  c.py: 3 of 4"]
    assert share == pytest.approx(100 * 93 / 104)
    monkeypatch.setattr(covered, "FOLDER", tmp_path / "coverage")
    codes = {"run": 0}

    def coverage(command, *_):
        (tmp_path / "coverage" / "report.json").write_text(json.dumps(report), encoding="utf-8")
        return codes.get(command, 0)

    monkeypatch.setattr(covered, "coverage", coverage)
    assert covered.main([]) == 1, "too few"
    report["files"]["b.py"] = summary(90, 90)
    assert covered.main([]) == 0
    codes["run"] = 2
    assert covered.main([]) == 2, "a test failed"


CODE = '''
def inside(value: int | str, low=0, *, strict=True):
    """Words."""
    if value < low and not value:
        return None
    for one in [value]:
        print(one)
    return 2 * value + sum(n for n in (1, 2) if n)
'''


def test_mutants_of_code_change_what_is_executed_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "patient_capital" / "tables" / "one.py"
    path.parent.mkdir(parents=True)
    path.write_text(CODE, encoding="utf-8")
    monkeypatch.setattr(code_mutants, "PACKAGE", tmp_path / "patient_capital")
    found = code_mutants.mutants("tables")
    told = {str(one).removeprefix("tables.one, inside: ") for one in found}
    assert {
        "value < low -> value <= low",
        "not value -> value",
        "value < low and (not value) -> value < low or not value",
    } <= told
    assert {
        "for one in [value]: -> for one in ():",
        "print(one) -> pass",
        "2 * value -> 2 / value",
        "if n -> if not n",
    } <= told
    assert not [one for one in told if "int" in one.split("->")[0] and "|" in one.split("->")[0]]
    codes = {marshal.dumps(one.code()) for one in found}
    assert len(codes) == len(found)


def test_a_mutant_is_caught_by_tests_that_import_it(tmp_path):
    """One that no test can miss, and the same tests without it."""
    (one,) = [
        one for one in code_mutants.mutants("tables") if str(one).startswith("tables.schema, real_date: return True ->")
    ]
    check = tmp_path / "test_one.py"
    check.write_text(
        "from patient_capital.tables.schema import real_date\n\n\ndef test_date():\n    assert real_date('2025')\n",
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, "-c", FORKED, str(one.number), str(check), str(tmp_path / "log")],
        cwd=tmp_path,
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join([str(code_mutants.ROOT / "src"), str(code_mutants.ROOT / "tests")])},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.communicate()[0].split() == ["0", "1"]


FORKED = """
import sys
from pathlib import Path
from helpers import code_mutants as m
number, check, log = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
one = m.mutants_of(m.PACKAGE / "tables" / "schema.py")[number]
print(m._test(None, [check], log), m._test(one, [check], log))
"""


@pytest.mark.parametrize(("lives", "code"), [(set(), 0), ({1}, 0), ({1, 2}, 1)])
def test_too_many_mutants_of_code_that_survive_fail_and_are_named(monkeypatch, capsys, lives, code):
    monkeypatch.setattr(code_mutants, "_test", lambda mutant, tests, log: 0)
    monkeypatch.setattr(code_mutants, "survives", lambda mutant, log: mutant.number in lives)
    path = code_mutants.PACKAGE / "tables" / "cells.py"
    monkeypatch.setattr(
        code_mutants,
        "mutants",
        lambda part: [code_mutants.Mutant(path, number, f"f: {number}") for number in range(10)],
    )
    monkeypatch.setattr(code_mutants, "reasons", lambda: {"tables.cells, f: 1": "it is the same"})
    assert code_mutants.main(["--part", "tables", "--sample", "10", "--seed", "1"]) == code
    told = capsys.readouterr().out
    assert ("survives: tables.cells, f: 1: it is the same" in told) == bool(lives)
    assert f"{100 - 10 * len(lives)} percent of 10 mutants caught" in told


def test_a_known_survivor_is_a_mutant_of_the_code_and_has_a_reason():
    every = {str(one) for part in code_mutants.PARTS for one in code_mutants.mutants(part)}
    assert set(code_mutants.reasons()) - every == set()
    assert all(reason.strip() for reason in code_mutants.reasons().values())


def test_a_mutant_of_a_table_that_survives_fails(monkeypatch, capsys):
    monkeypatch.setattr(mutants, "fate", lambda *_: "raised KeyError('x')")
    monkeypatch.setattr(mutants, "entries", lambda *_: [])
    monkeypatch.setattr(mutants, "digests", lambda *_: [])
    assert mutants.main(["--sample", "2", "--seed", "1"]) == 1
    assert "     2 survivors" in capsys.readouterr().out


@pytest.mark.parametrize(("found", "code"), [([], 0), (["tidy: not whole"], 1)])
def test_a_killed_command_that_leaves_something_half_fails(monkeypatch, capsys, found, code):
    monkeypatch.setattr(killed, "wrong", lambda *_: iter(found))
    assert killed.main(["--only", "tidy", "--seed", "1"]) == code
    assert f"tidy: killed at 20 moments, seed 1: {len(found) or 'nothing'} wrong" in capsys.readouterr().out


@pytest.mark.parametrize(("seen", "code"), [("differs", 0), ("not seen (0)", 1)])
def test_a_changed_cell_that_no_notebook_notices_fails(monkeypatch, capsys, seen, code):
    monkeypatch.setattr(strict, "compared", lambda *_: iter([f"funds[x].name, funds.ipynb: {seen}"]))
    assert strict.main(["--sample", "1", "--seed", "1"]) == code
    assert f"cells: {1 - code} of 1 changed cells differ" in capsys.readouterr().out


# --- All of them -----------------------------------------------------------------------------------------

FED = {
    "loader": ("tables/test_load.py", "test_one_corrupt_cell_is_the_one_place_reported"),
    "rules across rows": ("tables/test_across.py", "test_a_row_under_a_second_id_is_named_with_the_first"),
    "rules of the contents": ("tables/test_rules.py", "test_more_than_was_ever_promised_is_named"),
    "one quantity, one value": ("tables/test_same.py", "test_another_value_in_one_cell_is_named_with_both_cells"),
    "make tidy": ("test_cli.py", "test_a_wrong_cell_is_named_and_no_table_is_tidied"),
    "make refresh": ("test_cli.py", "test_a_link_that_cannot_be_filled_is_named_with_its_cell_and_nothing_is_written"),
    "make check": ("test_check.py", "test_all_broken_cells_are_named_and_notebooks_are_still_looked_at"),
    "make check, ledgers": ("test_check.py", "test_a_ledger_that_differs_is_named_with_its_rows"),
    "make check, weak pages": ("test_check.py", "test_a_headline_that_rests_on_self_published_pages_alone_is_named"),
    "make check, absence": ("provenance/test_searches.py", "test_a_page_that_says_not_found_is_named"),
    "make edition": ("test_cli.py", "test_no_edition_is_kept_while_something_is_wrong"),
    "make book, data": (
        "book/test_site.py",
        "test_bad_data_stops_the_build_with_one_clear_message_and_keeps_the_old_site",
    ),
    "make book, references": ("book/test_site.py", "test_every_wrong_reference_stops_the_build_and_is_named"),
    "make book, claims": ("book/test_site.py", "test_claim_that_turned_false_stops_the_build"),
    "make book, pages": ("book/test_site.py", "test_site_with_a_broken_page_is_not_taken"),
    "make book, cells": ("book/test_builds.py", "test_failing_cell_is_named_and_the_old_site_stands"),
    "make book, stored runs": ("book/test_builds.py", "test_stored_runs_of_other_inputs_stop_the_build"),
    "make pdf, width of the paper": ("browser/test_print.py", "test_what_is_wider_than_the_paper_is_named"),
    "policy of pages": ("browser/test_policy.py", "test_what_somebody_else_puts_into_a_page_does_not_run"),
    "captions of tables": ("test_markup.py", "test_the_gate_names_a_table_without_a_caption"),
    "axe": ("browser/test_everyone.py", "test_axe_names_what_is_wrong"),
    "HTML": ("browser/test_html.py", "test_errors_of_a_page_are_named"),
    "large letters and small windows": ("browser/test_browser.py", "test_what_does_not_fit_is_named"),
    "contrast of drawings": ("browser/test_everyone.py", "test_letters_that_do_not_stand_out_are_named"),
    "make env, Python": ("test_bootstrap.py", "test_unsupported_python_gets_one_clear_line"),
    "make env, hashes": ("test_gates.py", "test_a_package_that_is_not_the_one_of_the_lock_is_not_installed"),
    "numbers typed into pages": ("provenance/test_prose.py", "test_typed_numbers_are_found_wherever_they_hide"),
    "numbers typed into figures": ("figures/test_typed_numbers.py", "test_a_typed_number_is_found"),
    "notebooks, form": (
        "test_notebooks.py",
        "test_what_was_forgotten_is_one_line_that_says_what_differs_and_what_to_do",
    ),
    "notebooks, strict": (
        "changes/test_shown.py",
        "test_a_changed_cell_makes_the_strict_comparison_of_its_notebook_fail",
    ),
    "names of the last edition": ("provenance/test_editions.py", "test_a_name_that_is_gone_without_an_alias_is_seen"),
    "domain of formulas": ("model/test_errors_name_parameters.py", "test_the_error_names_what_the_caller_gave"),
    "files of a fund": ("own_fund/test_own_fund.py", "test_any_file_of_a_fund_is_read_or_named"),
    "make lint, security": ("test_gates.py", "test_what_runs_foreign_text_is_refused_in_the_package"),
    "make lint, layout": ("test_gates.py", "test_layout_of_code_is_a_gate"),
    "make lint, types": ("test_gates.py", "test_a_wrong_type_is_refused"),
    "make test, settings": (
        "test_gates.py",
        "test_settings_of_the_tests_refuse_a_warning_an_unknown_mark_and_an_expected_failure_that_passes",
    ),
    ".ci/run": ("test_gates.py", "test_a_gate_that_fails_or_leaves_a_test_out_fails_the_run"),
    "workflow": ("test_workflow.py", "test_a_workflow_that_may_do_more_is_seen"),
    "make torture, tables": ("test_gates.py", "test_a_mutant_of_a_table_that_survives_fails"),
    "make torture, killed": ("changes/test_killed.py", "test_what_is_half_written_is_seen"),
    "make torture, code": ("test_gates.py", "test_too_many_mutants_of_code_that_survive_fail_and_are_named"),
    "make torture, branches": ("test_gates.py", "test_branches_that_no_test_takes_are_counted"),
    "make torture, notebooks": ("test_gates.py", "test_a_changed_cell_that_no_notebook_notices_fails"),
    "browser, budget of pages": ("browser/test_weight.py", "test_a_page_over_the_budget_is_seen"),
    "browser, errors of scripts": (
        "browser/test_explorer.py",
        "test_broken_data_leave_the_drawing_and_the_other_explorer",
    ),
}
"""Each gate, and the test that feeds it something bad."""


@pytest.mark.parametrize("gate", FED)
def test_each_gate_is_fed_something_bad(root, gate):
    file, name = FED[gate]
    assert f"\ndef {name}(" in (root / "tests" / file).read_text(encoding="utf-8")
