"""The one way to background work: the UI thread asks, a worker answers, the answer arrives on the UI thread.

One writer thread takes short transactions from a priority queue, labels first. Two reader threads answer questions; the newest question of
one owner and slot wins. Long work has a thread of its own and writes in short batches through the writer's own lock, `workspace.begin()`.
"""

import enum
import itertools
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, ReviewerError
from reviewer.domain.progress import Cancelled, Progress, Ticket
from reviewer.ui.faults import Fault
from reviewer.ui.garbage import Collector
from reviewer.ui.telling import Followed
from reviewer.ui.workers import Line, Pool

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace

T = TypeVar("T")
Work = Callable[["Workspace", Ticket], Outcome[T]]
Done = Callable[[T], None]
Failed = Callable[[ReviewerError], None]
Open = Callable[[Ticket], "Workspace"]

_OPENING = "Opening the workspace"


class Priority(enum.IntEnum):
    """What the writer takes first."""

    LABEL = 0
    ASKED = 1
    BATCH = 2


class Report(NamedTuple):
    """How far one piece of long work is; `ticket.cancel()` stops it, unless it is not to be stopped."""

    ticket: Ticket
    title: str
    progress: Progress
    stops: bool = True


def nothing(_value: object) -> None:
    """For `done` where the asker waits for nothing."""


class Jobs(QObject):
    """Runs operations off the UI thread. Make one per window; call `close` before it goes.

    changed(Changes): something was written, whoever asked. progressed(Report): long work got on. begun(Report) and ended(Ticket): long work
    starts and leaves the screen. faulted(Fault): a bug was met (also told to `failed`, where the asker still lives).
    """

    changed = Signal(object)
    progressed = Signal(object)
    begun = Signal(object)
    ended = Signal(object)
    faulted = Signal(object)
    _to_ui = Signal(object)

    def __init__(self, open_workspace: "Open | None" = None, *, held: bool = False) -> None:
        """open_workspace is called on a worker thread, once, when work first needs it; what it tells its ticket is shown.
        held: nothing that needs the workspace starts before `release` (the first paint comes first)."""
        super().__init__()
        self._to_ui.connect(self._on_ui, Qt.ConnectionType.QueuedConnection)
        self._gate = threading.Event()
        if not held:
            self._gate.set()
        self._closing = False
        self._numbers = itertools.count()
        self._asked: dict[int, _Asked] = {}
        self._answers: dict[int, _Answer] = {}
        self._queue = Line()
        self._writer = threading.Thread(target=self._write, name="writer")
        self._readers = Pool("reader", 2)
        self._beside = Pool("beside", 2)
        self._long: dict[Ticket, threading.Thread] = {}
        self._newest: dict[tuple[int, str], Ticket] = {}
        self._holder = self._holder_of(open_workspace)
        self._collector = Collector()
        self._collector.start()
        self._writer.start()

    # -- asking ------------------------------------------------------------------------------------------------------------------

    def run(self, work: Work[T], *, owner: QObject, done: Done[T], failed: Failed, priority: Priority = Priority.BATCH) -> Ticket:
        """One short transaction on the writer thread. `done(value)` or `failed(error)` is called on the UI thread, if `owner` lives.

        This and the other three: after `close`, nothing is begun and nothing is answered; the ticket comes back cancelled.
        """
        ticket = self._unwatched()
        if self._closing:
            return ticket
        holder = self._holder
        self._submit(priority, self._call(lambda: holder.lend(work, ticket), ticket, owner, done, failed))
        return ticket

    def read(self, work: Work[T], *, owner: QObject, done: Done[T], failed: Failed, slot: str = "") -> Ticket:
        """A question, on one of two reader threads. With a slot, a newer question of the same owner and slot cancels this one, and its
        answer is dropped."""
        ticket = self._unwatched()
        if self._closing:
            return ticket
        if slot:
            place = (id(owner), slot)
            older = self._newest.get(place)
            if older is not None:
                older.cancel()
            self._newest[place] = ticket
        holder = self._holder
        self._readers.put(self._call(lambda: self._ask(holder, work, ticket), ticket, owner, done, failed, drop_cancelled=True))
        return ticket

    def long(self, work: Work[T], *, title: str, owner: QObject, done: Done[T], failed: Failed) -> Ticket:
        """Work of more than a moment, on its own thread, with a progress strip and a way to stop it. It writes through
        `workspace.begin()` in batches of at most 20 ms, so that a label never waits. title: a phrase, “Importing 12 files”."""
        ticket = self._ticket(title)
        if self._closing:
            return ticket
        holder = self._holder
        call = self._call(lambda: holder.lend(work, ticket), ticket, owner, done, failed)
        thread = threading.Thread(target=call, name=f"long: {title}")
        self._long[ticket] = thread
        self.begun.emit(Report(ticket, title, Progress(0, 0, "")))
        thread.start()
        return ticket

    def aside(self, work: Callable[[], T], *, owner: QObject, done: Done[T], failed: Failed) -> None:
        """Work that needs no workspace (files, settings, the first screen). Not held back by the first paint."""
        if self._closing:
            return
        ticket = self._unwatched()
        self._beside.put(self._call(lambda: Outcome(work()), ticket, owner, done, failed))

    def alone(self, work: Callable[[Ticket], T], *, owner: QObject, done: Done[T], failed: Failed) -> Ticket:
        """Work that wants the workspace closed, on a thread of its own: what was asked for before is done first, and who asks meanwhile
        meets E111. `use` or `unlock` goes on with a workspace afterwards. `progressed` reports; no strip shows it."""
        ticket = self._ticket("")
        if self._closing:
            return ticket
        old, self._holder = self._holder, _Holder(_refuse)
        before_is_done = threading.Event()
        self._submit(Priority.BATCH, before_is_done.set)

        def close_and_work() -> Outcome[T]:
            before_is_done.wait()
            old.close()
            return Outcome(work(ticket))

        thread = threading.Thread(target=self._call(close_and_work, ticket, owner, done, failed), name="alone")
        self._long[ticket] = thread
        thread.start()
        return ticket

    # -- the workspace -----------------------------------------------------------------------------------------------------------

    def use(self, open_workspace: "Open | None") -> None:
        """Go over to another workspace. Long work stops; what else was asked for still runs on the old one, which then closes."""
        for ticket in self._long:
            ticket.cancel()
        if self._closing:
            return
        old, self._holder = self._holder, self._holder_of(open_workspace)
        self._submit(Priority.BATCH, old.close)
        self.changed.emit(Changes.ALL)

    def lock(self) -> None:
        """Close the workspace and keep nothing of it: who asks for it from now on meets E111. What was asked for before is done first, long
        work goes on to its end, and then it closes, away from the writer."""
        if self._closing:
            return
        old, self._holder = self._holder, _Holder(_refuse)
        self._submit(Priority.BATCH, lambda: self._beside.put(old.close))

    def unlock(self, workspace: "Workspace") -> None:
        """Go on with a workspace that was opened anew."""
        if self._closing:
            workspace.close()
            return
        self._holder = _Holder(None, workspace)
        self.changed.emit(Changes.ALL)

    def release(self) -> None:
        """The first paint is done: let held work start."""
        self._gate.set()

    def close(self) -> None:
        """Stop long work, let the writer finish all that was asked, close the workspace. Blocks; answers no longer arrive."""
        if self._closing:
            return
        self._closing = True
        self._gate.set()
        for ticket in self._long:
            ticket.cancel()
        for thread in tuple(self._long.values()):
            thread.join()
        for ticket in self._newest.values():
            ticket.cancel()
        self._readers.close(drop=True)
        self._submit(Priority.BATCH, self._holder.close)
        self._queue.put(len(Priority), None)
        self._writer.join()
        self._beside.close()
        for kept in (self._long, self._asked, self._answers):
            kept.clear()
        self._collector.stop()

    @property
    def closed(self) -> bool:
        """True from the moment `close` was called: nothing more is begun."""
        return self._closing

    @property
    def busy(self) -> bool:
        """True while long work is going on."""
        return bool(self._long)

    # -- on worker threads -------------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        self._gate.wait()
        while (task := self._queue.get()) is not None:
            task()

    def _submit(self, priority: Priority, call: Callable[[], None]) -> None:
        self._queue.put(priority, call)

    def _call(
        self,
        work: Callable[[], Outcome[T]],
        ticket: Ticket,
        owner: QObject,
        done: Done[T],
        failed: Failed,
        *,
        drop_cancelled: bool = False,
    ) -> Callable[[], None]:
        """What a worker thread is to call, to have the work done and the asker answered on the UI thread."""
        number = next(self._numbers)
        self._asked[number] = _Asked(work, ticket, owner, done, failed, drop_cancelled)
        return partial(self._answer, number)

    def _answer(self, number: int) -> None:
        """Do the work. When the UI thread is told, nothing here holds on to anything of the asker's any more, nor to what was raised: who
        lets go of an object last destroys it, and a dialog that a worker thread destroys takes the heap with it."""
        try:
            self._answers[number] = _Answer(self._asked[number].work(), None)
        except BaseException as error:  # noqa: BLE001 - the edge of a worker thread; bugs are reported on the UI thread
            self._answers[number] = _Answer(None, error)
        self._to_ui.emit(partial(self._take, number))

    def _ask(self, holder: "_Holder", work: Work[T], ticket: Ticket) -> Outcome[T]:
        self._gate.wait()
        if ticket.cancelled:
            raise Cancelled
        return holder.lend(work, ticket)

    def _holder_of(self, open_workspace: "Open | None") -> "_Holder":
        return _Holder(None if open_workspace is None else partial(self._opened, open_workspace))

    def _opened(self, open_workspace: "Open") -> "Workspace":
        """Open it; what that tells of itself, an update of the tables or a copy to be read, has a strip that nobody can stop."""
        shown, told = self._ticket(_OPENING, stops=False), False

        def tell(progress: Progress) -> None:
            nonlocal told
            told = True
            shown.tell(*progress)

        try:
            return open_workspace(Ticket(tell))
        finally:
            if told:
                self._to_ui.emit(partial(self._end, shown))

    def _ticket(self, title: str, *, stops: bool = True) -> Followed:
        def show(of: Followed, progress: Progress) -> None:
            self.progressed.emit(Report(of, title, progress, stops))

        ticket = Followed(self, self._to_ui.emit, show)
        if self._closing:
            ticket.cancel()
        return ticket

    def _unwatched(self) -> Ticket:
        """The ticket of short work. Nobody shows how far that is, and to be told would take the interpreter lock from it half-way."""
        ticket = Ticket(nothing)
        if self._closing:
            ticket.cancel()
        return ticket

    # -- back on the UI thread ---------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_ui(self, call: Callable[[], None]) -> None:
        call()

    def _end(self, ticket: Followed) -> None:
        ticket.finish()
        self.ended.emit(ticket)

    def _take(self, number: int) -> None:
        if self._closing:
            return  # and forgotten
        _work, ticket, owner, done, failed, drop_cancelled = self._asked.pop(number)
        outcome, error = self._answers.pop(number)
        if isinstance(ticket, Followed) and self._long.pop(ticket, None) is not None:
            self._end(ticket)
        if outcome is not None and outcome.changes:
            self.changed.emit(outcome.changes)  # even if the asker is gone: the disk has changed
        if error is not None and not isinstance(error, ReviewerError | Cancelled):
            error = Fault(error)
            self.faulted.emit(error)
        if not shiboken6.isValid(owner):
            return  # the page closed meanwhile; its C++ half is deleted
        if drop_cancelled and ticket.cancelled:
            return
        if outcome is not None:
            done(outcome.value)
        elif isinstance(error, ReviewerError):
            failed(error)


def _refuse() -> "Workspace":
    raise ReviewerError("This workspace is locked.", "Give its passphrase.", "E111")


class _Asked(NamedTuple):
    """What was asked, and by whom. The UI thread keeps it until it has taken the answer."""

    work: Callable[[], Outcome[Any]]
    ticket: Ticket
    owner: QObject
    done: Done[Any]
    failed: Failed
    drop_cancelled: bool


class _Answer(NamedTuple):
    """What a worker thread hands back: one of the two."""

    outcome: Outcome[Any] | None
    error: BaseException | None


class _Holder:
    """One workspace, opened by whoever needs it first; the others wait for that. It closes when nobody has it in hand."""

    def __init__(self, open_workspace: "Callable[[], Workspace] | None", workspace: "Workspace | None" = None) -> None:
        """workspace: one that is open already."""
        self._open = open_workspace
        self._opening = threading.Lock()
        self._idle = threading.Condition()
        self._lent = 0
        self._workspace = workspace

    def lend(self, work: Work[T], ticket: Ticket) -> Outcome[T]:
        """Do the work with the open workspace. Raises NotFound where none was chosen; what opening raises comes again at the next try."""
        with self._idle:
            self._lent += 1
        try:
            return work(self._get(), ticket)
        finally:
            with self._idle:
                self._lent -= 1
                self._idle.notify_all()

    def _get(self) -> "Workspace":
        with self._opening:
            if self._workspace is None:
                if self._open is None:
                    raise NotFound("No workspace is open.", "Open one, import files, or try the sample.")
                self._workspace = self._open()
            return self._workspace

    def close(self) -> None:
        """Close it, if it was opened, once nobody works with it."""
        with self._idle:
            self._idle.wait_for(lambda: self._lent == 0)
        with self._opening:
            workspace, self._workspace, self._open = self._workspace, None, None
        if workspace is not None:
            workspace.close()
