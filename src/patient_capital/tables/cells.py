"""The rules of a single cell, by the field of its column."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date

import pandas as pd

from patient_capital.tables.schema import Field

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")  # 18 digits always fit the 64 bits of a column
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MISSING_WORDS = {"nan", "na", "n/a", "none", "null", "-", "?", "unknown"}


def real_date(text: str) -> bool:
    """Say whether `text` is a calendar date of year, month or day precision (``2025-02-30`` is not)."""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", text)
    if match is None:
        return False
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _rule_for_type(field: Field, text: str) -> tuple[str, str] | None:
    """Return (rule, advice) if `text` is not of the field's type."""
    if text.lower() in _MISSING_WORDS and (field.required or field.type != "string"):
        return "a word stands for a missing value", "Leave the cell empty if the value is unknown."
    match field.type:
        case "integer" | "year" if not _INTEGER.fullmatch(text):
            return "must be a whole number", "Write digits only (18 at most), without separators or units."
        case "number" if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
            return "must be a number", "Write digits and a decimal point only, without separators or units."
        case "boolean" if text not in {"true", "false"}:
            return "must be true or false", "Write true or false in lower case."
        case "date" if len(text) != 10 or not real_date(text):
            return "must be a real date YYYY-MM-DD", "Check month and day."
    if field.partial_date and not real_date(text):
        return "must be a real date YYYY, YYYY-MM or YYYY-MM-DD", "Check month and day; drop what is not known."
    return None


def _rules_for_value(field: Field, text: str) -> Iterable[tuple[str, str]]:
    for item in text.split(";") if field.list_of else [text]:
        if field.enum and item not in field.enum:
            allowed = f"unknown {field.name}; allowed: {', '.join(field.enum)}"
            yield allowed, "Use one of them, or add it to datapackage.json."
    if field.type in {"integer", "number", "year"}:
        number = float(text)
        if field.minimum is not None and number < field.minimum:
            yield f"must be at least {field.minimum:g}", "Check the value and its unit."
        if field.maximum is not None and number > field.maximum:
            yield f"must be at most {field.maximum:g}", "Check the value and its unit."
    if field.pattern and not re.fullmatch(field.pattern, text):
        yield f"must match {field.pattern}", "Check the spelling."


def check_cell(field: Field, text: str) -> Iterable[tuple[str, str]]:
    """Yield rule and advice for each rule that a cell breaks."""
    if text == "":
        if field.required:
            yield "must not be empty", "Fill the cell; if the value is unknown, the row cannot be used."
        return
    if text != text.strip() or (field.list_of and any(part != part.strip() for part in text.split(";"))):
        yield "has stray spaces", "Remove spaces at the ends and around semicolons."
        text = ";".join(part.strip() for part in text.split(";")) if field.list_of else text.strip()
    if _CONTROL.search(text):
        yield "holds a control character", "Delete it; it may be invisible in an editor."
        return
    if field.list_of and "" in text.split(";"):
        yield "holds an empty list item", "Remove the doubled or dangling semicolon."
        return
    broken = _rule_for_type(field, text)
    if broken:
        yield broken
    else:
        yield from _rules_for_value(field, text)


def column_of(field: Field, cells: list[str]) -> pd.Series:
    """Return typed values; cells that broke a rule were reported before and count as missing."""
    match field.type:
        case "number":
            numbers = [float(c) if _NUMBER.fullmatch(c.strip()) else math.nan for c in cells]
            return pd.Series(numbers, dtype="float64", name=field.name)
        case "integer" | "year":
            whole = [int(c) if _INTEGER.fullmatch(c.strip()) else None for c in cells]
            return pd.Series(whole, dtype="Int64", name=field.name)
        case "boolean":
            flags = [{"true": True, "false": False}.get(c) for c in cells]
            return pd.Series(flags, dtype="boolean", name=field.name)
        case _:
            return pd.Series([c or None for c in cells], dtype="str", name=field.name)
