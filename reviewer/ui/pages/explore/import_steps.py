"""What the import dialog asks of operations and formats: functions that run on worker threads, and the values that they bring."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import shown
from reviewer.domain.items import facts
from reviewer.domain.progress import Ticket
from reviewer.domain.records import Record

if TYPE_CHECKING:
    from reviewer.formats.column_maps import ColumnMap
    from reviewer.formats.intake import Preview
    from reviewer.operations.embedded_policies import Embedded
    from reviewer.operations.importing import ImportReport
    from reviewer.operations.policies import Added
    from reviewer.storage.workspace import Workspace


class Seen(NamedTuple):
    """A file before it is imported. format: empty where it would be passed over, for the `reason`.

    first: what its first record is about. columns, row: of a table, and its first row; guessed: the columns as they would be read.
    """

    path: str
    format: str
    reason: str
    first: str
    columns: tuple[str, ...] = ()
    row: Mapping[str, str] = {}
    guessed: "ColumnMap | None" = None


def look(workspace: "Workspace", ticket: Ticket, *, paths: Sequence[str], agent: str) -> Outcome[list[Seen]]:
    """What is in the files: nothing is written. Raises NotFound for a path that is not there."""
    from reviewer.formats import intake

    del workspace
    seen: list[Seen] = []
    for preview in intake.preview(paths, intake.Options(agent=agent or None), records=1):
        seen.append(_seen(preview))
        ticket.step(len(seen), 0, shown(preview.path.rsplit("/", 1)[-1]))
    return Outcome(seen)


def _seen(preview: "Preview") -> Seen:
    first = preview.records[0] if preview.records else None
    if isinstance(first, Record):
        said = facts(first.item).title
    else:
        said = first.reason if first is not None else ""
    row = preview.rows[0] if preview.rows else {}
    return Seen(preview.path, preview.format or "", preview.reason or "", said, preview.columns, row, preview.column_map)


def bring_in(
    workspace: "Workspace", ticket: Ticket, *, paths: Sequence[str], agent: str, column_map: "ColumnMap | None"
) -> "Outcome[ImportReport]":
    """Import, in batches so short that a label never waits. Policies that the files carry are named to who may publish them."""
    from reviewer import operations
    from reviewer.formats.intake import Options

    options = Options(column_map=column_map, agent=agent or None)
    done = operations.importing.import_files(workspace, ticket, paths=paths, options=options, gentle=True)
    return done if workspace.me.role == "lead" else done._replace(value=done.value._replace(policies=()))


def publish_policy(workspace: "Workspace", ticket: Ticket, *, policy: "Embedded") -> "Outcome[Added]":
    """Publish the policy that a file carries, under the key that it was offered with."""
    from reviewer import operations

    return operations.embedded_policies.publish_embedded(workspace, ticket, found=(policy,), key=policy.key)


def rejects_in_words(workspace: "Workspace", ticket: Ticket, *, report: "ImportReport") -> Outcome[str]:
    """What could not be read, where it stands, why, and what it says."""
    from reviewer.operations.importing import rejects_of

    pieces = []
    ticket.step(0, 1, "Reading")
    for reject in rejects_of(workspace, report):
        place = f"record {reject['index']}" + (f", line {reject['line']}" if reject.get("line") else "")
        pieces.append(f"{reject['path']}, {place}\n{reject['reason']}\n{reject['content']}\n")
    if report.rejected > len(pieces):
        pieces.append(f"… and {report.rejected - len(pieces):,} more, in {report.rejects}")
    return Outcome("\n".join(pieces))
