"""The window has the search index follow: after an import that was stopped, and behind one that did not wait for it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.domain.progress import SILENT
from reviewer.operations import importing, indexing
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.explore.import_steps import bring_in
from reviewer.ui.pages.registry import PAGES
from tests import worlds
from tests.runs import write_runs
from tests.ui.conftest import MakeWindow

LONG_MS = 20_000


@pytest.fixture
def cut_off(tmp_path: Path) -> Path:
    """A workspace in which an import was stopped: 200 of its 206 items are not indexed."""
    workspace = worlds.make(tmp_path / "work")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(6)])
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(6, 206)], file="more.jsonl", findable=False)
    workspace.close()
    return tmp_path / "work"


def _behind(folder: Path) -> int:
    workspace = Workspace.open(folder)
    found = indexing.items_behind(workspace, SILENT).value
    workspace.close()
    return found


def test_what_an_import_left_behind_is_indexed_once_the_window_is_open(qtbot: QtBot, make_window: MakeWindow, cut_off: Path) -> None:
    assert _behind(cut_off) == 200
    titles: list[str] = []
    window = make_window(folder=cut_off, pages=PAGES)
    window.jobs.begun.connect(lambda report: titles.append(report.title))
    qtbot.waitUntil(lambda: _behind(cut_off) == 0, timeout=LONG_MS)
    assert titles == ["Indexing the words of 200 items"]


def test_many_items_of_an_import_can_be_browsed_before_words_find_them(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_SOON_DONE", 20)
    workspace = worlds.make(tmp_path / "work")
    workspace.close()
    window = make_window(folder=tmp_path / "work", pages=PAGES)
    source = write_runs(tmp_path / "runs.jsonl", 300)
    reports: list[object] = []
    titles: list[str] = []
    window.jobs.begun.connect(lambda report: titles.append(report.title))

    def work(workspace: Workspace, ticket: object) -> object:
        return bring_in(workspace, ticket, paths=[str(source)], agent="", column_map=None)  # type: ignore[arg-type] # as Jobs calls it

    window.jobs.long(work, title="Importing", owner=window, done=reports.append, failed=reports.append)  # type: ignore[arg-type] # likewise
    qtbot.waitUntil(lambda: bool(reports), timeout=LONG_MS)
    qtbot.waitUntil(lambda: len(titles) > 1 and _behind(tmp_path / "work") == 0, timeout=LONG_MS)
    assert titles[0] == "Importing"
    assert all(title.startswith("Indexing the words of ") for title in titles[1:]), titles
