"""Running text with air between its lines; a QLabel sets its lines too close."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui.widgets.words import PlainLabel

_LINE = 1.42  # of the font's own height; the design asks for 1.5 of its size


class Paragraph(PlainLabel):
    """A few sentences, wrapped, one and a half lines apart. Shows its text as it is."""

    def __init__(self, text: str = "", *, tone: str = "", role: str = "", parent: QWidget | None = None) -> None:
        """tone and role as of `PlainLabel`."""
        super().__init__(text, tone=tone, role=role, wrap=True, parent=parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """A narrower paragraph is a taller one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What its lines need at a width, pixels."""
        return round(self._lines(max(1, width))[1])

    def sizeHint(self) -> QSize:
        """As wide as its text, 60 characters at most. A hint must not follow from the geometry it leads to: layouts would never end."""
        metrics = self.fontMetrics()
        width = min(metrics.averageCharWidth() * 60, metrics.horizontalAdvance(self.text()) + 2)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """A few words; its height follows from its width."""
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 12, metrics.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Line by line."""
        layout, height = self._lines(self.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        centred = bool(self.alignment() & Qt.AlignmentFlag.AlignVCenter) and height < self.height()
        layout.draw(
            painter, QPointF(0, (self.height() - height) / 2 if centred and self.alignment() & Qt.AlignmentFlag.AlignHCenter else 0)
        )
        painter.end()

    def formats(self) -> list[QTextLayout.FormatRange]:
        """Ranges that look different; for subclasses."""
        return []

    def _lines(self, width: int) -> tuple[QTextLayout, float]:
        """The text laid out at a width, and how high that is."""
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(self.formats())
        step = self.fontMetrics().height() * _LINE / 1.2
        height = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height + (step - line.height()) / 2))
            height += step
        layout.endLayout()
        return layout, height
