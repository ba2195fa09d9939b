"""The item beside the table: its transcript, the labels that may be seen, and where it comes from."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.domain.errors import shown
from reviewer.ui.pages.explore.fetching import Shown
from reviewer.ui.theme import ANY_WIDTH, Theme
from reviewer.ui.transcript.images import Ask
from reviewer.ui.transcript.pane import TranscriptPane
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.empty import EmptyState
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.scrolling import Scrolling
from reviewer.ui.widgets.times import moment
from reviewer.ui.widgets.words import PlainLabel, plain_label

if TYPE_CHECKING:
    from reviewer.operations.searching import Whole
    from reviewer.storage.labels import Said

_TONES = {"compliant": "ok", "non_compliant": "bad", "unsure": "warn"}
_VERDICTS = {"compliant": "compliant", "non_compliant": "non-compliant", "unsure": "unsure"}
_HIDDEN = "Model, source and the labels of others are hidden until you have labelled it in your queue."


class Preview(QFrame):
    """Beside the table it is a narrow column; opened whole, the transcript takes the width and the facts stand at its right."""

    closed = Signal()
    """Somebody wants the table back."""

    def __init__(self, theme: Theme, ask: Ask, *, short_id: Callable[[], str]) -> None:
        super().__init__()
        self._theme = theme
        self._zone = "local"
        self._shown: Shown | None = None
        self._whole = False
        self.setObjectName("side")
        self.setAccessibleName("Item")
        self.pane = TranscriptPane(theme, ask, short_id=short_id)
        self.facts = Facts(theme)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        outer.addWidget(self._stack)
        self._empty = EmptyState("No item chosen", "Choose a row to read it here.")
        self._stack.addWidget(self._empty)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._body.setSpacing(0)
        self._body.addWidget(self.pane, 5)
        self._body.addWidget(self.facts, 4)
        column.addLayout(self._body, 1)
        self._stack.addWidget(body)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    @property
    def item(self) -> str:
        """The id of the item on screen, or empty."""
        return self._shown.whole.id if self._shown is not None else ""

    def show_item(self, fetched: Shown, *, zone: str) -> None:
        """Show an item. The same one again keeps its place."""
        again = self._shown is not None and self._shown.whole.id == fetched.whole.id
        self._shown, self._zone = fetched, zone
        whole = fetched.whole
        self._id.setText(f"Item {whole.id[:6]}")
        self._model.setVisible(whole.hidden)
        self.setAccessibleName(f"Item {whole.id[:6]}")
        if not again:
            self.pane.show_transcript(fetched.transcript)
        self.facts.show_whole(whole, zone=zone)
        self._stack.setCurrentIndex(1)

    def clear(self, title: str = "No item chosen", sentence: str = "Choose a row to read it here.") -> None:
        """Show no item, and say why."""
        self._shown = None
        self.pane.clear()
        self._empty.say(title, sentence)
        self._stack.setCurrentIndex(0)

    def spread(self, whole: bool) -> None:
        """Take the whole width, or be a column again."""
        self._whole = whole
        self._body.setDirection(QBoxLayout.Direction.LeftToRight if whole else QBoxLayout.Direction.TopToBottom)
        key = key_words(BY_ID["explore.open"].keys[0])
        self._hint.setText(f"{key}: back to the list" if whole else f"{key}: open whole")
        self._fit_facts()

    def _make_head(self) -> QWidget:
        head = QWidget()
        self._head = QHBoxLayout(head)
        self._head.setSpacing(8)
        self._id = plain_label(role="label", selectable=True)
        self._model = Pill("model hidden", "plain")
        self._hint = plain_label(f"{key_words(BY_ID['explore.open'].keys[0])}: open whole", role="label", tone="faint")
        self._head.addWidget(self._id)
        self._head.addWidget(self._model)
        self._head.addStretch(1)
        self._head.addWidget(self._hint)
        return head

    def _take_theme(self) -> None:
        px = self._theme.px
        self._head.setContentsMargins(px(16), px(14), px(16), px(8))
        self._fit_facts()

    def _fit_facts(self) -> None:
        self.facts.setMaximumWidth(self._theme.px(400) if self._whole else ANY_WIDTH)


class Facts(Scrolling):
    """Labels, and where the item comes from."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Labels and source", Qt.FocusPolicy.StrongFocus)
        self._theme = theme
        self._room = QWidget()
        self.hold(self._room)
        self._column = QVBoxLayout(self._room)
        self._column.setSpacing(8)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_whole(self, whole: "Whole", *, zone: str) -> None:
        """Say what may be said of an item."""
        while (taken := self._column.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self._column.addWidget(plain_label("Labels", role="label"))
        if whole.hidden:
            self._column.addWidget(Paragraph(_HIDDEN, tone="faint"))
        elif not whole.labels:
            self._column.addWidget(plain_label("Nobody has labelled it yet.", tone="faint"))
        for said in whole.labels:
            self._column.addWidget(_label_card(said, zone))
        if not whole.hidden or whole.campaigns:
            self._column.addSpacing(8)
            self._column.addWidget(plain_label("Where it comes from", role="label"))
            self._column.addWidget(_source(whole, zone))
        self._column.addStretch(1)
        self.verticalScrollBar().setValue(0)

    def _take_theme(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(16), px(10), px(16), px(14))


def _label_card(said: "Said", zone: str) -> Card:
    card = Card(paper="row")
    card.column.setContentsMargins(10, 8, 10, 8)
    card.column.setSpacing(5)
    label = said.label
    head = QHBoxLayout()
    verdict = label.verdict or ("preference" if label.preference is not None else "steps marked")
    words = ", ".join(part for part in (_VERDICTS.get(verdict, verdict), label.severity) if part)
    head.addWidget(Pill(words, _TONES.get(verdict, "plain")))
    head.addStretch(1)
    card.column.addLayout(head)
    if said.rationale:
        card.column.addWidget(Paragraph(said.rationale))
    when = moment(datetime.fromtimestamp(said.body.wall_ms / 1000, UTC).isoformat(), zone, year=False)
    took = f"{round(said.body.dur_ms / 1000)} s" if said.body.dur_ms else ""
    how = "blind" if label.blind else "not blind"
    facts = ", ".join(part for part in (shown(said.reviewer), when, took, how, shown(said.campaign)) if part)
    card.column.addWidget(Paragraph(facts, tone="faint"))
    card.setAccessibleName(f"{words}. {said.rationale or ''} {facts}")
    return card


def _source(whole: "Whole", zone: str) -> QWidget:
    facts: list[tuple[str, str]] = []
    if whole.origin is not None:
        origin = whole.origin
        imported = moment(datetime.fromtimestamp(origin.imported_ms / 1000, UTC).isoformat(), zone)
        facts += [
            ("file", re.split(r"[/\\]", origin.file)[-1]),
            ("record", f"{origin.position:,}"),
            ("format", origin.format),
            ("imported", imported),
        ]
    item = whole.item
    if not whole.hidden:
        facts += [("agent", item.agent or ""), ("model", item.model or ""), ("external id", item.external_id or "")]
    facts += [("time", moment(item.time, zone) if item.time else ""), ("campaigns", ", ".join(whole.campaigns)), ("id", whole.id)]
    grid = QWidget()
    rows = QGridLayout(grid)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setVerticalSpacing(2)
    rows.setHorizontalSpacing(12)
    rows.setColumnStretch(1, 1)
    for place, (name, value) in enumerate((name, value) for name, value in facts if value):
        rows.addWidget(plain_label(name, role="mono", tone="faint"), place, 0, Qt.AlignmentFlag.AlignTop)
        rows.addWidget(_value(value), place, 1)
    return grid


def _value(text: str) -> PlainLabel:
    """A value that can be copied; a long one breaks anywhere."""
    words = shown(text, 400)
    label = plain_label("\u200b".join(words[i : i + 16] for i in range(0, len(words), 16)), role="mono", wrap=True, selectable=True)
    label.setAccessibleName(words)
    return label
