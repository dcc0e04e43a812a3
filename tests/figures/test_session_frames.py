"""Figures and tables of the chapter on the session as functions of frames: what holds for the book's, and for others."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.drawings import clashes, drawn_texts, says_nothing_of_the_book
from patient_capital.analysis import session
from patient_capital.figures import session as figures
from patient_capital.listings import session as tables


@pytest.mark.parametrize(
    ("name", "column"),
    [
        *(("timeline", "events"), ("pledges", "days"), ("words", "per_10k"), ("provinces", "ai_count")),
        *(("motions", "motions"), ("votes", "not_for_pct"), ("terms", "count")),
    ],
)
def test_a_number_that_was_removed_is_left_out(name, column, ctx):
    values = getattr(figures, name).inputs(ctx)
    key, frame = next((k, v) for k, v in values.items() if isinstance(v, pd.DataFrame))
    without = frame.astype({column: float})
    without.iloc[[0, -1], frame.columns.get_loc(column)] = None
    says_nothing_of_the_book(getattr(figures, name)(**values | {key: without}))


def test_the_timeline_draws_lanes_and_weeks_of_a_reader(ctx):
    weeks = session.by_week(session.timeline(ctx), "2025-02-03", "2025-02-17").replace("places", "my own lane")
    figure = figures.timeline(weeks)
    says_nothing_of_the_book(figure)
    drawn = drawn_texts(figure.wide)
    assert "my own lane" in drawn
    assert [text for text in drawn if text.endswith("Feb")] == ["3 Feb", "10 Feb", "17 Feb"]


@pytest.mark.parametrize("step", [1990, 2018, 2090])
def test_motions_compare_around_any_year(step, ctx):
    figure = figures.motions(session.step_means(session.motions(ctx), step=step))
    says_nothing_of_the_book(figure)
    assert not [label for _, _, label in figure.legend if "Congress" in label]


@pytest.mark.parametrize("item", ["government work report", "annual plan"])
def test_votes_on_another_item_carry_its_name(item, ctx):
    tallies = session.tallies(ctx)
    shares = session.shares_not_for(tallies[session.is_whole_tally(tallies, (item, "budget"))])
    figure = figures.votes(shares)
    says_nothing_of_the_book(figure)
    assert item in figure.wide
    assert figure.legend == ()


@pytest.mark.parametrize("count", [1, 5, 9])
def test_words_draw_as_many_panels_as_there_are(count, ctx):
    counts = session.word_counts(ctx, (*session.AI_FAMILY, session.CONSUMPTION))
    panels = {f"group {letter}": session.AI_FAMILY[:2] for letter in "abcdefghi"[:count]}
    figure = figures.words(session.in_panels(counts, panels))
    says_nothing_of_the_book(figure)
    assert figure.wide.count(">group ") == count


def test_provinces_with_very_large_counts_stay_on_a_page(ctx):
    frame = session.provinces_by_uses(ctx)
    frame.loc["CN-SC", ["ai_count", "earlier_vehicles"]] = 5000
    figure = figures.provinces(frame)
    says_nothing_of_the_book(figure)
    assert clashes("session.provinces", {"provinces": frame}, wide=False) == []
    assert float(figure.wide.split('viewBox="0 0 ')[1].split('"')[0].split()[1]) < 2000


def test_title_of_the_words_has_the_unit_of_the_axis(book, ctx):
    """What the title says of the AI words is what the panel prints for its last year."""
    figure, counts = figures.words.of(book), session.words_by_year(ctx)
    last = counts.loc[counts["words"].eq("AI words")].sort_values("year")["per_10k"].iloc[-1]
    assert f"{last:.1f}" in figure.title
    assert f"{last:.1f}" in drawn_texts(figure.wide)
    assert set(counts["words"]) == {"AI words", "consumption"}


def test_title_of_the_provinces_says_no_more_than_was_counted(book):
    figure = figures.provinces.of(book)
    assert "race" not in figure.title
    assert "No report of an earlier January was counted" in figure.note


def test_legend_of_the_pledges_explains_only_what_is_drawn(book, ctx):
    labels = [label for _, _, label in figures.pledges.of(book).shown_legend]
    frame = session.pledges_kept_first(ctx)
    assert ("nothing found" in labels) == frame["days"].isna().any()
    frame.loc["ai_plus", ["days", "status"]] = [None, "not_found"]
    assert "nothing found" in [label for _, _, label in figures.pledges(frame).shown_legend]


def test_a_pledge_without_a_day_is_not_said_to_be_lost(ctx):
    frame = session.pledges_kept_first(ctx)
    frame.loc["ai_plus", "days"] = None
    figure = figures.pledges(frame)
    assert figure.wide.count("undated") == 1
    assert figure.wide.count("not found") == frame["status"].eq("not_found").sum()


def test_a_row_that_a_reader_adds_is_shown(ctx):
    frame = session.tallies(ctx)
    frame.loc["2027_budget"] = {"year": 2027, "item": "budget", "for_votes": 2700, "deputies_present": 2800}
    listing = tables.votes(frame)
    assert [cell.text for cell in listing.rows[-1]] == ["2027", "budget", "2,700", "", "", "2,800"]
    pledges = session.pledges_and_outcomes(ctx)
    pledges.loc["mine", ["pledge", "speaker", "date", "status"]] = ["A pledge", "A reader", "2025-03", "withdrawn"]
    assert [cell.text for cell in tables.pledges(pledges).rows[-1]] == ["A pledge", "2025-03", "withdrawn", "", ""]
