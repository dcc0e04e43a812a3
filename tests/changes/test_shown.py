"""Any cell that a page shows: changed, it changes a committed digest, so that it cannot pass unseen."""

from __future__ import annotations

import random
from unittest.mock import patch

import pytest

from helpers import strict, unseen
from helpers.unseen import compared


@pytest.mark.long
def test_no_changed_cell_passes_unseen(book, tmp_path):
    changes = list(compared(book, 12, 5, tmp_path))
    assert [(change.cell, change.untold) for change in changes if change.untold] == []
    assert sum(change.seen > 0 for change in changes) >= 4


@pytest.mark.long
def test_what_no_digest_tells_is_named(book, tmp_path):
    with patch.object(unseen, "told_of_listing", lambda one, data: "the same"):
        changes = list(compared(book, 12, 5, tmp_path))
    assert any(name.startswith("table ") for change in changes for name in change.untold)


@pytest.mark.long
def test_a_changed_cell_makes_the_strict_comparison_of_its_notebook_fail(book, tmp_path):
    told = list(strict.compared(book, tmp_path, random.Random(7), 1))
    assert [line for line in told if not line.endswith("differs")] == []
    assert len(told) == 1
