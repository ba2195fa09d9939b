"""A disk that takes no more of a workspace, as a page meets it."""

from pytestqt.qtbot import QtBot

from reviewer.domain.changes import Outcome
from reviewer.storage.workspace import Workspace
from reviewer.ui.page import Page


def set_full(qtbot: QtBot, page: Page, full: bool) -> None:
    """Let the database of the page's workspace grow no further, or again."""
    done: list[object] = []

    def limit(workspace: Workspace, _ticket: object) -> Outcome[None]:
        with workspace.begin() as work:
            (pages,) = work.row("PRAGMA page_count") or (0,)
            work.row(f"PRAGMA max_page_count = {pages if full else 1_000_000}")
        return Outcome(None)

    page.desk.jobs.run(limit, owner=page, done=done.append, failed=done.append)
    qtbot.waitUntil(lambda: bool(done))
