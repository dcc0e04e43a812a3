"""Counts about the data, from the files alone."""

from __future__ import annotations

from patient_capital.listings import data as listings
from patient_capital.provenance.registry import number


def test_counts_of_sources(raw):
    cited = [row for row in raw("sources").values() if row["publisher_id"] != "this_book"]
    assert number("data.source_count").value == len(cited)
    named = {row["publisher_id"] for row in cited if row["publisher_id"] != "unnamed"}
    assert len(named) < len({row["publisher_id"] for row in cited}), "pages without a publisher are no publisher"
    assert number("data.publisher_count").value == len(named)
    assert number("data.reprint_count").value == sum(row["reprint"] == "true" for row in cited)
    assert number("data.unlinked_count").value == sum(not row["url"] for row in cited)


def test_cells_that_rest_on_one_origin_or_on_a_record(raw):
    """A page that is cited by another counts, and one that says otherwise does not."""
    pages: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in raw("evidence").values():
        told = pages.setdefault((row["table"], row["row_id"], row["column"]), [])
        if row["agrees"] == "true" and row["seen"] != "not_seen":
            told.append(row)
    official = [told for told in pages.values() if any(row["official"] == "true" for row in told)]
    assert number("data.evidence_cells").value == len(pages)
    assert number("data.evidence_official").value == len(official)
    single = [told for told in pages.values() if told not in official and len({row["origin"] for row in told}) == 1]
    assert number("data.evidence_single").value == len(single)
    by_others = [told for told in pages.values() if told and {row["seen"] for row in told} == {"cited_by_another"}]
    assert by_others
    for name in ("evidence_official", "evidence_single"):
        assert "cited by another" in number(f"data.{name}").formula


def test_no_amount_that_equals_the_preferred_one_is_a_disagreement(book):
    shown = listings.disagreements(book)
    preferred, other = (
        next(i for i, c in enumerate(shown.columns) if c.title == t) for t in ("Preferred", "Also reported")
    )
    assert len(shown.rows) > 20
    assert [
        row for row in shown.rows if row[preferred].sort is not None and row[preferred].sort == row[other].sort
    ] == []


def test_a_fund_that_is_not_shown_to_be_another_has_that_status_wherever_it_stands(raw):
    """The fund of 1.55bn yuan is neither likely a part of the one announced before, nor another one for certain."""
    tables = ("funds", "fund_amounts_alt", "instruments", "watch", "pledges", "claims", "same_values")
    told = [text for name in tables for row in raw(name).values() for text in row.values() if "1.55bn" in text]
    assert len(told) >= 4
    assert all("is not shown to be the fund announced in February" in text for text in told)
    [row] = [row for row in raw("fund_amounts_alt").values() if row["amount_cny_bn"] == "1.55"]
    assert (row["role"], row["note"]) == ("not_shown", raw("watch")["shenzhen_phase"]["state"])


def test_count_of_corrections(raw):
    assert number("data.correction_count").value == len(raw("corrections"))
