"""Entries from another replica: whatever order, batch or repeat they come in, the same state; nothing that nobody signed."""

import random
from pathlib import Path

import pytest

from reviewer.domain import chain
from reviewer.domain.chain import DeviceId, EntryHash, StreamId
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Damaged, Refused
from reviewer.domain.events import Event, Point, Revoke, Skip
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import members, verifying
from reviewer.storage import receiving, sending
from reviewer.storage.receiving import Arrival
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


def verified(workspace: Workspace) -> verifying.Verification:
    found = verifying.verify(workspace, SILENT).value
    assert [problem for problem in found.problems if problem.where != "items"] == []
    return found


def test_everything_at_once_makes_the_same_state_there(busy_workspace: Workspace, tmp_path: Path) -> None:
    there = replicas.empty(tmp_path / "there", seed=3)
    received = replicas.carry(busy_workspace, there)
    entries = replicas.all_entries(busy_workspace)
    assert (received.added, received.known, received.pending) == (len(entries), 0, 0)
    assert received.kinds["label"] > 100
    assert replicas.digest(there) == replicas.digest(busy_workspace)
    assert verified(there).set_digest == verified(busy_workspace).set_digest
    again = replicas.take(there, entries, replicas.project_of(busy_workspace))
    assert (again.added, again.known, again.pending) == (0, len(entries), 0)
    there.close()


@pytest.mark.parametrize("lists_first", [True, False])
def test_a_large_part_of_all_entries_is_shown_as_a_small_one_is(
    busy_workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists_first: bool
) -> None:
    """So large that all views are made anew; contents come with it, or later."""
    monkeypatch.setattr(receiving, "_MANY", 10)
    there, project = replicas.empty(tmp_path / "there", seed=3), replicas.project_of(busy_workspace)
    entries, blobs = replicas.all_entries(busy_workspace), replicas.contents(busy_workspace)
    received = replicas.take(there, entries, project, blobs if lists_first else [])
    assert received.added == len(entries)
    assert Changes.CAMPAIGNS | Changes.QUEUE in received.changes
    replicas.take(there, [], project, blobs)
    assert replicas.digest(there) == replicas.digest(busy_workspace)
    assert verified(there).set_digest == verified(busy_workspace).set_digest
    there.close()


@pytest.mark.parametrize("seed", range(6))
def test_any_order_in_any_batches_with_repeats_makes_the_same_state(busy_workspace: Workspace, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    entries = replicas.all_entries(busy_workspace)
    chance.shuffle(entries)
    entries += chance.sample(entries, 40)
    there = replicas.empty(tmp_path / "there", seed=seed)
    project = replicas.project_of(busy_workspace)
    blobs = replicas.contents(busy_workspace)
    while entries:
        size = chance.randrange(1, 60)
        batch, entries = entries[:size], entries[size:]
        given = [blobs.pop(chance.randrange(len(blobs))) for _ in range(min(size, len(blobs)))]
        replicas.take(there, batch, project, given)
    replicas.take(there, [], project, blobs)
    with there.read() as reading:
        assert reading.row("SELECT count(*) FROM pending") == (0,)
    assert replicas.digest(there) == replicas.digest(busy_workspace)
    assert verified(there).digest == replicas.digest(there)
    there.close()


def test_a_changed_entry_is_refused_and_the_whole_delivery_with_it(workspace: Workspace, tmp_path: Path) -> None:
    there = replicas.empty(tmp_path / "there", seed=3)
    entries, project = replicas.all_entries(workspace), replicas.project_of(workspace)
    raw = entries[-1].raw
    device = raw.index(b'"device":"') + len('"device":"')
    for place in range(0, len(raw), 3):
        if device <= place < device + 64:
            continue  # another device's name: see below
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises((Damaged, Refused)) as error:
            replicas.take(there, [*entries[:-1], Arrival(changed, entries[-1].signature)], project)
        assert error.value.code in ("E204", "E206")
    with pytest.raises(Damaged, match=r"changed or damaged at record \d+"):
        replicas.take(there, [*entries[:-1], Arrival(raw, bytes(64))], project)
    with there.read() as reading:
        assert reading.row("SELECT count(*) FROM entry") == (0,)
    there.close()


def test_an_entry_that_names_a_device_nobody_knows_waits_and_counts_for_nothing(workspace: Workspace, tmp_path: Path) -> None:
    there = replicas.empty(tmp_path / "there", seed=3)
    entries, project = replicas.all_entries(workspace), replicas.project_of(workspace)
    place = entries[-1].raw.index(b'"device":"') + len('"device":"')
    changed = entries[-1].raw[:place] + b"0" * 64 + entries[-1].raw[place + 64 :]
    received = replicas.take(there, [*entries[:-1], Arrival(changed, entries[-1].signature)], project)
    assert (received.added, received.pending) == (len(entries) - 1, 1)
    there.close()


def test_entries_of_an_unknown_device_wait_until_it_is_admitted(busy_workspace: Workspace, tmp_path: Path) -> None:
    there = replicas.empty(tmp_path / "there", seed=3)
    entries, project = replicas.all_entries(busy_workspace), replicas.project_of(busy_workspace)
    enrols = [one for one in entries if chain.parse(one.raw).kind == "enrol"]
    others = [one for one in entries if one not in enrols]
    received = replicas.take(there, others, project, replicas.contents(busy_workspace))
    assert received.pending > 100
    assert received.added + received.pending == len(others)
    assert replicas.take(there, enrols, project).pending == 0
    assert replicas.digest(there) == replicas.digest(busy_workspace)
    there.close()


def test_another_project_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    other = worlds.make(tmp_path / "other", seed=9)
    with pytest.raises(Refused) as error:
        replicas.take(workspace, replicas.all_entries(other), replicas.project_of(other))
    assert error.value.code == "E206"
    with pytest.raises(Refused) as error:
        replicas.take(workspace, replicas.all_entries(other), replicas.project_of(workspace))
    assert error.value.code == "E206"
    other.close()


def two_sided(tmp_path: Path) -> tuple[Workspace, Workspace]:
    """Ada's workspace and Ben's replica of it."""
    ada = worlds.ready(tmp_path / "ada", overlap=2)
    members.add_members(ada, SILENT, names=["Ben"])
    ben = replicas.replica(tmp_path / "ben", ada, "Ben")
    return ada, ben


def test_what_a_revoked_device_signed_afterwards_is_kept_and_not_counted_wherever_it_arrives_first(tmp_path: Path) -> None:
    ada, ben = two_sided(tmp_path)
    with ben.read() as reading:
        (device, stream) = reading.row("SELECT d.id, d.stream FROM device d JOIN member m ON m.id = d.member WHERE m.name = 'Ben'") or (
            "",
            "",
        )
        (seq, name) = reading.row("SELECT seq, hash FROM entry WHERE stream = ? ORDER BY seq DESC LIMIT 1", (bytes.fromhex(stream),)) or (
            0,
            b"",
        )
    with ben.begin() as work:
        work.record(Event("skip", skip_of(ben)))
    with ada.begin() as work:
        work.record(Event("revoke", Revoke(DeviceId(device), (Point(StreamId(stream), seq, EntryHash(name.hex())),)), reason="lost"))
    replicas.carry(ben, ada)
    replicas.carry(ada, ben)
    assert replicas.digest(ada) == replicas.digest(ben)
    assert verified(ada).not_counted == 1
    assert verified(ben).not_counted == 1
    with ada.read() as reading:
        assert reading.rows("SELECT why FROM uncounted") == [("It was signed after its device was revoked.",)]
        assert reading.row("SELECT count(*) FROM aside") == (0,)
    ada.close()
    ben.close()


def skip_of(workspace: Workspace, number: int = 0) -> Skip:
    with workspace.read() as reading:
        (campaign,) = reading.row("SELECT hash FROM campaign") or (b"",)
        (item,) = reading.row("SELECT item FROM pick ORDER BY item LIMIT 1 OFFSET ?", (number,)) or (b"",)
    return Skip(EntryHash(campaign.hex()), ItemId(item.hex()))


def test_a_forked_stream_is_kept_with_both_branches_on_every_replica(tmp_path: Path) -> None:
    ada, ben = two_sided(tmp_path)
    twin = replicas.replica(tmp_path / "twin", ada, "Ben", seed=8)
    replicas.carry(ben, twin)
    for number, who in enumerate((ben, twin, twin)):
        with who.begin() as work:
            work.record(Event("skip", skip_of(who, number)))
    replicas.carry(ben, ada)
    received = replicas.carry(twin, ada)
    assert len(received.forks) == 1
    with ada.read() as reading:
        tips = sending.tips(reading)
        forked = [tip for tip in tips if tip.stream in received.forks]
    assert sorted(tip.seq for tip in forked) == [2, 3]
    for other in (ben, twin):
        replicas.carry(ada, other)
        assert replicas.digest(other) == replicas.digest(ada)
        assert verified(other).entries == verified(ada).entries
    with ada.read() as reading:
        assert sending.lacking(reading, tips) == []
    for one in (ada, ben, twin):
        one.close()
