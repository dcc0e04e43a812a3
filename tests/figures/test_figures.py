"""Figures: the data behind them, their words, and that they are the same anywhere."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Patch

import patient_capital
from helpers.drawings import clashes, drawn_texts, hidden_in, pale_in, shapes_in, touching_in
from patient_capital.analysis.model.doubt import ASSUMED_FEATURES, ASSUMED_OFF
from patient_capital.figures import load_figures
from patient_capital.figures.chart import CHARTS
from patient_capital.figures.style import (
    CARD,
    FOOT_PX,
    NARROW_PX,
    RC,
    TOKENS,
    WIDE_PX,
    block,
    canvas,
    draw_svg,
    even_foot,
    hatch_of,
    house_style,
    pixel_drawing,
    theme_svg,
)
from patient_capital.provenance.registry import number

STATIC = Path(patient_capital.__file__).parent / "sphinxext" / "static"
FIGURES = load_figures()
NAMES = sorted(FIGURES)


@pytest.fixture(scope="module")
def drawn(book):
    return {name: FIGURES[name].of(book) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_figure_says_what_it_finds(drawn, name):
    one = drawn[name]
    assert 25 < len(one.title) < 160
    assert one.title[-1] not in ".:"
    assert len(one.alt) > 60
    assert one.subtitle
    assert one.sources
    assert one.refs


NO_FINDING = re.compile(r"\b20\d\d\b|\bR1\b")
"""Digits of a title that are a year or a name."""


@pytest.mark.parametrize("name", NAMES)
def test_title_prints_the_numbers_of_its_references(drawn, book, name):
    """Every digit of a title that is not a year comes from a reference of the figure."""
    one = drawn[name]
    texts = [number(ref, book).text(form) for ref in one.refs for form in ("full", "bare")]
    left = NO_FINDING.sub("", one.title)
    for text in sorted((NO_FINDING.sub("", text) for text in texts), key=len, reverse=True):
        left = left.replace(text, "") if text else left
    assert re.findall(r"\d+", left) == []


@pytest.mark.parametrize("name", NAMES)
def test_download_holds_the_plotted_data(drawn, name):
    one = drawn[name]
    rows = list(csv.DictReader(io.StringIO(one.csv())))
    assert len(rows) == len(one.plotted) > 0
    assert list(rows[0]) == [str(c) for c in one.plotted.columns]


@pytest.mark.parametrize("name", NAMES)
def test_both_drawings_are_inline_svg_in_the_colours_of_the_page(drawn, name):
    one = drawn[name]
    for svg, width in ((one.wide, WIDE_PX), (one.narrow, NARROW_PX)):
        box = re.match(r'<svg viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
        assert box, svg[:80]
        assert float(box[1]) == pytest.approx(width, abs=1)
        assert not [colour for colour in TOKENS if colour in svg]
        assert "<metadata" not in svg
        assert "<style" not in svg
        assert not re.search(r"\d\.\d{3,}", re.sub(r"<title>.*?</title>", "", svg)), "coordinates are rounded"
        sizes = [float(s) for s in re.findall(r"font-size: ([\d.]+)px", svg)]
        assert min(sizes, default=12) >= 12, "too small to read on a phone"


LEADS = ("overview.one_yuan", "overview.scale", "overview.promises", "funds.first_phase", "patience.lives")
"""Figures whose marks say their values; others may."""


def said_in(svg):
    """Return what the marks of a drawing say, without days and years."""
    words = [
        html.unescape(words) for words in re.findall(r'<g class="[^"]*pc-value[^"]*"[^>]*><title>(.*?)</title>', svg)
    ]
    return [re.sub(r"(?:\d{1,2} )?(?:[A-Z][a-z]+ )?\b(?:19|20)\d\d\b", "", one) for one in words]


@pytest.mark.parametrize("name", NAMES)
def test_marks_say_the_numbers_of_the_download(drawn, name):
    one = drawn[name]
    held = {f"{float(number):.6g}" for number in re.findall(r"\d+(?:\.\d+)?", one.csv())}
    for svg in (one.wide, one.narrow):
        said = said_in(svg)
        assert said or name not in LEADS
        numbers = [number.replace(",", "") for words in said for number in re.findall(r"\d[\d,]*(?:\.\d+)?", words)]
        assert {f"{float(number):.6g}" for number in numbers} <= held


def test_a_story_in_steps_has_a_sentence_and_a_part_of_the_drawing_for_each(drawn):
    one = drawn["overview.one_yuan"]
    for svg in (one.wide, one.narrow):
        assert {int(place) for place in re.findall(r'data-step="(\d+)"', svg)} == set(range(1, len(one.steps) + 1))
    assert one.html().count("<li><b>") == len(one.steps)


@pytest.mark.parametrize("name", NAMES)
def test_no_text_leaves_the_drawing_on_the_left(drawn, name):
    """Labels anchored at their end must fit; the width of a letter is taken from above."""
    for svg in (drawn[name].wide, drawn[name].narrow):
        for match in re.finditer(r"<text([^>]*)>([^<]*)</text>", svg):
            place = re.search(r'x="(-?[\d.]+)"', match[1])
            if "text-anchor: end" not in match[1] or place is None:
                continue
            size = float(re.search(r"font-size: ([\d.]+)px", match[1])[1])
            assert float(place[1]) - 0.5 * size * len(match[2]) > -4, match[2]


@pytest.mark.long
def test_figures_are_the_same_when_drawn_again(book, drawn):
    for name in NAMES:
        again = CHARTS[name].of(replace(book))
        assert again.html() == drawn[name].html(), name


def test_ids_are_unique_across_figures(drawn):
    ids = [i for one in drawn.values() for i in re.findall(r'\bid="([^"]+)"', one.html())]
    assert len(ids) == len(set(ids))


def test_clip_paths_refer_to_ids_of_the_same_drawing(drawn):
    for one in drawn.values():
        html = one.html()
        for used in re.findall(r"url\(#([^)]+)\)", html):
            assert f'id="{used}"' in html


def test_caption_names_sources_and_counts_publishers(drawn):
    for one in drawn.values():
        # What rests on stored runs alone has no publisher, and says so.
        assert re.search(r"\d+\spublishers?|without a publisher|computed for this report", one.html())
        assert f'href="../figures/{one.slug}.csv"' in one.html()


def test_markup_of_sources_is_escaped(drawn):
    one = next(iter(drawn.values()))
    nasty = replace(one.sources[0], title="<script>alert(1)</script>", url='https://x.test/"onclick="')
    html = replace(one, sources=(nasty,)).html()
    assert "<script>" not in html
    assert '"onclick="' not in html


SCALED = [
    ("funds.state_money", "amount_cny_bn"),
    ("funds.leverage", "total_over_own"),
    ("patience.buy_backs", "institutions"),
]


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
@pytest.mark.parametrize("times", [0.5, 2])
@pytest.mark.parametrize(("name", "column"), SCALED)
def test_no_label_covers_another_or_leaves_the_drawing_when_a_number_changes(ctx, name, column, times, wide):
    [(key, frame)] = CHARTS[name].inputs(ctx).items()
    changed = frame.assign(**{column: frame[column].where(frame.index != frame.index[0], frame[column] * times)})
    assert clashes(name, {key: changed}, wide=wide) == []


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", NAMES)
def test_no_label_touches_a_line_a_mark_or_another(drawn, name, wide):
    """A ground may cover a grid or a line that marks one number, never a curve; no two labels overlap, none is cut."""
    assert touching_in(name, drawn[name].draw, wide=wide) == []


@pytest.mark.parametrize("name", NAMES)
def test_drawn_and_written_words_have_curved_marks_and_keep_numbers_with_their_units(drawn, name):
    """Pages have curved ones; as text behind a figure, for programs, they stay straight."""
    one = drawn[name]
    shown = html.unescape(re.sub(r"<code>.*?</code>|<[^>]*>", " ", one.html()))
    assert not re.search(r"['\"]", shown), re.findall(r".{20}['\"].{20}", shown)
    assert not re.search(r"\d (?:percent|bn|trillion|yuan|times|January|November)\b", "".join(written_in(one))), (
        "parted"
    )


def written_in(one):
    """Return title, subtitle, legend and caption of a figure as a page writes them, without links and sources."""
    return re.findall(r'<(?:p class="pc-figure__(?:sub)?title"|li|figcaption><p)>(.*?)</', one.html())


@pytest.mark.parametrize("name", NAMES)
def test_blocks_are_hatched_as_their_swatch_in_the_legend(drawn, name):
    """The sheet draws a swatch rising to the right, and the one of partners without a name falling."""
    sheet = (STATIC / "pc.css").read_text(encoding="utf-8")
    assert "repeating-linear-gradient(var(--pc-slope, -45deg)" in sheet
    assert '.pc-swatch--hatch[style*="--pc-unnamed"] { --pc-slope: 45deg; }' in sheet
    for patch in drawn[name].draw(True).findobj(Patch):
        if patch.get_hatch():
            assert set(patch.get_hatch()) == set(hatch_of(to_hex(patch.get_edgecolor())))


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", NAMES)
def test_no_mark_hides_another(drawn, name, wide):
    """A ring once lay wholly under the dot of the same value."""
    with house_style():
        assert hidden_in(drawn[name].draw(wide)) == []


def test_the_mean_lies_behind_the_bars(drawn):
    (axes,) = drawn["session.motions"].draw(True).axes
    means = [line for line in axes.lines if len(set(line.get_ydata())) == 1]
    assert len(means) == 2
    assert max(line.get_zorder() for line in means) < min(bar.get_zorder() for bar in axes.patches)


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_every_year_without_a_tally_has_a_question_mark(drawn, wide):
    one = drawn["session.votes"]
    years = set(one.plotted["year"].astype(int))
    (axes,) = one.draw(wide).axes
    assert {text.get_position()[0] for text in axes.texts if text.get_text() == "?"} == set(
        range(min(years), max(years))
    ) - years


def test_the_calendar_tells_how_many_events_it_does_not_draw(drawn, book):
    one, events = drawn["session.timeline"], book.table("session_events").text
    shown = int(one.plotted["events"].sum())
    assert shown < len(events)
    assert one.must.startswith(f"{shown} of the {len(events)} events of our list are drawn")


def test_costs_have_the_same_names_below_the_figure_as_in_it(drawn):
    one = drawn["model.features"]
    words = one.plotted.set_index("feature")["words"]
    assert len(ASSUMED_FEATURES) == len(ASSUMED_OFF)
    assert "; ".join(words[name] for name in words.index if name in ASSUMED_FEATURES) in one.note


POINTS = {"dot", "ring", "diamond"}


@pytest.mark.parametrize("name", NAMES)
def test_a_swatch_of_the_legend_has_the_shape_of_its_marks(drawn, name):
    """What is drawn in a colour as points is a point in the legend, what is drawn as a block is a block."""
    for colour, fill, label in drawn[name].shown_legend:
        drawing = drawn[name].draw(True)
        points, blocks = shapes_in(drawing, colour)
        assert points if fill in POINTS else blocks, f"{label}: {fill}"
        assert not pale_in(drawing, colour), f"{label} is paler in the drawing"


@pytest.mark.parametrize("height", [42, 50, 120])
def test_below_its_lowest_mark_a_drawing_has_the_room_of_every_other(height):
    with house_style():
        drawing, axes = pixel_drawing(100, height)
        block(axes, (10, 10), 50, 30, "#000000", linewidth=0)
        even_foot(drawing)
    assert 72 * drawing.get_size_inches() == pytest.approx((100, 40 + FOOT_PX))
    (patch,) = axes.patches
    assert patch.get_window_extent().bounds == pytest.approx((10, FOOT_PX, 50, 30))


@pytest.mark.parametrize("name", ["overview.promises", "session.words", "watch.calls"])
@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_a_figure_of_the_book_ends_where_its_marks_do(drawn, name, wide):
    with house_style():
        drawing = drawn[name].draw(wide)
        before = drawing.get_size_inches().tolist()
        assert even_foot(drawing).get_size_inches().tolist() == pytest.approx(before)


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_statements_of_any_length_stand_as_far_apart(drawn, wide):
    """Three lines once nearly touched their neighbours, while two stood far from theirs."""
    with house_style():
        drawing = drawn["watch.calls"].draw(wide)
        renderer = FigureCanvasAgg(drawing).get_renderer()
        boxes = [text.get_window_extent(renderer) for text in drawing.axes[0].texts]
    assert len({text.get_text().count("\n") for text in drawing.axes[0].texts}) > 1
    gaps = [above.y0 - below.y1 for above, below in pairwise(boxes)]
    assert max(gaps) - min(gaps) < 4, gaps


def test_theme_svg_needs_no_outside_font_or_colour():
    svg = draw_svg("test", lambda wide: canvas(10, 10), wide=True)
    assert svg.startswith("<svg viewBox=")
    assert theme_svg('<?xml?><svg width="1" viewBox="0 0 1 1" xmlns="x"><g id="a"/></svg>', "n").count("id=") == 0
    assert RC["svg.fonttype"] == "none"


def test_no_two_rules_have_one_name(drawn):
    """Two rules of Sichuan, one of funds and one of single deals, once had the same label."""
    drawing = drawn["funds.ceilings"].draw(True)
    names = [text.get_text() for text in drawing.axes[0].texts]
    assert len(names) == len(set(names)) == len(drawn["funds.ceilings"].plotted)


def test_rules_that_are_not_drawn_are_named(drawn, book):
    one, rules = drawn["funds.ceilings"], book.table("fund_rules").text
    missing = {row["place"] for row in rules.values() if row["standing"] == "not_found_again"}
    assert all(place in one.note for place in missing)
    assert f"of the {number('funds.ceilings_all', book).text()} rules" in one.note


def test_silence_is_not_found_and_each_fund_has_its_age(drawn):
    one = drawn["funds.first_phase"]
    assert "published no" not in one.title + one.alt + one.note
    assert "no sum was found" in one.title
    assert not re.search(r"nothing (\w+ ){0,4}found", " ".join((*one.texts, one.wide))), (
        "of some, other things were found"
    )
    for row in one.plotted.itertuples():
        assert f"{row.name_short}, {row.announced_on[:7]}" in one.wide


def test_lives_are_told_with_those_from_before(drawn, book):
    one = drawn["patience.lives"]
    assert one.title.startswith("18* of 19* lives stated since January 2025")  # of some, one page alone tells
    assert "as may all five of the year before" in one.title
    assert "came before the rules of January 2025: of twelve lives from before seven may reach as far" in one.note
    assert "21 of 25" in one.note
    assert "by the day of its rule" in one.subtitle
    assert "the national AI fund" in one.alt
    assert "above 14" in one.wide
    assert {"15 to 18", "13 to 15", "over 10"} <= set(drawn_texts(one.wide))
    assert len(one.plotted) == number("patience.lives_since", book).value + number("patience.lives_before", book).value


@pytest.mark.parametrize("name", NAMES)
def test_dots_and_rings_of_one_drawing_are_told_apart_in_its_legend(drawn, name):
    """A picture that is taken away has the legend and no note."""
    with house_style():
        lines = [line for axes in drawn[name].draw(True).axes for line in axes.lines if line.get_marker() == "o"]
    hollow = {to_hex(line.get_markerfacecolor()) == CARD for line in lines if line.get_markersize() >= 8}
    fills = {fill for _, fill, _ in drawn[name].shown_legend}
    assert len(hollow) < 2 or {"dot", "ring"} <= fills


def test_what_learning_explains_is_told_with_every_end_of_its_bars(drawn):
    one = drawn["precedent.learning"]
    for row in one.plotted.itertuples():
        for end in (row.fall_pct, row.low_pct, row.high_pct):
            assert re.search(rf"\b{end:.0f}\b", one.alt), (row.words, end)
        assert row.words in one.alt


def test_the_margin_of_cars_fell_every_year_since_2017(drawn):
    one = drawn["precedent.cars"]
    margin = one.plotted.set_index("year")["profit_margin_pct"].loc[2017:]
    assert margin.notna().all()
    assert (margin.diff().dropna() < 0).all()
    assert "falls every year since 2017" in one.alt


def test_no_price_in_europe_is_called_one_of_the_world(drawn):
    one = drawn["precedent.buildup"]
    assert "world" not in one.title + one.subtitle + one.note
    assert "price_in_europe_usd_w" in one.plotted


def test_tokens_are_told_with_both_days_and_the_base(drawn):
    one = drawn["precedent.tokens"]
    first = one.plotted.iloc[0]
    assert "January 2024" in one.title
    assert "March 2026" in one.title
    assert f"{first['tokens_trillion_a_day']:g} trillion" in one.title
    assert "calls" not in one.title
