"""The page on using the model: its examples run as they stand, and its files are plain for other programs."""

from __future__ import annotations

import csv
import re

import numpy as np
import pytest

from patient_capital import model
from patient_capital.listings.use_model import FILES
from patient_capital.model.returns import simulate_totals
from patient_capital.own_fund.exports import draws, moments, write_exports


def blocks(root):
    page = (root / "chapters" / "use_model.md").read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)


def test_there_are_five_examples_of_three_to_fifteen_lines(root):
    lengths = [len(block.strip().splitlines()) for block in blocks(root)]
    assert len(lengths) == 5
    assert all(3 <= length <= 15 for length in lengths)


@pytest.mark.parametrize("place", range(5))
def test_each_example_runs_alone_as_it_stands(root, place, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    exec(blocks(root)[place], {})  # noqa: S102  # what the page shows
    shown = capsys.readouterr().out
    if place == 4:
        [path] = tmp_path.iterdir()
        assert (
            path.read_text(encoding="ascii").splitlines()[0] == "private_fund,directed_fund,patient_fund,national_fund"
        )
    else:
        assert re.search(r"\d\.\d|no switch", shown)
        assert not re.search(r"\b(nan|inf)\b", shown)


def test_files_are_those_that_are_written_and_other_programs_read_them(ctx, tmp_path):
    """R and Stata want short plain names, one line of them, a number or nothing in each cell, and no index."""
    write_exports(ctx, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    for path in tmp_path.glob("model_*.csv"):
        data = path.read_bytes()
        assert data.isascii()
        assert b"\r" not in data
        names, *rows = csv.reader(data.decode().splitlines())
        assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name) for name in names)
        assert rows
        for row in rows:
            assert len(row) == len(names)
            assert all(re.fullmatch(r"-?\d+(\.\d+)?(e[+-]\d+)?", cell) for cell in row[names[0] == "name" :])


def test_moments_are_those_of_draws_and_draws_have_the_mean_of_the_regime(ctx):
    at = model.central()
    first = moments(ctx).iloc[0]
    drawn = simulate_totals(at.returns, 10**6, 3, levels=(5.0, 50.0))
    assert first["mean"] == pytest.approx(drawn.mean, abs=5 * drawn.standard_error)
    assert first["sd"] == pytest.approx(drawn.sd, rel=0.1)
    assert first["share_50x"] == pytest.approx(drawn.shares[1].value, abs=5 * drawn.shares[1].standard_error)
    several = draws(ctx, 4000)
    for name, regime in model.regimes().items():
        expected = model.evaluate(regime, at).net_multiple
        # Carry is convex: the mean of draws lies a little below.
        assert several[name].mean() == pytest.approx(expected, abs=0.05 + 5 * several[name].std() / np.sqrt(4000))
