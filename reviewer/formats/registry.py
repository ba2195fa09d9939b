"""The formats that are read and written, by name, and which of them a file is."""

from typing import NamedTuple

from reviewer.domain.errors import Refused, shown
from reviewer.formats import agentdojo, tau_bench
from reviewer.formats.format import AUTO, Format
from reviewer.formats.heads import Head

# The order is the order of asking: the particular before the general.
_READ: tuple[Format, ...] = (
    tau_bench.FORMAT,
    agentdojo.FORMAT,
)


class Named(NamedTuple):
    """A format as it is shown to a person."""

    name: str
    description: str


writes: tuple[Named, ...] = (
    Named("jsonl", "labels, one JSON object a line"),
    Named("csv", "labels as a table; cells that a spreadsheet would run are made harmless"),
    Named("parquet", "labels as a table with types"),
    Named("trl-kto", "a reward dataset for TRL's KTOTrainer (JSONL), with card and manifest"),
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


def recognised(head: Head) -> Format | None:
    """The first format that knows the file as its own; None where none does."""
    return next((known for known in _READ if known.sniff(head)), None)


def why_not(head: Head) -> str:
    """Why a file that no format knows is passed over, in one sentence."""
    if head.problem:
        return f"This is not valid JSON. {head.problem}"
    if head.shape == "parquet" or (head.shape == "text" and head.suffix in ("csv", "tsv")):
        return "This is a table whose columns are not known. Say which is which with a column map."
    if head.shape == "text":
        return "This is text, not a file of records."
    return "These are no records that can be reviewed: no known format fits."
