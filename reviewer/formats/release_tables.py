"""Rows of a release as Parquet, made of their JSON lines, with the columns by which each is traced."""

import ctypes
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.json as pa_json
import pyarrow.parquet as pq

from reviewer.formats.release_shapes import IMAGES, Form, Shape

_FUNCTION = pa.struct([("name", pa.string()), ("arguments", pa.string())])
_CALL = pa.struct([("id", pa.string()), ("function", _FUNCTION), ("type", pa.string())])
_MESSAGE = pa.struct(
    [
        ("role", pa.string()),
        ("content", pa.string()),
        ("name", pa.string()),
        ("tool_calls", pa.list_(_CALL)),
        ("tool_call_id", pa.string()),
        ("reasoning_content", pa.string()),
    ]
)
_MESSAGES = pa.list_(_MESSAGE)
_INPUT = pa.struct([("messages", _MESSAGES), ("tools", pa.string()), ("parallel_tool_calls", pa.bool_())])
_TEXTS = pa.list_(pa.string())
_PICTURES = pa.list_(pa.struct([("bytes", pa.binary()), ("path", pa.string())]))
# By this the `datasets` library shows them as images.
_PICTURED = {"huggingface": '{"info":{"features":{"images":{"feature":{"_type":"Image"},"_type":"List"}}}}'}
_TRACE = [
    ("reviewer_item", pa.string()),
    ("reviewer_campaigns", _TEXTS),
    ("reviewer_labels", _TEXTS),
    ("reviewer_blind", pa.bool_()),
    ("reviewer_worse_item", pa.string()),
    ("reviewer_better", pa.string()),
    ("reviewer_worse", pa.string()),
    ("reviewer_strength", pa.string()),
    ("reviewer_correction", pa.string()),
    ("reviewer_resolutions", _TEXTS),
    ("reviewer_p_right", pa.float64()),
    ("reviewer_weight", pa.float64()),
    ("reviewer_label_noise", pa.float64()),
    ("reviewer_row", pa.string()),
]
_SAID = {"prompt": _MESSAGES, "completion": _MESSAGES, "chosen": _MESSAGES, "rejected": _MESSAGES}
_OWN = {
    "trl-preference": ("prompt", "chosen", "rejected", "tools"),
    "trl-kto": ("prompt", "completion", "label", "tools"),
    "trl-stepwise": ("prompt", "completions", "labels"),
    "trl-prompt-completion": ("prompt", "completion", "tools"),
    "trl-reward": ("chosen", "rejected", "tools"),
    "openai-preference": ("input", "preferred_output", "non_preferred_output"),
    "openai-chat": ("messages", "tools"),
    "mistral-chat": ("messages", "tools"),
    "raw": ("item", "answer", "labels"),
}
_TYPES = {
    "label": pa.bool_(),
    "completions": _TEXTS,
    "messages": _MESSAGES,
    "input": _INPUT,
    "preferred_output": _MESSAGES,
    "non_preferred_output": _MESSAGES,
}
_M_MMAP_THRESHOLD, _LARGE = -3, 64 * 1024  # malloc.h; bytes
_FEW = ("role", "name", "tool_calls.list.element.function.name", "tool_calls.list.element.type")
_SAYING_FEW_THINGS = ("label", "tools", "reviewer_strength", "reviewer_better", "reviewer_worse")


def schema(shape: Shape, form: Form, *, images: bool = False) -> pa.Schema:
    """The columns of a format's table. images: whether rows carry some, as bytes with the path that the lines have."""
    own = [(name, _type(shape, form, name)) for name in _OWN[shape.name] if name != "tools" or form == "conversational"]
    pictures = [(IMAGES, _PICTURES)] if images else []
    return pa.schema([*own, *pictures, *(_TRACE if shape.traced else [])], _PICTURED if images else None)


def _type(shape: Shape, form: Form, name: str) -> pa.DataType:
    if name == "labels" and shape.needs == "steps":
        return pa.list_(pa.bool_())
    if name in _SAID and form == "conversational":
        return _MESSAGES
    return _TYPES.get(name, pa.string())


def give_back_large_pieces() -> None:
    """Have this process give back the memory that is free now, and from here on large pieces as soon as they are free.

    By itself glibc learns from the first ones to keep them, in a heap of each thread: a release then holds 30 MB of holes.
    """
    if sys.platform == "linux" and hasattr(c_library := ctypes.CDLL(None), "mallopt"):  # musl has none, and needs none
        c_library.malloc_trim(0)
        c_library.mallopt(_M_MMAP_THRESHOLD, _LARGE)


def table(some: bytes, columns: pa.Schema) -> pa.Table:
    """JSON lines of rows as a table. (A table made from Python objects takes five times as long, and loads pandas.)"""
    whole = pa_json.ReadOptions(use_threads=False, block_size=len(some) + 1)
    return pa_json.read_json(pa.BufferReader(some), whole, pa_json.ParseOptions(columns, unexpected_field_behavior="error"))


def with_images(some: bytes, columns: pa.Schema, read: Callable[[str], bytes]) -> pa.Table:
    """JSON lines of rows that name images as a table that holds them. read: the bytes of one, by its path."""
    place = columns.get_field_index(IMAGES)
    named = table(some, columns.set(place, pa.field(IMAGES, _TEXTS)))
    told = [[{"bytes": read(path), "path": path} for path in paths] for paths in named.column(IMAGES).to_pylist()]
    return named.set_column(place, columns.field(place), pa.array(told, _PICTURES)).replace_schema_metadata(columns.metadata)


@contextmanager
def writer(path: Path, columns: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """Writes tables of a schema to a file, which it opens itself: each write to a stream of Python's would wait for the interpreter.

    Only columns that say few things have dictionaries; the others would grow by one.
    """
    told = [name for name in _SAYING_FEW_THINGS if name in columns.names]
    sides = [field.name for field in columns if field.type == _MESSAGES]
    few = [*(f"{side}.list.element.{column}" for side in sides for column in _FEW), *told]
    if "reviewer_campaigns" in columns.names:
        few.append("reviewer_campaigns.list.element")
    with (
        pa.OSFile(str(path), "wb") as stream,
        pq.ParquetWriter(stream, columns, compression="zstd", use_dictionary=few or False) as opened,
    ):
        yield opened
