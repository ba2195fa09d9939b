"""Opening a bundle: copied aside first, read through to its trailer and found whole, signed and meant for us; only then are records given.

What lies sealed is never written to the disk: the copy is read twice, once to be checked, once for its records.

How what is wrong is told apart: a header that does not parse or does not hold is E201, one that none of our keys opens E202. Behind it age
knows a changed chunk from a good one, but not a changed one from a cut one. So the manifest says how long the part is: a file shorter than
that is E203, any other failure E204. Where not even the manifest can be read, a failure is E204 and its text leaves both open.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reviewer.domain.chain import DeviceId
from reviewer.domain.errors import NotFound, ReviewerError, shown
from reviewer.domain.progress import SILENT, Ticket
from reviewer.storage import age, bundles, parcels
from reviewer.storage.bundles import Changed, Incomplete, Manifest, NotABundle, NotForUs, UnknownSender
from reviewer.storage.keys import DeviceKey
from reviewer.storage.outgoing import saying_why
from reviewer.storage.parcels import Record

_STEP_BYTES = 1024 * 1024
_LEAST_BYTES = len(bundles.MAGIC) + bundles.LENGTH.size + bundles.SIGNATURE_BYTES + bundles.TRAILER_BYTES
_REPORT_EVERY = 256


class OpenBundle:
    """A part of a bundle that was found whole, for the length of the `with` block of `open_bundle`."""

    def __init__(self, path: Path, identities: Sequence[object], manifest: Manifest) -> None:
        self.manifest = manifest
        self._path = path
        self._identities = identities

    def records(self) -> Iterator[Record]:
        """Its records in order, each checked again as it is read. Where it raises after all, what was taken in is to be given back."""
        with _unsealed(self._path, self._identities) as inside:
            yield from inside.records()


@contextmanager
def open_bundle(
    path: Path, keys: Sequence[DeviceKey], *, quarantine: Path, knows: Callable[[DeviceId], bool], ticket: Ticket = SILENT
) -> Iterator[OpenBundle]:
    """Check one part of a bundle from end to end, and give it for the `with` block. Nothing remains in the folder `quarantine` after it.

    keys: of this machine's devices. knows: whether a device is enrolled and not revoked; asked last, of a sender whose signature holds.
    (Who has no journal yet answers yes, and lets the entries say who it was.)
    Raises NotFound, NotABundle E201, NotForUs E202, Incomplete E203, Changed E204, UnknownSender E205, TooLarge E207, TooNew E112, NotSaved
    where there is no room for the copy. Whether the project is ours (E206) is for the caller to see in `manifest.project`.
    """
    identities = [age.identity(key.seal) for key in keys]
    with _copied(path, quarantine) as copy:
        manifest = read_through(copy, identities, ticket)
        if not any(key.device in manifest.recipients for key in keys):
            raise _not_for_us()
        if not knows(manifest.sender.device):
            raise UnknownSender(manifest)
        yield OpenBundle(copy, identities, manifest)


def read_through(path: Path, identities: Sequence[object], ticket: Ticket = SILENT) -> Manifest:
    """Open and check every record of a part. Raises as `open_bundle`, which also looks at whom it is for and from."""
    with _unsealed(path, identities) as inside:
        total = inside.manifest.counts.records
        for number, _ in enumerate(inside.records(), 1):
            if number % _REPORT_EVERY == 0 or number == total:
                ticket.step(number, total, "Checking the bundle")
        return inside.manifest


class _Inside:
    """What lies sealed in a part, read once from front to back."""

    def __init__(self, read: Callable[[int], bytes], size_bytes: int) -> None:
        self._read = read
        self._digest = hashlib.sha256()
        self._left = size_bytes
        self.number = 0  # of the record that is being read
        self.opened = False
        self.manifest = self._manifest(size_bytes)
        self.opened = True

    def records(self) -> Iterator[Record]:
        """Each record, then the end: if this runs out without an error, the part is what its sender signed."""
        hashes, counts, total = hashlib.sha256(), dict.fromkeys(parcels.NAMES, 0), self.manifest.counts.records
        while self._left > bundles.TRAILER_BYTES:
            self.number += 1
            kind, length = bundles.RECORD_HEAD.unpack(self._take(bundles.RECORD_HEAD.size))
            if self.number > total or length > self._left - bundles.TRAILER_BYTES:
                raise bundles.changed(self.where)
            try:
                parcels.check_size(kind, length)
                packed = self._take(length)
                record = parcels.unpack(kind, packed)
            except ValueError as error:
                raise bundles.changed(self.where) from error
            hashes.update(parcels.record_hash(kind, packed))
            counts[kind] += 1
            yield record
        found = parcels.counted(counts)
        self._trailer(found.records)
        if found != self.manifest.counts or hashes.hexdigest() != self.manifest.records:
            raise bundles.changed()

    @property
    def where(self) -> str:
        """Words for a message."""
        return f" at record {self.number:,}" if self.number else ""

    def _manifest(self, size_bytes: int) -> Manifest:
        if self._take(len(bundles.MAGIC)) != bundles.MAGIC:
            raise NotABundle("Not a review bundle: a sealed file of another kind.", "Name a file that `reviewer bundle create` made.")
        length = bundles.LENGTH.unpack(self._take(bundles.LENGTH.size))[0]
        if length > bundles.MAX_MANIFEST_BYTES:
            raise bundles.too_large("a manifest", length, bundles.MAX_MANIFEST_BYTES)
        raw = self._take(length)
        signature = self._take(bundles.SIGNATURE_BYTES)
        manifest = bundles.parse_manifest(raw)
        if not bundles.signed_by_sender(manifest, raw, signature):
            raise bundles.changed(" in its manifest")
        whole = size_bytes - self._left + manifest.record_bytes + bundles.TRAILER_BYTES
        if size_bytes < whole:
            raise _incomplete()
        if size_bytes > whole:
            raise bundles.changed()
        return manifest

    def _trailer(self, counted: int) -> None:
        count = bundles.COUNT.unpack(self._take(bundles.COUNT.size))[0]
        digest = self._digest.digest()
        if self._take(len(digest)) != digest or count != counted or self._read(1):
            raise bundles.changed()

    def _take(self, length: int) -> bytes:
        """The next bytes, asked for only where the file is long enough to hold them."""
        if length > self._left:
            raise _incomplete() if not self.opened else bundles.changed(self.where)
        content = self._read(length)
        if len(content) < length:
            raise _incomplete()
        self._left -= length
        self._digest.update(content)
        return content


@contextmanager
def _unsealed(path: Path, identities: Sequence[object]) -> Iterator[_Inside]:
    """What lies in a file, with age's refusals in our words."""
    inside: _Inside | None = None
    with path.open("rb") as stream:
        try:
            size_bytes = age.sealed_size(stream, path.stat().st_size)
            if size_bytes < _LEAST_BYTES:
                raise _incomplete()
            with age.unsealed(stream, identities) as read:
                inside = _Inside(read, size_bytes)
                yield inside
        except age.ShortFile as error:
            raise _incomplete() from error
        except age.BrokenHeader as error:
            raise NotABundle("Not a review bundle, or its first lines are damaged.", "Name a `.rvb` file, or ask for a new one.") from error
        except age.WrongKey as error:
            raise _not_for_us() from error
        except age.BrokenPayload as error:
            raise _broken(inside, str(error)) from error


def _broken(inside: _Inside | None, why: str) -> ReviewerError:
    """What a part is whose sealed bytes do not hold. Behind the manifest the length is known to be right, so it was changed."""
    if inside is not None:
        return bundles.changed(inside.where)
    if "truncated" in why:  # age saw whole chunks, and no last one
        return _incomplete()
    return Changed(
        "The bundle was changed or damaged, or is not copied whole yet.", "Nothing was imported. Copy it again, or ask for a new one."
    )


@contextmanager
def _copied(path: Path, folder: Path) -> Iterator[Path]:
    """A copy that nobody else changes meanwhile; removed at the end. Raises TooLarge before more than a part was copied."""
    copy = folder / f"{secrets.token_hex(16)}.rvb"
    try:
        with saying_why(folder), _source(path) as source:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as target:
                for piece in _pieces(source, path):
                    target.write(piece)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


@contextmanager
def _source(path: Path) -> Iterator[IO[bytes]]:
    """The file as it lies there. Raises NotFound, TooLarge, NotABundle for what is no file."""
    name = shown(str(path), 200)
    try:
        if not path.is_file():
            if path.exists():
                raise NotABundle(f"{name} is not a review bundle.", "Name a `.rvb` file.")
            raise NotFound(f"There is no file {name}.", "Check the name, and that the stick is in.")
        size_bytes = path.stat().st_size
        stream = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error
    with stream:
        if size_bytes > bundles.MAX_PART_BYTES:
            raise bundles.too_large("a file", size_bytes, bundles.MAX_PART_BYTES)
        yield stream


def _pieces(source: IO[bytes], path: Path) -> Iterator[bytes]:
    copied = 0
    while True:
        try:
            piece = source.read(_STEP_BYTES)
        except OSError as error:
            raise _unreadable(path, error) from error
        copied += len(piece)
        if copied > bundles.MAX_PART_BYTES:
            raise bundles.too_large("a file", copied, bundles.MAX_PART_BYTES)
        if not piece:
            return
        yield piece


def _unreadable(path: Path, error: OSError) -> Incomplete:
    name = shown(str(path), 200)
    return Incomplete(
        f"{name} could not be read to its end: {error.strerror}.", "Nothing was imported. Check the disk or stick, then try again."
    )


def _incomplete() -> Incomplete:
    return Incomplete("File not complete (trailer missing).", "Nothing was imported. Try again when it is copied whole.")


def _not_for_us() -> NotForUs:
    return NotForUs("Encrypted for other devices.", "Ask its sender to add this one, then to make the bundle again.")
