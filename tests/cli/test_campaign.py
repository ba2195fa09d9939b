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
        ["x", "--members", "Nobody"],
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
