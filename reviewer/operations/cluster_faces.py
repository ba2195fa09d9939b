"""What makes a cluster known to a person: a name, items that are typical or borderline, and the models and clauses that stand out."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from reviewer.domain import terms
from reviewer.domain.differences import newcombe
from reviewer.domain.embedding import text_to_embed
from reviewer.domain.errors import NotFound
from reviewer.domain.item_tree import Bools, Ints, Singles
from reviewer.domain.progress import Ticket
from reviewer.operations.cluster_records import StandOut
from reviewer.operations.verdicts import Verdicts
from reviewer.storage import fields, item_vectors, populations, samples
from reviewer.storage.populations import Ids
from reviewer.storage.workspace import Reading

_INSIDE, _OUTSIDE = 120, 40  # texts of a cluster that its words are taken from, and that others are told from
_SHOWN = 3
_MOST_VALUES = 50


def names(reading: Reading, ticket: Ticket, ids: Ids, groups: Sequence[Ints]) -> list[str]:
    """Three words for each group that tell it from the others. groups: places of its items; of large ones, some are looked at."""
    texts = []
    for done, items in enumerate(groups):
        ticket.step(done, len(groups), "Naming")
        some = np.sort(items[:: max(1, len(items) // _INSIDE)][:_INSIDE])
        texts.append([text_to_embed(item) for _, item in item_vectors.items_of(reading, ids[some])])
    found = []
    for own, mine in enumerate(texts):
        others = [text for other, some in enumerate(texts) if other != own for text in some[:_OUTSIDE]]
        found.append(" · ".join(terms.distinctive(mine, others)) or "no words of its own")
    return found


def examples(vectors: Singles, groups: Sequence[Ints]) -> Iterator[tuple[Ints, Ints]]:
    """Of each group, the items nearest to its middle, and those that are nearly as near to another one's."""
    middles = np.stack([vectors[items].mean(axis=0) for items in groups])
    for own, items in enumerate(groups):
        apart = np.stack([np.linalg.norm(vectors[items] - middle, axis=1) for middle in middles], axis=1)
        mine = apart[:, own]
        typical = items[np.argsort(mine, kind="stable")[:_SHOWN]]
        if len(groups) == 1:
            yield typical, items[:0]
            continue
        margin = np.delete(apart, own, axis=1).min(axis=1) - mine
        yield typical, items[np.argsort(margin, kind="stable")[:_SHOWN]]


class Standing:
    """Says what stands out in regions. What it rests on is read once, for the first of them."""

    def __init__(self, reading: Reading, found: Verdicts) -> None:
        self._reading = reading
        self._found = found

    def out(self, inside: Ids) -> tuple[StandOut, ...]:
        """Models whose items of the region break the policy more often than its other items, and clauses that break there more often.

        inside: the items of the region, sorted. Where labels are hidden from the viewer, nothing is said: either would lead.
        """
        found = self._found
        if found.hidden:
            return ()
        mine = populations.places(found.ids, inside) >= 0
        region = found._replace(ids=found.ids[mine], broken=found.broken[mine])
        said = [*_models(self._reading, region), *self._clauses(inside)]
        return tuple(sorted((one for one in said if one.low > 0), key=lambda one: (one.kind, -one.difference))[: 2 * _SHOWN])

    def _clauses(self, inside: Ids) -> Iterator[StandOut]:
        for answered, breaks in self._broken:
            mine = populations.places(answered, inside) >= 0
            if not 0 < mine.sum() < len(mine):
                continue
            for clause, items in breaks.items():
                broken = np.zeros(len(mine), np.bool_)
                broken[items] = True
                yield _compared("clause", clause, broken[mine], broken[~mine])

    @cached_property
    def _broken(self) -> list[tuple[Ids, dict[str, Ints]]]:
        """Of each campaign the answered items, and which of them break each clause."""
        answers = ((stored, samples.answers(self._reading, stored)) for stored in self._found.campaigns)
        return [(answered.item, samples.breaks(self._reading, stored, answered)) for stored, answered in answers]


def _models(reading: Reading, region: Verdicts) -> Iterator[StandOut]:
    try:
        laid = populations.laid(reading, region.ids, fields.named("model"))
    except NotFound:
        return
    if not 1 < len(laid.values) <= _MOST_VALUES:
        return
    for place, value in enumerate(laid.values):
        of_it = laid.code == place
        yield _compared("model", "" if value is None else str(value), region.broken[of_it], region.broken[~of_it])


def _compared(kind: str, value: str, inside: Bools, outside: Bools) -> StandOut:
    part, whole = int(inside.sum()), len(inside)
    apart = newcombe(part, whole, int(outside.sum()), len(outside))
    return StandOut(kind, value, part, whole, *apart)
