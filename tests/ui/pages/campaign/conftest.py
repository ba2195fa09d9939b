"""A person who makes campaigns: the window of tests/ui/pages/explore, and what its dialogs say."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from reviewer.storage.suggestions import Suggested
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.campaign.grow_dialog import GrowDialog
from reviewer.ui.pages.campaign.plan_dialog import PlanDialog
from reviewer.ui.pages.campaign.wizard import CampaignWizard
from tests import worlds
from tests.operations.test_drawing import put_in, suggest
from tests.ui.pages.explore.conftest import Exploring
from tests.ui.pages.explore.conftest import explore as explore
from tests.ui.pages.person import CTRL, LONG_MS, SHIFT

Holds = Callable[[], bool]


@pytest.fixture
def world(tmp_path: Path) -> Workspace:
    """Sixty runs of two agents, in three teams, scored by a judge."""
    workspace = worlds.make(tmp_path / "world")
    ids = put_in(workspace, range(60), file="first.jsonl")
    suggest(workspace, "gpt", [Suggested(item, None, f"0.{n % 9 + 1}") for n, item in enumerate(ids)])
    return workspace


def until(person: Exploring, holds: Holds) -> None:
    person.qtbot.waitUntil(holds, timeout=LONG_MS)


def begin(person: Exploring) -> CampaignWizard:
    """Open the wizard, and wait for its first figures."""
    person.press(Qt.Key.Key_N, CTRL)
    wizard = person.dialog(CampaignWizard)
    until(person, lambda: wizard.seen is not None and wizard.population.found not in ("", "…"))
    return wizard


def known(person: Exploring, wizard: CampaignWizard) -> None:
    """Wait until what is filled in is worked out, or refused."""
    until(person, lambda: wizard.seen is not None or bool(wizard.refusal))


def plan(person: Exploring) -> PlanDialog:
    """Open the plan, and wait for its first figure."""
    person.press(Qt.Key.Key_P, CTRL | SHIFT)
    found = person.window.findChildren(PlanDialog)[-1]
    until(person, lambda: found.size_planned is not None)
    return found


def grow(person: Exploring) -> GrowDialog:
    """Open “Draw more”, and wait for its first figures."""
    person.press(Qt.Key.Key_N, CTRL | SHIFT)
    dialog = person.dialog(GrowDialog)
    until(person, lambda: dialog.seen is not None or bool(dialog.rows.wrong))
    return dialog
