"""How patient the money is: clauses and behaviour, and what waiting is worth."""

from patient_capital.analysis.patience.exits import listings
from patient_capital.analysis.patience.register import buy_backs, clauses, judged
from patient_capital.analysis.patience.stated_lives import LONG_YEARS, lives, split_row, usual_lives

__all__ = ["LONG_YEARS", "buy_backs", "clauses", "judged", "listings", "lives", "split_row", "usual_lives"]
