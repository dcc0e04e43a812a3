"""The model of the state as investor: pure functions of their arguments, which read no table and print no page.

Every public function and record can be imported from here by its name, as in
``from patient_capital.model import present_value``. What is public, the ``__all__`` of each sub-package says.
A parameter outside the domain that its description states raises :exc:`DomainError`, which names parameter, value and
rule; a docstring lists what else is an error.
Modules of the model import from one another by their full path, so that no package waits for another's ``__init__``.
"""

from patient_capital.model import common, credit, fund, overcapacity, regimes, returns, selection
from patient_capital.model.common import *
from patient_capital.model.credit import *
from patient_capital.model.fund import *
from patient_capital.model.overcapacity import *
from patient_capital.model.regimes import *
from patient_capital.model.returns import *
from patient_capital.model.selection import *

__all__: list[str] = []
__all__ += returns.__all__
__all__ += fund.__all__
__all__ += selection.__all__
__all__ += overcapacity.__all__
__all__ += credit.__all__
__all__ += regimes.__all__
__all__ += common.__all__
