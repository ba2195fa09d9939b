"""Giving and taking receipts, and what they prove."""

from pathlib import Path

import pytest

from reviewer.domain.chain import EntryHash, StreamId
from reviewer.domain.progress import SILENT
from reviewer.operations import members
from reviewer.storage import receipts, sending
from reviewer.storage.receipts import Receipt
from reviewer.storage.sending import Tip
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


@pytest.fixture
def ben(workspace: Workspace, tmp_path: Path) -> Workspace:
    """Ben's replica, which took in all that Ada wrote and signed for it."""
    members.add_members(workspace, SILENT, names=["Ben"])
    there = replicas.replica(tmp_path / "ben", workspace, "Ben")
    give_all(there)
    return there


def give_all(workspace: Workspace) -> list[Receipt]:
    with workspace.begin() as work:
        return receipts.give(work, {tip.stream for tip in sending.tips(work)})


def hand_over(source: Workspace, target: Workspace) -> list[bool]:
    with source.read() as reading:
        packed = [receipts.pack(one) for one in receipts.latest(reading)]
    with target.begin() as work:
        return [receipts.take(work, one) for one in packed]


def alone(workspace: Workspace) -> dict[StreamId, tuple[int, int]]:
    with workspace.read() as reading:
        return {stream: (one.since, one.n) for stream, one in receipts.unwitnessed(reading).items()}


def stream_of(workspace: Workspace) -> StreamId:
    with workspace.read() as reading:
        return workspace.signer(reading).stream


def head(workspace: Workspace, stream: StreamId) -> Tip:
    with workspace.read() as reading:
        return next(tip for tip in sending.tips(reading) if tip.stream == stream)


def test_nothing_is_witnessed_before_another_device_signed_for_it(workspace: Workspace) -> None:
    stream = stream_of(workspace)
    assert alone(workspace) == {stream: (1, head(workspace, stream).seq)}
    assert give_all(workspace) == []  # its own entries are not its to witness


def test_a_receipt_covers_all_that_its_entry_follows_and_nothing_later(workspace: Workspace, ben: Workspace) -> None:
    stream = stream_of(workspace)
    witnessed = head(workspace, stream).seq
    assert hand_over(ben, workspace) == [True]
    assert stream not in alone(workspace)
    for item in worlds.waiting(workspace)[:3]:
        worlds.label(workspace, item)
    assert alone(workspace)[stream] == (witnessed + 1, 3)
    ben.close()


def test_a_bracket_names_who_signed_first_for_an_entry_and_when(workspace: Workspace, ben: Workspace) -> None:
    hand_over(ben, workspace)
    covered = head(workspace, stream_of(workspace)).hash
    worlds.label(workspace, worlds.waiting(workspace)[0])
    with workspace.read() as reading, ben.read() as there:
        [given] = receipts.latest(there)
        assert receipts.bracket(reading, covered) == (given.time, given.device)
        assert receipts.bracket(reading, head(workspace, stream_of(workspace)).hash) is None
        assert receipts.bracket(reading, EntryHash("0" * 64)) is None
    ben.close()


def test_a_receipt_that_was_changed_or_that_nobody_admitted_signed_is_ignored(workspace: Workspace, ben: Workspace) -> None:
    with ben.read() as reading:
        [given] = receipts.latest(reading)
    packed = receipts.pack(given)
    with workspace.begin() as work:
        for place in range(len(packed)):
            for mask in (0x01, 0x80, 0xFF):
                changed = bytearray(packed)
                changed[place] ^= mask
                assert not receipts.take(work, bytes(changed)), (place, mask)
        assert not receipts.take(work, packed[:-1])
        assert work.row("SELECT count(*) FROM receipt") == (0,)
        assert receipts.take(work, packed)
    ben.close()


def test_a_revoked_device_witnesses_nothing(workspace: Workspace, ben: Workspace) -> None:
    hand_over(ben, workspace)
    with workspace.begin() as work:
        work.run("UPDATE device SET revoked = 1 WHERE id = (SELECT device FROM receipt)")
    stream = stream_of(workspace)
    assert alone(workspace)[stream] == (1, head(workspace, stream).seq)
    ben.close()


def test_of_a_fork_only_the_branch_that_was_signed_for_is_witnessed(workspace: Workspace, ben: Workspace, tmp_path: Path) -> None:
    hand_over(ben, workspace)
    stream = stream_of(workspace)
    before = head(workspace, stream).seq
    twin = replicas.replica(tmp_path / "twin", workspace, "Ada", seed=9)
    items = worlds.waiting(workspace)
    replicas_items(workspace, twin)
    worlds.label(workspace, items[0])
    for item in items[1:3]:
        worlds.label(twin, item)
    replicas.carry(workspace, ben)
    give_all(ben)
    hand_over(ben, workspace)
    replicas.carry(twin, workspace)
    assert alone(workspace)[stream] == (before + 1, 2)
    twin.close()
    ben.close()


def replicas_items(source: Workspace, target: Workspace) -> None:
    """Bring the items over, which `replicas.carry` leaves behind."""
    from reviewer.domain.items import ItemId
    from reviewer.storage import parcel_rows

    with source.read() as reading, target.begin() as work:
        ids = [ItemId(name.hex()) for (name,) in reading.rows("SELECT id FROM item")]
        parcel_rows.keep(work, [one for one in (parcel_rows.parcel(reading, item) for item in ids) if one is not None])


def test_a_hub_that_shows_less_or_other_than_was_signed_for_is_noticed(workspace: Workspace, ben: Workspace) -> None:
    hand_over(ben, workspace)
    with workspace.read() as reading:
        [signed] = receipts.latest(reading)
        tips = sending.tips(reading)
        mine = next(tip for tip in tips if tip.stream == signed.stream)
        assert receipts.less_than_receipts(reading, tips) == []
        assert receipts.less_than_receipts(reading, [mine._replace(seq=mine.seq + 1, hash=EntryHash("1" * 64))]) == []
        for shown in ([], [mine._replace(seq=mine.seq - 1)], [mine._replace(hash=EntryHash("1" * 64))]):
            assert receipts.less_than_receipts(reading, shown) == [signed]
    ben.close()
