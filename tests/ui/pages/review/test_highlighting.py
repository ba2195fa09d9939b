"""Whatever is selected in real runs becomes spans of exactly those words, and stands out again where it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.events import Span
from reviewer.domain.evidence import check, text_at
from reviewer.domain.items import Item, Message, Part
from reviewer.ui.pages.queue.evidence import highlights
from reviewer.ui.pages.review.highlighting import span_of_marked
from reviewer.ui.transcript.cited import find
from reviewer.ui.transcript.offsets import utf16_length
from reviewer.ui.transcript.pane import TranscriptPane
from reviewer.ui.transcript.selection import Marked, Place
from tests.formats.real_runs import records

_FOLDERS = ("tau-bench", "tau2-community", "agentdojo", "who-and-when")
_RUNS = 4
_ROWS = 120


def _runs(folder: Path) -> list[Item]:
    """The runs with most steps of those that are not endless."""
    found = [record.item for record in records(folder) if len(record.item.messages) < 200]
    return sorted(found, key=lambda item: -len(item.messages))[:_RUNS]


def _run_by_run(pane: TranscriptPane, item: Item, *, raw: bool) -> Iterator[tuple[str, Span]]:
    """Each run of each card selected on its own: the words, and the span they became."""
    pane.show_item(item)
    view = pane.view
    view.folding.unfold_all()
    if raw:
        view.folding.toggle_raw()
    for index, block in enumerate(view.scene.blocks):
        block.more(_ROWS)
        for run in range(min(len(block.runs), _ROWS)):
            laid = view.scene.laid(index).laid_run(run)
            view.selection.put(Place(index, run, 0), Place(index, run, utf16_length(laid.text)))
            for marked in view.marked():
                span = span_of_marked(item, marked, None)
                assert span is not None, (block.step, marked)
                yield marked.words if marked.pointer or marked.raw is None else "", span
                place = find(block, highlights([span], {})[0])
                assert place is not None, (block.step, marked)
                assert block.runs[place[0]].text == block.runs[run].text


@pytest.mark.parametrize("folder", _FOLDERS)
@pytest.mark.parametrize("raw", [False, True])
def test_every_run_of_real_runs_can_be_marked_and_is_found_again(pane: TranscriptPane, real_data: Path, folder: str, raw: bool) -> None:
    pairs = 0
    for item in _runs(real_data / folder):
        for words, span in _run_by_run(pane, item, raw=raw):
            check(item, [span])
            there = text_at(item, span.step, span.part, span.pointer)[span.start : span.end]
            assert sha256_hex(there.encode()) == span.quote
            assert not words or there == words
            pairs += 1
    assert pairs > 100


def test_keys_alone_mark_a_word_of_every_step_that_has_one(pane: TranscriptPane, real_data: Path) -> None:
    from PySide6.QtTest import QTest

    [item, *_rest] = _runs(real_data / "tau-bench")
    pane.show_item(item)
    view = pane.view
    steps = 0
    for _ in range(view.steps.count):
        if view.marking.start():
            QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
            for marked in view.marked():
                check(item, [one for one in [span_of_marked(item, marked, None)] if one is not None])
                steps += 1
            view.marking.stop()
        view.steps.next()
    assert steps > 20


def test_half_a_character_in_json_is_marked_in_the_text_that_came(pane: TranscriptPane) -> None:
    text = '{"a":"x\\ud800y"}'
    item = Item(kind="trajectory", messages=(Message(role="tool", content=(Part(type="text", text=text),)),))
    [(_words, span)] = _run_by_run(pane, item, raw=False)
    assert (span.pointer, text[span.start : span.end]) == (None, '"x\\ud800y"')


def test_words_that_the_screen_shows_otherwise_are_not_marked() -> None:
    item = Item(kind="trajectory", messages=(Message(role="user", content=(Part(type="text", text="Error"),)),))
    assert span_of_marked(item, Marked("1", 0, None, 0, 5, "error"), None) is None
    assert span_of_marked(item, Marked("1", 0, None, 0, 9, "Error"), None) is None
