"""What a person is told where this machine does not do what is asked: disks, locks, keys, versions. JOURNAL.md section 5, E1xx."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.storage import driver, folders, machines
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.cli.conftest import Cli
from tests.contracts.test_messages_of_data import noted
from tests.disks import disk_in_memory, forbid_writing
from tests.storage.test_migrations import SECOND, second

__all__ = ["second"]
NEEDS_LIMITS = pytest.mark.skipif(sys.platform != "linux", reason="the size of files is limited by what only Linux has")


@pytest.fixture
def item(cli: Cli, campaign: str) -> str:
    """The item that is up."""
    return str(cli("next", campaign, "--json").json["id"])


def in_a_process(*arguments: str, most_bytes: int) -> "subprocess.CompletedProcess[str]":
    """A command in a process whose files may grow no further than this, as on a disk that is full."""
    code = (
        "import signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        " from reviewer.cli.line import run; sys.exit(run(sys.argv[1:]).code)"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=False, capture_output=True, text=True, timeout=120, env=dict(os.environ),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes)),
    )  # fmt: skip


@NEEDS_LIMITS
def test_a_write_that_the_disk_refuses_is_said_and_the_same_again_succeeds(cli: Cli, folder: Path, campaign: str, item: str) -> None:
    label = ("label", campaign, item, "--verdict", "compliant", "--rationale", "x" * 50_000)
    before = cli("verify", "--json").json["set_digest"]
    said = in_a_process(*label, most_bytes=40_000)
    assert (said.returncode, said.stdout) == (2, "")
    what, hint = said.stderr.splitlines()
    assert what == "error: Not saved: the disk reported an error. [E102]"
    assert hint == "hint: Check the disk, then start again; earlier answers are safe."
    assert cli("verify", "--json").json["set_digest"] == before
    assert cli(*label).code == 0


def test_a_full_database_says_so_and_promises_only_what_is_true_here(
    cli: Cli, campaign: str, item: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = driver.connect

    def full(path: Path, **more: object) -> driver.Connection:
        connection = connect(path, **more)  # type: ignore[arg-type] # as it was called
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    label = ("label", campaign, item, "--verdict", "compliant", "--rationale", "x" * 15_000)
    with monkeypatch.context() as patch:
        patch.setattr(driver, "connect", full)
        assert cli(*label).refused() == (
            "Not saved: the disk is full. [E101]",
            "Free space, then try again; what was saved before is kept.",
        )
    assert cli(*label).code == 0


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A medium that cannot be written, with a workspace."""
    with disk_in_memory(tmp_path / "disk", "8m") as place:
        worlds.ready(place / "w", items=2).close()
        forbid_writing(place)
        yield place


def test_a_place_that_cannot_be_written_is_named(cli: Cli, read_only: Path) -> None:
    there = ("--workspace", str(read_only / "w"))
    listed = cli(*there, "items", "--json")
    assert listed.code == 0
    assert listed.json["total"] == 2
    told = "This place cannot be written. Opened for reading only. To work in it, copy the folder to a place that you may write to."
    assert listed.err == f"note: {told} [E103]\n"
    what, hint = cli(*there, "label", "C", listed.json["items"][0]["id"], "--verdict", "compliant").refused()
    assert what == "This place cannot be written. [E103]"
    assert hint == "It is opened for reading only; copy the folder to a place that you may write to."
    assert cli("init", str(read_only / "new"), "--as", "Ada").refused()[0].endswith("cannot be written. [E103]")


def test_an_export_to_a_place_that_cannot_be_written_is_named(cli: Cli, campaign: str, read_only: Path) -> None:
    what, hint = cli("labels", "export", str(read_only / "labels.csv")).refused()
    assert what.endswith("Read-only file system. [E103]")
    assert hint == "Choose a place that you may write to."


def test_a_second_writer_is_told_to_wait(cli: Cli, folder: Path, campaign: str, item: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "_BUSY_MS", 50)
    label = ("label", campaign, item, "--verdict", "compliant")
    with closing(driver.connect(folder / "reviewer.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        assert cli(*label).refused() == (
            "Somebody else is writing to this workspace. [E104]",
            "Wait until the other command is done, then try again.",
        )
        other.execute("ROLLBACK")
    assert cli(*label).code == 0


def test_an_older_sqlite_and_a_network_disk_are_refused(cli: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(driver, "MINIMUM", (99, 0, 0))
        what, hint = cli("items").refused()
        assert what == f"Cannot start safely: SQLite is {'.'.join(map(str, driver.version()))}. [E105]"
        assert hint.startswith("Install sqlcipher3")
    table = tmp_path / "mounts"
    table.write_text(f"server:/home {folder.parent} nfs4 rw 0 0\n")
    monkeypatch.setattr(folders.network_disk, "__defaults__", (table,))
    what, hint = cli("items").refused()
    assert what == f"Cannot start safely: {folder} lies on a network disk (nfs4). [E105]"
    assert hint == "Keep the workspace on a disk of this machine; share by sync."
    assert cli("init", str(tmp_path / "other"), "--as", "Ada").refused()[0].endswith("[E105]")


def test_a_record_that_was_changed_is_found_by_verify_and_doctor(cli: Cli, folder: Path) -> None:
    with closing(driver.connect(folder / "reviewer.db")) as connection:
        connection.execute("DROP TRIGGER entry_is_never_changed")
        connection.execute("UPDATE entry SET sig = zeroblob(64) WHERE seq = (SELECT max(seq) FROM entry)")
    said = cli("verify")
    assert said.code == 1
    assert "It does not match its signature. [E107]" in said.out
    assert "[E107] Run `reviewer verify`; restore the last backup." in cli("doctor").out


def test_a_workspace_of_another_machine_asks_what_happened(cli: Cli, campaign: str, item: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "system_id", lambda: "another installation")
    label = ("label", campaign, item, "--verdict", "compliant")
    what, hint = cli(*label).refused()
    assert what == "This workspace was used on another machine, and its keys are here as well. [E109]"
    assert "`reviewer device moved`, `reviewer device restored`, or `reviewer device copied`" in hint
    [note] = noted(cli("items"), "E109")
    assert note.startswith("This workspace was used on another machine")
    moved = cli("device", "moved")
    assert moved.code == 0
    assert noted(moved, "E109") == []
    assert cli(*label).code == 0
    assert cli("device", "restored").refused()[0] == "This workspace belongs to this machine already. [E001]"
    assert cli("device", "stolen").refused()[0].endswith("[E003]")


def test_a_wrong_passphrase_makes_the_next_try_wait(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_PASSPHRASE", "correct horse battery")
    assert cli("init", str(tmp_path / "sealed"), "--as", "Ada", "--encrypt").code == 0
    monkeypatch.setenv("REVIEWER_PASSPHRASE", "wrong horse battery")
    what, hint = cli("--workspace", str(tmp_path / "sealed"), "items").refused()
    assert what == "Cannot unlock this workspace. [E111]"
    assert "horse" not in hint
    monkeypatch.setenv("REVIEWER_PASSPHRASE", "correct horse battery")
    what, hint = cli("--workspace", str(tmp_path / "sealed"), "items").refused()
    assert (what, hint) == ("Cannot unlock this workspace. [E111]", "Wait 1 s, then try again.")
    time.sleep(1.1)
    assert cli("--workspace", str(tmp_path / "sealed"), "items").code == 0


def test_tables_of_a_newer_version_are_left_as_they_are(cli: Cli, folder: Path) -> None:
    with closing(driver.connect(folder / "reviewer.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    what, hint = cli("items").refused()
    assert what.startswith("This workspace was made by a newer version (tables 9999, known ")
    assert what.endswith("[E112]")
    assert hint == "Update Reviewer to open it; nothing was changed."


def test_an_entry_of_a_newer_version_is_kept_and_said(cli: Cli, folder: Path) -> None:
    with closing(Workspace.open(folder)) as ada:
        later = replicas.sign_anything(ada, "label", {"any": "thing"}, version=2)
        assert replicas.take(ada, [later], replicas.project_of(ada)).added == 1
    said = cli("verify")
    assert said.code == 0, said.out
    assert "Made by a newer version: 1. Kept and passed on, but not shown. Update to see them. [E112]" in said.out


def test_an_update_that_fails_is_not_applied(cli: Cli, folder: Path, second: Path) -> None:
    before = second.read_text().split("down_revision = '")[1].split("'")[0]
    second.write_text(SECOND.format(before=before, then='raise RuntimeError("half way")'))
    what, hint = cli("items").refused()
    assert what == "Update not applied, nothing lost. [E113]"
    assert hint == f"Free space or check the disk, and try again; a copy lies in {folder / 'backups'}."
    second.unlink()
    assert cli("items").code == 0
