"""The text of a policy file. Word and PDF files are parsed in a process of their own, which can be held to limits and stopped."""

import contextlib
import logging
import multiprocessing
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from reviewer.domain.errors import shown
from reviewer.domain.policies import NoClauses
from reviewer.domain.progress import Ticket
from reviewer.formats import policy_files

_MOST_SECONDS = 300
_MOST_MEMORY = 2 << 30  # bytes of address space, where the system can hold a process to it
_POLL_S = 0.1


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises NoClauses for one that cannot be read or is too large."""
    try:
        with path.open("rb") as stream:
            content = stream.read(policy_files.MAX_BYTES + 1)
    except OSError as error:
        raise no_clause(str(path), f"It cannot be read: {error.strerror}") from error
    if len(content) > policy_files.MAX_BYTES:
        raise no_clause(str(path), f"It is longer than {policy_files.MAX_BYTES >> 20} MB")
    return content


def text_of(ticket: Ticket, content: bytes, name: str) -> str:
    """The text of a file's bytes. Raises NoClauses, Cancelled."""
    if policy_files.kind_of(content) != "text":
        return _from_process(ticket, content, name)
    try:
        return policy_files.text_of(content, lambda _done, _total: None)
    except ValueError as error:
        raise no_clause(name, str(error)) from error


def no_clause(name: str, why: str) -> NoClauses:
    """That a file gives no clause. why: the beginning of a sentence."""
    return NoClauses(f"No clause was found in {shown(name, 200)}.", f"{why}; the policy in force is unchanged.")


def _from_process(ticket: Ticket, content: bytes, name: str) -> str:
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(sending, content), daemon=True)
    process.start()
    sending.close()
    try:
        for kind, *told in _messages(receiving, ticket):
            if kind == "page":
                ticket.step(told[0], told[1], "Reading pages")
            elif kind == "text":
                return str(told[0])
            elif kind == "refused":
                raise no_clause(name, str(told[0]))
            else:
                break
    finally:
        receiving.close()
        process.terminate()
        process.join()
    raise no_clause(name, f"It cannot be read as a {policy_files.kind_of(content)} file")


def _messages(receiving: Connection, ticket: Ticket) -> Iterator[tuple[Any, ...]]:
    """What the reading process says, until it ends or has had its time."""
    ends = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < ends:
        if receiving.poll(_POLL_S):
            try:
                yield receiving.recv()
            except EOFError:
                return
        else:
            ticket.step(0, 0, "Reading the file")
    yield ("refused", f"Reading it takes longer than {_MOST_SECONDS // 60} minutes")


def _serve(sending: Connection, content: bytes) -> None:
    """The reading process: sends ("page", done, total), then ("text", text), ("refused", why), or ("broken",) where its reader broke."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; whoever reads us stops, and then ends us
    logging.disable(logging.CRITICAL)  # what a reader thinks of a broken file is nothing for a terminal
    _hold_memory()
    try:
        text = policy_files.text_of(content, lambda done, total: sending.send(("page", done, total)))
        sending.send(("text", text))
    except BrokenPipeError:
        return  # whoever listened stopped: cancelled
    except ValueError as error:
        sending.send(("refused", str(error)) if type(error) is ValueError else ("broken",))
    except Exception:  # noqa: BLE001 - a hostile file may make its reader raise anything; which, nobody can act on
        sending.send(("broken",))


def _hold_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # elsewhere than on Unix the system's own limit holds
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
