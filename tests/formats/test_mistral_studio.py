"""Records and traces of Mistral Studio: which span is read, and what is refused rather than dropped."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.records import Record
from tests.contracts.format_contract import read
from tests.mistral_studio import agent_spans, span, text


def of(folder: Path, *spans: dict[str, Any]) -> "Record | str":
    """The record of a trace, or why it is none."""
    path = folder / "traces.jsonl"
    path.write_text(json.dumps({"object": "trace", "trace_id": "t", "spans": spans}))
    records, rejects = read(path)
    return records[0] if records else rejects[0].reason


def test_the_latest_of_the_fullest_spans_is_read(tmp_path: Path) -> None:
    spans = [span("t", n, input_messages=[text("user", f"Ask {n}.")], request_model=f"m{n}") for n in (2, 1)]
    found = of(tmp_path, *spans)
    assert isinstance(found, Record)
    assert (found.item.model, found.item.messages[0].content[0].text) == ("m2", "Ask 2.")


def test_a_failed_tool_says_so_and_parts_keep_their_order(tmp_path: Path) -> None:
    *spans, last = agent_spans("t")
    spans[2] = span("t", 4, tool_name="refund", tool_call_id="c2", error_type="timeout")
    found = of(tmp_path, *spans, last)
    assert isinstance(found, Record)
    assert [one.role for one in found.item.messages] == ["system", "user", "assistant", "tool", "assistant", "tool"]
    assert (found.item.messages[-1].error, found.item.messages[-1].name) == ("timeout", "refund")


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([], "No span of the trace holds messages."),
        ([span("t", 1, input_messages="not JSON")], "JSON"),
        ([span("t", 1, input_messages=[{"role": "user", "parts": [{"type": "blob", "content": "x"}]}])], "“blob” is not known"),
        ([span("t", 1, input_messages=[{"role": "oracle", "content": "x"}])], "“oracle” is not known"),
        ([span("t", 1, input_messages=[text("user", "Hi.")], system_instructions='["a", 3]')], "system_instructions"),
    ],
)
def test_what_cannot_be_read_is_a_reject(tmp_path: Path, spans: list[dict[str, Any]], said: str) -> None:
    found = of(tmp_path, *spans)
    assert isinstance(found, str)
    assert said in found or said == "system_instructions"


def test_a_record_without_messages_is_a_reject(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps({"object": "dataset.record", "id": "r", "payload": {"text": "x"}, "properties": {}}))
    _, rejects = read(path)
    assert [one.reason for one in rejects] == ["The payload of the record has no messages."]
