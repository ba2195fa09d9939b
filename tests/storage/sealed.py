"""Bundles for tests: real keys, real records, and insides made by hand for what no honest writer makes."""

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from reviewer.domain import items
from reviewer.domain.chain import EntryHash
from reviewer.storage import age, bundles, parcels
from reviewer.storage.bundle_reading import open_bundle
from reviewer.storage.bundle_writing import write_bundle
from reviewer.storage.bundles import Draft, Manifest, Sender
from reviewer.storage.keys import DeviceKey, new_key
from reviewer.storage.parcels import BlobRecord, EntryRecord, ParcelRecord, ReceiptRecord, Record
from tests import worlds

ME, YOU = new_key(), new_key()  # who sends, who opens
DRAFT = Draft(project=EntryHash("ab" * 32), stream=None, head=None, created="2026-09-01T10:00:00Z")


def parcel(number: int, original: bytes | None = b'{"source": 1}') -> ParcelRecord:
    """An item of a made-up run."""
    canonical = items.encode(worlds.run_of(number))
    name = bytes.fromhex(items.item_id(canonical))
    return ParcelRecord(name, canonical, original, '{"score": 1}', "runs.jsonl", "chat", "1", number, number * 2)


def some_records(size_bytes: int = 10_000) -> list[Record]:
    """One or more of each type, together about so large once packed."""
    chance = random.Random(7)
    noise = chance.randbytes(max(0, size_bytes - 2_000))
    entries = [EntryRecord(b'{"n":%d}' % n, chance.randbytes(64)) for n in range(5)]
    return [*entries, parcel(1), parcel(2, None), BlobRecord(noise), BlobRecord(b""), ReceiptRecord(b"receipt")]


def written(path: Path, records: list[Record], *, to: DeviceKey = YOU, by: DeviceKey = ME) -> Path:
    """A bundle as the program writes it."""
    write_bundle(path, DRAFT, lambda: records, key=by, recipients={to.device: to.seal_hex})
    return path


def opened(path: Path, key: DeviceKey = YOU, *, knows: bool = True) -> list[Record]:
    """What is in it, as the program reads it."""
    with open_bundle(path, [key], quarantine=path.parent / "aside", knows=lambda _device: knows) as bundle:
        return list(bundle.records())


def manifest_of(packed: Iterable[tuple[int, bytes]], by: DeviceKey = ME, **other: Any) -> Manifest:
    """A manifest that fits the records, but for the fields named."""
    hashes, record_bytes, counts = hashlib.sha256(), 0, dict.fromkeys(parcels.NAMES, 0)
    for kind, content in packed:
        hashes.update(parcels.record_hash(kind, content))
        record_bytes += bundles.RECORD_HEAD.size + len(content)
        counts[kind] = counts.get(kind, 0) + 1
    fitting = Manifest(
        v=1, project=DRAFT.project, sender=Sender(device=by.device, key=by.sign_hex, stream=None, head=None), recipients=(YOU.device,),
        bundle="cd" * 16, part=1, parts=1, heads=(), ranges=(), needs=(), records=hashes.hexdigest(), record_bytes=record_bytes,
        counts=parcels.counted(counts), created="", digests=None, campaign=None, kit_for=(),
    )  # fmt: skip
    return msgspec.structs.replace(fitting, **other)


def inside(raw: bytes, packed: Iterable[tuple[int, bytes]], by: DeviceKey = ME, signature: bytes | None = None) -> Iterator[bytes]:
    """The inside of a part around any manifest, with the trailer that belongs to it."""
    digest, packed = hashlib.sha256(), list(packed)
    pieces = [bundles.MAGIC, bundles.LENGTH.pack(len(raw)), raw, signature or bundles.sign_manifest(by, raw)]
    for piece in pieces:
        digest.update(piece)
        yield piece
    for kind, content in packed:
        for piece in (bundles.RECORD_HEAD.pack(kind, len(content)), content):
            digest.update(piece)
            yield piece
    end = bundles.COUNT.pack(len(packed))
    digest.update(end)
    yield end + digest.digest()


def sealed(path: Path, pieces: Iterable[bytes], to: DeviceKey = YOU) -> Path:
    """Any inside in an age file: all that one who knows a public key needs."""
    with path.open("wb") as stream:
        age.seal(pieces, stream, [age.recipient(to.seal_hex)])
    return path


def forged(path: Path, packed: list[tuple[int, bytes]], by: DeviceKey = ME, **other: Any) -> Path:
    """A signed part of these records whose manifest says otherwise in the fields named."""
    return sealed(path, inside(bundles.compose_manifest(manifest_of(packed, by, **other)), packed, by))


def taken_by(act: Callable[[], object]) -> int:
    """Bytes that the process took at most while it acted, what libraries take for themselves too; 0 where the system does not tell."""
    reset, status = Path("/proc/self/clear_refs"), Path("/proc/self/status")
    if not reset.exists():
        act()
        return 0
    before = _kib(status, "VmRSS")
    reset.write_text("5")  # the high-water mark starts anew
    act()
    return 1024 * (_kib(status, "VmHWM") - before)


def _kib(status: Path, field: str) -> int:
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(f"{field}:"))
