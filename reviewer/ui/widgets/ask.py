"""A question with two answers, in plain words on plain labels."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from reviewer.ui.widgets.buttons import beside_primary
from reviewer.ui.widgets.words import plain_label


class Question(QDialog):
    """What would happen, and two buttons that say it. Esc is the second, harmless one."""

    def __init__(self, parent: QWidget | None, title: str, sentence: str, *, yes: str, no: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(8)
        column.addWidget(plain_label(title, role="heading"))
        column.addWidget(plain_label(sentence, tone="muted", wrap=True))
        column.addSpacing(8)
        row = QHBoxLayout()
        row.addStretch(1)
        self.no = QPushButton(no)
        self.no.clicked.connect(self.reject)
        self.yes = QPushButton(yes)
        self.yes.setProperty("kind", "primary")
        self.yes.clicked.connect(self.accept)
        beside_primary(self.no)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        column.addLayout(row)
        self.no.setFocus()
        self.setMinimumWidth(420)


def ask(parent: QWidget, title: str, sentence: str, *, yes: str, no: str = "Cancel") -> bool:
    """Ask, and wait for the answer."""
    answer = Question(parent, title, sentence, yes=yes, no=no).exec()
    parent.window().activateWindow()  # where no window manager gives the keyboard back
    return answer == QDialog.DialogCode.Accepted
