"""Known answers that come in as JSON lines: `{"item" or "external_id", "verdict"}`. A verdict of null takes one back."""

from collections.abc import Iterator
from typing import IO, Literal

import msgspec

from reviewer.formats import json_lines
from reviewer.formats.json_lines import Line


class GoldLine(msgspec.Struct, frozen=True, kw_only=True):
    """The right answer of an item; None: it is not known any more. Unknown fields are left alone."""

    item: str | None = None
    external_id: str | None = None
    verdict: Literal["compliant", "non_compliant"] | None


_decoder = msgspec.json.Decoder(GoldLine)


def read(stream: IO[bytes]) -> Iterator[Line[GoldLine]]:
    """The lines of a stream that are not blank."""
    return json_lines.read(stream, _decoder, lambda said: json_lines.require_item(said.item, said.external_id))
