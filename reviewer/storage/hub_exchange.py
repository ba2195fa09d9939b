"""Entries to a hub and from it, each part in a transaction of its own: cut after any of them, the next exchange goes on from there."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from reviewer.domain import chain
from reviewer.domain.batches import batches
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import Damaged, Refused
from reviewer.storage import marks
from reviewer.storage.deliveries import TakenIn, take_in
from reviewer.storage.hub import Hub, Name, Row
from reviewer.storage.hub_contents import Contents
from reviewer.storage.hub_plan import Place, Wanted
from reviewer.storage.parcels import EntryRecord, ParcelRecord, Record

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace

Step = Callable[[int, int, str], None]


class Tally:
    """What was exchanged, over all attempts. parts: transactions that are known to have happened; kinds, members: of what came in.

    refused: what the hub has and does not hold, a sentence each, by name; places: where such entries stand there.
    """

    def __init__(self) -> None:
        self.sent = self.sent_items = self.received = self.received_items = 0
        self.kinds: dict[str, int] = {}
        self.members: set[MemberId] = set()
        self.refused: dict[str, str] = {}
        self.places: set[Place] = set()
        self.parts = 0
        self._doubtful: set[Name] = set()

    def settle(self, lacking: Iterable[Name]) -> None:
        """Now that the hub answers again: what it does not lack of the doubtful entries had arrived."""
        self.sent += len(self._doubtful.difference(lacking))
        self._doubtful.clear()

    def sending(self, rows: Sequence[Row]) -> None:
        """Entries are about to be sent."""
        self._doubtful = {row.hash for row in rows}  # unless the hub says so, nobody knows whether they arrived

    def arrived(self) -> None:
        """The hub said that it has them."""
        self.sent += len(self._doubtful)
        self._doubtful.clear()

    def took(self, taken: TakenIn) -> None:
        """A transaction of ours took in what the hub gave."""
        self.parts += 1
        self.received += taken.entries
        self.received_items += taken.items
        for kind, count in taken.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0) + count
        self.members |= taken.members


class Exchange:
    """One connection's work for one project. What it says of failures is in the tally."""

    def __init__(self, workspace: "Workspace", hub: Hub, project: EntryHash, tally: Tally, step: Step) -> None:
        self._workspace = workspace
        self._hub = hub
        self._project = project
        self._named = bytes.fromhex(project)
        self._tally = tally
        self._step = step
        self.contents = Contents(workspace, hub, self._named, step)
        self.contents.refused = tally.refused

    def push(self, names: Sequence[Name]) -> None:
        """Send entries, what they name before them."""
        for start in range(0, len(names), self._hub.at_once):
            with self._workspace.read() as reading:
                sql = "SELECT stream, seq, hash, body, sig FROM entry WHERE hash = ?"
                rows = [Row(*reading.rows(sql, (name,))[0]) for name in names[start : start + self._hub.at_once]]
            marks.settle(self._workspace)
            self._tally.sent_items += self.contents.send_named(rows)
            self._tally.sending(rows)
            self._hub.add_entries(self._named, rows)
            self._tally.arrived()
            self._step(start + len(rows), len(names), "Sending")

    def pull(self, wanted: Sequence[Wanted]) -> None:
        """Take entries in, and what they name."""
        total, done = sum(one.n for one in wanted), 0
        arriving = (row for one in wanted for row in self._entries(one))
        for rows in batches(arriving, self._hub.at_once):
            self._take(rows)
            done += len(rows)
            self._step(done, max(total, done), "Taking in")

    def fill(self) -> None:
        """Exchange what entries name and what is on one side only, however that came about."""
        self._tally.sent_items += self.contents.send_rest()
        for part in self.contents.missing_blobs():
            self._take_in(part)
        for items in self.contents.missing_items():
            self._take_in(items)

    def _entries(self, wanted: Wanted) -> Iterator[Row]:
        after, left = wanted.after, wanted.n
        while left > 0 and (page := self._hub.entries(self._named, wanted.stream, after)):
            for row in page:
                if wanted.named is None or (row.seq, row.hash) in wanted.named:
                    yield row
                    left -= 1
            after = (page[-1].seq, page[-1].hash)

    def _take(self, rows: Sequence[Row]) -> None:
        whole = [row for row in rows if self._stands_rightly(row)]
        for part in self.contents.named_blobs(whole):
            self._take_in(part)
        self._take_in([EntryRecord(row.body, row.sig) for row in whole])
        for items in self.contents.items_of(whole):
            self._take_in(items)

    def _stands_rightly(self, row: Row) -> bool:
        """Whether the bytes make the name, and stand where they say."""
        place = None
        if chain.entry_hash(row.body) == row.hash.hex():
            with suppress(Damaged):
                head = chain.header(row.body)
                place = (bytes.fromhex(head.stream), head.seq, row.hash)
        if place == row[:3]:
            return True
        self._refuse(row.stream, row.seq, row.hash)
        return False

    def _take_in(self, records: Sequence[Record]) -> None:
        """Take records in, in one transaction, or, where one of them does not hold, in several without that one."""
        try:
            self._commit(records)
        except (Damaged, Refused) as error:
            if error.code not in ("E204", "E206"):
                raise
            if len(records) > 1:
                half = len(records) // 2
                self._take_in(records[:half])
                self._take_in(records[half:])
            elif isinstance(records[0], EntryRecord):
                head = chain.header(records[0].raw)
                self._refuse(bytes.fromhex(head.stream), head.seq, bytes.fromhex(chain.entry_hash(records[0].raw)))
            elif isinstance(records[0], ParcelRecord):
                self._tally.refused[records[0].item] = f"Item {records[0].item[:12]} at the hub is none; it was left out. [E204]"

    def _commit(self, records: Sequence[Record]) -> None:
        with self._workspace.begin() as work:
            taken = take_in(work, records, project=self._project, sender=None, heads=())
        self._tally.took(taken)

    def _refuse(self, stream: bytes, seq: int, name: Name) -> None:
        self._tally.places.add((stream, seq, name))
        what = f"Record {seq:,} of stream {stream.hex()[:8]} at the hub is not what its author signed; it was refused. [E204]"
        self._tally.refused[name.hex()] = what
