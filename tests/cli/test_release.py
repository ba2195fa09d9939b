"""Frozen data sets from the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def labelled(cli: Cli, campaign: str) -> str:
    """A campaign with five answers, one of them non-compliant, and one unsure."""
    for number in range(6):
        up = cli("next", campaign, "--json").json
        verdict = "unsure" if number == 5 else "non_compliant" if number == 0 else "compliant"
        assert cli("label", campaign, up["id"], "--verdict", verdict).code == 0
    return campaign


def test_a_release_has_a_row_for_each_answer_and_checks_out(cli: Cli, labelled: str, tmp_path: Path) -> None:
    out = tmp_path / "kto"
    done = cli("release", labelled, "--format", "trl-kto", "--out", str(out), "--split", "0.5,0.25,0.25", "--json")
    assert done.code == 0
    told = done.json
    assert sum(told["rows"].values()) == 5
    assert told["dropped"] == {"unsure": 1, "open": 6, "low_confidence": 0, "gold": 0, "repeat": 0, "stale": 0, "no_value": 0}
    assert {file["path"] for file in told["files"]} >= {"README.md"}
    assert told["warnings"] == []
    rows = [json.loads(line) for path in sorted(out.glob("data/*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    assert sorted(row["label"] for row in rows) == [False, True, True, True, True]
    assert cli("release", "check", str(out), "--json").json == {"rows": 5, "traced": 5, "broken": []}
    assert cli("verify", "--json").json["ok"] is True


def test_a_changed_release_does_not_check_out(cli: Cli, labelled: str, tmp_path: Path) -> None:
    out = tmp_path / "kto"
    assert cli("release", labelled, "--format", "trl-kto", "--out", str(out)).code == 0
    train = out / "data" / "train.jsonl"
    train.write_bytes(train.read_bytes().replace(b"is refunded", b"is REFUNDED", 1))
    said = cli("release", "check", str(out), "--json")
    assert said.code == 1
    assert (said.json["rows"], said.json["traced"]) == (5, 4)
    assert {broken["where"] for broken in said.json["broken"]} == {"data/train.jsonl", "data/train.jsonl line 1"}


@pytest.mark.parametrize(
    "wrong",
    [
        ["--format", "nonsense"],
        ["--format", "trl-kto", "--aggregate", "glad"],
        ["--format", "trl-stepwise", "--form", "conversational"],
        ["--format", "trl-kto", "--aggregate", "majority", "--min-confidence", "2"],
        ["--format", "trl-kto", "--split", "0.5,0.6"],
        ["--format", "trl-kto", "--split", "1,0,0,0"],
        ["--format", "trl-kto", "--split", "-1,2"],
        ["--format", "trl-kto", "--min-confidence", "0.8"],
        [],
    ],
)
def test_what_is_not_released_is_refused_and_leaves_nothing(cli: Cli, labelled: str, tmp_path: Path, wrong: list[str]) -> None:
    cli("release", labelled, "--out", str(tmp_path / "kto"), *wrong).refused()
    assert not (tmp_path / "kto").exists()


def test_a_place_that_is_taken_and_a_campaign_without_answers_are_refused(cli: Cli, labelled: str, tmp_path: Path) -> None:
    (tmp_path / "kto").mkdir()
    (tmp_path / "kto" / "mine").write_text("keep")
    cli("release", labelled, "--format", "trl-kto", "--out", str(tmp_path / "kto")).refused()
    assert [path.name for path in (tmp_path / "kto").iterdir()] == ["mine"]
    cli("release", "nowhere", "--format", "trl-kto", "--out", str(tmp_path / "new")).refused()
    assert cli("campaign", "create", "empty", "--size", "1").code == 0
    what, _ = cli("release", "empty", "--format", "trl-kto", "--out", str(tmp_path / "new")).refused()
    assert "empty" in what
    cli("release", "check", str(tmp_path)).refused()
    assert not any(path.name.startswith(".") for path in tmp_path.iterdir())


def test_a_dry_run_counts_and_shows_rows_and_writes_nothing(cli: Cli, labelled: str, tmp_path: Path) -> None:
    before = cli("verify", "--json").json["entries"]
    seen = cli("release", labelled, "--format", "trl-kto", "--split", "0.5,0.5", "--dry-run", "--json")
    assert seen.code == 0
    assert sum(seen.json["rows"].values()) == 5
    assert len(seen.json["first"]) == 5
    assert seen.json["first"][0]["row"]["prompt"][0]["role"] == "system"
    assert "Nothing was written." in cli("release", labelled, "--format", "trl-kto", "--dry-run").out
    assert cli("verify", "--json").json["entries"] == before
    done = cli("release", labelled, "--format", "trl-kto", "--split", "0.5,0.5", "--out", str(tmp_path / "kto"), "--json").json
    assert (done["rows"], done["dropped"]) == (seen.json["rows"], seen.json["dropped"])
    what, _ = cli("release", labelled, "--format", "trl-kto").refused()
    assert what.startswith("No folder was named.")


def test_releases_are_listed_and_a_row_tells_its_story(cli: Cli, labelled: str, tmp_path: Path) -> None:
    assert cli("release", "list").out == "There is no release yet.\n"
    out = tmp_path / "kto"
    name = cli("release", labelled, "--format", "trl-kto", "--out", str(out), "--json").json["release"]
    (one,) = cli("release", "list", "--json").json["releases"]
    assert (one["release"], one["folder"], one["campaigns"], one["rows"]["train"]) == (name, str(out), [labelled], 5)
    told = cli("release", "row", str(out), "3", "--json").json
    assert (told["row"], told["where"], told["problem"]) == (3, "data/train.jsonl line 3", None)
    assert list(told["columns"]) == ["prompt", "completion", "label"]
    assert told["story"][-1]["title"] == "It traces"
    found = cli("release", "row", str(out), told["story"][1]["item"], "--json").json
    assert found["row"] == 3
    assert "It traces" in cli("release", "row", str(out), "1").out
    cli("release", "row", str(out), "6").refused()
    train = out / "data" / "train.jsonl"
    train.write_bytes(train.read_bytes().replace(b"is refunded", b"is REFUNDED", 1))
    assert cli("release", "row", str(out), "1").code == 1
