"""What a hub showed before. It only ever grows: one that shows less, or something else, is not followed."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from reviewer.domain import receipts
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.chain import EntryHash
from reviewer.domain.errors import Damaged
from reviewer.domain.receipts import Receipt
from reviewer.domain.times import utc_text
from reviewer.storage import keys, sending
from reviewer.storage.folders import write_durably
from reviewer.storage.hub import Head, Hub
from reviewer.storage.hub_address import Address
from reviewer.storage.rows import ChangingRows, Rows
from reviewer.storage.sending import Tip

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace

PROOFS = "proofs"  # a folder of the workspace


class WentBack(Damaged):
    """The hub shows less or other than before. Do not sync with it until it is known why."""

    code = "E403"


class Memory(msgspec.Struct):
    """What is known of a hub. tips: [stream, seq, hash] that lay there, with all that they follow; counts: entries of these streams then.

    gap: by how many items and contents the hub had more than we, once all were exchanged; told: the digests that we left there last.
    """

    tips: list[tuple[str, int, str]] = []
    counts: dict[str, int] = {}
    gap: tuple[int, int] = (0, 0)
    told: tuple[str, str] = ("", "")

    @property
    def empty(self) -> bool:
        """Whether nothing was ever left there from here."""
        return not self.tips

    def note(self, ours: "Ours") -> None:
        """Remember that all of this lies there."""
        self.tips = [(tip.stream, tip.seq, tip.hash) for tip in ours.tips]
        self.counts = ours.counts


class Ours(NamedTuple):
    """What is here at a moment: where streams end, and how many entries each has."""

    tips: list[Tip]
    counts: dict[str, int]


def ours(rows: Rows) -> Ours:
    """What is here now."""
    counts = rows.rows("SELECT stream, count(*) FROM entry GROUP BY stream")
    return Ours(sending.tips(rows), {stream.hex(): n for stream, n in counts})


def recall(rows: Rows, address: Address) -> Memory:
    """What is known of a hub."""
    kept = rows.fact(_fact(address))
    return Memory([], {}) if kept is None else msgspec.json.decode(kept, type=Memory)


def used(rows: Rows) -> bool:
    """Whether anything was ever left at a hub from here."""
    return any(not msgspec.json.decode(kept, type=Memory).empty for (kept,) in rows.rows("SELECT value FROM fact WHERE name GLOB 'hub.*'"))


def keep(work: ChangingRows, address: Address, memory: Memory) -> None:
    """Remember it."""
    work.set_fact(_fact(address), msgspec.json.encode(memory).decode())


def waiting(rows: Rows, memory: Memory) -> int:
    """How many of our entries are not known to lie there."""
    known = [Tip(stream, seq, name) for stream, seq, name in memory.tips]  # type: ignore[arg-type] # ours
    return sum(max(tip.seq for tip in part.tips) - part.after for part in sending.lacking(rows, known))


def check(workspace: "Workspace", hub: Hub, project: EntryHash, memory: Memory, heads: list[Head], *, dry_run: bool) -> None:
    """Raises WentBack where the hub lacks what it showed, or what others signed to have left there; saves a proof, but in a dry run."""
    unmet = hub.unmet_receipts(bytes.fromhex(project))  # asked after `heads`: entries come before receipts
    with workspace.read() as reading:
        signed = _signed(reading, project, unmet)
    lost = _lost(hub, project, memory, heads)
    if not signed and not lost:
        return
    shown = [[head.stream.hex(), head.n, head.top, [name.hex() for name in head.hashes]] for head in heads]
    proof: dict[str, object] = {
        "project": project,
        "hub": hub.address.fingerprint,
        "time": utc_text(workspace.surroundings.now_ms()),
        "shown": shown,
        "seen_before": lost,
        "receipts": [receipts.pack(one).hex() for one in signed],
    }
    kept = "Nothing was exchanged." if dry_run else f"Proof saved in {_save(workspace, proof)}; sync stopped."
    raise WentBack(f"The hub shows less or other than it signed before. {kept}", "Ask whoever keeps the hub what happened to it.")


def _lost(hub: Hub, project: EntryHash, memory: Memory, heads: list[Head]) -> list[list[object]]:
    """What was there and is not shown now: [stream, seq, hash], hash None where only the number of entries fell."""
    shown = {head.stream.hex(): head for head in heads}
    found: list[list[object]] = []
    for stream, seq, name in memory.tips:
        head = shown.get(stream)
        if head is None or head.top < seq or not _holds(hub, project, head, seq, bytes.fromhex(name)):
            found.append([stream, seq, name])
    for stream, n in memory.counts.items():
        if stream in shown and shown[stream].n < n:
            found.append([stream, n, None])
    return found


def _holds(hub: Hub, project: EntryHash, head: Head, seq: int, name: bytes) -> bool:
    if head.top == seq:
        return name in head.hashes
    return (seq, name) in hub.places(bytes.fromhex(project), head.stream, least=seq, most=seq)


def _signed(rows: Rows, project: EntryHash, packed: list[bytes]) -> list[Receipt]:
    """Those receipts that a device which is known here has signed."""
    found = []
    for raw in packed:
        try:
            receipt = receipts.unpack(raw)
        except ValueError:
            continue
        known = rows.row("SELECT sign_key FROM device WHERE id = ?", (receipt.device,))
        if known and keys.verifies(keys.public_key(known[0]), receipt.signature, receipt.signed_bytes(project)):
            found.append(receipt)
    return found


def _save(workspace: "Workspace", proof: dict[str, object]) -> Path:
    """Hashes, numbers and signatures only: nothing that an encrypted workspace would seal."""
    content = json.dumps(proof, indent=1).encode()
    path = workspace.folder / PROOFS / f"hub-{sha256_hex(content)[:16]}.json"
    path.parent.mkdir(exist_ok=True, mode=0o700)
    write_durably(path, content)
    return path


def _fact(address: Address) -> str:
    return f"hub.{address.fingerprint}"
