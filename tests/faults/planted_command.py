"""`reviewer` with the bug that REVIEWER_PLANTED names, for tests of whole processes.

python -m tests.faults.planted_command ARGUMENTS
"""

import sys

from reviewer.__main__ import main
from tests.faults import planted

if __name__ == "__main__":
    planted.from_environment()
    sys.exit(main())
