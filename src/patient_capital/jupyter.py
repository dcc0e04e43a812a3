"""How figures and tables appear in a notebook: title, picture or table, note and sources, right in every viewer.

JupyterLab removes SVG from HTML and shows neither sheets of style nor scripts of a notebook that it does not trust;
GitHub strips style as well. A picture as PNG, Markdown and a plain table are shown everywhere. The private record tells
the builder of the site which figure or table it is, so that the site shows its own, with themes, widths and cards.
"""

from __future__ import annotations

import csv
import io
import os
import re
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any

from patient_capital.figures.style import WIDE_PX, draw_png
from patient_capital.formatting import STAR
from patient_capital.kernel import BUILDING
from patient_capital.markup import table_html
from patient_capital.provenance.records import Source, publishers, publishers_told
from patient_capital.provenance.registry import number

if TYPE_CHECKING:
    from patient_capital.explorers.record import Explorer
    from patient_capital.figures.record import Figure
    from patient_capital.listings.record import Cell, Listing

RECORD = "application/vnd.patient-capital+json"
"""Kind of the private record; viewers that do not know it pass over it."""

SHOWN_SOURCES = 8


def markdown(text: str) -> str:
    """Write plain text as Markdown that shows just this text."""
    return re.sub(r"([\\`*_{}\[\]<>$~|#])", r"\\\1", text)


def _source(source: Source) -> str:
    title = markdown(source.title)
    linked = f"[{title}](<{source.url}>)" if source.url else title
    return ", ".join(p for p in (markdown(source.credit), linked, source.published) if p)


def sources_line(sources: tuple[Source, ...]) -> str:
    """Write sources as one line of Markdown, with the number of publishers."""
    head = publishers_told(sources) + (f", marked {markdown(STAR)}" if len(publishers(sources)) == 1 else "")
    listed = "; ".join(_source(source) for source in sources[:SHOWN_SOURCES])
    rest = len(sources) - SHOWN_SOURCES
    return f"Sources ({head}): {listed}{f'; and {rest} more' if rest > 0 else ''}."


def _head(title: str, subtitle: str) -> str:
    return f"**{markdown(title)}**\n\n{markdown(subtitle)}"


def _foot(figure: Figure) -> str:
    drawn = " and ".join(f"`{name}`" for name in figure.origins)
    lines = [
        markdown(figure.note),
        sources_line(figure.sources) if figure.sources else "",
        f"{'Not drawn' if figure.changed else 'Drawn'} from {drawn}." if drawn else "",
    ]
    return "\n\n".join(line for line in lines if line)


def figure_record(figure: Figure) -> dict[str, Any]:
    """Return the private record of a figure."""
    record: dict[str, Any] = {"figure": figure.name, "changed": figure.changed, "refs": sorted(figure.refs)}
    if os.environ.get(BUILDING):
        record["html"] = figure.html()
    return record


def _display(head: str, png: bytes, alt: str, text: str, foot: str, record: dict[str, Any] | None) -> None:
    """Display three outputs: a head, a picture with its data as text and its record, and a foot.

    With a record the site shows what it has of its own in the place of all three; without, it shows these.
    """
    from IPython.display import display  # noqa: PLC0415  # IPython alone asks for a display, and brings this

    part = {RECORD: {"part": True}} if record else {}
    picture: dict[str, Any] = {"image/png": b64encode(png).decode("ascii"), "text/plain": text}
    picture |= {RECORD: record} if record else {}
    display({"text/markdown": head} | part, raw=True)  # type: ignore[no-untyped-call]  # IPython does not type it
    display(picture, metadata={"image/png": {"width": WIDE_PX, "alt": alt}}, raw=True)  # type: ignore[no-untyped-call]  # IPython does not type it
    if foot:
        display({"text/markdown": foot} | part, raw=True)  # type: ignore[no-untyped-call]  # IPython does not type it


def display_figure(figure: Figure) -> None:
    """Display a figure: its title, its picture, and its note with sources."""
    head = _head(figure.title, figure.subtitle)
    # As text stands what was plotted: a strict comparison of outputs then tells numbers, not paths of a drawing.
    _display(head, figure.png, figure.alt, figure.csv(), _foot(figure), figure_record(figure))


def display_explorer(explorer: Explorer) -> None:
    """Display an explorer as it stands: a picture at the setting of its controls, and the verdict in words."""
    from patient_capital.explorers.drawing import draw  # noqa: PLC0415  # it knows the record, which asks for this

    reading = explorer.at(explorer.start)
    settings = "; ".join(
        f"{control.label} (`{control.id}`): {text}"
        for control, text in zip(explorer.controls, reading.settings, strict=True)
    )
    foot = [
        f"**{markdown(reading.sentences[0])}** {markdown(' '.join(reading.sentences[1:]))}",
        f"Drawn at: {settings}." if settings else "",
        markdown(explorer.note),
        "" if explorer.is_moved or not explorer.sources else sources_line(explorer.sources),
    ]
    _display(
        _head(explorer.title, explorer.subtitle),
        draw_png(lambda wide: draw(explorer, wide=wide)),
        f"{explorer.subtitle} {' '.join(reading.sentences)}" if explorer.is_moved else explorer.alt,
        str(explorer.at_start().to_csv(index=False, float_format="%.6g", lineterminator="\n")),
        "\n\n".join(line for line in foot if line),
        # What a reader has moved, the site shows as the notebook does: its own explorer opens at the start.
        None if explorer.is_moved else {"explorer": explorer.name, "changed": False},
    )


def _cell_text(cell: Cell, empty: str) -> str:
    if not cell.ref:
        return cell.text or empty
    shown = number(cell.ref)
    return shown.text(cell.form) + shown.star


def _cell_html(cell: Cell, empty: str) -> str:
    text = escape(_cell_text(cell, empty))
    linked = f'<a href="{escape(cell.href)}">{text}</a>' if cell.href else text
    return f"<td>{linked}{f'<br><small>{escape(cell.under)}</small>' if cell.under else ''}</td>"


def listing_html(listing: Listing) -> str:
    """Write a listing as a plain table: no style, so that every viewer gives it its own."""
    rows = (f"<tr>{''.join(_cell_html(cell, listing.empty) for cell in row)}</tr>" for row in listing.rows)
    note = f"\n<p>{escape(listing.note)}</p>" if listing.note else ""
    return table_html(listing.title, ((column.title, "") for column in listing.columns), rows) + note


def table_text(listing: Listing) -> str:
    """Write what a listing prints as CSV, so that a difference shows as text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.title for column in listing.columns])
    for row in listing.rows:
        shown = [_cell_text(cell, listing.empty) for cell in row]
        writer.writerow([f"{t} ({c.under})" if c.under else t for t, c in zip(shown, row, strict=True)])
    return buffer.getvalue()


def table_record(listing: Listing) -> dict[str, Any]:
    """Return the private record of a table."""
    record = {"table": listing.name, "changed": listing.changed}
    if listing.changed and os.environ.get(BUILDING):
        record["html"] = listing_html(listing)
    return record


def table_bundle(listing: Listing) -> dict[str, object]:
    """Return a listing in every form that a viewer may choose from."""
    return {"text/html": listing_html(listing), "text/plain": table_text(listing), RECORD: table_record(listing)}
