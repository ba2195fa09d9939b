"""Saying how a workspace came to this machine: moved, restored from a copy, or copied to be used beside the first. JOURNAL.md 2.5."""

from pathlib import Path
from typing import Literal

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.progress import Ticket
from reviewer.operations import joining
from reviewer.operations.joining import Joined
from reviewer.storage import copies, keys, machines, streams
from reviewer.storage.workspace import Workspace

How = Literal["moved", "restored"]
_BELONGS = "This workspace belongs to this machine already."


def settle_machine(workspace: Workspace, ticket: Ticket, *, how: How) -> Outcome[int]:
    """Go on with a workspace that was used on another machine. Returns how many devices go on in a new stream.

    moved: it is used there no more, and each device goes on where it stopped, unless it is an older copy. restored: in a new stream.
    Raises Refused where nobody asked, Locked where a key is not to be had.
    """
    if not workspace.elsewhere:
        raise Refused(_BELONGS, "Nothing has to be said.")
    ticket.step(0, 1, "Settling")
    with workspace.begin() as work:
        machines.stay(work)
        opened = len(copies.leave_behind(work))
        if how == "restored" and not opened:
            for one in [one for one in streams.own(work) if keys.held(one.device)]:
                streams.go_on(work, one, "restore", streams.head(work, one.stream))
                opened += 1
    workspace.elsewhere = False
    _asked_no_more(workspace)
    return Outcome(opened, Changes.MEMBERS)


def settle_copy(workspace: Workspace, ticket: Ticket, *, request: Path) -> Outcome[Joined]:
    """Go on with a copy beside the first: with new keys, once a lead has admitted the request that is written. Until then it is read.

    All that lies here stays. Run again, the request is written again. Raises Refused where the workspace belongs to this machine with
    its keys, and for a request file that exists; NotSaved where the disk does not take it.
    """
    if request.exists():
        raise Refused(f"{request} exists already.", "Name another file for the request.")
    if not workspace.me.waiting:
        with workspace.read() as reading:
            signs_here = any(keys.held(one.device) for one in streams.own(reading))
        if signs_here and not workspace.elsewhere:
            raise Refused(_BELONGS, "Its keys are here as well: nothing has to be said, and nobody has to be admitted.")
        workspace.wait_anew()
        _asked_no_more(workspace)
    return Outcome(joining.write_request(workspace, ticket, request=request).value, Changes.ALL)


def _asked_no_more(workspace: Workspace) -> None:
    workspace.notices = [notice for notice in workspace.notices if notice.code != "E109"]
