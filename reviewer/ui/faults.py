"""The one handler of bugs: it saves a report without any item's content and says so."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Cancelled


class Fault(ReviewerError):
    """The program did something wrong: a bug. Its cause is what was raised; the hint says where its report lies, once that was saved."""

    code = "E199"

    def __init__(self, cause: BaseException) -> None:
        super().__init__(
            "The program made a mistake and stopped this step; what was recorded before is safe.",
            "Try again; if it comes back, tell whoever looks after the program.",
        )
        self.__cause__ = cause


class Faults(QObject):
    """Catches what nobody caught, on any thread of ours. `met(Fault)`: its report was saved, or could not be saved."""

    met = Signal(object)
    _raised = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._raised.connect(self.take, Qt.ConnectionType.QueuedConnection)
        self._before: Callable[..., object] | None = None

    def install(self) -> None:
        """Take over what Python does with an exception that nobody caught, slots of Qt included."""
        self._before = sys.excepthook
        sys.excepthook = self._hook

    def remove(self) -> None:
        """Give it back."""
        if self._before is not None:
            sys.excepthook = self._before
            self._before = None

    def take(self, error: BaseException) -> None:
        """Report one bug: a Fault that jobs met, or an exception that nobody caught."""
        if isinstance(error, Cancelled):
            return
        fault = error if isinstance(error, Fault) else Fault(error)
        place = save_report(fault.__cause__ or fault)
        if place is not None:
            fault.hint = f"Try again; if it comes back, send {place} to whoever looks after the program. It holds no content of items."
        self.met.emit(fault)

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._raised.emit(error)


def save_report(error: BaseException) -> Path | None:
    """Write the report beside the settings. None if the disk does not take it: then only the banner tells of it."""
    import PySide6

    from reviewer.storage import fault_reports  # what it needs is not loaded before there is a bug

    return fault_reports.save(error, versions=f"Qt {PySide6.__version__}")
