"""What waiting is worth, computed from the parameters of the model: the eighth number of the overview."""

from __future__ import annotations

from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result

SHORT_YEARS, USUAL_YEARS, LONG_YEARS = 7, 10, 20


def _rate(ctx: Context, *, years: int, column: str = "value") -> float:
    from patient_capital.model.fund.uncapped_winner import internal_rate  # noqa: PLC0415  # loads scipy

    growth, tail = (ctx.number("parameters", p, "value") for p in ("vr_growth", "vr_alpha"))
    sale = ctx.number("parameters", "fm_forced_sale", column)
    return 100 * float(internal_rate(growth, growth * tail, years, sale))


@result(
    unit="pct", decimals=1, cases={str(years): {"years": years} for years in (SHORT_YEARS, USUAL_YEARS, LONG_YEARS)}
)
def rate(ctx: Context, *, years: int) -> float:
    """Return of winners a year, gross, in a fund of {years} years.

    Discount rate at which winners are worth what they cost, if those left at the end of the fund fetch the price of a
    forced sale; hazard = growth x tail index.
    """
    return _rate(ctx, years=years)


@result(unit="pct_points", decimals=1, fields={"long": LONG_YEARS, "short": SHORT_YEARS})
def gain(ctx: Context) -> float:
    """Gain from waiting {long} rather than {short} years, a year.

    Return of winners a year in a fund of {long} years less that in a fund of {short}.
    """
    return ctx.value(f"patience.rate_{LONG_YEARS}") - ctx.value(f"patience.rate_{SHORT_YEARS}")


@result(unit="pct_points", decimals=1, fields={"long": LONG_YEARS, "short": SHORT_YEARS})
def gain_range(ctx: Context) -> Range:
    """Gain from waiting {long} rather than {short} years, a year, over the assumed span of what a forced sale fetches.

    Return of winners a year in a fund of {long} years less that in a fund of {short}, at the high and the low end of the
    span.
    """
    gains = [_rate(ctx, years=LONG_YEARS, column=c) - _rate(ctx, years=SHORT_YEARS, column=c) for c in ("low", "high")]
    return Range(min(gains), max(gains))
