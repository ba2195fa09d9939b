"""Where cited words stand out: in messages, in values laid out and raw, in pieces, and under a number of their own."""

import pytest

from reviewer.domain.items import Item, Message, Part, ToolCall
from reviewer.ui.transcript.blocks import Run, Style, prepare
from reviewer.ui.transcript.cited import Highlight, of_block, stretch
from reviewer.ui.transcript.pane import TranscriptPane
from tests.ui.transcript.runs import said

CALL = '{"user":"Zoë 🙂","n":1.10,"list":[1,2]}'


def cited(item: Item, highlight: Highlight, *, block: int = 0, raw: bool = False) -> list[str]:
    """The words that stand out, run by run."""
    card = prepare(item).blocks[block]
    card.raw = raw
    card.more(1 << 20)
    found = []
    for one in of_block(card, [highlight]):
        for run in card.runs:
            place = stretch(one, run)
            if place is not None:
                found.append(run.text[place.start : place.end] + (f"[{one.tag}]" if place.ends else ""))
    return found


def called(arguments: str) -> Item:
    return Item(kind="trajectory", messages=(Message(role="assistant", tool_calls=(ToolCall(name="pay", arguments=arguments),)),))


@pytest.mark.parametrize(
    ("highlight", "words"),
    [
        (Highlight("1.1", 0, 5, None, "/user", "a"), ["Zoë 🙂[a]"]),
        (Highlight("1.1", 2, 3, None, "/user", "a"), ["ë[a]"]),
        (Highlight("1.1", 20, 24, None, None, "a"), ["1.10[a]"]),
        (Highlight("1.1", 0, 36, None, None, "a"), ["Zoë 🙂", "1.10", "[1, 2][a]"]),
        (Highlight("1.1", 0, 5, None, "/none", "a"), []),
        (Highlight("1.1", 0, 3, None, "/n", "a"), []),
    ],
)
def test_arguments_stand_out_by_pointer_or_as_whole_values(highlight: Highlight, words: list[str]) -> None:
    assert cited(called(CALL), highlight) == words


def test_a_span_by_pointer_stands_out_in_the_raw_view_too() -> None:
    spelt = '{"a":"x\\n\\u00e9\\ud83d\\ude42 y"}'
    assert cited(called(spelt), Highlight("1.1", 1, 4, None, "/a", "t"), raw=True) == ["\\n\\u00e9\\ud83d\\ude42[t]"]
    assert cited(called("  " + spelt), Highlight("1.1", 4, 6, None, "/a"), raw=True) == [" y[]"]
    assert cited(called("not json"), Highlight("1.1", 0, 1, None, "/a"), raw=True) == []


def test_a_span_of_a_message_as_a_whole_stands_out_in_each_of_its_parts() -> None:
    parts = (Part(type="text", text="Grüße"), Part(type="json", json="{}"), Part(type="text", text="zwei"))
    item = Item(kind="trajectory", messages=(Message(role="user", content=parts),))
    assert cited(item, Highlight("1", 3, 8, None, None, "t")) == ["ße[]", "zw[t]"]


def test_a_pointer_without_a_part_means_the_result_that_holds_json() -> None:
    item = Item(kind="trajectory", messages=(Message(role="tool", content=(Part(type="text", text='{"ok":"yes"}'),)),))
    assert cited(item, Highlight("1", 0, 3, None, "/ok", "t")) == ["yes[t]"]


def test_words_over_two_pieces_of_a_long_text_have_their_number_once() -> None:
    item = said("A sentence of it. " * 600)
    [first, *_rest, last] = cited(item, Highlight("1", 10, 9_000, tag="t"))
    assert (first.endswith("]"), last.endswith("[t]")) == (False, True)


def test_what_a_tool_reports_as_error_is_no_text_of_its_message() -> None:
    assert stretch(Highlight("1", 0, 3, None), Run(Style.FAULT, "abc")) is None


def test_the_quotes_of_a_string_that_is_cited_whole_stand_out_and_the_number_is_behind_them(pane: TranscriptPane) -> None:
    pane.show_item(called('{"id":"Q69X3R","more":"Q69X3R"}'))
    pane.view.set_highlights([Highlight("1.1", 0, 6, None, "/id", "4.2"), Highlight("1.1", 0, 3, None, "/more", "1.3")])
    pane.view.viewport().repaint()
    laid = pane.view.scene.visible()[0].laid
    assert [laid.laid_run(n).text for n in (0, 1)] == ['"Q69X3R"\u00a04.2', '"Q69\u00a01.3X3R"']


def test_taking_a_highlight_away_takes_its_number_out_of_the_text(pane: TranscriptPane) -> None:
    pane.show_item(said("One two.", "Three."))
    pane.view.set_highlights([Highlight("1", 0, 3, tag="a"), Highlight("1", 0, 3, tag="b")])
    pane.view.viewport().repaint()
    assert pane.view.scene.laid(0).laid_run(0).text == "One\u00a0a\u00a0b two."
    other = pane.view.scene.laid(1)
    pane.view.set_highlights([])
    assert pane.view.scene.laid(0).laid_run(0).text == "One two."
    assert pane.view.scene.laid(1) is other  # what was not touched is not laid out again
    pane.show_item(said("One two."))
    assert pane.view.scene.highlights == {}
