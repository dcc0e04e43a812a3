"""What earlier editions printed, and why it has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from patient_capital.formatting import with_minus
from patient_capital.provenance.records import Number, computed, split_cell, split_ref
from patient_capital.provenance.registry import load_results, number
from patient_capital.tables import Data


@dataclass(frozen=True, slots=True)
class Earlier:
    """A number as an earlier edition printed it, where it prints another value now.

    Attributes
    ----------
    reasons : tuple of str
        Of the corrections made since to the cells that it rests on; empty where only other cells have changed.
    """

    ref: str
    edition: str
    value: str
    reasons: tuple[str, ...]


def _printed_before(data: Data) -> dict[str, list[tuple[str, str]]]:
    """Return, by reference, each edition with the value that it printed, in order of the table."""
    before: dict[str, list[tuple[str, str]]] = {}
    for row in data.table("editions").text.values():
        before.setdefault(row["ref"], []).append((row["edition"], with_minus(row["value"])))
    return before


def _reasons(data: Data, ref: str, edition: str) -> tuple[str, ...]:
    if "]." in ref:
        rests_on = {split_cell(ref)}
    else:
        inputs = computed(data, load_results(), ref).rows
        columns = {label.rpartition(".")[2] for label in inputs if not label.startswith("result ")}
        rests_on = {(*place, column) for rows in inputs.values() for place in rows for column in columns}
    told = [
        one["reason"]
        for one in data.table("corrections").text.values()
        if one["after"] == edition and (one["table"], one["row_id"], one["column"]) in rests_on
    ]
    return tuple(dict.fromkeys(told))


def earlier(data: Data, shown: Number) -> tuple[Earlier, ...]:
    """Return the other values that earlier editions printed for a number."""
    before = data.once("printed before", lambda: _printed_before(data)).get(shown.ref, ())
    return tuple(
        Earlier(shown.ref, edition, value, _reasons(data, shown.ref, edition))
        for edition, value in before
        if value != shown.text()
    )


def _now(data: Data, ref: str) -> Number | None:
    """Return what a number is now, or nothing where it is gone."""
    # Asking for what is gone would compare its name with all there are.
    if "]." in ref:
        table, row, column = split_cell(ref)
        if table not in data.tables or column not in data.table(table).text.get(row, ()):
            return None
    elif split_ref(ref)[0] not in load_results():
        return None
    try:
        return number(ref, data)
    except (KeyError, ValueError):
        return None


def revised(data: Data) -> Iterator[tuple[Earlier, str]]:
    """Yield each number whose value has changed since an edition, with what it is now; empty if it is gone."""
    for ref, before in data.once("printed before", lambda: _printed_before(data)).items():
        shown = _now(data, ref)
        if shown is None:
            # A cell that was emptied has its correction; of a result that is gone nothing is left to look at.
            reasons = [_reasons(data, ref, edition) if "]." in ref else () for edition, _ in before]
            yield from ((Earlier(ref, *one, why), "") for one, why in zip(before, reasons, strict=True))
        else:
            yield from ((one, shown.text()) for one in earlier(data, shown))
