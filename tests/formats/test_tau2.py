"""tau2-bench results, on the real files."""

import json
from pathlib import Path

import pytest

from reviewer.domain import items
from reviewer.domain.items import answered_calls
from reviewer.domain.records import Record
from tests.formats.real_runs import calls, records, texts


@pytest.fixture(scope="module")
def runs(real_data: Path) -> list[Record]:
    return records(real_data / "tau2-community")


def test_every_simulation_of_every_file_is_an_item(runs: list[Record]) -> None:
    assert len(runs) == 136
    assert len({run.item.external_id for run in runs}) == 136
    assert len({run.item.agent for run in runs}) == 11
    assert {run.item.model for run in runs} == {"gemini/gemma-3-27b-it", "openai/gpt-4.1-mini", "xai/grok-3-mini"}


def test_there_is_no_system_message_and_the_policy_stays_beside(runs: list[Record]) -> None:
    for run in runs:
        assert run.item.messages[0].role == "assistant"
        assert all(message.role != "system" for message in run.item.messages)
        policy = json.loads(run.metadata)["policy"]
        assert policy
        assert not any(text == policy for text in texts(run.item.messages))


def test_reward_checks_and_task_stay_beside(runs: list[Record]) -> None:
    besides = [json.loads(run.metadata) for run in runs]
    assert ([beside["reward"] for beside in besides].count(1.0), [beside["reward"] for beside in besides].count(0.0)) == (112, 24)
    for run, beside in zip(runs, besides, strict=True):
        assert beside["task"]["id"] == beside["task_id"]
        assert isinstance(beside["task_id"], str)
        assert '"reward' not in items.encode(run.item).decode()


def test_flat_calls_keep_their_arguments_and_replies_find_them_by_id(runs: list[Record]) -> None:
    assert len([call for run in runs for call in calls(run.item.messages)]) == 366
    for run in runs:
        source = json.loads(run.original)["messages"]
        answers = answered_calls(run.item.messages)
        for number, message in enumerate(source):
            if message["role"] == "tool":
                assert run.item.messages[number].tool_call_id == message["id"]
                at, call = answers[number]
                assert run.item.messages[at].tool_calls[call].id == message["id"]
            for kept, came in zip(run.item.messages[number].tool_calls, message.get("tool_calls") or (), strict=True):
                assert (kept.name, json.loads(kept.arguments)) == (came["name"], came["arguments"])


def test_a_users_own_calls_stay_with_the_user(runs: list[Record]) -> None:
    calling = [message for run in runs for message in run.item.messages if message.role == "user" and message.tool_calls]
    assert len(calling) == 10


def test_what_was_said_is_the_content_and_not_the_raw_answer(runs: list[Record]) -> None:
    other = 0
    for run in runs:
        for kept, came in zip(run.item.messages, json.loads(run.original)["messages"], strict=True):
            assert items.text_of(kept) == (came["content"] or "")
            raw = (came.get("raw_data") or {}).get("message") or {}
            other += bool(raw.get("content")) and raw["content"] != came["content"]
    assert other > 0  # the trap is there


def test_text_that_was_encoded_twice_is_left_as_it_is(runs: list[Record]) -> None:
    assert any("Matem\\u00c3\\u00a1tica" in text for run in runs for text in texts(run.item.messages))


def test_times_are_utc_with_milliseconds(runs: list[Record]) -> None:
    for run in runs:
        began = json.loads(run.original)["start_time"]
        assert run.item.time == f"{began[:19]}.{(began[20:23] or '000')}Z"


def test_failed_tools_are_marked(runs: list[Record]) -> None:
    for run in runs:
        for kept, came in zip(run.item.messages, json.loads(run.original)["messages"], strict=True):
            assert (kept.error is not None) == bool(came.get("error"))
