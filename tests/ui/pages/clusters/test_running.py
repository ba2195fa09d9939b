"""A run behind the window: its process is ended by somebody else, or by closing the window."""

import multiprocessing
from pathlib import Path

from PySide6.QtCore import Qt

from reviewer.storage import cluster_runs
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.clusters.dialogs import RunDialog
from tests import topics
from tests.ui.pages.clusters.conftest import Look, Looking
from tests.ui.pages.person import CTRL


def _start(looking: Look, folder: Path) -> Looking:
    """A person whose run is going on in its process."""
    topics.labelled(folder).workspace.close()
    person = looking(folder)
    person.press(Qt.Key.Key_N)
    dialog = person.dialog(RunDialog)
    person.wait(lambda: dialog.campaign.currentText() == topics.NAME)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: bool(multiprocessing.active_children()))
    return person


def test_a_run_whose_process_is_killed_is_said_and_another_may_be_started(looking: Look, tmp_path: Path) -> None:
    person = _start(looking, tmp_path / "workspace")
    multiprocessing.active_children()[0].kill()
    person.wait(lambda: bool(person.banners()) and not person.page.running.busy)
    [banner] = person.window.messages.banners()
    _, what, hint = banner.says
    assert "ended before its work did" in what
    assert "nothing is half-written" in hint
    assert person.can("run")
    assert person.page.overview is None


def test_closing_the_window_ends_a_run_and_nothing_of_it_is_kept(looking: Look, tmp_path: Path) -> None:
    person = _start(looking, tmp_path / "workspace")
    person.window.jobs.close()
    assert multiprocessing.active_children() == []
    workspace = Workspace.open(tmp_path / "workspace")
    with workspace.read() as reading:
        assert cluster_runs.every(reading) == []
    workspace.close()
