"""Which clause of a new version is which clause of the version before, so that each keeps its key whatever its number and title became.

What is sure is taken: the same words; the same number and title; the same number or title over words that are much alike; words so alike
that nothing else comes near. What is only likely is asked about and never taken by itself. The rest is new.
A key that any version ever used names that clause for good: what is new never gets it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.policies import Clause

SURE = 0.8  # share of words in common, in order, from which words alone decide
_NUMBERED = 0.5  # the same where the number or the title is the same too
_LIKELY = 0.4  # below this nothing is asked
_AHEAD = 0.1  # by which the best must lead the next
_MOST_PAIRS = 1_000_000  # that are compared word by word; beyond, only those of one number or title are
_MOST_NAMESAKES = 16


class Match(NamedTuple):
    """A clause of the new version, as its text calls it, and the old one whose key it keeps. like: the old one that it may be, to be asked.

    similarity: share of the words in common, 0 to 1, with `old` or `like`.
    """

    new: Clause
    old: Clause | None
    like: Clause | None
    similarity: float


def propose(before: Sequence[Clause], after: Sequence[Clause]) -> list[Match]:
    """For each clause of the new version, in its order, what it was."""
    work = _Pairing(before, after)
    work.take_equal(lambda one: (_label(one), one.title, one.text))
    work.take_equal(lambda one: (_label(one), one.text))
    work.take_equal(lambda one: (one.title, one.text))
    work.take_equal(lambda one: (_section(one), one.text))
    work.take_equal(lambda one: one.text)
    work.take_equal(lambda one: (_label(one), one.title))
    work.take_alike()
    return work.matches()


def settle(proposal: Sequence[Match], before: Sequence[Clause], chosen: Mapping[str, str | None]) -> list[Match]:
    """The proposal with what a person decided: of a clause as the new text calls it, the key that it keeps; None: it is new.

    Raises NotFound for a name that is not there, Refused for two clauses that would have one key.
    """
    old, names = {one.clause: one for one in before}, {one.new.clause for one in proposal}
    for name, key in chosen.items():
        if name not in names:
            raise NotFound(f"The new version has no clause “{shown(name, 60)}”.", "Name it as its text does, as `policy add` lists it.")
        if key is not None and key not in old:
            raise NotFound(f"The version before has no clause “{shown(key, 60)}”.", "`reviewer policy show KEY` lists its clauses.")
    given = [key for key in chosen.values() if key is not None]
    if twice := [key for key, times in Counter(given).items() if times > 1]:
        raise Refused(f"Two clauses would both be “{shown(twice[0], 60)}”.", "Give the key to one of them; nothing was written.")
    done = []
    for one in proposal:
        if one.new.clause in chosen:
            key = chosen[one.new.clause]
            keeps = None if key is None else old[key]
            done.append(Match(one.new, keeps, None, 0.0 if keeps is None else similarity(keeps.text, one.new.text)))
        elif one.old is not None and one.old.clause in given:  # a person gave its key to another
            done.append(Match(one.new, None, None, 0.0))
        else:
            done.append(one)
    return done


def keyed(matches: Sequence[Match], ever: Collection[str]) -> tuple[Clause, ...]:
    """The clauses with their keys: kept where they are matched, never used before where they are not. ever: keys of all versions."""
    used = {one.casefold() for one in ever} | {one.old.clause.casefold() for one in matches if one.old is not None}
    found = []
    for match in matches:
        key = match.old.clause if match.old is not None else _unused(match.new.clause, used)
        used.add(key.casefold())
        label = _label(match.new)
        found.append(match.new._replace(clause=key, number=label if label != key and label[:1].isdigit() else ""))
    return tuple(found)


def similarity(one: str, other: str) -> float:
    """The share of words that two texts have in common, in their order; 1 for the same words."""
    return Indel.normalized_similarity(_words(one), _words(other))


class _Pairing:
    """Old and new clauses while they find each other. Indexes stand for clauses: two may be equal."""

    def __init__(self, before: Sequence[Clause], after: Sequence[Clause]) -> None:
        self._before, self._after = before, after
        self._old, self._new = dict.fromkeys(range(len(before))), dict.fromkeys(range(len(after)))  # not yet matched, in order
        self._found: dict[int, tuple[int, float]] = {}
        self._asked = defaultdict[int, list[tuple[int, float]]](list)

    def take_equal(self, of: Callable[[Clause], object]) -> None:
        """Match what is the same in this respect, where as many bear it on both sides: then they are the same ones, in their order."""
        old, new = self._by(of, self._before, self._old), self._by(of, self._after, self._new)
        for what, ours in new.items():
            theirs = old.get(what, [])
            if len(theirs) == len(ours):
                for place, other in zip(ours, theirs, strict=True):
                    self._take(place, other, similarity(self._before[other].text, self._after[place].text))

    def take_alike(self) -> None:
        """Match by words, number and title, best first; what is only likely, or has a rival, is asked about."""
        scores = self._scores()
        titles = Counter(self._before[other].title for other in self._old) + Counter(self._after[place].title for place in self._new)
        rows, columns = defaultdict[int, list[tuple[float, int]]](list), defaultdict[int, list[tuple[float, int]]](list)
        ranked = sorted(((score, place, other) for (place, other), score in scores.items()), key=lambda each: (-each[0], each[1:]))
        for score, place, other in ranked:
            rows[place].append((score, other))
            columns[other].append((score, place))
        for score, place, other in ranked:
            if place not in self._new or other not in self._old:
                continue
            rivals = (_next_best(rows[place], other, self._old), _next_best(columns[other], place, self._new))
            one, was = self._after[place], self._before[other]
            known = _label(was) == _label(one) or (was.title == one.title and titles[one.title] == 2)
            if score >= (_NUMBERED if known else SURE) and score - max(rivals) >= _AHEAD:
                self._take(place, other, score)
            else:
                self._asked[place].append((other, score))

    def _scores(self) -> dict[tuple[int, int], float]:
        """How alike new and old ones are that could be the same: likely by their words, or of one number."""
        words = {other: _words(self._before[other].text) for other in self._old}
        labelled, titled = self._by(_label, self._before, self._old), self._by(lambda one: one.title, self._before, self._old)
        every = len(self._old) * len(self._new) <= _MOST_PAIRS
        found = {}
        for place in self._new:
            one, own = self._after[place], _words(self._after[place].text)
            same = labelled.get(_label(one), [])
            for other in self._old if every else {*same[:_MOST_NAMESAKES], *titled.get(one.title, [])[:_MOST_NAMESAKES]}:
                score = Indel.normalized_similarity(words[other], own)
                if score >= _LIKELY or other in same[:_MOST_NAMESAKES]:
                    found[place, other] = score
        return found

    def matches(self) -> list[Match]:
        """What became of each new clause."""
        return list(self._matches())

    def _matches(self) -> Iterator[Match]:
        for place, new in enumerate(self._after):
            sure = self._found.get(place)
            asked = next((one for one in self._asked[place] if one[0] in self._old), None)
            if sure is not None:
                yield Match(new, self._before[sure[0]], None, sure[1])
            elif asked is not None:
                yield Match(new, None, self._before[asked[0]], asked[1])
            else:
                yield Match(new, None, None, 0.0)

    def _by(self, of: Callable[[Clause], object], clauses: Sequence[Clause], places: Collection[int]) -> dict[object, list[int]]:
        found = defaultdict[object, list[int]](list)
        for place in places:
            found[of(clauses[place])].append(place)
        return found

    def _take(self, place: int, other: int, score: float) -> None:
        del self._old[other], self._new[place]
        self._found[place] = (other, score)


def _next_best(ranked: Sequence[tuple[float, int]], but: int, free: Collection[int]) -> float:
    """The best score with another one than this, among those that are free."""
    return next((score for score, one in ranked if one != but and one in free), 0.0)


def _label(clause: Clause) -> str:
    """What the text calls a clause: its number as printed, where it bears one."""
    return clause.number or clause.clause


def _section(clause: Clause) -> str:
    return _label(clause).rpartition(".")[0]


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _unused(wanted: str, used: Collection[str]) -> str:
    """A key like the one that is wanted: the next place of its section, or with `-2` after its number."""
    key, number = wanted, 2
    place = re.fullmatch(r"([^\W\d].*\.)(\d{1,4})", wanted)
    while key.casefold() in used:
        key = f"{wanted}-{number}" if place is None else f"{place[1]}{int(place[2]) + number - 1}"
        number += 1
    return key
