"""The page's part of the top bar: how many releases there are."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.ui.widgets.words import OneLine


class Header(QWidget):
    """The page's part of the top bar."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._title, self._said = OneLine("Datasets", role="title"), OneLine(tone="muted")
        row.addWidget(self._title)
        row.addWidget(self._said)
        row.addStretch(1)

    def say(self, releases: int) -> None:
        """How many there are."""
        self._said.setText("" if not releases else "1 release" if releases == 1 else f"{releases:,} releases")

    @property
    def words(self) -> str:
        """All that it says."""
        return f"{self._title.text()}, {self._said.text()}".rstrip(", ")
