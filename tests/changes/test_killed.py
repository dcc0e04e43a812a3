"""A command that is killed leaves whole files, and the next run succeeds; `make torture` kills each at twenty moments."""

from __future__ import annotations

import random

import pytest

from helpers import killed

SEED = 20261126


@pytest.mark.long
@pytest.mark.parametrize("name", killed.TRIALS)
def test_a_killed_command_leaves_whole_files_and_the_next_run_succeeds(name, tmp_path):
    assert list(killed.wrong(name, tmp_path, random.Random(f"{SEED} {name}"), moments=1)) == []


def test_what_is_half_written_is_seen(tmp_path, monkeypatch):
    """The trial itself: a command that writes in place, and is killed in between, is named."""
    in_place = (
        "for name, text in (('a', 'new'), ('b', 'new')):\n"
        "    with open(os.path.join(root, 'data', name), 'w') as file:\n"
        "        file.write(text[:1]); file.flush()\n"
        "        os.mkdir(os.path.join(root, 'x')); os.rmdir(os.path.join(root, 'x'))\n"
        "        file.write(text[1:])\n"
        "print('writes', count, file=sys.stderr); sys.exit(0)\n"
    )

    def folder(root, project):
        (project / "data").mkdir(parents=True)
        for name in "ab":
            (project / "data" / name).write_text("old")

    monkeypatch.setattr(killed, "new_book", folder)
    monkeypatch.setitem(killed.TRIALS, "bad", killed.Trial(in_place, lambda project: None, killed.files("data/*")))
    told = list(killed.wrong("bad", tmp_path, random.Random(1), moments=8))
    assert any("not whole" in line for line in told)
