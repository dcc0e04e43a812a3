"""A fund of one's own, from two files: what it is, and the deals that its returns are taken from.

``python -m patient_capital regime my_fund.toml --deals my_deals.csv`` prints the whole table and writes it.
"""

from patient_capital.own_fund.files import InputError, OwnDeals, OwnFund, read_deals, read_fund
from patient_capital.own_fund.table import COLUMNS, own_table, with_returns

__all__ = ["COLUMNS", "InputError", "OwnDeals", "OwnFund", "own_table", "read_deals", "read_fund", "with_returns"]
