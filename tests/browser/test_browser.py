"""The built site as readers meet it: Chromium, from a web server and from disk, desk and phone, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helpers.fit import NARROW, misfits
from patient_capital.book import pages as pages_of_toc

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
PAGES = pages_of_toc(ROOT)
OPEN = ".pc-pop:popover-open"
"""The card that is open."""
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def check_loaded(page, theme):
    page.wait_for_timeout(300)
    assert page.watch.troubles == []
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.locator("article h1").first.is_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "the page scrolls sideways"
    assert set(page.evaluate("Object.keys(localStorage)")) <= {"mode", "theme"}, "nothing else is stored"
    assert page.context.cookies() == []


CUT = """() => {
    const shown = (selector) => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility());
    const words = (found) => found.map(one => one.textContent.trim().slice(0, 60));
    return [
        ...words(shown('.pc-formula, dl.py p, dl.py dd').filter(one => one.scrollWidth > one.clientWidth + 1)),
        ...words(shown('.pc-day, em.sig-param').filter(one => one.offsetHeight > 1.6 * parseFloat(getComputedStyle(one).fontSize))),
        ...words(shown('.bd-toc code').filter(one => innerWidth > 1000 && one.getBoundingClientRect().right > innerWidth - 4)),
    ]; }"""
"""Formulas that are wider than their box, days and parameters that are broken, names cut at the edge of the window."""


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_page_loads_clean_fits_the_screen_and_shows_its_drawings_and_tables_whole(open_page, name, viewport):
    """A page is opened once for all that is looked at without changing it; unfolding its tables comes last."""
    page = open_page(name, viewport)
    check_loaded(page, "light")
    check_drawings(page)
    check_labels(page)
    assert page.evaluate(CUT) == []
    check_foot(page)
    if viewport == DESK:
        assert misfits(page) == {}
    else:
        page.set_viewport_size(NARROW)
        assert page.evaluate(CUT) == []
        page.set_viewport_size(viewport)
    check_tables(page)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_page_loads_clean_and_fits_the_screen_in_the_dark(open_page, name, viewport):
    check_loaded(open_page(name, viewport, "dark"), "dark")


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_from_disk(open_page, name):
    page = open_page(name, base=SITE.as_uri())
    page.wait_for_timeout(200)
    assert page.watch.troubles == []
    tables = page.locator(".pc-listing--search").count()
    assert page.locator(".pc-listing--search input[type=search]").count() == tables


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_notebook_can_be_downloaded(open_page, viewport, scripts):
    page = open_page("chapters/funds", viewport, java_script_enabled=scripts)
    link = page.get_by_role("link", name="Download this notebook")
    assert link.bounding_box()["y"] < viewport["height"], "it is seen without scrolling"
    assert link.bounding_box()["height"] >= 24
    with page.expect_download() as started:
        link.click()
    assert started.value.suggested_filename == "funds.ipynb"
    assert started.value.path().read_bytes() == (ROOT / "chapters" / "funds.ipynb").read_bytes()


def test_notebook_is_beside_the_page_on_disk(open_page):
    page = open_page("chapters/funds", base=SITE.as_uri())
    target = page.get_by_role("link", name="Download this notebook").evaluate("link => link.href")
    assert target == (SITE / "chapters" / "funds.ipynb").as_uri()
    assert (SITE / "chapters" / "funds.ipynb").is_file()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_number_opens_by_mouse_and_closes_when_it_leaves(open_page, theme):
    page = open_page("chapters/overview", theme=theme)
    text = page.locator("article .pc-num:not(.pc-num--term) .pc-num__text").first
    card = page.locator(OPEN)
    assert not card.is_visible()
    text.hover()
    card.wait_for(state="visible")
    assert "In the ledger" in card.inner_text()
    card.hover()
    page.wait_for_timeout(400)
    assert card.is_visible(), "the reader can move into the card"
    page.mouse.move(1200, 850)
    card.wait_for(state="hidden")
    assert page.watch.troubles == []


def test_click_pins_a_card_and_a_second_click_closes_it(open_page):
    page = open_page("chapters/overview")
    text = page.locator("article .pc-num__text").nth(1)
    card = page.locator(OPEN)
    text.click()
    card.wait_for(state="visible")
    page.mouse.move(1200, 850)
    page.wait_for_timeout(500)
    assert card.is_visible()
    assert text.get_attribute("aria-expanded") == "true"
    text.click()
    card.wait_for(state="hidden")
    assert page.url.endswith("overview.html"), "a click does not leave the page"


@pytest.mark.parametrize("key", ["Enter", " "])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_number_opens_by_keyboard_and_esc_closes_and_keeps_the_place(open_page, key, theme):
    page = open_page("chapters/funds", theme=theme)
    text = page.locator("article .pc-num__text").first
    text.focus()
    card = page.locator(OPEN)
    page.keyboard.press(key)
    card.wait_for(state="visible")
    page.keyboard.press("Tab")
    assert card.evaluate("card => card.contains(document.activeElement)"), "links of the card come next"
    page.keyboard.press("Escape")
    card.wait_for(state="hidden")
    assert text.evaluate("text => text === document.activeElement")


def test_tab_reaches_a_number(open_page):
    page = open_page("chapters/overview")
    reached = False
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('pc-num__text')"):
            reached = True
            break
    assert reached


def test_card_opens_by_touch_inside_the_screen(open_page):
    page = open_page("chapters/overview", PHONE, has_touch=True, is_mobile=True)
    text = page.locator("article .pc-num__text").nth(2)
    text.tap()
    card = page.locator(OPEN)
    card.wait_for(state="visible")
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= PHONE["height"] + 1
    page.touchscreen.tap(195, 20)
    card.wait_for(state="hidden")


def test_a_term_opens_its_definition_by_touch(open_page):
    page = open_page("chapters/overview", PHONE, has_touch=True, is_mobile=True)
    text = page.locator("article .pc-term").first
    text.tap()
    card = page.locator(OPEN)
    card.wait_for(state="visible")
    assert "In the glossary" in card.inner_text()


def test_every_card_lies_inside_the_window(open_page):
    page = open_page("chapters/funds")
    numbers = page.locator("article p .pc-num__text, article li .pc-num__text")
    for index in range(0, numbers.count(), 5):
        text = numbers.nth(index)
        text.scroll_into_view_if_needed()
        text.click()
        box = page.locator(OPEN).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= DESK["width"]
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= DESK["height"]
        page.keyboard.press("Escape")


def test_without_script_a_number_leads_to_its_row_in_the_ledger(open_page):
    page = open_page("chapters/overview", java_script_enabled=False)
    target = page.locator("article .pc-num:not(.pc-num--term) .pc-num__text").first.get_attribute("href")
    page.goto(page.url.rsplit("/", 1)[0] + "/" + target)
    assert page.locator(f"#{target.split('#')[1]}").is_visible()


def test_link_to_the_ledger_finds_its_entry_and_that_leads_back(open_page):
    page = open_page("chapters/funds")
    text = page.locator("article .pc-num__text", has_text="161.8bn").first
    text.click()
    page.locator(OPEN).get_by_role("link", name="In the ledger").click()
    page.wait_for_url(re.compile(r"ledger/funds\.html#n-"))
    row = page.locator("tr:target")
    row.wait_for(state="visible")
    assert "funds.registered_once" in row.inner_text()
    row.locator("a", has_text="text").first.click()
    page.wait_for_url(re.compile(r"chapters/\w+\.html#at-"))
    assert page.locator(":target").inner_text().startswith("161.8bn")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("funds.registered_once", "ledger/funds.html#n-funds-registered-once"),
        ("n-funds-cn-nvcgf-announced-cny-bn", "data/funds.html#n-funds-cn-nvcgf-announced-cny-bn"),
        ("funds[cn_nvcgf].announced_cny_bn", "data/funds.html#n-funds-cn-nvcgf-announced-cny-bn"),
    ],
)
def test_address_of_an_entry_on_the_first_page_of_the_ledger_leads_on(open_page, name, place):
    page = open_page("chapters/ledger", base=SITE.as_uri())
    page.evaluate("name => { location.hash = name; }", name)
    page.wait_for_url(re.compile(re.escape(place)))
    assert page.locator("tr:target").is_visible()


@pytest.mark.parametrize("fragment", ["%E0%A4%A", "%", 'a"b', "[x", "<b>"])
@pytest.mark.parametrize("name", ["chapters/funds", "chapters/ledger"])
def test_an_odd_fragment_of_an_address_stops_nothing(open_page, name, fragment):
    page = open_page(name, base=SITE.as_uri())
    page.goto(f"{SITE.as_uri()}/{name}.html#{fragment}")
    page.reload()
    page.wait_for_timeout(300)
    assert page.watch.troubles == []


@pytest.mark.parametrize("folder", [".", "ledger", "data", "tables"])
def test_pages_beside_the_chapters_load_clean_and_fit_with_large_letters_and_in_a_small_window(
    open_page, address, folder
):
    names = sorted(path.relative_to(SITE).with_suffix("").as_posix() for path in (SITE / folder).glob("*.html"))
    assert len(names) > 4
    page = open_page(names[0])
    found = {}
    for name in names:
        page.goto(f"{address}/{name}.html", wait_until="load")
        found[name] = misfits(page)
    assert {name: told for name, told in found.items() if told} == {}
    assert page.watch.troubles == []


def test_what_does_not_fit_is_named(open_page):
    page = open_page("index")
    assert misfits(page) == {}
    page.evaluate(
        """document.querySelector('article').insertAdjacentHTML('beforeend', `<p style="white-space: nowrap">${'long '.repeat(20)}</p>
            <p style="margin-bottom: -1.2em">The one line</p><p>The other line</p>
            <h2 style="overflow: hidden; white-space: nowrap">A heading that is much longer than a small window is wide</h2>`)"""
    )
    told = misfits(page)["320 px"]
    assert told[0].startswith("the page scrolls sideways")
    kinds = {line.partition(": ")[0] for line in told}
    assert kinds == {"the page scrolls sideways", "sticks out", "is cut", "lie over one another"}
    assert page.viewport_size == DESK


def unfolded(page):
    page.evaluate("document.querySelectorAll('.pc-fold').forEach(fold => { fold.open = true; })")
    return page


def test_long_table_searches_and_sorts(open_page):
    page = unfolded(open_page("chapters/funds"))
    listing = page.locator("#listing-funds-vehicles")
    listing.locator("input[type=search]").fill("humanoid")
    rows = listing.locator("tbody tr")
    names = rows.all_inner_texts()
    assert 0 < len(names) < 10
    assert all("umanoid" in name for name in names)
    listing.locator("input[type=search]").fill("")
    head = listing.locator("th", has_text="Announced")
    head.click()
    head.click()
    listing.locator("th[aria-sort=descending]").wait_for()
    first = float(rows.first.locator("td").nth(2).locator(".pc-num__text").inner_text().rstrip("*").replace(",", ""))
    second = float(rows.nth(4).locator("td").nth(2).locator(".pc-num__text").inner_text().rstrip("*").replace(",", ""))
    assert first >= second >= 100


@pytest.mark.parametrize("clicks", [1, 2])
def test_missing_values_stand_last_in_either_direction(open_page, clicks):
    page = unfolded(open_page("chapters/funds"))
    listing = page.locator("#listing-funds-vehicles")
    listing.locator("select").select_option("-1")
    for _ in range(clicks):
        listing.locator("th", has_text="Registered").click()
    shown = listing.locator("tbody tr td:nth-child(4)").all_inner_texts()
    missing = [text.strip() == "–" for text in shown]
    assert True in missing
    assert missing == sorted(missing)


def test_phone_shows_a_table_row_as_a_card(open_page):
    page = unfolded(open_page("chapters/funds", PHONE))
    row = page.locator("#listing-funds-vehicles tbody tr").first
    assert row.evaluate("row => getComputedStyle(row).display") == "block"
    box = row.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


def test_a_folded_table_opens_by_key_and_by_a_link_to_it(open_page):
    page = open_page("chapters/session")
    page.wait_for_timeout(300)
    listing = page.locator("#listing-session-events")
    summary, search = listing.locator("summary"), listing.locator("input[type=search]")
    assert re.fullmatch(r"See the \d+ events", summary.inner_text())
    assert not search.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert search.is_visible()
    page.keyboard.press("Enter")
    assert not search.is_visible()
    page.evaluate("location.hash = 'listing-session-events'")
    search.wait_for(state="visible")


@pytest.mark.parametrize("row", ["source-reuters_20250306", "row-data-evidence-x"])
def test_an_address_of_a_row_loads_the_table_that_holds_it_and_no_other(open_page, row):
    page = open_page("chapters/ledger")
    loaded = []
    page.on("request", lambda request: loaded.append(request.url.partition("?")[0].rpartition("/")[2]))
    page.goto(page.url.replace("ledger", "data") + f"#{row}")
    if row.startswith("source-"):
        page.locator(f"tr#{row}.pc-target").wait_for()
    page.wait_for_timeout(300)
    assert [name for name in loaded if name.startswith("data-")] == [
        "data-sources.js" if row.startswith("source-") else "data-evidence.js"
    ]


def check_foot(page):
    """The foot of a page, with its line, is as wide as the text, and its line has the colour of the others."""
    foot, text, line, rule = page.evaluate(
        """() => { const foot = document.querySelector('.bd-footer-content__inner'), box = (one) => { const { left, right } = one.getBoundingClientRect(); return [left, right]; };
            const probe = document.body.appendChild(Object.assign(document.createElement('i'), { style: 'color: var(--pc-rule)' }));
            const found = [box(foot), box(document.querySelector('article h1')), getComputedStyle(foot).borderTopColor, getComputedStyle(probe).color];
            probe.remove(); return found; }"""
    )
    assert [round(edge) for edge in foot] == [round(edge) for edge in text]
    assert line == rule


def check_tables(page):
    """No table is cut or scrolls, and none is wider than the text."""
    if not page.locator(".pc-listing").count():
        return
    unfolded(page).wait_for_timeout(300)
    wider = page.evaluate(
        """() => [...document.querySelectorAll('.pc-listing')].filter(box => {
            const table = box.querySelector('table'); return table.scrollWidth > box.clientWidth + 1
                || table.getBoundingClientRect().right > box.getBoundingClientRect().right + 1
                || box.getBoundingClientRect().right > document.querySelector('article h1').getBoundingClientRect().right + 1; })
            .map(box => box.id)"""
    )
    assert wider == []


LETTERS = """() => [...document.querySelectorAll(':is(.pc-figure, .pc-explorer) svg text')].filter(text => text.getClientRects().length)
    .map(text => { const svg = text.ownerSVGElement, wide = svg.viewBox.baseVal.width;
        return (wide ? svg.getBoundingClientRect().width / wide : 1) * parseFloat(getComputedStyle(text).fontSize); })"""
"""The size of each letter of a drawing as it is shown, in pixels."""


@pytest.mark.parametrize("name", ["overview", "model"])
def test_the_letters_of_drawings_have_twelve_pixels_at_every_width(open_page, name):
    page = open_page(f"chapters/{name}", reduced_motion="reduce")
    for width in (360, 390, 480, 640, 700, 759, 760, 768, 820, 960, 991, 992, 1024, 1199, 1200, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(100)
        sizes = page.evaluate(LETTERS)
        assert min(sizes) >= 11.95, width
        assert max(sizes) < 18, width
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width


def check_drawings(page):
    """One drawing of each figure is shown, and its letters can be read."""
    assert min(page.evaluate(LETTERS), default=12) >= 11.95
    for figure in page.locator(".pc-figure").all():
        wide, narrow = figure.locator(".pc-figure__wide"), figure.locator(".pc-figure__narrow")
        assert wide.is_visible() != narrow.is_visible()
        shown = wide if wide.is_visible() else narrow
        spill = shown.evaluate(
            """box => { const edge = box.closest('.pc-figure').getBoundingClientRect();
                return [...box.querySelectorAll('text')].filter(t => { const b = t.getBoundingClientRect();
                    return b.left < edge.left - 1 || b.right > edge.right + 1; }).map(t => t.textContent); }"""
        )
        assert spill == [], figure.get_attribute("id")


def test_a_line_of_values_says_how_a_reader_gets_them(open_page):
    """On a phone nobody points, whatever the phone calls its finger."""
    for viewport, touch in ((DESK, False), (DESK, True), (PHONE, False), (PHONE, True)):
        told = open_page("chapters/overview", viewport, has_touch=touch, is_mobile=touch).locator(".pc-values").first
        assert ("point at a mark" in told.inner_text()) == (viewport == DESK and not touch)


PARTED = """() => [...document.querySelectorAll('.pc-num--whole, .pc-num--kind, .bibtex-citation em')]
    .filter(one => !one.closest('td, .sd-card-title') && new Set([...one.getClientRects()].map(box => Math.round(box.bottom / 8))).size > 1)
    .map(one => one.textContent)"""


def test_on_the_smallest_phone_nothing_is_parted_from_its_line(open_page):
    """Units stand with their numbers, signs with the first line of a title, and what to type is read whole."""
    small = {"width": 320, "height": 800}
    page = open_page("chapters/overview", small)
    assert page.locator(".pc-num--whole").count() > 20
    assert page.evaluate(PARTED) == []
    signs = page.evaluate(
        """() => [...document.querySelectorAll('p.admonition-title')].map(one => [one.clientHeight, getComputedStyle(one, '::after').top])"""
    )
    assert max(height for height, _ in signs) > 60, "no title has several lines"
    assert {top for _, top in signs} == {"6.4px"}
    page = open_page("search", small)
    cut = page.locator(".pc-searching input").evaluate(
        """one => { const pen = document.createElement('canvas').getContext('2d'), style = getComputedStyle(one); pen.font = style.font;
            return pen.measureText(one.placeholder).width - one.clientWidth + parseFloat(style.paddingLeft) + parseFloat(style.paddingRight); }"""
    )
    assert cut <= 0


def test_links_of_cards_in_one_row_stand_on_one_line(open_page):
    page = open_page("chapters/overview")
    feet = page.evaluate(
        """() => { const rows = {}; for (const link of document.querySelectorAll('.sd-card-text:last-child'))
            (rows[Math.round(link.closest('.sd-card').getBoundingClientRect().top)] ??= []).push(link.getBoundingClientRect().bottom);
            return Object.values(rows); }"""
    )
    assert len(feet) == 3
    assert all(max(row) - min(row) < 1 for row in feet)


def check_labels(page):
    """No two labels of a drawing overlap."""
    clashes = page.evaluate(
        """() => [...document.querySelectorAll('.pc-figure__wide, .pc-figure__narrow')].flatMap(box => {
            const texts = [...box.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()])
                .filter(([, b]) => b.width > 0);
            return texts.flatMap(([a, p], i) => texts.slice(i + 1).filter(([, q]) =>
                p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 3 && q.top < p.bottom - 3)
                .map(([b]) => `${a} | ${b}`)); })"""
    )
    assert clashes == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_links_are_of_one_blue_on_every_kind_of_page(open_page, theme):
    found = set()
    for name in (
        "index",
        "chapters/funds",
        "chapters/api_returns",
        "ledger/funds",
        "tables/session-compared",
        "embed/model-discount",
    ):
        page = open_page(name, theme=theme, color_scheme=theme)
        found |= set(
            page.evaluate(
                """() => [...document.querySelectorAll('article a, .pc-whole a, .pc-embed a, .pc-actions button')]
                    .filter(one => one.checkVisibility() && one.textContent.trim() && !one.matches('.pc-num__text, .headerlink, .pc-code'))
                    .map(one => getComputedStyle(one).color)"""
            )
        )
    assert len(found) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_of_text_keep_their_contrast(open_page, theme):
    page = open_page("chapters/funds", theme=theme)
    ratio = page.evaluate(
        """() => { const probe = document.querySelector('.pc-figure'); const style = getComputedStyle(probe);
            const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
                .map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4); return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
            const back = light(style.backgroundColor);
            return ['ink', 'soft', 'treasury', 'state', 'unnamed', 'mark', 'warn'].map(name => {
                probe.style.color = `var(--pc-${name})`; const front = light(getComputedStyle(probe).color);
                probe.style.color = ''; return [name, (Math.max(front, back) + .05) / (Math.min(front, back) + .05)]; }); }"""
    )
    assert {name: value for name, value in ratio if value < 4.5} == {}


def test_each_download_opens(open_page):
    targets = set()
    for name in PAGES:
        page = open_page(name)
        targets |= {link.evaluate("a => a.href") for link in page.locator("a[download]").all()}
    assert len(targets) > 10
    page = open_page(PAGES[0])
    for target in sorted(targets):
        answer = page.request.get(target)
        assert answer.ok, target
        body = answer.body()
        assert len(body) > 20, target
        if target.endswith(".csv"):
            lines = body.decode("utf-8").splitlines()
            assert len(lines) > 1
            assert "," in lines[0], target


def test_every_link_inside_the_site_leads_somewhere(open_page):
    broken = []
    for name in PAGES:
        page = open_page(name)
        links = page.locator("a[href]").evaluate_all("all => [...new Set(all.map(a => a.href))]")
        own = page.url.rsplit("/", 2)[0]
        for link in links:
            if not link.startswith(own):
                continue
            path, _, part = link.partition("#")
            file = SITE / path.removeprefix(own).lstrip("/").split("?")[0]
            file = file / "index.html" if file.is_dir() else file
            if not file.is_file() or (
                part and file.suffix == ".html" and f'id="{part}"' not in file.read_text(encoding="utf-8")
            ):
                broken.append(f"{name}: {link}")
    assert broken == []


LACKS = {
    "no watch on what is near": "delete window.IntersectionObserver",
    "no watch on sizes": "delete window.ResizeObserver",
    "no cards": """delete HTMLElement.prototype.showPopover;
        for (const kind of [Document, Element]) for (const name of ['querySelectorAll', 'matches']) {
            const own = kind.prototype[name];
            if (own) kind.prototype[name] = function (said) {
                if (said.includes('popover')) throw new SyntaxError(said);
                return own.call(this, said);
            };
        }""",
    "no dialog": "delete HTMLDialogElement.prototype.showModal",
    "no clipboard": "Object.defineProperty(navigator, 'clipboard', { value: undefined })",
    "storage refused": """for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, { configurable: true, get() { throw new Error('denied'); } })""",
    "storage full": "Storage.prototype.setItem = () => { throw new Error('full'); }",
    "no marks of what was found": "delete CSS.highlights; delete window.Highlight",
    "an address that stays": "history.replaceState = () => { throw new Error('denied'); }",
    "older lists": "for (const name of ['toReversed', 'toSorted', 'findLast']) delete Array.prototype[name]",
    "older functions": "for (const name of ['structuredClone', 'reportError', 'requestIdleCallback']) delete window[name]",
}
"""What older or stricter browsers lack or refuse, and how to make this one do so."""


@pytest.mark.parametrize("lacking", LACKS)
def test_what_a_browser_lacks_stops_no_page(open_page, address, lacking):
    page = open_page("404")
    page.add_init_script(LACKS[lacking])
    page.goto(f"{address}/chapters/model_annex.html?found=fund#model", wait_until="load")
    page.locator(".pc-explorer").first.scroll_into_view_if_needed()
    page.locator(".pc-explorer--live").first.wait_for()
    page.set_viewport_size({"width": 900, "height": 800})
    page.locator("td :is(.pc-num__text, a):visible").first.focus()
    page.keyboard.press("ArrowUp")
    page.evaluate("document.querySelector('.theme-switch-button')?.click()")
    page.locator(".search-button__button:visible").first.click()
    page.locator("input[name=q]:visible").first.fill("fund")
    page.locator(".pc-found a").first.wait_for()
    assert page.watch.troubles == []
