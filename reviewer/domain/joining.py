"""A request to join: what a new device tells a lead, and the six words by which two people compare what was sent with what arrived."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from reviewer.domain import canonical
from reviewer.domain.chain import DeviceName, Digest, StreamName

MAX_BYTES = 64 * 1024
WORDS = 6
_BITS = 11  # of a word of a list of 2,048
_TAG = b"review/enrol/v1\n"


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A device asks to be admitted. Keys and signature (128 digits) are hex; time is RFC 3339, by the device's own clock."""

    v: Literal[1] = 1
    kind: Literal["enrol_request"] = "enrol_request"
    name: str
    device: DeviceName
    sign_key: Digest
    seal_key: Digest
    stream: StreamName
    time: Annotated[str, msgspec.Meta(max_length=40)]
    signature: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{128}\Z")] = "0" * 128

    @property
    def digest(self) -> bytes:
        """SHA-256 over the RFC 8785 bytes of all but the signature."""
        rest = msgspec.to_builtins(self)
        del rest["signature"]
        return hashlib.sha256(canonical.encode(rest)).digest()

    @property
    def signed_bytes(self) -> bytes:
        """What the device's key signs."""
        return _TAG + self.digest

    @property
    def names_its_key(self) -> bool:
        """Whether the device is the fingerprint of its key."""
        return hashlib.sha256(bytes.fromhex(self.sign_key)).hexdigest() == self.device


def compose(request: Request) -> bytes:
    """The bytes of a request's file."""
    return canonical.encode(msgspec.to_builtins(request)) + b"\n"


def parse(raw: bytes) -> Request:
    """What a request's file says. Raises Damaged for bytes that are not canonical, msgspec.ValidationError for another shape."""
    return msgspec.convert(canonical.decode(raw.strip()), Request)


def six_words(digest: bytes, words: Sequence[str]) -> tuple[str, ...]:
    """The words that stand for a digest (32 bytes), from a list of 2,048: its first 66 bits."""
    bits = int.from_bytes(digest, "big") >> (256 - WORDS * _BITS)
    return tuple(words[bits >> (_BITS * place) & (len(words) - 1)] for place in reversed(range(WORDS)))
