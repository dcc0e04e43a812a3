"""Numbers to text: the one formatter of the book.

Every number that a reader sees passes through :func:`format_value`, so that one quantity has one form.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
LARGEST_WORD = 12
"""The largest number that prose writes in letters."""
MINUS = "\N{MINUS SIGN}"
"""The sign of negative numbers wherever a reader sees one; files of data keep the hyphen that programs read."""
STAR = "*"
"""Set behind a number that rests on one voice: one origin, or one publisher that the row cites."""

ALL_DIGITS = Context(prec=1000, rounding=ROUND_HALF_UP)
"""Has room for the digits of any number of a computer's."""

FORMS = ("full", "bare", "word", "Word", "usd")


@dataclass(frozen=True, slots=True)
class Range:
    """A value known only between two bounds.

    Raises
    ------
    ValueError
        If `low` is above `high`.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"a range must not run from {self.low} down to {self.high}")


Value = float | int | str | bool | Range


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: "1 row", "2 rows"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


SUFFIX = {
    "pct": " percent",
    "pct_points": " points",
    "pct_minimum": " percent at least",
    "pct_maximum": " percent at most",
    "pct_loss_allowed": " percent",
    "pct_borne_by_government": " percent",
    "pct_of_gains_maximum": " percent at most",
    "pct_of_score": " percent",
    "pct_of_deals": " percent",
    "pct_of_institutions": " percent",
    "pct_gdp": " percent of GDP",
    "years_maximum": " years at most",
    "ratio": " times",
    "gw": " GW",
    "years": " years",
    "months": " months",
    "days": " days",
    "usd_w": " USD/W",
    "usd_per_w": " dollars a watt",
    "usd_per_w_constant_usd": " dollars a watt",
    "trillion_tokens_per_day": " trillion tokens a day",
    "million": " million",
    "million_racks": " million racks",
    "million_tonnes": "m tonnes",
    "cny_m": "m yuan",
    "cny_tn": " trillion yuan",
    "usd_m": "m dollars",
    "usd_tn": " trillion dollars",
    "cny_per_kg": " yuan a kg",
    "cny": " yuan",
    "hkd": " Hong Kong dollars",
}
"""Text behind the number, by unit code; units absent here (counts, shares, scores) have none."""


MILLIONS = {"cny_m_maximum": " at most", "cny_m_average_maximum": " on average at most"}
"""Text behind an amount given in million yuan, by unit code."""

CURRENCIES = {
    "usd_bn": "dollars",
    "usd_bn_change": "dollars",
    "eur_bn": "euros",
    "krw_bn": "won",
    "hkd_bn": "Hong Kong dollars",
    "sgd_bn": "Singapore dollars",
    "inr_bn": "rupees",
}
"""Names of foreign currencies by unit code; amounts are in billions."""


def rounded(value: float, decimals: int) -> Decimal:
    """Round half up on the shortest decimal form, so that 0.125 is 0.13 and 2.675 is 2.68 on any machine.

    Parameters
    ----------
    value : float
        Finite number; noise beyond the twelfth significant digit is removed first.
    decimals : int
        Digits behind the point.

    Raises
    ------
    ValueError
        If `value` is not finite: a missing number must never reach a page.
    """
    number = Decimal(f"{value:.12g}")
    if not number.is_finite():
        raise ValueError(f"cannot print {value!r}: not a finite number")
    result = number.quantize(Decimal(1).scaleb(-decimals), context=ALL_DIGITS)
    return abs(result) if result == 0 else result


def with_minus(text: str) -> str:
    """Return a text with a true minus sign before each negative number: the form that readers see."""
    return re.sub(r"(?<![\w.,)-])-(?=\d)", MINUS, text)


def with_hyphen(text: str) -> str:
    """Return a text with hyphens for minus signs: the form of files of data, which programs read."""
    return text.replace(MINUS, "-")


def digits(value: float, decimals: int | None = None) -> str:
    """Write a number with thousands separators and a true minus sign.

    Parameters
    ----------
    decimals : int or None
        Digits behind the point; None keeps what the value itself has.
    """
    if decimals is None:
        plain = Decimal(f"{value:.12g}")
        exponent = plain.normalize(ALL_DIGITS).as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return f"{rounded(value, decimals):,f}".replace("-", MINUS)


def _scaled_yuan(value: float) -> tuple[float, str]:
    """Return (factor, word) for an amount in billion yuan."""
    size = abs(value)
    if size >= 1000:
        return 1e-3, " trillion yuan"
    if size >= 1 or size == 0:
        return 1.0, "bn yuan"
    return 1e3, "m yuan"


def yuan(value_cny_bn: float, decimals: int | None = None) -> str:
    """Write an amount: 1000 is "1 trillion yuan", 161.8 is "161.8bn yuan", 0.05 is "50m yuan".

    Parameters
    ----------
    value_cny_bn : float
        Amount in billion yuan.
    decimals : int or None
        Digits kept of the amount in billions; None keeps all.
    """
    shown = value_cny_bn if decimals is None else float(rounded(value_cny_bn, decimals))
    factor, word = _scaled_yuan(shown)
    return digits(shown * factor) + word if decimals is None or factor != 1 else digits(shown, decimals) + word


def dollars(value_cny_bn: float, cny_per_usd: float, on: str, decimals: int = 1) -> str:
    """Write a yuan amount in dollars, naming the rate and its date."""
    amount = digits(value_cny_bn / cny_per_usd, decimals)
    return f"{amount}bn dollars (at {digits(cny_per_usd, 2)} yuan a dollar, {human_date(on)})"


def human_date(text: str) -> str:
    """Write an ISO date of any precision as a reader says it: "6 March 2025", "July 2025", "2025"."""
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text, flags=re.ASCII):
        raise ValueError(f"{text!r} is no date of the form 2025, 2025-03 or 2025-03-06")
    day = date.fromisoformat(f"{text}-01-01"[:10])
    month = day.strftime("%B")
    return {4: f"{day.year}", 7: f"{month} {day.year}", 10: f"{day.day} {month} {day.year}"}[len(text)]


def _one(value: float, unit: str | None, decimals: int | None, form: str) -> str:
    if unit == "cny_bn":
        return digits(value, decimals) if form == "bare" else yuan(value, decimals)
    if unit in MILLIONS:
        return digits(value, decimals) if form == "bare" else yuan(value / 1000) + MILLIONS[unit]
    if unit in CURRENCIES:
        return digits(value, decimals) + ("" if form == "bare" else f"bn {CURRENCIES[unit]}")
    text = digits(value, decimals)
    return text if form == "bare" else text + SUFFIX.get(unit or "", "")


CALLED = {"cny": "yuan", "usd": "dollars", "eur": "euros", "pct": "percent"}
"""Parts of unit codes that are no words."""


def unit_in_words(code: str) -> str:
    """Write the code of a unit as a reader says it.

    Examples
    --------
    >>> unit_in_words("cny_bn"), unit_in_words("usd_per_hour")
    ('bn yuan', 'dollars per hour')
    """
    parts = [CALLED.get(part, part) for part in code.split("_")]
    if len(parts) > 1 and parts[1] in {"bn", "tn", "m"}:
        parts[:2] = reversed(parts[:2])
    return " ".join(parts)


def spelled(value: float, most: int = len(WORDS) - 1) -> str:
    """Write a count up to `most` in letters, as ``three``, and any other number in digits."""
    if math.isfinite(value) and value == int(value) and 0 <= value <= most:
        return WORDS[int(value)]
    return digits(value)


def format_value(value: Value, unit: str | None = None, decimals: int | None = None, form: str = "full") -> str:
    """Write any value of the book.

    Parameters
    ----------
    value : float, int, str, bool or Range
    unit : str or None
        Unit code, for example ``cny_bn``, ``pct``, ``ratio``, ``count``.
    decimals : int or None
        Digits behind the point; for yuan, of the amount in billions.
    form : {"full", "bare", "word", "Word"}
        With its unit; the digits alone; a small count in letters, at the start of a sentence with a capital.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the form is unknown or the value is not finite.

    Examples
    --------
    >>> format_value(1000, "cny_bn")
    '1 trillion yuan'
    >>> format_value(Range(152, 167), "cny_bn", 0)
    '152 to 167bn yuan'
    >>> format_value(0.05, "cny_bn")
    '50m yuan'
    """
    if form not in FORMS:
        raise ValueError(f"unknown form {form!r}; forms are: {', '.join(FORMS)}")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return human_date(value) if unit == "date" else value
    if isinstance(value, Range):
        low, high = (_one(v, unit, decimals, form) for v in (value.low, value.high))
        if low == high:
            return low
        # The unit is said once when both ends share it: "152 to 167bn yuan", but "900bn yuan to 1 trillion yuan".
        tail = high.lstrip(f"0123456789,.{MINUS}")
        return f"{low.removesuffix(tail)} to {high}" if tail else f"{low} to {high}"
    try:
        value = float(value)
    except OverflowError:
        raise ValueError("cannot print a number beyond those of a computer") from None
    if form in {"word", "Word"}:
        word = spelled(value, LARGEST_WORD)
        return word.capitalize() if form == "Word" else word
    return _one(value, unit, decimals, form)
