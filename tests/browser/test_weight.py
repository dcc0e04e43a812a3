"""The budget of every page: what a reader's browser loads before it shows the page."""

from __future__ import annotations

import pytest
from benchmarks.weight import SITE, table, weights

from patient_capital.book import pages

pytestmark = pytest.mark.browser


def test_every_page_keeps_the_budget(chromium):
    found = weights(chromium, SITE, ["index", *pages()])
    over = [one for one in found if one.over]
    assert over == [], f"over the budget:\n{table(over)}"


def test_a_page_over_the_budget_is_seen(chromium, tmp_path):
    scripts = "".join(f'<script src="{place}.js"></script>' for place in range(12))
    for place in range(12):
        (tmp_path / f"{place}.js").write_text(f"/* {'x' * 60_000} */", encoding="utf-8")
    drawing = f'<figure class="pc-figure"><div class="pc-figure__wide"><svg>{"<g></g>" * 3_000}</svg></div></figure>'
    (tmp_path / "bad.html").write_text(f"<p></p>{scripts}{'<b></b>' * 4_001}{drawing}", encoding="utf-8")
    (tmp_path / "good.html").write_text(f"<p></p>{'<b></b>' * 100}{drawing}", encoding="utf-8")
    bad, good = weights(chromium, tmp_path, ["bad", "good"])
    assert bad.over == ["bytes without figures", "elements without figures", "bytes", "elements", "requests"]
    assert good.over == []


def test_what_is_beside_a_page_comes_when_it_is_asked_for(open_page):
    asked: list[str] = []
    page = open_page("chapters/model", base=SITE.as_uri())
    page.on("request", lambda request: asked.append(request.url.rpartition("/html/")[2].partition("?")[0]))
    page.reload()
    page.wait_for_timeout(300)
    assert not [one for one in asked if one.startswith(("cards", "tables")) or one.endswith("pc-explorer.js")]
    page.locator(".pc-explorer").first.scroll_into_view_if_needed()
    page.locator(".pc-explorer__plot svg").first.wait_for()
    page.locator("article .pc-num__text").first.click()
    page.locator(".pc-pop:popover-open").wait_for()
    assert asked.count("_static/pc-explorer.js") == asked.count("cards/chapters/model.js") == 1
    assert page.watch.troubles == []
