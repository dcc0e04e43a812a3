"""One yuan followed, the trillion beside other amounts, and the strips of earlier promises."""

from __future__ import annotations

import pandas as pd
import pytest

from patient_capital.analysis import funds
from patient_capital.analysis.overview import (
    PROMISE_COLUMNS,
    age_years,
    hoped_in_all,
    national_promises,
    one_yuan,
    over_announced,
    plans,
    promises,
    regional_dates,
    scale,
    stages_found,
    steps_of_a_yuan,
)
from patient_capital.figures import overview as figures
from patient_capital.provenance.registry import number


def test_every_yuan_of_a_step_is_counted_once(ctx, raw):
    """The frame is computed from the tables, the title from results: they must agree."""
    steps = one_yuan(ctx)
    amounts = steps.groupby("step", sort=False)["amount_cny_bn"].sum(min_count=1)
    assert list(amounts.index) == ["promise", "treasury", "regions", "sub_funds", "firms"]
    assert amounts["promise"] == number("funds[cn_nvcgf].announced_cny_bn").value
    assert amounts["regions"] == pytest.approx(number("funds.registered_once").value)
    kinds = steps.loc[steps["step"].eq("regions")].groupby("kind")["amount_cny_bn"].sum()
    assert kinds["treasury"] == pytest.approx(amounts["treasury"]), (
        "what is in the regions is not added to the treasury"
    )
    assert kinds["state"] == pytest.approx(number("overview.state_partners").value)
    assert kinds["unnamed"] == pytest.approx(number("funds.possibly_private").value)
    regions = steps.loc[steps["region"].ne("")].groupby("region", sort=False)["amount_cny_bn"].sum()
    funds_of = [row for row in raw("funds").values() if row["parent_id"] == "cn_nvcgf"]
    assert sorted(regions) == pytest.approx(sorted(float(row["registered_cny_bn"]) for row in funds_of))


def test_the_promise_is_the_one_of_which_the_share_is_taken(book, ctx, raw):
    """The words of March name others' money alone; the share divides by all tiers, which is the sum of the launch."""
    promise = one_yuan(ctx).set_index("step").loc["promise"]
    assert promise["date"] == raw("leverage_cases")["fund_2025"]["date"] > raw("funds")["cn_nvcgf"]["announced_on"]
    share = 100 * number("funds.registered_once").value / promise["amount_cny_bn"]
    assert number("funds.registered_share").value == pytest.approx(share)
    assert number("funds.partner_share").text() in figures.one_yuan.of(book).must


def test_where_no_amount_is_known_letters_of_intent_are_counted(ctx):
    last = one_yuan(ctx).set_index("step").loc[["sub_funds", "firms"]]
    assert last["amount_cny_bn"].isna().all()
    assert last["letters"].tolist() == [49, 27]
    assert last.loc["sub_funds", "planned"] == 600


def test_a_private_partner_is_shown_as_one(ctx):
    partners = funds.partners(ctx)
    partners.loc["cn_nvcgf_gba_rest", "partner_kind"] = "private"
    steps = steps_of_a_yuan(hoped_in_all(ctx), funds.national_fund(ctx), partners, regional_dates(ctx), plans(ctx))
    assert steps.loc[steps["kind"].eq("private"), "amount_cny_bn"].tolist() == [2.15]


def test_a_split_that_is_not_published_is_said_to_be_assumed(ctx):
    """The stake of the national fund in the Yangtze fund, and with it what is in no region yet."""
    steps = one_yuan(ctx)
    assumed = steps.loc[steps["assumed"]]
    assert set(assumed["region"]) == {"", "Yangtze delta"}
    assert assumed["step"].eq("regions").all()


def test_named_state_partners():
    assert number("overview.state_partners").value == pytest.approx(27.1 + 18.9 + 4)


def test_the_trillion_stands_in_its_place_by_size(ctx):
    amounts = scale(ctx)
    assert amounts["amount_usd_bn"].is_monotonic_decreasing
    assert amounts.index[amounts["the_trillion"]].tolist() == ["nvcgf_headline", "a_year", "for_young"]
    assert amounts.loc["a_year", "amount_usd_bn"] == pytest.approx(13.8)
    assert amounts.loc["for_young", "amount_usd_bn"] == pytest.approx(13.8 * 0.7)
    assert amounts.loc[["early_low", "early_high"], "amount_usd_bn"].tolist() == pytest.approx(
        [97.8 * 0.09, 114.3 * 0.25]
    )
    assert number("overview.year_over_bigtech").value == pytest.approx(100 * 13.8 / 223)


def test_background_is_what_a_page_says():
    shown = number("overview.background[npc_never_rejected]")
    assert shown.value is True
    assert [source.key for source in shown.sources] == ["dw_npc_20130306"]
    with pytest.raises(KeyError):
        number("overview.background[unheard_of]")


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2018", "2019", 365 / 365.25),
        ("2015-09", "2019-04-12", 1319 / 365.25),
        ("2025-03-06", "2025-12-26", 295 / 365.25),
    ],
)
def test_age(start, end, years):
    assert age_years(start, end) == pytest.approx(years)


def test_promises_are_scaled_to_their_own_announced_size(ctx, raw):
    frame = promises(ctx)
    assert list(dict.fromkeys(frame["fund_id"])) == list(national_promises(ctx).index)
    funds = raw("funds")
    for row in frame.itertuples():
        announced = funds[row.fund_id]["announced_cny_bn"]
        if not announced or not row.stage:
            continue
        if row.fund_id == "cn_nvcgf":
            assert row.amount_cny_bn == pytest.approx(161.796)
        else:
            assert row.amount_cny_bn == float(funds[row.fund_id][f"{row.stage}_cny_bn"])
        assert row.share_pct == pytest.approx(100 * row.amount_cny_bn / float(announced))


def test_promises_are_all_earlier_national_ones_with_a_size(ctx, raw):
    """A choice by hand could leave out those that came further."""
    of_table = {
        fund
        for fund, row in raw("funds").items()
        if row["level"] == "national" and not row["parent_id"] and row["countable"] == "true"
        if row["announced_cny_bn"] and row["announced_on"] <= raw("funds")["cn_nvcgf"]["announced_on"]
    }
    assert set(promises(ctx)["fund_id"]) == of_table
    assert {"cn_neivc_2015", "cn_soe_guochuang_2017", "cn_soe_restructure2"} < of_table
    assert promises(ctx)["announced_cny_bn"].notna().all()


def test_promise_without_a_second_figure_stays_empty(ctx):
    frame = promises(ctx)
    emerging = frame.loc[frame["fund_id"] == "cn_neivc_2015"]
    assert emerging["amount_cny_bn"].isna().all()
    assert emerging["share_pct"].isna().all()


def test_the_second_layer_takes_about_as_much_as_the_fourth_cost():
    assert number("overview.fees_like_fourth").value is True


def test_promises_that_were_last_seen_young_are_counted_and_told(book, ctx):
    """A bar that is short because nobody looked later must not read as a promise that failed."""
    earlier = promises(ctx).drop_duplicates("fund_id").query("fund_id != 'cn_nvcgf'")
    young = int((earlier["age_years"] <= 6 / 12).sum())
    assert number("overview.seen_young").value == young == 4
    figure = figures.promises.of(book)
    for told in (figure.title, figure.must):
        assert "four" in told
        assert "within six months" in told
    assert "what was found, not what happened" in figure.must


def test_stages_found_lists_each_known_stage_once():
    frame = pd.DataFrame(
        {column: [None, None] for column in PROMISE_COLUMNS}
        | {"name_short": ["A", "B"], "announced_on": ["2020", None], "as_of": ["2021-01", "2021"]}
        | {"announced_cny_bn": [10.0, 5.0], "approved_cny_bn": [8.0, None], "paid_in_cny_bn": [2.0, None]},
        index=["a", "b"],
    )
    found = over_announced(stages_found(frame))
    assert found["fund_id"].tolist() == ["a", "a", "b"]
    assert found["stage"].tolist() == ["approved", "paid_in", ""]
    assert found["share_pct"].iloc[:2].tolist() == [80, 20]
    assert found["age_years"].iloc[0] == pytest.approx(366 / 365.25)
    assert found[["share_pct", "age_years", "amount_cny_bn"]].iloc[2].isna().all()


def test_funds_that_reached_their_headline_are_told_beside_promises_that_did_not(ctx, raw):
    """That none of the promises drawn was found whole is no claim about all."""
    later = [
        column for column in raw("funds")["cn_nvcgf"] if column.endswith("_cny_bn") and column != "announced_cny_bn"
    ]
    whole = [
        float(row["announced_cny_bn"])
        for fund, row in raw("funds").items()
        if fund not in national_promises(ctx).index and row["countable"] == "true" and row["announced_cny_bn"]
        if max((float(row[column]) for column in later if row[column]), default=0) >= float(row["announced_cny_bn"])
    ]
    assert number("overview.others_reached").value == len(whole) > 0
    assert number("overview.largest_reached").value == max(whole)


def test_no_promise_has_reached_its_headline(ctx):
    assert promises(ctx)["share_pct"].dropna().max() < 100
    assert number("overview.none_reached").value is True
