"""The limit of each operation: the same work on the same machine in the same run, with nothing around it."""

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import msgspec
import zstandard
from sqlcipher3 import dbapi2

_BATCH = 2_000
_SALT = 32  # bytes before the text of a note
_DICTIONARY = Path(__file__).resolve().parents[2] / "resources" / "dictionaries" / "items-1.zdict"


class Rate(NamedTuple):
    """rate: rows a second; cpu_us: processor time of each, which others who want the processor do not disturb as much."""

    rate: float
    cpu_us: float


class _Clock:
    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def rate(self, rows: int) -> Rate:
        return Rate(rows / (time.perf_counter() - self._wall), (time.process_time() - self._cpu) / rows * 1e6)


def connect(path: Path) -> Any:
    """A bare connection with the settings that make a commit durable."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -32768", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def bare_import(chats: Path, database: Path, *, index: bool = True) -> float:
    """Parse, hash and insert a JSONL file in one process, in large batches. index: for search, too. Returns items a second."""
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
                if index:
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


def bare_export(database: Path, out: Path, *, most: int) -> Rate:
    """Items of a workspace in the order of their ids: read, unpacked, decoded, encoded again, written and made durable."""
    connection = connect(database)
    unpack = _unpacker()
    started = _Clock()
    count = 0
    rows = connection.execute("SELECT payload FROM item ORDER BY id LIMIT ?", (most,))
    with out.open("wb") as stream:
        while some := rows.fetchmany(500):
            stream.write(b"".join(msgspec.json.encode(msgspec.json.decode(unpack(payload))) + b"\n" for (payload,) in some))
            count += len(some)
        os.fsync(stream.fileno())
    connection.close()
    return started.rate(count)


def bare_release(database: Path, out: Path, table: Path, *, most: int) -> Rate:
    """Rows for KTO of the labelled items of a workspace, as a program would make them that does nothing else.

    Each item is read with its label, unpacked, decoded, cut where its answer begins, put in the shape of chats, and encoded with the id of
    its row, which is over its bytes. Written as JSON lines and as Parquet with typed columns; both files are durable, and hashed.
    """
    import pyarrow
    import pyarrow.json
    import pyarrow.parquet

    connection = connect(database)
    unpack, lines_hash = _unpacker(), hashlib.sha256()
    started = _Clock()
    count = 0
    rows = connection.execute(
        "SELECT i.id, i.payload, l.hash, l.verdict FROM item i JOIN label l ON l.item = i.id WHERE l.in_force = 1 ORDER BY i.id LIMIT ?",
        (most,),
    )
    with out.open("wb") as stream, ExitStack() as stack:
        writer: Any = None
        while some := rows.fetchmany(500):
            lines = b"".join(_row_for_kto(item, unpack(payload), label, verdict) for item, payload, label, verdict in some)
            stream.write(lines)
            lines_hash.update(lines)
            count += len(some)
            options = pyarrow.json.ReadOptions(block_size=len(lines) + 1, use_threads=False)
            schema = None if writer is None else pyarrow.json.ParseOptions(writer.schema)
            found = pyarrow.json.read_json(pyarrow.BufferReader(lines), options, schema)
            writer = writer or stack.enter_context(pyarrow.parquet.ParquetWriter(table, found.schema, compression="zstd"))
            writer.write_table(found)
        os.fsync(stream.fileno())
    with table.open("rb+") as written:
        hashlib.file_digest(written, "sha256")
        os.fsync(written.fileno())
    connection.close()
    return started.rate(count)


def bare_labels(database: Path, out: Path) -> Rate:
    """The labels in force of a workspace, each with what it says and around it: read, decoded, encoded, written, made durable."""
    connection = connect(database)
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    started = _Clock()
    count = 0
    rows = connection.execute(
        "SELECT l.hash, c.name, l.item, i.external_id, m.name, l.wall_ms, l.dur_ms, e.body, b.content FROM label l"
        " JOIN campaign c ON c.id = l.campaign JOIN member m ON m.id = l.member JOIN entry e ON e.hash = l.hash"
        " LEFT JOIN item i ON i.id = l.item LEFT JOIN blob b ON b.hash = unhex(e.body ->> '$.note.blob') WHERE l.in_force = 1 ORDER BY l.n"
    )
    with out.open("wb") as stream:
        while some := rows.fetchmany(500):
            told = [
                {
                    "label": label.hex(), "campaign": campaign, "item": item.hex(), "external_id": external, "reviewer": member,
                    "time": wall, "duration_ms": took, "rationale": None if note is None else note[_SALT:].decode(),
                    **decode(body)["value"],
                }
                for label, campaign, item, external, member, wall, took, body, note in some
            ]  # fmt: skip
            stream.write(msgspec.json.Encoder().encode_lines(told))
            count += len(some)
        os.fsync(stream.fileno())
    connection.close()
    return started.rate(count)


def _unpacker() -> Callable[[bytes], bytes]:
    dictionary = zstandard.ZstdCompressionDict(_DICTIONARY.read_bytes())
    unpack: Callable[[bytes], bytes] = zstandard.ZstdDecompressor(dict_data=dictionary).decompress
    return unpack


def _row_for_kto(item: bytes, content: bytes, label: bytes, verdict: str) -> bytes:
    messages = msgspec.json.decode(content)["messages"]
    while messages[-1]["role"] != "assistant":
        messages.pop()
    told = [_in_chat_shape(message) for message in messages]
    first = next(place for place, message in enumerate(told) if message["role"] == "assistant")
    row = {
        "prompt": told[:first], "completion": told[first:], "label": verdict == "compliant",
        "reviewer_item": item.hex(), "reviewer_labels": [label.hex()],
    }  # fmt: skip
    own = msgspec.json.encode(row)
    return b'%b,"reviewer_row":"%b"}\n' % (own[:-1], hashlib.sha256(own).hexdigest().encode())


def _in_chat_shape(message: dict[str, Any]) -> dict[str, Any]:
    told = {"role": message["role"], "content": "\n".join([part["text"] for part in message.get("content", ())])}
    if "tool_calls" in message:
        told["tool_calls"] = [
            {"id": call["id"], "function": {"name": call["name"], "arguments": call["arguments"]}, "type": "function"}
            for call in message["tool_calls"]
        ]
    if "tool_call_id" in message:
        told["tool_call_id"] = message["tool_call_id"]
    return told


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
