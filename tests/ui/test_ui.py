"""What importing the room does, and does not do."""

import subprocess
import sys

COUNT = """
import pathlib
package = pathlib.Path(reviewer.__file__).parent  # the copy itself may lie in a folder of that name
print(sum(package in pathlib.Path(name).parents for name in linecache.cache))
"""


def read_at_the_start(imports: str) -> int:
    """How many of our sources Python read while it imported."""
    done = subprocess.run(
        [sys.executable, "-c", f"import linecache, reviewer\n{imports}\n{COUNT}"], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_no_source_of_ours_is_read_at_the_start() -> None:
    assert read_at_the_start("from reviewer.ui import window") == 0


def test_the_start_would_read_sources_otherwise() -> None:
    read = read_at_the_start("import PySide6.QtCore, reviewer.catalogue.actions")
    assert read > 0, "PySide no longer reads the sources: reviewer.ui need not spare it"
