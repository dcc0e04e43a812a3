"""Checks of the arguments of every formula, and the records in which formulas return optima and break-evens.

A value outside its domain, NaN included, is an error that names parameter, value and rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, wraps
from inspect import unwrap
from typing import Literal, ParamSpec, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Corner = Literal["none", "low", "high"]
"""Whether an optimum lies inside its span, or at its low or high end."""


class DomainError(ValueError):
    """A parameter lies outside the domain of a formula.

    Attributes
    ----------
    parameter : str
        Name of the parameter, as in the signature of the function.
    value : object
        What was given.
    rule : str
        What must hold.
    """

    def __init__(self, parameter: str, value: object, rule: str) -> None:
        self.parameter, self.value, self.rule = parameter, value, rule
        super().__init__(f"{parameter} = {value}: {rule}")

    def __reduce__(self) -> tuple[type[DomainError], tuple[str, object, str]]:
        # Pickle makes an exception again from its arguments, here the one text, which does not fit the signature.
        return type(self), (self.parameter, self.value, self.rule)


def plain(values: ArrayLike) -> float | Floats:
    """Return a plain float where there is one number, and the array where there are several."""
    array = np.asarray(values, dtype=float)
    return array.item() if array.ndim == 0 else array


def _hold(parameter: str, value: ArrayLike, inside: Callable[[Floats], NDArray[np.bool_]], rule: str) -> None:
    """Raise a `DomainError` that names the first element of a value for which a rule does not hold."""
    if isinstance(value, float) and inside(value):
        return  # nearly all are, and an array of one number takes ten times as long
    number = np.asarray(value, dtype=float)
    holds = np.asarray(inside(number))
    if not holds.all():
        raise DomainError(parameter, number.item() if number.ndim == 0 else number[~holds].flat[0], rule)


def between(parameter: str, value: ArrayLike, low: float, high: float, rule: str = "") -> None:
    """Check that a number, or every element of an array, lies in the closed interval from `low` to `high`.

    Raises
    ------
    DomainError
        If any lies outside or is not a number; the first one is named.
    """
    _hold(parameter, value, lambda x: (x >= low) & (x <= high), rule or f"must lie between {low:g} and {high:g}")


def share(**values: ArrayLike) -> None:
    """Check that each named value is a share, 0 to 1."""
    for parameter, value in values.items():
        between(parameter, value, 0.0, 1.0, "a share lies between 0 and 1")


def positive(**values: ArrayLike) -> None:
    """Check that each named value is finite and above zero."""
    for parameter, value in values.items():
        _hold(parameter, value, lambda x: (x > 0) & np.isfinite(x), "must be positive and finite")


def not_negative(**values: ArrayLike) -> None:
    """Check that each named value is finite and not below zero."""
    for parameter, value in values.items():
        _hold(parameter, value, lambda x: (x >= 0) & np.isfinite(x), "must not be negative, and finite")


def finite(**values: ArrayLike) -> None:
    """Check that each named value is a finite number."""
    for parameter, value in values.items():
        _hold(parameter, value, np.isfinite, "must be a finite number")


def as_shares(probability: ArrayLike) -> Floats:
    """Check that every number is a share, and return them as an array."""
    between("probability", probability, 0.0, 1.0)
    return np.asarray(probability, dtype=float)


def as_multiples(multiple: ArrayLike) -> Floats:
    """Check that every number is finite, and return them as an array."""
    finite(multiple=multiple)
    return np.asarray(multiple, dtype=float)


def count(least: int = 1, **values: int) -> None:
    """Check that each named value is a whole number of at least `least`."""
    for parameter, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise DomainError(parameter, value, f"must be a whole number of at least {least}")


@contextmanager
def renamed(**own: str) -> Iterator[None]:
    """Give a `DomainError` of a called function the caller's parameter name: ``renamed(rate="finance_rate")``."""
    try:
        yield
    except DomainError as error:
        if error.parameter not in own:
            raise
        raise DomainError(own[error.parameter], error.value, error.rule) from error


def _as_numbers(parameter: str, value: object) -> tuple[int, ...]:
    try:
        return np.asarray(value, dtype=float).shape
    except (TypeError, ValueError) as error:
        ragged = "inhomogeneous" in str(error)
        rule = "rows of an array are equally long" if ragged else "must be a number, or an array of numbers"
        raise DomainError(parameter, value, rule) from None


def single(**values: object) -> None:
    """Check that each named value is one number, not an array or a text."""
    for parameter, value in values.items():
        if type(value) is not float and (shape := _as_numbers(parameter, value)):
            raise DomainError(parameter, f"an array of shape {shape}", "takes one number, not an array")


def _is_one(value: object, kind: type) -> bool:
    if not getattr(kind, "_is_protocol", False):
        return isinstance(value, kind)
    return all(callable(getattr(value, name, None)) for name in vars(kind) if not name.startswith("_"))


@cache
def _records(function: Callable[..., object]) -> dict[str, tuple[tuple[type, ...], bool]]:
    """Return the classes of each parameter that takes a record, or one of several, and whether it may be None.

    They are looked up at the first call: where a module is still being read, its own classes are not yet there.
    """
    found = {}
    for name, annotation in function.__annotations__.items():
        parts = str(annotation).split(" | ")
        classes = [unwrap(function).__globals__.get(part) for part in parts if part != "None"]
        if name != "return" and classes and all(isinstance(kind, type) for kind in classes):
            found[name] = tuple(classes), "None" in parts
    return found


def record(parameter: str, value: object, classes: tuple[type, ...]) -> None:
    """Check that a value is of one of several classes, or has the functions of a protocol."""
    if not any(_is_one(value, kind) for kind in classes):
        names = " or ".join(kind.__name__ for kind in classes)
        raise DomainError(parameter, f"of type {type(value).__name__}", f"must be of type {names}")


P = ParamSpec("P")
R = TypeVar("R")


def _in_words(error: Exception, name: str, shapes: dict[str, tuple[int, ...]]) -> DomainError | None:
    """Return what an error in a formula means for its arguments, or nothing where it is a fault of the formula."""
    words = str(error)
    if isinstance(error, ArithmeticError):
        return DomainError("result", name, "lies beyond the range of numbers")
    if isinstance(error, RuntimeError) and "converge" in words:
        return DomainError("result", name, "is not found: the search does not converge")
    if isinstance(error, ValueError) and ("broadcast" in words or "mismatch" in words):
        told = ", ".join(f"{parameter} {shape}" for parameter, shape in shapes.items())
        return DomainError("shapes", told, "do not broadcast: axes are equal from the last one on, or 1")
    return None


def _shapes_of(
    given: Iterable[tuple[str, object]], kinds: dict[str, str], records: dict[str, tuple[tuple[type, ...], bool]]
) -> dict[str, tuple[int, ...]]:
    """Check what is given by its kind, and return the shapes of arrays."""
    shapes = {}
    for name, value in given:
        if name in records:
            classes, optional = records[name]
            if value is not None or not optional:
                record(name, value, classes)
        if type(value) is float:
            continue
        if kinds.get(name) == "float":
            single(**{name: value})
        elif kinds.get(name) == "ArrayLike" and value is not None:
            shapes[name] = _as_numbers(name, value)
    return shapes


def formula(function: Callable[P, R]) -> Callable[P, R]:
    """Make a formula say in words what does not fit: arguments by their annotations, and a result beyond numbers.

    A parameter annotated as `ArrayLike` takes a number or an array, one annotated as `float` a number alone, one
    annotated as a class that class. A result that is no finite number is an error, never a value.
    """
    kinds = {name: str(kind) for name, kind in function.__annotations__.items() if name != "return"}

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        shapes = _shapes_of((*zip(kinds, args, strict=False), *kwargs.items()), kinds, _records(function))
        try:
            with np.errstate(all="ignore"):
                result = function(*args, **kwargs)
        except DomainError:
            raise
        except (ArithmeticError, RuntimeError, ValueError) as error:
            if told := _in_words(error, function.__name__, shapes):
                raise told from None
            raise
        if isinstance(result, float | np.ndarray) and not np.isfinite(result).all():
            raise DomainError("result", f"{function.__name__}: {result}", "lies beyond the range of numbers")
        return result

    return checked


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best choice over a span.

    Attributes
    ----------
    at : float
        Where it is.
    value : float
        What it gives there.
    corner : {"none", "low", "high"}
        ``none`` if it lies inside the span; else the end at which it lies, and the first-order condition does not hold.
    """

    at: float
    value: float
    corner: Corner = "none"


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where a gain that falls or rises over a span changes its sign.

    Attributes
    ----------
    at : float or None
        The point; None where the sign does not change within the span.
    side : {"crosses", "gain", "loss"}
        ``gain`` or ``loss`` where the sign is the same over the whole span, and which it is.
    low, high : float
        The span that was searched.
    """

    at: float | None
    side: Literal["crosses", "gain", "loss"]
    low: float
    high: float


def point_of(found: BreakEven, what: str) -> float:
    """Return the point of a break-even; ``ValueError`` that says of what where there is none."""
    if found.at is None:
        span = f"between {found.low:g} and {found.high:g}"
        raise ValueError(f"{what}: no break-even {span}; the sign is that of a {found.side}")
    return found.at
