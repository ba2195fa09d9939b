"""What several journeys go by: commands on a workspace of their own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewer.cli.line import run

Ask = Callable[..., Any]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command on a workspace of Lead's; its JSON."""
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(tmp_path / "work"))

    def command(*arguments: object) -> Any:
        capsys.readouterr()
        ending = run([*map(str, arguments), "--json"])
        out, err = capsys.readouterr()
        assert ending.code == 0, err
        return json.loads(out)

    command("init", tmp_path / "work", "--as", "Lead")
    return command
