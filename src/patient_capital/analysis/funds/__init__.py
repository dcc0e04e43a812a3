"""The computations of the chapter on the funds, which asks how big one trillion yuan is.

Amounts are in billion yuan and carry their stage; what is inside something else is never added to it.
"""

from __future__ import annotations

from patient_capital.analysis.funds.ceilings import *
from patient_capital.analysis.funds.guidance import *
from patient_capital.analysis.funds.ladder import *
from patient_capital.analysis.funds.leverage import *
from patient_capital.analysis.funds.multipliers import *
from patient_capital.analysis.funds.peers import *
from patient_capital.analysis.funds.phases import *
from patient_capital.analysis.funds.regional_partners import *
from patient_capital.analysis.funds.rows import *
from patient_capital.analysis.funds.scale import *
