"""Auditing labels from the command line."""

from tests.cli.conftest import Cli


def test_an_audit_says_what_it_found_and_what_to_do(cli: Cli, campaign: str) -> None:
    for number in range(4):
        up = cli("next", campaign, "--json").json
        assert cli("label", campaign, up["id"], "--verdict", "non_compliant" if number == 0 else "compliant").code == 0
    told = cli("release", "audit", campaign, "--split", "0.5,0.5", "--json").json
    assert told["items"] == 4
    assert told["labels"]["n"] == 4
    assert told["labels"]["reason"] == "1 rows of the rarer kind are too few to tell: it takes 20."
    assert sum(part["items"] for part in told["parts"].values()) == 4
    assert {one["check"] for one in told["findings"]} >= {"shortcuts", "balance", "near_duplicates", "gold"}
    assert told["pairs"] is told["position"] is told["seen"] is None
    said = cli("release", "audit", campaign).out
    assert said.startswith(f"4 items of {campaign} would have rows.")
    assert "3 of 4 rows are compliant (75%" in said


def test_an_audit_writes_nothing(cli: Cli, campaign: str) -> None:
    assert cli("label", campaign, cli("next", campaign, "--json").json["id"], "--verdict", "compliant").code == 0
    before = cli("verify", "--json").json["entries"]
    assert cli("release", "audit", campaign).code == 0
    assert cli("verify", "--json").json["entries"] == before


def test_what_cannot_be_audited_is_refused(cli: Cli, campaign: str) -> None:
    what, _ = cli("release", "audit", campaign).refused()
    assert "has an answer yet" in what
    cli("release", "audit", "nowhere").refused()
    assert cli("label", campaign, cli("next", campaign, "--json").json["id"], "--verdict", "compliant").code == 0
    what, _ = cli("release", "audit", campaign, "--against", "nowhere.jsonl").refused()
    assert "nowhere.jsonl is not there" in what
    cli("release", "audit", campaign, "--split", "2").refused()
