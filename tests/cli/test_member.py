"""Who may act."""

from pathlib import Path

from tests.cli.conftest import Cli


def test_members_are_admitted_with_keys_of_this_machine_and_act_by_name(cli: Cli, campaign: str) -> None:
    added = cli("member", "add", "Ben", "Cleo", "--here", "--role", "adjudicator", "--json").json["members"]
    assert [(one["member"], one["role"]) for one in added] == [("Ben", "adjudicator"), ("Cleo", "adjudicator")]
    listed = cli("member", "list", "--json").json["members"]
    assert [one["member"] for one in listed] == ["Ada", "Ben", "Cleo"]
    assert len({one["device"] for one in listed}) == 3
    up = cli("next", campaign, "--json").json
    assert cli("label", campaign, up["id"], "--verdict", "compliant", "--as", "Cleo").code == 0
    assert cli("campaign", "show", campaign, "--json").json["by_reviewer"] == {"Cleo": 1}
    assert cli("verify", "--json").json["ok"] is True


def test_nobody_is_admitted_half(cli: Cli, folder: Path) -> None:
    for wrong in (["Ben"], ["Ada", "--here"], ["Ben", "Ben", "--here"], ["Ben", " ", "--here"], ["Ben", "--here", "--role", "king"]):
        cli("member", "add", *wrong).refused()
    assert len(cli("member", "list", "--json").json["members"]) == 1


def test_a_list_of_names_is_admitted_as_a_whole(cli: Cli, folder: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("".join(f"Worker {number}\r\n" for number in range(30)))
    said = cli("member", "add", "Ben", "--from", str(names), "--here")
    assert "31 members" in said.out
    assert len(cli("member", "list", "--json").json["members"]) == 32
    names.write_text("Cleo\nBen\n")
    cli("member", "add", "--from", str(names), "--here").refused()
    names.write_text("\n \n")
    for wrong in (["--from", str(names), "--here"], ["--here"], ["--from", str(tmp_path / "nowhere"), "--here"]):
        cli("member", "add", *wrong).refused()
    assert len(cli("member", "list", "--json").json["members"]) == 32


def test_only_a_lead_admits(cli: Cli, folder: Path) -> None:
    assert cli("member", "add", "Ben", "--here").code == 0
    cli("member", "add", "Cleo", "--here", "--as", "Ben").refused()
