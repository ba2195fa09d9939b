"""What another replica sent, taken in whole: items, contents, receipts and entries in one transaction, and what follows from them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.batches import batches
from reviewer.domain.chain import DeviceId, EntryHash, MemberId
from reviewer.storage import erasing, forks, joining, parcel_rows, receipts, sending
from reviewer.storage.conflicts import conflicts_of_tables
from reviewer.storage.parcels import BlobRecord, EntryRecord, ParcelRecord, ReceiptRecord, Record
from reviewer.storage.receiving import Arrival, Received, Receiving
from reviewer.storage.sending import Tip

if TYPE_CHECKING:
    from reviewer.storage.workspace import Work, Workspace

_AT_ONCE = 500  # records handed on together


class TakenIn(NamedTuple):
    """What came in. kinds: new entries by kind; pending: entries that wait.

    erased: items that were erased and were not restored; erased_on: the days when they were, YYYY-MM-DD.
    """

    entries: int
    known: int
    pending: int
    items: int
    erased: int
    erased_on: tuple[str, ...]
    kinds: dict[str, int]
    members: frozenset[MemberId]
    conflicts: int


def take_in(work: "Work", records: Iterable[Record], *, project: EntryHash, sender: DeviceId | None, heads: Iterable[Tip]) -> TakenIn:
    """Take a delivery in, inside the open transaction. heads: all that the sender has.

    Raises Refused E206 or E207, Damaged E204; the transaction is then to be rolled back.
    """
    delivery = _Delivery(work, project)
    for batch in batches(records, _AT_ONCE):
        delivery.take(batch)
    received = delivery.finish()
    follow_up(work)
    if sender is not None:
        sending.note_heard(work, sender, heads, work.workspace.surroundings.now_ms())
    return TakenIn(
        entries=received.added,
        known=received.known,
        pending=received.pending,
        items=delivery.items,
        erased=len(delivery.erased),
        erased_on=erasing.days_of(work, delivery.erased),
        kinds=received.kinds,
        members=received.members,
        conflicts=len(conflicts_of_tables(work)),
    )


def follow_up(work: "Work") -> None:
    """What taking entries in may have brought about: views made anew, a device that waits here admitted, words about erased items gone."""
    work.renew()
    joining.settle(work)
    erasing.sweep(work)


def acknowledge(workspace: "Workspace") -> None:
    """Sign for what was taken in, now that it is on the disk, and note streams that forked. Nothing, for who may not write yet.

    Where words about an erased item came in, their traces are removed.
    """
    if workspace.me.waiting or workspace.elsewhere:
        return
    with workspace.begin() as work:
        forks.note(work)
        receipts.give(work, {tip.stream for tip in sending.tips(work)})
    erasing.clean(workspace, _unwatched)


class _Delivery:
    def __init__(self, work: "Work", project: EntryHash) -> None:
        self.receiving = Receiving(work, project=project)
        self.items = 0
        self.erased: set[str] = set()
        self._work = work
        self._gone = erasing.erased_items(work)
        self._refused = erasing.refused_blobs(work)
        self._media: set[str] = set()
        self._unwanted: set[str] = set()
        self._receipts: list[bytes] = []

    def take(self, batch: list[Record]) -> None:
        parcels = [one for one in batch if isinstance(one, ParcelRecord)]
        wanted = [one for one in parcels if one.item not in self._gone]
        self.erased.update(one.item for one in parcels if one.item in self._gone)
        self._media.update(name for one in wanted for name in parcel_rows.media_of(one))
        self.items += parcel_rows.keep(self._work, wanted)
        self._unwanted.update(name for one in parcels if one.item in self._gone for name in parcel_rows.media_of(one))
        refused = self._refused | (self._unwanted - self._media)
        blobs = [one for one in batch if isinstance(one, BlobRecord) and one.name not in refused]
        self._work.workspace.media.keep([(one.name, one.content) for one in blobs if one.name in self._media])
        self.receiving.contents(one.content for one in blobs if one.name not in self._media)
        self.receiving.entries(Arrival(one.raw, one.signature) for one in batch if isinstance(one, EntryRecord))
        self._receipts += [one.content for one in batch if isinstance(one, ReceiptRecord)]

    def finish(self) -> Received:
        """Show what came in. Receipts come last: the devices that gave them may have been admitted by these very entries."""
        received = self.receiving.finish()
        for packed in self._receipts:
            receipts.take(self._work, packed)
        return received


def _unwatched(_done: int, _total: int, _what: str) -> None:
    """Cleaning is rare here and has no progress of its own."""
