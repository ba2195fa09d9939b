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

TEST_COMMANDS = {  # what the tests need besides: command → Debian package
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "gcc": "gcc",
    "strace": "strace",
    "mke2fs": "e2fsprogs",
}

# Debian keeps mke2fs and its like out of a plain user's PATH.
_COMMAND_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


class Need(NamedTuple):
    """One thing that is missing: what was looked for, and the Debian package that has it."""

    name: str
    package: str


def missing(*, for_tests: bool, libraries: Mapping[str, str] = LIBRARIES, commands: Mapping[str, str] = TEST_COMMANDS) -> list[Need]:
    """Everything that was looked for and not found. Only Linux leaves this to the user: elsewhere the wheels carry it."""
    if sys.platform != "linux":
        return []
    needs = [Need(name, package) for name, package in libraries.items() if not _has_library(name)]
    if importlib.util.find_spec("ensurepip") is None:  # Debian's python3 cannot make an environment with pip by itself
        needs.append(Need("ensurepip", f"python3.{sys.version_info.minor}-venv"))
    if for_tests:
        needs += [Need(name, package) for name, package in commands.items() if shutil.which(name, path=_COMMAND_PATH) is None]
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
    return f"sudo apt-get update && sudo apt-get install -y {shlex.join(packages)}"


def provide(needs: list[Need], *, is_root: bool, has_apt: bool, still_missing: Callable[[], list[Need]]) -> str | None:
    """Install what is missing, where that is possible. Returns None when all is there, else what to tell the user."""
    if not needs:
        return None
    names = ", ".join(need.name for need in needs)
    packages = sorted({need.package for need in needs})
    if not has_apt:
        return f"error: This system lacks {names}.\nhint: Install them with your system's package manager, then run this again."
    if not is_root:
        return f"error: This system lacks {names}. Run this line, then try again:\n{apt_line(packages)}"
    print(f"Installing {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # The update may fail for one source that is not needed here; whether the packages could be had, the installation says.
    subprocess.run(["apt-get", "update", "-q"], env=environment, check=False, stdin=subprocess.DEVNULL)
    subprocess.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], env=environment, check=False, stdin=subprocess.DEVNULL)
    left = still_missing()
    if left:
        return f"error: apt-get did not bring {', '.join(need.name for need in left)}.\nhint: Read its messages above, mend what they name and run this again."
    return None


def has_screen(environment: Mapping[str, str]) -> bool:
    """Whether a window can be shown: any system but Linux says so itself; an explicit QT_QPA_PLATFORM is the user's word."""
    return sys.platform != "linux" or any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
