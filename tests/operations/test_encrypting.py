"""Encrypting a workspace that is there, changing its passphrase, and what each leaves behind."""

import hashlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reviewer.domain.chain import DeviceId
from reviewer.domain.errors import Busy, Damaged, NotSaved, Refused
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import encrypting, verifying, workspaces
from reviewer.storage import conversion, driver, keys, sealing
from reviewer.storage.media import Media
from reviewer.storage.sealing import Locked
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.clear_text import files_with

PASSPHRASE = "correct horse battery"
MEDIUM = b"\x89PNG a medium with known content in it"
NAME = hashlib.sha256(MEDIUM).hexdigest()


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A plain workspace in which much happened, closed."""
    workspace = worlds.busy(tmp_path / "w", items=40)
    workspace.media.keep([(NAME, MEDIUM)])
    workspace.close()
    (tmp_path / "w" / "backups").mkdir()
    (tmp_path / "w" / "backups" / "before-0001-1.db").write_bytes((tmp_path / "w" / "reviewer.db").read_bytes())
    return tmp_path / "w"


def digest(workspace: Workspace) -> str:
    found = verifying.verify(workspace, SILENT).value
    assert found.ok, found.problems
    return found.digest


def payloads(folder: Path, passphrase: str | None = None) -> list[bytes]:
    """The bytes of items, packed, as the tables hold them."""
    workspace = Workspace.open(folder, passphrase=passphrase)
    with workspace.read() as reading:
        found = [bytes(payload) for (payload,) in reading.rows("SELECT payload FROM item")]
    workspace.close()
    return found


def test_everything_is_there_afterwards_and_nothing_lies_in_clear(plain: Path, own_home: Path) -> None:
    workspace = Workspace.open(plain)
    before = digest(workspace)
    workspace.close()
    texts: tuple[str | bytes, ...] = ("Refund order 11, please.", "Refund within 30 days.", MEDIUM, *payloads(plain))
    assert len(files_with([plain], texts)) == 3, "the control: database, medium and copy of a plain workspace show them"
    done = encrypting.encrypt_workspace(plain, SILENT, passphrase=PASSPHRASE).value
    assert not done.completed
    assert files_with([plain, own_home], texts) == []
    assert sorted(path.name for path in plain.iterdir()) == ["backups", "media", "reviewer.db", "seal.json"]
    assert list((plain / "backups").iterdir()) == []
    with pytest.raises(Locked):
        Workspace.open(plain)
    workspace = Workspace.open(plain, passphrase=PASSPHRASE)
    assert digest(workspace) == before
    assert workspace.media.read(NAME) == MEDIUM
    worlds.label(workspace, worlds.waiting(workspace)[0], rationale="Said when it was sealed.")
    ben = workspace.as_member("Ben")
    worlds.label(ben, worlds.waiting(ben)[0])
    ben.close()
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok
    workspace.close()


def test_the_keys_of_its_members_open_under_its_seal_only(plain: Path, own_home: Path) -> None:
    devices = conversion.devices_here(plain, None)
    assert len(devices) == 3
    secrets = [keys.load(DeviceId(device), None).sign.private_bytes_raw() for device in devices]
    encrypting.encrypt_workspace(plain, SILENT, passphrase=PASSPHRASE)
    seal = sealing.unlock(plain, PASSPHRASE)
    for device, secret in zip(devices, secrets, strict=True):
        file = own_home / "config" / "keys" / f"{device}.json"
        assert secret.hex() not in file.read_text()
        assert file.stat().st_mode & 0o077 == 0
        assert keys.load(DeviceId(device), seal).sign.private_bytes_raw() == secret
        for other in (None, sealing.new_seal()):
            with pytest.raises(Locked):
                keys.load(DeviceId(device), other)


def test_while_anybody_has_it_open_it_is_not_encrypted(plain: Path) -> None:
    other = Workspace.open(plain)
    with pytest.raises(Busy) as busy:
        encrypting.encrypt_workspace(plain, SILENT, passphrase=PASSPHRASE)
    assert busy.value.code == "E104"
    assert conversion.state(plain) is conversion.State.PLAIN
    worlds.label(other, worlds.waiting(other)[0])
    other.close()
    encrypting.encrypt_workspace(plain, SILENT, passphrase=PASSPHRASE)


_WAITER = """
import sys
from pathlib import Path
from reviewer.storage import driver
print("waiting", flush=True)
try:
    connection = driver.connect(Path(sys.argv[1]))
    connection.execute("CREATE TABLE written_by_who_waited (x)")
    print("wrote")
except Exception as error:
    print(type(error).__name__)
"""


def test_who_waits_for_the_plain_file_meanwhile_does_not_write_where_nobody_looks_any_more(plain: Path) -> None:
    waiting: list[subprocess.Popen[str]] = []

    def start_waiter(progress: Progress) -> None:
        if progress.what == "Copying the database" and not waiting:
            command = [sys.executable, "-c", _WAITER, str(plain / "reviewer.db")]
            waiting.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]))
            assert waiting[0].stdout is not None
            assert waiting[0].stdout.readline() == "waiting\n"
            time.sleep(0.5)

    encrypting.encrypt_workspace(plain, Ticket(start_waiter), passphrase=PASSPHRASE)
    said, _ = waiting[0].communicate(timeout=60)
    assert said.strip() in ("Damaged", "NotSaved", "Busy")  # never "wrote": what it wrote would be lost
    workspace = Workspace.open(plain, passphrase=PASSPHRASE)
    assert digest(workspace)
    workspace.close()


def test_what_is_refused_changes_nothing(plain: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in plain.rglob("*") if path.is_file()}
    with pytest.raises(Refused):
        encrypting.encrypt_workspace(plain, SILENT, passphrase="short")

    def stop(_progress: Progress) -> None:
        ticket.cancel()

    ticket = Ticket(stop)
    with pytest.raises(Cancelled):
        encrypting.encrypt_workspace(plain, ticket, passphrase=PASSPHRASE)
    assert {path: path.read_bytes() for path in plain.rglob("*") if path.is_file()}.keys() == before.keys()
    workspace = Workspace.open(plain)
    with pytest.raises(Refused):
        encrypting.change_passphrase(workspace, SILENT, passphrase=PASSPHRASE)
    assert digest(workspace)
    workspace.close()
    encrypting.encrypt_workspace(plain, SILENT, passphrase=PASSPHRASE)
    with pytest.raises(Refused):
        encrypting.encrypt_workspace(plain, SILENT, passphrase=PASSPHRASE)


def test_a_medium_that_is_damaged_stops_it_before_anything_is_changed(plain: Path) -> None:
    Media(plain).file(NAME).write_bytes(b"something else")
    with pytest.raises(Damaged):
        encrypting.encrypt_workspace(plain, SILENT, passphrase=PASSPHRASE)
    Workspace.open(plain).close()
    assert conversion.state(plain) is conversion.State.PLAIN


def test_a_copy_that_differs_in_one_row_is_refused(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = conversion._compare

    def compare(connection: driver.Connection) -> None:
        whole(connection)
        connection.execute("UPDATE sealed.fact SET value = '7' WHERE name = 'items'")
        whole(connection)

    monkeypatch.setattr(conversion, "_compare", compare)
    with pytest.raises(NotSaved):
        encrypting.encrypt_workspace(plain, SILENT, passphrase=PASSPHRASE)
    Workspace.open(plain).close()
    assert conversion.state(plain) is conversion.State.PLAIN


def test_a_new_passphrase_opens_it_and_the_old_one_no_longer(tmp_path: Path) -> None:
    workspace = workspaces.create_workspace(tmp_path / "w", member="Ada", passphrase=PASSPHRASE).value
    database = (tmp_path / "w" / "reviewer.db").read_bytes()
    with pytest.raises(Refused):
        encrypting.change_passphrase(workspace, SILENT, passphrase="short")
    encrypting.change_passphrase(workspace, SILENT, passphrase="quite another one")
    workspace.close()
    with pytest.raises(Locked):
        Workspace.open(tmp_path / "w", passphrase=PASSPHRASE)
    sealing._failed.clear()
    Workspace.open(tmp_path / "w", passphrase="quite another one").close()
    assert (tmp_path / "w" / "reviewer.db").read_bytes()[:16] == database[:16]  # the key is the same: nothing was sealed anew


def test_an_encrypted_workspace_that_was_never_finished_is_made_again(tmp_path: Path) -> None:
    workspaces.create_workspace(tmp_path / "w", member="Ada", passphrase=PASSPHRASE).value.close()
    seal = sealing.unlock(tmp_path / "w", PASSPHRASE)
    assert seal is not None
    (tmp_path / "w" / "reviewer.db").unlink()
    driver.connect(tmp_path / "w" / "reviewer.db", key=seal.database_key).close()
    made = workspaces.create_workspace(tmp_path / "w", member="Ada", passphrase=PASSPHRASE).value
    assert made.encrypted
    made.close()
    for passphrase in (PASSPHRASE, "some other one"):
        with pytest.raises(Refused):
            workspaces.create_workspace(tmp_path / "w", member="Ada", passphrase=passphrase)
