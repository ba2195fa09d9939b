"""A page's part of the top bar where it is its title and a few words beside it."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.ui.widgets.words import OneLine


class TitleLine(QWidget):
    """“Datasets”, “2 releases”."""

    def __init__(self, title: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._title, self._said = OneLine(title, role="title"), OneLine(tone="muted")
        row.addWidget(self._title)
        row.addWidget(self._said)
        row.addStretch(1)
        self.say("")

    def say(self, said: str, *, title: str | None = None) -> None:
        """Put other words beside the title, and if it is named after what is shown, another title."""
        if title is not None:
            self._title.setText(title)
        self._said.setText(said)
        self.setAccessibleName(self.words)

    @property
    def words(self) -> str:
        """All that it says."""
        return f"{self._title.text()}, {self._said.text()}".rstrip(", ")
