"""Inspect logs, on the real files."""

import hashlib
import json
from pathlib import Path

import pytest

from reviewer.domain import items
from reviewer.domain.records import Record
from reviewer.formats import intake
from tests.formats.real_runs import records, texts


@pytest.fixture(scope="module")
def folder(real_data: Path) -> Path:
    return real_data / "inspect-ai"


@pytest.fixture(scope="module")
def runs(folder: Path) -> list[Record]:
    return records(folder)


def _one(folder: Path, name: str) -> list[Record]:
    (path,) = folder.rglob(name)
    return records(path)


def test_every_sample_of_every_log_is_an_item(runs: list[Record]) -> None:
    assert len(runs) == 127
    assert all(run.item.messages for run in runs)


def test_no_reference_to_an_attachment_is_left(runs: list[Record]) -> None:
    assert sum(run.original.count(b"attachment://") for run in runs) > 800
    assert not any("attachment://" in text for run in runs for text in texts(run.item.messages))


def test_the_picture_is_kept_as_its_bytes(folder: Path) -> None:
    (run,) = _one(folder, "log_images.json")
    (medium,) = run.media
    part = run.item.messages[1].content[1]
    assert (part.type, part.media_type, part.sha256) == ("image", "image/png", medium.sha256)
    assert part.size_bytes == len(medium.content)
    assert hashlib.sha256(medium.content).hexdigest() == medium.sha256
    assert b"base64" not in items.encode(run.item)


def test_a_log_that_keeps_messages_in_a_pool_gives_the_whole_conversation(folder: Path) -> None:
    (run,) = _one(folder, "log_message_deduplication.eval")
    assert [message.role for message in run.item.messages] == ["user", *(["assistant", "tool"] * 5), "assistant"]
    assert [message.name for message in run.item.messages if message.role == "tool"] == ["bash"] * 5


def test_without_its_messages_the_conversation_comes_from_the_pool(folder: Path, tmp_path: Path) -> None:
    (run,) = _one(folder, "log_message_deduplication.eval")
    sample = json.loads(run.original)
    del sample["messages"]
    log = {"version": 3, "status": "success", "eval": {"task": "inspect_test_utils/guess_number"}, "plan": {}, "samples": [sample]}
    (tmp_path / "log.json").write_text(json.dumps(log))
    (again,) = records(tmp_path)
    assert again.item.messages == run.item.messages


def test_an_older_log_with_a_transcript_is_read(folder: Path) -> None:
    (run,) = _one(folder, "log_formats.json")
    assert "transcript" in json.loads(run.original)
    assert [message.role for message in run.item.messages] == ["system", "user", "assistant"]


def test_the_same_sample_in_both_kinds_of_log_is_one_item(folder: Path) -> None:
    both = [_one(folder, f"log_formats.{ending}")[0].item for ending in ("json", "eval")]
    assert both[0] == both[1]


def test_a_cancelled_log_without_samples_is_named_and_one_with_samples_is_read(folder: Path) -> None:
    logs = folder / "analysis/test_logs"
    skipped = [one for one in intake.scan([str(logs)]) if isinstance(one, intake.Skipped)]
    assert [(Path(one.path).name, one.reason) for one in skipped] == [
        ("2025-05-12T20-28-13-04-00_no-samples.json", "This Inspect log holds no samples.")
    ]
    cancelled = _one(folder, "2025-05-12T20-28-13-04-00_popularity.json")
    assert len(cancelled) == 3
    assert {json.loads(run.metadata)["status"] for run in cancelled} == {"cancelled"}


def test_an_unscored_run_has_no_scores_and_a_zip_may_lack_its_reductions(folder: Path) -> None:
    (path,) = folder.rglob("2025-02-11T15-17-*.eval")
    unscored = records(path)
    assert len(unscored) == 10
    assert not [run for run in unscored if "scores" in json.loads(run.metadata)]


def test_scores_and_target_stay_beside(runs: list[Record]) -> None:
    scored = [run for run in runs if "scores" in json.loads(run.metadata)]
    assert len(scored) > 100
    for run in runs:
        canonical = items.encode(run.item).decode()
        assert '"scores"' not in canonical
        assert '"target"' not in canonical


def test_errors_of_tools_are_kept_with_their_kind(folder: Path) -> None:
    (run,) = _one(folder, "log_tool_call_error.json")
    assert len(run.item.messages) == 11
    assert run.item.messages[0].error == "parsing: ..."
    assert run.item.messages[10].error == "output_limit: The tool output limit of 10 MiB was exceeded."


def test_escapes_of_the_terminal_and_carriage_returns_stay_as_they_came(runs: list[Record]) -> None:
    came = [run for run in runs if "\\u001b" in json.dumps(json.loads(run.original)["messages"])]
    for run in came:
        assert any("\x1b" in text for text in texts(run.item.messages))


def test_times_agents_and_models_are_those_of_the_log(folder: Path) -> None:
    (run,) = _one(folder, "log_images.json")
    assert (run.item.time, run.item.agent, run.item.model) == ("2024-10-22T07:07:14.000Z", "images", "openai/gpt-4o")
