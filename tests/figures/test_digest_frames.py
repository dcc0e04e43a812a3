"""Figure and table of the audit of the digest as functions of frames that a reader changes."""

from __future__ import annotations

import re

import pytest

from patient_capital import open_book
from patient_capital.analysis import digest
from patient_capital.figures import digest as figures
from patient_capital.listings import digest as tables
from patient_capital.passed import CHANGED


@pytest.fixture(scope="module")
def context():
    return open_book()


def drawn_texts(svg):
    return re.findall(r">([^<>]+)</text>", svg)


def says_nothing_of_the_book(one):
    assert one.changed
    assert (one.title, one.subtitle) == (figures.verdicts.measure, CHANGED)
    assert (one.refs, one.sources, one.note) == ((), (), "")
    assert one.alt.startswith(f"{figures.verdicts.measure}. ")
    assert one.png.startswith(b"\x89PNG")


def test_the_frame_of_the_book_keeps_what_it_says(context, book):
    one, registered = figures.verdicts(digest.verdicts(context).copy()), figures.verdicts.of(book)
    assert not one.changed
    assert (one.title, one.refs, one.sources) == (registered.title, registered.refs, registered.sources)
    assert one.refs
    assert one.sources


def test_a_changed_number_is_drawn_and_takes_the_finding_away(context):
    frame = digest.verdicts(context)
    frame.loc[frame["verdict"] == "contradicted", ["words", "claims"]] = ["plainly wrong", 31]
    one = figures.verdicts(frame)
    says_nothing_of_the_book(one)
    assert 31 in one.plotted["claims"].tolist()
    assert "claims from 6 to 31" in one.alt
    for svg in (one.wide, one.narrow):
        assert {"plainly wrong", "31"} <= set(drawn_texts(svg))


@pytest.mark.parametrize("place", [0, 2, -1])
def test_a_row_less_is_drawn(place, context):
    frame = digest.verdicts(context)
    one = figures.verdicts(frame.drop(index=frame.index[place]))
    says_nothing_of_the_book(one)
    assert "<svg" in one.wide
    assert "<svg" in one.narrow


def test_a_verdict_of_the_reader_and_no_claim_at_all_are_drawn(context):
    frame = digest.verdicts(context)
    frame.loc[len(frame)] = {"verdict": "unheard_of", "words": "unheard of", "claims": 2}
    assert "unheard of" in drawn_texts(figures.verdicts(frame).narrow)
    assert "<svg" in figures.verdicts(frame.assign(claims=0)).wide


def test_claims_of_one_topic_are_counted(context):
    claims = context.frame("claims", *digest.AUDIT_COLUMNS)
    assert not figures.verdicts(digest.by_verdict(claims)).changed
    some = digest.by_verdict(claims[claims["topic"] == "fund"])
    says_nothing_of_the_book(figures.verdicts(some))
    assert 0 < some["claims"].sum() < len(claims)


def test_the_table_of_the_book_is_the_registered_one(context, book):
    claims = context.frame("claims", *digest.AUDIT_COLUMNS)
    listing = tables.claims(digest.with_publishers(claims, context.data))
    assert not listing.changed
    assert listing == tables.claims.of(book)


def test_a_changed_number_of_publishers_and_a_changed_verdict_are_printed(context, book):
    audit, registered = digest.audit(context), tables.claims.of(book)
    audit.iloc[0, audit.columns.get_loc("independent_publishers")] = 1
    audit.iloc[1, audit.columns.get_loc("verdict")] = "unheard of"
    listing = tables.claims(audit)
    assert listing.changed
    assert listing.note == CHANGED
    assert listing.rows[0][3].under.startswith("1 independent publisher: ")
    assert listing.rows[1][2].text == "unheard of"
    assert listing.rows[2:] == registered.rows[2:]


def test_a_claim_less_is_printed(context, book):
    audit = digest.audit(context)
    listing = tables.claims(audit.iloc[1:].assign(speaker=float("nan"), note=None))
    assert listing.changed
    assert len(listing.rows) == len(tables.claims.of(book).rows) - 1
    assert listing.rows[0][1].under == audit["topic"].iloc[1]
