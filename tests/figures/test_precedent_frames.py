"""Figures and tables of the chapter on the precedent as functions of frames that a reader changes."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.drawings import drawn_texts, says_nothing_of_the_book
from patient_capital.analysis import precedent
from patient_capital.figures import load_figures
from patient_capital.figures import precedent as figures
from patient_capital.listings import precedent as tables
from patient_capital.provenance.registry import number
from patient_capital.tables import Reader

CHARTS = {
    "buildup": (figures.buildup, precedent.build_out, "module_output_gw", "700"),
    "cars": (figures.cars, precedent.cars_and_margin, "profit_margin_pct", "700.0"),
    "learning": (figures.learning, precedent.shares, "high_pct", "700%"),
    "chain": (figures.chain, precedent.chain_of_2025, "in_use_most_pct", "700%"),
    "losses": (figures.losses, precedent.losses_of_makers, "most_2025", "700.0"),
    "tokens": (figures.tokens, precedent.daily_tokens, "tokens_trillion_a_day", "700"),
}
"""Each figure with its frame, a column to change, and how the drawing prints 700 in its last row."""


@pytest.mark.parametrize("name", CHARTS)
def test_a_changed_number_is_drawn_and_takes_the_finding_away(name, ctx):
    chart, give, column, label = CHARTS[name]
    frame = give(ctx)
    # In the last row that has a number: both panels end in another year.
    last = frame[column].last_valid_index()
    frame.loc[last, column] = 700
    one = chart(frame)
    says_nothing_of_the_book(one)
    assert 700 in one.plotted[column].tolist()
    assert f"{column} from " in one.alt
    assert "to 700" in one.alt
    for svg in (one.wide, one.narrow):
        assert any(label in text for text in drawn_texts(svg)), label


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_and_less_than_nothing_are_drawn(name, ctx):
    chart, give, column, _ = CHARTS[name]
    for value in (0, -40):
        one = chart(give(ctx).assign(**{column: value}))
        says_nothing_of_the_book(one)
        assert "<svg" in one.wide


@pytest.mark.parametrize("name", ["buildup", "cars", "tokens"])
def test_order_of_rows_is_no_matter_to_the_drawing(name, ctx, book):
    chart, give, *_ = CHARTS[name]
    assert chart(give(ctx).iloc[::-1]).wide == chart.of(book).wide


def test_the_title_of_the_chain_tells_the_link_that_used_most(book):
    chain = precedent.chain_of_2025(Reader(book))
    most = chain["in_use_most_pct"].idxmax().lower()
    title = load_figures()["precedent.chain"].of(book).title
    assert f"no link of the chain used more than {number(f'precedent.in_use_{most}').text()}" in title


def test_the_margin_falls_as_often_as_the_figure_says(book):
    margin = precedent.cars_and_margin(Reader(book))["profit_margin_pct"].dropna()
    assert (margin.loc[2017:].diff().iloc[1:] < 0).all()
    assert "falls every year since 2017" in load_figures()["precedent.cars"].of(book).alt


def test_years_are_added_to_the_axis(ctx):
    longer = pd.concat([precedent.build_out(ctx), pd.DataFrame({"module_output_gw": [900.0]}, index=[2030])])
    texts = drawn_texts(figures.buildup(longer.rename_axis("year")).wide)
    assert {"2030", "2022", "2014", "900"} <= set(texts)


def test_years_stay_years_in_words(ctx):
    one = figures.buildup(precedent.build_out(ctx).iloc[1:])
    assert "11 rows: year from 2015 to 2025;" in one.alt


def test_the_scale_of_tokens_grows_by_decades(ctx):
    more = precedent.daily_tokens(ctx)
    more.loc["later"] = {"period": "2027-01", "when": 2027.0, "tokens_trillion_a_day": 20_000, "times_first": 200_000}
    texts = drawn_texts(figures.tokens(more).wide)
    assert {"20,000", "10,000", "1,000", "2027"} <= set(texts)


def test_other_windows_and_bases_are_drawn(ctx):
    solar = ctx.frame("solar_ev_parallel", "series_id", "year", "value")
    shares = precedent.explained(
        precedent.price_falls(solar, spans=[(2021, 2023)]), precedent.learning_rates(solar, windows=[(2008, 2020)])
    )
    one = figures.learning(shares)
    says_nothing_of_the_book(one)
    assert "2021 to 2023: Chinese prices" in drawn_texts(one.wide)


def test_steps_of_the_chapter_give_the_frames_of_the_book(ctx):
    """The cells compute from whole tables what the named functions read row by row."""
    solar = ctx.frame("solar_ev_parallel", "series_id", "year", "value")
    ai = ctx.frame("ai_overcapacity", *precedent.SIGN_COLUMNS)
    build_out = precedent.side_by_side(solar, precedent.BUILD_OUT, since=2014)
    shares = precedent.explained(precedent.price_falls(solar), precedent.learning_rates(solar))
    tokens = precedent.over_first(precedent.dated(ai[ai["series_id"] == "daily_tokens"]))
    used = precedent.in_use(precedent.newest(solar, precedent.UTILISATION))
    cars = precedent.side_by_side(solar, precedent.CARS_AND_MARGIN, since=2014)
    cars["sold_at_home"] = precedent.sold_at_home(solar)
    shown = [figures.buildup(build_out), figures.learning(shares), figures.tokens(tokens), tables.capacity(used)]
    shown += [figures.cars(cars), figures.chain(precedent.chain(solar)), figures.losses(precedent.losses(solar))]
    assert not any(one.changed for one in shown)


def test_a_row_that_a_reader_adds_is_printed(ctx):
    frame = precedent.capacity_in_use(ctx)
    frame.loc["ours"] = {"what": "Batteries", "definition": "ours", "year": 2025, "in_use_pct": 61.5}
    assert [cell.text for cell in tables.capacity(frame).rows[-1]] == ["Batteries", "2025", "61.5"]
