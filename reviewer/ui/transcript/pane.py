"""A transcript with what belongs around it: strips of warning above, the find bar below, and the handlers of its actions."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.domain.items import Item
from reviewer.ui.theme import Theme
from reviewer.ui.transcript.blocks import Transcript, prepare
from reviewer.ui.transcript.images import Ask
from reviewer.ui.transcript.looks import PAGE, Ground
from reviewer.ui.transcript.strips import Strip, warning
from reviewer.ui.transcript.view import TranscriptView

if TYPE_CHECKING:
    from reviewer.ui.transcript.find_bar import FindBar

_RAW_KEY = key_words(BY_ID["transcript.raw"].keys[0])
_RAW = f"Raw view: text exactly as recorded, hidden characters as \\u codes. {_RAW_KEY} lays it out again."


class TranscriptPane(QWidget):
    """What a page puts on its desk. `handlers` are those of the catalogue's place “in a transcript”."""

    def __init__(self, theme: Theme, ask: Ask | None = None, *, short_id: Callable[[], str] = lambda: "", ground: Ground = PAGE) -> None:
        """ask: how images are read. short_id: the id of the item on screen, for quotes. ground: what it lies on."""
        super().__init__()
        self._theme = theme
        self._ground = ground
        self._short_id = short_id
        self.view = TranscriptView(theme, ask, ground=ground)
        self._warning = Strip(theme, "warn")
        self._raw = Strip(theme, "plain")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._strips = QVBoxLayout()
        self._strips.setSpacing(6)
        self._column.addLayout(self._strips)
        self._column.addWidget(self.view, 1)
        for strip in (self._warning, self._raw):
            self.add_strip(strip)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    @cached_property
    def find_bar(self) -> "FindBar":
        """The bar below; made when it is first wanted, since the first screen shall not wait for it."""
        from reviewer.ui.transcript.find_bar import FindBar

        bar = FindBar(self.view)
        self._column.addWidget(bar)
        return bar

    def add_strip(self, strip: QWidget) -> None:
        """Put another strip above the transcript."""
        self._strips.addWidget(strip)

    def show_item(self, item: Item) -> None:
        """Show an item."""
        self.show_transcript(prepare(item))

    def show_transcript(self, transcript: Transcript, *, at_last: bool = False) -> None:
        """Show an item that was prepared on another thread; at_last: from its last step."""
        self.view.show_transcript(transcript, at_last=at_last)
        self._warning.say(warning(transcript.hidden, transcript.references, _RAW_KEY))
        self._say_raw()

    def clear(self) -> None:
        """Show nothing."""
        self.view.clear()
        self._warning.say("")
        self._raw.say("")

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """What the actions of a transcript do, by id."""
        return {
            "transcript.find": lambda: self.find_bar.open_bar(),
            "transcript.find_next": lambda: self.find_bar.step(1),
            "transcript.find_previous": lambda: self.find_bar.step(-1),
            "transcript.fold": self.view.folding.toggle,
            "transcript.fold_all": self.view.folding.fold_all,
            "transcript.unfold_all": self.view.folding.unfold_all,
            "transcript.raw": self._toggle_raw,
            "transcript.quote": lambda: self.view.copy_quote(self._short_id()),
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the find bar wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape and "find_bar" in self.__dict__ and self.find_bar.isVisible():
            self.find_bar.close_bar()
            return
        super().keyPressEvent(event)

    def _toggle_raw(self) -> None:
        self.view.folding.toggle_raw()
        self._say_raw()

    def _say_raw(self) -> None:
        self._raw.say(_RAW if self.view.folding.raw else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size: the strips end where the cards do."""
        super().resizeEvent(event)
        self._take_theme()

    def _take_theme(self) -> None:
        px, wide = self._theme.px, self.width()
        right = max(px(20), wide - self.view.scene.look.card_right(wide))
        self._strips.setContentsMargins(px(56), 0, right, px(8) if self._ground is PAGE else 0)
