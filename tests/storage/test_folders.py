"""Where things lie, and how a whole file takes its place."""

import os
from pathlib import Path

import pytest

from reviewer.storage import folders

MOUNTS = """/dev/sda1 / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//server/share /mnt/team\\040share cifs rw 0 0
ada@host:/ /mnt/ssh fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/reviewer", None), ("/home/ada/reviewer", "nfs4"), ("/home/local/reviewer", None), ("/mnt/team share/x", "cifs"),
        ("/mnt/ssh", "fuse.sshfs"), ("/homestead", None), ("//server/share/x", "a Windows share"),
    ],
)  # fmt: skip
def test_a_network_disk_is_told_from_a_local_one(tmp_path: Path, folder: str, kind: str | None) -> None:
    table = tmp_path / "mounts"
    table.write_text(MOUNTS)
    assert folders.network_disk(Path(folder), table) == kind


def test_where_the_system_does_not_tell_a_disk_counts_as_local(tmp_path: Path) -> None:
    assert folders.network_disk(tmp_path, tmp_path / "none") is None


def test_a_whole_file_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "x"
    folders.write_durably(target, b"one")
    folders.write_durably(target, b"two", mode=0o600)
    assert target.read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_what_cannot_be_put_in_place_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "inside").touch()
    with pytest.raises(OSError):
        folders.write_durably(tmp_path / "x", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_settings_and_keys_lie_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REVIEWER_CONFIG", str(tmp_path / "c"))
    assert folders.config_folder() == tmp_path / "c"
    monkeypatch.delenv("REVIEWER_CONFIG")
    assert folders.config_folder().name == folders.APP


def test_a_folder_is_synced(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0
    folders.sync_folder(tmp_path)
    assert (len(os.listdir("/proc/self/fd")) if before else 0) == before
