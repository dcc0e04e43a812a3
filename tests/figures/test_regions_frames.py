"""Figures and tables of the rivalry drawn from frames: those of the book, and those that a reader has changed."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from patient_capital import open_book
from patient_capital.analysis import regions as analysis
from patient_capital.figures import regions as figures
from patient_capital.figures.chart import CHARTS
from patient_capital.figures.style import WIDE_PX
from patient_capital.listings import regions as tables
from patient_capital.passed import CHANGED

CHARTED = {
    # figure: the row and the column of its frame that are changed, and the new value
    "map": ("CN-BJ", "filings", 4321.0),
    "scatter": ("CN-GD", "rd_cny_bn", 4321.0),
    "fits": ("censored_all", "elasticity", 4.25),
    "pair": ("contracts", "ratio", 9.25),
    "intensity": ("cn-zj_2024_rd_intensity_pct", "rd_pct_gdp", 7.25),
    "lorenz": (40, "share_pct", 12.25),
    "instruments": ("CN-SH", "fund", 77),
}
NAMES = sorted(CHARTED)


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


def is_changed(one, name):
    assert one.changed
    assert one.title == CHARTS[f"regions.{name}"].measure
    assert one.subtitle == CHANGED
    assert (one.note, one.refs, one.sources) == ("", (), ())
    assert f"{len(one.plotted)} rows" in one.alt


@pytest.mark.parametrize("name", NAMES)
def test_every_argument_is_a_frame_of_a_named_analysis_function(given, name):
    (give,) = CHARTS[f"regions.{name}"].gives.values()
    assert getattr(analysis, give.__name__) is give
    assert isinstance(frame_of(given, name), pd.DataFrame)


@pytest.mark.parametrize("name", NAMES)
def test_frames_of_the_book_tell_what_the_book_tells(given, book, name):
    chart = getattr(figures, name)
    one = chart(frame_of(given, name))
    assert not one.changed
    assert one.title == chart.of(book).title != chart.measure
    assert one.refs
    assert one.sources
    assert one.html() == chart.of(book).html()


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_with_other_kinds_of_columns_is_no_change(given, name):
    frame = frame_of(given, name)
    whole = [c for c in frame.columns if pd.api.types.is_integer_dtype(frame[c])]
    assert not getattr(figures, name)(frame.astype(dict.fromkeys(whole, float))).changed


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_number_is_drawn_without_the_words_of_the_book(given, name):
    row, column, value = CHARTED[name]
    frame = frame_of(given, name)
    frame.at[row, column] = value
    one = draws(getattr(figures, name)(frame))
    is_changed(one, name)
    assert value in one.plotted[column].to_list()
    assert value not in frame_of(given, name)[column].to_list()
    assert one.wide != draws(getattr(figures, name)(frame_of(given, name))).wide


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_keeps_what_it_was_given(given, name):
    row, column, value = CHARTED[name]
    frame = frame_of(given, name)
    frame.at[row, column] = value
    one = getattr(figures, name)(frame)
    frame.at[row, column] = 0
    assert value in one.plotted[column].to_list()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", [0, -1])
def test_a_dropped_row_is_a_change_and_draws(given, name, place):
    frame = frame_of(given, name)
    one = draws(getattr(figures, name)(frame.drop(index=frame.index[place])))
    is_changed(one, name)
    assert len(one.plotted) == len(frame) - 1


@pytest.mark.parametrize("name", NAMES)
def test_a_single_row_draws(given, name):
    frame = frame_of(given, name)
    known = frame.dropna() if name in {"map", "scatter"} else frame
    draws(getattr(figures, name)(known.tail(1)))


@pytest.mark.parametrize("name", ["map", "scatter"])
def test_counts_may_be_missing_everywhere_or_nowhere(given, name):
    frame = frame_of(given, name)
    for filings in (frame["filings"] * float("nan"), frame["filings"].fillna(1)):
        draws(getattr(figures, name)(frame.assign(filings=filings)))


@pytest.mark.parametrize("name", NAMES)
def test_a_lacking_column_is_named(given, name):
    column = CHARTED[name][1]
    with pytest.raises(ValueError, match=f"regions.{name}.* lacks {column}"):
        getattr(figures, name)(frame_of(given, name).drop(columns=column))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("times", [0.01, 1, 40])
def test_axes_hold_values_that_grow_or_shrink(given, name, times):
    """No dot and no line leaves the axes, whatever the size of what is drawn."""
    column = CHARTED[name][1]
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


def texts(svg):
    return [re.sub(r"<[^>]*>", "", text) for text in re.findall(r"<text.*?</text>", svg)]


def test_names_in_a_drawing_come_from_the_frame(given):
    units = frame_of(given, "scatter")
    units.loc["CN-BJ", "name"] = "The capital"
    assert "The capital" in texts(figures.scatter(units).wide)
    counts = frame_of(given, "instruments").rename(columns={"talent": "people"})
    with pytest.raises(ValueError, match="lacks talent"):
        figures.instruments(counts)
    counts["talent"] = 0
    assert "people" in texts(figures.instruments(counts).wide)


def test_other_arguments_of_the_analysis_draw():
    book = open_book()
    units = analysis.filings_and_rd(book)
    tiles = analysis.on_tiles(analysis.tile_grid(book, units.index), units["rd_cny_bn"], floors=(10, 50, 100, 200, 400))
    draws(figures.map(tiles))
    one = draws(figures.scatter(analysis.in_groups(units, units["filings"].nlargest(6).index, apart=[])))
    assert {"Sichuan", "Jiangsu", "Beijing"} <= set(texts(one.narrow))
    fits = analysis.fit_each(units, {"no_guangdong": ("without Guangdong", ["CN-GD"])}, ["ols", "poisson"], rest_each=2)
    assert "without Guangdong, least squares (20)" in texts(draws(figures.fits(fits)).wide)
    ratios = analysis.over_gdp(analysis.pair_values(book, first="CN-GD", second="CN-SD"))
    one = draws(figures.pair(ratios))
    assert "Guangdong over Shandong, per yuan of GDP" in texts(one.wide)
    assert "Generative services filed" not in texts(one.wide), "no count is published for Shandong"
    rows = book.frame("provinces", "iso_code", "year", "indicator", "value")
    rows = rows[rows["indicator"] == "rd_intensity_pct"]
    provinces = ["CN-BJ", "CN-ZJ", "CN-SH"]
    one = draws(figures.intensity(analysis.in_common_years(rows, analysis.place_names(book), provinces)))
    assert sum(text.startswith(("Beijing ", "Zhejiang ", "Shanghai ")) for text in texts(one.narrow)) == 3
    one = draws(figures.lorenz(analysis.lorenz_curves(units.dropna(), {"filings": "listed filings"})))
    assert "listed filings" in texts(one.wide)
    found = analysis.instruments_found(book)
    one = draws(figures.instruments(analysis.by_place_and_kind(found, apart=["Hangzhou", "Nanjing"], first=["CN-ZJ"])))
    assert [text for text in texts(one.wide) if text in {"China", "Zhejiang", "Hangzhou", "Shenzhen"}] == [
        "Zhejiang", "China", "Hangzhou",
    ]  # fmt: skip


# --- Tables ----------------------------------------------------------------------------------------------

GIVES = {
    "fits": analysis.elasticities,
    "dragons": analysis.dragons,
    "debate": analysis.debate,
    "instruments": analysis.instruments_found,
}


@pytest.mark.parametrize("name", sorted(GIVES))
def test_table_of_the_book(book, name):
    table = getattr(tables, name)
    one = table(GIVES[name](open_book()))
    assert not one.changed
    assert one == table.of(book)


@pytest.mark.parametrize("name", sorted(GIVES))
def test_table_with_a_dropped_row_says_so(name):
    frame = GIVES[name](open_book())
    one = getattr(tables, name)(frame.iloc[1:])
    assert one.changed
    assert one.note == CHANGED
    assert one.rows == getattr(tables, name)(frame).rows[1:]


@pytest.mark.parametrize(("name", "title"), [("dragons", "six"), ("debate", "in order"), ("instruments", "Every")])
def test_title_of_a_changed_table_claims_nothing(name, title):
    frame = GIVES[name](open_book())
    assert title in getattr(tables, name)(frame).title
    assert title not in getattr(tables, name)(frame.iloc[:1]).title


def test_a_changed_elasticity_loses_its_reference_and_others_keep_theirs():
    fits = analysis.elasticities(open_book())
    fits.loc["censored_all", "elasticity"] = 3.456
    one = tables.fits(fits)
    cells = {row[1].ref or row[1].text: row for row in one.rows}
    assert cells["3.46"][1].ref is None
    assert cells["3.46"][2].ref == "regions.censored_all_interval"
    assert "regions.poisson_all" in cells
    assert len(one.refs) == 2 * len(fits) - 1


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


def test_a_changed_amount_loses_its_reference_and_others_keep_theirs():
    found = analysis.instruments_found(open_book())
    key = found.index[found["amount_cny_bn"].notna()][0]
    before = tables.instruments(found)
    found.loc[key, "amount_cny_bn"] = 12.5
    one = tables.instruments(found)
    assert [c for row in one.rows for c in row if c.text == "12.5" and c.ref is None]
    assert set(before.refs) - set(one.refs) == {f"instruments[{key}].amount_cny_bn"}


def test_changed_text_is_printed():
    firms = analysis.dragons(open_book())
    firms.loc["unitree", "later_events"] = "Listed"
    firms.loc["unitree", "founded_year"] = 2017
    row = next(row for row in tables.dragons(firms).rows if row[0].text == "Unitree")
    assert (row[1].text, row[-1].text) == ("2017", "Listed")


def test_wide_drawings_are_as_wide_as_the_page(given):
    for name in NAMES:
        assert re.match(rf'<svg viewBox="0 0 {WIDE_PX} ', getattr(figures, name)(frame_of(given, name)).wide)
