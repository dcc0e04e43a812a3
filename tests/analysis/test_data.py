"""Counts about the data, from the files alone."""

from __future__ import annotations

from patient_capital.provenance.registry import number


def test_counts_of_sources(raw):
    cited = [row for row in raw("sources").values() if row["publisher_id"] != "this_book"]
    assert number("data.source_count").value == len(cited)
    assert number("data.publisher_count").value == len({row["publisher_id"] for row in cited})
    assert number("data.reprint_count").value == sum(row["reprint"] == "true" for row in cited)
    assert number("data.unlinked_count").value == sum(not row["url"] for row in cited)


def test_count_of_corrections(raw):
    assert number("data.correction_count").value == len(raw("corrections"))
