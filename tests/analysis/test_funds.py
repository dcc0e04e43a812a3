"""Every number of the chapter on the funds, recomputed from the files without the code under test."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from patient_capital.analysis.funds import guidance_by_year, loss_ceilings, recent_ai_funds, second_tier
from patient_capital.formatting import Range
from patient_capital.provenance.registry import number
from patient_capital.tables import Reader

LOCAL = {"provincial", "municipal", "district"}
STAGES = ("approved", "registered", "subscribed", "first_close", "paid_in", "invested")


def value(ref: str) -> object:
    return number(ref).value


def bounds(ref: str) -> tuple[float, float]:
    shown = value(ref)
    assert isinstance(shown, Range)
    return shown.low, shown.high


def test_ladder(raw):
    funds, partners = raw("funds"), raw("fund_partners")
    regional = sum(float(r["registered_cny_bn"]) for r in funds.values() if r["parent_id"] == "cn_nvcgf")
    stake = sum(
        float(p["amount_cny_bn"])
        for p in partners.values()
        if p["partner_kind"] == "national_fund" and p["fund_id"].startswith("cn_nvcgf_")
    )
    assert regional == pytest.approx(29.646 + 47.1 + 45.05)
    assert stake == pytest.approx(20 + 20 + 20)
    assert value("funds.regional_registered") == pytest.approx(regional)
    assert value("funds.national_stake") == pytest.approx(stake)
    assert value("funds.partner_money") == pytest.approx(regional - stake)
    assert value("funds.registered_once") == pytest.approx(100 + regional - stake)
    assert number("funds.registered_once").text() == "161.8bn yuan"
    assert value("funds.registered_share") == pytest.approx((100 + regional - stake) / 10)
    assert value("funds.still_to_raise") == pytest.approx(1000 - 100 - regional + stake)
    assert number("funds.still_to_raise").text() == "838bn yuan"
    assert value("funds.still_to_raise_share") == pytest.approx(83.8204)
    assert value("funds.treasury_share") == pytest.approx(10)
    assert value("funds.treasury_unplaced") == pytest.approx(40)
    assert value("funds.hoped_multiple") == pytest.approx(10)
    assert value("funds.regional_count") == 3


def test_range_over_the_undisclosed_stake():
    # Stakes of 15 to 30 in the Yangtze fund, 20 in each of the other two.
    low, high = bounds("funds.registered_once_range")
    assert (low, high) == (pytest.approx(100 + 121.796 - 70), pytest.approx(100 + 121.796 - 55))
    assert number("funds.registered_once_range").text() == "152 to 167bn yuan"
    low, high = bounds("funds.first_tier_range")
    assert (low, high) == (pytest.approx(121.796 / 70), pytest.approx(121.796 / 55))
    assert number("funds.first_tier_range").text() == "1.74 to 2.21 times"


def test_first_tier_of_the_disclosed_stakes():
    assert value("funds.first_tier") == pytest.approx((29.646 + 45.05) / 40)


def test_partners_of_the_bay_fund():
    assert value("funds.bay_state") == pytest.approx(20 + 18.9 + 4)
    assert value("funds.bay_state_share") == pytest.approx(100 * 42.9 / 45.05)
    assert number("funds.bay_state_share").text() == "95 percent"
    assert value("funds.bay_state_count") == 3


def test_what_could_be_private():
    assert value("funds.possibly_private") == pytest.approx(9.646 + 2.15)
    assert value("funds.possibly_private_share") == pytest.approx(100 * 11.796 / 121.796)
    assert number("funds.possibly_private_share").text() == "9.7 percent"


def test_partners_add_to_the_registered_size_of_each_regional_fund(raw):
    partners, funds = raw("fund_partners"), raw("funds")
    for fund in ("cn_nvcgf", "cn_nvcgf_bth", "cn_nvcgf_yrd", "cn_nvcgf_gba", "cn_sme_2020", "cn_bigfund3"):
        amount = sum(float(p["amount_cny_bn"]) for p in partners.values() if p["fund_id"] == fund)
        assert amount == pytest.approx(float(funds[fund]["registered_cny_bn"])), fund


@pytest.mark.parametrize(
    ("case", "expected", "text"),
    [
        ("targets_placed", 1000 / 155.55, "6.4 times"),
        ("registered_placed", 1000 / 121.796, "8.2 times"),
        ("targets_all", 1000 / (155.55 * 100 / 60), "3.9 times"),
        ("registered_all", 1000 / (121.796 * 100 / 60), "4.9 times"),
        ("targets_direct", (1000 - 0.2 * 155.55) / (0.8 * 155.55), "7.8 times"),
    ],
)
def test_remaining_multiplier(case, expected, text):
    assert value(f"funds.multiplier_{case}") == pytest.approx(expected)
    assert number(f"funds.multiplier_{case}").text() == text


def test_range_of_multipliers():
    assert bounds("funds.multiplier_range") == (pytest.approx(1000 / 259.25), pytest.approx(1000 / 121.796))


def test_second_tier_reaches_the_announced_size():
    for direct in (0.0, 0.2, 0.5):
        multiple = second_tier(900, 120, placed=50, capital=80, direct=direct)
        base = 120 * 80 / 50
        assert direct * base + (1 - direct) * base * multiple == pytest.approx(900)


@pytest.mark.parametrize("wrong", [{"placed": 0}, {"direct": 1.0}, {"direct": -0.1}, {"capital": -1}])
def test_second_tier_refuses_impossible_amounts(wrong):
    given = {"placed": 60.0, "capital": 60.0, "direct": 0.0} | wrong
    with pytest.raises(ValueError, match="must"):
        second_tier(1000, 120, **given)


@pytest.mark.parametrize(
    ("case", "total_over_own", "others_over_own"),
    [
        ("plan_2009", "5.5", "4.5"), ("shenzhen", "4.3", "3.3"), ("shanghai_2", "5.8", "4.8"), ("sme_2020", "2.3", "1.3"),
        ("fund_2015", "5.5", "4.5"), ("fund_2025", "10.0", "9.0"), ("shanghai_1", "3.7", "2.7"), ("shanghai_3", "4.9", "3.9"),
    ],
)  # fmt: skip
def test_leverage_under_each_definition(case, total_over_own, others_over_own):
    assert number(f"funds.total_over_own[{case}]").text("bare") == total_over_own
    assert number(f"funds.others_over_own[{case}]").text("bare") == others_over_own


def test_leverage_of_a_case_without_both_amounts_cannot_be_computed():
    with pytest.raises(ValueError, match="india"):
        number("funds.total_over_own[india]")


def _ai_vehicles(rows):
    return {
        key: row
        for key, row in rows.items()
        if row["level"] in LOCAL and row["kind"] == "fund" and row["umbrella"] == "false"
        and row["theme"] == "ai_robot_data" and row["announced_on"][:4] >= "2023" and row["announced_cny_bn"]
    }  # fmt: skip


def test_first_phases(book, raw):
    funds = _ai_vehicles(raw("funds"))
    assert set(recent_ai_funds(Reader(book)).index) == set(funds)
    known = {k: r for k, r in funds.items() if r["first_close_cny_bn"]}
    shares = [100 * float(r["first_close_cny_bn"]) / float(r["announced_cny_bn"]) for r in known.values()]
    assert value("funds.phase_count") == len(known) == 10
    assert value("funds.phase_all") == len(funds) == 19
    assert value("funds.phase_silent") == len(funds) - len(known)
    assert value("funds.phase_median") == pytest.approx(median(shares)) == pytest.approx(27.5)
    assert bounds("funds.phase_range") == (pytest.approx(min(shares)), pytest.approx(max(shares)))
    low, high = np.quantile(shares, [0.25, 0.75])
    assert bounds("funds.phase_quartiles") == (pytest.approx(low), pytest.approx(high))
    pooled = 100 * sum(float(r["first_close_cny_bn"]) for r in known.values())
    assert value("funds.phase_pooled") == pytest.approx(
        pooled / sum(float(r["announced_cny_bn"]) for r in known.values())
    )
    exactly = sum(r["first_close_cny_bn"] == "2" and r["announced_cny_bn"] == "10" for r in known.values())
    assert value("funds.phase_template") == exactly == 4


def test_first_phases_leave_out_clusters_and_older_funds(book):
    sample = recent_ai_funds(Reader(book)).index
    funds = book.table("funds").text
    assert all(funds[f]["kind"] == "fund" and funds[f]["announced_on"] >= "2023" for f in sample)
    assert "sh_ai_2019" not in sample
    assert not {f for f, text in funds.items() if text["umbrella"] == "true"} & set(sample)


def test_local_vehicles_with_nothing_but_a_target(raw):
    alternative = {
        row["fund_id"]
        for row in raw("fund_amounts_alt").values()
        if row["role"] in {"part", "later", "earlier", "statement"}
        and row["amount_cny_bn"]
        and row["stage"] != "announced"
    }
    local = {k: r for k, r in raw("funds").items() if r["level"] in LOCAL and r["announced_cny_bn"]}
    counted_by_member = {r["parent_id"] for r in local.values()}
    local = {k: r for k, r in local.items() if r["umbrella"] == "false" or k not in counted_by_member}
    assert {"bj_robot", "bj_ai", "sh_three"} <= set(local)
    assert "bj_eight" not in local, "two of the eight are counted"
    silent = [k for k, r in local.items() if not any(r[f"{s}_cny_bn"] for s in STAGES) and k not in alternative]
    assert value("funds.local_count") == len(local)
    assert value("funds.local_silent") == len(silent)


def test_guidance_line_holds_one_provider(book, raw):
    rows = raw("guidance_funds_by_year")
    frame = guidance_by_year(Reader(book))
    assert set(frame.index) == {k for k, r in rows.items() if r["cum_target_cny_bn"] or r["cum_subscribed_cny_bn"]}
    share = number("funds.subscribed_share[zero2ipo-all-guidance-funds_2024-12-31]")
    assert share.value == pytest.approx(100 * 7700 / 12840)
    assert value("funds.subscribed_share[zero2ipo-all-guidance-funds_2019-12-31]") == pytest.approx(46.9)


def test_loss_ceilings(book, raw):
    rules = raw("fund_rules")
    expected = {
        k
        for k, r in rules.items()
        if r["topic"] == "fault_tolerance" and r["value"] and r["unit"] == "pct_loss_allowed"
    }
    assert set(loss_ceilings(Reader(book)).index) == expected
    places = {}
    for rule in expected:
        row = rules[rule]
        whole = row["what_is_counted"] in {"fund", "class_of_deals"}
        if whole and row["stage_class"] in {"seed", "angel"} and row["standing"] == "holds":
            places[row["place"]] = max(places.get(row["place"], 0), float(row["value"]))
    assert places == {
        "Anhui": 80, "Chengdu High-tech Zone": 80, "Guangzhou Development Zone": 50, "Shanxi": 80, "Sichuan": 80,
    }  # fmt: skip
    assert value("funds.ceiling_places") == 5
    assert value("funds.ceiling_eighty") == 4
    single = [r for r in expected if rules[r]["what_is_counted"] == "single_project" and rules[r]["value"] == "100"]
    assert value("funds.single_total") == len(single)


@pytest.fixture(scope="module")
def multiples(raw):
    """Draws of single deals, from the rows of parameters alone: losses, a middle class, a Pareto under a cap."""
    p = {k: float(r["value"]) for k, r in raw("parameters").items() if r["value"] and k.startswith("vr_")}
    edges = np.array([5, 10, 20, 50, p["vr_cap"]])
    shares = [p["vr_share_ge5"] - p["vr_share_ge10"], p["vr_share_10_20"], p["vr_share_20_50"], p["vr_share_ge50"]]

    def misfit(index: float) -> float:
        above = edges**-index
        return -float(np.dot(shares, np.log((above[:-1] - above[1:]) / (above[0] - above[-1]))))

    index = float(minimize_scalar(misfit, bounds=(0.5, 3), method="bounded", options={"xatol": 1e-8}).x)
    generator = np.random.default_rng(1)
    kind, u = generator.random(6_000_000), generator.random(6_000_000)
    # A loss returns nothing, or anything below the money put in, so often that the mean is the stated one.
    some = 2 * p["vr_low_mean"]
    losing = np.where(u < some, u / some, 0.0)
    middle = 1 + 4 * u ** (4 / (p["vr_mid_mean"] - 1) - 1)
    winning = (5**-index - u * (5**-index - p["vr_cap"] ** -index)) ** (-1 / index)
    drawn = np.where(kind < p["vr_loss_share"], losing, np.where(kind < 1 - p["vr_share_ge5"], middle, winning))
    return drawn, p["vr_shock_sd"]


@pytest.mark.parametrize(("ceiling", "deals"), [(80, 30), (80, 100), (50, 30), (50, 100)])
def test_chance_that_a_ceiling_binds_is_that_of_drawn_portfolios(multiples, ceiling, deals):
    drawn, sd = multiples
    together = drawn.reshape(-1, deals).mean(axis=1)
    # The shock is not drawn: given the deals, the chance that it is deep enough is a normal one.
    chance = 100 * norm.cdf((np.log((1 - ceiling / 100) / together) + sd**2 / 2) / sd)
    error = chance.std() / np.sqrt(chance.size)
    assert error < 0.05 * chance.mean()
    assert value(f"model.ceiling_{ceiling}_{deals}") == pytest.approx(chance.mean(), abs=4 * error)


def test_chance_that_half_the_money_is_lost_with_the_shock_drawn_too(multiples):
    drawn, sd = multiples
    together = drawn.reshape(-1, 30).mean(axis=1)
    shock = np.exp(sd * np.random.default_rng(2).standard_normal(together.size) - sd**2 / 2)
    share = np.mean(together * shock < 0.5)
    error = 100 * np.sqrt(share * (1 - share) / together.size)
    assert value("model.ceiling_50_30") == pytest.approx(100 * share, abs=4 * error)


def test_chance_beside_a_rule_is_that_of_its_ceiling_and_never_reads_as_zero(book):
    whole = loss_ceilings(Reader(book)).query("what_is_counted != 'single_project'")
    assert {80, 50} <= set(whole["value"])
    for rule, allowed in whole["value"].items():
        shown = number(f"model.ceiling[{rule}]")
        if allowed in {80, 50}:
            assert shown.value == value(f"model.ceiling_{allowed:.0f}_30")
        assert float(shown.text("bare")) > 0
    assert number("model.ceiling_80_100").text() == "0.03 percent"


def test_a_project_rule_is_broken_by_the_first_of_ten_losses(raw):
    losing = float(raw("parameters")["vr_loss_share"]["value"])
    assert value("model.project_rule") == pytest.approx(100 * (1 - (1 - losing) ** 10))


def test_size_of_the_early_stage_floor(raw):
    comparators = raw("comparators")
    assert value("funds.early_floor") == pytest.approx(1000 * 0.70 / 10)
    market = (
        float(comparators["china_invest_2023"]["amount"]) * float(comparators["stage_early_h1_2025"]["amount"]) / 100
    )
    assert value("funds.early_market") == pytest.approx(market) == pytest.approx(62.35, abs=0.01)


def test_bounds_from_the_rules():
    assert value("funds.subfund_ceiling") == pytest.approx(600 * 1.0)
    assert value("funds.tickets") == pytest.approx(1000 / 0.05)
    assert value("funds.bond_share") == pytest.approx(100 * 100 / 1300)
    assert value("funds.bigfund_share_2024") == pytest.approx(100 * 344 / 651.023)
    assert value("funds.deal_loss_share") == pytest.approx(65, abs=0.5)


def test_dates_and_counts(raw):
    assert value("funds.months") == 9
    assert value("funds.fields") == len(raw("funds")["cn_nvcgf"]["sectors"].split(";")) == 11
    assert value("funds.latest") == max(row["as_of"] for row in raw("funds").values())


CLAIMS = (
    "nothing_invested_found", "at_most_a_tenth", "no_private_named", "about_a_quarter", "about_half_silent",
    "floor_as_large_as_market", "targets_level",
)  # fmt: skip


@pytest.mark.parametrize("name", CLAIMS)
def test_claim_holds(name):
    assert value(f"funds.{name}") is True


def test_claim_that_a_ceiling_seldom_binds_holds():
    assert value("model.ceiling_seldom") is True
