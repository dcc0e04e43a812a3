"""How fast a phone sees the site: Lighthouse on its phone settings, pages sent compressed as static hosts send them.

Reads the built site (``make book`` first) and needs Chromium and Lighthouse, which is no part of the project:
``LIGHTHOUSE=path/to/lighthouse python -m benchmarks.speed``, or ``lighthouse`` on the path. The table has the median of
the runs of each page. Lighthouse computes what a phone on a slow network would see from what this machine did, so a
busy machine gives lower numbers: compare tables of one machine.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from patient_capital.book import ROOT

SITE = ROOT / "_build" / "html"
PAGES = ("index", "chapters/funds", "chapters/model", "chapters/data")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = {
    "first-contentful-paint": "first paint, s",
    "largest-contentful-paint": "largest paint, s",
    "speed-index": "speed index, s",
    "total-blocking-time": "blocked, ms",
    "cumulative-layout-shift": "shift",
}
TEXT = {".html", ".css", ".js", ".svg", ".json", ".csv", ".xml", ".txt"}


@functools.cache
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


class Compressed(http.server.SimpleHTTPRequestHandler):
    """Sends text compressed, as static hosts do, and lets browsers keep what they have."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a request."""
        path = Path(self.translate_path(urlsplit(self.path).path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        packed = path.suffix in TEXT and "gzip" in self.headers.get("Accept-Encoding", "")
        body = _packed(path) if packed else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if packed:
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine, and give its address."""
    handler = functools.partial(Compressed, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def audit(lighthouse: str, url: str) -> dict[str, Any]:
    """Return what one run of Lighthouse says of a page, on its phone settings."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    done = subprocess.run(  # noqa: S603  # the program is the caller's own
        [lighthouse, url, "--output=json", "--quiet", "--chrome-flags=--headless=new --no-sandbox --disable-gpu"],
        env=os.environ | {"CHROME_PATH": chromium},
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def row(page: str, runs: list[dict[str, Any]]) -> str:
    """Return the medians of the runs of a page as a row of Markdown."""
    scores = [f"{100 * median(run['categories'][name]['score'] for run in runs):.0f}" for name in CATEGORIES]
    times = []
    for name, head in TIMES.items():
        value = median(run["audits"][name]["numericValue"] for run in runs)
        seconds = head.endswith(", s")
        times.append(f"{value / 1000:.1f}" if seconds else f"{value:.0f}" if head.endswith(", ms") else f"{value:.2f}")
    return f"| {page} | {' | '.join([*scores, *times])} |"


def failed(runs: list[dict[str, Any]]) -> list[str]:
    """Return the audits of accessibility, best practices and SEO that the last run of a page did not pass."""
    run = runs[-1]
    wanted = {one["id"] for name in CATEGORIES[1:] for one in run["categories"][name]["auditRefs"] if one["weight"]}
    return sorted(name for name in wanted if run["audits"][name]["score"] not in (1, None))


def main() -> int:
    """Print the table, and below it what a page did not pass."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", default=PAGES, help="pages by their paths without suffix")
    parser.add_argument("--site", type=Path, default=SITE, help="folder of the built site")
    parser.add_argument("--runs", type=int, default=3, help="runs of each page")
    told = parser.parse_args()
    lighthouse = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
    if lighthouse is None:
        print("error: no Lighthouse: npm install lighthouse, and name it in the variable LIGHTHOUSE", file=sys.stderr)
        return 1
    heads = ["page", *(name.replace("-", " ") for name in CATEGORIES), *TIMES.values()]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    with served(told.site) as address:
        for page in told.pages:
            runs = [audit(lighthouse, f"{address}/{page}.html") for _ in range(told.runs)]
            print(row(page, runs), flush=True)
            for name in failed(runs):
                print(f"  {page} does not pass {name}", file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
