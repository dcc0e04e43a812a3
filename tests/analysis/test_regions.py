"""Every number of the chapter on the rivalry, recomputed from the files."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats

from patient_capital.analysis import regions
from patient_capital.analysis.inequality import gini
from patient_capital.analysis.regions import DIGEST_PLACES, LEADERS, filings_and_rd, instrument_matrix, pair_ratios
from patient_capital.figures import regions as figures
from patient_capital.formatting import spelled
from patient_capital.listings import regions as tables
from patient_capital.provenance.registry import number


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
    return listed(raw, "2026-06-30")


def listed(raw, day):
    """Count of each province in the lists of the regulator to a day, as the file holds it."""
    return {
        r["region"]: float(r["value"])
        for r in raw("ai_firms_by_region").values()
        if r["indicator"] == "gen_ai_services_filed_cac" and r["date"] == day and r["region"] != "CN"
    }


def test_rd_of_the_31_units_adds_to_the_national_total(province):
    rd = province("rd_expenditure_cny_bn", 2023)
    assert len(rd) == 31
    assert sum(rd.values()) == pytest.approx(3335.7, abs=0.05)
    assert value("rd_total") == pytest.approx(sum(rd.values()))


@pytest.mark.parametrize("day", regions.LISTS.values())
def test_counts_of_the_places_and_of_central_firms_add_to_the_total_of_the_regulator(raw, day):
    rows = raw("ai_firms_by_region")
    counted = listed(raw, day)
    assert len(counted) == 31
    nation, central = (
        float(rows[f"cn{where}_{day}_gen_ai_services_filed_cac"]["value"]) for where in ("", "_central-firms")
    )
    assert sum(counted.values()) + central == nation


def test_counts_of_units(filed):
    assert value("units") == len(filed) == 31
    assert value("with_filing") == sum(count > 0 for count in filed.values()) == 30


def test_top_four_of_each_measure(province, filed, raw):
    def share(values):
        ordered = sorted(values, reverse=True)
        return 100 * sum(ordered[:4]) / sum(ordered)

    assert (
        value("top4_filings")
        == pytest.approx(share(filed.values()))
        == pytest.approx(100 * (254 + 169 + 164 + 96) / 972)
    )
    for year in ("2024", "2025"):
        assert value(f"top4_filed_{year}") == pytest.approx(share(listed(raw, regions.LISTS[year]).values()))
    for year, day in regions.LISTS.items():
        counted = listed(raw, day)
        assert value(f"beijing_filed_{year}") == pytest.approx(100 * counted["CN-BJ"] / sum(counted.values()))
    assert value("filings_spread") is True
    assert value("top4_rd") == pytest.approx(share(province("rd_expenditure_cny_bn", 2023).values()))
    assert value("top4_gdp") == pytest.approx(share(province("gdp_cny_bn", 2023).values()))
    assert [number(f"regions.top4_{m}").text("bare") for m in ("filings", "rd", "gdp")] == ["70", "44", "35"]


@pytest.mark.parametrize(("year", "expected"), [(2011, "36.6"), (2023, "37.3")])
def test_rd_share_of_the_four_leaders(province, year, expected):
    rd = province("rd_expenditure_cny_bn", year)
    assert value(f"leaders_rd_{year}") == pytest.approx(100 * sum(rd[c] for c in LEADERS) / sum(rd.values()))
    assert number(f"regions.leaders_rd_{year}").text("bare") == expected


def test_gini_coefficients(province, filed):
    def gini(values):
        v = list(values)
        return sum(abs(a - b) for a in v for b in v) / (2 * len(v) * sum(v))

    for year, expected in ((2011, "0.550"), (2018, "0.559"), (2023, "0.554")):
        assert value(f"gini_rd_{year}") == pytest.approx(gini(province("rd_expenditure_cny_bn", year).values()))
        assert number(f"regions.gini_rd_{year}").text() == expected
    assert value("gini_gdp") == pytest.approx(gini(province("gdp_cny_bn", 2023).values()))
    assert value("gini_filings") == pytest.approx(gini(filed.values()))


@pytest.mark.parametrize(
    ("ref", "slope", "interval"), [("ols_all", "0.90", "0.35 to 1.45"), ("ols_no_tibet", "1.15", "0.81 to 1.49")]
)
def test_least_squares_as_an_independent_fit_gives_it(province, filed, ref, slope, interval):
    assert number(f"regions.{ref}").text() == slope
    assert number(f"regions.{ref}_interval").text() == interval
    rd = province("rd_expenditure_cny_bn", 2023)
    codes = sorted(code for code, count in filed.items() if count and not (ref == "ols_no_tibet" and code == "CN-XZ"))
    x, y = np.log([rd[c] for c in codes]), np.log([filed[c] for c in codes])
    assert value(ref) == pytest.approx(np.polyfit(x, y, 1)[0])


def test_censored_and_poisson_fits(province, filed):
    rd = province("rd_expenditure_cny_bn", 2023)
    codes = sorted(rd)
    x = sm.add_constant(np.log([rd[c] for c in codes]))
    fit = sm.Poisson([filed[c] for c in codes], x).fit(disp=0)
    assert value("poisson_all") == pytest.approx(float(fit.params[1]), abs=1e-4)
    assert number("regions.poisson_all").text() == "1.51"

    y = np.array([filed[c] for c in codes])

    def loss(beta):
        mean, scale = x @ beta[:2], np.exp(beta[2])
        seen = stats.norm.logpdf(np.log(np.maximum(y, 1)), mean, scale)
        return -np.where(y > 0, seen, stats.norm.logcdf(0, mean, scale)).sum()

    best = optimize.minimize(
        loss, [0, 1, 0], method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-6, "fatol": 1e-9}
    )
    assert value("censored_all") == pytest.approx(best.x[1], abs=1e-3)


def test_range_of_the_elasticity_and_its_claim():
    every = [value(f"{method}_{sample}") for method in regions.METHODS for sample in regions.SAMPLES]
    assert (value("elasticity").low, value("elasticity").high) == (min(every), max(every))
    assert value("method_decides") is True
    assert value("poisson_all_interval").low > 1 > value("ols_all_interval").low
    assert number("regions.rank").text() == "0.88"


def test_zhejiang_over_jiangsu(province):
    gdp = province("gdp_cny_bn", 2023)
    size = gdp["CN-ZJ"] / gdp["CN-JS"]
    rd = province("rd_expenditure_cny_bn", 2023)
    assert value("pair_gdp") == pytest.approx(size) == pytest.approx(0.644, abs=0.001)
    assert value("pair_deep") == pytest.approx(409 / 186)
    assert [value(f"pair_filed_{year}") for year in (2024, 2026)] == pytest.approx([7 / 2, 96 / 92])
    assert value("hardly_more") is True
    assert value("pair_rd_ratio") == pytest.approx(264.02 / 421.23)
    assert value("pair_filed_per_rd") == pytest.approx(96 / 92 / (264.02 / 421.23))
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
    gap = regions.gap_in_points(regions.rd_over_gdp(ctx))["gap"].round(2).to_dict()
    assert gap[2011] == 0.32
    assert (gap[2021], gap[2022], gap[2023], gap[2024]) == (0.01, 0.01, 0.09, 0.14)
    assert value("gap_reopened") is True


# --- Frames that figures and tables are drawn from -------------------------------------------------------


@pytest.fixture(scope="module")
def names(raw):
    return {code: row["name_en"] for code, row in raw("province_codes").items()}


def test_units_hold_names_amounts_and_counts(ctx, province, filed, names):
    frame = filings_and_rd(ctx)
    assert frame.index.name == "iso_code"
    assert frame["name"].to_dict() == {code: names[code] for code in frame.index}
    assert frame["rd_cny_bn"].to_dict() == province("rd_expenditure_cny_bn", 2023)
    assert frame["filings"].to_dict() == filed
    assert regions.filings_rd_and_gdp(ctx)["gdp_cny_bn"].to_dict() == province("gdp_cny_bn", 2023)


def test_tiles_stand_where_the_grid_has_them(ctx, raw, filed, names):
    tiles = regions.filings_on_tiles(ctx)
    rows = {code: row for code, row in raw("tile_grid").items() if code in tiles.index}
    assert len(rows) == len(tiles) == 31
    first = min(int(row["alt_row"]) for row in rows.values()), min(int(row["alt_col"]) for row in rows.values())
    for code, row in rows.items():
        place = int(row["alt_row"]) - first[0] + 1, int(row["alt_col"]) - first[1] + 1
        assert (tiles.at[code, "row"], tiles.at[code, "col"], tiles.at[code, "name"]) == (*place, names[code])
        assert tiles.at[code, "shade"] == sum(filed[code] >= floor for floor in (10, 40, 90, 150))
    assert not tiles.duplicated(["row", "col"]).any()


def test_events_of_the_firms_are_those_of_the_table(ctx, raw):
    rows, frame = raw("dragon_events"), regions.dragon_events(ctx)
    assert set(frame.index) == set(rows)
    assert frame["date"].to_dict() == {key: row["date"] for key, row in rows.items()}
    for firm, some in frame.groupby("firm"):
        assert some["year"].is_monotonic_increasing, firm
    state = [row["date"] for row in rows.values() if row["kind"] == "state"]
    assert value("state_entries_dated") == len(state)
    assert value("state_entries_after_r1") == sum(day > "2025-01-20" for day in state)
    dated = {row["firm_id"] for row in rows.values() if row["kind"] == "state"}
    holders = {key: row["state_investors"] for key, row in raw("dragons").items() if row["founded_year"]}
    money = {key for key, told in holders.items() if told and not told.startswith("recruited")}
    assert value("state_firms_dated") == len(dated)
    assert dated < money, "who has a dated entry is named as a holder; of others the day is not told"
    assert value("state_firms") == len(money)
    assert value("dragons_listed") == sum(row["kind"] == "listed" for row in rows.values())
    listed = {row["firm"]: row["listed_on"] for row in raw("ai_listings").values()}
    assert listed["Unitree"] == rows["unitree_listed"]["date"]


def test_firms_with_a_platform_company_among_the_owners(ctx, raw):
    """Every firm whose row names one counts, but for rounds that are only reported."""
    named = {
        key
        for key, row in raw("dragons").items()
        for part in row["private_investors"].split(";")
        if any(name in part for name in regions.PLATFORMS) and "reported" not in part
    }
    assert set(regions.platform_owners(ctx).index) == named
    assert value("platform_owned") == len(named) == 3
    assert "Tencent" in raw("dragons")["deepseek"]["private_investors"]


def test_places_with_a_kind_of_instrument_are_some_of_those_with_any(raw):
    rows = [row for row in raw("instruments").values() if row["region"] != "CN"]
    for kind in ("plan", "subsidy", "fund"):
        places = {row["region"] for row in rows if row["instrument"] == kind}
        assert value(f"places_with_{kind}") == len(places) <= value("instrument_places")


def test_state_holders_without_a_date_are_those_that_the_chapter_names(raw):
    told = {"unitree": "Shenzhen Capital", "deep-robotics": "National AI fund", "manycore": "CITIC"}
    for firm, holder in told.items():
        assert holder in raw("dragons")[firm]["state_investors"]
        entries = [row for row in raw("dragon_events").values() if (row["firm_id"], row["kind"]) == (firm, "state")]
        assert not any(holder in row["words"] for row in entries)


def test_entries_at_a_listing_fall_into_its_month(raw):
    rows = raw("dragon_events").values()
    listed = {(row["firm_id"], row["date"][:7]) for row in rows if row["kind"] == "listed"}
    bought = [row for row in rows if row["kind"] == "state" and (row["firm_id"], row["date"][:7]) in listed]
    assert value("state_entries_at_listing") == len(bought) == sum("listing" in row["words"] for row in bought)


def test_a_date_without_a_day_counts_as_its_middle():
    years = regions.in_years(pd.Series(["2024", "2024-01", "2024-01-01", "2024-12-31"]))
    assert years.to_list() == pytest.approx([2024.5, 2024 + 14 / 365, 2024, 2025], abs=0.002)


def test_shades_count_the_floors_that_are_reached():
    counts = pd.Series([0.0, 9.99, 10, 50, float("nan")])
    assert regions.shades(counts, (10, 50)).to_list()[:4] == [0, 0, 1, 2]
    assert pd.isna(regions.shades(counts, (10, 50)).iloc[4])
    assert regions.shades(counts, ()).iloc[:4].eq(0).all()


def test_services_with_a_place_add_to_the_total_less_those_of_the_centre(filed, raw):
    rows = raw("ai_firms_by_region")
    total = float(rows["cn_2026-06-30_gen_ai_services_filed_cac"]["value"])
    central = float(rows["cn_central-firms_2026-06-30_gen_ai_services_filed_cac"]["value"])
    assert value("filings_with_place") == sum(filed.values()) == total - central


def test_groups_hold_the_four_with_most_filings(ctx, filed):
    frame = regions.filings_by_group(ctx)
    most = sorted(filed, key=filed.get, reverse=True)[:4]
    assert set(frame.index[frame["group"].eq("leader")]) == set(most) == set(LEADERS)
    assert set(frame.index[frame["group"].eq("apart")]) == {"CN-XZ", "CN-JS"}
    assert set(regions.in_groups(frame, leaders=["CN-XZ"], apart=["CN-XZ"])["group"]) == {"leader", "other"}


def test_every_fit_is_the_printed_result(ctx):
    fits = regions.elasticities(ctx)
    assert len(fits) == len(regions.METHODS) * len(regions.SAMPLES)
    for name, row in fits.iterrows():
        assert row["elasticity"] == value(name)
        assert (row["low_95"], row["high_95"]) == (value(f"{name}_interval").low, value(f"{name}_interval").high)
        left_out = len(regions.SAMPLES[name.partition("_")[2]][1])
        assert row["units"] == (30 if row["method"] == "ols" else 31) - left_out


def test_fits_by_hand(province, filed):
    """Least squares and Poisson by their normal equations, on a sample that the book does not fit."""
    rd = province("rd_expenditure_cny_bn", 2023)
    units = pd.DataFrame({"rd_cny_bn": rd}).assign(filings=pd.Series(filed))
    fits = regions.fit_each(units, {"two": ("two", ["CN-GD", "CN-SH"])}, ["ols", "poisson"])
    kept = [code for code in rd if code not in {"CN-GD", "CN-SH"}]
    x = {code: np.log(rd[code]) for code in kept}
    some = [code for code in kept if filed[code]]
    slope = np.polyfit([x[code] for code in some], np.log([filed[code] for code in some]), 1)[0]
    assert fits.loc["ols_two", "elasticity"] == pytest.approx(slope)
    assert fits["units"].to_list() == [len(some), len(kept)]
    design, y = np.column_stack([np.ones(len(kept)), list(x.values())]), np.array([filed[code] for code in kept])
    beta = np.array([np.log(np.mean(y)), 0.0])
    for _ in range(60):
        mean = np.exp(design @ beta)
        beta = beta + np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (y - mean))
    assert fits.loc["poisson_two", "elasticity"] == pytest.approx(beta[1], rel=1e-6)


def test_lorenz_curves_run_from_nothing_to_all_and_agree_with_the_gini_coefficients(ctx, province):
    curves = regions.concentration(ctx)
    assert list(dict.fromkeys(curves["measure"])) == ["filings", "R&D", "GDP"]
    rd = sorted(province("rd_expenditure_cny_bn", 2023).values())
    drawn = curves.loc[curves["measure"].eq("R&D")].set_index("units")["share_pct"]
    for count in (0, 1, 16, 27, 31):
        assert drawn[count] == pytest.approx(100 * sum(rd[:count]) / sum(rd))
    assert 100 - drawn[27] == pytest.approx(value("top4_rd"))
    area = (drawn.to_numpy()[1:] + drawn.to_numpy()[:-1]).sum() / 2 / 31 / 100
    assert 1 - 2 * area == pytest.approx(value("gini_rd_2023")) == pytest.approx(gini(rd))


def test_values_of_the_pair_are_those_of_the_files(ctx, province, filed):
    values = regions.pair_values(ctx)
    assert (values["first"].eq("Zhejiang") & values["second"].eq("Jiangsu")).all()
    for key, (name, year, words) in regions.PAIR.items():
        held, gdp, row = province(name, year), province("gdp_cny_bn", year), values.loc[key]
        assert (row["indicator"], row["kind"], row["gdp_year"]) == (words, "other", year)
        assert (row["first_value"], row["second_value"]) == (held["CN-ZJ"], held["CN-JS"])
        assert (row["first_gdp_cny_bn"], row["second_gdp_cny_bn"]) == (gdp["CN-ZJ"], gdp["CN-JS"])
    assert values.loc["filed", ["first_value", "second_value"]].to_list() == [filed["CN-ZJ"], filed["CN-JS"]]


def test_ratios_of_the_pair_are_the_printed_results(ctx):
    ratios = regions.pair_ratios(ctx)["ratio"]
    for key in regions.PAIR:
        assert ratios[key] == pytest.approx(value(f"pair_{key}"))
    assert ratios["filed"] == pytest.approx(value("pair_filed_2026") / value("pair_gdp"))
    assert ratios.is_monotonic_decreasing


def test_a_pair_turned_around_is_the_inverse_and_gaps_are_left_out(ctx):
    straight, turned = (
        regions.over_gdp(regions.pair_values(ctx, *p)) for p in (("CN-BJ", "CN-GD"), ("CN-GD", "CN-BJ"))
    )
    assert (straight["ratio"] * turned["ratio"].reindex(straight.index)).to_numpy() == pytest.approx(1)
    values = regions.pair_values(ctx)
    values.loc["rd", "second_value"] = float("nan")
    assert "rd" not in regions.over_gdp(values).index


def test_intensity_is_that_of_the_files_in_years_that_both_have(ctx, raw):
    held = {
        (row["iso_code"], int(row["year"])): float(row["value"])
        for row in raw("provinces").values()
        if row["indicator"] == "rd_intensity_pct" and row["iso_code"] in {"CN-JS", "CN-ZJ"}
    }
    both = {year for _, year in held if {("CN-JS", year), ("CN-ZJ", year)} <= set(held)}
    frame = regions.rd_over_gdp(ctx)
    drawn = {(row.iso_code, row.year): row.rd_pct_gdp for row in frame.itertuples()}
    assert drawn == {key: amount for key, amount in held.items() if key[1] in both}
    assert list(dict.fromkeys(frame["province"])) == ["Jiangsu", "Zhejiang"]
    assert frame.groupby("province")["year"].apply(lambda years: years.is_monotonic_increasing).all()


def test_a_year_that_one_province_lacks_is_left_out():
    rows = pd.DataFrame(
        {"iso_code": ["CN-A", "CN-A", "CN-B", "CN-C"], "year": [2001, 2000, 2001, 2000], "value": [2.0, 1.0, 4.0, 9.0]}
    )
    names = pd.Series({"CN-A": "A", "CN-B": "B", "CN-C": "C"})
    frame = regions.in_common_years(rows, names, ["CN-B", "CN-A"])
    assert frame[["province", "year", "rd_pct_gdp"]].to_numpy().tolist() == [["B", 2001, 4.0], ["A", 2001, 2.0]]
    assert regions.gap_in_points(frame, ahead="B", behind="A").loc[2001].to_dict() == {"B": 4, "A": 2, "gap": 2}


def test_matrix_counts_every_row_of_a_region_once(ctx, raw, names):
    frame = instrument_matrix(ctx)
    counted = Counter(
        ("Shenzhen" if row["city"].startswith("Shenzhen") else row["region"], row["instrument"])
        for row in raw("instruments").values()
        if row["region"] != "CN"
    )
    assert {(p, k): frame.at[p, k] for p in frame.index for k in frame.columns[1:] if frame.at[p, k]} == counted
    assert {"Shenzhen", "CN-GD"} <= {place for place, _ in counted}
    assert value("instruments") == counted.total()
    assert tuple(frame.index[: len(DIGEST_PLACES)]) == DIGEST_PLACES
    assert frame["name"].to_dict() == {place: names.get(place, place) for place in frame.index}


def test_figure_and_table_count_the_same_instruments(book, ctx, raw):
    """What the table holds beyond the figure is named in its title."""
    codes = [row["region"] for row in raw("instruments").values()]
    national = codes.count("CN")
    assert value("instruments") == instrument_matrix(ctx).drop(columns="name").to_numpy().sum()
    assert value("instruments") == len(codes) - national
    assert value("instrument_places") == len(set(codes) - {"CN"})
    title = tables.instruments.of(book).title
    assert title == f"Every instrument found: {len(codes) - national} of places, {spelled(national)} of the centre"


def test_every_place_with_a_local_fund_for_ai_has_one_among_its_instruments(raw):
    """A place whose fund one table holds cannot stand without a fund in the other."""
    local = {"provincial", "municipal", "district"}
    wanted = {
        row["region"]
        for row in raw("funds").values()
        if row["theme"] == "ai_robot_data" and row["level"] in local and row["kind"] in {"fund", "cluster"}
    }
    listed = {row["region"] for row in raw("instruments").values() if row["instrument"] == "fund"}
    assert len(wanted) >= 8
    assert wanted - listed == set(), "add the fund of these places to data/instruments.csv, too"


def test_each_kind_of_instrument_is_explained_below_the_figure(book, raw):
    assert {row["instrument"] for row in raw("instruments").values()} == set(figures.KINDS_TOLD)
    note = figures.instruments.of(book).note.lower()
    assert all(told in note for told in figures.KINDS_TOLD.values())


def test_cities_that_stand_apart_leave_their_province(ctx):
    found = regions.instruments_found(ctx)
    together = regions.by_place_and_kind(found, apart=[], first=[])
    assert list(together.index) == sorted(together.index)
    assert "Shenzhen" not in together.index
    apart = regions.by_place_and_kind(found, apart=["Hangzhou", "Nowhere"], first=["Hangzhou", "CN-ZZ"])
    assert apart.index[0] == "Hangzhou"
    both = apart.loc[["Hangzhou", "CN-ZJ"]].drop(columns="name").sum()
    assert both.to_dict() == together.loc["CN-ZJ"].drop("name").to_dict()


def test_frames_of_the_tables_hold_the_rows_of_the_files(ctx, raw, names):
    found, rows = regions.instruments_found(ctx), raw("instruments")
    assert list(found.index) == list(rows)
    assert found["place"].to_list() == [names[row["region"]] for row in rows.values()]
    firms = [key for key, row in raw("dragons").items() if row["founded_year"] or row["sector"]]
    assert list(regions.dragons(ctx).index) == firms
    assert len(firms) == 6
    assert list(regions.debate(ctx).index) == sorted(raw("debate"), key=lambda key: raw("debate")[key]["date"])


def test_a_unit_without_a_count_is_refused(ctx):
    units = filings_and_rd(ctx)
    units.loc["CN-GS", "filings"] = float("nan")
    with pytest.raises(ValueError, match="no count"):
        regions.fit(units, "poisson")
    assert regions.fit(units, "poisson", ["CN-GS"]) == regions.fit(units.dropna(), "poisson")
