"""Encrypted workspaces by command: made, converted, opened, and given another passphrase."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import keyring
import pytest

from tests.clear_text import files_with
from tests.cli.conftest import Cli
from tests.runs import write_runs
from tests.storage.test_keys import Remembering

PASSPHRASE = "correct horse battery"


@pytest.fixture
def sealed(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An encrypted workspace of Ada's, its passphrase in the environment."""
    monkeypatch.setenv("REVIEWER_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(tmp_path / "w"))
    said = cli("init", str(tmp_path / "w"), "--as", "Ada", "--encrypt")
    assert said.code == 0
    assert "If it is lost, nothing and nobody can bring it back." in said.err
    return tmp_path / "w"


def test_every_command_works_with_the_passphrase_and_none_without(
    cli: Cli, sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = write_runs(tmp_path / "runs.jsonl", 12)
    with runs.open("a") as more:
        more.write('{"messages": "a rejected line with known text"}\n')
    said = cli("import", str(runs))
    assert "line 13" in said.err
    assert "sealed as all of this workspace is" in said.out
    assert cli("campaign", "create", "refunds", "--seed", "7").code == 0
    item = cli("next", "refunds", "--json").json["id"]
    assert cli("label", "refunds", item, "--verdict", "compliant", "--rationale", "Because of known words.").code == 0
    assert cli("verify", "--json").json["ok"]
    checks = {check["name"]: check["what"] for check in cli("doctor", "--json").json["checks"]}
    assert checks["encryption"] == "It is encrypted."
    assert files_with([sealed], ["a rejected line with known text", "Because of known words.", "Please refund order W7"]) == []
    monkeypatch.delenv("REVIEWER_PASSPHRASE")
    for command in (["items"], ["verify"], ["label", "refunds", item, "--verdict", "unsure"], ["passphrase"], ["import", str(runs)]):
        what, hint = cli(*command).refused()
        assert what == "Cannot unlock this workspace. [E111]"
        assert "$REVIEWER_PASSPHRASE" in hint


def test_a_plain_workspace_is_encrypted_where_it_lies(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    what, hint = cli("encrypt").refused()
    assert "no terminal" in what
    assert "$REVIEWER_PASSPHRASE" in hint
    monkeypatch.setenv("REVIEWER_PASSPHRASE", "short")
    cli("encrypt").refused()
    monkeypatch.setenv("REVIEWER_PASSPHRASE", PASSPHRASE)
    before = cli("verify", "--json").json["digest"]
    said = cli("encrypt", "--json")
    assert said.json == {"workspace": str(folder.resolve()), "completed": False}
    assert "Flash disks" in said.err
    assert cli("verify", "--json").json["digest"] == before
    what, hint = cli("encrypt").refused()
    assert "encrypted already" in what
    assert "reviewer passphrase" in hint


def test_the_passphrase_is_changed_by_who_knows_it(cli: Cli, sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("passphrase").refused()  # no new one
    monkeypatch.setenv("REVIEWER_NEW_PASSPHRASE", "quite another one")
    assert cli("passphrase", "--json").json == {"workspace": str(sealed.resolve())}
    assert cli("items").refused()[0].endswith("[E111]")
    monkeypatch.setenv("REVIEWER_PASSPHRASE", "quite another one")
    # Another process: this one waits after a wrong passphrase.
    done = subprocess.run([sys.executable, "-m", "reviewer", "items", "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_plain_workspace_has_no_passphrase(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_NEW_PASSPHRASE", PASSPHRASE)
    assert "is not encrypted" in cli("passphrase").refused()[0]


def test_a_keyring_that_keeps_it_opens_it_until_that_is_taken_back(
    cli: Cli, sealed: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring, before = Remembering(), keyring.get_keyring()
    request.addfinalizer(lambda: keyring.set_keyring(before))
    keyring.set_keyring(ring)
    monkeypatch.setenv("REVIEWER_NEW_PASSPHRASE", "quite another one")
    assert cli("passphrase", "--keyring").code == 0
    assert "quite another one" not in str(ring.kept)
    monkeypatch.delenv("REVIEWER_PASSPHRASE")
    assert cli("items").code == 0
    monkeypatch.setenv("REVIEWER_NEW_PASSPHRASE", "and one more of them")
    assert cli("passphrase").code == 0  # what the keyring holds goes along
    assert cli("items").code == 0
    assert cli("passphrase", "--no-keyring").code == 0
    assert ring.kept == {}
    assert cli("items").refused()[0].endswith("[E111]")


def test_without_a_keyring_that_keeps_it_the_option_says_so(cli: Cli, sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_NEW_PASSPHRASE", PASSPHRASE)
    assert "no keyring" in cli("passphrase", "--keyring").refused()[0]
    assert cli("items").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own")
def test_on_a_terminal_it_is_asked_for_without_echo(tmp_path: Path, own_home: Path) -> None:
    said = on_terminal([PASSPHRASE, PASSPHRASE], "init", str(tmp_path / "w"), "--as", "Ada", "--encrypt")
    assert said.index("nothing and nobody can bring it back") < said.index("New passphrase:")
    assert PASSPHRASE not in said
    assert "Made the workspace" in said
    assert json.loads((tmp_path / "w" / "seal.json").read_text())["kdf"]["n"] == 2**17  # what OWASP asks for
    said = on_terminal([PASSPHRASE], "--workspace", str(tmp_path / "w"), "member", "list", "--json")
    assert json.loads(said[said.index("{") :])["members"][0]["member"] == "Ada"
    assert "[E111]" in on_terminal(["not this one"], "--workspace", str(tmp_path / "w"), "member", "list")
    assert "differ" in on_terminal([PASSPHRASE, "not the same"], "init", str(tmp_path / "x"), "--as", "Ada", "--encrypt")
    assert not (tmp_path / "x").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own")
def test_on_a_terminal_a_backup_asks_for_its_passphrase_too(
    cli: Cli, sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("backup", str(tmp_path / "copy.db")).code == 0
    monkeypatch.delenv("REVIEWER_PASSPHRASE")
    assert "[E111]" in on_terminal(["not this one"], "restore", str(tmp_path / "copy.db"), str(tmp_path / "again"))
    assert "Restored 1 entries" in on_terminal([PASSPHRASE], "restore", str(tmp_path / "copy.db"), str(tmp_path / "again"))
    assert cli("restore", str(tmp_path / "copy.db"), str(tmp_path / "third")).refused()[0].endswith("[E111]")


def on_terminal(typed: list[str], *arguments: str) -> str:
    """What a command says on a terminal of its own where a person answers each question."""
    terminal, its_side = pty.openpty()
    command = [sys.executable, "-m", "reviewer", *arguments]
    child = subprocess.Popen(command, stdin=its_side, stdout=its_side, stderr=its_side, start_new_session=True)
    os.close(its_side)
    said = b""
    waiting = list(typed)
    try:
        while more := os.read(terminal, 4096):
            said += more
            if waiting and said.endswith((b"assphrase: ", b"again: ")):
                os.write(terminal, waiting.pop(0).encode() + b"\n")
    except OSError:  # Linux says so when the other side has gone
        pass
    finally:
        os.close(terminal)
        child.wait(timeout=60)
    return said.decode()
