"""The page's part of the top bar: how many disagreements are left, and in which campaign."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.ui.pages.adjudicate.words import left
from reviewer.ui.widgets.words import OneLine, plain_label

if TYPE_CHECKING:
    from reviewer.operations.adjudicating import Docket


class DocketHeader(QWidget):
    """“Disagreements”, “4 left, Airline refunds, week 47”."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(plain_label("Disagreements", role="title"))
        self.left = OneLine(tone="muted")
        row.addWidget(self.left)
        row.addStretch(1)

    def show_docket(self, docket: "Docket | None") -> None:
        """Take the count of a campaign, or of none."""
        self.left.setText(left(docket))
        self.setAccessibleName(f"Disagreements, {self.left.text()}".rstrip(", "))
