"""Every number of the chapter on the rivalry, recomputed from the files."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from patient_capital.analysis.regions import (
    DIGEST_PLACES,
    LEADERS,
    filings_and_rd,
    instrument_matrix,
    intensity_gap,
    pair_ratios,
)
from patient_capital.provenance.records import Context
from patient_capital.provenance.registry import load_results, number


@pytest.fixture
def ctx(book):
    return Context(book, load_results())


def value(ref):
    return number(f"regions.{ref}").value


@pytest.fixture(scope="module")
def province(raw):
    rows = raw("provinces")

    def read(name, year):
        return {
            r["iso_code"]: float(r["value"])
            for r in rows.values()
            if r["indicator"] == name and r["year"] == str(year) and r["iso_code"] != "CN"
        }

    return read


@pytest.fixture(scope="module")
def filed(raw):
    return {
        r["region"]: float(r["value"])
        for r in raw("ai_firms_by_region").values()
        if r["indicator"] == "deep_synthesis_algorithm_filings"
    }


def test_rd_of_the_31_units_adds_to_the_national_total(province):
    rd = province("rd_expenditure_cny_bn", 2023)
    assert len(rd) == 31
    assert sum(rd.values()) == pytest.approx(3335.7, abs=0.05)
    assert value("rd_total") == pytest.approx(sum(rd.values()))


def test_counts_of_units_and_rest(filed):
    assert value("units") == 31
    assert value("listed") == len(filed) - 1 == 21
    assert value("rest") == filed["CN"] - sum(v for k, v in filed.items() if k != "CN") == 40


def test_top_four_of_each_measure(province, filed):
    def share(values):
        ordered = sorted(values, reverse=True)
        return 100 * sum(ordered[:4]) / sum(ordered)

    assert value("top4_filings") == pytest.approx(100 * (1010 + 867 + 552 + 409) / 3834)
    assert value("top4_rd") == pytest.approx(share(province("rd_expenditure_cny_bn", 2023).values()))
    assert value("top4_gdp") == pytest.approx(share(province("gdp_cny_bn", 2023).values()))
    assert [number(f"regions.top4_{m}").text("bare") for m in ("filings", "rd", "gdp")] == ["74", "44", "35"]


@pytest.mark.parametrize(("year", "expected"), [(2011, "36.6"), (2023, "37.3")])
def test_rd_share_of_the_four_leaders(province, year, expected):
    rd = province("rd_expenditure_cny_bn", year)
    assert value(f"leaders_rd_{year}") == pytest.approx(100 * sum(rd[c] for c in LEADERS) / sum(rd.values()))
    assert number(f"regions.leaders_rd_{year}").text("bare") == expected


def test_gini_coefficients(province):
    def gini(values):
        v = list(values)
        return sum(abs(a - b) for a in v for b in v) / (2 * len(v) * sum(v))

    for year, expected in ((2011, "0.550"), (2023, "0.554")):
        assert value(f"gini_rd_{year}") == pytest.approx(gini(province("rd_expenditure_cny_bn", year).values()))
        assert number(f"regions.gini_rd_{year}").text() == expected
    assert value("gini_gdp") == pytest.approx(gini(province("gdp_cny_bn", 2023).values()))
    bounds = value("gini_filings")
    assert 0.76 < bounds.low <= bounds.high < 0.77
    assert bounds.high - bounds.low < 0.003


@pytest.mark.parametrize(
    ("ref", "slope", "interval"),
    [
        ("ols_all", "1.05", "0.27 to 1.83"), ("ols_no_beijing", "0.96", "0.19 to 1.74"), ("ols_no_hainan", "1.39", "0.92 to 1.85"),
        ("ols_no_leaders", "0.65", "-0.11 to 1.41"), ("ols_no_five", "0.98", "0.64 to 1.31"),
    ],
)  # fmt: skip
def test_least_squares_as_an_independent_fit_gives_it(province, filed, ref, slope, interval):
    assert number(f"regions.{ref}").text() == slope
    assert number(f"regions.{ref}_interval").text() == interval
    if ref == "ols_all":
        rd = province("rd_expenditure_cny_bn", 2023)
        codes = sorted(set(filed) - {"CN"})
        x, y = np.log([rd[c] for c in codes]), np.log([filed[c] for c in codes])
        assert value(ref) == pytest.approx(np.polyfit(x, y, 1)[0])


def test_censored_and_poisson_fits(province, filed):
    assert number("regions.censored_all").text() == "1.40"
    assert number("regions.censored_no_hainan").text() == "1.65"
    assert number("regions.censored_no_leaders").text() == "1.05"
    assert number("regions.poisson_all").text() == "1.50"
    rd = province("rd_expenditure_cny_bn", 2023)
    codes = sorted(rd)
    y = [filed.get(c, 4.0) for c in codes]
    fit = sm.Poisson(y, sm.add_constant(np.log([rd[c] for c in codes]))).fit(disp=0)
    assert value("poisson_all") == pytest.approx(float(fit.params[1]), abs=1e-4)


def test_range_of_the_elasticity_and_its_claim():
    assert number("regions.elasticity").text() == "1.05 to 1.65"
    assert value("four_places") is True
    assert number("regions.rank").text() == "0.84"


def test_zhejiang_over_jiangsu(province, filed):
    gdp = province("gdp_cny_bn", 2023)
    size = gdp["CN-ZJ"] / gdp["CN-JS"]
    rd = province("rd_expenditure_cny_bn", 2023)
    assert value("pair_gdp") == pytest.approx(size) == pytest.approx(0.644, abs=0.001)
    assert value("pair_deep") == pytest.approx(409 / 186)
    assert value("pair_generative") == pytest.approx(31 / 23)
    assert value("pair_rd_ratio") == pytest.approx(264.02 / 421.23)
    assert value("pair_deep_per_rd") == pytest.approx(409 / 186 / (264.02 / 421.23))
    assert value("pair_generative_per_rd") == pytest.approx(31 / 23 / (264.02 / 421.23))
    assert value("pair_rd") == pytest.approx(rd["CN-ZJ"] / rd["CN-JS"] / size)
    texts = {
        n: number(f"regions.pair_{n}").text("bare")
        for n in ("rd", "in_force", "ht_revenue", "recognised", "science_budget", "contracts")
    }
    assert texts == {
        "rd": "0.97",
        "in_force": "1.07",
        "ht_revenue": "0.65",
        "recognised": "1.26",
        "science_budget": "1.61",
        "contracts": "2.02",
    }
    assert value("pair_own_revenue") == pytest.approx(870.6 / 1003.82 / (9013.1 / 13700.8))


def test_at_least_ten_indicators_and_both_sides_of_one(ctx):
    frame = pair_ratios(ctx)
    assert value("pair_count") == len(frame) >= 10
    assert value("pair_above") == int((frame["ratio"] > 1).sum())
    assert 0 < value("pair_above") < len(frame)


def test_gap_in_intensity(ctx):
    gap = intensity_gap(ctx)["gap"].round(2).to_dict()
    assert gap[2011] == 0.32
    assert (gap[2021], gap[2022], gap[2023], gap[2024]) == (0.01, 0.01, 0.09, 0.14)
    assert value("gap_reopened") is True


def test_matrix_counts_every_row_of_a_region_once(ctx, raw):
    frame = instrument_matrix(ctx).drop(columns="name")
    rows = [r for r in raw("instruments").values() if r["region"] != "CN"]
    assert int(frame.to_numpy().sum()) == len(rows)
    assert tuple(frame.index[: len(DIGEST_PLACES)]) == DIGEST_PLACES
    assert value("instruments") == len(raw("instruments"))
    shenzhen = [r for r in rows if r["city"].startswith("Shenzhen")]
    assert int(frame.loc["Shenzhen"].sum()) == len(shenzhen) > 0
    assert int(frame.loc["CN-GD"].sum()) == sum(r["region"] == "CN-GD" for r in rows) - len(shenzhen)


def test_unlisted_units_have_no_number(ctx):
    frame = filings_and_rd(ctx)
    assert int(frame["filings"].isna().sum()) == 10
    assert value("as_concentrated") is True
