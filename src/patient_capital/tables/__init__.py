"""Tables: their contract, their loader and the reader that records what a result has used."""

from patient_capital.tables.data import DATA_FOLDER as DATA_FOLDER
from patient_capital.tables.data import Data as Data
from patient_capital.tables.data import DataError as DataError
from patient_capital.tables.data import Problem as Problem
from patient_capital.tables.data import Table as Table
from patient_capital.tables.read import load as load
from patient_capital.tables.reader import Reader as Reader
from patient_capital.tables.rules import book_data as book_data
from patient_capital.tables.rules import check_substance as check_substance
from patient_capital.tables.schema import Field as Field
from patient_capital.tables.schema import Package as Package
from patient_capital.tables.schema import TableSchema as TableSchema
