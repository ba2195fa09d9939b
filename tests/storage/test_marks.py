"""The high-water mark outside the workspace."""

import os
from contextlib import suppress
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from reviewer.domain.chain import EntryHash, Head, StreamId
from reviewer.storage import marks, streams
from reviewer.storage.marks import LINE_BYTES, Marks
from reviewer.storage.workspace import Workspace
from tests import worlds

PROJECT, STREAM = EntryHash("ab" * 32), StreamId("5e" * 16)


def head(seq: int) -> Head:
    return Head(seq, EntryHash(f"{seq:064x}"))


class InMemory(KeyringBackend):
    """A keyring of this process."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # keyring types half of itself
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def test_every_commit_leaves_its_head_outside_the_workspace(workspace: Workspace) -> None:
    worlds.label(workspace, worlds.waiting(workspace)[0])
    with workspace.read() as reading:
        [one] = streams.own(reading)
        project = EntryHash(reading.fact("project") or "")
        assert marks.read(project, one.stream) == streams.head(reading, one.stream)
    assert workspace.folder not in marks.file(project, one.stream).parents


def test_what_is_rolled_back_leaves_no_mark(workspace: Workspace) -> None:
    with workspace.read() as reading:
        [one] = streams.own(reading)
        project, before = EntryHash(reading.fact("project") or ""), streams.head(reading, one.stream)
    with suppress(KeyError), workspace.begin() as work:
        streams.go_on(work, one, "fork", before)
        raise KeyError
    assert marks.read(project, one.stream) == before
    assert len(list(marks.file(project, one.stream).parent.iterdir())) == 1


@pytest.mark.parametrize("torn", range(1, LINE_BYTES))
def test_a_line_that_a_power_cut_tore_says_nothing_and_costs_no_later_one(torn: int) -> None:
    first = Marks()
    first.note(PROJECT, {STREAM: head(7)})
    first.note(PROJECT, {STREAM: head(8)})
    first.close()
    path = marks.file(PROJECT, STREAM)
    os.truncate(path, 2 * LINE_BYTES - torn)
    assert marks.read(PROJECT, STREAM) == head(7)
    again = Marks()
    again.note(PROJECT, {STREAM: head(9)})
    again.close()
    assert marks.read(PROJECT, STREAM) == head(9)


@pytest.mark.parametrize("place", range(LINE_BYTES))
def test_a_line_that_was_changed_says_nothing(place: int) -> None:
    noted = Marks()
    noted.note(PROJECT, {STREAM: head(7)})
    noted.close()
    path = marks.file(PROJECT, STREAM)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(bytes(content))
    assert marks.read(PROJECT, STREAM) is None


def test_a_long_file_is_cut_down_to_its_last_line_and_other_writers_go_on_in_the_new_one() -> None:
    one, other = Marks(), Marks()
    other.note(PROJECT, {STREAM: head(1)})
    for seq in range(2, 1_030):
        one.note(PROJECT, {STREAM: head(seq)})
    one.settle()
    assert marks.file(PROJECT, STREAM).stat().st_size < 512 * LINE_BYTES
    other.note(PROJECT, {STREAM: head(2_000)})
    assert marks.read(PROJECT, STREAM) == head(2_000)
    one.close()
    other.close()


def test_the_keyring_remembers_where_the_file_was_rolled_back_too(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())
    try:
        noted = Marks()
        for seq in range(1, 300):
            noted.note(PROJECT, {STREAM: head(seq)})
        marks.file(PROJECT, STREAM).unlink()
        assert marks.read(PROJECT, STREAM) == head(256)  # each 256 entries
        noted.note(PROJECT, {STREAM: head(300)})
        noted.close()
        marks.file(PROJECT, STREAM).unlink()
        assert marks.read(PROJECT, STREAM) == head(300)  # and at the end
    finally:
        keyring.set_keyring(before)


def test_where_many_streams_are_written_at_once_a_keyring_is_not_asked_for_all_of_them_each_time() -> None:
    """Labels of 176 members in batches of 100: each stream's mark goes to the keyring each 256 entries of its own, and at the end."""
    asked: list[str] = []

    class Counting(InMemory):
        def set_password(self, service: str, username: str, password: str) -> None:
            asked.append(username)
            super().set_password(service, username, password)

    before = keyring.get_keyring()
    keyring.set_keyring(Counting())
    try:
        noted = Marks()
        names = [StreamId(f"{number:032x}") for number in range(50)]
        for seq in range(1, 101):
            noted.note(PROJECT, dict.fromkeys(names, head(seq)))
        assert not asked
        noted.note(PROJECT, {names[0]: head(300)})  # a batch of many entries counts as many
        assert asked == [f"mark {marks.file(PROJECT, names[0]).stem}"]
        noted.close()
        assert len(asked) == len(names)
    finally:
        keyring.set_keyring(before)


def test_a_place_that_takes_no_mark_loses_no_label(workspace: Workspace, own_home: Path) -> None:
    workspace.marks.close()
    folder = own_home / "config" / "marks"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("not a folder")
    item = worlds.waiting(workspace)[0]
    worlds.label(workspace, item)
    assert workspace.marks.failed
    assert item not in worlds.waiting(workspace)
