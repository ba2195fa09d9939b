"""Rows of a release as JSON lines, with what each is traced by. Nothing here loads Arrow: what makes rows starts sooner without."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain import releases
from reviewer.formats.release_shapes import Columns, Shape, joined


class Trace(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """What a row is made of. labels: those behind it.

    item: for a pair of two items the better one, and then worse_item the other. better, worse: candidates of a comparison. correction:
    the label whose corrected output stands in the row. p_right: how sure the label is, recalibrated; weight and label_noise follow from
    it; None where nothing was measured.
    """

    reviewer_item: str
    reviewer_campaigns: tuple[str, ...]
    reviewer_labels: tuple[str, ...]
    reviewer_blind: bool
    reviewer_worse_item: str | None = None
    reviewer_better: str | None = None
    reviewer_worse: str | None = None
    reviewer_strength: str | None = None
    reviewer_correction: str | None = None
    reviewer_resolutions: tuple[str, ...] = ()
    reviewer_p_right: float | None = None
    reviewer_weight: float | None = None
    reviewer_label_noise: float | None = None


class Line(NamedTuple):
    """A row as JSON: as a line of its file, as it goes into the table, and what traces it, where that lies apart."""

    line: bytes
    table: bytes
    trace: bytes | None
    id: str


_encoder = msgspec.json.Encoder()


def traced(trace: Trace) -> bytes:
    """What traces a row, as the inside of a JSON object."""
    return _encoder.encode(trace)[1:-1]


def line(shape: Shape, columns: Columns, traced: bytes) -> Line:
    """A row: what is trained on, what it is traced by (`traced`), and its id, which is made of both."""
    own = joined(columns.lines)
    named = releases.row_id(b"{", own, b",", traced, b"}")
    tail = b'%b,"reviewer_row":"%b"}' % (traced, named.encode())
    written = b"".join((b"{", own, b",", tail)) if shape.traced else b"".join((b"{", own, b"}"))
    lineage = None if shape.traced else b"{" + tail
    if not columns.table:
        return Line(written, written, lineage, named)
    other = dict(columns.table)
    table = joined((name, other.get(name, value)) for name, value in columns.lines)
    return Line(written, b"{%b,%b" % (table, tail) if shape.traced else b"{%b}" % table, lineage, named)


def id_of(line_: bytes, trace: bytes | None) -> str:
    """The id that a row must have, from its line and, where it lies apart, the line of its lineage; without their line ends."""
    own, behind = (line_, b"") if trace is None else (line_[:-1] + b",", trace[1:])
    return releases.row_id((own + behind).rpartition(b',"reviewer_row":')[0] + b"}")


def lines(rows: Sequence[bytes]) -> bytes:
    """JSON objects as lines."""
    return b"\n".join([*rows, b""])
