"""The one door, in a process of its own."""

import subprocess
import sys

import pytest

LOOKS = """
import os, sys
from reviewer.__main__ import main
sys.argv = ["reviewer", "--version"]
try:
    code = main()
except SystemExit as ending:
    code = ending.code
early = "numpy" not in sys.modules
import numpy
numpy.linalg.eigh(numpy.eye(300))
print(code, early, os.environ["OPENBLAS_NUM_THREADS"], len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
@pytest.mark.parametrize(("given", "kept"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_numbers_are_computed_in_one_thread_unless_somebody_asked_for_more(
    given: dict[str, str], kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    done = subprocess.run([sys.executable, "-c", LOOKS], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-4:] == ["0", "True", kept, kept]
