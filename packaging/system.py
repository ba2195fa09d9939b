"""What the operating system must have before the app or its tests can run, and how to get what is missing.

The two tables below are the only place that names system libraries, commands and Debian packages. Standard library only.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

LIBRARIES = {  # what the window needs: shared library → Debian package
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    # X11; Qt names xcb-cursor0 in its message whichever of these is missing
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}

TEST_COMMANDS = {  # what the tests need besides: command → Debian packages
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "gcc": "gcc libc6-dev",  # without the headers gcc compiles nothing
    "strace": "strace",
    "mke2fs": "e2fsprogs",
}

# Debian keeps mke2fs and its like out of a plain user's PATH.
_COMMAND_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


class Unready(Exception):
    """The command cannot run here yet: what is the matter, and what the user can do about it."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(f"error: {what}\nhint: {hint}")


class Need(NamedTuple):
    """One thing that is missing: what was looked for, and the Debian packages that bring it, with spaces between."""

    name: str
    packages: str


def missing(*, for_tests: bool, libraries: Mapping[str, str] = LIBRARIES, commands: Mapping[str, str] = TEST_COMMANDS) -> list[Need]:
    """Everything that was looked for and not found. Only Linux leaves this to the user: elsewhere the wheels carry it."""
    if sys.platform != "linux":
        return []
    needs = [Need(name, packages) for name, packages in libraries.items() if not _has_library(name)]
    if importlib.util.find_spec("ensurepip") is None:  # Debian's python3 cannot make an environment with pip by itself
        needs.append(Need("ensurepip", f"python3.{sys.version_info.minor}-venv"))
    if for_tests:
        needs += [Need(name, packages) for name, packages in commands.items() if shutil.which(name, path=_COMMAND_PATH) is None]
    return needs


def _has_library(name: str) -> bool:
    """Whether the dynamic linker finds the library: by loading it, else under any version in the linker's own list."""
    try:
        ctypes.CDLL(name)
    except OSError:
        stem = name.removeprefix("lib").partition(".so")[0]
        return ctypes.util.find_library(stem) == name
    return True


def apt_line(packages: Iterable[str]) -> str:
    """The one line that a plain user can copy."""
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {shlex.join(packages)}"


def provide(needs: list[Need], *, is_root: bool, has_apt: bool, still_missing: Callable[[], list[Need]]) -> None:
    """Install what is missing as root by apt-get. Raises Unready where that cannot be done or did not help."""
    if not needs:
        return
    lacks = f"This system lacks {_names(needs)}."
    packages = sorted({package for need in needs for package in need.packages.split()})
    if not has_apt:
        raise Unready(lacks, "Install them with your system's package manager, then run this again.")
    if not is_root:
        raise Unready(lacks, f"Run this line, then try again:\n{apt_line(packages)}")
    _apt_get(packages)
    left = still_missing()
    if left:
        raise Unready(f"apt-get did not bring {_names(left)}.", "Read its messages above, mend what they name and run this again.")


def _names(needs: list[Need]) -> str:
    return ", ".join(need.name for need in needs)


def _apt_get(packages: list[str]) -> None:
    print(f"Installing {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Neither result counts: the update may fail for one source that is not needed here, and what came is looked for afterwards.
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "-q", *command], env=environment, check=False, stdin=subprocess.DEVNULL)


def has_screen(environment: Mapping[str, str]) -> bool:
    """Whether a window can be shown: any system but Linux says so itself; an explicit QT_QPA_PLATFORM is the user's word."""
    return sys.platform != "linux" or any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
