"""Who&When, on the real files."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain import items
from reviewer.domain.errors import BadRecord
from reviewer.domain.records import Record
from reviewer.formats import companions, who_and_when
from reviewer.formats.format import Options
from reviewer.formats.intake import Skipped
from tests.contracts.format_contract import read
from tests.formats.real_runs import records


@pytest.fixture(scope="module")
def runs(real_data: Path) -> list[Record]:
    return records(real_data / "who-and-when")


def _half(runs: list[Record], half: str) -> list[Record]:
    return [run for run in runs if run.item.agent == half]


def _raw(run: Record) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run.original)
    return found


def test_both_halves_are_read_whole_and_told_apart_without_their_folders(runs: list[Record], real_data: Path) -> None:
    for half, count in (("Algorithm-Generated", 92), ("Hand-Crafted", 42)):
        assert len(_half(runs, half)) == count == len(list((real_data / "who-and-when" / half).glob("*.json")))
        assert {run.original for run in _half(runs, half)} == {
            path.read_bytes().strip() for path in (real_data / "who-and-when" / half).glob("*.json")
        }


def test_both_halves_have_the_same_questions_and_their_ids_do_not_meet(runs: list[Record]) -> None:
    asked = [{_raw(run)["question_ID"] for run in _half(runs, half)} for half in ("Algorithm-Generated", "Hand-Crafted")]
    assert len(asked[0] & asked[1]) == 33
    assert len({run.item.external_id for run in runs}) == 134
    assert len({items.item_id(items.encode(run.item)) for run in runs}) == 134


def test_the_messages_are_the_history_and_nothing_else(runs: list[Record]) -> None:
    for run in runs:
        history = _raw(run)["history"]
        assert ["".join(part.text or "" for part in message.content) for message in run.item.messages] == [
            turn["content"] for turn in history
        ]
    assert max(len(run.item.messages) for run in runs) > 100


def test_the_speaker_stands_in_the_name_of_one_half_and_in_the_role_of_the_other(runs: list[Record]) -> None:
    for run in runs:
        for kept, turn in zip(run.item.messages, _raw(run)["history"], strict=True):
            assert kept.name == turn.get("name", turn["role"])
    by_algorithm = {message.role for run in _half(runs, "Algorithm-Generated") for message in run.item.messages}
    assert by_algorithm == {"assistant", "tool"}  # its roles user and assistant tell nothing: all are agents, or the terminal
    by_hand = {(message.role, (message.name or "").split(" ")[0]) for run in _half(runs, "Hand-Crafted") for message in run.item.messages}
    assert by_hand == {
        ("user", "human"),
        ("tool", "ComputerTerminal"),
        *(("assistant", name) for name in ("Orchestrator", "WebSurfer", "FileSurfer", "Assistant")),
    }


def test_what_is_known_of_the_failure_is_kept_beside_and_out_of_the_item(runs: list[Record]) -> None:
    for run in runs:
        beside = json.loads(run.metadata)
        assert beside == {name: value for name, value in _raw(run).items() if name != "history"}
        assert ("is_correct" in beside) != ("is_corrected" in beside)
    assert sum("level" in json.loads(run.metadata) for run in runs) == 111
    assert sum("system_prompt" in json.loads(run.metadata) for run in runs) == 92


def test_the_decisive_step_is_counted_from_nought_and_marked_with_those_before_it(runs: list[Record]) -> None:
    for run in runs:
        (label,) = who_and_when.labels(run)
        raw = _raw(run)
        assert isinstance(raw["mistake_step"], str)
        decisive = int(raw["mistake_step"]) + 1
        assert label.verdict == "non_compliant"
        assert label.rationale == raw["mistake_reason"]
        assert isinstance(label.steps, dict)
        assert [step for step, mark in label.steps.items() if mark == "bad"] == [str(decisive)]
        good = [number for number, message in enumerate(run.item.messages, 1) if message.role == "assistant" and number < decisive]
        assert [int(step) for step, mark in label.steps.items() if mark == "good"] == good


def test_the_guilty_agent_speaks_at_the_decisive_step_but_for_three_runs(runs: list[Record]) -> None:
    """An index counted from 1, or one message too many before the history, would miss most of them."""
    other = [
        run for run in runs if not (run.item.messages[int(_raw(run)["mistake_step"])].name or "").startswith(_raw(run)["mistake_agent"])
    ]
    assert len(other) == 3


@pytest.mark.parametrize("step", ["2", "-1", "x", "", "１", 7, "9999999999"])
def test_a_step_that_is_not_there_gives_no_label_and_the_run_goes_in_all_the_same(tmp_path: Path, step: object) -> None:
    path = tmp_path / "1.json"
    turns = [{"role": "human", "content": "How many?"}, {"role": "Assistant", "content": "Two."}]
    path.write_text(json.dumps({"history": turns, "mistake_step": step, "mistake_agent": "Assistant"}))
    ((record,), rejects) = read(path)
    assert not rejects
    with pytest.raises(BadRecord):
        list(who_and_when.labels(record))
    (line,) = companions.labels(str(path), Options(format="who-and-when"))
    assert not isinstance(line, Skipped)
    assert line.said is None
    assert "step" in line.problem


def test_labels_name_the_items_that_an_import_makes(runs: list[Record], real_data: Path) -> None:
    lines = list(companions.labels(str(real_data / "who-and-when"), Options(format="who-and-when")))
    named = [line.said.label.item for line in lines if not isinstance(line, Skipped) and line.said is not None]
    assert named == [items.item_id(items.encode(run.item)) for run in runs]
    assert [Path(line.path).name for line in lines if isinstance(line, Skipped)] == ["LICENSE"]
