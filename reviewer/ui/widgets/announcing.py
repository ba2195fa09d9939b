"""Saying something aloud that the focus does not tell: to a screen reader, where one listens."""

from PySide6.QtCore import QObject


def announce(of: QObject, words: str) -> None:
    """Let what listens read the words out, as said by a widget; nothing where nobody listens, or there are none."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # here: it costs the first paint some milliseconds

    if words and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(of, words))
