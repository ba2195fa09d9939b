"""Rows of a form: a word at the left, its fields, and below them what was refused about them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QSpinBox, QWidget

from reviewer.ui.theme import Theme
from reviewer.ui.widgets.words import PlainLabel, plain_label

_HEAD = 96  # pixels of the design


class FormRows(QWidget):
    """Each row has a name, by which it is shown or hidden and told of refusals."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._parts: dict[str, tuple[QWidget, ...]] = {}
        self._wrong: dict[str, PlainLabel] = {}
        self._fields: dict[str, QWidget] = {}
        self._heads: list[PlainLabel] = []
        theme.changed.connect(self._take_theme)

    def add(self, head: str, part: QWidget, *, name: str = "", field: QWidget | None = None, tall: bool = False) -> None:
        """name: the part of a campaign that it asks for; field: what takes the focus, where it is not `part` itself."""
        row = self._grid.rowCount()
        word = plain_label(head, role="label")
        word.setContentsMargins(0, self._theme.px(7) if tall else 0, 0, 0)
        self._heads.append(word)
        self._grid.addWidget(word, row, 0, Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(part, row, 1)
        if name:
            wrong = plain_label(tone="bad", role="small", wrap=True)
            wrong.hide()
            self._grid.addWidget(wrong, row + 1, 1)
            self._wrong[name] = wrong
            self._fields[name] = field or part
            self._parts[name] = (word, part)
        self._take_theme()

    def show_row(self, name: str, on: bool) -> None:
        """A hidden row asks for nothing."""
        for part in self._parts[name]:
            part.setVisible(on)
        if not on:
            self._wrong[name].hide()

    def say(self, name: str, words: str) -> bool:
        """Say what was refused about a row, and about no other. False where there is no such row on screen."""
        here = name in self._wrong and not self._fields[name].isHidden() and not self._parts[name][1].isHidden()
        for each, wrong in self._wrong.items():
            said = words if here and each == name else ""
            wrong.setText(f"⚠ {said}" if said else "")
            wrong.setVisible(bool(said))
            self._fields[each].setAccessibleDescription(said)
        return here

    @property
    def wrong(self) -> str:
        """What is said of a refusal now; empty where nothing is."""
        return next((label.text() for label in self._wrong.values() if not label.isHidden()), "")

    def take_focus(self, name: str) -> None:
        """Go to a row's field."""
        self._fields[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_theme(self) -> None:
        width = max(self._theme.px(_HEAD), *(head.sizeHint().width() for head in self._heads)) if self._heads else 0
        self._grid.setColumnMinimumWidth(0, width)


def line(*parts: QWidget) -> QWidget:
    """Fields beside each other, each after its words."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    grows = False
    for place, part in enumerate(parts):
        if place and isinstance(part, PlainLabel):
            row.addSpacing(8)
        takes_all = part.sizePolicy().horizontalPolicy() in (QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        grows = grows or takes_all
        row.addWidget(part, 1 if takes_all else 0)
    if not grows:
        row.addStretch(1)
    return holder


def spin(name: str, least: int, most: int, value: int) -> QSpinBox:
    """A box for a whole number. name: for screen readers."""
    box = QSpinBox()
    box.setRange(least, most)
    box.setValue(value)
    box.setGroupSeparatorShown(True)
    box.setAccessibleName(name)
    box.setMinimumWidth(96)
    box.lineEdit().setTextMargins(7, 0, 0, 0)
    return box


def text(name: str, otherwise: str) -> QLineEdit:
    """A field for a few words. otherwise: what holds while it is empty, or what belongs there."""
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(otherwise)
    return field


def share(name: str, most: int = 100) -> QSpinBox:
    """A box for a share in per cent."""
    box = spin(name, 0, most, 0)
    box.setSuffix(" %")
    return box


def named(words: str, field: QWidget) -> PlainLabel:
    """A field's words, to stand before it."""
    label = plain_label(words, tone="muted")
    label.setBuddy(field)
    return label


def decimal(per_cent: int) -> str:
    """A share as the journal keeps it: 15 becomes 0.15."""
    if per_cent in (0, 100):
        return str(per_cent // 100)
    return f"0.{per_cent:02}".rstrip("0")


def per_cent(name: str, value: float, *, least: float = 0.01) -> QDoubleSpinBox:
    """A box for a rate in per cent."""
    box = QDoubleSpinBox()
    box.setDecimals(2)
    box.setRange(least, 99.99)
    box.setValue(value)
    box.setSuffix(" %")
    box.setAccessibleName(name)
    box.setMinimumWidth(96)
    box.lineEdit().setTextMargins(7, 0, 0, 0)
    return box
