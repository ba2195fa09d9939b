"""A campaign that asks for steps, from its rules to what is released and what is said of its figures."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign, Mark
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.formats.format import Options
from reviewer.formats.label_files import Reading
from reviewer.operations import (
    agreement,
    campaigns,
    estimating,
    exporting,
    importing,
    label_imports,
    labelling,
    members,
    queues,
    release_checks,
    releasing,
    verifying,
)
from reviewer.storage.workspace import Workspace
from tests import worlds

RUN = ("3", "5")  # the steps of the agent in worlds.run_of


def asking(folder: Path, **rules: Any) -> Workspace:
    """Three runs in a campaign C that asks for steps."""
    workspace = worlds.make(folder)
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(3)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", question="steps", **rules))
    return workspace


def mark(workspace: Workspace, item: str, marks: Mapping[str, Mark], **said: Any) -> labelling.Recorded:
    """A label of marks."""
    opinion = Opinion(steps=dict(marks), **said)
    return labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion).value


def _verdict(workspace: Workspace, item: str) -> str | None:
    said = queues.said_before(workspace, SILENT, campaign="C", item=item).value  # type: ignore[arg-type] # an id
    assert said is not None
    return said.label.verdict


def test_a_verdict_follows_from_the_marks_unless_one_is_given(tmp_path: Path) -> None:
    workspace = asking(tmp_path / "w")
    first, second, third = worlds.waiting(workspace)
    mark(workspace, first, {"3": "bad"}, severity="minor")
    mark(workspace, second, {"3": "good", "5": "neutral"})
    mark(workspace, third, {"3": "good"})
    assert [_verdict(workspace, one) for one in (first, second, third)] == ["non_compliant", "compliant", None]
    mark(workspace, first, {"3": "bad", "5": "good"}, verdict="compliant")  # wrong, and put right by the agent itself
    assert _verdict(workspace, first) == "compliant"
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok
    workspace.close()


def test_what_is_not_asked_for_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    workspace = asking(tmp_path / "w", marks="first_wrong")
    item = worlds.waiting(workspace)[0]
    for marks, words in (({}, "No step was marked"), ({"5": "bad"}, "Step 3 is not marked"), ({"3": "neutral"}, "none is neutral")):
        with pytest.raises(Refused, match=words):
            mark(workspace, item, marks)  # type: ignore[arg-type] # marks, as they are
    assert queues.said_before(workspace, SILENT, campaign="C", item=item).value is None
    mark(workspace, item, {"3": "good", "5": "bad"})
    rules = Campaign(name="D", query="", seed="s", marks="first_wrong")
    with pytest.raises(Refused, match="asks for no steps"):
        campaigns.create_campaign(workspace, SILENT, rules=rules)
    workspace.close()


def test_comparisons_are_not_drawn_where_steps_are_asked_for(tmp_path: Path) -> None:
    workspace = asking(tmp_path / "w")
    (found,) = campaigns.list_campaigns(workspace, SILENT).value
    assert found.rules.query == "-kind:comparison"
    workspace.close()


def test_figures_say_what_they_rest_on(tmp_path: Path) -> None:
    workspace = asking(tmp_path / "w", overlap=2, assign="all")
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    assert agreement.agreement_of_campaign(workspace, SILENT, campaign="C").value.items == 0
    first, second, third = worlds.waiting(workspace)
    for who in (workspace, ben):
        mark(who, first, {"3": "bad"})
        mark(who, second, {"3": "good", "5": "good"})
        mark(who, third, {"3": "good"})
    found = agreement.agreement_of_campaign(workspace, SILENT, campaign="C").value
    assert (found.question, found.items, found.raw.value) == ("steps", 2, 1.0)
    rate = estimating.estimate_campaign(workspace, SILENT, campaign="C").value
    assert (rate.answered, rate.open) == (2, 1)
    assert any("a step is marked wrong" in note for note in rate.notes)
    ben.close()
    workspace.close()


def test_decisive_steps_of_real_failures_come_out_as_they_went_in(tmp_path: Path, real_data: Path) -> None:
    """Who&When by hand: imported, asked for the first wrong step, labelled by what people said, released as stepwise rewards."""
    source = tmp_path / "Hand-Crafted"
    source.mkdir()
    for path in sorted((real_data / "who-and-when" / "Hand-Crafted").glob("*.json"))[::2]:
        shutil.copy(path, source)
    truth = {}
    for path in source.glob("*.json"):
        run = json.loads(path.read_text(encoding="utf-8"))
        decisive = int(run["mistake_step"])
        spoken = [turn["content"] for turn in run["history"][1 : decisive + 1] if turn["role"] != "human" and turn["content"]]
        truth[f"Hand-Crafted {run['question_ID']}"] = spoken if decisive else None
    workspace = worlds.make(tmp_path / "w")
    importing.import_files(workspace, SILENT, paths=[str(source)], options=Options())
    rules = Campaign(name="C", query="", seed="s", question="steps", marks="first_wrong")
    campaigns.create_campaign(workspace, SILENT, rules=rules)
    reading = Reading(format="who-and-when")
    for added in (len(truth), 0):
        done = label_imports.import_labels(workspace, SILENT, path=source, campaign="C", reading=reading).value
        assert (done.added, done.rejected) == (added, 0)
    released = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "out", format_name="trl-stepwise").value
    assert release_checks.check_release(workspace, SILENT, folder=tmp_path / "out").value.broken == ()
    lines = (tmp_path / "out" / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {row["reviewer_item"]: row for row in map(json.loads, lines)}
    exporting.export_labels(workspace, SILENT, path=tmp_path / "labels.jsonl", campaign="C")
    said = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(said) == len(truth) > 15
    assert sum(released.rows.values()) == len(rows) == sum(spoken is not None for spoken in truth.values())
    for label in said:
        assert list(label["steps"].values()).count("bad") == 1
        decided = truth[label["external_id"]]
        if decided is not None:
            row = rows[label["item"]]
            assert (row["completions"], row["labels"]) == (decided, [True] * (len(decided) - 1) + [False])
    workspace.close()
