"""Checking that everything here is what was written: every hash, signature, link and derived row."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reviewer.domain.chain import EntryHash, StreamId
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.domain.state import State, set_digest
from reviewer.storage import contents, marks, receipts, sending
from reviewer.storage import replay as replaying
from reviewer.storage.beside import Beside, beside
from reviewer.storage.damaged import damaged_streams, note_damaged
from reviewer.storage.digests import digest_of_tables
from reviewer.storage.journal import Problem
from reviewer.storage.media import Media
from reviewer.storage.receiving import missing
from reviewer.storage.rows import Rows
from reviewer.storage.workspace import Workspace

_MOST = 100  # problems that are listed one by one


class Verification(NamedTuple):
    """What was found. digest: of the state; set_digest: of the set of entries; unwitnessed: entries that no other device has signed for.

    not_counted: entries that hold, whose author had no right to them or that name what is not here; newer: of a later version of the
    program. Neither is a problem. notes: what a person should know and is none: forks, revocations, records that are known to be missing.
    damaged: streams with an entry that does not hold; what they say does not leave.
    """

    entries: int
    items: int
    members: int
    ok: bool
    problems: tuple[Problem, ...]
    digest: str
    set_digest: str
    unwitnessed: int
    not_counted: int
    newer: int
    notes: tuple[Problem, ...] = ()
    damaged: frozenset[StreamId] = frozenset()


class _Findings:
    """Problems so far; a part that cannot be read to its end is one too, and the others go on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.more = 0

    def note(self, problem: Problem) -> None:
        if len(self.problems) < _MOST:
            self.problems.append(problem)
        else:
            self.more += 1

    def add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.note(problem)

    def listed(self) -> tuple[Problem, ...]:
        rest = [Problem("workspace", f"{self.more:,} more problems like these.")] if self.more else []
        return (*self.problems, *rest)


def verify(workspace: Workspace, ticket: Ticket, *, rebuild: bool = False) -> Outcome[Verification]:
    """Check everything; nothing is repaired. rebuild: first make every view anew from the journal, in one transaction.

    Streams with an entry that does not hold are remembered: what they say does not leave until a verification finds them in order.
    What does not hold is a problem in the answer, not an exception. Raises Cancelled, and NotSaved where a rebuild cannot be written.
    """
    if rebuild:
        with workspace.begin() as work:
            replaying.rebuild(work, ticket.step, check=True)
    with beside(workspace.database, key=workspace.key) as rows:
        found = check(rows, workspace.media, ticket)
        notes, problems = list(found.notes), list[Problem]()
        with rows.part("journal", problems.append):
            notes.extend(_missing_here(rows))
        found = found._replace(notes=tuple(notes), problems=(*found.problems, *problems), ok=found.ok and not problems)
    found = _remembered(workspace, found)
    return Outcome(found, Changes.ALL if rebuild else Changes.NONE)


def _remembered(workspace: Workspace, found: Verification) -> Verification:
    try:
        with workspace.read() as reading:
            known = damaged_streams(reading)
        if known != found.damaged:
            with workspace.begin(cached=True) as work:
                note_damaged(work, found.damaged)
    except ReviewerError as error:  # a database that cannot be written: what was found is told all the same
        return found._replace(ok=False, problems=(*found.problems, Problem("workspace", f"{error.what} [{error.code}]")))
    return found


def check(rows: Beside, media: Media, ticket: Ticket) -> Verification:
    """Check a database and the media beside it, a backup's or the workspace's own."""
    found = _Findings()
    here, project = rows.replica()
    named = contents.Named(rows, here)
    replayed = replaying.replay(rows, ticket.step, project=project, look=lambda entry, value: found.add(named.look(entry, value)))
    found.add(replayed.problems)
    digest = replayed.state.digest
    with rows.part("tables", found.note):
        found.add(rows.compare())
        if digest_of_tables(rows) != digest:
            found.note(Problem("tables", "They make another state than the journal does. `reviewer verify --rebuild` makes them anew."))
    for name, part in (
        ("contents", contents.check_blobs(rows, ticket.step)),
        ("items", contents.check_items(rows, media, ticket.step)),
        ("items", named.missing_items()),
        ("search", contents.check_search(rows)),
        ("database", contents.check_database(rows)),
    ):
        with rows.part(name, found.note):
            found.add(part)
    alone, notes = 0, list[Problem]()
    with rows.part("receipts", found.note):
        alone = sum(one.n for one in receipts.unwitnessed(rows).values())
    with rows.part("journal", found.note):
        notes.extend(_notes(rows, replayed.state, replayed.newer))
    return Verification(
        entries=len(replayed.hashes),
        items=contents.item_count(rows),
        members=len(replayed.state.members),
        ok=not found.problems,
        problems=found.listed(),
        digest=digest,
        set_digest=set_digest(replayed.hashes),
        unwitnessed=alone,
        not_counted=len(replayed.state.not_counted),
        newer=replayed.newer,
        notes=tuple(notes),
        damaged=replayed.damaged,
    )


def _notes(rows: Rows, state: State, newer: int) -> Iterator[Problem]:
    """What the journal itself tells: later versions, histories that parted, devices trusted no further, records that wait."""
    if newer:
        yield Problem("journal", f"Made by a newer version: {newer:,}. Kept and passed on, but not shown. Update to see them. [E112]")
    for fork in state.forks:
        device = receipts.device_of(rows, fork.stream) or ""
        yield Problem(f"device {device[:8]}", f"It has two histories from record {fork.seq}. Both are kept. [E210]")
    for one in state.revocations:
        yield Problem(f"device {one.device[:8]}", "It was revoked; what it signed afterwards is kept and not counted.")
    for stream, first, last, device in missing(rows):
        yield Problem(f"device {device[:8]}", f"Records wait for earlier ones, {first} to {last} of stream {stream[:8]}. [E209]")


def _missing_here(rows: Rows) -> Iterator[Problem]:
    """Streams that had come further than they have here, as a receipt or this machine's own mark says."""
    project = rows.fact("project") or ""
    ends = sending.tips(rows)
    for one in receipts.less_than_receipts(rows, ends):
        yield Problem(f"stream {one.stream[:8]}", f"Device {one.device[:8]} signed for record {one.seq}, which is not here. [E108]")
    for tip in ends:
        mark = marks.read(EntryHash(project), tip.stream)
        if mark is not None and mark.seq > max(end.seq for end in ends if end.stream == tip.stream):
            yield Problem(
                f"stream {tip.stream[:8]}", f"This machine had written it up to record {mark.seq}; here it ends at {tip.seq}. [E108]"
            )
