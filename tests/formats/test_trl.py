"""Items as the rows that TRL trains on."""

import msgspec
import pytest

from reviewer.domain.items import Candidate, Item, Message, Part, ToolCall
from reviewer.formats import trl


def _text(role: str, text: str = "x", **more: object) -> Message:
    return msgspec.convert({"role": role, "content": [{"type": "text", "text": text}], **more}, Message)


def _roles(messages: tuple[trl.ChatMessage, ...]) -> str:
    return " ".join(message.role[0] for message in messages)


@pytest.mark.parametrize(
    ("roles", "prompt", "completion"),
    [
        ("system user assistant", "s u", "a"),
        ("user assistant tool assistant user", "u", "a t a"),
        ("system user assistant user assistant user user", "s u", "a u a"),
        ("assistant user assistant", "a u", "a"),
        ("assistant assistant user tool assistant", "a a u t", "a"),
    ],
)
def test_a_run_is_cut_before_the_first_answer_and_after_the_last(roles: str, prompt: str, completion: str) -> None:
    cut = trl.turn(Item(kind="trajectory", messages=tuple(_text(role) for role in roles.split())))
    assert cut is not None
    assert (_roles(cut.prompt), _roles(cut.completion)) == (prompt, completion)


@pytest.mark.parametrize("roles", ["user", "system user tool", "assistant", "assistant assistant user", ""])
def test_a_run_without_an_answer_has_no_value(roles: str) -> None:
    assert trl.turn(Item(kind="trajectory", messages=tuple(_text(role) for role in roles.split()))) is None


def test_a_comparison_has_no_value_here() -> None:
    both = tuple(Candidate(key=key, messages=(_text("assistant"),)) for key in "AB")
    assert trl.turn(Item(kind="comparison", messages=(_text("user"),), candidates=both)) is None


def test_calls_get_ids_and_answers_name_them() -> None:
    calls = (ToolCall(name="a", arguments='{"n":1.10}'), ToolCall(name="b", id="given", arguments="not json"))
    messages = (
        _text("user"),
        Message(role="assistant", tool_calls=calls),
        _text("tool", "second", tool_call_id="given"),
        _text("tool", "first"),
        _text("assistant"),
    )
    chat = trl.chat_messages(messages)
    assert [(call.id, call.type, call.function.name, call.function.arguments) for call in chat[1].tool_calls] == [
        ("call_2_1", "function", "a", '{"n":1.10}'),
        ("given", "function", "b", "not json"),
    ]
    assert [message.tool_call_id for message in chat[2:4]] == ["given", "call_2_1"]


def test_text_json_reasoning_errors_and_media_find_their_places() -> None:
    content = (
        Part(type="text", name="reasoning", text="I think"),
        Part(type="text", text="one"),
        Part(type="json", json='{"k":1.0}'),
        Part(type="image", sha256="0" * 64, media_type="image/png", size_bytes=9),
    )
    messages = (_text("user"), Message(role="assistant", content=content), Message(role="tool", error="timed out"), _text("assistant"))
    cut = trl.turn(Item(kind="trajectory", messages=messages))
    assert cut is not None
    assert cut.media_left_out == 1
    assert (cut.completion[0].content, cut.completion[0].reasoning_content) == ('one\n{"k":1.0}', "I think")
    assert cut.completion[1].content == "timed out"


def test_rows_fit_the_schema_and_come_back_from_it_the_same() -> None:
    item = Item(kind="completion", messages=(_text("user"), _text("assistant", "yes")), tools='[{"type":"function"}]')
    cut = trl.turn(item)
    assert cut is not None
    row = trl.kto_row(item, cut, desirable=True, item_id="i", campaigns=("c",), labels=("l",), blind=True)
    (back,) = trl.parquet_rows(trl.json_lines([row])).to_pylist()
    assert (back["label"], back["tools"]) == (True, '[{"type":"function"}]')
    assert (back["reviewer_item"], back["reviewer_labels"]) == ("i", ["l"])
    said = [(message["role"], message["content"]) for message in back["prompt"] + back["completion"]]
    assert said == [("user", "x"), ("assistant", "yes")]
    assert set(msgspec.json.decode(msgspec.json.encode(row))["prompt"][0]) == {"role", "content"}
