"""The two ways into a workspace: a consistent view of its tables, and the one transaction that changes them."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlcipher3 import dbapi2

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.chain import EntryHash, Head, NoteRef, StreamId, note_ref
from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError
from reviewer.domain.events import Event
from reviewer.domain.times import span_text
from reviewer.storage import journal, lists, projections, replay, streams
from reviewer.storage.rows import ChangingRows, Rows

if TYPE_CHECKING:
    from reviewer.storage.onlooker import Onlooker
    from reviewer.storage.workspace import Workspace


class Reading(Rows):
    """A consistent view of the tables. `connection` takes SQLAlchemy Core; `rows` and `row` take SQL where every microsecond counts."""

    def __init__(self, workspace: "Onlooker", connection: Connection) -> None:
        raw = connection.connection.driver_connection
        assert isinstance(raw, dbapi2.Connection)
        super().__init__(raw)
        self.workspace = workspace
        self.connection = connection

    def start(self, how: str) -> None:
        """Begin the transaction. Past SQLAlchemy, which would add a third to the time of a label."""
        self._raw.execute(how)

    def data_version(self) -> int:
        """A number that moves when another connection wrote to the database."""
        return int(self._raw.execute("PRAGMA data_version").fetchone()[0])

    def undo(self) -> None:
        """End it, and nothing has happened."""
        if self._raw.in_transaction:
            self._raw.execute("ROLLBACK")
        if self.connection.in_transaction():
            self.connection.rollback()  # where Core was used, SQLAlchemy keeps count too


class OwnReading(Reading):
    """The same in a workspace that was opened whole, with its clocks, media and keys."""

    workspace: "Workspace"


class Work(OwnReading, ChangingRows):
    """The one open transaction. What it records has happened when its `with` block ends, and not before."""

    changes: Changes = Changes.NONE

    def __init__(self, workspace: "Workspace", connection: Connection) -> None:
        super().__init__(workspace, connection)
        self._heads: dict[StreamId, Head] = {}
        self._project: EntryHash | None = None
        self._jumps: list[int] = []

    def keep(self) -> None:
        """End it, and everything has happened."""
        self.renew()
        self._raw.execute("COMMIT")
        if self._project is not None:
            self.workspace.marks.note(self._project, self._heads)
        self.workspace.notices.extend(_clock_changed(moved_ms) for moved_ms in self._jumps)
        if self.connection.in_transaction():
            self.connection.commit()

    def renew(self) -> None:
        """Make the views anew, where an entry came that changes what earlier ones mean."""
        if self.stale:
            replay.rebuild(self, _no_step, check=False)  # its entries were checked when they came in

    def record(self, event: Event, *, signer: "journal.Signer | None" = None) -> EntryHash:
        """Write a fact: canonical bytes, link, signature, journal row, projected rows. Returns the entry's hash."""
        self.workspace.require_writable()
        entry = journal.append(self, event, streams.apart(self, signer or self._own_signer()))
        if entry.body.clock != "ok" and abs(self.workspace.clock.moved_ms) > journal.JUMP_MS:
            self._jumps.append(self.workspace.clock.moved_ms)
        self._project = entry.body.project or entry.hash
        self._heads[entry.body.stream] = Head(entry.body.seq, entry.hash)
        self.changes |= projections.apply(self, entry, event.value)
        return entry.hash

    def _own_signer(self) -> "journal.Signer":
        """Who acts, as long as nothing can have moved them to another stream."""
        known: journal.Signer | None = self.memo.get("signer")
        if known is None:
            known = self.memo["signer"] = self.workspace.signer(self)
        return known

    def keep_blob(self, content: bytes) -> str:
        """Store bytes under their SHA-256. Returns the name. An entry that came without this list, which is made here too, shows it now."""
        name = sha256_hex(content)
        if self.put_blob(name, content):
            self.changes |= lists.show(self, {name})
        return name

    def keep_note(self, text: str) -> NoteRef:
        """Store free text as a note, apart from the entry that commits to it, so that it can be erased."""
        ref, content = note_ref(self.workspace.surroundings.entropy(32), text)
        self.put_blob(ref.blob, content)  # nobody waits for it: it is like no other
        return ref


def _clock_changed(moved_ms: int) -> ReviewerError:
    where = "forward" if moved_ms > 0 else "back"
    return ReviewerError(
        f"Device clock changed by {span_text(moved_ms)}, {where}. Order is not affected; the jump is recorded.",
        "Check date, time and time zone of this machine. Nothing has to be done again.",
        "E110",
    )


def _no_step(_done: int, _total: int, _what: str) -> None:
    """Nobody watches a rebuild inside another act."""
