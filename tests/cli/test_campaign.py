"""Populations, draws, and how campaigns stand."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli


def test_a_campaign_is_created_grown_shown_and_closed(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "guide.txt").write_text("Judge what was done.")
    made = cli(
        "campaign", "create", "refunds", "--query", "agent:support", "--design", "srs", "--size", "3", "--seed", "s", "--double", ".5",
        "--assign", "all", "--guidelines", str(tmp_path / "guide.txt"), "--json",
    ).json  # fmt: skip
    assert (made["campaign"], made["population"], made["sampled"], made["seed"]) == ("refunds", 6, 3, "s")
    assert made["strata"] == [{"stratum": "", "population": 6, "sampled": 3}]
    before = {one["id"] for one in cli("campaign", "show", "refunds", "--items", "--json").json["items"]}
    grown = cli("campaign", "grow", made["id"][:8], "--size", "5", "--json").json
    assert (grown["id"], grown["sampled"]) == (made["id"], 5)
    shown = cli("campaign", "show", "refunds", "--items", "--json").json
    assert before < {one["id"] for one in shown["items"]}
    assert {float(one["inclusion_probability"]) for one in shown["items"]} == {5 / 6}
    assert (shown["remaining"], shown["open"], shown["unsure"], shown["closed"]) == (5, 5, 0, False)
    assert cli("campaign", "close", "refunds", "--json").json["closed"] is True
    cli("campaign", "close", "refunds").refused()
    assert cli("next", "refunds", "--json").json == {"done": True}
    assert [one["campaign"] for one in cli("campaign", "list", "--json").json["campaigns"]] == ["refunds"]
    assert "refunds" in cli("campaign", "list").out
    assert "5 of 6 items drawn" in cli("campaign", "show", "refunds").out


@pytest.mark.parametrize(
    "wrong",
    [
        ["refunds"],
        [" "],
        ["x", "--query", "agent:nobody"],
        ["x", "--design", "srs"],
        ["x", "--design", "all", "--size", "3"],
        ["x", "--design", "stratified", "--size", "3"],
        ["x", "--design", "poisson", "--size", "3"],
        ["x", "--size", "99"],
        ["x", "--overlap", "99"],
        ["x", "--double", "2"],
        ["x", "--gold", "half"],
        ["x", "--repeat", "-1"],
        ["x", "--members", "Nobody"],
        ["x", "--members", " , "],
        ["x", "--guidelines", "nowhere.txt"],
        ["x", "--by", "agent"],
    ],
)
def test_what_cannot_be_asked_is_refused(cli: Cli, campaign: str, wrong: list[str]) -> None:
    cli("campaign", "create", *wrong).refused()
    assert len(cli("campaign", "list", "--json").json["campaigns"]) == 1


def test_only_a_lead_creates_campaigns(cli: Cli, folder: Path) -> None:
    assert cli("member", "add", "Ben", "--here").code == 0
    what, hint = cli("campaign", "create", "mine", "--as", "Ben").refused()
    assert "Ben" in what
    assert "lead" in hint


def test_items_are_asked_for_again_by_query_or_by_name_and_the_queue_says_why(cli: Cli, campaign: str) -> None:
    first = cli("next", campaign, "--json").json
    assert first["asked_again"] is None
    cli("label", campaign, first["id"], "--verdict", "compliant")
    asked = cli("campaign", "requeue", campaign, "--query", "", "--reason", "Vouchers count now", "--json").json
    assert (asked["requeued"], asked["complete"], asked["labels"]) == (1, 0, 1)
    up = cli("next", campaign, "--json").json
    assert up["id"] == first["id"]
    assert up["asked_again"] == {"why": "asked", "clause": None, "note": "Vouchers count now"}
    assert "You are asked for another look. “Vouchers count now”" in cli("next", campaign).out
    cli("label", campaign, first["id"], "--verdict", "unsure")
    assert cli("next", campaign, "--json").json["id"] != first["id"]
    by_name = ("campaign", "requeue", campaign, "--item", first["id"][:8], "--why", "stale", "--clause", "refunds:4.2")
    assert "1 item is asked for again" in cli(*by_name).out
    assert cli("next", campaign, "--json").json["asked_again"] == {"why": "stale", "clause": "refunds:4.2", "note": None}


@pytest.mark.parametrize(
    "wrong", [[], ["--query", "", "--item", "abcdef"], ["--item", "ffffff"], ["--query", ""], ["--query", "agent:nobody"]]
)
def test_what_cannot_be_asked_for_again_is_refused(cli: Cli, campaign: str, wrong: list[str]) -> None:
    cli("campaign", "requeue", campaign, *wrong).refused()


def test_gold_repeats_and_open_opinions_are_asked_for_by_options(cli: Cli, folder: Path) -> None:
    cli("campaign", "create", "probed", "--gold", ".1", "--repeat", "0.2", "--feedback")
    found = cli("campaign", "show", "probed", "--json").json
    assert (found["gold"], found["repeat"], found["feedback"], found["blind"]) == ("0.1", "0.2", True, True)
    cli("campaign", "create", "open", "--open-opinions")
    assert cli("campaign", "show", "open", "--json").json["blind"] is False
    item = cli("next", "open", "--json").json["id"]
    cli("label", "open", item, "--verdict", "compliant")
    assert cli("show", item, "--json").json["labels"][0]["blind"] is False


def test_next_tells_neither_gold_nor_a_repeat_and_a_label_by_command_answers_it(cli: Cli, folder: Path, tmp_path: Path) -> None:
    cli("campaign", "create", "probed", "--query", "agent:support", "--seed", "s", "--gold", "1", "--repeat", "1")
    outside = [one["id"] for one in cli("items", "--json", "--", "-agent:support").json["items"]]
    (tmp_path / "gold.jsonl").write_text("".join(f'{{"item":"{item}","verdict":"compliant"}}\n' for item in outside))
    assert cli("gold", "import", str(tmp_path / "gold.jsonl"), "--campaign", "probed", "--json").json["added"] == 6
    seen = []
    while not (up := cli("next", "probed", "--json").json).get("done"):
        assert "verdict" not in up
        assert set(up) == {
            "id", "kind", "agent", "time", "messages", "candidates", "tools", "campaign", "campaign_id", "showing", "again",
            "two_answers", "asked_again", "suggestion", "question", "agent_steps",
        }  # fmt: skip
        assert (up["again"], up["two_answers"], up["asked_again"], up["suggestion"]) == (False, False, None, None)
        seen.append((up["id"], up["showing"]))
        cli("label", "probed", up["id"], "--verdict", "compliant")
    assert [item in outside for item, _ in seen] == [True] * 6 + [False] * 12
    assert [showing for _, showing in seen] == [1] * 12 + [2] * 6
    standing = cli("campaign", "show", "probed", "--json").json
    assert (standing["sampled"], standing["complete"], standing["answered"], standing["labels"]) == (6, 6, 6, 18)


def test_what_was_resolved_in_one_campaign_becomes_gold_in_another(cli: Cli, campaign: str) -> None:
    cli("member", "add", "Judy", "--role", "adjudicator", "--here")
    first, second = (one["id"] for one in cli("campaign", "show", campaign, "--items", "--json").json["items"][:2])
    cli("campaign", "create", "later", "--query", "agent:support", "--gold", "0.5")
    what, _ = cli("gold", "add", "--from", campaign, "--campaign", "later").refused()
    assert "Nothing is resolved" in what
    for item, ruling in ((first, "non_compliant"), (second, "policy_at_fault")):
        cli("label", campaign, item, "--verdict", "compliant")
        assert cli("resolve", campaign, item, "--verdict", ruling, "--rationale", "So.", "--as", "Judy").code == 0
    assert cli("gold", "add", "--from", campaign, "--campaign", "later", "--json").json == {"added": 1, "known": 0}
    assert cli("gold", "add", "--from", campaign, "--campaign", "later", "--json").json == {"added": 0, "known": 1}
    assert "Gold items added: 0; known already: 1." in cli("gold", "add", "--from", campaign, "--campaign", "later").out


def test_results_are_told_by_reviewer(cli: Cli, campaign: str) -> None:
    item = cli("next", campaign, "--json").json["id"]
    cli("label", campaign, item, "--verdict", "compliant")
    (one,) = cli("campaign", "results", campaign, "--json").json["by_reviewer"]
    assert one | {"member": ""} == {
        "member": "", "reviewer": "Ada", "labels": 1, "gold_right": 0, "gold_total": 0, "gold_interval": None, "repeat_same": 0,
        "repeat_total": 0, "repeat_interval": None, "median_seconds": None,
    }  # fmt: skip
    assert "known answers right" in cli("campaign", "results", campaign).out
    cli("member", "add", "Ben", "--here")
    assert "does not show reviewers" in cli("campaign", "results", campaign, "--as", "Ben").refused()[0]


def test_strata_and_streams_are_drawn_shown_and_kept_from_whoever_has_still_to_label_blind(cli: Cli, folder: Path) -> None:
    made = cli("campaign", "create", "strata", "--by", "agent", "--size", "6", "--floor", "2", "--seed", "s", "--json").json
    assert len(made["strata"]) == 2
    assert sum(one["sampled"] for one in made["strata"]) == made["sampled"] == 6
    shown = cli("campaign", "show", "strata", "--items", "--json").json
    assert shown["strata"] == made["strata"]
    hidden = {(one["stratum"], one["stream"], one["inclusion_probability"], one["answer"]) for one in shown["items"]}
    assert hidden == {(None, None, None, None)}
    item = cli("next", "strata", "--json").json["id"]
    cli("label", "strata", item, "--verdict", "compliant")
    (seen,) = [one for one in cli("campaign", "show", "strata", "--items", "--json").json["items"] if one["id"] == item]
    assert (seen["stratum"] is not None, seen["stream"], float(seen["inclusion_probability"])) == (True, "control", 0.5)
    assert "-  -  -" in cli("campaign", "show", "strata", "--items").out
    weighted = cli("campaign", "create", "risk", "--weight", "steps", "--size", "6", "--control", ".5", "--seed", "s", "--json").json
    assert weighted["strata"] == [{"stratum": "", "population": 12, "sampled": weighted["sampled"]}]
    assert cli("campaign", "grow", "risk", "--size", "12", "--json").json["sampled"] == 12
    assert "stratum" in cli("campaign", "create", "told", "--by", "agent", "--size", "6").out


def test_a_dry_run_says_what_a_draw_would_come_to_and_writes_nothing(cli: Cli, folder: Path) -> None:
    seen = cli("campaign", "create", "x", "--by", "agent", "--size", "6", "--double", ".5", "--dry-run", "--json").json
    assert (seen["population"], seen["to_draw"], seen["labels"], seen["hours"]) == (12, 6, 9, None)
    assert [one["rate"] for one in seen["widths"]] == [0.01, 0.05, 0.2]
    assert {"name", "population", "to_draw", "half_width", "low", "high"} == set(seen["strata"][0])
    told = cli("campaign", "create", "x", "--weight", "steps", "--size", "6", "--rate", ".1", "--dry-run").out
    assert "Nothing was written. 6 of 12 items would be drawn on average." in told
    assert "At a rate of 10.0%" in told
    cli("campaign", "create", "x", "--size", "6", "--rate", "2", "--dry-run").refused()
    assert cli("campaign", "list", "--json").json["campaigns"] == []
