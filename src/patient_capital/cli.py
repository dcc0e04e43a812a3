"""The commands behind the Makefile: book, refresh, model, ledger, check. They work on a checkout of the project."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import date

from patient_capital.book import ROOT
from patient_capital.extras import MissingExtraError, needed_for
from patient_capital.formatting import counted


def book() -> None:
    """Build the site."""
    from patient_capital.build import build  # noqa: PLC0415  # each command imports only what it needs

    start = time.monotonic()
    if not (ROOT / "_build" / "html").exists():
        print("Executing the chapters and building the site ...", flush=True)
    done = build(ROOT)
    index = ROOT / "_build" / "html" / "index.html"
    state = f"Built in {time.monotonic() - start:.0f} s" if done else "Up to date"
    print(f"{state}: {index.relative_to(ROOT)}")


def refresh() -> None:
    """Execute the notebooks in place and write the ledger."""
    from patient_capital.refresh import refresh as run  # noqa: PLC0415

    changed = run(ROOT / "chapters")
    for path in changed:
        print(f"rewritten: {path.relative_to(ROOT)}")
    if not changed:
        print("every notebook is up to date")
    ledger()


def ledger() -> None:
    """Write ``data/ledger.csv`` and ``data/ledger_inputs.csv``."""
    from patient_capital.ledger import write_ledgers  # noqa: PLC0415

    for path in write_ledgers():
        print(f"written: {path.relative_to(ROOT)}")


def check() -> None:
    """Name at once everything wrong with data, pages and ledgers; nothing is executed or built."""
    from patient_capital.check import alike, overdue, problems  # noqa: PLC0415

    found = problems(ROOT)
    for line in overdue(date.today().isoformat()):  # the one place that reads the clock
        print(f"due: {line}")
    for line in alike():
        print(f"perhaps one quantity: {line}")
    if found:
        raise ValueError("\n- ".join([f"{counted(len(found), 'problem')}:", *found]))
    print("data, stored runs, pages and ledgers agree")


def lines(step: str) -> Callable[[int, int], None]:
    """Return a report of progress that prints one line at each tenth of a step."""

    def report(done: int, total: int) -> None:
        if 10 * done // total > 10 * (done - 1) // total:
            print(f"{step}: {done} of {total}", file=sys.stderr, flush=True)

    return report


def model() -> None:
    """Run the model at full precision and store its tables."""
    from patient_capital.analysis.model.runs import write_runs  # noqa: PLC0415

    for path in write_runs(steps=lines):
        print(f"written: {path.relative_to(ROOT)}")


COMMANDS = {"model": model, "book": book, "refresh": refresh, "ledger": ledger, "check": check}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors that a user can mend are one clear message, not a traceback.

    Returns
    -------
    int
        Exit code: 0 done, 1 failed.
    """
    parser = argparse.ArgumentParser(prog="patient-capital", description="Build and check the book.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, function in COMMANDS.items():
        commands.add_parser(name, help=(function.__doc__ or "").split("\n")[0])
    chosen = parser.parse_args(arguments).command
    from patient_capital.build import BuildError  # noqa: PLC0415

    try:
        if not (ROOT / "_toc.yml").is_file():
            raise BuildError(
                f"patient-capital {chosen} works on the chapters and tables of a checkout of the project; this is an "
                "installed copy. Get the project and say make book there"
            )
        with needed_for(f"patient-capital {chosen} needs", "book,analysis"):
            COMMANDS[chosen]()
    except (BuildError, MissingExtraError, ValueError, KeyError, OSError) as error:
        message = error.args[0] if isinstance(error, KeyError) and error.args else error
        print(f"error: {message}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
