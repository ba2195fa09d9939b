"""Rates of parts of a population: of the items with each value of a field, and of each clause."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from reviewer.domain import estimates, query, strata
from reviewer.domain.errors import Refused, shown
from reviewer.domain.estimates import Apart, Estimate
from reviewer.domain.progress import Ticket
from reviewer.domain.query import Not, Query
from reviewer.domain.stratified import stratum_name
from reviewer.operations import estimate_basis
from reviewer.operations.estimate_basis import Basis
from reviewer.operations.part_rates import Value as Value
from reviewer.storage import fields, populations, samples
from reviewer.storage.campaigns import Stored
from reviewer.storage.fields import Field
from reviewer.storage.populations import Ints, Laid
from reviewer.storage.workspace import Reading

MOST_VALUES = 500  # of a field: beyond, nobody reads them
CLAUSE = "clause"


class How(NamedTuple):
    """What is asked of the statistics of each part."""

    confidence: float
    method: str


class Parts(NamedTuple):
    """The rates of the values of a field, in their order. apart: whether they differ; None of clauses: an item can break several."""

    values: tuple[Value, ...]
    apart: Apart | None


NO_PARTS = Parts((), None)


def rates_by(reading: Reading, ticket: Ticket, found: Basis, by: str, how: How) -> Parts:
    """The rate of each value of a field; of `clause`, the share of all items that break each. Raises NotFound for a field that no item has,
    Refused for one with too many values, NotAllowed for one that is hidden from the viewer."""
    found = found._replace(drawn=found.drawn._replace(f=None, f_population=None, f_stratum=None))  # scores speak of the whole
    if by == CLAUSE:
        return Parts(tuple(_by_clause(reading, ticket, found, how)), None)
    field = estimate_basis.field_to_tell(by, hidden=found.hidden)
    total = int(reading.fact("items") or 0)
    laid = populations.laid(reading, found.population, field, lambda done: ticket.step(min(done, total), total, "Reading the field"))
    laid = _quartered(laid)
    if len(laid.values) > MOST_VALUES:
        raise Refused(f"“{shown(by, 40)}” has {len(laid.values):,} values.", f"Choose a field with {MOST_VALUES} or fewer.")
    code = np.where(found.place >= 0, laid.code[found.place], -1)
    return Parts(tuple(_of_values(ticket, found, field, laid, code, how)), estimates.differ(found.drawn, code))


def _of_values(ticket: Ticket, found: Basis, field: Field, laid: Laid, code: Ints, how: How) -> Iterator[Value]:
    """The rate of each value. code: of the drawn items, the place of their value, -1 for none."""
    sizes = laid.sizes.tolist()
    order = np.argsort(code, kind="stable")
    ends = np.searchsorted(code[order], np.arange(len(laid.values) + 1)).tolist()
    for place, value in enumerate(laid.values):
        ticket.step(place, len(laid.values), "Estimating")
        part = _part(found.drawn, order[ends[place] : ends[place + 1]], sizes[place], how)
        yield _value("" if value is None else stratum_name(value), part, _search(found.stored, field, value))


def _part(drawn: estimates.Drawn, items: Ints, size: int, how: How) -> Estimate:
    """The rate of a part. items: the drawn ones in it, as places."""
    if drawn.design in ("all", "srs"):  # what was drawn of a part of known size is a simple random sample of it
        inside = drawn._replace(pi=drawn.pi[items], y=drawn.y[items], stratum=drawn.stratum[items], population=np.array([size]))
        return estimates.domain_estimate(inside, np.ones(len(items), np.bool_), size, confidence=how.confidence, method=how.method)
    within = np.zeros(len(drawn.y), np.bool_)
    within[items] = True
    return estimates.domain_estimate(drawn, within, size, confidence=how.confidence, method=how.method)


def _by_clause(reading: Reading, ticket: Ticket, found: Basis, how: How) -> Iterator[Value]:
    """Of each clause that a violation cites, the share of all items that break it."""
    at = populations.places(found.answers.item, found.item)
    broken = samples.breaks(reading, found.stored, found.answers)
    policies = {clause.split(":")[0] for clause in broken}
    for done, (clause, items) in enumerate(broken.items()):
        ticket.step(done, len(broken), "Estimating")
        y = np.where(np.isnan(found.drawn.y), np.nan, 0.0)
        y[at[items]] = 1.0
        part = estimates.estimate(found.drawn._replace(y=y), confidence=how.confidence, method=how.method)
        name = clause if len(policies) > 1 else clause.split(":", 1)[1]
        yield _value(name, part, search_for(found.stored, query.Field("clause", ":", clause)))


def _quartered(laid: Laid) -> Laid:
    """A field of many numbers, by its quarters, as strata are cut."""
    numbers = [value for value in laid.values if isinstance(value, int | float)]
    if any(isinstance(value, str) for value in laid.values):
        return laid
    cuts = strata.quartiles(numbers, laid.sizes.tolist()[: len(numbers)])
    if not cuts:
        return laid
    parts = [None if value is None else strata.name_of(value, cuts) for value in laid.values]
    known = list(dict.fromkeys(parts))
    return Laid(tuple(known), np.array([known.index(part) for part in parts], np.int64)[laid.code])


def _value(value: str, part: Estimate, text: str) -> Value:
    return Value(value, part.estimate, part.low, part.high, part.n, part.population, part.method, part.basis, part.reason, text)


def search_for(stored: Stored, *terms: Query) -> str:
    """A search for the labelled items of a campaign for which the terms hold."""
    name = stored.state.rules.name
    named = query.Field("campaign", ":", stored.state.hash[:12] if "*" in name else name)
    return query.to_text(query.all_of([named, query.Field("label", ":", "any"), *terms]))


def _search(stored: Stored, field: Field, value: fields.Value) -> str:
    """A search for the labelled items of a value."""
    if field.kind == "period":
        return search_for(stored, *_within(field.name, value))
    if field.kind == "column" and not (field.name == "steps" and isinstance(value, str)):
        term: Query = Not(query.Field(field.name, ":", "*")) if value is None else query.Field(field.name, ":", str(value))
        return search_for(stored, term)
    return ""


def _within(unit: str, value: fields.Value) -> tuple[Query, ...]:
    if value is None:
        return (Not(query.Field("time", ">=", "0001")),)
    if unit != "week":
        return (query.Field("time", ":", str(value)),)
    monday = date.fromisoformat(f"{value}-1")
    return query.Field("time", ">=", monday.isoformat()), query.Field("time", "<", (monday + timedelta(days=7)).isoformat())
