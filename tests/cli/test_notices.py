"""What a workspace noticed is printed beside the answer, and what it tells to do can be done."""

import re
from pathlib import Path

import pytest

from reviewer.cli.line import COMMANDS
from reviewer.storage import copies
from tests import worlds
from tests.cli.conftest import Cli
from tests.worlds import TickingClock

YEAR_MS = 366 * 86_400_000


def test_a_clock_that_was_set_back_is_a_note_once(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = TickingClock()
    clock.jump_ms = 100 * YEAR_MS
    workspace = worlds.ready(tmp_path / "ada", clock=clock)
    first, second = worlds.waiting(workspace)[:2]
    workspace.close()
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(workspace.folder))
    said = cli("label", "C", first, "--verdict", "compliant")
    assert said.code == 0
    [note] = [line for line in said.err.splitlines() if line.startswith("note: Device clock changed by ")]
    assert ", back. Order is not affected; the jump is recorded. Check date" in note
    assert note.endswith("[E110]")
    assert "E110" not in cli("label", "C", second, "--verdict", "compliant").err


def test_the_hint_of_a_workspace_from_another_machine_names_commands_that_exist() -> None:
    named = re.findall(r"`reviewer ([a-z ]+)`", copies.undecided().hint)
    assert named == ["device moved", "device restored", "device copied"]
    assert set(named) <= set(COMMANDS)
