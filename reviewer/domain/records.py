"""What an importer hands over: records that can be reviewed, and rejects that say why not."""

import msgspec

from reviewer.domain.errors import BadRecord
from reviewer.domain.items import Item


class Medium(msgspec.Struct, frozen=True):
    """Bytes that an item names by hash."""

    sha256: str
    media_type: str
    content: bytes


class Record(msgspec.Struct, frozen=True):
    """One item with what is kept beside it and is not hashed.

    original: the record's own bytes, the evidence. index: its place in the file, from 1; line: where it starts, where lines mean something.
    metadata: upstream scores and free fields, as the text of a JSON object; hidden from reviewers.
    """

    item: Item
    original: bytes
    index: int
    line: int | None = None
    metadata: str = "{}"
    media: tuple[Medium, ...] = ()


class Reject(msgspec.Struct, frozen=True):
    """A record that cannot be read: where it stands, why, and what it says (cut at 64 kB)."""

    index: int
    line: int | None
    reason: str
    content: bytes
    code: str = BadRecord.code
