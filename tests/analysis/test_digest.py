"""The audit of the digest: evidence resolves, and verdicts rest on independent sources."""

from __future__ import annotations

from collections import Counter

import pytest

from patient_capital.analysis.digest import CHECKED, VERDICTS, evidence_rows, independent_publishers
from patient_capital.provenance.registry import number


@pytest.fixture(scope="module")
def claims(raw):
    return raw("claims")


def test_counts_by_verdict(claims):
    counted = Counter(r["verdict"] for r in claims.values())
    assert number("digest.claims").value == len(claims) >= 30
    for verdict in VERDICTS:
        assert number(f"digest.{verdict}").value == counted[verdict]
    assert number("digest.checkable").value == sum(counted[v] for v in CHECKED)


def test_every_row_of_evidence_exists(claims, book):
    for key, claim in claims.items():
        for table, row in evidence_rows(claim["evidence"]):
            assert row in book.table(table).text, f"{key}: {table}[{row}]"


def test_sources_of_a_claim_are_the_digest_and_those_of_its_evidence(claims, book):
    for key, claim in claims.items():
        expected = {"digest_20250311"}
        for table, row in evidence_rows(claim["evidence"]):
            expected |= {k for k in book.table(table).text[row]["source_keys"].split(";") if k}
        assert set(claim["source_keys"].split(";")) == expected, key


def test_every_checked_verdict_rests_on_an_independent_source(claims, book):
    for key, claim in claims.items():
        if claim["verdict"] in CHECKED:
            assert independent_publishers(book, key), f"{key} rests on the digest alone"


def test_every_qualifier_says_why(claims):
    for key, claim in claims.items():
        if claim["verdict"] in {"qualified", "contradicted", "only_in_digest"} and key not in {"d19", "d20"}:
            assert claim["note"], key


def test_paragraphs_are_in_order_and_leave_none_with_a_claim_out(claims):
    paragraphs = [int(r["paragraph"]) for r in claims.values()]
    assert paragraphs == sorted(paragraphs)
    assert set(paragraphs) == set(range(1, 22))


def test_claims_are_in_our_words(claims):
    """No run of eight words of the digest, of which short pieces are quoted elsewhere."""
    assert all(len(r["claim"].split()) < 30 for r in claims.values())


@pytest.mark.parametrize("wrong", ["funds", "funds[", "funds[x"])
def test_evidence_of_another_form_is_named(wrong):
    with pytest.raises(ValueError, match="table"):
        evidence_rows(wrong)


def test_evidence_is_read():
    assert evidence_rows("funds[a];votes[2017_budget]") == [("funds", "a"), ("votes", "2017_budget")]
    assert evidence_rows("") == []
