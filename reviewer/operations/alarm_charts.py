"""What the rates and the traffic of a campaign say of drift: charts over answers, and tests of texts. Nothing is written here.

It loads numpy and what goes with it, so a window does this in a process of its own (`operations.beside`).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from reviewer.domain import change_detectors, control_charts, query, shifts
from reviewer.domain.change_detectors import Change
from reviewer.domain.differences import weighted, weighted_share
from reviewer.domain.embedding import text_to_embed, wish_of
from reviewer.domain.errors import shown
from reviewer.domain.item_tree import Floats
from reviewer.domain.progress import Ticket
from reviewer.domain.proportions import clopper_pearson
from reviewer.operations import embedding as embedding_of
from reviewer.operations import estimate_basis, estimate_parts
from reviewer.operations.beside import Keeper
from reviewer.operations.drifting import Asked, Looked, Raised
from reviewer.operations.estimate_basis import Basis
from reviewer.operations.estimate_parts import How
from reviewer.storage import fields, findings, item_vectors, populations
from reviewer.storage.onlooker import Onlooker
from reviewer.storage.populations import Ids
from reviewer.storage.workspace import Reading, Workspace

_LEAST = 60  # answers in the order of time that a chart needs
_REFERENCE = 0.4  # of them, the first ones, say what is usual
_FALSE_ALARM = 20  # as many times as long as the chart is, on average, until a false alarm: about one chart in twenty has one
_LOOKED_AT = 400  # items of either kind whose vectors are compared
_LEAST_ITEMS = 30
_TRAFFIC_LEVEL = 0.01
_NEWEST = 1 / 3  # of the items, by time, that are compared with those before
_SEED = 20_260_107  # the same items give the same alarms
_MOST_MODELS = 12
_MOST_CHANGES = 3  # that a detector for exploring is asked for, the newest ones
_BROKEN = query.Field("label", ":", "non_compliant")


def look(workspace: Onlooker, keeper: Keeper, ticket: Ticket, asked: Asked) -> Looked:
    """What there is to say of a campaign by a field. Raises NotFound, NotAllowed for a field that would lead."""
    by, notes = asked.by, list[str]()
    with workspace.read() as reading:
        found = estimate_basis.basis(reading, ticket, campaign=asked.campaign, viewer=workspace.me)
        points = list(estimate_parts.rates_by(reading, ticket, found, by, How(0.95, "auto")).values)
        charted = _by_model(reading, found) if by == "model" else _charts(reading, ticket, found, notes)
        raised = list(charted)
        groups = _traffic_groups(reading, found, by, notes)
    raised += _traffic(workspace, keeper, ticket, groups, notes, by)
    if found.hidden:
        notes.append(f"{found.hidden:,} drawn items count as open: they wait for your own blind label.")
    return Looked(found.stored.state.hash, found.stored.state.rules.name, points, raised, notes)


# --- the rate


class _Usual(NamedTuple):
    """Of the first answers by time, how many broke the policy, and the rate that this makes likely."""

    first: int
    broken: int
    rate: float


class _Series(NamedTuple):
    """Answers in the order of their times. y: 1 non-compliant; weights: of their items, None where all are alike."""

    times: list[str]
    y: Floats
    weights: Floats | None

    def usual(self) -> _Usual:
        """What the first answers say."""
        first = max(_LEAST // 2, int(_REFERENCE * len(self.y)))
        broken = int(self.y[:first].sum())
        return _Usual(first, broken, (broken + 1) / (first + 2))


def _charts(reading: Reading, ticket: Ticket, found: Basis, notes: list[str]) -> Iterator[Raised]:
    """What the charts over answered items say, in the order of their times."""
    answered = np.flatnonzero(~np.isnan(found.drawn.y))
    times = populations.times(reading, found.item[answered])
    timed = [(time, int(place)) for time, place in zip(times, answered, strict=True) if time is not None]
    timed.sort()
    if len(timed) < _LEAST:
        notes.append(f"{len(timed):,} answered items say when they happened; a chart over time needs {_LEAST}.")
        return
    order = np.array([place for _, place in timed])
    weights = 1 / np.maximum(found.drawn.pi[order], 1e-12)
    series = _Series([time for time, _ in timed], found.drawn.y[order], None if np.ptp(weights) < 1e-9 else weights)
    yield from _rising(ticket, found, series, notes)
    yield from _exploring(found, series, notes)


def _rising(ticket: Ticket, found: Basis, series: _Series, notes: list[str]) -> Iterator[Raised]:
    """The CUSUM and the e-detector."""
    first, broken, p0 = series.usual()
    p1 = min(0.97, max(2 * p0, p0 + 0.05))
    if not p0 < p1:
        notes.append("Nearly every item broke the policy from the beginning: it can hardly become more frequent.")
        return
    ticket.step(0, 1, "Simulating what chance does")
    rest, unequal = series.y[first:], series.weights
    length = _FALSE_ALARM * len(rest)
    limit = control_charts.limit_for(
        length, p0, p1, rng=np.random.default_rng(_SEED), weights=unequal, reference=first, horizon=min(2 * max(100, len(rest)), 20_000)
    )
    later = None if unequal is None else unequal[first:]
    added = control_charts.steps(rest, p0, p1, later)
    chart = control_charts.cusum(added, limit.limit)
    usual = f"{broken:,} of the first {first:,} items by time broke the policy"
    for place in chart.alarms[:1]:
        began = series.times[first + control_charts.began(added, place)]
        what = f"Violations are more frequent since about {began[:10]}: {usual}, {int(rest.sum()):,} of the {len(rest):,} since."
        yield Raised(series.times[first + place], "cusum", float(chart.path[place]), limit.limit, what, *_look(found, began))
    yield from _any_time(found, rest, series.times[first:], clopper_pearson(broken, first), p1, length, usual)


def _any_time(found: Basis, rest: Floats, times: list[str], usual: object, p1: float, length: int, said: str) -> Iterator[Raised]:
    """The e-detector: it asks only that the mean was no higher than what the first items leave possible."""
    high = getattr(usual, "high", 1.0)
    if not 0 < high < 0.9 or np.ptp(found.drawn.pi) > 1e-9:
        return  # weighted verdicts are not between 0 and 1
    chart = control_charts.e_detector(rest, high, max(p1, min(0.97, 1.5 * high)), alpha=1 / length)
    for place in chart.alarms[:1]:
        what = (
            f"The rate is above {high:.1%}, the most that the first items leave possible, by a test that may be read at any time: {said}."
        )
        yield Raised(times[place], "e_detector", float(chart.path[place]), float(length), what, *_look(found, times[place]))


def _exploring(found: Basis, series: _Series, notes: list[str]) -> Iterator[Raised]:
    """ADWIN and Page-Hinkley: they ask for no usual rate and see what comes later too, and promise nothing about false alarms."""
    if series.weights is not None:
        notes.append("ADWIN and Page-Hinkley are left out: they know no weights, and these items were drawn with unequal probabilities.")
        return
    threshold = change_detectors.rise_by_chance(len(series.y), series.usual().rate)
    for kind, name, changes in (
        ("adwin", "ADWIN", change_detectors.adwin(series.y)),
        ("page_hinkley", "Page-Hinkley", change_detectors.page_hinkley(series.y, threshold)),
    ):
        for one in changes[-_MOST_CHANGES:]:
            yield _explored(found, series, one, kind, name)


def _explored(found: Basis, series: _Series, one: Change, kind: str, name: str) -> Raised:
    before, after = series.y[one.start : one.since], series.y[one.since : one.at + 1]
    more, began = bool(after.mean() > before.mean()), series.times[one.since]
    what = (
        f"To explore ({name}): violations became {'more' if more else 'less'} frequent at about {began[:10]}, "
        f"{int(before.sum()):,} of the {len(before):,} answered items before and {int(after.sum()):,} of the next {len(after):,}. "
        "It takes answers to be independent of each other, and how often it alarms without cause is not guaranteed."
    )
    if more:
        return Raised(series.times[one.at], kind, one.statistic, one.threshold, what, *_look(found, began))
    search = _search(found, query.Field("time", ">=", began[:10]))
    todo = f"See whether something was mended, or is judged otherwise than before: {search}."
    return Raised(series.times[one.at], kind, one.statistic, one.threshold, what, todo, search)


def _by_model(reading: Reading, found: Basis) -> Iterator[Raised]:
    """Models whose rate is above that of all others together, by limits that hold for all of them at once."""
    answered = np.flatnonzero(~np.isnan(found.drawn.y))
    if not len(answered):
        return
    laid = populations.laid(reading, found.item[answered], fields.named("model"))
    if not 1 < len(laid.values) <= _MOST_MODELS:
        return
    y, weights = found.drawn.y[answered] > 0, 1 / np.maximum(found.drawn.pi[answered], 1e-12)
    equal = bool(np.ptp(weights) < 1e-9)
    for place, value in enumerate(laid.values):
        of_it = laid.code == place
        one, other = (
            weighted_share(y[some], None if equal else weights[some], confidence=1 - 0.05 / len(laid.values)) for some in (of_it, ~of_it)
        )
        apart = weighted(one, other)
        if apart is not None and apart.low > 0:
            name = "" if value is None else str(value)
            what = f"{name or 'Items without a model'}: {one.value:.1%} of {one.n:,} break the policy, of the others {other.value:.1%}."
            todo = f"See which situations: reviewer clusters run --campaign “{found.stored.state.rules.name}”."
            yield Raised(
                name, "rate", apart.value, 0.0, what, todo, _search(found, _BROKEN, query.Field("model", ":", name)) if name else ""
            )


_SOUND_LATER = ("cusum", "adwin", "page_hinkley")  # kinds whose time is not when what they found began


def _look(found: Basis, since: str) -> tuple[str, str]:
    """What to do about violations since a time, and the search for them."""
    search = _search(found, _BROKEN, query.Field("time", ">=", since[:10]))
    return f"Read what came since: {search}; then run clusters on it, or draw more of it.", search


def _search(found: Basis, *those: query.Query) -> str:
    """A search for some of the items of the campaign."""
    return query.to_text(query.all_of([query.Field("campaign", ":", found.stored.state.hash[:12]), *those]))


# --- the traffic


class _Group(NamedTuple):
    """Items that are compared with others. at: since when, or which model; query: finds the new ones."""

    at: str
    new: Ids
    old: Ids
    query: str


def _traffic_groups(reading: Reading, found: Basis, by: str, notes: list[str]) -> list[_Group]:
    if by == "model":
        if not len(found.population):
            return []
        laid = populations.laid(reading, found.population, fields.named("model"))
        if not 1 < len(laid.values) <= _MOST_MODELS:
            return []
        groups = [
            _Group(
                str(value),
                found.population[laid.code == place],
                found.population[laid.code != place],
                _search(found, query.Field("model", ":", str(value))),
            )
            for place, value in enumerate(laid.values)
            if value is not None
        ]
    else:
        times = populations.times(reading, found.population)
        timed = sorted((time, place) for place, time in enumerate(times) if time is not None)
        cut = len(timed) - int(_NEWEST * len(timed))
        if len(timed) < 3 * _LEAST_ITEMS or timed[0][0] == timed[-1][0]:
            notes.append(f"{len(timed):,} items say when they happened: too few, or all at once, to compare new traffic with old.")
            return []
        since = timed[cut][0]
        old, new = ([place for time, place in timed if (time >= since) == later] for later in (False, True))
        search = _search(found, query.Field("time", ">=", since[:10]))
        groups = [_Group(since, found.population[np.sort(new)], found.population[np.sort(old)], search)]
    return [one for one in groups if min(len(one.new), len(one.old)) >= _LEAST_ITEMS]


def _traffic(workspace: Onlooker, keeper: Keeper, ticket: Ticket, groups: list[_Group], notes: list[str], by: str) -> Iterator[Raised]:
    """Whether the items of a group are about something else than the others, and by which words.

    Between models, only what users ask for is compared: that models put things in other words is no traffic.
    """
    if not groups:
        return
    some = [one._replace(new=_some(one.new), old=_some(one.old)) for one in groups]
    every = np.unique(np.concatenate([ids for one in some for ids in (one.new, one.old)]))
    embedder, why = embedding_of.choose(workspace, keeper, ticket, every)
    notes.append(why.replace("Grouped", "Traffic is compared", 1))
    with workspace.read() as reading:
        about = wish_of if by == "model" else text_to_embed
        texts = {name: about(item) for name, item in item_vectors.items_of(reading, every)}
    known, said = np.frombuffer(b"".join(texts), "S32"), list(texts.values())
    vectors = embedder.embed(said).astype(np.float64)
    level = _TRAFFIC_LEVEL / len(groups)
    rng = np.random.default_rng(_SEED)
    for done, (at, new, old, search) in enumerate(some):
        ticket.step(done, len(some), "Comparing traffic")
        both = np.concatenate((new, old))
        is_new = np.arange(len(both)) < len(new)
        place = populations.places(both, known)
        here, is_new = place[place >= 0], is_new[place >= 0]
        replications = max(shifts.REPLICATIONS, int(2 / level))
        shift = shifts.energy_shift(vectors[here], is_new, rng=rng, level=1 - level, replications=replications)
        if shift.p > level:
            continue
        told = shifts.told_apart([said[one] for one in here.tolist()], is_new, rng=rng)
        words = f"; more often: {', '.join(told.newer)}" if told.newer else ""
        what = f"Items {'of' if by == 'model' else 'since'} {shown(at if by == 'model' else at[:10], 60)} are about something else{words}."
        todo = "Draw again, so that the sample covers them: reviewer campaign grow; policies may not speak of what is new."
        yield Raised(at, "energy", shift.statistic, shift.threshold, what, todo, search)
        if told.p <= level:
            what = f"{told.right:,} of {told.n:,} items were told apart by their words alone, where chance gives half{words}."
            yield Raised(at, "c2st", told.right / told.n, 0.5, what, todo, search)


def _some(ids: Ids) -> Ids:
    """Some of the items: ids are hashes, so every so many of them are a random choice."""
    return ids[:: max(1, len(ids) // _LOOKED_AT)][:_LOOKED_AT]


# --- afterwards


def search_of(workspace: Workspace, ticket: Ticket, alarm: findings.Raised) -> str:
    """The search for the items that a recorded alarm speaks of, of these the violations where it is about a rate.

    Some charts sound later than what they found began; when that was is asked of the labels of now and, where these sound no such alarm
    any more, the items since it sounded are meant. Raises NotAllowed where it would lead the viewer.
    """
    with workspace.read() as reading:
        found = estimate_basis.basis(reading, ticket, campaign=alarm.campaign, viewer=workspace.me)
        if alarm.kind in _SOUND_LATER:
            again = (one.query for one in _charts(reading, ticket, found, []) if (one.kind, one.at) == (alarm.kind, alarm.at))
            return next(again, "") or _look(found, alarm.at)[1]
        model = populations.laid(reading, found.population, fields.named("model")).values if len(found.population) else ()
    if alarm.kind == "e_detector":
        return _look(found, alarm.at)[1]
    if alarm.kind == "rate":
        return _search(found, _BROKEN, query.Field("model", ":", alarm.at))
    about = query.Field("model", ":", alarm.at) if alarm.at in model else query.Field("time", ">=", alarm.at[:10])
    return _search(found, about)
