"""No number that a reader sees in a figure, table or explorer is typed: it follows the data, or it is listed here."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

import patient_capital
from helpers.rows import change_cells
from patient_capital import open_book
from patient_capital.explorers import load_explorers
from patient_capital.explorers.model import GRADE_WORDS
from patient_capital.figures import load_figures
from patient_capital.formatting import WORDS
from patient_capital.ledger import read_pages
from patient_capital.provenance.registry import load_results
from patient_capital.tables import load

PACKAGE = Path(patient_capital.__file__).parent
TENS = "thirty|forty|fifty|sixty|seventy|eighty|ninety"
PIECES = "hal(?:f|ves)|thirds?|quarters?|fifths?|sixths?|eighths?|tenths?"
NUMBER = re.compile(
    rf"\d|\b(?:{'|'.join(WORDS[1:])}|{TENS}|hundreds?|thousands?|{PIECES}|twice|thrice|dozens?)\b", re.IGNORECASE
)
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(rf"\b(?:\d{{1,2}} to )?\d{{1,2}} (?:{MONTHS})\b|\b(?:19|20)\d\d\b")
"""Years and dates of what is told may be typed, as in prose."""

NO_COUNT = "one as a pronoun or article: nothing is counted"
OTHER_CASE = "the model compares many regions with a single one: no fact"
PARITY = "a ratio of one: both are equal"
LEVEL = "the level of an interval or a test"
UNIT = "a unit"
NAME = "a name"
ALLOWED = {
    "10,000 Chinese characters": UNIT,
    "one yuan, or a hundred fen": UNIT,
    "10,000 characters": UNIT,
    "per ten thousand characters": UNIT,
    "ten thousand Chinese characters": UNIT,
    "Zero2IPO": NAME,
    "CC BY 4.0": NAME,
    "one origin, or one publisher": "what a star means, by definition",
    "14th Congress": NAME,
    "R1": NAME,
    "in the third year": "the place of a year in a Congress",
    "in the fourth": "the place of a year in a Congress",
    "as one provider counts it": NO_COUNT,
    "one of Hubei": "the fund that is left out, by its place",
    "0.5 is blind, 1 perfect": "ends of a measure, by definition",
    "middle half": "between the quartiles, by definition",
    "middle nine tenths": "between the 5 and the 95 percent point, by definition",
    "5 to 95 percent point": LEVEL,
    "two ways to invest": "a break-even lies between two, by definition",
    "rests on one voice": "what a star means, by definition",
    "95 percent interval": LEVEL,
    "(95 percent)": LEVEL,
    "above one": PARITY,
    "around one": PARITY,
    "near one": PARITY,
    "one is equal": PARITY,
    "hold one": PARITY,
    "one region": OTHER_CASE,
    "One yuan paid in": UNIT,
    "welfare with one": OTHER_CASE,
    "less one": OTHER_CASE,
    "beat one": OTHER_CASE,
    "better than one": OTHER_CASE,
    "a bad one": NO_COUNT,
    "one a promise": NO_COUNT,
    "one another": NO_COUNT,
    "one alone": OTHER_CASE,
    "waiting twenty rather than ten years": "what waiting is in the whole book, by definition",
    "first quarter": "of a year: the step of the model",
    "half the largest average size": "not the largest investor, by the rule of the fund",
    "directed one": NO_COUNT,
    "one way": NO_COUNT,
    "one deal in": NO_COUNT,
    "one portfolio": NO_COUNT,
    "one promise": NO_COUNT,
    "one province over": NO_COUNT,
    "national one": NO_COUNT,
    "of this one": NO_COUNT,
    "without one": NO_COUNT,
}
"""Phrases with a number that may be typed, and why."""

CLAIMED = {"about a quarter": "funds.about_a_quarter"}
"""Phrases that a claim guards: the build stops where it no longer holds."""

MATHEMATICAL = re.compile(r"(?<![\w.])1 ?[-+/] ?|[-+] ?1(?![\w.])|\bn0\b|\bHC[13]\b|\b10,000 x ")
"""Ones of shares and growth factors, the number of firms under free entry, and kinds of robust errors."""
IN_FORMULAS = {
    "the two": "what is subtracted",
    "at least one": "what any means",
    "two degrees of freedom": "classes less fitted parameters",
    "three degrees of freedom": "classes less fitted parameters",
    "a cluster is one only": NO_COUNT,
    "first half": "of a year",
    "at 95 percent": LEVEL,
    "the one": NO_COUNT,
    "observed one": NO_COUNT,
    "hard one of": NO_COUNT,
    "have one": NO_COUNT,
    "one screener": NO_COUNT,
}
"""Phrases that titles and formulas of results may hold beside those above, and why."""


def left_of(text: str, phrases: Iterable[str]) -> str:
    """Return a text without dates and without phrases that may be typed."""
    text = DATE.sub("", text)
    for phrase in sorted(phrases, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", "", text, flags=re.IGNORECASE)
    return text


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Return each string with its line; of a formatted one what is typed. Left out: docstrings, errors, patterns."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")):
            skipped.update(ast.walk(node))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            for part in node.values:
                skipped.update(ast.walk(getattr(part, "format_spec", None) or ast.Pass()))
            typed = [part for part in node.values if isinstance(part, ast.Constant)]
            skipped.update(typed)
            yield node.lineno, "{}".join(part.value for part in typed)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def typed_numbers(code: str) -> list[str]:
    """Return each text with a typed number; of single tokens, as ticks and ids, only a number in letters is one."""
    return [
        f"{line}: {text}"
        for line, text in texts(ast.parse(code))
        if (" " in text.strip() or (text.isalpha() and text != "one"))
        and NUMBER.search(left_of(text, [*ALLOWED, *CLAIMED]))
    ]


@pytest.mark.parametrize("part", ["figures", "listings", "explorers"])
def test_no_text_holds_a_typed_number(part):
    found = {
        str(path.relative_to(PACKAGE)): typed_numbers(path.read_text("utf-8"))
        for path in (PACKAGE / part).rglob("*.py")
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "code",
    [
        'note = "Eleven listed sectors, not four."',
        'note = f"The official rate of 8 percent: {rate}."',
        'axes.text(0, 0, "in 3 regions")',
        'Column("twice")',
        'note = f"{share:.2f} of the 31 units"',
        'note = "Found in 2025 in half of all reports."',
    ],
)
def test_a_typed_number_is_found(code):
    assert len(typed_numbers(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        '"""Eleven docstrings."""',
        'note = f"In 2025, from 13 to 20 January 2025, {number:.2f} regions."',
        'raise ValueError("needs two or more")',
        're.sub(r"font: (\\d{3}) px", "", text)',
        'ref = "regions.top4_filings"',
        'ticks = ["0", "50", "100%"]',
    ],
)
def test_what_is_no_number_of_a_text_is_not(code):
    assert typed_numbers(code) == []


TWICE = re.compile(r"\b(\w+)'s (\w+) of the \1\b")
"""An owner named on both sides of what it owns, as a replaced word leaves behind."""


def test_no_text_names_an_owner_twice():
    assert TWICE.search("at the treasury's interest of the treasury unless")
    written = {
        f"{path.name} {line}": text
        for part in ("analysis", "figures", "listings", "explorers")
        for path in (PACKAGE / part).rglob("*.py")
        for line, text in texts(ast.parse(path.read_text("utf-8")))
    }
    written |= {page.name: page.markdown for page in read_pages()}
    assert {place: TWICE.search(text)[0] for place, text in written.items() if TWICE.search(text)} == {}


def test_every_phrase_that_may_be_typed_is_in_use_and_every_claim_is_one():
    code = "\n".join(
        path.read_text("utf-8")
        for part in ("figures", "listings", "explorers")
        for path in (PACKAGE / part).rglob("*.py")
    )
    written = "\n".join(text for _, text in texts(ast.parse(code.replace("from __future__ import annotations", ""))))
    formulas = "\n".join(text for _, text in titles_and_formulas())
    unused = [phrase for phrase in (*ALLOWED, *CLAIMED) if phrase.lower() not in written.lower()]
    assert [phrase for phrase in unused if phrase.lower() not in formulas.lower()] == []
    assert [phrase for phrase in IN_FORMULAS if phrase.lower() not in formulas.lower()] == []
    assert {load_results()[name].kind for name in CLAIMED.values()} == {"claim"}


def titles_and_formulas() -> Iterator[tuple[str, str]]:
    """Return what is typed of titles and formulas, once for each function; a claim's title is the words it guards."""
    seen = set()
    for name, one in load_results().items():
        function = getattr(one.compute, "func", one.compute)
        if function in seen:
            continue
        seen.add(function)
        title, formula = (" ".join(part.split()) for part in inspect.cleandoc(function.__doc__).split("\n\n")[:2])
        for text in (formula,) if one.kind == "claim" else (title, formula):
            yield name, re.sub(r"\{\w+\}", "", text)


def test_titles_and_formulas_of_results_hold_no_typed_number():
    found = [
        f"{name}: {text}"
        for name, text in titles_and_formulas()
        if NUMBER.search(MATHEMATICAL.sub("", left_of(text, [*ALLOWED, *IN_FORMULAS])))
    ]
    assert found == []


# --- The texts follow the data ----------------------------------------------------------------------------


@pytest.fixture
def changed(copied) -> Callable[..., None]:
    """Change cells of one row in a copy of the data, and load the copy."""

    def change(table: str, key: str, **cells: str) -> None:
        change_cells(copied / f"{table}.csv", key, **cells)

    change.load = lambda: load(copied)
    return change


def test_sliders_follow_spans_and_rates(changed):
    changed("parameters", "fm_public_rate", value="0.06", high="0.06", grade="C")
    changed("parameters", "fm_bond_coupon", value="0.016", low="0.016")
    changed("parameters", "sel_flow_eps", high="0.75")
    changed("parameters", "fm_soft_budget", high="0.4", grade="B")
    shown = load_explorers()["model.skill"].of(changed.load())
    control = {one.id: one for one in shown.controls}
    assert control["rate"].values == pytest.approx((2, 2 + 4 / 3, 2 + 8 / 3, 6))
    assert (
        "the treasury's interest, 1.6 percent, to the official rate for public projects, 6 percent;"
        in control["rate"].note
    )
    assert control["rate"].note.endswith(f"{GRADE_WORDS['A']} and {GRADE_WORDS['C']}.")
    assert control["thinning"].values == (0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75)
    assert control["thinning"].note == "Span 0 to 0.75 in the table of parameters, assumed, without a source."
    assert control["soft"].values == (0.0, 10.0, 20.0, 30.0, 40.0)
    assert (control["soft"].assumed, control["sale"].assumed) == (False, True)
    assert shown.at(shown.start).settings[1] == "2 percent a year"
    # A setting without stored draws shows no span.
    assert not any("joint draws" in sentence for sentence in shown.moved(thinning=0.75).at((0, 0, 6, 0, 0)).sentences)


def test_sliders_of_regions_follow_counts_and_learning_rates(changed):
    changed("parameters", "oc_dup_ai", value="30")
    changed("parameters", "oc_chip_prov", value="7", low="7")
    changed("parameters", "oc_lr_battery", low="0.12")
    changed("parameters", "oc_v", high="0.1")
    changed("parameters", "oc_periods", value="12", low="12", high="12")
    shown = load_explorers()["model.home"].of(changed.load())
    control = {one.id: one for one in shown.controls}
    assert control["regions"].values == (7.0, 13.0, 18.0, 24.0, 30.0)
    assert "30* name AI, 16* quantum technology; at least 7* name chips" in control["regions"].note
    assert control["learning"].values == (0.0, 5.0, 10.0, 15.0, 20.0, 25.0)
    assert "Solar modules 18 to 26 percent, batteries 12 to 24" in control["learning"].note
    assert control["weight"].values == (0.0, 0.025, 0.05, 0.075, 0.1)
    assert "over twelve years" in shown.subtitle
    assert shown.start == (2, 4, 0, 3)


def test_texts_of_figures_follow_the_tables(changed):
    changed("parameters", "sel_budget", value="0.2")
    changed("report_keywords", "2025_artificial-intelligence_zh", count="5")
    data, figures = changed.load(), load_figures()
    assert "all fund the same 20 percent of proposals" in figures["model.architecture"].of(data).subtitle
    assert "three* in 2024, five* in 2025" in figures["session.words"].of(data).note


class Silent:
    """Prints nothing in the place of every number."""

    def __call__(self, ref: str, form: str = "full") -> str:
        return ""


@pytest.mark.parametrize(("count", "words"), [(8, "Largest eight of each."), (5, "Largest five of each.")])
def test_counts_in_words_follow_the_frame(count, words):
    chart = load_figures()["model.sobol"]
    frame = chart.gives["indices"](open_book()).groupby("output").head(count)
    assert chart.tell(Silent(), frame).subtitle.endswith(words)
