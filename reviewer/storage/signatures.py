"""Many signatures checked beside everything else: in processes of their own where there are enough, since a check holds the interpreter."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FEW = 20_000  # up to so many are checked here: to start a process takes as long as some thousand of them
_MOST_PROCESSES = 4


class Claim(NamedTuple):
    """That a key (32 bytes) signed a message."""

    key: bytes
    signature: bytes
    message: bytes


class Checking(Protocol):
    """Checks claims, at once or by and by."""

    def submit(self, claims: Sequence[Claim]) -> Callable[[], list[bool]]:
        """What says whether each of them is true, once it is asked."""


def check(claims: Sequence[Claim]) -> list[bool]:
    """Whether each of the claims is true."""
    return [_holds(*claim) for claim in claims]


@contextmanager
def checking(count: int) -> Iterator[Checking]:
    """For the `with` block: what checks about so many claims."""
    if count <= FEW or (os.cpu_count() or 1) < 2:
        yield _Here()
        return
    pool = ProcessPoolExecutor(
        min(_MOST_PROCESSES, max(1, (os.cpu_count() or 2) - 1)), multiprocessing.get_context("spawn"), initializer=_leave_interrupts
    )
    try:
        yield _Beside(pool)
    finally:
        pool.shutdown(cancel_futures=True)


class _Here:
    def submit(self, claims: Sequence[Claim]) -> Callable[[], list[bool]]:
        return partial(check, claims)


class _Beside:
    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def submit(self, claims: Sequence[Claim]) -> Callable[[], list[bool]]:
        try:
            return partial(_result, self._pool.submit(check, claims), claims)
        except BrokenProcessPool:
            return partial(check, claims)


def _result(future: "Future[list[bool]]", claims: Sequence[Claim]) -> list[bool]:
    try:
        return future.result()
    except BrokenProcessPool:  # the system ended a process, for want of memory perhaps: it is slower without, and no less true
        return check(claims)


def _leave_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; whoever asked stops, and then ends us


@lru_cache(maxsize=256)
def _key(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


def _holds(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        _key(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
