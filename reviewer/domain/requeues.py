"""Asking for items again: why, of whom, and until when. The label that is asked for anew stays in force until it is replaced."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from reviewer.domain.campaigns import CampaignState, refuse_closed
from reviewer.domain.chain import EntryHash, MemberId, NoteRef
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import BlobRef, Event, Requeue, Why

_CLAUSE_LENGTH = 200
_SENTENCES: dict[Why, str] = {
    "stale": "{clause} has changed since you answered: please look again.",
    "sent_back": "An adjudicator asks for another look.",
    "disputed": "The answers to this item differ: please look again.",
    "asked": "You are asked for another look.",
}


class AskedAgain(NamedTuple):
    """Why an item that a member answered comes again. clause: `KEY:CLAUSE`, where a clause is the reason; note: in somebody's own words."""

    why: Why
    clause: str | None
    note: str | None

    @property
    def sentence(self) -> str:
        """The reason in words; the note stands for itself."""
        return _SENTENCES[self.why].format(clause=f"Clause {shown(self.clause, 80)}" if self.clause else "The policy")


class Spoken(NamedTuple):
    """A label that a member gave on the first showing of an item. names: the entries that it answers or replaces."""

    hash: EntryHash
    member: MemberId
    in_force: bool
    names: frozenset[EntryHash]


def requeue(campaign: CampaignState, items: BlobRef, *, why: Why, clause: str | None, note: NoteRef | None) -> Event:
    """Decide to ask for items again. Raises Refused for a closed campaign, no items, or a clause that is no name."""
    refuse_closed(campaign)
    if items.n == 0:
        raise Refused("Nobody has labelled any of these items yet.", "They wait in the queue anyway; nothing was written.")
    if clause is not None and not (0 < len(clause) <= _CLAUSE_LENGTH and clause.isprintable()):
        raise Refused(f"“{shown(clause, 40)}” is not the name of a clause.", "Write it as KEY:CLAUSE.")
    value = Requeue(campaign=campaign.hash, items=items, why=why, clause=clause)
    return Event("requeue", value, deps=frozenset({campaign.hash}), note=note)


def still_asked(
    requeues: Iterable[EntryHash], given: Collection[Spoken], settled: Collection[EntryHash], gone: Collection[MemberId] = ()
) -> dict[MemberId, frozenset[EntryHash]]:
    """Of whom an item is asked again, and by which requeues; the same for the same entries, whatever their order.

    requeues: those that name the item; given: all labels on it, in force or not; settled: those that a resolution in force names.
    gone: members of whom no device is trusted any more, who cannot answer.
    A member with a label in force is asked until a label of theirs in force names the requeue; and asked anew when the label
    that did was taken back.
    """
    asked: dict[MemberId, frozenset[EntryHash]] = {}
    members = {one.member for one in given}.difference(gone)
    for name in requeues:
        if name not in settled:
            for member in members:
                if _is_asked(name, [one for one in given if one.member == member]):
                    asked[member] = asked.get(member, frozenset()) | {name}
    return asked


def _is_asked(name: EntryHash, own: Collection[Spoken]) -> bool:
    if any(one.in_force and name in one.names for one in own):
        return False
    mine = {one.hash for one in own}
    return any(one.in_force or (name in one.names and one.names & mine) for one in own)
