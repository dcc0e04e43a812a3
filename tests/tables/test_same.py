"""Cells that hold one quantity: held equal or with a reason, and pairs that look as if they held one."""

from __future__ import annotations

import pytest

from helpers.mutants import reload
from helpers.rows import change_cells, rows_of, write_rows
from patient_capital.check import alike
from patient_capital.tables import DataError, book_data, check_substance
from patient_capital.tables.same import _cells_by_source, look_alike, name_of


@pytest.fixture
def changed(book, copied):
    """Return a function that applies changes to a copy of the tables and drops the listed rows of a quantity."""

    def change(*cells: tuple[str, str, str, str], without: str = "", rows: tuple[dict[str, str], ...] = ()):
        for table, row, column, value in cells:
            change_cells(copied / f"{table}.csv", row, **{column: value})
        same = copied / "same_values.csv"
        kept = [row for row in rows_of(same) if row["quantity"] != without]
        write_rows(same, [*kept, *({"same_id": f"s99{n}", **row} for n, row in enumerate(rows))])
        return reload(book, copied)

    return change


BIG = "Capital registered for the third Big Fund"


def test_another_value_in_one_cell_is_named_with_both_cells(changed):
    data = changed(("comparators", "bigfund3", "amount", "340"))
    told = (
        r"same_values\.csv, row \d+, column differs_because: '': 340 in comparators\[bigfund3\]\.amount, and "
        r"funds\[cn_bigfund3\]\.registered_cny_bn holds Capital registered .* too.*Correct one of the cells, or say"
    )
    with pytest.raises(DataError, match=told):
        check_substance(data)


def test_a_reason_makes_another_value_lawful_and_must_go_when_they_agree(changed):
    row = next(
        key
        for key, text in book_data().table("same_values").text.items()
        if name_of(text) == "comparators[bigfund3].amount"
    )
    reason = ("same_values", row, "differs_because", "Another day.")
    with pytest.raises(DataError, match=r"'Another day\.': 344 in .*They agree now: empty differs_because"):
        check_substance(changed(reason))


def test_a_reason_makes_another_value_lawful(changed):
    row = next(
        key
        for key, text in book_data().table("same_values").text.items()
        if name_of(text) == "comparators[bigfund3].amount"
    )
    check_substance(
        changed(("comparators", "bigfund3", "amount", "340"), ("same_values", row, "differs_because", "Another day."))
    )


@pytest.mark.parametrize("value", ["344.0", "344.00", "344.4"])
def test_values_agree_at_the_precision_of_the_coarser(changed, value):
    check_substance(changed(("comparators", "bigfund3", "amount", value)))


def test_the_order_of_rows_tells_nothing(book, copied):
    path = copied / "same_values.csv"
    write_rows(path, rows_of(path)[::-1])
    check_substance(reload(book, copied))


def test_percent_and_share_are_compared_in_one_unit(changed):
    cell = ("solar_ev_parallel", "world_cell_module_utilisation_pct_2024", "value", "60")
    with pytest.raises(DataError, match=r"0\.5 in parameters\[oc_util_solar\]\.value"):
        check_substance(changed(cell))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            {"quantity": "A thing", "table": "funds", "row_id": "no_such", "column": "registered_cny_bn"},
            "does not exist",
        ),
        ({"quantity": "A thing", "table": "no_such", "row_id": "cn_nvcgf", "column": "x"}, "does not exist"),
        ({"quantity": "A thing", "table": "funds", "row_id": "cn_nvcgf", "column": "no_such"}, "does not exist"),
        ({"quantity": "A thing", "table": "funds", "row_id": "cn_boc_ai", "column": "paid_in_cny_bn"}, "is empty"),
        ({"quantity": BIG, "table": "funds", "row_id": "cn_nvcgf", "column": "name_short"}, "is no number"),
        (
            {"quantity": "A thing", "table": "funds", "row_id": "cn_sme_2020", "column": "announced_cny_bn"},
            "only one cell is said to hold A thing",
        ),
    ],
)
def test_a_row_that_names_no_second_value_is_named(changed, row, told):
    with pytest.raises(DataError, match=rf"same_values\.csv, row \d+, .*{told}"):
        check_substance(changed(rows=(row,)))


def test_two_cells_of_one_page_with_one_number_are_told(changed):
    pair = ("comparators[bigfund3].amount", "funds[cn_bigfund3].registered_cny_bn")
    assert pair not in look_alike(book_data())
    assert pair in look_alike(changed(without=BIG))


def test_a_number_corrected_in_one_cell_alone_still_looks_alike(changed):
    data = changed(("comparators", "bigfund3", "amount", "345"), without=BIG)
    assert ("comparators[bigfund3].amount", "funds[cn_bigfund3].registered_cny_bn") in look_alike(data)


def test_numbers_far_apart_do_not_look_alike(changed):
    data = changed(("comparators", "bigfund3", "amount", "400"), without=BIG)
    assert ("comparators[bigfund3].amount", "funds[cn_bigfund3].registered_cny_bn") not in look_alike(data)


def test_check_tells_pairs_and_is_silent_about_unlawful_tables(changed, monkeypatch):
    data = changed(without=BIG)
    monkeypatch.setattr("patient_capital.check.book_data", lambda: data)
    assert [line for line in alike() if line.startswith("comparators[bigfund3].amount and funds[cn_bigfund3]")]

    def broken():
        raise DataError([])

    monkeypatch.setattr("patient_capital.check.book_data", broken)
    assert list(alike()) == []


def test_cells_are_gathered_by_the_pages_that_their_rows_cite(book):
    gathered = _cells_by_source(book)
    assert set(gathered) <= set(book.table("sources").text)
    cells = {cell.ref for cell in gathered[book.table("comparators").text["bigfund3"]["source_keys"].split(";")[0]]}
    assert "comparators[bigfund3].amount" in cells
    for source, found in gathered.items():
        for cell in found:
            text = book.table(cell.table).text[cell.row]
            assert any(source in words.split(";") for column, words in text.items() if "source" in column), cell.ref
