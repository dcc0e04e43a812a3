"""Every figure and table as a function of frames: the book's frames keep its words, changed ones lose them."""

from __future__ import annotations

import importlib
from numbers import Integral, Real

import numpy as np
import pandas as pd
import pytest

from helpers.drawings import clashes, says_nothing_of_the_book
from patient_capital.figures import load_figures
from patient_capital.figures.chart import CHARTS
from patient_capital.listings import load_listings
from patient_capital.listings.table import Table
from patient_capital.passed import CHANGED, origin

load_figures()
TABLES = {name: one for name, one in load_listings().items() if isinstance(one, Table)}
CHART_NAMES, TABLE_NAMES = sorted(CHARTS), sorted(TABLES)
LINES = {"regions.lorenz"}
"""A figure of curves, which need two rows."""
MINE = "as a reader has it"
SET_BY_DATA = ("session.", "regions.")
"""Chapters whose figures are laid out by what they hold."""
PLACES = {"year", "row", "col", "units", "shade", "share_pct"}
"""Columns that say where something stands, or have an end: years, tiles, shares of a whole."""


@pytest.fixture(scope="module")
def given(ctx):
    """Return what the analysis functions of each figure give, computed once."""
    return {name: one.inputs(ctx) for name, one in CHARTS.items()}


@pytest.fixture(scope="module")
def shown(ctx):
    """Return what the analysis functions of each table give, computed once."""
    return {name: one.inputs(ctx) for name, one in TABLES.items()}


def frames_of(values):
    return {key: value for key, value in values.items() if isinstance(value, pd.DataFrame)}


def is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_) and pd.notna(value)


def changes_of_numbers(values):
    """Yield frame, column, value and arguments with the last number of each column of each frame changed."""
    for key, frame in frames_of(values).items():
        for column in frame.columns:
            places = [place for place, value in enumerate(frame[column]) if is_number(value)]
            if not places:
                continue
            old, changed = frame[column].iloc[places[-1]], frame.copy()
            new = old + 1 if isinstance(old, Integral) else 1.01 * old + 0.001
            changed.iloc[places[-1], frame.columns.get_loc(column)] = new
            yield key, column, new, values | {key: changed}


@pytest.mark.parametrize("name", CHART_NAMES)
def test_frames_of_the_book_keep_what_it_says(name, given, book):
    figure = CHARTS[name](**{k: v.copy() if hasattr(v, "copy") else v for k, v in given[name].items()})
    registered = CHARTS[name].of(book)
    assert not figure.changed
    assert figure.title == registered.title != CHARTS[name].measure
    assert (figure.legend, figure.html(), figure.csv()) == (registered.legend, registered.html(), registered.csv())
    assert figure.refs == registered.refs != ()
    assert figure.sources == registered.sources != ()


@pytest.mark.parametrize("name", CHART_NAMES)
def test_each_figure_names_the_analysis_functions_that_give_its_frames(name, book):
    origins = CHARTS[name].of(book).origins
    assert origins == tuple(origin(give) for give in CHARTS[name].gives.values())
    for full in origins:
        module, _, function = f"patient_capital.{full}".rpartition(".")
        assert module.startswith("patient_capital.analysis.")
        assert getattr(importlib.import_module(module), function).__doc__


WITHOUT_NUMBERS = {"patience.unlocks", "regions.map"}
"""Figures that draw days or shades and no number."""


@pytest.mark.parametrize("name", CHART_NAMES)
def test_a_changed_number_changes_the_figure_and_leaves_no_finding(name, given, book):
    registered, seen = CHARTS[name].of(book), set()
    for key, column, new, values in changes_of_numbers(given[name]):
        figure = says_nothing_of_the_book(CHARTS[name](**values))
        assert figure.origins == (origin(CHARTS[name].gives[key]),)
        if key == next(iter(frames_of(values))):
            assert np.isclose(figure.plotted[column].astype(float), new, rtol=1e-12).any(), column
            assert figure.csv() != registered.csv()
        if figure.wide != registered.wide and figure.narrow != registered.narrow:
            seen.add(column)
    assert bool(seen) != (name in WITHOUT_NUMBERS), "no number of the frames is drawn"
    assert figure.png.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", CHART_NAMES)
def test_fewer_rows_or_another_order_are_drawn(name, given):
    for key, frame in frames_of(given[name]).items():
        cuts = [slice(1, None), slice(None, -1), slice(None, None, -1)]
        cuts += [] if name in LINES else [slice(0, 1), slice(-1, None)]
        for rows in {tuple(range(len(frame))[cut]) for cut in cuts} - {(), tuple(range(len(frame)))}:
            cut = frame.iloc[list(rows)]
            if not cut.equals(frame):  # rows that are alike
                says_nothing_of_the_book(CHARTS[name](**given[name] | {key: cut}))


@pytest.mark.parametrize("name", sorted({*CHART_NAMES} - {"regions.lorenz"}))
@pytest.mark.parametrize("times", [0.01, 40])
def test_numbers_far_from_those_of_the_book_are_drawn(name, times, given):
    for key, frame in frames_of(given[name]).items():
        numbers = {column: times * frame[column] for column in frame.select_dtypes("float").columns}
        if numbers:
            says_nothing_of_the_book(CHARTS[name](**given[name] | {key: frame.assign(**numbers)}))


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
@pytest.mark.parametrize("times", [0.5, 2])
@pytest.mark.parametrize("name", [name for name in CHART_NAMES if name.startswith(SET_BY_DATA)])
def test_no_label_touches_another_or_a_line_whatever_the_numbers(name, times, wide, given):
    """Nothing is set by hand that a changed number breaks: the main values are halved and doubled."""
    values = dict(given[name])
    for key, frame in frames_of(values).items():
        columns = [c for c in frame.select_dtypes("number").columns if c not in PLACES]
        values[key] = frame.assign(**{column: (times * frame[column]).round(6) for column in columns})
    assert clashes(name, values, wide=wide) == []


@pytest.mark.parametrize("name", CHART_NAMES)
def test_the_measure_says_what_is_measured_without_a_number(name):
    measure = CHARTS[name].measure
    assert 15 < len(measure) < 130
    assert measure[0].isupper()
    assert measure[-1] not in ".:"
    assert not any(letter.isdigit() for letter in measure)


@pytest.mark.parametrize("name", CHART_NAMES)
def test_a_frame_without_one_of_its_columns_or_without_rows_is_refused(name, given):
    for key, frame in frames_of(given[name]).items():
        for column in frame.columns:
            with pytest.raises(ValueError, match=f"{name}, {key}: .*lacks {column}"):
                CHARTS[name](**(given[name] | {key: frame.drop(columns=column)}))
        with pytest.raises(ValueError, match="has no rows"):
            CHARTS[name](**(given[name] | {key: frame.iloc[:0]}))


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_a_table_of_the_book_is_the_registered_one(name, shown, book):
    listing = TABLES[name](**shown[name])
    assert not listing.changed
    assert listing == TABLES[name].of(book)
    assert listing.name == name


@pytest.mark.parametrize("name", TABLE_NAMES)
@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -1)])
def test_a_table_without_a_row_says_that_it_was_changed_and_keeps_the_others(name, cut, shown, book):
    key, frame = next(iter(frames_of(shown[name]).items()))
    listing, registered = TABLES[name](**shown[name] | {key: frame.iloc[cut]}), TABLES[name].of(book)
    assert listing.changed
    assert listing.note == CHANGED
    assert len(listing.rows) == len(registered.rows) - 1
    assert {*listing.refs} <= {*registered.refs}


def differing(listing, registered):
    """Return the cells that differ, before and after, all of one row."""
    assert listing.changed
    assert listing.note == CHANGED
    rows = [(old, new) for old, new in zip(registered.rows, listing.rows, strict=True) if old != new]
    assert len(rows) <= 1
    return [(old, new) for row in rows for old, new in zip(*row, strict=True) if old != new]


SORTED_IN_DOLLARS = {("funds.comparators", "amount")}
"""Columns of amounts in many currencies, which sort by another column."""
FOR_SORTING = {("funds.comparators", "amount_usd_bn")}
"""Columns by which another one sorts: their change prints nothing else there."""


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_a_changed_number_is_printed_without_its_reference_and_others_keep_theirs(name, shown, book):
    registered, lost = TABLES[name].of(book), set()
    for _, column, number, values in changes_of_numbers(shown[name]):
        listing = TABLES[name](**values)
        cells = [
            (old, new)
            for old, new in differing(listing, registered)
            if (name, column) not in FOR_SORTING or old.text != new.text or old.ref != new.ref
        ]
        assert not [new.ref for _, new in cells if new.ref], column
        assert all(
            new.sort == pytest.approx(number)
            or " to " in f"{new.text} {new.under}"
            or (name, column) in SORTED_IN_DOLLARS
            for old, new in cells
            if old.ref
        ), column
        assert {*registered.refs} - {*listing.refs} == {old.ref for old, _ in cells if old.ref}
        lost |= {old.ref for old, _ in cells if old.ref}
    assert lost or not any(cell.ref for row in registered.rows for cell in row)


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_changed_words_are_printed(name, shown, book):
    columns, printed = [], []
    for key, frame in frames_of(shown[name]).items():
        for column in frame.columns[[pd.api.types.is_string_dtype(frame[c]) for c in frame.columns]]:
            if column in {"date", "as_of", "unit", "treatment"} or column.endswith("_on"):
                continue
            changed = frame.copy()
            changed.iloc[frame[column].notna().argmax(), frame.columns.get_loc(column)] = MINE
            cells = differing(TABLES[name](**shown[name] | {key: changed}), TABLES[name].of(book))
            printed += [column for _, new in cells if MINE.lower() in f"{new.text} {new.under}".lower()]
            columns.append(column)
    assert printed or not columns
