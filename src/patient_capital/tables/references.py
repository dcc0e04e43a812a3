"""References between tables: a key that is named must be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from patient_capital.tables.data import Problem, Table
from patient_capital.tables.schema import TableSchema


def _references(schema: TableSchema) -> Iterable[tuple[str, str, str]]:
    """Yield (column, table, key column) of every reference, foreign keys and lists alike."""
    for key in schema.foreign_keys:
        yield key.field, key.table, key.column
    for field in schema.fields:
        if field.list_of and "." in field.list_of:
            table, column = field.list_of.split(".")
            yield field.name, table, column


def broken_references(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Yield every reference to a row that is not there; a table that could not be read is passed over."""
    for table in tables.values():
        for column, target_name, target_column in _references(table.schema):
            target = tables.get(target_name)
            if target is None:
                continue
            known = {cells[target_column] for cells in target.text.values()}
            rule, file = f"is not a {target_column} of {target.schema.path}", table.schema.path
            advice = f"Correct it, or add the row to {target.schema.path}."
            is_list = table.schema.field(column).list_of is not None
            for key, cells in table.text.items():
                for item in cells[column].split(";") if is_list else [cells[column]]:
                    if item.strip() and item.strip() not in known:
                        yield Problem(file, table.lines[key], column, item, rule, advice)
