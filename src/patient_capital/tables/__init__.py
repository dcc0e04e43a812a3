"""Tables: their contract, their loader and the reader that records what a result has used."""

from patient_capital.book import make_callable
from patient_capital.tables.contents import contents
from patient_capital.tables.data import DATA_FOLDER, Data, DataError, Problem, Table
from patient_capital.tables.read import load, strays, table_of, tidied
from patient_capital.tables.reader import Reader, shared
from patient_capital.tables.rules import book_data, check_substance
from patient_capital.tables.schema import Field, Package, TableSchema, read_package

__all__ = ["DATA_FOLDER", "Data", "DataError", "Field", "Package", "Problem", "Reader", "Table", "TableSchema"]
__all__ += ["book_data", "check_substance", "load", "read_package", "shared", "strays", "table_of", "tidied"]


make_callable(__name__, contents)
