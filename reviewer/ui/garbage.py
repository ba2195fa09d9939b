"""Python's search for dead cycles, held on the UI thread.

It may run on any thread that allocates. A dead window found on a worker thread would be destroyed there, and Qt aborts: its widgets
belong to the UI thread. So the automatic search is off while there are worker threads, and a timer of the UI thread does it, in moments
that nobody waits for (`ankitects/anki:qt/aqt/main.py`, garbageCollectNow, for the same reason).
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1_000
_YOUNG = 5_000  # objects made since the last look: less is not worth one
_WHOLE_EVERY = 60  # looks

_holding = 0


class Collector(QObject):
    """While it is started, dead cycles are found on the UI thread only."""

    def __init__(self) -> None:
        super().__init__()
        self._looks = 0
        self._started = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Take the search over from Python."""
        if not self._started:
            self._started = True
            hold()
            self._timer.start()

    def stop(self) -> None:
        """Give it back, once no other collector holds it."""
        if self._started:
            self._started = False
            self._timer.stop()
            let_go()

    def look(self) -> None:
        """One look: at what is young, and every minute at all."""
        self._looks += 1
        if self._looks % _WHOLE_EVERY == 0:
            gc.collect()
        elif gc.get_count()[0] > _YOUNG:
            gc.collect(1)


def hold() -> None:
    """Keep Python from looking by itself, until whoever holds it has let go."""
    global _holding
    _holding += 1
    gc.disable()


def let_go() -> None:
    """The opposite; the last one gives the search back to Python."""
    global _holding
    _holding -= 1
    if _holding == 0:
        gc.enable()


def settle() -> None:
    """What lives now lives for good (modules, the window): later looks leave it out and stay short."""
    gc.collect()
    gc.freeze()
