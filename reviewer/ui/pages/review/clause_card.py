"""A clause as a card to press: its heading, its first lines, its key, and whether it is cited."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from reviewer.domain.citable import Citable
from reviewer.domain.errors import shown
from reviewer.ui.pages.queue.clause_text import ClauseText, aside_of
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.words import plain_tooltip

_LINES = 3
_PAD_X, _PAD_Y, _CAP = 11, 8, 22
_TOOLTIP = 1500
_KEPT = 4


class ClauseCard(QPushButton):
    """A clause to cite. Chosen, its edge and paper are the accent's, and a tick says so."""

    def __init__(self, theme: Theme, key: str) -> None:
        """key: that cites it; empty for none."""
        super().__init__()
        self._theme = theme
        self._key = key
        self._clause: Citable | None = None
        self._texts: dict[int, ClauseText] = {}  # by width: that of the hint, and that on screen
        self.setProperty("kind", "cite")
        self.setCheckable(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._forget)

    def show_clause(self, clause: Citable, *, cited: bool) -> None:
        """Show that clause."""
        if clause is not self._clause:
            self._clause = clause
            self._forget()
            plain_tooltip(self, shown(clause.text, _TOOLTIP))
        if self.isChecked() is not cited:
            self.setChecked(cited)
        key = f", key {self._key}" if self._key else ""
        self.setAccessibleName(f"Clause {shown(clause.caption)}{', cited' if cited else ''}{key}")
        self.setAccessibleDescription(shown(f"{clause.text} {aside_of(clause)}", _TOOLTIP))

    def hasHeightForWidth(self) -> bool:
        """A narrower card is a taller one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What its lines need at a width, pixels."""
        return self._laid(width).height + 2 * self._theme.px(_PAD_Y) if self._clause is not None else 0

    def sizeHint(self) -> QSize:
        """As wide as there is room; its height follows from that."""
        return QSize(self._theme.px(300), self.heightForWidth(self._theme.px(300)))

    def minimumSizeHint(self) -> QSize:
        """A few words; its height follows from its width."""
        return QSize(self._theme.px(120), 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The paper as the style draws it, then the clause, and its key in the corner."""
        super().paintEvent(event)
        if self._clause is None:
            return
        theme, px = self._theme, self._theme.px
        cited, on = self.isChecked(), self.isEnabled()
        painter = QPainter(self)
        ink = theme.colour("ink" if on else "ink3")
        words = theme.colour("ink" if on and cited else "ink2" if on else "ink3")
        self._laid(self.width()).draw(painter, QPointF(px(_PAD_X), px(_PAD_Y)), ink=ink, faint=theme.colour("ink3"), words=words)
        corner = f"{'✓ ' if cited else ''}{self._key}".strip()
        painter.setFont(theme.mono(11))
        painter.setPen(theme.colour("accent" if cited else "ink3"))
        painter.drawText(self.rect().adjusted(0, px(_PAD_Y), -px(10), 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, corner)
        painter.end()

    def _laid(self, width: int) -> ClauseText:
        assert self._clause is not None
        text = self._texts.get(width)
        if text is None:
            if len(self._texts) > _KEPT:
                self._texts.clear()
            room = width - 2 * self._theme.px(_PAD_X) - self._theme.px(_CAP)
            text = self._texts[width] = ClauseText(self._clause, self._theme, room, lines=_LINES)
        return text

    def _forget(self) -> None:
        self._texts.clear()
        self.updateGeometry()
        self.update()
