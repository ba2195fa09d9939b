"""Members are admitted by signed entries that verify, and act with keys of their own."""

from pathlib import Path

import pytest

from reviewer.domain import chain
from reviewer.domain.errors import Refused
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import members, verifying
from reviewer.storage.workspace import Workspace
from tests.runs import filled_workspace


def test_a_new_members_stream_begins_with_the_entry_that_admits_them(tmp_path: Path) -> None:
    workspace = filled_workspace(tmp_path / "work", 1)
    done = members.add_members(workspace, SILENT, names=["Ben", "Cleo"], role="adjudicator").value
    assert [one.member for one in done.members] == ["Ben", "Cleo"]
    with workspace.read() as reading:
        rows = reading.rows("SELECT hash, body FROM entry WHERE kind IN ('enrol', 'stream_open') ORDER BY rowid")
    enrols = {chain.entry_hash(bytes(raw)): chain.parse(bytes(raw)) for _, raw in rows if b'"kind":"enrol"' in bytes(raw)}
    opens = [chain.parse(bytes(raw)) for _, raw in rows if b'"kind":"stream_open"' in bytes(raw)]
    assert len(opens) == 2
    for body in opens:
        assert body.prev is not None
        enrol = enrols[body.prev]
        assert (body.seq, body.stream, body.device, body.actor) == (
            1, enrol.value["stream"], enrol.value["device"], enrol.value["member"]
        )  # fmt: skip
        assert body.value["why"] == "admitted"
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok
    assert workspace.as_member("Cleo").me.role == "adjudicator"


def test_nothing_is_written_for_names_that_cannot_be(tmp_path: Path) -> None:
    workspace = filled_workspace(tmp_path / "work", 1)
    for names in (["Ada"], ["Ben", "Ben"], [""], ["x" * 200]):
        with pytest.raises(Refused):
            members.add_members(workspace, SILENT, names=names)
    with pytest.raises(Refused, match="where the member's key lies"):
        members.add_members(workspace, SILENT, names=["Ben"], here=False)
    assert [one.member for one in members.list_members(workspace, SILENT).value] == ["Ada"]


def test_a_reviewer_admits_nobody(tmp_path: Path) -> None:
    workspace = filled_workspace(tmp_path / "work", 1)
    members.add_members(workspace, SILENT, names=["Ben"])
    ben: Workspace = workspace.as_member("Ben")
    with pytest.raises(NotAllowed):
        members.add_members(ben, SILENT, names=["Cleo"])
    ben.close()
