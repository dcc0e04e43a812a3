"""Every number of the chapter on the precedent, recomputed from the files."""

from __future__ import annotations

from math import log, log2

import numpy as np
import pandas as pd
import pytest

from patient_capital.analysis.precedent import (
    ACTS,
    BASKETS,
    BUILD_OUT,
    CHAIN,
    CUMULATIVE,
    LEARNING_SERIES,
    MAKERS,
    OUTCOMES,
    PRICE,
    PRICE_INDEX,
    ROADMAP,
    SERIES_COLUMNS,
    UTILISATION,
    WINDOWS,
    acts,
    added,
    ai_series,
    build_out,
    by_basket,
    by_year,
    capacity_in_use,
    cars_and_margin,
    chain_of_2025,
    daily_tokens,
    dated,
    learning_rate,
    learning_rates,
    legs_of_rush,
    losses_of_makers,
    lost_more,
    newest,
    outcomes,
    over_first,
    price_falls,
    share_explained,
    shares,
    side_by_side,
    signs,
)
from patient_capital.formatting import Range
from patient_capital.provenance.registry import number


def value(ref):
    return number(f"precedent.{ref}").value


@pytest.fixture(scope="module")
def solar(raw):
    rows = raw("solar_ev_parallel").values()
    return lambda name: {int(r["year"]): float(r["value"]) for r in rows if r["series_id"] == name}


def test_multiples():
    assert value("output_multiple") == pytest.approx(588 / 35)
    assert value("index_fall") == pytest.approx(100 * (1 - 0.2579602 / 0.7689895))
    assert value("cars_multiple") == pytest.approx(11_300_000 / 73_000)
    assert value("polysilicon_multiple") == pytest.approx(3.23 / 0.4)
    assert value("margin_fall") == pytest.approx(8.99 - 4.3)


def test_chain_of_2025(ctx, solar):
    frame = chain_of_2025(ctx)
    assert list(frame.index) == list(CHAIN)
    for link, (before, now, capacity, _) in CHAIN.items():
        made = solar(now)[2025]
        assert frame.loc[link, "change_pct"] == pytest.approx(100 * (made / solar(before)[2024] - 1))
        assert value(f"in_use_{link.lower()}") == pytest.approx(100 * made / solar(capacity)[2025])
    for link in ("Polysilicon", "Modules"):
        assert value(f"made_{link.lower()}") == pytest.approx(abs(frame.loc[link, "change_pct"]))


def test_losses_of_2025_are_results_or_the_ends_of_forecasts(ctx, solar):
    frame = losses_of_makers(ctx)
    assert value("loss_2024") == pytest.approx(8.618 + 7.039 + 9.818 + 4.656 + 5.319 + 3.443 - 0.0989)
    ends = value("loss_2025")
    assert ends.low == pytest.approx(6 + 9 + 8.2 + 4.5 + 1.2 + 6.79 + 6.994)
    assert ends.high == pytest.approx(6.5 + 10 + 9.6 + 4.8 + 1.9 + 6.79 + 6.994)
    assert value("makers_counted") == len(frame) == len(MAKERS)
    assert value("makers_worse") == len({"Tongwei", "Trina", "Jinko"})
    assert value("makers_better") == len({"TCL Zhonghuan", "LONGi", "Aiko"})
    assert not frame.loc[~frame["forecast"], ["least_2025", "most_2025"]].diff(axis="columns")["most_2025"].any()
    assert frame.loc["Jinko", "most_2025"] == -solar("net_profit_cny_bn_jinkosolar")[2025]


def test_makers_that_the_text_names(ctx):
    """Jinko had a profit in 2024; of JA Solar the forecast lies on both sides of the loss of 2024."""
    makers = losses_of_makers(ctx)
    open_ended = makers.index[
        makers["least_2025"].le(makers["loss_2024"]) & makers["most_2025"].ge(makers["loss_2024"])
    ]
    assert list(open_ended) == ["JA Solar"]
    assert list(makers.index[makers["loss_2024"] < 0]) == ["Jinko"]


SEVEN = {"tcl_zhonghuan", "longi", "tongwei", "aiko", "ja_solar", "trina", "jinkosolar"}
OUT = {"": set(), "_of_others": {"jinkosolar"}, "_of_five": {"trina", "jinkosolar"}}


@pytest.mark.parametrize("basket", OUT)
def test_each_set_of_makers_is_added_by_itself(solar, basket):
    makers = sorted(SEVEN - OUT[basket])
    told = [solar(f"net_profit_cny_bn_{maker}") for maker in makers]
    least, most = (
        -sum(
            r[2025] if 2025 in r else solar(f"net_profit_cny_bn_{m}_forecast_{end}_loss")[2025]
            for m, r in zip(makers, told, strict=True)
        )
        for end in ("low", "high")
    )
    span = value(f"loss_2025{basket}")
    assert value(f"loss_2024{basket}") == pytest.approx(-sum(result[2024] for result in told))
    assert (span.low, span.high) == pytest.approx((least, most))


def test_the_five_are_those_of_the_edition_before(raw, solar):
    """Edition 0.2.0 printed their loss of 2024, and the table still holds their sums."""
    before = {row["value"] for row in raw("editions").values() if row["ref"] == "precedent.loss_2024"}
    assert number("precedent.loss_2024_of_five").text() in before
    sums = [-solar(f"net_profit_cny_bn_five_solar_firms_forecast_{end}_loss")[2025] for end in ("low", "high")]
    span = value("loss_2025_of_five")
    assert (span.low, span.high) == pytest.approx(sums)


def test_the_test_of_the_rush_is_as_open_as_its_legs(ctx):
    """Which makers are added decides: no verdict may stand on one set of them."""
    answers = by_basket(losses_of_makers(ctx))
    assert set(answers) == set(BASKETS)
    assert list(answers.values()) == [True, None, False]
    assert legs_of_rush(ctx) == {"modules": True, "lost": None, "margin": True}
    assert value("rush_is_open")


@pytest.mark.parametrize(("least", "most", "answer"), [(5.5, 6, True), (4, 4.5, False), (4, 6, None), (5, 6, None)])
def test_a_loss_is_larger_only_at_either_end_of_the_forecast(least, most, answer):
    assert lost_more(pd.DataFrame({"loss_2024": [5.0], "least_2025": [least], "most_2025": [most]})) is answer


def test_every_way_to_choose_five_makers_is_counted(ctx):
    frame = losses_of_makers(ctx)
    counted = {"more": 0, "less": 0, "open": 0}
    for one in range(len(frame)):
        for other in range(one):
            sums = frame.drop(frame.index[[one, other]])[["loss_2024", "least_2025", "most_2025"]].sum()
            before, least, most = sums
            counted["more" if least > before else "less" if most < before else "open"] += 1
    assert {case: value(f"fives_{case}") for case in counted} == counted
    assert value("fives_in_all") == sum(counted.values()) == 21


def test_output_of_the_last_months_is_the_year_less_ten_months():
    assert value("last_months_fall") == pytest.approx(100 * (1 - (620 - 514) / (588 - 514 / 1.135)))


def test_changes_of_2025():
    assert value("rise_polysilicon") == pytest.approx(100 * (59.2 / 34.4 - 1))
    assert value("rise_modules") == pytest.approx(100 * (0.12 / 0.084 - 1))
    assert value("sold_of_made") == pytest.approx(100 * 4482 / 43402)
    assert value("cars_sales_growth") == pytest.approx(100 * (16.49 / 12.87 - 1))
    assert value("cars_home_growth") == pytest.approx(100 * ((16.49 - 2.615) / (12.87 - 1.28) - 1))
    assert value("car_exports_multiple") == pytest.approx(2.615 / 1.28)
    assert value("export_value_fall") == pytest.approx(13.2)


def test_every_act_is_an_event(ctx, raw):
    assert set(acts(ctx).index) == set(ACTS) <= set(raw("session_events"))
    assert acts(ctx)["date"].is_monotonic_increasing


def test_learning_rate_of_an_exact_power_law():
    cumulative = pd.Series({2000 + i: 2.0**i for i in range(6)})
    price = 5 * cumulative ** log2(0.8)
    assert learning_rate(cumulative, price, 2000, 2005) == pytest.approx(0.2)


def test_learning_rate_needs_three_years():
    cumulative = pd.Series({2000: 1.0, 2001: 2.0})
    with pytest.raises(ValueError, match="only 2 years between 2000 and 2005"):
        learning_rate(cumulative, cumulative, 2000, 2005)


@pytest.mark.parametrize("first", [2000, 2005, 2010])
def test_fitted_rates(solar, first):
    cumulative, price = solar("world_pv_cumulative_gw"), solar("pv_module_price_usd_w")
    years = range(first, 2020)
    x, y = np.log([cumulative[v] for v in years]), np.log([price[v] for v in years])
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    assert value(f"learning_{first}") == pytest.approx(100 * (1 - 2**slope))


def test_share_explained():
    assert share_explained(0.25, 1, 0.75) == pytest.approx(1)
    assert share_explained(0.25, 1, 0.5625) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="no fall"):
        share_explained(0.25, 1, 1.2)


FALLS = {2023: (2022, 2023), 2022: (2022, 2024), 2020: (2020, 2024)}
FITTED = [f"learning_{first}" for first, _ in WINDOWS]


@pytest.mark.parametrize("base", FALLS)
@pytest.mark.parametrize(("name", "series"), [("chinese", PRICE), ("europe", PRICE_INDEX)])
def test_share_that_learning_explains(solar, base, name, series):
    """Each series stands with the rates that were measured on it; on Chinese prices none was, and all are used."""
    first, last = FALLS[base]
    price, installed = solar(series), solar(CUMULATIVE)
    rates = [value(rate) / 100 for rate in FITTED] + ([0.249] if name == "chinese" else [])
    shares = [
        100 * log(1 - r) * log2(installed[last] / installed[first]) / log(price[last] / price[first]) for r in rates
    ]
    span = value(f"share_{name}_{base}")
    assert isinstance(span, Range)
    assert (span.low, span.high) == pytest.approx((min(shares), max(shares)))
    assert value(f"fall_{name}_{base}") == pytest.approx(100 * (1 - price[last] / price[first]))


def test_what_learning_explains_over_all_spans_takes_in_each():
    spans = [value(f"share_chinese_{base}") for base in FALLS]
    whole = value("share_chinese")
    assert (whole.low, whole.high) == (min(span.low for span in spans), max(span.high for span in spans))


def test_the_roadmap_stands_with_its_own_rate_prices_and_shipments():
    assert value("share_roadmap_2023") == pytest.approx(100 * log(1 - 0.249) * log2(1610 / 1108) / log(0.5))
    assert value("fall_roadmap_2023") == pytest.approx(50)


def test_one_series_has_each_base_year_and_no_fall_mixes_two(ctx):
    frame = shares(ctx)
    assert set(frame.groupby("prices")["first"].nunique().drop(ROADMAP)) == {2}
    assert frame.groupby(["first", "last"])["prices"].nunique().tolist() == [2, 3, 2]
    falls = price_falls(ctx.frame("solar_ev_parallel", *SERIES_COLUMNS))
    assert not falls.duplicated(["prices", "first", "last"]).any()


def test_the_model_reads_no_price_of_the_chapter(raw):
    """What learning explains is no input of the model: its learning rate and its fall of price have other sources."""
    rows = raw("solar_ev_parallel")
    here = {
        key
        for row in rows.values()
        if row["series_id"] in LEARNING_SERIES
        for key in row["source_keys"].split(";")
        if key != "own_calculation"
    }
    model = {
        key for row in ("oc_lr_solar", "oc_price_2023") for key in raw("parameters")[row]["source_keys"].split(";")
    }
    assert not here & model


def test_definitions_never_share_a_line(ctx, raw):
    """One series, one unit: direct and alternating current, nominal and constant dollars stay apart."""
    units = {}
    for row in raw("solar_ev_parallel").values():
        units.setdefault(row["series_id"], set()).add(row["unit"])
    mixed = {name: found for name, found in units.items() if len(found) > 1}
    assert set(mixed) <= {"battery_pack_price_usd_kwh"}
    assert by_year(ctx.frame("solar_ev_parallel", *SERIES_COLUMNS), "pv_module_production_gw").loc[2024] == 588


def test_ai_series(ctx, raw):
    tokens = [r for r in raw("ai_overcapacity").values() if r["series_id"] == "daily_tokens"]
    frame = ai_series(ctx, "daily_tokens")
    assert len(frame) == len(tokens)
    assert frame["when"].is_monotonic_increasing
    assert frame["when"].iloc[0] == pytest.approx(2024.0)
    assert value("tokens_thousandfold")
    assert 10**2.5 < 140 / 0.15 < 140 / 0.05 < 10**3.5
    assert value("state_purchases") == pytest.approx(2.4 + 24.7 + 12.4)
    assert value("price_cut") == pytest.approx(97.5)


ROWS = pd.DataFrame(
    {
        "series_id": ["a", "a", "a", "b", "b"],
        "year": [2001, 2000, 2001, 2001, 1999],
        "value": [1.0, 3.0, 2.0, 10.0, 5.0],
    },
    index=["a1", "a0", "a1_2", "b1", "b_9"],
)


def test_a_year_with_two_rows_counts_their_mean():
    assert by_year(ROWS, "a").to_dict() == {2000: 3.0, 2001: 1.5}
    assert by_year(ROWS, "unheard of").empty


def test_series_side_by_side():
    frame = side_by_side(ROWS, {"a_gw": "a", "b_pct": "b"}, since=2000)
    assert frame.index.tolist() == [2000, 2001]
    assert frame.index.name == "year"
    assert frame.loc[2001].tolist() == [1.5, 10.0]
    assert np.isnan(frame.loc[2000, "b_pct"])


def test_newest_row_of_each_series_in_the_order_asked_for():
    assert newest(ROWS.iloc[[0, 1, 3, 4]], ["b", "a"]).index.tolist() == ["b1", "a1"]


@pytest.mark.parametrize(
    ("give", "columns"),
    [
        (build_out, BUILD_OUT),
        (cars_and_margin, {"electric_cars_sold": "ev_sales_cars", "profit_margin_pct": "auto_profit_margin_pct"}),
    ],
)
def test_frames_by_year(ctx, solar, give, columns):
    frame = give(ctx)
    assert list(frame.drop(columns="sold_at_home", errors="ignore")) == list(columns)
    for column, name in columns.items():
        expected = {year: number for year, number in solar(name).items() if year >= 2014}
        assert frame[column].dropna().to_dict() == pytest.approx(expected)


def test_cars_sold_at_home_are_sales_less_exports(ctx, solar):
    home = cars_and_margin(ctx)["sold_at_home"].dropna()
    assert home.to_dict() == {year: solar("nev_sales_caam")[year] - solar("nev_exports")[year] for year in (2024, 2025)}


def test_learning_rates_in_use(ctx):
    rows = ctx.frame("solar_ev_parallel", *SERIES_COLUMNS)
    rates = learning_rates(rows)
    assert rates["rate_pct"].tolist() == pytest.approx(
        [24.9, *(number(f"precedent.learning_{first}").value for first, _ in WINDOWS)]
    )
    assert rates["rate"].tolist()[:2] == ["roadmap", "fitted, 2000 to 2019"]
    assert learning_rates(rows, windows=[])["rate_pct"].tolist() == [24.9]


def test_falls_of_price(ctx, solar):
    falls = price_falls(ctx.frame("solar_ev_parallel", *SERIES_COLUMNS), spans=[(2021, 2023)])
    installed = solar(CUMULATIVE)
    assert falls["words"].tolist() == ["2021 to 2023: Chinese prices", "2021 to 2023: prices in Europe"]
    assert falls["price_ratio"].tolist() == pytest.approx(
        [solar(s)[2023] / solar(s)[2021] for s in (PRICE, PRICE_INDEX)]
    )
    assert falls["doublings"].tolist() == pytest.approx([log2(installed[2023] / installed[2021])] * 2)


def test_a_year_without_price_is_named(ctx):
    with pytest.raises(ValueError, match=r"module_price_rethink_usd_w has no value for 2015; its years are: 2020"):
        price_falls(ctx.frame("solar_ev_parallel", *SERIES_COLUMNS), spans=[(2015, 2024)])


def test_daily_tokens_over_the_first(ctx, raw):
    frame = daily_tokens(ctx)
    expected = {key: float(r["value"]) for key, r in raw("ai_overcapacity").items() if r["series_id"] == "daily_tokens"}
    assert frame["tokens_trillion_a_day"].to_dict() == expected
    assert frame["times_first"].iloc[[0, -1]].tolist() == pytest.approx([1, 140 / 0.1])


def test_periods_become_years():
    told = {"2025": 2025 + 11 / 12, "2024-07": 2024.5, "2023-01 to 2023-06": 2023 + 5 / 12, "2024-H1": 2024 + 5 / 12}
    told |= {"2023-2024": 2024 + 11 / 12, "2024-H2": 2024 + 11 / 12, "2024-03-05": 2024 + 2 / 12}
    rows = dated(pd.DataFrame({"period": list(told), "value": 1.0}, index=list(told)))
    assert rows["when"].to_dict() == pytest.approx(told)
    assert rows["when"].is_monotonic_increasing
    rows = dated(pd.DataFrame({"period": ["2025", "2024-07", "2023"], "value": [4.0, 2.0, 1.0]}))
    assert over_first(rows)["times_first"].tolist() == [1, 2, 4]


@pytest.mark.parametrize("period", ["Jan-24", "c. 2024", "2024-13", "2024/25", "2024-Q1"])
def test_a_period_that_is_not_understood_is_named_with_its_row(period):
    with pytest.raises(ValueError, match=rf"ai_overcapacity\[one\]\.period is '{period}'"):
        dated(pd.DataFrame({"period": [period], "value": [1.0]}, index=["one"]))


def test_what_covers_the_same_time_is_not_added_twice():
    apart = {"a": "2023", "b": "2024-H1", "c": "2024-07 to 2024-12", "d": "2025-01"}
    rows = pd.DataFrame({"period": apart, "value": 1.0})
    assert added(rows) == 4
    for period in ("2024", "2024-06", "2024-01 to 2024-12", "2023-2024", "2024-H1"):
        with pytest.raises(ValueError, match=r"\[e\] and \[[abc]\] cover the same time"):
            added(pd.DataFrame({"period": apart | {"e": period}, "value": 1.0}))


def test_outcomes_of_the_build_out(ctx, raw):
    entries, cells = outcomes(ctx), raw("solar_ev_parallel")
    assert list(entries.index) == list(OUTCOMES)
    for ref, found in entries["value"].items():
        row = ref.partition("[")[2].partition("]")[0]
        assert found == (float(cells[row]["value"]) if row else number(ref).value)


def test_capacity_in_use_is_the_newest_of_each_definition(ctx, raw):
    frame = capacity_in_use(ctx)
    expected = []
    for name in UTILISATION:
        rows = {key: row for key, row in raw("solar_ev_parallel").items() if row["series_id"] == name}
        expected.append(max(rows, key=lambda key, rows=rows: int(rows[key]["year"])))
    assert frame.index.tolist() == expected
    for key, row in frame.iterrows():
        assert row["in_use_pct"] == float(raw("solar_ev_parallel")[key]["value"])
        assert (row["what"], row["definition"]) == UTILISATION[raw("solar_ev_parallel")[key]["series_id"]]


def test_every_sign_is_there(ctx, raw):
    assert signs(ctx)["value"].to_dict() == {key: float(row["value"]) for key, row in raw("ai_overcapacity").items()}
