"""A hub: what lies in its tables, read and added to. It runs no code of ours, and nothing that it says is believed unchecked.

A broken reply means that it is not known whether it happened: whoever calls asks again from the beginning. Every insert may be repeated.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from reviewer.domain.batches import batches, by_size
from reviewer.storage.hub_address import Address, Untrusted, driver
from reviewer.storage.targets import Offline

if TYPE_CHECKING:
    import psycopg

AT_ONCE = 500  # entries or rows in a transaction, and rows in an answer
MOST_BYTES = 8 * 1024 * 1024  # of contents in a transaction
_LATER = ("08", "40", "53", "57")  # classes of SQLSTATE: connection, rolled back, short of something, shutting down
_CERTIFICATE = ("certificate", "SSL", "TLS")
_REFUSED = ("authentication", "password", "pg_hba", "does not exist", "permitted to log in", "permission")

Name = bytes  # a hash, an id: 32 bytes


class Head(NamedTuple):
    """The end of a stream at the hub: how many entries, the highest number, and the hashes that stand there, sorted."""

    stream: bytes
    n: int
    top: int
    hashes: tuple[Name, ...]


class Row(NamedTuple):
    """An entry as the hub has it; nothing of it was checked."""

    stream: bytes
    seq: int
    hash: Name
    body: bytes
    sig: bytes


class Hub:
    """A connection. Every method raises Offline where the hub does not answer, Untrusted where it refuses or answers nonsense."""

    def __init__(self, address: Address, connection: "psycopg.Connection[Any]", at_once: int) -> None:
        self.address = address
        self.at_once = at_once
        self.added = 0  # rows that were not there before, as far as the hub said so
        self.connection = connection
        self._cursor = connection.cursor(binary=True)

    # --- entries

    def heads(self, project: Name) -> list[Head]:
        """Every stream of a project, those first whose first entry came first: who is admitted in a stream writes in a later one."""
        sql = (
            "SELECT s.stream, s.n, s.top, e.hash FROM (SELECT stream, count(*) AS n, max(seq) AS top FROM entry WHERE project = %(p)s"
            " GROUP BY stream) s JOIN entry e ON e.project = %(p)s AND e.stream = s.stream AND e.seq = s.top ORDER BY"
            " (SELECT min(f.received) FROM entry f WHERE f.project = %(p)s AND f.stream = s.stream AND f.seq = 1), s.stream, e.hash"
        )
        found: dict[bytes, Head] = {}
        for stream, n, top, name in self.rows(sql, {"p": project}, (bytes, int, int, bytes)):
            before = found.get(stream)
            found[stream] = Head(stream, n, top, (name,) if before is None else (*before.hashes, name))
        return list(found.values())

    def places(self, project: Name, stream: bytes, *, least: int = 1, most: int = 2**62) -> list[tuple[int, Name]]:
        """The numbers and hashes of a stream's entries, in order."""
        sql = "SELECT seq, hash FROM entry WHERE project = %s AND stream = %s AND seq BETWEEN %s AND %s ORDER BY seq, hash"
        return self.rows(sql, (project, stream, least, most), (int, bytes))

    def entries(self, project: Name, stream: bytes, after: tuple[int, Name]) -> list[Row]:
        """Up to `at_once` entries of a stream after a place, in order."""
        sql = (
            "SELECT stream, seq, hash, body, sig FROM entry WHERE project = %s AND stream = %s AND (seq, hash) > (%s, %s)"
            " ORDER BY seq, hash LIMIT %s"
        )
        return [Row(*row) for row in self.rows(sql, (project, stream, *after, self.at_once), (bytes, int, bytes, bytes, bytes))]

    def all_hashes(self, project: Name) -> set[Name]:
        """The hash of every entry of a project."""
        return {name for (name,) in self.rows("SELECT hash FROM entry WHERE project = %s", (project,), (bytes,))}

    def add_entries(self, project: Name, rows: Sequence[Row]) -> None:
        """Add entries, in one transaction."""
        sql = "INSERT INTO entry (project, stream, seq, hash, body, sig) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
        self._add(sql, [(project, *row) for row in rows])

    # --- contents

    def names(self, table: str, project: Name) -> set[Name]:
        """What lies in a table of contents, `item` or `blob`."""
        return {name for (name,) in self.rows(f"SELECT {_KEY[table]} FROM {table} WHERE project = %s", (project,), (bytes,))}

    def count(self, table: str, project: Name) -> int:
        """How many rows a project has in a table."""
        ((count,),) = self.rows(f"SELECT count(*) FROM {table} WHERE project = %s", (project,), (int,))
        return int(count)

    def lacking(self, table: str, project: Name, names: Sequence[Name]) -> list[Name]:
        """Those of the items or blobs that are not there."""
        key = _KEY[table]
        found: set[Name] = set()
        for part in batches(names, self.at_once):
            sql = f"SELECT {key} FROM {table} WHERE project = %s AND {key} = ANY(%s)"
            found.update(name for (name,) in self.rows(sql, (project, part), (bytes,)))
        return [name for name in names if name not in found]

    def contents(self, table: str, project: Name, names: Sequence[Name]) -> Iterator[list[tuple[Name, bytes]]]:
        """Items or blobs by name, those that are there, in parts of at most `at_once` and about MOST_BYTES."""
        key, column = _KEY[table], _CONTENT[table]
        for part in batches(names, self.at_once):
            sql = f"SELECT {key}, octet_length({column}) FROM {table} WHERE project = %s AND {key} = ANY(%s)"
            sizes = self.rows(sql, (project, part), (bytes, int))
            for few in by_size(sizes, MOST_BYTES):
                sql = f"SELECT {key}, {column} FROM {table} WHERE project = %s AND {key} = ANY(%s)"
                yield self.rows(sql, (project, few), (bytes, bytes))

    def add_contents(self, table: str, project: Name, rows: Sequence[tuple[Name, bytes]]) -> None:
        """Add items or blobs, in one transaction."""
        sql = f"INSERT INTO {table} (project, {_KEY[table]}, {_CONTENT[table]}) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
        self._add(sql, [(project, *row) for row in rows])

    # --- receipts and digests

    def receipts(self, project: Name) -> list[bytes]:
        """Of each device and stream the receipts that reach furthest, packed."""
        return [packed for (packed,) in self.rows(f"SELECT r.receipt FROM receipt r WHERE {_FURTHEST}", (project,), (bytes,))]

    def unmet_receipts(self, project: Name) -> list[bytes]:
        """Receipts for entries that are not there, packed."""
        sql = (
            f"SELECT r.receipt FROM receipt r WHERE {_FURTHEST} AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.project = r.project"
            " AND e.stream = r.stream AND e.seq = r.seq AND e.hash = r.head)"
        )
        return [packed for (packed,) in self.rows(sql, (project,), (bytes,))]

    def add_receipts(self, project: Name, rows: Sequence[tuple[bytes, bytes, int, bytes, bytes]]) -> None:
        """Add receipts: device, stream, seq, head, packed."""
        sql = "INSERT INTO receipt (project, device, stream, seq, head, receipt) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
        for start in range(0, len(rows), self.at_once):
            self._add(sql, [(project, *row) for row in rows[start : start + self.at_once]])

    def digests(self, project: Name, set_digest: Name) -> list[tuple[bytes, bytes, bytes]]:
        """What devices with these entries came to: device, state digest, signature."""
        sql = f"SELECT device, state_digest, sig FROM digest WHERE project = %s AND set_digest = %s LIMIT {AT_ONCE}"
        return self.rows(sql, (project, set_digest), (bytes, bytes, bytes))

    def add_digest(self, project: Name, row: tuple[bytes, bytes, bytes, bytes]) -> None:
        """Add what a device came to: device, set digest, state digest, signature."""
        sql = "INSERT INTO digest (project, device, set_digest, state_digest, sig) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
        self._add(sql, [(project, *row)])

    # --- joining

    def projects_naming(self, text: bytes) -> list[Name]:
        """Projects in which an entry holds these bytes."""
        sql = "SELECT DISTINCT project FROM entry WHERE position(%s::bytea IN body) > 0"
        return [project for (project,) in self.rows(sql, (text,), (bytes,))]

    def add_request(self, device: bytes, name: Name, request: bytes) -> None:
        """Leave a request to join. name: its SHA-256, so that nobody can take its place."""
        self._add("INSERT INTO enrol_request (device, hash, request) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", [(device, name, request)])

    def requests(self) -> list[bytes]:
        """Requests to join, the oldest first."""
        return [raw for (raw,) in self.rows(f"SELECT request FROM enrol_request ORDER BY received LIMIT {AT_ONCE}", (), (bytes,))]

    # --- speaking

    def rows(self, sql: str, parameters: Any, shape: tuple[type, ...]) -> list[Any]:
        """The rows of a statement. shape: the types of its columns; a hub with others is none of ours."""
        with self.speaking():
            found = self._cursor.execute(sql, parameters).fetchall()
        for row in found:
            if len(row) != len(shape) or not all(isinstance(value, kind) for value, kind in zip(row, shape, strict=True)):
                raise Untrusted("The hub's tables are not those of Reviewer.", "Ask whoever keeps the hub; nothing was taken in.")
        return found

    def _add(self, sql: str, rows: Sequence[Any]) -> None:
        with self.speaking(), self.connection.transaction():
            self._cursor.executemany(sql, rows)
        self.added += self._cursor.rowcount

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Turn what the driver says into two sentences."""
        with _translating(self.address):
            yield


_KEY = {"item": "id", "blob": "hash"}
_CONTENT = {"item": "payload", "blob": "bytes"}
_FURTHEST = (
    "r.project = %s AND NOT EXISTS (SELECT 1 FROM receipt o WHERE o.project = r.project AND o.device = r.device AND o.stream = r.stream"
    " AND o.seq > r.seq)"
)


@contextmanager
def connected(address: Address, *, at_once: int = AT_ONCE) -> Iterator[Hub]:
    """A connection for the `with` block. at_once: fewer where a line does not hold long enough."""
    psycopg = driver()
    with _translating(address):
        # No prepared statements: they would not outlive a pooler's transaction.
        connection = psycopg.connect(**address.parameters, autocommit=True, prepare_threshold=None)
    try:
        yield Hub(address, connection, at_once)
    finally:
        connection.close()


@contextmanager
def _translating(address: Address) -> Iterator[None]:
    psycopg = driver()
    try:
        yield
    except psycopg.Error as error:
        raise _translated(error, address) from error


def _translated(error: "psycopg.Error", address: Address) -> Offline | Untrusted:
    """The driver's error in our words. Its own text may quote names of the hub, never the password; it is not shown."""
    state, text = error.sqlstate, str(error)
    if state is None and any(word in text for word in _CERTIFICATE):
        return Untrusted(
            "The hub's certificate is not the known one. Not connected.",
            "Ask whoever keeps the hub; a certificate of its own needs sslrootcert=FILE in the address.",
        )
    if state is None and "FATAL" in text and any(word in text for word in _REFUSED):
        return Untrusted(f"{address.words} does not let you in. Not connected.", "Check user, password and database with its keeper.")
    if state is None or state.startswith(_LATER):
        return Offline(f"Offline: {address.words} does not answer.", "All work is saved here. Sync again later.")
    if state == "42P01":
        return Untrusted(f"{address.words} is not set up as a hub.", "Whoever keeps it runs `reviewer hub init` once.")
    if state == "42501":
        return Untrusted(f"{address.words} does not let you read and add.", "Whoever keeps the hub grants you the role reviewer_client.")
    return Untrusted(f"{address.words} refused what was asked of it (SQLSTATE {state}).", "Ask whoever keeps the hub.")
