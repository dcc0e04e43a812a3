"""What browser tests share: one Chromium for all of them, the built site behind a server, and a watch on each page."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
DESK = {"width": 1280, "height": 900}
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def address():
    handler = functools.partial(Quiet, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """Collects what must not happen on a page."""

    def __init__(self, page: Page, own: str) -> None:
        self.troubles: list[str] = []
        page.on(
            "console", lambda m: self.troubles.append(f"console: {m.text}") if m.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda e: self.troubles.append(f"error: {e}"))
        # What a new load cuts off is not missing.
        page.on(
            "requestfailed",
            lambda r: None if r.failure == "net::ERR_ABORTED" else self.troubles.append(f"failed: {r.url}"),
        )
        page.on("response", lambda r: self.troubles.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        page.on(
            "request",
            lambda r: None if r.url.startswith((own, "data:", "blob:")) else self.troubles.append(f"foreign: {r.url}"),
        )


@pytest.fixture
def open_page(chromium, address):
    contexts = []

    def open_one(name: str, viewport=DESK, theme="light", base=None, **more):
        own = base or address
        context = chromium.new_context(viewport=viewport, **more)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
        page.watch = Watch(page, own)
        page.goto(f"{own}/{name}.html", wait_until="load")
        return page

    yield open_one
    for context in contexts:
        context.close()
