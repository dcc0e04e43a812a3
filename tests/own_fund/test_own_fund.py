"""A fund of one's own from two files: the example, what the table says, and every kind of bad input."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patient_capital import cli, model
from patient_capital.own_fund import COLUMNS, InputError, own_table, read_deals, read_fund, with_returns
from patient_capital.own_fund.files import OwnDeals
from patient_capital.own_fund.table import _drawn_again as drawn_again
from patient_capital.own_fund.table import _row as own_rows

FUND = 'like = "patient"\n'
DEALS = "cost,proceeds\n10,0\n10,4\n10,25\n10,90\n"
QUICK = ["--draws", "8", "--portfolios", "200"]


@pytest.fixture
def files(tmp_path):
    """Write the two files and return their paths."""

    def write(fund=FUND, deals=DEALS):
        for name, text in (("my_fund.toml", fund), ("my_deals.csv", deals)):
            data = text if isinstance(text, bytes) else text.encode()
            (tmp_path / name).write_bytes(data)
        return tmp_path / "my_fund.toml", tmp_path / "my_deals.csv"

    return write


@pytest.fixture(scope="module")
def example(root, ctx):
    fund = read_fund(root / "examples" / "my_fund.toml")
    deals = read_deals(root / "examples" / "my_deals.csv", fund.deals)
    return fund, deals, *own_table(ctx, fund, deals, draws=24, portfolios=500)


def values(table, part):
    return table.loc[table["part"].eq(part)].set_index("item")["value"]


def test_the_example_of_the_project_gives_the_whole_table(root, tmp_path, capsys):
    folder = root / "examples"
    call = ["regime", str(folder / "my_fund.toml"), "--deals", str(folder / "my_deals.csv"), "--out", str(tmp_path)]
    assert cli.main([*call, *QUICK]) == 0
    shown = capsys.readouterr().out
    table = pd.read_csv(tmp_path / "table.csv", keep_default_na=False, na_values=[""])
    assert list(table.columns) == list(COLUMNS)
    assert list(dict.fromkeys(table["part"])) == [
        "results",
        "chances",
        "break_evens",
        "decomposition",
        "regimes of the book",
        "deals",
    ]
    for item in table["item"]:
        assert item in shown
    assert len(pd.read_csv(tmp_path / "draws.csv")) == 8
    for name in ("table.csv", "draws.csv"):
        text = (tmp_path / name).read_bytes()
        assert text.isascii()
        assert b"\r" not in text
        assert not re.search(rb"\b(nan|inf)\b", text)


def test_both_files_of_the_example_say_what_each_line_is(root):
    fund, deals = ((root / "examples" / name).read_text(encoding="utf-8") for name in ("my_fund.toml", "my_deals.csv"))
    assert all("#" in line for line in fund.splitlines() if line)
    assert deals.startswith("# ")


def test_the_numbers_are_those_of_the_model(example):
    fund, deals, table, drawn = example
    book = model.central()
    at = with_returns(book, deals.table(), fund.time_to_exit, fund.scenario)
    assert at.returns.mean() == pytest.approx(values(table, "deals")["mean multiple"])
    found = model.evaluate(fund.regime, at)
    results = values(table, "results")
    assert results["net multiple"] == pytest.approx(found.net_multiple)
    assert results["net present value at 0.0198 a year"] == pytest.approx(found.value)
    assert results["net return a year, continuously compounded"] == pytest.approx(found.internal_rate)
    for name, regime in model.regimes().items():
        assert any(np.isclose(values(table, "regimes of the book"), model.evaluate(regime, at).value)), name
    spans = table.loc[table["share_above_zero"].notna()]
    assert set(spans["part"]) == {"results"}
    assert (spans["low_5"] < spans["high_95"]).all()
    assert drawn["value_bond"].between(*spans.iloc[1][["low_5", "high_95"]]).sum() >= 21
    parts = values(table, "decomposition")
    bare = {"fee_rate": 0.0, "carry": 0.0, "forced_sale": 1.0, "deployment_delay": 0.0, "soft_budget": 0.0}
    free = replace(at, **bare, refusal=0.0, elasticity=0.0, scale_share=0.0)
    alike = replace(fund.regime, rule=book.yardstick[0], screeners=book.yardstick[1])
    assert parts["value without any of them"] == pytest.approx(model.evaluate(alike, free).value)
    assert parts["without carry alone"] == pytest.approx(
        model.evaluate(fund.regime, replace(at, carry=0.0)).value - found.value
    )


def test_every_break_even_is_a_point_of_zero_value_or_says_on_which_side_the_span_lies(example):
    fund, deals, table, _ = example
    rows = table.loc[table["part"].eq("break_evens")]
    assert (rows["value"].isna() == rows["outcome"].str.startswith("no switch")).all()
    assert set(rows["outcome"]) <= {"switch", "no switch: above zero", "no switch: below zero"}
    [share] = rows.loc[rows["item"].str.startswith("share of the best deals"), "value"]
    at = with_returns(model.central(), deals.table(), fund.time_to_exit, fund.scenario)
    moved = model.selection.with_tail_share(at.returns, share, "in_proportion")
    assert model.evaluate(fund.regime, replace(at, returns=moved, elasticity=0.0, refusal=0.0)).value == pytest.approx(
        0, abs=1e-9
    )


def test_without_own_deals_or_keys_it_is_the_regime_of_the_book(files, ctx):
    fund, _ = files()
    table, drawn = own_table(ctx, read_fund(fund), draws=0, portfolios=200)
    assert drawn.empty
    assert table["low_5"].isna().all()
    central = model.evaluate(model.regimes()["patient"], model.central())
    assert values(table, "results")["net multiple"] == pytest.approx(central.net_multiple)
    slower, _ = files(FUND + "[scenario]\ntime_to_exit = 9\ndiscount_rate = 0.05\n")
    other, _ = own_table(ctx, read_fund(slower), draws=0, portfolios=200)
    assert "net present value at 0.05 a year" in values(other, "results")
    assert values(other, "results")["net return a year, continuously compounded"] < central.internal_rate


def test_the_draws_are_the_same_each_time_and_know_how_few_the_deals_are(files, ctx):
    many = "cost,proceeds\n" + DEALS.split("\n", 1)[1] * 25
    spans = []
    for text in (DEALS, DEALS, many):
        fund, deals = (
            read(path) for read, path in zip((read_fund, lambda p: read_deals(p, {})), files(deals=text), strict=True)
        )
        spans.append(own_table(ctx, fund, deals, draws=40, portfolios=200)[1]["value_bond"])
    assert spans[0].equals(spans[1])
    assert spans[2].std() < spans[0].std()


@pytest.mark.parametrize(
    "deals",
    [
        "﻿" + DEALS,
        DEALS.replace("\n", "\r\n"),
        "# mine\n\n" + DEALS.replace("cost", " Cost "),
        "multiple,weight\n0,10\n0.4,10\n2.5,10\n9,10\n",
        DEALS.replace("\n", "\r"),
        "# mine\r" + DEALS,
        DEALS.replace("\n", ",,\n"),
        DEALS + ",,\n",
        "deal,cost,proceeds,held\n" + "".join(f'"a, {i}",{line},no\n' for i, line in enumerate(DEALS.split()[1:])),
    ],
    ids=[
        "mark of Excel",
        "line ends of Windows",
        "comments and capitals",
        "multiples and weights",
        "line ends of old programs",
        "line ends of two programs",
        "empty columns of a spreadsheet",
        "an empty row that is wider",
        "names",
    ],
)
def test_what_programs_write_is_read(files, deals):
    found = read_deals(files(deals=deals)[1], {})
    assert list(found.multiples) == [0.0, 0.4, 2.5, 9.0]
    assert len(set(found.weights)) == 1


def test_deals_count_by_their_cost_or_equally_as_asked(files):
    _, path = files(deals="cost,proceeds\n30,0\n10,20\n")
    assert read_deals(path, {}).table().mean() == pytest.approx(0.5)
    assert read_deals(path, {"weights": "equal"}).table().mean() == pytest.approx(1.0)


BAD_FUNDS = {
    "empty": ("", "is empty. See my_fund.toml in the folder examples"),
    "only a mark": (b"\xef\xbb\xbf\n", "is empty"),
    "utf-16": ('like = "patient"'.encode("utf-16"), "is text in UTF-16. Save it as UTF-8."),
    "gbk": ('like = "patient"\n# 基金'.encode("gbk"), "line 2: is not text in UTF-8"),
    "no toml": ("like patient", "is not TOML"),
    "unknown key": (
        FUND + "[fund]\nhorizn = 20\n",
        "[fund] horizn: is no key of this section. Perhaps horizon is meant",
    ),
    "unknown section": (FUND + "[funds]\nhorizon = 20\n", "funds: is no key of this file. Perhaps fund is meant"),
    "no section": (FUND + "fund = 3\n", "fund: must be a section of keys"),
    "twice": (FUND + "[fund]\nhorizon = 20\nhorizon = 12\n", "Keep one of the two"),
    "text for a number": (FUND + '[fund]\nhorizon = "ten"\n', "[fund] horizon = 'ten': must be a number, such as 0.02"),
    "full-width": (FUND + '[fund]\nhorizon = "１０"\n', "[fund] horizon = '１０': must be a number"),
    "full-width bare": (FUND + "[fund]\nhorizon = １０\n", "is not TOML"),
    "half a deal": (FUND + "[fund]\ntickets = 1.5\n", "[fund] tickets = 1.5: must be a whole number, such as 20"),
    "number for a truth": (FUND + "[fund]\nreaches_scale = 1\n", "[fund] reaches_scale = 1: must be true or false"),
    "truth for a number": (FUND + "[fund]\nhorizon = true\n", "[fund] horizon = true: must be a number"),
    "nan": (FUND + "[scenario]\nfee_rate = nan\n", "[scenario] fee_rate = nan: must be a finite number"),
    "vast": (FUND + f"[fund]\nhorizon = 1{'0' * 400}\n", "[fund] horizon = 10000"),
    "too many digits": (FUND + f"[fund]\nhorizon = 1{'0' * 5000}\n", "is not TOML, exceeds the limit"),
    "nested": (FUND + f"x = {'[' * 5000}\n", "is nested too deeply. Close every bracket."),
    "day for a number": (FUND + "[fund]\nhorizon = 2020-01-01\n", "[fund] horizon = 2020-01-01: must be a number"),
    "out of domain": (FUND + "[fund]\nstate_share = 1.5\n", "[fund] state_share = 1.5: a share lies between 0 and 1."),
    "do not fit": (FUND + "[fund]\nhorizon = 5\n", "[fund] investment_years = 10.0: must not exceed the horizon."),
    "no rule": (FUND + '[fund]\nrule = "hope"\n', "[fund] rule = hope: must be one of average, champion"),
    "no start": ("[fund]\nhorizon = 20\n", "like: is missing. Name the regime that the fund starts from: private_fund"),
    "no such regime": ('like = "patent"', "like = 'patent': there is no regime 'patent'; perhaps 'patient_fund'"),
    "growth and time": (FUND + "[scenario]\ngrowth = 0.3\ntime_to_exit = 5\n", "time_to_exit: stands beside growth"),
    "no time": (FUND + "[scenario]\ntime_to_exit = 0\n", "[scenario] time_to_exit = 0.0: must be positive"),
    "no such way": (FUND + '[deals]\nheld = "sold"\n', "[deals] held = 'sold': must be kaplan_meier or current_value"),
    "no returns": (FUND + '[scenario]\nreturns = "x"\n', "[scenario] returns: is no key"),
    "no name": (FUND + '[fund]\nname = " "\n', "[fund] name = ' ': must be words that can be printed. Change it"),
    "name for a terminal": (
        FUND + '[fund]\nname = "\\u001b[31m"\n',
        "name = '\\x1b[31m': must be words that can be printed",
    ),
    "vast portfolio": (
        FUND + "[fund]\ntickets = 100000000\n",
        "[fund] tickets = 100000000: in 200 portfolios are more than 1000000000 deals to draw. Give fewer, or",
    ),
    "too much": (FUND + "[scenario]\ngrowth = 1e308\n", "leave the range of a computer's. Look for one"),
    "too little": (FUND + "[scenario]\nfee_rate = 0.5\n", "times the investment years must leave money"),
}
BAD_DEALS = {
    "empty": ("", "is empty. See my_deals.csv in the folder examples"),
    "comments alone": ("# nothing\n", "holds comments alone"),
    "no deals": ("cost,proceeds\n", "holds a header and no deals. Write one deal a line."),
    "cell without a column": ("multiple\n3,x\n", "line 2: has 2 cells, the header 1"),
    "missing column": ("cost,held\n10,no\n", "column 'proceeds': is missing; there are cost, held"),
    "unknown column": ("cost,procedes\n10,3\n", "column 'procedes': is not known. Perhaps proceeds is meant"),
    "column twice": ("cost,cost,proceeds\n1,1,1\n", "column 'cost': is there twice. Keep one of the two."),
    "both": ("cost,proceeds,multiple\n1,1,1\n", "columns multiple and proceeds: say the same thing twice"),
    "semicolons": ("cost;proceeds\n1;2\n", "line 1: has columns that no comma separates"),
    "negative cost": (DEALS + "-1,3\n", "line 6, cost = '-1': must be above zero. Mend the sign"),
    "no cost": (DEALS + "0,3\n", "line 6, cost = '0': must be above zero"),
    "negative proceeds": (DEALS + "1,-3\n", "line 6, proceeds = '-3': must not be negative"),
    "nan": (DEALS + "1,NaN\n", "line 6, proceeds = 'NaN': must be a finite number"),
    "inf": (DEALS + "1,-inf\n", "line 6, proceeds = '-inf': must be a finite number"),
    "beyond": (DEALS + "1,1e999\n", "line 6, proceeds = '1e999': is beyond the range of numbers"),
    "vast": (DEALS + "1e300,3\n", "line 6, cost = 1e+300: is more than 1e+12 times 10 in line 2"),
    "tiny": ("multiple,weight\n0,1e-300\n2,1\n", "line 3, weight = 1: is more than 1e+12 times 1e-300 in line 2"),
    "full-width": (DEALS + "１０,3\n", "line 6, cost = '１０': has digits that are not ASCII, perhaps full-width"),
    "thousands": (DEALS + '"1,000",3\n', "line 6, cost = '1,000': has a comma"),
    "words": (DEALS + "ten,3\n", "line 6, cost = 'ten': must be a number"),
    "percent": (DEALS + "10,3%\n", "line 6, proceeds = '3%': must be a number"),
    "empty cell": (DEALS + "10,\n", "line 6, proceeds: is empty"),
    "ragged": (DEALS + "10\n", "line 6: has 1 cells, the header 2"),
    "quotation": (DEALS + '"10,3\n', "line 6"),
    "comment keeps lines": ("# one\n" + DEALS + "x,1\n", "line 7, cost = 'x'"),
    "held": ("multiple,held\n3,maybe\n", "line 2, held = 'maybe': must be yes or no"),
    "all losers": ("multiple\n0\n0.8\n", "none of 2 deals brings back what it cost, the best 0.8 of it"),
    "none gains": ("multiple\n0\n1\n", "no deal brings back more than it cost"),
    "one deal": ("multiple\n3\n", "holds one deal. One deal tells nothing of the others"),
    "no weight": ("multiple,weight\n3,0\n", "weights = 0.0: must add up to a positive number"),
    "gbk": ("deal,multiple\n基金,3\n".encode("gbk"), "line 2: is not text in UTF-8"),
    "mean without end": ("multiple\n1e308\n1e308\n3e300\n", "growth_of_winners = inf: must be positive and finite"),
}


@pytest.mark.parametrize(
    ("fund", "deals", "told"),
    [
        *(pytest.param(fund, DEALS, told, id=f"fund: {kind}") for kind, (fund, told) in BAD_FUNDS.items()),
        *(pytest.param(FUND, deals, told, id=f"deals: {kind}") for kind, (deals, told) in BAD_DEALS.items()),
    ],
)
def test_bad_input_is_one_line_with_file_place_rule_and_remedy(files, capsys, fund, deals, told):
    one, other = files(fund, deals)
    assert cli.main(["regime", str(one), "--deals", str(other), *QUICK]) == 1
    shown = capsys.readouterr().err
    assert told in shown
    name = other.name if deals is not DEALS and other.name in shown else one.name
    assert re.fullmatch(rf"error: {re.escape(name)}\W.*\. .*\.\n", shown)


def test_a_name_of_a_file_keeps_to_its_line(tmp_path, capsys):
    assert cli.main(["regime", str(tmp_path / "two\nlines.toml")]) == 1
    told = "error: 'two\\nlines.toml': No such file or directory. Check the name and the folder.\n"
    assert capsys.readouterr().err == told


def test_a_file_that_is_not_there_and_a_deal_weight_that_is_not_given(files, tmp_path, capsys):
    assert cli.main(["regime", str(tmp_path / "none.toml")]) == 1
    assert capsys.readouterr().err == "error: none.toml: No such file or directory. Check the name and the folder.\n"
    with pytest.raises(InputError, match="column 'cost': is missing, and deals are to be weighted by it"):
        read_deals(files(deals="multiple\n3\n")[1], {"weights": "cost"})


@pytest.mark.parametrize(
    "wrong",
    [
        ["--draws", "-1"],
        ["--draws", "１"],
        ["--portfolios", "5"],
        ["--portfolios", "many"],
        ["--portfolios", "1000001"],
        ["--draws", "9" * 5000],
    ],
)
def test_a_number_of_draws_that_is_none_is_told(files, capsys, wrong):
    with pytest.raises(SystemExit):
        cli.main(["regime", str(files()[0]), *wrong])
    assert "must be a whole number of at least" in capsys.readouterr().err


# Anything at all

LINES = st.sampled_from([
    'like = "patient"', 'like = "nobody"', "like = 1", "[fund]", "[scenario]", "[deals]", "[[fund]]", "[fund", "tickets = 40", "tickets = 1e400",
    "tickets = nan", "tickets = -1", "horizon = true", "horizon = 2025-01-01", 'rule = "average"', "fee_rate = inf", "carry = [1]",
    'held = "kaplan_meier"', "tail_start = 0", "time_to_exit = 0.0", "screeners = 99999999999999999999", "state_share = 2", "= 1", "# x", "\ufeff",
])  # fmt: skip
CELLS = st.sampled_from(
    ["10", "0", "-1", "", "1e308", "1e-320", "1e999", "nan", "1,5", "１", "yes", "no", '"', '"a\nb"', "#", "x"]
)
HEADS = st.sampled_from(
    ["cost,proceeds", "multiple", "deal,cost,proceeds,held", "cost;proceeds", "cost,cost", "", "multiple,weight"]
)
ROWS = st.lists(st.lists(CELLS, max_size=4).map(",".join), max_size=6).map("\n".join)


def read_or_told(read, *given):
    """Read a file, or return nothing where one line says what is wrong with it; all else fails the test."""
    try:
        return read(*given)
    except InputError as error:
        told = str(error)
    assert re.fullmatch(r".+\.", told)
    return None


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES | st.text(max_size=8), max_size=8).map("\n".join) | st.binary(max_size=40))
def test_any_file_of_a_fund_is_read_or_named(files, text):
    fund = read_or_told(read_fund, files(fund=text)[0])
    assert fund is None or fund.regime.tickets >= 1


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.tuples(HEADS, ROWS).map("\n".join) | st.text(max_size=20) | st.binary(max_size=40),
    st.sampled_from(["cost", "equal"]),
)
def test_any_file_of_deals_is_read_or_named(files, text, weights):
    deals = read_or_told(read_deals, files(deals=text)[1], {"weights": weights})
    assert deals is None or np.isfinite(deals.table().multiples).all()


def test_without_draws_and_folder_the_table_is_printed_without_spans(files, tmp_path, capsys):
    one, _ = files()
    before = sorted(tmp_path.iterdir())
    assert cli.main(["regime", str(one), "--draws", "0", "--portfolios", "100"]) == 0
    shown = capsys.readouterr().out
    assert "net multiple" in shown
    assert "Spans:" not in shown
    assert sorted(tmp_path.iterdir()) == before


def test_draws_of_which_too_little_comes_back_are_told_with_their_share():
    told = own_rows("results", "net return", 0.01, "share", pd.Series([-np.inf, -np.inf, 0.1, 0.2]))
    assert np.isnan(told["low_5"])
    assert told["high_95"] == 0.2
    assert told["outcome"] == "too little comes back for a rate in 50% of draws"
    assert told["share_above_zero"] == 0.5


def test_deals_drawn_again_hold_one_that_gains_and_one_that_is_not_of_the_best():
    deals = OwnDeals(None, np.array([0.0, 1.5, 9.0]), np.array([1.0, 1.0, 0.0]), np.zeros(3, bool), "kaplan_meier", 5.0)
    for seed in range(20):
        counts = drawn_again(np.random.default_rng(seed), deals)
        assert counts[1] >= 1
        assert counts.min() >= 0
