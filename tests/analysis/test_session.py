"""Every number of the chapter on the session, recomputed from the files."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import mean, median

import pandas as pd
import pytest

from patient_capital import open_book
from patient_capital.analysis.session import (
    AI_FAMILY,
    COMPARED,
    EARLIER_COLUMNS,
    LANES,
    PANELS,
    PLEDGE_NAMES,
    added_by_year,
    by_uses,
    by_week,
    compared,
    crowded_weeks,
    days_to_delivery,
    earlier_local_funds,
    events_by_date,
    in_lanes,
    in_panels,
    is_counted,
    is_local_ai_fund,
    is_whole_tally,
    kept_first,
    known_motions,
    motions,
    motions_around_step,
    pledges_kept_first,
    provinces_by_uses,
    provincial_uses,
    rates,
    sessions,
    shares_not_for,
    step_means,
    tallies,
    terms_followed,
    texts,
    timeline,
    votes_not_for,
    word_counts,
    words_by_year,
)
from patient_capital.formatting import Range
from patient_capital.listings import session as tables
from patient_capital.provenance.records import Context, split_cell
from patient_capital.provenance.registry import load_results, number
from patient_capital.tables import Reader


def value(ref):
    return number(f"session.{ref}").value


def test_motions(raw, book):
    known = {int(r["year"]): int(r["motions"]) for r in raw("session_stats").values() if r["motions"]}
    before = [n for year, n in known.items() if year < 2023]
    after = [n for year, n in known.items() if year >= 2023]
    assert value("motions_before") == pytest.approx(mean(before))
    assert value("motions_after") == pytest.approx(mean(after))
    assert value("motions_fall") == pytest.approx(100 * (1 - mean(after) / mean(before)))
    assert dict(zip(motions(Reader(book))["year"], motions(Reader(book))["motions"], strict=True)) == known


def test_motions_like_for_like(raw):
    """Each year of the 14th Congress stands against the same year of every earlier Congress that has a figure."""
    known = {int(r["year"]): int(r["motions"]) for r in raw("session_stats").values() if r["motions"]}
    words = ("first", "second", "third", "fourth")
    assert sorted(year for year in known if year >= 2023) == [2023 + place for place in range(len(words))]
    for place, word in enumerate(words):
        before = [n for year, n in known.items() if year < 2023 and year % 5 == (2023 + place) % 5]
        assert value(f"motions_{word}") == pytest.approx(100 * (1 - known[2023 + place] / mean(before)))
    assert [number(f"session.motions_{n}").text("bare") for n in words] == ["25", "39", "48", "52"]


def test_guidance_funds_stood_in_the_reports_that_are_named(raw):
    uses = {int(r["year"]): int(r["count"]) for r in raw("report_keywords").values() if r["term"] == "guidance fund"}
    assert [year for year, n in uses.items() if n and year < 2026] == [2015, 2016, 2017]
    assert value("guidance_fund_years") is True


@pytest.mark.parametrize("step", [2018, 2022, 2023])
def test_means_on_both_sides_of_a_year(raw, book, step):
    known = {int(r["year"]): int(r["motions"]) for r in raw("session_stats").values() if r["motions"]}
    frame = step_means(known_motions(sessions(Reader(book))), step=step)
    assert list(frame["year"]) == sorted(known)
    for row in frame.itertuples():
        side = [count for year, count in known.items() if (year >= step) == (row.year >= step)]
        assert row.since_step == (row.year >= step)
        assert row.mean_motions == pytest.approx(mean(side))


def test_means_of_the_figure_are_the_printed_ones(book):
    means = motions_around_step(Reader(book)).groupby("since_step")["mean_motions"].first()
    assert means[False] == pytest.approx(value("motions_before"))
    assert means[True] == pytest.approx(value("motions_after"))


def test_a_year_outside_leaves_one_side(book):
    assert step_means(motions(Reader(book)), step=1990)["since_step"].all()
    assert not step_means(motions(Reader(book)), step=2090)["since_step"].any()


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
    frame = votes_not_for(Reader(book))
    assert not {k for k, r in raw("votes").items() if "do not use the share" in r["note"]} & set(frame.index)
    assert not set(frame["year"]) & {2021, 2022, 2023}


@pytest.mark.parametrize("items", [("budget",), ("budget", "supreme court report"), ("government work report",)])
def test_shares_of_any_item(raw, book, items):
    expected = {
        key: 100 * (int(r["deputies_present"]) - int(r["for_votes"])) / int(r["deputies_present"])
        for key, r in raw("votes").items()
        if r["item"] in items and r["for_share_pct"] and r["deputies_present"]
    }
    found = tallies(Reader(book))
    frame = shares_not_for(found[is_whole_tally(found, items)])
    assert frame["not_for_pct"].to_dict() == pytest.approx(expected)
    assert len(expected) > 3
    assert frame.groupby("item", sort=False)["year"].apply(lambda years: years.is_monotonic_increasing).all()


def _counted(raw, term):
    return {
        int(r["year"]): (int(r["count"]), int(r["characters"]))
        for r in raw("report_keywords").values()
        if r["term"] == term and r["method"] == "counted" and r["characters"]
    }


def test_a_term_has_one_count_a_year_and_ours_goes_first(raw, book):
    found = terms_followed(Reader(book), ("artificial intelligence",), since=2024)
    assert found[["year", "count", "counted"]].to_numpy().tolist() == [
        [2024, 3, True],
        [2025, 3, True],
        [2026, 7, False],
    ]
    for row in terms_followed(Reader(book)).itertuples():
        ours = _counted(raw, row.term).get(row.year)
        assert row.counted == (ours is not None)
        assert not row.counted or ours[0] == row.count


def test_sessions_are_compared_in_the_same_unit(raw, book):
    frame = compared(Context(book, load_results()))
    assert list(frame.index) == list(COMPARED)
    for row in frame.itertuples():
        cells = [split_cell(ref) for ref in (row.ref_2025, row.ref_2026)]
        assert [float(raw(table)[key][column]) for table, key, column in cells] == [row.value_2025, row.value_2026]
        assert len({(table, column) for table, _, column in cells}) == 1
        assert len({raw(table)[key].get("unit") for table, key, _ in cells}) == 1


def test_no_clause_is_lost_between_two_tables(raw, book):
    elsewhere = {key for key, row in raw("patience_clauses").items() if row["clause"] in ("rivalry", "technology")}
    assert elsewhere
    assert elsewhere <= set(texts(Reader(book)).index)


def test_ai_family(raw, book):
    by_year = {}
    for term in AI_FAMILY:
        for year, (count, _) in _counted(raw, term).items():
            by_year[year] = by_year.get(year, 0) + count
    frame = added_by_year(word_counts(Reader(book), AI_FAMILY))
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


@pytest.mark.parametrize(
    "panels", [PANELS, {"capital": ("patient capital", "consumption")}, {"x": ("robot",), "y": AI_FAMILY}]
)
def test_panels_add_their_terms(raw, book, panels):
    keywords = Reader(book).frame("report_keywords", "year", "term", "count", "method", "characters")
    frame = in_panels(rates(keywords[is_counted(keywords)]), panels)
    assert list(dict.fromkeys(frame["words"])) == list(panels)
    for row in frame.itertuples():
        counts = [_counted(raw, term)[row.year] for term in panels[row.words] if row.year in _counted(raw, term)]
        assert row.count == sum(uses for uses, _ in counts)
        assert row.per_10k == pytest.approx(sum(1e4 * uses / characters for uses, characters in counts))


def test_rates_of_the_ai_words_are_those_of_the_figure(book):
    frame = words_by_year(Reader(book))
    ai = frame.loc[frame["words"].eq("AI words")].set_index("year")["per_10k"]
    assert (ai[2024], ai[2025]) == pytest.approx((value("family_rate_2024"), value("family_rate_2025")))


def test_panels_of_the_figure_are_read_in_order(book):
    frame = words_by_year(Reader(book))
    ai = frame.loc[frame["words"].eq("AI words")].set_index("year")["count"]
    assert (ai[2024], ai[2025]) == (value("family_2024"), value("family_2025"))
    assert frame.groupby("words")["year"].apply(lambda years: years.is_monotonic_increasing).all()


def test_provinces_with_uses_and_earlier_vehicles(raw, book):
    frame = provinces_by_uses(Reader(book))
    reports, funds, codes = raw("provincial_ai_mentions"), raw("funds"), raw("province_codes")
    regions = [funds[key]["region"] for key in earlier_local_funds(Reader(book)).index]
    assert set(frame.index) == set(reports)
    for row in frame.itertuples():
        assert row.name == codes[row.Index]["name_en"]
        assert row.ai_count == int(reports[row.Index]["ai_count"])
        assert row.earlier_vehicles == regions.count(row.Index)
    assert frame["earlier_vehicles"].sum() == value("funds_before_r1")
    assert frame["earlier_vehicles"].gt(0).sum() == value("fund_places_before_r1")
    assert list(frame["ai_count"]) == sorted(frame["ai_count"], reverse=True)


def test_an_earlier_day_leaves_fewer_vehicles(raw, book):
    funds = Reader(book).frame("funds", "region", *EARLIER_COLUMNS)
    counts = [int(is_local_ai_fund(funds, before=day).sum()) for day in ("2018-01-01", "2024-01-01", "2025-01-20")]
    assert counts == sorted(counts)
    assert counts[0] == 0 < counts[1] < counts[2] == value("funds_before_r1")
    early = funds[is_local_ai_fund(funds, before="2024-01-01")]
    assert all(raw("funds")[key]["announced_on"][:4] < "2024" for key in early.index)
    names = pd.Series({key: row["name_en"] for key, row in raw("province_codes").items()})
    table = by_uses(Reader(book).frame("provincial_ai_mentions", "ai_count"), early, names)
    assert table["earlier_vehicles"].sum() == counts[1]


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
    assert value("pledges_local") == len(local) == 3
    for name, status in {"delivered": "delivered", "partly": "partly"}.items():
        assert value(f"pledges_local_{name}") == sum(row["status"] == status for row in local)
    # One standard: what is pledged stands on a page beside the digest, and a rule is delivered when it is published.
    assert all(set(row["source_keys"].split(";")) - {"digest_20250311"} for row in rows.values())
    days = [(date.fromisoformat(r["delivered_on"]) - date.fromisoformat(r["date"])).days for r in delivered]
    assert value("pledge_days") == Range(min(days), max(days)) == Range(57, 174)
    assert pledges_kept_first(Reader(book)).loc["vc_fund", "days"] == 295


def test_pledges_delivered_come_first_and_by_days(raw, book):
    rows = raw("pledges")
    frame = pledges_kept_first(Reader(book))

    def days(row):
        return (date.fromisoformat(row["delivered_on"]) - date.fromisoformat(row["date"])).days

    for status, some in frame.groupby("status"):
        expected = {key for key, row in rows.items() if row["status"] == status}
        assert set(some.index) == expected
        if status != "not_found":
            assert list(some["days"]) == sorted(days(rows[key]) for key in expected)
    there = {row["status"] for row in rows.values()}
    order = [status for status in ("delivered", "partly", "not_found") if status in there]
    assert list(dict.fromkeys(frame["status"])) == order
    assert frame["name"].to_dict() == {key: PLEDGE_NAMES[key] for key in frame.index}
    assert frame["what_came"].to_dict() == {key: row["what_came"] for key, row in rows.items()}


def test_days_need_both_dates_to_the_day_and_a_new_pledge_its_words_as_name():
    frame = pd.DataFrame(
        {
            "date": ["2025-03-06", "2025-03", "2025-03-06"],
            "delivered_on": ["2025-04", "2025-04-01", "2025-03-16"],
            "status": ["delivered"] * 3,
            "pledge": ["A law", "A fund", "A list"],
        },
        index=["by_month", "made_in_march", "ten_days"],
    )
    timed = kept_first(days_to_delivery(frame))
    assert list(timed.index) == ["ten_days", "by_month", "made_in_march"]
    assert timed.loc["ten_days", "days"] == 10
    assert timed["days"].isna().sum() == 2
    assert list(timed["name"]) == ["A list", "A law", "A fund"]


def test_every_kept_pledge_has_a_date_and_no_other(raw):
    for key, row in raw("pledges").items():
        assert bool(row["delivered_on"]) == (row["status"] != "not_found"), key


def test_timeline_holds_every_event_in_order(raw, book):
    rows = raw("session_events")
    frame = timeline(Reader(book))
    assert set(frame.index) == set(rows)
    assert value("events") == len(rows)
    assert frame["date"].is_monotonic_increasing
    assert frame["lane"].notna().all()
    assert {kind for kinds in LANES.values() for kind in kinds} >= {r["kind"] for r in rows.values()}


def test_weeks_hold_the_events_with_a_day(raw, book):
    weeks = crowded_weeks(Reader(book)).set_index(["lane", "week"])["events"]
    lane_of = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
    expected = dict.fromkeys(weeks.index, 0)
    for row in raw("session_events").values():
        if len(row["date"]) == 10:
            day = date.fromisoformat(row["date"])
            place = lane_of[row["kind"]], (day - timedelta(days=day.weekday())).isoformat()
            if place in expected:
                expected[place] += 1
    assert weeks.to_dict() == expected
    opening = next(r for r in raw("session_stats").values() if r["year"] == "2025")["open_date"]
    assert value("week_events") == sum(n for (_, week), n in expected.items() if week == "2025-03-03")
    assert opening == "2025-03-05"
    assert by_week(timeline(Reader(book)), "2026-03-02", "2026-03-02")["week"].unique().tolist() == ["2026-03-02"]


def test_the_table_of_events_gives_the_same_timeline(book):
    pd.testing.assert_frame_equal(in_lanes(events_by_date(Reader(book))), timeline(Reader(book)))


def test_an_unknown_kind_of_event_is_refused_with_its_name(book):
    with pytest.raises(ValueError, match="rumour"):
        in_lanes(timeline(Reader(book)).assign(kind="rumour"))


def test_price_target():
    assert value("price_gap") == pytest.approx(-2.0)


def test_zhou_tongyu_is_quoted_in_the_exact_sense(raw):
    statement = next(r for r in raw("actors").values() if r["name"] == "Zhou Tongyu")["statement_summary"]
    assert "loans are hard to get without physical assets" in statement
    debate = " ".join(" ".join(r.values()) for r in raw("debate").values() if "Zhou" in " ".join(r.values()))
    assert "lack collateral" not in debate or "for lack of" in debate


def test_a_number_of_suggestions_said_during_a_session_says_so(raw):
    shown = tables.sessions(sessions(open_book()))
    place = [column.title for column in shown.columns].index("Suggestions")
    said = {row[0].text: row[place].under for row in shown.rows}
    for year, row in raw("session_stats").items():
        assert said[year] == (row["suggestions_qualifier"] if row["suggestions_qualifier"] != "exact" else "")
    assert said["2026"] == "more than", "an interim count must not stand beside final ones as if it were one"
