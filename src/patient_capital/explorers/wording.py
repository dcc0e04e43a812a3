"""Numbers as an explorer holds and prints them: whole numbers in the page, one form for the reader."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from patient_capital.formatting import MINUS, digits
from patient_capital.model.common.checks import Floats

Integers = NDArray[np.int64]

GLUED = ("%", "bn ", "m ")
"""Beginnings of units that stand behind their number without a space."""
NO_SINGULAR = {"times"}


@dataclass(frozen=True, slots=True)
class Unit:
    """What stands behind a number: behind 1, and behind any other; with its leading space where it has one."""

    one: str
    many: str


def unit_of(words: str) -> Unit:
    """Return a unit with its singular: "years" is "1 year" and "2 years"."""
    if not words:
        return Unit("", "")
    space = "" if words.startswith(GLUED) else " "
    first, _, rest = words.partition(" ")
    single = first[:-1] if first.endswith("s") and first not in NO_SINGULAR else first
    return Unit(space + " ".join(p for p in (single, rest) if p), space + words)


DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Digits of packed numbers; none has a meaning in HTML or JSON."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Whole numbers as a text: each is what it lies above `least`, in `width` digits to the base of their number."""

    least: int
    width: int
    text: str


def packed(whole: Integers) -> Packed:
    """Pack whole numbers, row by row; equal ones take no digit at all."""
    flat = np.asarray(whole, dtype=np.int64).ravel()
    least, base = int(flat.min()), len(DIGITS)
    above = flat - least
    width = 0
    while base**width <= int(above.max()):
        width += 1
    places = [np.array(list(DIGITS))[above // base**place % base] for place in reversed(range(width))]
    return Packed(least, width, "".join(np.stack(places, axis=1).ravel()) if places else "")


def number_text(value: float, decimals: int | None = None) -> str:
    """Write a number as the book does, with a true minus sign."""
    return digits(value, decimals)


def with_unit(value: float, decimals: int | None, words: str) -> str:
    """Write a number with its unit."""
    text, unit = number_text(value, decimals), unit_of(words)
    return text + (unit.one if text.lstrip(MINUS) == "1" else unit.many)


def fine_decimals(decimals: int, span: float, steps: int = 1000) -> int:
    """Return how many decimals a drawing needs: those that are printed, or more where `span` has too few steps."""
    return max(decimals, math.ceil(math.log10(steps / span) - 1e-9))


def half_up(values: Floats, decimals: int) -> Integers:
    """Round as the formatter of the book does, and return whole numbers of units of the last decimal."""
    scaled = np.abs(values) * 10.0**decimals
    return np.asarray(np.sign(values) * np.floor(scaled * (1 + 1e-12) + 0.5), dtype=np.int64)


def _coarser(whole: Integers, factor: int) -> Integers:
    return np.asarray(np.sign(whole) * ((np.abs(whole) + factor // 2) // factor), dtype=np.int64)


def stored(values: Floats, decimals: int, fine: int) -> Integers:
    """Return values as whole numbers of 10^-`fine` that still print with `decimals` as the values themselves do.

    Rounding twice can print another digit than rounding once; where it would, the number moves by one unit.
    """
    whole = half_up(values, fine)
    if fine == decimals:
        return whole
    nudge = np.sign(half_up(values, decimals) - _coarser(whole, 10 ** (fine - decimals)))
    return np.asarray(whole + nudge, dtype=np.int64)
