"""What a reader meets first and takes away, in Chromium: the front page, the first theme, a figure as text, a figure in a frame."""

from __future__ import annotations

import html
import re

import pytest

from .conftest import DESK, SITE, Watch

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_first_visit_has_the_theme_of_the_device_and_the_page_fits(chromium, address, theme, viewport):
    context = chromium.new_context(color_scheme=theme, viewport=viewport)
    page = context.new_page()
    watch = Watch(page, address)
    page.goto(f"{address}/", wait_until="load")
    page.wait_for_timeout(300)
    assert watch.troubles == []
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.locator("article h1").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    context.close()


def test_icons_are_drawn_by_the_font(open_page):
    page = open_page("index")
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === 'loaded').length)"
    )
    assert loaded >= 1
    widths = page.locator("i.fa-solid:visible").evaluate_all("all => all.map(i => i.getBoundingClientRect().width)")
    assert widths
    assert min(widths) > 5


def test_figure_is_copied_as_text_with_its_source(open_page):
    page = open_page("chapters/funds", permissions=["clipboard-read", "clipboard-write"])
    figure = page.locator("#fig-funds-guidance")
    figure.get_by_role("button", name="Copy as text with source").click()
    figure.get_by_role("button", name="Copied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    # What keeps a number and its unit on one line of the page is an ordinary space in the text that is taken away.
    assert text.splitlines()[0] == figure.locator(".pc-figure__title").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert "Sources:" in text
    assert "Edition" in text
    assert text.splitlines()[-1].endswith("/chapters/funds.html#fig-funds-guidance")


def test_embedded_figure_gives_its_frame_its_height(chromium, address):
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    watch = Watch(page, address)
    stored = (SITE / "embed" / "funds-guidance.html").read_text(encoding="utf-8")
    code = html.unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", stored, re.DOTALL)[0])
    page.goto(f"{address}/robots.txt")
    page.set_content(
        f"<p>Another site</p>{code.replace('ADDRESS-OF-THE-FIGURE', f'{address}/embed/funds-guidance.html?theme=dark')}"
    )
    page.wait_for_function("document.querySelector('iframe').height !== '560'")
    frame = page.frames[1]
    assert frame.evaluate("document.documentElement.dataset.theme") == "dark"
    assert frame.evaluate("document.documentElement.scrollHeight - innerHeight") <= 1
    assert not frame.locator(".pc-embed__code").is_visible()
    page.set_viewport_size({"width": 300, "height": 900})
    page.wait_for_timeout(300)
    assert frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, "a narrow frame cuts nothing off"
    assert frame.evaluate("document.documentElement.scrollHeight - innerHeight") <= 1
    page.goto(f"{address}/embed/funds-guidance.html")
    assert f"{address}/embed/funds-guidance.html" in page.locator("textarea").input_value()
    assert watch.troubles == []
    context.close()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_one_yuan_is_followed_step_by_step_and_its_marks_say_their_values(open_page, viewport):
    page = open_page("chapters/overview", viewport=viewport)
    figure = page.locator("#fig-overview-one-yuan")
    sentences = figure.locator(".pc-steps li")
    count = sentences.count()
    assert figure.locator(".pc-steps li:visible").count() == count
    figure.get_by_role("button", name="Follow it step by step").press("Enter")
    assert figure.locator(".pc-steps li:visible").count() == 1
    assert figure.locator(".pc-later:visible").count() > 0
    for _ in range(count - 1):
        page.keyboard.press("ArrowRight")
    assert figure.locator(".pc-later").count() == 0
    page.keyboard.press("Enter")
    assert figure.locator(".pc-steps li:visible").count() == count
    values = figure.get_by_role("slider")
    values.focus()
    first = values.inner_text()
    assert "announced" in first
    page.keyboard.press("ArrowRight")
    assert values.inner_text() == values.get_attribute("aria-valuetext") != first
    assert figure.locator(".pc-value--on:visible").count() == 1
    assert page.watch.troubles == []
