"""Components of a mixture of multiples: a point mass, a power of a uniform number, a truncated Pareto."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from patient_capital.model.common.checks import DomainError, Floats
from patient_capital.model.returns._survival import survival_within
from patient_capital.model.returns.pareto import power_moment

FEWEST = 1000
"""Up to this many numbers are filled in one call; a further pass over them would cost more than it saves."""
DOUBLINGS = range(-2, 5)
"""Numbers of squarings (below zero, of square roots) that together take less time than a logarithm."""


def fill_powers(generator: np.random.Generator, exponent: float, out: Floats) -> None:
    r"""Fill a contiguous array with independent powers of uniform numbers, :math:`U^k`, k positive."""
    if exponent == 1:
        generator.random(out=out)
        return
    # Minus the log of a uniform number is exponential, so that U^k = exp(-k E); this takes half the time of a power.
    generator.standard_exponential(out=out)
    out *= -exponent
    np.exp(out, out=out)


def fill_powers_unordered(generator: np.random.Generator, exponent: float, out: Floats) -> None:
    r"""Fill as :func:`fill_powers` does, but in an order that is not random: for sums and counts, at half the time.

    Notes
    -----
    For k of at least 1, :math:`U^k` is the product of N uniform numbers, N geometric with mean k, since a sum of N
    exponential numbers is exponential. Of an array of uniform numbers a binomial number gets a second factor, of
    these a binomial number a third. Which they are does not matter where the order does not: the first ones. Squares
    and square roots bring k to where it lies between 1 and 2 and most products have one factor.
    """
    mantissa, doublings = math.frexp(exponent)
    base, doublings = 2 * mantissa, doublings - 1
    if exponent == 1 or doublings not in DOUBLINGS:
        fill_powers(generator, exponent, out)
        return
    another = 1 - 1 / base
    generator.random(out=out)
    held = out[: generator.binomial(out.size, another)]
    while held.size > FEWEST:
        held *= generator.random(held.size)
        held = held[: generator.binomial(held.size, another)]
    # The geometric distribution is memoryless: however many factors a product has, the number still to come is
    # distributed as the whole number was, and the product of those is a power U^base of its own.
    rest = np.empty(held.size)
    fill_powers(generator, base, rest)
    held *= rest
    for _ in range(doublings):
        np.square(out, out=out)
    for _ in range(-doublings):
        np.sqrt(out, out=out)


class Piece(Protocol):
    """What totals ask of a part of the deals.

    A draw is :math:`X = b + s Z` with the standard number Z; sums of draws need only the sums of Z.
    """

    @property
    def shift(self) -> float:
        """The constant b."""

    @property
    def scale(self) -> float:
        """The factor s; zero where nothing is random."""

    def draw_unordered(self, generator: np.random.Generator, out: Floats) -> None:
        """Fill a contiguous array with as many Z, in an order that is not random: for sums and counts of all."""


class Component(Piece, Protocol):
    """One component: what the model asks of it. Every method takes and gives arrays."""

    def survival(self, multiple: Floats) -> Floats:
        """Return P(X >= x) within the component."""

    def quantile(self, rank: Floats) -> Floats:
        """Return the multiple at a rank from 0 to 1 within the component."""

    def upper_total(self, rank: Floats) -> Floats:
        """Return the integral of the quantile from a rank to 1."""

    def moment(self, order: int) -> float:
        """Return the raw moment of order 1 or 2."""

    def draw_standard(self, generator: np.random.Generator, out: Floats) -> None:
        """Fill a contiguous array with independent standard numbers Z."""


@dataclass(frozen=True, slots=True)
class Point:
    """Every deal of the component brings the same multiple.

    Attributes
    ----------
    value : float
        The multiple.
    """

    value: float

    @property
    def shift(self) -> float:
        """The value."""
        return self.value

    @property
    def scale(self) -> float:
        """Nothing is random."""
        return 0.0

    def survival(self, multiple: Floats) -> Floats:
        """Return 1 up to the value and 0 above."""
        return np.where(multiple <= self.value, 1.0, 0.0)

    def quantile(self, rank: Floats) -> Floats:
        """Return the value."""
        return np.full(np.shape(rank), self.value)

    def upper_total(self, rank: Floats) -> Floats:
        """Return the value times the share above the rank."""
        return self.value * (1 - rank)

    def moment(self, order: int) -> float:
        """Return the power of the value."""
        return self.value**order

    def draw_standard(self, generator: np.random.Generator, out: Floats) -> None:
        """Write zeros; no random number is used."""
        out.fill(0.0)

    def draw_unordered(self, generator: np.random.Generator, out: Floats) -> None:
        """Write zeros."""
        out.fill(0.0)


@dataclass(frozen=True, slots=True)
class Power:
    r"""A power of a uniform number, :math:`X = x_0 + w\,U^k`; uniform where k is 1.

    Attributes
    ----------
    low : float
        Lower end, :math:`x_0`.
    width : float
        Width of the span, w.
    exponent : float
        Exponent k, positive.
    """

    low: float
    width: float
    exponent: float

    @property
    def shift(self) -> float:
        """The lower end."""
        return self.low

    @property
    def scale(self) -> float:
        """The width."""
        return self.width

    def survival(self, multiple: Floats) -> Floats:
        """Return the share at or above a multiple."""
        return 1 - np.clip((multiple - self.low) / self.width, 0, 1) ** (1 / self.exponent)

    def quantile(self, rank: Floats) -> Floats:
        """Return the multiple at a rank."""
        return self.low + self.width * rank**self.exponent

    def upper_total(self, rank: Floats) -> Floats:
        """Return the integral of the quantile from a rank to 1."""
        power = self.exponent + 1
        return self.low * (1 - rank) + self.width * (1 - rank**power) / power

    def moment(self, order: int) -> float:
        """Return the raw moment of order 1 or 2."""
        first = self.width / (self.exponent + 1)
        if order == 1:
            return self.low + first
        return self.low**2 + 2 * self.low * first + self.width**2 / (2 * self.exponent + 1)

    def draw_standard(self, generator: np.random.Generator, out: Floats) -> None:
        """Fill a contiguous array with powers of uniform numbers."""
        fill_powers(generator, self.exponent, out)

    def draw_unordered(self, generator: np.random.Generator, out: Floats) -> None:
        """Fill a contiguous array with powers of uniform numbers in an order that is not random."""
        fill_powers_unordered(generator, self.exponent, out)


@dataclass(frozen=True, slots=True)
class ParetoSpan:
    """A Pareto from one end to another, which may be infinite; below a finite end the index may be any number.

    Attributes
    ----------
    low, high : float
        Ends of the span, multiples.
    index : float
        Tail index; not zero.
    """

    low: float
    high: float
    index: float

    @property
    def shift(self) -> float:
        """Zero: nothing is added."""
        return 0.0

    @property
    def scale(self) -> float:
        """The end at which the density of logs is highest."""
        return self.low if self.index > 0 else self.high

    @property
    def inside(self) -> float:
        """Share of the uncapped Pareto that lies below the upper end; negative where the index is."""
        return float(-np.expm1(-self.index * np.log(self.high / self.low)))

    def survival(self, multiple: Floats) -> Floats:
        """Return the share at or above a multiple."""
        return survival_within(multiple, self.index, self.low, self.high)

    def quantile(self, rank: Floats) -> Floats:
        """Return the multiple at a rank."""
        if np.isinf(self.high) and np.any(np.asarray(rank) >= 1):
            raise DomainError("probability", 1.0, "a tail without a cap has no largest multiple")
        # At rank 1 of a steep span the power leaves the range of a float; the upper end holds it.
        with np.errstate(divide="ignore"):
            return np.asarray(np.minimum(self.low * np.exp(-np.log1p(-rank * self.inside) / self.index), self.high))

    def upper_total(self, rank: Floats) -> Floats:
        """Return the integral of the quantile from a rank to 1: the share above times the mean of a span from there."""
        below = np.minimum(rank, math.nextafter(1.0, 0.0))
        start = self.quantile(below)
        if np.isinf(self.high):
            return np.asarray((1 - rank) * start * (self.index / (self.index - 1)))
        return np.asarray((1 - rank) * power_moment(1.0, self.index, start, self.high))

    def moment(self, order: int) -> float:
        """Return the raw moment of order 1 or 2."""
        if np.isinf(self.high):
            if self.index <= order:
                raise DomainError("tail_index", self.index, f"without a cap moment {order} needs an index above it")
            return self.index / (self.index - order) * self.low**order
        return float(power_moment(order, self.index, self.low, self.high))

    def draw_standard(self, generator: np.random.Generator, out: Floats) -> None:
        """Fill a contiguous array with multiples of the end at which the density is highest."""
        generator.standard_exponential(out=out)
        if math.isfinite(self.high):
            # A Pareto is the exponential of an exponential number E, and the span truncates E. The exponential
            # distribution is memoryless: E beyond the span, modulo the span, is distributed as E within it, so no draw
            # is rejected.
            span = abs(self.index) * math.log(self.high / self.low)
            beyond = np.flatnonzero(out >= span)
            out[beyond] = np.remainder(out[beyond], span)
        out *= 1 / self.index
        np.exp(out, out=out)

    def draw_unordered(self, generator: np.random.Generator, out: Floats) -> None:
        """Fill a contiguous array as `draw_standard` does; what :func:`pieces` cuts off is drawn faster."""
        self.draw_standard(generator, out)


STRIPS = 64
"""Strips into which a Pareto span is cut; more of them cost as much time as the fewer numbers above them save."""
WIDEST_STRIP = 1.05
"""Largest ratio of the ends of a strip at which cutting a span saves time."""


@dataclass(frozen=True, slots=True)
class AboveStrips:
    """What a Pareto span holds above the uniform strips below it; see :func:`pieces`.

    Attributes
    ----------
    span : ParetoSpan
        The whole span, falling.
    ratio : float
        Ratio of the ends of a strip.
    """

    span: ParetoSpan
    ratio: float

    @property
    def shift(self) -> float:
        """Zero: nothing is added."""
        return 0.0

    @property
    def scale(self) -> float:
        """The lower end of the span."""
        return self.span.low

    def draw_unordered(self, generator: np.random.Generator, out: Floats) -> None:
        """Fill a contiguous array with multiples of the lower end.

        Notes
        -----
        A Pareto has the same shape in every strip, so a strip is as likely here as under the whole span. What lies in
        it above its lower end is drawn below the chord of the density, which is convex, and nearly always accepted.
        """
        index = self.span.index
        strip = np.floor(np.log(1 - self.span.inside * generator.random(out.size)) / (-index * math.log(self.ratio)))
        power, width = -index - 1, self.ratio - 1
        least = self.ratio**power
        left = out
        while left.size:
            place = np.minimum(generator.random(left.size), generator.random(left.size))
            above = (1 + width * place) ** power - least
            found = place[generator.random(left.size) * (1 - least) * (1 - place) <= above]
            left[: found.size] = 1 + width * found
            left = left[found.size :]
        out *= self.ratio ** np.minimum(strip, STRIPS - 1)


def pieces(component: Component) -> tuple[tuple[float, Piece], ...]:
    r"""Cut a component into pieces that are drawn faster where the order of draws does not matter, with their shares.

    Notes
    -----
    A falling Pareto span is cut into strips whose ends have one ratio q. Under its lowest density a strip is uniform,
    and takes one uniform number a deal; the small rest stands above. The uniform part of each strip is
    :math:`a (q - 1) q^{-a-1} / (1 - q^{-a})` of it, and the i-th strip :math:`q^{-ai} (1 - q^{-a}) / (1 - q^{-an})`
    of the span.
    """
    if isinstance(component, ParetoSpan) and component.index > -1 and component.high < math.inf:
        index, ratio = component.index, (component.high / component.low) ** (1 / STRIPS)
        if ratio <= WIDEST_STRIP:
            starts = ratio ** np.arange(STRIPS)
            shares = starts**-index * math.expm1(-index * math.log(ratio)) / -component.inside
            flat = index * (ratio - 1) * ratio ** (-index - 1) / -math.expm1(-index * math.log(ratio))
            lows = (component.low * starts).tolist()
            strips = [Power(low, low * (ratio - 1), 1.0) for low in lows]
            return (*zip((flat * shares).tolist(), strips, strict=True), (1 - flat, AboveStrips(component, ratio)))
    return ((1.0, component),)
