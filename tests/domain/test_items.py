"""An item is named by its bytes, which are RFC 8785."""

import json
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import items
from reviewer.domain.items import Candidate, Item, Message, Part, ToolCall

texts = st.text(st.characters(exclude_categories=["Cs"]))
maybe = st.none() | texts
parts = st.builds(
    Part, type=st.sampled_from(["text", "json", "image", "audio", "file"]), text=maybe, json=maybe, media_type=maybe, name=maybe,
    size_bytes=st.none() | st.integers(0, 2**53 - 1),
)  # fmt: skip
calls = st.builds(ToolCall, name=texts, id=maybe, arguments=texts)
messages = st.builds(
    Message, role=st.sampled_from(["system", "user", "assistant", "tool"]), name=maybe, content=st.lists(parts, max_size=3).map(tuple),
    tool_calls=st.lists(calls, max_size=2).map(tuple), tool_call_id=maybe, error=maybe,
)  # fmt: skip
candidates = st.builds(Candidate, key=texts, messages=st.lists(messages, max_size=2).map(tuple), model=maybe)
any_item = st.builds(
    Item, kind=st.sampled_from(["trajectory", "completion", "comparison"]), messages=st.lists(messages, max_size=4).map(tuple), agent=maybe,
    model=maybe, time=maybe, external_id=maybe, candidates=st.lists(candidates, max_size=2).map(tuple), tools=maybe,
)  # fmt: skip


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value


@given(any_item)
def test_an_items_bytes_are_rfc_8785_without_nulls_and_read_back_the_same(item: Item) -> None:
    made = items.encode(item)
    assert items.decode(made) == item
    assert made == rfc8785.dumps(without_nulls(json.loads(made)))
    assert b"null" not in rfc8785.dumps({k: v for k, v in json.loads(made).items() if not isinstance(v, str | list)})


def test_an_items_id_is_golden() -> None:
    item = Item(
        kind="completion", messages=(Message(role="user", content=(Part(type="text", text="Grüße 🙂"),)),), time="2026-05-01T00:00:00.000Z"
    )
    made = items.encode(item)
    assert made.decode() == (
        '{"kind":"completion","messages":[{"content":[{"text":"Grüße 🙂","type":"text"}],"role":"user"}],"time":"2026-05-01T00:00:00.000Z"}'
    )
    assert items.item_id(made) == "1ba3525c7ee15672231f17fd869d668ba17816568cce834345740d5d7453702c"


def test_a_lone_surrogate_has_no_bytes() -> None:
    with pytest.raises(UnicodeEncodeError):
        items.encode(Item(kind="trajectory", messages=(Message(role="user", name="\ud800"),)))


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"kind":"poem","messages":[]}', b'{"kind":"trajectory","messages":[{"role":"nobody"}]}']
)
def test_other_bytes_are_no_item(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        items.decode(body)


def said(role: str, text: str) -> Message:
    return Message(role=role, content=(Part(type="text", text=text),))  # type: ignore[arg-type] # the cases name roles


def calling(*ids: str | None) -> Message:
    return Message(role="assistant", tool_calls=tuple(ToolCall(name="t", id=i) for i in ids))


def answering(wanted: str | None) -> Message:
    return Message(role="tool", tool_call_id=wanted)


@pytest.mark.parametrize(
    ("messages", "answers"),
    [
        ((calling("a", "b"), answering("b"), answering("a")), {1: (0, 1), 2: (0, 0)}),
        ((calling(None, None), answering(None), answering(None)), {1: (0, 0), 2: (0, 1)}),
        ((calling("", ""), answering(""), answering("")), {1: (0, 0), 2: (0, 1)}),
        ((calling("a"), answering("a"), calling("a"), answering("a")), {1: (0, 0), 3: (2, 0)}),
        ((calling("a"), answering("z")), {}),
        ((answering("a"),), {}),
    ],
)
def test_tool_turns_answer_calls_by_id_else_by_order(messages: tuple[Message, ...], answers: dict[int, tuple[int, int]]) -> None:
    assert items.answered_calls(messages) == answers


def test_an_item_is_about_what_a_user_said_first() -> None:
    item = Item(kind="trajectory", messages=(said("system", "Rules"), said("user", "  My\n\torder "), calling("a")))
    facts = items.facts(item)
    assert (facts.title, facts.steps, facts.tools, facts.media) == ("My order", 3, ("t",), ())


def test_all_text_is_what_was_said_and_called_with_line_ends_between() -> None:
    messages = (said("system", "Rules"), said("user", "My order"), calling("a"))
    assert items.all_text(Item(kind="trajectory", messages=messages)) == "Rules\nMy order\nt\n{}"
    other = Candidate(key="a", messages=(said("assistant", "Yes"),))
    assert items.all_text(Item(kind="comparison", messages=messages[1:2], candidates=(other,))) == "My order\nYes"


def test_a_title_is_one_short_line() -> None:
    item = Item(kind="completion", messages=(said("user", "word " * 100),))
    title = items.facts(item).title
    assert len(title) <= items.TITLE_LENGTH
    assert title.endswith("…")


def test_an_item_without_words_has_an_empty_title() -> None:
    assert items.facts(Item(kind="completion", messages=())).title == ""
