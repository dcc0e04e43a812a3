"""Comparison of the model with observations by a rule that is fixed in advance: pass, near or miss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

from patient_capital.model.common.checks import DomainError, finite

Verdict = Literal["pass", "near", "miss"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One observed number and the model's, each with its span.

    Attributes
    ----------
    observed, observed_low, observed_high : float
        Observed value and the span that sources or their years give.
    model, model_low, model_high : float
        Value of the model at the central parameters, and over the spans of those that move it.

    Raises
    ------
    DomainError
        If a number is not finite, or a value lies outside its span.
    """

    observed: float
    observed_low: float
    observed_high: float
    model: float
    model_low: float
    model_high: float

    def __post_init__(self) -> None:
        for name in self.__slots__:
            finite(**{name: getattr(self, name)})
        for name in ("observed", "model"):
            low, value, high = getattr(self, f"{name}_low"), getattr(self, name), getattr(self, f"{name}_high")
            if not low - 1e-12 <= value <= high + 1e-12:
                raise DomainError(name, value, f"must lie in its span {low:g} to {high:g}")

    @property
    def verdict(self) -> Verdict:
        """``pass`` if the model lies in the observed span; ``near`` if only the spans overlap; else ``miss``."""
        if self.observed_low <= self.model <= self.observed_high:
            return "pass"
        overlap = self.model_low <= self.observed_high and self.observed_low <= self.model_high
        return "near" if overlap else "miss"


def span_over(
    outcome: Callable[..., float], central: Mapping[str, float], spans: Mapping[str, tuple[float, float]]
) -> tuple[float, float, float]:
    """Return an outcome at the central parameters and its lowest and highest value over the corners of their spans.

    Parameters
    ----------
    outcome : callable
        Takes all parameters by name and returns one number.
    central : mapping of str to float
        Central values.
    spans : mapping of str to (float, float)
        Low and high end of those that are varied, all together.

    Returns
    -------
    tuple of float
        Central value, lowest and highest; exact where the outcome moves in one direction with each parameter.

    Raises
    ------
    DomainError
        If a span is of no parameter, or the outcome is not a finite number.
    """
    unknown = sorted(set(spans) - set(central))
    if unknown:
        raise DomainError("spans", unknown[0], f"must be one of {', '.join(sorted(central))}")
    corners = [dict(zip(spans, ends, strict=True)) for ends in product(*spans.values())]
    values = [float(outcome(**{**central, **corner})) for corner in ({}, *corners)]
    finite(outcome=values)
    return values[0], min(values), max(values)
