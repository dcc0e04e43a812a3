"""Figures of the overview as functions of frames that a reader changes."""

from __future__ import annotations

import itertools
import re

import pytest

from helpers.drawings import drawn_texts, says_nothing_of_the_book, text_boxes
from patient_capital.analysis import funds, overview
from patient_capital.figures import overview as figures
from patient_capital.formatting import spelled


def test_a_yuan_that_reached_a_firm_is_drawn_and_named(ctx):
    steps = overview.one_yuan(ctx)
    steps.loc[steps["step"].eq("firms"), ["kind", "stage", "amount_cny_bn"]] = ["state", "invested", 30.0]
    one = figures.one_yuan(steps)
    says_nothing_of_the_book(one)
    assert {"3 fen", "30bn, invested, 26 December 2025"} <= set(drawn_texts(one.wide))
    assert not any(letter.isdigit() for _, _, label in one.legend for letter in label)


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize("variant", ["wide", "narrow"])
def test_other_amounts_leave_no_drawing_and_cover_no_label(ctx, factor, variant):
    """Whatever the sizes are: texts stay inside the drawing, and those of one line apart."""
    steps, amounts = overview.one_yuan(ctx), overview.scale(ctx)
    steps.loc[steps["region"].eq("Bay Area"), "amount_cny_bn"] *= factor
    steps.loc[steps["region"].eq("Beijing-Tianjin-Hebei"), "amount_cny_bn"] /= factor
    amounts.loc[amounts["the_trillion"], "amount_usd_bn"] *= factor
    for one in (figures.one_yuan(steps), figures.scale(amounts)):
        boxes = text_boxes(getattr(one, variant))
        width, height = (float(size) for size in re.findall(r"[\d.]+", getattr(one, variant)[:60])[2:4])
        assert all(left >= -2 and right <= width + 2 and 0 < y <= height for left, right, y, _ in boxes), boxes
        for one_box, other in itertools.combinations(boxes, 2):
            apart = abs(one_box[2] - other[2]) >= 11 or one_box[1] <= other[0] + 1 or other[1] <= one_box[0] + 1
            assert apart, (one_box, other)


def test_steps_and_amounts_that_are_missing_are_left_out(ctx):
    steps, amounts = overview.one_yuan(ctx), overview.scale(ctx)
    for frame in (steps.loc[~steps["step"].eq("regions")], steps.iloc[:1], steps.iloc[-2:]):
        says_nothing_of_the_book(figures.one_yuan(frame))
    amounts.loc["early_low", "amount_usd_bn"] = float("nan")
    one = figures.scale(amounts)
    says_nothing_of_the_book(one)
    assert "Early-stage money in China, low count" not in drawn_texts(one.wide)


def test_labels_of_promises_come_from_the_frame(ctx):
    frame = overview.promises(ctx)
    frame.loc[frame["fund_id"] == "cn_sme_2020", ["name", "announced_cny_bn"]] = ["Ours", 77.7]
    frame.loc[frame["fund_id"] == "cn_sme_2020", ["amount_cny_bn", "share_pct"]] = [155.4, 200.0]
    texts = drawn_texts(figures.promises(frame).wide)
    assert "Ours, 2020" in texts
    assert "77.7bn announced; 155.4bn registered (200%)" in texts


def test_a_promise_that_was_more_than_kept_stays_inside_the_drawing(ctx):
    frame = overview.promises(ctx)
    frame.loc[frame.index[-1], "share_pct"] = 400.0
    svg = figures.promises(frame).wide
    rights = [float(x) for x in re.findall(r"L ([\d.]+) [\d.]+", svg)]
    assert max(rights) <= 720


def test_a_promise_without_dates_is_drawn(ctx):
    columns = overview.national_promises(ctx)
    columns.loc["cn_neivc_2015", ["announced_on", "as_of"]] = None
    one = figures.promises(overview.over_announced(overview.stages_found(columns)))
    says_nothing_of_the_book(one)
    assert "Emerging industries fund" in drawn_texts(one.narrow)


def test_steps_of_the_chapter_give_the_frames_of_the_book(ctx):
    steps = overview.steps_of_a_yuan(
        overview.hoped_in_all(ctx),
        funds.national_fund(ctx),
        funds.partners(ctx),
        overview.regional_dates(ctx),
        overview.plans(ctx),
    )
    assert not figures.one_yuan(steps).changed
    a_year, for_young = ctx.value("overview.a_year_usd"), ctx.value("overview.a_year_early_usd")
    early = funds.early_money(ctx, "amount_usd_bn")
    assert not figures.scale(overview.beside(overview.amounts_beside(ctx), a_year, for_young, early)).changed
    promised = overview.national_promises(ctx)
    promised.loc["cn_nvcgf", "registered_cny_bn"] = ctx.value("funds.registered_once")
    assert not figures.promises(overview.over_announced(overview.stages_found(promised))).changed


def test_the_title_of_promises_speaks_of_those_that_are_drawn(ctx):
    frame = overview.promises(ctx)
    title = figures.promises(frame).title
    earlier = spelled(frame["fund_id"].nunique() - 1)
    assert title.startswith(f"Of {earlier} earlier national promises with a size none was found whole")
    assert "no earlier promise" not in title


def test_the_legend_of_promises_names_only_what_is_drawn(ctx):
    frame = overview.promises(ctx)
    assert [label for *_, label in figures.promises(frame).legend] == [label for *_, label in figures.PROMISE_LEGEND]
    once = frame.drop_duplicates("fund_id", keep="last")
    assert [label for *_, label in figures.promise_legend(once)] == [
        "furthest stage found",
        "no figure of the whole found",
    ]


def test_money_that_rests_on_an_assumed_stake_says_so_in_the_legend(ctx):
    told = [label for *_, label in figures.one_yuan(overview.one_yuan(ctx)).legend]
    assert [label for label in told if "assumed" in label] == [
        label for label in told if label.startswith("named state")
    ]
