"""Weighed labels in a release: what is sure enough, how sure the rows say it is, and what a resolution does to it."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, label_imports, members, release_checks, releasing, resolving
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.storage.test_queues import gold

PEOPLE = ("Ben", "Cleo", "Dan")


def _world(folder: Path, votes: list[str]) -> tuple[Workspace, list[ItemId]]:
    """Items with a vote of each of three people, `c`, `n` or `u`, or none where there is a blank."""
    workspace = worlds.make(folder / "w")
    items = worlds.put_in(workspace, [worlds.run_of(n) for n in range(len(votes))])
    members.add_members(workspace, SILENT, names=list(PEOPLE))
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", overlap=3, assign="all"))
    verdicts = {"c": "compliant", "n": "non_compliant", "u": "unsure"}
    lines = [
        {"item": item, "reviewer": who, "verdict": verdicts[vote]}
        for item, given in zip(items, votes, strict=True)
        for who, vote in zip(PEOPLE, given, strict=True)
        if vote != " "
    ]
    path = folder / "labels.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert label_imports.import_labels(workspace, SILENT, path=path, campaign="C").value.added == len(lines)
    return workspace, items


def _release(workspace: Workspace, out: Path, **more: Any) -> tuple[releasing.Released, dict[str, dict[str, Any]]]:
    done = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=out, **more).value
    assert release_checks.check_release(workspace, SILENT, folder=out).value.broken == ()
    rows = [json.loads(line) for line in (out / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines()]
    return done, {row["reviewer_item"]: row for row in rows}


def test_a_majority_decides_what_has_no_answer_and_says_nothing_of_how_sure_it_is_without_gold(tmp_path: Path) -> None:
    workspace, items = _world(tmp_path, ["ccn", "nnn", "cnu", "uuu", "c  ", "ccc"])
    done, rows = _release(workspace, tmp_path / "answer")
    assert set(rows) == {items[1], items[5]}
    done, rows = _release(workspace, tmp_path / "majority", aggregate="majority")
    assert {item: row["label"] for item, row in rows.items()} == {items[0]: True, items[1]: False, items[5]: True}
    assert {reason: n for reason, n in done.dropped.items() if n} == {"low_confidence": 1, "unsure": 1, "open": 1}
    assert all("reviewer_p_right" not in row for row in rows.values())
    assert (
        "How sure the labels are was not measured, and is in no row: 0 items have a known answer; it takes 100 to calibrate."
        in done.warnings
    )
    done, rows = _release(workspace, tmp_path / "sure", aggregate="majority", min_confidence="0.9")
    assert set(rows) == {items[1], items[5]}
    assert done.dropped["low_confidence"] == 2


def test_a_resolution_overrides_every_aggregate(tmp_path: Path) -> None:
    workspace, items = _world(tmp_path, ["ccn", "ccc", "nnc"])
    resolving.resolve_item(workspace, SILENT, campaign="C", item=items[0], verdict="non_compliant", rationale="It broke 4.2.")
    resolving.resolve_item(workspace, SILENT, campaign="C", item=items[2], verdict="policy_at_fault", rationale="It does not say.")
    for aggregate in ("answer", "majority", "dawid_skene"):
        done, rows = _release(workspace, tmp_path / aggregate, aggregate=aggregate)
        assert {item: row["label"] for item, row in rows.items()} == {items[0]: False, items[1]: True}
        (name,) = rows[items[0]]["reviewer_resolutions"]
        assert len(name) == 64
        assert done.dropped["open"] == 1


def test_rows_say_how_sure_they_are_once_gold_has_measured_it(tmp_path: Path) -> None:
    """100 known items on which the majority is right nine times of ten; the others are believed no more than that."""
    known = ["ccc"] * 45 + ["nnn"] * 45 + ["ccn"] * 5 + ["nnc"] * 5
    workspace, items = _world(tmp_path, [*known, "ccc", "nnn", "ccn"])
    for right, some in (("compliant", [*items[:45], *items[95:100]]), ("non_compliant", items[45:95])):
        gold(workspace, *some, verdict=right, campaign="C")
    done, rows = _release(workspace, tmp_path / "out", aggregate="majority")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    (weighed,) = manifest["aggregation"]
    assert (weighed["gold"], weighed["cap"], weighed["least"]) == (100, "0.9", "0.7")
    assert set(rows) == {items[100], items[101]}  # what two of three say was right no time of ten
    assert (done.dropped["gold"], done.dropped["low_confidence"]) == (100, 1)
    for row in rows.values():
        assert row["reviewer_p_right"] == pytest.approx(0.9, abs=0.05)
        assert row["reviewer_weight"] == pytest.approx(2 * row["reviewer_p_right"] - 1)
        assert row["reviewer_label_noise"] == pytest.approx(1 - row["reviewer_p_right"])
    assert manifest["weights"] == {"desirable": "1", "undesirable": "1"}
    said = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "recalibrated on 100 items of known answer" in said
    assert "`desirable_weight=1`" in said


@pytest.mark.parametrize("least", ["0.4", "1.5", "nan", "sure"])
def test_what_is_no_confidence_is_refused(tmp_path: Path, least: str) -> None:
    workspace, _ = _world(tmp_path, ["ccc"])
    with pytest.raises(Refused, match="is not a confidence"):
        _release(workspace, tmp_path / "out", aggregate="majority", min_confidence=least)
    assert not (tmp_path / "out").exists()
