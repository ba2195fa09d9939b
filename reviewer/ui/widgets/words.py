"""Words on screen that are only ever words: labels, tooltips and questions that cannot be made to load or run anything.

Qt's labels, tooltips and message boxes guess whether a text is HTML and then read local files for it. Everything that shows text from
outside goes through here; a test forbids the bare classes elsewhere in ui.
"""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from reviewer.domain.errors import shown

SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
"""How a label is asked to let its words be marked and copied."""
_TIP_MS = 60_000  # time enough to read what a figure rests on


class PlainLabel(QLabel):
    """A label that shows its text as it is. `role` and `tone` choose its look in reviewer.qss."""

    def __init__(
        self, text: str = "", *, role: str = "", tone: str = "", wrap: bool = False, selectable: bool = False, parent: QWidget | None = None
    ) -> None:
        """role: title, big, lead, heading, label, strong, small, mono; tone: muted, faint, accent, ok, bad, warn. selectable: it can be
        marked and copied, by mouse and keyboard."""
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        if role:
            self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        if wrap:
            self.setWordWrap(True)
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        if selectable:
            self.setTextInteractionFlags(SELECTABLE)

    def set_tone(self, tone: str) -> None:
        """Change the colour of the words."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            restyle(self)


class OneLine(PlainLabel):
    """One line, which ends in … where there is no room for all of it. A screen reader and the tooltip say the whole."""

    _more = _tip = ""

    def say_more(self, words: str) -> None:
        """What the tooltip says while there is room for all of the line."""
        self._more = words
        self.update()

    def minimumSizeHint(self) -> QSize:
        """A word and the dots."""
        metrics = self.fontMetrics()
        return QSize(min(metrics.horizontalAdvance(self.text()), metrics.averageCharWidth() * 8), metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much as there is room for."""
        said = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        tip = self._more if said == self.text() else self.text()
        if tip != self._tip:
            self._tip = tip
            plain_tooltip(self, tip)
        if said == self.text():
            super().paintEvent(event)  # with what is marked of it
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), said)
        painter.end()


class Headline(PlainLabel):
    """The one large line of a page, set a little tighter."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, role="big", parent=parent)
        font = self.font()
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98)
        self.setFont(font)


def visible(text: str, most: int) -> str:
    """A text from outside for a field of many lines: its lines stay, control and direction characters are written out."""
    return "\n".join(shown(line, most) for line in text[:most].splitlines())


def plain_label(text: str = "", *, role: str = "", tone: str = "", wrap: bool = False, selectable: bool = False) -> PlainLabel:
    """A label that shows `text` as it is, whatever it holds. The rest as of `PlainLabel`."""
    return PlainLabel(text, role=role, tone=tone, wrap=wrap, selectable=selectable)


def plain_tooltip(target: QWidget | QAction, text: str) -> None:
    """Give a widget or an action a tooltip that shows `text` as it is."""
    target.setToolTip(f"<span>{_escaped(text)}</span>" if text else "")


def show_tip(target: QWidget, place: QRect, text: str, *, at: QPoint | None = None) -> None:
    """Show a note that says `text` as it is, below a place of the widget or at a point of the screen; it goes when the mouse leaves."""
    from PySide6.QtWidgets import QToolTip  # here: each class that is touched before the first paint costs it a millisecond

    point = at if at is not None else target.mapToGlobal(place.bottomLeft())
    QToolTip.showText(point, f"<span>{_escaped(text)}</span>", target, place, _TIP_MS)


def hide_tip() -> None:
    """Take the note away."""
    from PySide6.QtWidgets import QToolTip

    QToolTip.hideText()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")  # html.escape loads 2,231 entities


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at the widget again, after one of its properties changed. One that was never shown is looked at then."""
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
