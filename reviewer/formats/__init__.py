"""Bytes in, records out: one file per format, a registry that lists them, and `intake`, which walks paths and reads what it finds.

May import reviewer.domain and nothing else of the program; knows no store, no screen and no network.
"""

import os

# Asked for before Arrow is loaded: the pool that it would take keeps 30 MB of the system's for the 6 MB that a release needs at a time.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
