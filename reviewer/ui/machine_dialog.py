"""The question how a workspace that was used on another machine came to this one."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.announcing import announce
from reviewer.ui.widgets.cards import ChoiceCard
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.machines import How

_QUESTION = "This workspace was used on another machine."
_WHY = "Two machines that sign with the same keys cannot be told apart. Until you say what happened you can read, and nothing is written."
_COPY = (
    "A copy that is used beside the first needs keys of its own. They are made here, with a request for a lead to admit them. All "
    "that lies here stays and can be read; once you are admitted, the next sync or bundle lets you write."
)
_REQUEST = "Request file"


class MachineDialog(SheetDialog):
    """Three answers: moved, a copy, restored. Esc leaves it open; then nothing is written."""

    def __init__(self, parent: QWidget, theme: Theme, *, decided: "Callable[[How], None]", copied: Callable[[Path], None]) -> None:
        """decided: what to do with moved or restored; copied: what to do with a copy, and where its request goes."""
        super().__init__(parent, theme, _QUESTION)
        self._decided, self._copied = decided, copied
        self.setAccessibleDescription(_WHY)
        self.body.addWidget(Paragraph(_WHY, tone="muted"))
        self.moved = self._choice("It was moved here", "It is used on the other machine no more. Work goes on where it stopped.", "M")
        self.copy = self._choice("This is a copy", "The other one is used as well. This one gets keys of its own.", "C")
        self.restored = self._choice(
            "It was restored from a backup", "The other one may have gone further. New work is kept apart; sync brings the rest back.", "R"
        )
        self.moved.clicked.connect(partial(self._decide, "moved"))
        self.copy.clicked.connect(self._explain)
        self.restored.clicked.connect(partial(self._decide, "restored"))
        self.request = QLineEdit(str(Path.home() / "request-to-join.json"))
        self.request.textChanged.connect(lambda _text: self._allow())
        self._about_copy = self._make_about_copy()
        self.body.addWidget(self._about_copy)
        self.body.addStretch(1)
        self.set_buttons(None, ("Decide later", self.reject))
        self.resize_to(560, 560)
        self.moved.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finished.connect(self.deleteLater)

    def _choice(self, title: str, text: str, key: str) -> ChoiceCard:
        card = ChoiceCard(title, text, key)
        self.body.addWidget(card)
        # A shortcut of the card itself: hidden, it leaves the letter to the field.
        QShortcut(QKeySequence(key), card, card.click, context=Qt.ShortcutContext.WindowShortcut)
        return card

    def _decide(self, how: "How") -> None:
        self.accept()
        self._decided(how)

    def _make_about_copy(self) -> QWidget:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(Paragraph(_COPY))
        column.addWidget(plain_label(_REQUEST, role="label"))
        row = QHBoxLayout()
        self.request.setAccessibleName(_REQUEST)
        self.request.setMaxLength(1_000)
        choose = QPushButton("Choose")
        choose.setAccessibleName(f"Choose: {_REQUEST}")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose_request)
        row.addWidget(self.request, 1)
        row.addWidget(choose)
        column.addLayout(row)
        room.hide()
        return room

    def _explain(self) -> None:
        for card in (self.moved, self.copy, self.restored):
            card.hide()
        self._about_copy.show()
        self.resize_to(560, 320)
        self.set_buttons(("Make new keys", self._take_copy), ("Back", self._back), ("Decide later", self.reject))
        self._allow()
        self.request.setFocus(Qt.FocusReason.OtherFocusReason)
        self.request.selectAll()
        announce(self, _COPY)

    def _allow(self) -> None:
        if self.main is not None:
            self.main.setEnabled(bool(self.request.text().strip()))

    def _choose_request(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, _REQUEST, self.request.text(), "Requests (*.json)")
        if path:
            self.request.setText(path)

    def _back(self) -> None:
        self._about_copy.hide()
        self.resize_to(560, 560)
        for card in (self.moved, self.copy, self.restored):
            card.show()
        self.set_buttons(None, ("Decide later", self.reject))
        self.copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_copy(self) -> None:
        request = Path(self.request.text().strip()).expanduser()
        self.accept()
        self._copied(request)
