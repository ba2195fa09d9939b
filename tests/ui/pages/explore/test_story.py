"""The story of a label in the window: opened, chosen and left by keys alone, and readable by a screen reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from reviewer.domain.changes import Outcome
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.explore.story_dialog import StoryDialog
from reviewer.ui.widgets.words import PlainLabel
from tests import forked, worlds
from tests.forked import CLAUSE, Past
from tests.ui.accessibility import nameless, out_of_reach
from tests.ui.pages.explore.conftest import Explore, Exploring
from tests.ui.pages.person import CTRL, LONG_MS


@pytest.fixture
def past(tmp_path: Path) -> Iterator[Past]:
    made = forked.make(tmp_path)
    yield made
    made.ada.close()


def _tell(person: Exploring, item: str) -> StoryDialog:
    person.page.open_item(item)
    person.qtbot.waitUntil(lambda: person.preview.item == item, timeout=LONG_MS)
    person.press(Qt.Key.Key_H)
    shown: list[StoryDialog] = []

    def is_open() -> bool:
        shown[:] = [one for one in person.page.findChildren(StoryDialog) if one.isVisible()]
        return bool(shown) and shown[0]._story is not None

    person.qtbot.waitUntil(is_open, timeout=LONG_MS)
    return shown[0]


def _words(dialog: StoryDialog) -> str:
    return "\n".join(label.text() for label in dialog.sheet.findChildren(PlainLabel))


def test_a_lead_hears_who_when_on_what_screen_and_what_became_of_it(explore: Explore, past: Past) -> None:
    person = explore(past.ada)
    dialog = _tell(person, past.item)
    rows = [dialog.list.item(place).text() for place in range(dialog.list.count())]
    assert [row.split("\n")[0] for row in rows] == ["Ben: non-compliant", "Ben: compliant", "Ben: unsure", "The item"]
    said = _words(dialog)
    for part in (
        "Ben: non-compliant, major",
        "● in force",
        "▲ its stream forked",
        "▲ its device is revoked",
        f"“{CLAUSE}”",
        "receipt of Ada",
        "steps 4 were cut short",
        "This version is not in force now.",
        "The copy of the laptop agrees on the facts.",
        "Stolen from a train; a copy was in use.",
    ):
        assert part in said, part
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_Down)
    person.qtbot.waitUntil(lambda: dialog._story is not None and dialog._story.entry == past.lost, timeout=LONG_MS)
    assert "▲ not counted" in _words(dialog)
    assert dialog.sheet.accessibleName().startswith("Story. Ben: unsure. Not counted.")
    person.press(Qt.Key.Key_Return, CTRL)
    assert QGuiApplication.clipboard().text().startswith("Ben: unsure\n\nWhat was said:")
    person.press(Qt.Key.Key_Tab)
    assert dialog.sheet.hasFocus()
    before = dialog.sheet.verticalScrollBar().value()
    person.press(Qt.Key.Key_PageDown)
    assert dialog.sheet.verticalScrollBar().value() > before
    assert nameless(dialog) == []
    assert out_of_reach(dialog) == []
    person.press(Qt.Key.Key_Escape)
    person.qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=LONG_MS)


def test_an_item_without_labels_says_so_instead(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_H)
    person.qtbot.waitUntil(lambda: "no label here whose story you may hear" in _banner(person), timeout=LONG_MS)
    assert person.page.findChildren(StoryDialog) == []


def test_words_from_outside_stay_words(explore: Explore, workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    hostile = '<img src="file:///etc/hostname"> <b>bold</b>'
    worlds.label(workspace, item, "compliant", rationale=hostile)
    dialog = _tell(explore(workspace), item)
    [label] = [one for one in dialog.sheet.findChildren(PlainLabel) if "file:///" in one.text()]
    assert label.text() == f"“{hostile}”"
    assert label.textFormat() == Qt.TextFormat.PlainText


def _banner(person: Exploring) -> str:
    return " ".join(label.text() for label in person.window.findChildren(PlainLabel) if label.isVisible())


def test_the_item_has_a_story_too(explore: Explore, past: Past) -> None:
    person = explore(past.ada)
    dialog = _tell(person, past.item)
    dialog.list.setCurrentRow(dialog.list.count() - 1)
    said = _words(dialog)
    assert "What happened" in said
    assert "Ben labelled it again: non-compliant, major, under 4.2 of refunds, version 1:" in said
    assert "Version 2 of refunds changed clause 4.2." in said
    assert dialog.sheet.accessibleName() == "Story of the item. 4 things happened to it."
    dialog._copy()
    assert QGuiApplication.clipboard().text().count("\n") == 3


def test_a_story_that_comes_late_does_not_take_the_place_of_what_was_chosen_since(explore: Explore, past: Past) -> None:
    person = explore(past.ada)
    dialog = _tell(person, past.item)
    person.press(Qt.Key.Key_Down)  # asks for the story of another label
    person.press(Qt.Key.Key_End)
    assert dialog.sheet.accessibleName().startswith("Story of the item.")
    read: list[object] = []
    person.window.jobs.read(lambda _workspace, _ticket: Outcome(None), owner=dialog, slot="later", done=read.append, failed=read.append)
    person.qtbot.waitUntil(lambda: bool(read), timeout=LONG_MS)
    person.qtbot.wait(200)
    assert dialog.sheet.accessibleName().startswith("Story of the item.")
