"""What an audit looks at: the items that a release would make rows of, with what can be counted about them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reviewer.domain import preferences, surface, training_text
from reviewer.domain.chain import EntryHash
from reviewer.domain.events import Preference
from reviewer.domain.items import ItemId, decode
from reviewer.domain.shortcuts import ENOUGH, Features
from reviewer.domain.surface import Surface
from reviewer.operations import release_groups
from reviewer.operations.release_answers import Chosen
from reviewer.operations.release_groups import Grouped, Prompt, item_of
from reviewer.storage import audited, citations, departures, payloads, preferred, released, suggestions
from reviewer.storage.audited import Around
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

_MOST_VALUES = 20
_FEWEST = 10  # items; rarer values of a name are taken together


class Preferred(NamedTuple):
    """A comparison with an answer."""

    item: ItemId
    preference: Preference


class Material(NamedTuple):
    """answers: of judged items, whether each is compliant. preferred: comparisons that tell outputs apart. marked: runs with step marks.

    undecided: comparisons whose answer tells none apart. Each in order of ids, without what a release drops. looks: at judged items.
    """

    answers: dict[ItemId, bool]
    preferred: tuple[Preferred, ...]
    marked: tuple[ItemId, ...]
    undecided: tuple[ItemId, ...]
    looks: Mapping[ItemId, "Look"]

    @property
    def prompts(self) -> dict[ItemId, Prompt]:
        """The prompts of those that were looked at."""
        return {item: look.prompt for item, look in self.looks.items()}

    @property
    def items(self) -> list[ItemId]:
        """All items, each once, in order of ids."""
        return sorted({*self.answers, *(one.item for one in self.preferred), *self.marked, *self.undecided})


class Look(NamedTuple):
    """What is asked of the text of a judged item, so that it is read once. surface: of its answer, where that was counted."""

    prompt: Prompt
    surface: Surface | None
    model: str
    agent: str


def material(
    reading: Reading, stored: Sequence[Stored], chosen: Chosen, *, most: int | None = None, counted: int | None = None
) -> Material:
    """The items that become rows: as `release_rows` chooses them, whatever the format.

    most: judged items, the first by their ids, which are as good as chance; counted: of how many of them the answers are counted.
    """
    stale = citations.all_stale(reading)
    answers, looks = _judged(reading, stored, chosen, stale, most, counted)
    told: list[Preferred] = []
    marked: list[ItemId] = []
    undecided: list[ItemId] = []
    for one in stored:
        damaged = departures.resting_on_damaged(reading, one)
        if one.state.rules.question == "preference":
            for said in preferred.answers(reading, one):
                if said.preference is None or said.item in damaged or not stale.isdisjoint(said.labels):
                    continue
                if len(said.preference.ranking) > 1:
                    told.append(Preferred(said.item, said.preference))
                else:
                    undecided.append(said.item)
        elif one.state.rules.question == "steps":
            marked += [run.item for run in released.marked(reading, one) if run.marks and run.item not in damaged]
    return Material(answers, tuple(sorted(told, key=lambda one: one.item)), tuple(sorted(marked)), tuple(sorted(undecided)), looks)


def _judged(
    reading: Reading, stored: Sequence[Stored], chosen: Chosen, stale: Set[EntryHash], most: int | None, counted: int | None
) -> tuple[dict[ItemId, bool], dict[ItemId, Look]]:
    """Judged items, whether each is compliant, and a look at each."""
    verdicts = [one for one in stored if one.state.rules.question == "verdict"]
    answers: dict[ItemId, bool] = {}
    looks: dict[ItemId, Look] = {}
    for one in departures.answered_items(reading, verdicts, chosen.answers) if verdicts else ():
        if one.payload is None or not stale.isdisjoint(one.labels):
            continue
        item = decode(payloads.unpack(one.payload))
        said = training_text.answers(item)
        if not said:
            continue
        answers[one.item] = one.answer == "compliant"
        measured = surface.surface(said) if counted is None or len(answers) <= counted else None
        looks[one.item] = Look(release_groups.prompt_of(one.item, item), measured, item.model or "", item.agent or "")
        if len(answers) == most:
            break
    return answers, looks


class Labelled(NamedTuple):
    """Judged items as columns, in one order. around: what stands around the labels of each; scores: of a judge who scored all of them."""

    items: tuple[ItemId, ...]
    good: Bools
    groups: Ints
    features: Features
    around: tuple[Around, ...]
    scores: Floats | None


def labelled(reading: Reading, stored: Sequence[Stored], found: Material, grouped: Grouped) -> Labelled:
    """The judged items of a release whose answers were counted."""
    items = tuple(item for item in grouped.items if item in found.looks and found.looks[item].surface is not None)
    place = dict(zip(grouped.items, grouped.groups.of, strict=True))
    verdicts = [one for one in stored if one.state.rules.question == "verdict"]
    around = audited.around(reading, verdicts, last=max(items, default=None))
    read = [found.looks[item] for item in items]
    counted = np.array([one.surface for one in read], np.float64).reshape(len(read), len(Surface._fields))
    measured = {name: counted[:, k] for k, name in enumerate(Surface._fields)}
    beside = tuple(around.get(item, Around(frozenset(), frozenset(), frozenset())) for item in items)
    named = {
        "model": _codes([one.model for one in read]),
        "agent": _codes([one.agent for one in read]),
        "reviewer": _codes([" + ".join(sorted(one.reviewers)) for one in beside]),
        "hour": _codes([str(min(one.hours)) if len(one.hours) == 1 else "" for one in beside]),
    }
    return Labelled(
        items, np.array([found.answers[item] for item in items], np.bool_), np.array([place[item] for item in items], np.int64),
        Features(measured, named), beside, _scores(reading, items),
    )  # fmt: skip


def _codes(values: Sequence[str]) -> Ints:
    """A number for each value, from 0; all rare ones have the same."""
    counts = Counter(values)
    kept = sorted((value for value in counts if counts[value] >= _FEWEST), key=lambda value: (-counts[value], value))[:_MOST_VALUES]
    number = {value: place for place, value in enumerate(kept)}
    return np.array([number.get(value, len(kept)) for value in values], np.int64)


def _scores(reading: Reading, items: Sequence[ItemId]) -> Floats | None:
    """Of the first judge by name who scored all items, how compliant each is; None where there is no such judge."""
    for judge in suggestions.judges(reading):
        scores = suggestions.last_scores(reading, judge)
        if all(bytes.fromhex(item) in scores for item in items):
            return 1 - np.array([scores[bytes.fromhex(item)] for item in items], np.float64)
    return None


def by_clause(rows: Labelled) -> Iterator[tuple[str, Bools]]:
    """Each clause that enough non-compliant items cite, and the rows of its own audit: those, and all compliant ones."""
    cited = sorted({clause for one in rows.around for clause in one.clauses})
    if int(rows.good.sum()) < ENOUGH:
        return
    for clause in cited:
        broke = np.array([clause in one.clauses for one in rows.around], np.bool_) & ~rows.good
        if int(broke.sum()) >= ENOUGH:
            yield clause, broke | rows.good


class Pairs(NamedTuple):
    """Pairs of outputs of which one is better. more: what the better has over the worse; groups: of the comparison of each.

    won: (prompt and output, prompt and output) of each, the better first; outputs are named by what they say.
    """

    more: Mapping[str, Floats]
    groups: Ints
    won: tuple[tuple[tuple[str, str], tuple[str, str]], ...]


def pairs(reading: Reading, found: Material, grouped: Grouped) -> Pairs:
    """All pairs that the answers of comparisons tell apart."""
    place = dict(zip(grouped.items, grouped.groups.of, strict=True))
    over: list[tuple[float, ...]] = []
    groups: list[int] = []
    won: list[tuple[tuple[str, str], tuple[str, str]]] = []
    for one in found.preferred:
        if one.item not in place:
            continue
        item = item_of(reading, one.item)
        prompt = training_text.prompt_key(item) or ""
        counted = {candidate.key: surface.surface(candidate.messages) for candidate in item.candidates}
        said = {candidate.key: training_text.said(candidate.messages) for candidate in item.candidates}
        for better, worse in preferences.pairs(one.preference.ranking):
            over.append(tuple(float(a - b) for a, b in zip(counted[better], counted[worse], strict=True)))
            groups.append(place[one.item])
            won.append(((prompt, said[better]), (prompt, said[worse])))
    columns = np.array(over, np.float64).reshape(len(over), len(Surface._fields))
    more = {name: columns[:, k] for k, name in enumerate(Surface._fields)}
    return Pairs(more, np.array(groups, np.int64), tuple(won))
