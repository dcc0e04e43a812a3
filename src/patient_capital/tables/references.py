"""References between tables: a key that is named must be there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from types import MappingProxyType

from patient_capital.tables.data import Problem, Table

NOTHING: Mapping[str, Set[str]] = MappingProxyType({})
_SEPARATED = re.compile("[,|/\u3001\uff0c\uff1b\\s]")
"""What stands between keys where someone has not written a semicolon."""


def broken_references(tables: Mapping[str, Table], left_out: Mapping[str, Set[str]] = NOTHING) -> Iterator[Problem]:
    """Yield every reference to a row that is not there; a table that could not be read is passed over.

    Parameters
    ----------
    left_out : mapping
        Ids of the rows of each table that are no whole rows, which is told of themselves.
    """
    for table in tables.values():
        for column, target_name, target_column in table.schema.references:
            target = tables.get(target_name)
            if target is None:
                continue
            known = {cells[target_column] for cells in target.text.values()} | left_out.get(target_name, frozenset())
            rule = f"is not a {target_column} of {target.schema.path}"
            advice = f"Correct it, or add the row to {target.schema.path}."
            field = table.schema.field(column)
            for key, cells in table.text.items():
                for item in field.items(cells[column]):
                    if item.strip() and item.strip() not in known:
                        apart = field.list_of and _SEPARATED.search(item.strip())
                        remedy = "Write semicolons between keys, and nothing else." if apart else advice
                        yield table.problem(key, column, rule, remedy, item)
