"""Numbers of the regimes as the pages print them: median, span and share above zero of the stored joint draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np
import pandas as pd

from patient_capital.analysis.model.doubt import (
    AXIS,
    DRAWS,
    FEATURES,
    FEW,
    LIKE,
    OF_FUNDS,
    OF_REGIONS,
    PER_BLOCK,
    RISK,
    drawn_block,
    plain_fund_at,
    worths_at,
)
from patient_capital.analysis.model.fund import LONG, LONGER, SHORT, USUAL, yardsticks
from patient_capital.analysis.model.inputs import parameter
from patient_capital.analysis.model.regimes import DIRECTED, NATIONAL, PATIENT, PRIVATE, REGIME_WORDS, outcome
from patient_capital.formatting import Range, Value, digits, spelled
from patient_capital.model.common.checks import Floats
from patient_capital.model.regimes.evaluation import Regime
from patient_capital.model.regimes.scenario_draws import evaluate_draws
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import claim, result
from patient_capital.tables import Reader


def over_draws(*names: str) -> Mapping[str, Any]:
    """Return `how`, what the formula of a number of joint draws says of these, of the parameters that are drawn.

    The error of the tail index is drawn with some of them. It has no row in the table of parameters.
    """
    listed = [name for name in names if name != "tail_error"]
    error = ", and of the error of the tail index" if len(listed) < len(names) else ""
    return {
        "how": f"over {digits(DRAWS)} joint draws of {spelled(len(listed))} parameters, each over its whole span in the "
        f"table{error}"
    }


HOW = over_draws(*OF_FUNDS)
OF_SWITCH = tuple(name for name in OF_REGIONS if name != "oc_home")
"""What moves the home share at which regions are level, and their lead at a stated one."""
Cases = Mapping[str, Mapping[str, Any]] | None


def point_of_draws(reader: Reader, name: str, label: str, run: str = "joint") -> float:
    """Return one stored number of joint draws: ``low``, ``median``, ``high`` or a share of draws in percent."""
    return reader.number("model_runs", f"{run}_{name}_{label}", "value")


def median_of_draws(reader: Reader, name: str, run: str = "joint") -> float:
    """Return the middle of joint draws."""
    return point_of_draws(reader, name, "median", run)


def span_of_draws(reader: Reader, name: str, run: str = "joint") -> Range:
    """Return the middle nine tenths of joint draws."""
    return Range(point_of_draws(reader, name, "low", run), point_of_draws(reader, name, "high", run))


def of_draws(
    *, name: str = "", cases: Cases = None, spans: Cases = None, run: str = "joint", **registered: Any
) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Register two results of a number of the stored joint draws: its median, and as ``_span`` the middle nine tenths.

    The function gets what that of a result gets, and returns the name under which the number is stored. In its
    docstring ``{told}`` is what the title says of either, and ``{point}`` what the formula says.

    Parameters
    ----------
    name, cases, registered
        As for :func:`~patient_capital.provenance.registry.result`; ``{how}`` is :data:`HOW` unless it is given.
    spans : mapping, optional
        The cases whose span is told, by default all.
    run : str
        How the ids of the stored rows begin.
    """
    fields = registered.pop("fields", {})

    def register(stored: Callable[..., str]) -> Callable[..., str]:
        for end, read, told, point, some in (
            ("", median_of_draws, "median", "median", cases),
            ("_span", span_of_draws, "middle nine tenths of draws", "5 to 95 percent point", spans or cases),
        ):
            result(
                name=f"{name or f'{stored.__name__}_{{case}}'}{end}",
                cases=some,
                fields={**HOW, "told": told, "point": point, **fields},
                **registered,
            )(_read(stored, read, run, end))
        return stored

    return register


def _read(stored: Callable[..., str], read: Callable[..., Value], run: str, end: str) -> Callable[..., Value]:
    @wraps(stored)
    def compute(ctx: Context, *row: str, **given: Any) -> Value:
        return read(ctx, stored(ctx, *row, **given), run)

    compute.__name__ += end
    return compute


# --- Regimes ----------------------------------------------------------------------------------------------

WORTHS = {
    "bond": {"words": "at the treasury's interest"},
    "public": {"words": "at the official rate for public projects"},
    "risk": {
        "words": "at a rate that prices risk, the treasury's interest and a premium by the beta of venture capital",
        **over_draws(*OF_FUNDS, *RISK),
    },
    "equal": {"words": f"at the treasury's interest, {LIKE}"},
    "off": {"words": "at the treasury's interest, with all assumed costs of state money and of size off"},
    "unrefused": {"words": "at the treasury's interest, if nobody refused money of the state"},
}


@result(unit="pct", decimals=1, fields=HOW, members=REGIME_WORDS)
def regime_rate(ctx: Context, row: str) -> float:
    """Net return a year, median.

    Internal rate of expected flows of the regime, median {how}.
    """
    return median_of_draws(ctx, f"rate_{row}")


@result(unit="multiple", decimals=2, members=REGIME_WORDS)
def regime_multiple(ctx: Context, row: str) -> float:
    """Mean net multiple at central parameters.

    Expected distributions over calls of the regime.
    """
    return float(outcome(ctx, row).net_multiple)


TOLD_WHOLE = {name: words for name, words in WORTHS.items() if name != "public"}
"""Worths whose span and share stand in the text; those at the official rate stand in the table of regimes."""


@of_draws(unit="pct", decimals=0, cases=WORTHS, spans=TOLD_WHOLE, members=REGIME_WORDS)
def regime_worth(ctx: Context, row: str, *, case: str) -> str:
    """Net present value {words}, of the money paid in, {told}.

    Expected distributions less calls of the regime, per yuan of present value paid in, {point} {how}.
    """
    return f"{case}_{row}"


@result(unit="pct", decimals=0, cases=TOLD_WHOLE, fields=HOW, name="regime_worth_{case}_above", members=REGIME_WORDS)
def regime_worth_above(ctx: Context, row: str, *, case: str) -> float:
    """Share of draws in which the net present value {words} is above zero.

    Counted {how}.
    """
    return point_of_draws(ctx, f"{case}_{row}", "above")


@result(unit="count", decimals=0, fields=HOW)
def national_loses(ctx: Context) -> float:
    """What the national fund as built loses at the treasury's interest, in percent of the money paid in, median.

    Its net present value at the treasury's interest, with the other sign, median {how}.
    """
    return -median_of_draws(ctx, f"bond_{NATIONAL}")


# --- Waiting, and a private fund by its years --------------------------------------------------------------

WAITS_TOLD = {f"wait_{first}_{LONG}": {"first": first, "last": LONG} for first in (SHORT, USUAL, LONGER)}


@of_draws(unit="pct_points", decimals=1, cases=WAITS_TOLD, name="{case}")
def wait(ctx: Context, *, case: str) -> str:
    """Net return a year gained by waiting {last} rather than {first} years, {told}.

    Difference of the internal rates of a private fund with these lives, {point} {how}.
    """
    return case


YEARS_TOLD = {str(years): {"years": years} for years in (USUAL, LONG)}


@of_draws(unit="pct", decimals=1, cases=YEARS_TOLD)
def net_rate(ctx: Context, *, case: str) -> str:
    """Net return a year of a private fund that must sell after {years} years, {told}.

    Internal rate of expected flows, {point} {how}.
    """
    return f"rate_{case}"


@of_draws(unit="pct", decimals=0, cases=YEARS_TOLD)
def plain_worth(ctx: Context, *, case: str) -> str:
    """Net present value at the treasury's interest of a private fund that must sell after {years} years, {told}.

    Expected distributions less calls, per yuan of present value paid in, {point} {how}.
    """
    return f"plain_bond_{case}"


YARDSTICKS = {
    "bond_coupon": {"words": "Coupon of the bonds that pay for the fund"},
    "public_rate": {"words": "Official discount rate for public projects"},
}


@result(unit="pct", decimals=0, cases=YARDSTICKS, name="{case}")
def yardstick_rate(ctx: Context, *, case: str) -> float:
    """{words}, percent a year.

    As the table of parameters has it.
    """
    return 100 * parameter(ctx, f"fm_{case}")


LEADS = {
    "patient_national": {
        "name": f"lead_{PATIENT}_{NATIONAL}", "words": "the patient fund at its best over the national fund"
    },
}  # fmt: skip


@of_draws(unit="pct_points", decimals=0, cases=LEADS)
def lead(ctx: Context, *, name: str) -> str:
    """Lead of {words}, percentage points of the money paid in, {told}.

    Difference of the net present values at the treasury's interest at the same draw, {point} {how}.
    """
    return name


FEATURES_TOLD = {"none": "worth with every feature off", **{name: words for name, (words, _) in FEATURES.items()}}


@of_draws(unit="pct_points", decimals=0, members=FEATURES_TOLD, run="feature")
def feature_takes(ctx: Context, row: str) -> str:
    """What a feature of the national fund adds to its worth or takes, {told}.

    Change of the net present value at the treasury's interest by the feature, averaged over all orders of adding
    features (Shapley value), {point} {how}.
    """
    return row


# --- Other numbers of joint draws ---------------------------------------------------------------------------

OF_ENTRY = {"home_1": OF_SWITCH, "many_over_1": OF_SWITCH}
"""Numbers on regions, which are of other draws than those of funds, and the parameters that move them."""
SHARES = {
    case: {"name": (name, end), "words": words, **over_draws(*OF_ENTRY.get(name, OF_FUNDS))}
    for case, name, end, words in (
        ("wait_10_20_above", "wait_10_20", "above",
         "a private fund returns more a year with twenty years than with ten"),
        ("plain_worth_10_above", "plain_bond_10", "above", "a private fund of ten years earns the treasury's interest"),
        ("plain_worth_20_above", "plain_bond_20", "above",
         "a private fund of twenty years earns the treasury's interest"),
        ("bond_directed_registry_above", "bond_directed_registry", "above",
         "a directed fund of ten years earns the treasury's interest"),
        ("bond_national_registered_above", "bond_national_registered", "above",
         "the national fund earns the treasury's interest, if only the registered money comes"),
        ("plain_public_20_above", "plain_public_20", "above",
         "a private fund with the life of the national one earns the official rate"),
        ("national_over_directed", f"lead_{NATIONAL}_{DIRECTED}", "above",
         "the national fund is worth more than a directed one with the life of its plan"),
        ("national_over_registry", "lead_national_fund_directed_registry", "above",
         "the national fund is worth more than a directed one with its life in the registry"),
        ("patient_over_directed", f"lead_{PATIENT}_{DIRECTED}", "above",
         "the patient fund is worth more than the directed one"),
        ("patient_over_national", f"lead_{PATIENT}_{NATIONAL}", "above",
         "the patient fund is worth more than the national one"),
        ("never_national", "flow_national_fund", "never",
         "the national fund does not earn the treasury's interest even if deals never thin"),
        ("never_patient", "flow_patient_fund", "never",
         "the patient fund does not earn the treasury's interest even if deals never thin"),
        ("skill_national_never", "skill_national_fund", "never",
         "the directed fund is worth more than the national one at every picking skill that is searched"),
        ("skill_patient_switch", "skill_patient_fund", "switch",
         "some picking skill makes the directed fund worth as much as the patient one"),
        ("sale_never", "sale_national_fund", "never",
         "the directed fund is worth more than the national one whatever a forced sale fetches"),
        ("soft_switch_share", "soft_waiting", "switch",
         "some share of losers refinanced makes a long fund worth no more than a hard short one"),
        ("home_switch_share", "home_1", "switch", "some home share makes all regions as good as one"),
        ("many_over_one", "many_over_1", "above", "all regions serve the country better than one, all gain at home"),
        ("below_national", "below", NATIONAL, "winners of the national fund exit below cost"),
    )
}  # fmt: skip


@result(unit="pct", decimals=0, cases=SHARES, name="{case}")
def share_of_draws(ctx: Context, *, name: tuple[str, str]) -> float:
    """Share of draws in which {words}.

    Counted {how}.
    """
    return point_of_draws(ctx, *name)


POINTS: dict[str, dict[str, str]] = {
    "bond_directed_registry": {
        "words": "Net present value of a directed fund of ten years, its life in the registry, at the treasury's interest"
    },
    "bond_national_registered": {
        "words": "Net present value of the national fund at the treasury's interest, if only the registered money comes"
    },
}


@of_draws(unit="pct", decimals=0, cases=POINTS, name="{case}")
def worth_of_draws(ctx: Context, *, case: str) -> str:
    """{words}, {told}.

    Expected distributions less calls, per yuan of present value paid in, {point} {how}.
    """
    return case


@of_draws(unit="pct", decimals=0, fields=over_draws(*OF_SWITCH))
def home_switch_draws(ctx: Context) -> str:
    """Home share above which all regions beat one, {told}.

    Home share of the consumer gain at which welfare is equal; of the draws that have one, {point} {how}.
    """
    return "home_1"


ELASTICITIES = {
    "flow_patient_fund": {
        "words": "Elasticity of deal flow at which the patient fund just earns the treasury's interest"
    },
    "implied_elasticity": {"words": "Elasticity of deal flow that screening alone implies"},
}


@of_draws(unit="elasticity", decimals=2, cases=ELASTICITIES, name="{case}")
def elasticity_of_draws(ctx: Context, *, case: str) -> str:
    """{words}, {told}.

    Of the draws that have one, {point} {how}.
    """
    return case


@of_draws(unit="correlation", decimals=2)
def skill_patient_fund(ctx: Context) -> str:
    """Picking skill above which the directed fund beats the patient fund at its best, {told}.

    Correlation of official priority and true payoff at which both are worth the same at the treasury's interest; of the
    draws that have one, {point} {how}.
    """
    return "skill_patient_fund"


@of_draws(unit="pct", decimals=0, fields={"long": LONG, "usual": USUAL})
def soft_waiting(ctx: Context) -> str:
    """Share of losers refinanced at which a fund of {long} years is worth no more than a hard one of {usual}, {told}.

    Soft budget at which both net present values at the treasury's interest are equal; of the draws that have one,
    {point} {how}.

    Percent of losers out of money.
    """
    return "soft_waiting"


# --- Claims in words -----------------------------------------------------------------------------------------


@claim(most=25)
def national_seldom(ctx: Context, *, most: float) -> bool:
    """The national fund seldom earns the treasury's interest.

    Its net present value at the treasury's interest is above zero in at most {most} percent of joint draws.
    """
    return point_of_draws(ctx, f"bond_{NATIONAL}", "above") <= most


@claim(low=25, high=75)
def patient_open(ctx: Context, *, low: float, high: float) -> bool:
    """Whether a patient fund earns the treasury's interest is open.

    Its net present value at the treasury's interest is above zero in {low} to {high} percent of joint draws.
    """
    return low <= point_of_draws(ctx, f"bond_{PATIENT}", "above") <= high


@claim(most=10)
def none_pays_public(ctx: Context, *, most: float) -> bool:
    """None of the state's regimes earns the official rate, but in few draws.

    Net present values of directed, national and patient fund at the official rate are above zero in at most {most}
    percent of joint draws each.
    """
    return all(point_of_draws(ctx, f"public_{row}", "above") <= most for row in (DIRECTED, NATIONAL, PATIENT))


@claim(least=95, long=LONG, usual=USUAL)
def waiting_pays(ctx: Context, *, least: float) -> bool:
    """Waiting pays, as the model is set up.

    A private fund returns more a year with {long} years than with {usual} in at least {least} percent of joint draws.
    The sign is built in: whoever must sell is taken to get less than the value, and winners are taken to grow for as
    long as they are held. Only the size is a result.
    """
    return point_of_draws(ctx, f"wait_{USUAL}_{LONG}", "above") >= least


@claim(low=40, high=60, least=95, count=PER_BLOCK, long=LONG, usual=USUAL)
def price_is_half(ctx: Context, *, low: float, high: float, least: float, count: int) -> bool:
    """The price of a forced sale makes a large part of the gain from waiting, and not all of it.

    If a forced sale fetched the whole value, the median gain of {long} rather than {usual} years would be {low} to
    {high} percent of what it is with the price drawn, and above zero in at least {least} percent, over {count} joint
    draws.
    """
    drawn = drawn_block(ctx, 0, count)
    priced = drawn.scenarios
    whole = replace(priced, forced_sale=np.ones(len(priced)))
    gains = []
    for at in (priced, whole):
        short, long = (
            evaluate_draws(plain_fund_at(drawn.regimes[PRIVATE], years), at, ()).internal_rate
            for years in (USUAL, LONG)
        )
        gains.append(long - short)
    share = 100 * float(np.median(gains[1]) / np.median(gains[0]))
    return low <= share <= high and 100 * float((gains[1] > 0).mean()) >= least


@claim(most=10, low=35, high=65, plan=15, registry=10)
def life_decides(ctx: Context, *, most: float, low: float, high: float, plan: float, registry: float) -> bool:
    """Which of the two is worth more turns on the life of the directed fund.

    The national fund is worth more than a directed fund of {plan} years, the life of its plan, in at most {most} percent
    of joint draws, and of {registry} years, that in the registry, in {low} to {high} percent.
    """
    lives = (ctx.number("regimes", DIRECTED, "horizon_years"), ctx.number("funds", "cn_bigfund1", "life_years_low"))
    shares = [ctx.value(f"model.national_over_{rival}") for rival in ("directed", "registry")]
    return lives == (plan, registry) and shares[0] <= most and low <= shares[1] <= high


@claim(most=5)
def few_beat_many(ctx: Context, *, most: float) -> bool:
    """A few regions serve the country better than all.

    With all consumer gain at home, all regions are better than a few of them in at most {most} percent of draws of
    weight and entry cost, for each small number above one that is shown.
    """
    return all(point_of_draws(ctx, f"many_over_{few}", "above") <= most for few in FEW if few > 1)


@claim(least=90)
def off_pays(ctx: Context, *, least: float) -> bool:
    """Without assumed costs the fund as built would earn the treasury's interest.

    With refusals, thinning, small tickets, soft budgets and idle money off, its net present value is above zero in at
    least {least} percent of joint draws.
    """
    return point_of_draws(ctx, f"off_{NATIONAL}", "above") >= least


@claim(count=4)
def four_take_most(ctx: Context, *, count: int) -> bool:
    """Small tickets, refusals, refinanced losers and a crowded market weigh most.

    They are the {count} features with the largest medians of what they take from the worth of the national fund.
    """
    taken = features_of_national(ctx).drop(index=["none", "all"]).head(count)
    return set(taken.index) == {"tickets", "refusal", "soft", "crowd"}


# --- Frames ----------------------------------------------------------------------------------------------------

SPAN_COLUMNS = ("rate", "bond", "public", "equal")
"""Numbers of a regime whose spans are shown, as :func:`patient_capital.analysis.model.doubt.outcomes_at` names them."""


def spans_of_regimes(reader: Reader) -> pd.DataFrame:
    """Return the stored joint draws of each regime of the book.

    Returns
    -------
    pandas.DataFrame
        Indexed by name: of ``rate``, ``bond``, ``public`` and ``equal`` the median, `low` and `high` end of the middle
        nine tenths, and the share of draws `above` zero, percent.
    """
    rows = {
        name: {
            f"{column}_{label}": point_of_draws(reader, f"{column}_{name}", label)
            for column in SPAN_COLUMNS
            for label in ("median", "low", "high", "above")
        }
        for name in REGIME_WORDS
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("regime")


def spans_anew(ctx: Context, regimes: Iterable[Regime], draws: int = PER_BLOCK) -> pd.DataFrame:
    """Return :func:`spans_of_regimes` of any regimes, from joint draws made here; a thousand take a few seconds."""
    chosen = list(regimes)
    parts: dict[str, list[Floats]] = {}
    for block in range(-(-draws // PER_BLOCK)):
        drawn = drawn_block(ctx, block, min(PER_BLOCK, draws - block * PER_BLOCK), chosen)
        for name, values in worths_at(ctx, drawn).items():
            parts.setdefault(name, []).append(values)
    rows: dict[str, dict[str, float]] = {one.name: {} for one in chosen}
    for one in chosen:
        for column in SPAN_COLUMNS:
            values = np.concatenate(parts[f"{column}_{one.name}"])
            for label, rank in (("median", 0.5), ("low", 0.05), ("high", 0.95)):
                rows[one.name][f"{column}_{label}"] = float(np.quantile(values, rank))
            rows[one.name][f"{column}_above"] = 100 * float((values > 0).mean())
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("regime")


SIDE_BY_SIDE = {
    "private_short": ("private", f"private fund, must sell after {spelled(USUAL)} years", f"joint_plain_bond_{USUAL}"),
    "private_long": ("private", f"private fund, may wait {spelled(LONG)} years", f"joint_plain_bond_{LONG}"),
    "private_slow": ("private", f"the same, investing over {spelled(USUAL)} years", "feature_none"),
    "national": ("national", "national fund as built", f"joint_bond_{NATIONAL}"),
    "national_unrefused": ("national", "national fund, if nobody refused it", f"joint_unrefused_{NATIONAL}"),
    "national_registered": ("national", "national fund, registered money only", "joint_bond_national_registered"),
    "national_off": ("national", "national fund, assumed costs off", f"joint_off_{NATIONAL}"),
    "national_count": ("national", "national fund, Chinese count of exits", f"joint_cn_bond_{NATIONAL}"),
    "patient": ("patient", "patient fund at its best", f"joint_bond_{PATIENT}"),
    "patient_like": ("patient", "patient fund, terms of the national fund", f"joint_equal_{PATIENT}"),
    "directed_plan": ("directed", "directed fund of {plan} years", f"joint_bond_{DIRECTED}"),
    "directed_registry": ("directed", "directed fund of {registry} years", "joint_bond_directed_registry"),
    "directed_like": ("directed", "directed fund, terms of the national fund", f"joint_equal_{DIRECTED}"),
}
"""The funds that the chapter speaks of: their owner, their name, and where their worth at the treasury's interest is stored."""


def side_by_side(reader: Reader) -> pd.DataFrame:
    """Return what every fund of the chapter is worth at the treasury's interest, from the stored joint draws.

    Returns
    -------
    pandas.DataFrame
        Indexed by fund: `owner`, ``private``, ``national``, ``patient`` or ``directed``; `words`; `median_pct`,
        `low_pct` and `high_pct`, net present value in percent of the money paid in; `above_pct`, percent of draws in
        which it is above zero.
    """
    lives = {
        "plan": reader.number("regimes", DIRECTED, "horizon_years"),
        "registry": reader.number("funds", "cn_bigfund1", "life_years_low"),
    }
    told = {name: spelled(years) for name, years in lives.items()}
    rows = {}
    for fund, (owner, words, run) in SIDE_BY_SIDE.items():
        labels = ("median", "low", "high", "above")
        stored = {f"{label}_pct": reader.number("model_runs", f"{run}_{label}", "value") for label in labels}
        rows[fund] = {"owner": owner, "words": words.format(**told), **stored}
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("fund")
    return frame[["owner", "words", "median_pct", "low_pct", "high_pct", "above_pct"]]


def features_of_national(reader: Reader) -> pd.DataFrame:
    """Return what each feature of the national fund takes from the worth of a private fund of its life, the most first.

    Returns
    -------
    pandas.DataFrame
        Indexed by feature, first ``none`` and last ``all``: `words`; `median_pct`, `low_pct` and `high_pct`, percent of
        the money paid in: worth of the fund without and with all features, and the change by each, averaged over all
        orders in which they can be added.
    """

    def row(name: str, words: str) -> tuple[str, float, float, float]:
        numbers = (point_of_draws(reader, name, label, "feature") for label in ("median", "low", "high"))
        return (words, *numbers)  # type: ignore[return-value]  # three numbers follow the words

    frame = pd.DataFrame.from_dict(
        {name: row(name, words) for name, (words, _) in FEATURES.items()},
        orient="index",
        columns=["words", "median_pct", "low_pct", "high_pct"],
    ).sort_values("median_pct", kind="stable")
    ends = {
        "none": row("none", f"private fund of {spelled(LONG)} years, slow to invest"),
        "all": row("all", "the national fund as built"),
    }
    ends_frame = pd.DataFrame.from_dict(ends, orient="index", columns=list(frame.columns))
    return pd.concat([ends_frame.loc[["none"]], frame, ends_frame.loc[["all"]]]).rename_axis("feature")


def worth_by_rate(reader: Reader, rows: Iterable[str] = (PRIVATE, DIRECTED, PATIENT, NATIONAL)) -> pd.DataFrame:
    """Return what regimes are worth by the discount rate, from the stored joint draws.

    Returns
    -------
    pandas.DataFrame
        `regime` in words, with its life where that of the national fund is not meant; `rate_pct` a year; `median_pct`,
        `low_pct` and `high_pct`, net present value in percent of the money paid in; `above_pct`, percent of draws in
        which it is above zero.
    """

    def named(row: str) -> str:
        life = reader.number("regimes", row, "horizon_years")
        return REGIME_WORDS[row] if life == LONG else f"{REGIME_WORDS[row]} of {spelled(life)} years"

    found = [
        (
            named(row),
            float(rate),
            *(point_of_draws(reader, f"axis_{rate}_{row}", label) for label in ("median", "low", "high", "above")),
        )
        for row in rows
        for rate in AXIS
    ]
    columns = ["regime", "rate_pct", "median_pct", "low_pct", "high_pct", "above_pct"]
    return pd.DataFrame(found, columns=columns)


def discount_marks(ctx: Context) -> pd.DataFrame:
    """Return the rates that a fund of the state may be measured by.

    Returns
    -------
    pandas.DataFrame
        `rate` in words, `rate_pct` a year, and for the rate that prices risk the `low_pct` and `high_pct` end of its
        span: the treasury's interest and a premium by the beta of venture capital.
    """
    coupon, beta, premium = (
        [parameter(ctx, name, end) for end in ("value", "low", "high")]
        for name in ("fm_bond_coupon", "fm_venture_beta", "fm_equity_premium")
    )
    risky = [100 * (coupon[0] + b * p) for b, p in zip(beta, premium, strict=True)]
    row = {"rate": "a rate that prices risk", "rate_pct": risky[0], "low_pct": risky[1], "high_pct": risky[2]}
    return pd.concat([yardsticks(ctx), pd.DataFrame([row])], ignore_index=True)


# --- Regimes on other terms -------------------------------------------------------------------------------

OTHER_TERMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "equal",
        "with the life, the years of investing and the state's share of the national fund",
        (DIRECTED, PATIENT, PRIVATE),
    ),
    ("risk", "at a rate that prices risk, drawn over its span", (NATIONAL, PATIENT)),
    ("off", "with all assumed costs off", (DIRECTED,)),
    ("unrefused", "if nobody refuses the state", (NATIONAL, PATIENT, DIRECTED)),
)
"""Cases of :data:`WORTHS` beside those of :func:`~patient_capital.analysis.model.spread.regimes_compared`."""

OTHER_FUNDS = (
    ("bond_directed_registry", DIRECTED, "with ten years, its life in the registry"),
    ("bond_national_registered", NATIONAL, "if only the registered money had come"),
    ("plain_worth_10", PRIVATE, "with ten years"),
    ("plain_worth_20", PRIVATE, "with twenty years"),
)


def on_other_terms(ctx: Context) -> pd.DataFrame:
    """Return what the regimes are worth on other terms than their own, over all doubts.

    Returns
    -------
    pandas.DataFrame
        `fund` and `terms` in words; `ref`, `span_ref` and `above_ref`, the results that hold the number; `median` and
        `span` (middle nine tenths of joint draws), percent of the money paid in; `above`, percent of draws above zero.
    """
    rows = [
        (name, terms, [f"model.regime_worth_{case}{end}[{name}]" for end in ("", "_span", "_above")])
        for case, terms, names in OTHER_TERMS
        for name in names
    ]
    rows += [
        (name, terms, [f"model.{stem}{end}" for end in ("", "_span", "_above")]) for stem, name, terms in OTHER_FUNDS
    ]
    return pd.DataFrame(
        [(REGIME_WORDS[name], terms, *refs, *(ctx.result(ref) for ref in refs)) for name, terms, refs in rows],
        columns=["fund", "terms", "ref", "span_ref", "above_ref", "median", "span", "above"],
    )
