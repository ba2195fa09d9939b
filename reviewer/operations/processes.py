"""A process of its own for work that would hold the interpreter lock of the window, or that is held to limits.

What it is given goes through its own pipe, never over its command line or environment, so a key may be among it. What it says are messages
whose types msgspec checks: nothing that it says is unpickled, since it may be made of what was imported.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from multiprocessing.connection import Connection
from typing import Any

import msgspec

from reviewer.domain.errors import ReviewerError
from reviewer.storage import fault_reports

_PIPE_BYTES = 1024 * 1024
_NICE = 10  # how far a gentle process stands behind others who want the processor
_IDLE_PRIORITY_CLASS = 0x40


def _plain(value: Any) -> Any:
    """A number of numpy's as one of Python's."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value)} is nothing that a process may say")


encoder = msgspec.msgpack.Encoder(enc_hook=_plain)


class Failed(msgspec.Struct, tag=True, array_like=True):
    """The process met an error that a person can act on."""

    code: str
    what: str
    hint: str
    about: str


class Broke(msgspec.Struct, tag=True, array_like=True):
    """The process met a bug. report: what `fault_reports.text` says of it."""

    report: str


class Line:
    """What the process itself has: a way to speak, and to hear what it is answered."""

    def __init__(self, sending: Connection, receiving: Connection) -> None:
        self._sending = sending
        self._receiving = receiving

    def say(self, message: msgspec.Struct) -> None:
        """Send a message. Raises BrokenPipeError once nobody listens: the work is not wanted any more."""
        self._sending.send_bytes(encoder.encode(message))

    def hear(self) -> bytes:
        """Wait for an answer. Raises EOFError once nobody is there."""
        return self._receiving.recv_bytes()


class Helper:
    """What started the process has: what it says, and a way to answer."""

    def __init__(self, sending: Connection, receiving: Connection, says: Callable[[], Any]) -> None:
        self._sending = sending
        self._receiving = receiving
        self._says = says

    @cached_property
    def _decoder(self) -> "msgspec.msgpack.Decoder[Any]":
        return msgspec.msgpack.Decoder(self._says() | Failed | Broke)

    def hear(self, wait_s: float | None = None) -> Any:
        """The next message; None where none came in that time. Raises EOFError where the process ended, and what it met: a ReviewerError
        as it would have been raised here, fault_reports.Elsewhere for a bug."""
        try:
            if wait_s is not None and not self._receiving.poll(wait_s):
                return None
            said = self._decoder.decode(self._receiving.recv_bytes())
        except (ConnectionResetError, BrokenPipeError) as error:  # how some systems say that the other end is gone
            raise EOFError from error
        if isinstance(said, Failed):
            failed = ReviewerError(said.what, said.hint, said.code)
            failed.about = said.about
            raise failed
        if isinstance(said, Broke):
            raise fault_reports.Elsewhere(said.report)
        return said

    def answer(self, content: bytes) -> None:
        """Answer it. Raises EOFError where it ended."""
        try:
            self._sending.send_bytes(content)
        except OSError as error:
            raise EOFError from error

    def hang_up(self) -> None:
        """Hear nothing more of it, and give it nothing more to hear: it ends by itself, with the block at the latest."""
        self._receiving.close()
        self._sending.close()


@contextmanager
def helper(serve: Callable[..., None], *given: Any, says: Callable[[], Any], gentle: bool = False) -> Iterator[Helper]:
    """For the `with` block: a process that calls `serve(line, *given)`. It ends with the block, wherever it is.

    serve: a function of a module; given: plain values. says: gives the types of its messages, a union of msgspec Structs; it is asked when
    the first one comes, so that they need not be loaded before.
    gentle: it lets others have the processor first, and leaves one core to them.
    """
    context = multiprocessing.get_context("spawn")
    receiving, its_sending = context.Pipe(duplex=False)
    its_receiving, sending = context.Pipe(duplex=False)
    _widen(its_sending)
    process = context.Process(target=_run, args=(serve, its_sending, its_receiving, gentle, given), daemon=True)
    process.start()
    its_sending.close()
    its_receiving.close()
    reader = Helper(sending, receiving, says)
    try:
        yield reader
    finally:
        reader.hang_up()
        process.kill()  # it holds nothing that it would have to put away, and one that the system has halted ends too
        process.join()


def _widen(sending: Connection) -> None:
    """Let a pipe hold more than the usual 64 kB, so that neither side waits so often. Only Linux can; elsewhere it works as it is."""
    try:
        import fcntl

        fcntl.fcntl(sending.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    except (ImportError, AttributeError, OSError):
        return


def _run(serve: Callable[..., None], sending: Connection, receiving: Connection, gentle: bool, given: tuple[Any, ...]) -> None:
    """The process itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; whoever started us stops, and then ends us
    if gentle:
        _stand_back()
    line = Line(sending, receiving)
    try:
        try:
            serve(line, *given)
        except (BrokenPipeError, EOFError):
            raise
        except ReviewerError as error:
            line.say(Failed(error.code, error.what, error.hint, error.about))
        except Exception as error:  # noqa: BLE001 - the edge of the process; whoever started it reports the bug
            line.say(Broke(fault_reports.text(error)))
    except (BrokenPipeError, EOFError):
        return  # whoever listened stopped: cancelled


def _stand_back() -> None:
    """Let others have the processor first, and one core for themselves."""
    os.environ.setdefault("RAYON_NUM_THREADS", str(max(1, (os.cpu_count() or 2) - 1)))  # of what makes tokens of texts: else every core
    if hasattr(os, "nice"):
        os.nice(_NICE)
    elif sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _IDLE_PRIORITY_CLASS)
