"""From words that are selected in the transcript, by keys or the mouse, to evidence."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import Refused
from reviewer.domain.events import Clause, Span
from reviewer.domain.items import Item
from reviewer.ui.pages.queue.evidence import Evidence
from reviewer.ui.transcript.selection import Marked
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.transcript.view import TranscriptView
from reviewer.ui.widgets.announcing import announce

_MARKING = "Marking in step {}: arrows move, Ctrl by word, Shift selects. H keeps the words, 1–9 keeps them under that clause, Esc leaves."


class Highlighting(QObject):
    """Keeps what is selected as spans; where nothing is, lets words be marked by keys."""

    kept = Signal(object)
    """The list of Spans that were added to the evidence."""
    told = Signal(str)
    """Why nothing was."""

    def __init__(self, view: TranscriptView, strip: Strip, evidence: Evidence, item: Callable[[], Item | None]) -> None:
        """strip: says that words are being marked. item: what is up for review; None while nothing can be judged."""
        super().__init__(view)
        self._view = view
        self._strip = strip
        self._evidence = evidence
        self._item = item
        view.mark_wanted.connect(self.press)
        view.marking_changed.connect(self._say_marking)
        view.current_changed.connect(self._follow)

    def press(self) -> None:
        """Keep the words that are selected; where none are, let them be marked by keys, or leave that."""
        view = self._view
        if self._item() is None:
            return
        if view.marked():
            self.keep()
        elif view.marking.on:
            view.marking.stop()
        elif view.marking.start():
            view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.told.emit("This step has no words that can be marked; X marks it as wrong.")

    @property
    def marking(self) -> bool:
        """Whether words are selected by keys just now."""
        return self._view.marking.on and bool(self._view.marked())

    def keep(self, clause: Clause | None = None) -> None:
        """Keep the selected words under a clause, which is cited by that; if none is named, under the current one."""
        view, item = self._view, self._item()
        marked = view.marked()
        if item is None or not marked:
            return
        if clause is not None:
            self._evidence.cite(clause)
        spans = [span for one in marked if (span := span_of_marked(item, one, self._evidence.current or None)) is not None]
        if not spans:
            self.told.emit("These words cannot be cited: they are not in the item as they stand here.")
            return
        view.marking.stop()
        view.selection.clear()
        self._evidence.add_spans(spans)
        self.kept.emit(spans)

    def _say_marking(self, on: bool) -> None:
        self._strip.say(_MARKING.format(self._view.steps.current) if on else "")
        if on:
            announce(self._view, self._strip.words)

    def _follow(self, _step: str) -> None:
        if self._view.marking.on:
            self._strip.say(_MARKING.format(self._view.steps.current))


def span_of_marked(item: Item, marked: Marked, clause: str | None) -> Span | None:
    """The span of marked words, by a pointer alone where that says all. Where it does not lead to those very words (two equal keys, JSON
    that only begins as such) all of the value, in the text that came. None where they are not in the item at all."""
    from reviewer.domain.evidence import span_of

    of = partial(span_of, item, step=marked.step, clause=clause)
    at = partial(of, pointer=marked.pointer, start=marked.start, end=marked.end)
    for attempt in (at, partial(at, part=marked.part)) if marked.pointer is not None else ():
        span = _tried(attempt, marked.words)
        if span is not None:
            return span
    if marked.raw is not None:
        return _tried(partial(of, part=marked.part, start=marked.raw[0], end=marked.raw[1]))
    return _tried(partial(at, part=marked.part), marked.words)


def _tried(attempt: Callable[[], Span], words: str | None = None) -> Span | None:
    """The span, unless there is none, or its words are others than those on the screen."""
    try:
        span = attempt()
    except Refused:
        return None
    return span if words is None or span.quote == sha256_hex(words.encode()) else None
