"""What adjudicators noted on the clauses of a policy: where it was found at fault, and why."""

from typing import NamedTuple

import msgspec

from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.events import Resolve
from reviewer.domain.items import ItemId
from reviewer.domain.members import refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import policies as policy_rows
from reviewer.storage import resolutions as resolution_rows
from reviewer.storage import searches
from reviewer.storage.notes import note_of
from reviewer.storage.stories import author, entry_of, local_time
from reviewer.storage.workspace import Reading, Workspace


class ClauseNote(NamedTuple):
    """A note on a clause. version: the number of the one that it speaks of, None where that is not here; text: None where it was erased.

    time: RFC 3339, by the clock of the device; resolution: the entry whose note it is.
    """

    policy: str
    clause: str
    version: int | None
    text: str | None
    by: str
    time: str
    campaign: str
    item: ItemId
    resolution: EntryHash


def notes_on_clause(workspace: Workspace, ticket: Ticket, *, policy: str, clause: str | None = None) -> Outcome[tuple[ClauseNote, ...]]:
    """The notes on a clause of a policy, or on all of its clauses, oldest first. Those on items that the viewer has still to label blind
    are left out. Raises NotFound for a policy that is not there."""
    refuse_waiting(workspace.me)
    ticket.step(0, 1, "Reading notes")
    with workspace.read() as reading:
        numbers = {one.hash: one.number for one in policy_rows.versions(reading, policy)}
        found = resolution_rows.at_fault(reading, policy, clause)
        unseen = searches.hidden_among(reading, [one.item for one in found], viewer=workspace.member)
        seen = [one.hash for one in found if one.item not in unseen]
        return Outcome(tuple(note for name in seen for note in _notes(reading, name, policy, clause, numbers)))


def _notes(reading: Reading, name: EntryHash, policy: str, clause: str | None, numbers: dict[EntryHash, int]) -> list[ClauseNote]:
    entry = entry_of(reading, bytes.fromhex(name))
    assert entry is not None  # its row was made from it
    value, body = msgspec.convert(entry.body.value, Resolve), entry.body
    campaign = campaign_rows.by_hash(reading, value.campaign).state.rules.name
    text, by, time = note_of(reading, body), author(reading, body).name, local_time(body)
    return [
        ClauseNote(policy, one.clause, numbers.get(EntryHash(one.version)), text, by, time, campaign, value.item, name)
        for one in value.clauses
        if one.policy == policy and clause in (None, one.clause)
    ]
