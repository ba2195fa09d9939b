"""Pictures, sound and files inside records: bytes become parts that name them by hash. Nothing outside is ever opened."""

import base64
import binascii
import hashlib
import re
from typing import NamedTuple

from reviewer.domain.errors import shown
from reviewer.domain.items import Part, PartType
from reviewer.domain.records import Medium

MAX_MEDIUM_BYTES = 64 << 20
SHOWN_ADDRESS_LENGTH = 2_000

_DATA = re.compile(r"data:([^,;]{0,100})((?:;[^,;]{0,100})*),", re.IGNORECASE)
_OCTETS = "application/octet-stream"
_HEADERS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
    (b"GIF8", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
)
_SHOWN_AS_IMAGES = frozenset({"image/png", "image/jpeg", "image/webp"})


class Found(NamedTuple):
    """A part, and the bytes that it names if there are any."""

    part: Part
    medium: Medium | None = None


def media_type_of(content: bytes) -> str:
    """By the first bytes alone; what the source claims is not believed."""
    for magic, name in _HEADERS:
        if content.startswith(magic):
            return name
    if content.startswith(b"RIFF"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12], _OCTETS)
    return _OCTETS


def from_bytes(content: bytes, name: str | None = None) -> Found:
    """The part of bytes: an image only if it is PNG, JPEG or WebP, sound as audio, all else as a file."""
    media_type = media_type_of(content)
    kind: PartType = "image" if media_type in _SHOWN_AS_IMAGES else "audio" if media_type.startswith("audio/") else "file"
    sha256 = hashlib.sha256(content).hexdigest()
    part = Part(type=kind, sha256=sha256, media_type=media_type, size_bytes=len(content), name=name or None)
    return Found(part, Medium(sha256, media_type, content))


def from_base64(text: str, name: str | None = None) -> Found:
    """The part of base64 text. What is not base64, or too large, becomes a file without bytes whose name says so."""
    if len(text) > MAX_MEDIUM_BYTES // 3 * 4:
        return _placeholder(f"a medium larger than {MAX_MEDIUM_BYTES >> 20} MB")
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return _placeholder("a medium that is not valid base64")
    return from_bytes(content, name) if content else _placeholder("an empty medium")


def from_address(address: str, name: str | None = None) -> Found:
    """The part of a `data:` address; any other address is never opened and becomes a file without bytes, named by the address."""
    found = _DATA.match(address)
    if found is None:
        return _placeholder(shown(address, SHOWN_ADDRESS_LENGTH))
    if "base64" not in found[2].lower():
        return _placeholder(f"a medium that is not in base64 ({shown(found[1])})")
    return from_base64(address[found.end() :], name)


def _placeholder(name: str) -> Found:
    return Found(Part(type="file", name=name))
