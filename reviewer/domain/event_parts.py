"""Parts that the values of several kinds of entries have."""

from typing import Literal

import msgspec

from reviewer.domain.chain import Digest

Severity = Literal["minor", "major", "critical"]
SEVERITIES: tuple[Severity, ...] = ("minor", "major", "critical")


class BlobRef(msgspec.Struct, frozen=True):
    """A list kept as a blob: how many it holds, and the blob's name."""

    n: int
    blob: Digest
