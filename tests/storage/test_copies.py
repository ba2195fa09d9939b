"""An older copy, a tail that was cut, and a workspace on another machine are noticed when they are opened, and work goes on."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewer.domain.chain import EntryHash, StreamId
from reviewer.domain.errors import Refused
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import machines as settling
from reviewer.operations import members, verifying
from reviewer.storage import driver, machines, receipts, sending, streams
from reviewer.storage.folders import DATABASE
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds

Changed = Callable[[Workspace], None]


def entries(workspace: Workspace) -> set[str]:
    with workspace.read() as reading:
        return {name.hex() for (name,) in reading.rows("SELECT hash FROM entry")}


def stream_of(workspace: Workspace) -> StreamId:
    with workspace.read() as reading:
        return workspace.signer(reading).stream


def copied(workspace: Workspace, target: Path) -> Path:
    """What a person's own copy of the closed folder would be."""
    workspace.close()
    shutil.copytree(workspace.folder, target)
    return target


def reopened(folder: Path) -> Workspace:
    return Workspace.open(folder, surroundings=worlds.surroundings(seed=23))


def codes(workspace: Workspace) -> list[str]:
    return [notice.code for notice in workspace.notices]


def test_a_workspace_that_is_as_it_was_left_is_opened_without_a_word(workspace: Workspace) -> None:
    before = stream_of(workspace)
    workspace.close()
    again = reopened(workspace.folder)
    assert again.notices == []
    assert stream_of(again) == before
    again.close()


def test_a_restored_copy_is_noticed_loses_nothing_and_its_reviewer_works_on_at_once(workspace: Workspace, tmp_path: Path) -> None:
    items = worlds.waiting(workspace)
    worlds.label(workspace, items[0])
    old, before = stream_of(workspace), entries(workspace)
    copy = copied(workspace, tmp_path / "copy")
    later = reopened(workspace.folder)
    for item in items[1:4]:
        worlds.label(later, item)
    after = entries(later)
    later.close()

    restored = reopened(copy)
    assert codes(restored) == ["E108"]
    assert restored.notices[0].what.startswith("This is an older copy (missing 3 records known from this machine).")
    assert before < entries(restored)
    new = stream_of(restored)
    assert new != old
    worlds.label(restored, items[1], "non_compliant")
    found = verifying.verify(restored, SILENT, rebuild=True).value
    assert found.problems == ()
    assert stream_of(restored) == new  # a rebuild keeps it
    restored.close()

    again = reopened(copy)
    assert codes(again) == []  # it was said, and dealt with
    assert stream_of(again) == new
    replicas.carry(replica_of(workspace.folder), again)
    assert after < entries(again)
    with again.read() as reading:
        assert sending_forks(reading) == []
    assert verifying.verify(again, SILENT).value.problems == ()
    again.close()


def replica_of(folder: Path) -> Workspace:
    return Workspace.open(folder, surroundings=worlds.surroundings(seed=31))


def sending_forks(reading: object) -> list[object]:
    from reviewer.storage import forks

    return list(forks.splits(reading))  # type: ignore[arg-type] # a reading is rows


def test_a_tail_that_was_cut_from_the_database_is_noticed(workspace: Workspace) -> None:
    for item in worlds.waiting(workspace)[:5]:
        worlds.label(workspace, item)
    old = stream_of(workspace)
    workspace.close()
    connection = driver.connect(workspace.folder / DATABASE)
    connection.execute("DROP TRIGGER entry_is_never_removed")
    connection.execute("DELETE FROM entry WHERE rowid > (SELECT max(rowid) - 5 FROM entry)")
    connection.close()
    cut = reopened(workspace.folder)
    assert codes(cut) == ["E108"]
    assert "missing 5 records" in cut.notices[0].what
    assert stream_of(cut) != old
    cut.close()


def test_a_copy_without_a_mark_is_noticed_by_the_receipts_of_others(workspace: Workspace, tmp_path: Path, own_home: Path) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    items = worlds.waiting(workspace)
    copy = copied(workspace, tmp_path / "copy")
    later = reopened(workspace.folder)
    worlds.label(later, items[0])
    ben = replicas.replica(tmp_path / "ben", later, "Ben")
    later.close()
    with ben.begin() as work:
        [given] = [one for one in receipts.give(work, {tip.stream for tip in sending.tips(work)}) if one.seq > 2]
    ben.close()
    shutil.rmtree(own_home / "config" / "marks")

    restored = reopened(copy)
    assert codes(restored) == []  # nothing here says that there was more
    with restored.begin() as work:
        assert receipts.take(work, receipts.pack(given))
    restored.close()
    again = reopened(copy)
    assert codes(again) == ["E108"]
    assert "known from Ben's device" in again.notices[0].what
    again.close()


def test_the_same_place_with_another_entry_is_noticed_too(workspace: Workspace) -> None:
    with workspace.read() as reading:
        [one] = streams.own(reading)
        head = streams.head(reading, one.stream)
        project = EntryHash(reading.fact("project") or "")
    assert head is not None
    workspace.marks.note(project, {one.stream: head._replace(hash=EntryHash("0" * 64))})
    workspace.marks.note(project, {one.stream: head._replace(seq=head.seq + 1, hash=EntryHash("1" * 64))})
    workspace.close()
    again = reopened(workspace.folder)
    assert codes(again) == ["E108"]
    again.close()


def test_who_holds_no_key_here_is_told_nothing_and_opens_nothing(workspace: Workspace, tmp_path: Path, own_home: Path) -> None:
    copy = copied(workspace, tmp_path / "copy")
    later = reopened(workspace.folder)
    worlds.label(later, worlds.waiting(later)[0])
    later.close()
    shutil.rmtree(own_home / "config" / "keys")
    again = reopened(copy)
    assert stream_of_rows(again) == 1
    again.close()


def stream_of_rows(workspace: Workspace) -> int:
    with workspace.read() as reading:
        return len(reading.rows("SELECT DISTINCT stream FROM entry"))


# --- another machine


@pytest.fixture
def moved(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Folder, config and keys on another machine."""
    workspace.close()
    monkeypatch.setattr(machines, "system_id", lambda: "another installation")
    return reopened(workspace.folder)


def test_on_another_machine_nothing_is_written_before_somebody_said_how_it_came_there(moved: Workspace) -> None:
    assert moved.elsewhere
    assert codes(moved) == ["E109"]
    before = entries(moved)
    with pytest.raises(Refused, match="used on another machine") as refused:
        worlds.label(moved, worlds.waiting(moved)[0])
    assert refused.value.code == "E109"
    assert "reviewer device moved" in refused.value.hint
    assert entries(moved) == before
    moved.close()


def test_without_keys_another_machine_is_no_question(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    workspace.close()
    shutil.rmtree(own_home / "config")
    again = reopened(workspace.folder)
    assert not again.elsewhere
    assert again.notices == []
    again.close()


def test_a_workspace_that_was_moved_goes_on_where_it_stopped_and_asks_no_more(moved: Workspace) -> None:
    old = stream_of_device(moved)
    assert settling.settle_machine(moved, SILENT, how="moved").value == 0
    worlds.label(moved, worlds.waiting(moved)[0])
    assert stream_of(moved) == old
    moved.close()
    again = reopened(moved.folder)
    assert again.notices == []
    again.close()


def test_a_workspace_that_was_restored_there_goes_on_in_a_new_stream(moved: Workspace) -> None:
    old, before = stream_of_device(moved), entries(moved)
    assert settling.settle_machine(moved, SILENT, how="restored").value == 1
    worlds.label(moved, worlds.waiting(moved)[0])
    assert stream_of(moved) != old
    assert before < entries(moved)
    assert verifying.verify(moved, SILENT).value.problems == ()
    with pytest.raises(Refused, match="already"):
        settling.settle_machine(moved, SILENT, how="moved")
    moved.close()


def test_a_copy_gets_new_keys_and_waits_to_be_admitted_with_them(moved: Workspace, tmp_path: Path) -> None:
    before = entries(moved)
    joined = settling.settle_copy(moved, SILENT, request=tmp_path / "request.json").value
    assert moved.me.waiting
    assert joined.name == "Ada"
    with pytest.raises(NotAllowed, match="Waiting to be admitted"):
        worlds.label(moved, "0" * 64)
    moved.close()
    again = reopened(moved.folder)
    assert (again.me.waiting, again.elsewhere, again.notices) == (True, False, [])
    assert entries(again) == before
    with pytest.raises(Refused, match="exists already"):
        settling.settle_copy(again, SILENT, request=tmp_path / "request.json")
    again_joined = settling.settle_copy(again, SILENT, request=tmp_path / "again.json").value
    assert again_joined.device == joined.device
    again.close()


def test_a_copy_whose_keys_stayed_behind_gets_new_ones_too(workspace: Workspace, own_home: Path, tmp_path: Path) -> None:
    workspace.close()
    shutil.rmtree(own_home / "config")
    again = reopened(workspace.folder)
    settling.settle_copy(again, SILENT, request=tmp_path / "request.json")
    assert again.me.waiting
    again.close()


def test_where_the_keys_are_at_home_nothing_is_made_anew(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="belongs to this machine already"):
        settling.settle_copy(workspace, SILENT, request=tmp_path / "request.json")
    assert not workspace.me.waiting
    assert not (tmp_path / "request.json").exists()


def stream_of_device(workspace: Workspace) -> StreamId:
    with workspace.read() as reading:
        [one] = streams.own(reading)
        return one.stream
