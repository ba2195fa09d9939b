"""Backups from the window: when asked, and by themselves some time after opening and then every hour, where one is due."""

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.catalogue.settings import BACKUP_BUDGET_MB, BACKUP_COUNT, BACKUP_HOURS
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Done, Work
from reviewer.ui.page import Desk
from reviewer.ui.pages.sync import fetching

if TYPE_CHECKING:
    from reviewer.storage.backups import BackupFile

T = TypeVar("T")

FIRST_MS = 60_000  # opening a workspace and its first labels come first
AGAIN_MS = 3_600_000
_TITLE = "Making a backup"
_LOCKED = "E111"


class BackingUp(QObject):
    """Makes backups of the open workspace, one at a time. Work goes on in the strip, where it can be stopped."""

    made = Signal()
    """A backup was made."""
    running_changed = Signal(bool)
    """Whether one is being made now."""

    def __init__(self, desk: Desk, owner: QObject) -> None:
        super().__init__(owner)
        self._desk = desk
        self._ticket: Ticket | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)
        desk.jobs.ended.connect(self._ended)
        self.take_up()

    @property
    def running(self) -> bool:
        """Whether one is being made now."""
        return self._ticket is not None

    @property
    def wait_ms(self) -> int:
        """How long until it is asked whether one is due; -1 without a workspace."""
        return self._timer.remainingTime()

    def take_up(self) -> None:
        """Another workspace was opened, or none."""
        if self._desk.shell.folder is None:
            self._timer.stop()
        else:
            self._timer.start(FIRST_MS)

    def start(self) -> None:
        """Make one now. Nothing while one is being made."""
        settings = self._desk.settings
        self._begin(partial(fetching.back_up, keep=settings[BACKUP_COUNT], budget_mb=settings[BACKUP_BUDGET_MB]), self._made)

    def look(self) -> None:
        """Ask whether one is due, and make it if so."""
        self._timer.start(AGAIN_MS)
        work = partial(fetching.backup_is_due, hours=self._desk.settings[BACKUP_HOURS])
        self._desk.jobs.read(work, owner=self, done=self._due, failed=self._failed)

    def _due(self, due: bool) -> None:
        settings = self._desk.settings
        if due:
            keep, budget_mb = settings[BACKUP_COUNT], settings[BACKUP_BUDGET_MB]
            work = partial(fetching.back_up_if_due, hours=settings[BACKUP_HOURS], keep=keep, budget_mb=budget_mb)
            self._begin(work, self._made_by_itself)

    def _begin(self, work: Work[T], done: Done[T]) -> None:
        if not self.running and self._desk.shell.folder is not None:
            self._ticket = self._desk.jobs.long(work, title=_TITLE, owner=self, done=done, failed=self._failed)
            self.running_changed.emit(True)

    def _made(self, backup: "BackupFile") -> None:
        self.made.emit()
        self._desk.messages.good("A backup was made and read back in full.", f"It is {backup.path}.")

    def _made_by_itself(self, backup: "BackupFile | None") -> None:
        if backup is not None:
            self.made.emit()

    def _failed(self, error: ReviewerError) -> None:
        if error.code != _LOCKED:  # nobody is there; it is asked again in an hour
            self._desk.messages.show_error(error)

    def _ended(self, ticket: Ticket) -> None:
        if ticket is self._ticket:
            self._ticket = None
            self.running_changed.emit(False)
