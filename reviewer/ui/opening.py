"""Which workspace is open: opening, making, remembering. Everything that touches a disk here runs on a worker thread."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.catalogue.settings import LAST_WORKSPACE, RECENT_WORKSPACES, Settings
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.storage.folders import default_workspace
from reviewer.ui.instance import Instance
from reviewer.ui.jobs import Jobs
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace

_REMEMBERED = 8
_FOUND = 12
_REST_MS = 8000
_DATABASE = "reviewer.db"  # storage.workspace says so too; it would load SQLAlchemy before the first paint


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
        self._making = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.identify)
        jobs.changed.connect(self._changed)

    def start(self, folder: Path, *, member: str | None = None) -> bool:
        """The folder with which the program starts, and who acts in it. False: another window has it, and was called."""
        if not self._instance.claim(folder):
            return False
        self.folder = folder
        self._jobs.use(lambda: _open(folder, member))
        return True

    def open(self, folder: Path) -> None:
        """Change to another workspace, if it opens."""
        if self.folder is not None and folder.resolve() == self.folder.resolve():
            self.moved.emit(self.folder)
            self.identify()
            return
        if not self._instance.claim(folder):
            self.elsewhere.emit()
            return
        self._instance.listen()
        self._opens = False
        self.folder = folder
        self._jobs.use(lambda: _open(folder))
        self.moved.emit(folder)
        self.identify()

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
        if self.folder is not None:
            self._jobs.read(_identity, owner=self, done=self._known, failed=self._broken, slot="identity")

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
        self._waiting.clear()
        if isinstance(error, NotFound):
            self._forget(self.folder)
        if not self._opens:  # it never opened; one that did open stays, whatever a later question met
            self._instance.let_go()
            self.folder = None
            self._jobs.use(None)
            self.moved.emit(None)
        self.failed.emit(error)

    def _forget(self, folder: Path | None) -> None:
        self._settings.put(RECENT_WORKSPACES, self._others(folder))

    def _others(self, folder: Path | None) -> list[object]:
        rows: list[object] = self._settings[RECENT_WORKSPACES]
        return [row for row in rows if isinstance(row, dict) and row.get("folder") != str(folder)]

    def _changed(self, changes: Changes) -> None:
        if changes & (Changes.ITEMS | Changes.CAMPAIGNS | Changes.MEMBERS):
            self.identify()
        elif changes & (Changes.LABELS | Changes.QUEUE):
            self._rest.start()  # what is left is counted when the labelling pauses


def _open(folder: Path, member: str | None = None) -> "Workspace":
    from reviewer.operations.workspaces import open_workspace

    return open_workspace(folder, member=member).value


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
