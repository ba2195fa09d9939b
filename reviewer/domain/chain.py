"""Journal entries: their body, their hash, and the links between them. Signing is handed in."""

import hashlib
from typing import Annotated, Any, Literal, NamedTuple, NewType

import msgspec

from reviewer.domain import canonical
from reviewer.domain.errors import Damaged, TooNew

EntryHash = NewType("EntryHash", str)  # 64 lower-case hex digits
StreamId = NewType("StreamId", str)  # 32 lower-case hex digits
MemberId = NewType("MemberId", str)  # 32 lower-case hex digits
DeviceId = NewType("DeviceId", str)  # SHA-256 of the device's public signing key, 64 hex digits

# The same names as they come from outside: nothing but lower-case hex digits, so that one name has one spelling.
_HEX_64, _HEX_32 = msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z"), msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")
Digest = Annotated[str, _HEX_64]
EntryName = Annotated[EntryHash, _HEX_64]
StreamName = Annotated[StreamId, _HEX_32]
MemberName = Annotated[MemberId, _HEX_32]
DeviceName = Annotated[DeviceId, _HEX_64]

VERSION = 1
MAX_DEPS = 64
MAX_BODY_BYTES = 64 * 1024

_ENTRY_TAG = b"review/entry/v1\n"
_SIGNATURE_TAG = b"review/entry-sig/v1\n"
_NOTE_TAG = b"review/note/v1\n"
_RECHECK = "Verify the workspace, and restore the last backup if it says so."

Clock = Literal["ok", "jump_back", "jump_fwd"]


class NoteRef(msgspec.Struct, frozen=True):
    """How an entry names free text: a commitment to it, and the blob that holds 32 random bytes and the text."""

    c: Digest
    blob: Digest


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry's fields, JOURNAL.md 2.2. `hlc` is [milliseconds, counter]; `dur_ms`: how long the act took, where that means something."""

    v: int
    project: EntryName | None
    stream: StreamName
    seq: int
    prev: EntryName | None
    kind: str
    actor: MemberName
    device: DeviceName
    deps: tuple[EntryName, ...]
    value: dict[str, Any]
    reason: str | None
    note: NoteRef | None
    wall_ms: int
    tz: str
    hlc: tuple[int, int]
    clock: Clock
    dur_ms: int | None
    app: str


class Header(msgspec.Struct, frozen=True):
    """What an entry of any later version must still have."""

    v: int
    project: EntryName | None
    stream: StreamName
    seq: int
    prev: EntryName | None
    kind: str
    actor: MemberName
    device: DeviceName


class Entry(NamedTuple):
    """A signed entry: the hash of its bytes, what they say, the bytes themselves and the signature (64 bytes)."""

    hash: EntryHash
    body: Body
    raw: bytes
    signature: bytes


class Head(NamedTuple):
    """Where a stream stands: its last entry."""

    seq: int
    hash: EntryHash


def compose(body: Body) -> bytes:
    """The bytes of a body. Raises ValueError for what JOURNAL.md 2.1 does not allow, deps not sorted among it."""
    if list(body.deps) != sorted(set(body.deps)) or len(body.deps) > MAX_DEPS:
        raise ValueError("deps are sorted, distinct and at most 64")
    raw = canonical.encode(msgspec.to_builtins(body))
    if len(raw) > MAX_BODY_BYTES:
        raise ValueError(f"an entry of {len(raw)} bytes, over {MAX_BODY_BYTES}")
    return raw


def parse(raw: bytes) -> Body:
    """What an entry's bytes say. Raises Damaged for bytes that `compose` would not have made, TooNew for a later version's."""
    value = canonical.decode(raw)
    if isinstance(value, dict) and isinstance(value.get("v"), int) and value["v"] > VERSION:
        raise TooNew("A journal entry was made by a newer version.", "Update Reviewer to see it; it is kept as it is.")
    try:
        body = msgspec.convert(value, Body)
    except msgspec.ValidationError as error:
        raise Damaged(f"A journal entry does not have the fields of one: {error}.", _RECHECK, "E107") from error
    if list(body.deps) != sorted(set(body.deps)) or len(body.deps) > MAX_DEPS or body.seq < 1 or body.v != VERSION:
        raise Damaged("A journal entry has fields that none may have.", _RECHECK, "E107")
    return body


def header(raw: bytes) -> Header:
    """Where the entry of a later version stands. Raises Damaged for bytes that do not even say that."""
    try:
        return msgspec.json.decode(raw, type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Damaged("A journal entry does not have the fields of one.", _RECHECK, "E107") from error


def entry_hash(raw: bytes) -> EntryHash:
    """The name of an entry: SHA-256 over its tagged bytes."""
    return EntryHash(entry_digest(raw).hex())


def entry_digest(raw: bytes) -> bytes:
    """The same as 32 bytes, as tables hold it."""
    return hashlib.sha256(_ENTRY_TAG + raw).digest()


def signed_bytes(name: EntryHash) -> bytes:
    """What the device's key signs for the entry of this hash."""
    return _SIGNATURE_TAG + bytes.fromhex(name)


def note_ref(salt: bytes, text: str) -> tuple[NoteRef, bytes]:
    """The reference to a text and the blob's bytes. salt: 32 random bytes, which keep short texts from being guessed."""
    content = salt + text.encode()
    return NoteRef(c=hashlib.sha256(_NOTE_TAG + content).hexdigest(), blob=canonical.sha256_hex(content)), content


def note_text(ref: NoteRef, content: bytes) -> str:
    """The text of a note's blob. Raises Damaged if it is not the text that was committed to."""
    if hashlib.sha256(_NOTE_TAG + content).hexdigest() != ref.c:
        raise Damaged("A note is not the text that was signed.", _RECHECK, "E107")
    return content[32:].decode()


def continues(head: Head | None, body: Body | Header) -> bool:
    """Whether a body is the next of a stream that stands at `head`. A stream's first entry is judged by who may open it, not here."""
    return head is None or (body.seq == head.seq + 1 and body.prev == head.hash)
