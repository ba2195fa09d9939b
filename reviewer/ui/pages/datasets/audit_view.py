"""What an audit found: what predicts the label by itself, and each check in a sentence with what to do and items to look at."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.pages.datasets import words
from reviewer.ui.pages.datasets.fetching import AuditTold, ShortcutLine
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.flow import Flow
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove_all
from reviewer.ui.widgets.words import plain_label, plain_tooltip

if TYPE_CHECKING:
    from reviewer.operations.audit_findings import Finding

_PILL = 72  # the widest, pixels of the design
_EXAMPLES = 3


class AuditView(QWidget):
    """Shows one audit."""

    opened = Signal(str)
    """The item of an example."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self.findings: list[FindingLine] = []
        self.hide()

    def show_audit(self, told: AuditTold | None) -> None:
        """Take an audit; None takes it away."""
        remove_all(self._column)
        self.findings = []
        self.setVisible(told is not None)
        if told is None:
            return
        self._column.addWidget(plain_label("Audit, by the labels as they are now", role="label"))
        if told.shortcuts:
            self._column.addWidget(_Shortcuts(self._theme, told.shortcuts))
        paper = Card()
        for finding in told.findings:
            line = FindingLine(self._theme, finding)
            line.opened.connect(self.opened)
            self.findings.append(line)
            paper.column.addWidget(line)
        self._column.addWidget(paper)
        self.setAccessibleName(f"Audit: {words.warnings_of(told)}")


class FindingLine(QWidget):
    """A check: its pill, what is so, what to do about it, and a few examples to open."""

    opened = Signal(str)

    def __init__(self, theme: Theme, finding: "Finding") -> None:
        super().__init__()
        self._theme = theme
        kind = {"warning": "warn", "note": "plain", "fine": "ok"}[finding.level]
        said = {"warning": "mind", "note": "note", "fine": "fine"}[finding.level]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(10)
        self._room = QWidget()
        inside = QHBoxLayout(self._room)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(Pill(said, kind))
        inside.addStretch(1)
        row.addWidget(self._room, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(Paragraph(finding.found))
        if finding.todo:
            column.addWidget(Paragraph(f"What to do: {finding.todo}", tone="muted"))
        self.examples: list[QPushButton] = []
        if finding.items and finding.level != "fine":
            column.addWidget(self._some(finding))
        row.addLayout(column, 1)
        self.setAccessibleName(f"{said}: {finding.found} {finding.todo}".strip())
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def _take_theme(self) -> None:
        """All pills have the room of the widest, so that what is beside them begins at one place."""
        self._room.setFixedWidth(self._theme.px(_PILL))

    def _some(self, finding: "Finding") -> QWidget:
        holder = QWidget()
        flow = Flow(holder)
        for item in finding.items[:_EXAMPLES]:
            button = QPushButton(f"Item {shown(item, 12)}")
            button.setProperty("kind", "link")
            button.setAccessibleName(f"Open item {shown(item, 12)}")
            button.clicked.connect(lambda _on=False, name=item: self.opened.emit(name))
            self.examples.append(button)
            flow.addWidget(button)
        more = len(finding.items) - _EXAMPLES
        if more > 0:
            flow.addWidget(plain_label(f"and {more} more", tone="faint"))
        return holder


class _Shortcuts(Card):
    """What predicts the label by itself, the strongest first, each with its interval between 0.5 and 1."""

    def __init__(self, theme: Theme, lines: Sequence[ShortcutLine]) -> None:
        risky = any(one.risky for one in lines)
        super().__init__(paper="mind" if risky else "card")
        self.column.addWidget(Pill("a model could learn a shortcut" if risky else "no strong shortcut", "warn" if risky else "ok"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.addWidget(plain_label("What predicts the reward by itself", role="label", wrap=True), 0, 0)
        grid.addWidget(plain_label("AUC, 95% interval", role="label"), 0, 1)
        grid.addWidget(plain_label("0.5 to 1", role="label"), 0, 2)
        for place, one in enumerate(lines, 1):
            name = QVBoxLayout()
            name.setSpacing(0)
            name.addWidget(Paragraph(one.name))
            if one.way:
                name.addWidget(Paragraph(one.way, tone="warn" if one.risky else "muted"))
            grid.addLayout(name, place, 0)
            grid.addWidget(plain_label(f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})"), place, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(IntervalMark(theme, one), place, 2, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(grid)
        spoken = "; ".join(f"{one.name}: {one.value:.2f}, {one.low:.2f} to {one.high:.2f}" for one in lines)
        self.setAccessibleName(f"What predicts the reward by itself. {spoken}")


class IntervalMark(QWidget):
    """A dot on a line, from 0.5 at the left to 1 at the right."""

    def __init__(self, theme: Theme, one: ShortcutLine) -> None:
        super().__init__()
        self._theme, self._one = theme, one
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{one.low:.2f} to {one.high:.2f}")
        plain_tooltip(self, f"{one.value:.3f}, 95% {one.low:.3f} to {one.high:.3f}")

    def sizeHint(self) -> QSize:
        """As the text around it."""
        return QSize(self._theme.px(96), self._theme.px(18))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - as Qt calls it
        """The interval, then the value on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, room = self.height() / 2, self.width() - self._theme.px(8)
        ends = [self._theme.px(4) + (min(max(at, 0.5), 1.0) - 0.5) * 2 * room for at in (self._one.low, self._one.value, self._one.high)]
        ink = self._theme.colour("warn" if self._one.risky else "accent")
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawLine(int(self._theme.px(4)), int(middle), int(self._theme.px(4) + room), int(middle))
        painter.setPen(QPen(ink, 2))
        painter.drawLine(int(ends[0]), int(middle), int(ends[2]), int(middle))
        painter.setBrush(ink)
        half = self._theme.px(3)
        painter.drawEllipse(int(ends[1] - half), int(middle - half), 2 * half, 2 * half)
        painter.end()
