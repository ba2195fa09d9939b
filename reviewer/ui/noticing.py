"""What a workspace noticed about itself: an older copy, a fork, a clock that was set, another machine. Each is shown once, as a banner."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import nothing

if TYPE_CHECKING:
    from reviewer.operations.joining import Joined
    from reviewer.operations.machines import How
    from reviewer.storage.workspace import Workspace
    from reviewer.ui.messages import Banner
    from reviewer.ui.window import Window

ELSEWHERE = "E109"
_SOON_MS = 300  # several changes in a row are one reason to look


class Noticed(NamedTuple):
    """What the workspace in that folder noticed, and whether it asks how it came to this machine."""

    folder: Path
    notices: list[ReviewerError]
    elsewhere: bool


class Noticing(QObject):
    """Asks the open workspace what it noticed, after opening and whenever something changed."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._banner: Banner | None = None
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._look)
        window.opening.identified.connect(lambda _identity: self._look())
        window.jobs.changed.connect(lambda _changes: self._soon.start())

    def _look(self) -> None:
        if self._window.folder is not None and not self._window.locking.covered:  # uncovering takes away what was said before
            self._window.jobs.read(_take, owner=self, done=self._show, failed=nothing)  # what cannot be opened is said elsewhere

    def _show(self, noticed: Noticed) -> None:
        if noticed.folder != self._window.folder:
            return  # opened again, it notices the same
        for notice in noticed.notices:
            if notice.code == ELSEWHERE and noticed.elsewhere:
                self._ask_later()
                self.ask()
            elif notice.code != ELSEWHERE:
                self._window.messages.warn(f"{notice.what} [{notice.code}]", notice.hint, stays=True)

    # -- another machine ---------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask how the workspace came to this machine."""
        from reviewer.ui.machine_dialog import MachineDialog

        MachineDialog(self._window, self._window.theme, decided=self._settle, copied=self._settle_copy).open()

    def _ask_later(self) -> None:
        self._banner = self._window.messages.warn(
            f"This workspace was used on another machine. Until you say how it came here, nothing can be written. [{ELSEWHERE}]",
            "Reading works as usual.",
            button="Say what happened",
            act=self._asked_again,
            stays=True,
        )

    def _asked_again(self) -> None:
        self._ask_later()  # the press took the banner away; it goes when the answer is there
        self.ask()

    def _settle(self, how: "How") -> None:
        self._window.jobs.run(partial(_settle, how=how), owner=self, done=partial(self._settled, how), failed=self._not_settled)

    def _not_settled(self, error: ReviewerError) -> None:
        self._window.messages.show_error(error)

    def _settle_copy(self, request: Path) -> None:
        self._window.jobs.run(partial(_settle_copy, request=request), owner=self, done=self._settled_copy, failed=self._not_settled)

    def _settled_copy(self, joined: "Joined") -> None:
        self._answered()
        self._window.go("sync")  # shows that this device waits, and its six words
        self._window.messages.good(
            f"New keys were made; the request is in {joined.request}.",
            "Give it to a lead, and compare the six words by voice.",
        )

    def _answered(self) -> None:
        if self._banner is not None:
            self._window.messages.take(self._banner)
            self._banner = None

    def _settled(self, how: "How", streams: int) -> None:
        self._answered()
        apart = "New work is kept apart from what was done before." if streams else "Work goes on where it stopped."
        self._window.messages.good(f"The workspace was {how} to this machine.", apart)


def _take(workspace: "Workspace", _ticket: Ticket) -> Outcome[Noticed]:
    return Outcome(Noticed(workspace.folder, workspace.take_notices(), workspace.elsewhere))


def _settle(workspace: "Workspace", ticket: Ticket, *, how: "How") -> Outcome[int]:
    from reviewer.operations.machines import settle_machine

    return settle_machine(workspace, ticket, how=how)


def _settle_copy(workspace: "Workspace", ticket: Ticket, *, request: Path) -> "Outcome[Joined]":
    from reviewer.operations.machines import settle_copy

    return settle_copy(workspace, ticket, request=request)
