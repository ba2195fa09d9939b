"""Items as the rows that TRL trains on."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import items
from reviewer.domain.items import Candidate, Item, Message, Part, ToolCall
from reviewer.formats import turns


def _text(role: str, text: str = "x", **more: object) -> Message:
    return msgspec.convert({"role": role, "content": [{"type": "text", "text": text}], **more}, Message)


def _turn(item: Item) -> turns.Turn | None:
    return turns.turn(items.encode(item))


def _messages(raw: msgspec.Raw) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = msgspec.json.decode(raw)
    return found


def _roles(raw: msgspec.Raw) -> str:
    return " ".join(message["role"][0] for message in _messages(raw))


@pytest.mark.parametrize(
    ("roles", "prompt", "completion"),
    [
        ("system user assistant", "s u", "a"),
        ("user assistant tool assistant user", "u", "a t a"),
        ("system user assistant user assistant user user", "s u", "a u a"),
        ("assistant user assistant", "a u", "a"),
        ("system assistant user assistant", "s a u", "a"),
        ("system assistant", "s", "a"),
        ("assistant assistant user tool assistant", "a a u t", "a"),
    ],
)
def test_a_run_is_cut_before_the_first_answer_and_after_the_last(roles: str, prompt: str, completion: str) -> None:
    cut = _turn(Item(kind="trajectory", messages=tuple(_text(role) for role in roles.split())))
    assert cut is not None
    assert (_roles(cut.prompt), _roles(cut.completion)) == (prompt, completion)


@pytest.mark.parametrize("roles", ["user", "system user tool", "assistant", "assistant assistant user", ""])
def test_a_run_without_an_answer_has_no_value(roles: str) -> None:
    assert _turn(Item(kind="trajectory", messages=tuple(_text(role) for role in roles.split()))) is None


def test_two_candidates_become_a_pair_whose_calls_are_answered_and_whose_prompt_is_shared() -> None:
    call = Message(role="assistant", tool_calls=(ToolCall(name="find", arguments='{"n":1.10}'),))
    long = Candidate(key="B", messages=(call, _text("tool", "found"), _text("assistant", "é")))
    item = Item(
        kind="comparison", messages=(_text("user"),), candidates=(Candidate(key="A", messages=(_text("assistant"),)), long), tools="[]"
    )
    better, worse = turns.pairs(items.encode(item), [("B", "A"), ("A", "B")])
    assert (_roles(better.prompt), _roles(better.chosen), _roles(better.rejected)) == ("u", "a t a", "a")
    assert (worse.chosen, worse.rejected, worse.prompt) == (better.rejected, better.chosen, better.prompt)
    asked, answered, last = _messages(better.chosen)
    assert asked["tool_calls"][0]["function"]["arguments"] == '{"n":1.10}'
    assert answered["tool_call_id"] == asked["tool_calls"][0]["id"]
    assert last["content"] == "é"
    with pytest.raises(KeyError):
        turns.pairs(items.encode(item), [("A", "Z")])


def test_a_comparison_has_no_value_here() -> None:
    both = tuple(Candidate(key=key, messages=(_text("assistant"),)) for key in "AB")
    assert _turn(Item(kind="comparison", messages=(_text("user"),), candidates=both)) is None


def test_what_a_comparison_asks_is_a_turn_without_a_completion_with_its_image_where_a_dialect_has_one() -> None:
    image = Part(type="image", sha256="ab" * 32, media_type="image/png")
    asked = Message(role="user", content=(Part(type="text", text="Which?"), image))
    both = tuple(Candidate(key=key, messages=(_text("assistant"),)) for key in "AB")
    item = items.encode(Item(kind="comparison", messages=(_text("system"), asked), candidates=both))
    dialects = (turns.TEMPLATES, turns.SEEING, turns.OPENAI_CHAT)
    bare, apart, inline = (turns.question(item, dialect, lambda _: b"png") for dialect in dialects)
    assert bare is not None
    assert apart is not None
    assert inline is not None
    assert (_roles(bare.prompt), _roles(bare.completion), bare.media_left_out) == ("s u", "", 1)
    assert ([one.sha256 for one in apart.images], apart.media_left_out) == (["ab" * 32], 0)
    assert (inline.media_left_out, [part["type"] for part in _messages(inline.prompt)[1]["content"]]) == (0, ["text", "image_url"])
    assert inline.as_text is not None
    assert msgspec.json.decode(_messages(inline.as_text[0])[1]["content"]) == _messages(inline.prompt)[1]["content"]
    assert turns.question(items.encode(Item(kind="trajectory", messages=(_text("user"),)))) is None


def test_calls_get_ids_and_answers_name_them() -> None:
    calls = (ToolCall(name="a", arguments='{"n":1.10}'), ToolCall(name="b", id="given", arguments="not json"))
    messages = (
        _text("user"),
        Message(role="assistant", tool_calls=calls),
        _text("tool", "second", tool_call_id="given"),
        _text("tool", "first"),
        _text("assistant"),
    )
    cut = _turn(Item(kind="trajectory", messages=messages))
    assert cut is not None
    asked, *answers, _ = _messages(cut.completion)
    assert asked["content"] == ""
    assert asked["tool_calls"] == [
        {"id": "call_2_1", "type": "function", "function": {"name": "a", "arguments": '{"n":1.10}'}},
        {"id": "given", "type": "function", "function": {"name": "b", "arguments": "not json"}},
    ]
    assert [message["tool_call_id"] for message in answers] == ["given", "call_2_1"]


def test_text_json_reasoning_errors_and_media_find_their_places() -> None:
    content = (
        Part(type="text", name="reasoning", text="I think"),
        Part(type="text", text="one"),
        Part(type="json", json='{"k":1.0}'),
        Part(type="image", sha256="0" * 64, media_type="image/png", size_bytes=9),
    )
    messages = (_text("user"), Message(role="assistant", content=content), Message(role="tool", error="timed out"), _text("assistant"))
    cut = _turn(Item(kind="trajectory", messages=messages))
    assert cut is not None
    assert cut.media_left_out == 1
    assert _messages(cut.completion)[:2] == [
        {"role": "assistant", "content": 'one\n{"k":1.0}', "reasoning_content": "I think"},
        {"role": "tool", "content": "timed out"},
    ]


_WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
_PARTS = st.one_of(
    st.builds(Part, type=st.just("text"), text=st.none() | _WORDS, name=st.sampled_from([None, "reasoning", "refusal"])),
    st.builds(Part, type=st.just("json"), json=_WORDS),
    st.builds(Part, type=st.just("file"), name=_WORDS),
)
_SAID = st.builds(
    Message,
    role=st.sampled_from(["system", "user", "assistant", "tool"]),
    name=st.none() | _WORDS,
    content=st.lists(_PARTS, max_size=3).map(tuple),
    tool_calls=st.lists(st.builds(ToolCall, name=_WORDS, id=st.none() | _WORDS, arguments=_WORDS), max_size=2).map(tuple),
    tool_call_id=st.none() | _WORDS,
    error=st.none() | _WORDS,
)


def _plainly(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    """Messages in chat shape, made from decoded text instead of from pieces of JSON."""
    answers = items.answered_calls(messages)
    ids = {(m, k): call.id or f"call_{m + 1}_{k + 1}" for m, message in enumerate(messages) for k, call in enumerate(message.tool_calls)}
    chat = []
    for m, message in enumerate(messages):
        written = [part for part in message.content if part.type in ("text", "json")]
        said = "\n".join(part.text or part.json or "" for part in written if part.name != "reasoning")
        thought = "\n".join(part.text for part in message.content if part.name == "reasoning" and part.text)
        calls = [
            {"id": ids[m, k], "function": {"name": call.name, "arguments": call.arguments}, "type": "function"}
            for k, call in enumerate(message.tool_calls)
        ]
        asked = ids[answers[m]] if m in answers else message.tool_call_id
        more = {"name": message.name, "tool_calls": calls or None, "tool_call_id": asked, "reasoning_content": thought or None}
        chat.append({"role": message.role, "content": said or message.error or "", **{k: v for k, v in more.items() if v is not None}})
    return chat


@given(st.lists(_SAID, min_size=1, max_size=6).map(tuple))
def test_pieces_of_json_say_what_the_decoded_messages_say(messages: tuple[Message, ...]) -> None:
    messages = (_text("user"), *messages, _text("assistant"))
    cut = _turn(Item(kind="trajectory", messages=messages))
    assert cut is not None
    assert _messages(cut.prompt) + _messages(cut.completion) == _plainly(messages)
