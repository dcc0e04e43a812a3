"""What the site carries besides pages: style, script, downloads; and what it must not carry: foreign requests."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from patient_capital import open_book
from patient_capital.files import write_whole
from patient_capital.ledger import write_ledgers
from patient_capital.own_fund.exports import write_exports
from patient_capital.sphinxext.entries import as_json
from patient_capital.tables import book_data

STATIC = Path(__file__).parent / "static"


def add_static(app: Sphinx) -> None:
    """Make the static folder known."""
    app.config.html_static_path.append(str(STATIC))


def write_downloads(app: Sphinx, error: Exception | None) -> None:
    """Write the tables and the package beside the pages."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    data = book_data()
    folder = out / "data"
    folder.mkdir(exist_ok=True)
    for table in data.package.tables.values():
        shutil.copyfile(data.folder / table.path, folder / table.path)
        write_whole(folder / f"{table.name}.json", as_json(data.table(table.name)))
    shutil.copyfile(data.folder / "datapackage.json", folder / "datapackage.json")
    # Computed, not copied: the download shows what this site prints, also before the ledger is committed anew.
    write_ledgers(folder)
    write_exports(open_book(), folder)


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
    """Drop scripts from other hosts."""
    # In place: the page is written from these very lists.
    for files in (context["script_files"], context["css_files"]):
        files[:] = [f for f in files if _is_ours(f)]
