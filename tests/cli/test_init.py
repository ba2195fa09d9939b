"""Making a workspace."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.runs import write_runs


def test_a_workspace_has_a_first_member_whose_key_is_told_of(cli: Cli, tmp_path: Path, own_home: Path) -> None:
    said = cli("init", str(tmp_path / "w"), "--as", "Ada", "--json")
    assert said.code == 0
    assert said.json["workspace"] == str((tmp_path / "w").resolve())
    assert said.json["member"] == "Ada"
    assert len(said.json["device"]) == 64
    assert str(own_home / "config" / "keys") in said.err
    assert cli("member", "list", "--json").json["members"][0]["role"] == "lead"


def test_a_name_is_found_however_it_is_spaced(cli: Cli, tmp_path: Path) -> None:
    typed, where = " Ada   King ", ("--workspace", str(tmp_path / "w"))
    assert cli("init", *where, "--as", typed, "--json").json["member"] == "Ada King"
    assert cli("import", str(write_runs(tmp_path / "runs.jsonl", 2)), *where, "--as", typed).code == 0
    assert cli("campaign", "create", "c", *where, "--as", "Ada King", "--members", typed).code == 0
    cli("items", *where, "--as", "AdaKing").refused()


def test_the_folder_may_come_from_the_option_the_environment_or_the_usual_place(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("init", "--workspace", str(tmp_path / "a"), "--as", "Ada", "--json").json["workspace"] == str(tmp_path / "a")
    usual = Path(cli("init", "--as", "Ada", "--json").json["workspace"])
    assert usual.name == "workspace"
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(tmp_path / "b"))
    assert cli("init", "--as", "Ada", "--json").json["workspace"] == str(tmp_path / "b")


def test_what_cannot_become_a_workspace_is_refused(cli: Cli, tmp_path: Path, folder: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    for arguments in (
        [str(tmp_path / "w")],
        [str(folder), "--as", "Ada"],
        [str(tmp_path / "full"), "--as", "Ada"],
        [str(tmp_path / "file"), "--as", "Ada"],
        [str(tmp_path / "file" / "below"), "--as", "Ada"],
        [str(tmp_path / "w"), "--as", " "],
        [str(tmp_path / "w"), "--as", "Ada", "--encrypt"],  # no passphrase, and nobody to ask
    ):
        cli("init", *arguments).refused()
    assert not (tmp_path / "w").exists()
