"""What every page of the built site must hold: gates for tests over all of them, and over bad pages that they must name."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

NEEDED = (
    "description", "og:title", "og:description", "og:image", "og:site_name", "twitter:card", "twitter:image", "citation_title",
    "citation_author", "citation_publication_date",
)  # fmt: skip
ABSOLUTE = ("og:url", "citation_public_url")


def problems_of_head(html: str, address: str = "") -> list[str]:
    """Return what is wrong with the head of a page; without an address nothing in it may be absolute."""
    head = html.partition("</head>")[0]
    tags = [
        (name, unescape(text))
        for name, text in re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', head)
    ]
    names, told = [name for name, _ in tags], dict(tags)
    found = [f"{name} is missing" for name in NEEDED if not told.get(name)]
    found += [
        f"{name} stands {names.count(name)} times" for name in set(names) if names.count(name) > 1 and name != "author"
    ]
    if head.count('name="viewport"') != 1:
        found.append("the viewport is not named once")
    if not 20 <= len(told.get("description", "")) <= 200:
        found.append(f"the description has {len(told.get('description', ''))} letters")
    title = unescape("".join(re.findall(r"<title>([^<]*)</title>", head)))
    if not 10 <= len(title) <= 110:
        found.append(f"the title has {len(title)} letters")
    absolute = [name for name, text in tags if text.startswith("http")] + ["canonical"] * head.count('rel="canonical"')
    if not address and absolute:
        found.append(f"absolute without an address: {', '.join(absolute)}")
    if address:
        wanted = (*ABSOLUTE, "og:image", "twitter:image")
        found += [f"{name} is not of {address}" for name in wanted if not told.get(name, "").startswith(address)]
        if f'<link rel="canonical" href="{address}' not in head:
            found.append("no canonical address")
    if 'type="application/atom+xml"' not in head:
        found.append("no feed")
    if "noindex" in told.get("robots", ""):
        found.append("hidden from search engines")
    if 'class="pc-cite"' not in html:
        found.append("nothing says how to cite the page")
    return found


def problems_of_place(site: Path, address: str = "") -> list[str]:
    """Return which files of a site do not say where they stand; without an address no head of a page is absolute.

    A page that nobody lists, and the page for wrong addresses, name no place; a figure to embed names the page that
    shows it.
    """
    found = []
    for file in sorted(site.rglob("*.html")):
        name, html = file.relative_to(site).as_posix(), file.read_text(encoding="utf-8")
        head = html.partition("</head>")[0]
        canonical = re.findall(r'<link rel="canonical" href="([^"]*)"', head)
        if not address:
            absolute = re.findall(r'<(?:link|meta|base)\b[^>]*"(https?://[^"]*)"', head)
            found += [f"{name}: absolute without an address: {told}" for told in absolute]
            continue
        own = {f"{address}{name}", address} if name == "index.html" else {f"{address}{name}"}
        shown = name.startswith("embed/") and len(canonical) == 1 and canonical[0].startswith(f"{address}chapters/")
        if not (shown or set(canonical) & own or (not canonical and "noindex" in head)):
            found.append(f"{name}: its canonical address is {', '.join(canonical) or 'not said'}")
        for link in sorted(set(re.findall(rf"{re.escape(address)}([^\"'\s<>#?&}}]*)", html))):
            if link and not (site / link).is_file():
                found.append(f"{name}: {address}{link} leads to no file")
    for name, told in (
        ("sitemap.xml", r"<loc>(http[^<]*)"),
        ("robots.txt", r"Sitemap: (http\S*)"),
        ("feed.xml", r'href="(http[^"]*)"'),
    ):
        text = (site / name).read_text(encoding="utf-8") if (site / name).is_file() else ""
        places = re.findall(told, text)
        if bool(address) != bool(places) or not all(place.startswith(address) for place in places):
            found.append(f"{name}: says that the site stands at {', '.join(places[:3]) or 'no place'}")
    return found


TABLE = re.compile(r"<table\b([^>]*)>(.*?)</table>", re.DOTALL)


def problems_of_tables(html: str) -> list[str]:
    """Return the tables of data that do not say what they hold, by their first words."""
    found = []
    for attributes, inner in TABLE.findall(html):
        if 'role="presentation"' in attributes:
            continue
        caption = re.match(r"\s*<caption\b[^>]*>(.*?)</caption>", inner, re.DOTALL)
        if not (caption and re.sub(r"<[^>]+>", "", caption[1]).strip()):
            found.append(f"a table without a caption: {' '.join(re.sub(r'<[^>]+>', ' ', inner).split())[:60]}")
    return found


def unasked(site: Path) -> list[str]:
    """Return the files of the folder of assets whose name no page, and no other script or sheet, says."""
    texts = {path: path.read_text("utf-8") for path in site.rglob("*") if path.suffix in {".html", ".css", ".js"}}
    assets = [path for path in (site / "_static").rglob("*") if path.is_file()]
    said = {path: set(re.findall(r"[\w.-]+\.\w+", text)) for path, text in texts.items()}
    return [
        path.relative_to(site).as_posix()
        for path in assets
        if not any(path.name in words for other, words in said.items() if other != path)
    ]


FILES = (".svg", ".png", ".csv", ".zip")
FIGURE = re.compile(r'<figure class="pc-figure" id="fig-([^"]+)".*?</figure>', re.DOTALL)


def problems_of_figures(html: str, folder: Path) -> list[str]:
    """Return what cannot be taken away of the figures of a page; `folder` is that of the page.

    A figure that was changed in a notebook is not the book's, and offers nothing.
    """
    found = []
    for match in FIGURE.finditer(html):
        figure, slug = match[0], match[1]
        if "Changed in this notebook" in figure:
            continue
        wanted = [f"../figures/{slug}{suffix}" for suffix in FILES] + [f"../embed/{slug}.html"]
        found += [f"{slug}: no link to {target}" for target in wanted if f'href="{target}"' not in figure]
        found += [f"{slug}: {target} is missing" for target in wanted if not (folder / target).resolve().is_file()]
    return found


def problems_of_linked_data(html: str, kind: str, address: str = "") -> list[str]:
    """Return what is wrong with the JSON-LD of a page, which must hold something of a kind."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    found = [] if len(blocks) == 1 else [f"{len(blocks)} blocks of JSON-LD"]
    for block in blocks:
        try:
            told = json.loads(block)
        except ValueError as error:
            found.append(f"no JSON: {error}")
            continue
        items = told if isinstance(told, list) else [told]
        if any(item.get("@type") != kind for item in items):
            found.append(f"not of kind {kind}")
        for item in items:
            name = item.get("name", "?")
            found += [
                f"{name}: no {part}"
                for part in ("name", "description", "license", "version", "datePublished")
                if not item.get(part)
            ]
            if kind == "Dataset" and len(item.get("description", "")) < 50:
                found.append(f"{name}: a description of less than 50 letters")
            data = item if kind == "Dataset" else item.get("hasPart", {})
            for download in data.get("distribution", ()) or [{}]:
                place = download.get("contentUrl", "")
                if not place or (address and not place.startswith(address)) or (not address and "://" in place):
                    found.append(f"{name}: a download at {place!r}")
    return found
