"""Keeps what was begun on the item that is up, a moment after it changed and whenever it is left."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, QTimer

from reviewer.domain.errors import ReviewerError
from reviewer.domain.labels import Opinion
from reviewer.ui.jobs import Done
from reviewer.ui.pages.queue.flow import Flow

_AFTER_MS = 400


class Drafts(QObject):
    """One draft at a time: that of the current item."""

    def __init__(self, flow: Flow, said: Callable[[], Opinion | None], *, failed: Done[ReviewerError]) -> None:
        """said: what is on screen; None while nothing is being judged."""
        super().__init__(flow)
        self._flow = flow
        self._said = said
        self._failed = failed
        self.kept = Opinion()
        """What is on disk as a draft, or was when the item came."""
        self._timer = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._timer.timeout.connect(self.keep)

    def begin(self, draft: Opinion | None) -> None:
        """Another item is up, with what was begun on it before."""
        self.stop()
        self.kept = draft or Opinion()

    def touch(self) -> None:
        """Something changed: keep it, once the hand rests."""
        self._timer.start()

    def stop(self) -> None:
        """What is on screen becomes a label, or is gone: nothing is to be kept."""
        self._timer.stop()

    def keep(self) -> None:
        """Write down what was begun, if it changed since the last time."""
        self._timer.stop()
        fetched = self._flow.current
        opinion = self._said() if fetched is not None and not self._flow.working else None
        if fetched is None or opinion is None or _untimed(opinion) == _untimed(self.kept):
            return
        self.kept = opinion
        self._flow.current = fetched._replace(showing=fetched.showing._replace(draft=opinion))
        self._flow.keep_draft(fetched, opinion, failed=self._failed)


def _untimed(opinion: Opinion) -> Opinion:
    return msgspec.structs.replace(opinion, duration_ms=None)
