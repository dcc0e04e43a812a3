"""Every number of the chapter on the session, recomputed from the files."""

from __future__ import annotations

from datetime import date
from statistics import mean, median

import pytest

from patient_capital.analysis.session import (
    AI_FAMILY,
    LANES,
    earlier_local_funds,
    family,
    motions,
    not_for,
    pledges,
    provincial_uses,
    timeline,
    word_counts,
)
from patient_capital.formatting import Range
from patient_capital.provenance.registry import number
from patient_capital.tables import Reader


def value(ref):
    return number(f"session.{ref}").value


def test_motions(raw, book):
    known = {int(r["year"]): int(r["motions"]) for r in raw("session_stats").values() if r["motions"]}
    before = [n for year, n in known.items() if year < 2023]
    after = [n for year, n in known.items() if year >= 2023]
    assert before == [489, 522, 462, 514, 325, 491, 473, 487]
    assert after == [271, 298, 269, 226]
    assert value("motions_before") == pytest.approx(mean(before)) == pytest.approx(470.375)
    assert value("motions_after") == pytest.approx(266)
    assert value("motions_years") == 8
    assert value("motions_fall") == pytest.approx(100 * (1 - 266 / 470.375))
    assert dict(zip(motions(Reader(book))["year"], motions(Reader(book))["motions"], strict=True)) == known


def test_motions_like_for_like():
    assert value("motions_first") == pytest.approx(100 * (1 - 271 / 325))
    assert value("motions_second") == pytest.approx(100 * (1 - 298 / 491))
    assert value("motions_fourth") == pytest.approx(100 * (1 - 226 / 473))
    assert [number(f"session.motions_{n}").text("bare") for n in ("first", "second", "fourth")] == ["17", "39", "52"]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("2016_budget", "13.7"), ("2017_budget", "10.0"), ("2019_budget", "2.7"), ("2020_budget", "1.9"), ("2026_budget", "0.6"),
        ("2016_supreme-court-report", "9.0"), ("2019_supreme-court-report", "7.6"), ("2020_supreme-court-report", "3.2"),
        ("2024_supreme-court-report", "2.3"), ("2026_supreme-court-report", "2.1"),
    ],
)  # fmt: skip
def test_share_that_did_not_vote_for(row, text):
    assert number(f"session.not_for[{row}]").text("bare") == text


def test_votes_hold_one_row_an_item_and_year(raw):
    pairs = [(r["year"], r["item"]) for r in raw("votes").values()]
    assert len(pairs) == len(set(pairs))


def test_votes_do_not_exceed_the_deputies_present(raw):
    for key, r in raw("votes").items():
        if "do not use the share" in r["note"] or not r["deputies_present"]:
            continue
        cast = sum(int(r[c]) for c in ("for_votes", "against_votes", "abstain_votes") if r[c])
        assert cast <= int(r["deputies_present"]), key


def test_no_share_from_a_tally_that_does_not_add_up(book, raw):
    frame = not_for(Reader(book))
    assert not {k for k, r in raw("votes").items() if "do not use the share" in r["note"]} & set(frame.index)
    assert not set(frame["year"]) & {2021, 2022, 2023}


def _counted(raw, term):
    return {
        int(r["year"]): (int(r["count"]), int(r["characters"]))
        for r in raw("report_keywords").values()
        if r["term"] == term and r["method"] == "counted" and r["characters"]
    }


def test_ai_family(raw, book):
    by_year = {}
    for term in AI_FAMILY:
        for year, (count, _) in _counted(raw, term).items():
            by_year[year] = by_year.get(year, 0) + count
    frame = family(Reader(book))
    assert dict(zip(frame["year"], frame["count"], strict=True)) == by_year
    assert value("family_2024") == by_year[2024] == 3
    assert value("family_2025") == by_year[2025] == 6
    assert 2020 not in by_year
    assert 2026 not in by_year


def test_consumption(raw):
    counted = _counted(raw, "consumption")
    rates = {year: 1e4 * count / characters for year, (count, characters) in counted.items()}
    assert counted[2025][0] == 32
    assert value("consumption_rate") == pytest.approx(rates[2025])
    assert number("session.consumption_rate").text() == "19.7"
    assert max(rates, key=rates.get) == 2025
    assert value("reports_counted") == len(rates) == 17


def test_rates_are_per_ten_thousand_characters(book, raw):
    frame = word_counts(Reader(book), ("patient capital",))
    for row in frame.itertuples():
        count, characters = _counted(raw, "patient capital")[row.year]
        assert row.per_10k == pytest.approx(1e4 * count / characters)


def test_provincial_reports(raw, book):
    uses = [int(r["ai_count"]) for r in raw("provincial_ai_mentions").values()]
    assert len(uses) == value("provinces") == 31
    assert value("provinces_ai") == sum(u > 0 for u in uses) == 29
    assert value("provinces_uses") == sum(uses) == 89
    assert value("provinces_median") == median(uses) == 2
    assert value("provinces_thrice") == sum(u >= 3 for u in uses) == 15
    assert provincial_uses(Reader(book)).sum() == 89
    assert all(r["deepseek_count"] == "0" for r in raw("provincial_ai_mentions").values())


def test_funds_before_r1_are_surely_before(book, raw):
    frame = earlier_local_funds(Reader(book))
    assert value("funds_before_r1") == len(frame)
    funds = raw("funds")
    for key in frame.index:
        announced = funds[key]["announced_on"]
        last = announced + {4: "-12-31", 7: "-31"}.get(len(announced), "")
        assert last < "2025-01-20", key
    assert "bj_zgc3" not in frame.index, "known to the year only: it may have come later"
    assert {"sh_ai_2019", "tj_ai", "sz_ai_cluster"} <= set(frame.index)


def test_pledges(raw, book):
    rows = raw("pledges")
    national = [r for r in rows.values() if r["level"] == "national"]
    local = [r for r in rows.values() if r["level"] == "local"]
    delivered = [r for r in national if r["status"] == "delivered"]
    assert value("pledges_national") == len(national) == 6
    assert value("pledges_delivered") == len(delivered) == 5
    assert value("pledges_local") == value("pledges_local_silent") == len(local) == 4
    days = [(date.fromisoformat(r["delivered_on"]) - date.fromisoformat(r["date"])).days for r in delivered]
    assert value("pledge_days") == Range(min(days), max(days)) == Range(57, 174)
    assert pledges(Reader(book)).loc["vc_fund", "days"] == 295


def test_every_kept_pledge_has_a_date_and_no_other(raw):
    for key, row in raw("pledges").items():
        assert bool(row["delivered_on"]) == (row["status"] != "not_found"), key


def test_timeline_holds_every_event_in_order(raw, book):
    rows = raw("session_events")
    frame = timeline(Reader(book))
    assert set(frame.index) == set(rows)
    assert value("events") == len(rows)
    assert frame["when"].is_monotonic_increasing
    assert frame["lane"].notna().all()
    assert {kind for kinds in LANES.values() for kind in kinds} >= {r["kind"] for r in rows.values()}


def test_price_target():
    assert value("price_gap") == pytest.approx(-2.0)


@pytest.mark.parametrize("name", ["one_step", "consumption_highest", "patient_first"])
def test_claim_holds(name):
    assert value(name) is True


def test_zhou_tongyu_is_quoted_in_the_exact_sense(raw):
    statement = next(r for r in raw("actors").values() if r["name"] == "Zhou Tongyu")["statement_summary"]
    assert "struggle for loans" in statement
    debate = " ".join(" ".join(r.values()) for r in raw("debate").values() if "Zhou" in " ".join(r.values()))
    assert "lack collateral" not in debate or "for lack of" in debate
