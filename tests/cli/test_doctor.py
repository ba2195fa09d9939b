"""What is in order on this machine."""

from pathlib import Path

from tests.cli.conftest import Cli


def test_a_sound_workspace_is_in_order(cli: Cli, folder: Path) -> None:
    said = cli("doctor", "--json")
    assert said.code == 0
    assert said.json["ok"] is True
    names = [check["name"] for check in said.json["checks"]]
    assert {"sqlite", "keyring", "window", "disk", "workspace"} <= set(names)
    assert "NOT" not in cli("doctor").out


def test_without_a_workspace_it_still_answers(cli: Cli) -> None:
    said = cli("doctor", "--json")
    assert said.code == 0
    assert "reviewer init" in said.json["checks"][-1]["what"]


def test_a_damaged_workspace_is_named_and_the_code_is_1(cli: Cli, folder: Path) -> None:
    for name in ("reviewer.db-wal", "reviewer.db-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "reviewer.db").write_bytes(b"not a database at all" * 500)
    said = cli("doctor", "--json")
    assert said.code == 1
    assert said.json["ok"] is False
    cli("items").refused()


def test_a_lost_key_is_named(cli: Cli, folder: Path, own_home: Path) -> None:
    for key in (own_home / "config" / "keys").iterdir():
        key.unlink()
    said = cli("doctor", "--json")
    assert said.code == 1
    assert "key" in said.json["checks"][-1]["what"]
