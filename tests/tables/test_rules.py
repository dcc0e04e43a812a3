"""Rules across rows: partners and sizes, stages and sizes."""

from __future__ import annotations

import csv
import shutil

import pytest

from patient_capital.tables import DATA_FOLDER, DataError, check_substance, load


@pytest.fixture
def edited(tmp_path):
    def edit(table: str, row: str, **cells: str):
        folder = tmp_path / "data"
        if not folder.exists():
            shutil.copytree(DATA_FOLDER, folder)
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        key = next(iter(rows[0]))
        rows = [r | cells if r[key] == row else r for r in rows]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return load(folder)

    return edit


def test_the_book_keeps_every_rule(book):
    assert check_substance(book) is book


def test_size_that_its_partners_do_not_add_to_is_named(edited):
    data = edited("funds", "cn_nvcgf_bth", registered_cny_bn="31.646")
    with pytest.raises(DataError, match=r"funds\.csv, row \d+, column registered_cny_bn: '31\.646'.*add to 29\.646"):
        check_substance(data)


def test_both_together_are_accepted(edited):
    edited("funds", "cn_nvcgf_bth", registered_cny_bn="31.646")
    check_substance(edited("fund_partners", "cn_nvcgf_bth_rest", amount_cny_bn="11.646"))


@pytest.mark.parametrize("stage", ["first_close_cny_bn", "paid_in_cny_bn", "invested_cny_bn"])
def test_more_than_was_ever_promised_is_named(edited, stage):
    data = edited("funds", "hb_data", **{stage: "11"})
    with pytest.raises(DataError, match=rf"{stage}: '11': exceeds everything .*\(10\)"):
        check_substance(data)


def test_all_broken_rules_are_named_at_once(edited):
    edited("funds", "hb_data", first_close_cny_bn="11")
    data = edited("funds", "cn_nvcgf_gba", registered_cny_bn="40")
    with pytest.raises(DataError) as error:
        check_substance(data)
    assert len(error.value.problems) == 2
