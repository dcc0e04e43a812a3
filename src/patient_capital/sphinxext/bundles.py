"""What a reader takes away: each figure as pictures, data, page to embed and one archive; and the whole data set.

The kernels have drawn each figure already; only what is not found among their outputs is drawn here. None of it depends
on the text of a page but the ledger in the data set, so that a change of text writes that archive alone, and a process
beside this one writes the figures while Sphinx reads the pages.
"""

from __future__ import annotations

import inspect
import io
import json
import os
import re
import sys
import zipfile
from base64 import b64decode
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from patient_capital.execution import key_of, recall
from patient_capital.explorers import load_explorers
from patient_capital.figures import Chart, Figure, load_figures
from patient_capital.figures.credit import LICENCE as CC_BY
from patient_capital.figures.credit import Imprint
from patient_capital.figures.style import WIDE_PX
from patient_capital.files import csv_text, write_whole
from patient_capital.jupyter import RECORD
from patient_capital.kernel import BUILDING
from patient_capital.ledger import read_pages
from patient_capital.notebooks import read_notebook
from patient_capital.provenance.records import Source
from patient_capital.sphinxext.explorer import data_script
from patient_capital.sphinxext.head import cited
from patient_capital.sphinxext.processes import work_beside
from patient_capital.sphinxext.site import Edition, Site, edition, site
from patient_capital.tables import Data, book_data

LICENCE = {"text, figures and tables": CC_BY, "code": "https://opensource.org/license/mit"}
DATASET = "dataset.zip"
IN_DATASET = ("LICENSE-data", "CITATION.cff")
"""Files of the project that belong to the data set."""

README = """{title}: data
{line}

{cite}

Every CSV file is a table in UTF-8, with a header and commas; an empty cell means that nothing was found, never zero.
datapackage.json describes each table that a person has written: what it is about, and the type, unit and rules of each
column; each of these also stands as JSON beside its CSV, one object a row, with numbers as numbers and null where a cell is
empty. ledger.csv lists every number that the report prints, ledger_inputs.csv what each result reads; evidence.csv says
which page proves a cell, in the page's own words, and corrections.csv what was corrected and why.

Licence: see LICENSE-data.
"""


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """Return files as a ZIP archive, in order of name and without times, so that the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(files):
            told = zipfile.ZipInfo(name)  # of 1980, the first year that the format knows
            told.compress_type = zipfile.ZIP_DEFLATED
            told.create_system, told.external_attr = 3, 0o644 << 16
            target.writestr(told, files[name])
    return buffer.getvalue()


def dataset(folder: Path, beside: Mapping[str, str], one: Edition, url: str) -> bytes:
    """Return the data set as an archive: every table of a folder, as CSV and JSON, what stands beside them, and what it all is.

    Parameters
    ----------
    beside : mapping of str to str
        Further files, as the licence.
    url : str
        Address of the site, empty where it is not known.
    """
    head = f"{one.title}: data"
    told = README.format(title=one.title, line="=" * len(head), cite=cited(one, "", url))
    files = [path for suffix in ("csv", "json") for path in folder.glob(f"*.{suffix}")]
    tables = {f"data/{path.name}": path.read_bytes() for path in files}
    return archive({"README.txt": told} | tables | dict(beside))


def kept_drawings(app: Sphinx) -> dict[str, tuple[str, bytes]]:
    """Return what the kernels of this build have drawn: HTML and PNG of each figure of the book that a chapter shows."""
    state, found = os.environ.get(BUILDING), {}
    for page in sorted(app.env.found_docs) if state else ():
        path = Path(app.env.doc2path(page))
        if path.suffix != ".ipynb":
            continue
        outputs = recall(Path(app.srcdir) / "_build" / "executed", key_of(read_notebook(path), str(state))) or []
        for output in (one for cell in outputs for one in cell):
            record = output.get("data", {}).get(RECORD, {})
            if "figure" in record and "html" in record and not record["changed"]:
                found[record["figure"]] = (record["html"], b64decode(output["data"]["image/png"]))
    return found


def use_drawing(figure: Figure, html: str, png: bytes) -> None:
    """Give a figure the drawings that a kernel has made of it; what was drawn before this form of the page is passed over."""
    drawn = re.search(
        r'<div class="pc-figure__wide">(<svg.*?</svg>)</div><div class="pc-figure__narrow">(<svg.*?</svg>)</div>',
        html,
        re.DOTALL,
    )
    if drawn:
        figure.__dict__.update(wide=drawn[1], narrow=drawn[2], png=png)


def _source(one: Source) -> dict[str, str]:
    told = {"credit": one.credit, "title": one.title, "published": one.published, "url": one.url, "key": one.key}
    return {name: text for name, text in told.items() if text}


def metadata(figure: Figure, measure: str, one: Edition, stands: str, url: str) -> dict[str, Any]:
    """Return what a figure says, shows and rests on, as data.

    Parameters
    ----------
    measure : str
        What is measured and in which unit.
    stands : str
        Place of the figure in the site; `url` is its whole address, empty where it is not known.
    """
    return {
        "id": figure.name,
        "title": figure.title,
        "measure": measure,
        "subtitle": figure.subtitle,
        "description": figure.alt,
        "note": figure.note,
        "columns": [str(column) for column in figure.plotted.columns],
        "units": "as in the measure and the names of columns: cny_bn is billion yuan, pct percent",
        "computed_by": [f"patient_capital.{name}" for name in figure.origins],
        "numbers": sorted(figure.refs),
        "sources": [_source(source) for source in figure.sources],
        "report": one.full_title,
        "author": one.author,
        "edition": one.version,
        "day": one.day,
        "licence": LICENCE,
        "cite": cited(one, figure.title, url),
        "stands_in": stands,
        **({"url": url} if url else {}),
    }


def code_of_figure(chart: Chart) -> dict[str, str]:
    """Return the modules that compute and draw a figure, by their path below the package."""
    modules = {chart.draw.__module__, *(give.__module__ for give in chart.gives.values())}
    return {f"code/{name.replace('.', '/')}.py": inspect.getsource(sys.modules[name]) for name in sorted(modules)}


def rows_behind(data: Data, rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the rows of tables that a figure reads, one CSV a table."""
    by_table: dict[str, set[str]] = {}
    for name, row in rows:
        by_table.setdefault(name, set()).add(row)
    files = {}
    for name, ids in by_table.items():
        table = data.table(name)
        # In the order of the table, as a reader finds them there.
        files[f"rows/{name}.csv"] = csv_text(
            [field.name for field in table.schema.fields], (row for key, row in table.text.items() if key in ids)
        )
    return files


EMBED = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><meta name="robots" content="noindex">{canonical}
<link rel="stylesheet" href="../_static/pc.css">
<script>
// Light or dark: as the address asks (?theme=dark), or as the device has it.
const asked = new URLSearchParams(location.search).get("theme");
document.documentElement.dataset.theme = asked || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
if (self !== top) document.documentElement.classList.add("pc-framed");
</script></head>
<body class="pc-embed"><main>{figure}<p class="pc-embed__from"><a href="{page}" target="_top">{book}</a>, {edition}</p>
<details class="pc-embed__code"{hidden}><summary>Embed this figure</summary>
<textarea readonly rows="6" aria-label="Code to paste">{code}</textarea></details></main>
<script>
// The frame around this page is told how high it is; the code to paste listens.
const tell = () => parent.postMessage({{ pcEmbed: "{slug}", height: document.documentElement.offsetHeight }}, "*");
if (self !== top) new ResizeObserver(tell).observe(document.documentElement);
const box = document.querySelector(".pc-embed__code");
if (box.hidden && location.protocol.startsWith("http")) {{
  box.querySelector("textarea").value = box.querySelector("textarea").value.replace("{place}", location.origin + location.pathname);
  box.hidden = false;
}}
</script></body></html>
"""

PLACE = "ADDRESS-OF-THE-FIGURE"

PASTE = """<iframe src="{src}" title="{title}" width="100%" height="560" style="border: 0" loading="lazy"></iframe>
<script>
addEventListener("message", (event) => {{
  if (event.data?.pcEmbed !== "{slug}") return;
  for (const frame of document.querySelectorAll("iframe"))
    if (frame.contentWindow === event.source) frame.height = event.data.height;
}});
</script>
"""


def code_to_paste(figure: Figure, told: Site) -> str:
    """Return the code that shows a figure on another site."""
    src = escape(told.url(f"embed/{figure.slug}.html") or PLACE)
    return PASTE.format(src=src, title=escape(figure.title), slug=figure.slug)


def oembed(figure: Figure, one: Edition, told: Site) -> dict[str, Any]:
    """Return what a site that is given the address of a figure alone needs to show it, as oEmbed 1.0 has it."""
    return {
        "version": "1.0",
        "type": "rich",
        "title": figure.title,
        "author_name": one.author,
        "provider_name": one.title,
        "provider_url": told.address,
        "html": code_to_paste(figure, told),
        "width": WIDE_PX,
        "height": 560,
    }


def embed_page(figure: Figure, html: str, one: Edition, told: Site, page: str) -> str:
    """Return the page that shows a figure alone, for a frame on another site, with the code to paste.

    Parameters
    ----------
    html : str
        The figure as chapters show it.
    page : str
        Where the figure stands, from the root of the site.
    """
    stands = f"{page}.html"
    anchor = f"#fig-{figure.slug}"
    links = ""
    if told.address:
        alone = escape(told.url(f"embed/{figure.slug}.json"))
        links = (
            f'<link rel="canonical" href="{escape(told.url(stands))}">'
            f'<link rel="alternate" type="application/json+oembed" href="{alone}" title="{escape(figure.title)}">'
        )
    return EMBED.format(
        title=escape(figure.title),
        canonical=links,
        # Relative links hold, as both folders lie at one depth; the link to this page itself goes.
        figure=html.replace(f' <a href="../embed/{figure.slug}.html">Embed</a>', ""),
        page=escape((told.url(stands) or f"../{stands}") + anchor),
        book=escape(one.title),
        edition=escape(f"edition {one.version} of {one.human_day}"),
        code=escape(code_to_paste(figure, told)),
        hidden="" if told.address else " hidden",
        slug=figure.slug,
        place=PLACE,
    )


def places_of_figures(chapters: Path) -> dict[str, str]:
    """Return the page where each figure stands: the chapter of its name if that shows it, or the first that does."""
    places: dict[str, str] = {}
    for page in read_pages(chapters):
        for name in page.figures:
            if name not in places or name.partition(".")[0] == page.name:
                places[name] = f"chapters/{page.name}"
    return places


def write_grids(folder: Path, data: Data) -> None:
    """Write the grid of each explorer as CSV, and as the script that its page loads."""
    for one in load_explorers().values():
        explorer = one.of(data)
        (folder / f"{explorer.slug}.csv").write_text(explorer.csv(), encoding="utf-8", newline="")
        (folder / f"{explorer.slug}.js").write_text(data_script(explorer), encoding="utf-8", newline="")


def write_figures(app: Sphinx) -> None:
    """Write each figure as SVG, PNG, CSV, archive and page to embed, and the grids of the explorers."""
    folder, embed = Path(app.outdir) / "figures", Path(app.outdir) / "embed"
    if embed.exists() and os.environ.get(BUILDING):
        return  # of an earlier site, from which only texts of pages differ
    data, one, told, drawn = book_data(), edition(app), site(app), kept_drawings(app)
    folder.mkdir(exist_ok=True)
    embed.mkdir(exist_ok=True)
    write_grids(folder, data)
    places = places_of_figures(Path(app.srcdir) / "chapters")
    for name, page in places.items():
        if page not in app.env.found_docs:
            continue
        chart = load_figures()[name]
        figure = chart.of(data)
        html, png = drawn.get(name, ("", b""))
        use_drawing(figure, html, png)
        base = folder / figure.slug
        stands = f"{page}.html#fig-{figure.slug}"
        url = f"{told.url(f'{page}.html')}#fig-{figure.slug}" if told.address else ""
        imprint = Imprint(one.title, one.version, one.day, one.author, url)
        saved = [base.with_suffix(suffix) for suffix in (".svg", ".png", ".csv")]
        for path in saved:
            figure.save(path, imprint)
        told_of_it = metadata(figure, chart.measure, one, stands, url)
        files: dict[str, str | bytes] = {
            **{path.name: path.read_bytes() for path in saved},
            "metadata.json": json.dumps(told_of_it, ensure_ascii=False, indent=2) + "\n",
        }
        files |= code_of_figure(chart) | rows_behind(data, chart.rows(data))
        write_whole(base.with_suffix(".zip"), archive(files))
        write_whole(embed / f"{figure.slug}.html", embed_page(figure, html or figure.html(), one, told, page))
        if told.address:
            answer = json.dumps(oembed(figure, one, told), ensure_ascii=False)
            write_whole(embed / f"{figure.slug}.json", answer)


def write_dataset(app: Sphinx, error: Exception | None) -> None:
    """Write the data set; runs after the downloads are written."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    beside = {name: (Path(app.srcdir) / name).read_text(encoding="utf-8") for name in IN_DATASET}
    write_whole(out / DATASET, dataset(out / "data", beside, edition(app), site(app).address))


def setup_bundles(app: Sphinx) -> None:
    """Register the writing; what is in ``data/`` of the site is written first."""
    work_beside(app, "env-before-read-docs", write_figures)
    app.connect("build-finished", write_dataset, priority=600)
