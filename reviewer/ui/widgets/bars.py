"""A thin bar that fills: progress of a queue, of an import."""

from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget


class ThinBar(QProgressBar):
    """A bar without words, 6 pixels high. Say beside it what it counts."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """name: what it counts, for screen readers."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setMinimumWidth(80)
        self.setMaximumWidth(160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_part(self, done: int, total: int) -> None:
        """`done` of `total`; a total of 0 means that nobody knows yet, and the bar wanders."""
        self.setRange(0, max(total, 0))
        self.setValue(min(done, total) if total else 0)
