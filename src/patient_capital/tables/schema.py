"""The contract of the data: what `data/datapackage.json` says about tables, columns and keys."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from patient_capital.naming import unknown

FieldType = Literal["string", "integer", "number", "boolean", "date", "year"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table.

    Attributes
    ----------
    unit : str or None
        Unit code that holds for the whole column (``cny_bn``, ``pct``, ...).
    unit_column : str or None
        Name of the column that holds the unit where it differs by row.
    list_of : str or None
        ``"table.column"`` if the cell is a ``;`` list of keys, ``"string"`` for a plain list.
    partial_date : bool
        True if the cell is an ISO date of year, month or day precision.
    dated_by : str or None
        Name of the column of the same row that says when what the cell says happened.
    """

    name: str
    type: FieldType
    title: str
    description: str
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    unit: str | None = None
    unit_column: str | None = None
    list_of: str | None = None
    partial_date: bool = False
    dated_by: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column whose values must be keys of another table (`table` is itself for a self reference)."""

    field: str
    table: str
    column: str


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table of the package."""

    name: str
    path: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: str
    foreign_keys: tuple[ForeignKey, ...] = ()
    label_column: str | None = None
    date_column: str | None = None
    as_of: str | None = None
    group: str = "book"

    def field(self, name: str) -> Field:
        """Return the column called `name`; ``KeyError`` names those spelt alike if there is none."""
        known = {field.name: field for field in self.fields}
        if name not in known:
            raise unknown(f"column of {self.name}", name, known, f"patient_capital.load({self.name!r}).columns")
        return known[name]

    @property
    def source_fields(self) -> tuple[str, ...]:
        """Names of the columns that list source keys."""
        return tuple(f.name for f in self.fields if f.list_of == "sources.source_key")


@dataclass(frozen=True, slots=True)
class Package:
    """The whole data package."""

    title: str
    version: str
    created: str
    tables: dict[str, TableSchema]

    @property
    def edition(self) -> str:
        """The day of the edition, ISO: until then was looked, and by it builds and tests judge what is due."""
        return self.created[:10]


def _field(raw: dict[str, Any]) -> Field:
    constraints = raw.get("constraints", {})
    return Field(
        name=raw["name"],
        type=cast("FieldType", raw["type"]),
        title=raw.get("title", raw["name"]),
        description=raw.get("description", ""),
        required=constraints.get("required", False),
        unique=constraints.get("unique", False),
        enum=tuple(str(v) for v in constraints.get("enum", ())),
        minimum=constraints.get("minimum"),
        maximum=constraints.get("maximum"),
        pattern=constraints.get("pattern"),
        unit=raw.get("unit"),
        unit_column=raw.get("unitColumn"),
        list_of=raw.get("listOf"),
        partial_date=raw.get("partialDate", False),
        dated_by=raw.get("datedBy"),
    )


def _table(raw: dict[str, Any]) -> TableSchema:
    schema = raw["schema"]
    (primary_key,) = schema["primaryKey"]
    keys = []
    for key in schema.get("foreignKeys", ()):
        fields, reference = key["fields"], key["reference"]
        keys.append(
            ForeignKey(
                field=fields if isinstance(fields, str) else fields[0],
                table=reference["resource"] or raw["name"],
                column=reference["fields"] if isinstance(reference["fields"], str) else reference["fields"][0],
            )
        )
    return TableSchema(
        name=raw["name"],
        path=raw["path"],
        title=raw.get("title", raw["name"]),
        description=raw.get("description", ""),
        fields=tuple(_field(f) for f in schema["fields"]),
        primary_key=primary_key,
        foreign_keys=tuple(keys),
        label_column=raw.get("labelColumn"),
        date_column=raw.get("dateColumn"),
        as_of=raw.get("asOf"),
        group=raw.get("group", "book"),
    )


def read_package(folder: Path) -> Package:
    """Read ``datapackage.json`` in `folder`.

    Raises
    ------
    FileNotFoundError
        If there is no ``datapackage.json``.
    """
    raw = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return Package(
        title=raw["title"],
        version=raw["version"],
        created=raw["created"],
        tables={table["name"]: _table(table) for table in raw["resources"]},
    )
