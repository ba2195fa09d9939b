"""Checking that everything here is what was written: every hash, signature, link and derived row."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Damaged
from reviewer.domain.fold import set_digest
from reviewer.domain.progress import Ticket
from reviewer.storage import contents, projections
from reviewer.storage.beside import Beside, beside
from reviewer.storage.digests import digest_of_tables
from reviewer.storage.journal import Problem
from reviewer.storage.replay import replay
from reviewer.storage.workspace import DATABASE, Workspace

_MOST = 100  # problems that are listed one by one


class Verification(NamedTuple):
    """What was found. digest: of the state; set_digest: of the set of entries; unwitnessed: entries that no other device has signed for.

    not_counted: entries that hold, whose author had no right to them or that name what is not here; newer: of a later version of the
    program. Neither is a problem.
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

    What does not hold is a problem in the answer, not an exception. Raises Cancelled, and NotSaved where a rebuild cannot be written.
    """
    if rebuild:
        _rebuild(workspace, ticket)
    with beside(workspace.folder / DATABASE) as rows:
        return Outcome(_verify(workspace, rows, ticket), Changes.ALL if rebuild else Changes.NONE)


def _rebuild(workspace: Workspace, ticket: Ticket) -> None:
    with workspace.begin() as work:
        project = work.fact("project")
        projections.clear(work)
        made = replay(work, ticket.step, project=None if project is None else EntryHash(project), look=_look_away)
        if not made.complete:
            raise Damaged(made.problems[-1].what, "Restore the last backup; the views were left as they are.")


def _look_away(_entry: Entry, _value: msgspec.Struct | None) -> None:
    """A rebuild makes the views and looks at nothing else; the check that follows does."""


def _verify(workspace: Workspace, rows: Beside, ticket: Ticket) -> Verification:
    found = _Findings()
    here, project = rows.replica()
    named = contents.Named(rows, here)
    replayed = replay(rows, ticket.step, project=project, look=lambda entry, value: found.add(named.look(entry, value)))
    found.add(replayed.problems)
    digest = replayed.state.digest
    with rows.part("tables", found.note):
        found.add(rows.compare())
        if digest_of_tables(rows) != digest:
            found.note(Problem("tables", "They make another state than the journal does. `reviewer verify --rebuild` makes them anew."))
    for name, part in (
        ("contents", contents.check_blobs(rows, ticket.step)),
        ("items", contents.check_items(rows, workspace.folder, ticket.step)),
        ("items", named.missing_items()),
        ("search", contents.check_search(rows)),
        ("database", contents.check_database(rows)),
    ):
        with rows.part(name, found.note):
            found.add(part)
    return Verification(
        entries=len(replayed.hashes),
        items=contents.item_count(rows),
        members=len(replayed.state.members),
        ok=not found.problems,
        problems=found.listed(),
        digest=digest,
        set_digest=set_digest(replayed.hashes),
        unwitnessed=len(replayed.hashes),
        not_counted=len(replayed.state.not_counted),
        newer=replayed.newer,
    )
