"""A list to choose one thing from, closed until it is wanted."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from reviewer.ui.widgets.words import plain_tooltip

_FEW = 16  # characters, the arrow included


class ChoiceList(QComboBox):
    """Shows the chosen words; those that there is no room for end in …, and the tooltip says the whole. Qt's own would cut a letter.
    Open, it shows all words whole, unless the window is narrower."""

    def minimumSizeHint(self) -> QSize:
        """A few words and the arrow: no dialog is wider than its window for the long names in a list."""
        whole = super().minimumSizeHint()
        return QSize(min(whole.width(), self.fontMetrics().averageCharWidth() * _FEW), whole.height())

    def showPopup(self) -> None:
        """Wider than the box where the words are: else what tells two of them apart may be missing."""
        view = self.view()
        bar = view.verticalScrollBar().sizeHint().width() if self.count() > self.maxVisibleItems() else 0
        words = view.sizeHintForColumn(0) + 2 * view.frameWidth() + bar
        view.setMinimumWidth(min(words, self.window().width()))
        super().showPopup()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame and arrow as the style has them, and as much of the words as there is room for."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self)
        metrics, whole, said = self.fontMetrics(), "", self.currentText()
        if metrics.horizontalAdvance(said) > room.width():
            whole, said = said, metrics.elidedText(said, Qt.TextElideMode.ElideRight, room.width() - 2)
        if bool(whole) != bool(self.toolTip()):
            plain_tooltip(self, whole)
        option.currentText = said
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
