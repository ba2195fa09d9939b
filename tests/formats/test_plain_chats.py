"""Chats of texts alone: read in one step, they are what the general way makes of them."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from reviewer.domain.errors import BadRecord
from reviewer.formats import chat_messages, openai_chat, plain_chats, strict_json
from reviewer.formats.format import Options
from reviewer.formats.raw_records import Counted
from tests.formats.test_strict_json import LAYOUTS, TEXT

MAYBE = st.none() | TEXT
CALLS = st.fixed_dictionaries(
    {
        "function": st.fixed_dictionaries(
            {"name": TEXT.filter(bool), "arguments": TEXT | st.sampled_from(['{"a": 1.10}', "", "null", "[1,"])}
        )
    },
    optional={"id": MAYBE, "type": st.just("function")},
)
MESSAGES = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant", "tool", "developer", "function"])},
    optional={
        "content": MAYBE,
        "tool_calls": st.none() | st.lists(CALLS, max_size=2),
        "tool_call_id": MAYBE,
        "name": MAYBE,
        "refusal": st.none(),
        "function_call": st.none(),
    },
)
CHATS = st.fixed_dictionaries(
    {"messages": st.lists(MESSAGES, min_size=1, max_size=4)},
    optional={"id": MAYBE, "agent": MAYBE, "model": MAYBE, "time": st.none() | st.just("2026-05-04T05:02:01+02:00"), "metadata": st.none()},
)


def _plain(raw: bytes) -> Any:
    return strict_json.exactly(openai_chat.PLAIN, raw)


@given(CHATS, LAYOUTS, st.randoms(use_true_random=False))
def test_a_plain_chat_is_read_as_the_general_way_reads_it(chat: dict[str, Any], layout: dict[str, Any], chance: Any) -> None:
    names = list(chat)
    chance.shuffle(names)
    raw = json.dumps({name: chat[name] for name in names}, **layout).encode()
    if b"\\u00" in raw:
        return  # a control character: read the general way
    said = _plain(raw)
    assert said is not None
    found = openai_chat.record(Counted(raw, 3, 7, said), Options())
    assert found == openai_chat.record(Counted(raw, 3, 7), Options())
    assert found.item.messages == chat_messages.messages_of(json.dumps(chat["messages"], **layout).encode(), [])


@given(st.lists(MESSAGES, min_size=1, max_size=3), st.sampled_from([[], [{"role": "user", "content": [{"type": "text", "text": "x"}]}]]))
def test_messages_are_the_same_whether_all_of_them_are_plain_or_not(plain: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    raw = json.dumps(plain + other).encode()
    assert plain_chats.messages_of(Raw(raw), []) == chat_messages.messages_of(raw, [])


_MESSAGE = '{"role":"user","content":"x"}'


@pytest.mark.parametrize(
    "written",
    [
        '{"messages":[{"role":"user","content":"x","content":"y"}]}',
        '{"messages":[{"role":"user","content":"x","\\u0063ontent":"y"}]}',
        '{"messages":[{"role":"user","content":"x","content":"\\u0022\\u0022"}]}',
        f'{{"messages":[{_MESSAGE}],"messages":[{_MESSAGE}]}}',
        '{"messages":[{"role":"user","content":"\\u0000"}]}',
        '{"messages":[{"role":"user","content":"\\ud800"}]}',
        '{"messages":[{"role":"user","content":["x"]}]}',
        '{"messages":[{"role":"user","content":"x","weight":1}]}',
        '{"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{}}}]}]}',
        f'{{"messages":[{_MESSAGE}],"id":7}}',
        f'{{"messages":[{_MESSAGE}],"score":1.10}}',
        f'{{"messages":[{_MESSAGE}],"tools":[]}}',
        f'{{"messages":[{_MESSAGE}]',
        f'{{"messages":[{_MESSAGE}]}} x',
        f'{{"deep":{"[" * 2_000}{"]" * 2_000},"messages":[{_MESSAGE}]}}',
        "[]",
    ],
)
def test_what_has_to_be_looked_at_closely_is_not_taken_as_plain(written: str) -> None:
    assert _plain(written.encode()) is None


def test_no_text_is_written_again_in_more_bytes_than_it_was_read_from() -> None:
    shortest = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    for code in (code for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000):
        written = shortest.get(chr(code), chr(code) if code >= 0x20 else f"\\u{code:04x}")
        raw = f'"{written}"'.encode()
        assert msgspec.json.encode(msgspec.json.decode(raw)) == raw, f"U+{code:04X}"  # on which `strict_json.exactly` rests


def test_bytes_that_are_no_utf_8_are_not_taken_as_plain() -> None:
    assert _plain(b'{"messages":[{"role":"user","content":"\xff"}]}') is None


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ("[]", "no messages"),
        ('[{"role":"nobody"}]', "nobody"),
        ('[{"role":"assistant","tool_calls":[{"function":{"name":"","arguments":""}}]}]', "no name"),
    ],
)
def test_a_plain_chat_that_says_nothing_sensible_is_refused(messages: str, reason: str) -> None:
    said = _plain(f'{{"messages":{messages}}}'.encode())
    with pytest.raises(BadRecord, match=reason):
        plain_chats.convert(said.messages)
