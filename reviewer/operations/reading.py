"""Records read and prepared away from the writer: in a process of its own where there is enough to read.

Parsing and hashing hold the interpreter lock; in the window's process they would make the next item wait.
"""

import multiprocessing
import os
import signal
from collections.abc import Generator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from reviewer.domain.errors import ReviewerError
from reviewer.domain.records import Record, Reject
from reviewer.formats.intake import Options, Skipped, read, scan
from reviewer.storage import items as item_rows
from reviewer.storage.items import Prepared

_WORTH_A_PROCESS = 8 * 1024 * 1024  # bytes on disk; starting a process takes as long as reading a few MB
_BATCH_BYTES = 12 * 1024 * 1024  # twice that is the peak of what importing adds to either process
_PIPE_BYTES = 1024 * 1024


class Left(msgspec.Struct, tag=True, array_like=True):
    """A file that was left out."""

    path: str
    reason: str


class Batch(msgspec.Struct, tag=True, array_like=True):
    """Some records of one file, ready to be written. file_number tells apart files of one name."""

    file_number: int
    file: str
    format: str
    format_version: int
    items: list[Prepared]
    rejects: list[Reject]


class _Failed(msgspec.Struct, tag=True, array_like=True):
    """The reading process met an error that a person can act on."""

    code: str
    what: str
    hint: str


class _End(msgspec.Struct, tag=True, array_like=True):
    """Everything was read."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Batch | Left | _Failed | _End)


def prepared(paths: Sequence[str], options: Options, *, batch: int) -> Generator[Batch | Left]:
    """Batches of at most `batch` records, file by file. Raises what the formats raise. Close it to stop early."""
    if "-" in paths or _size(paths) < _WORTH_A_PROCESS:
        return _read(paths, options, batch)
    return _from_process(paths, options, batch)


def _size(paths: Sequence[str]) -> int:
    """Bytes below the paths, counted until they are worth a process; globs count as nothing."""
    total = 0
    for text in paths:
        path = Path(text)
        try:
            files = (Path(folder, name) for folder, _, names in os.walk(path) for name in names) if path.is_dir() else iter([path])
            for file in files:
                total += file.lstat().st_size
                if total >= _WORTH_A_PROCESS:
                    return total
        except OSError:
            continue  # what cannot be looked at is named when it is read
    return total


def _read(paths: Sequence[str], options: Options, batch: int) -> Generator[Batch | Left]:
    for number, found in enumerate(scan(paths, options)):
        if isinstance(found, Skipped):
            yield Left(found.path, found.reason)
            continue
        piece = Batch(number, found.path, found.format, found.format_version, [], [])
        size = 0
        for record in read(found, options):
            size += _put(piece, record)
            if len(piece.items) + len(piece.rejects) >= batch or size >= _BATCH_BYTES:
                yield piece
                piece, size = msgspec.structs.replace(piece, items=[], rejects=[]), 0
        if piece.items or piece.rejects:
            yield piece


def _put(piece: Batch, record: Record | Reject) -> int:
    if isinstance(record, Reject):
        piece.rejects.append(record)
        return len(record.content)
    try:
        prepared = item_rows.prepare(record)
    except UnicodeEncodeError:
        reason = "The text holds half of a character pair (a lone surrogate)."
        piece.rejects.append(Reject(record.index, record.line, reason, record.original[:65_536]))
        return len(record.original)
    piece.items.append(prepared)
    return len(prepared.canonical) + len(prepared.original) + len(prepared.text)


def _from_process(paths: Sequence[str], options: Options, batch: int) -> Generator[Batch | Left]:
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    _widen(sending)
    process = context.Process(target=_serve, args=(sending, list(paths), options, batch), daemon=True)
    process.start()
    sending.close()
    try:
        while True:
            try:
                piece = _decoder.decode(receiving.recv_bytes())
            except EOFError as error:
                raise ReviewerError(
                    "The reading process ended before its work did.", "Import again; what was read is kept.", "E301"
                ) from error
            if isinstance(piece, _End):
                return
            if isinstance(piece, _Failed):
                raise ReviewerError(piece.what, piece.hint, piece.code)
            yield piece
    finally:
        receiving.close()
        process.terminate()
        process.join()


def _widen(sending: Connection) -> None:
    """Let a pipe hold more than the usual 64 kB, so that neither side waits so often. Only Linux can; elsewhere it works as it is."""
    try:
        import fcntl

        fcntl.fcntl(sending.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    except (ImportError, AttributeError, OSError):
        return


def _serve(sending: Connection, paths: list[str], options: Options, batch: int) -> None:
    """The reading process: sends pieces until it is done or nobody listens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; whoever reads us stops, and then ends us
    try:
        for piece in _read(paths, options, batch):
            sending.send_bytes(_encoder.encode(piece))
        sending.send_bytes(_encoder.encode(_End()))
    except ReviewerError as error:
        sending.send_bytes(_encoder.encode(_Failed(error.code, error.what, error.hint)))
    except BrokenPipeError:
        return  # whoever listened stopped: cancelled
