"""Mutants of the code: one operator, number, branch or statement changed, and whether a test notices.

Run by ``make torture`` it samples mutants of tables, provenance and analysis, lists those that survive, each with the
reason where ``tests/data/survivors.tsv`` knows one, and ends with 1 where fewer than 85 percent of a part are caught.
``ARGS="--sample 20 --seed 1 --part tables"`` takes some. Words are left alone: what they say is read, not computed.
"""

from __future__ import annotations

import argparse
import ast
import csv
import importlib
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "patient_capital"
REASONS = ROOT / "tests" / "data" / "survivors.tsv"
PARTS = ("tables", "provenance", "analysis")
ENOUGH = 85
"""Percent of the mutants of a part that tests must catch."""
OF_ALL = ("test_claims", "test_results")
"""Tests of every part of the analysis."""
SECONDS = 900
"""After which a mutant that makes its tests run on is taken for caught."""

SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr,
}  # fmt: skip
IDLE = {"annotation", "returns", "decorator_list", "type_params"}
"""Parts of code that are not executed, or say only what kind of record something is."""


def _other(node: ast.AST) -> ast.AST | None:
    """Return what takes the place of a node; nothing where no mutation of it is made."""
    match node:
        case ast.Compare(left, [op], right):
            return ast.Compare(left, [SWAPS[type(op)]()], right)
        case ast.BoolOp(op, values):
            return ast.BoolOp(SWAPS[type(op)](), values)
        case ast.BinOp(left, op, right) if type(op) in SWAPS and not _words(left) and not _words(right):
            return ast.BinOp(left, SWAPS[type(op)](), right)
        case ast.AugAssign(target, op, value) if type(op) in SWAPS:
            return ast.AugAssign(target, SWAPS[type(op)](), value)
        case ast.UnaryOp(ast.Not(), operand):
            return operand
        case ast.UnaryOp(ast.USub(), operand):
            return operand
        case ast.Constant(bool() as value):
            return ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            return ast.Constant(value + 1)
        case ast.If(test, body, orelse) if "TYPE_CHECKING" not in ast.unparse(test):
            return ast.If(_negated(test), body, orelse)
        case ast.IfExp(test, body, orelse):
            return ast.IfExp(_negated(test), body, orelse)
        case ast.comprehension(target, source, [first, *rest], asynchronous):
            return ast.comprehension(target, source, [_negated(first), *rest], asynchronous)
        case ast.For(target, _, body, orelse):
            return ast.For(target, ast.Tuple([], ast.Load()), body, orelse)
        case ast.Return(ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            return ast.Return(ast.Constant(None))
        case ast.Expr(ast.Call() | ast.Yield() | ast.YieldFrom()):
            return ast.Pass()
        case ast.Continue():
            return ast.Break()
        case ast.Break():
            return ast.Continue()
    return None


def _words(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


class _Change(ast.NodeTransformer):
    """Walks the code that is executed, and changes the node of one number."""

    def __init__(self, number: int = -1) -> None:
        self.number, self.found = number, 0
        self.names: list[str] = []
        self.told: list[str] = []

    def visit(self, node: ast.AST) -> Any:
        named = isinstance(node, ast.FunctionDef | ast.ClassDef)
        if named:
            self.names.append(node.name)
        changed = _other(node)
        if changed is not None:
            self.told.append(f"{'.'.join(self.names) or 'module'}: {_short(node)} -> {_short(changed)}")
            self.found += 1
            if self.found - 1 == self.number:
                return ast.copy_location(changed, node)
        for name, value in ast.iter_fields(node):
            # Whether lengths must agree is a check of the code on itself: no lawful data break it.
            if name in IDLE or (isinstance(node, ast.keyword) and node.arg == "strict"):
                continue
            if isinstance(value, list):
                value[:] = [self.visit(one) if isinstance(one, ast.AST) else one for one in value]
            elif isinstance(value, ast.AST):
                setattr(node, name, self.visit(value))
        if named:
            self.names.pop()
        return node


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.comprehension):
        return "if " + ast.unparse(node.ifs[0])
    if isinstance(node, ast.If | ast.For):
        return ast.unparse(ast.fix_missing_locations(node)).splitlines()[0]
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).split())


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    path: Path
    number: int
    told: str

    @property
    def module(self) -> str:
        return ".".join(self.path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")

    def __str__(self) -> str:
        return f"{self.module.removeprefix('patient_capital.')}, {self.told}"

    def code(self) -> Any:
        """Return the compiled module with the change."""
        tree = _Change(self.number).visit(ast.parse(self.path.read_bytes()))
        return compile(ast.fix_missing_locations(tree), str(self.path), "exec")


def mutants_of(path: Path) -> list[Mutant]:
    """Return every mutant of a module."""
    change = _Change()
    change.visit(ast.parse(path.read_bytes()))
    return [Mutant(path, number, told) for number, told in enumerate(change.told)]


def mutants(part: str) -> list[Mutant]:
    """Return every mutant of a part of the package."""
    return [one for path in sorted((PACKAGE / part).rglob("*.py")) for one in mutants_of(path)]


def tests_of(mutant: Mutant) -> list[str]:
    """Return the files of tests that are to catch a mutant, the likeliest first."""
    part, *rest = mutant.path.relative_to(PACKAGE).with_suffix("").parts
    words = {word.rstrip("s") for name in (*rest, part) for word in name.split("_")}
    tests = ROOT / "tests"
    files = sorted(tests.glob(f"{part}/test_*.py"))
    if part == "analysis":
        model = rest[0] == "model"
        files = [path for path in files if path.stem.startswith("test_model") == model or path.stem in OF_ALL]
        files += [*tests.glob(f"figures/test_{'model*' if model else rest[0]}_frames.py")]
        files += [tests / "test_model_runs.py"] if model else []
    files += sorted(tests.glob(f"{rest[-1]}/test_*.py"))  # what is computed for explorers is tested with them
    files += [tests / name for name in ("analysis/test_results.py", "provenance/test_records.py", "test_check.py")]

    def likelihood(path: Path) -> int:
        return -len(words & {word.rstrip("s") for word in path.stem.split("_")})

    return [str(path.relative_to(ROOT)) for path in sorted(dict.fromkeys(files), key=likelihood)]


class _Mutated(SourceFileLoader):
    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, str(mutant.path))
        self.mutant = mutant

    def get_code(self, fullname: str) -> Any:
        return self.mutant.code()


class _Finder:
    """Gives the mutant where its module is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != self.mutant.module:
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        spec.loader = _Mutated(self.mutant)
        return spec


OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:nbval", "-p", "no:xdist", "-o")
ADDED = "addopts=--import-mode=importlib -m 'not browser and not long'"


def _test(mutant: Mutant | None, tests: list[str], log: Path) -> int:
    """Run tests in a process of their own that has loaded libraries and nothing of the project; return their exit code."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            with log.open("w") as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
            import pytest

            if mutant is not None:
                sys.meta_path.insert(0, _Finder(mutant))  # type: ignore[arg-type]  # a finder need not be a class of importlib
            code = int(pytest.main([*OPTIONS, ADDED, *tests]))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return -1


def survives(mutant: Mutant, log: Path) -> bool:
    """Say whether all tests pass on a mutant."""
    return _test(mutant, tests_of(mutant), log) == 0


def reasons() -> dict[str, str]:
    """Return why a mutant may survive, by what it is."""
    with REASONS.open(encoding="utf-8", newline="") as file:
        return {row["mutant"]: row["reason"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def tested(part: str, sample: int, seed: int, log: Path) -> Iterator[tuple[Mutant, bool]]:
    """Yield sampled mutants of a part, and whether each survives; tests that fail without any stop it."""
    every, good = mutants(part), set()
    chance = random.Random(f"{seed} {part}")
    for one in chance.sample(every, min(sample, len(every))):
        tests = tests_of(one)
        if frozenset(tests) not in good and _test(None, tests, log):
            raise SystemExit(f"{log.read_text(encoding='utf-8')}\nthe tests fail where nothing is changed")
        good.add(frozenset(tests))
        yield one, survives(one, log)


def main(arguments: list[str] | None = None) -> int:
    """Test mutants, print what became of them, and return 1 where too many survive."""
    parser = argparse.ArgumentParser(prog="code_mutants", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sample", type=int, default=60, help="mutants of each part (60)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--part", choices=PARTS, action="append", help="this part alone")
    chosen = parser.parse_args(arguments)
    for name in ("pandas", "scipy.stats", "matplotlib.pyplot", "statsmodels.api", "nbclient", "pytest"):
        importlib.import_module(name)
    known, failed = reasons(), False
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        for part in chosen.part or PARTS:
            tried, left = 0, []
            for mutant, lives in tested(part, chosen.sample, chosen.seed, log):
                tried += 1
                if lives:
                    left.append(mutant)
                told = (
                    f"survives: {mutant}: {known.get(str(mutant), 'no test notices')}" if lives else f"caught: {mutant}"
                )
                print(f"  {tried} of {chosen.sample}, {told}", flush=True)
            caught = 100 * (tried - len(left)) / tried
            failed = failed or caught < ENOUGH
            told = f"{caught:.0f} percent of {tried} mutants caught (at least {ENOUGH}), {len(mutants(part))} in all"
            print(f"{part}: {told}, seed {chosen.seed}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
