"""Judged runs frozen as a set, and new runs over the same tasks set beside it with what people said of both."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.errors import Damaged, NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, ItemId, Message, Part
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.domain.regression import Regression
from reviewer.formats.format import Options
from reviewer.operations import campaigns, importing, label_imports, members, regression_sets, releasing, verifying
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Workspace
from tests import pairs, worlds
from tests.storage.test_queues import gold


def _answer(task: int, model: str) -> Item:
    """What a model did on a task."""

    def said(role: str, text: str) -> Message:
        return Message(role=role, content=(Part(type="text", text=text),))  # type: ignore[arg-type] # one of the roles

    return Item(
        kind="trajectory", agent="shop", model=model, messages=(said("user", f"Refund {task}?"), said("assistant", f"{model} says no."))
    )


def _export(workspace: Workspace, path: Path, campaign: str = "C", **asked: Any) -> regression_sets.Exported:
    return regression_sets.export_set(workspace, SILENT, campaign=campaign, path=path, **asked).value


def _compare(workspace: Workspace, path: Path, **asked: Any) -> Regression:
    return regression_sets.compare_runs(workspace, SILENT, path=path, **asked).value


@pytest.fixture
def frozen(tmp_path: Path) -> tuple[Workspace, Path, list[ItemId]]:
    """Six tasks done by an old model, labelled and frozen; the second and the fourth are non-compliant."""
    workspace = worlds.make(tmp_path / "w")
    items = worlds.put_in(workspace, [_answer(n, "old") for n in range(6)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    for number, item in enumerate(items):
        worlds.label(workspace, item, "non_compliant" if number in (1, 3) else "compliant")
    _export(workspace, tmp_path / "set.jsonl")
    return workspace, tmp_path / "set.jsonl", items


def test_a_set_holds_what_people_said_and_is_the_same_bytes_again(frozen: Any, tmp_path: Path) -> None:
    workspace, path, items = frozen
    again = _export(workspace, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == path.read_bytes()
    assert (again.samples, again.tasks, again.verdicts) == (6, 6, {"compliant": 4, "non_compliant": 2})
    told = {line["id"]: line for line in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    assert {name: line["target"] for name, line in told.items()} == {
        item: "non_compliant" if number in (1, 3) else "compliant" for number, item in enumerate(items)
    }
    assert told[items[0]]["input"] == [{"role": "user", "content": "Refund 0?"}]
    assert told[items[0]]["metadata"]["model"] == "old"
    assert len(told[items[0]]["metadata"]["reviewer_labels"]) == 1
    with workspace.read() as reading:
        (value,) = reading.row("SELECT value FROM departure WHERE kind = 'export' ORDER BY wall_ms DESC") or ("",)
    assert (json.loads(value)["format"], json.loads(value)["file"]) == ("inspect", again.sha256)
    assert verifying.verify(workspace, SILENT).value.ok


def test_new_runs_of_the_same_tasks_stand_beside_what_people_said(frozen: Any) -> None:
    workspace, path, old = frozen
    new = worlds.put_in(workspace, [_answer(n, "new") for n in (1, 2, 3, 9)], file="new.jsonl")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="model:new", seed="t"))
    assert (_compare(workspace, path).withheld, _compare(workspace, path).after.n) == (3, 0)
    for item, verdict in zip(new[:2], ("compliant", "non_compliant"), strict=True):
        worlds.label(workspace, item, verdict, campaign="D")
    found = _compare(workspace, path)
    by_item = {task.before[0].item: task for task in found.tasks}
    assert [by_item[item].change for item in old] == ["open", "fixed", "broke", "open", "open", "open"]
    assert [(run.item, run.verdict, run.state, run.model) for run in by_item[old[1]].runs] == [(new[0], "compliant", "answered", "new")]
    assert by_item[old[1]].title == "Refund 1?"
    assert (found.before.share, found.after.share, found.withheld, found.p) == (2 / 6, 0.5, 1, 1.0)
    assert {task.before[0].scores["score"] for task in found.tasks} == {0.5}
    worlds.label(workspace, new[2], "unsure", campaign="D")
    told = _compare(workspace, path)
    assert ({task.before[0].item: task for task in told.tasks}[old[3]].runs[0].state, told.withheld) == ("open", 0)
    assert (told.after.low, told.after.low_if, told.after.high_if) == (None, 1 / 3, 2 / 3)
    assert _compare(workspace, path, asked="model:other").changes["open"] == 6


def test_limits_rest_on_chance_where_a_campaign_drew_some_of_the_runs(frozen: Any) -> None:
    workspace, path, _ = frozen
    worlds.put_in(workspace, [_answer(n, "new") for n in range(6)], file="new.jsonl")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="model:new", seed="t", design="srs"), size=4)
    for item in worlds.waiting(workspace, campaign="D"):
        worlds.label(workspace, item, campaign="D")
    drawn = _compare(workspace, path).after
    assert (drawn.n, drawn.low, drawn.high_if) == (4, 0.0, 2 / 6)
    worlds.put_in(workspace, [_answer(0, "late")], file="late.jsonl")  # nobody could have drawn this one
    assert (_compare(workspace, path).after.reason or "").startswith("3 of 7 runs have no answer, and chance did not decide")


def test_a_frozen_set_stays_and_says_how_many_answers_are_others_by_now(frozen: Any) -> None:
    workspace, path, items = frozen
    worlds.label(workspace, items[0], "non_compliant")
    found = _compare(workspace, path)
    assert (found.since, found.before.share) == (1, 2 / 6)


def test_what_has_no_answer_no_question_or_measures_reviewers_is_left_out_and_counted(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "w", items=5)
    items = worlds.waiting(workspace)
    for item, verdict in zip(items[:4], ("compliant", "compliant", "compliant", "unsure"), strict=True):
        worlds.label(workspace, item, verdict)
    gold(workspace, items[0], campaign="C")
    done = _export(workspace, tmp_path / "set.jsonl")
    assert (done.samples, {reason: n for reason, n in done.dropped.items() if n}) == (2, {"gold": 1, "unsure": 1, "open": 1})
    with pytest.raises(Refused, match="has an answer that can be frozen") as met:
        _export(workspace, tmp_path / "other.jsonl", by=["metadata.nowhere"])
    assert "2 no task" in met.value.hint
    assert not (tmp_path / "other.jsonl").exists()


def test_what_cannot_be_frozen_or_compared_is_refused_in_words(frozen: Any, tmp_path: Path) -> None:
    workspace, path, _ = frozen
    before = path.read_bytes()
    with pytest.raises(Refused, match="is there already"):
        _export(workspace, path)
    assert path.read_bytes() == before
    with pytest.raises(NotFound, match="no folder"):
        _export(workspace, tmp_path / "nowhere" / "set.jsonl")
    with pytest.raises(Refused, match="cannot be grouped by"):
        _export(workspace, tmp_path / "new.jsonl", by=["colour"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Empty", query="", seed="u"))
    with pytest.raises(Refused, match="has an answer that can be frozen"):
        _export(workspace, tmp_path / "new.jsonl", campaign="Empty")
    with pytest.raises(Refused, match="asks for no verdicts"):
        _export(pairs.ready(tmp_path / "pairs"), tmp_path / "new.jsonl")
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    for refused in (lambda: _export(ben, tmp_path / "new.jsonl"), lambda: _compare(ben, path)):
        with pytest.raises(NotAllowed):
            refused()
    ben.close()
    path.write_bytes(before.replace(b"Refund 0?", b"Refund 1?", 1))
    with pytest.raises(Damaged, match="is not the set that was exported"):
        _compare(workspace, path)
    assert {one.name for one in tmp_path.iterdir()} == {"w", "pairs", "set.jsonl"}


def test_trials_of_tau_bench_are_matched_by_their_task(tmp_path: Path, real_data: Path) -> None:
    """35 tasks with four trials each: the first trial is frozen by its reward, the others are new runs."""
    workspace = worlds.make(tmp_path / "w")
    importing.import_files(workspace, SILENT, paths=[str(real_data / "tau-bench" / "historical_trajectories")], options=Options())
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    lines = []
    with workspace.read() as reading:
        for item in campaigns.show_campaign(workspace, SILENT, campaign="C", with_items=True).value.items or ():
            origin = item_rows.origin(reading, item.id)
            assert origin is not None
            told = json.loads(origin.metadata)
            if told["trial"] == 0:
                lines.append({"item": item.id, "verdict": "compliant" if told["reward"] == 1 else "non_compliant"})
    (tmp_path / "truth.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    label_imports.import_labels(workspace, SILENT, path=tmp_path / "truth.jsonl", campaign="C")
    done = _export(workspace, tmp_path / "set.jsonl", by=["metadata.task_id"])
    assert (done.samples, done.tasks) == (35, 35)
    campaigns.close_campaign(workspace, SILENT, campaign="C")  # else Ada has still to label the other trials
    found = _compare(workspace, tmp_path / "set.jsonl", scores=("reward",))
    assert {len(task.runs) for task in found.tasks} == {3}
    assert found.before.share == pytest.approx(done.verdicts["non_compliant"] / 35)
    before, after = found.upstream["reward"]
    assert before.share == pytest.approx(1 - found.before.share if found.before.share is not None else None)
    assert (after.n, after.tasks) == (105, 35)
    assert found.after.share is None


def test_a_release_and_a_set_hold_the_same_answers(frozen: Any, tmp_path: Path) -> None:
    workspace, path, _ = frozen
    releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "kto")
    rows = map(json.loads, (tmp_path / "kto" / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines())
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert {row["reviewer_item"]: row["label"] for row in rows} == {line["id"]: line["target"] == "compliant" for line in lines}
