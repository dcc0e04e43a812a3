"""Figures and tables of the rivalry drawn from frames: those of the book, and those that a reader has changed."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from helpers.drawings import clashes, drawn_texts
from patient_capital import open_book
from patient_capital.analysis import regions as analysis
from patient_capital.figures import regions as figures
from patient_capital.figures.chart import CHARTS
from patient_capital.figures.style import WIDE_PX
from patient_capital.listings import regions as tables

CHARTED = {
    # figure: a column of its frame whose size it draws
    "map": "filings",
    "scatter": "rd_cny_bn",
    "fits": "elasticity",
    "pair": "ratio",
    "intensity": "rd_pct_gdp",
    "lorenz": "share_pct",
    "instruments": "fund",
}
NAMES = sorted({*CHARTED, "firms"})


@pytest.fixture(scope="module")
def given():
    """Return what the analysis functions give, by figure, through Contexts of their own."""
    return {name: CHARTS[f"regions.{name}"].inputs(open_book()) for name in NAMES}


def frame_of(given, name):
    (frame,) = given[name].values()
    return frame.copy()


def draws(one):
    for svg in (one.wide, one.narrow):
        assert svg.startswith("<svg")
    assert one.png.startswith(b"\x89PNG")
    return one


@pytest.mark.parametrize("name", ["map", "scatter"])
def test_counts_may_be_missing_everywhere_or_nowhere(given, name):
    frame = frame_of(given, name)
    for filings in (frame["filings"] * float("nan"), frame["filings"].fillna(1)):
        draws(getattr(figures, name)(frame.assign(filings=filings)))


@pytest.mark.parametrize("name", CHARTED)
@pytest.mark.parametrize("times", [0.01, 1, 40])
def test_axes_hold_values_that_grow_or_shrink(given, name, times):
    """No dot and no line leaves the axes, whatever the size of what is drawn."""
    column = CHARTED[name]
    frame = frame_of(given, name)
    frame[column] = frame[column] * times
    if name == "fits":
        frame[["low_95", "high_95"]] *= times
    for wide in (True, False):
        drawing = CHARTS[f"regions.{name}"].draw(frame, wide=wide)
        for axes in drawing.axes:
            for line in axes.get_lines():
                if line.get_transform() != axes.transData:
                    continue
                xs, ys = (pd.Series(values, dtype=float) for values in line.get_data())
                assert xs.between(min(axes.get_xlim()), max(axes.get_xlim())).all()
                assert ys.between(min(axes.get_ylim()), max(axes.get_ylim())).all()


def test_names_in_a_drawing_come_from_the_frame(given):
    units = frame_of(given, "scatter")
    units.loc["CN-BJ", "name"] = "The capital"
    assert "The capital" in drawn_texts(figures.scatter(units).wide)
    counts = frame_of(given, "instruments").rename(columns={"talent": "people"})
    with pytest.raises(ValueError, match="lacks talent"):
        figures.instruments(counts)
    counts["talent"] = 0
    assert "people" in drawn_texts(figures.instruments(counts).wide)


def test_other_arguments_of_the_analysis_draw():
    book = open_book()
    units = analysis.filings_and_rd(book)
    tiles = analysis.on_tiles(analysis.tile_grid(book, units.index), units["rd_cny_bn"], floors=(10, 50, 100, 200, 400))
    draws(figures.map(tiles))
    one = draws(figures.scatter(analysis.in_groups(units, units["filings"].nlargest(6).index, apart=[])))
    assert {"Shandong", "Jiangsu", "Beijing"} <= set(drawn_texts(one.narrow))
    fits = analysis.fit_each(units, {"no_guangdong": ("without Guangdong", ["CN-GD"])}, ["ols", "poisson"])
    assert "without Guangdong, least squares (29)" in drawn_texts(draws(figures.fits(fits)).wide)
    ratios = analysis.over_gdp(analysis.pair_values(book, first="CN-GD", second="CN-SD"))
    one = draws(figures.pair(ratios))
    assert "Guangdong over Shandong, per yuan of GDP" in drawn_texts(one.wide)
    assert "Generative services filed" in drawn_texts(one.wide)
    rows = book.frame("provinces", "iso_code", "year", "indicator", "value")
    rows = rows[rows["indicator"] == "rd_intensity_pct"]
    provinces = ["CN-BJ", "CN-ZJ", "CN-SH"]
    one = draws(figures.intensity(analysis.in_common_years(rows, analysis.place_names(book), provinces)))
    assert sum(text.startswith(("Beijing ", "Zhejiang ", "Shanghai ")) for text in drawn_texts(one.narrow)) == 3
    one = draws(figures.lorenz(analysis.lorenz_curves(units.dropna(), {"filings": "listed filings"})))
    assert "listed filings" in drawn_texts(one.wide)
    found = analysis.instruments_found(book)
    one = draws(figures.instruments(analysis.by_place_and_kind(found, apart=["Hangzhou", "Nanjing"], first=["CN-ZJ"])))
    assert [text for text in drawn_texts(one.wide) if text in {"China", "Zhejiang", "Hangzhou", "Shenzhen"}] == [
        "Zhejiang", "China", "Hangzhou",
    ]  # fmt: skip


def test_events_of_one_day_stand_above_one_another_and_each_is_told(given):
    events = frame_of(given, "firms")
    crowd = pd.concat([events.loc[["unitree_listed"]]] * 9, ignore_index=True)
    for frame in (events, crowd):
        for wide in (True, False):
            assert clashes("regions.firms", {"events": frame}, wide=wide) == []
    assert drawn_texts(figures.firms(crowd).wide).count("19 Aug 2026") == 9


# --- Tables ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "title"), [("dragons", "six"), ("debate", "in order"), ("instruments", "Every")])
def test_title_of_a_changed_table_claims_nothing(ctx, name, title):
    table = getattr(tables, name)
    [frame] = table.inputs(ctx).values()
    assert title in table(frame).title
    assert title not in table(frame.iloc[:1]).title


def test_a_sample_that_a_reader_adds_is_printed_without_reference():
    units = analysis.filings_and_rd(open_book())
    samples = analysis.SAMPLES | {"no_shanghai": ("without Shanghai", ["CN-SH"])}
    one = tables.fits(analysis.fit_each(units, samples, ["ols"]))
    label, slope, interval = one.rows[-1]
    assert label.under == "without Shanghai"
    assert re.fullmatch(r"\d\.\d\d", slope.text)
    assert re.fullmatch(r"-?\d\.\d\d to \d\.\d\d", interval.text)
    assert slope.ref is interval.ref is None
    assert one.rows[0][1].ref == "regions.ols_all"


def test_wide_drawings_are_as_wide_as_the_page(given):
    for name in NAMES:
        assert re.match(rf'<svg viewBox="0 0 {WIDE_PX} ', getattr(figures, name)(frame_of(given, name)).wide)
