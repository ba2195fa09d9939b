"""From the Review page to the story of one's own answer, by keys alone."""

from PySide6.QtCore import Qt

from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.explore.story_dialog import StoryDialog
from tests.ui.pages.review.conftest import Review

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_an_answer_that_is_looked_back_at_tells_its_story(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    person.press(K.Key_H, SHIFT)
    assert person.page.findChildren(StoryDialog) == []
    person.press(K.Key_C)
    person.record()
    person.press(K.Key_B)
    person.qtbot.waitUntil(lambda: person.page._back.past is not None)
    person.press(K.Key_H, SHIFT)
    person.qtbot.waitUntil(lambda: any(one._story is not None for one in person.page.findChildren(StoryDialog)))
    [dialog] = person.page.findChildren(StoryDialog)
    assert dialog._story is not None
    assert (dialog._story.item, dialog._story.by.name, dialog._story.verdict) == (first, "Ada", "compliant")
    dialog.reject()
