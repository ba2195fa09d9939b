"""Handing labels over as a file: JSON lines, CSV or Parquet."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import ReviewerError
from reviewer.domain.events import Event, Export, Omission, Stated
from reviewer.domain.progress import Ticket
from reviewer.operations.unsettled import Unsettled, unsettled
from reviewer.storage import agreement, departures, marks, outgoing
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.departures import LabelRow
from reviewer.storage.workspace import Reading, Workspace

# What a release tells of a label, in its order, which is part of its bytes; without what is only true of this replica.
_RELEASED = (
    "label", "campaign", "campaign_id", "item", "external_id", "reviewer", "verdict", "severity", "clauses", "rationale", "spans",
    "omissions", "steps", "preference", "confidence", "correction", "blind", "showing", "time", "duration_ms", "imported",
)  # fmt: skip


class Exported(NamedTuple):
    """A file of labels. withheld: labels left out, since the member has still to judge their items blind.

    open: what was not settled when it was written. damaged: labels left out, since their stream does not verify.
    """

    labels: int
    path: Path
    sha256: str
    withheld: int
    open: Unsettled
    damaged: int = 0


def export_labels(
    workspace: Workspace, ticket: Ticket, *, path: Path, campaign: str | None = None, history: bool = False
) -> Outcome[Exported]:
    """Write the labels in force, or with history also those undone or replaced, and record that they left, where that can be recorded.

    The ending of the path chooses the format. A lead gets every label; others get none that would lead them.
    Labels of a stream that does not verify are left out, the others go. Raises Damaged E107 where that shows only now.
    Raises Refused for another ending, NotSaved for what the disk refuses; then no file is left behind.
    """
    from reviewer.formats import label_tables

    ending = label_tables.checked_ending(path.suffix)
    outgoing.require_folder(path)
    viewer = None if workspace.me.role == "lead" else workspace.member
    with outgoing.partial_file(path) as partial:
        with workspace.read() as reading:
            agreement.require(reading)
            still_open = unsettled(reading)
            stored = campaign_rows.named(reading, campaign) if campaign else None
            total = departures.count(reading, campaign=stored, history=history, viewer=viewer)
            withheld = departures.count(reading, campaign=stored, history=history) - total
            damaged = departures.withheld_as_damaged(reading, campaign=stored, history=history)
            _write(ticket, partial, ending, total, departures.labels(reading, campaign=stored, history=history, viewer=viewer))
        digest = outgoing.file_sha256(partial)
        changes = _record(workspace, Export(stored.state.hash if stored else None, ending[1:], total, digest))
        outgoing.put_in_place(partial, path)
    return Outcome(Exported(total, path, digest, withheld, still_open, damaged), changes)


def _record(workspace: Workspace, export: Export) -> Changes:
    if workspace.reading_only:
        what = "The labels left without a record: this place cannot be written."
        workspace.notices.append(ReviewerError(what, "Whoever keeps the workspace may want to know.", "E103"))
        return Changes.RELEASES  # a window looks for notices when something changed
    with workspace.begin() as work:
        work.record(Event("export", export))
    marks.settle(workspace)
    return work.changes


def _write(ticket: Ticket, partial: Path, ending: str, total: int, chunks: Iterable[list[LabelRow]]) -> None:
    from reviewer.formats import label_tables

    done = 0
    with outgoing.durable(partial) as stream:
        writer = label_tables.writer(ending, stream)
        for chunk in chunks:
            writer.write([label_fields(row) for row in chunk])
            done += len(chunk)
            ticket.step(done, total, "Writing labels")
        writer.close()


def label_fields(row: LabelRow) -> dict[str, Any]:
    """A label as it leaves: the columns of formats.label_tables. `time` is the claimed one where the label was imported with one."""
    label = row.label
    said = said_fields(label, row.rationale, row.omissions)
    confidence = said.pop("confidence")
    return {
        "label": row.hash,
        "campaign": row.campaign,
        "campaign_id": row.campaign_id,
        "item": row.item,
        "external_id": row.external_id,
        "reviewer": row.reviewer,
        **said,
        "correction": row.correction,
        "confidence": confidence,
        "blind": label.blind,
        "showing": label.showing,
        "time": label.claimed or rfc3339(row.wall_ms),
        "duration_ms": row.dur_ms,
        "imported": label.imported is not None,
        "in_force": row.in_force,
        "replaced_by": row.replaced_by,
        "retracted_by": row.retracted_by,
        "witnessed": row.witnessed,
    }


def told(reading: Reading, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Labels by their entries, those that are here, as a release tells them."""
    found = {row.hash: label_fields(row) for row in departures.labels_at(reading, names)}
    return {name: {column: one[column] for column in _RELEASED} for name, one in found.items()}


def said_fields(label: Stated, rationale: str | None, omissions: tuple[str | None, ...]) -> dict[str, Any]:
    """What a label says, in the words that `labels import` takes."""
    return {
        "verdict": label.verdict,
        "severity": label.severity,
        "clauses": msgspec.to_builtins(label.clauses) if label.clauses else [],
        "rationale": rationale,
        "spans": msgspec.to_builtins(label.spans) if label.spans else [],
        "omissions": [_omission(*one) for one in zip(omissions, label.omissions, strict=True)] if label.omissions else [],
        "steps": dict(label.steps),
        "preference": None if label.preference is None else msgspec.to_builtins(label.preference),
        "confidence": label.confidence,
    }


def _omission(text: str | None, said: Omission) -> dict[str, Any]:
    return {"text": text, **{name: value for name, value in (("step", said.step), ("clause", said.clause)) if value}}


def rfc3339(wall_ms: int) -> str:
    """A time in milliseconds as RFC 3339 UTC."""
    minute, left = divmod(wall_ms, 60_000)
    return f"{_minute(minute)}{left // 1000:02d}.{left % 1000:03d}Z"


@lru_cache(256)
def _minute(minutes: int) -> str:
    """The beginning of a time, up to its seconds; labels that are given one after the other often share it."""
    return datetime.fromtimestamp(60 * minutes, UTC).isoformat()[:17]
