"""The list of tables."""

from __future__ import annotations

import pandas as pd

from patient_capital.tables.rules import book_data


def contents() -> pd.DataFrame:
    """See :func:`patient_capital.tables`."""
    data = book_data()
    rows = [(name, one.schema.title, len(one.frame), one.schema.description) for name, one in data.tables.items()]
    return pd.DataFrame(rows, columns=["table", "title", "rows", "description"]).set_index("table")
