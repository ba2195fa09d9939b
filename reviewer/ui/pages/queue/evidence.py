"""What is cited, marked and missed on an item: the state of the page's right half, and how it reads; no widget."""

from collections.abc import Iterable, Mapping

import msgspec
from PySide6.QtCore import QObject, Signal

from reviewer.domain.citable import full_name, in_short
from reviewer.domain.corrections import Rewrite
from reviewer.domain.errors import shown
from reviewer.domain.events import Clause as Citation
from reviewer.domain.events import Mark, Span
from reviewer.domain.labels import Omitted, Opinion
from reviewer.ui.transcript.cited import Highlight
from reviewer.ui.widgets.times import count

_OMISSION_WORDS = 24


class Evidence(QObject):
    """`changed` is sent when a person changed it, never by `put`."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.marks: dict[str, Mark] = {}
        self.clauses: tuple[Citation, ...] = ()
        self.spans: tuple[Span, ...] = ()
        self.omissions: tuple[Omitted, ...] = ()
        self.rewrites: dict[str, Rewrite] = {}
        self.current = ""
        """The clause, by its full name, that new evidence belongs to: the one cited last."""
        self._loose: frozenset[Span] = frozenset()

    def put(self, opinion: Opinion) -> None:
        """Take over what an opinion says."""
        self.marks = dict(opinion.steps)
        self.clauses, self.spans, self.omissions = opinion.clauses, opinion.spans, opinion.omissions
        self.rewrites = dict(opinion.rewrites)
        self.current = full_name(self.clauses[-1]) if self.clauses else ""
        self._loose = frozenset()

    def add_to(self, opinion: Opinion) -> Opinion:
        """The opinion with all of this."""
        return msgspec.structs.replace(
            opinion, steps=dict(self.marks), clauses=self.clauses, spans=self.spans, omissions=self.omissions, rewrites=dict(self.rewrites)
        )  # fmt: skip

    # -- clauses -----------------------------------------------------------------------------------------------------------------

    def cites(self, name: str) -> bool:
        """Whether the clause of that full name is cited."""
        return any(full_name(one) == name for one in self.clauses)

    def cite(self, citation: Citation) -> None:
        """Cite a clause, unless it is, and let it be the current one. Words that were marked last, under no clause, are put under it."""
        name = full_name(citation)
        if not self.cites(name):
            self.clauses = (*self.clauses, citation)
        self.current = name
        self.spans = tuple(msgspec.structs.replace(span, clause=name) if span in self._loose else span for span in self.spans)
        self._loose = frozenset()
        self.changed.emit()

    def uncite(self, name: str) -> None:
        """Cite a clause no more. What was marked or missed under it stays, under no clause."""
        self.clauses = tuple(one for one in self.clauses if full_name(one) != name)
        self.spans = tuple(msgspec.structs.replace(one, clause=None) if one.clause == name else one for one in self.spans)
        self.omissions = tuple(msgspec.structs.replace(one, clause=None) if one.clause == name else one for one in self.omissions)
        if self.current == name:
            self.current = full_name(self.clauses[-1]) if self.clauses else ""
        self.changed.emit()

    # -- words and what is missing -----------------------------------------------------------------------------------------------

    def add_spans(self, spans: Iterable[Span]) -> None:
        """Marked words, once each."""
        new = tuple(span for span in dict.fromkeys(spans) if span not in self.spans)
        self.spans = (*self.spans, *new)
        self._loose = frozenset(span for span in new if span.clause is None)
        self.changed.emit()

    def remove_span(self, place: int) -> None:
        """Take a span away, by its place in `spans`."""
        self.spans = (*self.spans[:place], *self.spans[place + 1 :])
        self.changed.emit()

    def put_omission(self, omission: Omitted, place: int | None = None) -> None:
        """Something that is missing, or other words for the one at a place in `omissions`."""
        every = list(self.omissions)
        if place is None:
            every.append(omission)
        else:
            every[place] = omission
        self.omissions = tuple(every)
        self.changed.emit()

    def remove_omission(self, place: int) -> None:
        """Take an omission away, by its place in `omissions`."""
        self.omissions = (*self.omissions[:place], *self.omissions[place + 1 :])
        self.changed.emit()

    def put_rewrites(self, rewrites: Mapping[str, Rewrite]) -> None:
        """These steps should have been others; they take the place of all."""
        self.rewrites = dict(rewrites)
        self.changed.emit()

    # -- steps -------------------------------------------------------------------------------------------------------------------

    def mark(self, step: str, mark: Mark | None) -> None:
        """Mark a step; the same mark again, or None, takes it off."""
        if mark is None or self.marks.get(step) == mark:
            self.marks.pop(step, None)
        else:
            self.marks[step] = mark
        self.changed.emit()

    def put_marks(self, marks: Mapping[str, Mark]) -> None:
        """These marks take the place of all."""
        self.marks = dict(marks)
        self.changed.emit()

    def mark_first_wrong(self, step: str, before: Iterable[str], after: Iterable[str]) -> None:
        """The step is wrong, those of the agent before it that bear no mark are right, and those after it bear none."""
        for one in before:
            self.marks.setdefault(one, "good")
        for one in after:
            self.marks.pop(one, None)
        self.marks[step] = "bad"
        self.changed.emit()


Numbers = Mapping[str, str]
"""How clauses are called in short, by their full names; what is not in it is called by its key."""


def highlights(spans: Iterable[Span], numbers: Numbers) -> list[Highlight]:
    """The spans as the transcript shows them, each with the number of its clause."""
    return [Highlight(span.step, span.start, span.end, span.part, span.pointer, number(span.clause, numbers)) for span in spans]


def number(name: str | None, numbers: Numbers) -> str:
    """`4.2` of `airline:4.2`; empty for no clause."""
    return numbers.get(name, name.partition(":")[2]) if name else ""


def short(name: str | None, numbers: Numbers) -> str:
    """The number of a clause as chips and remarks have room for it."""
    return in_short(shown(number(name, numbers)))


def span_words(span: Span, numbers: Numbers, *, step: str, whole: bool) -> str:
    """`step 6, 84 characters → 4.2`; in a value also its name, and all of it by that alone: `step 7, reservation_id → 4.2`.

    step: as its card names it.
    """
    size = count(span.end - span.start, "character")
    *_parents, last = keys = (span.pointer or "").split("/")
    value = f"{keys[-2]}[{last}]" if last.isdecimal() and len(keys) > 2 else last
    value = shown(value.replace("~1", "/").replace("~0", "~"), 24)
    what = (value if whole else f"{value}, {size}") if value else size
    return f"step {step}, {what}{_arrow(span.clause, numbers)}"


def omission_words(omission: Omitted, numbers: Numbers) -> str:
    """`missing at step 3: “Did not ask …” → 2.1`."""
    at = f" at step {omission.step}" if omission.step else ""
    return f"missing{at}: “{shown(' '.join(omission.text.split()), _OMISSION_WORDS)}”{_arrow(omission.clause, numbers)}"


def rewrite_words(step: str, one: Rewrite) -> str:
    """`step 4.1 rewritten: refund {"amount":250}`, `step 6 rewritten: “Let me ask.”`, `step 6 rewritten: nothing said`."""
    if one.tool is not None:
        return f"step {step} rewritten: {shown(one.tool, 30)} {shown(one.text, 40)}"
    words = " ".join(one.text.split())
    return f"step {step} rewritten: “{shown(words, 40)}”" if words else f"step {step} rewritten: nothing said"


def _arrow(clause: str | None, numbers: Numbers) -> str:
    return f" → {short(clause, numbers)}" if clause else ""
