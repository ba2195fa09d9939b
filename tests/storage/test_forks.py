"""Streams with two histories."""

from pathlib import Path

import pytest

from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import members, verifying
from reviewer.storage import forks, parcel_rows, streams
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


@pytest.fixture
def twin(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A clone of Ada's workspace with her key; both went on from the same entry."""
    members.add_members(workspace, SILENT, names=["Ben"])
    clone = replicas.replica(tmp_path / "twin", workspace, "Ada", seed=9)
    with workspace.read() as reading, clone.begin() as work:
        ids = [ItemId(name.hex()) for (name,) in reading.rows("SELECT id FROM item")]
        parcel_rows.keep(work, [one for one in (parcel_rows.parcel(reading, item) for item in ids) if one is not None])
    items = worlds.waiting(workspace)
    for item in items[:3]:
        worlds.label(workspace, item, "compliant")
    for item in items[:2]:
        worlds.label(clone, item, "non_compliant")
    return clone


def noted(workspace: Workspace) -> list[str]:
    with workspace.begin() as work:
        return [notice.code for notice in forks.note(work)]


def current(workspace: Workspace) -> str:
    with workspace.read() as reading:
        return workspace.signer(reading).stream


def test_a_fork_of_another_device_is_noted_once_and_both_histories_stay(workspace: Workspace, twin: Workspace, tmp_path: Path) -> None:
    ben = replicas.replica(tmp_path / "ben", workspace, "Ben")
    replicas.carry(twin, ben)
    with ben.read() as reading:
        [split] = forks.splits(reading)
        assert len(split.entries) == 2  # the entries after it stand side by side in consequence
    before = current(ben)
    assert noted(ben) == ["E210"]
    assert ben.notices[0].what == f"Ada's device has two histories from record {split.seq:,}. Both kept; administrator informed."
    assert noted(ben) == []
    assert current(ben) == before
    assert verifying.verify(ben, SILENT, rebuild=True).value.problems == ()
    for one in (ben, twin):
        one.close()


def test_who_learns_that_their_own_stream_forked_goes_on_in_a_new_one(workspace: Workspace, twin: Workspace) -> None:
    old = current(workspace)
    replicas.carry(twin, workspace)
    with workspace.read() as reading:
        before = reading.rows("SELECT hash FROM entry WHERE stream = ?", (bytes.fromhex(old),))
    assert noted(workspace) == ["E109"]
    assert current(workspace) != old
    worlds.label(workspace, worlds.waiting(workspace)[0])
    with workspace.read() as reading:
        assert reading.rows("SELECT hash FROM entry WHERE stream = ?", (bytes.fromhex(old),)) == before
        [own] = [one for one in streams.own(reading) if one.stream == current(workspace)]
        head = streams.head(reading, own.stream)
    assert head is not None
    assert head.seq == 3  # stream_open, fork_seen, label
    assert noted(workspace) == []
    replicas.carry(workspace, twin)
    with twin.begin() as work:
        assert forks.note(work) == []  # it was said already
        assert work.fact(f"stream.{own.device}") not in (None, old)  # and the clone leaves it as well
    assert replicas.digest(twin) != ""
    twin.close()


def test_a_workspace_that_is_open_meanwhile_leaves_the_forked_stream_too(workspace: Workspace, twin: Workspace) -> None:
    old = current(workspace)
    command = Workspace.open(workspace.folder, surroundings=worlds.surroundings(seed=40))
    replicas.carry(twin, command)
    noted(command)
    command.close()
    worlds.label(workspace, worlds.waiting(workspace)[0])
    assert current(workspace) != old
    twin.close()
