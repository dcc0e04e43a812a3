"""The audit of the digest: evidence resolves, and verdicts rest on independent sources."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path

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
from patient_capital.check import parts_of
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


@pytest.mark.parametrize("page", ["digest.ipynb", "methods.md"])
def test_each_verdict_on_a_checked_claim_has_a_rule(root, page):
    """None can be called contradicted by a rule that is nowhere told."""
    text = "\n".join(parts_of(root / "chapters" / page).values()).lower()
    assert "says the same" in text
    assert "true in part, or in another sense than" in text
    assert re.search(r"contradicted[^.]*opposite of the whole claim", text)


def test_a_claim_with_a_reservation_is_not_confirmed(claims):
    """A note that takes a part of a claim back is the condition that makes it one with a qualifier."""
    taken_back = {key for key, row in claims.items() if row["note"].startswith("Not all")}
    assert taken_back
    assert {claims[key]["verdict"] for key in taken_back} == {"qualified"}


def test_every_qualifier_says_why(claims):
    for key, claim in claims.items():
        if claim["verdict"] in {"qualified", "contradicted", "only_in_digest"} and key not in {"d19", "d20"}:
            assert claim["note"], key


def test_the_page_names_every_qualified_claim_and_no_other(claims, root):
    text = "\n".join(parts_of(root / "chapters" / "digest.ipynb").values())
    for verdict, family in (("qualified", "needs_qualifier"), ("only_in_digest", "digest_alone")):
        of_that = {key for key, claim in claims.items() if claim["verdict"] == verdict}
        named = set(re.findall(rf"#digest\.{family}\[(d\d+)\]", text))
        assert named <= of_that
        if verdict == "qualified":
            assert named == of_that


def test_no_verdict_calls_a_word_count_a_race(claims):
    """One January of reports says that AI was named, not since when, and no race."""
    for key, claim in claims.items():
        if "session_events[EV02]" in claim["evidence"]:
            assert claim["verdict"] == "qualified", key
            assert "no earlier January was counted" in claim["note"], key


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


RUN = 8
"""Running words of the digest that are copied when they stand together; seven may meet by chance."""


def runs(text):
    """Return a hash of each run of words of a text: the digest itself is not ours to store."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    found = (" ".join(words[place : place + RUN]) for place in range(len(words) - RUN + 1))
    return {hashlib.sha256(run.encode()).hexdigest()[:12]: run for run in found}


@pytest.fixture(scope="module")
def of_the_digest():
    lines = (Path(__file__).resolve().parents[1] / "data" / "digest_runs.txt").read_text(encoding="utf-8").split()
    return set(lines)


def test_no_text_of_ours_runs_with_the_digest(book, root, of_the_digest):
    quotations = {("evidence", "stated"), ("corrections", "old_value")}
    texts = {
        f"{name}[{row}].{column}": cell
        for name, table in book.tables.items()
        for row, cells in table.text.items()
        for column, cell in cells.items()
        if (name, column) not in quotations
    }
    for folder, suffixes in (("chapters", (".md", ".ipynb")), ("src", (".py",))):
        for path in (root / folder).rglob("*"):
            if path.suffix in suffixes:
                parts = {path.name: path.read_text("utf-8")} if folder == "src" else parts_of(path)
                texts |= {f"{path.name} {place}": text for place, text in parts.items()}
    assert len(texts) > 10_000
    assert {place: shared for place, text in texts.items() if (shared := runs(text).keys() & of_the_digest)} == {}


def test_a_run_of_eight_words_is_found_and_seven_are_not(of_the_digest):
    quoted = "its quiet vibes practically an echo of deepening concern about growth"
    [found] = [run for key, run in runs(quoted).items() if key in of_the_digest]
    assert found == "vibes practically an echo of deepening concern about"
    assert not runs(quoted.replace("vibes", "tones")).keys() & of_the_digest
