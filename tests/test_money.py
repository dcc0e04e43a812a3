"""Each yuan once: umbrellas, parents and members."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_capital.money import STAGES, addable, countable, distinct, held_by
from patient_capital.money import total as total_of


def frame(rows: dict[str, tuple[bool, str | None, float]]) -> pd.DataFrame:
    return told(
        pd.DataFrame(
            [{"umbrella": u, "parent_id": p, "registered_cny_bn": a} for u, p, a in rows.values()], index=list(rows)
        )
    )


def told(funds: pd.DataFrame) -> pd.DataFrame:
    return funds.assign(countable=addable(funds))


def total(funds: pd.DataFrame, stage: str) -> float:
    return total_of(funds[f"{stage}_cny_bn"], told(funds))


@st.composite
def families(draw):
    """Funds in which a parent always stands before its children; any of them may be an umbrella."""
    count = draw(st.integers(1, 9))
    rows = {}
    for i in range(count):
        parent = draw(st.none() | st.integers(0, i - 1)) if i else None
        rows[f"f{i}"] = (draw(st.booleans()), None if parent is None else f"f{parent}", draw(st.integers(0, 500)) / 4)
    return frame(rows)


@given(families(), st.integers(1, 10_000))
def test_adding_an_umbrella_never_changes_a_total(funds, amount):
    umbrella = pd.DataFrame(
        [{"umbrella": True, "parent_id": None, "registered_cny_bn": float(amount)}], index=["umbrella"]
    )
    assert total(pd.concat([funds, umbrella]), "registered") == total(funds, "registered")


@given(families(), st.integers(1, 10_000))
def test_putting_funds_under_an_umbrella_never_changes_a_total(funds, amount):
    before = total(funds, "registered")
    inside = funds.assign(parent_id=funds["parent_id"].where(funds["parent_id"].notna(), "umbrella"))
    umbrella = pd.DataFrame(
        [{"umbrella": True, "parent_id": None, "registered_cny_bn": float(amount)}], index=["umbrella"]
    )
    assert total(pd.concat([umbrella, inside]), "registered") == before


@given(families(), st.integers(1, 10_000), st.data())
def test_a_carve_out_of_a_counted_fund_adds_nothing(funds, amount, data):
    counted = funds.index[countable(funds.index, funds)].tolist()
    if not counted:
        return
    parent = data.draw(st.sampled_from(counted))
    member = pd.DataFrame(
        [{"umbrella": False, "parent_id": parent, "registered_cny_bn": float(amount)}], index=["part"]
    )
    assert total(pd.concat([funds, member]), "registered") == total(funds, "registered")


@given(families())
def test_total_does_not_depend_on_the_order_of_rows(funds):
    assert total(funds.iloc[::-1], "registered") == pytest.approx(total(funds, "registered"))


def test_a_member_counts_where_its_parent_is_not_in_view():
    rows = frame({"part": (False, "elsewhere", 60.0)})
    assert total(rows, "registered") == 60


def test_a_grandchild_below_an_umbrella_still_lies_inside_its_grandparent():
    rows = frame({"top": (False, None, 100.0), "cluster": (True, "top", 900.0), "fund": (False, "cluster", 40.0)})
    assert total(rows, "registered") == 100


def test_a_parent_without_the_stage_does_not_hide_its_member():
    rows = frame({"top": (False, None, float("nan")), "fund": (False, "top", 40.0)})
    assert total(rows, "registered") == 40


def test_what_lies_between_two_counted_funds_need_not_be_counted_itself():
    rows = frame({"top": (False, None, 100.0), "mid": (False, "top", float("nan")), "low": (False, "mid", 40.0)})
    assert total(rows, "registered") == 100
    shown = rows.loc[["top", "low"], "registered_cny_bn"]
    assert total_of(shown, rows) == 100


def test_parents_that_go_round_in_a_circle_end():
    rows = frame({"a": (False, "b", 1.0), "b": (False, "a", 2.0)})
    assert total(rows, "registered") == 0


def test_stakes_are_added_by_the_fund_that_they_lie_in():
    rows = frame({"top": (False, None, 100.0), "part": (False, "top", 40.0), "group": (True, None, 140.0)})
    stakes = pd.Series({"a": 60.0, "b": 40.0, "c": 40.0, "d": 140.0, "e": float("nan")})
    fund = pd.Series({"a": "top", "b": "top", "c": "part", "d": "group", "e": "top"})
    assert total_of(stakes, rows, fund) == 100
    assert total_of(stakes[["c"]], rows, fund) == 40


def test_funds_held_by_another_lie_directly_inside_it_or_inside_an_umbrella_of_it():
    rows = frame(
        {
            "top": (False, None, 1.0),
            "direct": (False, "top", 1.0),
            "group": (True, "top", 1.0),
            "member": (False, "group", 1.0),
            "deeper": (False, "member", 1.0),
            "other": (False, "elsewhere", 1.0),
        }
    )
    assert held_by("top", rows) == ["direct", "member"]


def test_an_umbrella_is_a_vehicle_only_where_no_member_is_counted():
    rows = frame({"group": (True, None, 9.0), "inner": (True, "group", 5.0), "fund": (False, "inner", 4.0)})
    assert distinct(rows.index, rows).to_dict() == {"group": False, "inner": False, "fund": True}
    assert distinct(["group"], rows).to_dict() == {"group": True}
    assert distinct(["group", "fund"], rows).to_dict() == {"group": False, "fund": True}


@given(families())
def test_a_fund_that_is_no_umbrella_is_always_a_vehicle(funds):
    assert distinct(funds.index, funds)[~funds["umbrella"]].all()


def test_big_fund_and_its_carve_out_are_never_added(book):
    funds = book.table("funds").frame.loc[["cn_bigfund3", "cn_ai_fund"]]
    assert total(funds, "registered") == 344


def test_national_fund_and_its_regional_funds_are_never_added(book):
    funds = book.table("funds").frame.loc[["cn_nvcgf", "cn_nvcgf_bth", "cn_nvcgf_yrd", "cn_nvcgf_gba"]]
    assert total(funds, "registered") == 100


def test_cluster_and_members_are_never_added(book):
    funds = book.table("funds").frame
    for cluster in funds.index[funds["umbrella"].astype(bool)]:
        members = funds.loc[funds["parent_id"].eq(cluster) & ~funds["umbrella"].astype(bool)]
        both = funds.loc[[cluster, *members.index]]
        for stage in STAGES:
            assert total(both, stage) == pytest.approx(total(members, stage)), (cluster, stage)


def test_total_of_the_whole_table_counts_neither_umbrellas_nor_members(book, raw):
    funds = book.table("funds").frame
    expected = 0.0
    rows = raw("funds")
    for row in rows.values():
        if row["umbrella"] == "true" or not row["registered_cny_bn"]:
            continue
        parent, inside = row["parent_id"], False
        while parent:
            above = rows[parent]
            inside = inside or (above["umbrella"] != "true" and bool(above["registered_cny_bn"]))
            parent = above["parent_id"]
        if not inside:
            expected += float(row["registered_cny_bn"])
    assert total(funds, "registered") == pytest.approx(expected)


def test_countable_says_what_may_be_added_to_everything(book):
    rows = frame(
        {
            "top": (False, None, 1.0),
            "group": (True, "top", 1.0),
            "part": (False, "group", 1.0),
            "own": (False, None, 1.0),
        }
    )
    assert rows["countable"].to_dict() == {"top": True, "group": False, "part": False, "own": True}
    funds = book.table("funds").frame
    for stage in STAGES:
        free = funds.loc[funds["countable"].astype(bool), f"{stage}_cny_bn"]
        assert total_of(free, funds) == pytest.approx(free.sum())


def test_a_total_trusts_the_column():
    rows = frame({"top": (False, None, 100.0), "part": (False, "top", 40.0)})
    assert total_of(rows["registered_cny_bn"], rows) == 100
    assert total_of(rows["registered_cny_bn"], rows.assign(countable=True)) == 140
