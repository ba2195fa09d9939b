"""Before anything leaves the machine, the high-water mark is durable: what others hold is known here even after a power cut."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewer.domain.chain import EntryHash, Head
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import SILENT
from reviewer.operations import bundling, exporting, hub_sync, releasing
from reviewer.storage import marks, streams
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.hubs import Line
from tests.operations.test_bundling import joined


def leaves_in_a_bundle(ada: Workspace, folder: Path) -> None:
    bundling.create_bundle(ada, SILENT, target=folder / "all.rvb")


def leaves_in_an_export(ada: Workspace, folder: Path) -> None:
    exporting.export_labels(ada, SILENT, path=folder / "labels.jsonl")


def leaves_in_a_release(ada: Workspace, folder: Path) -> None:
    releasing.release_dataset(ada, SILENT, campaigns=["C"], out=folder / "kto")


def unsettled(workspace: Workspace) -> int:
    return len(workspace.marks._unsettled)


@pytest.fixture
def ada(tmp_path: Path) -> Workspace:
    """Ada has labelled since the mark was settled."""
    ada = worlds.ready(tmp_path / "ada")
    joined(ada, tmp_path / "ben", "Ben").close()
    marks.settle(ada)
    assert unsettled(ada) == 0
    worlds.label(ada, worlds.waiting(ada)[0])
    assert unsettled(ada) == 1
    return ada


@pytest.mark.parametrize("leave", [leaves_in_a_bundle, leaves_in_an_export, leaves_in_a_release])
def test_the_mark_is_settled_with_whatever_leaves(ada: Workspace, tmp_path: Path, leave: Callable[[Workspace, Path], None]) -> None:
    leave(ada, tmp_path)
    assert unsettled(ada) == 0
    with ada.read() as reading:
        [one] = streams.own(reading)
        assert marks.read(EntryHash(reading.fact("project") or ""), one.stream) == streams.head(reading, one.stream)
    ada.close()


def test_the_mark_is_settled_before_the_first_byte_of_a_bundle_is_written(ada: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("where a folder should be")
    with pytest.raises(ReviewerError):
        bundling.create_bundle(ada, SILENT, target=tmp_path / "a file" / "all.rvb")
    assert unsettled(ada) == 0
    ada.close()


def test_the_mark_is_settled_before_entries_go_to_a_hub(ada: Workspace, hub_line: Line) -> None:
    hub_sync.sync_hub(ada, SILENT, address=hub_line.address())
    assert unsettled(ada) == 0
    ada.close()


def test_many_commits_beside_a_settling_lose_no_mark(workspace: Workspace) -> None:
    with workspace.read() as reading:
        [one] = streams.own(reading)
        project = EntryHash(reading.fact("project") or "")
        head = streams.head(reading, one.stream)
    assert head is not None
    stop = threading.Event()

    def settle() -> None:
        while not stop.is_set():
            workspace.marks.settle()

    beside = threading.Thread(target=settle)
    beside.start()
    last = Head(head.seq + 2_000, EntryHash("1" * 64))
    for seq in range(head.seq + 1, last.seq + 1):
        workspace.marks.note(project, {one.stream: last._replace(seq=seq)})
    stop.set()
    beside.join()
    assert not workspace.marks.failed
    assert marks.read(project, one.stream) == last
