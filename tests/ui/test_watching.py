"""A window shows what others wrote to its workspace while it was open, and takes nothing of its own for that."""

from contextlib import closing
from functools import partial
from pathlib import Path

from pytestqt.qtbot import QtBot

from reviewer.domain.changes import Changes
from reviewer.operations import labelling
from reviewer.storage.workspace import Workspace
from reviewer.ui.jobs import nothing
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests import worlds
from tests.ui.conftest import MakeWindow

LONG_MS = 20_000
TWO_LOOKS_MS = 3_500


def watched(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> tuple[Window, list[Changes]]:
    """A window that has looked once, and what it was told since."""
    window = make_window(folder=folder, pages=PAGES)
    window.show()
    qtbot.waitUntil(lambda: window._watching._known is not None, timeout=LONG_MS)
    told: list[Changes] = []
    window.jobs.changed.connect(told.append)
    return window, told


def test_what_a_command_recorded_is_shown_without_asking(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    worlds.ready(tmp_path / "w").close()
    _, told = watched(qtbot, make_window, tmp_path / "w")
    with closing(Workspace.open(tmp_path / "w")) as other:
        worlds.label(other, worlds.waiting(other)[0])
    qtbot.waitUntil(lambda: Changes.ALL in told, timeout=LONG_MS)


def test_what_the_window_wrote_itself_is_nobody_elses(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    with closing(worlds.ready(tmp_path / "w")) as ready:
        item = worlds.waiting(ready)[0]
    window, told = watched(qtbot, make_window, tmp_path / "w")
    put_off = partial(labelling.skip_item, campaign="C", item=item)
    window.jobs.run(put_off, owner=window, done=nothing, failed=nothing)
    qtbot.waitUntil(lambda: bool(told), timeout=LONG_MS)
    qtbot.wait(TWO_LOOKS_MS)
    assert Changes.ALL not in told
