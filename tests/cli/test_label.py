"""Labelling, putting off, asking, taking back."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def item(cli: Cli, campaign: str) -> str:
    """The item that is next."""
    up: dict[str, Any] = cli("next", campaign, "--json").json
    return str(up["id"])


def test_everything_that_a_label_can_say_is_kept(cli: Cli, campaign: str, item: str, tmp_path: Path) -> None:
    (tmp_path / "better.txt").write_text("I cannot refund that.")
    done = cli(
        "label", campaign, item[:8], "--json", "--verdict", "non_compliant", "--severity", "major", "--rationale", "-no receipt",
        "--span", "2:0:6", "--span", "3.1#/order:0:1", "--omission", "Ask for it", "--step", "3.1=bad", "--step", "5=neutral",
        "--correction", str(tmp_path / "better.txt"), "--confidence", "high",
    )  # fmt: skip
    assert done.code == 0
    assert (done.json["item"], done.json["campaign"]) == (item, campaign)
    (label,) = cli("show", item, "--json").json["labels"]
    assert label["label"] == done.json["label"]
    assert (label["verdict"], label["severity"]) == ("non_compliant", "major")
    assert (label["rationale"], label["confidence"]) == ("-no receipt", "0.95")
    assert label["steps"] == {"3.1": "bad", "5": "neutral"}
    assert [(s["step"], s["start"], s["end"], s.get("pointer")) for s in label["spans"]] == [("2", 0, 6, None), ("3.1", 0, 1, "/order")]
    assert label["omissions"] == [{"text": "Ask for it"}]
    assert (label["blind"], label["showing"], label["in_force"]) == (True, 1, True)


def test_marks_alone_answer_a_campaign_that_asks_for_steps(cli: Cli, campaign: str, item: str, tmp_path: Path) -> None:
    assert campaign
    assert cli("campaign", "create", "marks", "--question", "steps", "--marks", "first_wrong").code == 0
    assert cli("campaign", "show", "marks", "--json").json["marks"] == "first_wrong"
    up = cli("next", "marks", "--json").json
    assert (up["question"], up["agent_steps"]) == ("steps", ["3", "5"])
    assert "the first that is wrong bad, and all before it good: 3, 5" in cli("next", "marks").out
    what, hint = cli("label", "marks", item, "--step", "5=bad").refused()
    assert what.startswith("Step 3 is not marked, and this campaign asks for the first wrong step.")
    assert hint.startswith("Mark every step of the agent before it good")
    done = cli("label", "marks", item, "--step", "3=good", "--step", "5=bad")
    assert done.out.startswith("Recorded 2 marked steps on item ")
    assert cli("release", "marks", "--format", "trl-stepwise", "--out", str(tmp_path / "out")).code == 0
    (row,) = (tmp_path / "out" / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(row)["labels"] == [True, False]
    assert "The campaign asks for steps" in cli("estimate", "marks").out
    assert "no item has two labels yet from whose marks a verdict follows" in cli("agreement", "marks").out


def test_steps_are_rewritten_from_files(cli: Cli, campaign: str, item: str, tmp_path: Path) -> None:
    args, words = tmp_path / "args.json", tmp_path / "words.txt"
    args.write_text('{ "order": 7 }')
    words.write_text("I cannot refund that.")
    for given, kept in (
        (f"3={args}", '{"3.1":{"text":"{\\"order\\":7}","tool":"refund"}}'),
        (f"3.1@escalate={args}", '{"3.1":{"text":"{\\"order\\":7}","tool":"escalate"}}'),
        (f"3@={words}", '{"3.1":{"text":"I cannot refund that."}}'),
        (f"5={words}", '{"5":{"text":"I cannot refund that."}}'),
    ):
        assert cli("label", campaign, item, "--verdict", "non_compliant", "--rewrite", given).code == 0
        assert cli("labels", "export", str(tmp_path / "out.jsonl"), "--campaign", campaign).code == 0
        (line,) = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
        assert json.loads(line)["correction"] == f"review/rewrites/v1\n{kept}"
    for wrong, said in (("3", "rewrites no step"), (f"3={words}", "are not JSON"), (f"1={words}", "no step of the agent")):
        what, _ = cli("label", campaign, item, "--verdict", "non_compliant", "--rewrite", wrong).refused()
        assert said in what


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["--verdict", "fine"],
        ["--verdict", "compliant", "--severity", "major"],
        ["--verdict", "non_compliant", "--severity", "awful"],
        ["--verdict", "compliant", "--confidence", "1.5"],
        ["--verdict", "compliant", "--confidence", "sure"],
        ["--verdict", "compliant", "--step", "3"],
        ["--verdict", "compliant", "--step", "99=bad"],
        ["--verdict", "compliant", "--step", "1=awful"],
        ["--verdict", "compliant", "--span", "1"],
        ["--verdict", "compliant", "--span", "1:5:3"],
        ["--verdict", "compliant", "--span", "1:0:9999"],
        ["--verdict", "compliant", "--span", "3.1#/none:0:1"],
        ["--verdict", "compliant", "--span", "2:0:3:4.2"],
        ["--verdict", "compliant", "--clause", "4.2"],
        ["--verdict", "compliant", "--correction", "nowhere.txt"],
        ["--verdict", "compliant", "--correction", os.devnull],
        ["--prefer", "A"],
        ["--rank", "A,B"],
        ["--verdict", "compliant", "--rationale", "x" * 300_000],
    ],
)
def test_what_a_campaign_does_not_ask_for_is_refused_and_nothing_is_written(cli: Cli, campaign: str, item: str, wrong: list[str]) -> None:
    cli("label", campaign, item, *wrong).refused()
    assert cli("campaign", "show", campaign, "--json").json["labels"] == 0


def test_an_item_or_campaign_that_is_not_there_is_refused(cli: Cli, campaign: str, item: str, folder: Path) -> None:
    cli("label", "nowhere", item, "--verdict", "compliant").refused()
    cli("label", campaign, "0" * 64, "--verdict", "compliant").refused()
    assert cli("campaign", "create", "few", "--size", "2").code == 0
    drawn = {one["id"] for one in cli("campaign", "show", "few", "--items", "--json").json["items"]}
    outside = next(one["id"] for one in cli("items", "--json").json["items"] if one["id"] not in drawn)
    what, _ = cli("label", "few", outside, "--verdict", "compliant").refused()
    assert "not in the sample" in what


def test_skip_escalate_and_undo_move_the_queue(cli: Cli, campaign: str, item: str) -> None:
    assert cli("skip", campaign, item, "--reason", "-later", "--json").json == {"item": item}
    second = cli("next", campaign, "--json").json["id"]
    assert second != item
    cli("escalate", campaign, second).refused()
    cli("escalate", campaign, second, "--reason", " ").refused()
    assert cli("escalate", campaign, second, "--reason", "Which rule?", "--json").json == {"item": second}
    third = cli("next", campaign, "--json").json["id"]
    label = cli("label", campaign, third, "--verdict", "compliant", "--json").json["label"]
    assert cli("undo", "--json").json["undone"] == label
    assert cli("next", campaign, "--json").json["id"] == third
    whole = cli("show", third, "--json").json
    assert (whole["labels"], [said["in_force"] for said in whole["history"]]) == ([], [False])
    cli("undo").refused()


def test_the_end_of_a_queue_says_so_and_what_was_put_off_comes_last(cli: Cli, campaign: str, item: str) -> None:
    cli("skip", campaign, item)
    seen = []
    while not (up := cli("next", campaign, "--json").json).get("done"):
        seen.append(up["id"])
        assert cli("label", campaign, up["id"][:12], "--verdict", "compliant").code == 0
    assert len(seen) == 12
    assert seen[-1] == item
    assert "Nothing is left" in cli("next", campaign).out
    standing = cli("campaign", "show", campaign, "--json").json
    assert (standing["complete"], standing["remaining"], standing["labels"], standing["by_reviewer"]) == (12, 0, 12, {"Ada": 12})
