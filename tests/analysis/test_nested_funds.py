"""What lies inside something else moves no sum: umbrellas over every fund, and funds inside every fund."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.rows import rows_of, write_rows
from patient_capital.analysis import funds, overview, session
from patient_capital.money import addable
from patient_capital.passed import same
from patient_capital.provenance.records import Context, computed
from patient_capital.provenance.registry import load_results
from patient_capital.tables import load
from patient_capital.tables.rules import check_substance

RESULTS = load_results()
TABLES = {"funds", "fund_partners"}
FRAMES = (
    funds.ladder_steps,
    funds.remaining_multipliers,
    funds.state_money,
    overview.one_yuan,
    overview.promises,
    overview.scale,
)
OF_SINGLE_FUNDS = {
    "funds.local_count",
    "funds.local_silent",
    "funds.local_whole",
    "funds.phase_all",
    "funds.phase_all_with_weak",
    "funds.phase_count",
    "funds.phase_median",
    "funds.phase_quartiles",
    "funds.phase_range",
    "funds.phase_silent",
    "funds.phase_silent_with_weak",
    "funds.phase_template",
    "session.funds_before_r1",
}
"""What counts or compares single funds: a fund inside another is one more. An umbrella is not."""


def scaled(row, factors):
    """Return a row with its amounts times the factor of their column, or of the last, empty key."""
    amounts = [column for column in row if column.endswith("_cny_bn") and row[column]]
    return row | {c: format(float(row[c]) * factors.get(c, factors[""]), ".9g") for c in amounts}


@pytest.fixture
def with_rows(copied):
    """Give the book with a row beside each fund, which `nest` makes of it, and the same partners in it."""

    def build(nest, suffix, factors):
        old, partners = rows_of(copied / "funds.csv"), rows_of(copied / "fund_partners.csv")
        added = []
        for row in old:
            other = scaled(row, factors) | {
                name: row[name] + suffix for name in ("fund_id", "name", "legal_name_zh") if row[name]
            }
            # Short names are unique, too, and short.
            other["name_short"] = other["fund_id"][-28:]
            if nest(row, other):
                added.append(other)
        ids = {row["fund_id"] for row in added}
        copies = [
            scaled(p, {"": factors[""]})
            | {"row_id": p["row_id"].replace(p["fund_id"], p["fund_id"] + suffix), "fund_id": p["fund_id"] + suffix}
            for p in partners
            if p["fund_id"] + suffix in ids
        ]
        told = pd.DataFrame(old + added).set_index("fund_id")
        free = addable(told.assign(umbrella=told["umbrella"].eq("true"), parent_id=told["parent_id"].replace("", None)))
        write_rows(
            copied / "funds.csv", [r | {"countable": str(bool(free[r["fund_id"]])).lower()} for r in old + added]
        )
        write_rows(copied / "fund_partners.csv", partners + copies)
        # A correction of where a fund lies no longer holds where it lies elsewhere.
        corrections = rows_of(copied / "corrections.csv")
        write_rows(copied / "corrections.csv", [row for row in corrections if row["column"] != "parent_id"])
        return check_substance(load(copied))

    return build


def reads_funds(book, ref):
    return not RESULTS[ref].family and any(table in TABLES for table, _ in computed(book, RESULTS, ref).all_rows)


def moved(book, changed, chapters):
    """Return the results and frames that read funds and are not the same in a changed book."""
    refs = [ref for ref in RESULTS if ref.split(".")[0] in chapters and reads_funds(book, ref)]
    assert {"funds.regional_registered", "funds.phase_pooled", "overview.state_partners"} <= set(refs)
    found = {ref for ref in refs if not same(computed(changed, RESULTS, ref).value, computed(book, RESULTS, ref).value)}
    frames = {f.__name__ for f in FRAMES if not same(f(Context(changed, RESULTS)), f(Context(book, RESULTS)))}
    return found | frames


def test_an_umbrella_over_every_fund_moves_nothing(book, with_rows):
    def nest(row, umbrella):
        umbrella["umbrella"], umbrella["parent_id"] = "true", row["parent_id"]
        row["parent_id"] = umbrella["fund_id"]
        return True

    changed = with_rows(nest, "_group", {"": 1.5})
    assert len(changed.table("funds").text) == 2 * len(book.table("funds").text)
    assert moved(book, changed, {"funds", "overview", "session", "model"}) == set()
    before, after = (session.provinces_by_uses(Context(data, RESULTS)) for data in (book, changed))
    pd.testing.assert_frame_equal(after, before)


def test_a_fund_inside_every_fund_moves_no_sum(book, with_rows):
    def nest(row, part):
        part["parent_id"] = row["fund_id"]
        # What lies inside the national fund is a regional fund, and counts as one.
        return row["umbrella"] == "false" and row["fund_id"] != funds.NATIONAL

    # The part opens with another share of its size than the whole, so that it would move a pooled share.
    changed = with_rows(nest, "_part", {"first_close_cny_bn": 0.5, "": 1.0})
    assert moved(book, changed, {"funds", "overview", "session"}) <= OF_SINGLE_FUNDS
