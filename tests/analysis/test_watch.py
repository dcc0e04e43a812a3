"""Calls: their naive chances, their scores, and what is to be watched."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from helpers.rows import rows_of, write_rows
from patient_capital.analysis import watch
from patient_capital.analysis.precedent import MAKERS, losses_of_makers
from patient_capital.check import overdue
from patient_capital.figures import watch as figures
from patient_capital.formatting import spelled
from patient_capital.listings import watch as tables
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results, number
from patient_capital.tables import check_substance, load


@pytest.mark.parametrize(
    ("came", "could", "chance"), [(0, 0, 1 / 2), (0, 3, 1 / 5), (3, 3, 4 / 5), (5, 6, 3 / 4), (468, 1800, 469 / 1802)]
)
def test_rule_of_succession(came, could, chance):
    assert watch.succession(came, could) == pytest.approx(chance)


@pytest.mark.parametrize(("came", "could", "chances"), [(0, 3, 3), (1, 4, 2), (0, 0, 5)])
def test_one_of_several_is_the_chance_that_not_all_fail(came, could, chances):
    """Counted one after the other, each failure added to what was seen; none of no case, 1 / (n + 1) fail all."""
    fail, seen = 1.0, could
    for _ in range(chances):
        fail *= 1 - watch.succession(came, seen)
        seen += 1
    assert watch.succession(came, could, chances) == pytest.approx(1 - fail)
    assert watch.succession(0, 0, 5) == pytest.approx(5 / 6)


def test_cases_of_each_call_are_those_of_its_table(ctx, raw):
    calls = watch.calls(ctx)
    cases = {row.Index: (row.came, row.could) for row in calls.itertuples()}
    motions = [float(r["motions"]) for r in raw("session_stats").values() if r["motions"] and int(r["year"]) >= 2023]
    assert cases["motions_2027"] == (sum(m >= 300 for m in motions), len(motions))
    margins = {
        int(r["year"]): float(r["value"])
        for key, r in raw("solar_ev_parallel").items()
        if key.startswith("auto_profit_margin_pct_")
    }
    falls = [margins[year] < margins[year - 1] for year in margins if year - 1 in margins]
    assert cases["margin_2026"] == (sum(falls), len(falls))
    named = [
        int(r["count"]) > 0
        for r in raw("report_keywords").values()
        if r["term"] == "patient capital" and int(r["year"]) >= 2025
    ]
    assert cases["patient_2027"] == (sum(named), len(named))
    assert cases["private_partner"] == (0, 3)
    assert number("watch.naive[private_partner]").value == pytest.approx(100 * 3 / 7)
    sums = losses_of_makers(ctx)[["loss_2024", "least_2025"]].sum()
    assert cases["solar_2026"] == (int((sums > 0).sum()), 2)


def test_a_naive_chance_is_of_the_same_event(ctx, raw):
    """A call that one case of several decides has the chance of at least one, and none where these cannot be counted."""
    several = re.compile(r"\b(one of|at least (?!300 motions)|a (?:state )?(?:case|fund|holder)\b)", re.IGNORECASE)
    calls = watch.calls(ctx)
    for key, row in raw("calls").items():
        one_of_several = several.search(row["statement"]) is not None
        chances = calls.loc[key, "chances"]
        assert pd.isna(chances) or (chances > 1) == one_of_several, key
    assert calls.loc["private_partner", "chances"] == number("funds.regional_count").value


def test_every_comparison_is_used(raw):
    assert {row["compared_with"] for row in raw("calls").values()} - {""} == set(watch.NAIVE)


def test_the_call_on_solar_makers_is_on_those_whose_losses_the_chapters_add(raw):
    call = raw("calls")["solar_2026"]
    assert call["statement"].lower().startswith(spelled(len(MAKERS)))
    assert [maker for maker in MAKERS if maker not in call["rule"]] == []


def test_a_call_whose_event_has_no_record_has_no_naive_chance(book, ctx, raw):
    calls = watch.calls(ctx)
    alone = {key for key, row in raw("calls").items() if not row["compared_with"]}
    assert alone == set(calls.index[calls["naive_pct"].isna()])
    assert number("watch.without_record").value == len(alone) == 5
    listing = tables.calls(calls)
    shown = dict(zip(calls.index, listing.rows, strict=True))
    told = figures.calls.of(book).alt
    for key, row in shown.items():
        assert (watch.NO_RECORD in row[0].under) == (row[3].text == "none") == (key in alone), key
    assert told.count(watch.NO_RECORD) == len(alone)


def test_what_has_no_naive_chance_is_not_scored_beside_one():
    calls = decided(a="yes", b="no")
    calls.loc["a", "naive_pct"] = np.nan
    assert watch.scores(calls).index.tolist() == ["b"]


def decided(**outcomes):
    """Return calls with an outcome, each said with 20 percent where the naive chance was 50."""
    return pd.DataFrame({"probability_pct": 20.0, "naive_pct": 50.0, "outcome": pd.Series(outcomes)})


def test_scores_are_squared_distances_and_void_and_open_calls_have_none():
    scores = watch.scores(decided(a="yes", b="no", c="void", d=None))
    assert scores.index.tolist() == ["a", "b"]
    assert scores["ours"].tolist() == pytest.approx([0.64, 0.04])
    assert scores["naive"].tolist() == pytest.approx([0.25, 0.25])
    assert watch.scores(decided(d=None)).empty


def test_legend_names_no_outcome_before_one_is_known(book, ctx):
    assert [label for _, _, label in figures.calls.of(book).shown_legend] == ["our chance", "naive chance"]
    calls = watch.calls(ctx).assign(outcome=None)
    calls.loc["solar_2026", "outcome"] = "no"
    assert [label for _, _, label in figures.calls(calls).shown_legend] == ["our chance", "naive chance", "did not"]


def test_figure_tells_the_score_once_a_call_is_decided(book, copied):
    assert "none decided yet" in figures.calls.of(book).title
    rows = rows_of(copied / "calls.csv")
    decided = {"outcome": "no", "decided_on": book.package.edition, "source_keys": "21cbh_exit_20260107"}
    write_rows(copied / "calls.csv", [rows[0] | decided | {"made_on": "2026-01-01"}, *rows[1:]])
    data = check_substance(load(copied))
    chances = watch.calls(Context(data, load_results())).loc[rows[0]["call_id"], ["probability_pct", "naive_pct"]] / 100
    title = figures.calls.of(data).title
    assert title.startswith(f"One of {spelled(len(rows))} calls decided")
    assert all(f"{chance**2:.2f}" in title for chance in chances)


def test_three_times_the_treasury_takes_twice_the_partners_of_the_first_batch():
    """The reason of the call says so."""
    missing = 300 - number("funds.registered_once").value
    assert 2 < missing / number("funds.partner_money").value < 2.5


def test_naive_chance_is_a_number_of_the_book(ctx):
    for key, row in watch.calls(ctx).dropna(subset="naive_pct").iterrows():
        assert number(f"watch.naive[{key}]").value == pytest.approx(row["naive_pct"])


def test_table_of_calls_shows_each_with_its_rule(ctx):
    calls = watch.calls(ctx)
    listing = tables.calls(calls)
    assert [row[0].text for row in listing.rows] == calls["statement"].tolist()
    by_statement = {row[0].text: row[0].under for row in listing.rows}
    for row in calls.itertuples():
        under = by_statement[row.statement]
        assert under.startswith(("open; so far ", f"open; {watch.NO_RECORD}"))
        assert pd.isna(row.cases) or row.cases in under
    assert by_statement[calls.loc["motions_2027", "statement"]].startswith("open; so far 0 of 4 sessions")
    assert by_statement[calls.loc["private_partner", "statement"]].endswith("with an amount; any of three is enough")


def test_what_is_due_first_stands_first_and_searches_are_dated(ctx, raw):
    watched = watch.watched(ctx)
    expected = watched["expected_on"].dropna().tolist()
    assert expected == sorted(expected)
    assert watched["expected_on"].isna().tolist() == sorted(watched["expected_on"].isna())
    for key, row in watched.iterrows():
        search = raw("watch")[str(key)]["search_id"]
        assert (row["looked_on"] == raw("searches")[search]["looked_on"]) if search else pd.isna(row["looked_on"])


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2027-03-31", "calls.csv, motions_2027: was due on 2027-03-31; decide it by its rule"),
        ("2027-04-01", "watch.csv, motions: was expected in 2027-03"),
    ],
)
def test_what_is_overdue_is_told(day, told):
    assert any(line.startswith(told) for line in overdue(day))
    assert not any(line.startswith(told) for line in overdue("2027-03-30"))
