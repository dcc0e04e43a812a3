"""The site for everyone: no violation that axe finds, letters of drawings that can be read, one stop of the Tab key a paragraph."""

from __future__ import annotations

from itertools import cycle, pairwise, product

import pytest
from axe_playwright_python.sync_playwright import Axe

from patient_capital.book import pages as pages_of_toc

from .conftest import ROOT, SITE

pytestmark = pytest.mark.browser

PAGES = pages_of_toc(ROOT)
DRAWN = [name for name in PAGES if (ROOT / f"{name}.ipynb").is_file()]
WAYS = list(product(["light", "dark"], [320, 390, 1280]))
HEAVY = sorted(PAGES, key=lambda name: (SITE / f"{name}.html").stat().st_size if SITE.is_dir() else 0)[-3:]
# Each page once, theme and width in turn; the heaviest in all ways.
LOOKED = sorted({(name, *way) for name, way in zip(("index", *PAGES), cycle(WAYS), strict=False)} | {
    (name, *way) for name, way in product(HEAVY, WAYS)
})  # fmt: skip
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

USED = """() => {
  document.querySelectorAll('.pc-fold').forEach(fold => { fold.open = true; });
  document.querySelector('article .pc-num__text')?.click();
  const search = document.querySelector('.pc-listing input[type=search]');
  if (search) { search.value = 'a'; search.dispatchEvent(new Event('input', { bubbles: true })); }
  const slider = document.querySelector('.pc-explorer input[type=range]');
  if (slider) { slider.value = slider.max; slider.dispatchEvent(new Event('input', { bubbles: true })); }
}"""


def broken(page) -> list[str]:
    """Return what axe finds wrong, a line for each rule with the first place."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:150]}" for one in found]


@pytest.mark.parametrize(("name", "theme", "width"), LOOKED)
def test_axe_finds_nothing_with_card_open_table_filtered_and_explorer_moved(open_page, name, theme, width):
    page = open_page(name, {"width": width, "height": 900}, theme)
    page.evaluate(USED)
    page.wait_for_timeout(300)
    assert broken(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_axe_names_what_is_wrong(open_page):
    page = open_page("index")
    page.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<img src=\"favicon.ico\">')")
    assert [line.split(" ")[0] for line in broken(page)] == ["image-alt"]


CONTRAST = """() => {
  const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * x + .7152 * y + .0722 * z; };
  const colour = (text, more = 1) => { const v = text.match(/[\\d.]+/g)?.map(Number) ?? [0, 0, 0, 0]; return [v[0], v[1], v[2], (v[3] ?? 1) * more]; };
  const over = (front, back) => back.map((v, i) => front[3] * front[i] + (1 - front[3]) * v);
  const low = [];
  for (const svg of document.querySelectorAll(':is(.pc-figure, .pc-explorer) svg')) {
    if (!svg.getClientRects().length) continue;
    const ground = colour(getComputedStyle(svg.closest('.pc-figure, .pc-explorer')).backgroundColor).slice(0, 3);
    const painted = [...svg.querySelectorAll('path, rect, circle, ellipse, polygon, text')].filter(node => !node.closest('defs, clipPath'));
    painted.forEach((text, at) => {
      if (text.localName !== 'text' || !text.textContent.trim()) return;
      const box = text.getBoundingClientRect(), style = getComputedStyle(text);
      if (!box.width) return;
      let back = ground;
      for (const shape of painted.slice(0, at)) {
        if (shape.localName === 'text') continue;
        const own = getComputedStyle(shape);
        if (own.fill === 'none' || own.fill.startsWith('url') || own.visibility === 'hidden') continue;
        const point = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2).matrixTransform(shape.getScreenCTM().inverse());
        let opacity = Number(own.fillOpacity);
        for (let node = shape; node !== svg; node = node.parentElement) opacity *= Number(getComputedStyle(node).opacity);
        if (shape.isPointInFill(point)) back = over(colour(own.fill, opacity), back);
      }
      let opacity = Number(style.fillOpacity);
      for (let node = text; node !== svg; node = node.parentElement) opacity *= Number(getComputedStyle(node).opacity);
      const [a, b] = [light(over(colour(style.fill, opacity), back)), light(back)];
      const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
      const size = parseFloat(style.fontSize) * text.getScreenCTM().a, large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (large ? 3 : 4.5) - .005) low.push(`${svg.closest('[id]').id}: ${text.textContent.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
    });
  }
  return low; }"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", DRAWN)
def test_letters_of_drawings_stand_out_from_what_lies_under_them(open_page, name, theme):
    assert open_page(name, theme=theme).evaluate(CONTRAST) == []


def test_letters_that_do_not_stand_out_are_named(open_page):
    page = open_page("chapters/funds")
    page.evaluate("document.querySelectorAll('.pc-figure svg text').forEach(text => { text.style.fill = '#aaaaaa'; })")
    assert len(page.evaluate(CONTRAST)) > 10


STOPS = """() => {
  const own = '.pc-pop, .pc-explorer__live, .pc-stepper, .pc-values';
  const all = [...document.querySelectorAll('article :is(a[href], button, summary, [tabindex])')]
    .filter(node => node.tabIndex >= 0 && node.getClientRects().length && !node.closest(own));
  const many = [...document.querySelectorAll('article :is(p, li, table, figure, figcaption, .pc-table__pages)')]
    .filter(box => all.filter(node => box.contains(node) && (box.matches('table') || !node.closest('table'))).length > 1)
    .filter(box => !box.querySelector('li, p'));
  many.push(...document.querySelectorAll('article .cell_output > .output[tabindex="0"]'));
  return [all.length, many.map(box => box.outerHTML.slice(0, 120))]; }"""


@pytest.mark.parametrize("name", ["chapters/overview", "chapters/funds", "chapters/model_annex"])
def test_a_paragraph_figure_or_table_is_one_stop(open_page, name):
    page = open_page(name)
    page.evaluate("document.querySelectorAll('.pc-fold').forEach(fold => { fold.open = true; })")
    page.wait_for_timeout(900)
    stops, many = page.evaluate(STOPS)
    assert many == []
    links = page.locator("article a[href]:visible").count()
    assert stops < links, "arrow keys reach the rest"


def test_arrow_keys_move_within_a_paragraph_and_tab_leaves_it(open_page):
    page = open_page("chapters/overview")
    paragraph = page.locator("article p:has(.pc-num__text ~ *), article p:has(.pc-num + .pc-num)").first
    numbers = paragraph.locator(".pc-num__text")
    assert numbers.count() > 1
    numbers.first.focus()
    page.keyboard.press("ArrowRight")
    assert numbers.nth(1).evaluate("node => node === document.activeElement")
    outline = numbers.nth(1).evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline != "none", "focus is seen"
    page.keyboard.press("ArrowLeft")
    assert numbers.first.evaluate("node => node === document.activeElement")
    page.keyboard.press("Tab")
    assert not paragraph.evaluate("box => box.contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    assert numbers.first.evaluate("node => node === document.activeElement"), "the way back leads to where one was"


def test_focus_is_seen_at_each_stop(open_page):
    page = open_page("chapters/overview")
    unseen = []
    for _ in range(45):
        page.keyboard.press("Tab")
        unseen += page.evaluate(
            """() => { const style = getComputedStyle(document.activeElement);
                return style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 1 ? [document.activeElement.outerHTML.slice(0, 90)] : []; }"""
        )
    assert unseen == []


def test_headings_are_in_order_on_every_page(open_page):
    page = open_page("index")
    jumps = {}
    for name in ("index", *PAGES):
        page.goto(
            page.url.split("/index.html")[0].rsplit("/chapters", 1)[0] + f"/{name}.html", wait_until="domcontentloaded"
        )
        levels = page.locator("article :is(h1, h2, h3, h4, h5, h6)").evaluate_all(
            "all => all.map(h => Number(h.localName[1]))"
        )
        if levels[:1] != [1] or any(b > a + 1 for a, b in pairwise(levels)) or levels.count(1) > 1:
            jumps[name] = levels
    assert jumps == {}


def test_stillness_and_forced_colours_are_kept(open_page):
    page = open_page("chapters/funds", reduced_motion="reduce", forced_colors="active")
    assert page.locator("a").first.evaluate("a => getComputedStyle(a).transitionDuration") in {"0s", "0s, 0s"}
    figure = page.locator(".pc-figure").first
    assert figure.evaluate("figure => getComputedStyle(figure).forcedColorAdjust") == "none"
    swatches = page.locator(".pc-swatch--solid")
    assert "rgba(0, 0, 0, 0)" not in swatches.evaluate_all("all => all.map(s => getComputedStyle(s).backgroundColor)")
