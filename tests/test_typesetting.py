"""Words as pages, tables and drawings set them: what no line parts, and curved marks."""

from __future__ import annotations

import pytest

from patient_capital.figures.labels import wrapped
from patient_capital.typesetting import FIXED, WHOLE_LETTERS, curved, in_lines, kept, parted, typeset


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Worth, %", "Worth,~%"),
        ("−29 to 40; above zero in 74% of draws", "−29~to~40; above zero in~74% of draws"),
        ("Span, low to high", "Span, low to high"),
        ("15 percent* of the 1.098 trillion yuan* that 16* registered", "15~percent* of the 1.098~trillion~yuan* that 16* registered"),
        ("its 161.8bn yuan are 16* fen", "its 161.8bn~yuan are 16*~fen"),
        ("adds 4.0 points a year (1.0 to 7.6 points); then", "adds 4.0~points a year (1.0~to~7.6~points); then"),
        ("By 22 December 2025, and in March 2026", "By 22~December~2025, and in March~2026"),
        ("dated 13 to 20 January 2025", "dated 13 to 20~January~2025"),
        ("900bn yuan to 1 trillion yuan", "900bn~yuan to 1~trillion~yuan"),
        ("Shenzhen (深圳) and others", "Shenzhen~(深圳) and others"),
        ("36Kr and 14 more (18 publishers)", "36Kr and 14~more (18~publishers)"),
        ("R1 came; 2013 was a peak, and 3 yuandan", "R1 came; 2013 was a peak, and 3 yuandan"),
    ],
)  # fmt: skip
def test_no_line_parts_a_number_from_its_unit_nor_a_day_nor_a_name(words, told):
    assert kept(words) == told.replace("~", FIXED)
    assert kept(kept(words)) == kept(words)
    assert " ".join(parted(words)) == words
    assert max(map(len, parted(words))) <= WHOLE_LETTERS + 1, "it fits on the narrowest phone"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("the treasury's interest, makers' profit", "the treasury’s interest, makers’ profit"),
        ("""He said "no", and ('so')""", "He said “no”, and (‘so’)"),
        ("nothing to curve", "nothing to curve"),
    ],
)
def test_apostrophes_and_quotation_marks_are_curved(words, told):
    assert curved(words) == told
    assert typeset(words) == kept(told)


def test_drawings_and_pictures_break_lines_where_pages_do():
    words = "It held by 22 December 2025 some 161.8bn yuan of the sum"
    for lines in (wrapped(words, 110), in_lines(words, 17)):
        assert " ".join(lines) == words
        assert any("22 December 2025" in line for line in lines)
        assert any("161.8bn yuan" in line for line in lines)
