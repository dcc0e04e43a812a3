"""Explorers as readers meet them: by keyboard, by touch, on a phone, in the dark, on paper and without scripts."""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from helpers import dummy_explorers as dummy
from patient_capital.explorers import load_explorers
from patient_capital.ledger import read_pages
from patient_capital.sphinxext.explorer import explorer_html
from patient_capital.tables import book_data

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src" / "patient_capital" / "sphinxext" / "static"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}
SCREENS = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
ALL_SCREENS = pytest.mark.parametrize("viewport", [DESK, PHONE, SMALL], ids=["desk", "phone", "small"])

WAITING, STATES, TRACK = dummy.one_curve(), dummy.two_curves(), dummy.one_track()
BOTH = (WAITING, STATES)
ALL = (*BOTH, TRACK)

PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8"><title>Explorers</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><link rel="stylesheet" href="pc.css">
<style>body {{ margin: 0 auto; max-width: 760px; padding: 0 16px; font: 16px/1.6 sans-serif }} * {{ box-sizing: border-box }}</style>
<script src="pc-explorer.js" defer></script></head><body>{body}</body></html>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("explorers")
    for name in ("pc.css", "pc-explorer.js"):
        shutil.copyfile(STATIC / name, target / name)
    body = "".join(explorer_html(one, "figures") for one in ALL)
    broken = body.replace('"controls":[', '"controls":[[', 1)
    for name, theme, text in (("light", "light", body), ("dark", "dark", body), ("broken", "light", broken)):
        (target / f"{name}.html").write_text(PAGE.format(theme=theme, body=text), encoding="utf-8")
    return target


@pytest.fixture
def open_explorers(open_page, folder):
    """Open the small page; whatever a test does, nothing may fail or ask another host."""
    opened = []

    def open_one(viewport=DESK, name="light", query="", **more):
        page = open_page(name, viewport, base=folder.as_uri(), **more)
        if query:
            page.goto(f"{folder.as_uri()}/{name}.html{query}")
        opened.append(page)
        return page

    yield open_one
    for page in opened:
        if "broken.html" not in page.url:
            assert page.watch.troubles == []


def figure_of(page, one):
    return page.locator(f"#{one.slug}")


def text_of(locator):
    return re.sub(r"\s+", " ", locator.text_content()).strip()


def shown(page, one):
    """Return what the reader sees: settings, words at the break-even, verdict."""
    live = figure_of(page, one).locator(".pc-explorer__live")
    outputs = [text_of(one) for one in live.locator(".pc-explorer__control output").all()]
    told = " ".join(text_of(live.locator(part)) for part in (".pc-explorer__verdict", ".pc-explorer__rest"))
    return tuple(outputs), "".join(map(text_of, live.locator(".pc-explorer__marker").all())), told.strip()


def expected(one, place):
    reading = one.at(place)
    return reading.settings, reading.marker, reading.verdict


def go_by_keys(page, one, place):
    for control, index in zip(one.controls, place, strict=True):
        page.locator(f"#{one.slug}-{control.id}").focus()
        page.keyboard.press("Home")
        for _ in range(index):
            page.keyboard.press("ArrowRight")


def go(page, one, place):
    """Move all sliders at once, as a browser does for the reader."""
    figure_of(page, one).evaluate(
        """(figure, place) => figure.querySelectorAll('[data-control]').forEach((slider, i) => {
            slider.value = place[i]; slider.dispatchEvent(new Event('input', { bubbles: true })); })""",
        list(place),
    )


@SCREENS
@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_page_opens_at_the_start(open_explorers, one, viewport):
    page = open_explorers(viewport)
    figure = figure_of(page, one)
    assert shown(page, one) == expected(one, one.start)
    assert figure.locator(".pc-explorer__live").is_visible()
    assert not figure.locator(".pc-explorer__static").is_visible()


@pytest.mark.parametrize("place", [(0, 0), (2, 2), (2, 4), (4, 0), (3, 1)])
def test_keys_move_the_sliders_and_the_verdict_says_what_the_grid_says(open_explorers, place):
    page = open_explorers()
    before = shown(page, STATES)
    go_by_keys(page, WAITING, place)
    assert shown(page, WAITING) == expected(WAITING, place)
    assert shown(page, STATES) == before, "the other explorer of the page stays"


@pytest.mark.parametrize("one", BOTH, ids=lambda one: one.name)
def test_every_setting_shows_its_numbers(open_explorers, one):
    page = open_explorers()
    for place in np.ndindex(one.shape):
        go(page, one, place)
        assert shown(page, one) == expected(one, place), place


@pytest.mark.parametrize("one", BOTH, ids=lambda one: one.name)
def test_reading_off_by_keys_prints_the_grid(open_explorers, one):
    page = open_explorers()
    reader = page.locator(f"#{one.slug}-read")
    reader.focus()
    page.keyboard.press("Home")
    for index in range(len(one.x_values)):
        texts = one.at(one.start).texts
        values = "; ".join(f"{c.label} at {texts[i][index]}" for i, c in enumerate(one.curves))
        words = f"{one.x_texts[index]}: {values}"
        assert text_of(figure_of(page, one).locator(".pc-explorer__read output")) == words
        assert reader.get_attribute("aria-valuetext") == words
        page.keyboard.press("ArrowRight")


@SCREENS
@pytest.mark.parametrize("one", BOTH, ids=lambda one: one.name)
def test_drawn_curves_and_marker_stand_where_the_grid_says(open_explorers, one, viewport):
    page = open_explorers(viewport)
    low, high = one.y_ends
    for place in ((0, 0), one.start, (1, 1), (4, 2)):
        go(page, one, place)
        plot = figure_of(page, one).locator(".pc-explorer__plot")
        across, down = [], []
        for line, values in zip(plot.locator("polyline").all(), one.values[place], strict=True):
            points = np.array([p.split(",") for p in line.get_attribute("points").split()], dtype=float)
            across, down = (
                [*across, *zip(one.x_values, points[:, 0], strict=True)],
                [*down, *zip(values, points[:, 1], strict=True)],
            )
        (x, x_pixels), (y, y_pixels) = np.array(across).T, np.array(down).T
        ruler = np.array(
            [float(r.get_attribute("y1")) for r in plot.locator("line[x1][stroke='var(--pc-rule)']").all()]
        )
        bottom, top = ruler.max(), ruler.min()
        assert y_pixels == pytest.approx(bottom - (y - low) / (high - low) * (bottom - top), abs=0.5)
        slope, base = np.polyfit(x, x_pixels, 1)
        assert x_pixels == pytest.approx(base + slope * x, abs=0.2)
        even = plot.locator(".pc-explorer__even")
        assert even.count() == (one.sides[place] == 0)
        if even.count():
            assert float(even.get_attribute("cx")) == pytest.approx(base + slope * one.break_even[place], abs=0.5)
            level = one.level_values[place][one.decisive_places[0]]
            assert float(even.get_attribute("cy")) == pytest.approx(
                bottom - (level - low) / (high - low) * (bottom - top), abs=0.5
            )


def test_back_to_the_start(open_explorers):
    page = open_explorers()
    go(page, WAITING, (0, 0))
    page.locator(f"#{WAITING.slug}-read").press("End")
    button = figure_of(page, WAITING).get_by_role("button", name="Back to the start")
    button.press("Enter")
    assert shown(page, WAITING) == expected(WAITING, WAITING.start)
    assert page.locator(f"#{WAITING.slug}-read").input_value() == str(WAITING.read_start)
    assert button.evaluate("button => button === document.activeElement")


def query_of(page):
    return page.evaluate("location.search")


def test_a_track_says_what_holds_at_each_point_of_its_axis(open_explorers):
    page = open_explorers()
    reader = page.locator(f"#{TRACK.slug}-read")
    reader.press("Home")
    for index, sentences in enumerate(TRACK.track.sentences):
        assert shown(page, TRACK) == ((), "", " ".join(sentences))
        assert reader.get_attribute("aria-valuetext") == TRACK.x_texts[index]
        plot = figure_of(page, TRACK).locator(".pc-explorer__plot")
        chosen = plot.locator(".pc-explorer__chosen")
        points = [p.split(",") for p in plot.locator("polyline").get_attribute("points").split()]
        found = float(chosen.get_attribute("cx")), float(chosen.get_attribute("cy"))
        assert found == pytest.approx(tuple(map(float, points[index])), abs=0.2)
        page.keyboard.press("ArrowRight")
    assert plot.locator(".pc-explorer__band").count() == 1


def test_bar_on_the_axis_is_the_span_of_the_setting(open_explorers):
    page = open_explorers()
    plot = figure_of(page, STATES).locator(".pc-explorer__plot")
    ends = [float(plot.locator("clipPath rect").get_attribute(name)) for name in ("x", "width")]
    for place in ((1, 1), (2, 1), (4, 1)):
        go(page, STATES, place)
        bar = plot.locator(".pc-explorer__span")
        x, width = (float(bar.get_attribute(name)) for name in ("x", "width"))
        low, high = np.clip(STATES.spans[place][:2], 0, 1)
        assert (x, x + width) == pytest.approx((ends[0] + low * ends[1], ends[0] + high * ends[1]), abs=0.5)
    go(page, STATES, (0, 0))
    assert plot.locator(".pc-explorer__span").count() == 0


def test_state_stands_in_the_address_and_comes_back(open_explorers):
    page = open_explorers()
    assert query_of(page) == ""
    go_by_keys(page, WAITING, (3, 1))
    page.locator(f"#{TRACK.slug}-read").press("Home")
    assert query_of(page) == "?test.waiting.scale=10&test.waiting.cost=0.5&test.track.at=7"
    before = [shown(page, one) for one in ALL]
    page.reload()
    assert [shown(page, one) for one in ALL] == before
    figure_of(page, WAITING).get_by_role("button", name="Back to the start").press("Enter")
    assert query_of(page) == "?test.track.at=7"
    assert page.evaluate("history.length") <= 3, "moving a slider is no step back in the history"


@pytest.mark.parametrize(
    "query",
    [
        "?test.waiting.scale=5",
        "?test.waiting.scale=",
        "?test.waiting.nobody=1&x=%3Cb%3E",
        "?test.track.at=99",
        "?%E0%A4%A",
    ],
)
def test_address_that_names_no_setting_is_ignored(open_explorers, query):
    page = open_explorers(query=query)
    assert [shown(page, one) for one in ALL] == [expected(one, one.start) for one in ALL]


def test_address_keeps_what_others_wrote_and_the_place_in_the_page(open_explorers):
    page = open_explorers(query="?q=solar&test.waiting.cost=2#explorer-test-waiting")
    assert shown(page, WAITING) == expected(WAITING, (2, 3))
    page.locator(f"#{WAITING.slug}-cost").press("ArrowLeft")
    assert page.evaluate("location.search + location.hash") == "?q=solar#explorer-test-waiting"


def test_sliders_have_names_and_speak_their_values(open_explorers):
    page = open_explorers()
    slider = page.get_by_role("slider", name="Cost of waiting assumed", exact=True)
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "2.00 times"
    assert page.get_by_role("slider", name="Time that a winner needs", exact=True).count() == 1
    assert page.get_by_role("slider", name="Read off at").count() == 2


def test_mouse_over_the_drawing_reads_it_off(open_explorers):
    page = open_explorers()
    plot = figure_of(page, WAITING).locator(".pc-explorer__plot")
    box = plot.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 150)
    first = text_of(figure_of(page, WAITING).locator(".pc-explorer__read output"))
    page.mouse.move(box["x"] + 400, box["y"] + 150)
    second = text_of(figure_of(page, WAITING).locator(".pc-explorer__read output"))
    rates = [float(text.split()[0]) for text in (first, second)]
    assert rates[0] < 4 < rates[1]
    even = plot.locator(".pc-explorer__even").bounding_box()
    page.mouse.move(even["x"] + even["width"] / 2, box["y"] + 150)
    read = text_of(figure_of(page, WAITING).locator(".pc-explorer__read output"))
    assert abs(float(read.split()[0]) - WAITING.at(WAITING.start).break_even) <= 0.25


def test_fingers_move_sliders_and_read_off(open_explorers):
    page = open_explorers(PHONE, has_touch=True, is_mobile=True)
    slider = page.locator(f"#{WAITING.slug}-cost")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    assert shown(page, WAITING) == expected(WAITING, (2, 4))
    page.touchscreen.tap(box["x"] + 4, box["y"] + 4)
    assert shown(page, WAITING) == expected(WAITING, (2, 0)), "the whole height of 44 pixels is a target"
    plot = figure_of(page, WAITING).locator(".pc-explorer__plot")
    place = plot.bounding_box()
    page.touchscreen.tap(place["x"] + WAITING.layout(wide=False).left + 1, place["y"] + 200)
    assert text_of(figure_of(page, WAITING).locator(".pc-explorer__read output")).startswith("0 percent a year: ")


@pytest.mark.parametrize("viewport", [PHONE, SMALL], ids=["phone", "small"])
def test_phone_does_not_scroll_sideways_and_letters_can_be_read(open_explorers, viewport):
    page = open_explorers(viewport, has_touch=True, is_mobile=True)
    for one in ALL:
        for place in np.ndindex(one.shape):
            go(page, one, place)
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        small = figure_of(page, one).evaluate(
            """figure => [...figure.querySelectorAll('.pc-explorer__live *, figcaption *, .pc-explorer__title')]
                .filter(e => e.textContent.trim() && e.getClientRects().length && !e.closest('script'))
                .map(e => [e.textContent, parseFloat(getComputedStyle(e).fontSize)]).filter(([, size]) => size < 11)"""
        )
        assert small == []
        scale = (
            figure_of(page, one)
            .locator(".pc-explorer__plot svg")
            .evaluate("svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width")
        )
        assert scale == pytest.approx(1, abs=0.01), "letters of the drawing have their true size"


@ALL_SCREENS
@pytest.mark.parametrize("one", BOTH, ids=lambda one: one.name)
def test_no_slider_moves_away_under_a_finger(open_explorers, one, viewport):
    page = open_explorers(viewport)
    slider = page.locator(f"#{one.slug}-{one.controls[-1].id}")
    before = slider.bounding_box()
    for place in np.ndindex(one.shape):
        go(page, one, place)
        assert slider.bounding_box() == before, place


def test_everything_to_touch_is_large_enough(open_explorers):
    page = open_explorers(PHONE, has_touch=True, is_mobile=True)
    for target in page.locator(".pc-explorer__live input, .pc-explorer__live button").all():
        assert target.bounding_box()["height"] >= 44


@SCREENS
@pytest.mark.parametrize("one", BOTH, ids=lambda one: one.name)
def test_drawing_and_verdict_stay_in_sight_while_the_last_slider_moves(open_explorers, one, viewport):
    page = open_explorers(viewport)
    slider = page.locator(f"#{one.slug}-{one.controls[-1].id}")
    slider.focus()
    slider.evaluate("slider => slider.scrollIntoView({ block: 'end', behavior: 'instant' })")
    slider.press("ArrowRight")
    at = slider.bounding_box()
    for part in (".pc-explorer__verdict", ".pc-explorer__plot"):
        box = figure_of(page, one).locator(f".pc-explorer__live {part}").bounding_box()
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= at["y"], part
    assert at["y"] + at["height"] <= viewport["height"]
    verdict = figure_of(page, one).locator(".pc-explorer__live .pc-explorer__verdict")
    over = verdict.evaluate(
        """box => { const { left, top, width, height } = box.getBoundingClientRect();
            return [0.1, 0.5, 0.9].every(part => box.contains(document.elementFromPoint(left + width / 4, top + part * height))); }"""
    )
    assert over, "nothing covers the verdict"


@ALL_SCREENS
@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_no_two_labels_overlap_and_none_leaves_the_card(open_explorers, one, viewport):
    page = open_explorers(viewport)
    for place in np.ndindex(one.shape):
        go(page, one, place)
        trouble = figure_of(page, one).locator(".pc-explorer__plot").evaluate(
            """box => { const card = box.closest('.pc-explorer').getBoundingClientRect();
                const texts = [...box.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
                const out = texts.filter(([, b]) => b.left < card.left || b.right > card.right).map(([t]) => `out: ${t}`);
                return out.concat(texts.flatMap(([a, p], i) => texts.slice(i + 1).filter(([, q]) =>
                    p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 3 && q.top < p.bottom - 3)
                    .map(([b]) => `${a} | ${b}`))); }"""
        )  # fmt: skip
        assert trouble == [], place


def test_drawing_follows_the_window(open_explorers):
    page = open_explorers(DESK)
    wide = figure_of(page, WAITING).locator(".pc-explorer__plot svg")
    assert float(wide.get_attribute("viewBox").split()[3]) == WAITING.layout(wide=True).height
    page.set_viewport_size(PHONE)
    page.wait_for_function(
        f"document.querySelector('#{WAITING.slug} svg[viewBox$=\" {WAITING.layout(wide=False).height}\"]') !== null"
    )
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


LIGHTNESS = """const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
    .map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4); return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
    const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_keep_their_contrast(open_explorers, theme):
    page = open_explorers(name=theme)
    for one in ALL:
        weak = figure_of(page, one).evaluate(
            f"""figure => {{ {LIGHTNESS} const back = getComputedStyle(figure).backgroundColor;
                const words = [...figure.querySelectorAll('.pc-explorer__live label, .pc-explorer__live output, .pc-explorer__live p *,'
                    + '.pc-explorer__assumed, .pc-explorer__ends, legend, button, summary, .pc-explorer__title, .pc-explorer__subtitle')]
                    .map(e => [e.className || e.tagName, ratio(getComputedStyle(e).color, back)]);
                const drawn = [...figure.querySelectorAll('.pc-explorer__plot text')]
                    .map(e => [e.textContent, ratio(getComputedStyle(e).fill, back)]);
                return [...words, ...drawn].filter(([, r]) => r < 4.5).concat(
                    [...figure.querySelectorAll('.pc-explorer__curve')].map(e => ['curve', ratio(getComputedStyle(e).stroke, back)]).filter(([, r]) => r < 3)); }}"""
        )
        assert weak == []
    dark = page.evaluate(
        f"() => {{ {LIGHTNESS} return light(getComputedStyle(document.querySelector('.pc-explorer')).backgroundColor); }}"
    )
    assert (dark < 0.1) == (theme == "dark")


@SCREENS
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_focus_can_be_seen(open_explorers, theme, viewport):
    page = open_explorers(viewport, name=theme)
    for part in (f"#{WAITING.slug}-read", f"#{WAITING.slug}-cost", f"#{WAITING.slug} .pc-explorer__back"):
        target = page.locator(part)
        target.scroll_into_view_if_needed()
        before = target.screenshot()
        page.locator("body").evaluate("() => document.activeElement.blur()")
        target.focus()
        page.keyboard.press("Shift")
        assert target.evaluate("e => e.matches(':focus-visible')")
        assert target.screenshot() != before, part


def test_keyboard_reaches_every_slider_in_order(open_explorers):
    page = open_explorers()
    page.locator(f"#{WAITING.slug}-read").focus()
    reached = []
    for _ in range(4):
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
        page.keyboard.press("Tab")
    assert reached == [f"{WAITING.slug}-read", f"{WAITING.slug}-scale", f"{WAITING.slug}-cost", "pc-explorer__back"]


@SCREENS
def test_without_script_the_drawing_stands_in_its_place(open_explorers, viewport):
    page = open_explorers(viewport, java_script_enabled=False)
    for one in ALL:
        figure = figure_of(page, one)
        assert figure.locator("svg:visible").count() == 1
        assert not figure.locator(".pc-explorer__live").is_visible()
        assert expected(one, one.start)[2].startswith(text_of(figure.locator(".pc-explorer__static strong")))
        box = figure.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= viewport["width"]
        drawing = figure.locator("svg:visible")
        real = drawing.bounding_box()["width"] / float(drawing.get_attribute("viewBox").split()[2])
        assert 12 * real >= 11, "letters are at least 11 pixels high"


def test_paper_shows_the_drawing_at_the_start(open_explorers):
    page = open_explorers()
    go(page, WAITING, (0, 0))
    page.emulate_media(media="print")
    figure = figure_of(page, WAITING)
    assert figure.locator(".pc-explorer__static").is_visible()
    assert not figure.locator(".pc-explorer__live").is_visible()


def test_broken_data_leave_the_drawing_and_the_other_explorer(open_explorers):
    page = open_explorers(name="broken")
    assert figure_of(page, WAITING).locator(".pc-explorer__static").is_visible()
    assert not figure_of(page, WAITING).locator(".pc-explorer__live").is_visible()
    assert shown(page, STATES) == expected(STATES, STATES.start)
    assert any("error" in trouble for trouble in page.watch.troubles)


def test_drawing_stays_the_same_while_nothing_moves(open_explorers):
    page = open_explorers(reduced_motion="reduce")
    first = figure_of(page, WAITING).screenshot()
    page.wait_for_timeout(300)
    assert figure_of(page, WAITING).screenshot() == first


# --- The built book ---------------------------------------------------------------------------------------


def places_of(one):
    """Return the start, the corners (at most sixteen) and the middle of the grid of an explorer."""
    corners = itertools.islice(itertools.product(*((0, size - 1) for size in one.shape)), 16)
    return dict.fromkeys([one.start, *corners, tuple(size // 2 for size in one.shape)])


def come_to_rest(page):
    """Wait until no script makes the page longer or shorter any more."""
    page.wait_for_load_state("networkidle")
    same = "() => { const was = window.heightBefore; window.heightBefore = document.body.scrollHeight; return was === window.heightBefore; }"
    page.wait_for_function(same, polling=400)


PAGES = sorted({page.name for page in read_pages() if page.explorers})


@SCREENS
@pytest.mark.parametrize("from_disk", [False, True], ids=["server", "disk"])
@pytest.mark.parametrize("name", PAGES)
def test_every_explorer_of_the_book_works(open_page, viewport, from_disk, name):
    base = (ROOT / "_build" / "html").as_uri() if from_disk else None
    page = open_page(f"chapters/{name}", viewport, base=base)
    figures = page.locator(".pc-explorer").all()
    assert figures, "the page has an explorer"
    known = {one.slug: one for one in (made.of(book_data()) for made in load_explorers().values())}
    for figure in figures:
        figure.scroll_into_view_if_needed()
        figure.locator(".pc-explorer__plot svg").wait_for()  # its script comes when it is near
        one = known[figure.get_attribute("id")]
        assert shown(page, one) == expected(one, one.start)
        for place in places_of(one):
            go(page, one, place)
            assert shown(page, one) == expected(one, place), (one.name, place)
        go_by_keys(page, one, one.start)
        assert shown(page, one) == expected(one, one.start)
        reader = page.locator(f"#{one.slug}-read")
        reader.press("Home")
        assert f"{one.name}.at=" in query_of(page)
        page.wait_for_load_state("networkidle")  # a request that a new load cuts off counts as failed
        page.reload()
        figure.scroll_into_view_if_needed()
        figure.locator(".pc-explorer__plot svg").wait_for()
        assert reader.input_value() == "0"
        come_to_rest(page)
        last = figure.locator("input").last
        last.evaluate("slider => slider.scrollIntoView({ block: 'end', behavior: 'instant' })")
        stage = figure.locator(".pc-explorer__stage").bounding_box()
        bar = page.locator(".bd-header, .header-article").first.bounding_box()
        assert stage["y"] >= (0 if bar is None else bar["y"] + bar["height"] - 1), "the bar of the page covers nothing"
        # Where the chart is read off by the only slider, that stands on it.
        alone = figure.locator("input").count() == 1
        assert alone or stage["y"] + stage["height"] <= last.bounding_box()["y"] + 1
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{one.name} makes the page scroll sideways"
    assert page.watch.troubles == []
