"""Joining from the command line: a request, six words, and what a lead says to it."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli


def test_a_request_is_made_compared_and_admitted(cli: Cli, folder: Path, tmp_path: Path) -> None:
    there = str(tmp_path / "ben")
    made = cli("join", str(tmp_path / "ben.json"), "--as", "Ben", "--workspace", there, "--json").json
    assert len(made["words"]) == 6
    assert Path(made["request"]).is_file()
    waits = cli("member", "list", "--workspace", there, "--json").json
    assert (waits["members"], waits["waiting"]) == ([], "Ben")
    assert "Waiting to be admitted." in cli("skip", "C", "a" * 64, "--workspace", there).refused()[0]

    added = cli("member", "add", "Ben", "--request", made["request"], "--role", "adjudicator", "--json").json
    assert added["words"] == made["words"]
    assert added["fingerprint"] == made["fingerprint"] == added["members"][0]["device"]
    assert (added["members"][0]["member"], added["members"][0]["role"], added["further"]) == ("Ben", "adjudicator", False)
    listed = cli("member", "list", "--json").json
    assert [(one["member"], one["role"], one["revoked"]) for one in listed["members"]] == [
        ("Ada", "lead", False),
        ("Ben", "adjudicator", False),
    ]
    assert len(listed["project"]["words"]) == 6
    assert cli("verify", "--json").json["ok"] is True


def test_the_text_says_which_words_to_compare_and_that_a_known_name_gets_a_further_device(cli: Cli, folder: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        said = cli("join", str(tmp_path / f"{name}.json"), "--as", "Ben", "--workspace", str(tmp_path / name))
        assert "compare these six words" in said.out
    assert "Admitted Ben, a new member, as reviewer" in cli("member", "add", "Ben", "--request", str(tmp_path / "one.json")).out
    assert "Admitted a further device of Ben, as reviewer" in cli("member", "add", "Ben", "--request", str(tmp_path / "two.json")).out


def test_what_cannot_be_admitted_is_refused(cli: Cli, folder: Path, tmp_path: Path) -> None:
    cli("join", str(tmp_path / "ben.json")).refused()  # nobody was named
    cli("join", str(tmp_path / "ben.json"), "--as", "Ben", "--workspace", str(tmp_path / "ben"))
    request = str(tmp_path / "ben.json")
    cli("member", "add", "Ben", "Cleo", "--request", request).refused()
    cli("member", "add", "Ben", "--here", "--request", request).refused()
    cli("member", "add", "Ben", "--request", str(folder / "reviewer.db")).refused()
    assert "[E002]" in cli("member", "add", "Ben", "--request", str(tmp_path / "none.json")).refused()[0]
    assert cli("member", "add", "Ben", "--request", request).code == 0
    assert "admitted already" in cli("member", "add", "Cleo", "--request", request).refused()[0]


def test_a_workspace_that_waits_can_be_encrypted(cli: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_PASSPHRASE", "correct horse battery")
    there = str(tmp_path / "ben")
    assert cli("join", str(tmp_path / "ben.json"), "--as", "Ben", "--workspace", there, "--encrypt").code == 0
    assert not (tmp_path / "ben" / "reviewer.db").read_bytes().startswith(b"SQLite format 3")
    assert cli("member", "list", "--workspace", there, "--json").json["waiting"] == "Ben"
    monkeypatch.setenv("REVIEWER_PASSPHRASE", "wrong")
    assert "[E111]" in cli("member", "list", "--workspace", there).refused()[0]


def test_what_a_join_brings_is_what_the_lead_sent(cli: Cli, folder: Path, campaign: str, tmp_path: Path) -> None:
    there, request = str(tmp_path / "ben"), str(tmp_path / "ben.json")
    cli("join", request, "--as", "Ben", "--workspace", there)
    added = cli("member", "add", "Ben", "--request", request, "--json").json
    assert cli("bundle", "create", str(tmp_path / "kit.rvb"), "--json").code == 0
    applied = cli("bundle", "apply", str(tmp_path / "kit.rvb"), "--workspace", there, "--json")
    assert applied.json["added"] > 0
    assert "note: You were admitted to work, begun by Ada, as Ben, reviewer." in applied.err
    assert " ".join(added["project"]["words"]) in applied.err
    up = cli("next", campaign, "--workspace", there, "--json").json
    given = cli("label", campaign, up["id"], "--verdict", "compliant", "--workspace", there, "--json").json["label"]
    assert cli("member", "list", "--workspace", there, "--json").json["project"]["words"] == added["project"]["words"]
    assert cli("bundle", "create", str(tmp_path / "back.rvb"), "--workspace", there).code == 0
    assert cli("bundle", "apply", str(tmp_path / "back.rvb"), "--json").json["added"] == 2
    told = {one["member"]: one for one in cli("device", "list", "--json").json["devices"]}
    assert (told["Ben"]["unwitnessed"], told["Ben"]["here"]) == (0, False)
    assert told["Ben"]["heard"] is not None
    assert cli("verify", "--json").json["digest"] is not None
    assert given in {one["label"] for one in cli("show", up["id"], "--workspace", there, "--json").json["history"]}


def test_a_request_that_cannot_be_written_says_why_and_is_written_by_the_next_try(cli: Cli, tmp_path: Path) -> None:
    words = ("join", "/dev/full/x.json", "--as", "Ben", "--workspace", str(tmp_path / "w"))
    what, _ = cli(*words).refused()
    assert what == "/dev/full/x.json cannot be written: Not a directory. [E103]"
    assert cli("join", str(tmp_path / "x.json"), *words[2:]).code == 0
