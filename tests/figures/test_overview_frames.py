"""Figures of the overview as functions of frames that a reader changes."""

from __future__ import annotations

import re

from helpers.drawings import drawn_texts, says_nothing_of_the_book
from patient_capital.analysis import funds, overview
from patient_capital.figures import overview as figures


def outlines(svg):
    """Return the number of closed outlines in a drawing."""
    return len(re.findall(r"\nz\b", svg))


def test_as_many_squares_are_drawn_as_the_frame_holds(ctx):
    frame = overview.squares(ctx)
    whole = figures.squares(frame)
    frame.loc[frame["kind"] == "open", "squares"] = 8
    fewer = figures.squares(frame)
    assert outlines(whole.wide) - outlines(fewer.wide) == 838 - 8
    assert outlines(whole.narrow) - outlines(fewer.narrow) == 838 - 8


def test_squares_of_another_size_another_stake_and_another_kind_are_drawn(ctx):
    national, partners = funds.national_fund(ctx), funds.partners(ctx)
    money = overview.money_by_kind(national, partners, partner_money=66.8)
    money.loc[len(money)] = {"kind": "of a kind unheard of", "amount_cny_bn": 40.0}
    one = figures.squares(overview.in_squares(money, square_cny_bn=5))
    says_nothing_of_the_book(one)
    assert one.plotted["squares"].sum() == 208
    assert "<svg" in one.wide


def test_no_square_and_half_a_square_are_drawn(ctx):
    frame = overview.squares(ctx)
    for count in (0, 2.5, float("nan")):
        one = figures.squares(frame.assign(squares=count))
        says_nothing_of_the_book(one)
        assert "<svg" in one.narrow


def test_legend_of_changed_squares_prints_no_amount(ctx):
    frame = overview.squares(ctx)
    frame.loc[0, "amount_cny_bn"] = 90.0
    one = figures.squares(frame)
    assert one.legend[0][2] == "treasury, subscribed"
    assert not any(letter.isdigit() for _, _, label in one.legend for letter in label)
    assert figures.squares(overview.squares(ctx)).legend[0][2] == "100bn yuan: treasury, subscribed"


def test_labels_of_promises_come_from_the_frame(ctx):
    frame = overview.promises(ctx)
    frame.loc[frame["fund_id"] == "js_sei_eight", ["name", "announced_cny_bn"]] = ["Ours", 77.7]
    frame.loc[frame["fund_id"] == "js_sei_eight", ["amount_cny_bn", "share_pct"]] = [155.4, 200.0]
    texts = drawn_texts(figures.promises(frame).wide)
    assert "Ours, 2024" in texts
    assert "77.7bn announced; 155.4bn paid in (200%)" in texts


def test_a_promise_that_was_more_than_kept_stays_inside_the_drawing(ctx):
    frame = overview.promises(ctx)
    frame.loc[frame.index[-1], "share_pct"] = 400.0
    svg = figures.promises(frame).wide
    rights = [float(x) for x in re.findall(r"L ([\d.]+) [\d.]+", svg)]
    assert max(rights) <= 720


def test_a_promise_without_dates_is_drawn(ctx):
    columns = ctx.frame("funds", *overview.PROMISE_COLUMNS).loc[list(overview.PROMISES)]
    columns.loc["tj_ai", ["announced_on", "as_of"]] = None
    one = figures.promises(overview.over_announced(overview.stages_found(columns)))
    says_nothing_of_the_book(one)
    assert "Tianjin AI fund" in drawn_texts(one.narrow)


def test_steps_of_the_chapter_give_the_frames_of_the_book(ctx):
    partners, regional = funds.partners(ctx), funds.regional_funds(ctx)["registered_cny_bn"].sum()
    stakes = partners.loc[partners["partner_kind"] == "national_fund", "amount_cny_bn"].sum()
    money = overview.money_by_kind(funds.national_fund(ctx), partners, partner_money=regional - stakes)
    assert not figures.squares(overview.in_squares(money, square_cny_bn=1)).changed
    promised = ctx.frame("funds", *overview.PROMISE_COLUMNS).loc[list(overview.PROMISES)]
    promised.loc["cn_nvcgf", "registered_cny_bn"] = ctx.value("funds.registered_once")
    assert not figures.promises(overview.over_announced(overview.stages_found(promised))).changed
