"""The contract of the data: what `data/datapackage.json` says about tables, columns and keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import inf
from pathlib import Path
from typing import Any, Literal, cast, get_args

from patient_capital.files import read_text
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
    period : bool
        True if the cell is a year, half, month or day, or a span of these.
    dated_by : str or None
        Name of the column of the same row that says when what the cell says happened.
    may_be_later : bool
        True if a date may lie after the edition: what is due, expected or comes into force.
    quotes : bool
        True if a text may be a number alone: a key, or a value of another table or page.
    counted : tuple of (str, str) or None
        Cells of a row, as column and value, by which the book itself counted the value in a text; empty for every row.
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
    period: bool = False
    dated_by: str | None = None
    may_be_later: bool = False
    quotes: bool = False
    counted: tuple[tuple[str, str], ...] | None = None

    @property
    def dates_itself(self) -> bool:
        """Whether the cell is a date, of any precision."""
        return self.type == "date" or self.partial_date

    @property
    def is_words(self) -> bool:
        """Whether the cell is text in words, as a name or a note: no key, date, period, number or one of a few values."""
        told = self.pattern or self.enum or self.partial_date or self.period or self.list_of or self.quotes
        return self.type == "string" and not told

    @property
    def is_address(self) -> bool:
        """Whether the cell is the address of a page."""
        return (self.pattern or "").lstrip("^").startswith("http")

    def items(self, text: str) -> list[str]:
        """Return what a cell holds: the items of a list, or the text alone."""
        return text.split(";") if self.list_of else [text]

    def counted_in(self, row: Mapping[str, str]) -> bool:
        """Say whether the book itself counted the value of a row, so that no page says it."""
        return self.counted is not None and all(row[column] == value for column, value in self.counted)


@dataclass(frozen=True, slots=True)
class Sum:
    """Columns of one row that add to another column, or at most to it."""

    parts: tuple[str, ...]
    whole: str
    at_most: bool


@dataclass(frozen=True, slots=True)
class Ratio:
    """A column that is one of its row over another, so many times: a share in percent, uses in 10,000 characters."""

    part: str
    whole: str
    ratio: str
    times: float


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column whose values must be keys of another table (`table` is itself for a self reference)."""

    field: str
    table: str
    column: str


@dataclass(frozen=True)
class TableSchema:
    """One table of the package.

    Attributes
    ----------
    natural_key : tuple of str
        Columns that no two rows share: what a row is about, whatever its id.
    orders : tuple of tuple of str
        Columns whose cells do not fall from left to right, empty ones left out.
    sums : tuple of Sum
        Columns that add to another one.
    ratios : tuple of Ratio
        Columns that two others give.
    together : tuple of tuple of str
        Columns of which a row has all or none.
    follows : tuple of (str, str)
        Columns that another one decides, such as the unit of a series, each before the one that decides it.
    same_year : tuple of tuple of str
        Columns of one row that lie in one year.
    id_tells : tuple of str
        Columns whose text stands in the id of the row, so that no cell can move to another row alone.
    observed : str or None
        Column that dates what is observed: at least one page of the row is as late.
    """

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
    natural_key: tuple[str, ...] = ()
    orders: tuple[tuple[str, ...], ...] = ()
    sums: tuple[Sum, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    follows: tuple[tuple[str, str], ...] = ()
    same_year: tuple[tuple[str, ...], ...] = ()
    id_tells: tuple[str, ...] = ()
    observed: str | None = None

    # Asked of each cell, so that the fields are looked through once.
    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    def field(self, name: str) -> Field:
        """Return the column called `name`; ``KeyError`` names those spelt alike if there is none."""
        known = self._by_name
        if not isinstance(name, str) or name not in known:
            raise unknown(f"column of {self.name}", name, known, f"patient_capital.load({self.name!r}).columns")
        return known[name]

    @cached_property
    def references(self) -> tuple[tuple[str, str, str], ...]:
        """Column, table and key column of every reference, foreign keys and lists alike."""
        lists = [(f.name, *f.list_of.split(".")) for f in self.fields if f.list_of and "." in f.list_of]
        return (*((key.field, key.table, key.column) for key in self.foreign_keys), *((a, b, c) for a, b, c in lists))

    @cached_property
    def source_fields(self) -> tuple[str, ...]:
        """Names of the columns that list source keys."""
        return tuple(f.name for f in self.fields if f.list_of == "sources.source_key")

    def source_keys(self, text: Mapping[str, str]) -> list[str]:
        """Return the keys of the sources of a row, by its cells as they are written."""
        return [key for column in self.source_fields for key in text[column].split(";") if key]

    @cached_property
    def unit_columns(self) -> frozenset[str]:
        """Names of the columns that hold the units of others."""
        return frozenset(f.unit_column for f in self.fields if f.unit_column)


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


KINDS: dict[type | tuple[type, ...], tuple[str, str]] = {
    str: (
        "text",
        (
            "name path type title description version created labelColumn dateColumn asOf group listOf unit unitColumn "
            "datedBy pattern observed whole part ratio"
        ),
    ),
    list: (
        "a list",
        "resources fields primaryKey naturalKey orders sums ratios together foreignKeys enum sameYear idTells parts",
    ),
    dict: ("a list of names with values", "schema constraints counted follows reference"),
    bool: ("true or false", "required unique partialDate period mayBeLater quotes atMost"),
    (int, float): ("a number", "minimum maximum times"),
}
"""Kinds of what a description says: how each is called, and the properties that are of it."""

PROPERTIES = {
    "package": "profile name title description version created licenses keywords resources id homepage contributors sources image",
    "table": (
        "profile name path title description encoding format mediatype asOf labelColumn dateColumn group schema "
        "licenses sources homepage hash bytes"
    ),
    "schema": (
        "fields primaryKey missingValues foreignKeys naturalKey orders sums ratios together follows sameYear idTells observed"
    ),
    "column": "name type title description constraints unit unitColumn listOf partialDate period datedBy mayBeLater quotes counted",
    "constraints": "required unique enum minimum maximum pattern",
    "sum": "parts whole atMost",
    "ratio": "part whole ratio times",
    "foreign key": "fields reference",
    "reference": "resource fields",
}
"""What each part of a description may say: a rule under a name that nobody reads would hold nothing."""

AS_READ = {"encoding": "utf-8", "format": "csv", "missingValues": [""]}
"""How the loader reads every table; a table that says otherwise would be read in another way by other programs."""

_AMOUNT = re.compile(r"(?:^|_)([a-z]{3}_(?:m|bn|tn))$")
"""The end of the name of a column that holds an amount: its unit."""
_LIST_OF = re.compile(r"string|[a-z0-9_]+\.[a-z0-9_]+")
_CREATED = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?")
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def _check_part(raw: Any, part: str, name: str = "") -> None:
    """Raise ``ValueError`` where a part of a description says what nobody reads, or something that is not of its kind."""
    place = f"{part} {name}".rstrip()
    if not isinstance(raw, dict):
        raise ValueError(f"{place} is {json.dumps(raw)[:40]}, and must be a list of names with values")
    known = PROPERTIES[part].split()
    for one in (one for one in raw if one not in known):
        raise ValueError(f"{place}: {unknown('property', one, known).args[0]}")
    for kind, (called, properties) in KINDS.items():
        for one in (one for one in properties.split() if one in raw):
            # In Python truth is a number.
            wrong = not isinstance(raw[one], kind) or (kind is not bool and isinstance(raw[one], bool))
            if wrong and not (part in {"foreign key", "reference"} and one == "fields"):
                raise ValueError(f"{place}: {one} is {json.dumps(raw[one])[:40]}, and must be {called}")
            if kind is str and one != "description" and not raw[one].strip():
                raise ValueError(f"{place}: {one} is empty: write it, or take it away")
    for one, read in AS_READ.items():
        if raw.get(one, read) != read:
            raise ValueError(
                f"{place}: {one} is {json.dumps(raw[one])}, and every table is read with {json.dumps(read)}"
            )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return what an object of JSON says, of which nothing may be said twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands twice in one list of names")
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def real_date(text: str) -> bool:
    """Say whether `text` is a calendar date of year, month or day precision (``2025-02-30`` is not)."""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", text)
    if match is None:
        return False
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _check_field(raw: Mapping[str, Any], constraints: Mapping[str, Any]) -> None:
    """Raise ``ValueError`` where the properties of a column cannot all be true."""
    amount, allowed = _AMOUNT.search(raw["name"]), constraints.get("enum", [])
    if raw["type"] not in get_args(FieldType):
        raise ValueError(f"type is {raw['type']!r}, and must be one of {', '.join(get_args(FieldType))}")
    if "unit" in raw and "unitColumn" in raw:
        raise ValueError("it has both unit and unitColumn: keep one of them")
    if amount and raw.get("unit") != amount[1]:
        raise ValueError(f"unit is {raw.get('unit')}, and by its name must be {amount[1]}")
    if not _LIST_OF.fullmatch(raw.get("listOf", "string")):
        raise ValueError(f"listOf is {raw['listOf']!r}, and must be string or table.column")
    if constraints.get("minimum", -inf) > constraints.get("maximum", inf):
        raise ValueError(f"minimum is {constraints['minimum']}, above maximum, which is {constraints['maximum']}")
    if again := next((one for one in allowed if allowed.count(one) > 1), None):
        raise ValueError(f"enum names {again} twice: keep one of them")


def _field(raw: dict[str, Any]) -> Field:
    _check_part(raw, "column", raw.get("name", "") if isinstance(raw, dict) else "")
    constraints = raw.get("constraints", {})
    try:
        _check_part(constraints, "constraints")
        _check_field(raw, constraints)
        re.compile(constraints.get("pattern", ""))
    except (ValueError, re.error) as error:
        raise ValueError(f"column {raw['name']}: {error}") from error
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
        period=raw.get("period", False),
        dated_by=raw.get("datedBy"),
        may_be_later=raw.get("mayBeLater", False),
        quotes=raw.get("quotes", False),
        counted=tuple(raw["counted"].items()) if "counted" in raw else None,
    )


def _table(raw: dict[str, Any]) -> TableSchema:
    _check_part(raw, "table")
    schema = raw["schema"]
    _check_part(schema, "schema")
    for part, parts in (("sum", "sums"), ("ratio", "ratios"), ("foreign key", "foreignKeys")):
        for one in schema.get(parts, ()):
            _check_part(one, part)
    if not real_date(day := raw.get("asOf", "2025")):
        raise ValueError(f"asOf is {day!r}, and must be a day, month or year, as 2025-03-06")
    if Path(raw["path"]).name != raw["path"]:
        raise ValueError(f"path is {raw['path']!r}, and must be the name of a file beside datapackage.json")
    names = [one["name"] for one in schema["fields"] if isinstance(one, dict) and "name" in one]
    if again := next((one for one in names if names.count(one) > 1), None):
        raise ValueError(f"column {again} stands there twice: keep one of them")
    if len(schema["primaryKey"]) != 1:
        raise ValueError(f"primaryKey names {len(schema['primaryKey'])} columns, and must name one")
    (primary_key,) = schema["primaryKey"]
    keys = []
    for key in schema.get("foreignKeys", ()):
        fields, reference = key["fields"], key["reference"]
        _check_part(reference, "reference")
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
        natural_key=tuple(schema.get("naturalKey", ())),
        orders=tuple(tuple(columns) for columns in schema.get("orders", ())),
        sums=tuple(Sum(tuple(one["parts"]), one["whole"], one.get("atMost", False)) for one in schema.get("sums", ())),
        ratios=tuple(
            Ratio(one["part"], one["whole"], one["ratio"], one.get("times", 1)) for one in schema.get("ratios", ())
        ),
        together=tuple(tuple(columns) for columns in schema.get("together", ())),
        follows=tuple(schema.get("follows", {}).items()),
        same_year=tuple(tuple(columns) for columns in schema.get("sameYear", ())),
        id_tells=tuple(schema.get("idTells", ())),
        observed=schema.get("observed"),
    )


def _named(table: TableSchema, tables: Mapping[str, TableSchema]) -> Iterator[str]:
    """Yield each column that the rules of a table name and that is not there, as table and column."""
    own = {field.name for field in table.fields}
    named = {table.primary_key, *table.natural_key, *table.id_tells}
    named |= {column for columns in (*table.orders, *table.together, *table.same_year) for column in columns}
    named |= {name for name in (table.label_column, table.date_column, table.observed) if name}
    named |= {column for pair in table.follows for column in pair}
    named |= {column for one in table.sums for column in (*one.parts, one.whole)}
    named |= {column for one in table.ratios for column in (one.part, one.whole, one.ratio)}
    named |= {name for field in table.fields for name in (field.unit_column, field.dated_by) if name}
    named |= {column for field in table.fields for column, _ in field.counted or ()}
    named |= {key.field for key in table.foreign_keys}
    yield from (f"{table.name}.{name}" for name in sorted(named - own))
    for _, other, column in table.references:
        if other not in tables or column not in {field.name for field in tables[other].fields}:
            yield f"{other}.{column}"


def _check_edition(raw: Mapping[str, Any]) -> None:
    """Raise ``ValueError`` where the version or the day of the edition has another form than pages and rules compare."""
    if not _CREATED.fullmatch(raw["created"]) or not real_date(raw["created"][:10]):
        raise ValueError(f"created is {raw['created']!r}, and must be the day of the edition, as 2025-03-06T00:00:00Z")
    if not _VERSION.fullmatch(raw["version"]):
        raise ValueError(f"version is {raw['version']!r}, and must be three numbers, as 0.3.0")


def read_package(folder: Path) -> Package:
    """Read ``datapackage.json`` in `folder`.

    Raises
    ------
    FileNotFoundError
        If there is no ``datapackage.json``.
    ValueError
        If it cannot be read, or names a column that is not there; one line that says where.
    """
    text, table = read_text(folder / "datapackage.json"), ""
    try:
        raw = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        _check_part(raw, "package")
        _check_edition(raw)
        tables: dict[str, TableSchema] = {}
        for one in raw["resources"]:
            table = f" of {one.get('name', 'a table without a name')}"
            if one["name"] in tables:
                raise ValueError("it stands there twice")
            if other := next((name for name, read in tables.items() if read.path == one["path"]), None):
                raise ValueError(f"path is {one['path']}, that of {other}: each table has its own file")
            tables[one["name"]] = _table(one)
        table = ""
        package = Package(title=raw["title"], version=raw["version"], created=raw["created"], tables=tables)
        lost = [name for one in tables.values() for name in _named(one, tables)]
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"data/datapackage.json cannot be read ({error}): correct the line, or restore it") from error
    except KeyError as error:
        raise ValueError(
            f"data/datapackage.json: the description{table} lacks {error}: add it, or restore the file"
        ) from error
    except (AttributeError, TypeError, ValueError) as error:
        told = f"data/datapackage.json: the description{table} is not understood ({error}): correct it, or restore the file"
        raise ValueError(told) from error
    if lost:
        raise ValueError(f"data/datapackage.json names {', '.join(lost)}, which is no column: correct the name")
    return package
