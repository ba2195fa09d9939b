"""A search for words while the search index is behind the items."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests import worlds
from tests.ui.pages.explore.conftest import Explore
from tests.ui.pages.person import LONG_MS


def test_a_search_says_what_words_do_not_find_yet_and_finds_it_when_they_do(
    qtbot: QtBot, explore: Explore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.ui.indexing._SOON_MS", 10**6)  # nothing is indexed by itself
    workspace = worlds.make(tmp_path / "work")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(6)])
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(6, 206)], file="more.jsonl", findable=False)
    exploring = explore(workspace)
    said = exploring.page.findChild(QLabel, "behind")
    assert said is not None
    exploring.search("refund")
    assert exploring.heading == "6 of 206 items"
    assert said.isVisible()
    assert said.text() == "The words of the last 200 items are still being indexed: this search does not look at them yet."
    exploring.search("agent:shop")
    assert exploring.heading == "103 of 206 items"
    assert not said.isVisible()
    exploring.search("refund")
    exploring.window._indexing._look()
    qtbot.waitUntil(lambda: exploring.heading == "206 of 206 items", timeout=LONG_MS)
    assert not said.isVisible()
    workspace.close()
