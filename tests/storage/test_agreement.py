"""Two replicas with the same entries must come to the same state; while one does not, nothing is handed out."""

from pathlib import Path

import pytest

from reviewer.domain.chain import DeviceId
from reviewer.domain.progress import SILENT
from reviewer.operations import exporting
from reviewer.storage import agreement
from reviewer.storage.agreement import Diverged
from reviewer.storage.digests import digests_of
from reviewer.storage.folders import config_folder
from reviewer.storage.workspace import Workspace
from tests import worlds

OTHER = DeviceId("b" * 64)


def hears(workspace: Workspace, state: str | None = None) -> None:
    """Another device says what it came to from the very same entries."""
    with workspace.begin() as work:
        work.run("INSERT INTO contact (device, heard_ms) VALUES (?, 1) ON CONFLICT DO NOTHING", (OTHER,))
        ours = digests_of(work)
        agreement.note_digests(work, OTHER, ours.set, state or ours.state)


def test_a_device_that_agrees_blocks_nothing(workspace: Workspace, tmp_path: Path) -> None:
    hears(workspace)
    exporting.export_labels(workspace, SILENT, path=tmp_path / "labels.jsonl")


def test_another_state_of_the_same_entries_blocks_exports_until_both_agree(workspace: Workspace, tmp_path: Path) -> None:
    hears(workspace, "c" * 64)
    with pytest.raises(Diverged) as error:
        exporting.export_labels(workspace, SILENT, path=tmp_path / "labels.jsonl")
    assert error.value.code == "E404"
    assert error.value.what.startswith("Same records, different result on device bbbbbbbb")
    assert len(list((config_folder() / "faults").iterdir())) == 1
    hears(workspace)
    exporting.export_labels(workspace, SILENT, path=tmp_path / "labels.jsonl")


def test_other_entries_may_make_another_state(workspace: Workspace, tmp_path: Path) -> None:
    hears(workspace, "c" * 64)
    worlds.label(workspace, worlds.waiting(workspace)[0])
    hears(workspace)
    exporting.export_labels(workspace, SILENT, path=tmp_path / "labels.jsonl")
