"""The clauses that can be cited of an item: those in force at its time, and which of them to offer first."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from reviewer.domain import policies
from reviewer.domain.chain import EntryHash
from reviewer.domain.citable import Citable
from reviewer.domain.events import Clause as Citation


class Edition(NamedTuple):
    """A version of a policy with its clauses. number, effective, in_force, activated: as of `policies.Dated`."""

    version: EntryHash
    number: int
    effective: str | None
    in_force: bool
    activated: bool
    clauses: tuple[Citable, ...]


class Shelf:
    """The policies of a campaign, read once, and how often each clause has been cited: by everybody, or by oneself where one is blind."""

    def __init__(self, editions: Iterable[Sequence[Edition]], used: Mapping[str, int]) -> None:
        """editions: of each policy. used: counts by KEY:CLAUSE."""
        self._policies = tuple(tuple(every) for every in editions)
        self.used = dict(used)
        self._made: dict[tuple[EntryHash, ...], tuple[Citable, ...]] = {}
        self._indexed: dict[int, tuple[tuple[Citable, ...], dict[str, int], frozenset[str]]] = {}

    def at(self, time: str | None) -> tuple[Citable, ...]:
        """The clauses in force for an item of that time, policy by policy in the order of their texts; the same tuple for the same ones."""
        holding = [policies.holding(editions, time) for editions in self._policies]
        key = tuple(edition.version for editions in holding for edition in editions)
        if key not in self._made:
            self._made[key] = tuple(clause for editions in holding for clause in _agreed(editions))
        return self._made[key]

    def find(self, citation: Citation) -> Citable | None:
        """The clause of a citation, whichever version it is of; None where that version is not here."""
        for editions in self._policies:
            for edition in editions:
                if edition.version == citation.version:
                    return next((one for one in edition.clauses if one.citation == citation), None)
        return None

    def count(self, names: Iterable[str], by: int = 1) -> None:
        """A label that cites these clauses was recorded, or taken back (-1)."""
        for name in names:
            self.used[name] = max(0, self.used.get(name, 0) + by)

    def in_order(self, clauses: tuple[Citable, ...], agent: str | None) -> list[Citable]:
        """What `at` gave, the most used first; before them, if a policy bears the agent's name, the clauses of that one."""
        places, keys = self._index(clauses)
        often = {places[name]: count for name, count in self.used.items() if count and name in places}
        first = sorted(often, key=lambda place: (-often[place], place))
        ordered = [clauses[place] for place in first]
        ordered += [clause for place, clause in enumerate(clauses) if place not in often] if first else clauses
        mine = (agent or "").casefold()
        if mine not in keys or len(keys) == 1:
            return ordered
        return sorted(ordered, key=lambda clause: clause.citation.policy.casefold() != mine)

    def _index(self, clauses: tuple[Citable, ...]) -> tuple[dict[str, int], frozenset[str]]:
        """The place of each clause by its name, and the policies; made once, since thousands of names take as long as a frame."""
        known = self._indexed.get(id(clauses))
        if known is None or known[0] is not clauses:
            places = {clause.name: place for place, clause in enumerate(clauses)}
            known = (clauses, places, frozenset(clause.citation.policy.casefold() for clause in clauses))
            self._indexed[id(clauses)] = known
        return known[1:]


def _agreed(editions: Sequence[Edition]) -> list[Citable]:
    """The clauses that all of these have in the same words: of two in force at once, what differs cannot be cited."""
    if not editions:
        return []
    first, *others = editions
    words = [{clause.citation.clause: clause.text for clause in other.clauses} for other in others]
    return [clause for clause in first.clauses if all(other.get(clause.citation.clause) == clause.text for other in words)]
