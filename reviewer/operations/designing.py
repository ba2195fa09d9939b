"""Designing: what a campaign would come to before it is made. Nothing is written."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from reviewer.domain import campaigns
from reviewer.domain.changes import Outcome
from reviewer.domain.designs import Selection
from reviewer.domain.errors import Refused, about
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.domain.query import Field, Query, leaves, parse
from reviewer.operations import drawing, growing, indexing
from reviewer.operations.drawing import Chosen, Wanted
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import compositions, fields, frames, pace, searches
from reviewer.storage import suggestions as suggestion_rows
from reviewer.storage.workspace import Reading, Workspace

RATES = (0.01, 0.05, 0.2)
FEW = 10  # picks below which a stratum says next to nothing of itself
PRECISION = 0.05
_SEED = "preview"  # probabilities and sizes hang on no seed; which items are picked is not told
_UNNAMED = "(few items)"
_PARTLY = (
    "The query asks for what is hidden from you until you have labelled: these are figures of what you may see; the draw looks at all."
)
_LEADING = frozenset({"model", "label", "reviewer", "file", "format", "severity", "clause", "skipped", "escalated"})  # fields of a query
_NAMED_FROM = 5  # items of a stratum, where its name could tell whoever has still to label them blind


class StratumPreview(NamedTuple):
    """A part of the population and its picks. half_width, low, high: of the interval of its own rate; None with fewer picks than one."""

    name: str
    population: int
    to_draw: int
    half_width: float | None
    low: float | None = None
    high: float | None = None


class ExpectedWidth(NamedTuple):
    """Half the width of the 95 % interval of the rate of all items, if that rate is `rate`; None where nothing bounds it."""

    rate: float
    half_width: float | None


class DesignPreview(NamedTuple):
    """What a draw would come to.

    to_draw: picks; of a risk-weighted sample on average, and `control` of them at random. strata: of a stratified sample; their intervals
    are those at `assumed_rate`. labels: that reviewers are asked for in all, known answers and repeats among them; of a sample that grows,
    for what is drawn anew. hours: at the pace of this team; None, and why not, where it is not known. effective_share: the effective size
    over the size, after Kish. size_for_precision: picks that bring the interval to 5 points on either side at the assumed rate.
    """

    design: str
    population: int
    to_draw: int
    control: int | None
    strata: tuple[StratumPreview, ...]
    assumed_rate: float
    widths: tuple[ExpectedWidth, ...]
    labels: int
    hours: float | None
    hours_reason: str | None
    seconds_per_label: float | None
    effective_share: float
    size_for_precision: int
    warnings: tuple[str, ...]


class Population(NamedTuple):
    """What a query finds. agents, models, kinds: how many items have each value, most first; "" stands for none.

    unseen: items whose model the viewer must not see yet; they are in no model's count. first, last: their times. partly: the query asks
    for what is hidden from the viewer, so that a draw may find more.
    """

    total: int
    agents: tuple[tuple[str, int], ...]
    models: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    unseen: int
    first: str | None
    last: str | None
    partly: bool = False


class DesignFields(NamedTuple):
    """Fields that a design may name: of every item, judges as `suggestion:JUDGE`, and of the metadata."""

    own: tuple[str, ...]
    judges: tuple[str, ...]
    metadata: tuple[str, ...]


def preview_design(
    workspace: Workspace,
    ticket: Ticket,
    *,
    rules: Campaign,
    size: int | None = None,
    selection: Selection = Selection(),  # noqa: B008 - immutable
    rate: float | None = None,
) -> Outcome[DesignPreview]:
    """What a campaign of these rules would draw, cost and tell. rate: the one to assume, above 0 and below 1; 0.05 where none is given.

    Raises what creating it would: Refused for a design that cannot be met, NotFound for a field that no item has, NotAllowed.
    """
    require(workspace.me, "campaign", "create a campaign")
    _check_rate(rate)
    ticket.step(0, 2, "Finding the population")
    indexing.know_words(workspace, ticket, rules.query)
    with workspace.read() as reading, searches.stopping(reading, ticket):
        found, partly = _told(reading, campaigns.query_asked(rules))
        campaigns.create(rules, population=len(found), size=size)
        ticket.step(1, 2, "Designing")
        chosen = drawing.choose(reading, ticket, Wanted(rules.design, rules.seed or _SEED, size, selection), found)
        seconds = pace.median_seconds(reading)
        unnamed = _unnamed(reading, selection, found)
    return Outcome(_preview(rules, size, chosen, seconds, rate, unnamed=unnamed, partly=partly))


def preview_growth(workspace: Workspace, ticket: Ticket, *, campaign: str, size: int, rate: float | None = None) -> Outcome[DesignPreview]:
    """What growing a campaign to `size` items in all would draw, cost and tell. Raises what growing it would."""
    require(workspace.me, "draw", "grow a campaign")
    _check_rate(rate)
    ticket.step(0, 2, "Finding the population")
    indexing.know_words_of(workspace, ticket, campaign)
    with workspace.read() as reading, searches.stopping(reading, ticket):
        stored = campaign_rows.named(reading, campaign)
        campaigns.refuse_closed(stored.state)
        found, partly = _told(reading, stored.state.rules.query)
        before = frames.before(reading, stored)
        ticket.step(1, 2, "Designing")
        chosen = growing.grown(reading, ticket, stored, found, before, size)
        seconds = pace.median_seconds(reading)
        unnamed = _unnamed(reading, before.selection, chosen.population)
    return Outcome(_preview(stored.state.rules, size, chosen, seconds, rate, unnamed=unnamed, partly=partly, drawn=stored.sampled))


def describe_population(workspace: Workspace, ticket: Ticket, *, query: str) -> Outcome[Population]:
    """What the items are that a query finds, as far as this member may see."""
    ticket.step(0, 2, "Finding the population")
    tree = parse(query)
    indexing.know_words(workspace, ticket, query)
    with workspace.read() as reading, searches.stopping(reading, ticket):
        numbers = searches.numbers(reading, tree, viewer=workspace.member)
        ticket.step(1, 2, "Looking at it")
        unseen = searches.waiting_for(reading, workspace.member)
        made_of = compositions.composition(reading, numbers, unseen=unseen)
        return Outcome(Population(len(numbers), *made_of, partly=bool(unseen) and _leads(tree)))


def list_fields(workspace: Workspace, ticket: Ticket, *, query: str) -> Outcome[DesignFields]:
    """What the items that a query finds can be stratified or weighted by."""
    require(workspace.me, "campaign", "create a campaign")
    ticket.step(0, 1, "Reading fields")
    indexing.know_words(workspace, ticket, query)
    with workspace.read() as reading:
        _, found = drawing.population(reading, query)
        judges = tuple(f"suggestion:{name}" for name in suggestion_rows.judges(reading))
        return Outcome(DesignFields((*fields.COLUMNS, *fields.PERIODS), judges, tuple(fields.metadata_fields(reading, found))))


def _check_rate(rate: float | None) -> None:
    if rate is not None and not 0 < rate < 1:
        with about("rate"):
            raise Refused(f"{rate:g} is no rate to assume.", "Give one above 0 and below 1, such as 0.05.")


def _told(reading: Reading, text: str) -> tuple[list[ItemId], bool]:
    """The population, and whether it is only what the viewer may find: where the query asks for what is hidden from them, a count of all
    would answer it."""
    viewer = reading.workspace.member
    tree = parse(text)
    if _leads(tree) and searches.waiting_for(reading, viewer):
        return searches.seen_ids(reading, tree, viewer=viewer), True
    return drawing.population(reading, text)[1], False


def _leads(query: Query) -> bool:
    return any(isinstance(leaf, Field) and leaf.name in _LEADING for leaf in leaves(query))


def _unnamed(reading: Reading, selection: Selection, found: Sequence[ItemId]) -> bool:
    """Whether the names of small strata would tell the viewer what is hidden from them."""
    if not selection.by or not fields.named(selection.by).leads:
        return False
    return bool(searches.hidden_among(reading, found, viewer=reading.workspace.member))


def _preview(
    rules: Campaign,
    size: int | None,
    chosen: Chosen,
    seconds: float | None,
    rate: float | None,
    *,
    unnamed: bool,
    partly: bool,
    drawn: int = 0,
) -> DesignPreview:
    n = len(chosen.population)
    to_draw = size if chosen.inclusion is not None and size is not None else len(chosen.sample.picks)
    assumed = RATES[1] if rate is None else rate
    strata = _strata(chosen, assumed, unnamed=unnamed)
    labels = _labels(rules, max(to_draw - drawn, 0))
    control = round(float(chosen.sample.facts["control_pi"]) * n) if chosen.inclusion is not None else None
    return DesignPreview(
        design=rules.design,
        population=n,
        to_draw=to_draw,
        control=control,
        strata=strata,
        assumed_rate=assumed,
        widths=tuple(ExpectedWidth(one, _width(chosen, one)) for one in (RATES if rate is None else (rate,))),
        labels=labels,
        hours=None if seconds is None else labels * seconds / 3600,
        hours_reason="No label of this team was timed yet." if seconds is None else None,
        seconds_per_label=seconds,
        effective_share=_effective_share(chosen),
        size_for_precision=_size_for_precision(chosen, assumed),
        warnings=(*chosen.warnings, *_small(strata), *((_PARTLY,) if partly else ())),
    )


def _labels(rules: Campaign, items: int) -> int:
    """About how many labels so many items take, repeats and known answers among them."""
    first = items * (rules.overlap if rules.overlap > 1 else 1 + float(rules.double))
    again = first * float(rules.repeat)
    return round((first + again) / (1 - float(rules.gold))) if rules.gold not in ("1", "1.0") else round(first + again)


def _parts(chosen: Chosen) -> tuple[list[int], list[int]]:
    """The sizes of the strata, and their picks; the whole is one where there are none."""
    drawn = chosen.sample.strata
    if not drawn:
        return [len(chosen.population)], [len(chosen.sample.picks)]
    return [one.population for one in drawn], [one.picked for one in drawn]


def _width(chosen: Chosen, rate: float) -> float | None:
    from reviewer.domain import allocation, precision

    if chosen.inclusion is not None:
        return precision.half_width(rate, precision.poisson_error(rate, chosen.inclusion))
    sizes, picks = _parts(chosen)
    return precision.half_width(rate, allocation.expected_error(sizes, picks, [sqrt(rate * (1 - rate))] * len(sizes)))


def _strata(chosen: Chosen, rate: float, *, unnamed: bool) -> tuple[StratumPreview, ...]:
    from reviewer.domain import allocation, precision

    found = []
    for one in chosen.sample.strata:
        error = allocation.expected_error([one.population], [one.picked], [sqrt(rate * (1 - rate))])
        name = _UNNAMED if unnamed and one.population < _NAMED_FROM else one.name
        low, high = precision.expected(rate, error) or (None, None)
        found.append(StratumPreview(name, one.population, one.picked, precision.half_width(rate, error), low, high))
    return tuple(found)


def _effective_share(chosen: Chosen) -> float:
    """Of picks that weigh N_h / n_h or 1 / pi: (sum w)² / (n sum w²)."""
    if chosen.inclusion is not None:
        from reviewer.domain import poisson

        return poisson.kish_share(chosen.inclusion)
    sizes, picks = _parts(chosen)
    squares = sum(size**2 / picked for size, picked in zip(sizes, picks, strict=True) if picked)
    return sum(sizes) ** 2 / (sum(picks) * squares)


def _size_for_precision(chosen: Chosen, rate: float) -> int:
    from reviewer.domain import allocation

    sizes, _ = _parts(chosen)
    spreads = chosen.spreads or tuple([sqrt(rate * (1 - rate))] * len(sizes))
    return allocation.size_for_precision(PRECISION, sizes, spreads, z=NormalDist().inv_cdf(0.975))


def _small(strata: Sequence[StratumPreview]) -> tuple[str, ...]:
    small = sum(1 for one in strata if one.to_draw < min(FEW, one.population))
    if not small:
        return ()
    if len(strata) == 1:
        return (f"The only stratum would have fewer than {FEW} picks: too few for a rate of its own.",)
    return (f"Of {len(strata):,} strata {small:,} would have fewer than {FEW} picks: too few for a rate of their own.",)
