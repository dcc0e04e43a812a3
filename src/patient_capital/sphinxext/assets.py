"""What the site carries besides pages: style, script, downloads; and what it must not carry: foreign requests."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import itables
from sphinx.application import Sphinx
from sphinx.util import logging

from patient_capital.explorers import load_explorers
from patient_capital.figures import load_figures
from patient_capital.kernel import BUILDING
from patient_capital.ledger import write_ledgers
from patient_capital.sphinxext.explorer import EXPLORER_JS
from patient_capital.tables import Data, book_data

STATIC = Path(__file__).parent / "static"
TABLES_JS, TABLES_CSS = "pc-datatables.js", "pc-datatables.css"
log = logging.getLogger(__name__)


def classic_script(module: str) -> str:
    """Turn the bundle of DataTables from an ES module into a classic script that sets ``PcDataTable``.

    Browsers refuse modules from ``file://``, and a reader may open the site from disk.

    Raises
    ------
    ValueError
        If the bundle does not export a default any more.
    """
    match = re.search(r"export\{([^}]*)\};?\s*", module)
    default = re.search(r"([\w$]+) as default", match[1]) if match else None
    if match is None or default is None:
        raise ValueError("the DataTables bundle of itables has another form: adapt classic_script")
    body = module[: match.start()] + f"window.PcDataTable={default[1]};" + module[match.end() :]
    return f"(()=>{{{body}\n}})();\n"


def add_static(app: Sphinx) -> None:
    """Make the static folder known."""
    app.config.html_static_path.append(str(STATIC))


def write_grids(folder: Path, data: Data) -> None:
    """Write the grid of each explorer as CSV."""
    for one in load_explorers().values():
        explorer = one.of(data)
        (folder / f"{explorer.slug}.csv").write_text(explorer.csv(), encoding="utf-8", newline="")


def write_downloads(app: Sphinx, error: Exception | None) -> None:
    """Write the tables, the package and the data of each figure and explorer beside the pages; write the table library."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    bundle = Path(itables.__file__).parent / "html"
    static = out / "_static"
    static.joinpath(TABLES_JS).write_text(
        classic_script((bundle / "dt_bundle.js").read_text(encoding="utf-8")), encoding="utf-8"
    )
    shutil.copyfile(bundle / "dt_bundle.css", static / TABLES_CSS)
    data = book_data()
    folder = out / "data"
    folder.mkdir(exist_ok=True)
    for table in data.package.tables.values():
        shutil.copyfile(data.folder / table.path, folder / table.path)
    shutil.copyfile(data.folder / "datapackage.json", folder / "datapackage.json")
    # Computed, not copied: the download shows what this site prints, also before the ledger is committed anew.
    write_ledgers(folder)
    figures = out / "figures"
    if figures.exists() and os.environ.get(BUILDING):
        return  # of an earlier site from which only texts of pages differ
    figures.mkdir(exist_ok=True)
    for name, chart in load_figures().items():
        figure = chart.of(data)
        (figures / f"{figure.slug}.csv").write_text(figure.csv(), encoding="utf-8", newline="")
        log.debug("wrote the data of figure %s", name)
    write_grids(figures, data)


def _is_ours(file: Any) -> bool:
    """Say whether a script or style comes from this site and serves it: not the live code of Thebe, which loads more."""
    name = str(getattr(file, "filename", file) or "")
    inline = str(getattr(file, "attributes", {}).get("body", ""))
    return not name.startswith(("http:", "https:", "//")) and "thebe" not in (name + inline).lower()


def share_contents(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Write the table of contents once for all pages of code at one depth: they are not in it, so it is the same."""
    if pagename in app.env.found_docs or "toctree" not in context:
        return
    write = context["toctree"]
    written: dict[tuple[object, ...], str] = app.env.temp_data.setdefault("pc-contents", {})

    def toctree(**options: Any) -> str:
        key = (pagename.count("/"), *sorted(options.items()))
        if key not in written:
            written[key] = write(**options)
        return written[key]

    context["toctree"] = toctree


def keep_local(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Drop scripts from other hosts, and load the scripts of listings and explorers only where a page has one."""
    # In place: what add_js_file adds below goes to the very lists that the page is written from.
    for files in (context["script_files"], context["css_files"]):
        files[:] = [f for f in files if _is_ours(f)]
    if app.env.metadata.get(pagename, {}).get("pc-listing"):
        app.add_css_file(TABLES_CSS, priority=400)
        app.add_js_file(TABLES_JS, loading_method="defer", priority=400)
    if app.env.metadata.get(pagename, {}).get("pc-explorer"):
        app.add_js_file(EXPLORER_JS, loading_method="defer", priority=910)
