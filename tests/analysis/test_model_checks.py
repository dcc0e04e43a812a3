"""The model beside what was observed: every value of the model recomputed, every verdict given again, every result covered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from oracles import capacity, credit, fund, regimes, returns, selection, validation
from oracles.validation import COUNTS, DECIDES, SECOND, Plain, verdict
from patient_capital.analysis.model.doubt import WORDS, drawn_block
from patient_capital.analysis.model.regimes import PRIVATE
from patient_capital.analysis.model.validation import (
    MODEL,
    comparisons,
    held_out_comparisons,
    left_out,
    of_treatment,
    targets,
    with_model,
    with_verdict,
)
from patient_capital.model.regimes.evaluation import evaluate
from patient_capital.provenance.records import computed
from patient_capital.provenance.registry import load_results, number


def reads_stored_runs(book, one):
    """Say whether a result reads the stored draws, whose outcomes at some draws are computed again."""
    row = next(iter(one.members), "")
    if one.family and not row:
        return False
    read = computed(book, load_results(), f"{one.id}[{row}]" if row else one.id).all_rows
    return any(table == "model_runs" for table, _ in read)


def test_every_result_of_the_model_has_a_second_computation(book):
    known = set().union(*(m.COVERED for m in (capacity, credit, fund, regimes, returns, selection, validation)))
    results = {ref: one for ref, one in load_results().items() if ref.startswith("model.")}
    assert known <= set(results)
    assert {ref for ref in set(results) - known if not reads_stored_runs(book, results[ref])} == set()


def test_the_price_of_a_forced_sale_makes_about_half_of_the_gain_from_waiting(ctx):
    """Again one by one, each draw as a scenario of its own, without the arrays of all draws."""
    drawn = drawn_block(ctx, 0, 32)
    private = drawn.regimes[PRIVATE]
    gains = {"drawn": [], "whole": []}
    for place in range(32):
        as_drawn = drawn.scenarios.at(place)
        for name, at in (("drawn", as_drawn), ("whole", replace(as_drawn, forced_sale=1.0))):
            rates = [evaluate(replace(private, horizon=years), at).internal_rate for years in (10.0, 20.0)]
            gains[name].append(rates[1] - rates[0])
    assert 0.4 <= np.median(gains["whole"]) / np.median(gains["drawn"]) <= 0.6
    assert min(gains["drawn"]) > 0
    assert number("model.price_is_half").value is True


def test_what_a_data_firm_saw_of_whole_funds_is_what_the_table_says(raw):
    rows = raw("parameter_notes")
    for place in ("cn", "us"):
        value, paid_out = (rows[f"fm_{place}_{name}_efront"]["value"] for name in ("tvpi", "paid_out"))
        assert number(f"model.fund_value_{place}").value == float(value)
        assert number(f"model.fund_paid_out_{place}").value == pytest.approx(100 * float(paid_out))
    # Seen together in the chapter: as much in all, and less of it in money.
    assert number("model.fund_value_cn").value > number("model.fund_value_us").value
    assert number("model.fund_paid_out_cn").value < number("model.fund_paid_out_us").value


def test_the_return_of_the_social_security_fund_lies_between_the_two_clocks(raw):
    returned, runs = float(raw("patience_evidence")["ssf_equity_funds"]["value"]), raw("model_runs")
    for years in (10, 20):
        low, high = (float(runs[f"joint_rate_{years}_{end}"]["value"]) for end in ("low", "high"))
        assert low < returned < high
        assert returned > float(runs[f"joint_cn_rate_{years}_high"]["value"])
    assert number("model.ssf_fits_american_clock").value


# --- What the model says to each target ------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain(raw):
    return Plain(raw)


@pytest.fixture(scope="module")
def shown(ctx):
    return comparisons(ctx)


@pytest.fixture(scope="module")
def kept(raw):
    return {k: r for k, r in raw("validation_targets").items() if r["treatment"] in {"held_out", "shape_check"}}


def test_every_target_that_is_kept_is_compared(shown, kept):
    assert set(shown.index) == set(kept) == set(MODEL) == set(SECOND)


@pytest.mark.parametrize("target", SECOND)
def test_value_of_the_model(plain, shown, target):
    compute, tolerance = SECOND[target]
    row = shown.loc[target]
    expected = compute(plain)
    assert (row["model"], row["model_low"], row["model_high"]) == pytest.approx(expected, rel=tolerance)


@pytest.fixture(scope="module")
def verdicts(plain, kept):
    return {target: verdict(plain, row, target) for target, row in kept.items()}


def test_verdicts(shown, kept, verdicts):
    for target, row in kept.items():
        found = shown.loc[target]
        assert found["verdict"] == verdicts[target], target
        assert found["treatment"] == row["treatment"]
        assert (found["low"], found["high"]) == (float(row["low"]), float(row["high"]))
        assert found["observed"] == float(row["observed"])


def test_held_out_and_left_out_targets(ctx, raw, kept):
    rows = raw("validation_targets")
    assert list(held_out_comparisons(ctx).index) == [k for k, r in kept.items() if r["treatment"] == "held_out"]
    assert list(left_out(ctx).index) == [k for k in rows if k not in kept]


def test_verdict_follows_the_observed_span(shown):
    """A span that is moved beside the span of the model misses, one around the central value passes."""
    one = of_treatment(shown, "held_out").drop(columns="verdict")
    low, high = one["model_low"], one["model_high"]
    beside = with_verdict(one.assign(low=high + 1, observed=high + 2, high=high + 3))
    assert set(beside["verdict"]) == {"miss"}
    assert set(with_verdict(one.assign(low=low, observed=one["model"], high=high))["verdict"]) == {"pass"}


def test_model_is_asked_for_the_targets_that_are_passed(ctx, shown):
    some = targets(ctx, "shape_check").iloc[:2]
    found = with_verdict(with_model(ctx, some))
    assert found.equals(shown.loc[some.index])


@pytest.mark.parametrize("name", COUNTS)
def test_count_of_held_out_targets(kept, verdicts, name):
    held_out = [target for target, row in kept.items() if row["treatment"] == "held_out"]
    wanted = COUNTS[name]
    assert number(f"model.targets_{name}").value == sum(wanted in {None, verdicts[t]} for t in held_out)


def test_every_target_says_how_it_is_treated_and_why(ctx, raw):
    rows = raw("validation_targets")
    assert {row["treatment"] for row in rows.values()} == {"held_out", "shape_check", "dropped", "calibrated"}
    for target, row in rows.items():
        assert row["treatment_reason"] or row["treatment"] == "held_out", target
    dropped = [k for k, r in rows.items() if r["treatment"] == "dropped"]
    assert list(targets(ctx, "dropped").index) == dropped


@pytest.mark.parametrize("output", DECIDES)
def test_what_decides_is_the_largest_index_and_all_that_are_not_told_apart_from_it(raw, output):
    rows = [row for row in raw("model_sensitivity").values() if row["output"] == output]
    spans = {r["param_id"]: [float(r["total"]) + s * float(r["total_interval"]) for s in (-1, 1)] for r in rows}
    largest = max(rows, key=lambda row: float(row["total"]))["param_id"]
    alike = {name for name, span in spans.items() if span[1] >= spans[largest][0]}
    assert number(f"model.decides_{output}").value == " and ".join(sorted(WORDS[name] for name in alike))
