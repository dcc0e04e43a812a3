"""Figures and tables of the chapter on the session as functions of frames: what holds for the book's, and for others."""

from __future__ import annotations

import pandas as pd
import pytest

from patient_capital import open_book
from patient_capital.analysis import session
from patient_capital.figures import session as figures
from patient_capital.figures.chart import CHARTS
from patient_capital.listings import load_listings
from patient_capital.listings import session as tables
from patient_capital.listings.table import Table
from patient_capital.passed import CHANGED

TABLES = {name: one for name, one in load_listings().items() if isinstance(one, Table)}

CHARTED = {
    "session.timeline": ("days_from_opening", 400),
    "session.pledges": ("days", 777),
    "session.words": ("per_10k", 44.4),
    "session.provinces": ("ai_count", 23),
    "session.motions": ("motions", 1234),
    "session.votes": ("not_for_pct", 61.5),
}
"""For each figure a column of its frame, and a value beyond those of the book."""

TABLED = {
    "session.sessions": ("motions", "2025", 777, "777"),
    "session.votes": ("for_votes", "2026_budget", 1234, "1,234"),
}
"""For each table with numbers: column, row, a new value, and how it is printed."""

WORDED = {
    "session.pledges": ("what_came", "vc_fund"),
    "session.speakers": ("statement_summary", "AC01"),
    "session.events": ("description", "EV01"),
}
"""For each table of words: column and row of a cell."""


@pytest.fixture(scope="module")
def context():
    return open_book()


def passed(name, context):
    """Return the book's arguments of a figure, its first frame as a copy, and the name of this frame."""
    values = CHARTS[name].inputs(context)
    key = next(k for k, value in values.items() if isinstance(value, pd.DataFrame))
    return values | {key: values[key].copy()}, key


def draws(figure):
    assert "<svg" in figure.wide
    assert "<svg" in figure.narrow
    assert figure.png.startswith(b"\x89PNG")


def says_only_what_was_passed(figure, name):
    assert figure.changed
    assert figure.title == CHARTS[name].measure
    assert figure.subtitle == CHANGED
    assert (figure.refs, figure.sources, figure.note) == ((), (), "")
    assert figure.alt.startswith(f"{CHARTS[name].measure}. {len(figure.plotted)} row")
    assert "Sources" not in figure.html()


@pytest.mark.parametrize("name", CHARTED)
def test_the_frames_of_the_book_keep_its_finding(name, context, book):
    values, _ = passed(name, context)
    figure, registered = CHARTS[name](**values), CHARTS[name].of(book)
    assert not figure.changed
    assert figure.title == registered.title != CHARTS[name].measure
    assert figure.refs == registered.refs != ()
    assert figure.sources == registered.sources != ()
    assert figure.csv() == registered.csv()


@pytest.mark.parametrize("name", CHARTED)
def test_a_changed_number_is_drawn_without_the_finding(name, context):
    column, new = CHARTED[name]
    values, key = passed(name, context)
    frame = values[key]
    frame[column] = frame[column].astype(float)
    frame.iloc[len(frame) // 2, frame.columns.get_loc(column)] = new
    figure = CHARTS[name](**values)
    says_only_what_was_passed(figure, name)
    assert figure.plotted[column].max() == new
    draws(figure)


@pytest.mark.parametrize("name", CHARTED)
@pytest.mark.parametrize("rows", [slice(1, None), slice(None, -1), slice(0, 1), slice(None, None, -1)])
def test_fewer_rows_or_another_order_are_drawn(name, rows, context):
    values, key = passed(name, context)
    values[key] = values[key].iloc[rows]
    figure = CHARTS[name](**values)
    says_only_what_was_passed(figure, name)
    draws(figure)


@pytest.mark.parametrize("name", CHARTED)
def test_a_number_that_was_removed_is_left_out(name, context):
    column, _ = CHARTED[name]
    values, key = passed(name, context)
    frame = values[key]
    frame[column] = frame[column].astype(float)
    frame.iloc[[0, -1], frame.columns.get_loc(column)] = None
    figure = CHARTS[name](**values)
    says_only_what_was_passed(figure, name)
    draws(figure)


@pytest.mark.parametrize("until", ["2024-01-01", "2025-03-12", "2027-01-01"])
def test_the_timeline_turns_on_any_day(until, context):
    figure = figures.timeline(session.named_timeline(context), until=until)
    says_only_what_was_passed(figure, "session.timeline")
    assert figure.origins == ("analysis.session.detail_until",)
    draws(figure)


@pytest.mark.parametrize("named", [(), ("EV04",), ("EV39", "EV04", "GE12")])
def test_the_timeline_names_any_events(named, context):
    events = session.lettered(session.timeline(context), named)
    figure = figures.timeline(events)
    says_only_what_was_passed(figure, "session.timeline")
    draws(figure)
    assert figure.wide.count("2025-01-20") == (1 if "EV04" in named else 0)


def test_the_timeline_draws_a_lane_of_a_reader(context):
    events = session.named_timeline(context)
    events.loc["EV08", "lane"] = "my own lane"
    assert "my own lane" in figures.timeline(events).wide


@pytest.mark.parametrize("step", [1990, 2018, 2090])
def test_motions_compare_around_any_year(step, context):
    figure = figures.motions(session.step_means(session.motions(context), step=step))
    says_only_what_was_passed(figure, "session.motions")
    draws(figure)
    assert not [label for _, _, label in figure.legend if "Congress" in label]


@pytest.mark.parametrize("item", ["government work report", "annual plan"])
def test_votes_on_another_item_carry_its_name(item, context):
    tallies = session.tallies(context)
    shares = session.shares_not_for(tallies[session.is_whole_tally(tallies, (item, "budget"))])
    figure = figures.votes(shares)
    says_only_what_was_passed(figure, "session.votes")
    draws(figure)
    assert item in figure.wide
    assert figure.legend == ()


@pytest.mark.parametrize("count", [1, 5, 9])
def test_words_draw_as_many_panels_as_there_are(count, context):
    counts = session.word_counts(context, (*session.AI_FAMILY, session.CONSUMPTION))
    panels = {f"group {letter}": session.AI_FAMILY[:2] for letter in "abcdefghi"[:count]}
    figure = figures.words(session.in_panels(counts, panels))
    says_only_what_was_passed(figure, "session.words")
    draws(figure)
    assert figure.wide.count(">group ") == count


def test_provinces_with_a_very_large_count_stay_on_a_page(context):
    frame = session.provinces_by_uses(context)
    frame.loc["CN-SC", "ai_count"] = 5000
    figure = figures.provinces(frame)
    says_only_what_was_passed(figure, "session.provinces")
    assert float(figure.wide.split('viewBox="0 0 ')[1].split('"')[0].split()[1]) < 2000


def test_a_pledge_without_a_day_is_not_said_to_be_lost(context):
    frame = session.pledges_kept_first(context)
    frame.loc["ai_plus", "days"] = None
    figure = figures.pledges(frame)
    assert figure.wide.count("undated") == 1
    assert figure.wide.count("not found") == 4


@pytest.mark.parametrize("name", sorted(TABLED | WORDED))
def test_a_table_of_the_book_is_the_registered_one(name, context, book):
    values = TABLES[name].inputs(context)
    listing = TABLES[name](**{key: frame.copy() for key, frame in values.items()})
    assert listing == TABLES[name].of(book)
    assert not listing.changed


@pytest.mark.parametrize("name", TABLED)
def test_a_changed_number_is_printed_without_its_reference(name, context, book):
    column, row, new, text = TABLED[name]
    ((key, frame),) = TABLES[name].inputs(context).items()
    frame.loc[row, column] = new
    listing, registered = TABLES[name](**{key: frame}), TABLES[name].of(book)
    assert listing.changed
    assert listing.note == CHANGED
    table = "session_stats" if name == "session.sessions" else "votes"
    assert set(registered.refs) - set(listing.refs) == {f"{table}[{row}].{column}"}
    others = [(a, b) for a, b in zip(sum(listing.rows, ()), sum(registered.rows, ()), strict=True) if a != b]
    assert [(a.text, a.ref) for a, _ in others] == [(text, None)]


@pytest.mark.parametrize("name", WORDED)
def test_changed_words_are_printed(name, context):
    column, row = WORDED[name]
    ((key, frame),) = TABLES[name].inputs(context).items()
    frame.loc[row, column] = "as a reader has it"
    listing = TABLES[name](**{key: frame})
    assert listing.changed
    assert [c.text for line in listing.rows for c in line].count("as a reader has it") == 1


@pytest.mark.parametrize("name", sorted(TABLED | WORDED))
def test_a_table_without_a_row_is_shown_and_says_so(name, context, book):
    ((key, frame),) = TABLES[name].inputs(context).items()
    listing = TABLES[name](**{key: frame.iloc[1:]})
    assert listing.changed
    assert len(listing.rows) == len(TABLES[name].of(book).rows) - 1


def test_a_row_that_a_reader_adds_is_shown(context):
    frame = session.tallies(context)
    frame.loc["2027_budget"] = {"year": 2027, "item": "budget", "for_votes": 2700, "deputies_present": 2800}
    listing = tables.votes(frame)
    assert [cell.text for cell in listing.rows[-1]] == ["2027", "budget", "2,700", "", "", "2,800"]
    pledges = session.pledges_and_outcomes(context)
    pledges.loc["mine", ["pledge", "speaker", "date", "status"]] = ["A pledge", "A reader", "2025-03", "withdrawn"]
    assert [cell.text for cell in tables.pledges(pledges).rows[-1]] == ["A pledge", "2025-03", "withdrawn", "", ""]
