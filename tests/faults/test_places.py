"""Full disks and places that cannot be written: a sentence and a code, nothing lost, and work goes on when there is room again."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.domain.errors import NotSaved
from reviewer.domain.progress import SILENT
from reviewer.operations import verifying
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.disks import disk_in_memory, forbid_writing
from tests.faults import bench


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB in memory."""
    with disk_in_memory(tmp_path / "disk", "3m") as place:
        yield place


def label_until_it_fails(workspace: Workspace) -> tuple[list[str], NotSaved]:
    items = worlds.waiting(workspace)
    saved: list[str] = []
    for number in range(100_000):
        try:
            saved.append(worlds.label(workspace, items[number % len(items)], rationale="x" * 5_000).value.label)
        except NotSaved as error:
            return saved, error
    raise AssertionError("the disk never filled")


def test_a_full_disk_says_so_keeps_everything_and_goes_on_when_there_is_room(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(600_000))
    workspace = worlds.ready(small_disk / "w")
    saved, error = label_until_it_fails(workspace)
    assert error.code == "E101"
    assert "disk is full" in error.what
    assert len(saved) > 5
    assert set(saved) <= bench.look(small_disk / "w" / "reviewer.db").hashes
    ballast.unlink()
    with workspace.read() as reading:
        item = reading.rows("SELECT id FROM item LIMIT 1")[0][0].hex()
    saved.append(worlds.label(workspace, item).value.label)
    assert verifying.verify(workspace, SILENT).value.problems == ()
    workspace.close()
    assert set(saved) <= bench.look(small_disk / "w" / "reviewer.db").hashes


def test_a_workspace_cannot_be_made_on_a_full_disk_and_can_afterwards(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(2_900_000))
    with pytest.raises(NotSaved) as error:
        worlds.make(small_disk / "w")
    assert error.value.code == "E101"
    ballast.unlink()
    worlds.make(small_disk / "w").close()


def test_a_read_only_medium_is_read_and_named_to_whoever_writes(small_disk: Path) -> None:
    worlds.ready(small_disk / "w", items=2).close()
    forbid_writing(small_disk)
    with closing(Workspace.open(small_disk / "w")) as workspace:
        assert [one.code for one in workspace.take_notices()] == ["E103"]
        item = worlds.waiting(workspace)[0]
        with pytest.raises(NotSaved) as error:
            worlds.label(workspace, item)
    assert error.value.code == "E103"
    with pytest.raises(NotSaved) as error:
        worlds.make(small_disk / "other")
    assert error.value.code == "E103"
