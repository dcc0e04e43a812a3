"""Every figure and table as a function of frames: the book's frames keep its words, changed ones lose them."""

from __future__ import annotations

import importlib
from numbers import Real

import numpy as np
import pandas as pd
import pytest

from patient_capital import open_book
from patient_capital.figures import load_figures
from patient_capital.figures.chart import CHARTS
from patient_capital.listings import load_listings
from patient_capital.listings.table import Table
from patient_capital.passed import CHANGED, origin

TABLES = {name: one for name, one in load_listings().items() if isinstance(one, Table)}

load_figures()
load_listings()
CHART_NAMES, TABLE_NAMES = sorted(CHARTS), sorted(TABLES)


@pytest.fixture(scope="module")
def given():
    """Return what the analysis functions of each figure give, computed once."""
    context = open_book()
    return {name: one.inputs(context) for name, one in CHARTS.items()}


@pytest.fixture(scope="module")
def shown():
    """Return what the analysis functions of each table give, computed once."""
    context = open_book()
    return {name: one.inputs(context) for name, one in TABLES.items()}


def first_frame(values):
    return next((key, value) for key, value in values.items() if isinstance(value, pd.DataFrame))


def number_in(frame):
    """Return row and column of the largest number in the last column that holds one, or None."""
    for place in reversed(range(frame.shape[1])):
        cells = [
            v if isinstance(v, Real) and not isinstance(v, bool | np.bool_) and pd.notna(v) else 0
            for v in frame.iloc[:, place]
        ]
        if any(cells):
            return int(np.argmax(np.abs(cells))), place
    return None


def edited(values, change):
    key, frame = first_frame(values)
    return values | {key: change(frame.copy())}


def scaled(frame):
    row, place = number_in(frame)
    number = float(frame.iloc[row, place])
    column = frame.columns[place]
    frame[column] = frame[column].astype(object if frame[column].dtype == object else float)
    frame.iloc[row, place] = 1.1 * number
    return frame


@pytest.mark.parametrize("name", CHART_NAMES)
def test_frames_of_the_book_keep_title_references_and_sources(name, given, book):
    figure = CHARTS[name](**{k: v.copy() if hasattr(v, "copy") else v for k, v in given[name].items()})
    registered = CHARTS[name].of(book)
    assert not figure.changed
    assert (figure.title, figure.refs, figure.sources) == (registered.title, registered.refs, registered.sources)
    assert figure.sources
    assert figure.refs


@pytest.mark.parametrize("name", CHART_NAMES)
def test_each_figure_names_the_analysis_functions_that_give_its_frames(name, book):
    for full in CHARTS[name].of(book).origins:
        module, _, function = f"patient_capital.{full}".rpartition(".")
        assert module.startswith("patient_capital.analysis.")
        found = getattr(importlib.import_module(module), function)
        assert found.__doc__


@pytest.mark.parametrize("name", CHART_NAMES)
def test_a_changed_number_changes_the_figure_and_leaves_no_finding(name, given, book):
    values = edited(given[name], scaled)
    figure = CHARTS[name](**values)
    registered = CHARTS[name].of(book)
    assert figure.changed
    assert figure.title == CHARTS[name].measure != registered.title
    assert figure.subtitle == CHANGED
    assert (figure.refs, figure.sources, figure.note) == ((), (), "")
    assert figure.csv() != registered.csv()
    assert figure.alt.startswith(figure.title)
    assert figure.origins == tuple(origin(CHARTS[name].gives[key]) for key in [first_frame(values)[0]])
    assert figure.wide != ""
    assert figure.narrow != ""


@pytest.mark.parametrize("name", CHART_NAMES)
def test_a_figure_is_drawn_without_one_of_its_rows(name, given):
    for change in (lambda frame: frame.iloc[:-1], lambda frame: frame.iloc[1:]):
        if len(first_frame(given[name])[1]) < 3:
            continue
        figure = CHARTS[name](**edited(given[name], change))
        assert figure.changed
        assert "<svg" in figure.wide
        assert "<svg" in figure.narrow


@pytest.mark.parametrize("name", CHART_NAMES)
def test_the_measure_says_what_is_measured_without_a_number(name):
    measure = CHARTS[name].measure
    assert 15 < len(measure) < 130
    assert measure[0].isupper()
    assert measure[-1] not in ".:"
    assert not any(letter.isdigit() for letter in measure)


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_a_table_of_the_book_is_the_registered_one(name, shown, book):
    listing = TABLES[name](**shown[name])
    assert not listing.changed
    assert listing == TABLES[name].of(book)
    assert listing.name == name


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_a_table_without_its_last_row_says_that_it_was_changed(name, shown, book):
    listing = TABLES[name](**edited(shown[name], lambda frame: frame.iloc[:-1]))
    assert listing.changed
    assert listing.note == CHANGED
    assert len(listing.rows) < len(TABLES[name].of(book).rows)


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_a_changed_number_of_a_table_is_printed_without_reference(name, shown, book):
    values = shown[name]
    if number_in(first_frame(values)[1]) is None:
        # Words only: there is no number to change.
        assert not any(cell.ref for row in TABLES[name].of(book).rows for cell in row)
        return
    listing, registered = TABLES[name](**edited(values, scaled)), TABLES[name].of(book)
    assert listing.changed
    assert set(listing.refs) <= set(registered.refs)


@pytest.mark.parametrize("name", CHART_NAMES)
def test_a_frame_without_its_columns_is_refused_with_their_names(name, given):
    key, frame = first_frame(given[name])
    with pytest.raises(ValueError, match=f"lacks .*{frame.columns[0]}"):
        CHARTS[name](**(given[name] | {key: frame.drop(columns=frame.columns[0])}))
    with pytest.raises(ValueError, match="has no rows"):
        CHARTS[name](**(given[name] | {key: frame.iloc[:0]}))
