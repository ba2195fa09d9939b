"""The beginning of a file, looked at once, so that every format can say whether it is its own."""

from typing import Any, NamedTuple

import msgspec

from reviewer.domain.errors import BadRecord
from reviewer.formats.archives import Zip
from reviewer.formats.json_walk import Walker
from reviewer.formats.sources import Source
from reviewer.formats.strict_json import BOM, WHITE

LOOKED_AT_BYTES = 1 << 20
_SAMPLES = 20
_KEYS_WITHIN_BYTES = 256 << 20

_any = msgspec.json.Decoder()


class Head(NamedTuple):
    """What the formats look at.

    shape: `lines` (an object a line), `list` (one list), `object` (one object), `text` (anything else) or a container's name.
    samples: the first records, decoded. names: of the members of the first object. text: the first bytes. problem: what is wrong with
    the first thing in the file, where it looked like JSON and was not. stem, suffix: of the file's name, without endings of packing.
    """

    shape: str
    text: bytes = b""
    samples: tuple[dict[str, Any], ...] = ()
    names: frozenset[str] = frozenset()
    problem: str | None = None
    suffix: str = ""
    stem: str = ""


def look(source: Source) -> Head:
    """Read the beginning of a source. Raises BadRecord for a damaged archive, OSError where it cannot be read."""
    stem, suffix = _name(source.path)
    if source.container == "zip":
        return Head("zip", names=Zip(source.disk.open(), source.disk.size_bytes).names(), suffix=suffix, stem=stem)
    if source.container == "parquet":
        return _parquet(source)._replace(stem=stem)
    text = _first_bytes(source)
    start = text[:1]
    if start == b"[":
        head = _list(source)
    elif start == b"{":
        head = _objects(source, text)
    else:
        head = Head("text")
    return head._replace(text=text, suffix=suffix, stem=stem)


def _parquet(source: Source) -> Head:
    from reviewer.formats import parquet_rows  # loads pyarrow, which nothing else here needs

    columns, rows = parquet_rows.first(source, _SAMPLES)
    return Head("parquet", samples=rows, names=frozenset(columns), suffix="parquet")


def _name(path: str) -> tuple[str, str]:
    """The name up to its last ending that is not one of packing, and this ending in lower case, without its dot."""
    name = path.replace("\\", "/").rpartition("/")[2]
    for packed in (".gz", ".zst", ".zstd"):
        if name.lower().endswith(packed):
            name = name[: -len(packed)]
    stem, dot, suffix = name.rpartition(".")
    return (stem, suffix.lower()) if dot else (name, "")


def _first_bytes(source: Source) -> bytes:
    stream = source.open()
    try:
        pieces: list[bytes] = []
        size = 0
        while size < LOOKED_AT_BYTES and (piece := stream.read(LOOKED_AT_BYTES - size)):
            pieces.append(piece)
            size += len(piece)
    finally:
        stream.close()
    return b"".join(pieces).removeprefix(BOM).lstrip(WHITE)


def _list(source: Source) -> Head:
    stream = source.open()
    samples: list[dict[str, Any]] = []
    problem: str | None = None
    try:
        walker = Walker(stream)
        for number, element in enumerate(walker.elements()):
            sample = None if element.problem else decoded(element.raw)
            if sample is not None:
                samples.append(sample)
            if number >= _SAMPLES or len(samples) >= 3:
                break
    except BadRecord as error:
        problem = f"Line {walker.line}: {error.what}"
    finally:
        stream.close()
    return Head("list", samples=tuple(samples), names=frozenset(samples[0]) if samples else frozenset(), problem=problem)


def _objects(source: Source, text: bytes) -> Head:
    """Lines of objects, or one object: told apart by whether lines are whole objects."""
    lines = [line for line in text.split(b"\n")[: _SAMPLES + 1] if line.strip(WHITE)]
    samples = tuple(sample for line in lines[:_SAMPLES] if (sample := decoded(line)) is not None)
    one_long_line = not samples and len(lines) == 1 and len(text) >= LOOKED_AT_BYTES
    if one_long_line:
        samples = _first_value(source)
    if samples or one_long_line:
        names, problem = (frozenset(samples[0]), None) if samples else _names(source)
        return Head("lines", samples=samples, names=names, problem=problem)
    names, problem = _names(source)
    whole = decoded(text) if len(text) < LOOKED_AT_BYTES else None
    return Head("object", samples=(whole,) if whole else (), names=names, problem=problem)


def _first_value(source: Source) -> tuple[dict[str, Any], ...]:
    """The first record where it is longer than what was looked at, unless it is too long to be read at all."""
    stream = source.open()
    try:
        found = Walker(stream).value()
    except BadRecord:
        return ()
    finally:
        stream.close()
    sample = None if found.problem else decoded(found.raw)
    return () if sample is None else (sample,)


def _names(source: Source) -> tuple[frozenset[str], str | None]:
    """Names of the members of the object that the document is, however long their values are."""
    stream = source.open()
    names: set[str] = set()
    try:
        walker = Walker(stream)
        for name in walker.names():
            names.add(name)
            walker.before_value()
            walker.skip()
            if walker.passed_bytes > _KEYS_WITHIN_BYTES:
                break
    except BadRecord as error:
        return frozenset(names), f"Line {walker.line}: {error.what}"
    finally:
        stream.close()
    return frozenset(names), None


def decoded(raw: bytes) -> dict[str, Any] | None:
    """An object, or None for anything else; leniently, since only its shape is looked at."""
    try:
        value = _any.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
