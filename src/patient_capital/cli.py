"""The commands behind the Makefile: book, pdf, tidy, refresh, model, ledger, check, words, edition, which work on a checkout of the project.

And ``regime``, which evaluates a fund of one's own and works anywhere.
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import date
from pathlib import Path

from patient_capital import __version__
from patient_capital.book import ROOT
from patient_capital.extras import MissingExtraError, needed_for
from patient_capital.formatting import counted


def book() -> None:
    """Build the site."""
    from patient_capital.build import build  # noqa: PLC0415  # each command imports only what it needs

    start = time.monotonic()
    done = build(ROOT)
    index = ROOT / "_build" / "html" / "index.html"
    state = f"Built in {time.monotonic() - start:.0f} s" if done else "Up to date"
    print(f"{state}: {index.relative_to(ROOT)}")


def pdf() -> None:
    """Print the whole book as one PDF; the site must be built."""
    from patient_capital.pdf.make import write_pdf  # noqa: PLC0415  # as in book

    start = time.monotonic()
    path = write_pdf(ROOT, tell=print)
    print(f"Printed in {time.monotonic() - start:.0f} s: {path.relative_to(ROOT)}")


def tidy() -> None:
    """Write the tables in the book's own form; no value changes."""
    from patient_capital.files import write_whole  # noqa: PLC0415  # as in book
    from patient_capital.tables import DATA_FOLDER, tidied  # noqa: PLC0415  # as in book

    for name, text in tidied(DATA_FOLDER).items():
        print(f"tidied: {write_whole(DATA_FOLDER / name, text).relative_to(ROOT)}")


def refresh() -> None:
    """Tidy the tables, execute the notebooks in place and write the ledger."""
    tidy()
    from patient_capital.refresh import refresh as run  # noqa: PLC0415  # as in book

    changed = run(ROOT / "chapters")
    for path in changed:
        print(f"rewritten: {path.relative_to(ROOT)}")
    if not changed:
        print("every notebook is up to date")
    ledger()


def ledger() -> None:
    """Write the ledgers: ``data/ledger.csv``, ``ledger_inputs.csv`` and ``ledger_shown.csv``."""
    from patient_capital.ledger import write_ledgers  # noqa: PLC0415  # as in book

    for path in write_ledgers():
        print(f"written: {path.relative_to(ROOT)}")


def check() -> None:
    """Name at once everything wrong with data, pages and ledgers; nothing is executed or built."""
    from patient_capital.check import alike, not_looked_up, overdue, problems  # noqa: PLC0415  # as in book

    found = problems(ROOT)
    for line in overdue(date.today().isoformat()):  # the one place that reads the clock
        print(f"due: {line}")
    for line in alike():
        print(f"perhaps one quantity: {line}")
    for line in not_looked_up(ROOT):
        print(f"not looked up: {line}")
    _none(found)
    print("data, stored runs, pages and ledgers agree")


def _none(problems: list[str]) -> None:
    """Raise ``ValueError`` with all problems, if there are any."""
    if problems:
        raise ValueError("\n- ".join([f"{counted(len(problems), 'problem')}:", *problems]))


def words() -> None:
    """Print how each page reads: words of running text, numbers in a hundred words, reading grade."""
    from patient_capital.words import lines as told  # noqa: PLC0415  # as in book

    for line in told(ROOT):
        print(line)


def edition() -> None:
    """Keep what the book prints now as that of its edition, once for each version, if nothing is wrong with it."""
    from patient_capital.check import problems  # noqa: PLC0415  # as in book
    from patient_capital.edition import write_edition  # noqa: PLC0415  # as in book
    from patient_capital.tables import book_data  # noqa: PLC0415  # as in book

    _none(problems(ROOT))
    for path in write_edition(ROOT, book_data()):
        print(f"written: {path.relative_to(ROOT)}")
    print("the pages now tell what has changed since this edition: run make refresh, then tag it")


def lines(step: str) -> Callable[[int, int], None]:
    """Return a report of progress that prints one line at each tenth of a step."""

    def report(done: int, total: int) -> None:
        if 10 * done // total > 10 * (done - 1) // total:
            print(f"{step}: {done} of {total}", file=sys.stderr, flush=True)

    return report


def model() -> None:
    """Run the model at full precision and store its tables."""
    from patient_capital.analysis.model.runs import write_runs  # noqa: PLC0415  # as in book

    for path in write_runs(steps=lines):
        print(f"written: {path.relative_to(ROOT)}")


def regime(asked: argparse.Namespace) -> None:
    """Evaluate a fund of your own, described by two files."""
    from patient_capital.own_fund.command import run  # noqa: PLC0415  # as in book

    run(asked.fund, asked.deals, asked.out, asked.draws, asked.portfolios)


MOST = 1_000_000
"""Draws or portfolios of one run of the command ``regime``; more take hours and more memory than there is."""


def _number_from(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text[: len(str(MOST)) + 1]) <= MOST:
            raise argparse.ArgumentTypeError(f"{text!r} must be a whole number of at least {least} and at most {MOST}")
        return int(text)

    return number


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    """Let one command at a time write in a project, and take away what one that was killed has left."""
    from patient_capital.build import alone  # noqa: PLC0415  # as in book
    from patient_capital.files import sweep  # noqa: PLC0415  # as in book

    with alone(root / "_build" / ".lock"):
        for folder in ("data", "chapters", "_build", "tests/data"):
            sweep(root / folder)
        yield


NOT_WRITABLE = "nothing can be written there: copy the project to a folder of your own"
REMEDIES = {
    errno.ENOSPC: "the disk is full: make room",
    errno.EDQUOT: "your share of the disk is full: make room",
    errno.EROFS: NOT_WRITABLE,
    errno.EACCES: NOT_WRITABLE,
    errno.EPERM: NOT_WRITABLE,
    errno.EFBIG: "no file may be so large here: raise the limit (ulimit -f)",
    errno.EMFILE: "no more files may be open: raise the limit (ulimit -n)",
    **dict.fromkeys((errno.EEXIST, errno.ENOTDIR), "a file stands where a folder belongs: move it away"),
    errno.ENOENT: "restore it from the repository",
    errno.EISDIR: "a folder stands where a file belongs: move it away",
}


def _unreadable(path: Path) -> bool:
    return not os.access(path.parent, os.R_OK | os.X_OK) or (path.exists() and not os.access(path, os.R_OK))


def _of_system(error: OSError) -> str:
    """Return an error of the operating system in one line, with what to do where that is known."""
    if error.errno not in REMEDIES:
        return str(error)
    place = f"{error.filename}: " if error.filename else ""
    remedy = REMEDIES[error.errno]
    if remedy == NOT_WRITABLE and error.filename and _unreadable(Path(error.filename)):
        remedy = "it cannot be read: give yourself the right to"
    return f"{place}{error.strerror}; {remedy} and run this again. What stood there before is whole"


READING = {"check", "words"}
"""Commands that write nothing, and so need not wait for those that do."""
COMMANDS = {
    "model": model,
    "book": book,
    "pdf": pdf,
    "tidy": tidy,
    "refresh": refresh,
    "ledger": ledger,
    "check": check,
    "words": words,
    "edition": edition,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors that a user can mend are one clear message, not a traceback.

    Returns
    -------
    int
        Exit code: 0 done, 1 failed, 130 interrupted.
    """
    code = 1
    try:
        code = _run(arguments)
        if sys.stdout is not None:  # closed before the start
            sys.stdout.flush()
    except BrokenPipeError:  # who was to read has gone, as head does, and wants no more
        _print_to_nobody()
        return 1
    except OSError as error:
        _print_to_nobody()
        if code == 0:
            print(f"error: what is printed cannot be written where it was sent ({error.strerror})", file=sys.stderr)
        return 1
    return code


def _print_to_nobody() -> None:
    """Send what is still to be printed nowhere: Python would try once more at its end, and tell of that."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: list[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="patient-capital", description="Build and check the book.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, function in COMMANDS.items():
        commands.add_parser(name, help=(function.__doc__ or "").split("\n")[0])
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    own = commands.add_parser("regime", help=(regime.__doc__ or "").split("\n")[0])
    own.add_argument("fund", type=Path, help="what the fund is: a file of TOML")
    own.add_argument("--deals", type=Path, help="its deals: a CSV file; the book's deals unless given")
    own.add_argument("--out", type=Path, help="folder to write the table and the draws to")
    own.add_argument("--draws", type=_number_from(0), default=256, help="joint draws for the spans (256)")
    own.add_argument("--portfolios", type=_number_from(100), default=10_000, help="portfolios for the chances (10000)")
    asked = parser.parse_args(arguments)
    chosen = asked.command
    from patient_capital.build import SELDOM, BuildError  # noqa: PLC0415  # as in book

    gc.set_threshold(*SELDOM)
    try:
        if sys.flags.optimize > 1:
            raise BuildError(
                "Python runs without docstrings, in which results have their titles: unset PYTHONOPTIMIZE, or leave out -OO"
            )
        if chosen == "regime":
            regime(asked)
            return 0
        if not (ROOT / "_toc.yml").is_file():
            raise BuildError(
                f"patient-capital {chosen} works on the chapters and tables of a checkout of the project; this is an "
                "installed copy. Get the project and say make book there"
            )
        needed = needed_for(f"patient-capital {chosen} needs", "book,analysis")
        with needed, nullcontext() if chosen in READING else _writing(ROOT):
            COMMANDS[chosen]()
    except BrokenPipeError:  # told, or not, by whoever called
        raise
    except KeyboardInterrupt:
        print("interrupted: what stood there before is whole; run this again", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"error: {_of_system(error)}", file=sys.stderr)
        return 1
    except (BuildError, MissingExtraError, ValueError, KeyError) as error:
        message = error.args[0] if isinstance(error, KeyError) and error.args else error
        print(f"error: {message}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
