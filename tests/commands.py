"""`reviewer` in a process of its own, without the half second that Python takes to load it: one that has loaded it forks for each command.

A fork is a process like any other, with its own id, environment, files and exit code. What it cannot show is a cold start: the tests
that mean that, or send signals, start Python themselves.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOADED_WITH_A_COMMAND = ("alembic.command", "pyarrow.parquet", "scipy.stats", "sqlalchemy.dialects.sqlite.pysqlite")
_TIMEOUT_S = 240


def run(
    arguments: Sequence[str], *, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """`reviewer ARGUMENTS` in an environment (None: this one's) and a folder; no standard input. It is killed after four minutes."""
    with tempfile.TemporaryDirectory() as place:
        out, err = Path(place, "out"), Path(place, "err")
        line = list(arguments)
        asked = {
            "arguments": line, "environment": dict(os.environ if environment is None else environment),
            "folder": str(Path.cwd()), "out": str(out), "err": str(err),
        }  # fmt: skip
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess(line, code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


@cache
def _server() -> "subprocess.Popen[str]":
    """One for all tests of a process; it ends with it."""
    pipe = subprocess.PIPE
    server = subprocess.Popen([sys.executable, "-m", "tests.commands"], stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=dict(os.environ))
    atexit.register(server.communicate)  # the end of its input is the end of its work
    return server


def _serve() -> None:
    """Fork for each line that comes in, and answer with the exit code."""
    for module in pkgutil.walk_packages(importlib.import_module("reviewer").__path__, "reviewer."):
        if not module.name.startswith(("reviewer.ui", "reviewer.__main__")):
            importlib.import_module(module.name)
    for name in LOADED_WITH_A_COMMAND:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = _command(json.loads(line))
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # to take down all that was loaded would take longer than the command
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _command(asked: dict[str, Any]) -> int:
    """The program, in a process that is to be it."""
    signal.alarm(_TIMEOUT_S)
    for place, kept in ((0, os.devnull), (1, asked["out"]), (2, asked["err"])):
        file = os.open(kept, os.O_RDWR | os.O_CREAT)
        os.dup2(file, place)
        os.close(file)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv = ["reviewer", *asked["arguments"]]
    if "REVIEWER_PLANTED" in os.environ:
        from tests.faults import planted

        planted.from_environment()
    from reviewer.__main__ import main

    return main()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C reaches all of pytest's processes
        _serve()
