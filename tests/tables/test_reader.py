"""The reader records exactly what was read, no more and no less."""

from __future__ import annotations

import pytest

from patient_capital.tables import Reader, shared


@pytest.fixture
def reader(package):
    return Reader(package.load())


def test_nothing_is_recorded_before_reading(reader):
    assert (reader.inputs, reader.rows) == (set(), {})


def test_cell_is_recorded_by_row_and_column(reader):
    assert reader.cell("funds", "national", "announced_cny_bn") == 1000.0
    assert reader.cell("provinces", "CN-AH", "name") == "Anhui"
    assert reader.inputs == {"funds[national].announced_cny_bn", "provinces[CN-AH].name"}
    assert reader.rows == {
        "funds[national].announced_cny_bn": {("funds", "national")},
        "provinces[CN-AH].name": {("provinces", "CN-AH")},
    }


def test_reading_twice_records_once(reader):
    first = reader.cell("funds", "local", "amount")
    assert reader.cell("funds", "local", "amount") == first == -3.5
    assert reader.inputs == {"funds[local].amount"}


def test_number_is_a_python_float(reader):
    value = reader.number("provinces", "CN-AH", "firms")
    assert (type(value), value) == (float, 12.0)
    assert reader.inputs == {"provinces[CN-AH].firms"}


def test_number_of_a_text_cell_is_an_error(reader):
    with pytest.raises(ValueError, match="Anhui"):
        reader.number("provinces", "CN-AH", "name")


def test_frame_records_its_columns_and_all_rows(reader):
    frame = reader.frame("funds", "province", "announced_cny_bn")
    assert list(frame.columns) == ["province", "announced_cny_bn"]
    assert list(frame.index) == ["national", "regional", "local"]
    rows = {("funds", "national"), ("funds", "regional"), ("funds", "local")}
    assert reader.rows == {"funds.province": rows, "funds.announced_cny_bn": rows}
    assert reader.inputs == set(reader.rows)


def test_keep_records_only_the_kept_rows(reader):
    frame = reader.frame("funds", "province", "announced_cny_bn", keep=lambda f: f["province"] == "CN-GD")
    assert list(frame.index) == ["regional", "local"]
    rows = {("funds", "regional"), ("funds", "local")}
    assert reader.rows == {"funds.province": rows, "funds.announced_cny_bn": rows}


@pytest.mark.parametrize(
    ("table", "column", "keep", "kept"),
    [
        ("funds", "founded", lambda f: f["founded"] > 2000, ["national"]),
        ("funds", "founded", lambda f: f["founded"] < 2000, ["local"]),
        ("funds", "stage", lambda f: f["stage"] == "paid_in", ["regional"]),
        ("funds", "amount", lambda f: f["amount"] < 0, ["local"]),
        ("sources", "reprint", lambda f: f["reprint"], ["caixin_2025"]),
        ("funds", "stage", lambda f: f["stage"] == "invested", []),
    ],
)
def test_keep_leaves_out_rows_without_a_value(reader, table, column, keep, kept):
    assert list(reader.frame(table, column, keep=keep).index) == kept
    assert reader.rows == {f"{table}.{column}": {(table, row) for row in kept}}


def test_two_reads_of_a_column_add_their_rows(reader):
    reader.frame("funds", "province", keep=lambda f: f["province"] == "CN-AH")
    reader.frame("funds", "province", keep=lambda f: f["province"] == "CN-GD")
    assert reader.rows["funds.province"] == {("funds", "national"), ("funds", "regional"), ("funds", "local")}


def test_frame_is_a_copy(reader):
    mine = reader.frame("funds", "announced_cny_bn")
    mine.loc["national", "announced_cny_bn"] = 0.0
    assert reader.cell("funds", "national", "announced_cny_bn") == 1000.0


def test_unknown_row_is_named(reader):
    with pytest.raises(KeyError, match=r"no row of funds 'nobody'"):
        reader.cell("funds", "nobody", "announced_cny_bn")
    assert reader.inputs == set()


def test_unknown_table_is_named(reader):
    with pytest.raises(KeyError, match="no table 'fund'; perhaps 'funds'"):
        reader.frame("fund", "name")


@pytest.mark.parametrize(
    "read",
    [lambda r: r.cell("funds", "national", "size"), lambda r: r.frame("funds", "name", "size")],
    ids=["cell", "frame"],
)
def test_unknown_column_is_named_and_nothing_recorded(reader, read):
    with pytest.raises(KeyError, match=r"no column of funds 'size'; .*columns lists all"):
        read(reader)
    assert reader.inputs == set()


@pytest.mark.parametrize(
    ("row", "column"), [("regional", "amount"), ("regional", "founded"), ("local", "stage"), ("national", "parent_id")]
)
def test_empty_cell_is_an_error_that_names_it(reader, row, column):
    with pytest.raises(ValueError, match=rf"funds\.csv, row {row}, column {column} is empty"):
        reader.cell("funds", row, column)


def counted_amounts(calls):
    """Return a shared function over the small package that notes each call in a list."""

    @shared
    def amounts(reader, province="CN-GD", *, extra=0.0):
        """Return amounts of a province."""
        calls.append((province, extra))
        frame = reader.frame("funds", "province", "amount", keep=lambda f: f["province"].eq(province))
        return frame["amount"] + extra

    return amounts


def test_shared_is_computed_once_and_recorded_by_each_reader(reader):
    amounts = counted_amounts(calls := [])
    other = Reader(reader.data)
    first, second = amounts(reader), amounts(other)
    assert calls == [("CN-GD", 0.0)]
    assert first.equals(second)
    rows = {("funds", "regional"), ("funds", "local")}
    assert reader.rows == other.rows == {"funds.province": rows, "funds.amount": rows}
    assert reader.inputs == other.inputs == set(reader.rows)
    assert amounts.__doc__ == "Return amounts of a province."


def test_shared_gives_each_caller_a_copy_and_keeps_arguments_apart(reader):
    amounts = counted_amounts(calls := [])
    own = amounts(reader)
    own["local"] = 99.0
    assert amounts(reader)["local"] == -3.5
    assert amounts(reader, extra=1.0)["local"] == -2.5
    assert list(amounts(reader, "CN-AH").index) == ["national"]
    assert calls == [("CN-GD", 0.0), ("CN-GD", 1.0), ("CN-AH", 0.0)]


def test_what_a_reader_records_later_does_not_reach_what_is_shared(reader):
    amounts = counted_amounts([])
    amounts(reader)
    reader.cell("funds", "national", "amount")
    reader.frame("funds", "amount")
    other = Reader(reader.data)
    amounts(other)
    assert other.rows["funds.amount"] == {("funds", "regional"), ("funds", "local")}


def test_shared_is_computed_anew_for_other_tables(package):
    amounts = counted_amounts(calls := [])
    for _ in range(2):
        amounts(Reader(package.load()))
    assert len(calls) == 2


def test_an_error_is_not_kept(reader):
    tries = []

    @shared
    def fails(reader):
        tries.append(1)
        return reader.cell("funds", "regional", "amount")

    for _ in range(2):
        with pytest.raises(ValueError, match="is empty"):
            fails(reader)
    assert len(tries) == 2
