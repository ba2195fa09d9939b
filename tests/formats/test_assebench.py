"""R-Judge and ASSEBench, on the real files."""

import json
from pathlib import Path

import pytest

from reviewer.domain import items
from reviewer.domain.records import Record
from tests.formats.real_runs import records, texts


@pytest.fixture(scope="module")
def runs(real_data: Path) -> list[Record]:
    return records(real_data / "agentauditor")


def _of(runs: list[Record], agent: str) -> list[Record]:
    return [run for run in runs if run.item.agent == agent]


def test_both_files_are_read_whole_and_category_lists_are_not(runs: list[Record]) -> None:
    assert (len(_of(runs, "r-judge")), len(_of(runs, "assebench"))) == (382, 519)


def test_ids_that_are_unique_in_one_file_only_do_not_meet(runs: list[Record]) -> None:
    numbers = [{json.loads(run.metadata)["id"] for run in _of(runs, agent)} for agent in ("r-judge", "assebench")]
    assert len(numbers[0] & numbers[1]) == 105
    assert len({run.item.external_id for run in runs}) == 901
    assert len({items.item_id(items.encode(run.item)) for run in runs}) == 901


def test_rounds_follow_one_another(runs: list[Record]) -> None:
    several = 0
    for run in runs:
        rounds = json.loads(run.original)["contents"]
        several += len(rounds) > 1
        assert len(run.item.messages) == 1 + sum(map(len, rounds))
    assert several == 10


def test_thought_and_action_are_two_parts_and_nothing_stands_for_null(runs: list[Record]) -> None:
    nulls = 0
    for run in runs:
        turns = [turn for turns in json.loads(run.original)["contents"] for turn in turns]
        for kept, turn in zip(run.item.messages[1:], turns, strict=True):
            came = [("reasoning", turn.get("thought")), (None, turn.get("action")), (None, turn.get("content"))]
            nulls += any(key in turn and turn[key] is None for key in ("thought", "action", "content"))
            assert [(part.name, part.text) for part in kept.content] == [(name, text) for name, text in came if text]
    assert nulls > 100


def test_roles_are_mapped_and_a_user_turn_stays_one(runs: list[Record]) -> None:
    roles = {"user": "user", "agent": "assistant", "environment": "tool"}
    for run in runs:
        turns = [turn for turns in json.loads(run.original)["contents"] for turn in turns]
        assert [message.role for message in run.item.messages] == ["system", *(roles[turn["role"]] for turn in turns)]
    later = [run for run in _of(runs, "assebench") if sum(message.role == "user" for message in run.item.messages) > 1]
    assert len(later) > 300  # observations that stand as users: nothing tells them apart


def test_what_the_judges_said_stays_beside(runs: list[Record]) -> None:
    unsafe = {"r-judge": 0, "assebench": 0}
    for run in runs:
        beside = json.loads(run.metadata)
        unsafe[str(run.item.agent)] += beside["label"]
        seen = list(texts(run.item.messages))
        assert beside["risk_description"] == "" or beside["risk_description"] not in seen
        assert beside.get("goal", "judge") not in seen
        assert '"label"' not in items.encode(run.item).decode()
    assert unsafe == {"r-judge": 233, "assebench": 280}
    assert sum(json.loads(run.metadata)["ambiguous"] for run in _of(runs, "assebench")) == 37
