"""Labels leave whole or not at all, and it is recorded that they left."""

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.errors import Damaged, NotSaved
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import bundling, campaigns, exporting, labelling, members, verifying
from reviewer.storage import driver
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
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


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Workspace]:
    """Twelve items that both Ada and Ben have labelled."""
    ada = worlds.ready(tmp_path / "ada", overlap=2)
    members.add_members(ada, SILENT, names=["Ben"])
    ben = ada.as_member("Ben")
    for item in worlds.waiting(ada):
        for who in (ada, ben):
            worlds.label(who, item)
    ben.close()
    yield ada
    ada.close()


def change(workspace: Workspace, what: str) -> None:
    """Change Ben's last label behind the program's back."""
    with closing(driver.connect(workspace.folder / "reviewer.db")) as raw:
        raw.execute("DROP TRIGGER IF EXISTS entry_is_never_changed")
        (last,) = raw.execute("SELECT max(rowid) FROM entry WHERE kind = 'label'").fetchone()
        assert raw.execute(f"UPDATE entry SET {what} WHERE rowid = ?", (last,)).rowcount == 1


_TO = "body = CAST(replace(CAST(body AS TEXT), '{}', '{}') AS BLOB)"
FORGED, MENDED = (_TO.format(*words) for words in (('"compliant"', '"non_compliant"'), ('"non_compliant"', '"compliant"')))


@pytest.mark.parametrize(("what", "seen_at_once"), [(FORGED, True), ("sig = zeroblob(64)", False)])
def test_labels_of_a_stream_that_does_not_verify_stay_and_the_others_go(
    two: Workspace, tmp_path: Path, what: str, seen_at_once: bool
) -> None:
    path = tmp_path / "all.jsonl"
    change(two, what)
    if seen_at_once:
        with pytest.raises(Damaged) as raised:
            exporting.export_labels(two, SILENT, path=path)
        assert raised.value.code == "E107"
        assert not path.exists()
    assert not verifying.verify(two, SILENT).value.ok
    done = exporting.export_labels(two, SILENT, path=path).value
    assert (done.labels, done.damaged, done.withheld) == (12, 12, 0)
    assert {row["reviewer"] for row in rows_of(path)} == {"Ada"}
    assert exporting.export_labels(two, SILENT, path=path, history=True, campaign="C").value.damaged == 12


def test_once_the_stream_verifies_again_its_labels_leave_again(two: Workspace, tmp_path: Path) -> None:
    change(two, FORGED)
    verifying.verify(two, SILENT)
    change(two, MENDED)
    assert verifying.verify(two, SILENT).value.ok
    done = exporting.export_labels(two, SILENT, path=tmp_path / "all.jsonl").value
    assert (done.labels, done.damaged) == (24, 0)


def test_each_label_says_whether_another_device_has_signed_for_it(tmp_path: Path) -> None:
    ada = worlds.ready(tmp_path / "ada", overlap=2)
    members.add_members(ada, SILENT, names=["Ben"])
    ben = replicas.replica(tmp_path / "ben", ada, "Ben")
    with ada.begin() as work:  # Ben works elsewhere
        work.set_fact("devices_here", json.dumps([ada.signer(work).device]))
    early, late = worlds.waiting(ada)[:2]
    worlds.label(ada, early)
    for source, target, file in ((ada, ben, "there.rvb"), (ben, ada, "back.rvb")):
        bundling.create_bundle(source, SILENT, target=tmp_path / file)
        bundling.apply_bundle(target, SILENT, source=tmp_path / file)
    worlds.label(ada, late)
    done = exporting.export_labels(ada, SILENT, path=tmp_path / "all.jsonl").value
    assert {row["item"]: row["witnessed"] for row in rows_of(tmp_path / "all.jsonl")} == {early: True, late: False}
    assert done.open.unwitnessed > 0
    ada.close()
    ben.close()


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
