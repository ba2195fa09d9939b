"""The limit of each operation: the same work on the same machine in the same run, with nothing around it."""

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import zstandard
from sqlcipher3 import dbapi2

_BATCH = 2_000
_DICTIONARY = Path(__file__).resolve().parents[2] / "resources" / "dictionaries" / "items-1.zdict"


def connect(path: Path) -> Any:
    """A bare connection with the settings that make a commit durable."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -32768", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def bare_import(chats: Path, database: Path) -> float:
    """Parse, hash, insert and index a JSONL file in one process, in large batches. Returns items a second."""
    connection = connect(database)
    connection.execute("CREATE TABLE item (n INTEGER PRIMARY KEY, id BLOB UNIQUE, payload BLOB)")
    connection.execute("CREATE VIRTUAL TABLE item_text USING fts5 (text, content='')")
    started = time.perf_counter()
    count = 0
    with chats.open("rb") as stream:
        while lines := [line for _, line in zip(range(_BATCH), stream, strict=False)]:
            rows, texts = [], []
            for line in lines:
                count += 1
                chat = msgspec.json.decode(line)
                rows.append((count, hashlib.sha256(line).digest(), line))
                texts.append((count, "\n".join(m["content"] or m["tool_calls"][0]["function"]["arguments"] for m in chat["messages"])))
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO item VALUES (?, ?, ?)", rows)
            connection.executemany("INSERT INTO item_text (rowid, text) VALUES (?, ?)", texts)
            connection.execute("COMMIT")
    connection.close()
    return count / (time.perf_counter() - started)


def bare_pairs(pairs: Path, database: Path) -> None:
    """The lines of a JSONL file as rows of a table."""
    connection = connect(database)
    connection.execute("CREATE TABLE pair (n INTEGER PRIMARY KEY, payload BLOB)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO pair (payload) VALUES (?)", [(line,) for line in pairs.read_bytes().splitlines()])
    connection.execute("COMMIT")
    connection.close()


def bare_commit(database: Path, times: int) -> list[float]:
    """A durable commit of one row of 1 kB, in seconds each."""
    connection = connect(database)
    connection.execute("CREATE TABLE entry (n INTEGER PRIMARY KEY, body BLOB)")
    body = os.urandom(1_000)

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO entry (body) VALUES (?)", (body,))
        connection.execute("COMMIT")

    taken = timed(commit, times)
    connection.close()
    return taken


def bare_fdatasync(file: Path, times: int) -> list[float]:
    """Writing and syncing 4 kB at the end of a file, in seconds each."""
    descriptor = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    block = os.urandom(4_096)

    def write() -> None:
        os.write(descriptor, block)
        os.fdatasync(descriptor)

    taken = timed(write, times)
    os.close(descriptor)
    return taken


def bare_export(database: Path, out: Path, *, most: int, table: Path | None = None) -> float:
    """Items of a workspace in the order of their ids: read, unpacked, decoded, encoded again, written and made durable.

    table: a Parquet file of the same, written beside it. Returns items a second.
    """
    connection = connect(database)
    unpack = zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(_DICTIONARY.read_bytes())).decompress
    started = time.perf_counter()
    count = 0
    rows = connection.execute("SELECT payload FROM item ORDER BY id LIMIT ?", (most,))
    with out.open("wb") as stream, ExitStack() as stack:
        writer: Any = None
        while some := rows.fetchmany(500):
            lines = b"".join(msgspec.json.encode(msgspec.json.decode(unpack(payload))) + b"\n" for (payload,) in some)
            stream.write(lines)
            count += len(some)
            if table is not None:
                import pyarrow.json
                import pyarrow.parquet

                found = pyarrow.json.read_json(pyarrow.BufferReader(lines), pyarrow.json.ReadOptions(block_size=len(lines) + 1))
                writer = writer or stack.enter_context(pyarrow.parquet.ParquetWriter(table, found.schema, compression="zstd"))
                writer.write_table(found)
        os.fsync(stream.fileno())
    connection.close()
    return count / (time.perf_counter() - started)


def timed(call: Callable[[], object], times: int) -> list[float]:
    """How long a call takes, in seconds, so many times."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return taken


def quantile(values: list[float], share: float) -> float:
    """The value below which the share of all values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle(values: list[float]) -> float:
    """The median."""
    return median(values)
