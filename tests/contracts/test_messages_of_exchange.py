"""What a person is told of what others sent, and of places to exchange through. JOURNAL.md section 5, E209 to E212 and E4xx."""

import os
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from reviewer.storage.workspace import Workspace
from tests.cli.conftest import Cli
from tests.contracts.test_messages_of_data import noted
from tests.forked import configured
from tests.hubs import Line, free_port
from tests.storage.test_agreement import hears
from tests.storage.test_hub_address import _certificate, tls_before

_TAKING = (("bundle", "apply"), ("sync",))


class Team(NamedTuple):
    """Ada's and Ben's workspaces, which hold the same; all: the bundle that Ben began with."""

    ada: str
    ben: str
    all: Path


@pytest.fixture
def campaign(folder: Path, cli: Cli) -> str:
    """A campaign over everything that offers each item to both: whose share of a split work an item is hangs on ids that chance gives."""
    assert cli("campaign", "create", "refunds", "--assign", "all").code == 0
    return "refunds"


@pytest.fixture
def team(cli: Cli, folder: Path, campaign: str, tmp_path: Path) -> Team:
    """Both on this machine, each in a folder of its own."""
    made = Team(str(folder), str(tmp_path / "ben"), tmp_path / "all.rvb")
    for arguments in (
        ("--workspace", made.ben, "join", str(tmp_path / "ben.json"), "--as", "Ben"),
        ("member", "add", "Ben", "--request", str(tmp_path / "ben.json")),
        ("bundle", "create", str(made.all), "--for", "Ben"),
        ("--workspace", made.ben, "bundle", "apply", str(made.all)),
    ):
        said = cli(*arguments)
        assert said.code == 0, said.err
    return made


def label(cli: Cli, workspace: str, campaign: str) -> str:
    """A label on what is up there."""
    item = str(cli("--workspace", workspace, "next", campaign, "--json").json["id"])
    assert cli("--workspace", workspace, "label", campaign, item, "--verdict", "compliant").code == 0
    return item


@pytest.mark.parametrize("how", ["apply", "file", "folder"])
def test_what_waits_for_an_earlier_record_says_for_which(cli: Cli, team: Team, campaign: str, tmp_path: Path, how: str) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    label(cli, team.ada, campaign)
    assert cli("sync", str(shared)).code == 0
    first = set(shared.iterdir())
    label(cli, team.ada, campaign)
    assert cli("sync", str(shared)).code == 0
    [second] = set(shared.iterdir()) - first
    aside = tmp_path / "aside"
    aside.mkdir()
    for file in first:
        file.rename(aside / file.name)
    arguments = {"apply": ("bundle", "apply", str(second)), "file": ("sync", str(second)), "folder": ("sync", str(shared))}[how]
    said = cli("--workspace", team.ben, *arguments)
    assert said.code == 0, said.err
    [note] = noted(said, "E209")
    gap = r"\(\d+( to \d+)? of stream [0-9a-f]{8}\)\. Ask for a bundle with these\. \[E209\]"
    assert re.fullmatch(rf"1 record waits for earlier ones from Ada's device {gap}", note), note
    assert "[E209]" in cli("--workspace", team.ben, "verify").out
    for file in aside.iterdir():
        assert noted(cli("--workspace", team.ben, "bundle", "apply", str(file)), "E209") == []


@pytest.mark.parametrize("command", _TAKING, ids=" ".join)
def test_a_device_with_two_histories_is_told_to_others_and_to_itself(
    cli: Cli, team: Team, campaign: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    copy, config = tmp_path / "copy", tmp_path / "copied config"
    shutil.copytree(team.ben, copy)
    shutil.copytree(os.environ["REVIEWER_CONFIG"], config)
    label(cli, team.ben, campaign)
    assert cli("--workspace", team.ben, "bundle", "create", str(tmp_path / "one.rvb")).code == 0
    with configured(config):
        label(cli, str(copy), campaign)
        assert cli("--workspace", str(copy), "bundle", "create", str(tmp_path / "two.rvb")).code == 0
    assert noted(cli(*command, str(tmp_path / "one.rvb")), "E210") == []
    said = cli(*command, str(tmp_path / "two.rvb"))
    assert said.code == 0, said.err
    [note] = noted(said, "E210")
    told = (
        r"Ben's device has two histories from record \d+\. Both kept; administrator informed\. "
        r"Ask whose device it is whether it was copied or restored\. \[E210\]"
    )
    assert re.fullmatch(told, note), note
    itself = cli("--workspace", team.ben, *command, str(tmp_path / "two.rvb"))
    assert noted(itself, "E109") == ["The same identity works in two places. Both histories are kept. Ask an administrator. [E109]"]
    assert "[E210]" in cli("verify").out


@pytest.mark.parametrize("how", ["apply", "file", "folder"])
def test_an_erased_item_that_comes_again_is_not_restored(cli: Cli, team: Team, tmp_path: Path, how: str) -> None:
    item = cli("items", "--json").json["items"][0]["id"]
    assert cli("erase", "request", item, "--reason", "Asked for.").code == 0
    assert cli("bundle", "create", str(tmp_path / "later.rvb"), "--for", "Ben").code == 0
    cli("--workspace", team.ben, "bundle", "apply", str(tmp_path / "later.rvb"))
    assert cli("--workspace", team.ben, "erase", "do", item).code == 0
    [asked] = cli("--workspace", team.ben, "erase", "status", "--json").json["erasures"]
    shared = tmp_path / "shared"
    shared.mkdir()
    again = shutil.copyfile(team.all, shared / "again.rvb")
    arguments = {"apply": ("bundle", "apply", str(again)), "file": ("sync", str(again)), "folder": ("sync", str(shared))}[how]
    said = cli("--workspace", team.ben, *arguments)
    assert said.code == 0, said.err
    assert noted(said, "E211") == [f"1 item was erased on {asked['asked'][:10]} and is not restored. [E211]"]
    what, hint = cli("--workspace", team.ben, "show", item).refused()
    assert what == f"Item {item[:12]} was erased on {asked['asked'][:10]} and is not restored. [E211]"
    assert hint


@pytest.mark.skipif(sys.platform != "linux", reason="the fault is made by what only Linux has")
def test_a_bundle_that_the_disk_did_not_take_leaves_no_file(cli: Cli, team: Team, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / f".b.rvb.{os.getpid()}.part").symlink_to("/dev/full")
    assert cli("bundle", "create", str(out / "b.rvb"), "--for", "Ben").refused() == (
        "Export not finished: the disk is full. No valid file left behind. [E212]",
        "Check the disk or stick and its room, then run it again.",
    )
    assert list(out.iterdir()) == []


def test_a_hub_and_a_server_that_do_not_answer_are_offline(cli: Cli, folder: Path) -> None:
    what, hint = cli("sync", f"postgresql://ben@127.0.0.1:{free_port()}/x").refused()
    assert re.fullmatch(r"Offline\. \d+ records wait\. All work is saved here\. \[E401\]", what)
    assert hint
    what, hint = cli("sync", f"webdav://127.0.0.1:{free_port()}/x").refused()
    assert re.fullmatch(r"Offline: webdav://127\.0\.0\.1:\d+/x does not answer \(\w+\)\. All work is saved here\. \[E401\]", what)
    assert hint == "Check the network, then sync again."


def test_a_hub_with_another_certificate_is_not_spoken_to(cli: Cli, folder: Path, hub_line: Line, tmp_path: Path) -> None:
    authority = _certificate(tmp_path, "authority", None)
    _certificate(tmp_path, "stranger", None)
    _certificate(tmp_path, "hub", (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")]), authority))
    with tls_before(hub_line.server.port, tmp_path) as port:
        query = f"?sslmode=verify-full&sslrootcert={tmp_path / 'stranger.pem'}"
        what, hint = cli("sync", hub_line.address(port=port, query=query)).refused()
    assert what == "The hub's certificate is not the known one. Not connected. [E402]"
    assert "cret" not in hint


def test_a_hub_that_shows_less_than_before_is_not_followed(cli: Cli, folder: Path, hub_line: Line) -> None:
    assert cli("sync", hub_line.address()).code == 0
    hub_line.run("DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)")
    what, hint = cli("sync", hub_line.address()).refused()
    [proof] = (folder / "proofs").iterdir()
    assert what == f"The hub shows less or other than it signed before. Proof saved in {proof}; sync stopped. [E403]"
    assert hint == "Ask whoever keeps the hub what happened to it."


def test_another_result_of_the_same_entries_blocks_exports(cli: Cli, folder: Path, campaign: str, tmp_path: Path) -> None:
    workspace = Workspace.open(folder)
    hears(workspace, "c" * 64)
    workspace.close()
    for arguments in (
        ("labels", "export", str(tmp_path / "labels.csv")),
        ("release", campaign, "--format", "trl-kto", "--out", str(tmp_path / "kto")),
    ):
        what, hint = cli(*arguments).refused()
        assert what == (
            "Same records, different result on device bbbbbbbb: a program fault. Exports are blocked, and a report was written. [E404]"
        )
        assert hint == "Update Reviewer on both machines, sync again, and pass the report on."
    assert not (tmp_path / "labels.csv").exists()
    assert not (tmp_path / "kto").exists()
