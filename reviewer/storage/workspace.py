"""One replica of a project: a folder with a database, and the only two ways into it, reading and one transaction at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, exc
from sqlcipher3 import dbapi2

from reviewer.domain.errors import Damaged, NotFound, ReviewerError
from reviewer.domain.members import Member, member_name, refuse_waiting
from reviewer.storage import copies, founding, journal, migrations, reading_copies, sealing, streams, unfinished
from reviewer.storage.acting import acting
from reviewer.storage.backups import Step
from reviewer.storage.folders import DATABASE as DATABASE
from reviewer.storage.folders import can_be_written
from reviewer.storage.founding import Lock
from reviewer.storage.marks import Marks
from reviewer.storage.media import Media
from reviewer.storage.onlooker import Onlooker
from reviewer.storage.reading_copies import ReadingCopy
from reviewer.storage.rows import ChangingRows
from reviewer.storage.surroundings import SYSTEM
from reviewer.storage.surroundings import Surroundings as Surroundings
from reviewer.storage.transactions import OwnReading as OwnReading  # with Work: what `read` and `begin` hand out
from reviewer.storage.transactions import Reading as Reading
from reviewer.storage.transactions import Work as Work
from reviewer.storage.turns import Turns

_WRITER_CACHE_KIB = 32 * 1024


class _Learnt(NamedTuple):
    """What the answer before asked of the tables, and the database's version, which another connection's writing moves."""

    version: int
    memo: dict[object, Any]


class Workspace(Onlooker):
    """An open workspace. Reading takes no lock; writing is one transaction at a time in this process, and one among all of them."""

    def __init__(
        self,
        folder: Path,
        *,
        surroundings: Surroundings = SYSTEM,
        synchronous: str = "FULL",
        seal: "sealing.Seal | None" = None,
        copy: ReadingCopy | None = None,
    ) -> None:
        """seal: of an encrypted workspace, unlocked. copy: of a database that cannot be written where it lies, to be read in its place."""
        database = folder / DATABASE if copy is None else copy.database
        super().__init__(database, key=None if seal is None else seal.database_key, synchronous=synchronous)
        self.folder = folder
        self.seal = seal
        self._copy = copy
        self.media = Media(folder, seal)
        self.surroundings = surroundings
        self.clock = journal.Clockwork()
        self._turns = Turns()
        self._writer: Connection | None = None
        self._doubtful = False
        self._signer: journal.Signer | None = None
        self._learnt: _Learnt | None = None
        self.marks = Marks()
        self.notices: list[ReviewerError] = []  # what whoever opened it should be told; nothing failed
        self.elsewhere = False  # it was used on another machine, and nobody has said yet whether it was moved, copied or restored

    # --- opening

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        member: str,
        project: str | None = None,
        surroundings: Surroundings = SYSTEM,
        passphrase: str | None = None,
        in_keyring: bool = False,
    ) -> "Workspace":
        """A new workspace with its first member, a lead, whose key is the root of the project.

        passphrase: it is encrypted; in_keyring: the OS keyring opens it as well.
        Raises Refused where a workspace or other files lie already, NotSaved where the folder cannot be written.
        """
        name = member_name(member)
        with cls._laid_out(folder, surroundings, None if passphrase is None else Lock(passphrase, in_keyring)) as workspace:
            founding.begin_project(workspace, name, project or folder.name)
            workspace._choose(None)
        return workspace

    @classmethod
    def join(
        cls, folder: Path, *, member: str, surroundings: Surroundings = SYSTEM, passphrase: str | None = None, in_keyring: bool = False
    ) -> "Workspace":
        """A new workspace with the keys of a device that no lead has admitted yet, and no project: the first sync or bundle brings it.

        Its `me` is waiting and may do nothing but take in what others wrote. Raises as `create` does.
        """
        name = member_name(member)
        with cls._laid_out(folder, surroundings, None if passphrase is None else Lock(passphrase, in_keyring)) as workspace:
            founding.begin_joining(workspace, name)
            workspace._choose(None)
        return workspace

    @classmethod
    @contextmanager
    def _laid_out(cls, folder: Path, surroundings: Surroundings, lock: Lock | None) -> "Iterator[Workspace]":
        """Tables without rows in a folder of their own; an error before the end of the `with` block takes them away again."""
        with founding.room(folder, lock):
            workspace = cls(folder, surroundings=surroundings, seal=None if lock is None else sealing.new_seal())
            try:
                founding.lay_tables(workspace, lock)
                yield workspace
            except BaseException:
                workspace.close()
                unfinished.remove(folder)
                raise

    def wait_anew(self) -> None:
        """Leave the devices that acted here to another copy: from now on whoever acts waits to be admitted with keys of their own."""
        founding.begin_joining(self, self.me.name)
        self._choose(None)
        self._signer, self.elsewhere = None, False

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        member: str | None = None,
        surroundings: Surroundings = SYSTEM,
        synchronous: str = "FULL",
        passphrase: str | None = None,
        seal: "sealing.Seal | None" = None,
        step: Step = migrations.quietly,
    ) -> "Workspace":
        """Open a workspace as one of the members whose keys this machine holds: the named one, or its first.

        passphrase: of an encrypted one, else as storage.sealing.unlock finds it; seal: where it is unlocked already.
        step: told how far an update of the tables is, where one is due, or the copy of a place that cannot be written.
        One whose place cannot be written is opened for reading only, as it is now, and a notice says so.
        Raises NotFound for a folder that is none or a member that is not here, Locked, TooNew, Damaged, CannotStart, NotSaved, Busy.
        """
        if not (folder / DATABASE).is_file():
            raise NotFound(f"{folder} is not a workspace.", "Make one with `reviewer init`, or name another folder with --workspace.")
        founding.refuse_network(folder)
        seal = seal or sealing.unlock(folder, passphrase)
        copy = None if can_be_written(folder) else ReadingCopy(folder, step)
        workspace = cls(folder, surroundings=surroundings, synchronous=synchronous, seal=seal, copy=copy)
        try:
            workspace.migrate(keep_copy=copy is None, step=step)
            workspace._choose(member)
            workspace._look()
        except ReviewerError as error:
            workspace.close()
            if isinstance(error, NotFound) and unfinished.lies_in(folder, seal):
                raise NotFound(f"{folder} holds a workspace that was never finished.", "Make it again with `reviewer init`.") from error
            raise
        return workspace

    def _look(self) -> None:
        if self.reading_only:  # nobody can go on in an older copy, or on another machine, where nothing is written
            self.notices.append(reading_copies.notice())
            return
        try:
            copies.look(self)
        except Damaged as error:  # what can be read is shown; `verify` tells how far that is
            self.notices.append(error)

    key_file: Path | None = None  # where the key of a workspace just made went, if not into the OS keyring

    @property
    def encrypted(self) -> bool:
        """Whether everything that lies here is sealed."""
        return self.seal is not None

    @property
    def reading_only(self) -> bool:
        """Whether its place cannot be written. What is read is a copy then, which goes when it is closed."""
        return self._copy is not None

    def require_writable(self) -> None:
        """Raise NotSaved (E103) where nothing can be recorded: asked first by whatever would spend much before it writes."""
        if self.reading_only:
            raise reading_copies.refusal()

    def take_notices(self) -> list[ReviewerError]:
        """The notices that nobody took yet. Whoever takes them shows them."""
        taken = []
        while self.notices:  # one by one: another thread may add some meanwhile
            taken.append(self.notices.pop(0))
        return taken

    def migrate(self, *, keep_copy: bool = True, step: Step = migrations.quietly) -> None:
        """Bring the tables up to date; of those that hold something, a verified copy is kept first. Raises TooNew, NotSaved, Damaged."""
        with self._converting_errors(), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = OFF")
            try:
                made = migrations.upgrade(connection, self.folder, seal=self.seal, keep_copy=keep_copy, step=step)
            finally:
                connection.exec_driver_sql("PRAGMA query_only = ON")
                connection.rollback()
        if made:
            self._engine.dispose()  # a connection that made tables was measured to take twice as long for every statement after

    def close(self) -> None:
        """Let go of the database. What was acknowledged is on disk already."""
        self.marks.close()
        if self._writer is not None:
            self._writer.invalidate()  # it writes: no reader may get it from the pool
            self._writer.close()
            self._writer = None
        super().close()
        if self._copy is not None:
            self._copy.remove()

    def signer(self, reading: Reading) -> "journal.Signer":
        """The key and stream of whoever acts. Raises Locked where this machine does not hold the key, NotAllowed for who waits."""
        refuse_waiting(self.me)
        if self.elsewhere:
            raise copies.undecided()
        if self._signer is None:
            self._signer = streams.signer_of(reading, self.me, self.seal)
        # Asked each time: another process may have gone on in a new stream meanwhile.
        stream = streams.current(reading, self._signer.device, self._signer.stream)
        return self._signer if stream == self._signer.stream else self._signer._replace(stream=stream)

    def signer_as(self, reading: Reading, name: str) -> "tuple[Member, journal.Signer]":
        """Another member of this machine, with their key and stream. Raises NotFound where nobody of that name is here, and Locked."""
        if self.elsewhere:
            raise copies.undecided()
        member = acting(reading, name)
        refuse_waiting(member)
        return member, streams.signer_of(reading, member, self.seal)

    def as_member(self, name: str) -> "Workspace":
        """The same workspace for another member of this machine; it has its own connections."""
        return Workspace.open(self.folder, member=name, surroundings=self.surroundings, seal=self.seal)

    # --- the two ways in

    @contextmanager
    def read(self) -> Iterator[OwnReading]:
        """A consistent view; nothing can be changed through it."""
        with self._viewed(OwnReading) as reading:
            yield reading

    @contextmanager
    def begin(self, *, urgent: bool = False, answering: bool = False, cached: bool = False) -> Iterator[Work]:
        """The one transaction of this process. urgent: goes before waiting work that is not.

        cached: writes only what can be worked out anew, or is not missed, which the copy of a place that cannot be written takes as well.
        answering: is urgent, and records what a member says of items and nothing else. What it asks of campaigns and devices, and where its
        stream ends, is kept for the next such one; any other transaction, which might change that, lets go of it.

        Any error rolls everything back. Raises NotSaved when the disk did not take it, Busy when another process writes for too long.
        """
        if not cached:
            self.require_writable()
        with self._turns.take(urgent=urgent or answering), self._converting_errors():
            work = Work(self, self._writing())
            learnt, self._learnt = self._learnt, None
            work.start("BEGIN IMMEDIATE")
            try:
                version = work.data_version() if answering else 0
                if answering and learnt is not None and learnt.version == version:
                    work.memo = learnt.memo
                yield work
                work.keep()
                if answering:
                    self._learnt = _Learnt(version, work.memo)
            except BaseException:
                self._roll_back(work)
                raise
            if self._member is not None and self._member.waiting:
                self._choose(None)  # they may have been admitted by what came in

    @contextmanager
    def upkeep(self) -> Iterator[ChangingRows]:
        """The writer outside of a transaction, for what SQLite does only there. Whoever writes in this process waits meanwhile."""
        self.require_writable()
        with self._turns.take(urgent=False), self._converting_errors():
            work, self._learnt = Work(self, self._writing()), None
            yield work

    def changed_elsewhere(self) -> int:
        """A number that moves when another process wrote to the database. What this one writes does not move it."""
        # Asked of the writer: for any other connection, the writer of this process is somebody else too.
        with self._turns.take(urgent=True), self._converting_errors():
            return Reading(self, self._writing()).data_version()

    # --- inside

    def _writing(self) -> Connection:
        if self._doubtful and self._writer is not None:
            self._writer.invalidate()
            self._writer.close()
            self._writer = None
        if self._writer is None:
            self._learnt = None  # versions are counted anew
            self._writer = self._engine.connect()
            self._writer.exec_driver_sql("PRAGMA query_only = OFF")  # this one connection writes; all others of the pool only read
            self._writer.exec_driver_sql(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
            self._writer.rollback()
        if self._doubtful:
            # After a failed write nothing is acknowledged before the file was opened again and its head verified.
            journal.check_heads(Reading(self, self._writer))
            self._doubtful = False
        return self._writer

    def _roll_back(self, work: Work) -> None:
        try:
            work.undo()
        except (dbapi2.Error, exc.DBAPIError):
            self._doubtful = True  # the file is opened anew before the next write

    def _noted(self, error: ReviewerError) -> ReviewerError:
        if error.code in ("E101", "E102", "E106"):
            self._doubtful = True
        return error

    def _choose(self, name: str | None) -> None:
        self._learnt = None
        with self.read() as reading:
            self._member = acting(reading, name)
