"""The audit of the digest: evidence resolves, and verdicts rest on independent sources."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from patient_capital.analysis.digest import (
    CHECKED,
    VERDICTS,
    audit,
    by_verdict,
    evidence_rows,
    independent_of_digest,
    verdicts,
    with_publishers,
)
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


def test_frame_of_verdicts_counts_the_file(claims, ctx):
    counted = Counter(r["verdict"] for r in claims.values())
    frame = verdicts(ctx)
    assert frame["words"].tolist() == list(VERDICTS.values())
    assert dict(zip(frame["verdict"], frame["claims"], strict=True)) == {v: counted[v] for v in VERDICTS}


def test_verdicts_without_claims_are_counted_as_none():
    frame = by_verdict(pd.DataFrame({"verdict": ["opinion", "opinion"]}))
    assert frame["claims"].tolist() == [0, 0, 0, 0, 2]


def test_audit_counts_publishers_behind_each_claim(claims, book, raw, ctx):
    frame = audit(ctx)
    listed, sources = raw("publishers"), raw("sources")
    assert list(frame.index) == list(claims)
    for key, claim in claims.items():
        keys = {
            source
            for table, row in evidence_rows(claim["evidence"])
            for source in book.table(table).text[row]["source_keys"].split(";")
            if source
        }
        behind = {sources[source]["publisher_id"] for source in keys} - {"this_book"}
        independent = {p for p in behind if listed[p]["independent_of_digest"] == "true"}
        assert frame.loc[key, "independent_publishers"] == len(independent), key


def test_other_evidence_has_other_publishers(book):
    claims = pd.DataFrame({"evidence": ["fx[usdcny_2025-03-06]", None]})
    assert with_publishers(claims, book)["independent_publishers"].tolist() == [1, 0]
    assert independent_of_digest(book, "") == frozenset()


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
            assert independent_of_digest(book, claim["evidence"]), f"{key} rests on the digest alone"


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
