"""What can be cited in a campaign: its policies with all their versions, and how often each clause was used."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from reviewer.domain import policies
from reviewer.domain.changes import Outcome
from reviewer.domain.citable import Citable
from reviewer.domain.events import Clause as Citation
from reviewer.domain.progress import Ticket
from reviewer.domain.shelf import Edition, Shelf
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import labels as label_rows
from reviewer.storage import policies as policy_rows
from reviewer.storage.workspace import Reading, Workspace


def clauses_to_cite(workspace: Workspace, ticket: Ticket, *, campaign: str) -> Outcome[Shelf]:
    """The clauses of a campaign's policies; of every policy where it names none. In a blind campaign only one's own labels are counted.

    Raises NotFound.
    """
    ticket.step(0, 1, "Reading the policies")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        rules = stored.state.rules
        used = label_rows.cited(reading, stored, workspace.member if rules.blind else None)
        return Outcome(shelf_of(reading, rules.policies, used))


def shelf_of(reading: Reading, keys: Sequence[str], used: Mapping[str, int] | None = None) -> Shelf:
    """The clauses of these policies; of every policy where none is named. Raises NotFound."""
    return Shelf([_editions(reading, key) for key in keys or policy_rows.keys(reading)], used or {})


def _editions(reading: Reading, key: str) -> list[Edition]:
    versions = policy_rows.versions(reading, key)
    told = [(one.hash, one.follows, policy_rows.clauses_of(reading, one.clauses)) for one in versions]
    days = {one.number: one.effective or _day(one.published_ms) for one in versions}
    since = policies.since(told)
    return [
        Edition(
            version.hash,
            version.number,
            version.effective,
            version.in_force,
            version.activated,
            tuple(
                Citable(
                    Citation(key, version.hash, one.clause, one.hash), one.title, one.text, version.title, version.number,
                    days[since[version.hash][one.clause]], one.number,
                )
                for one in clauses
            ),
        )
        for version, (_hash, _follows, clauses) in zip(versions, told, strict=True)
    ]  # fmt: skip


def _day(wall_ms: int) -> str:
    return datetime.fromtimestamp(wall_ms / 1000, UTC).date().isoformat()
