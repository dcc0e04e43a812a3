"""Figure and table of the audit of the digest as functions of frames that a reader changes."""

from __future__ import annotations

import pytest

from helpers.drawings import drawn_texts, says_nothing_of_the_book
from patient_capital.analysis import digest
from patient_capital.figures import digest as figures
from patient_capital.figures.style import house_style
from patient_capital.listings import digest as tables
from patient_capital.passed import CHANGED


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_a_claim_is_a_square(ctx, wide):
    """On a phone the squares once were upright strips."""
    with house_style():
        drawing = figures.verdicts(digest.verdicts(ctx)).draw(wide)
        boxes = [patch.get_window_extent() for patch in drawing.axes[0].patches]
    assert len(boxes) > 20
    assert all(box.width == pytest.approx(box.height, abs=0.5) for box in boxes)


def test_a_changed_number_is_drawn_and_takes_the_finding_away(ctx):
    frame = digest.verdicts(ctx)
    frame.loc[frame["verdict"] == "contradicted", ["words", "claims"]] = ["plainly wrong", 31]
    one = figures.verdicts(frame)
    says_nothing_of_the_book(one)
    assert 31 in one.plotted["claims"].tolist()
    assert f"claims from {frame['claims'].min()} to 31" in one.alt
    for svg in (one.wide, one.narrow):
        assert {"plainly wrong", "31"} <= set(drawn_texts(svg))


def test_a_verdict_of_the_reader_and_no_claim_at_all_are_drawn(ctx):
    frame = digest.verdicts(ctx)
    frame.loc[len(frame)] = {"verdict": "unheard_of", "words": "unheard of", "claims": 2}
    assert "unheard of" in drawn_texts(figures.verdicts(frame).narrow)
    assert "<svg" in figures.verdicts(frame.assign(claims=0)).wide


def test_claims_of_one_topic_are_counted(ctx):
    claims = ctx.frame("claims", *digest.AUDIT_COLUMNS)
    assert not figures.verdicts(digest.by_verdict(claims)).changed
    some = digest.by_verdict(claims[claims["topic"] == "fund"])
    says_nothing_of_the_book(figures.verdicts(some))
    assert 0 < some["claims"].sum() < len(claims)


def test_a_changed_number_of_publishers_and_a_changed_verdict_are_printed(ctx, book):
    audit, registered = digest.audit(ctx), tables.claims.of(book)
    audit.iloc[0, audit.columns.get_loc("independent_publishers")] = 1
    audit.iloc[1, audit.columns.get_loc("verdict")] = "unheard of"
    listing = tables.claims(audit)
    assert listing.changed
    assert listing.note == CHANGED
    assert listing.rows[0][3].under.startswith("1 independent publisher: ")
    assert listing.rows[1][2].text == "unheard of"
    assert listing.rows[2:] == registered.rows[2:]


def test_a_claim_less_is_printed(ctx, book):
    audit = digest.audit(ctx)
    listing = tables.claims(audit.iloc[1:].assign(speaker=float("nan"), note=None))
    assert listing.changed
    assert len(listing.rows) == len(tables.claims.of(book).rows) - 1
    assert listing.rows[0][1].under == audit["topic"].iloc[1]
