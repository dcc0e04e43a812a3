"""On which page of a PDF each named place lies, read from the file as Chromium writes it.

Chromium knows no ``target-counter``: a table of contents learns its page numbers from a first print. What it writes is
plain enough to be read without a library: objects in clear text, with the tree of pages and the dictionary of places.
"""

from __future__ import annotations

import re

OBJECT = re.compile(rb"(?:^|[\r\n])(\d+) 0 obj\b(.*?)\bendobj\b", re.DOTALL)
STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
PLACE = re.compile(rb"/((?:[^\s/\[\]<>()]|#[0-9a-fA-F]{2})+)\s*\[\s*(\d+) 0 R\b")


def _name(raw: bytes) -> str:
    """Return a name of a PDF as text; letters that a name cannot hold stand there as numbers."""
    return re.sub(rb"#([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), raw).decode("utf-8")


def pages_of_places(pdf: bytes) -> dict[str, int]:
    """Return the page, counted from one, on which each named place of a PDF lies.

    Raises
    ------
    ValueError
        If the file has another form than Chromium gives it.
    """
    objects = {int(number): body for number, body in OBJECT.findall(STREAM.sub(b"", pdf))}
    catalog = next((body for body in objects.values() if re.search(rb"/Type\s*/Catalog\b", body)), b"")
    root, places = re.search(rb"/Pages (\d+) 0 R", catalog), re.search(rb"/Dests (\d+) 0 R", catalog)
    if root is None:
        raise ValueError("the PDF has no tree of pages in clear text: Chromium writes another form now")
    order: list[int] = []

    def walk(number: int) -> None:
        kids = re.search(rb"/Kids\s*\[([^\]]*)\]", objects[number])
        if kids is None:
            order.append(number)
        else:
            for kid in re.findall(rb"(\d+) 0 R", kids[1]):
                walk(int(kid))

    walk(int(root[1]))
    at = {number: place for place, number in enumerate(order, start=1)}
    named = PLACE.findall(objects[int(places[1])]) if places else []
    return {_name(raw): at[int(number)] for raw, number in named}


def number_of_pages(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", STREAM.sub(b"", pdf)))
