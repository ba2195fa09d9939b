"""Trust is taken back as of entries, and never from everybody who leads."""

from pathlib import Path

import pytest

from reviewer.domain.chain import EntryHash, StreamId
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Event, StreamOpen
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import joining, members, revoking, verifying
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


@pytest.fixture
def ben(tmp_path: Path, workspace: Workspace) -> Workspace:
    members.add_members(workspace, SILENT, names=["Ben"])
    return workspace.as_member("Ben")


def labels_of(workspace: Workspace) -> int:
    with workspace.read() as reading:
        return int((reading.row("SELECT count(*) FROM label WHERE in_force = 1") or (0,))[0])


def device_of(workspace: Workspace, name: str) -> str:
    return next(one.device for one in members.list_members(workspace, SILENT).value if one.member == name)


def test_what_is_known_of_a_revoked_device_stays_and_what_it_signs_later_is_kept_and_not_counted(
    workspace: Workspace, ben: Workspace
) -> None:
    items = worlds.waiting(ben)
    worlds.label(ben, items[0])
    done = revoking.revoke_device(workspace, SILENT, device=device_of(workspace, "Ben")[:8], reason="lost", note="On a train.").value
    assert (done.member, done.dropped, [point.seq for point in done.trusted]) == ("Ben", 0, [2])
    assert labels_of(workspace) == 1
    worlds.label(ben, items[1])
    assert labels_of(workspace) == 1
    listed = {one.member: one.revoked for one in members.list_members(workspace, SILENT).value}
    assert listed == {"Ada": False, "Ben": True}
    assert verifying.verify(workspace, SILENT).value.ok
    with workspace.read() as reading:
        assert reading.row("SELECT why FROM uncounted") == ("It was signed after its device was revoked.",)


def test_less_can_be_trusted_than_what_is_known(workspace: Workspace, ben: Workspace) -> None:
    for item in worlds.waiting(ben)[:3]:
        worlds.label(ben, item)
    device = device_of(workspace, "Ben")
    assert revoking.revoke_device(workspace, SILENT, device=device, after=2).value.dropped == 2
    assert labels_of(workspace) == 1
    assert [one.dropped for one in revoking.revoke_member(workspace, SILENT, name="Ben", trust=False).value] == [4]
    assert labels_of(workspace) == 0
    assert revoking.revoke_device(workspace, SILENT, device=device).value.dropped == 4  # of two cut-offs the lower one holds
    with pytest.raises(NotFound, match="no entry 99"):
        revoking.revoke_device(workspace, SILENT, device=device, after=99)


def test_the_last_lead_is_not_revoked(workspace: Workspace, ben: Workspace) -> None:
    with pytest.raises(Refused, match="Nobody could lead"):
        revoking.revoke_member(workspace, SILENT, name="Ada")
    with pytest.raises(Refused, match="Nobody could lead"):
        revoking.revoke_device(workspace, SILENT, device=device_of(workspace, "Ada"))
    members.change_role(workspace, SILENT, name="Ben", role="lead")
    revoking.revoke_member(workspace, SILENT, name="Ada")
    with pytest.raises(Refused, match="Nobody could lead"):
        revoking.revoke_member(workspace, SILENT, name="Ben")


def test_only_a_lead_revokes_and_only_what_there_is(workspace: Workspace, ben: Workspace) -> None:
    with pytest.raises(NotAllowed):
        revoking.revoke_member(ben, SILENT, name="Ada")
    with pytest.raises(NotFound):
        revoking.revoke_member(workspace, SILENT, name="Nobody")
    for text in ("", "12345", "zzzzzzzz"):
        with pytest.raises(NotFound):
            revoking.revoke_device(workspace, SILENT, device=text)


def test_roles_grow_and_never_shrink(workspace: Workspace, ben: Workspace) -> None:
    assert ben.me.role == "reviewer"
    assert members.change_role(workspace, SILENT, name="Ben", role="adjudicator").value.role == "adjudicator"
    assert workspace.as_member("Ben").me.role == "adjudicator"
    with pytest.raises(Refused, match="Ben is adjudicator; “observer” cannot take its place"):
        members.change_role(workspace, SILENT, name="Ben", role="observer")
    entries = len(replicas.all_entries(workspace))
    members.change_role(workspace, SILENT, name="Ben", role="adjudicator")
    assert len(replicas.all_entries(workspace)) == entries
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok


def test_a_member_is_renamed_by_a_lead_or_by_themselves_and_no_name_is_borne_twice(workspace: Workspace, ben: Workspace) -> None:
    members.rename_member(workspace, SILENT, name="Ben", new="Benjamin")
    members.rename_member(workspace.as_member("Benjamin"), SILENT, name="Benjamin", new="Benno")
    assert [one.member for one in members.list_members(workspace, SILENT).value] == ["Ada", "Benno"]
    with pytest.raises(Refused, match="called “Ada” already"):
        members.rename_member(workspace, SILENT, name="Benno", new="Ada")
    with pytest.raises(NotAllowed):
        members.rename_member(workspace.as_member("Benno"), SILENT, name="Ada", new="Eve")
    members.change_role(workspace, SILENT, name="Benno", role="lead")  # a further admission does not bring an old name back
    assert [one.member for one in members.list_members(workspace, SILENT).value] == ["Ada", "Benno"]
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok


def test_a_known_name_with_a_request_means_a_further_device_in_the_same_role(workspace: Workspace, ben: Workspace, tmp_path: Path) -> None:
    members.change_role(workspace, SILENT, name="Ben", role="adjudicator")
    path = tmp_path / "second.json"
    joining.join_project(tmp_path / "second", member="Benny", request=path)
    request, _ = joining.read_request(path)
    with pytest.raises(NotAllowed):
        members.admit_request(ben, SILENT, request=request, name="Ben")
    done = members.admit_request(workspace, SILENT, request=request, name="Ben").value
    assert (done.further, done.member.role, done.member.id) == (True, "adjudicator", ben.member)
    with pytest.raises(Refused, match="admitted already"):
        members.admit_request(workspace, SILENT, request=request, name="Cleo")
    done_twice = [one.device for one in members.list_members(workspace, SILENT).value if one.member == "Ben"]
    assert len(done_twice) == 2
    assert len(revoking.revoke_member(workspace, SILENT, name="Ben").value) == 2
    assert verifying.verify(workspace, SILENT).value.ok


def test_a_device_that_went_on_in_a_new_stream_is_trusted_in_both_as_far_as_they_are_known(workspace: Workspace, ben: Workspace) -> None:
    worlds.label(ben, worlds.waiting(ben)[0])
    with ben.begin() as work:
        old = ben.signer(work)
        new = old._replace(stream=StreamId("7" * 32))
        (head,) = work.row("SELECT hash FROM entry WHERE stream = ? ORDER BY seq DESC LIMIT 1", (bytes.fromhex(old.stream),)) or (b"",)
        work.record(Event("stream_open", StreamOpen("restore", EntryHash(head.hex()))), signer=new)
    device = device_of(workspace, "Ben")
    with pytest.raises(Refused, match="wrote 2 streams"):
        revoking.revoke_device(workspace, SILENT, device=device, after=1)
    done = revoking.revoke_device(workspace, SILENT, device=device).value
    assert {(point.stream, point.seq) for point in done.trusted} == {(old.stream, 2), (new.stream, 1)}
    assert done.dropped == 0
