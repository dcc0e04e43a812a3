"""How patient the money is: clauses and behaviour, and what waiting is worth."""

from patient_capital.analysis.patience.exits import listings
from patient_capital.analysis.patience.register import LONG_YEARS, buy_backs, clauses, judged, lives, usual_lives

__all__ = ["LONG_YEARS", "buy_backs", "clauses", "judged", "listings", "lives", "usual_lives"]
