"""The computations of the chapter on the model and its annex: parameters become arguments, what it gives becomes results."""

from __future__ import annotations

from patient_capital.analysis.model import china as china
from patient_capital.analysis.model import credit as credit
from patient_capital.analysis.model import doubt as doubt
from patient_capital.analysis.model import explorers as explorers
from patient_capital.analysis.model import flow as flow
from patient_capital.analysis.model import fund as fund
from patient_capital.analysis.model import inputs as inputs
from patient_capital.analysis.model import like_terms as like_terms
from patient_capital.analysis.model import maps as maps
from patient_capital.analysis.model import others as others
from patient_capital.analysis.model import overcapacity as overcapacity
from patient_capital.analysis.model import regimes as regimes
from patient_capital.analysis.model import returns as returns
from patient_capital.analysis.model import selection as selection
from patient_capital.analysis.model import sensitivity as sensitivity
from patient_capital.analysis.model import spans as spans
from patient_capital.analysis.model import spread as spread
from patient_capital.analysis.model import validation as validation
