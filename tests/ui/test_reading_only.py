"""A window on a workspace in a place that cannot be written: all pages show it, one banner says so, and no word is lost."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.domain.changes import Outcome
from reviewer.storage import reading_copies
from reviewer.storage.backups import Step
from reviewer.storage.workspace import Workspace
from reviewer.ui.jobs import Report, nothing
from reviewer.ui.pages.explore.export_dialog import export
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.pages.review.page import ReviewPage
from reviewer.ui.pages.sync import backing_up
from reviewer.ui.pages.sync.page import SyncPage
from reviewer.ui.strip import Strip
from reviewer.ui.window import Window
from tests import worlds
from tests.ui.conftest import MakeWindow
from tests.ui.pages.person import CTRL, Person
from tests.unwritable import unwritable

NOTE = (
    "warn",
    "This place cannot be written. Opened for reading only. [E103]",
    "To work in it, copy the folder to a place that you may write to.",
)
HINT = "It is opened for reading only; copy the folder to a place that you may write to."
LONG_MS = 20_000


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    place = tmp_path / "room"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
def folder(tmp_path: Path, room: Path) -> Iterator[Path]:
    """A workspace with labels, of which words find nothing yet, that cannot be written any more."""
    with closing(worlds.busy(tmp_path / "w", items=30)) as workspace:
        worlds.put_in(workspace, [worlds.run_of(n) for n in range(100, 110)], findable=False)
    with unwritable(tmp_path / "w"):
        yield tmp_path / "w"


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> Iterator[Window]:
    """The window on it, once it has said so."""
    made = make_window(folder=folder, pages=PAGES)
    qtbot.waitUntil(lambda: bool(made.messages.banners()), timeout=LONG_MS)
    yield made
    made.close()
    made.jobs.close()


def said(window: Window) -> list[tuple[str, str, str]]:
    return [banner.says for banner in window.messages.banners()]


def rest(qtbot: QtBot, window: Window) -> None:
    """Until all that was asked is answered, and whatever looks soon after has looked."""
    answers: list[object] = []
    qtbot.wait(700)
    window.jobs.run(lambda _w, _t: Outcome(None), owner=window, done=answers.append, failed=answers.append)
    qtbot.waitUntil(lambda: bool(answers) and not window.jobs.busy, timeout=LONG_MS)


def test_one_banner_says_so_and_no_page_and_nothing_that_works_by_itself_adds_another(qtbot: QtBot, window: Window, room: Path) -> None:
    [banner] = window.messages.banners()
    assert banner.says == NOTE
    assert banner.stays
    for entry in PAGES:
        window.go(entry.name)
        rest(qtbot, window)
        assert said(window) == [NOTE], entry.name
    strip = window.findChild(Strip)
    assert isinstance(strip, Strip)
    assert not strip.isVisible()  # the words of all items are known
    page = window.go("sync")
    assert isinstance(page, SyncPage)
    page.backing_up.look()
    rest(qtbot, window)
    assert not page.backing_up.running
    assert page.backing_up.wait_ms <= backing_up.AGAIN_MS * 1.05
    assert said(window) == [NOTE]
    assert len(list(room.iterdir())) == 1


def test_a_label_is_not_recorded_and_every_word_stays(qtbot: QtBot, window: Window, folder: Path) -> None:
    page = window.go("review")
    assert isinstance(page, ReviewPage)
    qtbot.waitUntil(lambda: page._flow.current is not None and page._flow.standing is not None, timeout=LONG_MS)
    assert page._flow.current is not None
    person, first = Person(qtbot, window, page), page._flow.current.id
    person.press(Qt.Key.Key_N)
    person.press(Qt.Key.Key_R)
    person.write("Because of this.")
    person.press(Qt.Key.Key_Return, CTRL)
    refused = ("bad", "This place cannot be written. Your answer is still on screen. [E103]", HINT)
    person.wait(lambda: refused in said(window))
    assert NOTE in said(window)
    assert page._flow.current.id == first
    assert page._bench.form.rationale.toPlainText().startswith("Because of this.")  # before what was said when it was up last


def test_what_is_being_written_cannot_be_kept_which_is_said_once(qtbot: QtBot, window: Window) -> None:
    page = window.go("review")
    assert isinstance(page, ReviewPage)
    qtbot.waitUntil(lambda: page._flow.current is not None and page._flow.standing is not None, timeout=LONG_MS)
    person = Person(qtbot, window, page)
    person.press(Qt.Key.Key_N)
    person.press(Qt.Key.Key_R)
    for word in ("Because", " of", " this"):
        person.write(word)
        rest(qtbot, window)
        assert said(window) == [("bad", "This place cannot be written. [E103]", HINT), NOTE]
    assert page._bench.form.rationale.toPlainText().startswith("Because of this")
    assert QApplication.focusWidget() is page._bench.form.rationale


def test_an_export_says_that_no_record_was_made(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    work = partial(export, path=tmp_path / "labels.csv", campaign=None, history=False)
    window.jobs.long(work, title="Exporting labels", owner=window, done=nothing, failed=nothing)
    without = "The labels left without a record: this place cannot be written. [E103]"
    qtbot.waitUntil(lambda: without in [what for _kind, what, _hint in said(window)], timeout=LONG_MS)
    assert len((tmp_path / "labels.csv").read_text().splitlines()) > 1


def test_how_far_a_large_copy_is_is_shown_while_the_window_can_be_used(
    qtbot: QtBot, make_window: MakeWindow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_copies, "_AT_ONCE", 16 << 10)
    window = make_window(pages=PAGES)
    told: list[Report] = []
    window.jobs.progressed.connect(told.append)
    on_thread: list[str] = []
    copy = reading_copies._copy

    def noted(source: Path, target: Path, step: Step) -> None:
        on_thread.append(threading.current_thread().name)
        copy(source, target, step)

    monkeypatch.setattr(reading_copies, "_copy", noted)
    window.opening.open(folder)
    qtbot.waitUntil(lambda: said(window) == [NOTE], timeout=LONG_MS)
    assert "MainThread" not in on_thread
    assert {report.title for report in told} >= {"Opening the workspace"}
    assert any(report.progress.what == "MB copied, to be read and not written" and not report.stops for report in told)


def test_the_copy_goes_with_the_window(qtbot: QtBot, make_window: MakeWindow, folder: Path, room: Path) -> None:
    window = make_window(folder=folder, pages=PAGES)
    qtbot.waitUntil(lambda: bool(window.messages.banners()), timeout=LONG_MS)
    assert len(list(room.iterdir())) == 1
    window.close()
    window.jobs.close()
    assert list(room.iterdir()) == []


def test_another_workspace_lets_the_copy_go(qtbot: QtBot, window: Window, room: Path, tmp_path: Path) -> None:
    worlds.ready(tmp_path / "other").close()
    window.opening.open(tmp_path / "other")
    qtbot.waitUntil(lambda: list(room.iterdir()) == [], timeout=LONG_MS)
    answers: list[bool] = []

    def ask(workspace: Workspace, _ticket: object) -> Outcome[bool]:
        return Outcome(workspace.reading_only)

    window.jobs.read(ask, owner=window, done=answers.append, failed=nothing)
    qtbot.waitUntil(lambda: answers == [False], timeout=LONG_MS)
