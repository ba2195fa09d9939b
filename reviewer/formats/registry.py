"""The formats that are read and written, by name, and which of them a file is."""

import codecs
from typing import NamedTuple

from reviewer.domain.errors import Refused, shown
from reviewer.formats import (
    agent_as_a_judge,
    agentdojo,
    assebench,
    gsm8k_solutions,
    inspect_log,
    mistral_chat,
    mistral_studio,
    openai_chat,
    openai_preference,
    release_shapes,
    table_rows,
    tables,
    tau2,
    tau_bench,
    trl_preference,
    who_and_when,
)
from reviewer.formats.format import AUTO, Format, Options
from reviewer.formats.heads import Head

# The order is the order of asking: the particular before the general.
_READ: tuple[Format, ...] = (
    tau_bench.FORMAT,
    agentdojo.FORMAT,
    tau2.FORMAT,
    inspect_log.FORMAT,
    assebench.FORMAT,
    who_and_when.FORMAT,
    agent_as_a_judge.FORMAT,
    openai_preference.FORMAT,
    trl_preference.FORMAT,
    gsm8k_solutions.FORMAT,
    *mistral_studio.FORMATS,
    mistral_chat.FORMAT,
    openai_chat.FORMAT,
    *tables.FORMATS,
)


class Named(NamedTuple):
    """A format as it is shown to a person."""

    name: str
    description: str


writes: tuple[Named, ...] = (
    Named("jsonl", "labels, one JSON object a line"),
    Named("csv", "labels as a table; cells that a spreadsheet would run are made harmless"),
    Named("parquet", "labels as a table with types"),
    *(Named(one.name, f"release: {one.description}") for one in release_shapes.SHAPES),
    Named("inspect", "regression set: judged runs as samples that Inspect reads (JSONL)"),
)


def formats() -> tuple[Format, ...]:
    """Every format that is read, the particular before the general."""
    return _READ


def by_name(name: str) -> Format:
    """The format of that name. Raises Refused with the list of names."""
    wanted = name.strip().lower().replace("_", "-")
    for known in _READ:
        if known.name == wanted:
            return known
    names = ", ".join([AUTO, *(known.name for known in _READ)])
    raise Refused(f"“{shown(name)}” is not a format that can be read.", f"Choose one of: {names}.")


def can_read(known: Format, head: Head) -> bool:
    """Whether a format that a person named can be tried at all: an archive or a Parquet file has one reader only."""
    only = {"zip": "inspect", "parquet": "parquet"}.get(head.shape)
    return only is None or known.name == only


def recognised(head: Head, options: Options) -> Format | None:
    """The first format that knows the file as its own; None where none does."""
    asked = tables.FORMATS if head.shape == "parquet" else _READ if options.column_map is None else (*tables.FORMATS, *_READ)
    return next((known for known in asked if known.sniff(head, options)), None)


def why_not(head: Head, options: Options) -> str:
    """Why a file that no format knows is passed over, in one sentence."""
    if head.problem:
        return f"This is not valid JSON. {head.problem}"
    if tables.is_table(head) or (options.column_map is not None and head.suffix == "txt" and table_rows.kind_of(head)):
        return tables.why_not(head, options)
    if head.shape == "text" and not _is_utf8(head.text):
        return "This is neither UTF-8 text nor a kind of file that is read."
    if head.shape == "text":
        return "This is text, not a file of records."
    return "These are no records that can be reviewed: no known format fits."


def _is_utf8(beginning: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return False
    return True
