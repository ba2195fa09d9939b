"""Labels leave whole or not at all, and it is recorded that they left."""

import errno
import hashlib
import json
import os
from pathlib import Path

import pytest

from reviewer.domain.errors import NotSaved
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import campaigns, exporting, labelling, members
from reviewer.storage.workspace import Workspace
from tests.runs import filled_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Eight runs, all labelled."""
    made = filled_workspace(tmp_path / "work", 8)
    campaigns.create_campaign(made, SILENT, rules=Campaign(name="c", query="", seed="1"))
    for pick in campaigns.show_campaign(made, SILENT, campaign="c", with_items=True).value.items or ():
        labelling.label_item(made, SILENT, campaign="c", item=pick.id, opinion=Opinion(verdict="compliant", rationale="ünï"))
    return made


def test_a_file_is_recorded_with_its_hash(workspace: Workspace, tmp_path: Path) -> None:
    done = exporting.export_labels(workspace, SILENT, path=tmp_path / "all.jsonl", campaign="c").value
    assert done.sha256 == hashlib.sha256((tmp_path / "all.jsonl").read_bytes()).hexdigest()
    with workspace.read() as reading:
        (value,) = (json.loads(text) for (text,) in reading.rows("SELECT value FROM departure WHERE kind = 'export'"))
    assert (value["labels"], value["format"], value["file"]) == (8, "jsonl", done.sha256)


def test_the_same_labels_give_the_same_bytes(workspace: Workspace, tmp_path: Path) -> None:
    for ending in ("jsonl", "csv", "parquet"):
        first, second = (exporting.export_labels(workspace, SILENT, path=tmp_path / f"{n}.{ending}").value for n in (1, 2))
        assert first.sha256 == second.sha256


def test_a_cancelled_export_leaves_the_old_file_and_no_record(workspace: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "all.csv"
    target.write_text("old")

    def stop(_progress: Progress) -> None:
        ticket.cancel()

    ticket = Ticket(stop)
    with pytest.raises(Cancelled):
        exporting.export_labels(workspace, ticket, path=target)
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.csv", "work", "work.jsonl"]
    with workspace.read() as reading:
        assert reading.rows("SELECT 1 FROM departure") == []


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "E101"), (errno.EIO, "E212"), (errno.EROFS, "E103")])
def test_what_the_disk_refuses_is_said_and_leaves_nothing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    real = os.fsync

    def failing(descriptor: int) -> None:
        if os.readlink(f"/proc/self/fd/{descriptor}").endswith(".part"):
            raise OSError(number, os.strerror(number))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(NotSaved) as raised:
        exporting.export_labels(workspace, SILENT, path=tmp_path / "all.csv")
    assert raised.value.code == code
    assert sorted(path.name for path in tmp_path.iterdir()) == ["work", "work.jsonl"]


def test_a_closed_campaign_withholds_nothing(workspace: Workspace, tmp_path: Path) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    assert exporting.export_labels(ben, SILENT, path=tmp_path / "a.csv").value[::3] == (0, 8)
    campaigns.close_campaign(workspace, SILENT, campaign="c")
    assert exporting.export_labels(ben, SILENT, path=tmp_path / "a.csv").value[::3] == (8, 0)
    ben.close()
