"""The text of a policy file. Word and PDF files are parsed in a process of their own, which can be held to limits and stopped."""

import contextlib
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from reviewer.domain.errors import shown
from reviewer.domain.policies import NoClauses
from reviewer.domain.progress import Ticket
from reviewer.formats import policy_files
from reviewer.operations.processes import Helper, Line, helper

_MOST_SECONDS = 300
_MOST_MEMORY = 2 << 30  # bytes of address space, where the system can hold a process to it
_POLL_S = 0.1


class _Page(msgspec.Struct, tag=True, array_like=True):
    """So many pages of the file are read."""

    done: int
    total: int


class _Text(msgspec.Struct, tag=True, array_like=True):
    """The text of the file."""

    text: str


class _Unread(msgspec.Struct, tag=True, array_like=True):
    """It cannot be read. why: in words, "" where its reader broke."""

    why: str


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
    why = ""
    with helper(_serve, content, says=lambda: _Page | _Text | _Unread) as reader:
        for said in _messages(reader, ticket):
            match said:
                case _Page(done, total):
                    ticket.step(done, total, "Reading pages")
                case _Text(text):
                    return text
                case _Unread(why):
                    break
    raise no_clause(name, why or f"It cannot be read as a {policy_files.kind_of(content)} file")


def _messages(reader: Helper, ticket: Ticket) -> Iterator[_Page | _Text | _Unread]:
    """What the reading process says, until it ends or has had its time."""
    ends = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < ends:
        try:
            said = reader.hear(_POLL_S)
        except EOFError:
            return
        if said is None:
            ticket.step(0, 0, "Reading the file")
        else:
            yield said
    yield _Unread(f"Reading it takes longer than {_MOST_SECONDS // 60} minutes")


def _serve(line: Line, content: bytes) -> None:
    """The reading process: says which page it is at, then the text, or that it cannot be read."""
    logging.disable(logging.CRITICAL)  # what a reader thinks of a broken file is nothing for a terminal
    _hold_memory()
    try:
        line.say(_Text(policy_files.text_of(content, lambda done, total: line.say(_Page(done, total)))))
    except BrokenPipeError:
        raise
    except ValueError as error:
        line.say(_Unread(str(error) if type(error) is ValueError else ""))
    except Exception:  # noqa: BLE001 - a hostile file may make its reader raise anything; which, nobody can act on
        line.say(_Unread(""))


def _hold_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # elsewhere than on Unix the system's own limit holds
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
