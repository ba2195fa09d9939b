"""Chat JSONL: what CLI.md promises of its keys, and that what is written is read as the same item."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.domain.items import Item, Message, Part, ToolCall
from reviewer.domain.records import Record
from reviewer.formats import intake
from tests.contracts.format_contract import read
from tests.formats.real_runs import records
from tests.formats.test_strict_json import TEXT, VALUES

SAID = TEXT.filter(bool)
PARTS = st.builds(Part, type=st.just("text"), text=SAID, name=st.just(None))
ARGUMENTS = st.dictionaries(SAID, VALUES, max_size=3).map(lambda value: json.dumps(value, separators=(",", ":"))) | st.just("not json")
CALLS = st.builds(ToolCall, name=SAID, id=st.none() | SAID, arguments=ARGUMENTS)
MESSAGES = st.builds(
    Message,
    role=st.sampled_from(["system", "user", "assistant", "tool"]),
    name=st.none() | SAID,
    content=st.lists(PARTS, max_size=2).map(tuple),
    tool_calls=st.lists(CALLS, max_size=2).map(tuple),
    tool_call_id=st.none() | SAID,
    error=st.none() | SAID,
)
ITEMS = st.builds(
    Item,
    kind=st.just("trajectory"),
    messages=st.lists(MESSAGES, min_size=1, max_size=4).map(tuple),
    agent=st.none() | SAID,
    model=st.none() | SAID,
    time=st.none() | st.just("2026-05-04T03:02:01.123Z"),
    external_id=st.none() | SAID,
    tools=st.none() | st.just('[{"type":"function","function":{"name":"f","parameters":{"x":1.10}}}]'),
)


def _written(item: Item) -> dict[str, Any]:
    """The item as a person's own script would write it."""
    return {
        "id": item.external_id,
        "agent": item.agent,
        "model": item.model,
        "time": item.time,
        "messages": [
            {
                "role": message.role,
                "name": message.name,
                "content": [{"type": "text", "text": part.text} for part in message.content],
                "tool_calls": [
                    {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
                    for call in message.tool_calls
                ],
                "tool_call_id": message.tool_call_id,
                "error": message.error,
            }
            for message in item.messages
        ],
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(ITEMS, min_size=1, max_size=3), st.booleans())
def test_items_written_as_chat_are_read_as_the_same_items(tmp_path: Path, written: list[Item], ascii_only: bool) -> None:
    path = tmp_path / "chat.jsonl"
    lines = []
    for item in written:
        line = json.dumps(_written(item), ensure_ascii=ascii_only)
        lines.append(line if item.tools is None else f'{line[:-1]},"tools":{item.tools}}}')
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    found, rejects = read(path)
    assert not rejects
    assert [record.item for record in found] == written


def _record(tmp_path: Path, **keys: Any) -> Record:
    path = tmp_path / "chat.jsonl"
    path.write_text(json.dumps({"messages": [{"role": "user", "content": "x"}], **keys}))
    ((record,), rejects) = read(path)
    assert not rejects
    return record


def test_the_keys_of_a_record_are_the_items_and_every_other_goes_beside(tmp_path: Path) -> None:
    record = _record(
        tmp_path,
        id=17,
        agent="desk",
        model="m",
        time="2026-05-04T05:02:01+02:00",
        tools=[{"a": 1}],
        metadata={"a": 1, "b": 2},
        b=3,
        score=0.5,
    )
    item = record.item
    assert (item.external_id, item.agent, item.model, item.time, item.tools) == ("17", "desk", "m", "2026-05-04T03:02:01.000Z", '[{"a":1}]')
    assert json.loads(record.metadata) == {"a": 1, "metadata.b": 2, "b": 3, "score": 0.5}


def test_nulls_and_empty_values_are_left_out(tmp_path: Path) -> None:
    record = _record(tmp_path, id=None, agent="", model=None, time=None, tools=[], metadata=None)
    assert record.item == Item(kind="trajectory", messages=(Message(role="user", content=(Part(type="text", text="x"),)),))
    assert record.metadata == "{}"


def test_metadata_that_is_no_object_is_kept(tmp_path: Path) -> None:
    assert json.loads(_record(tmp_path, metadata=[1, 2]).metadata) == {"metadata": [1, 2]}


def test_a_list_of_records_and_a_single_record_are_read_too(tmp_path: Path) -> None:
    one = {"messages": [{"role": "user", "content": "x"}]}
    for content, count in ((json.dumps([one, one], indent=2), 2), (json.dumps(one, indent=2), 1), (json.dumps(one), 1)):
        path = tmp_path / "chat.json"
        path.write_text(content)
        assert len(read(path)[0]) == count


def test_the_real_fine_tuning_files_are_read_and_the_classifier_file_is_passed_over(real_data: Path) -> None:
    assert len(records(real_data / "mistral")) == 22
    skipped = {Path(one.path).name for one in intake.scan([str(real_data / "mistral")]) if isinstance(one, intake.Skipped)}
    assert skipped == {"LICENSE", "classifier_sentiments.jsonl"}
