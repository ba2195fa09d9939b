"""Adjudicating: one answer for an item on which reviewers differ."""

from collections.abc import Sequence
from typing import NamedTuple

from reviewer.domain import resolutions
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.events import Ruling
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.operations import citing
from reviewer.operations.labelling import checked_note
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import items as item_rows
from reviewer.storage import resolution_drafts
from reviewer.storage import resolutions as resolution_rows
from reviewer.storage.workspace import Workspace


class Resolved(NamedTuple):
    """A resolution that is on disk. considered: the labels that it weighs."""

    resolution: EntryHash
    item: ItemId
    campaign: EntryHash
    considered: int


def resolve_item(
    workspace: Workspace,
    ticket: Ticket,
    *,
    campaign: str,
    item: str,
    verdict: Ruling,
    rationale: str,
    clauses: Sequence[str] = (),
    seen: frozenset[EntryHash] | None = None,
) -> Outcome[Resolved]:
    """Adjudicate an item: over all its labels in force, and in place of every resolution before. Works in a closed campaign too.

    clauses: names of those that decide; of a policy at fault, those that do not say: the rationale becomes a note on them.
    seen: the labels that were on screen; with others in force by now, nothing is resolved.
    Raises Refused without a rationale or without a label, NotAllowed (E601) for who may not, or who labelled it, and NotFound.
    """
    require(workspace.me, "resolve", "resolve items")
    if not rationale.strip():
        raise Refused("No rationale was given.", "Say why, for those who disagreed and for whoever answers for the labels.")
    ticket.step(0, 1, "Resolving")
    with workspace.begin(urgent=True) as work:
        stored = campaign_rows.named(work, campaign)
        dispute = resolution_rows.dispute(work, stored, item_rows.full_id(work, item), workspace.member)
        resolutions.check(dispute, verdict, clauses=len(clauses))  # before any text is kept
        if seen is not None and seen != dispute.labels:
            raise Refused(f"Item {dispute.item[:6]} has other labels by now than you saw.", "Look at them first; what you wrote is kept.")
        cited = citing.cited(work, stored.state.rules, dispute.item, Opinion(), map(citing.Named, clauses)).clauses if clauses else ()
        event = resolutions.decide(dispute, verdict=verdict, rationale=work.keep_note(checked_note(rationale)), clauses=cited)
        resolution_drafts.drop_begun(work, stored, dispute.item, workspace.member)
        done = Resolved(work.record(event), dispute.item, stored.state.hash, len(dispute.labels))
    return Outcome(done, work.changes)
