"""The thousand squares and the strips of earlier promises."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_capital.analysis import funds
from patient_capital.analysis.overview import (
    PROMISE_COLUMNS,
    PROMISES,
    SQUARE_REFS,
    age_years,
    in_squares,
    largest_remainder,
    money_by_kind,
    over_announced,
    promises,
    squares,
    stages_found,
)
from patient_capital.provenance.registry import number


def test_squares_are_exactly_one_thousand(ctx):
    frame = squares(ctx)
    assert frame["squares"].sum() == 1000
    assert dict(zip(frame["kind"], frame["squares"], strict=True)) == {
        "treasury": 100, "state": 50, "unnamed": 12, "open": 838,
    }  # fmt: skip


def test_amounts_of_the_squares_are_the_numbers_of_the_book(ctx, raw):
    """The frame is computed from the tables, the title from results: they must agree."""
    frame = squares(ctx).set_index("kind")["amount_cny_bn"]
    assert frame.to_dict() == pytest.approx({kind: number(ref).value for kind, ref in SQUARE_REFS.items()})
    fund, partners = raw("funds"), raw("fund_partners").values()
    regional = sum(float(f["registered_cny_bn"]) for f in fund.values() if f["parent_id"] == "cn_nvcgf")
    stakes = sum(
        float(p["amount_cny_bn"])
        for p in partners
        if p["partner_kind"] == "national_fund" and p["fund_id"].startswith("cn_nvcgf_")
    )
    assert frame[["state", "unnamed"]].sum() == pytest.approx(regional - stakes)


def test_a_larger_stake_lowers_the_money_of_partners(ctx):
    national, partners = funds.national_fund(ctx), funds.partners(ctx)
    money = money_by_kind(national, partners, partner_money=56.796).set_index("kind")["amount_cny_bn"]
    assert money.to_dict() == pytest.approx({"treasury": 100, "state": 50, "unnamed": 6.796, "open": 843.204})


@pytest.mark.parametrize(("size", "counts"), [(1, [100, 50, 12, 838]), (2, [50, 25, 6, 419]), (100, [1, 1, 0, 8])])
def test_squares_of_another_size(ctx, size, counts):
    money = squares(ctx)[["kind", "amount_cny_bn"]]
    assert in_squares(money, square_cny_bn=size)["squares"].tolist() == counts


def test_money_that_partners_do_not_have_is_refused(ctx):
    money = money_by_kind(funds.national_fund(ctx), funds.partners(ctx), partner_money=40)
    with pytest.raises(ValueError, match="must not be negative"):
        in_squares(money)


def test_no_square_is_invested(ctx):
    assert "invested" not in set(squares(ctx)["kind"])


def test_named_state_partners():
    assert number("overview.state_partners").value == pytest.approx(27.1 + 18.9 + 4)


@given(st.lists(st.floats(0, 500), min_size=1, max_size=8))
def test_largest_remainder_adds_to_the_total_and_moves_no_amount_by_one(amounts):
    series = pd.Series(amounts)
    total = round(series.sum())
    if abs(series.sum() - total) >= 1:
        return
    whole = largest_remainder(series, total)
    assert whole.sum() == total
    assert ((whole - series).abs() < 1).all()


@pytest.mark.parametrize(("amounts", "total"), [([1.5, -0.5], 1), ([10.0, 20.0], 40)])
def test_largest_remainder_refuses_what_cannot_add_up(amounts, total):
    with pytest.raises(ValueError, match="must add to"):
        largest_remainder(pd.Series(amounts), total)


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
    assert list(dict.fromkeys(frame["fund_id"])) == list(PROMISES)
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


def test_promise_without_a_second_figure_stays_empty(ctx):
    frame = promises(ctx)
    tianjin = frame.loc[frame["fund_id"] == "tj_ai"]
    assert tianjin["amount_cny_bn"].isna().all()
    assert tianjin["share_pct"].isna().all()


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


def test_no_promise_has_reached_its_headline(ctx):
    assert promises(ctx)["share_pct"].dropna().max() < 100
    assert number("overview.none_reached").value is True
