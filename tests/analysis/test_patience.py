"""Patience: lives, ceilings, judging and buy-backs, computed again from the rows."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.rows import change_cells
from patient_capital.analysis import funds, patience
from patient_capital.analysis.patience import stated_lives
from patient_capital.figures import load_figures
from patient_capital.formatting import Range
from patient_capital.ledger import read_pages
from patient_capital.provenance.registry import number
from patient_capital.tables import Reader, load


@pytest.fixture(scope="module")
def clauses(raw):
    return raw("patience_clauses")


def value(name):
    return number(f"patience.{name}").value


def told(raw):
    """Return the rows, as table[row], that state the life of a fund or of a kind of funds in years, from every table."""
    clauses = {
        f"patience_clauses[{key}]"
        for key, row in raw("patience_clauses").items()
        if row["value"]
        and row["draft"] == "false"
        and row["clause"] in {"life", "extension"}
        and row["unit"].startswith("years")
    }
    funds = {f"funds[{key}]" for key, row in raw("funds").items() if row["life_years_low"] or row["life_years_high"]}
    rules = {f"fund_rules[{key}]" for key, row in raw("fund_rules").items() if row["topic"] == "life" and row["value"]}
    evidence = {
        f"patience_evidence[{key}]"
        for key, row in raw("patience_evidence").items()
        if row["question"] == "lives" and row["unit"] == "years"
    }
    return clauses | funds | rules | evidence


def test_every_life_of_every_table_stands_once_or_has_a_reason(raw, ctx):
    behind = [row for rows in patience.lives(ctx)["rows"] for row in rows.split("; ")]
    assert len(behind) == len(set(behind))
    assert set(behind) | set(stated_lives.NOT_COUNTED) == told(raw)
    assert not set(behind) & set(stated_lives.NOT_COUNTED)
    assert all(stated_lives.NOT_COUNTED.values())


@pytest.mark.parametrize(
    ("table", "row", "cells"),
    [
        ("fund_rules", "gbf2025_1_life", {"value": "12", "unit": "years"}),
        ("patience_evidence", "life_within_ten_us", {"unit": "years"}),
    ],
)
def test_a_life_that_the_figure_lacks_breaks_the_claim(copied, table, row, cells):
    change_cells(copied / f"{table}.csv", row, **cells)
    with pytest.raises(ValueError, match=r"'patience\.every_life_is_drawn' is no longer true"):
        number("patience.every_life_is_drawn", load(copied))


def test_a_life_in_the_table_of_funds_joins_the_figure(copied):
    change_cells(copied / "funds.csv", "sx_kc", life_years_low="", life_years_high="")
    change_cells(copied / "funds.csv", "gd_sei_fund", life_years_low="9", life_years_high="12")
    data = load(copied)
    assert number("patience.every_life_is_drawn", data).value
    assert "gd_sei_fund" in patience.lives(Reader(data)).index
    with pytest.raises(ValueError, match=r"'patience\.only_the_ai_fund_is_shorter' is no longer true"):
        number("patience.only_the_ai_fund_is_shorter", data)


def test_lives(raw, ctx):
    frame = patience.lives(ctx)
    since = frame[frame["since"]]
    assert value("lives_since") == len(since) == (frame["stated_on"] >= "2025").sum()
    assert value("lives_before") == len(frame) - len(since)
    assert value("lives_long") == (since["high"] >= 15).sum()
    assert value("lives_long_before") == (frame.loc[~frame["since"], "high"] >= 15).sum()
    assert value("lives_limited") == sum(row.at_most or row.low < row.high for row in since.itertuples())
    inside = [
        key for key, row in raw("funds").items() if "cn_nvcgf" in {key, row["parent_id"]} and row["life_years_low"]
    ]
    assert value("lives_national") == len(inside)
    assert frame["stated_on"].tolist() == sorted(frame["stated_on"])
    assert frame["fund_id"].dropna().is_unique
    for row in frame.dropna(subset="fund_id").itertuples():
        fund = raw("funds")[row.fund_id]
        assert row.low == float(fund["life_years_low"])
        assert pd.isna(row.high) if not fund["life_years_high"] else row.high == float(fund["life_years_high"])


def test_all_lives_are_dated_by_one_rule(clauses, raw, ctx):
    """By the day of the rule, or of the foundation or announcement; never by the page where it is known from another."""
    frame = patience.lives(ctx)
    funds_of = raw("funds")
    for key, row in frame.iterrows():
        own = clauses.get(key)
        day = own["issued_on"] if own else funds_of[key]["established_on"] or funds_of[key]["announced_on"]
        assert row["stated_on"] == day, key


def test_the_rule_of_january_2025_is_no_break(ctx):
    frame = patience.lives(ctx)
    before = frame[~frame["since"]]
    year = before[before["stated_on"] >= "2024-01-07"]
    assert value("lives_year_before") == len(year) == (year["high"] >= 15).sum()
    assert value("long_the_year_before")
    short = before[~before["high"].ge(15)]
    assert value("last_short_before") == max(short["stated_on"]) < min(year["stated_on"])


def test_a_short_life_of_the_year_before_breaks_the_claim(copied):
    change_cells(copied / "patience_clauses.csv", "zz_life", value="9")
    with pytest.raises(ValueError, match=r"'patience\.long_the_year_before' is no longer true"):
        number("patience.long_the_year_before", load(copied))


def test_by_the_first_page_every_row_moves_that_was_known_late_and_not_those_of_one_place(ctx):
    frame = patience.lives(ctx)
    told = stated_lives.first_pages(ctx).map(stated_lives.since)
    assert set(frame.index[told & ~frame["since"]]) == {
        "bj_life7",
        "bj_life10",
        "bj_552",
        "gdic2_life",
        "bf3_life",
        "shff_life",
    }
    assert not (frame["since"] & ~told).any()
    assert value("lives_by_page") == told.sum()
    assert value("lives_long_by_page") == (frame.loc[told, "high"] >= 15).sum()


def test_rules_of_one_owner_are_one_voice(ctx):
    frame = patience.lives(ctx)
    since = frame[frame["since"]]
    assert value("lives_owners") == since["owner"].nunique() < len(since)
    assert since.groupby("owner").size()[lambda n: n > 1].to_dict() == {
        "National venture fund": value("lives_national"),
        "Zhejiang": 4,
        "Shaanxi": 2,
    }
    assert frame.loc[["bj_life7", "hz_runmiao20"], "owner"].tolist() == ["Hangzhou", "Hangzhou"]


def test_what_may_be_added_to_a_life_counts_alike_for_all(ctx):
    frame = patience.lives(ctx)
    assert frame.loc["shff_life", ["low", "high"]].tolist() == [15, 18]
    assert frame.loc["sei_life", ["low", "high"]].tolist() == [13, 15]
    assert frame.loc["bj_552", ["low", "high"]].tolist() == [10, 12]
    assert frame.loc["nvcgf_life20", ["low", "high"]].tolist() == [15, 20]


def test_a_year_or_month_of_the_turn_is_since():
    assert [stated_lives.since(day) for day in ("2024-12-31", "2024", "2025-01-06", "2025-01", "2025")] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_the_usual_lives_keep_what_the_source_leaves_open(raw, ctx):
    rows = raw("patience_evidence")
    above = patience.usual_lives(ctx)["above"]
    assert set(above.index[above]) == {key for key in above.index if rows[key]["qualifier"] == "above"} != set()


def test_a_draft_and_an_addition_to_a_life_are_no_life(raw, ctx):
    shown = set(patience.lives(ctx).index)
    assert not shown & {key for key, row in raw("patience_clauses").items() if row["draft"] == "true"}
    assert not shown & {"shff_ext", "sei_ext"}


def test_text_and_figure_count_the_same_ceilings(clauses, raw, ctx):
    rows = {
        key: row
        for key, row in raw("fund_rules").items()
        if row["topic"] == "fault_tolerance"
        and row["unit"] == "pct_loss_allowed"
        and row["value"]
        and row["what_is_counted"]
        and row["standing"] == "holds"
    }
    whole = [float(row["value"]) for row in rows.values() if row["what_is_counted"] in {"fund", "class_of_deals"}]
    assert set(funds.sourced_ceilings(ctx).index) == set(rows)
    assert value("ceiling_places") == len({row["place"] for row in rows.values()})
    assert value("ceiling_range") == Range(min(whole), max(whole))
    of_funds = {row["place"] for row in rows.values() if row["what_is_counted"] in {"fund", "class_of_deals"}}
    assert value("fund_ceiling_places") == len(of_funds) < value("ceiling_places")
    national = [
        row for row in clauses.values() if (row["clause"], row["subject_kind"]) == ("loss_ceiling", "national_rule")
    ]
    assert value("nation_sets_no_ceiling") == (bool(national) and not any(row["value"] for row in national))


def test_evidence(raw):
    rows = {key: float(row["value"]) for key, row in raw("patience_evidence").items()}
    counts = {year: rows[f"buy_backs_{year}"] for year in (2024, 2025)}
    sold = {year: counts[year] * rows[f"bought_from_institutions_{year}"] / 100 for year in counts}
    assert value("buy_back_fall") == pytest.approx(100 * (1 - counts[2025] / counts[2024]))
    assert value("institutions_rise") == pytest.approx(100 * (sold[2025] / sold[2024] - 1))
    assert value("exemption_fall") == pytest.approx(rows["exempt_2024"] - rows["exempt_2025"])
    assert value("share[judged_yearly]") == rows["judged_yearly"]
    assert value("same_share_twice") == (rows["judged_yearly"] == rows["judged_by_pace"])
    assert value("place_before_return") == (rows["judged_by_place"] > rows["judged_by_return"])
    parameters = raw("parameters")
    assert value("targets_met") == pytest.approx(100 * float(parameters["fm_met_target"]["value"]))
    assert value("targets_raised") == pytest.approx(100 * float(parameters["fm_raised_2020"]["value"]))


def test_clauses_for_patience_stand_in_the_text_as_what_they_are(clauses):
    """What speaks against the finding on scores is told: the rule in force, the draft as a draft, the national fund."""
    assert value("patience_is_scored")
    assert value("whole_is_judged")
    drafts = {key for key, row in clauses.items() if row["clause"] == "scoring_weight" and row["draft"] == "true"}
    assert "n1753d_patient10" in drafts
    [text] = [page.markdown for page in read_pages() if page.name == "patience"]
    rows = (f"patience_clauses[{key}].value" for key in drafts)
    for ref in ("patience.patience_is_scored", "patience.whole_is_judged", *rows):
        assert f"(#{ref}" in text, ref
    assert "The draft of July 2025" in text[: text.index("(#patience_clauses[n1753d_patient10]")].split(". ")[-1]


def test_the_card_of_a_share_says_that_it_may_be_a_slip(raw):
    """Pages print the share without its chapter: the caution has to stand on the card, and with the rows."""
    assert "slip of copying" in number("patience.share[judged_yearly]").formula
    assert all(
        "slip of copying" in raw("patience_evidence")[row]["note"] for row in ("judged_yearly", "judged_by_pace")
    )


def test_judged_holds_one_survey(raw, ctx):
    rows = raw("patience_evidence")
    asked = rows["judged_yearly"]["who"]
    frame = patience.judged(ctx)
    assert set(frame.index) == {key for key, row in rows.items() if row["who"] == asked}
    # Shares of one question stand together: how often, by what, who is exempt.
    assert frame["about"].ne(frame["about"].shift()).sum() == frame["about"].nunique()
    assert set(frame.index[frame["about"].eq("how often")]) == {"judged_yearly", "judged_long"}
    assert set(frame.index[frame["below"]]) == {key for key in frame.index if rows[key]["qualifier"] == "below"}


def test_register(clauses, raw):
    on_patience = [row for row in clauses.values() if row["clause"] not in ("rivalry", "technology")]
    assert value("clause_count") == len(on_patience) < len(clauses)
    assert value("document_count") == len({row["document"] for row in on_patience})
    for key, row in clauses.items():
        assert row["issued_on"] or row["in_force_since"], key
        assert bool(row["value"]) == bool(row["unit"]), key
        assert row["text_zh"] or row["seen"] != "whole_page", key
    sources = raw("sources")
    assert all(key in sources for row in clauses.values() for key in row["source_keys"].split(";"))


def test_listings(raw, ctx):
    rows = raw("ai_listings")
    rises = {
        key: 100 * (float(row["first_close"]) / float(row["offer_price"]) - 1)
        for key, row in rows.items()
        if row["first_close"]
    }
    years = int(raw("patience_clauses")["law_lock"]["value"])
    free = {
        key: row["freed_on"] or f"{int(row['listed_on'][:4]) + years}{row['listed_on'][4:]}"
        for key, row in rows.items()
    }
    later = [day for day in free.values() if day > ctx.data.package.edition]
    frame = patience.listings(ctx)
    assert frame["free_on"].to_dict() == free
    assert set(frame.index[frame["bound"]]) == {key for key, day in free.items() if day in later}
    assert frame["rise_pct"].dropna().to_dict() == pytest.approx(rises)
    assert (value("listing_count"), value("rises_known")) == (len(rows), len(rises))
    assert (value("rises").low, value("rises").high) == pytest.approx((min(rises.values()), max(rises.values())))
    assert (value("still_bound"), value("next_free")) == (len(later), min(later))
    assert value("costs_known") == sum(bool(row["state_cost_cny_bn"]) for row in rows.values())
    moore = rows["moore_threads"]
    assert value("paper_multiple[moore_threads]") == pytest.approx(
        float(moore["state_value_offer_cny_bn"]) / float(moore["state_cost_cny_bn"])
    )


def test_a_median_that_is_a_lower_bound_is_one_in_the_words_of_the_figure_too(book, raw):
    row = raw("patience_evidence")["life_median_us"]
    assert row["qualifier"] == "above"
    assert f"take to end, above {row['value']}." in load_figures()["patience.lives"].of(book).subtitle
