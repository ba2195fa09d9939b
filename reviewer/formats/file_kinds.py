"""What a file is by its first bytes, and why the kinds that hold no records are passed over."""

from typing import Literal, NamedTuple

Container = Literal["gzip", "zstd", "zip", "parquet"]

LOOKED_AT_BYTES = 512

NOT_OPENED = "This file type is not opened"

_CONTAINERS: tuple[tuple[bytes, Container], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
)
_MEDIA = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"BM", "an image"),
    (b"ID3", "audio"),
    (b"\xff\xfb", "audio"),
    (b"\xff\xf3", "audio"),
    (b"OggS", "audio or video"),
    (b"fLaC", "audio"),
    (b".snd", "audio"),
    (b"FORM", "audio"),
    (b"\x1aE\xdf\xa3", "a video"),
)
_REFUSED = (
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"#!", "a script"),
    (b"7z\xbc\xaf\x27\x1c", "an archive of another kind than gz, zip and zst"),
    (b"Rar!", "an archive of another kind than gz, zip and zst"),
    (b"\xfd7zXZ\x00", "an archive of another kind than gz, zip and zst"),
    (b"BZh", "an archive of another kind than gz, zip and zst"),
    (b"SQLite format 3\x00", "a database"),
)


# Line ends, tabs, form feeds and the escape of coloured terminal output are left out.
_NOT_TEXT = frozenset(range(0x09)) | frozenset(range(0x0E, 0x1B)) | frozenset(range(0x1C, 0x20))


class FileKind(NamedTuple):
    """Either a container to look into, or text, or a reason to pass it over."""

    container: Container | None = None
    reason: str | None = None


def kind_of(head: bytes) -> FileKind:
    """From the first `LOOKED_AT_BYTES` bytes of a file."""
    if not head:
        return FileKind(reason="The file is empty.")
    for magic, container in _CONTAINERS:
        if head.startswith(magic):
            return FileKind(container=container)
    if head[257:262] == b"ustar":
        return FileKind(reason=f"{NOT_OPENED}: an archive of another kind than gz, zip and zst. [E303]")
    for magic, name in _REFUSED:
        if head.startswith(magic):
            return FileKind(reason=f"{NOT_OPENED}: {name}. [E303]")
    if head.startswith(b"RIFF") and len(head) >= 12:
        return FileKind(reason=f"This is {'an image' if head[8:12] == b'WEBP' else 'audio or video'}, not a file of records.")
    if head[4:8] == b"ftyp":
        return FileKind(reason="This is a video, not a file of records.")
    for magic, name in _MEDIA:
        if head.startswith(magic):
            return FileKind(reason=f"This is {name}, not a file of records.")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return FileKind(reason="The text is UTF-16. Save it as UTF-8 and import it again.")
    # A few such bytes are damage in a text, which is then said of the record that has it.
    if sum(byte in _NOT_TEXT for byte in head) * 20 > len(head):
        return FileKind(reason="This is a binary file, not a file of records.")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return FileKind(reason=f"{NOT_OPENED}: XML or HTML. [E303]")
    if not text:
        # A file that is blank for longer than this is as good as empty.
        return FileKind(reason="The file is empty.")
    return FileKind()
