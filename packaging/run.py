"""Set Reviewer up and run it: the two commands of README.md.

    python3 packaging/run.py demo [ARGS...]    set everything up and open the app on the sample
    python3 packaging/run.py test [ARGS...]    set everything up and pass the tests (ARGS go to pytest)
    python3 packaging/run.py app ARGS...       set everything up and run `reviewer ARGS...`

The environment is .venv in the project, made from the hash-pinned locks beside this file. Standard library only.
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
PYTHON = str(BIN / ("python.exe" if os.name == "nt" else "python"))
LOCKS = {"run": ROOT / "packaging" / "requirements.lock", "test": ROOT / "packaging" / "requirements-dev.lock"}
OLDEST, NEWEST = (3, 11), (3, 14)

CHECKS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "import contracts": ["lint-imports"],
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in ("demo", "test", "app"):
        print(__doc__, file=sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    command, rest = arguments[0], arguments[1:]
    try:
        set_up("test" if command == "test" else "run")
        if command == "test":
            return check(rest)
        if command == "app":
            return run_app(rest)
        return demo(rest)
    except system.Unready as problem:
        print(problem, file=sys.stderr)
        return 2


def set_up(kind: str) -> None:
    """Make the system and .venv ready for one kind of lock; quick when they are. Raises Unready with what the user can do."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        here = ".".join(map(str, sys.version_info[:2]))
        raise system.Unready(
            f"This is Python {here}; Reviewer needs 3.11 to 3.14.", "Run this with one of those, for example with python3.11."
        )

    def missing() -> list[system.Need]:
        return system.missing(for_tests=kind == "test")

    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    system.provide(missing(), is_root=is_root, has_apt=shutil.which("apt-get") is not None, still_missing=missing)
    if not is_ready(kind):
        try:
            make_environment(kind)
        except (OSError, subprocess.CalledProcessError) as error:
            hint = "See that the folder is yours to write and its disk has 1.5 GB free, then run this again."
            raise system.Unready(f"{ENVIRONMENT} cannot be made: {error}.", hint) from error


def stamp(kind: str) -> str:
    """Names all that an environment depends on: its lock, the Python that made it, and the folder that it stands in."""
    parts = [LOCKS[kind].read_text(encoding="utf-8"), sys.version, os.path.realpath(sys.executable), str(ROOT)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _stamp_file(kind: str) -> Path:
    return ENVIRONMENT / f"ready-{kind}"


def is_ready(kind: str) -> bool:
    """Whether .venv holds what this kind needs; what is ready for tests is ready to run."""
    files = {each: _stamp_file(each) for each in (kind, "test")}
    return any(file.is_file() and file.read_text(encoding="utf-8") == stamp(each) for each, file in files.items())


def make_environment(kind: str) -> None:
    """Make .venv from the lock, or add the test tools to one that is ready to run. Stamped last: a killed set-up starts anew."""
    print(f"Setting up {ENVIRONMENT} (once; about a minute)", flush=True)
    if not is_ready("run"):
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(ENVIRONMENT)
    # Only wheels, only from the lock: nothing is built here, and nothing comes in that the lock does not name with its hash.
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    if subprocess.run([*pip, "-r", str(LOCKS[kind])], check=False, stdin=subprocess.DEVNULL).returncode:
        hint = "Read its message above; check the network, then run this again."
        raise system.Unready("pip could not install what the lock names.", hint)
    link_source()
    _stamp_file(kind).write_text(stamp(kind), encoding="utf-8")


def link_source() -> None:
    """Let the environment import this source tree, and give it the command .venv/bin/reviewer."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([PYTHON, "-c", ask], check=True, capture_output=True, text=True).stdout.strip()
    Path(packages, "reviewer-source.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    if os.name != "nt":
        script = BIN / "reviewer"
        script.write_text(f'#!/bin/sh\nexec "{PYTHON}" -m reviewer "$@"\n', encoding="utf-8")
        script.chmod(0o755)


def demo(arguments: list[str]) -> int:
    """`reviewer demo ARGUMENTS`. Raises Unready where it would open a window and there is no screen."""
    if "--no-open" not in arguments and not system.has_screen(os.environ):
        raise system.Unready(
            "Everything is set up, but there is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set.",
            "Run this on a desktop, or under a virtual screen (`xvfb-run -a python3 packaging/run.py demo`), "
            "or make the sample without a window (`python3 packaging/run.py demo --no-open`).",
        )
    return run_app(["demo", *arguments])


def run_app(arguments: list[str]) -> int:
    """`reviewer ARGUMENTS` in the caller's folder; relative paths are the caller's."""
    return subprocess.run([PYTHON, "-m", "reviewer", *arguments], check=False).returncode


def check(arguments: list[str]) -> int:
    """What the commit hook and CI run: all static checks, then, if they hold, the tests. pytest's summary is the last line."""
    failed = [name for name, command in CHECKS.items() if not _holds(name, command)]
    if failed:
        print(f"Not in order: {', '.join(failed)}. The tests were not run.", file=sys.stderr)
        return 1
    # Two workers everywhere, as CI has two cores. A file's tests stay together, so that what they share is made once
    # (loadgroup would do it by mark, but with pytest 9.2 it scatters them: pytest-dev/pytest-xdist issue 1386).
    # Files are taken in the order of their names: by the number of their tests, the longest journeys would come last, to one worker.
    # The ci profile of hypothesis has no deadlines, which a busy machine misses, and the same examples each time.
    options = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--hypothesis-profile", "ci"]
    # A worker that crashed ends the run with its test named: put back to work, it can wait for ever (pytest-dev/pytest-xdist issue 1378).
    options += ["--max-worker-restart", "0"]
    # What Python compiled is kept, whatever the caller prefers elsewhere: without it, each worker compiles all tests anew, and each of the
    # hundreds of processes that tests start compiles the program.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run([PYTHON, "-m", "pytest", *options, *arguments], cwd=ROOT, env=environment, check=False).returncode


def _holds(name: str, command: list[str]) -> bool:
    begun = time.monotonic()
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, check=False, capture_output=True, text=True)
    print(f"{name}: {'failed' if done.returncode else 'passed'} ({time.monotonic() - begun:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
