"""Patience: lives, ceilings, judging and buy-backs, computed again from the rows."""

from __future__ import annotations

import pytest

from patient_capital.analysis import funds, patience
from patient_capital.formatting import Range
from patient_capital.provenance.registry import number

TURN = "2025-01-07"


@pytest.fixture(scope="module")
def clauses(raw):
    return raw("patience_clauses")


def value(name):
    return number(f"patience.{name}").value


def stated(clauses):
    """Return (years, day of issue, unit) of every life that a clause in force states."""
    return [
        (float(row["value"]), row["issued_on"], row["unit"])
        for row in clauses.values()
        if row["value"]
        and row["draft"] == "false"
        and (row["clause"] == "life" or (row["clause"], row["unit"]) == ("extension", "years_maximum"))
    ]


def test_lives(clauses, ctx):
    since = [years for years, day, _ in stated(clauses) if day >= TURN]
    before = [years for years, day, _ in stated(clauses) if day < TURN]
    limits = [unit for _, day, unit in stated(clauses) if day >= TURN and unit == "years_maximum"]
    assert value("lives_since") == len(since)
    assert value("lives_before") == len(before)
    assert value("lives_long") == sum(years >= 15 for years in since)
    assert value("lives_long_before") == sum(years >= 15 for years in before)
    assert (value("lives_limited"), value("lives_fixed")) == (len(limits), len(since) - len(limits))
    documents = {clauses[key]["document"] for key in patience.lives(ctx).query("since").index}
    assert value("lives_documents") == len(documents) < len(since)
    assert sorted(patience.lives(ctx)["years"]) == sorted([*since, *before])
    assert list(patience.lives(ctx)["issued_on"]) == sorted(patience.lives(ctx)["issued_on"])


def test_the_usual_lives_keep_what_the_source_leaves_open(raw, ctx):
    rows = raw("patience_evidence")
    above = patience.usual_lives(ctx)["above"]
    assert set(above.index[above]) == {key for key in above.index if rows[key]["qualifier"] == "above"} != set()


def test_a_draft_and_an_addition_to_a_life_are_no_life(clauses, ctx):
    shown = set(patience.lives(ctx).index)
    assert not shown & {key for key, row in clauses.items() if row["draft"] == "true"}
    assert "shff_ext" not in shown
    assert clauses["shff_ext"]["unit"] == "years"


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
    assert value("place_before_return") == (rows["judged_by_place"] > rows["judged_by_return"])
    parameters = raw("parameters")
    assert value("targets_met") == pytest.approx(100 * float(parameters["fm_met_target"]["value"]))
    assert value("targets_raised") == pytest.approx(100 * float(parameters["fm_raised_2020"]["value"]))


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
