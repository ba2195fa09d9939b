"""The Incidents page in both themes, on a smaller window, with larger text, without an incident; and the dialog that opens one."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize

from reviewer.ui.pages.incidents.case_dialog import ChangeDialog
from tests import worlds
from tests.golden import images
from tests.ui.pages.incidents.conftest import Deal, Dealing
from tests.ui.pages.incidents.conftest import canary as canary
from tests.ui.pages.incidents.conftest import dealing as dealing
from tests.ui.pages.incidents.world import cases

LARGE = QSize(1440, 900)
BOTH = pytest.mark.parametrize("look", ["light", "dark"])


def begun(dealing: Deal, tmp_path: Path, look: str = "light") -> Dealing:
    """At the open incident that is due first."""
    workspace, found = cases(tmp_path / "Airline refunds")
    workspace.close()
    person = dealing(workspace.folder)
    person.window.theme.choose(look)
    person.at(found.refunds)
    return person


@BOTH
def test_an_incident_with_its_clock(dealing: Deal, tmp_path: Path, approve: bool, look: str) -> None:
    images.check(begun(dealing, tmp_path, look).window, f"incidents-{look}", approve=approve, size=LARGE)


def test_the_same_on_a_smaller_window_with_larger_text(dealing: Deal, tmp_path: Path, approve: bool) -> None:
    person = begun(dealing, tmp_path)
    person.window.theme.resize(150)
    images.check(person.window, "incidents-150", approve=approve)


@BOTH
def test_changing_an_incident(dealing: Deal, tmp_path: Path, approve: bool, look: str) -> None:
    person = begun(dealing, tmp_path, look)
    person.page.handlers()["incidents.change"]()
    dialog = person.dialog(ChangeDialog)
    person.wait(lambda: dialog.sample.currentText() == "After the fix")
    images.check(person.window, f"incidents-change-{look}", approve=approve)


@BOTH
def test_without_an_incident(dealing: Deal, tmp_path: Path, approve: bool, look: str) -> None:
    workspace = worlds.make(tmp_path / "empty")
    workspace.close()
    person = dealing(workspace.folder)
    person.window.theme.choose(look)
    images.check(person.window, f"incidents-empty-{look}", approve=approve)
