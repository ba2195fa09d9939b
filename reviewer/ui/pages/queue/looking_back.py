"""The answers that one gave before: looked back at one after another, and taken up again."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from reviewer.ui.pages.queue.bench import Bench
from reviewer.ui.pages.queue.fetching import Fetched, Past
from reviewer.ui.pages.queue.flow import Flow


class LookingBack(QObject):
    """An earlier answer stands in the item's place, read only, until one returns to the queue or takes the answer up again."""

    arrived = Signal(object)
    """A Past, to be shown."""
    left = Signal()
    """What is up is to be shown again."""

    def __init__(self, parent: QObject, flow: Flow, bench: Bench, *, leave: Callable[[], None]) -> None:
        """leave: called before the item that is up is left."""
        super().__init__(parent)
        self._flow, self._bench, self._leave = flow, bench, leave
        self.past: Past | None = None
        """What is looked at; None while what is up is shown."""
        flow.looked_back.connect(self._take)

    def look(self, way: int) -> None:
        """Back (1) to the label before, or forward (-1) to the item that is up."""
        if self._flow.working:
            return
        place = (self.past.place if self.past is not None else -1) + way
        if place < 0:
            self.to_queue()
            return
        self._leave()
        self._flow.look_back(place)

    def to_queue(self) -> None:
        """From an item looked back at to the one that is up."""
        if self.past is not None:
            self.past = None
            self.left.emit()

    def change(self) -> None:
        """Take the answer that is looked at up again; recording replaces it."""
        past = self.past
        if past is None or self._flow.working:
            return
        self.past = None
        showing = past.fetched.showing
        self._flow.show(past.fetched._replace(showing=showing._replace(draft=showing.draft or past.opinion)))
        self._bench.news.say("Your new answer takes the place of the one you gave.")

    def answer_again(self, fetched: Fetched) -> None:
        """Put an item up to be answered anew, unless it is: then what was begun on it stays. Recording replaces what was said of it."""
        up = self._flow.current
        if up is None or up.id != fetched.id or self.past is not None:
            self.past = None
            self._flow.show(fetched)
        self._bench.news.say("Your new answer takes the place of all that you gave on this item.")

    def _take(self, past: Past) -> None:
        self.past = past
        self._bench.news.say("")
        self._bench.close_note()
        self.arrived.emit(past)
