"""What a sync did."""

from typing import NamedTuple

from reviewer.domain.chain import MemberId


class Moved(NamedTuple):
    """Entries and items that went one way."""

    entries: int
    items: int


class Synced(NamedTuple):
    """What a sync sent and took in. kinds: new entries by kind; members: who wrote them; conflicts: what waits to be settled now.

    quarantined: bundles or entries that wait, since nobody here knows their sender or an earlier one is missing.
    notes: what a person should know, a sentence each.
    """

    sent: Moved
    received: Moved
    conflicts: int
    quarantined: int
    kinds: dict[str, int]
    members: frozenset[MemberId]
    notes: tuple[str, ...] = ()
