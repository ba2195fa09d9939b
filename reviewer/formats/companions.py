"""What came with records beside their items: labels, opinions of judges, requirements. Only formats that have such things give them."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

import msgspec

from reviewer.domain import items
from reviewer.domain.errors import BadRecord, Refused, shown
from reviewer.domain.policies import Clause
from reviewer.domain.records import Record, Reject
from reviewer.formats import intake, registry
from reviewer.formats.format import AUTO, Options
from reviewer.formats.intake import Found, Skipped
from reviewer.formats.json_lines import Line
from reviewer.formats.label_lines import LabelLine
from reviewer.formats.suggestion_lines import SuggestionLine

T = TypeVar("T")
Hook = TypeVar("Hook")


class Sourced(NamedTuple):
    """A label with the SHA-256 of the file that it came in, and what that says of its item beside the external id."""

    label: LabelLine
    sha256: str
    agent: str | None = None
    model: str | None = None


def labels(path: str, options: Options) -> Iterator[Line[Sourced] | Skipped]:
    """The labels that came with the records under a path, each naming its item.

    options: name the format, and how its items were imported. Raises Refused for a format that brings none, NotFound for no such path.
    """
    of_record = _required(registry.by_name(options.format).beside.labels, options.format, "labels")

    def said(record: Record, found: Found) -> Iterator[Sourced]:
        for label in of_record(record):
            yield Sourced(msgspec.structs.replace(label, item=_item(record)), found.sha256)

    return _walked(path, options, said)


def opinions(path: str, options: Options) -> Iterator[Line[SuggestionLine] | Skipped]:
    """What a judge said of the items of the records under a path. Raises as `labels` does."""
    of_record = _required(registry.by_name(options.format).beside.opinion, options.format, "opinions of judges")
    return _walked(path, options, lambda record, _found: [msgspec.structs.replace(of_record(record), item=_item(record))])


def clauses(path: str, options: Options) -> tuple[Clause, ...]:
    """What the records under a path were judged by, each clause once. Raises as `labels` does, and Refused for one with two wordings."""
    of_record = _required(registry.by_name(options.format).beside.clauses, options.format, "clauses")
    found: dict[str, Clause] = {}
    for line in _walked(path, options, lambda record, _found: of_record(record)):
        if isinstance(line, Skipped):
            continue
        if line.said is None:
            raise Refused(f"{shown(line.path or path, 200)} cannot be read: {line.problem}", "Correct the file, or leave it out.")
        if found.setdefault(line.said.clause, line.said) != line.said:
            raise Refused(f"Clause {line.said.clause} is worded in two ways in these files.", "Name the folder of one of the two.")
    return tuple(found.values())


def _required(hook: Hook | None, name: str, what: str) -> Hook:
    if hook is None:
        raise Refused(f"The format {shown(name)} brings no {what}.", "`reviewer formats` says which do.")
    return hook


def _item(record: Record) -> str:
    return items.item_id(items.encode(record.item))


def _walked(path: str, options: Options, said: Callable[[Record, Found], Iterable[T]]) -> Iterator[Line[T] | Skipped]:
    """What is said of each record under a path; a file of another format is skipped."""
    name = registry.by_name(options.format).name
    for found in intake.scan([path], options._replace(format=AUTO)):
        if isinstance(found, Skipped):
            yield found
        elif found.format != name:
            yield Skipped(found.path, f"This is no file of the format {name}.")
        else:
            for one in intake.read(found, options):
                yield from _told(one, found, said)


def _told(one: Record | Reject, found: Found, said: Callable[[Record, Found], Iterable[T]]) -> Iterator[Line[T]]:
    number = one.line or one.index
    if isinstance(one, Reject):
        yield Line(number, one.content, None, one.reason, found.path)
        return
    try:
        for what in said(one, found):
            yield Line(number, one.original, what, path=found.path)
    except BadRecord as error:
        yield Line(number, one.original, None, error.what, found.path)
