"""Which workspace is open: opening, making, remembering. Everything that touches a disk here runs on a worker thread."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.catalogue.settings import LAST_WORKSPACE, RECENT_WORKSPACES, Settings
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, ReviewerError
from reviewer.domain.progress import SILENT, Cancelled, Ticket
from reviewer.storage.folders import default_workspace, seal_file
from reviewer.ui.instance import Instance
from reviewer.ui.jobs import Jobs
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace

_LOCKED = "E111"
_REMEMBERED = 8
_FOUND = 12
_REST_MS = 8000
_DATABASE = "reviewer.db"  # storage.workspace says so too; it would load SQLAlchemy before the first paint

_NAMED, _WORKED_AT = Changes.ITEMS | Changes.CAMPAIGNS | Changes.MEMBERS, Changes.LABELS | Changes.QUEUE


class Identity(NamedTuple):
    """What is worth knowing of a workspace at a glance. left: items in this member's queues."""

    member: str
    items: int
    left: int


class FoundItem(NamedTuple):
    """A row of the palette that is an item."""

    id: str
    title: str
    detail: str


class Opening(QObject):
    """The workspace of one window. A workspace that cannot be opened leaves the window without one."""

    moved = Signal(object)
    """Another folder is open now, or None."""
    identified = Signal(object)
    """The Identity of the open workspace, each time it may have changed."""
    failed = Signal(object)
    """A ReviewerError: the workspace could not be opened or made."""
    making = Signal(object)
    """A workspace is being made in that folder; `moved` or `failed` follows."""
    locked = Signal()
    """The workspace is encrypted and closed; `unlock` opens it."""
    unlocked = Signal()
    """It is open again."""
    refused = Signal(object)
    """A ReviewerError: the passphrase that was given did not open it."""
    elsewhere = Signal()
    """Another window shows that workspace, and has been told to come forward."""

    def __init__(self, jobs: Jobs, settings: Settings, instance: Instance) -> None:
        super().__init__()
        self._jobs = jobs
        self._settings = settings
        self._instance = instance
        self._waiting: list[Callable[[], None]] = []
        self._opens = False
        self.folder: Path | None = None
        self.sealed = False
        self.is_locked = False
        self.member: str | None = None
        self._making = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.identify)
        jobs.changed.connect(self._changed)

    def start(self, folder: Path, *, member: str | None = None, show: Sequence[Path] = ()) -> bool:
        """The folder with which the program starts, and who acts in it. False: another window has it, and was called to show files."""
        if not self._instance.claim(folder, show=show):
            return False
        self._take(folder, member)
        return True

    def open(self, folder: Path, then: Callable[[], None] | None = None, *, show: Sequence[Path] = ()) -> None:
        """Change to another workspace, if it opens; then is called once it has. show: files for another window, if one has it."""
        if then is not None:
            self._waiting.append(then)
        if self.folder is not None and folder.resolve() == self.folder.resolve():
            self.moved.emit(self.folder)
            self.identify()
            return
        if not self._instance.claim(folder, show=show):
            self._waiting.clear()
            self.elsewhere.emit()
            return
        self._instance.listen()
        self._take(folder, None)
        self.moved.emit(folder)
        self.identify()

    def lock(self) -> None:
        """Close an encrypted workspace until its passphrase is given; what was asked of it before is done first."""
        if self.folder is not None and self.sealed and not self.is_locked:
            self.is_locked = True
            self._jobs.lock()
            self.locked.emit()

    def unlock(self, passphrase: str) -> None:
        """Open a locked workspace: `unlocked` or `refused` follows."""
        folder, member = self.folder, self.member
        if folder is not None and self.is_locked:
            self._jobs.aside(lambda: _open(folder, member, passphrase), owner=self, done=self._unlocked, failed=self.refused.emit)

    def encrypt(
        self, passphrase: str, *, in_keyring: bool, done: Callable[[bool], None], failed: Callable[[ReviewerError], None]
    ) -> Ticket:
        """Encrypt the open workspace, which is closed meanwhile and open again before done or failed is called.

        done(False): it was cancelled, and is plain as before.
        """
        folder, member = self.folder, self.member
        assert folder is not None
        self.is_locked = True  # nobody is told that it cannot be asked

        def settled(workspace: "Workspace | None") -> None:
            if workspace is None:
                self._open_anew(folder, member)
                done(False)
            else:
                self.sealed = True
                self._waiting.append(lambda: done(True))  # once it shows again
                self._unlocked(workspace)
                self.moved.emit(folder)

        def refused(error: ReviewerError) -> None:
            self._open_anew(folder, member)
            failed(error)

        work = partial(_encrypt, folder, member, passphrase, in_keyring)
        return self._jobs.alone(work, owner=self, done=settled, failed=refused)

    def _open_anew(self, folder: Path, member: str | None) -> None:
        self._take(folder, member)
        self.moved.emit(folder)
        self.identify()

    def wait_s(self) -> float:
        """Seconds until another passphrase is looked at, after a wrong one."""
        from reviewer.operations.encrypting import wait_s

        return wait_s(self.folder) if self.folder is not None else 0.0

    def leave(self) -> None:
        """Go away from the workspace, locked or not, to none."""
        self._instance.let_go()
        self.folder, self.sealed, self.is_locked = None, False, False
        self._jobs.use(None)
        self.moved.emit(None)

    def ensure(self, then: Callable[[], None]) -> None:
        """Call `then` with a workspace open: the one that is, else the usual one, made if need be."""
        if self.folder is not None:
            then()
            return
        self._waiting.append(then)
        self._make(default_workspace(), _make_empty, whole=True)

    def open_sample(self) -> None:
        """Open the sample; the first time it is made, which takes some seconds."""
        self._make(default_workspace().with_name("sample"), _make_sample, whole=False)

    def identify(self) -> None:
        """Ask who acts and what there is; the answer goes to `identified` and to “Opened before”."""
        if self.folder is not None and not self.is_locked:
            self._jobs.read(_identity, owner=self, done=self._known, failed=self._broken, slot="identity")

    def _take(self, folder: Path, member: str | None) -> None:
        folder = folder.absolute()  # it is remembered, and the next start may be from elsewhere
        self._opens = self.is_locked = False
        self.folder, self.member = folder, member
        self.sealed = seal_file(folder) is not None
        self._jobs.use(lambda ticket: _open(folder, member, ticket=ticket))

    def _unlocked(self, workspace: "Workspace") -> None:
        self.is_locked = False
        self._jobs.unlock(workspace)
        self.unlocked.emit()
        self.identify()

    def _make(self, folder: Path, make: Callable[[Path], None], *, whole: bool) -> None:
        """Make it, then open it. whole: one that is there is complete; the sample may have been cut off half-way, and is then completed."""
        if whole and (folder / _DATABASE).is_file():
            self.open(folder)
            return
        if self._making:
            return  # asked for twice
        self._making = True
        self.making.emit(folder)
        self._jobs.aside(lambda: make(folder), owner=self, done=lambda _made: self._made(folder), failed=self._not_made)

    def _made(self, folder: Path) -> None:
        self._making = False
        self.open(folder)

    def _not_made(self, error: ReviewerError) -> None:
        self._making = False
        self._waiting.clear()
        self.failed.emit(error)

    def _known(self, identity: Identity) -> None:
        assert self.folder is not None
        self._opens = True
        row: dict[str, object] = {
            "folder": str(self.folder),
            "name": self.folder.name,
            "summary": _summary(identity),
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        self._settings.put(RECENT_WORKSPACES, [row, *self._others(self.folder)][:_REMEMBERED])
        self._settings.put(LAST_WORKSPACE, str(self.folder))
        self.identified.emit(identity)
        self._arrived()

    def _arrived(self) -> None:
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def _broken(self, error: ReviewerError) -> None:
        if self.is_locked:
            return  # asked before it was locked, answered after
        if error.code == _LOCKED and self.sealed and not self._opens:
            self.lock()
            return
        self._waiting.clear()
        if isinstance(error, NotFound):
            self._forget(self.folder)
        if not self._opens:  # it never opened; one that did open stays, whatever a later question met
            self.leave()
        self.failed.emit(error)

    def _forget(self, folder: Path | None) -> None:
        self._settings.put(RECENT_WORKSPACES, self._others(folder))

    def _others(self, folder: Path | None) -> list[object]:
        rows: list[object] = self._settings[RECENT_WORKSPACES]
        return [row for row in rows if isinstance(row, dict) and row.get("folder") != str(folder)]

    def _changed(self, changes: Changes) -> None:
        if changes & _NAMED:
            self.identify()
        elif changes & _WORKED_AT:
            self._rest.start()  # what is left is counted when the labelling pauses


def _open(folder: Path, member: str | None, passphrase: str | None = None, *, ticket: Ticket = SILENT) -> "Workspace":
    from reviewer.operations.workspaces import open_workspace

    return open_workspace(folder, ticket, member=member, passphrase=passphrase).value


def _encrypt(folder: Path, member: str | None, passphrase: str, in_keyring: bool, ticket: Ticket) -> "Workspace | None":
    """The workspace, encrypted and open; None where it was cancelled."""
    from reviewer.operations.encrypting import encrypt_workspace

    try:
        encrypt_workspace(folder, ticket, passphrase=passphrase, in_keyring=in_keyring)
    except Cancelled:
        return None
    return _open(folder, member, passphrase)


def _make_empty(folder: Path) -> None:
    from reviewer.operations.workspaces import create_workspace

    create_workspace(folder, member=usual_name()).value.close()


def _make_sample(folder: Path) -> None:
    from reviewer import operations

    operations.demo.make_demo(folder, member=usual_name()).value.close()


def _identity(workspace: "Workspace", ticket: Ticket) -> Outcome[Identity]:
    from reviewer.operations.queues import my_campaigns

    with workspace.read() as reading:
        items = int(reading.fact("items") or 0)
    mine = my_campaigns(workspace, ticket).value
    return Outcome(Identity(workspace.me.name, items, sum(standing.waiting for standing in mine)))


def found_items(text: str, workspace: "Workspace", ticket: Ticket) -> Outcome[list[FoundItem]]:
    """The first items that a text finds, for the palette: as far as this member may see them."""
    from reviewer.operations.searching import search

    rows = search(workspace, ticket, text=text, order="relevance", limit=_FOUND).value.rows
    return Outcome([FoundItem(row.id, row.title, f"item {row.id[:6]}") for row in rows])


def usual_name() -> str:
    """The name under which a new workspace's first labels are signed: the person's name on this machine."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no account, as in some containers
        return "Reviewer"


def _summary(identity: Identity) -> str:
    left = f", {identity.left:,} left in your queues" if identity.left else ""
    return f"{count(identity.items, 'item')}{left}"
