"""A text with what was changed in it: struck out what is gone, underlined what is new. Shape and colour say the same."""

from collections.abc import Sequence

from PySide6.QtGui import QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QWidget

from reviewer.domain.wording import Piece
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.paragraphs import Paragraph

_SPOKEN = {"same": "{}", "gone": "[gone: {}]", "new": "[new: {}]"}


class ChangedWords(Paragraph):
    """Shows pieces of a text as they are. A screen reader hears which words are gone and which are new."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(role="lead", parent=parent)
        self._theme = theme
        self._pieces: tuple[Piece, ...] = ()
        theme.changed.connect(self.update)

    def show_pieces(self, pieces: Sequence[Piece]) -> None:
        """Take another text."""
        self._pieces = tuple(pieces)
        self.setText("".join(piece.text for piece in pieces))
        self.setAccessibleName(" ".join(_SPOKEN[piece.kind].format(piece.text.strip()) for piece in pieces))

    def formats(self) -> list[QTextLayout.FormatRange]:
        """The ranges that differ from the rest, in Qt's units of UTF-16."""
        found = []
        start = 0
        for piece in self._pieces:
            length = len(piece.text.encode("utf-16-le", "surrogatepass")) // 2
            if piece.kind != "same":
                found.append(self._format(start, length - (len(piece.text) - len(piece.text.rstrip())), gone=piece.kind == "gone"))
            start += length
        return found

    def _format(self, start: int, length: int, *, gone: bool) -> QTextLayout.FormatRange:
        ink = "bad" if gone else "ok"
        look = QTextCharFormat()
        look.setForeground(self._theme.colour(ink))
        look.setBackground(self._theme.colour(f"{ink}_soft"))
        look.setFontStrikeOut(gone)
        look.setFontUnderline(not gone)
        there = QTextLayout.FormatRange()
        there.start, there.length, there.format = start, length, look
        return there
