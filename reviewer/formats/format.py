"""What a format is: a name, a look at the beginning that recognises it, and a reader."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from reviewer.domain.records import Record, Reject
from reviewer.formats.column_maps import ColumnMap
from reviewer.formats.heads import Head
from reviewer.formats.sources import Source

AUTO = "auto"


class Options(NamedTuple):
    """How a person wants files read. `agent` is set on every item before it is hashed."""

    format: str = AUTO
    column_map: ColumnMap | None = None
    agent: str | None = None


def _never(_head: Head) -> str | None:
    """Most formats cannot tell from the beginning that nothing follows."""


class Format(NamedTuple):
    """One kind of file. `version` moves when its reader gives another id to an old record.

    sniff: whether the file is of this kind. empty: why a file of this kind holds nothing, where its beginning tells.
    """

    name: str
    description: str
    version: int
    sniff: Callable[[Head, Options], bool]
    read: Callable[[Source, Options], Iterator[Record | Reject]]
    empty: Callable[[Head], str | None] = _never
