"""What the judge's dialog asks of operations: functions that run on worker threads."""

from typing import TYPE_CHECKING

from reviewer.catalogue.settings import Settings
from reviewer.domain.changes import Outcome
from reviewer.domain.progress import Ticket
from reviewer.ui.pages.sending import steps
from reviewer.ui.pages.sending.steps import Seen

if TYPE_CHECKING:
    from reviewer.operations.judge_running import JudgedItems
    from reviewer.operations.judging import Preview
    from reviewer.storage.workspace import Workspace


def preview(workspace: "Workspace", ticket: Ticket, *, query: str, limit: int, settings: Settings) -> "Outcome[Seen[Preview]]":
    """What would be sent of what a query finds. Nothing is sent."""
    from reviewer.operations import judging
    from reviewer.operations.judge_material import Wanted

    terms = judging.terms_of(settings)
    found = judging.preview_judging(workspace, ticket, wanted=Wanted(query=query, limit=limit), terms=terms).value
    return steps.seen(workspace, found)


def ask(workspace: "Workspace", ticket: Ticket, *, query: str, limit: int, settings: Settings, key: str) -> "Outcome[JudgedItems]":
    """Turn sending on, as somebody has just said, and ask. key: to be kept in the keyring first; empty where there is one."""
    from reviewer.operations import judging
    from reviewer.operations.judge_material import Wanted

    steps.allow(workspace, ticket, key=key)
    return judging.judge_items(workspace, ticket, wanted=Wanted(query=query, limit=limit), terms=judging.terms_of(settings))
