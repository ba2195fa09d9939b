"""Bringing in labels given elsewhere: each signed by the key of the member it names, and marked as imported."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any, NamedTuple

from reviewer.domain import labels
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, NotSaved, Refused, shown
from reviewer.domain.events import Event, Omission, Shown
from reviewer.domain.items import Item
from reviewer.domain.labels import Opinion, Question
from reviewer.domain.members import Member, NotAllowed, require
from reviewer.domain.progress import Ticket
from reviewer.formats import label_lines
from reviewer.formats.label_lines import LabelLine, Line
from reviewer.operations.labelling import span_of
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import departures, journal, outgoing
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.departures import LabelRow
from reviewer.storage.workspace import Work, Workspace

_BATCH = 100
_SHOWN = Shown(renderer="import")
_KEPT_OF_A_REJECT = 64 * 1024


class ImportedLabels(NamedTuple):
    """read = added + known + rejected. rejects: the file that lists what was rejected and why; None where nothing was."""

    read: int
    added: int
    known: int
    rejected: int
    rejects: Path | None


class _Author(NamedTuple):
    """A member whose key this machine holds."""

    member: Member
    signer: journal.Signer


def import_labels(workspace: Workspace, ticket: Ticket, *, path: Path, campaign: str) -> Outcome[ImportedLabels]:
    """Import a JSON lines file of labels for a campaign. What was imported before is known; a killed import, run again, completes.

    A line that cannot be one of its labels goes to a rejects file with the reason; the rest go in.
    Raises NotFound for a file or campaign that is not there, Refused for one that is closed or no text, NotSaved.
    """
    digest = _digest(path)
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
    if stored.state.closed:
        raise Refused(f"The campaign “{stored.state.rules.name}” is closed.", "Ask its lead for a new campaign; nothing was imported.")
    total = path.stat().st_size
    authors = _Authors(workspace)
    added = known = done = 0
    changes = Changes.NONE
    with path.open("rb") as stream, closing(_Rejects(workspace)) as rejects:
        for batch in _batches(label_lines.read(stream)):
            with workspace.begin() as work:
                for line in batch:
                    problem, new = _take(work, stored, line, authors, digest)
                    if problem:
                        rejects.add(line, problem)
                    added += new
                    known += not new and not problem
                changes |= work.changes
            done += sum(len(line.raw) + 1 for line in batch)
            ticket.step(min(done, total), total, "Importing labels")
        return Outcome(ImportedLabels(added + known + rejects.count, added, known, rejects.count, rejects.path), changes)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            if b"\x00" in stream.read(8192):
                raise Refused(f"“{shown(str(path), 200)}” is not a file of JSON lines.", "Give one label a line, as JSON.")
        return outgoing.file_sha256(path)
    except OSError as error:
        raise NotFound(f"“{shown(str(path), 200)}” cannot be read: {error.strerror}.", "Check the path of the file.") from error


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _take(work: Work, stored: Stored, line: Line, authors: "_Authors", digest: str) -> tuple[str, bool]:
    """Take one line in. Returns why it was rejected, or "", and whether it is new."""
    if line.said is None:
        return line.problem, False
    try:
        return "", _record(work, stored, line.said, authors.of(line.said.reviewer), digest)
    except (Refused, NotFound, NotAllowed) as error:
        return error.what, False


def _record(work: Work, stored: Stored, said: LabelLine, author: _Author, digest: str) -> bool:
    """Record a label unless it is known. Raises Refused, NotFound or NotAllowed before anything of it is written."""
    require(author.member, "label", "label items")
    item = item_rows.full_id(work, said.item) if said.item is not None else item_rows.by_external_id(work, said.external_id or "")
    content = item_rows.get(work, item).item
    steps = len(content.messages) + sum(len(one.messages) for one in content.candidates)
    before = departures.of_item(work, stored, item, author.member.id)
    opinion = _opinion(said, content)
    if any(_same(said, opinion, row) for row in before):
        return False
    if not said.in_force:
        raise Refused("It was no longer in force where it was exported.", "Leave such lines out.")
    own = label_rows.own_in_force(work, stored, author.member.id, item, said.showing)
    question = Question(stored.state, item, campaign_rows.is_sampled(work, stored, item), steps, own, said.showing)

    def decide(**kept: Any) -> Event:
        return labels.label(question, opinion, shown=_SHOWN, blind=said.blind, imported=digest, claimed=said.time, **kept)

    decide()  # refuses before any text is kept
    event = decide(
        rationale=work.keep_note(opinion.rationale) if opinion.rationale.strip() else None,
        omissions=tuple(Omission(note=work.keep_note(one.text), step=one.step, clause=one.clause) for one in label_lines.omissions(said)),
        correction=work.keep_blob(said.correction.encode()) if said.correction else None,
    )
    work.record(event, signer=author.signer)
    return True


def _opinion(said: LabelLine, item: Item) -> Opinion:
    return Opinion(
        verdict=said.verdict,
        severity=said.severity,
        rationale=said.rationale or "",
        confidence=label_lines.confidence(said),
        steps=label_lines.steps(said),
        spans=tuple(span_of(item, **one._asdict()) for one in label_lines.spans(said)),
        omissions=tuple(one.text for one in label_lines.omissions(said)),
        duration_ms=said.duration_ms,
    )


def _same(said: LabelLine, opinion: Opinion, row: LabelRow) -> bool:
    """Whether a label that is here says the same at the same time."""
    value = row.label
    return (
        (value.verdict, value.severity, value.blind, value.showing) == (opinion.verdict, opinion.severity, said.blind, said.showing)
        and (row.rationale or "").strip() == opinion.rationale.strip()
        and value.confidence == labels.CONFIDENCE.get(opinion.confidence or "", opinion.confidence)
        and value.steps == opinion.steps
        and value.spans == opinion.spans
        and row.omissions == opinion.omissions
        and (row.correction or None) == (said.correction or None)
        and _same_time(said.time, row)
    )


def _same_time(claimed: str | None, row: LabelRow) -> bool:
    if claimed is None:
        return row.label.imported is not None and row.label.claimed is None
    moment = label_lines.instant(claimed)
    if row.label.claimed is not None:
        return label_lines.instant(row.label.claimed) == moment
    return moment is not None and round(moment.timestamp() * 1000) == row.wall_ms


class _Authors:
    """The members of this machine by name, each with the key that signs."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str | None, _Author | NotFound] = {}

    def of(self, name: str | None) -> _Author:
        """The member of a name; None is who acts. Raises NotFound where this machine holds no key of theirs."""
        if name not in self._known:
            self._known[name] = self._look(name)
        found = self._known[name]
        if isinstance(found, NotFound):
            raise found
        return found

    def _look(self, name: str | None) -> _Author | NotFound:
        try:
            other = self._workspace.as_member(name or self._workspace.me.name)
        except NotFound as error:
            return NotFound(f"This machine holds no key of “{shown(name or '', 60)}”.", error.hint)
        with closing(other), other.read() as reading:
            return _Author(other.me, other.signer(reading))


class _Rejects:
    """The file that lists the lines that were rejected; made with the first."""

    def __init__(self, workspace: Workspace) -> None:
        self._folder = workspace.folder / "rejects"
        self._name = f"labels-{workspace.surroundings.now_ms()}.jsonl"
        self._stream: IO[str] | None = None
        self.path: Path | None = None
        self.count = 0

    def add(self, line: Line, reason: str) -> None:
        """Note a line and why it was rejected."""
        content = line.raw[:_KEPT_OF_A_REJECT].decode(errors="backslashreplace")
        self._open().write(json.dumps({"line": line.number, "reason": reason, "content": content}) + "\n")
        self.count += 1

    def _open(self) -> IO[str]:
        if self._stream is None:
            try:
                self._folder.mkdir(exist_ok=True)
                self.path = self._folder / self._name
                self._stream = self.path.open("w", encoding="utf-8")
            except OSError as error:
                raise NotSaved(f"{self._folder} cannot be written.", "Make room or choose another workspace.", "E103") from error
        return self._stream

    def close(self) -> None:
        """Finish the file."""
        if self._stream is not None:
            self._stream.close()
