"""Mistral Studio as a source: its data sets and traces, and the properties of a record, where people's verdicts go back.

The SDK has no call that writes a verdict on a trace or a span, so none is promised. Studio is part of few contracts: where the service
answers 403 or 404, that is said as such and not as a wrong key.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, urlsplit

from reviewer.domain.errors import shown
from reviewer.domain.judges import NoAnswer
from reviewer.outside.mistral_line import Address, Line, Wait

if TYPE_CHECKING:
    from mistralai.client import Mistral
    from mistralai.client.models import FeedResultGetSpan, FeedResultGetTrace
    from pydantic import BaseModel

T = TypeVar("T")

_PAGE = 50
_AROUND = timedelta(hours=1)  # of a trace: its own times may be those of its root alone
_NONE_SUCH = ("DATASET_NOT_FOUND", "DATASET_RECORD_NOT_FOUND")


class DataSet(NamedTuple):
    """A data set. slug: a name that serves for the id."""

    id: str
    name: str
    slug: str
    description: str


class Studio:
    """Studio under a key. All of it raises NoAnswer, about `studio` where Studio is not open to this key or at this server."""

    def __init__(self, address: Address, key: str, *, wait: Wait) -> None:
        """wait: how pauses between tries are spent. Raises Refused for an address that a key may not go to."""
        self._line = Line(address, key, wait=wait)

    def data_sets(self) -> Iterator[DataSet]:
        """Every data set."""
        for page in _counting():
            found = self._call(partial(_data_sets, page=page)).datasets
            for one in found.results or ():
                yield DataSet(one.id, one.name, one.slug, one.description)
            if not found.results or page * _PAGE >= found.count:
                return

    def records(self, data_set: str) -> Iterator[dict[str, Any]]:
        """The records of a data set, by its id or slug."""
        for page in _counting():
            found = self._call(partial(_records, data_set=data_set, page=page), of=f"data set “{shown(data_set, 60)}”").records
            for one in found.results or ():
                yield _plain(one)
            if not found.results or page * _PAGE >= found.count:
                return

    def traces(self, search: str, since: datetime | None, until: datetime | None) -> Iterator[dict[str, Any]]:
        """The traces that a search expression of Studio's finds, all where it is "", each with its spans; what is empty is left out."""
        for trace in self._pages(lambda sdk, cursor: _traces(sdk, search, since, until, cursor)):
            # Of a service that shows the newest days where no time is named, spans of an older trace would be none.
            began, ended = (datetime.fromisoformat(trace[name]) for name in ("start_time", "end_time"))
            spans = self._pages(partial(_spans, trace=trace["trace_id"], since=began - _AROUND, until=ended + _AROUND))
            yield {"trace": trace, "spans": list(spans)}

    def properties(self, record: str) -> dict[str, Any] | None:
        """The properties of a record; None where it is gone."""
        found = self._line.call_for(
            lambda sdk: _open(lambda: sdk.beta.observability.datasets.records.fetch(dataset_record_id=record), gone=True)
        )
        return None if found is None else dict(found.properties)

    def put_properties(self, record: str, properties: Mapping[str, Any]) -> None:
        """Give a record these properties in place of those that it has."""
        self._call(
            lambda sdk: sdk.beta.observability.datasets.records.update_properties(dataset_record_id=record, properties=dict(properties)),
            of=f"record {shown(record, 60)}",
        )

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _call(self, ask: Callable[["Mistral"], T], *, of: str = "") -> T:
        return self._line.call(lambda sdk: _open(lambda: ask(sdk), of=of))

    def _pages(self, ask: Callable[..., Any]) -> Iterator[dict[str, Any]]:
        """What a feed gives, page by page, until it names no other page."""
        cursor: str | None = None
        while True:
            found = self._call(partial(ask, cursor=cursor))
            for one in found.results or ():
                yield {name: value for name, value in _plain(one).items() if value not in (None, "", [], {})}
            following = _next(found, cursor)
            if not found.results or following is None:
                return
            cursor = following


def _plain(found: "BaseModel") -> dict[str, Any]:
    """As the service gave it. Of a word that the SDK does not know yet, such as a new status, it would warn."""
    return found.model_dump(mode="json", warnings=False)


def _counting() -> Iterator[int]:
    page = 0
    while True:
        page += 1
        yield page


def _data_sets(sdk: "Mistral", page: int) -> Any:
    return sdk.beta.observability.datasets.list(page_size=_PAGE, page=page)


def _records(sdk: "Mistral", data_set: str, page: int) -> Any:
    return sdk.beta.observability.datasets.list_records(dataset_id=data_set, page_size=_PAGE, page=page)


def _traces(sdk: "Mistral", search: str, since: datetime | None, until: datetime | None, cursor: str | None) -> Any:
    found = sdk.beta.observability.traces.search(from_=since, to=until, page_size=_PAGE, cursor=cursor, search_expression=search or None)
    return found.traces


def _spans(sdk: "Mistral", trace: str, since: datetime, until: datetime, cursor: str | None) -> Any:
    found = sdk.beta.observability.traces.get_trace_spans(trace_id=trace, from_=since, to=until, page_size=_PAGE, cursor=cursor)
    return found.spans


def _next(found: "FeedResultGetTrace | FeedResultGetSpan", asked: str | None) -> str | None:
    """The cursor of the next page; None behind the last. `next` names it, by itself or in the address of that page; where a feed has no
    `next` at all, `cursor` does. The one that was asked for is no next one."""
    if found.next is None:
        return None
    link = found.next if isinstance(found.next, str) else ""
    (in_link,) = parse_qs(urlsplit(link).query).get("cursor", [link])[:1]
    own = found.cursor if isinstance(found.cursor, str) else ""
    return next((one for one in (in_link, own) if one and one != asked), None)


def _open(ask: Callable[[], T], *, of: str = "", gone: bool = False) -> T:
    """Ask, and say of 403 and 404 what they mean here. of: what was named; gone: leave it to the caller to say that it is not there."""
    from mistralai.client import errors

    try:
        return ask()
    except errors.MistralError as error:
        if error.status_code not in (403, 404):
            raise
        code = _code(error.body)
        if error.status_code == 404 and code in _NONE_SUCH:
            if gone:
                raise
            raise NoAnswer(f"Studio has no {of}.", "See what it has: `reviewer mistral list`.", for_all=True) from error
        if error.status_code == 404 and of:
            what = f"Mistral knows no {of}, or Studio is not open to this key at this server (status 404)."
            raise NoAnswer(what, "See what it has: `reviewer mistral list`.", for_all=True) from error  # a slip of the pen, maybe
        what = f"Mistral Studio is not open to this key at this server (status {error.status_code})."
        hint = "Its data sets and traces are part of some contracts only; export them as a file, and `reviewer import` that."
        raise NoAnswer(what, hint, for_all=True, about="studio") from error


def _code(body: str) -> str:
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        return str(json.loads(body)["detail"]["error_code"])
    return ""
