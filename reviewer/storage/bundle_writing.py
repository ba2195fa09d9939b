"""Writing a bundle: sealed as it is written, beside its place; read back from end to end; then renamed. Whole or not at all.

The records are asked for twice, first to be counted and hashed for the manifest, then to be written, so that none lies open on the target's
medium meanwhile.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from reviewer.domain.chain import DeviceId
from reviewer.domain.errors import NotSaved, Refused, ReviewerError
from reviewer.domain.progress import SILENT, Ticket
from reviewer.storage import age, bundles, parcels
from reviewer.storage.bundle_reading import read_through
from reviewer.storage.bundles import Counts, Draft, Manifest, Sender
from reviewer.storage.keys import DeviceKey
from reviewer.storage.outgoing import durable, partial_file, put_in_place
from reviewer.storage.parcels import Record

# What a part's records may take, so that with the largest manifest, the largest header and age's own bytes the file keeps its limit.
FULL_PART_BYTES = bundles.MAX_PART_BYTES - bundles.MAX_MANIFEST_BYTES - 2 * bundles.MIB
_REPORT_EVERY = 256


class Written(NamedTuple):
    """What was written: the bundle's id, its files in order, and the records of all of them."""

    bundle: str
    files: tuple[Path, ...]
    counts: Counts


class _Part(NamedTuple):
    """What the first pass found out about a part."""

    records: str
    record_bytes: int
    counts: Counts


def write_bundle(
    target: Path,
    draft: Draft,
    records: Callable[[], Iterable[Record]],
    *,
    key: DeviceKey,
    recipients: Mapping[DeviceId, str],
    ticket: Ticket = SILENT,
    part_bytes: int = FULL_PART_BYTES,
    part_records: int = bundles.MAX_RECORDS,
) -> Written:
    """Write a bundle to `target` (`NAME.rvb`), or in parts to `NAME-1of3.rvb` and so on where one would be over a limit.

    records: called twice, must give the same both times (one snapshot of the database). recipients: sealing keys, hex, by device.
    Raises Refused for no recipients, TooLarge for a record that a reader would refuse, NotSaved: E103 where nothing could be begun, else
    E212, and then no file of it is left.
    """
    if not recipients:
        raise Refused("A bundle without recipients opens for nobody.", "Name at least one member who has a device.")
    sealing = [age.recipient(recipients[device]) for device in sorted(recipients)]
    parts = list(_planned(_packed(records()), part_bytes, part_records, ticket))
    files = _names(target, len(parts))
    bundle = secrets.token_hex(16)
    with ExitStack() as stack:
        partials = [stack.enter_context(partial_file(file)) for file in files]
        for partial in partials:
            partial.open("wb").close()  # where that fails, nothing was begun: E103
        placed = stack.enter_context(_whole_or_nothing())
        packed = _packed(_watched(records(), sum(part.counts.records for part in parts), ticket))
        for number, (part, partial) in enumerate(zip(parts, partials, strict=True), 1):
            manifest = _manifest(draft, part, key, sorted(recipients), (bundle, number, len(parts)))
            _write_part(partial, manifest, packed, key, sealing)
        if next(packed, None) is not None:
            raise _unfinished("there is more to write than at first")
        for file, partial in zip(files, partials, strict=True):
            placed[file] = partial
            put_in_place(partial, file)
    return Written(bundle, tuple(files), _sum(parts))


def _packed(records: Iterable[Record]) -> Iterator[tuple[int, bytes]]:
    return (parcels.pack(record) for record in records)


def _watched(records: Iterable[Record], total: int, ticket: Ticket) -> Iterator[Record]:
    for number, record in enumerate(records, 1):
        if number % _REPORT_EVERY == 0 or number == total:
            ticket.step(number, total, "Writing the bundle")
        yield record


def _planned(packed: Iterable[tuple[int, bytes]], part_bytes: int, part_records: int, ticket: Ticket) -> Iterator[_Part]:
    """How the records fall into parts: as many in each as it may hold. One part at least, though it be empty."""
    hashes, size_bytes, counts, seen = hashlib.sha256(), 0, dict.fromkeys(parcels.NAMES, 0), 0
    for seen, (kind, content) in enumerate(packed, 1):
        length = bundles.RECORD_HEAD.size + len(content)
        held = sum(counts.values())
        if held and (size_bytes + length > part_bytes or held == part_records):
            yield _Part(hashes.hexdigest(), size_bytes, parcels.counted(counts))
            hashes, size_bytes, counts = hashlib.sha256(), 0, dict.fromkeys(parcels.NAMES, 0)
        hashes.update(parcels.record_hash(kind, content))
        size_bytes += length
        counts[kind] += 1
        if seen % _REPORT_EVERY == 0:
            ticket.step(seen, 0, "Gathering the bundle")
    yield _Part(hashes.hexdigest(), size_bytes, parcels.counted(counts))


def _names(target: Path, parts: int) -> list[Path]:
    if parts == 1:
        return [target]
    return [target.with_name(f"{target.stem}-{number}of{parts}{target.suffix}") for number in range(1, parts + 1)]


def _manifest(draft: Draft, part: _Part, key: DeviceKey, recipients: list[DeviceId], place: tuple[str, int, int]) -> Manifest:
    bundle, number, parts = place
    return Manifest(
        v=bundles.VERSION,
        project=draft.project,
        sender=Sender(device=key.device, key=key.sign_hex, stream=draft.stream, head=draft.head),
        recipients=tuple(recipients),
        bundle=bundle,
        part=number,
        parts=parts,
        heads=draft.heads,
        ranges=draft.ranges,
        needs=draft.needs,
        records=part.records,
        record_bytes=part.record_bytes,
        counts=part.counts,
        created=draft.created,
        digests=draft.digests,
        campaign=draft.campaign,
        kit_for=draft.kit_for,
    )


def _write_part(partial: Path, manifest: Manifest, packed: Iterator[tuple[int, bytes]], key: DeviceKey, sealing: Sequence[Any]) -> None:
    """Seal one part, make it durable, and read it back from the medium: for that it is sealed for one more key, which is then forgotten."""
    once = X25519PrivateKey.generate()
    readers = [*sealing, age.recipient(once.public_key().public_bytes_raw().hex())]
    with durable(partial) as stream:
        age.seal(_pieces(manifest, islice(packed, manifest.counts.records), key), stream, readers)
    _forget_pages(partial)
    try:
        read_through(partial, [age.identity(once)])
    except ReviewerError as error:
        raise _unfinished("what was read back is not what was to be written") from error


def _pieces(manifest: Manifest, packed: Iterable[tuple[int, bytes]], key: DeviceKey) -> Iterator[bytes]:
    """The inside of a part, piece by piece."""
    digest, count = hashlib.sha256(), 0
    raw = bundles.compose_manifest(manifest)
    head = bundles.MAGIC + bundles.LENGTH.pack(len(raw)) + raw + bundles.sign_manifest(key, raw)
    digest.update(head)
    yield head
    for kind, content in packed:
        count += 1
        head = bundles.RECORD_HEAD.pack(kind, len(content))
        digest.update(head)
        digest.update(content)
        yield head
        yield content
    end = bundles.COUNT.pack(count)
    digest.update(end)
    yield end + digest.digest()


def _forget_pages(path: Path) -> None:
    """Let the next read come from the medium, where the system can be asked for that."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def _whole_or_nothing() -> Iterator[dict[Path, Path]]:
    """Say of a write that failed that it did, and take back what is in place. The block notes there a file and what becomes it."""
    placed: dict[Path, Path] = {}
    try:
        yield placed
    except BaseException as error:
        for file, partial in placed.items():
            if not partial.exists():
                file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise _unfinished("the disk is full" if full else error.strerror or "the disk refused") from error
        raise


def _unfinished(why: str) -> NotSaved:
    what = f"Export not finished: {why}. No valid file left behind."
    return NotSaved(what, "Check the disk or stick and its room, then run it again.", "E212")


def _sum(parts: Sequence[_Part]) -> Counts:
    return Counts(**{field: sum(getattr(part.counts, field) for part in parts) for field in parcels.FIELDS})
