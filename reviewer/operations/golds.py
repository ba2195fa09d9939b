"""Known answers: items of a campaign whose right answer is known, hidden among the others."""

from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from reviewer.domain import resolutions
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.merging import ruling
from reviewer.domain.progress import Ticket
from reviewer.formats import gold_lines
from reviewer.formats.gold_lines import GoldLine
from reviewer.operations import line_imports
from reviewer.operations.line_imports import Imported
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import resolutions as resolution_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.rows import Rows
from reviewer.storage.workspace import Work, Workspace

KnownAnswer: TypeAlias = Literal["compliant", "non_compliant"]

_BATCH = 20  # known answers of one transaction, so that no label waits


class Added(NamedTuple):
    """added: items whose answer is known now; known: those of which it was known already."""

    added: int
    known: int


class Source(NamedTuple):
    """A campaign in which items were resolved. answers: how many of them have one."""

    id: EntryHash
    campaign: str
    answers: int


def gold_sources(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[Source, ...]]:
    """The campaigns whose resolutions can become known answers, newest first."""
    ticket.step(0, 1, "Reading the resolutions")
    with workspace.read() as reading:
        found = [(one, len(_ruled(reading, one))) for one in campaign_rows.every(reading)]
        return Outcome(tuple(Source(one.state.hash, one.state.rules.name, answers) for one, answers in found if answers))


def _ruled(rows: Rows, stored: Stored) -> dict[ItemId, KnownAnswer]:
    """What was resolved in a campaign, by item, where the resolutions in force give one answer."""
    ruled = {item: ruling(said) for item, said in resolution_rows.resolved(rows, stored).items()}
    return {item: said for item, said in ruled.items() if said == "compliant" or said == "non_compliant"}


def gold_from_resolutions(workspace: Workspace, ticket: Ticket, *, source: str, campaign: str) -> Outcome[Added]:
    """Make what was resolved in one campaign the known answers of another. Items whose policy is at fault have no answer.

    Written in small batches; stopped in between, it is completed by running it again.

    Raises NotFound for a campaign that is not there, Refused where nothing was resolved, NotAllowed.
    """
    require(workspace.me, "gold", "say what the right answers are")
    ticket.step(0, 1, "Reading the resolutions")
    with workspace.read() as reading:
        stored, earlier = campaign_rows.named(reading, campaign), campaign_rows.named(reading, source)
        answers = list(_ruled(reading, earlier).items())
    if not answers:
        raise Refused(f"Nothing is resolved in “{earlier.state.rules.name}” yet.", "Name a campaign in which items were adjudicated.")
    added, changes = 0, Changes.NONE
    for start in range(0, len(answers), _BATCH):
        with workspace.begin() as work:
            for item, verdict in answers[start : start + _BATCH]:
                event = resolutions.gold(stored.state.hash, item, verdict, before=resolution_rows.gold_in_force(work, stored, item))
                if event is not None:
                    work.record(event)
                    added += 1
        changes |= work.changes
        ticket.step(min(start + _BATCH, len(answers)), len(answers), "Adding gold")
    return Outcome(Added(added, len(answers) - added), changes)


def import_gold(workspace: Workspace, ticket: Ticket, *, path: Path, campaign: str) -> Outcome[Imported]:
    """Import a JSON lines file of right answers for a campaign. One that is known already is not written again; null takes one back.

    An item need not be drawn: it may be later. Raises NotFound for a file or campaign that is not there, NotAllowed, Refused, NotSaved.
    """
    require(workspace.me, "gold", "say what the right answers are")
    digest = line_imports.file_digest(path, "answer")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)

    def take(work: Work, said: GoldLine) -> bool:
        item = line_imports.item_of(work, said.item, said.external_id, stored.row)
        before = resolution_rows.gold_in_force(work, stored, item)
        event = resolutions.gold(stored.state.hash, item, said.verdict, before=before, imported=digest)
        if event is not None:
            work.record(event)
        return event is not None

    return line_imports.import_lines(workspace, ticket, path=path, what="gold", read=gold_lines.read, take=take)
