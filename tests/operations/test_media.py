"""Reading and saving the media of items."""

from pathlib import Path

import pytest

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import Damaged, NotFound, NotSaved
from reviewer.domain.progress import SILENT
from reviewer.operations import media
from reviewer.storage.workspace import Workspace

CONTENT = b"\x89PNG not really"
NAME = sha256_hex(CONTENT)


@pytest.fixture
def kept(workspace: Workspace) -> Workspace:
    workspace.media.keep([(NAME, CONTENT)])
    return workspace


def test_a_medium_is_read_by_its_hash(kept: Workspace) -> None:
    assert media.read_medium(kept, SILENT, sha256=NAME).value == CONTENT


def test_one_that_is_not_here_or_was_changed_is_not_given(kept: Workspace) -> None:
    with pytest.raises(NotFound):
        media.read_medium(kept, SILENT, sha256="ab" * 32)
    kept.media.file(NAME).chmod(0o600)
    kept.media.file(NAME).write_bytes(b"something else")
    with pytest.raises(Damaged):
        media.read_medium(kept, SILENT, sha256=NAME)


def test_a_saved_medium_is_there_whole_and_a_failure_leaves_nothing(kept: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "picture.png"
    assert media.save_medium(kept, SILENT, sha256=NAME, to=target).value == target
    assert target.read_bytes() == CONTENT
    with pytest.raises(NotSaved) as failed:
        media.save_medium(kept, SILENT, sha256=NAME, to=tmp_path / "no such folder" / "picture.png")
    assert "picture.png was not saved" in failed.value.what
    target.unlink()
    (tmp_path / "taken").mkdir()
    with pytest.raises(NotSaved):
        media.save_medium(kept, SILENT, sha256=NAME, to=tmp_path / "taken")
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []
