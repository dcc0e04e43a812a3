"""Tables: their contract, their loader and the reader that records what a result has used."""

from patient_capital.tables.load import DATA_FOLDER, Data, DataError, Problem, Table, book_data, load
from patient_capital.tables.reader import Reader
from patient_capital.tables.schema import Field, Package, TableSchema

__all__ = [
    "DATA_FOLDER", "Data", "DataError", "Field", "Package", "Problem", "Reader", "Table", "TableSchema",
    "book_data", "load",
]  # fmt: skip
