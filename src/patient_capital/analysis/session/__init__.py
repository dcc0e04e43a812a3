"""The computations of the chapter on the session: motions, votes, words, provincial reports, pledges."""

from __future__ import annotations

from patient_capital.analysis.session.congress import *
from patient_capital.analysis.session.march_2026 import *
from patient_capital.analysis.session.pledged import *
from patient_capital.analysis.session.provincial import *
from patient_capital.analysis.session.weeks import *
from patient_capital.analysis.session.words import *
