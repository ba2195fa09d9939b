"""A command line in this process, and a workspace for it to work on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reviewer.cli.line import Ending, run
from tests.runs import filled_workspace


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str
    ending: Ending

    @property
    def json(self) -> Any:
        """Its one JSON document."""
        return json.loads(self.out)

    def refused(self) -> tuple[str, str]:
        """What happened and what to do, of a command that was refused."""
        assert self.code == 2, self.out
        assert self.out == ""
        what, hint = self.err.splitlines()[-2:]
        assert what.startswith("error: ")
        assert what.endswith("]")
        assert hint.startswith("hint: ")
        assert "Traceback" not in self.err
        return what.removeprefix("error: "), hint.removeprefix("hint: ")


Cli = Callable[..., Said]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command in this process."""

    def call(*arguments: str) -> Said:
        capsys.readouterr()
        ending = run(arguments)
        out, err = capsys.readouterr()
        return Said(ending.code, out, err, ending)

    return call


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of Ada's with twelve runs, which $REVIEWER_WORKSPACE names."""
    place = tmp_path / "work"
    filled_workspace(place, 12).close()
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(place))
    return place


@pytest.fixture
def campaign(folder: Path, cli: Cli) -> str:
    """A campaign over everything; its name.

    All of it is offered to everybody: who gets which share of a split campaign hangs on members' ids, which are chance.
    """
    assert cli("campaign", "create", "refunds", "--seed", "7", "--assign", "all").code == 0
    return "refunds"
