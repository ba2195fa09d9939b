"""Syncing from the page: when asked, and by itself only while the person has switched that on."""

import random
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.catalogue.settings import KEEP_IN_SYNC, SYNC_PLACES
from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.ui.page import Desk
from reviewer.ui.pages.sync import fetching

if TYPE_CHECKING:
    from reviewer.operations.synced import Synced

OFFLINE, _LOCKED = "E401", "E111"
FIRST_WAIT_MS, LONGEST_WAIT_MS = 2_000, 300_000  # JOURNAL.md 5, E401
_AGAIN_MS = 300_000  # kept in sync: look what is new there
_QUIET_MS = 20_000  # kept in sync: after the last change here


class Exchange(QObject):
    """One place to sync with, for each workspace. Work goes on in the strip, where it can be stopped."""

    began = Signal()
    done = Signal(object)
    """A Synced."""
    failed = Signal(object)
    """A ReviewerError; of one that says E401 while the workspace is kept in sync, see `offline`."""
    offline = Signal(int)
    """The place does not answer; it is asked again in so many ms."""

    def __init__(self, desk: Desk, owner: QObject, chance: random.Random | None = None) -> None:
        super().__init__(owner)
        self._desk = desk
        self._chance = chance or random.Random()  # noqa: S311 - it only spreads tries over time
        self._unkept: dict[str, str] = {}  # addresses with a password: for as long as the window is open
        self._ticket: Ticket | None = None
        self._tries = 0
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._go_on)
        desk.jobs.ended.connect(self._ended)

    @property
    def place(self) -> str:
        """The target used last in the open workspace; empty where there was none."""
        folder = str(self._desk.shell.folder or "")
        kept = self._desk.settings[SYNC_PLACES].get(folder)
        return self._unkept.get(folder) or (kept if isinstance(kept, str) else "")

    def choose(self, target: str) -> None:
        """Take another target. One with a password in it is forgotten when the window closes."""
        folder = str(self._desk.shell.folder or "")
        places: dict[str, object] = {name: each for name, each in self._desk.settings[SYNC_PLACES].items() if name != folder}
        self._unkept.pop(folder, None)
        if has_password(target):
            self._unkept[folder] = target
        else:
            places[folder] = target
        self._desk.settings.put(SYNC_PLACES, places)
        self._desk.shell.keep_settings()

    @property
    def running(self) -> bool:
        """Whether a sync is going on."""
        return self._ticket is not None

    def start(self, title: str) -> None:
        """Sync now. Nothing while one is going on, or without a place."""
        if self.running or not self.place:
            return
        self._again.stop()
        work = partial(fetching.exchange, target=self.place)
        self._ticket = self._desk.jobs.long(work, title=title, owner=self, done=self._took, failed=self._failed)
        self.began.emit()

    def follow(self, changes: Changes) -> None:
        """Something changed here: while kept in sync, it is sent when it has been quiet for a while."""
        if self._kept and not self.running and changes & (Changes.LABELS | Changes.POLICIES):
            self._again.start(_QUIET_MS)

    def keep(self, on: bool) -> None:
        """Sync by itself from now on, or no longer."""
        self._desk.settings.put(KEEP_IN_SYNC, on)
        self._desk.shell.keep_settings()
        self.take_up()

    def take_up(self) -> None:
        """Begin anew, as the setting says: after a workspace was opened, or the switch was moved."""
        self._tries = 0
        if self._kept:
            self._again.start(0)
        else:
            self._again.stop()

    @property
    def wait_ms(self) -> int:
        """How long until the next try; -1 where none is due."""
        return self._again.remainingTime()

    @property
    def _kept(self) -> bool:
        return self._desk.settings[KEEP_IN_SYNC] and bool(self.place) and self._desk.shell.folder is not None

    def _go_on(self) -> None:
        if self._kept:
            self.start("Keeping in sync")

    def _took(self, synced: "Synced") -> None:
        self._tries = 0
        if self._kept:
            self._again.start(_AGAIN_MS)
        self.done.emit(synced)

    def _failed(self, error: ReviewerError) -> None:
        if error.code == OFFLINE and self._kept:
            wait_ms = back_off_ms(self._tries, self._chance.random())
            self._tries += 1
            self._again.start(wait_ms)
            self.offline.emit(wait_ms)
        elif error.code == _LOCKED and self._kept:
            self._again.start(_AGAIN_MS)  # nobody is there; it goes on when the passphrase was given
        else:
            self.failed.emit(error)

    def _ended(self, ticket: Ticket) -> None:
        if ticket is self._ticket:
            self._ticket = None


def back_off_ms(tries: int, chance: float) -> int:
    """How long to wait after so many tries in a row that failed: twice as long each time, and by chance (0 to 1) between half of it and
    all, so that many machines do not come back at one moment."""
    longest = min(LONGEST_WAIT_MS, FIRST_WAIT_MS << min(tries, 10))
    return max(FIRST_WAIT_MS, round(longest * (0.5 + chance / 2)))


def has_password(target: str) -> bool:
    """Whether an address carries a password, which is not written to the settings."""
    try:
        return "://" in target and bool(urlsplit(target).password)
    except ValueError:
        return True  # what cannot be read is not kept
