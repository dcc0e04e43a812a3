"""What is kept of a published edition: the numbers that it printed, and the names of its tables, columns and rows."""

from __future__ import annotations

from pathlib import Path

from patient_capital.files import csv_text, write_whole
from patient_capital.ledger import entries
from patient_capital.tables import Data

EDITIONS = Path("data") / "editions.csv"
NAMES = Path("tests") / "data"
COLUMNS = ("row_id", "edition", "ref", "value")


def kept(data: Data, chapters: Path) -> dict[Path, str]:
    """Return the files that keep the edition of `data`, by their path in the project.

    Raises
    ------
    ValueError
        If the edition has been kept before: what it printed is never changed.
    """
    version, before = data.package.version, data.table("editions").text
    if any(row["edition"] == version for row in before.values()):
        raise ValueError(
            f"edition {version} is kept already: raise the version in __init__.py, datapackage.json and CITATION.cff, "
            "and set created in datapackage.json to the day of the edition"
        )
    printed = [
        {"row_id": f"{version} {entry['ref']}", "edition": version, "ref": entry["ref"], "value": entry["value"]}
        for entry in entries(data, chapters)
        if entry["kind"] != "claim"
    ]
    earlier = [{"row_id": key, **{name: row[name] for name in COLUMNS[1:]}} for key, row in before.items()]
    names = []
    for name, table in data.tables.items():
        names.append([name, "column", *(field.name for field in table.schema.fields)])
        names.append([name, "row", *table.text])
    # What says that the edition is kept comes last: a run that was killed in between is made again.
    return {
        NAMES / f"names_{version}.tsv": "".join("\t".join(line) + "\n" for line in names),
        EDITIONS: csv_text(COLUMNS, [*earlier, *printed]),
    }


def write_edition(root: Path, data: Data) -> list[Path]:
    """Write the files that keep the edition of `data` into a project and return their paths."""
    return [write_whole(root / path, text) for path, text in kept(data, root / "chapters").items()]
