"""Set Reviewer up and run it: the two commands of README.md.

    python3 packaging/run.py demo [ARGS...]    set everything up and open the app on the sample
    python3 packaging/run.py test [ARGS...]    set everything up and pass the tests (ARGS go to pytest)
    python3 packaging/run.py app ARGS...       set everything up and run `reviewer ARGS...`

The environment is .venv in the project, made from the hash-pinned locks beside this file. Needs Python and nothing else: standard library only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

import system

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = {"run": ROOT / "packaging" / "requirements.lock", "test": ROOT / "packaging" / "requirements-dev.lock"}
PYTHONS = ((3, 11), (3, 14))

CHECKS = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("import contracts", ["lint-imports"]),
)


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in ("demo", "test", "app"):
        print(__doc__, file=sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    command, rest = arguments[0], arguments[1:]
    kind = "test" if command == "test" else "run"
    problem = set_up(kind)
    if problem is None and command == "demo" and "--no-open" not in rest and not system.has_screen(os.environ):
        problem = (
            "error: Everything is set up, but there is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set.\n"
            "hint: Run this on a desktop, or under a virtual screen with `xvfb-run -a python3 packaging/run.py demo` (Debian: xvfb, xauth), "
            "or only make the sample workspace with `python3 packaging/run.py demo --no-open`."
        )
    if problem is not None:
        print(problem, file=sys.stderr)
        return 2
    if command == "test":
        return check(rest)
    return run_app([command, *rest] if command == "demo" else rest)


def set_up(kind: str) -> str | None:
    """Make the system and the environment ready for one kind of lock. Returns what to tell the user if that cannot be done."""
    if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        here = ".".join(map(str, sys.version_info[:2]))
        return f"error: This is Python {here}; Reviewer needs Python 3.11 to 3.14.\nhint: Run this with one of those, for example `python3.11 packaging/run.py demo`."

    def missing() -> list[system.Need]:
        return system.missing(for_tests=kind == "test")

    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    problem = system.provide(missing(), is_root=is_root, has_apt=shutil.which("apt-get") is not None, still_missing=missing)
    if problem is not None or is_ready(kind):
        return problem
    return make_environment(kind)


def stamp(kind: str) -> str:
    """Names all that an environment depends on: its lock, the Python that made it, and the folder that it stands in."""
    parts = [LOCKS[kind].read_text(encoding="utf-8"), sys.version, os.path.realpath(sys.executable), str(ROOT)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _stamp_file(kind: str) -> Path:
    return ENVIRONMENT / f"ready-{kind}"


def is_ready(kind: str) -> bool:
    """Whether .venv holds what this kind needs; what is ready for tests is ready to run."""
    return any(file.is_file() and file.read_text() == stamp(each) for each in {kind, "test"} if (file := _stamp_file(each)))


def make_environment(kind: str) -> str | None:
    """Make .venv from the lock, or add to one that is current. Returns what to tell the user if pip fails."""
    print(f"Setting up {ENVIRONMENT} (once; about a minute)", flush=True)
    if not is_ready("run"):
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(ENVIRONMENT)
    # Only wheels, only from the lock: nothing is built here, and nothing comes in that the lock does not name with its hash.
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    if subprocess.run([*pip, "-r", LOCKS[kind]], check=False, stdin=subprocess.DEVNULL).returncode:
        return "error: pip could not install what the lock names.\nhint: Read its message above; check the network, then run this again."
    link_source()
    _stamp_file(kind).write_text(stamp(kind))
    return None


def link_source() -> None:
    """Let the environment import this source tree, and give it the command .venv/bin/reviewer."""
    asked = subprocess.run([PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True)
    Path(asked.stdout.strip(), "reviewer-source.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    if os.name != "nt":
        script = BIN / "reviewer"
        script.write_text(f'#!/bin/sh\nexec "{PYTHON}" -m reviewer "$@"\n', encoding="utf-8")
        script.chmod(0o755)


def run_app(arguments: list[str]) -> int:
    """`reviewer ARGUMENTS` in the caller's folder; relative paths are the caller's."""
    return subprocess.run([PYTHON, "-m", "reviewer", *arguments], check=False).returncode


def check(arguments: list[str]) -> int:
    """What the commit hook and CI run: all static checks, then, if they hold, the tests. pytest's summary is the last line."""
    failed = [name for name, command in CHECKS if not _holds(name, command)]
    if failed:
        print(f"Not in order: {', '.join(failed)}. The tests were not run.", file=sys.stderr)
        return 1
    # Two workers everywhere: CI has two cores, and a test that passes only alone or only among many should show it here.
    # Tests that must not run side by side share an xdist_group.
    return subprocess.run([PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments], cwd=ROOT, check=False).returncode


def _holds(name: str, command: list[str]) -> bool:
    begun = time.monotonic()
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, check=False, capture_output=True, text=True)
    print(f"{name}: {'failed' if done.returncode else 'passed'} ({time.monotonic() - begun:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
