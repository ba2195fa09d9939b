"""What a reviewer sees next, and how far they are."""

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.changes import Outcome
from reviewer.domain.items import ItemId
from reviewer.domain.progress import Ticket
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage import queues as queue_rows
from reviewer.storage.queues import Turn
from reviewer.storage.shares import share_of
from reviewer.storage.showings import Showing as Showing
from reviewer.storage.showings import blinded as blinded
from reviewer.storage.showings import showing_of
from reviewer.storage.workspace import Reading, Workspace

if TYPE_CHECKING:
    from reviewer.storage.reviewer_results import ReviewerResult

_PACE_OF = 20  # labels that the median pace is taken over
_PACE_FROM = 5  # below, no time left is said


class Standing(NamedTuple):
    """How far a campaign is, for the acting member.

    done and asked count this member's own share: labels in force, and items that the queue gave or will give to them.
    pace_ms: median of their last labels, None below 5. guidelines: "" where there are none.
    """

    id: EntryHash
    name: str
    done: int
    waiting: int
    put_off: int
    pace_ms: int | None
    blind: bool
    closed: bool
    question: str
    policies: tuple[str, ...]
    guidelines: str

    @property
    def asked(self) -> int:
        """Items of this member's share."""
        return self.done + self.waiting


class MyWork(NamedTuple):
    """The member's own labels in a campaign, newest first.

    result: how they did, where the campaign tells its reviewers and nothing waits for them any more.
    """

    labels: tuple[label_rows.Mine, ...]
    result: "ReviewerResult | None" = None

    @property
    def answers(self) -> "tuple[tuple[int, label_rows.Mine], ...]":
        """One label an item, with its place among `labels`: of an item that was shown again the first answer, which is the one that counts.

        Two would tell which items are repeats (DESIGN.md 2).
        """
        first: dict[ItemId, int] = {}
        for place, label in enumerate(self.labels):
            known = first.get(label.item)
            if known is None or label.showing < self.labels[known].showing:
                first[label.item] = place
        return tuple((place, self.labels[place]) for place in sorted(first.values()))


def next_items(
    workspace: Workspace, ticket: Ticket, *, campaign: str, limit: int = 1, beyond: frozenset[ItemId] = frozenset()
) -> Outcome[tuple[Showing, ...]]:
    """The next items of the member's queue, decoded, leaving out `beyond` (those fetched already). Empty at the end."""
    ticket.step(0, 1, "Fetching")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        turns = queue_rows.next_turns(reading, stored, workspace.member, limit=limit, beyond=beyond)
        return Outcome(tuple(showing_of(reading, stored, workspace.member, turn) for turn in turns))


def show_again(workspace: Workspace, ticket: Ticket, *, campaign: str, item: str, showing: int = 1) -> Outcome[Showing]:
    """One item of a campaign, as its reviewer sees it: to go back to it, or to answer it anew. showing: which of its answers that is."""
    ticket.step(0, 1, "Fetching")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        return Outcome(showing_of(reading, stored, workspace.member, Turn(item_rows.full_id(reading, item), showing=showing)))


def said_before(workspace: Workspace, ticket: Ticket, *, campaign: str, item: ItemId) -> Outcome[label_rows.Said | None]:
    """What the member's own label in force says of an item; None where there is none."""
    ticket.step(0, 1, "Fetching")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        mine = label_rows.own_in_force(reading, stored, workspace.member, item)
        return Outcome(label_rows.one(reading, max(mine)) if mine else None)


def my_work(workspace: Workspace, ticket: Ticket, *, campaign: str, limit: int = 200) -> Outcome[MyWork]:
    """The member's own labels in force in a campaign."""
    ticket.step(0, 1, "Fetching")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        labels = tuple(label_rows.mine(reading, stored, workspace.member, limit))
        told = stored.state.rules.feedback and queue_rows.Queue(reading, stored, workspace.member).is_empty()
        return Outcome(MyWork(labels, _own_result(reading, stored, workspace.member) if told else None))


def _own_result(reading: Reading, stored: campaign_rows.Stored, member: MemberId) -> "ReviewerResult | None":
    from reviewer.storage.reviewer_results import results  # loads scipy, which most campaigns do not need

    return next((one for one in results(reading, stored) if one.member == member), None)


def standing(workspace: Workspace, ticket: Ticket, *, campaign: str) -> Outcome[Standing]:
    """How far the member is in a campaign."""
    ticket.step(0, 1, "Counting")
    with workspace.read() as reading:
        return Outcome(_standing(reading, campaign_rows.named(reading, campaign), workspace.member))


def my_campaigns(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[Standing, ...]]:
    """The campaigns that the member takes part in: open ones first, newest first."""
    ticket.step(0, 1, "Counting")
    with workspace.read() as reading:
        mine = [s for s in campaign_rows.every(reading) if workspace.member in s.state.members]
        mine.sort(key=lambda stored: stored.state.closed)
        return Outcome(tuple(_standing(reading, stored, workspace.member) for stored in mine))


def _standing(reading: Reading, stored: campaign_rows.Stored, member: MemberId) -> Standing:
    rules = stored.state.rules
    pace = [
        ms
        for (ms,) in reading.rows(
            "SELECT dur_ms FROM label WHERE campaign = ? AND member = ? AND in_force = 1 AND dur_ms IS NOT NULL ORDER BY n DESC LIMIT ?",
            (stored.row, member, _PACE_OF),
        )
    ]
    counts = share_of(reading, stored, member)
    return Standing(
        id=stored.state.hash,
        name=rules.name,
        done=counts.done,
        waiting=counts.waiting,
        put_off=counts.put_off,
        pace_ms=int(median(pace)) if len(pace) >= _PACE_FROM else None,
        blind=rules.blind,
        closed=stored.state.closed,
        question=rules.question,
        policies=rules.policies,
        guidelines=reading.blob(rules.guidelines).decode() if rules.guidelines else "",
    )
