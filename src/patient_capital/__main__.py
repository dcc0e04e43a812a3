"""``python -m patient_capital``: the commands of the package."""

import sys

from patient_capital.cli import main

sys.exit(main())
