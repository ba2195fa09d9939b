"""Drawing: from a query and what a lead chose to the picks of a draw. Nothing is written here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain import designs, query, sampling
from reviewer.domain.designs import Selection
from reviewer.domain.errors import Refused, about, shown
from reviewer.domain.items import ItemId
from reviewer.domain.progress import Ticket
from reviewer.domain.sampling import Sample
from reviewer.storage import fields, searches
from reviewer.storage.fields import Field, Value
from reviewer.storage.frames import Before
from reviewer.storage.rows import Rows
from reviewer.storage.workspace import Reading

if TYPE_CHECKING:
    from reviewer.domain.poisson import Floats

_OPINION = {"non_compliant": 1.0, "compliant": 0.0, "unsure": 0.5}


def population(reading: Reading, text: str) -> tuple[str, list[ItemId]]:
    """What a query finds now, and its text as a draw freezes it: with `me` replaced by a name."""
    tree = query.resolve(query.parse(text), me=reading.workspace.me.name)
    return query.to_text(tree), searches.item_ids(reading, tree)


class Wanted(NamedTuple):
    """A draw that is asked for. design: all, srs, stratified or poisson; size: picks in all, None for everything."""

    design: str
    seed: str
    size: int | None
    selection: Selection = Selection()


class Chosen(NamedTuple):
    """What a draw takes, from which population, sorted.

    spreads: of each stratum, where that decided; inclusion: the probability of each item, where these differ. warnings: sentences for the
    lead.
    """

    sample: Sample
    population: tuple[ItemId, ...]
    spreads: tuple[float, ...] = ()
    inclusion: "Floats | None" = None
    warnings: tuple[str, ...] = ()


def choose(rows: Rows, ticket: Ticket, wanted: Wanted, found: Sequence[ItemId], before: Before | None = None) -> Chosen:
    """The picks of a draw. found: what the query finds today; before: what earlier draws of the campaign come to, which all stays.

    Raises Refused for a design that this population cannot meet, NotFound for a field that no item has.
    """
    designs.check(wanted.design, wanted.selection)
    items = tuple(sorted({*found, *(before.population if before else ())}))
    size = len(items) if wanted.size is None else wanted.size
    match wanted.design:
        case "all":
            return Chosen(sampling.everything(items, wanted.seed, ticket=ticket), items)
        case "stratified":
            return _stratified(rows, ticket, wanted, size, items, before)
        case "poisson":
            return _poisson(rows, ticket, wanted, size, items, before)
        case _:
            return Chosen(sampling.simple_random(items, wanted.seed, size=size, ticket=ticket), items)


def _facts(wanted: Wanted, size: int, sample: Sample, edges: tuple[float, ...] = ()) -> Sample:
    """The sample with all that its draw is to say of the design."""
    cuts = {"edges": " ".join(map(repr, edges))} if edges else {}
    return sample._replace(facts={"version": designs.VERSION, "asked": str(size), **wanted.selection.facts(), **cuts, **sample.facts})


def _stratified(rows: Rows, ticket: Ticket, wanted: Wanted, size: int, items: tuple[ItemId, ...], before: Before | None) -> Chosen:
    from reviewer.domain import strata, stratified

    sampling.refuse_beyond(size, len(items))
    field = fields.named(wanted.selection.by)
    held = before.strata if before else {}
    with about("by"):
        values = _values(rows, ticket, items, field)
        _refuse_missing(rows, field, items, [held.get(item) if value is None else value for item, value in zip(items, values, strict=True)])
        parted = strata.parted(items, values, field=str(field), edges=before.edges if before else (), held=held)
    of, names = strata.numbered(parted)
    with about("weight" if wanted.selection.weight else "by"):
        spreads, warnings = _spreads(rows, ticket, wanted.selection, items, of, len(names))
    parts = stratified.Strata(items, of, names, spreads or None)
    floor = wanted.selection.floor
    with about("size" if floor is None else "floor"):
        reached = before.reached if before else None
        sample = stratified.stratified(parts, wanted.seed, size=size, floor=floor, before=reached, ticket=ticket)
    return Chosen(_facts(wanted, size, sample, parted.edges), items, spreads, warnings=warnings)


def _values(rows: Rows, ticket: Ticket, items: Sequence[ItemId], field: Field, *, scores: bool = False) -> list[Value]:
    def step(done: int, total: int) -> None:
        ticket.step(done, total, f"Reading {shown(str(field), 40)}")

    return fields.values(rows, items, field, step, scores=scores)


def _refuse_missing(rows: Rows, field: Field, items: Sequence[ItemId], values: Sequence[Value]) -> None:
    """Raises Refused where half of the items or more have no value."""
    missing = sum(1 for value in values if value is None)
    if missing * 2 >= len(items):
        raise Refused(f"{missing:,} of {len(items):,} items have no “{shown(str(field), 60)}”.", _narrower(rows, field, items, values))


def _narrower(rows: Rows, field: Field, items: Sequence[ItemId], values: Sequence[Value]) -> str:
    """What to do about items without a value: a query that leaves them out, where there is one."""
    if field.kind == "judge":
        return "Bring in that judge's opinion of the others first, or narrow the query to items that have one."
    if field.kind == "period":
        return "Narrow the query to items that have it, with `time>=1970`, or choose another field."
    if field.kind == "column":
        return f"Narrow the query to items that have it, with `{field.name}:*`, or choose another field."
    whole = fields.formats_with(rows, items, values)
    with_query = f"with `format:{shown(whole[0], 40)}`, " if whole else ""
    return f"Narrow the query to items that have it, {with_query}or choose another field."


def _spreads(
    rows: Rows, ticket: Ticket, selection: Selection, items: Sequence[ItemId], of: Sequence[int], strata: int
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """How much each stratum is thought to vary, for Neyman's allocation; nothing for the proportional one."""
    if selection.allocation != "neyman":
        return (), ()
    from reviewer.domain.allocation import rate_spread

    field = fields.named(selection.weight or selection.by)
    if not selection.weight and field.kind != "judge":
        return tuple([rate_spread(0, 0)] * strata), (
            "Nothing says how violation rates differ between the strata, so Neyman's allocation equals the proportional one; name a score"
            " as weight.",
        )
    numbers = [None if value is None else _number(value, field) for value in _values(rows, ticket, items, field, scores=True)]
    _refuse_missing(rows, field, items, numbers)
    return _measured(numbers, of, strata), ()


def _measured(numbers: Sequence[float | None], of: Sequence[int], strata: int) -> tuple[float, ...]:
    """The spread of each stratum: of a rate where all numbers lie between 0 and 1, else of the numbers themselves."""
    from reviewer.domain.allocation import number_spreads, rate_spread

    parts: list[list[float]] = [[] for _ in range(strata)]
    for number, stratum in zip(numbers, of, strict=True):
        if number is not None:
            parts[stratum].append(number)
    if all(0 <= number <= 1 for part in parts for number in part):
        return tuple(rate_spread(sum(part), len(part)) for part in parts)
    return number_spreads(parts)


def _number(value: Value, field: Field) -> float:
    if isinstance(value, str):
        said = _OPINION.get(value)
        try:
            return float(value) if said is None else said
        except ValueError as error:
            raise Refused(
                f"“{shown(value, 40)}”, which an item has as “{shown(str(field), 40)}”, is no number.", "Choose a field that holds numbers."
            ) from error
    return float(value or 0)


def _poisson(rows: Rows, ticket: Ticket, wanted: Wanted, size: int, items: tuple[ItemId, ...], before: Before | None) -> Chosen:
    import numpy as np

    from reviewer.domain import poisson

    sampling.refuse_beyond(size, len(items))
    held = None
    if before is not None:
        held = poisson.Arms(before.control, np.array([before.risk.get(item, 0.0) for item in items]))
    with about("weight"):
        weights = _weights(rows, ticket, fields.named(wanted.selection.weight), items, before)
        arms = poisson.arms(weights, size=size, control=wanted.selection.control_share, before=held)
    sample = _facts(wanted, size, poisson.poisson(items, wanted.seed, arms, ticket=ticket))
    inclusion = arms.inclusion()
    effective = poisson.kish_share(inclusion)
    uneven = f"The weights are so uneven that {size:,} picks tell a rate as well as {effective * size:,.0f} random ones would."
    return Chosen(sample, items, inclusion=inclusion, warnings=(uneven,) if effective < 0.5 else ())


def _weights(rows: Rows, ticket: Ticket, field: Field, items: Sequence[ItemId], before: Before | None) -> "Floats":
    """The weight of each item; 0 for one that is gone since it was drawn from, whose probability stays as it was."""
    import numpy as np

    values = _values(rows, ticket, items, field, scores=True)
    known = frozenset(before.population) if before else frozenset[ItemId]()
    missing = sum(1 for item, value in zip(items, values, strict=True) if value is None and item not in known)
    if missing:
        raise Refused(
            f"{missing:,} of {len(items):,} items have no weight “{shown(str(field), 60)}”.", _narrower(rows, field, items, values)
        )
    return np.array([0.0 if value is None else _number(value, field) for value in values])
