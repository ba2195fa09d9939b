"""What models are worth by whose outputs people prefer, and whether it mattered which output stood first."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, TypeAlias

import numpy as np
from scipy import special

from reviewer.domain import bradley_terry, tournaments
from reviewer.domain.bradley_terry import Contest, Worths
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import Preference
from reviewer.domain.members import refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.domain.proportions import normal_quantile
from reviewer.domain.tournaments import Circles
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import items as item_rows
from reviewer.storage import preferred
from reviewer.storage import votes as vote_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading, Workspace

_MOST_ERROR = 5.0  # of a log odds ratio: beyond, the answers leave anything possible
_TOLD_EVERY = 200  # comparisons
_LEAST_IN_A_CIRCLE = 3  # models
_Met: TypeAlias = dict[tuple[str, str], list[int]]  # (seen first, seen second): how often each of these won, and neither


class Worth(NamedTuple):
    """A model. worth: log odds that its output is preferred to one of the reference, where one of them is; chance: the same from 0 to 1,
    with 95 % limits. None where they cannot be told. won, lost, tied: against outputs of all other models."""

    model: str
    worth: float | None
    chance: float | None
    low: float | None
    high: float | None
    won: int
    lost: int
    tied: int


class Place(NamedTuple):
    """What standing first adds to the log odds of being preferred, with 95 % limits; p: of nothing."""

    value: float
    low: float
    high: float
    p: float


class Ranked(NamedTuple):
    """Models by their worth, the greatest first. reference: the model whose worth is 0, the one that met others most.

    circles: circular triads among the models by who won more often over whom; None of fewer than three, and where two never met or came out
    even. labels: blind ones that the figures rest on, of so many items. reason: why there are no worths, place_reason: why nothing is said
    of the place. notes: what was left out, and what limits do not count, in sentences.
    """

    campaign: str
    id: EntryHash
    models: tuple[Worth, ...]
    reference: str
    place: Place | None
    circles: Circles | None
    labels: int
    items: int
    reason: str | None
    place_reason: str | None
    notes: tuple[str, ...]


class _Counted(NamedTuple):
    met: _Met
    labels: int
    items: int
    led: int  # labels that were not blind
    nameless: int  # comparisons without outputs of two known models
    unordered: int  # labels that do not say which output stood first
    hidden: int  # comparisons with labels that wait for the viewer's own


def rank_models(workspace: Workspace, ticket: Ticket, *, campaign: str) -> Outcome[Ranked]:
    """Worths after Bradley and Terry, ties after Davidson, from the blind labels of a campaign that asks which output is better.

    Comparisons that wait for the viewer's own blind label are left out, a lead's too: what others prefer, and the models, would lead them.
    Raises NotFound, Refused for a campaign that asks for something else, NotAllowed for whoever waits to be admitted.
    """
    refuse_waiting(workspace.me)
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        rules = stored.state.rules
        if not preferred.asks(stored):
            raise Refused(
                f"“{shown(rules.name, 60)}” does not ask which output is better.", "Models are ranked by a campaign for preferences."
            )
        counted = _counted(reading, ticket, stored, vote_rows.unseen(reading, stored, workspace.me.id))
    return Outcome(_ranked(stored, counted))


def _counted(reading: Reading, ticket: Ticket, stored: Stored, unseen: frozenset[bytes]) -> _Counted:
    met: _Met = defaultdict(lambda: [0, 0, 0])
    labels = items = led = nameless = unordered = hidden = 0
    for done, (item, given) in enumerate(preferred.given(reading, stored)):
        if done % _TOLD_EVERY == 0:
            ticket.step(done, stored.sampled, "Counting preferences")
        if bytes.fromhex(item) in unseen:
            hidden += 1
            continue
        blind = [one.preference for one, was_blind in given if was_blind]
        led += len(given) - len(blind)
        model = {one.key: one.model for one in item_rows.get(reading, item).item.candidates if one.model}
        if len(set(model.values())) < 2:
            nameless += 1
            continue
        items += bool(blind)
        labels += len(blind)
        for preference in blind:
            unordered += not preference.order_shown
            for first, second, who in _contests(preference, model):
                met[first, second][who] += 1
    return _Counted(met, labels, items, led, nameless, unordered, hidden)


def _contests(preference: Preference, model: Mapping[str, str]) -> Iterator[tuple[str, str, int]]:
    """Each two outputs of different models, the one that was seen first first; 0 where it is the better one, 1 the worse, 2 neither."""
    rank = {key: place for place, group in enumerate(preference.ranking) for key in group}
    for first, second in combinations([key for key in preference.order_shown or sorted(rank) if key in model], 2):
        if model[first] != model[second]:
            yield model[first], model[second], 2 if rank[first] == rank[second] else int(rank[first] > rank[second])


def _ranked(stored: Stored, counted: _Counted) -> Ranked:
    score: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (first, second), (won, lost, tied) in counted.met.items():
        for model, mine in ((first, (won, lost, tied)), (second, (lost, won, tied))):
            score[model] = [before + now for before, now in zip(score[model], mine, strict=True)]
    models = sorted(score, key=lambda model: (-sum(score[model]), model))  # the first is the reference
    found, place, reason, place_reason = _fitted(models, counted)
    worths = []
    for number, model in enumerate(models):
        won, lost, tied = score[model]
        one = None if found is None else found.log_worths[number]
        chance, low, high = (None, None, None) if one is None else _chances(one)
        worths.append(Worth(model, None if one is None else one.value, chance, low, high, won, lost, tied))
    worths.sort(key=lambda one: (-(one.worth or 0), one.model))
    return Ranked(
        stored.state.rules.name, stored.state.hash, tuple(worths), models[0] if models else "", place, _circles(models, counted),
        counted.labels, counted.items, reason, place_reason, tuple(_notes(stored, counted)),
    )  # fmt: skip


def _circles(models: Sequence[str], counted: _Counted) -> Circles | None:
    """Whether the models can be put in one order by who beats whom, as if each two had met once."""
    if len(models) < _LEAST_IN_A_CIRCLE:
        return None
    number = {model: place for place, model in enumerate(models)}
    ahead = np.zeros((len(models), len(models)), np.int64)
    for (first, second), (won, lost, _) in counted.met.items():
        ahead[number[first], number[second]] += won - lost
        ahead[number[second], number[first]] += lost - won
    if np.count_nonzero(ahead) < len(models) * (len(models) - 1):
        return None
    return tournaments.circles((ahead > 0).astype(np.int64))


def _fitted(models: Sequence[str], counted: _Counted) -> tuple[Worths | None, Place | None, str | None, str | None]:
    """The worths and what the place adds, or why there are none."""
    if not models:
        return None, None, "no blind label tells outputs of two models apart", "there is no preference yet"
    number = {model: place for place, model in enumerate(models)}
    contests = [Contest(number[first], number[second], *counts) for (first, second), counts in sorted(counted.met.items())]
    ties = any(one.ties for one in contests)
    try:
        plain = bradley_terry.fit(len(models), contests, ties=ties)
    except Refused as error:
        return None, None, error.what, "the models have no worths yet"
    both_ways = any((second, first) in counted.met for first, second in counted.met)
    if counted.unordered or not both_ways:
        return (
            plain,
            None,
            None,
            "some labels do not say which output stood first" if counted.unordered else "no two models were seen both ways round",
        )
    try:
        found = bradley_terry.fit(len(models), contests, ties=ties, place=True)
    except Refused as error:
        return plain, None, None, error.what
    if found.place is None or found.place_p is None or max(one.error for one in (*found.log_worths, found.place)) > _MOST_ERROR:
        return plain, None, None, "the answers are too few, or all went one way"
    width = normal_quantile(0.95) * found.place.error
    value = found.place.value
    return found, Place(value, value - width, value + width, found.place_p), None, None


def _chances(one: bradley_terry.Estimate) -> tuple[float, float, float]:
    width = normal_quantile(0.95) * one.error
    chance, low, high = (float(special.expit(one.value + side * width)) for side in (0, -1, 1))
    return chance, low, high


def _notes(stored: Stored, counted: _Counted) -> Iterator[str]:
    if counted.hidden:
        what = "1 comparison is left out: it waits" if counted.hidden == 1 else f"{counted.hidden:,} comparisons are left out: they wait"
        yield f"{what} for your own blind label."
    if counted.led:
        what = "1 label is left out: it was" if counted.led == 1 else f"{counted.led:,} labels are left out: they were"
        yield f"{what} given with something leading in view."
    if counted.nameless:
        what = "1 comparison is" if counted.nameless == 1 else f"{counted.nameless:,} comparisons are"
        yield f"{what} left out, without outputs of two known models."
    if sum(map(sum, counted.met.values())) > counted.items:
        yield "Each two outputs of each label count by themselves: where labels of one comparison go together, the limits are too narrow."
    if stored.state.rules.design not in ("all", "srs"):
        yield "Comparisons count alike, whatever the chance with which they were drawn."
