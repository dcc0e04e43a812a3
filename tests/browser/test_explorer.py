"""Explorers as readers meet them: by keyboard, by touch, on a phone, in the dark, on paper and without scripts."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from helpers import dummy_explorers as dummy
from patient_capital.explorers import load_explorers
from patient_capital.sphinxext.explorer import explorer_html
from patient_capital.tables import book_data

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src" / "patient_capital" / "sphinxext" / "static"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SCREENS = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])

WAITING, STATES = dummy.one_curve(), dummy.two_curves()
BOTH = (WAITING, STATES)

PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8"><title>Explorers</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><link rel="stylesheet" href="pc.css">
<style>body {{ margin: 0 auto; max-width: 760px; padding: 0 16px; font: 16px/1.6 sans-serif }} * {{ box-sizing: border-box }}</style>
<script src="pc-explorer.js" defer></script></head><body>{body}</body></html>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("explorers")
    for name in ("pc.css", "pc-explorer.js"):
        shutil.copyfile(STATIC / name, target / name)
    body = "".join(explorer_html(one, "figures") for one in BOTH)
    broken = body.replace('"controls":[', '"controls":[[', 1)
    for name, theme, text in (("light", "light", body), ("dark", "dark", body), ("broken", "light", broken)):
        (target / f"{name}.html").write_text(PAGE.format(theme=theme, body=text), encoding="utf-8")
    return target


@pytest.fixture
def open_explorers(open_page, folder):
    """Open the small page; whatever a test does, nothing may fail or ask another host."""
    opened = []

    def open_one(viewport=DESK, name="light", **more):
        page = open_page(name, viewport, base=folder.as_uri(), **more)
        opened.append(page)
        return page

    yield open_one
    for page in opened:
        if not page.url.endswith("broken.html"):
            assert page.watch.troubles == []


def figure_of(page, one):
    return page.locator(f"#{one.slug}")


def text_of(locator):
    return re.sub(r"\s+", " ", locator.text_content()).strip()


def shown(page, one):
    """Return what the reader sees: settings, words at the break-even, verdict."""
    live = figure_of(page, one).locator(".pc-explorer__live")
    outputs = live.locator(".pc-explorer__control output").all_text_contents()
    return tuple(outputs), text_of(live.locator(".pc-explorer__marker")), text_of(live.locator(".pc-explorer__verdict"))


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
@pytest.mark.parametrize("one", BOTH, ids=lambda one: one.name)
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
        values = "; ".join(f"{c.label} {texts[i][index]}" for i, c in enumerate(one.curves))
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


def test_moved_page_comes_back_whole(open_explorers):
    page = open_explorers()
    go(page, WAITING, (0, 0))
    page.reload()
    assert shown(page, WAITING) == expected(WAITING, WAITING.start)


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


def test_phone_does_not_scroll_sideways_and_letters_can_be_read(open_explorers):
    page = open_explorers(PHONE, has_touch=True, is_mobile=True)
    for one in BOTH:
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


@SCREENS
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


def test_drawing_stays_in_sight_while_a_finger_is_at_the_last_slider(open_explorers):
    page = open_explorers(PHONE)
    page.locator(f"#{WAITING.slug}-cost").focus()
    page.locator(f"#{WAITING.slug}-cost").evaluate("slider => slider.scrollIntoView({ block: 'end' })")
    slider = page.locator(f"#{WAITING.slug}-cost").bounding_box()
    plot = figure_of(page, WAITING).locator(".pc-explorer__plot").bounding_box()
    assert plot["y"] >= 0
    assert plot["y"] + plot["height"] <= slider["y"]
    assert slider["y"] + slider["height"] <= PHONE["height"]


@SCREENS
@pytest.mark.parametrize("one", BOTH, ids=lambda one: one.name)
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
    for one in BOTH:
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
    for one in BOTH:
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


@SCREENS
@pytest.mark.parametrize("from_disk", [False, True], ids=["server", "disk"])
def test_every_explorer_of_the_model_page_works(open_page, viewport, from_disk):
    base = (ROOT / "_build" / "html").as_uri() if from_disk else None
    page = open_page("chapters/model", viewport, base=base)
    figures = page.locator(".pc-explorer").all()
    assert figures, "the page of the model has an explorer"
    for figure in figures:
        name = json.loads(figure.locator("script").text_content())["name"]
        one = load_explorers()[name].of(book_data())
        assert shown(page, one) == expected(one, one.start)
        for place in places_of(one):
            go(page, one, place)
            assert shown(page, one) == expected(one, place), (name, place)
        go_by_keys(page, one, one.start)
        assert shown(page, one) == expected(one, one.start)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name} makes the page scroll sideways"
    assert page.watch.troubles == []
