"""What the page asks of operations: functions that run on worker threads, and the values that they bring."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.corrections import Rewrite
from reviewer.domain.events import Shown
from reviewer.domain.items import Item, ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import Ticket
from reviewer.ui.transcript.blocks import Transcript, prepare
from reviewer.ui.transcript.images import Picture

if TYPE_CHECKING:
    from reviewer.domain.shelf import Shelf
    from reviewer.operations.labelling import Undone
    from reviewer.operations.queues import MyWork, Showing, Standing
    from reviewer.storage.workspace import Workspace

_AHEAD_BYTES = 8_000_000  # of text, in items fetched ahead
_AT_ONCE = 4


class Fetched(NamedTuple):
    """An item ready to be painted: decoded and prepared on the worker."""

    showing: "Showing"
    transcript: Transcript

    @property
    def id(self) -> ItemId:
        """The item's id."""
        return self.showing.id

    def shown(self, renderer: str, truncated: Iterable[str]) -> Shown:
        """What a label says of the screen. truncated: steps that were not shown whole."""
        item = self.showing.item
        seen_model = item.model is not None or any(candidate.model is not None for candidate in item.candidates)
        suggestion = self.showing.suggestion
        seen = suggestion.entries if suggestion is not None else ()
        return Shown(renderer=renderer, model=seen_model, suggestions=seen, truncated=tuple(truncated))


class Past(NamedTuple):
    """An item that was labelled, what was said of it, and where it stands among one's own labels (0: the newest, of how many)."""

    fetched: Fetched
    opinion: Opinion
    wall_ms: int
    place: int
    total: int


class TakenBack(NamedTuple):
    """A label that was taken back, and its item."""

    undone: "Undone"
    fetched: Fetched


def first(folder: Path, *, member: str | None) -> Fetched | None:
    """The item that waits in the member's queue worked on last, read without opening the workspace; None where none waits."""
    from reviewer.storage.first_screen import first_showing

    found = first_showing(folder, member=member)
    return Fetched(found.showing, prepare(found.showing.item)) if found is not None else None


def campaigns(workspace: "Workspace", ticket: Ticket) -> "Outcome[tuple[Standing, ...]]":
    """The member's campaigns."""
    from reviewer import operations

    return operations.queues.my_campaigns(workspace, ticket)


def ahead(workspace: "Workspace", ticket: Ticket, *, campaign: str, beyond: frozenset[ItemId], limit: int) -> Outcome[tuple[Fetched, ...]]:
    """The next items beyond those at hand, as many as asked for, fewer if they are large."""
    from reviewer import operations

    found: list[Fetched] = []
    size = 0
    while len(found) < limit and size < _AHEAD_BYTES:
        known = beyond | {fetched.id for fetched in found}
        wanted = min(_AT_ONCE if found else 1, limit - len(found))
        more = operations.queues.next_items(workspace, ticket, campaign=campaign, limit=wanted, beyond=known).value
        for showing in more:
            fetched = Fetched(showing, prepare(showing.item))
            size += sum(block.size() for block in fetched.transcript.blocks)
            found.append(fetched)
        if len(more) < wanted:
            break
    return Outcome(tuple(found))


def past(workspace: "Workspace", ticket: Ticket, *, campaign: str, place: int) -> Outcome[Past | None]:
    """The label of one's own at a place, newest first, with its item; None past the oldest."""
    from reviewer import operations

    mine = operations.queues.my_work(workspace, ticket, campaign=campaign, limit=place + 200).value.labels
    if not 0 <= place < len(mine):
        return Outcome(None)
    label = mine[place]
    showing = operations.queues.show_again(workspace, ticket, campaign=campaign, item=label.item, showing=label.showing).value
    with workspace.read() as reading:
        opinion = operations.labelling.opinion_of(reading, label.hash)
    return Outcome(Past(Fetched(showing, prepare(showing.item)), opinion, label.wall_ms, place, len(mine)))


def again(workspace: "Workspace", ticket: Ticket, *, campaign: str, item: str) -> Outcome[Fetched]:
    """One item of a campaign, to be answered anew."""
    from reviewer import operations

    showing = operations.queues.show_again(workspace, ticket, campaign=campaign, item=item).value
    return Outcome(Fetched(showing, prepare(showing.item)))


def disputes(workspace: "Workspace", ticket: Ticket) -> Outcome[int]:
    """How many items wait for the member to resolve them; none for who may not."""
    from reviewer import operations

    if workspace.me.waiting or not operations.adjudicating.may_adjudicate(workspace):
        return Outcome(0)
    return Outcome(sum(len(docket.items) for docket in operations.adjudicating.disputes(workspace, ticket).value))


def my_work(workspace: "Workspace", ticket: Ticket, *, campaign: str) -> "Outcome[MyWork]":
    """One's own labels, newest first."""
    from reviewer import operations

    return operations.queues.my_work(workspace, ticket, campaign=campaign, limit=2000)


def take_back(workspace: "Workspace", ticket: Ticket, *, campaign: str) -> Outcome[TakenBack]:
    """Take back the newest label, and fetch its item with what was said as a draft."""
    from reviewer import operations

    outcome = operations.labelling.undo_label(workspace, ticket, campaign=campaign)
    undone = outcome.value
    showing = operations.queues.show_again(workspace, ticket, campaign=campaign, item=undone.item, showing=undone.showing).value
    showing = showing._replace(draft=undone.opinion)
    return Outcome(TakenBack(undone, Fetched(showing, prepare(showing.item))), outcome.changes)


def put_right(_workspace: "Workspace", _ticket: Ticket, *, item: Item, rewrites: Mapping[str, Rewrite]) -> Outcome[dict[str, Rewrite]]:
    """Rewritten steps as they are kept. Raises Refused for what cannot be."""
    from reviewer.operations import correcting

    return Outcome(correcting.checked(item, rewrites))


def shelf(workspace: "Workspace", ticket: Ticket, *, campaign: str) -> "Outcome[Shelf]":
    """The clauses that can be cited in a campaign."""
    from reviewer import operations

    return operations.clauses.clauses_to_cite(workspace, ticket, campaign=campaign)


def grow(workspace: "Workspace", ticket: Ticket, *, campaign: EntryHash, size: int) -> Outcome[int]:
    """Draw more items into a campaign; how many are drawn now."""
    from reviewer import operations

    outcome = operations.campaigns.grow_campaign(workspace, ticket, campaign=campaign, size=size)
    return Outcome(outcome.value.sampled, outcome.changes)


def medium(workspace: "Workspace", ticket: Ticket, *, sha256: str, make: Callable[[bytes], Picture]) -> Outcome[Picture]:
    """A medium, read and decoded."""
    from reviewer.operations import media

    return Outcome(make(media.read_medium(workspace, ticket, sha256=sha256).value))


def save_medium(workspace: "Workspace", ticket: Ticket, *, sha256: str, to: Path) -> Outcome[Path]:
    """Save a medium to a file."""
    from reviewer.operations import media

    return media.save_medium(workspace, ticket, sha256=sha256, to=to)
