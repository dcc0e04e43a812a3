"""Places of a PDF, read from a file that is written out by hand in the form of Chromium's; and how pages read."""

from __future__ import annotations

import pytest

from patient_capital.pdf.destinations import number_of_pages, pages_of_places
from patient_capital.words import Reading, reading, running_text, syllables

PDF = b"""%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R /Dests 7 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 3 >>
endobj
3 0 obj
<< /Type /Pages /Kids [4 0 R 5 0 R] /Count 2 >>
endobj
4 0 obj
<< /Type /Page /Parent 3 0 R >>
endobj
5 0 obj
<< /Type /Page /Parent 3 0 R >>
endobj
6 0 obj
<< /Type /Page /Parent 2 0 R >>
stream
9 0 obj << /Type /Page >> endobj
endstream
endobj
7 0 obj
<< /chapter-one [4 0 R /XYZ 0 0 0] /what#20comes#20next [6 0 R /XYZ 0 700 0] >>
endobj
"""


def test_places_lie_on_the_pages_of_the_tree_in_its_order():
    assert pages_of_places(PDF) == {"chapter-one": 1, "what comes next": 3}
    assert number_of_pages(PDF) == 3, "what a stream says is no page"


def test_pdf_without_places_has_none():
    assert pages_of_places(PDF.replace(b" /Dests 7 0 R", b"")) == {}


def test_pdf_in_another_form_is_refused():
    with pytest.raises(ValueError, match="no tree of pages in clear text"):
        pages_of_places(PDF.replace(b"/Pages 2 0 R", b""))


def test_running_text_is_counted_without_headings_and_by_the_words_of_links():
    shown = list(
        running_text("# A title\n\nThe fund has [161.8bn yuan](#funds.registered_once),\nmore than `before`.\n")
    )
    assert shown == ["The fund has 161.8bn yuan, more than before."]
    one = reading(shown)
    assert (one.words, one.numbers) == (7, 100 / 7)
    assert reading([]) == Reading(0, 0.0, 0.0)
    assert [syllables(word) for word in ("fund", "capital", "stake", "little")] == [1, 3, 1, 2]
