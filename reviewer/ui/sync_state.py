"""What the pill in the top bar says: how much of this machine's work nobody else was given yet."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Jobs, nothing

if TYPE_CHECKING:
    from reviewer.operations.sync_overview import Standing
    from reviewer.storage.workspace import Workspace

_REST_MS = 1_500  # after a label: the next one comes first
_ALONE = "Saved here, not synced"


class SyncState(QObject):
    """Follows what changes. say(words, tooltip) shows it."""

    def __init__(self, jobs: Jobs, say: Callable[[str, str], None]) -> None:
        super().__init__()
        self._jobs = jobs
        self._say = say
        self._where = ""
        self._there = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask)
        jobs.changed.connect(self._changed)

    def follow(self, there: bool, where: str) -> None:
        """Another workspace is open, or none. where: what the tooltip says of someone who works alone."""
        self._there, self._where = there, where
        self._say(_ALONE if there else "", where)
        self._rest.start() if there else self._rest.stop()

    def _changed(self, changes: Changes) -> None:
        if self._there and changes:
            self._rest.start()

    def _ask(self) -> None:
        self._jobs.read(_standing, owner=self, slot="standing", done=self._show, failed=nothing)

    def _show(self, standing: "Standing") -> None:
        from reviewer.ui.pages.sync.words import state_words

        words, tip = state_words(standing)
        if self._there:
            self._say(words or _ALONE, tip or self._where)


def _standing(workspace: "Workspace", ticket: Ticket) -> "Outcome[Standing]":
    from reviewer import operations

    return operations.sync_overview.standing(workspace, ticket)
