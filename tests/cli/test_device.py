"""Devices, who is trusted no further, and copies that get keys of their own."""

import shutil
from pathlib import Path

import pytest

from reviewer.storage import machines
from tests.cli.conftest import Cli


def test_a_lost_device_is_revoked_and_shown_so(cli: Cli, campaign: str) -> None:
    cli("member", "add", "Ben", "Cleo", "--here")
    up = cli("next", campaign, "--as", "Ben", "--json").json
    cli("label", campaign, up["id"], "--verdict", "compliant", "--as", "Ben")
    listed = cli("device", "list", "--json").json["devices"]
    assert [(one["member"], one["revoked"], one["here"]) for one in listed] == [
        ("Ada", False, True),
        ("Ben", False, True),
        ("Cleo", False, True),
    ]
    assert all(one["heard"] and one["unwitnessed"] > 0 for one in listed)
    ben = listed[1]["device"]
    done = cli("device", "revoke", ben[:10], "--reason", "lost", "--note", "On a train.", "--none", "--json").json
    assert (done["device"], done["member"], done["dropped"], done["trusted"]) == (ben, "Ben", 2, [])
    assert "revoked" in cli("device", "list").out
    gone = cli("member", "revoke", "Cleo", "--json").json["revoked"]
    assert [(one["member"], one["dropped"]) for one in gone] == [("Cleo", 0)]
    assert cli("campaign", "show", campaign, "--json").json["labels"] == 0
    assert cli("verify", "--json").json["ok"] is True


def test_members_get_other_names_and_stronger_roles(cli: Cli, folder: Path) -> None:
    cli("member", "add", "Ben", "--here")
    assert cli("member", "rename", "Ben", "Benno", "--json").json["member"] == "Benno"
    assert cli("member", "role", "Benno", "adjudicator", "--json").json["role"] == "adjudicator"
    assert "cannot take its place" in cli("member", "role", "Benno", "observer").refused()[0]
    assert "Nobody could lead" in cli("member", "revoke", "Ada").refused()[0]
    cli("member", "revoke", "Benno", "--reason", "boredom").refused()
    cli("device", "revoke", "abc").refused()
    cli("device", "revoke", "abcdef", "--after", "3", "--none").refused()


def test_a_copied_folder_asks_for_admission_and_works_beside_the_first(
    cli: Cli, folder: Path, campaign: str, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = str(shutil.copytree(folder, tmp_path / "there"))
    config = str(shutil.copytree(own_home / "config", tmp_path / "config"))
    up = cli("next", campaign, "--json").json
    on_first = cli("label", campaign, up["id"], "--verdict", "compliant", "--json").json["label"]
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("REVIEWER_CONFIG", config)
        elsewhere.setattr(machines, "system_id", lambda: "another installation")
        made = cli("device", "copied", str(tmp_path / "request.json"), "--workspace", there, "--json").json
        assert len(made["words"]) == 6
        assert cli("skip", campaign, up["id"], "--workspace", there).refused()[0].startswith("Waiting to be admitted.")
    assert cli("device", "copied", str(tmp_path / "no.json")).refused()[0].startswith("This workspace belongs to this machine already.")
    added = cli("member", "add", "Ada", "--request", made["request"], "--json").json
    assert (added["further"], added["fingerprint"], added["words"]) == (True, made["fingerprint"], made["words"])
    assert cli("bundle", "create", str(tmp_path / "kit.rvb")).code == 0
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("REVIEWER_CONFIG", config)
        elsewhere.setattr(machines, "system_id", lambda: "another installation")
        assert cli("bundle", "apply", str(tmp_path / "kit.rvb"), "--workspace", there, "--json").json["added"] == 2
        other = cli("next", campaign, "--workspace", there, "--json").json["id"]
        on_copy = cli("label", campaign, other, "--verdict", "non_compliant", "--workspace", there, "--json").json["label"]
        assert cli("bundle", "create", str(tmp_path / "back.rvb"), "--workspace", there).code == 0
        theirs = cli("verify", "--workspace", there, "--json").json
    assert cli("bundle", "apply", str(tmp_path / "back.rvb"), "--json").code == 0
    ours = cli("verify", "--json").json
    assert (ours["ok"], ours["digest"]) == (theirs["ok"], theirs["digest"]) == (True, ours["digest"])
    history = {one["label"] for item in (up["id"], other) for one in cli("show", item, "--json").json["history"]}
    assert history == {on_first, on_copy}
    assert not any("histories" in problem["what"] for problem in ours["problems"])
