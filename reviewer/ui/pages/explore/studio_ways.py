"""The ways to Mistral Studio and back. Studio is part of some contracts only: where it turns out to be closed to a key, they are hidden."""

from PySide6.QtCore import QObject

from reviewer.domain.errors import ReviewerError
from reviewer.ui.page import Page

_ACTIONS = ("explore.pull", "explore.push")
_HIDDEN = "What leads to Mistral Studio is hidden from now on."
_BACK = "It is back when Reviewer is started anew, with another key or contract perhaps."


class StudioWays(QObject):
    """Opens the dialogs, until Studio says that it is not open to us (status 403 or 404)."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self.open_to_us = True

    def pull(self) -> None:
        """Ask what to bring in."""
        from reviewer.ui.pages.explore.pull_dialog import PullDialog

        dialog = PullDialog(self._page.desk, self._page)
        dialog.refused.connect(self._hear)
        dialog.open()

    def push(self) -> None:
        """Ask whose answers to send."""
        from reviewer.ui.pages.explore.push_dialog import PushDialog

        dialog = PushDialog(self._page.desk, self._page)
        dialog.refused.connect(self._hear)
        dialog.open()

    def _hear(self, error: ReviewerError) -> None:
        if error.about == "studio" and self.open_to_us:
            self.open_to_us = False
            self._page.allow(_ACTIONS, False)
            self._page.desk.messages.note(_HIDDEN, _BACK)
