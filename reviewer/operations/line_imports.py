"""Bringing in a file of JSON lines that say something of items: in short batches, with a list of the lines that were rejected."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, NamedTuple, TypeVar

from reviewer.domain.batches import batches
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.items import ItemId
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import Ticket
from reviewer.formats.json_lines import Line
from reviewer.formats.sources import Skipped
from reviewer.storage import items as item_rows
from reviewer.storage import outgoing
from reviewer.storage.rejects import RejectList
from reviewer.storage.workspace import Reading, Work, Workspace

BATCH = 100
_KEPT_OF_A_REJECT = 64 * 1024
T = TypeVar("T")


class Imported(NamedTuple):
    """read = added + known + rejected. rejects: the file that lists what was rejected and why; None where nothing was.

    skipped: files of a folder that hold nothing of the kind, and why.
    """

    read: int
    added: int
    known: int
    rejected: int
    rejects: Path | None
    skipped: tuple[Skipped, ...] = ()


def file_digest(path: Path, what: str) -> str:
    """SHA-256 of a file. Raises NotFound where it cannot be read, Refused for what is no text. what: “label”, one of which is a line."""
    try:
        with path.open("rb") as stream:
            if b"\x00" in stream.read(8192):
                raise Refused(f"“{shown(str(path), 200)}” is not a file of JSON lines.", f"Give one {what} a line, as JSON.")
        return outgoing.file_sha256(path)
    except OSError as error:
        raise NotFound(f"“{shown(str(path), 200)}” cannot be read: {error.strerror}.", "Check the path of the file.") from error


def import_lines(
    workspace: Workspace,
    ticket: Ticket,
    *,
    path: Path,
    what: str,
    read: Callable[[IO[bytes]], Iterator[Line[T]]],
    take: Callable[[Work, T], bool],
    finish: Callable[[Work], None] | None = None,
    batch: int = BATCH,
) -> Outcome[Imported]:
    """Take the lines of a file in; see `import_said`."""
    with path.open("rb") as stream:
        return import_said(
            workspace, ticket, lines=read(stream), total_bytes=path.stat().st_size, what=what, take=take, finish=finish, batch=batch
        )


def import_said(
    workspace: Workspace,
    ticket: Ticket,
    *,
    lines: Iterable[Line[T] | Skipped],
    total_bytes: int | None,
    what: str,
    take: Callable[[Work, T], bool],
    finish: Callable[[Work], None] | None = None,
    batch: int = BATCH,
) -> Outcome[Imported]:
    """Take in what lines say, a batch in one transaction.

    total_bytes: of all lines; None where that is not known. what: “labels”, for the progress and the list's name. take: takes a line, and
    says whether it is new; one for which it raises Refused, NotFound or NotAllowed is rejected, and must have written nothing. finish: is
    asked at the end of each batch.
    """
    added = known = done = 0
    changes = Changes.NONE
    skipped: list[Skipped] = []
    with closing(rejects_of(workspace, what)) as rejects:
        for some in batches(_kept(lines, skipped), batch):
            with workspace.begin() as work:
                for line in some:
                    problem, new = _take(work, line, take)
                    if problem:
                        rejects.add(_told(line, problem))
                    added += new
                    known += not new and not problem
                if finish is not None:
                    finish(work)
                changes |= work.changes
            done += len(some) if total_bytes is None else sum(len(line.raw) + 1 for line in some)
            ticket.step(done if total_bytes is None else min(done, total_bytes), total_bytes or 0, f"Importing {what}")
        read = added + known + rejects.count
        return Outcome(Imported(read, added, known, rejects.count, rejects.path, tuple(skipped)), changes)


def _kept(lines: Iterable[Line[T] | Skipped], skipped: list[Skipped]) -> Iterator[Line[T]]:
    for line in lines:
        if isinstance(line, Skipped):
            skipped.append(line)
        else:
            yield line


def item_of(reading: Reading, item: str | None, external_id: str | None, campaign: int | None = None, **said: str | None) -> ItemId:
    """The item that a line names. campaign, said: see `by_external_id`. Raises NotFound and Refused."""
    if item is not None:
        return item_rows.full_id(reading, item)
    return item_rows.by_external_id(reading, external_id or "", campaign=campaign, **said)


def rejects_of(workspace: Workspace, what: str) -> RejectList:
    """An empty list of rejected lines."""
    return RejectList(workspace.folder, f"{what}-{workspace.surroundings.now_ms()}.jsonl", workspace.seal)


def _take(work: Work, line: Line[T], take: Callable[[Work, T], bool]) -> tuple[str, bool]:
    """Take one line in. Returns why it was rejected, or "", and whether it is new."""
    if line.said is None:
        return line.problem, False
    try:
        return "", take(work, line.said)
    except (Refused, NotFound, NotAllowed) as error:
        return error.what, False


def _told(line: Line[T], reason: str) -> dict[str, object]:
    """A rejected line, as the list has it."""
    told = {"line": line.number, "reason": reason, "content": line.raw[:_KEPT_OF_A_REJECT].decode(errors="backslashreplace")}
    return told if line.path is None else {"path": line.path, **told}
