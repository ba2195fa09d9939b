"""Noticing, when a workspace is opened, that it is an older copy of itself or lies on another machine. JOURNAL.md 2.5."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.chain import EntryHash, Head
from reviewer.domain.errors import Refused, ReviewerError
from reviewer.storage import keys, machines, marks, streams
from reviewer.storage.rows import Rows
from reviewer.storage.streams import Own

if TYPE_CHECKING:
    from reviewer.storage.workspace import Work, Workspace


class Behind(NamedTuple):
    """An own stream that had come further than it has here. head: where it stands; known: how far it had come, and who says so."""

    own: Own
    head: Head | None
    known: Head
    witness: str

    @property
    def missing(self) -> int:
        """How many entries are missing, at the least."""
        return max(1, self.known.seq - (self.head.seq if self.head else 0))


def look(workspace: "Workspace") -> None:
    """Ask of each device whose key lies here whether its stream is behind its mark or a receipt; if so, go on in a new stream and say so.

    Where the workspace was used on another machine, nothing is opened before somebody has said what happened.
    """
    with workspace.read() as reading:
        project, used_on = reading.fact("project"), machines.known(reading)
        mine = list(streams.own(reading))
    if project is None:
        return
    if used_on is None:
        with workspace.begin() as work:
            machines.stay(work)
    elif machines.here() not in (used_on, None) and any(keys.held(one.device) for one in mine):
        workspace.elsewhere = True
        workspace.notices.append(undecided())
        return
    # Marks first, then the entries: another process may write both meanwhile, always the entry before its mark.
    known = _marks(EntryHash(project), mine)
    with workspace.read() as reading:
        if not behind(reading, mine, known):
            return
    with workspace.begin() as work:
        leave_behind(work)


def leave_behind(work: "Work") -> list[Behind]:
    """Go on in a new stream for each device of this machine whose stream is behind; tell whoever opened the workspace. Returns them."""
    project = work.fact("project")
    assert project is not None  # streams are a project's
    mine = [one for one in streams.own(work) if keys.held(one.device)]
    found = behind(work, mine, _marks(EntryHash(project), mine))
    for one in found:
        streams.go_on(work, one.own, "restore", one.head)
        work.workspace.notices.append(_older(one))
    return found


def behind(rows: Rows, mine: Iterable[Own], known: dict[str, Head]) -> list[Behind]:
    """Those of the streams that lack an entry which a mark (by stream) or a receipt names."""
    found = []
    for one in mine:
        said = [(known[one.stream], "this machine")] if one.stream in known else []
        sql = (
            "SELECT r.seq, r.head, coalesce(m.name, r.device) FROM receipt r LEFT JOIN device d ON d.id = r.device"
            " LEFT JOIN member m ON m.id = d.member WHERE r.stream = ?"
        )
        receipts = rows.rows(sql, (bytes.fromhex(one.stream),))
        said += [(Head(seq, EntryHash(head.hex())), f"{name}'s device") for seq, head, name in receipts]
        lacking = [(head, witness) for head, witness in said if not _is_here(rows, one, head)]
        if lacking:
            furthest, witness = max(lacking, key=lambda one: one[0].seq)
            found.append(Behind(one, streams.head(rows, one.stream), furthest, witness))
    return found


def undecided() -> ReviewerError:
    """What whoever writes is told as long as nobody said how the workspace came to this machine."""
    return Refused(
        "This workspace was used on another machine, and its keys are here as well.",
        "Say what happened: `reviewer device moved`, `reviewer device restored`, or `reviewer device copied` for use beside the first.",
        "E109",
    )


def _older(one: Behind) -> ReviewerError:
    records = "record" if one.missing == 1 else "records"
    return ReviewerError(
        f"This is an older copy (missing {one.missing:,} {records} known from {one.witness}). You can go on; new work is kept apart.",
        "Sync, or apply a bundle of somebody who has them, to bring the missing records back.",
        "E108",
    )


def _marks(project: EntryHash, mine: Iterable[Own]) -> dict[str, Head]:
    return {one.stream: mark for one in mine if (mark := marks.read(project, one.stream)) is not None}


def _is_here(rows: Rows, one: Own, head: Head) -> bool:
    place = (bytes.fromhex(one.stream), head.seq, bytes.fromhex(head.hash))
    return rows.row("SELECT 1 FROM entry WHERE stream = ? AND seq = ? AND hash = ?", place) is not None
