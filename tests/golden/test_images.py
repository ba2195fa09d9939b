"""What is told as different: anything small that is missing, and not the edges of letters that another build of Qt draws otherwise."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QToolButton

from reviewer.ui.pages.registry import PAGES
from tests.golden import images
from tests.ui.conftest import MakeWindow


@pytest.mark.parametrize("look", ["light", "dark"])
def test_each_entry_of_the_rail_and_a_single_word_are_missed(make_window: MakeWindow, look: str) -> None:
    window = make_window(pages=PAGES)
    window.theme.choose(look)
    whole = images.picture(window)
    assert images.difference(whole, images.picture(window)) is None
    entries = window._rail.findChildren(QToolButton)
    words = [label for label in window._pages["start"].findChildren(QLabel) if label.isVisible() and label.text()]
    assert len(entries) == len([entry for entry in PAGES if entry.icon])
    for part in (*entries, words[-1]):
        if not part.isVisible():
            continue
        policy = part.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        part.setSizePolicy(policy)
        part.hide()
        assert images.difference(images.picture(window), whole) is not None, f"nobody missed {part.accessibleName() or part.objectName()}"
        part.show()


def test_the_edges_of_letters_may_be_drawn_otherwise() -> None:
    wanted = QImage(400, 300, QImage.Format.Format_RGB32)
    wanted.fill(0xFFFFFFFF)
    got = wanted.copy()
    chance = np.random.default_rng(7)
    for row, column in zip(chance.integers(0, 300, 200), chance.integers(0, 400, 200), strict=True):
        got.setPixel(int(column), int(row), 0xFF808080)
    assert images.difference(got, wanted) is None
