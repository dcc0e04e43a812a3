"""Figures of the chapter on patience."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from patient_capital.analysis import patience
from patient_capital.analysis.patience import LONG_YEARS
from patient_capital.figures import style
from patient_capital.figures.chart import Printer, Story, chart
from patient_capital.figures.marks import exact, say
from patient_capital.figures.rows import named_rows
from patient_capital.formatting import digits, human_date, spelled

LONGEST = 22
"""End of the axis of lives, years; a longer life moves it."""


def _tell_lives(printed: Printer, lives: pd.DataFrame, usual: pd.DataFrame) -> Story:
    cells = {"patience_clauses": ["value", "value_high"], "funds": ["life_years_low", "life_years_high"]}
    for table, row in lives["rows"].str.split("; ").explode().map(patience.split_row):
        printed.facts(table, [row], *cells.get(table, ["value"]))
    printed.facts("patience_evidence", usual.index, "value")
    printed("patience.every_life_is_drawn")
    printed("patience.only_the_ai_fund_is_shorter")
    low, high = (digits(usual.loc["life_usual_china", end]) for end in ("low", "high"))
    district = printed("patience_clauses[bj_life7].value", "word")
    printed("patience.long_the_year_before")

    def count(what: str) -> str:
        return printed(f"patience.lives_{what}", "word")

    return Story(
        title=f"{count('long').capitalize()} of {count('since')} lives stated since January 2025 may reach "
        f"{spelled(LONG_YEARS)} years or more, as may all {count('year_before')} of the year before",
        subtitle="Years that a fund may last, by the day of its rule or foundation, oldest first. Band: the usual "
        f"life in China, {low} to {high} years by the planning commission. Line: the median time that American venture "
        f"funds take to end, {_median(usual)}.",
        alt=f"{spelled(len(lives)).capitalize()} rows, each a fund or a kind of fund. Before 2025 the lives reach "
        f"between {_span(lives.loc[~lives['since']])} years, after it between {_span(lives.loc[lives['since']])}; the "
        "shortest of these is that of the national AI fund.",
        note="A life on paper is the time that a fund may take, not what it takes. Long lives came before the rules "
        f"of January 2025: of {count('before')} lives from before {count('long_before')} may reach as far, and the "
        f"last that may not is of {printed('patience.last_short_before')}. Of the lives stated since, "
        f"{count('limited')} may end sooner than the ring; {count('owners')} owners stand behind them, and "
        f"{count('national')} are of the national venture fund and its regional funds. Each fund stands once, by its "
        "rule or contract or else by the press; where the day of the rule is not known, the page dates it. Dated by "
        f"the first page that we hold for each, {count('long_by_page')} of {count('by_page')} would be long: the rule "
        f"of Binjiang, a district of Hangzhou, with its {district} years is of 2022, but known from a page of 2025. Of "
        "Big Fund III a column alone tells. Drafts and funds without a fixed life are left out. Long lives are "
        "announced more loudly than short ones.",
    )


def _median(usual: pd.DataFrame) -> str:
    american = usual.loc["life_median_us"]
    return f"{'above ' if american['above'] else ''}{digits(american['low'])}"


def _span(lives: pd.DataFrame) -> str:
    return f"{digits(lives['high'].min())} and {digits(lives['high'].max())}"


@chart(
    "Stated lives of funds, years",
    _tell_lives,
    legend=(
        ("state", "dot", "stated before 7 January 2025"),
        ("mark", "dot", "stated since; a dot is a fixed life or a lower end"),
        ("mark", "ring", "a ring is an upper limit or an upper end"),
        ("rule", "solid", "usual in China"),
    ),
    lives=patience.lives,
    usual=patience.usual_lives,
)
def lives(lives: pd.DataFrame, usual: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a dot a life, or a line from its lower end to its limit, with the usual lives behind."""
    names = [f"{row.subject}, {row.stated_on[:7]}" for row in lives.itertuples()]
    drawing, rows = named_rows(wide, names, tall=11, step=24, right=(70, 64), indent=12, top=24, bottom=38)
    axes, places = rows.axes, range(len(names))
    axes.set_xlim(0, max(LONGEST, float(lives[["low", "high"]].max().max()) + 2))
    median_us = 0.0
    for row in usual.itertuples():
        if row.Index == "life_usual_china":
            rows.band(row.low, row.high, places, style.RULE)
        elif row.Index == "life_median_us":
            median_us = row.low
            rows.line(median_us, places, style.SOFT)
            style.note_at_top(axes, row.low, (0, 5), f"American median, {_median(usual)}", ha="center")
    for place, row in enumerate(lives.itertuples()):
        colour = style.MARK if row.since else style.STATE
        y = rows.middle(place)
        rows.name(place, names[place])
        told = _years(row.low, row.high)
        open_ended = pd.isna(row.high)
        end = row.low if open_ended else row.high
        if row.low < end:
            axes.plot([row.low, end], [y, y], color=colour, linewidth=2)
            axes.plot([row.low], [y], "o", markersize=8, color=colour)
        face = style.CARD if row.at_most or row.low < end else colour
        (dot,) = axes.plot(
            [end], [y], "o", markersize=8, markerfacecolor=face, markeredgecolor=colour, markeredgewidth=2
        )
        most = "at most " if row.at_most and row.low == end else ""
        say(dot, f"{row.subject}: {most}{told} years, stated {human_date(row.stated_on)}")
        # Below the American median the label stands at the left, so that its line runs through none.
        at, shift, side = (end, 8, "left") if end >= median_us else (row.low, -8, "right")
        style.label_beside(axes, (at, y), (shift, 0), told, ha=side, va="center")
    axes.set_xticks(range(0, int(axes.get_xlim()[1]) + 1, 5))
    axes.set_xlabel("years")
    return drawing


def _years(low: float, high: float) -> str:
    if pd.isna(high):
        return f"over {exact(low)}"
    return exact(high) if low == high else f"{exact(low)} to {exact(high)}"


def _tell_judged(printed: Printer, judged: pd.DataFrame) -> Story:
    printed.facts("patience_evidence", judged.index, "value")
    yearly, long = (printed(f"patience.share[{row}]") for row in ("judged_yearly", "judged_long"))
    printed("patience.place_before_return")
    printed("patience.same_share_twice")
    told = " ".join(
        f"{row.statement}: {'below ' if row.below else ''}{digits(row.share_pct)} percent."
        for row in judged.itertuples()
    )
    return Story(
        title=f"{yearly} of the state investors that answered are judged every year, fewer than {long} over a long "
        "cycle",
        subtitle="What state investors say of how they are judged, and of the exemption of staff who did their duty, "
        "November 2025, percent of those that answered.",
        alt=f"{spelled(len(judged)).capitalize()} bars. {told}",
        note="Those that answered were not drawn at random. Several answers were possible where ways of judging are "
        "named. The share judged yearly and that judged by pace are equal to the digit; a single newspaper, seen in a "
        "digest and a reprint, has both: a slip of copying cannot be excluded.",
    )


@chart(
    "How state investors say they are judged, percent of institutions",
    _tell_judged,
    legend=(("mark", "solid", "share of institutions"), ("mark", "hatch", "at most this share")),
    judged=patience.judged,
)
def judged(judged: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a statement."""
    # Half a row stands empty between questions: how often, by what, and who is exempt are not to be compared.
    gaps = (judged["about"].ne(judged["about"].shift()).cumsum() - 1) / 2
    count = len(judged) + (float(gaps.iloc[-1]) if len(gaps) else 0)
    drawing, rows = named_rows(wide, judged["statement"], tall=(14, 18), step=28, right=(40, 24), rows=count, bottom=24)
    axes = rows.axes
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 20, 40, 60, 80, 100], ["0", "20", "40", "60", "80", "100%"])
    for order, row in enumerate(judged.itertuples()):
        place = order + float(gaps.iloc[order])
        rows.name(place, row.statement)
        face, hatch, below = ("none", "////", "below ") if row.below else (style.MARK, None, "")
        style.block(axes, (0, rows.top(place)), row.share_pct, rows.height, face, style.MARK, hatch=hatch)
        rows.value(place, row.share_pct, f"{below}{digits(row.share_pct, 0)}%")
    return drawing


def _tell_buy_backs(printed: Printer, counts: pd.DataFrame) -> Story:
    for year in counts.index:
        printed(f"patience_evidence[buy_backs_{year}].value")
        printed(f"patience_evidence[bought_from_institutions_{year}].value")
    return Story(
        title=f"Buy-backs fell by {printed('patience.buy_back_fall')} from January to October 2025; those in which "
        f"institutions sold rose by {printed('patience.institutions_rise')}",
        subtitle="Stakes that founders or firms bought back from investors, January to October of each year.",
        alt=" ".join(
            f"{row.Index}: {digits(row.institutions, 0)} from institutions, {digits(row.others, 0)} from others."
            for row in counts.itertuples()
        ),
        note="All institutions, state and private: the source does not tell them apart. A lawyer who counts such cases "
        "said in November 2025 that they still grow.",
    )


@chart(
    "Stakes bought back from investors, by who sold",
    _tell_buy_backs,
    legend=(("state", "solid", "sold by institutions"), ("open", "outline", "sold by others")),
    counts=patience.buy_backs,
)
def buy_backs(counts: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a year, by who sold the stakes back."""
    drawing, axes = style.row_drawing(wide, len(counts), left=(60, 46), right=(60, 52), step=46, bottom=24)
    axes.set_xlim(0, float(counts.sum(axis="columns").max()))
    for place, row in enumerate(counts.itertuples()):
        style.note_beside(axes, (0, place), (-8, 0), str(row.Index), ha="right", va="center")
        style.block(axes, (0, place - 0.28), row.institutions, 0.56, style.STATE)
        style.block(axes, (row.institutions, place - 0.28), row.others, 0.56, style.CARD, style.OPEN, linewidth=1.4)
        style.label_in_cell(axes, row.institutions / 2, place, digits(row.institutions, 0), style.CARD, weight="bold")
        style.label_in_cell(
            axes, row.institutions + row.others / 2, place, digits(row.others, 0), style.INK, weight="bold"
        )
        total = row.institutions + row.others
        style.label_beside(axes, (total, place), (6, 0), digits(total, 0), va="center", bbox=style.GROUND)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    return drawing


def _tell_unlocks(printed: Printer, listings: pd.DataFrame) -> Story:
    bound, count = printed("patience.still_bound"), printed("patience.listing_count")
    told = " ".join(
        f"{row.firm}: listed {human_date(row.listed_on)}, free {human_date(row.free_on)}."
        for row in listings.itertuples()
    )
    return Story(
        title=f"Older holders may not sell yet in {bound} of {count} listings of AI, chip and robot firms; the next "
        f"are free on {printed('patience.next_free')}",
        subtitle="From the day of the listing to the day from which shares of before it may be sold. The upright line "
        "is the day of this edition.",
        alt=f"A bar a firm. {told}",
        note="By law a year at least, and single holders may be bound for longer; MiniMax is registered abroad and "
        "named its own day. The list holds what pages were seen for; CXMT makes memory chips. Free to sell is not "
        "sold.",
        searches=("listing_sales",),
    )


def _days(dates: pd.Series) -> list[int]:
    return [day.toordinal() for day in pd.to_datetime(dates)]


@chart(
    "Time from a listing until shares of before it may be sold",
    _tell_unlocks,
    legend=(("state", "solid", "not free yet"), ("open", "solid", "free")),
    listings=patience.listings,
)
def unlocks(listings: pd.DataFrame, *, wide: bool) -> Canvas:
    """Draw a bar a firm, from its listing to the day on which older shares are free."""
    names = [row.firm if wide else f"{row.firm}, free {human_date(row.free_on)}" for row in listings.itertuples()]
    drawing, rows = named_rows(wide, names, tall=(12, 18), step=26, right=(140, 24), indent=12, top=24, bottom=38)
    axes = rows.axes
    start, end, now = (_days(listings[column]) for column in ("listed_on", "free_on", "seen_on"))
    axes.set_xlim(min(start) - 10, max(*end, *now) + 10)
    for place, row in enumerate(listings.itertuples()):
        colour = style.STATE if row.bound else style.OPEN
        rows.name(place, names[place])
        said = f"{row.firm}: listed {human_date(row.listed_on)}, older shares free {human_date(row.free_on)}"
        style.block(axes, (start[place], rows.top(place)), end[place] - start[place], rows.height, colour, said=said)
        if wide:
            rows.value(place, end[place], human_date(row.free_on))
    rows.line(now[0], range(len(names)))
    style.note_at_top(axes, now[0], (0, 5), human_date(listings["seen_on"].iloc[0]), ha="center")
    quarters = pd.date_range(listings["listed_on"].min(), listings["free_on"].max(), freq="QS" if wide else "2QS")
    months = [day.strftime("%b\n%Y" if day.month == 1 else "%b") for day in quarters]
    axes.set_xticks([day.toordinal() for day in quarters], months)
    return drawing
