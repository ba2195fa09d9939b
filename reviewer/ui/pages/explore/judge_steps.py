"""What the judge's dialog asks of operations: functions that run on worker threads, and the values that they bring."""

from typing import TYPE_CHECKING, NamedTuple

from reviewer.catalogue.settings import Settings
from reviewer.domain.changes import Outcome
from reviewer.domain.progress import Ticket

if TYPE_CHECKING:
    from reviewer.operations.judge_running import JudgedItems
    from reviewer.operations.judging import Preview
    from reviewer.storage.workspace import Workspace


class Seen(NamedTuple):
    """What would be sent; whether sending is turned on in this workspace, and whether a key is to be had."""

    preview: "Preview"
    on: bool
    key: bool


def preview(workspace: "Workspace", ticket: Ticket, *, query: str, limit: int, settings: Settings) -> Outcome[Seen]:
    """What would be sent of what a query finds. Nothing is sent."""
    from reviewer.operations import judging
    from reviewer.operations.judge_material import Wanted

    terms = judging.terms_of(settings)
    found = judging.preview_judging(workspace, ticket, wanted=Wanted(query=query, limit=limit), terms=terms).value
    return Outcome(Seen(found, judging.is_on(workspace), judging.has_key()))


def ask(workspace: "Workspace", ticket: Ticket, *, query: str, limit: int, settings: Settings, key: str) -> "Outcome[JudgedItems]":
    """Turn sending on, as somebody has just said, and ask. key: to be kept in the keyring first; empty where there is one."""
    from reviewer.operations import judging
    from reviewer.operations.judge_material import Wanted

    if key:
        judging.keep_key(key)
    if not judging.is_on(workspace):
        judging.turn_judge(workspace, ticket, on=True)
    return judging.judge_items(workspace, ticket, wanted=Wanted(query=query, limit=limit), terms=judging.terms_of(settings))
