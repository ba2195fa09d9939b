"""Mistral's chat records."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.items import Message, Part, ToolCall
from tests.contracts.format_contract import found, ids, read

TURNS: list[dict[str, Any]] = [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]


@pytest.mark.parametrize(
    "record",
    [
        {"messages": TURNS, "properties": {"a": 1}},
        {"messages": [TURNS[0], {"role": "assistant", "content": "y", "prefix": True}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "http://a/b"}]}]},
        {"messages": [{"role": "assistant", "content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}]},
        {"messages": [{"role": "assistant", "tool_calls": [{"id": "D681PevKs", "function": {"name": "f", "arguments": "{}"}}]}]},
    ],
)
def test_marks_of_mistral_are_seen_and_the_item_is_that_of_any_chat(tmp_path: Path, record: dict[str, Any]) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(json.dumps(record))
    assert found(path).format == "mistral-chat"
    plain = tmp_path / "plain.jsonl"
    plain.write_text(json.dumps({"messages": record["messages"]}))
    assert ids(read(path)[0]) == ids(read(plain)[0])


def test_a_conversation_history_is_a_run_with_its_calls(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    entries = [
        {"type": "message.input", "role": "user", "content": "Find it.", "created_at": "2026-05-01T10:00:00Z"},
        {"type": "function.call", "tool_call_id": "abcdefghi", "name": "find", "arguments": '{"a": 1}'},
        {"type": "function.result", "tool_call_id": "abcdefghi", "result": "here"},
        {"type": "agent.handoff", "previous_agent_name": "a", "next_agent_name": "b"},
        {"type": "message.output", "content": "Done.", "model": "mistral-large"},
    ]
    path.write_text(json.dumps({"object": "conversation.history", "conversation_id": "conv_1", "entries": entries}))
    ((record,), _) = read(path)
    assert record.item.messages == (
        Message(role="user", content=(Part(type="text", text="Find it."),)),
        Message(role="assistant", tool_calls=(ToolCall(name="find", id="abcdefghi", arguments='{"a":1}'),)),
        Message(role="tool", content=(Part(type="text", text="here"),), tool_call_id="abcdefghi"),
        Message(role="system", name="handoff", content=(Part(type="text", text="a → b"),)),
        Message(role="assistant", content=(Part(type="text", text="Done."),)),
    )
    assert (record.item.external_id, record.item.model, record.item.time) == ("conv_1", "mistral-large", "2026-05-01T10:00:00.000Z")
