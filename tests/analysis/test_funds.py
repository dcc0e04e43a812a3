"""Every number of the chapter on the funds, recomputed from the files without the code under test."""

from __future__ import annotations

import re
from datetime import date
from statistics import median

import numpy as np
import pytest

from oracles.validation import documented
from patient_capital.analysis import funds
from patient_capital.analysis.funds import (
    COMPARED_STAGES,
    OWNERS,
    counted_once,
    guidance_by_year,
    local_targets,
    loss_ceilings,
    recent_ai_funds,
    second_tier,
    sourced_ceilings,
    state_money,
)
from patient_capital.figures import funds as figures
from patient_capital.formatting import Range
from patient_capital.provenance.registry import RESULTS, number
from patient_capital.tables import Reader

LOCAL = {"provincial", "municipal", "district"}
STAGES = ("approved", "registered", "subscribed", "first_close", "paid_in", "invested")
NATIONAL, BAY = "cn_nvcgf", "cn_nvcgf_gba"


class Plain:
    """Sums over the rows of the files; amounts are billion yuan."""

    def __init__(self, raw):
        self.raw = raw
        self.funds, self.partners, self.rules = raw("funds"), raw("fund_partners"), raw("fund_rules")
        self.comparators, self.guidance = raw("comparators"), raw("guidance_funds_by_year")
        self.announced, self.treasury = self.size(NATIONAL, "announced"), self.size(NATIONAL)
        self.years = float(raw("regimes")["national_fund"]["investment_years"])
        self.loss_share = float(raw("parameters")["vr_loss_share"]["value"])
        self.regional = [key for key, row in self.funds.items() if row["parent_id"] == NATIONAL]
        self.registered, self.target = (
            sum(self.size(key, stage) for key in self.regional) for stage in ("registered", "announced")
        )
        self.stake, self.least, self.most = (self.stakes(self.regional, end) for end in ("", "low_", "high_"))
        self.once = self.treasury + self.registered - self.stake

    def size(self, fund, stage="registered"):
        return float(self.funds[fund][f"{stage}_cny_bn"])

    def rule(self, rule):
        return float(self.rules[rule]["value"])

    def compared(self, row):
        return float(self.comparators[row]["amount"])

    def partner_money(self, funds, *kinds):
        rows = [row for row in self.partners.values() if row["fund_id"] in funds and row["partner_kind"] in kinds]
        return [float(row["amount_cny_bn"]) for row in rows]

    def stakes(self, funds, end=""):
        """Money of the national fund in these funds; at the end of its span where only a span is known."""
        rows = [
            row for row in self.partners.values() if row["fund_id"] in funds and row["partner_kind"] == "national_fund"
        ]
        return sum(float(row[f"amount_{end}cny_bn"] or row["amount_cny_bn"]) for row in rows)

    def disclosed(self):
        """Funds whose stake has no span."""
        return [key for key in self.regional if self.stakes([key], "low_") == self.stakes([key], "high_")]

    def bay_state(self):
        return self.partner_money([BAY], "national_fund", "local_state_vehicle")

    def unnamed(self):
        return sum(self.partner_money(self.regional, "unnamed", "private", "bank_or_insurer"))

    def multiplier(self, case):
        """Money of others that a yuan in sub-funds must draw, so that all adds to the announced size."""
        base = self.target if case.startswith("targets") else self.registered
        base *= self.treasury / self.stake if case.endswith("all") else 1
        direct = base * (100 - self.rule("nvcgf_subshare")) / 100 if case.endswith("direct") else 0.0
        return (self.announced - direct) / (base - direct)

    def of_state(self, *stages):
        """First of some amounts of technology funds of the state that lie in no other with an amount, by fund."""
        rows = {
            key: float(amounts[0])
            for key, row in self.funds.items()
            if row["kind"] == "fund"
            and row["umbrella"] == "false"
            and row["theme"] not in {"sme", "soe", "other"}
            and (amounts := [row[f"{stage}_cny_bn"] for stage in stages if row[f"{stage}_cny_bn"]])
            and documented(self.raw, row)
        }
        alone = {key: amount for key, amount in rows.items() if not set(self.holders(key)) & set(rows)}
        if stages == ("registered",):
            alone[NATIONAL] = self.once
        if "registered" in stages:
            for partner in self.partners.values():
                holder = partner["partner_fund_id"]
                if partner["fund_id"] in self.regional and holder in alone and holder != NATIONAL:
                    alone[holder] -= float(partner["amount_cny_bn"])
        return alone

    def headlines(self):
        """The size by which each technology fund of the state is known."""
        return self.of_state("announced", "registered", "first_close")

    def all_guidance(self, what):
        return float(self.guidance["zero2ipo-all-guidance-funds_2024-12-31"][f"cum_{what}_cny_bn"])

    def holders(self, fund):
        while fund := self.funds[fund]["parent_id"]:
            yield fund

    def months(self):
        """Months that have gone by whole until the last regional fund was registered."""
        first = date.fromisoformat(self.funds[NATIONAL]["announced_on"])
        last = max(date.fromisoformat(self.funds[fund]["established_on"]) for fund in self.regional)
        return sum(1 for count in range(1, 500) if _later(first, count) <= last)


def _later(day, months):
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, day.day)


EARLY = (("china_invest_2025_itjuzi", "stage_early_2025"), ("china_invest_2023", "stage_early_h1_2025"))
MULTIPLIERS = ("targets_placed", "registered_placed", "targets_all", "registered_all", "targets_direct")
EXPECTED = {
    "regional_registered": (lambda t: t.registered, "{:.1f}bn yuan"),
    "regional_target": (lambda t: t.target, "{:.2f}bn yuan"),
    "national_stake": (lambda t: t.stake, "{:.0f}bn yuan"),
    "partner_money": (lambda t: t.registered - t.stake, "{:.1f}bn yuan"),
    "registered_once": (lambda t: t.once, "{:.1f}bn yuan"),
    "registered_share": (lambda t: 100 * t.once / t.announced, "{:.0f} percent"),
    "still_to_raise": (lambda t: t.announced - t.once, "{:.0f}bn yuan"),
    "still_to_raise_share": (lambda t: 100 - 100 * t.once / t.announced, "{:.0f} percent"),
    "treasury_share": (lambda t: 100 * t.treasury / t.announced, "{:.0f} percent"),
    "treasury_unplaced": (lambda t: t.treasury - t.stake, "{:.0f}bn yuan"),
    "hoped_multiple": (lambda t: t.announced / t.treasury, "{:.0f} times"),
    "regional_count": (lambda t: len(t.regional), "{}"),
    "registered_once_range": (
        lambda t: (t.treasury + t.registered - t.most, t.treasury + t.registered - t.least),
        "{:.0f} to {:.0f}bn yuan",
    ),
    "first_tier": (lambda t: sum(map(t.size, t.disclosed())) / t.stakes(t.disclosed()), "{:.2f} times"),
    "bay_state": (lambda t: sum(t.bay_state()), "{:.1f}bn yuan"),
    "bay_state_share": (lambda t: 100 * sum(t.bay_state()) / t.size(BAY), "{:.0f} percent"),
    "bay_state_count": (lambda t: len(t.bay_state()), "{}"),
    "possibly_private": (lambda t: t.unnamed(), "{:.1f}bn yuan"),
    "possibly_private_share": (lambda t: 100 * t.unnamed() / t.registered, "{:.1f} percent"),
    **{f"multiplier_{case}": (lambda t, case=case: t.multiplier(case), "{:.1f} times") for case in MULTIPLIERS},
    "multiplier_range": (
        lambda t: (min(map(t.multiplier, MULTIPLIERS)), max(map(t.multiplier, MULTIPLIERS))),
        "{:.1f} to {:.1f} times",
    ),
    "early_floor": (lambda t: t.announced * t.rule("nvcgf_early") / 100 / t.years, "{:.0f}bn yuan"),
    "early_market": (
        lambda t: t.compared("china_invest_2023") * t.compared("stage_early_h1_2025") / 100,
        "{:.0f}bn yuan",
    ),
    "early_market_itjuzi": (
        lambda t: t.compared("china_invest_2025_itjuzi") * t.compared("stage_early_2025") / 100,
        "{:.0f}bn yuan",
    ),
    "floor_over_market": (
        lambda t: tuple(
            t.announced * t.rule("nvcgf_early") / t.years / t.compared(money) / t.compared(share)
            for money, share in EARLY
        ),
        "{:.1f} to {:.1f} times",
    ),
    **{
        f"equity_{year}": (lambda t, year=year: t.compared(f"china_invest_{year}"), form)
        for year, form in ((2021, None), (2023, "{:.0f}bn yuan"))
    },
    "north_unnamed_share": (
        lambda t: 100 * sum(t.partner_money(["cn_nvcgf_bth"], "unnamed")) / t.size("cn_nvcgf_bth"),
        "{:.0f} percent",
    ),
    "subfund_ceiling": (lambda t: t.rule("nvcgf_subs") * t.rule("nvcgf_subsize") / 1000, "{:.0f}bn yuan"),
    "tickets": (lambda t: t.announced / (t.rule("nvcgf_ticket") / 1000), "{:,.0f}"),
    "bond_share": (lambda t: 100 * t.treasury / t.compared("ulsb_2025"), "{:.1f} percent"),
    "deal_loss_share": (lambda t: 100 * t.loss_share, "{:.0f} percent"),
    "months": (Plain.months, "{}"),
    "state_share_announced": (lambda t: 100 * t.announced / sum(t.headlines().values()), "{:.0f} percent"),
    "state_share_registered": (lambda t: 100 * t.once / sum(t.of_state("registered").values()), "{:.0f} percent"),
    "state_announced": (lambda t: sum(t.headlines().values()), None),
    "state_registered": (lambda t: sum(t.of_state("registered").values()), None),
    "state_funds_announced": (lambda t: len(t.headlines()), "{}"),
    "state_funds_registered": (lambda t: len(t.of_state("registered")), "{}"),
    "guidance_share_announced": (lambda t: 100 * t.announced / t.all_guidance("target"), "{:.0f} percent"),
    "fields": (lambda t: len(t.funds[NATIONAL]["sectors"].split(";")), "{}"),
}
"""Each number with its second computation and the way it is printed."""


def value(ref: str) -> object:
    return number(ref).value


def bounds(ref: str) -> tuple[float, float]:
    shown = value(ref)
    assert isinstance(shown, Range)
    return shown.low, shown.high


@pytest.fixture(scope="module")
def plain(raw):
    return Plain(raw)


@pytest.mark.parametrize("name", EXPECTED)
def test_number(plain, name):
    compute, form = EXPECTED[name]
    expected = compute(plain)
    if isinstance(expected, tuple):
        assert bounds(f"funds.{name}") == pytest.approx(expected)
    else:
        assert value(f"funds.{name}") == pytest.approx(expected)
        expected = (expected,)
    if form:
        assert number(f"funds.{name}").text() == form.format(*expected)


def test_partners_add_to_the_registered_size_of_each_regional_fund(raw):
    partners, funds = raw("fund_partners"), raw("funds")
    for fund in ("cn_nvcgf", "cn_nvcgf_bth", "cn_nvcgf_yrd", "cn_nvcgf_gba", "cn_sme_2020", "cn_bigfund3"):
        amount = sum(float(p["amount_cny_bn"]) for p in partners.values() if p["fund_id"] == fund)
        assert amount == pytest.approx(float(funds[fund]["registered_cny_bn"])), fund


def test_known_sums_of_the_ai_fund(raw, plain):
    deals = [
        row
        for row in raw("fund_amounts_alt").values()
        if row["fund_id"] == "cn_ai_fund" and row["stage"] == "invested" and row["role"] in {"part", "statement"}
    ]
    known = sum(float(row["amount_cny_bn"]) for row in deals if row["amount_cny_bn"])
    assert (value("funds.ai_fund_firms"), value("funds.ai_fund_known")) == (len(deals), pytest.approx(known))
    assert value("funds.ai_fund_known_share") == pytest.approx(100 * known / plain.size("cn_ai_fund"))


def test_a_stake_of_another_fund_in_a_regional_fund_is_registered_once(raw, ctx):
    """The Guangdong fund and the regional fund both register it."""
    held = float(raw("fund_partners")["cn_nvcgf_gba_guangdong"]["amount_cny_bn"])
    own = counted_once(ctx, "registered").loc["gd_sei_fund", "amount_cny_bn"]
    assert held > 0
    assert own == pytest.approx(float(raw("funds")["gd_sei_fund"]["registered_cny_bn"]) - held)


@pytest.mark.parametrize("stage", ["registered", "first_close"])
def test_shares_of_the_trillion_are_of_one_set_of_funds(ctx, plain, stage):
    """A fund that registered money, or one that holds it, has a headline: else the shares would be of different funds."""
    headlines, later = counted_once(ctx, "announced"), counted_once(ctx, stage)
    assert all({fund, *plain.holders(fund)} & set(headlines.index) for fund in later.index)
    chips = headlines.loc[headlines["owner"].eq("chips"), "amount_cny_bn"].sum()
    assert chips == pytest.approx(sum(plain.size(key) for key in ("cn_bigfund1", "cn_bigfund2", "cn_bigfund3")))


def test_what_the_chart_of_the_state_draws_is_what_the_rows_add_to(ctx, plain):
    """The bars carry these sums alone: the text says in words that the chip funds registered more."""
    drawn = state_money(ctx).set_index(["stage", "owner"])["amount_cny_bn"]
    registered, opened = plain.of_state("registered"), plain.of_state("first_close")
    of_council = {key for key in {*registered, *opened} if "cn_ssf" in plain.holders(key)}
    held = sum(amount for key, amount in registered.items() if key in of_council)
    first = sum(a for key, a in opened.items() if key in of_council and not plain.funds[key]["registered_cny_bn"])
    assert drawn[COMPARED_STAGES["registered"], OWNERS["social_security"]] == pytest.approx(held)
    assert drawn[COMPARED_STAGES["first_close"], OWNERS["social_security"]] == pytest.approx(first)
    assert drawn[COMPARED_STAGES["registered"], OWNERS["chips"]] > plain.once


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


def test_counts_of_two_firms_are_not_set_side_by_side(book, raw):
    """A share of what one firm calls the market is none of what another counts: the table of comparisons forbids it."""
    rows = raw("comparators")
    apart = {key for key, row in rows.items() if "not to be set beside it" in row["note"]}
    assert apart
    assert all(funds.counted_by(rows[key]["name"]) for key in apart)
    for money in apart:
        for other, row in rows.items():
            if row["unit"] == "pct" and funds.counted_by(row["name"]) not in (
                "",
                funds.counted_by(rows[money]["name"]),
            ):
                with pytest.raises(ValueError, match="not to be set side by side"):
                    funds.early_part(Reader(book), money, other)
    with pytest.raises(ValueError, match="IT Juzi and Zero2IPO: not to be set side by side"):
        funds.early_part(Reader(book), "china_invest_2023", "stage_early_2025")
    for money, share in (funds.EARLY_OWN, funds.EARLY_LOW):
        firms = {funds.counted_by(rows[row]["name"]) for row in (money, share)}
        assert len(firms - {""}) == 1, "the ratio by a firm's own count is in the range, and none that mixes two"
    over, own = number("funds.floor_over_market").value, number("funds.early_market_itjuzi").value
    assert over.low == pytest.approx(number("funds.early_floor").value / own)


def test_leverage_under_each_definition(raw):
    cases = {key: row for key, row in raw("leverage_cases").items() if row["own_cny_bn"]}
    assert cases
    for key, row in cases.items():
        for name, column in (("total_over_own", "total_cny_bn"), ("others_over_own", "others_cny_bn")):
            shown, expected = number(f"funds.{name}[{key}]"), float(row[column]) / float(row["own_cny_bn"])
            assert shown.value == pytest.approx(expected)
            assert shown.text("bare") == f"{expected:.1f}"


def test_each_bar_of_leverage_says_what_its_page_counts(book, raw):
    """A size that was planned or approved is no commitment, and the figure says so of each programme."""
    figure = figures.leverage.of(book)
    stages = {key: row["stage"] for key, row in raw("leverage_cases").items()}
    for key, row in raw("leverage_cases").items():
        for words, stage in (
            ("Planned sizes", "planned"),
            ("approved funds", "approved"),
            ("Sizes of sub-funds", "fund_sizes"),
        ):
            if words in row["note"]:
                assert stages[key] == stage, key
        assert (row["basis"] == "hoped") == (stages[key] == "hoped")
        assert stages[key] in funds.STANDING_OF
        if row["basis"] == "on_record":
            told = funds.STAGE_TOLD[row["stage"]]
            ratio = float(row["total_cny_bn"]) / float(row["own_cny_bn"])
            assert f"{row['name']} ({told}): {ratio:.1f}." in figure.alt
            assert f"({told})" in figure.wide
            assert told in figure.must
    assert "Not all of it is committed" in figure.must
    drawn = funds.leverage_on_record(Reader(book))
    assert (drawn["standing"].eq("registered") == drawn["stage"].eq("registered")).all()
    assert {label for *_, label in figure.legend} == {
        "registered",
        "told as drawn in",
        "sizes of funds, planned or approved",
        "hoped for",
    }
    for standing, words in figures.STANDING_WORDS.items():
        most = drawn.loc[drawn["standing"].eq(standing), "total_over_own"].max()
        assert f"{words} up to {most:.1f} times" in figure.title


def test_the_chart_of_state_money_says_of_what_its_shares_are(book):
    """A trillion is no share of what is registered: the fund's own registered money is."""
    told = figures.state_money.of(book)
    title, note = (text.replace("*", "") for text in (told.title, told.note))
    share, funds = (number(f"funds.state_{what}_announced").text() for what in ("share", "funds"))
    assert f"{share} of the headlines of {funds} state technology funds" in title
    assert "registered" not in title
    for ref in ("funds.registered_once", "funds.state_share_registered", "funds.state_registered"):
        assert number(ref).text() in note
    assert f"that {number('funds.state_funds_registered').text()} funds registered" in note


def test_leverage_of_a_case_without_both_amounts_cannot_be_computed():
    with pytest.raises(ValueError, match="india"):
        number("funds.total_over_own[india]")


def _told(book, rows):
    """Rows of funds that more than self-published pages tell of."""
    kinds = {key: text["kind"] for key, text in book.table("sources").text.items()}
    weak = {"blog", "code_sharing", "social"}
    return {key: row for key, row in rows.items() if {kinds[one] for one in row["source_keys"].split(";")} - weak}


def test_a_fund_that_only_a_digest_site_tells_of_is_in_no_count(book, raw):
    """One rule for all: whoever is silent and whoever has opened; with them in, both counts are printed."""
    left = set(raw("funds")) - set(_told(book, raw("funds")))
    assert left == {"hb_humanoid"}
    assert "hb_humanoid" not in recent_ai_funds(Reader(book)).index
    sources = book.table("sources").text
    digests = {key for key, text in sources.items() if "Digest." in text["note"]}
    only = {key for key, row in raw("funds").items() if set(row["source_keys"].split(";")) <= digests}
    assert only <= left, "told of by a digest alone, and counted"
    of_kind = _ai_vehicles({key: row for key, row in raw("funds").items() if key in left})
    quiet = [row for row in of_kind.values() if not any(row[f"{stage}_cny_bn"] for stage in STAGES)]
    assert value("funds.phase_all_with_weak") == value("funds.phase_all") + len(of_kind)
    assert value("funds.phase_silent_with_weak") == value("funds.phase_silent") + len(quiet)


def test_each_fund_for_which_no_later_sum_was_found_was_asked_for_by_name(book, raw):
    """A claim of absence of one fund rests on words that name it, and not on a question about all."""
    asked = dict[str, str]()
    for query in raw("searches")["local_phases"]["words_zh"].split("; "):
        names, _, words = query.partition(": ")
        asked.update(dict.fromkeys(names.split(" / "), words))
    reader = Reader(book)
    ai_funds, local = recent_ai_funds(reader), local_targets(reader)
    silent = {*ai_funds.index[ai_funds["silent"]], *local.index[local["silent"]]}
    assert silent
    unasked = {raw("funds")[key]["name_short"] for key in silent} - {name for name, words in asked.items() if words}
    assert not unasked


def test_of_silent_funds_a_sum_was_not_found_and_pages_say_no_more(raw):
    """The search says what came closest: rules, managers and first meetings of some of them were found."""
    told = [
        RESULTS[f"funds.{name}"].title for name in ("local_silent", "silent_groups", "phase_silent", "silent_oldest")
    ]
    told.append(raw("calls")["local_more"]["statement"])
    assert all(re.search(r"no (later )?sum", text) for text in told)
    assert not any(re.search(r"nothing (\w+ ){0,4}found", text) for text in told)


def _ai_vehicles(rows):
    return {
        key: row
        for key, row in rows.items()
        if row["level"] in LOCAL and row["kind"] == "fund" and row["umbrella"] == "false"
        and row["theme"] == "ai_robot_data" and row["announced_on"][:4] >= "2023" and row["announced_cny_bn"]
    }  # fmt: skip


def test_first_phases(book, raw):
    funds = _ai_vehicles(_told(book, raw("funds")))
    assert set(recent_ai_funds(Reader(book)).index) == set(funds)
    known = {k: r for k, r in funds.items() if r["first_close_cny_bn"]}
    shares = [100 * float(r["first_close_cny_bn"]) / float(r["announced_cny_bn"]) for r in known.values()]
    assert value("funds.phase_count") == len(known)
    assert value("funds.phase_all") == len(funds)
    silent = [r for r in funds.values() if not any(r[f"{stage}_cny_bn"] for stage in STAGES)]
    assert value("funds.phase_silent") == len(silent)
    days = sorted(r["announced_on"] for r in silent)
    assert (value("funds.silent_oldest"), value("funds.silent_youngest")) == (days[0], days[-1])
    assert value("funds.phase_median") == pytest.approx(median(shares))
    assert bounds("funds.phase_range") == (pytest.approx(min(shares)), pytest.approx(max(shares)))
    low, high = np.quantile(shares, [0.25, 0.75])
    assert bounds("funds.phase_quartiles") == (pytest.approx(low), pytest.approx(high))
    pooled = 100 * sum(float(r["first_close_cny_bn"]) for r in known.values())
    assert value("funds.phase_pooled") == pytest.approx(
        pooled / sum(float(r["announced_cny_bn"]) for r in known.values())
    )
    exactly = sum(r["first_close_cny_bn"] == "2" and r["announced_cny_bn"] == "10" for r in known.values())
    assert value("funds.phase_template") == exactly


def test_a_fund_that_registered_money_is_not_silent(ctx):
    """The fund of Suzhou named no first phase and registered all of its money."""
    funds, local = recent_ai_funds(ctx), local_targets(ctx)
    assert not funds.loc["js_suzhou_cetc", "silent"]
    # Both counts mean the same by silence.
    assert funds["silent"].equals(local.loc[funds.index, "silent"].rename("silent"))


def test_silent_funds_come_first_and_the_oldest_before_the_others(ctx):
    """The finding is what nobody told, so that the drawing begins with it."""
    funds = recent_ai_funds(ctx)
    silent = funds.loc[funds["silent"], "announced_on"]
    assert funds["silent"].is_monotonic_decreasing
    assert funds["share_pct"].notna().is_monotonic_increasing
    assert silent.is_monotonic_increasing


def test_promises_that_were_met_whole(ctx, raw):
    rows = raw("funds")
    local = [rows[key] for key in local_targets(ctx).index if rows[key]["registered_cny_bn"]]
    whole = [r for r in local if float(r["registered_cny_bn"]) >= float(r["announced_cny_bn"])]
    assert value("funds.local_whole") == len(whole)


def test_first_phases_leave_out_clusters_and_older_funds(book):
    sample = recent_ai_funds(Reader(book)).index
    funds = book.table("funds").text
    assert all(funds[f]["kind"] == "fund" and funds[f]["announced_on"] >= "2023" for f in sample)
    assert "sh_ai_2019" not in sample
    assert not {f for f, text in funds.items() if text["umbrella"] == "true"} & set(sample)


def test_local_vehicles_with_nothing_but_a_target(book, raw):
    alternative = {
        row["fund_id"]
        for row in raw("fund_amounts_alt").values()
        if row["role"] in {"part", "later", "earlier", "statement"}
        and row["amount_cny_bn"]
        and row["stage"] != "announced"
    }
    rows = _told(book, raw("funds"))
    local = {k: r for k, r in rows.items() if r["level"] in LOCAL and r["announced_cny_bn"]}
    counted_by_member = {r["parent_id"] for r in local.values()}
    local = {k: r for k, r in local.items() if r["umbrella"] == "false" or k not in counted_by_member}
    assert {"bj_robot", "bj_ai", "sh_three"} <= set(local)
    assert "bj_eight" not in local, "two of the eight are counted"
    opened = {r["parent_id"] for r in rows.values() if any(r[f"{s}_cny_bn"] for s in STAGES)}
    quiet = {k for k, r in local.items() if not any(r[f"{s}_cny_bn"] for s in STAGES)}
    assert "ah_guide" in quiet & opened, "a fund inside it has opened"
    silent = sorted(quiet - alternative - opened)
    assert value("funds.local_count") == len(local)
    assert value("funds.local_silent") == len(silent)
    groups = {k for k, r in local.items() if r["umbrella"] == "true"}
    assert value("funds.local_groups") == len(groups), "a group of funds has no first phase by nature"
    assert value("funds.silent_groups") == len(groups & set(silent))


def test_guidance_line_holds_one_provider(book, raw):
    rows = raw("guidance_funds_by_year")
    frame = guidance_by_year(Reader(book))
    assert set(frame.index) == {k for k, r in rows.items() if r["cum_target_cny_bn"] or r["cum_subscribed_cny_bn"]}
    for key in frame.index:
        target, subscribed = (rows[key][f"cum_{amount}_cny_bn"] for amount in ("target", "subscribed"))
        if target and subscribed:
            share = value(f"funds.subscribed_share[{key}]")
            assert share == pytest.approx(100 * float(subscribed) / float(target))


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
        if whole and row["stage_class"] in {"seed", "angel", "seed_or_angel"} and row["standing"] == "holds":
            places[row["place"]] = max(places.get(row["place"], 0), float(row["value"]))
    assert value("funds.ceiling_places") == len(places) > 0
    assert value("funds.ceiling_eighty") == list(places.values()).count(80)
    single = {
        rules[r]["place"]
        for r in expected
        if (rules[r]["what_is_counted"], rules[r]["value"], rules[r]["standing"]) == ("single_project", "100", "holds")
    }
    assert value("funds.single_total") == len(single)
    drawn = [key for key in expected if rules[key]["standing"] == "holds" and rules[key]["what_is_counted"]]
    assert value("funds.ceilings_all") == len(expected)
    assert value("funds.ceilings_apart") == len(expected) - len(drawn)


def test_rules_are_drawn_seed_funds_first_and_deals_alone_last(ctx):
    drawn = sourced_ceilings(ctx)
    groups = [(row.what_is_counted == "single_project", not row.seed, -row.value) for row in drawn.itertuples()]
    assert groups == sorted(groups)
    assert not drawn.loc[drawn["what_is_counted"].eq("single_project"), "seed"].any()


def test_chance_beside_a_rule_never_reads_as_zero(book):
    whole = loss_ceilings(Reader(book)).query("what_is_counted != 'single_project'")
    assert all(float(number(f"model.ceiling[{rule}]").text("bare")) > 0 for rule in whole.index)
    assert number("model.ceiling_80_100").text() == "0.03 percent"


def test_newest_date_is_of_the_funds_that_it_is_told_of(book, raw):
    counted = _told(book, _ai_vehicles(raw("funds")))
    assert len(counted) == value("funds.phase_all")
    assert value("funds.latest") == max(row["as_of"] for row in counted.values())


def test_a_fund_without_a_first_phase_has_no_other_sum(book):
    """The few stages that are compared say as much as all stages and all other amounts."""
    recent, local = recent_ai_funds(Reader(book)), local_targets(Reader(book))
    silent = recent.index[recent["silent"]]
    assert len(silent) == value("funds.phase_silent")
    assert local.loc[silent, "silent"].all()


def test_a_firm_is_counted_once_among_those_of_the_ai_fund(raw):
    rows = [
        row
        for row in raw("fund_amounts_alt").values()
        if row["fund_id"] == "cn_ai_fund" and row["stage"] == "invested" and row["role"] in {"part", "statement"}
    ]
    firms = {row["what"].replace(",", ":").partition(":")[0] for row in rows}
    assert value("funds.ai_fund_firms") == len(rows) == len(firms)


def test_each_count_of_funds_says_that_it_passes_over_self_published_pages(book, raw):
    assert _told(book, raw("funds")).keys() < raw("funds").keys()
    states = [f"state_{what}_announced" for what in ("funds", "share")] + [
        "state_announced",
        "state_share_with_mergers",
    ]
    for name in ("phase_count", "phase_all", "phase_silent", "local_count", "local_silent", *states):
        assert "self-published" in number(f"funds.{name}").formula
