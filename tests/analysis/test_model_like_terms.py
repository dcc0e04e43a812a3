"""The patient fund beside the directed one like with like: every draw again with plain portfolios, and what the pages may say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oracles import fund, regimes, returns
from patient_capital.analysis.model import like_terms
from patient_capital.analysis.model.doubt import DRAWS, LIKE_TERMS, OF_THE_OTHER, drawn_block, like_terms_at, worths_at
from patient_capital.analysis.model.regimes import DIRECTED, PATIENT
from patient_capital.ledger import read_pages
from patient_capital.provenance.links import uses_in
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results, number

PLACES = (0, 3, 11)


def world_at(raw, drawn, place):
    """Return the plain world at a draw, as the test of joint draws has it."""
    given = {name: float(values[place]) for name, values in drawn.given.items()}
    p = returns.values(raw) | {name: value for name, value in given.items() if name != "tail_error"}
    p["tail_index"] = max(returns.own_index(returns.values(raw) | {"vr_cap": p["vr_cap"]}) + given["tail_error"], 1.02)
    return regimes.World(raw, p, fund.deals_of(p), early=p["fm_early_share_cn"])


@pytest.mark.parametrize("place", PLACES)
def test_leads_and_features_at_a_draw_are_those_of_plain_portfolios(raw, ctx, place):
    drawn = drawn_block(ctx, 0, 16)
    found = {name: values[place] for name, values in like_terms_at(drawn, worths_at(ctx, drawn)).items()}
    world = world_at(raw, drawn, place)
    like = {"horizon_years": "20", "investment_years": "10", "state_share": "0.95"}
    for lead, (first, second) in LIKE_TERMS.items():
        assert found[lead] == pytest.approx(world.worth(first, **like) - world.worth(second, **like), abs=0.06), lead
    patient, directed = world.worth(PATIENT), world.worth(DIRECTED)
    for name, cells in {
        "partners": {"state_share": "1"}, "life": {"horizon_years": "15"}, "list": {"sectors_picked": "4"},
        "tickets": {"reaches_scale": "true"},
    }.items():  # fmt: skip
        changed = world.worth(PATIENT, **cells) - patient
        assert found[f"patient_with_{name}"] == pytest.approx(changed, abs=0.06), name
    opened = world.worth(DIRECTED, sectors_picked="20") - directed
    assert found["directed_with_all"] == pytest.approx(opened, abs=0.06)


def test_stored_leads_go_with_the_stored_worths(raw):
    """Medians do not add up, but nearly so; each lead is told over all draws."""
    runs = raw("model_runs")
    for lead, (first, second) in LIKE_TERMS.items():
        worths = [float(runs[f"joint_equal_{name}_median"]["value"]) for name in (first, second)]
        assert float(runs[f"joint_{lead}_median"]["value"]) == pytest.approx(worths[0] - worths[1], abs=2), lead
    for name in (*LIKE_TERMS, *OF_THE_OTHER):
        low, median, high = (float(runs[f"joint_{name}_{end}"]["value"]) for end in ("low", "median", "high"))
        assert low < median < high, name
        assert int(runs[f"joint_{name}_median"]["draws"]) == DRAWS, name


def test_what_the_pages_say_of_the_comparison_holds():
    """Level as built, the directed fund ahead like with like, by tickets; the patient fund level by partners and life."""
    for claim in ("like_favours_directed", "partners_and_life_carry", "tickets_not_picking"):
        assert number(f"model.{claim}").value is True
    lead, like = (number(f"model.{name}_patient_national").value for name in ("lead", "like"))
    assert 0 < like < lead / 2  # so that most of the lead over the national fund is private money


def test_a_claim_on_the_comparison_fails_where_the_draws_say_otherwise(book):
    runs = book.table("model_runs")
    text = dict(runs.text)
    for end in ("low", "median", "high"):
        text[f"joint_patient_with_list_{end}"] = text[f"joint_patient_with_partners_{end}"]
    frame = runs.frame.copy()
    for end in ("low", "median", "high"):
        frame.loc[f"joint_patient_with_list_{end}", "value"] = frame.loc[f"joint_patient_with_partners_{end}", "value"]
    turned = replace(book, tables=dict(book.tables) | {"model_runs": replace(runs, text=text, frame=frame)})
    for data, holds in ((book, True), (turned, False)):
        assert like_terms.partners_and_life_carry(Context(data, load_results()), times=2) is holds


def test_no_page_compares_the_funds_as_built_alone():
    """The patient and the directed fund differ in partners, life and tickets: a page that sets them side by side says so."""
    with_it = {"model.like_favours_directed", "model.partners_and_life_carry", "model.tickets_not_picking"}
    pages = {page.name: {use.ref for use in uses_in(page.markdown)} for page in read_pages()}
    told = {name: refs for name, refs in pages.items() if "model.patient_over_directed" in refs}
    assert {"model", "overview", "brief", "safe_to_print"} <= set(told)
    assert {name: with_it - refs for name, refs in told.items() if with_it - refs} == {}


def test_what_the_fund_loses_is_said_in_one_way():
    """A loss of some yuan of each hundred, with its span, and no gain below zero."""
    span, loss = "model.regime_worth_bond_span[national_fund]", "model.national_loses"
    pages = {page.name: page.markdown for page in read_pages()}
    told = {name for name, text in pages.items() if loss in {use.ref for use in uses_in(text)}}
    assert told == {"model", "brief", "safe_to_print"}
    assert told == {name for name, text in pages.items() if span in {use.ref for use in uses_in(text)}}
    for name in told:
        assert f"(#{loss}) yuan of each hundred paid in, in the middle draw" in pages[name], name
        assert f"(#{span}), a minus being a loss)" in pages[name], name
    assert number(loss).value == -number("model.regime_worth_bond[national_fund]").value


def test_a_number_that_chose_the_clock_is_called_no_test_wherever_it_stands():
    pages = [page for page in read_pages() if "(#model.payback_fits)" in page.markdown]
    assert {page.name for page in pages} == {"model", "model_annex"}
    for page in pages:
        said = page.markdown.partition("(#model.payback_fits)")[2].split("\n\n")[0]
        assert "once chose" in said, page.name
        assert "no test" in said, page.name
