"""What waiting is worth, computed from the parameters of the model: the eighth number of the overview."""

from __future__ import annotations

from functools import partial

from patient_capital.formatting import Range
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import result

SHORT_YEARS, USUAL_YEARS, LONG_YEARS = 7, 10, 20
GROWTH, TAIL, SALE = "parameters[vr_growth].value", "parameters[vr_alpha].value", "parameters[fm_forced_sale].value"
FORMULA = (
    "discount rate at which winners sold by the end of the fund are worth what they cost; hazard = growth x tail index"
)


def _rate(ctx: Context, *, years: int, column: str = "value") -> float:
    from patient_capital.model.fund.uncapped_winner import internal_rate  # noqa: PLC0415  # loads scipy

    growth, tail = (ctx.number("parameters", p, "value") for p in ("vr_growth", "vr_alpha"))
    return 100 * internal_rate(growth, growth * tail, years, ctx.number("parameters", "fm_forced_sale", column))


for _years in (SHORT_YEARS, USUAL_YEARS, LONG_YEARS):
    result(
        f"patience.rate_{_years}", f"Return of winners a year, gross, in a fund of {_years} years", unit="pct", decimals=1, formula=FORMULA,
        inputs=(GROWTH, TAIL, SALE),
    )(partial(_rate, years=_years))  # fmt: skip


@result(
    "patience.gain", f"Gain from waiting {LONG_YEARS} rather than {SHORT_YEARS} years, a year", unit="pct_points", decimals=1,
    formula="difference of the two rates", inputs=(f"result patience.rate_{LONG_YEARS}", f"result patience.rate_{SHORT_YEARS}"),
)  # fmt: skip
def gain(ctx: Context) -> float:
    """Percentage points a year."""
    return ctx.value(f"patience.rate_{LONG_YEARS}") - ctx.value(f"patience.rate_{SHORT_YEARS}")


@result(
    "patience.gain_range", "The same over the assumed span of what a forced sale fetches", unit="pct_points", decimals=1,
    formula="difference of the two rates at the high and the low end of the span",
    inputs=(GROWTH, TAIL, "parameters[fm_forced_sale].low", "parameters[fm_forced_sale].high"),
)  # fmt: skip
def gain_range(ctx: Context) -> Range:
    """Percentage points a year."""
    gains = [_rate(ctx, years=LONG_YEARS, column=c) - _rate(ctx, years=SHORT_YEARS, column=c) for c in ("low", "high")]
    return Range(min(gains), max(gains))
