"""Commands on a workspace in a place that cannot be written: what reads answers as always, what writes is refused."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.unwritable import unwritable

REFUSED = (
    "This place cannot be written. [E103]",
    "It is opened for reading only; copy the folder to a place that you may write to.",
)
NOTE = "note: This place cannot be written. Opened for reading only."


@pytest.fixture
def campaign(cli: Cli, folder: Path, tmp_path: Path) -> Iterator[str]:
    """A campaign with two labels, a policy and an incident, in a folder that cannot be written any more; its name."""
    policy = tmp_path / "policy.md"
    policy.write_text("# Refunds\n\n1. Refund within 30 days.\n")
    assert cli("policy", "add", "refunds", str(policy)).code == 0
    assert cli("policy", "activate", "refunds", "1").code == 0
    assert cli("campaign", "create", "refunds", "--assign", "all").code == 0
    for one in cli("items", "--limit", "2", "--json").json["items"]:
        assert cli("label", "refunds", one["id"], "--verdict", "non_compliant", "--rationale", "Why.").code == 0
    assert cli("incident", "open", "--item", item(cli), "--title", "T").code == 0
    with unwritable(folder):
        yield "refunds"


def item(cli: Cli) -> str:
    return str(cli("items", "--limit", "1", "--json").json["items"][0]["id"])


def test_what_reads_answers_as_always_and_says_that_it_only_reads(cli: Cli, campaign: str, tmp_path: Path) -> None:
    label = cli("show", item(cli), "--json").json["labels"][0]["label"]
    for command in (
        ("items",), ("items", "refund"), ("show", item(cli)), ("next", campaign), ("campaign", "list"),
        ("campaign", "show", campaign, "--items"), ("estimate", campaign), ("agreement", campaign), ("aggregate", campaign),
        ("drift", campaign), ("policy", "list"), ("clusters", "list"), ("incident", "list"), ("release", "list"), ("member", "list"),
        ("device", "list"), ("conflicts",), ("erase", "status"), ("story", label), ("verify",), ("judge", campaign, "--dry-run"),
        ("report", campaign, str(tmp_path / "r.html")), ("backup", str(tmp_path / "copy.db")),
        ("bundle", "create", str(tmp_path / "all.rvb")), ("bundle", "inspect", str(tmp_path / "all.rvb")),
    ):  # fmt: skip
        said = cli(*command, "--json")
        assert said.code == 0, said.err
        json.loads(said.out)
        assert [line for line in said.err.splitlines() if line.startswith(NOTE)], command
    assert "Opened for reading only." not in cli("doctor", "--json").err
    assert any("Opened for reading only." in one["what"] for one in cli("doctor", "--json").json["checks"])


def test_labels_leave_to_another_place_and_it_is_said_that_no_record_was_made(cli: Cli, campaign: str, tmp_path: Path) -> None:
    before = cli("verify", "--json").json["set_digest"]
    said = cli("labels", "export", str(tmp_path / "labels.jsonl"), "--campaign", campaign, "--json")
    assert said.json["labels"] == 2
    assert len((tmp_path / "labels.jsonl").read_text().splitlines()) == 2
    assert "note: The labels left without a record: this place cannot be written." in said.err
    assert cli("verify", "--json").json["set_digest"] == before


def test_what_writes_is_refused_before_anything_else_is_done(cli: Cli, campaign: str, folder: Path, tmp_path: Path) -> None:
    runs, one = tmp_path / "runs.jsonl", item(cli)
    image = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    parts = [{"type": "text", "text": "Look."}, {"type": "image_url", "image_url": {"url": image}}]
    runs.write_text(json.dumps({"messages": [{"role": "user", "content": parts}, {"role": "assistant", "content": "Yes."}]}) + "\n")
    for command in (
        ("import", str(runs)), ("campaign", "create", "Z"), ("campaign", "close", campaign),
        ("label", campaign, one, "--verdict", "compliant"), ("skip", campaign, one), ("undo",), ("member", "add", "Ben", "--here"),
        ("clusters", "run"), ("verify", "--rebuild"), ("release", campaign, "--format", "raw", "--out", str(tmp_path / "out")),
        ("sync", str(tmp_path)), ("judge", campaign), ("erase", "request", one, "--reason", "Asked for."),
    ):  # fmt: skip
        assert cli(*command).refused() == REFUSED, command
    assert cli("backup").refused()[0].endswith("cannot be written: Read-only file system. [E103]")
    assert not (tmp_path / "out").exists()
