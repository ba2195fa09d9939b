"""What a format is: a name, a look at the beginning that recognises it, and a reader."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from reviewer.domain.policies import Clause
from reviewer.domain.records import Record, Reject
from reviewer.formats.column_maps import ColumnMap
from reviewer.formats.heads import Head
from reviewer.formats.label_lines import LabelLine
from reviewer.formats.sources import Source
from reviewer.formats.suggestion_lines import SuggestionLine

AUTO = "auto"


class Options(NamedTuple):
    """How a person wants files read. `agent` is set on every item before it is hashed."""

    format: str = AUTO
    column_map: ColumnMap | None = None
    agent: str | None = None


def _never(_head: Head) -> str | None:
    """Most formats cannot tell from the beginning that nothing follows."""


class Beside(NamedTuple):
    """What the records of a format hold beside their items, brought in only when it is asked for. Each raises BadRecord for what is none.

    labels, opinion: what people, or a judge, said of the item; it need not be named. clauses: what it was judged by.
    """

    labels: Callable[[Record], Iterable[LabelLine]] | None = None
    opinion: Callable[[Record], SuggestionLine] | None = None
    clauses: Callable[[Record], Iterable[Clause]] | None = None


def _no_policy(_record: Record) -> str | None:
    """Most runs do not carry the policy that they were made under."""


class Format(NamedTuple):
    """One kind of file. `version` moves when its reader gives another id to an old record.

    sniff: whether the file is of this kind. empty: why a file of this kind holds nothing, where its beginning tells.
    policy: the written policy that a record carries, as text.
    """

    name: str
    description: str
    version: int
    sniff: Callable[[Head, Options], bool]
    read: Callable[[Source, Options], Iterator[Record | Reject]]
    empty: Callable[[Head], str | None] = _never
    beside: Beside = Beside()
    policy: Callable[[Record], str | None] = _no_policy
