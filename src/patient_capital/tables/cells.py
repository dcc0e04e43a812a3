"""The rules of a single cell, by the field of its column."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from patient_capital.tables.schema import Field, real_date

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")  # 18 digits always fit the 64 bits of a column
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""Line ends and tabs among them: no cell runs over two lines, and none holds two."""
_OTHER_SPACE = re.compile(r"[^\S ]| {2,}")
_UNSEEN = frozenset({"Cf", "Zl", "Zp"})
"""Kinds of characters that show nothing: those that join, divide or turn round what stands beside them."""
_FILLERS = re.compile("[\u115f\u1160\u2800\u3164\uffa0\ufdd0-\ufdef\ufe00-\ufe0f\uffff\ufffe]|[\u0300-\u036f]")
"""Letters that show nothing, what is no character, and marks on a letter that no language writes so."""
_OF_PDF = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
"""Radicals and joined letters: a page that is copied from a PDF has them, looks the same, and is found by no search."""
_TWO_ALPHABETS = re.compile("[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
_REPLACED = re.compile(
    "\ufffd|[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac|\u00ef\u00bb\u00bf"  # UTF-8 read as a European encoding
    "|\u951f\u65a4\u62f7|[\ue000-\uf8ff]"  # UTF-8 read as GBK; characters that no font has
    "|[?\uff1f]{2,}"  # what a program writes for letters that its encoding lacks
)
_MISREAD = re.compile("[\u00a1-\u00ff]{4,}")
"""Chinese in GBK, read as a European encoding: no language has four such letters in a row."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
_SUSPECT = re.compile(
    r"[^A-Za-z0-9_ .,;:()'/%$\"\[\]*!~|{}-]|  |\"{2}|\*\*|\]\(|_x|\A-|\ALoading|(?<!http)(?<!https):", re.ASCII
)
"""What every mark of damage holds; nineteen cells of twenty hold none, and are looked at no closer."""
# Spreadsheets translate the names of their error values: #BEZUG!, #N/D, Err:502.
_ERROR_VALUE = re.compile(
    r"#(?:N/[AD]\b|NV\b|[\u00a1\u00bf]?[^\W\d_][\w/]*[!?])|#{3,}|\bErr:\d{3}\b|^#[^\s\d#]\S*$|^Loading\.\.\.$"
)
_FORMULA = re.compile(
    r"[=@\uff1d\uff20]\s*\S|[+-]\s*(?:[A-Za-z_.]+\(|\$?[A-Z]{1,3}\$?\d+\s*(?:[-+*/^&:]|$)|\d+(?:\.\d+)?[-+*/^]\d)"
)
_POWER = re.compile(r"\d(?:[.,]\d+)?E[+-]?\d+")
_BARE = re.compile(
    r"(?=.*\d)[-+(]?[\d.,/:]+\s?%?\)?|true|false|wahr|falsch|vrai|faux|verdadero|falso|vero|\u771f|\u5047",
    re.IGNORECASE,
)
"""What a spreadsheet makes of a name or a note: the number of a day, an hour, a part, a percentage, a truth value."""
_AS_ABOVE = re.compile(
    r"same|the same|ditto|idem|as (?:above|before)|see above|\u540c\u4e0a|[\"\u3003\u2033]|''", re.IGNORECASE
)
_TO_WRITE = re.compile(r"to-?do|tbd|tbc|tba|fixme|x{3,}|lorem ipsum.*", re.IGNORECASE)
_MONTHS = (
    "jan janv ene gen feb f\u00e9v f\u00e9vr mar m\u00e4r m\u00e4rz mars mrz apr avr abr mai may mag maj jun juin giu jul juil lug "
    "aug ao\u00fbt ago sep sept set oct okt ott out nov dec dez d\u00e9c dic"
).replace(" ", "|")
_MONTH = re.compile(
    rf"(?:\d{{1,2}}[-. ]+)?(?:{_MONTHS})\.?[- ]\d{{2}}|\d{{1,2}}[-. ]+(?:{_MONTHS})\.?|\d+\u5e74\d+\u6708(?:\d+\u65e5)?|\d+\u6708\d+\u65e5",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"</?[A-Za-z][\w-]*(?:\s[^>]*)?/?>|<!--|<\s*script|javascript:|&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]+);"
    r"|\]\(https?:|(?<!\*)\*\*(?=[^\s*])",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_|\\u[0-9a-fA-F]{4}|\\[nrt](?![a-z])|\\[\"']|\"\"")
"""What a program writes for a character that it cannot write."""
_REWRITTEN_DATE = re.compile(
    r"(?:\d{1,2}[-/. ])?[A-Z][a-z]{2}[a-z]*[-/. ,]+\d{2,4}|[A-Z][a-z]{2}-\d{1,2}|\d{1,4}[/.]\d{1,2}[/.]\d{1,4}"
    r"|\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{2}.*|[34]\d{4}(?:\.\d+)?|\d{4}\u5e74.*"
)
_FOOTNOTE = re.compile(r" \S*[A-Za-z.,;)\"] ?\[\d{1,2}\]|\[(?:edit|citation needed)\]|[*\u2020\u2021]$")
"""What a page prints behind a name or a sentence; the book sets a star itself, of a number with one voice."""
_WIDE_STOP = re.compile("[\uff0c\u3002\uff1b\uff1a\uff01\uff1f\u3001\uff08\uff09]")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LEADS_ON = re.compile(r"[?&]\w+=https?(?::|%3a)", re.IGNORECASE)
_OWN_MACHINE = re.compile(r"https?://(?:localhost|127\.|10\.|192\.168\.)", re.IGNORECASE)
ONE_ADDRESS = "Write one address, from https:// to its end, without a space (%20 stands for one)."
MOST_DIGITS = 15
"""Digits of a number that a program can keep; no source gives more."""
_MISSING_WORDS = {"nan", "na", "n/a", "none", "null", "unknown", *"-?/\u2013\u2014\u2026", "--", "...", "\u65e0"}


def _rule_for_type(field: Field, text: str) -> tuple[str, str] | None:
    """Return (rule, advice) if `text` is not of the field's type."""
    told = (
        field.required or field.type != "string" or field.is_words or field.dates_itself or field.pattern or field.enum
    )
    if text.lower() in _MISSING_WORDS and told and text not in field.enum:
        return "a word stands for a missing value", "Leave the cell empty if the value is unknown."
    match field.type:
        case "integer" | "year" if not _INTEGER.fullmatch(text):
            return "must be a whole number", "Write digits only (18 at most), without separators or units."
        case "number" if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
            return "must be a number", "Write digits and a decimal point only, without separators or units."
        case "number" if "e" in text.lower() and abs(float(text)) >= 1:
            return "is written with a power of ten", "Write all digits."
        case "number" if sum(map(str.isdigit, text.lower().partition("e")[0].strip("+-0."))) > MOST_DIGITS:
            return f"has more than {MOST_DIGITS} digits, as a program leaves a sum", "Write the digits of the source."
        case "boolean" if text not in {"true", "false"}:
            return "must be true or false", "Write true or false."
        case "date" if len(text) != 10 or not real_date(text):
            return "must be a real date YYYY-MM-DD", _date_advice(text, "Check month and day.")
    if field.partial_date and not real_date(text):
        advice = _date_advice(text, "Check month and day; drop what is not known.")
        return "must be a real date YYYY, YYYY-MM or YYYY-MM-DD", advice
    return None


def _date_advice(text: str, otherwise: str) -> str:
    if _REWRITTEN_DATE.fullmatch(text):
        return "A spreadsheet has rewritten the date: write 2025-03-06, and format the column as text."
    return otherwise


def _rules_for_value(field: Field, text: str) -> Iterable[tuple[str, str]]:
    for item in field.items(text):
        if field.enum and item not in field.enum:
            allowed = f"unknown {field.name}; allowed: {', '.join(field.enum)}"
            yield allowed, "Use one of them, or add it to datapackage.json."
    if field.type in {"integer", "number", "year"}:
        number = float(text)
        if field.minimum is not None and number < field.minimum:
            yield f"must be at least {field.minimum:g}", "Check the value and its unit."
        if field.maximum is not None and number > field.maximum:
            yield f"must be at most {field.maximum:g}", "Check the value and its unit."
    if field.pattern and not re.fullmatch(field.pattern, text, re.ASCII):  # digits are 0 to 9 alone
        advice = ONE_ADDRESS if field.is_address else _date_advice(text, "Check the spelling.")
        yield f"must match {field.pattern}", advice


def _unseen(text: str) -> str | None:
    """Return the first character of a text that shows nothing."""
    if text.isascii():
        return None
    found = _FILLERS.search(text)
    return found[0] if found else next((one for one in text if unicodedata.category(one) in _UNSEEN), None)


def _misread(text: str) -> str | None:
    """Return the first letters of a text that was written in UTF-8 or GBK, and read in another encoding."""
    if found := _REPLACED.search(text):
        return found[0][:2]
    if found := _MISREAD.search(text):
        return found[0][:4]
    for run in _NOT_ASCII.findall(text):
        for encoding in ("cp1252", "gbk"):
            try:
                meant = run.encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
            if encoding == "cp1252" or all("\u4e00" <= one <= "\u9fff" for one in meant):
                return str(run)[:4]
    return None


def _odd_character(text: str) -> tuple[str, str] | None:
    """Return (rule, advice) if a text holds a character that nobody would type there."""
    if found := _ESCAPED.search(text):
        return f"holds {found[0]!r}, which stands for another character", "Write that character, or a space."
    if found := _CONTROL.search(text):
        told = f"holds a control character (U+{ord(found[0]):04X})"
        return told, "Delete it, or write a space; it may be invisible in an editor."
    if unseen := _unseen(text):
        return f"holds an invisible character (U+{ord(unseen):04X})", "Delete it: retype the words around it."
    if found := _OTHER_SPACE.search(text):
        told = "two spaces in a row" if found[0][0] == " " else f"a space of another kind (U+{ord(found[0]):04X})"
        return f"holds {told}", "Write one plain space."
    if misread := _misread(text):
        return f"holds {misread!r}: the text was read in a wrong encoding", "Restore the cell, and save as UTF-8."
    if found := _OF_PDF.search(text):
        return f"holds a letter as a PDF writes it (U+{ord(found[0]):04X})", "Retype it: the usual one looks the same."
    if found := _TWO_ALPHABETS.search(text):
        return f"holds {found[0]!r}, letters of two alphabets in one word", "Retype the word."
    return None


def damage(text: str) -> tuple[str, str] | None:
    """Return (rule, advice) if a text bears the marks of what a spreadsheet, an editor or a web page does to text."""
    if not _SUSPECT.search(text):
        return None
    if odd := _odd_character(text):
        return odd
    if found := _ERROR_VALUE.search(text):
        return f"holds the error value {found[0]} of a spreadsheet", "Write the value itself, or leave the cell empty."
    if _FORMULA.match(text):
        return "is a formula of a spreadsheet", "Write the value itself; words that begin so need another beginning."
    if found := _MARKUP.search(text):
        return f"holds markup ({found[0]!r})", "Write plain text."
    return None


OF_MANY_FORMS = {"boolean", "integer", "number", "year"}
"""Types whose values can be written in several ways."""

_SAME_NUMBER = re.compile(r"\+?(-?)(?<!\+-)0*([0-9]+|(?=\.[0-9]))(?:\.([0-9]*))?")


def in_form(field: Field, text: str) -> str:
    """Return a cell as the book writes it: ``true`` for TRUE, ``5`` for +5, 05, ``5.`` and a whole 5.0; others as they are.

    What is one value in two forms would be two to whoever compares texts.
    """
    if field.type == "boolean" and text.lower() in {"true", "false"}:
        return text.lower()
    if field.type not in OF_MANY_FORMS or not (found := _SAME_NUMBER.fullmatch(text)):
        return text
    # What a program that knows no empty whole number makes of a column of them.
    part = "" if field.type in {"integer", "year"} and not (found[3] or "").strip("0") else found[3]
    number = (found[2] or "0") + (f".{part}" if part else "")
    return (found[1] if number.strip("0.") else "") + number


def _rule_for_words(field: Field, text: str) -> tuple[str, str] | None:
    """Return (rule, advice) if a text is not what somebody wrote there, or says nothing."""
    words = field.is_words
    if field.type in {"string", "number"} and _POWER.fullmatch(text):
        return "is a long number as a spreadsheet shortens it", "Write all digits, and format the column as text."
    if field.type == "string" and not field.pattern and not field.partial_date and _MONTH.fullmatch(text):
        advice = "Write what stood there before, and format the column as text."
        return "is a date as a spreadsheet writes it", advice
    if words and _BARE.fullmatch(text):
        advice = "Write what stood there before; say in words what a number is."
        return "is a number or a truth value where words stand", advice
    if words and _TO_WRITE.fullmatch(text):
        return "is to be written yet", "Write it, or leave the cell empty."
    if words and text.startswith("'") and "'" not in text[1:]:
        return "begins with the apostrophe of a spreadsheet", "Delete it, and format the column as text."
    if words and _AS_ABOVE.fullmatch(text):
        return "stands for what another row says, and rows have no order", "Write it out."
    if field.name.endswith("_zh") and not re.search("[\u4e00-\u9fff]", text):
        return "holds no Chinese character", "Write it in Chinese; it may stand in the wrong column."
    return None


def _rule_for_end(field: Field, text: str) -> tuple[str, str] | None:
    """Return (rule, advice) if a text in words was cut, or copied with what belongs to its page."""
    if not (field.is_words or field.quotes):
        return None
    if text.replace("\uff08", "(").count("(") > text.replace("\uff09", ")").count(")") and "\\" not in text:
        return "opens a bracket and does not close it", "Close it; the text may have been cut short."
    if not field.is_words:
        return None
    if text.endswith(("...", "\u2026")) and not field.name.startswith("title"):
        return "is cut short", "Write all of it."
    if found := _FOOTNOTE.search(text):
        return f"holds the mark of a footnote ({found[0][-4:].strip()!r})", "Delete it; what it says belongs in a note."
    if (found := _WIDE_STOP.search(text)) and not _EAST_ASIAN.search(text):
        return f"holds {found[0]!r} and no Chinese", "Write the narrow sign."
    return None


def _rule_for_address(field: Field, text: str) -> tuple[str, str] | None:
    """Return (rule, advice) if an address is not that of the page itself, as others would open it."""
    if not field.is_address:
        return None
    if _LEADS_ON.search(text):
        return "leads on to another address", "Write that address; this one counts who follows it."
    if _OWN_MACHINE.match(text):
        return "is an address of one's own machine", "Write the address that others can open."
    if text[-1] in ".,;:\uff0c\u3002\uff1b":
        return "ends with the stop of a sentence", "Delete it."
    return None


def _rule_for_list(field: Field, text: str) -> tuple[str, str] | None:
    """Return (rule, advice) if a list is not items between semicolons, each of them once."""
    if not field.list_of:
        return None
    if found := re.search("[\uff1b\u3001]", text):
        return f"holds {found[0]!r} between items", "Write semicolons (;) between them, and nothing else."
    if "" in text.split(";"):
        return "holds an empty list item", "Remove the doubled or dangling semicolon."
    if again := [item for item, count in Counter(text.split(";")).items() if count > 1]:
        return f"names {', '.join(again)} twice", "Keep one of them."
    return None


def check_cell(field: Field, text: str) -> Iterable[tuple[str, str]]:
    """Yield rule and advice for each rule that a cell breaks."""
    if text == "":
        if field.required:
            yield "must not be empty", "Fill the cell; if the value is unknown, the row cannot be used."
        return
    if text != text.strip() or (field.list_of and any(part != part.strip() for part in text.split(";"))):
        yield "has stray spaces", "Remove spaces at the ends and around semicolons."
        text = ";".join(part.strip() for part in text.split(";")) if field.list_of else text.strip()
    looks = (_rule_for_words, _rule_for_end, _rule_for_address, _rule_for_list, _rule_for_type)
    broken = damage(text) or next(filter(None, (look(field, text) for look in looks)), None)
    if broken:
        yield broken
    else:
        yield from _rules_for_value(field, text)


def last_digit(text: str) -> float:
    """Return what one in the last digit of a number is worth, as it is written: a hundredth in ``1.50``."""
    return 10.0 ** -len(text.partition(".")[2])


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
