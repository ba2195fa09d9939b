"""AgentDojo, on the real files."""

import json
from pathlib import Path

import pytest

from reviewer.domain import items
from reviewer.domain.items import answered_calls
from reviewer.domain.records import Record, Reject
from reviewer.formats import intake
from tests.formats.real_runs import calls, everything, records

# The 34 empty runs are rejected; the others must add up to what the collection counts over all.
EMPTY_ATTACKED = 34
NO_IDS = ("command-r", "gemini-1.5-flash-001", "gemini-1.5-flash-002")


@pytest.fixture(scope="module")
def runs(real_data: Path) -> list[Record]:
    return records(real_data / "agentdojo")


def test_the_34_empty_runs_are_rejected_with_their_line_and_themselves(real_data: Path) -> None:
    rejects = [one for one in everything(real_data / "agentdojo") if isinstance(one, Reject)]
    assert len(rejects) == 34
    assert {reject.reason for reject in rejects} == {"The record has no messages."}
    for reject in rejects:
        source = json.loads(reject.content)
        assert source["metadata"]["model"].startswith("claude-3-opus")
        assert source["metadata"]["suite_name"] == "workspace"
        assert reject.line == reject.index + 1  # the header line is counted as a line, not as a record


def test_header_lines_are_no_records(runs: list[Record], real_data: Path) -> None:
    assert len(runs) == 1_814
    assert len(list(intake.scan([str(real_data / "agentdojo")]))) == 13
    assert all(run.line == run.index + 1 for run in runs)


def test_a_file_name_with_a_blank_and_brackets_is_read(real_data: Path) -> None:
    name = "agentdojo-gpt-4o-2024-05-13-transformers_pi_detector (1).jsonl.gz"
    assert len(records(real_data / "agentdojo" / name)) == 154


def test_calls_whose_ids_are_empty_have_none_and_are_answered_in_order(runs: list[Record]) -> None:
    without = [call for run in runs for call in calls(run.item.messages) if call.id is None]
    assert len(without) == 954
    assert len([call for run in runs for call in calls(run.item.messages)]) == 5_859
    for run in runs:
        if run.item.model in NO_IDS:
            answers = answered_calls(run.item.messages)
            replies = [n for n, message in enumerate(run.item.messages) if message.role == "tool"]
            assert sorted(answers) == replies
            called = json.loads(run.original)["messages"]
            for reply, (message, call) in answers.items():
                assert called[reply]["tool_call"]["function"] == run.item.messages[message].tool_calls[call].name


def test_arguments_that_came_as_an_object_keep_their_bytes(runs: list[Record]) -> None:
    for run in runs[:300]:
        compact = json.dumps(json.loads(run.original), separators=(",", ":"))
        for call in calls(run.item.messages):
            assert f'"arguments":{call.arguments}' in compact


def test_the_models_own_name_counts_and_not_the_files(runs: list[Record]) -> None:
    models = {run.item.model for run in runs}
    assert len(models) == 12
    assert {"gemini-1.5-flash-001", "gemini-1.5-flash-002"} <= models


def test_errors_of_tools_are_kept(runs: list[Record]) -> None:
    failed = [message for run in runs for message in run.item.messages if message.error]
    assert len(failed) == 480
    assert all(message.role == "tool" for message in failed)


def test_repeated_user_prompts_stay(runs: list[Record]) -> None:
    repeated = [run for run in runs if (run.item.model or "").endswith("repeat_user_prompt")]
    assert sum(sum(message.role == "user" for message in run.item.messages) > 1 for run in repeated) > 100


def test_nothing_says_how_a_run_ended_or_whether_it_was_attacked(runs: list[Record]) -> None:
    carried_out = resisted = solved = 0
    for run in runs:
        beside = json.loads(run.metadata)
        attacked = beside["attack_type"] is not None
        carried_out += attacked and beside["security"]
        resisted += attacked and not beside["security"]
        solved += not attacked and beside["success"]
        assert run.item.agent == beside["suite_name"]
        assert run.item.external_id == f"{beside['suite_name']} {beside['index']}"
        canonical = items.encode(run.item).decode()
        assert not [name for name in (beside["name"], beside["user_task_id"], '"security"', '"success"') if name in canonical]
    assert (carried_out, resisted + EMPTY_ATTACKED, solved) == (187, 737, 535)


def test_the_only_annotation_is_kept_beside(runs: list[Record]) -> None:
    annotated = [run for run in runs if "annotations" in json.loads(run.metadata)]
    assert [(run.item.model, run.item.external_id) for run in annotated] == [("gpt-4o-mini-2024-07-18", annotated[0].item.external_id)]
    assert json.loads(annotated[0].metadata)["index"] == 168
    assert json.loads(annotated[0].metadata)["annotations"][0]["content"] == ":feedback:thumbs-up"
