"""Incidents from the command line, as CLI.md has them."""

import json
from pathlib import Path

from tests.cli.conftest import Cli

KEYS = ("id", "title", "status", "severity", "owner", "root_cause", "opened", "due", "items", "clauses", "history")


def items(cli: Cli, n: int) -> list[str]:
    """Ids of some items."""
    return [one["id"] for one in cli("items", "--limit", str(n), "--json").json["items"]]


def test_a_case_goes_from_first_awareness_to_its_record(cli: Cli, campaign: str, tmp_path: Path) -> None:
    three = items(cli, 3)
    assert cli("incident", "list").out.strip() == "There is no incident."
    said = cli(
        "incident", "open", "--item", three[0][:8], three[1], "--item", three[2], "--title", "Paid twice", "--severity", "major",
        "--deadline", "death", "--aware", "2026-09-01T00:00:00Z", "--json",
    ).json  # fmt: skip
    assert set(KEYS) <= set(said)
    assert (said["title"], said["status"], said["severity"], said["owner"], said["root_cause"]) == (
        "Paid twice",
        "open",
        "major",
        None,
        None,
    )
    assert (set(said["items"]), said["due"]) == (set(three), "2026-09-11T00:00:00.000Z")
    incident = said["id"][:8]
    said = cli("incident", "set", incident, "owner=Ada", "root-cause=policy ambiguous", "note=Seen.", "--json").json
    assert (said["owner"], said["root_cause"], len(said["history"])) == ("Ada", "policy_ambiguous", 3)
    assert "already" in cli("incident", "set", incident, "owner=Ada").out
    assert [one["id"] for one in cli("incident", "list", "--json").json["incidents"]] == [said["id"]]
    assert "Nothing shows" in cli("incident", "close", incident).refused()[0]
    assert "drawn before" in cli("incident", "close", incident, "--campaign", campaign).refused()[0]
    assert cli("incident", "close", incident, "--reason", "Withdrawn.", "--json").json["status"] == "closed"
    shown = cli("incident", "show", incident).out
    assert "Paid twice  [closed, major]" in shown
    assert "Nothing here shows that the fix holds" in shown
    path = tmp_path / "case.json"
    assert cli("incident", "export", incident, str(path), "--json").json == {"path": str(path), "pages": None}
    assert json.loads(path.read_text())["incident"]["title"] == "Paid twice"
    assert cli("verify", "--json").json["ok"] is True


def test_what_cannot_be_read_or_done_is_said_in_two_lines(cli: Cli, campaign: str) -> None:
    one = items(cli, 1)[0]
    assert "no cluster" in cli("incident", "open", "--cluster", "777777", "--title", "T").refused()[0]
    assert "was not said" in cli("incident", "open", "--title", "T").refused()[0]
    assert "was not said" in cli("incident", "open", one, "--title", "T").refused()[0]
    assert "no incident" in cli("incident", "show", "abcdef").refused()[0]
    for time in ("yesterday", "2026-02-30", "0001-01-01T00:00:00+14:00"):
        assert "is not a time" in cli("incident", "open", "--item", one, "--title", "T", "--aware", time).refused()[0]
    incident = cli("incident", "open", "--item", one, "--title", "T", "--json").json["id"]
    assert "sets nothing" in cli("incident", "set", incident, "severity").refused()[0]
    assert "Nothing was said" in cli("incident", "set", incident).refused()[0]
    assert "no “colour”" in cli("incident", "set", incident, "colour=red").refused()[0]
    assert cli("incident", "set", incident, "--item", *items(cli, 2), "--json").json["items_total"] == 2
