"""What every dialog that sends something asks of operations: functions that run on worker threads, and the value that they bring."""

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from reviewer.domain.changes import Outcome
from reviewer.domain.progress import Ticket

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace

P = TypeVar("P")


class Seen(NamedTuple, Generic[P]):
    """What would be sent; whether sending is turned on in this workspace, and whether a key is to be had."""

    preview: P
    on: bool
    key: bool


def seen(workspace: "Workspace", preview: P) -> Outcome[Seen[P]]:
    """A preview, with what else it takes to send it."""
    from reviewer.operations import judging

    return Outcome(Seen(preview, judging.is_on(workspace), judging.has_key()))


def allow(workspace: "Workspace", ticket: Ticket, *, key: str) -> None:
    """Turn sending on, as somebody has just said. key: to be kept in the keyring first; empty where there is one."""
    from reviewer.operations import judging

    if key:
        judging.keep_key(key)
    if not judging.is_on(workspace):
        judging.turn_judge(workspace, ticket, on=True)
