"""Reading and changing rows through the driver itself: what a transaction, the first paint and a fold beside the tables have in common.

Neither SQLAlchemy nor a workspace is needed here.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import NotFound
from reviewer.domain.progress import SILENT
from reviewer.storage.driver import Connection

if TYPE_CHECKING:
    from reviewer.domain.sampling import Pick
    from reviewer.storage.bulk import Bulk

Parameters: TypeAlias = Sequence[Any] | Mapping[str, Any]


def as_bytes(value: object) -> bytes:
    """A column that holds bytes; nothing where a damaged row holds something else (`bytes` of a number would be that many zeros)."""
    return value if isinstance(value, bytes) else b""


def prefix_range(prefix: str) -> tuple[bytes, bytes]:
    """The 32-byte names between which all names with these first hex digits lie; two that nothing lies between for more than 64 digits."""
    if len(prefix) > 64:
        return b"\xff", b""
    return bytes.fromhex(prefix.ljust(64, "0")), bytes.fromhex(prefix.ljust(64, "f"))


class Rows:
    """Rows as tuples, where every microsecond counts."""

    def __init__(self, raw: Connection) -> None:
        self._raw = raw

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """All rows of a statement, as tuples."""
        return self._raw.execute(sql, parameters).fetchall()  # type: ignore[no-any-return] # sqlcipher3 has no types

    def row(self, sql: str, parameters: Parameters = ()) -> Any | None:
        """The first row of a statement, or None."""
        return self._raw.execute(sql, parameters).fetchone()

    def each(self, sql: str, parameters: Parameters = ()) -> Iterator[Any]:
        """The rows of a statement, one by one."""
        return iter(self._raw.execute(sql, parameters))

    def blob(self, name: str) -> bytes:
        """The bytes that an entry names. Raises NotFound where this replica lacks them."""
        found = self.row("SELECT content FROM blob WHERE hash = ?", (bytes.fromhex(name),))
        if found is None:
            raise NotFound(f"The content {name[:8]} is not on this machine.", "Sync, or ask for a bundle that carries it.")
        return bytes(found[0])

    def fact(self, name: str) -> str | None:
        """A counter or a fact of this replica."""
        found = self.row("SELECT value FROM fact WHERE name = ?", (name,))
        return None if found is None else str(found[0])


class ChangingRows(Rows):
    """Rows that can be changed; whoever made the connection says when that takes hold.

    memo: what was asked before and need not be asked again; it lasts as long as a transaction does, or several (Workspace.begin).
    picked: what a draw that is recorded next picks, by the name of its list, so that it need not be read again.
    ticket: told how far what an entry shows is written, where it is much, and asked whether to stop.
    stale: an entry came that changes what earlier ones mean; all views are to be made anew before this takes hold.
    bulk: where a whole journal is read anew: takes the labels, and shows at the end what they come to.
    """

    def __init__(self, raw: Connection) -> None:
        super().__init__(raw)
        self.memo: dict[object, Any] = {}
        self.picked: dict[str, Sequence[Pick]] = {}
        self.ticket = SILENT
        self.stale = False
        self.bulk: Bulk | None = None

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run a statement that changes rows. Returns how many it changed."""
        return int(self._raw.execute(sql, parameters).rowcount)

    def run_many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each row of parameters."""
        self._raw.executemany(sql, parameters)

    def keep_blob(self, content: bytes) -> str:
        """Store bytes under their SHA-256. Returns the name."""
        name = sha256_hex(content)
        self.put_blob(name, content)
        return name

    def put_blob(self, name: str, content: bytes) -> bool:
        """Store bytes under their name, which is their SHA-256. Returns whether they are new here."""
        row = (bytes.fromhex(name), content)
        return self.run("INSERT INTO blob (hash, content) VALUES (?, ?) ON CONFLICT DO NOTHING", row) > 0

    def set_fact(self, name: str, value: str) -> None:
        """Set a counter or a fact of this replica."""
        self.run("INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))
