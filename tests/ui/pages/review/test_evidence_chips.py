"""Chips in a room that is too narrow for their words."""

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from reviewer.ui.pages.review.evidence_chips import EvidenceChips

LONG = "missing at step 3: “Did not ask for a yes be…” → airline-agent-policy.3"


def test_a_chip_too_long_for_its_room_keeps_both_ends_and_its_cross(qtbot: QtBot) -> None:
    chips = EvidenceChips()
    qtbot.addWidget(chips)
    chips.show_chips([LONG, "step 6 → 4.2"])
    chips.resize(260, 120)
    chips.show()
    assert chips.minimumSizeHint().width() <= 260
    qtbot.waitUntil(lambda: chips.findChildren(QPushButton)[0].width() == 260)
    long, short = chips.findChildren(QPushButton)
    assert (long.text()[:12], long.text()[-6:]) == ("missing at s", "y.3  ✕")
    assert "…" in long.text()
    assert (short.text(), short.width()) == ("step 6 → 4.2  ✕", short.sizeHint().width())
    assert long.accessibleName() == f"Evidence: {LONG}"
    chips.resize(1200, 120)
    qtbot.waitUntil(lambda: long.text() == f"{LONG}  ✕")
