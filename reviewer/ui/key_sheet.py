"""The sheets over the window: every key of the page, and how to work with the program."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from reviewer.catalogue import actions
from reviewer.catalogue.actions import Where
from reviewer.catalogue.key_rows import KeyRow, key_rows
from reviewer.storage.assets import resource
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import KeyCap
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label, plain_tooltip


class Sheet(QDialog):
    """A dialog with a title, something that scrolls, and a way out (Esc)."""

    def __init__(self, title: str, body: QWidget, window: QWidget, *, width: int, height: int) -> None:
        super().__init__(window)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(plain_label(title, role="heading"))
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName(title)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        column.addWidget(scroll, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        close = QPushButton("Close")
        plain_tooltip(close, "Close (Esc)")
        close.clicked.connect(self.accept)
        close.setDefault(True)
        foot.addWidget(close)
        column.addLayout(foot)
        wide, high = min(width, window.width() - 40), min(height, window.height() - 40)
        self.resize(wide, high)
        self.move(window.mapToGlobal(QPoint((window.width() - wide) // 2, (window.height() - high) // 2)))


def key_sheet(theme: Theme, window: QWidget, page: str) -> Sheet:
    """The keys of a page, grouped by where they work, in two columns."""
    body = QWidget()
    row = QHBoxLayout(body)
    row.setContentsMargins(0, 0, 12, 0)
    row.setSpacing(32)
    groups = [(where, rows) for where in actions.PLACES[page] if (rows := _with_keys(page, where))]
    halves: tuple[list[QWidget], list[QWidget]] = ([], [])
    lengths = [0, 0]
    for where, rows in sorted(groups, key=lambda group: group[0] is Where.APP):
        shorter = 0 if lengths[0] <= lengths[1] else 1
        halves[shorter].append(_group(where, rows))
        lengths[shorter] += len(rows) + 2
    for half in halves:
        column = QVBoxLayout()
        column.setSpacing(18)
        for group in half:
            column.addWidget(group)
        column.addStretch(1)
        row.addLayout(column, 1)
    return Sheet("Keys of this page", body, window, width=theme.px(820), height=theme.px(640))


def help_sheet(theme: Theme, window: QWidget) -> Sheet:
    """How to work with the program: resources/help/working.txt, a heading and a paragraph at a time."""
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 12, 0)
    column.setSpacing(4)
    for part in resource("help", "working.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        heading, _line, words = part.partition("\n")
        column.addWidget(plain_label(heading, role="strong"))
        column.addWidget(Paragraph(words.replace("\n", " "), tone="muted"))
        column.addSpacing(10)
    column.addStretch(1)
    return Sheet("How to work with Reviewer", body, window, width=theme.px(640), height=theme.px(600))


def _with_keys(page: str, where: Where) -> list[KeyRow]:
    return key_rows(action for action in actions.on_page(page) if action.where is where)


def _group(where: Where, rows: list[KeyRow]) -> QWidget:
    group = QWidget()
    grid = QGridLayout(group)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(5)
    grid.addWidget(plain_label(where.value.capitalize(), role="label"), 0, 0, 1, 2)
    for line, shown in enumerate(rows, start=1):
        caps = QWidget()
        caps.setAccessibleName(" or ".join(shown.keys))
        side = QHBoxLayout(caps)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(4)
        for key in shown.keys[:2]:
            side.addWidget(KeyCap(key))
        side.addStretch(1)
        title = plain_label(shown.title)
        plain_tooltip(title, shown.text)
        grid.addWidget(title, line, 0)
        grid.addWidget(caps, line, 1)
    grid.setColumnStretch(0, 3)
    grid.setColumnStretch(1, 2)
    return group
