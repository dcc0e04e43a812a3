"""A number carries its origin: what it is called, where it stands, who said so, how it was computed."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from patient_capital.formatting import Range
from patient_capital.provenance import registry
from patient_capital.provenance.evidence import OFFICIAL
from patient_capital.provenance.records import (
    THIS_BOOK,
    UNNAMED,
    Context,
    Result,
    all_sources,
    computed,
    fact,
    fact_in_dollars,
    publisher_names,
    publishers,
    publishers_told,
    resolve,
    sources_of,
)
from patient_capital.provenance.register import Register
from patient_capital.tables import load, shared


def table(name, key, *fields, **more):
    columns = [{"name": f, "type": "string"} if isinstance(f, str) else f for f in fields]
    return {"name": name, "path": f"{name}.csv", "schema": {"fields": columns, "primaryKey": [key]}, **more}


def number_column(name, **more):
    return {"name": name, "type": "number", **more}


CONTRACT = {
    "title": "Funds",
    "version": "1.0.0",
    "created": "2026-01-01",
    "resources": [
        table(
            "sources", "source_key",
            "source_key", "publisher_id", "authors", "carried_by", "title",
            {"name": "published", "type": "string", "partialDate": True}, "url",
            {"name": "reprint", "type": "boolean"},
        ),
        table("publishers", "publisher_id", "publisher_id", "name"),
        table(
            "funds", "fund_id",
            "fund_id", "name",
            number_column("announced_cny_bn", title="Announced size", unit="cny_bn"),
            number_column("paid_in_cny_bn", title="Paid in", unit="cny_bn"),
            number_column("target", title="Target", unitColumn="target_unit"),
            "target_unit",
            {"name": "announced_on", "type": "string", "title": "Announced on", "partialDate": True},
            {"name": "agreed_on", "type": "date", "title": "Agreed on"},
            {"name": "partners", "type": "integer", "title": "Partners", "unit": "count", "datedBy": "agreed_on"},
            {"name": "source_keys", "type": "string", "listOf": "sources.source_key"},
            "note",
            labelColumn="name", dateColumn="announced_on",
        ),
        table(
            "cases", "row_id",
            "row_id", number_column("loss", title="Loss", unit="pct"), "stage",
            {"name": "source_keys", "type": "string", "listOf": "sources.source_key"},
        ),
        table(
            "evidence", "evidence_id",
            "evidence_id", "table", "row_id", "column", "source_key",
            {"name": "stated", "type": "string", "quotes": True}, "seen", "origin",
            {"name": "agrees", "type": "boolean"}, {"name": "official", "type": "boolean"},
        ),
        table("fx", "fx_id", "fx_id", "period", number_column("cny_per_usd")),
    ],
}  # fmt: skip

CSV = {
    "sources": """source_key,publisher_id,authors,carried_by,title,published,url,reprint
caixin,caixin,"Li, Wang",,Fund opens,2025-03-06,https://example.org/a,false
ndrc,ndrc,,,Notice,2025,https://example.org/b,false
ndrc_copy,ndrc,,Gov.cn,Notice again,2025,https://example.org/c,true
ours,this_book,,,Our sums,2026,https://example.org/d,false
""",
    "publishers": """publisher_id,name
caixin,Caixin
ndrc,NDRC
this_book,This book
""",
    "funds": """\
fund_id,name,announced_cny_bn,paid_in_cny_bn,target,target_unit,announced_on,agreed_on,partners,source_keys,note
one,National fund,1000,,20,pct,2025-03-06,2025-02-28,3,ndrc,a note
two,Regional fund,161.80,50,300,gw,2025-07,,,caixin;ndrc,
copied,Copied fund,10,,2,pct,,,,ndrc;ndrc_copy,
ours,Our estimate,5,,,,2024,,,ours,
mixed,Mixed fund,7,,,,,,,caixin;ours,
bare,Unsourced fund,8,,,,,,,,
""",
    "cases": """row_id,loss,stage,source_keys
r1,12.5,invested,caixin
r2,,invested,caixin
""",
    "evidence": """\
evidence_id,table,row_id,column,source_key,stated,seen,origin,agrees,official
e1,funds,two,announced_cny_bn,caixin,161.8bn,excerpt,registry entry,true,false
e2,funds,two,announced_cny_bn,ndrc,161.8bn,whole_page,registry entry,true,false
e3,funds,two,announced_cny_bn,ndrc_copy,,not_seen,NDRC,true,true
e4,funds,one,announced_cny_bn,ndrc,a trillion,whole_page,NDRC,true,true
e5,cases,r1,loss,caixin,12.5,excerpt,Caixin,true,false
e6,cases,r1,loss,ndrc,12.5,excerpt,NDRC,true,false
e7,cases,r1,loss,ndrc_copy,14,excerpt,someone,false,false
""",
    "fx": """fx_id,period,cny_per_usd
march,2025-03-06,7.25
""",
}


@pytest.fixture
def data(tmp_path):
    (tmp_path / "datapackage.json").write_text(json.dumps(CONTRACT), encoding="utf-8")
    for name, text in CSV.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return load(tmp_path)


# Facts


def test_fact_is_the_cell_with_its_label(data):
    number = fact(data, "funds", "one", "announced_cny_bn")
    assert (number.ref, number.kind, number.value) == ("funds[one].announced_cny_bn", "fact", 1000.0)
    assert number.label == "National fund: announced size"
    assert (number.formula, number.inputs, number.decimals, number.note) == ("", (), None, "a note")
    assert number.text() == "1 trillion yuan"
    assert number.text("bare") == "1,000"


def test_label_is_the_row_where_no_column_names_it(data):
    assert fact(data, "cases", "r1", "loss").label == "r1: loss"


@pytest.mark.parametrize(
    ("row", "column", "unit", "text"),
    [
        ("two", "announced_cny_bn", "cny_bn", "161.8bn yuan"),
        ("one", "target", "pct", "20 percent"),
        ("two", "target", "gw", "300 GW"),
        ("copied", "target", "pct", "2 percent"),
        ("one", "announced_on", "date", "6 March 2025"),
        ("two", "announced_on", "date", "July 2025"),
        ("one", "agreed_on", "date", "28 February 2025"),
        ("one", "partners", "count", "3"),
        ("one", "name", None, "National fund"),
    ],
)
def test_unit_comes_from_column_row_or_date(data, row, column, unit, text):
    number = fact(data, "funds", row, column)
    assert (number.unit, number.text()) == (unit, text)


@pytest.mark.parametrize(
    ("name", "row", "column", "stage"),
    [
        ("funds", "one", "announced_cny_bn", "announced"),
        ("funds", "two", "paid_in_cny_bn", "paid_in"),
        ("funds", "one", "target", ""),
        ("cases", "r1", "loss", "invested"),
    ],
)
def test_stage_comes_from_column_or_row(data, name, row, column, stage):
    assert fact(data, name, row, column).stage == stage


def test_the_price_of_a_share_is_of_no_stage_of_money(book):
    assert fact(book, "ai_listings", "biren", "first_close").stage == ""


@pytest.mark.parametrize(
    ("name", "row", "column", "when"),
    [
        ("funds", "one", "target", "6 March 2025"),
        ("funds", "two", "target", "July 2025"),
        ("funds", "copied", "target", ""),
        ("cases", "r1", "loss", ""),
        ("funds", "one", "partners", "28 February 2025"),
        ("funds", "one", "agreed_on", "28 February 2025"),
        ("funds", "one", "name", "6 March 2025"),
    ],
)
def test_date_of_a_fact_is_its_own_or_that_of_its_row(data, name, row, column, when):
    assert fact(data, name, row, column).when == when


def test_sources_stand_in_order_of_key_with_their_publisher(data):
    caixin, ndrc = fact(data, "funds", "two", "announced_cny_bn").sources
    assert (caixin.key, caixin.publisher, caixin.title, caixin.published, caixin.url, caixin.reprint) == (
        "caixin", "Caixin", "Fund opens", "2025-03-06", "https://example.org/a", False,
    )  # fmt: skip
    assert (ndrc.key, ndrc.publisher_id) == ("ndrc", "ndrc")


def test_a_source_is_credited_to_authors_publisher_and_carrier(data):
    credited = {key: source.credit for key, source in all_sources(data).items()}
    assert credited == {
        "caixin": "Li, Wang, Caixin",
        "ndrc": "NDRC",
        "ndrc_copy": "NDRC, carried by Gov.cn",
        "ours": "This book",
    }


def test_sources_of_several_rows_are_listed_once(data):
    rows = [("funds", "two"), ("funds", "copied"), ("cases", "r1")]
    assert [source.key for source in sources_of(data, rows)] == ["caixin", "ndrc", "ndrc_copy"]
    assert [source.reprint for source in sources_of(data, rows)] == [False, False, True]
    assert sources_of(data, []) == sources_of(data, [("fx", "march")]) == ()


@pytest.mark.parametrize(
    ("row", "column", "ids", "voices", "star"),
    [
        ("one", "announced_cny_bn", {"ndrc"}, OFFICIAL, ""),
        ("two", "announced_cny_bn", {"caixin", "ndrc"}, 1, "*"),
        ("two", "target", {"caixin", "ndrc"}, None, ""),
        ("one", "target", {"ndrc"}, 1, "*"),
        ("copied", "announced_cny_bn", {"ndrc"}, 1, "*"),
        ("mixed", "announced_cny_bn", {"caixin"}, 1, "*"),
        ("ours", "announced_cny_bn", set(), 0, ""),
        ("bare", "announced_cny_bn", set(), 0, ""),
    ],
)
def test_star_marks_one_origin_or_where_nobody_looked_one_publisher(data, row, column, ids, voices, star):
    number = fact(data, "funds", row, column)
    assert publishers(number.sources) == ids
    assert (number.voices, number.star) == (voices, star)


def test_pages_that_name_no_publisher_are_told_apart_from_those_that_do(book):
    sources = all_sources(book)
    unnamed, named = (next(s for s in sources.values() if (s.publisher_id == UNNAMED) is one) for one in (True, False))
    another = next(s for s in sources.values() if s.publisher_id not in {UNNAMED, THIS_BOOK, named.publisher_id})
    own = next(s for s in sources.values() if s.publisher_id == THIS_BOOK)
    told = {
        (named, another): "2 publishers",
        (named, unnamed): "1 publisher and 1 page without a publisher",
        (unnamed, own): "1 page without a publisher",
        (own,): "computed for this report",
    }
    assert {pages: publishers_told(pages) for pages in told} == told
    assert publisher_names((named, unnamed, own)) == [named.publisher]


def test_evidence_counts_origins_that_were_seen_and_agree(data):
    loss = fact(data, "cases", "r1", "loss")
    assert [(one.origin, source.key) for one, source in loss.evidence] == [
        ("Caixin", "caixin"), ("NDRC", "ndrc"), ("someone", "ndrc_copy"),
    ]  # fmt: skip
    assert loss.voices == 2
    # Two pages repeat one registry entry, and the record itself was not seen.
    assert fact(data, "funds", "two", "announced_cny_bn").voices == 1
    assert fact(data, "funds", "two", "target").evidence == ()


def test_a_number_shows_the_words_of_its_evidence(data):
    shown = repr(fact(data, "cases", "r1", "loss"))
    assert "  Evidence (2 origins):" in shown
    assert "Caixin, Fund opens, 2025-03-06: \u201c12.5\u201d (excerpt)" in shown
    assert "\u201c14\u201d (another value, excerpt)" in shown
    assert "official record" in repr(fact(data, "funds", "one", "announced_cny_bn"))
    assert "  Sources of the row:" in shown


@pytest.mark.parametrize(
    ("name", "row", "column", "kind", "message"),
    [
        ("fund", "one", "name", KeyError, "no table 'fund'"),
        ("funds", "six", "name", KeyError, r"no row of funds 'six'"),
        ("funds", "one", "size", KeyError, "no column of funds 'size'"),
        ("funds", "one", "paid_in_cny_bn", ValueError, r"funds\.csv, row one, column paid_in_cny_bn is empty"),
        ("cases", "r2", "loss", ValueError, r"cases\.csv, row r2, column loss is empty"),
    ],
)
def test_fact_that_does_not_exist_is_named(data, name, row, column, kind, message):
    with pytest.raises(kind, match=message):
        fact(data, name, row, column)


def test_yuan_fact_in_dollars_names_its_rate(data):
    text = fact_in_dollars(data, fact(data, "funds", "one", "announced_cny_bn"), "march")
    assert text == "137.9bn dollars (at 7.25 yuan a dollar, 6 March 2025)"


@pytest.mark.parametrize("column", ["target", "partners", "name", "announced_on"])
def test_other_facts_have_no_dollars(data, column):
    with pytest.raises(ValueError, match=rf"funds\[one\]\.{column} is not an amount in yuan"):
        fact_in_dollars(data, fact(data, "funds", "one", column), "march")


# Results


def results(**computes):
    """Return a register of results ``t.<name>``."""
    return {
        f"t.{name}": Result(
            id=f"t.{name}", title=name.title(), unit="cny_bn", formula=f"formula of {name}", compute=compute
        )
        for name, compute in computes.items()
    }


def one_plus_two(c):
    return c.number("funds", "one", "announced_cny_bn") + c.number("funds", "two", "announced_cny_bn")


def test_result_records_its_cells_with_their_values(data):
    number = resolve(data, results(total=one_plus_two), "t.total")
    assert (number.ref, number.kind, number.label, number.formula) == ("t.total", "result", "Total", "formula of total")
    assert number.value == pytest.approx(1161.8)
    assert number.inputs == (
        ("funds[one].announced_cny_bn", "1 trillion yuan"),
        ("funds[two].announced_cny_bn", "161.8bn yuan"),
    )
    assert [source.key for source in number.sources] == ["caixin", "ndrc"]
    assert number.when == "6 March 2025 to July 2025"


def test_date_of_a_result_is_that_of_each_cell_at_any_depth(data):
    def signed(ctx):
        return ctx.number("funds", "one", "partners")

    def later(ctx):
        return ctx.value("t.signed") + ctx.number("funds", "two", "announced_cny_bn") + len(ctx.frame("funds", "name"))

    both = results(signed=signed, later=later)
    assert resolve(data, both, "t.signed").when == "28 February 2025"
    assert resolve(data, both, "t.later").when == "28 February 2025 to July 2025"


def test_result_records_its_columns_with_the_count_of_rows(data):
    def total(c):
        big = c.frame("funds", "announced_cny_bn", keep=lambda f: f["announced_cny_bn"] > 100)
        return float(big["announced_cny_bn"].sum() + c.frame("fx", "cny_per_usd")["cny_per_usd"].sum())

    number = resolve(data, results(total=total), "t.total")
    assert number.value == pytest.approx(1169.05)
    assert number.inputs == (("funds.announced_cny_bn", "2 rows"), ("fx.cny_per_usd", "one row"))


def test_star_of_a_result_is_that_of_its_weakest_input(data):
    def cells(*places):
        return lambda c: sum(c.number(*place) for place in places)

    loss, official = ("cases", "r1", "loss"), ("funds", "one", "announced_cny_bn")
    one_origin, unknown, no_page = (("funds", *cell) for cell in (
        ("two", "announced_cny_bn"), ("two", "target"), ("bare", "announced_cny_bn"),
    ))  # fmt: skip
    register = results(
        total=cells(official, one_origin),
        looked_up=cells(loss, official),
        no_page=cells(loss, no_page),
        unknown=cells(loss, unknown),
        unknown_and_one=cells(unknown, one_origin),
        rate=cells(("fx", "march", "cny_per_usd")),
    )
    voices = {ref: resolve(data, register, ref).voices for ref in register}
    assert voices == {
        "t.total": 1, "t.looked_up": 2, "t.no_page": 2, "t.unknown": None, "t.unknown_and_one": 1, "t.rate": 0,
    }  # fmt: skip
    assert [ref for ref in register if resolve(data, register, ref).star] == ["t.total", "t.unknown_and_one"]


def test_nested_result_passes_its_rows_on(data):
    register = results(
        part=lambda c: c.number("funds", "two", "announced_cny_bn"),
        double=lambda c: 2 * c.value("t.part"),
        whole=lambda c: c.value("t.double") + c.number("cases", "r1", "loss"),
    )
    number = resolve(data, register, "t.whole")
    assert number.value == pytest.approx(336.1)
    assert number.inputs == (("cases[r1].loss", "12.5 percent"), ("result t.double", "323.6bn yuan"))
    assert [source.key for source in number.sources] == ["caixin", "ndrc"]
    assert number.when == "July 2025"
    assert number.star == "*"
    context = Context(data, register)
    context.value("t.double")
    assert context.rows == {"result t.double": {("funds", "two")}}


def test_what_results_share_passes_voices_and_days_on(data):
    @shared
    def part(context):
        return context.value("t.loss") + context.number("funds", "two", "announced_cny_bn")

    register = results(loss=lambda c: c.number("cases", "r1", "loss"), one=part, other=part, plain=part.__wrapped__)
    plain, *others = (computed(data, register, f"t.{name}") for name in ("plain", "one", "other"))
    assert plain.voices is not None
    assert plain.dates
    assert others == [plain, plain]


def test_boolean_fact_is_true_or_false(data):
    assert fact(data, "sources", "ndrc_copy", "reprint").text() == "true"


def test_true_claim_of_a_frame_holds(data):
    claim = Result(
        id="t.claim", title="All", unit=None, formula="every fund is above 1bn", kind="claim",
        compute=lambda c: (c.frame("funds", "announced_cny_bn")["announced_cny_bn"] > 1).all(),
    )  # fmt: skip
    assert resolve(data, {"t.claim": claim}, "t.claim").text() == "true"


def test_star_of_a_nested_result_is_not_lost(data):
    def part(c):
        return c.number("funds", "two", "announced_cny_bn") + c.number("cases", "r1", "loss")

    register = results(part=part, whole=lambda c: 2 * c.value("t.part"))
    assert resolve(data, register, "t.part").star == "*"
    assert resolve(data, register, "t.whole").star == "*"


def test_nested_range_is_a_result_but_not_one_number(data):
    register = results(
        span=lambda _: Range(1, 2), copy=lambda c: c.result("t.span"), sum=lambda c: 1 + c.value("t.span")
    )
    assert resolve(data, register, "t.copy").value == Range(1, 2)
    assert resolve(data, register, "t.copy").text() == "1 to 2bn yuan"
    with pytest.raises(TypeError, match=r"result 't\.span' is not one number"):
        resolve(data, register, "t.sum")


def test_declared_precision_wins(data):
    register = {
        "t.total": Result(
            id="t.total", title="Total", unit="cny_bn", formula="sum", compute=lambda _: 161.85,
            decimals=0,
        )
    }  # fmt: skip
    number = resolve(data, register, "t.total")
    assert (number.text(), number.when, number.sources, number.inputs) == ("162bn yuan", "", (), ())


def test_claim_is_resolved_while_true_and_raises_with_its_formula_when_false(data):
    def claim(bound):
        return Result(
            id="t.claim", title="Large", unit=None, formula=f"announced size is above {bound}bn",
            compute=lambda c: c.number("funds", "one", "announced_cny_bn") > bound, kind="claim",
        )  # fmt: skip

    number = resolve(data, {"t.claim": claim(999)}, "t.claim")
    assert (number.kind, number.value, number.inputs) == (
        "claim", True, (("funds[one].announced_cny_bn", "1 trillion yuan"),),
    )  # fmt: skip
    with pytest.raises(ValueError, match=r"claim 't\.claim' is no longer true: announced size is above 1000bn"):
        resolve(data, {"t.claim": claim(1000)}, "t.claim")


@pytest.mark.parametrize("value", [None, float("nan")])
def test_missing_value_of_a_result_is_an_error(data, value):
    with pytest.raises(ValueError, match=r"result 't\.gone' is empty"):
        resolve(data, results(gone=lambda _: value), "t.gone")
    with pytest.raises(ValueError, match=r"result 't\.gone' is empty"):
        resolve(data, results(gone=lambda _: value, outer=lambda c: c.value("t.gone")), "t.outer")


def test_empty_cell_below_a_result_is_named(data):
    register = results(paid=lambda c: c.number("funds", "one", "paid_in_cny_bn"))
    with pytest.raises(ValueError, match=r"funds\.csv, row one, column paid_in_cny_bn is empty"):
        resolve(data, register, "t.paid")


@pytest.mark.parametrize("over", [lambda size: size / 0, lambda size: size * float("inf"), lambda size: size**9999])
def test_a_result_that_divides_by_nought_names_what_it_reads(data, over):
    register = results(share=lambda c: over(c.number("funds", "one", "announced_cny_bn")))
    with pytest.raises(ValueError, match=r"'t\.share' cannot be computed .* from funds\[one\]\.announced_cny_bn"):
        resolve(data, register, "t.share")


def test_how_a_reader_lets_numpy_tell_of_small_numbers_changes_no_result(data):
    with np.errstate(all="raise"):
        assert resolve(data, results(tiny=lambda c: float(np.exp(-800.0))), "t.tiny").value == 0


def test_unknown_result_is_named(data):
    with pytest.raises(KeyError, match=r"no result 't\.none'"):
        resolve(data, {}, "t.none")
    with pytest.raises(KeyError, match=r"no result 't\.none'"):
        resolve(data, results(outer=lambda c: c.value("t.none")), "t.outer")


def size_of(c, row):
    return c.number("funds", row, "announced_cny_bn")


def test_family_has_a_member_for_each_row(data):
    family = Result(
        id="t.size", title="Size", unit="cny_bn", formula="as announced", compute=size_of,
    )  # fmt: skip
    number = resolve(data, {"t.size": family}, "t.size[two]")
    assert (number.ref, number.label, number.value) == ("t.size[two]", "Size: Regional fund", 161.8)
    assert number.inputs == (("funds[two].announced_cny_bn", "161.8bn yuan"),)
    with pytest.raises(KeyError, match=r"this result is written t\.size\[row\]"):
        resolve(data, {"t.size": family}, "t.size")
    with pytest.raises(KeyError, match=r"this result is written t\.total"):
        resolve(data, results(total=one_plus_two), "t.total[two]")


def test_result_is_computed_once_for_one_state_of_the_data(data):
    calls = []

    def part(c):
        calls.append(c.data)
        return c.number("funds", "one", "announced_cny_bn")

    register = results(part=part, twice=lambda c: 2 * c.value("t.part"), thrice=lambda c: 3 * c.value("t.part"))
    assert [resolve(data, register, f"t.{name}").value for name in ("twice", "thrice", "part")] == [2000, 3000, 1000]
    assert calls == [data]
    other = replace(data)
    assert resolve(other, register, "t.thrice").value == 3000
    assert calls == [data, other]


# The register


@pytest.fixture
def register(monkeypatch):
    """Return an empty register in place of the book's own."""
    empty = Register("result")
    monkeypatch.setattr(registry, "RESULTS", empty)
    return empty


def test_name_of_a_function_is_the_id_and_its_docstring_title_and_formula(register):
    def total(c):
        """Total of
        both.

        One plus two.

        The rest is for readers of the code.
        """
        return one_plus_two(c)

    assert registry.result(unit="cny_bn", decimals=1)(total) is total
    chapter = __name__.rpartition(".")[2]
    ((ref, kept),) = register.items()
    assert (ref, kept.id) == (f"{chapter}.total", f"{chapter}.total")
    assert (kept.title, kept.formula, kept.unit, kept.decimals, kept.kind, kept.family) == (
        "Total of both",
        "One plus two",
        "cny_bn",
        1,
        "result",
        False,
    )
    assert kept.compute is total


def test_claim_is_registered_as_claim(register):
    @registry.claim()
    def large(_):
        """Large.

        Is large.
        """

    (kept,) = register.values()
    assert (kept.kind, kept.unit, kept.compute) == ("claim", None, large)


def test_one_function_gives_a_result_for_each_case(register, data):
    sizes = {
        "first": {"row": "one", "words": "the first"},
        "second": {"row": "two", "words": "the second", "decimals": 2},
    }

    @registry.result(unit="cny_bn", decimals=0, fields={"what": "size"}, cases=sizes, name="size_{case}")
    def announced(c, *, row):
        """{what} of {words}.

        As announced; {case}.
        """
        return c.number("funds", row, "announced_cny_bn")

    chapter = __name__.rpartition(".")[2]
    assert list(register) == [f"{chapter}.size_first", f"{chapter}.size_second"]
    second = resolve(data, register, f"{chapter}.size_second")
    assert (second.label, second.formula, second.text()) == (
        "size of the second",
        "As announced; second",
        "161.80bn yuan",
    )
    assert resolve(data, register, f"{chapter}.size_first").text() == "1 trillion yuan"


def test_result_without_formula_is_refused(register):
    def bare(_):
        """Only a title."""

    with pytest.raises(ValueError, match=r"bare: the docstring needs a title and, after a blank line, a formula"):
        registry.result(unit=None)(bare)
    assert not register


def test_name_is_registered_once_and_an_unknown_one_shows_what_is_near():
    things = Register("figure")
    things.add("funds.ladder", 1)
    with pytest.raises(ValueError, match=r"figure 'funds\.ladder' is registered twice"):
        things.add("funds.ladder", 2)
    assert dict(things) == {"funds.ladder": 1}
    with pytest.raises(KeyError, match=r"there is no figure 'funds\.lader'; perhaps 'funds\.ladder'"):
        things["funds.lader"]
