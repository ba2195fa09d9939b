"""The line at the foot: the keys of the page, as many as there is room for, and a remark of the page at its end."""

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from reviewer.catalogue import actions
from reviewer.catalogue.actions import Action, key_words
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.announcing import announce
from reviewer.ui.widgets.caps import KeyCap
from reviewer.ui.widgets.words import plain_label

_GAP = 18
_TOLD_FOR_MS = 5000
NO_WORDS: Mapping[str, str] = {}
_LAST = "app.keys"  # always there: it leads to all the others


class Footer(QFrame):
    """Made from the catalogue; holds nothing to press."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("footer")
        self.setAccessibleName("Keys of this page")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(_GAP)
        self._words: list[tuple[str, str]] = []  # keys and word of each entry but the last
        self._entries: list[QWidget] = []  # as many as there was ever room for, and the last
        self._remark = plain_label(tone="faint", role="small")
        self._said = ""
        self._back = QTimer(self, singleShot=True, interval=_TOLD_FOR_MS)
        self._back.timeout.connect(lambda: self._show(self._said, "faint"))
        self._row.addWidget(self._remark)
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_page(self, page: str, instead: Mapping[str, str] = NO_WORDS) -> None:
        """Show the keys of a page; instead: other words than the catalogue's, by id, empty ones for none."""
        for entry in self._entries:
            self._row.removeWidget(entry)
            entry.deleteLater()
        *self._words, last = footer_words(page, instead)
        self._entries = [_entry(*last)]
        self._row.insertWidget(0, self._entries[0])
        self._fit()

    def say(self, remark: str) -> None:
        """Put a remark at the end, or take it away."""
        if remark == self._said and not self._back.isActive():
            return  # every item says so again, and to fit the keys costs it half a millisecond
        self._back.stop()
        self._said = remark
        self._show(remark, "faint")

    def tell(self, words: str) -> None:
        """Say something for a few seconds in the remark's place, and to a screen reader; then the remark is back."""
        self._show(words, "")
        self._back.start()
        announce(self, words)

    def _show(self, words: str, tone: str) -> None:
        self._remark.setText(words)
        self._remark.set_tone(tone)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self._entries:
            return
        last = self._entries[-1]
        taken = self._remark.sizeHint().width() + last.sizeHint().width() + 3 * _GAP + 32
        for place in range(len(self._words)):
            if self._entries[place] is last:
                if taken >= self.width():
                    break  # a window of usual size has no room for most of a page's keys: they are not made
                self._make_next()
            entry = self._entries[place]
            taken += entry.sizeHint().width() + _GAP
            entry.setVisible(taken <= self.width())
        last.setVisible(True)

    def _make_next(self) -> None:
        place = len(self._entries) - 1
        entry = _entry(*self._words[place])
        self._row.insertWidget(place, entry)
        entry.stackUnder(self._entries[-1])  # a screen reader goes by this order
        self._entries.insert(place, entry)

    def _take_theme(self) -> None:
        self.setFixedHeight(self._theme.px(28))
        self._fit()


def footer_words(page: str, instead: Mapping[str, str] = NO_WORDS) -> list[tuple[str, str]]:
    """Keys and word of each entry: the page's own, those of the whole program, and last the way to all: ("?", "all keys").

    instead: other words than the catalogue's, by the action's id; empty ones leave the action out.
    """
    said = [(instead.get(action.id, action.footer), action) for action in actions.on_page(page)]
    shown = [(word, action) for word, action in said if word and action.keys and action.id != _LAST]
    entries = [(joined([_cap(action) for _, action in group]), word) for word, group in groupby(shown, key=itemgetter(0))]
    last = actions.BY_ID[_LAST]
    return [*entries, (_cap(last), last.footer)]


def joined(keys: list[str]) -> str:
    """Several keys on one cap: “C N U”, “Alt 1 2 3” where they share what is held down, and “1–9” for many digits."""
    if len(keys) > 3 and all(key.isdecimal() for key in keys):
        return f"{keys[0]}–{keys[-1]}"
    held = {key.rpartition(" ")[0] for key in keys}
    if len(held) == 1 and len(keys) > 1:
        return f"{held.pop()} {' '.join(key.rpartition(' ')[2] for key in keys)}".strip()
    return " ".join(keys)


def _cap(action: Action) -> str:
    return key_words(action.keys[0])


def _entry(keys: str, word: str) -> QWidget:
    entry = QWidget()
    row = QHBoxLayout(entry)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(5)
    row.addWidget(KeyCap(keys), 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(plain_label(word, role="small", tone="muted"))
    entry.setAccessibleName(f"{keys}: {word}")
    return entry
