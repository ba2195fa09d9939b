"""Joining a project that others lead: a folder, keys, and a request for a lead to admit."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from reviewer.domain import chain, joining
from reviewer.domain.chain import DeviceId, EntryHash
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.events import Genesis
from reviewer.domain.joining import Request
from reviewer.domain.progress import SILENT, Ticket
from reviewer.storage import acting, folders, outgoing
from reviewer.storage import joining as joining_rows
from reviewer.storage.rows import Rows
from reviewer.storage.workspace import DATABASE, Workspace

_WORDS = "request.words"


class Joined(NamedTuple):
    """A request that waits. words: to compare with the lead's; key_file: where the key went, if not into the OS keyring."""

    request: Path
    name: str
    device: DeviceId
    words: tuple[str, ...]
    key_file: Path | None


def join_project(folder: Path, *, member: str, request: Path, passphrase: str | None = None, in_keyring: bool = False) -> Outcome[Joined]:
    """Make a workspace that waits to be admitted, and write its request. Run again in the same folder, the request is written again.

    Raises Refused for a folder that holds something else or a request file that exists, NotSaved where the disk does not take it.
    """
    if request.exists():
        raise Refused(f"{request} exists already.", "Name another file for the request.")
    workspace = _waiting(folder, member, passphrase, in_keyring)
    try:
        return Outcome(write_request(workspace, SILENT, request=request).value, Changes.ALL)
    finally:
        workspace.close()


def write_request(workspace: Workspace, ticket: Ticket, *, request: Path) -> Outcome[Joined]:
    """Write the request of a workspace that waits to be admitted. Each one bears its time and so has words of its own; those of the last
    one are remembered. Raises Refused where none waits, NotSaved."""
    ticket.step(0, 1, "Writing the request")
    with workspace.read() as reading:
        asked = joining_rows.request_of(reading)
    with outgoing.saying_why(request):
        folders.write_durably(request, joining.compose(asked))
    words = joining_rows.six_words(asked.digest)
    with workspace.begin() as work:
        work.set_fact(_WORDS, " ".join(words))
    return Outcome(Joined(request, asked.name, asked.device, words, workspace.key_file))


def words_given(rows: Rows) -> tuple[str, ...]:
    """The six words of the request that was written last; none where it is not known."""
    return tuple((rows.fact(_WORDS) or "").split())


def read_request(path: Path) -> tuple[Request, tuple[str, ...]]:
    """A request file, and its six words. Raises NotFound, Refused and Damaged; needs no workspace."""
    request = joining_rows.read_request(path)
    return request, joining_rows.six_words(request.digest)


class Project(NamedTuple):
    """What a replica takes for its project. root: hash of its genesis; words: the six that stand for it; lead: whose key it is."""

    name: str
    root: EntryHash
    lead: str
    words: tuple[str, ...]


def project_of(workspace: Workspace, ticket: Ticket) -> Outcome[Project | None]:
    """The project, for a person to compare with what the lead sees; None before the first sync or bundle brought one."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        return Outcome(project_in(reading))


def project_in(rows: Rows) -> Project | None:
    """The project, in a view that is open already."""
    found = rows.row("SELECT e.hash, e.body FROM fact f JOIN entry e ON e.hash = unhex(f.value) WHERE f.name = 'project'")
    if found is None:
        return None
    genesis = msgspec.convert(chain.parse(bytes(found[1])).value, Genesis)
    root = EntryHash(found[0].hex())
    return Project(genesis.project_name, root, genesis.member_name, joining_rows.six_words(bytes(found[0])))


def _waiting(folder: Path, member: str, passphrase: str | None, in_keyring: bool) -> Workspace:
    if not (folder / DATABASE).is_file():
        return Workspace.join(folder, member=member, passphrase=passphrase, in_keyring=in_keyring)
    workspace = Workspace.open(folder, passphrase=passphrase)
    with workspace.read() as reading:
        waits = acting.joining(reading)
    if waits is None or waits.name != member:
        workspace.close()
        raise Refused(f"{folder} holds a workspace already.", "Join in a new folder, with --workspace.")
    return workspace
