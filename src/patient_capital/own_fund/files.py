"""The two files of a fund of one's own, read so that whatever is wrong is told with file, place, value and remedy."""

from __future__ import annotations

import csv
import io
import math
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import numpy as np

from patient_capital import model
from patient_capital.model.common.checks import Floats
from patient_capital.model.returns.deal_table import TAIL_START, DealTable, Held, table_of_deals
from patient_capital.naming import one_line

YES, NO = ("yes", "true", "1"), ("no", "false", "0", "")
NUMBERS = ("cost", "proceeds", "multiple", "weight")
COLUMNS = ("deal", *NUMBERS, "held")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
LARGEST = sys.float_info.max
MOST_TIMES = 1e12
"""A number so many times another of its column is a slip; a sum of both is the larger alone, but for its last digits."""
OF_DEALS = {"held": str, "weights": str, "tail_start": float}
CHOICES = {"held": ("kaplan_meier", "current_value"), "weights": ("cost", "equal")}
YEARS = "time_to_exit"
"""Key beside the fields of a scenario: years to the exit of winners, weighted by what they bring, from which growth
follows."""


class InputError(ValueError):
    """A file of the user's own says something that cannot be: file, place, value, rule and remedy in one line."""

    def __init__(self, path: Path, place: str, rule: str, remedy: str) -> None:
        name = path.name if path.name.isprintable() else ascii(path.name)
        super().__init__(f"{name}{', ' if place else ''}{place}: {rule}. {remedy}.")


@dataclass(frozen=True, slots=True, eq=False)
class OwnDeals:
    """Deals as a file gives them.

    Attributes
    ----------
    path : Path
        The file.
    multiples, weights : ndarray, shape (n,)
        What each brought back, or is worth, over its cost; and its weight.
    held : ndarray of bool, shape (n,)
        Which are still held.
    treatment : {"kaplan_meier", "current_value"}
        How these count.
    tail_start : float
        Multiple from which a deal is one of the best.
    """

    path: Path
    multiples: Floats
    weights: Floats
    held: np.ndarray
    treatment: Held
    tail_start: float

    def table(self, counts: Floats | None = None) -> DealTable:
        """Return their distribution, or that of as many deals drawn from them, given how often each was drawn."""
        weights = self.weights if counts is None else self.weights * counts
        return table_of_deals(
            self.multiples, weights=weights, held=self.held, treatment=self.treatment, tail_start=self.tail_start
        )


@dataclass(frozen=True, slots=True)
class OwnFund:
    """A fund as a file describes it.

    Attributes
    ----------
    path : Path
        The file.
    regime : Regime
        What it is.
    scenario : dict
        Fields of the scenario that the file sets.
    time_to_exit : float or None
        Years to the exit of winners where the file sets them.
    deals : dict
        How its deals are to be read.
    """

    path: Path
    regime: model.Regime
    scenario: Mapping[str, Any]
    time_to_exit: float | None
    deals: Mapping[str, Any]


def _text(path: Path) -> str:
    try:
        found = path.read_bytes()
    except OSError as error:
        raise InputError(path, "", error.strerror or "cannot be read", "Check the name and the folder") from None
    if found.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(path, "", "is text in UTF-16", "Save it as UTF-8")
    try:
        text = re.sub(r"\r\n?", "\n", found.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = found[: error.start].count(b"\n") + 1
        raise InputError(path, f"line {line}", "is not text in UTF-8", "Save it as UTF-8") from None
    if not text.strip():
        raise InputError(path, "", "is empty", f"See {'my_fund.toml' if path.suffix == '.toml' else 'my_deals.csv'} "
                         "in the folder examples of the project")  # fmt: skip
    return text


def _near(name: str, known: tuple[str, ...] | list[str]) -> str:
    near = [f"Perhaps {one} is meant; t" for one in get_close_matches(name, known, n=1, cutoff=0.5)]
    return f"{(near or ['T'])[0]}here are {', '.join(known)}"


# --- The fund --------------------------------------------------------------------------------------------


def _typed(path: Path, place: str, value: Any, kind: str) -> Any:
    """Return a value of a file as the type of a field, or tell what is wrong with it."""
    wanted = {"int": "a whole number, such as 20", "float": "a number, such as 0.02", "bool": "true or false"}
    asked = wanted.get(kind, "text in quotation marks")
    shown = repr(value) if isinstance(value, str | list | dict) else str(value)
    told = f"{place} = {shown.lower() if isinstance(value, bool) else shown}"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and not abs(value) <= LARGEST:
        raise InputError(path, told[:60], "must be a finite number", "Write a number, or leave the key out")
    fits = {"int": number and float(value).is_integer(), "float": number, "bool": isinstance(value, bool)}
    if not fits.get(kind, isinstance(value, str)):
        raise InputError(path, told, f"must be {asked}", "Change it, or leave the key out")
    return {"int": int, "float": float}.get(kind, lambda v: v)(value)


def _section(path: Path, found: dict[str, Any], name: str, kinds: Mapping[str, str]) -> dict[str, Any]:
    section = found.get(name, {})
    if not isinstance(section, dict):
        raise InputError(path, name, "must be a section of keys", f"Write [{name}] on a line of its own")
    for key in section:
        if key not in kinds:
            raise InputError(path, f"[{name}] {key}", "is no key of this section", _near(key, list(kinds)))
    return {key: _typed(path, f"[{name}] {key}", value, kinds[key]) for key, value in section.items()}


def _kinds(record: type, *without: str) -> dict[str, str]:
    return {f.name: str(f.type) for f in fields(record) if f.init and f.name not in without}


def _keys(path: Path) -> dict[str, Any]:
    """Return what a file of TOML says; each of its keys is one that we know."""
    text = _text(path)
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise InputError(path, "", "is nested too deeply", "Close every bracket") from None
    except ValueError as error:  # of TOML, or of a number with thousands of digits
        twice = "overwrite" in str(error) or "twice" in str(error)
        remedy = "Keep one of the two" if twice else "A line is key = value; text stands in quotation marks"
        raise InputError(path, "", f"is not TOML, {str(error)[0].lower()}{str(error)[1:]}", remedy) from None
    known = ("like", "fund", "scenario", "deals")
    for key in found:
        if key not in known:
            raise InputError(path, key, "is no key of this file", _near(key, known))
    return found


def read_fund(path: Path) -> OwnFund:
    """Return the fund that a file of TOML describes.

    Parameters
    ----------
    path : Path
        The file: ``like``, a regime of the book, and the sections ``[fund]`` with fields of :class:`Regime`,
        ``[scenario]`` with fields of :class:`Scenario` or ``time_to_exit``, and ``[deals]``.

    Returns
    -------
    OwnFund
        What the file leaves out is as in the book.

    Raises
    ------
    InputError
        If a key is unknown, twice there or of another type, or a value lies outside its domain.
    """
    found, regimes = _keys(path), model.regimes()
    if "like" not in found:
        raise InputError(path, "like", "is missing", f"Name the regime that the fund starts from: {', '.join(regimes)}")
    try:
        start = regimes[_typed(path, "like", found["like"], "str")]
    except KeyError as error:
        raise InputError(path, f"like = {found['like']!r}", one_line(error), "Name one of these") from None
    own = _section(path, found, "fund", _kinds(model.Regime))
    scenario = _section(path, found, "scenario", _kinds(model.Scenario, "returns", "yardstick") | {YEARS: "float"})
    deals = _section(path, found, "deals", {name: kind.__name__ for name, kind in OF_DEALS.items()})
    for key, choices in CHOICES.items():
        if deals.get(key, choices[0]) not in choices:
            raise InputError(path, f"[deals] {key} = {deals[key]!r}", f"must be {' or '.join(choices)}", "Change it")
    years = scenario.pop(YEARS, None)
    if years is not None and "growth" in scenario:
        raise InputError(path, f"[scenario] {YEARS}", "stands beside growth, which it gives", "Keep one of the two")
    if years is not None and not years > 0:
        raise InputError(path, f"[scenario] {YEARS} = {years}", "must be positive", "Give the mean years to an exit")
    name = own.get("name", "as the file")
    if not name.strip() or not name.isprintable():
        raise InputError(
            path, f"[fund] name = {name!a}", "must be words that can be printed", "Change it, or leave it out"
        )
    regime = _checked(path, "fund", own, lambda: replace(start, **{"name": path.stem, **own}))
    _checked(path, "scenario", scenario, lambda: replace(model.central(), **scenario))
    return OwnFund(path, regime, scenario, years, deals)


def _checked(path: Path, section: str, own: Mapping[str, Any], make: Any) -> Any:
    try:
        return make()
    except model.DomainError as error:
        name = error.parameter
        place = f"[{section}] {name} = {own.get(name, error.value)}"
        remedy = "Change it, or leave it out for the book's value" if name in own else "Change what it follows from"
        raise InputError(path, place, error.rule, remedy) from None


# --- The deals -------------------------------------------------------------------------------------------


def _number(path: Path, line: int, column: str, text: str) -> float:
    place = f"line {line}, {column} = {text!r}"
    if not text:
        raise InputError(path, f"line {line}, {column}", "is empty", "Write a number, or take the row out")
    if not text.isascii() and any(character.isdigit() for character in text):
        raise InputError(path, place, "has digits that are not ASCII, perhaps full-width", "Type them as 0 to 9")
    if text.lower().strip("+-") in {"nan", "inf", "infinity"}:
        raise InputError(path, place, "must be a finite number", "Write the number, or take the row out")
    if "," in text:
        raise InputError(path, place, "has a comma", "Write 1234.5: no mark of thousands, a point before decimals")
    if not NUMBER.fullmatch(text):
        raise InputError(path, place, "must be a number", "Write digits alone, such as 12.5")
    number = float(text)
    if not math.isfinite(number):
        raise InputError(path, place, "is beyond the range of numbers", "Choose another unit")
    if number < 0 or (number == 0 and column == "cost"):
        rule = "must be above zero" if column == "cost" else "must not be negative"
        raise InputError(path, place, rule, "Mend the sign, or take the row out")
    return number


def _header(path: Path, rows: list[tuple[int, list[str]]]) -> list[str]:
    line, found = rows[0]
    names = [name.strip().lower() for name in found]
    if len(names) == 1 and re.search(r"[;\t]", names[0]):
        raise InputError(path, f"line {line}", "has columns that no comma separates", "Save it with commas")
    for name in names:
        if name not in COLUMNS:
            raise InputError(path, f"column {name!r}", "is not known", _near(name, list(COLUMNS)))
        if names.count(name) > 1:
            raise InputError(path, f"column {name!r}", "is there twice", "Keep one of the two")
    if {"multiple", "proceeds"} <= set(names):
        raise InputError(path, "columns multiple and proceeds", "say the same thing twice", "Keep one of the two")
    if "multiple" not in names and not {"cost", "proceeds"} <= set(names):
        missing = "proceeds" if "cost" in names else "cost"
        has = ", ".join(names)
        raise InputError(
            path, f"column {missing!r}", f"is missing; there are {has}", "Give cost and proceeds, or multiple"
        )
    return names


def _check_reach(path: Path, column: str, lines: list[int], values: Floats) -> None:
    """Refuse a number so far above another of its column that the other no longer counts beside it."""
    some, most = values[values > 0], int(values.argmax())
    if some.size and some.min() < values[most] / MOST_TIMES:
        place = f"line {lines[most]}, {column} = {values[most]:g}"
        told = f"is more than {MOST_TIMES:.0e} times {some.min():g} in line {lines[int(np.flatnonzero(values == some.min())[0])]}"
        raise InputError(path, place, told, "Look for a slip, or for two units of money")


def _cells_of_deals(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return line and cells of each deal, by column; an `InputError` names what is no table."""
    # Comments go, and their lines stay, so that a line keeps its number.
    text = re.sub(r"^\s*#.*$", "", _text(path), flags=re.MULTILINE)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend((reader.line_num, row) for row in reader if any(cell.strip() for cell in row))
    except csv.Error as error:
        raise InputError(path, f"line {reader.line_num}", str(error), "Close every quotation mark") from None
    if not rows:
        raise InputError(path, "", "holds comments alone", "Write a header and one deal a line")
    # Columns without a name and without a cell are what a spreadsheet leaves on the right.
    width = max(place for _, row in rows for place, cell in enumerate(row, 1) if cell.strip())
    rows = [(line, row[:width]) for line, row in rows]
    names, found = _header(path, rows), []
    for line, row in rows[1:]:
        if len(row) != len(names):
            told = f"has {len(row)} cells, the header {len(names)}"
            raise InputError(path, f"line {line}", told, "Give each column one cell")
        found.append((line, dict(zip(names, (cell.strip() for cell in row), strict=True))))
    if not found:
        raise InputError(path, "", "holds a header and no deals", "Write one deal a line")
    return found


def _weighted_by(path: Path, names: Iterable[str], options: Mapping[str, Any]) -> str:
    """Return the column that weights deals; empty where they count equally."""
    match options.get("weights"):
        case "equal":
            return ""
        case "cost" if "cost" not in names:
            raise InputError(path, "column 'cost'", "is missing, and deals are to be weighted by it", "Add it")
        case "cost":
            return "cost"
        case _:
            return next((name for name in ("weight", "cost") if name in names), "")


def _check_worth_a_model(path: Path, deals: OwnDeals) -> None:
    """Refuse deals of which no distribution can be made."""
    if not (deals.multiples >= 1).any():
        told = (
            f"none of {deals.multiples.size} deals brings back what it cost, the best {deals.multiples.max():.3g} of it"
        )
        raise InputError(path, "", told, "Without a winner there is no growth: add deals, or leave --deals out")
    if not deals.multiples.max() > 1:
        raise InputError(path, "", "no deal brings back more than it cost", "Add deals, or leave --deals out")
    try:
        deals.table()
    except model.DomainError as error:
        raise InputError(path, "", str(error), "Mend the deals, or the section [deals] of the fund") from None
    if deals.multiples.size == 1:
        raise InputError(path, "", "holds one deal", "One deal tells nothing of the others: add deals")


def read_deals(path: Path, options: Mapping[str, Any]) -> OwnDeals:
    """Return the deals of a CSV file, one a line.

    Parameters
    ----------
    path : Path
        The file: columns ``cost`` and ``proceeds``, or ``multiple``; and as one likes ``weight``, ``held`` (yes or no:
        proceeds are then what the deal is worth now) and ``deal``, a name. A line that begins with # is a comment.
    options : dict
        ``held``, ``weights`` and ``tail_start`` of the section ``[deals]`` of the fund's file.

    Returns
    -------
    OwnDeals
        Weighted by the column ``weight``, else by cost, else equally.

    Raises
    ------
    InputError
        If a column is missing, unknown or there twice, or a cell does not hold what it must.
    """
    rows = _cells_of_deals(path)
    found = []
    for line, cells in rows:
        number = {c: _number(path, line, c, text) for c, text in cells.items() if c in NUMBERS}
        held = cells.get("held", "").lower()
        if held not in YES + NO:
            raise InputError(
                path, f"line {line}, held = {cells['held']!r}", "must be yes or no", "Write one of the two"
            )
        found.append((number, held in YES))
    for column in found[0][0]:
        _check_reach(path, column, [line for line, _ in rows], np.array([number[column] for number, _ in found]))
    weight = _weighted_by(path, rows[0][1], options)
    deals = OwnDeals(
        path,
        np.array([n["multiple"] if "multiple" in n else n["proceeds"] / n["cost"] for n, _ in found]),
        np.array([n[weight] if weight else 1.0 for n, _ in found]),
        np.array([held for _, held in found]),
        cast("Held", options.get("held", "kaplan_meier")),
        float(options.get("tail_start", TAIL_START)),
    )
    _check_worth_a_model(path, deals)
    return deals
