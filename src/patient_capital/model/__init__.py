"""The model of the state as investor: pure functions of their arguments, which read no table and print no page.

Every public function and record can be imported from here by its name, as in
``from patient_capital.model import present_value``. What is public, the ``__all__`` of each sub-package says.
Modules of the model import from one another by their full path, so that no package waits for another's ``__init__``.
"""

from patient_capital.model import common, credit, fund, overcapacity, regimes, returns, selection
from patient_capital.model.common import *  # noqa: F403  # exactly the names in its __all__; mypy sees their types
from patient_capital.model.credit import *  # noqa: F403
from patient_capital.model.fund import *  # noqa: F403
from patient_capital.model.overcapacity import *  # noqa: F403
from patient_capital.model.regimes import *  # noqa: F403
from patient_capital.model.returns import *  # noqa: F403
from patient_capital.model.selection import *  # noqa: F403

__all__: list[str] = []
__all__ += returns.__all__
__all__ += fund.__all__
__all__ += selection.__all__
__all__ += overcapacity.__all__
__all__ += credit.__all__
__all__ += regimes.__all__
__all__ += common.__all__
