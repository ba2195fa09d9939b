"""Many questions handed to a service at once, which answers them by and by. Which jobs are under way is a fact of this replica: whoever
stops waiting, or switches the machine off, asks again later and fetches what was answered meanwhile.

A question's name in a job says all that its answer needs: the item, the code of its fences, and the hash under which it is kept.
"""

import re
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain.items import ItemId
from reviewer.domain.judges import Batches, Job, JobState, NoAnswer, Question, Reply
from reviewer.domain.progress import Cancelled, Ticket
from reviewer.storage.rows import Rows
from reviewer.storage.workspace import Workspace

AT_MOST = 2_000
"""Questions in one job."""

_FACT = "judge.jobs"
_FIRST_LOOK_S, _LONGEST_S = 1.0, 60.0
_LISTEN_S = 0.1  # how soon somebody who wants to stop is heard
_NAME = re.compile(r"([0-9a-f]{64})\.([0-9a-f]{24})\.([0-9a-f]{64})")


class UnderWay(msgspec.Struct, frozen=True):
    """A job that was handed in and whose answers were not fetched yet; who: server and model, which alone know of it."""

    job: Job
    who: tuple[str, str]


class Fetched(NamedTuple):
    """An answer out of a job. key: the hash under which it is kept."""

    item: ItemId
    nonce: str
    key: str
    reply: Reply


_under_way = msgspec.json.Decoder(tuple[UnderWay, ...])


def named(item: ItemId, question: Question, key: str) -> tuple[str, Question]:
    """A question under the name that its answer comes back with."""
    return f"{item}.{question.nonce}.{key}", question


def under_way(rows: Rows, who: tuple[str, str]) -> tuple[UnderWay, ...]:
    """The jobs of this server and model that are to be fetched."""
    return tuple(one for one in _all(rows) if one.who == who)


def submit(workspace: Workspace, batches: Batches, who: tuple[str, str], questions: Sequence[tuple[str, Question]]) -> UnderWay:
    """Hand questions in, and remember that. Raises NoAnswer; then nothing runs."""
    made = UnderWay(batches.submit(questions), who)
    with workspace.begin() as work:
        work.set_fact(_FACT, msgspec.json.encode((*_all(work), made)).decode())
    return made


def fetch(workspace: Workspace, batches: Batches, jobs: Sequence[UnderWay], ticket: Ticket, keep: Callable[[Fetched], None]) -> None:
    """Wait for jobs, and hand each answer to `keep`; then the service is asked to delete them.

    Stopped meanwhile (Cancelled), they go on, and are fetched the next time. Raises NoAnswer where one came to nothing, after what it did
    answer was kept.
    """
    failed = ""
    for place, one in enumerate(jobs):
        state = _awaited(batches, one.job, ticket, f" (job {place + 1} of {len(jobs)})" if len(jobs) > 1 else "")
        if state is not None:
            for name, reply in batches.answers(state):
                fetched = _read(name, reply)
                if fetched is not None:
                    keep(fetched)
            failed = failed or state.failed
        with workspace.begin() as work:
            work.set_fact(_FACT, msgspec.json.encode(tuple(left for left in _all(work) if left != one)).decode())
        if state is not None:
            batches.clear(one.job, state)
    if failed:
        raise NoAnswer(f"The batch job ended early: {failed[:200]}.", "What it answered is kept; run it again for the rest.", for_all=True)


def _awaited(batches: Batches, job: Job, ticket: Ticket, which: str) -> JobState | None:
    pause_s = _FIRST_LOOK_S
    while True:
        state = batches.look(job)
        if state is None or state.over:
            return state
        ticket.step(state.done, state.total, f"Waiting for the judge's answers{which}; stop at any time, and fetch them later")
        listen(ticket, pause_s)
        pause_s = min(_LONGEST_S, 2 * pause_s)


def listen(ticket: Ticket, seconds: float) -> None:
    """Wait so long. Raises Cancelled soon after somebody asked to stop."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if ticket.cancelled:
            raise Cancelled
        time.sleep(min(left, _LISTEN_S))


def _read(name: str, reply: Reply) -> Fetched | None:
    found = _NAME.fullmatch(name)
    return None if found is None else Fetched(ItemId(found[1]), found[2], found[3], reply)


def _all(rows: Rows) -> tuple[UnderWay, ...]:
    return _under_way.decode(rows.fact(_FACT) or "[]")
