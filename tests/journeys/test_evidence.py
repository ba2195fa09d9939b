"""One item of the sample judged in full by keys alone, and the same read back by a command."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reviewer.domain.evidence import text_at
from reviewer.domain.items import Item
from reviewer.operations.demo import make_demo
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.pages.review.page import ReviewPage
from reviewer.ui.transcript.blocks import Block, Sort
from reviewer.ui.transcript.view import TranscriptView
from tests.journeys.test_command_line import Shell
from tests.journeys.test_window import Person
from tests.ui.conftest import MakeWindow, make_window, theme

__all__ = ["make_window", "theme"]

K = Qt.Key
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL_SHIFT = _CTRL | _SHIFT


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The sample as `reviewer demo` makes it."""
    folder = tmp_path / "sample"
    make_demo(folder, member="Ada").value.close()
    return folder


def test_clauses_words_an_omission_and_the_first_wrong_step_are_said_by_keys_and_read_back(
    qtbot: QtBot, make_window: MakeWindow, sample: Path
) -> None:
    person = Person(qtbot, make_window(folder=sample, pages=PAGES))
    person.press(K.Key_1, _CTRL)
    person.until(lambda: bool(person.item_up()))
    page = person.page(ReviewPage)
    assert isinstance(page, ReviewPage)
    person.until(lambda: bool(page._judging.clauses))
    assert page._flow.current is not None
    item, agent = page._flow.current.showing.item, page._flow.current.showing.item.agent

    person.press(K.Key_N)
    person.press(K.Key_2, _ALT)
    person.press(K.Key_2)  # the second clause offered: of the policy that bears the agent's name
    view = page._bench.pane.view
    said = _go_to(person, view, lambda block: block.sort is Sort.ASSISTANT and len(block.copied().split()) > 6)
    words = _mark_some_words(person, view)
    person.press(K.Key_X, _SHIFT)
    called = _go_to(person, view, lambda block: block.sort is Sort.CALL and '":"' in block.copied())
    person.press(K.Key_H)
    while not _on_string(view):
        person.press(K.Key_Right, _CTRL)
    person.press(K.Key_End, _SHIFT)
    person.press(K.Key_Return)
    _find_and_cite(person, "confirmation", "2.1")
    person.press(K.Key_O)
    person.write("Did not say what it will do, nor wait for a yes")
    person.press(K.Key_Return, _CTRL)
    person.press(K.Key_R)
    person.write("It acted on a general wish.")
    labelled = person.record()

    _check(Shell(sample).json("show", labelled), item, str(agent), (said, words), called)
    person.press(K.Key_B)  # and in the window it stands out again
    person.until(lambda: page._back.past is not None)
    assert {one.step for spans in view.scene.highlights.values() for one in spans} == {said, called}


def _go_to(person: Person, view: TranscriptView, wanted: Callable[[Block], bool]) -> str:
    """Step by step to the next one that is wanted; its address."""
    for _ in range(view.steps.count):
        person.press(K.Key_J)
        block = view.scene.blocks[view.steps.index]
        if wanted(block):
            return block.address
    raise AssertionError("no such step")


def _mark_some_words(person: Person, view: TranscriptView) -> str:
    """From the second word on, without the space or sign behind the last; what they are."""
    person.press(K.Key_H)
    person.press(K.Key_Right, _CTRL)
    for _ in range(4):
        person.press(K.Key_Right, _CTRL_SHIFT)
    person.press(K.Key_Left, _SHIFT)
    [marked] = view.marked()
    person.press(K.Key_H)
    return marked.words


def _on_string(view: TranscriptView) -> bool:
    caret = view.marking.caret
    return caret is not None and view.scene.blocks[caret.block].runs[caret.run].quoted


def _find_and_cite(person: Person, typed: str, number: str) -> None:
    person.press(K.Key_Slash)
    person.write(typed)
    person.press(K.Key_Return)
    page = person.page(ReviewPage)
    assert isinstance(page, ReviewPage)
    assert page._judging.evidence.clauses[-1].clause == number


def _check(shown: Any, item: Item, agent: str, marked: tuple[str, str], called: str) -> None:
    said, words = marked
    assert len(words) > 3
    [label] = shown["labels"]
    assert [one["clause"] for one in label["clauses"]][1] == "2.1"
    assert label["clauses"][0]["policy"] == agent
    first, second = label["spans"]
    assert (first["step"], first["part"], second["step"]) == (said, 0, called)
    assert second["pointer"].startswith("/")
    own = f"{agent}:{label['clauses'][0]['clause']}"
    assert (first["clause"], second["clause"]) == (own, own)
    assert text_at(item, said, 0)[first["start"] : first["end"]] == words
    value = text_at(item, called, None, second["pointer"])
    assert value
    assert value[second["start"] : second["end"]] == value[second["start"] :]
    [omission] = label["omissions"]
    assert omission["text"] == "Did not say what it will do, nor wait for a yes"
    assert omission["clause"].endswith(":2.1")
    assert omission["step"]
    assert label["steps"][said] == "bad"
    assert all(mark == "good" for step, mark in label["steps"].items() if step != said)
    assert (label["verdict"], label["severity"]) == ("non_compliant", "major")
