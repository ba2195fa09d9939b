"""Whether replicas that hold the same entries come to the same state. They must; where they do not, a program is at fault."""

from typing import TYPE_CHECKING

from reviewer.domain.chain import DeviceId
from reviewer.domain.errors import Damaged
from reviewer.storage import fault_reports
from reviewer.storage.digests import digests_of
from reviewer.storage.rows import ChangingRows, Rows

if TYPE_CHECKING:
    from reviewer.storage.workspace import Work

_FACT = "diverged"


class Diverged(Damaged):
    """Two replicas read the same entries differently. Do not hand anything out."""

    code = "E404"


def note_digests(work: "Work", device: DeviceId, set_digest: str, state_digest: str) -> None:
    """Note what another device came to, and compare it with what we come to."""
    work.run("UPDATE contact SET set_digest = ?, state_digest = ? WHERE device = ?", (set_digest, state_digest, device))
    compare(work)


def compare(work: ChangingRows) -> None:
    """Look whether any device with our entries has another state; remember it, or that it is over."""
    ours = digests_of(work)
    other = work.row("SELECT device FROM contact WHERE set_digest = ? AND state_digest <> ?", (ours.set, ours.state))
    if other is None:
        work.run("DELETE FROM fact WHERE name = ?", (_FACT,))
    elif work.fact(_FACT) != other[0]:
        work.set_fact(_FACT, other[0])
        fault_reports.save(_error(other[0]))


def require(rows: Rows) -> None:
    """Raise Diverged while a device with the same entries has another state."""
    device = rows.fact(_FACT)
    if device is not None:
        raise _error(device)


def _error(device: str) -> Diverged:
    return Diverged(
        f"Same records, different result on device {device[:8]}: a program fault. Exports are blocked, and a report was written.",
        "Update Reviewer on both machines, sync again, and pass the report on.",
    )
