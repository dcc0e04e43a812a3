"""What a page may load and run, said in the page: a Content-Security-Policy as strict as the theme allows.

Scripts come from files of the site, or stand in the page as they were built: their hashes are in the policy, so that a
script that somebody else puts there does not run. Sheets of style likewise; an attribute of style may stand, as
drawings have them. A page read from disk has no host that is its own, so files are allowed beside it; a page from the
web may load none. No page connects to another host. The scripts of the site connect to none, and load what comes later
as scripts; their own host stays allowed all the same. Pictures may be asked of it anyway, so that refusing the rest
would keep nothing in, and auditors fetch ``robots.txt`` as the page would.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from pathlib import Path

from sphinx.application import Sphinx

from patient_capital.files import write_whole
from patient_capital.sphinxext.light import without_empty_lines, without_plain_spans

OWN = "'self' file:"
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL)
META = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
CHARSET = re.compile(r"<meta charset=[^>]*>\n?", re.IGNORECASE)


def digest(text: str) -> str:
    """Return the hash of a script or sheet as a policy names it."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def inline(html: str) -> tuple[list[str], list[str]]:
    """Return the scripts and the sheets that stand in a page; data for machines and scripts of files are none."""
    scripts = [
        body
        for attributes, body in SCRIPT.findall(html)
        if not re.search(r"\bsrc\s*=", attributes) and not re.search(r'\btype="(?!module|text/javascript)', attributes)
    ]
    return scripts, STYLE.findall(html)


def _hashes(texts: Iterable[str]) -> str:
    return "".join(f" {one}" for one in sorted({digest(text) for text in texts}))


def policy(html: str) -> str:
    """Return the policy of a page."""
    scripts, styles = inline(html)
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {OWN}{_hashes(scripts)}",
            f"style-src-elem {OWN}{_hashes(styles)}",
            "style-src-attr 'unsafe-inline'",
            f"img-src {OWN} data:",
            f"font-src {OWN}",
            "connect-src 'self'",
            f"base-uri {OWN}",
            f"form-action {OWN}",
        ]
    )


def guarded(html: str) -> str:
    """Return a page with its policy, before anything that it rules; what stood there of an earlier build goes."""
    html = META.sub("", html)
    found = CHARSET.search(html)
    if found is None:
        return html
    meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy(html))}">\n'
    return html[: found.end()] + ("" if found[0].endswith("\n") else "\n") + meta + html[found.end() :]


def write_policies(app: Sphinx, error: Exception | None) -> None:
    """Write the policy into each page of the site; last, when all pages are as readers get them."""
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        whole = guarded(without_plain_spans(without_empty_lines(html)))
        if whole != html:
            write_whole(page, whole)


def setup_policy(app: Sphinx) -> None:
    """Register the writing with Sphinx."""
    app.connect("build-finished", write_policies, priority=990)
