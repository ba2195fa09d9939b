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


LOADS = """
import gc, sys
from reviewer.__main__ import main

class Looks:
    def find_spec(self, name, path=None, target=None):
        if name == "reviewer.ui.app":
            print("window", gc.isenabled())
            raise SystemExit(0)

sys.meta_path.insert(0, Looks())
sys.argv = ["reviewer", *sys.argv[1:]]
main()
print("command", gc.isenabled())
"""


@pytest.mark.parametrize(("arguments", "said"), [((), "window False"), (("--version",), "command True")])
def test_no_dead_cycles_are_looked_for_while_the_window_is_loaded(
    arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run([sys.executable, "-c", LOADS, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == said
