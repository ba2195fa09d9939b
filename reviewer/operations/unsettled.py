"""How much of what is handed out is still open: what nobody else has signed for, and what a person must settle. JOURNAL.md E604."""

from collections.abc import Collection
from typing import NamedTuple

from reviewer.domain.batches import batches
from reviewer.domain.chain import EntryHash
from reviewer.domain.digests import Digests
from reviewer.storage import receipts
from reviewer.storage.conflicts import conflicts_of_tables
from reviewer.storage.rows import Rows

_AT_ONCE = 5_000  # labels


class Unsettled(NamedTuple):
    """unwitnessed: entries that no other device has signed for; conflicts: what is to be settled."""

    unwitnessed: int
    conflicts: int

    @property
    def note(self) -> str:
        """In a sentence, for whoever takes an export."""
        entries = "1 entry is" if self.unwitnessed == 1 else f"{self.unwitnessed:,} entries are"
        conflicts = "1 conflict is" if self.conflicts == 1 else f"{self.conflicts:,} conflicts are"
        return f"{entries} not yet witnessed; {conflicts} open. [E604]"


class UnsettledLabels(NamedTuple):
    """Of a release. unwitnessed: labels behind its rows that no other device has signed for; conflicts: open ones of its campaigns."""

    unwitnessed: int
    conflicts: int


def unsettled_labels(rows: Rows, labels: Digests, campaigns: Collection[EntryHash]) -> UnsettledLabels:
    """How much is open of what is released. The same labels under the same receipts give the same counts, however often they leave."""
    alone = 0
    sql = "SELECT hash FROM entry WHERE stream = ? AND seq >= ? AND kind = 'label'"
    for stream, one in receipts.unwitnessed(rows).items():
        names = rows.each(sql, (bytes.fromhex(stream), one.since))
        for some in batches((name for (name,) in names), _AT_ONCE):
            alone += labels.count(some)
    return UnsettledLabels(alone, sum(one.campaign in campaigns for one in conflicts_of_tables(rows)))


def unsettled(rows: Rows) -> Unsettled:
    """How much is open in a view."""
    return Unsettled(sum(one.n for one in receipts.unwitnessed(rows).values()), len(conflicts_of_tables(rows)))
