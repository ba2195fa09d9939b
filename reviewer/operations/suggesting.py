"""What machines say of items: suggestions, which never vote and are never shown to whoever has still to label."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.events import VERDICTS, BlobRef, Event, Suggestion
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.metadata import looked_up
from reviewer.domain.progress import Ticket
from reviewer.formats import companions, suggestion_lines
from reviewer.formats.format import AUTO, Options
from reviewer.formats.suggestion_lines import SuggestionLine
from reviewer.operations import line_imports
from reviewer.operations.line_imports import Imported
from reviewer.storage import items as item_rows
from reviewer.storage import suggestions as suggestion_rows
from reviewer.storage.suggestions import Suggested
from reviewer.storage.workspace import Work, Workspace

_IN_AN_ENTRY = 1_000
_LONGEST_ENTRY = 8 * 1024 * 1024  # characters of judges' words in one list
_NAME_LENGTH = 80


def import_suggestions(
    workspace: Workspace,
    ticket: Ticket,
    *,
    path: Path,
    judge: str,
    reading: Options = Options(),  # noqa: B008 - immutable
) -> Outcome[Imported]:
    """Import a JSON lines file of what a judge said. What the same judge said of an item before, verdict and score alike, is known.

    reading: where a format is named, take what came with records of a file or a folder, and the agent that the items were imported with.
    Raises NotFound for a file that is not there, Refused for a judge without a name, NotAllowed, NotSaved.
    """
    require(workspace.me, "suggestion", "bring in suggestions")
    came_along = reading.format != AUTO
    pending = Pending(judge, None if came_along else line_imports.file_digest(path, "suggestion"))

    def take(work: Work, said: SuggestionLine) -> bool:
        item = line_imports.item_of(work, said.item, said.external_id)
        score = None if said.score is None else suggestion_lines.decimal(said.score)
        return pending.add(work, Suggested(item, said.verdict, score, said.rationale))

    how = partial(line_imports.import_said, workspace, ticket, what="suggestions", take=take, finish=pending.write, batch=_IN_AN_ENTRY)
    if came_along:
        return how(lines=companions.opinions(str(path), reading), total_bytes=None)
    with path.open("rb") as stream:
        return how(lines=suggestion_lines.read(stream), total_bytes=path.stat().st_size)


def suggest_from_metadata(workspace: Workspace, ticket: Ticket, *, field: str, judge: str) -> Outcome[Imported]:
    """Take an upstream score out of the items' metadata: a number, true or false, or a verdict. `a.b` looks into `a`.

    Items without the field are left alone; what is no score in one that has it goes to a rejects file. Raises NotFound where none has it.
    """
    require(workspace.me, "suggestion", "bring in suggestions")
    pending = Pending(judge or field, None)
    added = known = done = 0
    changes = Changes.NONE
    with workspace.read() as reading:
        total = int(reading.fact("items") or 0)
    with closing(line_imports.rejects_of(workspace, "suggestions")) as rejects:
        for batch in _with_metadata(workspace):
            done += len(batch)
            with workspace.begin() as work:
                for one in batch:
                    value = looked_up(one.metadata, field)
                    if value is None:
                        continue
                    try:
                        new = pending.add(work, _suggested(one.item, value))
                    except Refused as error:
                        rejects.add({"index": one.n, "item": one.item, "reason": error.what, "content": str(value)[:200]})
                        continue
                    added, known = added + new, known + (not new)
                pending.write(work)
                changes |= work.changes
            ticket.step(min(done, total), total, "Reading metadata")
        if not added + known + rejects.count:
            raise NotFound(f"No item has “{shown(field, 60)}” in its metadata.", "`reviewer show ITEM --json` says what came with an item.")
        return Outcome(Imported(added + known + rejects.count, added, known, rejects.count, rejects.path), changes)


class Pending:
    """What is to be written with the next entry of a judge: one opinion an item."""

    def __init__(self, judge: str, imported: str | None = None) -> None:
        """Raises Refused for what cannot be a judge's name."""
        self._judge = _checked(judge)
        self._imported = imported
        self._rows: dict[ItemId, Suggested] = {}
        self._words = 0

    def add(self, work: Work, said: Suggested, *, fresh: bool = False) -> bool:
        """Take an opinion; False where it is known. fresh: it was given just now, and is kept though the judge said the same before."""
        held = self._rows.get(said.item)
        if held is not None and (held.verdict, held.score) == (said.verdict, said.score):
            return False
        if not fresh and suggestion_rows.is_known(work, self._judge, said):
            return False
        if held is not None or self._words > _LONGEST_ENTRY:
            self.write(work)  # an entry has room for one opinion on each item
        self._rows[said.item] = said
        self._words += len(said.rationale or "") + len(said.answer or "")
        return True

    def write(self, work: Work) -> None:
        """Record what was taken, and begin anew."""
        if self._rows:
            rows = list(self._rows.values())
            kept = BlobRef(len(rows), work.keep_blob(suggestion_rows.pack(rows)))
            work.record(Event("suggestion", Suggestion(judge=self._judge, rows=kept, imported=self._imported)))
        self._rows, self._words = {}, 0


class _Metadata(NamedTuple):
    n: int
    item: ItemId
    metadata: str


def _with_metadata(workspace: Workspace) -> Iterator[list[_Metadata]]:
    """All items that came with their source, some hundred at a time; no transaction stays open between."""
    after = 0
    while True:
        with workspace.read() as reading:
            found = [_Metadata(*row) for row in item_rows.metadata_after(reading, after, _IN_AN_ENTRY)]
        if not found:
            return
        yield found
        after = found[-1].n


def _suggested(item: ItemId, value: object) -> Suggested:
    if isinstance(value, bool):
        return Suggested(item, None, str(int(value)))
    if isinstance(value, str):
        verdict = value.strip().lower().replace("-", "_")
        for one in VERDICTS:
            if verdict == one:
                return Suggested(item, one)
    if isinstance(value, int | float | str):
        return Suggested(item, None, suggestion_lines.decimal(value))
    raise Refused("The field holds neither a number nor a verdict.", "Name another field.")


def _checked(judge: str) -> str:
    name = " ".join(judge.split())
    if not name or len(name) > _NAME_LENGTH or not name.isprintable():
        raise Refused(f"“{shown(judge, 40)}” cannot be the name of a judge.", f"Give 1 to {_NAME_LENGTH} plain characters.")
    return name
