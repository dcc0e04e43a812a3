"""Figures of the overview: one yuan followed, the trillion beside other amounts, and the strips of earlier promises."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, NullFormatter

from patient_capital.analysis import overview
from patient_capital.analysis.funds import NATIONAL
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.labels import spread, width_px
from patient_capital.figures.marks import exact, say, story_step
from patient_capital.figures.style import Swatch
from patient_capital.formatting import counted, digits, human_date, rounded, spelled, yuan
from patient_capital.money import STAGE_WORDS

FILLS: dict[str, tuple[str, str, str | None]] = {
    "treasury": (style.TREASURY, style.TREASURY, None),
    "state": (style.CARD, style.STATE, "//////"),
    "private": (style.MARK, style.MARK, None),
    "unnamed": (style.CARD, style.UNNAMED, style.DOWN),
    "open": ("none", style.OPEN, None),
    "void": ("none", style.VOID, "////"),
}
"""Face, edge and hatching of money by whose it is."""

STEP_WORDS = {
    "promise": "The promise",
    "treasury": "The treasury",
    "regions": "With the regional funds",
    "sub_funds": "The sub-funds",
    "firms": "The firms",
}
KIND_WORDS = {
    "treasury": "treasury",
    "state": "named state bodies",
    "private": "private partners",
    "unnamed": "partners without a stated amount",
}
NO_REGION = "not yet in a region"


def _tell_one_yuan(printed: Printer, steps: pd.DataFrame) -> Story:
    headline, treasury = printed(f"funds[{NATIONAL}].announced_cny_bn"), printed("funds.treasury_share", "bare")
    registered, open_ = printed("funds.registered_share", "bare"), printed("funds.still_to_raise_share", "bare")
    letters = {rule: printed(f"fund_rules[{rule}].value") for rule in overview.PLANS}
    stake = printed("fund_partners[cn_nvcgf_yrd_national].amount_cny_bn")
    printed("funds.nothing_invested_found")
    first = printed(f"funds[{NATIONAL}].announced_on")
    days = {name: human_date(some["date"].max()) for name, some in steps.groupby("step")}
    # The stake is taken from the money of the state bodies, and not from that of partners without name.
    guessed = printed("fund_partners[cn_nvcgf_yrd_state].amount_cny_bn", "bare")
    assumed = f" ({guessed} assumed)" if steps.loc[steps["kind"].eq("state"), "assumed"].any() else ""
    sentences = {
        "promise": f"On {first} the government said that a fund would draw in nearly {headline} from local governments and "
        f"social capital, which includes state companies; on {days['promise']} it called a trillion the sum of all "
        "tiers, the treasury's money included. The bar is that sum. Either is a hope.",
        "treasury": f"The Ministry of Finance subscribed the first {printed(f'funds[{NATIONAL}].registered_cny_bn')} on "
        f"{days['treasury']}, {treasury} fen of each yuan.",
        "regions": f"By {days['regions']} partners of the regional funds had added {printed('funds.partner_money')}: of "
        f"each yuan {registered} fen are registered, and no private partner is named.",
        "sub_funds": f"{letters['nvcgf_loi_subs']} of about {letters['nvcgf_subs']} sub-funds signed letters of intent on "
        f"{days['sub_funds']}, without amounts. From here no page that we saw tells of the fund's money.",
        "firms": f"{letters['nvcgf_loi_projects']} firms signed such letters too. What any of them was paid was not found.",
    }
    printed("funds.no_private_named")
    told = " ".join(
        f"{STEP_WORDS[name]}: {_parts(some)}." for name, some in steps.groupby("step", sort=False) if name in STEP_WORDS
    )
    return Story(
        title=f"Of each yuan promised, {registered} fen (hundredths) are registered; no page that we saw tells how "
        "much reached a firm",
        subtitle=f"National venture fund: {headline} drawn as one yuan, or a hundred fen. Registered is subscribed, "
        "not paid in. Grey: no amount found.",
        alt=f"{spelled(steps['step'].nunique()).capitalize()} steps, each a bar as long as the promise. {told} "
        f"{treasury} fen are treasury money, {registered} fen are registered at both tiers, {open_} fen are not "
        f"registered anywhere. Sub-funds signed {letters['nvcgf_loi_subs']} letters of intent of "
        f"{letters['nvcgf_subs']} planned, firms {letters['nvcgf_loi_projects']}; no amounts were found.",
        legend=(
            ("treasury", "solid", "treasury"),
            ("state", "hatch", f"named state bodies: {printed('overview.state_partners')}{assumed}"),
            ("unnamed", "hatch", f"partners without a stated amount: {printed('funds.possibly_private')}"),
            ("open", "outline", f"promised, not registered: {printed('funds.still_to_raise')}"),
            ("void", "hatch", "no amount found"),
        ),
        must="The trillion is that of the launch, all tiers together. The words of March name others' money alone: of "
        f"that {printed('funds.partner_share')} is registered.",
        note=f"The stake of the national fund in the Yangtze fund is not published; {stake} is assumed, as in the "
        f"others. Over a plausible span of the stake, {printed('funds.registered_once_range')} is registered. Letters "
        "of intent bind nobody and carry no amounts.",
        searches=("national_money", "regional_amounts"),
        steps=tuple((STEP_WORDS[name], sentences[name]) for name in STEP_WORDS if name in days),
    )


def _said(row: Any) -> str:
    """Say what a part of a bar is: whose money, how much, its stage and its day."""
    place = row.region or (NO_REGION if row.step == "regions" else "")
    whose = ", ".join(part for part in (STEP_WORDS[row.step], place, KIND_WORDS.get(row.kind, "")) if part)
    stage = f"{row.stage}, this part assumed" if row.assumed else row.stage
    return f"{whose}: {exact(row.amount_cny_bn)}bn yuan, {stage}, {human_date(row.date)}"


def _parts(rows: pd.DataFrame) -> str:
    told = [
        f"{row.region or KIND_WORDS.get(row.kind, 'announced')} {_short(row.amount_cny_bn)}"
        + (f" ({KIND_WORDS.get(row.kind, row.kind)})" if row.region else "")
        for row in rows.itertuples()
        if pd.notna(row.amount_cny_bn)
    ]
    return ", ".join(told) or "no amount found"


def _detail(step: str, rows: pd.DataFrame) -> str:
    """Return stage and day of a step, and the letters of intent where no amount is known."""
    when = human_date(rows["date"].max())
    letters = rows["letters"].sum()
    if rows["amount_cny_bn"].notna().any():
        amount = "" if step == "regions" else f"{_short(rows['amount_cny_bn'].sum())}, "
        return f"{amount}{rows['stage'].iloc[0]}, {when}"
    planned = "" if rows["planned"].isna().all() else f"{digits(rows['planned'].sum())} planned, "
    return f"{planned}{counted(int(letters), 'letter')} of intent, {when}"


def _blocks(
    axes: Axes, rows: pd.DataFrame, left: float, top: float, fen: float, tall: float, *, saying: bool = True
) -> float:
    """Draw parts of a bar one behind the other and return where the last ends; they say their values, unless others do."""
    for row in rows.itertuples():
        face, edge, hatch = FILLS.get(row.kind, FILLS["private"])
        said = _said(row) if saying else ""
        style.block(axes, (left, top), row.amount_cny_bn * fen, tall, face, edge, said, hatch=hatch, linewidth=1.2)
        left += row.amount_cny_bn * fen
    return left


@chart(
    "The money of the national fund by step, from the promise to the firms, bn yuan",
    _tell_one_yuan,
    legend=(
        ("treasury", "solid", "treasury"),
        ("state", "hatch", "named state bodies"),
        ("unnamed", "hatch", "partners without a stated amount"),
        ("open", "outline", "promised, not registered"),
        ("void", "hatch", "no amount found"),
    ),
    steps=overview.one_yuan,
)
def one_yuan(steps: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a step, each as long as the promise; of the regional funds also each fund, enlarged."""
    width, left = (style.WIDE_PX, 4.0) if wide else (style.NARROW_PX, 2.0)
    bar = width - 2 * left
    names = [step for step in STEP_WORDS if step in set(steps["step"])]
    known = steps.loc[steps["amount_cny_bn"].notna()]
    largest = max(float(known.groupby("step")["amount_cny_bn"].sum().max()), 1e-9)
    regional = known.loc[known["step"].eq("regions")]
    zoom = _zoom_height(regional, wide) if not regional.empty else 0
    height = 8 + len(names) * (_head(wide) + BAR_TALL + 24) - 18 + zoom
    drawing, axes = style.pixel_drawing(width, height)
    top = 8.0
    for place, name in enumerate(names, 1):
        with story_step(axes, place):
            top = _draw_step(axes, name, steps.loc[steps["step"].eq(name)], (left, top), bar, largest, wide=wide)
    return drawing


def _draw_step(
    axes: Axes, name: str, rows: pd.DataFrame, corner: tuple[float, float], bar: float, largest: float, *, wide: bool
) -> float:
    """Draw the bar of a step with its words above it, and return where the next step begins."""
    left, top = corner
    tall, head = BAR_TALL, _head(wide)
    axes.text(left, top + 4, STEP_WORDS[name], weight="bold", va="center")
    place, align, y = (left + bar, "right", top + 4) if wide else (left, "left", top + 21)
    axes.text(place, y, _detail(name, rows), color=style.SOFT, va="center", ha=align)
    top += head
    known = rows.loc[rows["amount_cny_bn"].notna()]
    edge, hatch = (style.VOID, "////") if known.empty else (style.OPEN, None)
    said = f"{STEP_WORDS[name]}: no amount found; {_detail(name, rows)}" if known.empty else ""
    style.block(axes, (left, top), bar, tall, "none", edge, said, linewidth=1, hatch=hatch)
    end = _blocks(axes, known, left, top, bar / largest, tall, saying=name != "regions")
    if not known.empty and end < left + bar * 0.8:
        share = f"{digits(100 * known['amount_cny_bn'].sum() / largest, 0)} fen"
        axes.text(end + 8, top + tall / 2, share, va="center", weight="bold")
    top += tall + 24
    if name == "regions" and not known.empty:
        top = _enlarged(axes, known, (left, end, left + bar), top, wide=wide)
    return top


BAR_TALL, ZOOM_TALL, KEY_STEP = 22.0, 30.0, 20.0
"""Height of a bar, of the enlarged bar, and of a line of its key on a phone."""


def _head(wide: bool) -> float:
    """Return the room for the words above a bar."""
    return 20.0 if wide else 36.0


def _zoom_height(rows: pd.DataFrame, wide: bool) -> float:
    return ZOOM_TALL + 60 if wide else ZOOM_TALL + 30 + KEY_STEP * rows["region"].nunique()


def _enlarged(axes: Axes, rows: pd.DataFrame, ends: tuple[float, float, float], top: float, *, wide: bool) -> float:
    """Draw what is registered at the full width, by regional fund, and return where the next step begins."""
    left, end, right = ends
    unit = (right - left) / float(rows["amount_cny_bn"].sum())
    for start, goal in ((left, left), (end, right)):
        axes.plot([start, goal], [top - 22, top], color=style.OPEN, linewidth=0.9)
    _blocks(axes, rows, left, top, unit, ZOOM_TALL)
    foot = top + ZOOM_TALL
    sizes = rows.groupby("region", sort=False)["amount_cny_bn"].sum()
    split = rows.groupby("region", sort=False)["assumed"].any()
    amounts = [
        f"{_short(amount)}{', split assumed' if split[region] and region else ''}" for region, amount in sizes.items()
    ]
    starts = left + (sizes.cumsum() - sizes) * unit
    for start in starts.iloc[1:]:
        axes.plot([start, start], [top - 3, foot + 3], color=style.INK, linewidth=1.2)
    names = [region or NO_REGION for region in sizes.index]
    if wide:
        middles = list(starts + sizes * unit / 2)
        widths = [
            max(width_px(name, weight="bold"), width_px(told)) + 18 for name, told in zip(names, amounts, strict=True)
        ]
        places = spread(middles, widths, left, right)
        for name, told, x in zip(names, amounts, places, strict=True):
            axes.text(x, foot + 15, name, va="center", ha="center", weight="bold")
            axes.text(x, foot + 32, told, color=style.SOFT, va="center", ha="center")
    else:
        for place, (name, told, start) in enumerate(zip(names, amounts, starts, strict=True)):
            letter = chr(ord("A") + place)
            axes.text(start + 3, top + ZOOM_TALL / 2, letter, va="center", weight="bold", color=style.CARD)
            axes.text(left, foot + 16 + KEY_STEP * place, f"{letter}  {name}: {told}", va="center")
    return top + _zoom_height(rows, wide)


MEASURE_WORDS = {"pledge": "a pledge", "flow": "in a year", "stock": "a stock"}
MEASURE_COLOURS = {"pledge": style.STATE, "flow": style.MARK, "stock": style.UNNAMED}


def _tell_scale(printed: Printer, amounts: pd.DataFrame) -> Story:
    year, early = printed("overview.a_year_usd"), printed("overview.early_market_usd")
    printed.facts("comparators", overview.SCALE, "amount_usd_bn")
    headline = printed(f"comparators[{overview.HEADLINE}].amount_usd_bn")
    listed = "; ".join(f"{row.name}, {_usd(row.amount_usd_bn)}" for row in amounts.itertuples(index=False))
    return Story(
        title=f"By year, the part for young firms would be {printed('funds.floor_over_market')} China's early-stage "
        f"money; the trillion, {printed('overview.year_over_bigtech')} of large American tech firms' capital spending",
        subtitle=f"Bn dollars on a logarithmic scale. The trillion is {headline}; over the "
        f"{printed('regimes[national_fund].investment_years')} in which it may invest, {year} a year, of which "
        f"{printed('overview.a_year_early_usd')} at least are for young firms.",
        alt=f"A dot an amount on a logarithmic scale, the largest on top: {listed}.",
        note="A pledge is promised, a flow is what moves in a year, a stock is what stands on a day; the colours keep "
        f"them apart. Early-stage money, {early} a year, is rough: the high end is IT Juzi's own count of 2025, the "
        "low end lays a share of 2025 that names no origin on Zero2IPO's investment of 2023. The firms are Amazon, "
        "Alphabet, Microsoft and Meta, and their capital spending is that of 2024, as counted in February 2025; "
        "others count more. The national AI fund is money of Big Fund III.",
    )


def _usd(amount: float) -> str:
    return digits(amount, 0 if amount >= 20 else 1)


@chart(
    "The trillion beside other amounts, bn dollars",
    _tell_scale,
    legend=tuple((style.TOKENS[colour], "dot", MEASURE_WORDS[name]) for name, colour in MEASURE_COLOURS.items()),
    amounts=overview.scale,
)
def scale(amounts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot an amount on a logarithmic scale, the largest on top."""
    rows = amounts.loc[amounts["amount_usd_bn"].gt(0)]
    drawing, axes = style.row_drawing(
        wide, max(len(rows), 1), left=(300, 4), right=(56, 52), step=(30, 44), top=4, bottom=40
    )
    axes.set_xscale("log")
    low, high = (rows["amount_usd_bn"].min(), rows["amount_usd_bn"].max()) if len(rows) else (1.0, 10.0)
    axes.set_xlim(low / 1.6, high * 1.3)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: digits(value, 0)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    for place, row in enumerate(rows.itertuples()):
        colour = MEASURE_COLOURS.get(row.measure, style.OPEN)
        year = "" if pd.isna(row.year) else f", {row.year}"
        weight = "bold" if row.the_trillion else "normal"
        style.row_label(
            axes,
            place,
            f"{row.name}{year}",
            wide,
            x=(low / 1.75, low / 1.6),
            above=0.22,
            size=style.TEXT,
            weight=weight,
        )
        y = place if wide else place + 0.14
        axes.plot([low / 1.6, row.amount_usd_bn], [y, y], color=colour, linewidth=3 if row.the_trillion else 1.2)
        (dot,) = axes.plot([row.amount_usd_bn], [y], "o", color=colour, markersize=11 if row.the_trillion else 8)
        say(
            dot,
            f"{row.name}{year}: {exact(row.amount_usd_bn)}bn dollars, {MEASURE_WORDS.get(row.measure, row.measure)}",
        )
        style.note_beside(
            axes,
            (row.amount_usd_bn, y),
            (10, 0),
            _usd(row.amount_usd_bn),
            va="center",
            fontsize=style.TEXT,
            weight=weight,
        )
    axes.tick_params(labelsize=style.TEXT)
    axes.set_xlabel("bn dollars, logarithmic scale", fontsize=style.TEXT)
    return drawing


STAGE_SHORT = {
    stage: words.split(" (")[0].split(" in firms")[0].split(" or ")[0] for stage, words in STAGE_WORDS.items()
}


def _short(amount: float) -> str:
    """Write an amount for a label: one digit behind the point, two below ten; the unit is said in the subtitle."""
    return yuan(float(rounded(amount, 1 if amount >= 10 else 2))).replace(" yuan", "")


def _strip_label(row: pd.Series) -> str:
    if pd.isna(row["announced_cny_bn"]):
        return "announced size not found"
    return f"{_short(row['announced_cny_bn'])} announced"


def _found(rows: pd.DataFrame) -> str:
    known = rows.loc[rows["amount_cny_bn"].notna()]
    if known.empty:
        return "no figure of the whole found"
    parts = []
    for row in known.itertuples():
        share = "" if pd.isna(row.share_pct) else f" ({digits(row.share_pct, 0)}%)"
        parts.append(f"{_short(row.amount_cny_bn)} {STAGE_SHORT.get(row.stage, row.stage)}{share}")
    return ", ".join(parts)


PROMISE_LEGEND: tuple[Swatch, ...] = (
    ("mark", "solid", "furthest stage found"),
    ("mark", "hatch", "earlier stage"),
    ("void", "hatch", "no figure of the whole found"),
)


def promise_legend(promises: pd.DataFrame) -> tuple[Swatch, ...]:
    """Return what the drawing has a mark for."""
    shares = promises.groupby("fund_id")["share_pct"].count()
    amounts = promises.groupby("fund_id")["amount_cny_bn"].count()
    drawn = (shares.gt(0).any(), shares.gt(1).any(), amounts.eq(0).any())
    return tuple(entry for entry, there in zip(PROMISE_LEGEND, drawn, strict=True) if there)


def _tell_promises(printed: Printer, promises: pd.DataFrame) -> Story:
    for row in promises.itertuples():
        # Of the national fund the drawing prints both tiers, which is a result and stands in the title.
        later = [row.stage] if row.stage and (row.fund_id, row.stage) != (NATIONAL, "registered") else []
        printed.facts("funds", [row.fund_id], *(f"{stage}_cny_bn" for stage in ("announced", *later)))
    share = printed("funds.registered_share")
    earlier = set(promises.dropna(subset="announced_cny_bn")["fund_id"]) - {NATIONAL}
    printed("overview.none_reached")
    first, second, third = (printed(f"funds[{fund}].registered_cny_bn") for fund in overview.BIG_FUNDS)
    told = " ".join(
        f"{rows.iloc[0]['name']}: {_strip_label(rows.iloc[0])}; {_found(rows)}."
        for _, rows in promises.groupby("fund_id", sort=False)
    )
    return Story(
        title=f"Of {spelled(len(earlier))} earlier national promises with a size none was found whole, but "
        f"{printed('overview.seen_young', 'word')} were last seen within {spelled(overview.YOUNG_MONTHS)} months; "
        f"{share} of this one is registered",
        subtitle="Each bar is the announced size of one promise, drawn at the same length, in yuan. Filled: the "
        "furthest stage found. Grey hatching: no later figure of the whole found. The age is that on the day of the "
        "latest page on the whole.",
        alt=f"{spelled(promises['fund_id'].nunique()).capitalize()} horizontal bars, one a promise. {told}",
        must=f"A bar that is short says what was found, not what happened: {printed('overview.seen_young', 'word')} of "
        f"the earlier promises were last seen as a whole within {spelled(overview.YOUNG_MONTHS)} months. The bases "
        "differ: the trillion holds money that others are still to bring, the fund of 2015 does not.",
        note="The Big Funds for chips are not drawn, since our table holds no size that was announced before their "
        f"money: they registered {first}, {second} and {third}. Stages differ: registered and subscribed are pledges "
        "on record, paid in is money, invested is money in firms. With the money of others the fund of 2015 hoped for "
        f"{printed('leverage_cases[fund_2015].total_cny_bn')}; a part of it was seen once more in 2017. The earlier "
        "ones are the national funds of our table that announced a size and lie in no other fund. SOE: state-owned "
        "enterprises; SME: small and medium-sized enterprises.",
        legend=promise_legend(promises),
        searches=("earlier_promises",),
    )


@chart(
    "What was found again of promises, percent of the announced size",
    _tell_promises,
    legend=PROMISE_LEGEND,
    promises=overview.promises,
)
def promises(promises: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a promise, as long as its announced size, filled as far as it was found again."""
    funds = list(dict.fromkeys(promises["fund_id"]))
    width, step = (style.WIDE_PX, 62) if wide else (style.NARROW_PX, 84)
    left, bar, top = (4, width - 60, 38) if wide else (2, width - 60, 36)
    drawing, axes = style.pixel_drawing(width, top + step * len(funds) + 4)
    axes.text(width - left, 14, "age when last seen", color=style.SOFT, va="center", ha="right")
    # A promise that was more than kept shortens the outline of every announced size.
    largest = max(100, float(promises["share_pct"].fillna(0).max()))
    announced = bar * 100 / largest
    for place, fund in enumerate(funds):
        rows = promises.loc[promises["fund_id"] == fund]
        first = rows.iloc[0]
        y = top + place * step
        year = "" if pd.isna(first["announced_on"]) else first["announced_on"][:4]
        since = f", {year}" if year and year not in first["name"] else ""
        axes.text(left, y, f"{first['name']}{since}", weight="bold", va="center")
        if wide:
            found = f"{_strip_label(first)}; {_found(rows)}"
            axes.text(left + bar, y, found, color=style.SOFT, va="center", ha="right")
            bar_y = y + 12
        else:
            axes.text(left, y + 17, _strip_label(first), color=style.SOFT, va="center")
            axes.text(left, y + 33, _found(rows), color=style.SOFT, va="center")
            bar_y = y + 43
        known = rows.loc[rows["share_pct"].notna()].sort_values("share_pct", ascending=False)
        # Money was found, but not of what it is a part: neither filled nor hatched.
        unsized = pd.isna(first["announced_cny_bn"]) and rows["amount_cny_bn"].notna().any()
        edge, hatch = (style.VOID, "////") if known.empty and not unsized else (style.OPEN, None)
        dashes = (0, (4, 3)) if unsized else "-"
        style.block(axes, (left, bar_y), announced, 16, "none", edge, linewidth=1, hatch=hatch, linestyle=dashes)
        for index, row in enumerate(known.itertuples()):
            shade, hatch = (style.MARK, None) if index == len(known) - 1 else (style.CARD, "//////")
            long = bar * row.share_pct / largest
            said = (
                f"{first['name']}: {exact(row.amount_cny_bn)}bn yuan {STAGE_SHORT.get(row.stage, row.stage)}, "
                f"{exact(row.share_pct)} percent of {exact(row.announced_cny_bn)}bn announced"
            )
            style.block(axes, (left, bar_y), long, 16, shade, style.MARK, said, linewidth=1.2, hatch=hatch)
        age = "" if pd.isna(first["age_years"]) else f"{digits(first['age_years'], 1)} y"
        axes.text(width - left, bar_y + 8, age, color=style.INK, va="center", ha="right")
    return drawing
