"""How reviewers did on known answers and on items that they saw twice: all of them for a lead, one's own where the campaign allows it."""

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import Ticket
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import reviewer_results as result_rows
from reviewer.storage.queues import Queue
from reviewer.storage.reviewer_results import ReviewerResult as ReviewerResult
from reviewer.storage.workspace import Workspace


def reviewer_results(workspace: Workspace, ticket: Ticket, *, campaign: str) -> Outcome[tuple[ReviewerResult, ...]]:
    """The results of a campaign's reviewers, in the order of their names; for who is no lead, their own, once their queue is empty.

    Raises NotAllowed for who is no lead where the campaign gives no feedback, Refused while something waits for them: each label
    would tell at once whether its item is gold. Raises NotFound for a campaign that is not there.
    """
    ticket.step(0, 1, "Comparing")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        lead = workspace.me.role == "lead"
        if not lead and not stored.state.rules.feedback:
            raise NotAllowed(
                f"“{stored.state.rules.name}” does not show reviewers how they did.", "Ask a lead, who sees the results of all reviewers."
            )
        if not lead and not Queue(reading, stored, workspace.member).is_empty():
            raise Refused(
                f"Items of “{stored.state.rules.name}” still wait for you.",
                "Your results come once your queue is empty; before, they would tell known answers from other items.",
            )
        found = result_rows.results(reading, stored)
        return Outcome(tuple(one for one in found if lead or one.member == workspace.member))
