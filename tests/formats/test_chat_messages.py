"""Chat messages as they are spelled in the wild."""

import base64
import json
from typing import Any

import pytest

from reviewer.domain.errors import BadRecord
from reviewer.domain.items import Message, Part, ToolCall
from reviewer.domain.records import Medium
from reviewer.formats import chat_messages

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 30


def _one(message: dict[str, Any], found: list[Medium] | None = None) -> Message:
    (kept,) = chat_messages.messages_of(json.dumps([message]).encode(), [] if found is None else found)
    return kept


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        ({"function": {"name": "f", "arguments": '{"a": 1.10}'}}, ToolCall(name="f", arguments='{"a":1.10}')),
        ({"id": "", "function": {"name": "f", "arguments": {}}}, ToolCall(name="f")),
        ({"id": "x", "name": "f", "arguments": {"a": [1, 2]}}, ToolCall(name="f", id="x", arguments='{"a":[1,2]}')),
        ({"id": 7, "function": "f", "arguments": {}}, ToolCall(name="f", id="7")),
        ({"function": {"name": "f"}}, ToolCall(name="f")),
        ({"function": "f", "args": {"a": 1}}, ToolCall(name="f", arguments='{"a":1}')),
        ({"function": {"name": "f", "arguments": ""}}, ToolCall(name="f")),
        ({"function": {"name": "f", "arguments": None}}, ToolCall(name="f")),
        ({"function": {"name": "f", "arguments": "ls -la"}}, ToolCall(name="f", arguments="ls -la")),
    ],
)
def test_calls_of_every_spelling_are_one(came: dict[str, Any], kept: ToolCall) -> None:
    assert _one({"role": "assistant", "tool_calls": [came]}).tool_calls == (kept,)


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        ("x", (Part(type="text", text="x"),)),
        ("", ()),
        (None, ()),
        ([], ()),
        (["x", ""], (Part(type="text", text="x"),)),
        ([{"type": "text", "text": "x"}], (Part(type="text", text="x"),)),
        ([{"type": "text", "content": "x"}], (Part(type="text", text="x"),)),
        ([{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}], (Part(type="text", text="hm", name="reasoning"),)),
        ([{"type": "reasoning", "reasoning": "hm"}], (Part(type="text", text="hm", name="reasoning"),)),
        ([{"type": "image_url", "image_url": "http://a/b"}], (Part(type="file", name="http://a/b"),)),
        ([{"type": "image_url", "image_url": {"url": "http://a/b"}}], (Part(type="file", name="http://a/b"),)),
        ([{"type": "new", "x": 1.10}], (Part(type="json", json='{"type":"new","x":1.1}', name="new"),)),
        ({"a": [1, None]}, (Part(type="json", json='{"a":[1,null]}'),)),
    ],
)
def test_content_of_every_spelling_is_parts(came: object, kept: tuple[Part, ...]) -> None:
    assert _one({"role": "user", "content": came}).content == kept


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "data:image/gif;base64," + base64.b64encode(PNG).decode()}},
        {"type": "image_url", "image_url": "data:;base64," + base64.b64encode(PNG).decode()},
        {"type": "image", "image": "data:image/png;base64," + base64.b64encode(PNG).decode()},
        {"type": "input_image", "image_url": "data:image/png;base64," + base64.b64encode(PNG).decode()},
        {"type": "file", "file": {"file_data": "data:x/y;base64," + base64.b64encode(PNG).decode()}},
        {"type": "input_audio", "input_audio": {"data": base64.b64encode(PNG).decode(), "format": "wav"}},
    ],
)
def test_bytes_in_a_message_become_a_medium_named_by_hash(part: dict[str, Any]) -> None:
    found: list[Medium] = []
    (kept,) = _one({"role": "user", "content": [part]}, found).content
    assert (kept.type, kept.media_type, kept.size_bytes) == ("image", "image/png", len(PNG))
    assert [(medium.sha256, medium.content) for medium in found] == [(kept.sha256, PNG)]


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (None, None),
        (False, None),
        ("", None),
        (True, "error"),
        ("no", "no"),
        ({"type": "a", "message": "b"}, "a: b"),
        ({"x": 1}, '{"x":1}'),
    ],
)
def test_errors_of_every_spelling_are_text(error: object, kept: str | None) -> None:
    assert _one({"role": "tool", "error": error}).error == kept


def test_reasoning_comes_before_and_a_refusal_after_what_was_said() -> None:
    kept = _one({"role": "assistant", "reasoning_content": "hm", "content": "no", "refusal": "I will not"})
    assert [(part.name, part.text) for part in kept.content] == [("reasoning", "hm"), (None, "no"), ("refusal", "I will not")]


def test_an_old_function_call_is_a_call() -> None:
    assert _one({"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}).tool_calls == (ToolCall(name="f"),)
    assert _one({"role": "function", "name": "f", "content": "x"}).role == "tool"
    assert _one({"role": "developer", "content": "x"}).role == "system"


def test_free_json_in_content_keeps_its_own_bytes() -> None:
    raw = b'[{"role":"user","content":[{"type":"new", "n": 1.10, "m": 12345678901234567890123}]}]'
    (kept,) = chat_messages.messages_of(raw, [])
    assert kept.content[0].json == '{"type":"new","n":1.10,"m":12345678901234567890123}'


def test_no_messages_are_refused() -> None:
    with pytest.raises(BadRecord, match="no messages"):
        chat_messages.messages_of(b"[]", [])
