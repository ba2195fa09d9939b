"""The comparison that comes next is laid out and painted while the one before it is read."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from reviewer.storage.workspace import Workspace
from reviewer.ui.transcript import ahead
from reviewer.ui.transcript.blocks import Transcript
from reviewer.ui.transcript.scene import Visible
from tests import pairs
from tests.ui.pages.compare.conftest import Compare


@pytest.mark.parametrize("outputs", [2, 4])
def test_the_next_comparison_is_copied_to_the_screen(
    compare: Compare, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, outputs: int
) -> None:
    workspace: Workspace = pairs.ready(tmp_path_factory.mktemp("ahead") / "w", outputs=outputs)
    person = compare(workspace)
    page, bench = person.page, person.page._bench
    person.press(Qt.Key.Key_0)
    person.record()
    person.qtbot.waitUntil(lambda: page._flow.next_up is not None)
    page._lay_next()  # what a timer does once the item before is painted
    person.press(Qt.Key.Key_0)
    views = [bench.prompt.pane.view, *(pane.pane.view for pane in bench.shown_panes)]
    shown: set[int] = set()
    for place, view in enumerate(views):
        view.painted.connect(lambda place=place: shown.add(place))
    drawn: list[Transcript] = []
    really = ahead.draw

    def draw(painter: QPainter, standing: ahead.Standing, cards: Sequence[Visible], dirty: QRect) -> None:
        if all(views[place].transcript is not standing.transcript for place in shown):  # what comes after the first paint is another's
            drawn.append(standing.transcript)
        really(painter, standing, cards, dirty)

    before = person.item
    monkeypatch.setattr("reviewer.ui.transcript.view.draw", draw)
    person.record()
    person.qtbot.waitUntil(lambda: person.item != before and len(shown) == len(views))
    current = [id(view.transcript) for view in views]
    assert not [one for one in drawn if id(one) in current]
    workspace.close()
