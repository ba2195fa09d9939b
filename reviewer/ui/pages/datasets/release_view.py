"""The middle: one release, whether it stands, its parts and what it lacks, another beside it, its audit, and its card as plain words."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID
from reviewer.domain.errors import shown
from reviewer.ui.pages.datasets import words
from reviewer.ui.pages.datasets.audit_view import AuditView
from reviewer.ui.pages.datasets.compare_view import CompareView
from reviewer.ui.pages.datasets.words import Block, State
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.buttons import KeyButton
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.flow import Flow
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove_all
from reviewer.ui.widgets.scrolling import Reading
from reviewer.ui.widgets.words import OneLine, plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.operations.release_browsing import OpenRelease
    from reviewer.operations.release_checks import Broken
    from reviewer.operations.release_listing import ReleaseLine

_BROKEN = 8
_ABOVE = 10  # pixels between the edge and what was scrolled to
_ROLES = {"title": "title", "heading": "strong", "table": "mono"}


class ReleaseView(Reading):
    """Shows one release; arrow keys and Page Down move in it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Release", Qt.FocusPolicy.StrongFocus)
        self.name, self.pill = plain_label(role="title", wrap=True), Pill("")
        self.made, self.said = Paragraph(tone="muted"), Paragraph()
        self.folder = OneLine(tone="faint")
        self.broken = Paragraph(tone="bad")
        self.left_out = Paragraph(tone="muted")
        self.audit = AuditView(theme)
        self.compare = CompareView(theme)
        self.check, self.ask_audit, self.ask_compare, self.locate = (
            KeyButton(BY_ID[f"datasets.{name}"]) for name in ("check", "audit", "compare", "locate")
        )
        self.card = Card()
        self.blocks: list[Block] = []
        self._parts = QGridLayout()
        self._build()

    def _build(self) -> None:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        paper = Card()
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        paper.column.addLayout(head)
        for part in (self.made, self.said, self.broken, self.folder):
            paper.column.addWidget(part)
        paper.column.addSpacing(4)
        self._parts.setHorizontalSpacing(24)
        self._parts.setVerticalSpacing(4)
        paper.column.addLayout(self._parts)
        paper.column.addWidget(self.left_out)
        buttons = QWidget()
        flow = Flow(buttons)
        for button in (self.check, self.ask_audit, self.ask_compare, self.locate):
            flow.addWidget(button)
        paper.column.addSpacing(4)
        paper.column.addWidget(buttons)
        column.addWidget(paper)
        column.addWidget(self.compare)
        column.addWidget(self.audit)
        self.card.setAccessibleName("Card")
        column.addWidget(self.card)
        column.addStretch(1)
        self.hold(room)

    def show_line(self, line: "ReleaseLine", zone: str) -> None:
        """What the journal says of a release; what lies on the disk follows."""
        self.name.setText(words.name(line))
        self.made.setText(words.made(line, zone))
        self.folder.setText("" if line.folder is None else shown(str(line.folder), 400))
        self.folder.setVisible(line.folder is not None)
        self._show_parts(words.parts(line.rows))
        for part in (self.left_out, self.broken, self.card):
            part.hide()
        self.audit.show_audit(None)
        self.verticalScrollBar().setValue(0)
        self.setAccessibleName(f"Release of {words.name(line)}")

    def reveal(self, part: QWidget) -> None:
        """Scroll to where a part begins, once what was put into it has its place."""
        QTimer.singleShot(0, self, lambda: self.verticalScrollBar().setValue(part.y() - _ABOVE))

    def show_state(self, state: State, broken: "Sequence[Broken]") -> None:
        """How it stands, and what is wrong with it."""
        self.pill.say(state.word, state.kind)
        self.said.setText(state.said)
        lines = [f"▲ {shown(one.where, 80)}: {one.what}" for one in broken[:_BROKEN]]
        if len(broken) > _BROKEN:
            lines.append(f"and {len(broken) - _BROKEN:,} more")
        self.broken.setText("\n".join(lines))
        self.broken.setVisible(bool(lines))

    def show_opened(self, opened: "OpenRelease") -> None:
        """What lies on the disk."""
        left = words.left_out(opened.manifest.dropped)
        shares = words.split_words(opened.manifest)
        self.left_out.setText("; ".join(said for said in (left, shares) if said))
        self.left_out.setVisible(bool(left or shares))
        self.blocks = words.card_blocks(opened.card)
        remove_all(self.card.column)
        if not self.blocks:
            return
        self.card.column.addWidget(plain_label("Its card", role="label"))
        for block in self.blocks:
            self.card.column.addWidget(_block(block))
        self.card.show()

    def _show_parts(self, parts: list[tuple[str, str]]) -> None:
        remove_all(self._parts)
        self._parts.addWidget(plain_label("Part", role="label"), 0, 0)
        self._parts.addWidget(plain_label("rows", role="label"), 0, 1, Qt.AlignmentFlag.AlignRight)
        for place, (part, rows) in enumerate(parts, 1):
            self._parts.addWidget(plain_label(part), place, 0)
            self._parts.addWidget(plain_label(rows), place, 1, Qt.AlignmentFlag.AlignRight)
        self._parts.setColumnStretch(2, 1)


def _block(block: Block) -> QWidget:
    if block.kind == "table":
        return plain_label(block.text, role="mono", wrap=True)
    text = f"•  {block.text}" if block.kind == "point" else block.text
    return Paragraph(text, role=_ROLES.get(block.kind, ""), tone="" if block.kind in _ROLES else "muted")
