"""What a bundle is (`.rvb`, JOURNAL.md 2.7): its layout, its limits, its manifest, and why one is refused.

Inside the age file, all numbers big-endian:
`RVBUNDL1` | u32 length | manifest, RFC 8785 | 64-byte signature | records {u8 type, u32 length, bytes} | u64 count | SHA-256 of all before.
Records are in parcels.py, writing in bundle_writing.py, reading in bundle_reading.py.
"""

import hashlib
import struct
from typing import Annotated

import msgspec

from reviewer.domain import canonical
from reviewer.domain.chain import DeviceName, Digest, EntryName, MemberName, StreamName
from reviewer.domain.errors import Damaged, Refused, ReviewerError, TooNew
from reviewer.storage import keys
from reviewer.storage.keys import DeviceKey

MAGIC = b"RVBUNDL1"
VERSION = 1
LENGTH = struct.Struct(">I")
RECORD_HEAD = struct.Struct(">BI")
COUNT = struct.Struct(">Q")
SIGNATURE_BYTES = 64
TRAILER_BYTES = COUNT.size + 32

MIB = 1024 * 1024
MAX_MANIFEST_BYTES = 16 * MIB
MAX_PART_BYTES = 256 * MIB  # of the file
MAX_RECORDS = 1_000_000  # in a part

_TAG = b"review/manifest/v1\n"
_ASK_AGAIN = "Nothing was imported. Ask for a new one."

Number = Annotated[int, msgspec.Meta(ge=0, le=canonical.MAX_INTEGER)]
Seq = Annotated[int, msgspec.Meta(ge=1, le=canonical.MAX_INTEGER)]
BundleName = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]


class NotABundle(Refused):
    """Another kind of file, or one whose first lines are damaged. Name another."""

    code = "E201"


class NotForUs(Refused):
    """Sealed for other devices. Ask its sender to add this one."""

    code = "E202"


class Incomplete(ReviewerError):
    """Its end is missing: still being copied, or cut. Try again later."""

    code = "E203"


class Changed(Damaged):
    """Not what its sender wrote. Ask for a new one."""

    code = "E204"


class UnknownSender(Refused):
    """Whole and signed, by a device that the project does not know or has revoked. Keep the file aside; it is not counted."""

    code = "E205"

    def __init__(self, manifest: "Manifest") -> None:
        sender = manifest.sender.device[:8]
        super().__init__(f"Device {sender}, which sent the bundle, is not enrolled.", "Ask a lead to admit it; the bundle is not counted.")
        self.manifest = manifest


class TooLarge(Refused):
    """Over a limit; nothing was unpacked or allocated for it."""

    code = "E207"


def changed(where: str = "") -> Changed:
    """The refusal of what is not what its sender wrote. where: ` at record 7`, where that is known."""
    return Changed(f"The bundle was changed or damaged{where}.", _ASK_AGAIN)


def too_large(what: str, size: int, limit: int, unit: str = "bytes") -> TooLarge:
    """The refusal of what is over a limit, in words with numbers."""
    return TooLarge(f"Refused: {what} of {size:,} {unit}, limit {limit:,}.", "Ask for smaller parts; nothing was imported.")


class _Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Part of a manifest."""


class StreamHead(_Fields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a stream stands."""

    seq: Seq
    hash: EntryName


class Range(_Fields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Entries of one stream that the bundle carries, first to last; `head` is the hash of the last."""

    stream: StreamName
    first: Seq
    last: Seq
    head: EntryName


class End(_Fields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a stream ends at the sender; a stream that forked has several."""

    stream: StreamName
    seq: Seq
    hash: EntryName


class Gap(_Fields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Entries of one stream that the sender lacks and asks for."""

    stream: StreamName
    first: Seq
    last: Seq


class Counts(_Fields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Records of a part, by type."""

    entries: Number = 0
    items: Number = 0
    blobs: Number = 0
    receipts: Number = 0

    @property
    def records(self) -> int:
        """All of them."""
        return self.entries + self.items + self.blobs + self.receipts


class Digests(_Fields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the sender's replica came to, JOURNAL.md 2.10."""

    state: Digest
    set: Digest


class Sender(_Fields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who wrote it. key: the public signing key of the device, hex, whose fingerprint names the device; head: of its own stream."""

    device: DeviceName
    key: Digest
    stream: StreamName | None
    head: StreamHead | None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What the writer of a bundle says about it; the rest of the manifest follows from the records.

    project: hash of the genesis. stream, head: the sender's own. heads: all that the sender has, carried here or not. ranges, needs: of all
    parts together. created: RFC 3339, for display only.
    campaign, kit_for: of a kit, what it was made from and for which members.
    """

    project: EntryName
    stream: StreamName | None
    head: StreamHead | None
    created: str
    heads: tuple[End, ...] = ()
    ranges: tuple[Range, ...] = ()
    needs: tuple[Gap, ...] = ()
    digests: Digests | None = None
    campaign: EntryName | None = None
    kit_for: tuple[MemberName, ...] = ()


class Manifest(_Fields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a part of a bundle says of itself, under its sender's signature.

    recipients: devices, sorted. bundle: shared by its parts; part: from 1. records: SHA-256 over the hashes of this part's records in
    order, a record's hash being SHA-256 of its type byte and its bytes. record_bytes: of this part's records with their heads; so a cut
    file is known from a changed one. The other fields are those of Draft.
    """

    v: int
    project: EntryName
    sender: Sender
    recipients: tuple[DeviceName, ...]
    bundle: BundleName
    part: Seq
    parts: Seq
    heads: tuple[End, ...]
    ranges: tuple[Range, ...]
    needs: tuple[Gap, ...]
    records: Digest
    record_bytes: Number
    counts: Counts
    created: str
    digests: Digests | None
    campaign: EntryName | None
    kit_for: tuple[MemberName, ...]


class _Version(msgspec.Struct, frozen=True):
    """The one field that every version's manifest has."""

    v: int


def compose_manifest(manifest: Manifest) -> bytes:
    """Its bytes. Raises TooLarge over 16 MiB."""
    raw = canonical.encode(msgspec.to_builtins(manifest))
    if len(raw) > MAX_MANIFEST_BYTES:
        raise too_large("a manifest", len(raw), MAX_MANIFEST_BYTES)
    return raw


def parse_manifest(raw: bytes) -> Manifest:
    """What a manifest's bytes say. Raises Changed for bytes that `compose_manifest` would not have made, TooNew for a later version's."""
    try:
        # By its type at once: what has another shape is refused where it begins, not built up first.
        if msgspec.json.decode(raw, type=_Version).v > VERSION:
            raise TooNew("The bundle was made by a newer version.", "Update Reviewer to read it; nothing was imported.")
        manifest = msgspec.json.decode(raw, type=Manifest)
        same = canonical.encode(msgspec.to_builtins(manifest)) == raw
    except (ValueError, RecursionError) as error:
        raise changed(" in its manifest") from error
    ordered = list(manifest.recipients) == sorted(set(manifest.recipients))
    if not same or manifest.v != VERSION or manifest.part > manifest.parts or not ordered:
        raise changed(" in its manifest")
    if manifest.counts.records > MAX_RECORDS:
        raise too_large("a part", manifest.counts.records, MAX_RECORDS, "records")
    return manifest


def sign_manifest(key: DeviceKey, raw: bytes) -> bytes:
    """The sender's signature, 64 bytes."""
    return key.sign.sign(_signed_bytes(raw))


def signed_by_sender(manifest: Manifest, raw: bytes, signature: bytes) -> bool:
    """Whether the device that the manifest names signed it. Whether that device belongs to the project is another question."""
    sender = manifest.sender
    if canonical.sha256_hex(bytes.fromhex(sender.key)) != sender.device:
        return False
    return keys.verifies(keys.public_key(sender.key), signature, _signed_bytes(raw))


def _signed_bytes(raw: bytes) -> bytes:
    return _TAG + hashlib.sha256(raw).digest()
