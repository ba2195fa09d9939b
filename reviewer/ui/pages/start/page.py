"""What would you like to review? Three cards, the workspaces opened before, and a place to drop files."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.catalogue.settings import RECENT_WORKSPACES
from reviewer.ui.page import Desk, Page
from reviewer.ui.widgets.buttons import KeyButton
from reviewer.ui.widgets.cards import ChoiceCard, PaperButton
from reviewer.ui.widgets.times import how_long_ago
from reviewer.ui.widgets.words import Headline, plain_label

_WIDTH = 860
_CARD_HEIGHT = 210


class StartPage(Page):
    """Shown when no workspace is open, and whenever somebody wants another."""

    name = "start"
    title = "Reviewer"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._cards = self._make_cards()
        self._rows: list[RecentRow] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAccessibleName(self.title)
        outer.addWidget(scroll)
        room = _Room(self.move_focus)
        scroll.setViewport(QWidget())  # see transcript/view.py: Qt's own costs the first paint 20 ms, and is painted over
        scroll.setWidget(room)
        room.setAutoFillBackground(False)
        middle = QHBoxLayout(room)
        middle.setContentsMargins(24, 24, 24, 24)
        self._body = QWidget()
        middle.addStretch(1)
        middle.addWidget(self._body, 100)
        middle.addStretch(1)
        self._fill(self._body)
        desk.theme.changed.connect(self._take_theme)
        self._take_theme()

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Enter does what the card with the focus says; without one it opens the sample."""
        return {"start.sample": self.desk.shell.open_sample}

    def refresh(self) -> None:
        """The list of what was opened before."""
        for row in self._rows:
            self._recent.removeWidget(row)
            row.deleteLater()
        before: list[object] = self.desk.settings[RECENT_WORKSPACES]
        self._rows = [RecentRow(place) for place in remembered(before, datetime.now().astimezone())]
        for row in self._rows:
            row.clicked.connect(lambda _on=False, folder=row.folder: self.desk.shell.open_workspace(folder))
            self._recent.addWidget(row)
        self._before.setVisible(bool(self._rows))

    def shown(self) -> None:
        """The first card waits for Enter."""
        self.refresh()
        self._cards[0].setFocus(Qt.FocusReason.TabFocusReason)

    def move_focus(self, key: Qt.Key) -> bool:
        """Go with an arrow from card to card, and to the rows below. False: the key leads nowhere."""
        ways: list[QWidget] = [*self._cards, *self._rows]
        here = next((place for place, way in enumerate(ways) if way.hasFocus()), None)
        if here is None:
            return False
        cards = len(self._cards)
        if here < cards:
            goal = {Qt.Key.Key_Right: min(here + 1, cards - 1), Qt.Key.Key_Left: max(here - 1, 0), Qt.Key.Key_Down: cards}.get(key)
        else:
            goal = {Qt.Key.Key_Down: here + 1, Qt.Key.Key_Up: here - 1 if here > cards else 0}.get(key)
        if goal is None or goal >= len(ways):
            return False
        ways[goal].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _make_cards(self) -> list[ChoiceCard]:
        shell = self.desk.shell
        ways = (
            (
                "start.sample",
                "200 agent runs over three written policies, and a campaign of 40 that waits for you. Ten minutes.",
                shell.open_sample,
            ),
            (
                "app.import",
                "Drop files or a folder here: traces, evaluation logs, chats, tables. You see what was read before anything else happens.",
                self._import,
            ),
            ("app.open", "A folder that was made before, on this machine or on a stick.", shell.choose_folder),
        )
        cards = []
        for name, words, act in ways:
            card = ChoiceCard(BY_ID[name].title, words, key_words(BY_ID[name].keys[0]))
            card.clicked.connect(act)
            cards.append(card)
        return cards

    def _import(self) -> None:
        shell = self.desk.shell
        shell.with_workspace(lambda: shell.go("explore").handlers()["app.import"]())

    def _fill(self, body: QWidget) -> None:
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(Headline("What would you like to review?"))
        column.addWidget(plain_label("Everything stays on this machine until you sync.", role="lead", tone="muted", wrap=True))
        column.addSpacing(16)
        row = QHBoxLayout()
        row.setSpacing(14)
        for card in self._cards:
            row.addWidget(card, 1)
        column.addLayout(row)
        column.addSpacing(10)
        others = QHBoxLayout()
        others.setSpacing(14)
        for name, act in (("app.bundle", self.desk.shell.choose_bundle), ("app.join", self.desk.shell.join_project)):
            button = KeyButton(BY_ID[name])
            button.clicked.connect(lambda _on=False, act=act: act())
            others.addWidget(button, 1)
        column.addLayout(others)
        self._before = QWidget()
        below = QVBoxLayout(self._before)
        below.setContentsMargins(0, 22, 0, 0)
        below.setSpacing(6)
        below.addWidget(plain_label("Opened before", role="label"))
        self._recent = QVBoxLayout()
        self._recent.setSpacing(6)
        below.addLayout(self._recent)
        column.addWidget(self._before)
        column.addStretch(1)

    def _take_theme(self) -> None:
        self._body.setMaximumWidth(self.desk.theme.px(_WIDTH))
        for card in self._cards:
            card.setMinimumHeight(self.desk.theme.px(_CARD_HEIGHT))


class Remembered(NamedTuple):
    """A workspace opened before. words: what was last known of it, and when that was."""

    folder: Path
    name: str
    words: str


def remembered(rows: Iterable[object], now: datetime) -> list[Remembered]:
    """The rows of the setting, as far as they can be read. now: with its time zone; “yesterday” is said in it."""
    found = []
    for row in rows:
        if isinstance(row, dict):
            folder = Path(str(row["folder"]))
            words = [str(row.get("summary", "")), how_long_ago(str(row.get("time", "")), now)]
            found.append(Remembered(folder, str(row.get("name") or folder.name), ", ".join(word for word in words if word)))
    return found


class RecentRow(PaperButton):
    """A workspace opened before: its name, what was in it, when."""

    def __init__(self, place: Remembered) -> None:
        super().__init__("row")
        self.folder = place.folder
        self.setAccessibleName(f"Open {place.name}")
        self.setAccessibleDescription(place.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(6)
        row.addWidget(plain_label(place.name, role="strong"))
        row.addWidget(plain_label(place.words, tone="faint"))
        row.addStretch(1)
        row.addWidget(plain_label(str(place.folder.parent), tone="faint", role="small"))
        self.take_clicks()

    def minimumSizeHint(self) -> QSize:
        """The path may be cut off, the height not."""
        return QSize(200, self.sizeHint().height())


class _Room(QWidget):
    """What scrolls: it takes the arrows before the scroll area does."""

    def __init__(self, move: Callable[[Qt.Key], bool]) -> None:
        super().__init__()
        self._move = move

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._move(Qt.Key(event.key())):
            super().keyPressEvent(event)
