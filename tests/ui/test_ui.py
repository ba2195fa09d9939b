"""What importing the room does, and does not do."""

import subprocess
import sys

READS = """
import linecache
from reviewer.ui import window
print(sum("reviewer" in name for name in linecache.cache), window.Window.__name__)
"""


def test_no_source_of_ours_is_read_at_the_start() -> None:
    done = subprocess.run([sys.executable, "-c", READS], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["0", "Window"]


def test_the_start_would_read_sources_otherwise() -> None:
    code = "import linecache, PySide6.QtCore\nimport reviewer.catalogue.actions\nprint(sum('reviewer' in name for name in linecache.cache))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert int(done.stdout) > 0, "PySide no longer reads the sources: reviewer.ui need not spare it"
