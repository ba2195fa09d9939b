"""`reviewer agreement` and `reviewer aggregate`: the shapes of the contract, and the figures of a real table of labels."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests import opinions
from tests.cli.conftest import Cli
from tests.domain import crowd
from tests.runs import chat_record


@pytest.fixture
def labelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> opinions.Labelled:
    """A campaign that three people labelled, in the workspace that $REVIEWER_WORKSPACE names."""
    made = opinions.labelled(tmp_path / "work")
    made.workspace.close()
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(tmp_path / "work"))
    return made


def test_agreement_answers_as_the_contract_says(cli: Cli, labelled: opinions.Labelled) -> None:
    found = cli("agreement", opinions.NAME, "--json").json
    assert {"alpha", "low", "high", "ac1", "ac1_low", "ac1_high", "raw", "items", "labels"} <= found.keys()
    assert found["low"] < found["alpha"] < found["high"]
    assert [set(one) >= {"clause", "alpha", "low", "high", "cited", "reading"} for one in found["by_clause"]] == [True] * 3
    assert [(one["clause"], one["cited"], one["reading"]) for one in found["by_clause"]] == [
        ("2.4", 12, "superseded"), ("4.2", 32, "clear, often broken"), ("5.1", 11, "reviewers disagree"),
    ]  # fmt: skip
    pairs = found["by_pair"]
    assert set(pairs[0]) >= {"a", "b", "kappa", "raw", "items"}
    assert [one["kappa"] is None for one in pairs] == [False, False, True]
    assert pairs[2]["reason"] == "no variation: all labels are the same"
    assert found["by_reviewer"][0] == {
        "reviewer": "Reviewer A", "labels": 60, "gold_right": 8, "gold_total": 9, "repeat_same": 0, "repeat_total": 0,
        "median_seconds": 41.0, "gold_low": pytest.approx(0.5175, abs=1e-4), "gold_high": pytest.approx(0.9972, abs=1e-4),
    }  # fmt: skip
    assert (found["severity"]["alpha"], found["severity"]["items"]) == (None, 22)


def test_agreement_reads_well_in_words(cli: Cli, labelled: opinions.Labelled) -> None:
    said = cli("agreement", opinions.NAME).out
    assert "60 items with two labels or more, 129 labels" in said
    assert "rewrite the clause, re-review 11" in said
    assert "not defined (no variation" in said
    own = cli("agreement", opinions.NAME, "--as", "Reviewer C").out
    assert "Reviewer C  9       -" in own
    assert "51 more items are left out" in own


def test_aggregate_answers_as_the_contract_says(cli: Cli, labelled: opinions.Labelled) -> None:
    found = cli("aggregate", opinions.NAME, "--method", "dawid_skene", "--json").json
    assert found["method"] == "dawid_skene"
    assert len(found["items"]) == 60
    assert set(found["items"][0]) == {"item", "p_non_compliant", "verdict", "labels"}
    assert [set(one) >= {"reviewer", "sensitivity", "specificity"} for one in found["reviewers"]] == [True] * 3
    assert (found["calibration"], found["reason"]) == (None, "9 items have a known answer; it takes 100 to calibrate")
    said = cli("aggregate", opinions.NAME).out
    assert "60 items" in said
    assert "and 40 more: see --json" in said
    assert "51 more are not shown" in cli("aggregate", opinions.NAME, "--as", "Reviewer C").out


def test_what_cannot_be_computed_is_refused_in_two_lines(cli: Cli, labelled: opinions.Labelled) -> None:
    cli("agreement", "nothing").refused()
    what, hint = cli("aggregate", opinions.NAME, "--method", "oracle").refused()
    assert "oracle" in what
    assert "dawid_skene" in hint


def test_a_campaign_without_labels_says_what_is_needed(cli: Cli, campaign: str) -> None:
    found = cli("agreement", campaign, "--json").json
    assert (found["alpha"], found["reason"], found["items"]) == (None, "no item has two labels", 0)
    assert "no item has two labels yet" in cli("agreement", campaign).out
    assert cli("aggregate", campaign, "--json").json["items"] == []


def test_a_real_table_of_labels_gives_its_figures_through_the_commands(
    cli: Cli, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """108 pictures of bluebirds by 39 workers: alpha .1255; majority .7593; Dawid & Skene with priors .8889."""
    table = crowd.duck(real_data)
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(tmp_path / "work"))
    assert cli("init", str(tmp_path / "work"), "--as", "Ada").code == 0
    (tmp_path / "runs.jsonl").write_text("".join(json.dumps(chat_record(n)) + "\n" for n in range(table.said.items)))
    assert cli("import", str(tmp_path / "runs.jsonl")).code == 0
    workers = [f"w{n:02d}" for n in range(table.said.reviewers)]
    assert cli("member", "add", *workers, "--here").code == 0
    assert cli("campaign", "create", "birds", "--overlap", "39", "--assign", "all", "--members", ",".join(workers)).code == 0
    verdicts = ("compliant", "non_compliant")
    rows = zip(table.said.item.tolist(), table.said.reviewer.tolist(), table.said.said.tolist(), strict=True)
    lines = [{"external_id": f"run {item}", "reviewer": workers[who], "verdict": verdicts[said]} for item, who, said in rows]
    (tmp_path / "labels.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    brought = cli("labels", "import", str(tmp_path / "labels.jsonl"), "--campaign", "birds", "--json").json
    assert brought["added"] == 4_212
    found = cli("agreement", "birds", "--json").json
    assert found["alpha"] == pytest.approx(0.1255, abs=0.001)
    assert (found["items"], found["labels"], len(found["by_pair"])) == (108, 4_212, 741)
    ids = {one["external_id"]: one["id"] for one in cli("items", "--limit", "200", "--json").json["items"]}
    truth = {ids[f"run {n}"]: int(right) for n, right in enumerate(table.truth.tolist())}
    for method, accuracy in (("majority", 0.7593), ("dawid_skene", 0.8889)):
        items = cli("aggregate", "birds", "--method", method, "--json").json["items"]
        right = [one["verdict"] == verdicts[truth[one["item"]]] for one in items]
        assert np.mean(right) == pytest.approx(accuracy, abs=0.01)
    assert cli("aggregate", "birds", "--json").json["method"] == "dawid_skene"
