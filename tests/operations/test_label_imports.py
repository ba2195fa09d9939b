"""Labels given elsewhere come in once each, signed by whom they name."""

import json
from pathlib import Path

import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import campaigns, label_imports, members, verifying
from reviewer.storage.workspace import Workspace
from tests.runs import filled_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Runs of Ada and Ben, and a campaign over all of them."""
    made = filled_workspace(tmp_path / "work", 250)
    members.add_members(made, SILENT, names=["Ben"])
    campaigns.create_campaign(made, SILENT, rules=Campaign(name="c", query="", seed="1"))
    return made


def _file(folder: Path, count: int) -> Path:
    path = folder / "labels.jsonl"
    rows = (
        {"external_id": f"run {n}", "verdict": "compliant", "reviewer": "Ben" if n % 2 else "Ada", "rationale": f"r{n}"}
        for n in range(1, count + 1)
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_an_import_that_was_stopped_completes_when_it_is_run_again(workspace: Workspace, tmp_path: Path) -> None:
    path = _file(tmp_path, 250)

    def stop(progress: Progress) -> None:
        if progress.done > progress.total // 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        label_imports.import_labels(workspace, Ticket(stop), path=path, campaign="c")
    partly = campaigns.show_campaign(workspace, SILENT, campaign="c").value.labels
    assert 0 < partly < 250
    done = label_imports.import_labels(workspace, SILENT, path=path, campaign="c").value
    assert (done.read, done.added, done.known, done.rejected) == (250, 250 - partly, partly, 0)
    standing = campaigns.show_campaign(workspace, SILENT, campaign="c").value
    assert standing.by_reviewer == {"Ada": 125, "Ben": 125}
    assert verifying.verify(workspace, SILENT).value.ok


def test_labels_are_signed_by_the_key_of_the_member_they_name(workspace: Workspace, tmp_path: Path) -> None:
    label_imports.import_labels(workspace, SILENT, path=_file(tmp_path, 4), campaign="c")
    devices = {one.device: one.member for one in members.list_members(workspace, SILENT).value}
    with workspace.read() as reading:
        bodies = [json.loads(raw) for (raw,) in reading.rows("SELECT body FROM entry WHERE kind = 'label' ORDER BY rowid")]
    assert sorted(devices[body["device"]] for body in bodies) == ["Ada", "Ada", "Ben", "Ben"]
    assert {len(body["value"]["imported"]) for body in bodies} == {64}


def test_a_rejected_line_leaves_no_note_behind(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({"external_id": "run 1", "verdict": "compliant", "severity": "major", "rationale": "secret"}) + "\n")
    with workspace.read() as reading:
        before = reading.row("SELECT count(*) FROM blob")
    done = label_imports.import_labels(workspace, SILENT, path=path, campaign="c").value
    assert done.rejected == 1
    with workspace.read() as reading:
        assert reading.row("SELECT count(*) FROM blob") == before


def test_a_closed_campaign_takes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    campaigns.close_campaign(workspace, SILENT, campaign="c")
    with pytest.raises(Refused):
        label_imports.import_labels(workspace, SILENT, path=_file(tmp_path, 1), campaign="c")
