"""What a page refuses: scripts that somebody else puts there, requests to other hosts, storage beyond the theme."""

from __future__ import annotations

import pytest

from .conftest import SITE, Watch

pytestmark = pytest.mark.browser

BESIDE = ("index", "404", "search", "genindex", "embed/funds-guidance", "_modules/index")
INJECT = """() => new Promise(done => {
    window.ran = [];
    const own = document.createElement('script'); own.textContent = "window.ran.push('inline')";
    const foreign = document.createElement('script'); foreign.src = 'https://example.org/foreign.js';
    const link = document.createElement('a'); link.setAttribute('onclick', "window.ran.push('handler')");
    const picture = new Image(); picture.src = 'https://example.org/pixel.png';
    const refused = [];
    document.addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));
    document.body.append(own, foreign, link, picture); link.click();
    fetch('https://example.org/').catch(() => {});
    fetch(location.href).catch(() => {});
    setTimeout(() => done([window.ran, refused.sort()]), 300); })"""


@pytest.mark.parametrize("place", ["web", "disk"])
def test_pages_beside_the_book_load_under_their_policy(chromium, address, place):
    base = address if place == "web" else SITE.as_uri()
    context = chromium.new_context()
    for name in BESIDE:
        page = context.new_page()
        watch = Watch(page, base)
        page.goto(f"{base}/{name}.html", wait_until="load")
        page.wait_for_timeout(100)
        assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1, name
        assert watch.troubles == [], name
        assert set(page.evaluate("Object.keys(localStorage)")) <= {"mode", "theme"}, name
        page.close()
    assert context.cookies() == []
    context.close()


def test_what_somebody_else_puts_into_a_page_does_not_run(open_page):
    page = open_page("chapters/watch")
    ran, refused = page.evaluate(INJECT)
    assert ran == []
    assert refused == ["connect-src", "img-src", "script-src-attr", "script-src-elem", "script-src-elem"]
