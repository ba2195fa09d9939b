"""Samples for Inspect: the fields that its reader takes by name, and a set that shows when it was changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.errors import Damaged, Refused
from reviewer.domain.items import Item, Message, Part, ToolCall
from reviewer.formats import inspect_samples
from reviewer.formats.inspect_samples import Told

TOLD = Told(
    reviewer_item="ab" * 32, reviewer_campaign="C", reviewer_campaign_id="cd" * 32, reviewer_verdict="compliant", reviewer_task="ef" * 32,
    reviewer_by=("prompt",), reviewer_title="Refund?", reviewer_blind=True, reviewer_labels=("12" * 32,),
)  # fmt: skip


def _said(role: str, text: str, **more: Any) -> Message:
    return Message(role=role, content=(Part(type="text", text=text),), **more)  # type: ignore[arg-type] # one of the roles


def _run(*messages: Message) -> Item:
    return Item(kind="trajectory", messages=messages)


def _written(tmp_path: Path, *heads: bytes | None) -> Path:
    path = tmp_path / "set.jsonl"
    with path.open("wb") as stream:
        inspect_samples.write(stream, [one for one in heads if one is not None])
    return path


def test_a_sample_asks_what_stood_before_the_first_answer(tmp_path: Path) -> None:
    look = ToolCall(name="look", arguments='{"order":1.10,"deep":{"a":[1]}}')
    odd = ToolCall(name="odd", id="x", arguments="no json")
    item = _run(
        _said("system", "Rules."), Message(role="assistant", tool_calls=(look, odd)), _said("tool", "ok"),
        _said("tool", "bad", tool_call_id="x"),
        _said("user", "Refund?"), _said("assistant", "No."), _said("user", "Why?"),
    )  # fmt: skip
    (line,) = _written(tmp_path, inspect_samples.head(item, TOLD)).read_text(encoding="utf-8").splitlines()
    assert '"order":1.10' in line  # the source's own digits
    told = json.loads(line)
    assert list(told) == ["id", "input", "target", "metadata"]
    assert (told["id"], told["target"]) == (TOLD.reviewer_item, "compliant")
    assert [one["role"] for one in told["input"]][:2] == ["system", "assistant"]
    assert all(isinstance(one["content"], str) for one in told["input"])
    assert told["input"][1].get("tool_calls") == [
        {"id": "call_2_1", "function": "look", "type": "function", "arguments": {"order": 1.1, "deep": {"a": [1]}}},
        {"id": "x", "function": "odd", "type": "function", "arguments": {}, "parse_error": "no json"},
    ]


@pytest.mark.parametrize(
    "item",
    [
        _run(_said("user", "Refund?")),
        _run(_said("assistant", "Hi.")),
        _run(Message(role="user", content=(Part(type="image", sha256="00" * 32),)), _said("assistant", "No.")),
        Item(kind="comparison", messages=(_said("user", "Refund?"),)),
    ],
    ids=["no answer", "no question", "an image", "a comparison"],
)
def test_what_asks_nothing_or_with_an_image_is_no_sample(item: Item) -> None:
    assert inspect_samples.head(item, TOLD) is None


def test_a_set_is_read_back_and_shows_when_it_was_changed(tmp_path: Path) -> None:
    items = [_run(_said("user", f"Refund {n}?"), _said("assistant", "No.")) for n in range(3)]
    path = _written(tmp_path, *(inspect_samples.head(item, TOLD) for item in items))
    name, told = inspect_samples.read(path)
    assert (told, len(name)) == ([TOLD] * 3, 64)
    whole = path.read_bytes()
    for changed in (whole.replace(b'"target":"compliant"', b'"target":"non_compliant"', 1), b"".join(whole.splitlines(keepends=True)[:2])):
        path.write_bytes(changed)
        with pytest.raises(Damaged, match="is not the set that was exported"):
            inspect_samples.read(path)
    for other in (b"", b"{}\n", b'{"id":1,"reviewer_set":"\xff"}}\n', b"\n" + whole):
        path.write_bytes(other)
        with pytest.raises(Refused, match="is not a regression set"):
            inspect_samples.read(path)
    with pytest.raises(Refused, match="is not a regression set"):
        inspect_samples.read(tmp_path / "nowhere.jsonl")
