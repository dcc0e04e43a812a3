"""Claims of absence in the text of a page: which lead to no row of searches."""

from __future__ import annotations

from patient_capital.provenance.links import links_in
from patient_capital.provenance.prose import prose
from patient_capital.provenance.searches import absences, rests_on_a_search
from patient_capital.provenance.syntax import Use, parse_target
from patient_capital.tables import Data


def unbound(markdown: str, data: Data) -> list[str]:
    """Return the words of a page that say that something was not found and lead to no row of searches.

    Words inside a link count as bound where what it leads to reads a row of searches.
    """
    for link in sorted(links_in(markdown), key=lambda link: -link.start):
        target = parse_target(link.target, link.text)
        if isinstance(target, Use) and rests_on_a_search(target.ref, data):
            markdown = f"{markdown[: link.start]}...{markdown[link.end :]}"
    return [words for piece in prose(markdown) for words in absences(piece)]
