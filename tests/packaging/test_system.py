"""What the system lacks: how it is found, and what is done or said about it."""

import os
import sys
from pathlib import Path

import pytest
import system
from system import Need, Unready

NEEDS = [Need("libb.so.1", "libb1"), Need("gcc", "gcc libc6-dev"), Need("liba.so.1", "libb1")]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="system packages are looked for on Linux only")


@linux_only
def test_a_library_is_missing_when_the_linker_does_not_find_it() -> None:
    libraries = {"libc.so.6": "libc6", "libnothere.so.9": "libnothere9"}
    assert system.missing(for_tests=False, libraries=libraries) == [Need("libnothere.so.9", "libnothere9")]


@linux_only
def test_commands_are_looked_for_only_for_the_tests() -> None:
    commands = {"sh": "dash", "no-such-command": "nothing"}
    assert system.missing(for_tests=False, libraries={}, commands=commands) == []
    assert system.missing(for_tests=True, libraries={}, commands=commands) == [Need("no-such-command", "nothing")]


@linux_only
def test_nothing_that_this_very_test_run_needs_is_missing() -> None:
    assert system.missing(for_tests=True) == []


def test_a_plain_user_gets_what_is_missing_and_one_line_to_copy() -> None:
    with pytest.raises(Unready) as caught:
        system.provide(NEEDS, is_root=False, has_apt=True, still_missing=list)
    assert str(caught.value).splitlines() == [
        "error: This system lacks libb.so.1, gcc, liba.so.1.",
        "hint: Run this line, then try again:",
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends gcc libb1 libc6-dev",
    ]


def test_a_system_without_apt_gets_the_names_and_no_line_that_cannot_work() -> None:
    with pytest.raises(Unready) as caught:
        system.provide(NEEDS, is_root=True, has_apt=False, still_missing=list)
    assert "libb.so.1, gcc, liba.so.1" in str(caught.value)
    assert "apt-get" not in str(caught.value)


def test_nothing_is_done_or_said_when_nothing_is_missing(capfd: pytest.CaptureFixture[str]) -> None:
    system.provide([], is_root=False, has_apt=False, still_missing=list)
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An apt-get, first on the PATH, that only writes down how it was called."""
    calls = tmp_path / "calls"
    program = tmp_path / "apt-get"
    program.write_text(f'#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> "{calls}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return calls


def test_root_gets_all_packages_in_one_installation_that_asks_nothing(recorded: Path) -> None:
    system.provide(NEEDS, is_root=True, has_apt=True, still_missing=list)
    assert recorded.read_text().splitlines() == [
        "noninteractive -q update",
        "noninteractive -q install -y --no-install-recommends gcc libb1 libc6-dev",
    ]


def test_an_installation_that_did_not_help_is_an_error(recorded: Path) -> None:
    with pytest.raises(Unready, match=r"apt-get did not bring libb\.so\.1"):
        system.provide(NEEDS, is_root=True, has_apt=True, still_missing=lambda: NEEDS[:1])


@linux_only
@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "vnc"}, True),
    ],
)
def test_a_screen_is_found_by_the_variables_that_name_it(environment: dict[str, str], found: bool) -> None:
    assert system.has_screen(environment) is found
