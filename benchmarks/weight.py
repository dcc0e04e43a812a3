"""What a reader's browser loads to show each page of the book: bytes, requests, elements, and what of it is figures.

Reads the built site (``make book`` first) from disk and needs Chromium: ``python -m benchmarks.weight``. Bytes are
those of the files, as they are stored; a host that compresses sends about a quarter of them. The first view is what is
loaded until the page is complete; cards and rows that a reader asks for come later. A test holds every page to the
budget.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from patient_capital.book import ROOT, pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SITE = ROOT / "_build" / "html"
LIGHT_KB, LIGHT_ELEMENTS = 400, 4_000
FULL_KB, FULL_ELEMENTS = 700, 7_000
REQUESTS = 12
DRAWING = re.compile(r'<div class="pc-(?:figure|explorer)__(?:wide|narrow)">.*?</svg></div>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Weight:
    """What a page weighs.

    Attributes
    ----------
    kilobytes, figures_kb : float
        All that is loaded, and the drawings among it, uncompressed.
    elements, figure_elements : int
        Elements of the page, and those of its drawings.
    """

    page: str
    kilobytes: float
    figures_kb: float
    elements: int
    figure_elements: int
    requests: int

    @property
    def over(self) -> list[str]:
        """What of the budget the page exceeds."""
        told = {
            "bytes without figures": self.kilobytes - self.figures_kb > LIGHT_KB,
            "elements without figures": self.elements - self.figure_elements > LIGHT_ELEMENTS,
            "bytes": self.kilobytes > FULL_KB,
            "elements": self.elements > FULL_ELEMENTS,
            "requests": self.requests > REQUESTS,
        }
        return [name for name, over in told.items() if over]


def weigh(page: str, html: str, loaded: dict[str, int], elements: int, figure_elements: int) -> Weight:
    """Return what a page weighs.

    Parameters
    ----------
    html : str
        The page as it is stored.
    loaded : dict
        Bytes of each file that was loaded, the page among them.
    """
    drawings = sum(len(one[0].encode()) for one in DRAWING.finditer(html))
    total = sum(loaded.values())
    return Weight(page, total / 1000, drawings / 1000, elements, figure_elements, len(loaded))


def weights(browser: Browser, site: Path, names: list[str]) -> list[Weight]:
    """Open each page from disk, and weigh what it loads."""
    found = []
    for name in names:
        loaded: dict[str, int] = {}
        view = browser.new_page()

        def note(request: object, loaded: dict[str, int] = loaded) -> None:
            path = Path(unquote(urlsplit(request.url).path))  # type: ignore[attr-defined]  # Playwright gives the request
            if path.is_file():
                loaded[str(path)] = path.stat().st_size

        view.on("request", note)
        file = site / f"{name}.html"
        view.goto(file.as_uri(), wait_until="load", timeout=300_000)
        elements, drawn = view.evaluate(
            "[document.querySelectorAll('*').length,"
            " document.querySelectorAll('.pc-figure svg *, .pc-explorer svg *').length]"
        )
        found.append(weigh(name, file.read_text(encoding="utf-8"), loaded, elements, drawn))
        view.close()
    return found


def table(found: list[Weight]) -> str:
    """Return the weights as a table of Markdown."""
    lines = [
        "| page | kB | of them figures | requests | elements | of them figures | over the budget |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.page.rpartition('/')[2]} | {one.kilobytes:.0f} | {one.figures_kb:.0f} | {one.requests} | {one.elements} "
        f"| {one.figure_elements} | {', '.join(one.over)} |"
        for one in found
    ]
    return "\n".join(lines)


def main() -> int:
    """Print the table; the exit code is 1 where a page is over the budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, default=SITE, help="folder of the built site")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # a test of what is told of a page needs no browser

    site = parser.parse_args().site
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        found = weights(browser, site, ["index", *pages()])
        browser.close()
    print(table(found))
    return int(any(one.over for one in found))


if __name__ == "__main__":
    sys.exit(main())
