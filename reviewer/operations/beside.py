"""Work over a workspace in a process of its own, so that the window stays quick: it reads for itself, and what it made is written here.

It is given what opens the database for reading, not the keys that sign: entries are written by whoever asked.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from reviewer.domain.errors import ReviewerError
from reviewer.domain.members import Member
from reviewer.domain.progress import Cancelled, Ticket
from reviewer.operations.processes import Line, helper
from reviewer.storage import item_vectors
from reviewer.storage.onlooker import Onlooker
from reviewer.storage.workspace import Workspace

A = TypeVar("A")
R = TypeVar("R", bound=msgspec.Struct)

_POLL_S = 0.05  # until somebody who wants to stop is heard


class Died(ReviewerError):
    """The process was ended by somebody else, or by the system for want of memory. Try again."""

    code = "E114"


class Keeper(Protocol):
    """Takes what is made of items on the way, to stay in the workspace."""

    def vectors(self, embedder: str, ids: bytes, numbers: bytes) -> None:
        """Vectors, as storage.item_vectors keeps them: ids one behind the other, and numbers of half precision."""

    def learned(self, name: str, content: bytes) -> None:
        """What was learned of texts, for vectors without a model."""


class Keeping:
    """Writes it at once, in short transactions."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def vectors(self, embedder: str, ids: bytes, numbers: bytes) -> None:
        """Keep vectors."""
        with self._workspace.begin(cached=True) as work:
            item_vectors.keep_vectors(work, embedder, ids, numbers)

    def learned(self, name: str, content: bytes) -> None:
        """Keep what was learned."""
        with self._workspace.begin(cached=True) as work:
            item_vectors.keep_learned(work, name, content)


Job = Callable[[Onlooker, Keeper, Ticket, A], R]


class _Step(msgspec.Struct, tag=True, array_like=True):
    """How far the work is."""

    done: int
    total: int
    what: str


class _Vectors(msgspec.Struct, tag=True, array_like=True):
    """Vectors to keep."""

    embedder: str
    ids: bytes
    numbers: bytes


class _Learned(msgspec.Struct, tag=True, array_like=True):
    """What was learned, to keep."""

    name: str
    content: bytes


class _Sending:
    """In the process: hands what is to be kept over, and waits until it is."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def vectors(self, embedder: str, ids: bytes, numbers: bytes) -> None:
        """Hand vectors over."""
        self._line.say(_Vectors(embedder, ids, numbers))
        self._line.hear()

    def learned(self, name: str, content: bytes) -> None:
        """Hand over what was learned."""
        self._line.say(_Learned(name, content))
        self._line.hear()


def beside(workspace: Workspace, ticket: Ticket, job: "Job[A, R]", asked: A, answer: type[R]) -> R:
    """What a job comes to, done in a process of its own that lets others have the processor first, and ends at once when it is cancelled.

    job: a function of a module that loads nothing large, since this process loads it too. asked: plain values. answer: the type of
    what it comes to. Raises what the job raises that a person can act on, by its code, Died, and Cancelled.
    """
    kept = Keeping(workspace)
    says = answer | _Step | _Vectors | _Learned
    ticket.step(0, 0, "Starting")
    with helper(_serve, job, workspace.database, workspace.key, workspace.me, asked, says=lambda: says, gentle=True) as process:
        try:
            while True:
                match process.hear(_POLL_S):
                    case None if ticket.cancelled:
                        raise Cancelled
                    case None:
                        continue  # it works
                    case _Step(done, total, what):
                        ticket.step(done, total, what)
                    case _Vectors(embedder, ids, numbers):
                        kept.vectors(embedder, ids, numbers)
                        process.answer(b"")
                    case _Learned(name, content):
                        kept.learned(name, content)
                        process.answer(b"")
                    case found:
                        assert isinstance(found, answer)
                        return found
        except EOFError as error:
            what = "The process that did this work beside the window ended before its work did."
            raise Died(what, "Start it again; what was recorded before is kept, and nothing is half-written.") from error


def _serve(line: Line, job: "Job[A, R]", database: Path, key: str | None, me: Member, asked: A) -> None:
    """The process: does the job, and says what it comes to."""
    looker = Onlooker(database, key=key, me=me)
    try:
        line.say(job(looker, _Sending(line), Ticket(lambda progress: line.say(_Step(*progress))), asked))
    finally:
        looker.close()
