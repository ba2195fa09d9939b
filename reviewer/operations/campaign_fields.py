"""What the items of a campaign can be told apart by, beside agent, model, kind, clause and time."""

from reviewer.domain.changes import Outcome
from reviewer.domain.members import refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import metadata_fields
from reviewer.storage import votes as vote_rows
from reviewer.storage.workspace import Workspace

_LOOKED_AT = 200  # items: one import writes the same fields to all of its items


def fields_of_campaign(workspace: Workspace, ticket: Ticket, *, campaign: str) -> Outcome[tuple[str, ...]]:
    """The fields of the items' metadata, by name. None for a reviewer who has still to judge some of them blind: metadata may lead.

    Raises NotFound, and NotAllowed for whoever waits to be admitted.
    """
    refuse_waiting(workspace.me)
    ticket.step(0, 1, "Reading metadata")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        if workspace.me.role == "reviewer" and vote_rows.unseen(reading, stored, workspace.me.id):
            return Outcome(())
        return Outcome(tuple(metadata_fields.of_campaign(reading, stored, looked_at=_LOOKED_AT)))
