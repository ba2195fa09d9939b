"""How much room the prompt takes: all it needs where there is room, its share where the outputs need the rest."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.storage.workspace import Workspace
from reviewer.ui.transcript.view import TranscriptView
from tests import pairs, worlds
from tests.ui.pages.compare.conftest import Compare, Comparing

_LONG = "A long line of words that goes on and on. " * 60


def _waiting(folder: Path, *prompts: tuple[str, ...], answer: str = "Yes.") -> Workspace:
    """A workspace with a comparison for each prompt, a message for each of its texts."""
    workspace = worlds.make(folder)
    outputs = pairs.keyed([pairs.Output((pairs.said("assistant", f"{answer} {n}"),)) for n in range(2)]).candidates
    roles = ("user", "assistant")
    items = [
        pairs.Item(kind="comparison", messages=tuple(pairs.said(roles[n % 2], text) for n, text in enumerate(texts)), candidates=outputs)
        for texts in prompts
    ]
    worlds.put_in(workspace, items)
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", question="preference", seed="s"))
    return workspace


def _prompt_of(person: Comparing) -> TranscriptView:
    return person.page._bench.prompt.pane.view


def _is_whole(view: TranscriptView) -> bool:
    return view.scene.total <= view.viewport().height() and view.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("answer", ["Yes.", _LONG])
def test_short_prompts_stand_whole_one_after_another(compare: Compare, tmp_path: Path, answer: str) -> None:
    prompts = [("What now?",), ("Good morning.", "How can I help?", "Tell me."), (" ".join(["Three lines of words."] * 20),)]
    workspace = _waiting(tmp_path / "w", *prompts, answer=answer)
    person = compare(workspace)
    heights = set()
    for left in (2, 1, 0):
        person.qtbot.waitUntil(lambda: _is_whole(_prompt_of(person)))
        heights.add(_prompt_of(person).height())
        person.press(Qt.Key.Key_1)
        if left:
            person.record()
    assert len(heights) == 3  # none is higher than it needs to be
    workspace.close()


def test_a_long_prompt_leaves_the_outputs_their_room_and_stands_at_its_last_message(compare: Compare, tmp_path: Path) -> None:
    workspace = _waiting(tmp_path / "w", tuple(f"{n}. {_LONG}" for n in range(9)), answer=_LONG * 3)
    person = compare(workspace)
    view, bench = _prompt_of(person), person.page._bench
    person.qtbot.waitUntil(lambda: view.steps.current == "9" and 0 < view.height() <= bench.height() * 0.3)
    assert any(card.index == 8 for card in view.scene.visible())
    person.press(Qt.Key.Key_P)
    assert view.height() > bench.height() * 0.5
    assert view.hasFocus()
    person.press(Qt.Key.Key_P)
    assert view.height() <= bench.height() * 0.3
    workspace.close()


def test_a_long_prompt_takes_what_short_outputs_leave_empty(compare: Compare, tmp_path: Path) -> None:
    workspace = _waiting(tmp_path / "w", tuple(f"{n}. {_LONG}" for n in range(9)))
    person = compare(workspace)
    view, bench = _prompt_of(person), person.page._bench
    person.qtbot.waitUntil(lambda: view.height() > bench.height() * 0.4)
    outputs = [pane.pane.view for pane in bench.shown_panes]
    assert all(_is_whole(one) for one in outputs)
    workspace.close()
