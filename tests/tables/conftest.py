"""A small data package with every feature of the contract, written to a folder of its own."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from patient_capital.tables import Data, DataError, Problem, load


def column(name: str, kind: str = "string", constraints: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "title": name.title(), "constraints": constraints or {}, **more}


def resource(
    name: str, key: str, *fields: dict[str, Any], foreign: tuple[Any, ...] = (), **more: Any
) -> dict[str, Any]:
    keys = [{"fields": f, "reference": {"resource": table, "fields": target}} for f, table, target in foreign]
    schema = {"fields": list(fields), "primaryKey": [key], "foreignKeys": keys}
    return {"name": name, "path": f"{name}.csv", "schema": schema, **more}


CONTRACT = {
    "title": "A small package",
    "version": "1.2.3",
    "created": "2026-01-01",
    "resources": [
        resource(
            "sources",
            "source_key",
            column("source_key", constraints={"required": True, "pattern": "[a-z0-9_]+"}),
            column("publisher", constraints={"required": True}),
            column("url", constraints={"unique": True, "pattern": "https://.+"}),
            column("reprint", "boolean"),
        ),
        resource(
            "provinces",
            "code",
            column("code", constraints={"pattern": "CN-[A-Z]{2}"}),
            column("name", constraints={"required": True, "unique": True}),
            column("firms", "integer", {"minimum": 0}),
        ),
        resource(
            "funds",
            "fund_id",
            column("fund_id", constraints={"required": True}),
            column("name", constraints={"required": True}),
            column("province", constraints={"required": True}),
            column("parent_id"),
            column("stage", constraints={"enum": ["announced", "paid_in"]}),
            column("announced_cny_bn", "number", {"required": True, "minimum": 0, "maximum": 2000}, unit="cny_bn"),
            column("amount", "number", unitColumn="unit"),
            column("unit", constraints={"enum": ["cny_bn", "pct"]}),
            column("founded", "year", {"minimum": 1980}),
            column("agreed_on", "date"),
            column("announced_on", partialDate=True),
            column("tags", listOf="string", constraints={"enum": ["chips", "energy"]}),
            column("source_keys", listOf="sources.source_key", constraints={"required": True}),
            column("note"),
            foreign=(("province", "provinces", "code"), ("parent_id", "", "fund_id")),
            labelColumn="name",
            dateColumn="announced_on",
            asOf="2026-01-01",
            group="funds",
        ),
    ],
}

CSV = {
    "sources.csv": """source_key,publisher,url,reprint
gov_work_report,State Council,https://example.org/a,false
caixin_2025,Caixin,https://example.org/b,true
""",
    "provinces.csv": """code,name,firms
CN-AH,Anhui,12
CN-GD,Guangdong,
""",
    "funds.csv": """\
fund_id,name,province,parent_id,stage,announced_cny_bn,amount,unit,\
founded,agreed_on,announced_on,tags,source_keys,note
national,National fund,CN-AH,,announced,1000.0,20,pct,2025,2025-02-28,2025-03-06,chips;energy,\
gov_work_report,Ünïcode 国
regional,"Region, first",CN-GD,national,paid_in,100,,,,,2025-07,chips,gov_work_report;caixin_2025,
local,Local fund,CN-GD,regional,,0.50,-3.5,cny_bn,1999,2024-02-29,2025,,caixin_2025,"says ""so"" twice"
""",
}


@dataclass(frozen=True)
class SmallPackage:
    """A package on disk; rows are counted as the loader counts them, the header being row 1."""

    folder: Path

    def file(self, name: str) -> Path:
        return self.folder / name

    def rows(self, name: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.file(name).read_text(encoding="utf-8"))))

    def set(self, name: str, row: int, column: str, value: str) -> None:
        """Write `value` into one cell."""
        rows = self.rows(name)
        rows[row - 1][rows[0].index(column)] = value
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        self.file(name).write_text(text.getvalue(), encoding="utf-8", newline="")

    def replace(self, name: str, old: bytes, new: bytes) -> None:
        """Exchange the first `old` in the bytes of a file."""
        raw = self.file(name).read_bytes()
        assert old in raw
        self.file(name).write_bytes(raw.replace(old, new, 1))

    def load(self) -> Data:
        return load(self.folder)

    def problems(self) -> tuple[Problem, ...]:
        """Load and return what is wrong; nothing wrong fails the test."""
        with pytest.raises(DataError) as caught:
            load(self.folder)
        return caught.value.problems


@pytest.fixture(scope="session")
def new_package(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], SmallPackage]:
    """Return a function that writes a fresh package, for tests that need many."""

    parent, numbers = tmp_path_factory.mktemp("packages"), itertools.count()

    def write() -> SmallPackage:
        folder = parent / str(next(numbers))
        folder.mkdir()
        (folder / "datapackage.json").write_text(json.dumps(CONTRACT), encoding="utf-8")
        for name, text in CSV.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        return SmallPackage(folder)

    return write


@pytest.fixture
def package(new_package: Callable[[], SmallPackage]) -> SmallPackage:
    """Return a fresh package."""
    return new_package()
