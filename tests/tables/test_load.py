"""The loader names every fault of the data with its place, its rule and what to do."""

from __future__ import annotations

import errno
import json
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patient_capital.tables import DataError, cells, read, read_package, strays
from patient_capital.tables.cells import MOST_DIGITS, check_cell, in_form
from patient_capital.tables.read import MOST_LETTERS_KEPT, known_of, load, tidied
from patient_capital.tables.schema import Field, real_date

WORDS = Field("note", "string", "Note", "")
FUNDS, SOURCES, PROVINCES = "funds.csv", "sources.csv", "provinces.csv"


def only(package):
    """Return the one problem of a package."""
    (problem,) = package.problems()
    return problem


# A clean package


def test_clean_package_has_typed_columns(package):
    data = package.load()
    funds = data.frame("funds")
    assert {name: str(kind) for name, kind in funds.dtypes.items() if str(kind) != "str"} == {
        "announced_cny_bn": "float64",
        "amount": "float64",
        "founded": "Int64",
    }
    assert str(data.frame("sources")["reprint"].dtype) == "boolean"
    assert str(data.frame("provinces")["firms"].dtype) == "Int64"
    assert list(funds.index) == ["national", "regional", "local"]
    assert funds["announced_cny_bn"].tolist() == [1000.0, 100.0, 0.5]
    assert data.frame("sources")["reprint"].tolist() == [False, True]


def test_empty_cells_are_missing(package):
    data = package.load()
    regional = data.frame("funds").loc["regional"]
    assert all(pd.isna(regional[name]) for name in ("amount", "unit", "founded", "agreed_on", "note"))
    assert data.frame("provinces")["firms"].isna().tolist() == [False, True]


def test_text_keeps_cells_as_written(package):
    text = package.load().table("funds").text
    assert [text[row]["announced_cny_bn"] for row in text] == ["1000.0", "100", "0.50"]
    assert text["regional"]["name"] == "Region, first"
    assert text["local"]["note"] == 'says "so" twice'
    assert text["national"]["note"] == "Ünïcode 国"
    assert text["national"]["parent_id"] == ""


def test_lines_are_those_of_the_file(package):
    assert package.load().table("funds").lines == {"national": 2, "regional": 3, "local": 4}


def test_a_row_is_named_by_its_first_line(package):
    package.set(FUNDS, 2, "note", "two\nlines")
    package.set(FUNDS, 3, "stage", "pledged")
    assert [(p.row, p.column) for p in package.problems()] == [(2, "note"), (4, "stage")]


def test_what_is_wrong_is_told_whenever_a_table_is_read_and_by_the_rule_that_holds_then(package):
    package.set(FUNDS, 3, "stage", "pledged")
    first = [str(problem) for problem in package.problems()]
    assert len(first) == 1
    assert [str(problem) for problem in package.problems()] == first
    field = replace(WORDS, name="remembered")
    assert known_of(field) is known_of(replace(field))
    assert known_of(field) is not known_of(replace(field, pattern="a"))


def test_no_long_text_is_remembered(package):
    package.set(FUNDS, 2, "note", " ".join(["word"] * MOST_LETTERS_KEPT))
    note = package.load().table("funds").schema.field("note")
    assert known_of(note)
    assert max(map(len, known_of(note))) <= MOST_LETTERS_KEPT


def test_schema_is_read(package):
    schema = package.load().table("funds").schema
    assert schema.source_fields == ("source_keys",)
    assert (schema.label_column, schema.date_column, schema.as_of, schema.group) == (
        "name", "announced_on", "2026-01-01", "funds",
    )  # fmt: skip
    assert [(key.field, key.table, key.column) for key in schema.foreign_keys] == [
        ("province", "provinces", "code"),
        ("parent_id", "funds", "fund_id"),
    ]
    assert (schema.field("announced_cny_bn").unit, schema.field("amount").unit_column) == ("cny_bn", "unit")
    assert (schema.field("announced_cny_bn").minimum, schema.field("announced_cny_bn").maximum) == (0, 2000)


def test_unknown_table_and_column_name_the_known_ones(package):
    data = package.load()
    with pytest.raises(KeyError, match="no table 'fund'; perhaps 'funds'"):
        data.table("fund")
    with pytest.raises(KeyError, match="no column of provinces 'nmae'; perhaps 'name'"):
        data.table("provinces").schema.field("nmae")


def test_frame_is_a_copy(package):
    data = package.load()
    mine = data.frame("provinces")
    mine.loc["CN-AH", "firms"] = 99
    assert data.frame("provinces").loc["CN-AH", "firms"] == 12


# Wrong cells

PARTIAL, DAY = "real date YYYY, YYYY-MM or YYYY-MM-DD", "real date YYYY-MM-DD"
WRITE = "Write the value itself"
WRONG_CELLS = [
    ("unknown unit", FUNDS, 2, "unit", "bn_cny", "unknown unit; allowed: cny_bn, pct", "Use one of them"),
    ("unknown stage", FUNDS, 3, "stage", "pledged", "unknown stage; allowed: announced, paid_in", "Use one of them"),
    ("unknown list item", FUNDS, 2, "tags", "chips;steel", "unknown tags; allowed: chips, energy", "Use one of them"),
    ("day not in month", FUNDS, 2, "announced_on", "2025-02-30", PARTIAL, "Check month"),
    ("month not in year", FUNDS, 3, "announced_on", "2025-13", PARTIAL, "Check month"),
    ("date as words", FUNDS, 3, "announced_on", "July 2025", PARTIAL, "rewritten"),
    ("impossible full date", FUNDS, 2, "agreed_on", "2025-02-29", DAY, "Check month and day"),
    ("date too short", FUNDS, 2, "agreed_on", "2025-02", DAY, "Check month and day"),
    ("nan", FUNDS, 2, "announced_cny_bn", "NaN", "word stands for a missing value", "Leave the cell empty"),
    ("n/a", FUNDS, 2, "name", "n/a", "word stands for a missing value", "Leave the cell empty"),
    ("n/a in optional number", FUNDS, 2, "amount", "n/a", "word stands for a missing value", "Leave the cell empty"),
    ("empty required", FUNDS, 4, "announced_cny_bn", "", "must not be empty", "Fill the cell"),
    ("empty required list", FUNDS, 4, "source_keys", "", "must not be empty", "Fill the cell"),
    ("thousands", FUNDS, 2, "announced_cny_bn", "1,000", "must be a number", "without separators"),
    ("unit in cell", FUNDS, 2, "announced_cny_bn", "100bn", "must be a number", "without separators or units"),
    ("infinite", FUNDS, 2, "amount", "1e999", "must be a number", "digits and a decimal point only"),
    ("foreign digits", FUNDS, 2, "amount", "\uff11\uff12", "must be a number", "digits and a decimal point only"),
    ("below minimum", FUNDS, 3, "announced_cny_bn", "-0.1", "must be at least 0", "Check the value and its unit"),
    ("above maximum", FUNDS, 3, "announced_cny_bn", "2000.5", "must be at most 2000", "Check the value and its unit"),
    ("year too early", FUNDS, 2, "founded", "1979", "must be at least 1980", "Check the value"),
    ("fraction", PROVINCES, 2, "firms", "1.5", "must be a whole number", "digits only"),
    ("error value in German", FUNDS, 2, "note", "#BEZUG!", "holds the error value #BEZUG!", WRITE),
    ("error value in Spanish", FUNDS, 2, "note", "#N/D", "holds the error value #N/D", WRITE),
    ("error value with a number", FUNDS, 2, "note", "Err:502", "holds the error value Err:502", WRITE),
    ("address of a cell", FUNDS, 2, "note", "+A1", "is a formula of a spreadsheet", WRITE),
    ("sum of cells", FUNDS, 2, "note", "-$A$1+B1", "is a formula of a spreadsheet", WRITE),
    ("letters lost", FUNDS, 2, "note", "??", "the text was read in a wrong encoding", "save as UTF-8"),
    ("line separator", FUNDS, 2, "note", "one\u2028two", "holds an invisible character (U+2028)", "retype"),
    ("letter that shows nothing", FUNDS, 2, "note", "x\u3164", "holds an invisible character (U+3164)", "retype"),
    ("number shortened", FUNDS, 3, "announced_cny_bn", "1.00E+02", "as a spreadsheet shortens it", "Write all digits"),
    ("sum of a program", FUNDS, 3, "announced_cny_bn", "161.83999999999997", "more than 15 digits", "of the source"),
    ("listed twice", FUNDS, 2, "tags", "chips;energy;chips", "names chips twice", "Keep one of them"),
    ("keys with a comma", FUNDS, 3, "source_keys", "gov_work_report,caixin_2025", "is not a source_key", "semicolons"),
    ("whole number too long", PROVINCES, 2, "firms", "9" * 19, "must be a whole number", "digits only"),
    ("whole number far too long", PROVINCES, 2, "firms", "9" * 5000, "must be a whole number", "digits only"),
    ("boolean as words", SOURCES, 2, "reprint", "yes", "must be true or false", "Write true or false"),
    ("month as a spreadsheet writes it", FUNDS, 3, "announced_on", "Jul-25", "real date YYYY", "rewritten the date"),
    ("day as a spreadsheet writes it", FUNDS, 2, "agreed_on", "2/28/2025", DAY, "rewritten the date"),
    ("day as a number", FUNDS, 2, "agreed_on", "45716", DAY, "rewritten the date"),
    ("day and hour as a number", FUNDS, 2, "agreed_on", "45716.5", DAY, "rewritten the date"),
    ("percent sign", FUNDS, 2, "amount", "15%", "must be a number", "without separators or units"),
    ("typographic minus", FUNDS, 2, "amount", "\u22123.5", "must be a number", "digits and a decimal point only"),
    ("apostrophe", FUNDS, 2, "amount", "'3.5", "must be a number", "digits and a decimal point only"),
    ("day as a number in a name", FUNDS, 3, "name", "44927", "is a number or a truth value", "in words"),
    ("part in a note", FUNDS, 3, "note", "1/2", "is a number or a truth value", "in words"),
    ("truth in a note", FUNDS, 3, "note", "TRUE", "is a number or a truth value", "in words"),
    ("percentage in a note", FUNDS, 3, "note", "26%", "is a number or a truth value", "in words"),
    ("amount in brackets in a note", FUNDS, 3, "note", "(1,234.5)", "is a number or a truth value", "in words"),
    ("words of the row above", FUNDS, 3, "note", "ditto", "stands for what another row says", "Write it out"),
    ("fraction as a spreadsheet writes it", FUNDS, 3, "name", "2-Jan", "is a date as a spreadsheet", "as text"),
    ("long number as a spreadsheet shortens it", FUNDS, 3, "note", "9.14403E+17", "shortens it", "Write all digits"),
    ("error value", FUNDS, 3, "name", "#REF!", "error value #REF! of a spreadsheet", WRITE),
    (
        "error value in a number",
        FUNDS,
        3,
        "amount",
        "#N/A",
        "error value #N/A of a spreadsheet",
        "leave the cell empty",
    ),
    ("too narrow a column", FUNDS, 3, "name", "#####", "error value ##### of a spreadsheet", WRITE),
    ("formula", FUNDS, 3, "note", "=1+1", "is a formula of a spreadsheet", WRITE),
    ("call", FUNDS, 3, "note", "@SUM(A1:A9)", "is a formula of a spreadsheet", WRITE),
    ("signed call", FUNDS, 3, "note", "-cmd(1)", "is a formula of a spreadsheet", WRITE),
    ("zero width space", FUNDS, 3, "name", "Region\u200b", "invisible character (U+200B)", "Delete it"),
    ("text from right to left", FUNDS, 3, "note", "a\u202eb", "invisible character (U+202E)", "Delete it"),
    ("byte order mark inside", FUNDS, 3, "note", "a\ufeffb", "invisible character (U+FEFF)", "Delete it"),
    ("lost characters", FUNDS, 3, "note", "R\ufffdgion", "wrong encoding", "Restore the cell"),
    ("UTF-8 as Latin", FUNDS, 3, "note", "R\u00c3\u00a9gion", "wrong encoding", "Restore the cell"),
    ("script", FUNDS, 3, "note", "<script>alert(1)</script>", "holds markup ('<script>')", "Write plain text"),
    ("tag", FUNDS, 3, "note", 'a <img src="x" onerror="y"> b', "holds markup", "Write plain text"),
    ("entity", FUNDS, 3, "note", "R&amp;D", "holds markup ('&amp;')", "Write plain text"),
    ("pattern", SOURCES, 3, "url", "example.org", "must match https://.+", "Write one address"),
    ("leading space", FUNDS, 2, "name", " National fund", "has stray spaces", "Remove spaces"),
    ("trailing no-break space", FUNDS, 2, "name", "National fund\u00a0", "has stray spaces", "Remove spaces"),
    ("spaces in a list", FUNDS, 2, "tags", "chips; energy", "has stray spaces", "around semicolons"),
    ("empty list item", FUNDS, 2, "tags", "chips;;energy", "empty list item", "semicolon"),
    ("dangling semicolon", FUNDS, 2, "source_keys", "caixin_2025;", "empty list item", "semicolon"),
    ("unknown parent", FUNDS, 3, "parent_id", "nation", "is not a fund_id of funds.csv", "add the row to funds.csv"),
    ("wrong province", FUNDS, 3, "province", "CN-XX", "is not a code of provinces.csv", "add the row to provinces.csv"),
    ("duplicate id", FUNDS, 4, "fund_id", "national", "is already in row 2", "Ids are never reused"),
    ("duplicate unique", PROVINCES, 3, "name", "Anhui", "is already in row 2", "Keep one of the two rows"),
    ("duplicate in capitals", PROVINCES, 3, "name", "ANHUI", "is already in row 2", "Keep one of the two rows"),
    ("NUL", FUNDS, 3, "note", "a\0b", "holds a control character (U+0000)", "Delete it"),
    ("tab inside", FUNDS, 3, "name", "Region\tfund", "holds a control character (U+0009)", "write a space"),
    ("line break inside", FUNDS, 3, "name", "Region\nfund", "holds a control character (U+000A)", "write a space"),
    ("no-break space inside", FUNDS, 3, "name", "Region\u00a0fund", "a space of another kind (U+00A0)", "one plain"),
    ("wide space inside", FUNDS, 3, "note", "国\u3000家", "a space of another kind (U+3000)", "one plain"),
    ("doubled space", FUNDS, 3, "name", "Region  fund", "holds two spaces in a row", "one plain"),
    *(
        ("no value in words", FUNDS, 3, "note", one, "stands for a missing", "empty")
        for one in ("n/a", "None", "-", "—")
    ),
    *(("to be written", FUNDS, 3, "note", one, "is to be written yet", "Write it") for one in ("TBD", "todo", "XXX")),
    *(
        ("as above", FUNDS, 3, "note", one, "stands for what another row", "Write it out")
        for one in ("〃", '"', "同上")
    ),
    *(("truth elsewhere", FUNDS, 3, "note", one, "or a truth value", "in words") for one in ("WAHR", "VRAI", "真")),
    *(
        ("month elsewhere", FUNDS, 3, "name", one, "is a date as a spreadsheet", "as text")
        for one in ("06. Mrz", "janv-24", "15-août", "Okt 24", "3月6日", "2025年3月6日", "2025年3月")
    ),
    *(
        ("error elsewhere", FUNDS, 3, "amount", one, f"the error value {one} of a spreadsheet", WRITE)
        for one in ("#¡REF!", "#¿NOMBRE?", "#Н/Д", "#N/B", "#YOK", "#I/T", "#GETTING_DATA", "Loading...")
    ),
    *(
        ("formula otherwise", FUNDS, 3, "note", one, "is a formula of a spreadsheet", WRITE)
        for one in ("＝A1", "-1+1", "+2*3")
    ),
    *(
        ("read in a wrong encoding", FUNDS, 3, "note", f"a {one} b", "in a wrong encoding", "save as UTF-8")
        for one in ("äººå·¥æ™ºèƒ½", "浜哄伐鏅鸿兘", "ÖÐ¹ú", "â€œ")
    ),
    *(
        (
            "another sign written for it",
            FUNDS,
            3,
            "note",
            f"a{one}b",
            "which stands for another character",
            "Write that",
        )
        for one in ("_x000D_", "\\u4e2d")
    ),
    ("hour in a name", FUNDS, 3, "name", "12:30", "is a number or a truth value", "in words"),
    ("apostrophe in words", FUNDS, 3, "note", "'2025 plan", "the apostrophe of a spreadsheet", "as text"),
    ("radicals of a PDF", FUNDS, 3, "note", "⼈工", "a letter as a PDF writes it (U+2F08)", "Retype"),
    ("joined letters of a PDF", FUNDS, 3, "note", "ﬁrms", "a letter as a PDF writes it (U+FB01)", "Retype"),
    ("Cyrillic letter", FUNDS, 3, "note", "Сhina", "letters of two alphabets in one word", "Retype"),
    ("choice of a picture", FUNDS, 3, "note", "a\ufe0f", "holds an invisible character (U+FE0F)", "Delete it"),
    ("entity by name", FUNDS, 3, "note", "a &mdash; b", "holds markup ('&mdash;')", "Write plain text"),
    ("wide semicolon", FUNDS, 2, "tags", "chips；energy", "holds '；' between items", "Write semicolons"),
    ("bracket left open", FUNDS, 3, "note", "the guide (draft", "opens a bracket and does not close it", "Close it"),
    ("wide bracket left open", FUNDS, 3, "note", "指引（征求意见稿", "opens a bracket and does not close", "Close it"),
    ("cut short", FUNDS, 3, "note", "the guide to the angel …", "is cut short", "Write all of it"),
    ("cut short by a program", FUNDS, 3, "note", "the guide to the ang...", "is cut short", "Write all of it"),
    ("footnote", FUNDS, 3, "name", "Regional fund [3]", "holds the mark of a footnote ('[3]')", "Delete it"),
    ("star", FUNDS, 3, "name", "Regional fund*", "holds the mark of a footnote", "Delete it"),
    ("wide full stop", FUNDS, 3, "note", "Registered in Wuhan。", "holds '。' and no Chinese", "Write the narrow sign"),
    ("Markdown", FUNDS, 3, "note", "see [it](https://example.org/a)", "holds markup (']", "Write plain text"),
    ("bold", FUNDS, 3, "note", "a **large** fund", "holds markup ('**')", "Write plain text"),
    ("quotes doubled", FUNDS, 3, "note", 'the ""data"" fund', "which stands for another character", "Write that"),
    ("quotes escaped", FUNDS, 3, "note", "the fund\\'s name", "which stands for another character", "Write that"),
    ("NA in a date", FUNDS, 3, "agreed_on", "NA", "a word stands for a missing value", "Leave the cell empty"),
    (
        "NA in a part of a date",
        FUNDS,
        3,
        "announced_on",
        "NA",
        "a word stands for a missing value",
        "Leave the cell empty",
    ),
    ("NA in a column of few values", FUNDS, 3, "stage", "NA", "a word stands for a missing value", "Leave the cell"),
    ("redirect", SOURCES, 3, "url", "https://www.google.com/url?q=https://example.org/a", "leads on to", "Write that"),
    (
        "redirect in code",
        SOURCES,
        3,
        "url",
        "https://link.zhihu.com/?target=https%3A//a.org",
        "leads on to",
        "Write that",
    ),
    (
        "own machine",
        SOURCES,
        3,
        "url",
        "https://localhost:8888/a",
        "is an address of one's own machine",
        "others can open",
    ),
    (
        "stop behind an address",
        SOURCES,
        3,
        "url",
        "https://example.org/a.",
        "ends with the stop of a sentence",
        "Delete it",
    ),
    ("power of ten", FUNDS, 3, "announced_cny_bn", "1.5e3", "with a power of ten", "Write all digits"),
]


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "rule", "advice"),
    [case[1:] for case in WRONG_CELLS],
    ids=[case[0] for case in WRONG_CELLS],
)
def test_wrong_cell_is_named(package, name, row, column, value, rule, advice):
    package.set(name, row, column, value)
    problem = only(package)
    assert (problem.file, problem.row, problem.column, problem.value) == (name, row, column, value)
    assert rule in problem.rule
    assert advice in problem.advice
    shown = str(problem)
    assert shown.startswith(f"{name}, row {row}, column {column}: {value!r}: ")
    assert shown.endswith(f"{problem.rule}. {problem.advice}")


def test_dangling_source_key_is_named_alone(package):
    package.set(FUNDS, 3, "source_keys", "gov_work_report;caixin_2052")
    problem = only(package)
    assert (problem.file, problem.row, problem.column, problem.value) == (FUNDS, 3, "source_keys", "caixin_2052")
    assert problem.rule == "is not a source_key of sources.csv"
    assert "sources.csv" in problem.advice


@pytest.mark.parametrize("code", ["AH", "CN-AHX", "cn-ah"])
def test_key_of_wrong_form_is_named_where_it_stands_and_where_it_is_used(package, code):
    package.set(PROVINCES, 2, "code", code)
    places = {(p.file, p.row, p.column, p.value, p.rule) for p in package.problems()}
    assert places == {
        (PROVINCES, 2, "code", code, "must match CN-[A-Z]{2}"),
        (FUNDS, 2, "province", "CN-AH", "is not a code of provinces.csv"),
    }


def test_empty_primary_key_is_reported_even_if_not_declared_required(package):
    package.set(PROVINCES, 2, "code", "")
    assert (PROVINCES, 2, "code", "", "must not be empty") in {
        (p.file, p.row, p.column, p.value, p.rule) for p in package.problems()
    }


def test_references_of_both_rows_of_a_duplicate_id_are_checked(package):
    package.set(FUNDS, 2, "source_keys", "nobody")
    package.set(FUNDS, 3, "fund_id", "national")
    package.set(FUNDS, 4, "parent_id", "")
    assert {(p.row, p.column, p.value) for p in package.problems()} == {
        (2, "source_keys", "nobody"),
        (3, "fund_id", "national"),
    }


ODD = [
    "+29 percent",
    "'s Hertogenbosch, 't",
    "by 2025年3月 all",
    "联通",
    "a 12 firm",
    "µm and café",
    "-5 to 3",
    "#1 of 5",
    "R&D",
    "a < b > c",
    "May-Lee",
    "1/2 of it",
    "3i",
    "one … two",
    "a) first, b) second",
    "votes[12]",
    "***亿元",
    "国，又",
    "E-Town",
    "AT&T; B",
    "-G20 members",
    "C# is one! Who?",
]


@pytest.mark.parametrize("word", ODD)
def test_optional_text_may_hold_any_word(package, word):
    package.set(FUNDS, 2, "note", word)
    assert package.load().table("funds").text["national"]["note"] == word


# Wrong files


def test_latin_1_is_named_with_its_line_and_byte(package):
    package.file(FUNDS).write_bytes(
        package.file(FUNDS).read_text(encoding="utf-8").replace(" 国", "").encode("latin-1")
    )
    problem = only(package)
    assert (problem.file, problem.row, problem.value) == (FUNDS, 2, "byte 0xdc")
    assert (problem.rule, problem.advice) == ("the file is not UTF-8", "Save as UTF-8.")


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-32", "UTF-32")]
)
def test_wide_encodings_are_named(package, encoding, name):
    package.file(FUNDS).write_bytes(package.file(FUNDS).read_text(encoding="utf-8").encode(encoding))
    problem = only(package)
    assert (problem.file, problem.row) == (FUNDS, 1)
    assert (problem.rule, problem.advice) == (f"the file is {name}", "Save as UTF-8.")


def _spread(raw: bytes) -> dict[str, bytes]:
    """Return a table as programs save it without changing a value."""
    columns = raw.split(b"\n", 1)[0].count(b",") + 1
    return {
        "byte order mark": b"\xef\xbb\xbf" + raw,
        "CRLF": raw.replace(b"\n", b"\r\n"),
        "CR": raw.replace(b"\n", b"\r"),
        "no line end": raw.rstrip(b"\n"),
        "empty rows": raw.replace(b"\n", b"\n\n" + b"," * (columns - 1) + b"\n") + b"\n\n",
        "empty columns": raw.replace(b"\n", b",,\n"),
        "an end as DOS wrote it": raw + b"\x1a",
        "capital booleans": raw.replace(b",false", b",FALSE").replace(b",true", b",True"),
    }


def test_chinese_in_the_letters_of_ascii_is_named(package):
    text = package.file("funds.csv").read_text(encoding="utf-8")
    package.file("funds.csv").write_bytes(text.encode("utf-7"))
    (problem,) = (one for one in package.problems() if one.file == "funds.csv")
    assert (problem.row, problem.rule, problem.advice) == (1, "the file is UTF-7", "Save as UTF-8.")


@pytest.mark.parametrize("note", ["a + b", "C++", "tel +86-10", "AI+", "+", "Seed+-A", "+8610-", "x+yz-1"])
def test_a_plus_sign_makes_no_other_encoding(package, note):
    text = package.file("funds.csv").read_text(encoding="utf-8").replace("Ünïcode 国", note)
    package.file("funds.csv").write_text(text, encoding="ascii")
    assert package.load().table("funds").text["national"]["note"] == note


@pytest.mark.parametrize("form", list(_spread(b"a,b\n")))
def test_forms_that_change_no_value_are_taken_and_tidied(package, form):
    before, values = package.file(SOURCES).read_bytes(), package.load().table("sources").text
    package.file(SOURCES).write_bytes(_spread(before)[form])
    assert package.load().table("sources").text == values
    assert tidied(package.folder)[SOURCES].encode() == before
    package.file(SOURCES).write_text(tidied(package.folder)[SOURCES], encoding="utf-8", newline="")
    assert SOURCES not in tidied(package.folder)


@pytest.mark.parametrize(
    ("column", "written", "read"),
    [
        ("amount", "+20", "20"),
        ("amount", "020", "20"),
        ("amount", "20.", "20"),
        ("amount", ".50", "0.50"),
        ("amount", "-0", "0"),
        ("amount", "-0.5", "-0.5"),
        ("founded", "+2025", "2025"),
        ("founded", "2025.0", "2025"),
        ("amount", "20.0", "20.0"),
        ("note", "+20 of 020.", "+20 of 020."),
        ("note", "U\u0308ber", "Über"),
    ],
)
def test_one_value_has_one_form_whoever_writes_it(package, column, written, read):
    """Two rows with the year 2025 and +2025 would else have two natural keys."""
    package.set(FUNDS, 2, column, written)
    assert package.load().table("funds").text["national"][column] == read
    assert (FUNDS in tidied(package.folder)) == (written != read)


def test_digits_of_other_scripts_are_no_digits_of_a_pattern_and_latin_is_no_chinese():
    assert not list(check_cell(replace(WORDS, pattern=r"\d{4}"), "2025"))
    assert list(check_cell(replace(WORDS, pattern=r"\d{4}"), "２０２５"))
    assert not list(check_cell(replace(WORDS, name="name_zh"), "DeepSeek (深度求索)"))
    [(rule, _)] = check_cell(replace(WORDS, name="name_zh"), "DeepSeek")
    assert rule == "holds no Chinese character"


def test_a_table_with_a_wrong_cell_is_not_tidied(package):
    package.set(FUNDS, 2, "amount", "x")
    with pytest.raises(DataError):
        tidied(package.folder)


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators_are_named(package, mark, name):
    package.file(SOURCES).write_text(package.file(SOURCES).read_text(encoding="utf-8").replace(",", mark))
    assert [p.rule for p in package.problems() if p.file == SOURCES] == [f"the columns are separated by {name}"]


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "||||||| 1a2b3c4", ">>>>>>> theirs,,,"])
def test_marks_of_a_conflict_are_named(package, mark):
    package.replace(FUNDS, b"regional,", f"{mark}\nregional,".encode())
    problem = only(package)
    assert (problem.file, problem.row, problem.value) == (FUNDS, 3, mark)


@pytest.mark.parametrize("start", [start for starts in read.FOREIGN.values() for start in starts])
def test_a_file_of_another_kind_is_named_by_its_kind(package, start):
    package.file(FUNDS).write_bytes(b"\n" + start + b" and more, \xff\n")
    what = next(what for what, starts in read.FOREIGN.items() if start in starts)
    assert (only(package).rule, only(package).row) == (f"the file is {what}", 1)


def test_what_is_no_row_of_the_table_is_named_in_one_line(package):
    header, *rows = package.file(FUNDS).read_text(encoding="utf-8").splitlines()
    lines = [header, header, *rows, rows[0], "Total" + "," * 4 + ",1100.5" + "," * 8]
    package.file(FUNDS).write_text("\n".join(lines), encoding="utf-8")
    assert [(p.row, p.rule) for p in package.problems()] == [
        (2, "repeats the header"),
        (6, "repeats another row, cell by cell"),
        (7, "lacks name, province, source_keys"),
    ]


@pytest.mark.parametrize("above", ["Funds of the state", "sep=,", ""])
def test_what_stands_above_the_header_is_named(package, above):
    text = package.file(FUNDS).read_text(encoding="utf-8")
    package.file(FUNDS).write_text(f"{above}\n{text}", encoding="utf-8")
    assert (only(package).rule, only(package).advice) == ("the header stands in row 2", "Delete what stands above it.")


def test_a_file_that_is_no_table_of_the_book_is_not_read_whole(package):
    package.file(FUNDS).write_bytes(b"a" * (read.LARGEST_FILE + 1))
    assert only(package).rule == "the file has 20 MB, more than any table of the book"


@pytest.mark.parametrize("name", [".~lock.funds.csv#", "~$funds.xlsx", ".DS_Store", "Thumbs.db", "notes.csv"])
def test_foreign_files_are_passed_over(package, name):
    package.file(name).write_bytes(b"\0\xff")
    assert package.load().tables.keys() == {"sources", "provinces", "funds"}


def test_one_cause_in_many_columns_is_one_line(package):
    for row, column in ((2, "amount"), (3, "amount"), (4, "founded")):
        package.set(FUNDS, row, column, "NA")
    with pytest.raises(DataError) as error:
        package.load()
    (line,) = error.value.lines
    assert line.startswith("funds.csv, row 2, column amount: 'NA': a word stands for a missing value.")
    assert line.endswith(" The same in 2 more cells: 3 (amount), 4 (founded).")


def test_what_names_a_row_that_is_broken_is_not_blamed(package):
    package.replace(FUNDS, b"national,", b"national,,")
    (problem,) = package.problems()
    assert (problem.row, problem.rule) == (2, "has 15 cells, the header has 14")


def test_one_cause_in_many_rows_is_one_line(package):
    for row in (2, 3, 4):
        package.set(FUNDS, row, "source_keys", "nobody")
    with pytest.raises(DataError) as error:
        package.load()
    assert len(error.value.problems) == 3
    assert len(error.value.lines) == 1
    assert error.value.lines[0].endswith(" The same in 2 more rows: 3, 4.")


@pytest.mark.parametrize(
    ("added", "row", "count", "advice"), [(b",extra", 4, 15, "hold a comma"), (b"\nCN-SH", 5, 1, "cut short")]
)
def test_ragged_row_is_named(package, added, row, count, advice):
    package.file(FUNDS).write_bytes(package.file(FUNDS).read_bytes()[:-1] + added + b"\n")
    problem = only(package)
    assert (problem.file, problem.row) == (FUNDS, row)
    assert problem.rule == f"has {count} cell{'s' if count > 1 else ''}, the header has 14"
    assert advice in problem.advice


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        (b"code,name", "missing ['firms'], unknown []"),
        (b"code,title,firms", "missing ['name'], unknown ['title']"),
        (b"code,,firms", "missing ['name'], unknown ['']"),
    ],
)
def test_wrong_header_is_named(package, header, detail):
    package.replace(PROVINCES, b"code,name,firms", header)
    problem = only(package)
    assert (problem.file, problem.row) == (PROVINCES, 1)
    assert problem.rule == f"the header differs from datapackage.json ({detail})"
    assert problem.advice.startswith("Give the columns the names and the order that they have there")


@pytest.mark.parametrize(
    ("header", "written"),
    [
        (b"CODE,NAME,FIRMS", "'CODE' for code, 'NAME' for name, 'FIRMS' for firms"),
        (b"code,Name,firms", "'Name' for name"),
    ],
)
def test_names_of_columns_written_otherwise_are_named(package, header, written):
    package.replace(PROVINCES, b"code,name,firms", header)
    problem = only(package)
    assert (problem.file, problem.row, problem.rule) == (PROVINCES, 1, f"the header has {written}")
    assert problem.advice == "Write the names of columns as datapackage.json has them."


@pytest.mark.parametrize(
    ("header", "detail", "advice"),
    [
        (b"code,firms,name", "same columns in another order", "Put them in this order: code, name, firms."),
        (b"code,name,firms,x", "missing [], unknown ['x']", "Delete the column, or describe it there."),
    ],
)
def test_columns_in_another_order_or_too_many_are_named(package, header, detail, advice):
    package.replace(PROVINCES, b"code,name,firms", header)
    (first, *_) = package.problems()
    assert first.rule == f"the header differs from datapackage.json ({detail})"
    assert first.advice == advice


def test_spaces_around_heads_rows_of_spaces_and_two_marks_change_nothing(package):
    raw = package.file(PROVINCES).read_bytes()
    harmless = raw.replace(b"code,name,firms\n", b"code, name ,firms\n  , ,\n \n")
    package.file(PROVINCES).write_bytes(b"\xef\xbb\xbf" * 2 + harmless)
    assert list(package.load().table("provinces").text) == ["CN-AH", "CN-GD"]
    assert tidied(package.folder)["provinces.csv"].encode() == raw


def test_another_table_is_named_as_such(package):
    package.replace(PROVINCES, b"code,name,firms", b"year,month,day")
    told = "the header names no column of this table; it begins with 'year'"
    assert (only(package).rule, only(package).row) == (told, 1)


def test_zero_bytes_of_a_file_that_was_not_written_whole_are_named(package):
    path = package.file(FUNDS)
    path.write_bytes(path.read_bytes()[:-5] + bytes(5))
    assert (only(package).rule, only(package).row) == ("holds zero bytes: it was not written whole", 4)


def test_a_header_without_rows_is_named(package):
    header, *_ = package.file(PROVINCES).read_bytes().splitlines()
    package.file(PROVINCES).write_bytes(header + b"\n,,\n")
    assert (only(package).rule, only(package).row) == ("the table has no rows", 1)


def test_empty_file_lacks_its_header(package):
    package.file(PROVINCES).write_bytes(b"")
    assert (only(package).file, only(package).row, only(package).rule) == (PROVINCES, 1, "the file is empty")


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [(b"Anhui", b'"An"hui', 2), (b"Guangdong", b'"Guangdong', 3), (b"Anhui", b'"Anhui', 2)],
    ids=["text behind a quote", "open quote at the end", "open quote swallows rows"],
)
def test_bad_quoting_is_named_where_the_row_begins(package, old, new, row):
    package.replace(PROVINCES, old, new)
    problem = only(package)
    assert (problem.file, problem.row) == (PROVINCES, row)
    assert "not valid CSV" in problem.rule
    assert problem.advice == "Check the quotes."


def test_missing_file_is_named(package):
    package.file(PROVINCES).unlink()
    problem = only(package)
    assert (problem.file, problem.row, problem.column) == (PROVINCES, None, None)
    assert (problem.rule, problem.advice) == ("the file is missing", "Restore it from the repository.")
    assert str(problem) == "provinces.csv: the file is missing. Restore it from the repository."


@pytest.mark.parametrize("name", ["Provinces.csv", "provinces (1).csv", "provinces - Copy.csv", "provinces.xlsx"])
def test_a_file_under_another_name_is_named_with_the_missing_one(package, name):
    package.file(PROVINCES).rename(package.file(name))
    package.file(".~lock.provinces.csv#").touch()
    told = f"provinces.csv: the file is missing, and {name} stands there. Save that as provinces.csv, or restore it."
    assert str(only(package)) == told
    assert strays(package.folder, read_package(package.folder)) == [name]


def test_a_folder_in_the_place_of_a_file_is_named(package):
    package.file(PROVINCES).unlink()
    package.file(PROVINCES).mkdir()
    told = "provinces.csv: a folder stands in the place of the file. Move it away, and restore the file."
    assert str(only(package)) == told


def test_a_file_that_may_not_be_read_is_named_and_the_others_are_read(package, monkeypatch):
    package.set(FUNDS, 2, "stage", "nowhere")
    read = Path.read_bytes

    def refused(path):
        if path.name == PROVINCES:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    first, second = sorted(map(str, package.problems()))
    assert first.startswith("funds.csv, row 2, column stage: 'nowhere': ")
    assert (
        second
        == "provinces.csv: cannot be read (Permission denied). Give yourself the right to read it, or restore it."
    )


def test_missing_datapackage_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"datapackage\.json"):
        load(tmp_path)


def _lacking(contract):
    del contract["resources"][1]["schema"]["primaryKey"]


def _no_pattern(contract):
    contract["resources"][0]["schema"]["fields"][0]["constraints"]["pattern"] = "["


def _no_column(contract):
    contract["resources"][2]["schema"]["orders"] = [["agreed_on", "ended_on"]]
    contract["resources"][2]["schema"]["fields"][12]["listOf"] = "pages.key"


def _field(**said):
    return lambda contract: contract["resources"][1]["schema"]["fields"][0].update(said)


def _amount(**said):
    return lambda contract: contract["resources"][2]["schema"]["fields"][5].update(said)


def _again(contract):
    contract["resources"][2]["schema"]["fields"].append({"name": "note", "type": "string"})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_lacking, "the description of provinces lacks 'primaryKey'"),
        (_no_pattern, "sources is not understood (column source_key: unterminated character set"),
        (_no_column, "names funds.ended_on, pages.key, which is no column: correct the name"),
        (lambda contract: contract.pop("version"), "the description lacks 'version'"),
        (
            lambda contract: contract.update(resources=None),
            "not understood (package: resources is null, and must be a list)",
        ),
        (lambda contract: contract.update(created=2026), "not understood (package: created is 2026, and must be text)"),
        (lambda contract: contract.update(created="today"), "not understood (created is 'today', and must be the day"),
        (
            lambda contract: contract["resources"].append(contract["resources"][1]),
            "of provinces is not understood (it s",
        ),
        (
            lambda contract: contract["resources"][1].update(path=5),
            "of provinces is not understood (table: path is 5, and must",
        ),
        (lambda contract: contract["resources"][1].update(labelColumn="title"), "names provinces.title, which is no"),
        (lambda contract: contract["resources"].append([]), "is not understood"),
        (lambda contract: contract["resources"][1]["schema"].update(naturalKey=[[]]), "is not understood (unhashable"),
        (_field(type="decimal"), "column code: type is 'decimal', and must be one of string, integer"),
        (_field(constraints={"required": "yes"}), 'required is "yes", and must be true or false'),
        (_field(constraints={"minimum": "0"}), 'minimum is "0", and must be a number'),
        (_field(constraints={"maximum": True}), "maximum is true, and must be a number"),
        (_field(constraints={"enum": "abc"}), 'enum is "abc", and must be a list'),
        (_field(constraints=[]), "constraints is [], and must be a list of names with values"),
        (_field(constraints={"minimum": float("nan")}), "NaN is no number"),
        (
            _field(constraints={"requried": True}),
            "column code: constraints: there is no property 'requried'; perhaps 'req",
        ),
        (_field(constraints={"enum": ["a", "b", "a"]}), "column code: enum names a twice: keep one of them"),
        (_field(constraints={"minimum": 2, "maximum": 1}), "minimum is 2, above maximum, which is 1"),
        (_field(required=True), "column code: there is no property 'required'"),
        (_field(title=" "), "column code: title is empty: write it, or take it away"),
        (_field(listOf="sources"), "column code: listOf is 'sources', and must be string or table.column"),
        (_field(unit="pct", unitColumn="name"), "it has both unit and unitColumn: keep one of them"),
        (_amount(unit="usd_bn"), "column announced_cny_bn: unit is usd_bn, and by its name must be cny_bn"),
        (_amount(unit="cny_billion"), "column announced_cny_bn: unit is cny_billion, and by its name must be cny_bn"),
        (lambda contract: contract["resources"][2]["schema"].update(naturalkey=["name"]), "perhaps 'naturalKey'"),
        (lambda contract: contract["resources"][1].update(asOf="last week"), "asOf is 'last week', and must be a day"),
        (lambda contract: contract["resources"][1].update(encoding="cp1252"), 'every table is read with "utf-8"'),
        (lambda contract: contract["resources"][1].update(path="../provinces.csv"), "and must be the name of a file"),
        (
            lambda contract: contract["resources"][1].update(path="sources.csv"),
            "that of sources: each table has its own",
        ),
        (lambda contract: contract["resources"][1]["schema"].update(missingValues=["", "NA"]), 'is read with [""]'),
        (lambda contract: contract["resources"][1]["schema"].update(primaryKey=["code", "name"]), "and must name one"),
        (
            lambda contract: contract["resources"][2]["schema"].update(sums=[{"part": ["a"]}]),
            "sum: there is no property",
        ),
        (_again, "of funds is not understood (column note stands there twice: keep one of them)"),
        (
            lambda contract: contract.update(created="20260101T000000Z"),
            "and must be the day of the edition, as 2025-03",
        ),
        (lambda contract: contract.update(created="01.01.2026"), "created is '01.01.2026', and must be the day of the"),
        (
            lambda contract: contract.update(version="v1.2.3"),
            "version is 'v1.2.3', and must be three numbers, as 0.3.0",
        ),
    ],
)
def test_a_contract_that_is_not_understood_is_named_in_one_line(package, change, told):
    path = package.file("datapackage.json")
    contract = json.loads(path.read_text(encoding="utf-8"))
    change(contract)
    path.write_text(json.dumps(contract), encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(told)) as error:
        package.load()
    assert str(error.value).startswith("data/datapackage.json")
    assert str(error.value).endswith((": correct it, or restore the file", ": add it, or restore the file", "the name"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "data/datapackage.json cannot be read (Expecting property name"),
        ("<<<<<<< HEAD\n{}", "line 1 holds the mark of a merge conflict"),
        ('{"title": "One", "title": "Two"}', "is not understood ('title' stands twice in one list of names)"),
        ("[" * 100_000, "data/datapackage.json cannot be read (maximum recursion depth exceeded"),
    ],
)
def test_a_contract_that_cannot_be_read_is_named_in_one_line(package, text, told):
    package.file("datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(told)):
        package.load()


def test_every_fault_stands_in_one_error(package):
    names = {
        "unknown unit", "unknown stage", "day not in month", "n/a", "thousands", "wrong province",
        "duplicate id", "duplicate unique", "pattern", "boolean as words",
    }  # fmt: skip
    wrong = [case for case in WRONG_CELLS if case[0] in names]
    assert len(wrong) == len(names)
    for _, name, row, column, value, _, _ in wrong:
        package.set(name, row, column, value)
    with pytest.raises(DataError) as caught:
        package.load()
    found = {(p.file, p.row, p.column, p.value) for p in caught.value.problems}
    assert found == {(name, row, column, value) for _, name, row, column, value, _, _ in wrong}
    lines = str(caught.value).splitlines()
    assert lines[0] == f"{len(found)} problems in the data:"
    assert lines[1:] == [f"- {problem}" for problem in caught.value.problems]


def test_a_missing_file_does_not_hide_other_faults(package):
    package.file(PROVINCES).unlink()
    package.set(FUNDS, 3, "stage", "pledged")
    assert {(p.file, p.row) for p in package.problems()} == {(PROVINCES, None), (FUNDS, 3)}


def test_one_problem_is_counted_in_the_singular(package):
    package.set(FUNDS, 3, "stage", "pledged")
    with pytest.raises(DataError, match=r"^1 problem in the data:\n- funds\.csv, row 3, column stage: 'pledged': "):
        package.load()


# Dates


@pytest.mark.parametrize("text", ["1999", "2025-01", "2025-12", "2024-02-29", "2025-12-31"])
def test_real_dates(text):
    assert real_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-29",
        "2025-00",
        "2025-13",
        "2025-04-31",
        "0000",
        "25",
        "2025-1",
        "2025-01-1",
        "20250101",
        "",
        "\uff12\uff10\uff12\uff15",
    ],
)
def test_impossible_dates(text):
    assert not real_date(text)


@given(st.dates())
def test_every_calendar_date_is_real_at_each_precision(day):
    text = day.isoformat()
    assert real_date(text)
    assert real_date(text[:7])
    assert real_date(text[:4])


# Properties

MARKS = [
    "#N/A", "#REF!", "###", "#BEZUG!", "Err:502", "err:502", "Loading...", "=A1", "@x", "+A1", "-A1+", "- B2", "-1-2", "＝1",
    "_x000D_", "_x", "\\n", "\\u00e9", "??", "?", "<b>", "</p>", "<!--", "< script", "javascript:", "JavaScript:", "&amp;", "&#39;",
    "http://", "https://", "https:", ":", "  ", "\t", "\u00a0", "\u200b", "\ufffd", "Ã©", "é", "ﬁ", "Аb", '""', "**", "](", "\\'", "中", "-", "+", "a", "1", ".",
]  # fmt: skip


@settings(deadline=None, max_examples=2000)
@given(text=st.lists(st.sampled_from(MARKS), max_size=5).map("".join) | st.text(max_size=20))
def test_a_cell_that_is_looked_at_no_closer_bears_no_mark_of_damage(text):
    told = cells.damage(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cells, "_SUSPECT", re.compile(""))
        assert cells.damage(text) == told


NUMBERS = ["1,000", "NaN", "n/a", "12 bn", "1e999", "--1", "½", "0x10", "1_000", "", " 1", "1\0"]
CORRUPTIONS = {
    (FUNDS, "name"): ["", " x", "x ", "n/a", "NULL", "a\0b"],
    (FUNDS, "province"): ["", "CN-ZZ", "AH", " CN-AH", "Anhui", "n/a"],
    (FUNDS, "parent_id"): ["nobody", "National", " x"],
    (FUNDS, "stage"): ["pledged", "Announced", "paid in", " announced", "announced;paid_in"],
    (FUNDS, "announced_cny_bn"): [*NUMBERS, "-1", "2001"],
    (FUNDS, "amount"): [value for value in NUMBERS if value],
    (FUNDS, "unit"): ["CNY_BN", "usd_bn", "percent", "pct "],
    (FUNDS, "founded"): ["1979", "2025.5", "FY25", "9" * 30, "2025-01", "二〇二五"],
    (FUNDS, "agreed_on"): ["2025-02-30", "2025-13-01", "2025", "1/2/2025", "2025-2-3", "unknown"],
    (FUNDS, "announced_on"): ["2025-02-30", "2025-13", "2025-00", "spring 2025", "2025-", "n/a", "2025-W10"],
    (FUNDS, "tags"): ["steel", "chips;", ";chips", "chips; energy", "chips,energy"],
    (FUNDS, "source_keys"): ["", "nobody", "caixin_2025;nobody", "caixin_2025;", "caixin_2025; gov_work_report"],
    (SOURCES, "url"): ["http://example.org", " https://x", "n"],
    (SOURCES, "reprint"): ["wahr", "yes", "0", "n/a"],
    (PROVINCES, "name"): ["", " Anhui", "none"],
    (PROVINCES, "firms"): ["-1", "1.1", "1e3", "1,000", "9" * 5000, "+-1"],
}


@st.composite
def corruptions(draw):
    """Draw file, row, column and a value that the contract forbids there."""
    name, column = draw(st.sampled_from(sorted(CORRUPTIONS)))
    row = draw(st.integers(2, 4 if name == FUNDS else 3))
    return name, row, column, draw(st.sampled_from(CORRUPTIONS[name, column]))


@settings(deadline=None, max_examples=200)
@given(fault=corruptions())
def test_one_corrupt_cell_is_the_one_place_reported(new_package, fault):
    name, row, column, value = fault
    package = new_package()
    package.set(name, row, column, value)
    assert {(p.file, p.row, p.column) for p in package.problems()} == {(name, row, column)}


def _still_a_row(faults):
    """Say whether no row loses so many cells that it is told as a whole."""
    emptied = Counter(fault[:2] for fault in faults if not fault[3])
    return all(count < read.MANY_LACKING for count in emptied.values())


@settings(deadline=None, max_examples=50)
@given(faults=st.lists(corruptions(), min_size=2, max_size=8, unique_by=lambda fault: fault[:3]).filter(_still_a_row))
def test_several_corrupt_cells_are_all_reported(new_package, faults):
    package = new_package()
    for name, row, column, value in faults:
        package.set(name, row, column, value)
    assert {(p.file, p.row, p.column) for p in package.problems()} == {fault[:3] for fault in faults}


CELL_TEXT = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)) | st.sampled_from('\n",;'), max_size=40)
    .map(str.strip)
    .map(lambda text: normalize("NFC", text))
    .filter(lambda text: not list(check_cell(WORDS, text)))
)


@settings(deadline=None)
@given(cells=st.lists(CELL_TEXT, min_size=3, max_size=3))
def test_valid_text_comes_back_as_written(new_package, cells):
    package = new_package()
    for row, text in enumerate(cells, start=2):
        package.set(FUNDS, row, "note", text)
    table = package.load().table("funds")
    assert [row["note"] for row in table.text.values()] == cells
    assert [value if isinstance(value, str) else "" for value in table.frame["note"]] == cells


@settings(deadline=None)
@given(number=st.floats(min_value=0, max_value=2000).map(lambda number: float(f"{number:.{MOST_DIGITS}g}")))
def test_numbers_come_back_as_written(new_package, number):
    package = new_package()
    package.set(FUNDS, 2, "announced_cny_bn", repr(number))
    table = package.load().table("funds")
    assert table.frame.loc["national", "announced_cny_bn"] == number
    assert table.text["national"]["announced_cny_bn"] == repr(number)


def load_or_data_error(package):
    """Return the data, or None where the loader reported problems; all else fails the test."""
    try:
        return package.load()
    except DataError:
        return None


PIECES = st.lists(
    st.binary(max_size=12)
    | st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"x,", b"\n,,\n", "国".encode()]),
    max_size=8,
).map(b"".join)


@settings(deadline=None, max_examples=150)
@given(name=st.sampled_from([FUNDS, SOURCES, PROVINCES]), tail=PIECES)
def test_bytes_behind_a_file_raise_nothing_but_data_error(new_package, name, tail):
    package = new_package()
    package.file(name).write_bytes(package.file(name).read_bytes() + tail)
    data = load_or_data_error(package)
    if data is not None:  # whatever is accepted is read back in full
        rows = [list(cells.values()) for cells in data.table(name.removesuffix(".csv")).text.values()]
        width = len(rows[0])
        assert rows == [row[:width] for row in package.rows(name)[1:] if any(map(str.strip, row))]


@settings(deadline=None, max_examples=150)
@given(name=st.sampled_from([FUNDS, SOURCES, PROVINCES]), piece=PIECES, place=st.floats(0, 1), cut=st.integers(0, 9))
def test_bytes_within_a_file_raise_nothing_but_data_error(new_package, name, piece, place, cut):
    package = new_package()
    raw = package.file(name).read_bytes()
    at = int(place * len(raw))
    package.file(name).write_bytes(raw[:at] + piece + raw[at + cut :])
    data = load_or_data_error(package)
    assert data is None or set(data.tables) == {"funds", "sources", "provinces"}


@settings(deadline=None, max_examples=150)
@given(
    column=st.sampled_from(["announced_cny_bn", "amount", "founded", "agreed_on", "announced_on", "source_keys"]),
    text=st.text(st.characters(codec="utf-8"), max_size=30)
    | st.from_regex(r"[+-]?[0-9]{1,400}(\.[0-9]+)?([eE][+-]?[0-9]{1,5})?", fullmatch=True),
)
def test_any_text_in_a_typed_cell_raises_nothing_but_data_error(new_package, column, text):
    package = new_package()
    package.set(FUNDS, 2, column, text)
    data = load_or_data_error(package)
    if data is not None:
        field = data.table("funds").schema.field(column)
        assert data.table("funds").text["national"][column] == in_form(field, normalize("NFC", text))
        if column in {"announced_cny_bn", "amount"} and text:
            assert data.frame("funds").loc["national", column] == float(text)
