"""Which workspace is open: made once though asked for twice, remembered with what is in it, named after who works."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import LAST_WORKSPACE, RECENT_WORKSPACES, Settings
from reviewer.domain.errors import NotFound, ReviewerError
from reviewer.operations.workspaces import create_workspace
from reviewer.storage.folders import default_workspace
from reviewer.ui import opening as openings
from reviewer.ui.instance import Instance
from reviewer.ui.jobs import Jobs
from reviewer.ui.opening import Identity, Opening


@pytest.fixture
def opening(jobs: Jobs) -> Opening:
    return Opening(jobs, Settings(), Instance())


def test_the_usual_workspace_is_made_once_and_everybody_who_waits_is_called(qtbot: QtBot, opening: Opening) -> None:
    made: list[object] = []
    called: list[str] = []
    opening.making.connect(made.append)
    opening.ensure(lambda: called.append("first"))
    opening.ensure(lambda: called.append("second"))
    qtbot.waitUntil(lambda: called == ["first", "second"], timeout=20_000)
    assert made == [default_workspace()]
    assert opening.folder == default_workspace()
    opening.ensure(lambda: called.append("third"))
    assert called[-1] == "third"


def test_the_sample_opens_with_what_waits_in_it(qtbot: QtBot, opening: Opening) -> None:
    known: list[Identity] = []
    opening.identified.connect(known.append)
    opening.open_sample()
    qtbot.waitUntil(lambda: bool(known), timeout=60_000)
    assert known[0].member == openings.usual_name()
    assert (known[0].items, known[0].left) == (200, 40)


def test_another_workspace_takes_the_place_of_the_first_and_both_are_remembered(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    settings = Settings()
    opening = Opening(jobs, settings, Instance())
    known: list[Identity] = []
    opening.identified.connect(known.append)
    for name, member in (("one", "Ada"), ("two", "Ben")):
        create_workspace(tmp_path / name, member=member).value.close()
        opening.open(tmp_path / name)
        qtbot.waitUntil(partial(lambda wanted: bool(known) and known[-1].member == wanted, member))
    rows: list[object] = settings[RECENT_WORKSPACES]
    assert [row["name"] for row in rows if isinstance(row, dict)] == ["two", "one"]


def test_a_folder_named_from_where_one_stands_is_remembered_whole(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_workspace(tmp_path / "one", member="Ada").value.close()
    settings = Settings()
    opening = Opening(jobs, settings, Instance())
    monkeypatch.chdir(tmp_path)
    assert opening.start(Path("one"))
    opening.identify()
    qtbot.waitUntil(lambda: bool(settings[LAST_WORKSPACE]))
    assert settings[LAST_WORKSPACE] == str(tmp_path / "one")


def test_a_member_who_has_no_key_here_is_refused_and_nothing_stays_open(qtbot: QtBot, opening: Opening, tmp_path: Path) -> None:
    create_workspace(tmp_path / "one", member="Ada").value.close()
    failed: list[ReviewerError] = []
    opening.failed.connect(failed.append)
    assert opening.start(tmp_path / "one", member="Ben")
    opening.identify()
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], NotFound)
    assert opening.folder is None


def test_a_workspace_cannot_be_made_where_something_else_lies(
    qtbot: QtBot, opening: Opening, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    monkeypatch.setattr(openings, "default_workspace", lambda: tmp_path / "full")
    failed: list[ReviewerError] = []
    called: list[str] = []
    opening.failed.connect(failed.append)
    opening.ensure(lambda: called.append("never"))
    qtbot.waitUntil(lambda: bool(failed))
    assert "is not empty" in failed[0].what
    assert (called, opening.folder) == ([], None)
    assert (tmp_path / "full" / "letter.txt").read_text() == "mine"
