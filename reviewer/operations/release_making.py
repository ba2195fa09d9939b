"""Rows made of packed items, away from the view that names them: in processes of their own where there are many.

Unpacking, cutting and encoding hold the interpreter; in one process they would take turns with reading the tables.
"""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeAlias

from reviewer.domain import releases
from reviewer.domain.errors import NotFound
from reviewer.domain.items import ItemId
from reviewer.domain.step_rewards import Steps
from reviewer.formats import release_lines, release_shapes
from reviewer.formats.release_lines import Line, Trace
from reviewer.formats.release_shapes import Form, Judged, Left, Shape
from reviewer.formats.turns import Image
from reviewer.operations import release_material
from reviewer.operations.release_material import Made
from reviewer.storage import payloads

FEW = 2_000  # items; of up to so many, rows are made here: to start a process takes as long as a thousand of them
_MOST_PROCESSES = 4
_AT_ONCE = 50  # rows
_BYTES_AT_ONCE = 512 * 1024  # packed; with what is ahead, this bounds the memory that large items take
_AHEAD = 3  # batches of each process, so that none waits for the next one


class Row(NamedTuple):
    """A row, or why an item has none. group: its prompt, by which it goes to a part. good: of a judged run, whether it is compliant.

    images: that it names.
    """

    line: Line | Left
    group: str = ""
    item: ItemId = ItemId("")
    labels: tuple[str, ...] = ()
    blind: bool = True
    steps_left: int = 0
    good: bool | None = None
    images: tuple[Image, ...] = ()


class Draft(NamedTuple):
    """A row still to be made. make: a function of `release_material`, that takes the bytes of items and then `said`.

    contents: those items, packed. without: why there is no row where `make` gives none.
    """

    make: Callable[..., Made | None]
    contents: tuple[bytes, ...]
    said: tuple[Any, ...]
    trace: Trace
    without: Left


class Target(NamedTuple):
    """What rows are made for. grouped: whether they say their group; images: whether they have a column for them."""

    shape: Shape
    form: Form
    grouped: bool
    images: bool


# What of a draft and of a row travels: a plain tuple, since one with a name takes as long to read as its row to be copied.
_Asked: TypeAlias = tuple[Callable[..., Made | None], tuple[bytes, ...], tuple[Any, ...], bytes, Left]
_Given: TypeAlias = tuple[Line | Left, str, int, bool | None, tuple[Image, ...]]


class Making(Protocol):
    """Makes rows, at once or by and by."""

    ahead: int

    def submit(self, target: Target, asked: Sequence[_Asked]) -> Callable[[], list[_Given]]:
        """What gives the rows, once it is asked."""


@contextmanager
def making(count: int, shape: Shape) -> Iterator[Making]:
    """For the `with` block: what makes about so many rows. The processes start at once, so that they are ready when rows are."""
    # Images inline are read while rows are made, from media that only this process can open.
    if count <= FEW or (os.cpu_count() or 1) < 2 or shape.dialect.images == "inline":
        yield HERE
        return
    processes = min(_MOST_PROCESSES, max(1, (os.cpu_count() or 2) - 1))
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=_leave_interrupts)
    try:
        yield _Beside(pool, processes)
    finally:
        pool.shutdown(cancel_futures=True)


class _Here:
    ahead = 0

    def submit(self, target: Target, asked: Sequence[_Asked]) -> Callable[[], list[_Given]]:
        return partial(_made, target, asked)


HERE: Making = _Here()


class _Beside:
    def __init__(self, pool: ProcessPoolExecutor, processes: int) -> None:
        self._pool = pool
        self.ahead = processes * _AHEAD
        for _ in range(processes):
            pool.submit(_leave_interrupts)  # which starts them, and has them load this module

    def submit(self, target: Target, asked: Sequence[_Asked]) -> Callable[[], list[_Given]]:
        again = partial(_made, target, asked)
        try:
            return partial(_result, self._pool.submit(_made, target, asked), again)
        except BrokenProcessPool:
            return again


def _result(future: "Future[list[_Given]]", again: Callable[[], list[_Given]]) -> list[_Given]:
    try:
        return future.result()
    except BrokenProcessPool:  # the system ended a process, for want of memory perhaps: it is slower without, and the same rows
        return again()


def _leave_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; whoever asked stops, and then ends us


def made(drafts: Iterable[Row | Draft], target: Target, making: Making) -> Iterator[Row]:
    """The rows of drafts, in their order. What has no row comes as it is, some rows earlier than its place."""
    waiting: deque[tuple[list[Draft], Callable[[], list[_Given]]]] = deque()
    some: list[Draft] = []
    size = 0
    for one in drafts:
        if isinstance(one, Row):
            yield one
            continue
        some.append(one)
        size += sum(map(len, one.contents))
        if len(some) >= _AT_ONCE or size >= _BYTES_AT_ONCE:
            waiting.append((some, making.submit(target, [_asked(draft) for draft in some])))
            some, size = [], 0
            while len(waiting) > making.ahead:
                yield from _finished(*waiting.popleft())
    waiting.append((some, making.submit(target, [_asked(draft) for draft in some])))
    while waiting:
        yield from _finished(*waiting.popleft())


def _asked(draft: Draft) -> _Asked:
    return draft.make, draft.contents, draft.said, release_lines.traced(draft.trace), draft.without


def _finished(drafts: Sequence[Draft], given: Callable[[], list[_Given]]) -> Iterator[Row]:
    for draft, (line, group, steps_left, good, images) in zip(drafts, given(), strict=True):
        trace = draft.trace
        yield Row(line, group, ItemId(trace.reviewer_item), trace.reviewer_labels, trace.reviewer_blind, steps_left, good, images)


def _made(target: Target, asked: Sequence[_Asked]) -> list[_Given]:
    return [_row(target, *one) for one in asked]


def _row(
    target: Target, make: Callable[..., Made | None], contents: tuple[bytes, ...], said: tuple[Any, ...], traced: bytes, without: Left
) -> _Given:
    try:
        found = make(*map(payloads.unpack, contents), *said)
    except NotFound:  # an image that has not come to this machine
        return _none(Left("media"))
    if found is None:
        return _none(without)
    if found.media_left_out:
        return _none(Left("media"))
    material = found.material
    columns = release_shapes.columns_of(target.shape, material, target.form, images=target.images)
    if isinstance(columns, Left):
        return _none(columns)
    return (
        release_lines.line(target.shape, columns, traced),
        releases.prompt_group(found.prompt) if target.grouped else "",
        material.left if isinstance(material, Steps) else 0,
        material.good if isinstance(material, Judged) else None,
        release_material.images_of(material),
    )


def _none(why: Left) -> _Given:
    return why, "", 0, None, ()
