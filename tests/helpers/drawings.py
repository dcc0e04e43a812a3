"""What a drawing prints, and what a figure of changed frames must not say."""

from __future__ import annotations

import re

from patient_capital.figures.chart import CHARTS
from patient_capital.passed import CHANGED


def drawn_texts(svg):
    """Return the words of a drawing, a label each."""
    return [re.sub(r"<[^>]*>", "", text) for text in re.findall(r"<text.*?</text>", svg)]


def says_nothing_of_the_book(figure):
    """Hold a figure of changed frames to what was passed, and draw it."""
    measure = CHARTS[figure.name].measure
    assert figure.changed
    assert (figure.title, figure.subtitle) == (measure, CHANGED)
    assert (figure.refs, figure.sources, figure.note) == ((), (), "")
    assert figure.alt.startswith(f"{measure}. {len(figure.plotted)} row")
    assert "Sources" not in figure.html()
    assert figure.wide.startswith("<svg")
    assert figure.narrow.startswith("<svg")
    return figure
