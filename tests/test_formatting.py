"""One quantity has one form, on every page and on every machine."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import ROUND_UP, Context, Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from patient_capital.formatting import (
    FORMS,
    MINUS,
    SUFFIX,
    WORDS,
    Range,
    digits,
    dollars,
    format_value,
    human_date,
    rounded,
    with_hyphen,
    with_minus,
    yuan,
)
from patient_capital.tables.schema import real_date

# Exact forms


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.125, 2, "0.13"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (2.4999, 0, "2"),
        (-0.125, 2, "−0.13"),
        (-2.5, 0, "−3"),
        (-0.0, None, "0"),
        (-0.0, 2, "0.00"),
        (-0.004, 2, "0.00"),
        (0, None, "0"),
        (0.1 + 0.2, None, "0.3"),
        (1.1 * 3, None, "3.3"),
        (100 * 1.15, 0, "115"),
        (1000, None, "1,000"),
        (999.5, 0, "1,000"),
        (1234567.891, None, "1,234,567.891"),
        (-1234567, None, "−1,234,567"),
        (1234.5, 2, "1,234.50"),
        (1e15, None, "1,000,000,000,000,000"),
        (1.5e-7, None, "0.00000015"),
        (200, None, "200"),
    ],
)
def test_digits(value, decimals, expected):
    assert digits(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (1000, None, "1 trillion yuan"),
        (1000.0, None, "1 trillion yuan"),
        (1234.5, None, "1.2345 trillion yuan"),
        (4100, None, "4.1 trillion yuan"),
        (999.9, None, "999.9bn yuan"),
        (999.96, 1, "1 trillion yuan"),
        (999.94, 1, "999.9bn yuan"),
        (161.8, None, "161.8bn yuan"),
        (161.8, 0, "162bn yuan"),
        (344, 1, "344.0bn yuan"),
        (1, None, "1bn yuan"),
        (0.999, None, "999m yuan"),
        (0.999, 2, "1.00bn yuan"),
        (0.05, None, "50m yuan"),
        (0.0555, 3, "56m yuan"),
        (0.29, None, "290m yuan"),
        (0, None, "0bn yuan"),
        (0.4, 0, "0bn yuan"),
        (-5, None, "−5bn yuan"),
        (-0.05, None, "−50m yuan"),
        (-1500, None, "−1.5 trillion yuan"),
    ],
)
def test_yuan(value, decimals, expected):
    assert yuan(value, decimals) == expected
    assert format_value(value, "cny_bn", decimals) == expected


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "form", "expected"),
    [
        (1000, "cny_bn", None, "bare", "1,000"),
        (0.05, "cny_bn", None, "bare", "0.05"),
        (138.5, "usd_bn", None, "full", "138.5bn dollars"),
        (138.5, "usd_bn", 0, "bare", "139"),
        (2.5, "pct", None, "full", "2.5 percent"),
        (2.5, "pct", 0, "full", "3 percent"),
        (2.5, "pct", None, "bare", "2.5"),
        (-0.3, "pct_points", None, "full", "−0.3 points"),
        (3.0, "ratio", 1, "full", "3.0 times"),
        (1200, "gw", None, "full", "1,200 GW"),
        (20, "years", None, "full", "20 years"),
        (0.13, "usd_w", None, "full", "0.13 USD/W"),
        (31, "count", None, "full", "31"),
        (0.25, None, None, "full", "0.25"),
        (7, "count", None, "word", "seven"),
        (7, "count", None, "Word", "Seven"),
        (0, "count", None, "word", "zero"),
        (12.0, "count", None, "word", "twelve"),
        (13, "count", None, "word", "13"),
        (1300, "count", None, "Word", "1,300"),
        (2.5, "count", None, "word", "2.5"),
        (-1, "count", None, "word", "−1"),
        (True, None, None, "full", "true"),
        (False, "count", None, "word", "false"),
        ("Anhui", None, None, "full", "Anhui"),
        ("2025-03-06", "date", None, "full", "6 March 2025"),
        ("2025-03-06", None, None, "full", "2025-03-06"),
    ],
)
def test_value_with_unit_and_form(value, unit, decimals, form, expected):
    assert format_value(value, unit, decimals, form) == expected


@pytest.mark.parametrize(
    ("low", "high", "unit", "decimals", "form", "expected"),
    [
        (152, 167, "cny_bn", 0, "full", "152 to 167bn yuan"),
        (151.5, 166.5, "cny_bn", 0, "full", "152 to 167bn yuan"),
        (152, 167, "cny_bn", 0, "bare", "152 to 167"),
        (900, 1000, "cny_bn", None, "full", "900bn yuan to 1 trillion yuan"),
        (0.5, 2, "cny_bn", None, "full", "500m yuan to 2bn yuan"),
        (-5, 3, "cny_bn", None, "full", "−5 to 3bn yuan"),
        (-7, -3, "pct", None, "full", "−7 to −3 percent"),
        (10, 20, "pct", None, "full", "10 to 20 percent"),
        (1.5, 2, "ratio", 1, "full", "1.5 to 2.0 times"),
        (5, 10, "usd_bn", None, "full", "5 to 10bn dollars"),
        (3, 4, "count", None, "full", "3 to 4"),
        (1000, 2500, "count", None, "full", "1,000 to 2,500"),
        (152.1, 152.4, "cny_bn", 0, "full", "152bn yuan"),
        (2, 2, "pct", None, "full", "2 percent"),
        (2, 2, "pct", None, "bare", "2"),
    ],
)
def test_range_says_its_unit_once(low, high, unit, decimals, form, expected):
    assert format_value(Range(low, high), unit, decimals, form) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(1000, 2500, "1 to 2.5 trillion yuan"), (0.05, 0.06, "50 to 60m yuan")]
)
def test_range_says_a_scaled_unit_once(low, high, expected):
    assert format_value(Range(low, high), "cny_bn") == expected


def test_dollars_name_rate_and_date():
    assert dollars(1000, 7.25, "2025-03-06") == "137.9bn dollars (at 7.25 yuan a dollar, 6 March 2025)"
    assert dollars(100, 7.1875, "2024", decimals=0) == "14bn dollars (at 7.19 yuan a dollar, 2024)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025", "2025"),
        ("2025-07", "July 2025"),
        ("2025-03-06", "6 March 2025"),
        ("2024-02-29", "29 February 2024"),
        ("1999-12-31", "31 December 1999"),
    ],
)
def test_dates_of_each_precision(text, expected):
    assert human_date(text) == expected


# Errors


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("unit", ["cny_bn", "usd_bn", "pct", None])
@pytest.mark.parametrize("form", ["full", "bare"])
def test_missing_number_never_reaches_a_page(value, unit, form):
    with pytest.raises(ValueError, match="not a finite number"):
        format_value(value, unit, form=form)


def test_how_a_reader_sets_decimal_arithmetic_changes_no_number():
    with localcontext(Context(prec=2, rounding=ROUND_UP)):
        assert [digits(value) for value in (1234.5, 0.125, 1e9)] == ["1,234.5", "0.125", "1,000,000,000"]
        assert digits(2.675, 2) == "2.68"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_missing_number_never_becomes_a_word(value):
    with pytest.raises(ValueError, match="cannot"):
        format_value(value, "count", form="word")


def test_unknown_form_names_the_forms():
    with pytest.raises(ValueError, match="unknown form 'words'; forms are: full, bare, word, Word"):
        format_value(3, "count", form="words")


def test_range_must_rise():
    with pytest.raises(ValueError, match="a range must not run from 2 down to 1"):
        Range(2, 1)


def test_a_unit_that_scales_a_number_is_said(book):
    fields = [(table, field) for table in book.tables.values() for field in table.schema.fields]
    units = {field.unit for _, field in fields if field.unit}
    units |= {row[field.unit_column] for table, field in fields if field.unit_column for row in table.text.values()}
    scaled = {one for one in units if re.search(r"(^|_)(m|million|bn|tn|trillion)(_|$)", one.partition("_per_")[0])}
    assert len(scaled) > 10
    assert [unit for unit in scaled if format_value(2.5, unit) == format_value(2.5, unit, form="bare")] == []


# Properties

NUMBERS = st.floats(min_value=-1e6, max_value=1e6)
DECIMALS = st.integers(0, 4)
UNITS = st.sampled_from([None, "cny_bn", "usd_bn", "count", *SUFFIX])


def parsed(text: str) -> Decimal:
    return Decimal(with_hyphen(text).replace(",", ""))


PLAIN = re.compile(MINUS + r"?[0-9]{1,3}(,[0-9]{3})*(\.[0-9]+)?")


@given(
    st.floats(min_value=-1e15, max_value=1e15), UNITS, st.none() | DECIMALS, st.sampled_from(["full", "bare", "word"])
)
def test_text_is_plain_digits_or_a_word_before_its_unit(value, unit, decimals, form):
    text = format_value(value, unit, decimals, form)
    units = [*SUFFIX.values(), " trillion yuan", "bn yuan", "m yuan", "bn dollars"] if form == "full" else []
    endings = [ending for ending in units if text.endswith(ending)]
    number = text.removesuffix(max(endings, key=len, default=""))
    assert PLAIN.fullmatch(number) or (form == "word" and number in WORDS)
    assert bool(endings) == (form == "full" and unit not in {None, "count"})


@given(st.sampled_from([float("nan"), float("inf"), float("-inf")]), UNITS, st.none() | DECIMALS)
def test_missing_end_of_a_range_never_reaches_a_page(value, unit, decimals):
    ends = (value, 1.0) if value != float("inf") else (1.0, value)
    with pytest.raises(ValueError, match="not a finite number"):
        format_value(Range(*ends), unit, decimals)


@given(NUMBERS, DECIMALS)
def test_digits_parse_back_within_half_a_unit(value, decimals):
    noise = Decimal(abs(value)) * Decimal("5e-12")
    assert abs(parsed(digits(value, decimals)) - Decimal(value)) <= Decimal("0.5").scaleb(-decimals) + noise


@given(NUMBERS)
def test_digits_without_decimals_keep_twelve_significant_digits(value):
    assert float(parsed(digits(value))) == pytest.approx(value, rel=1e-11, abs=0)


@given(NUMBERS, DECIMALS)
def test_digits_show_the_decimals_asked_for(value, decimals):
    _, _, behind = digits(value, decimals).partition(".")
    assert len(behind) == decimals


@given(NUMBERS, NUMBERS, DECIMALS)
def test_rounding_keeps_order(one, other, decimals):
    low, high = sorted((one, other))
    assert rounded(low, decimals) <= rounded(high, decimals)


@given(st.integers(-(10**7), 10**7), st.integers(1, 4))
def test_halves_round_away_from_zero(whole, places):
    value = float(Decimal(whole).scaleb(-places) + Decimal(5).scaleb(-places - 1).copy_sign(whole))
    step = Decimal(1 if whole >= 0 else -1).scaleb(-places)
    assert rounded(value, places) == Decimal(whole).scaleb(-places) + step


@given(NUMBERS, DECIMALS)
def test_sign_is_symmetric_and_zero_has_none(value, decimals):
    assert rounded(-value, decimals) == -rounded(value, decimals)
    assert digits(value, decimals).startswith(MINUS) == (rounded(value, decimals) < 0)


@given(NUMBERS)
def test_yuan_says_the_amount(value):
    text = yuan(value)
    factor = next(f for end, f in ((" trillion yuan", 1000), ("bn yuan", 1), ("m yuan", 1e-3)) if text.endswith(end))
    amount = float(parsed(text.removesuffix(" trillion yuan").removesuffix("bn yuan").removesuffix("m yuan")))
    assert amount * factor == pytest.approx(value, rel=1e-10, abs=0)
    if 1e-3 <= abs(value) < 999_999:
        assert 1 <= abs(amount) <= 1000


@given(NUMBERS, NUMBERS)
def test_range_takes_rising_bounds_only(low, high):
    assume(low != high)
    low, high = sorted((low, high))
    assert (Range(low, high).low, Range(low, high).high) == (low, high)
    with pytest.raises(ValueError, match="must not run"):
        Range(high, low)


@given(NUMBERS, UNITS, DECIMALS, st.sampled_from(["full", "bare"]))
def test_equal_ends_collapse(value, unit, decimals, form):
    assert format_value(Range(value, value), unit, decimals, form) == format_value(value, unit, decimals, form)


@given(NUMBERS, NUMBERS, UNITS.filter(lambda unit: unit != "cny_bn"), DECIMALS)
def test_range_shows_both_ends_in_order(one, other, unit, decimals):
    low, high = sorted((one, other))
    assume(digits(low, decimals) != digits(high, decimals))
    first, second = format_value(Range(low, high), unit, decimals).split(" to ")
    assert first == digits(low, decimals)
    assert second == format_value(high, unit, decimals)


@given(NUMBERS, UNITS, DECIMALS)
def test_readers_see_a_minus_sign_and_files_hold_a_hyphen(value, unit, decimals):
    text = format_value(value, unit, decimals)
    assert "-" not in text
    assert with_minus(with_hyphen(text)) == text


@pytest.mark.parametrize("text", ["2025-03-06", "6 to 10-year bonds", "cn-zj_2026-06-30", "A-1", "pp. 3-5"])
def test_a_hyphen_that_is_no_sign_stays(text):
    assert with_minus(text) == text


@given(st.integers(0, 10**9), UNITS)
def test_words_and_digits_agree_on_whole_numbers(value, unit):
    word = format_value(value, unit, form="word")
    assert (word == f"{value:,}") == (value > 12)
    assert format_value(value, unit, form="Word").lower() == word


@given(st.dates())
def test_every_date_names_its_parts(day):
    assert human_date(day.isoformat()) == f"{day.day} {day:%B} {day.year}"
    assert human_date(day.isoformat()[:7]) == f"{day:%B} {day.year}"


# Anything at all


ANY = (
    st.floats()
    | st.integers()
    | st.integers(-(10**400), 10**400)
    | st.booleans()
    | st.text(max_size=20)
    | st.from_regex(r"[0-9]{1,30}(-[0-9]{1,30}){0,3}", fullmatch=True)
)


@given(
    ANY,
    UNITS | st.just("date") | st.text(max_size=5),
    st.none() | st.integers(0, 40),
    st.text(max_size=4) | st.sampled_from(FORMS),
)
def test_anything_is_printed_or_refused_as_a_wrong_value(value, unit, decimals, form):
    with suppress(ValueError):
        assert isinstance(format_value(value, unit, decimals, form), str)
        assert form in FORMS


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{1,6}(-[0-9]{1,3}){0,2}", fullmatch=True))
def test_a_text_that_is_no_date_is_refused(text):
    try:
        said = human_date(text)
    except ValueError:
        assert not real_date(text)
    else:
        assert said.endswith(str(int(text[:4])))
        assert real_date(text)
