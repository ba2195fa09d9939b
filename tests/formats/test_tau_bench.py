"""tau-bench, on the real file."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain import items
from reviewer.domain.records import Record
from tests.formats.real_runs import calls, records, texts


@pytest.fixture(scope="module")
def runs(real_data: Path) -> list[Record]:
    return records(real_data / "tau-bench")


@pytest.fixture(scope="module")
def sources(real_data: Path) -> list[dict[str, Any]]:
    with gzip.open(real_data / "tau-bench/historical_trajectories/gpt-4o-airline.json.gz") as file:
        found: list[dict[str, Any]] = json.load(file)
    return found


def test_task_and_trial_together_name_a_run(runs: list[Record]) -> None:
    assert len(runs) == 140
    assert len({run.item.external_id for run in runs}) == 140
    assert runs[0].item.external_id == "task 0 trial 0"
    assert {run.item.agent for run in runs} == {"airline"}


def test_the_policy_is_the_system_message(runs: list[Record]) -> None:
    assert all(items.text_of(run.item.messages[0]).startswith("# Airline Agent Policy") for run in runs)


def test_714_of_772_messages_that_call_have_no_content_and_none_gets_an_empty_text(runs: list[Record]) -> None:
    calling = [message for run in runs for message in run.item.messages if message.tool_calls]
    assert len(calling) == 772
    assert sum(not message.content for message in calling) == 714


def test_arguments_that_came_as_text_are_json_with_the_same_values(runs: list[Record], sources: list[dict[str, Any]]) -> None:
    for run, source in zip(runs, sources, strict=True):
        came = [call["function"]["arguments"] for message in source["traj"] for call in message.get("tool_calls") or ()]
        kept = [call.arguments for call in calls(run.item.messages)]
        assert [json.loads(text) for text in kept] == [json.loads(text) for text in came]
        assert not any(", " in text and '"' not in text for text in kept)


def test_the_run_that_stopped_at_the_step_limit_ends_on_a_tool(runs: list[Record]) -> None:
    (run,) = [run for run in runs if run.item.external_id == "task 2 trial 1"]
    assert json.loads(run.metadata)["info"]["reward_info"] is None
    assert run.item.messages[-1].role == "tool"


def test_simulated_users_end_as_they_did(runs: list[Record]) -> None:
    assert sum(items.text_of(run.item.messages[-1]).endswith("###STOP###") for run in runs) == 99


def test_reward_gold_actions_and_the_hidden_brief_stay_out_of_the_item(runs: list[Record], sources: list[dict[str, Any]]) -> None:
    for run, source in zip(runs, sources, strict=True):
        beside = json.loads(run.metadata)
        assert beside["reward"] == source["reward"]
        assert beside["info"]["task"]["actions"] == source["info"]["task"]["actions"]
        canonical = items.encode(run.item).decode()
        assert '"reward' not in canonical
        assert '\\"kwargs\\"' not in canonical
        assert not any(source["info"]["task"]["instruction"] == text for text in texts(run.item.messages))
    rewards = [json.loads(run.metadata)["reward"] for run in runs]
    assert (rewards.count(1.0), rewards.count(0.0)) == (65, 75)
