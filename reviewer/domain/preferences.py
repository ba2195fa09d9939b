"""Which output of a comparison is better: what may be said, what it means for each two of them, and the answer of several reviewers."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Literal, NamedTuple, cast

from reviewer.domain.campaigns import CampaignState, labels_asked
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import Preference
from reviewer.domain.items import ItemId

TIE, BOTH_BAD = "tie", "both_bad"
Strength = Literal["slight", "clear"]
STRENGTHS: tuple[Strength, ...] = ("slight", "clear")
Ranking = tuple[tuple[str, ...], ...]


class Choice(NamedTuple):
    """A preference as a person says it: the better one, or all of them in order. prefer: a key, `tie` or `both_bad`; rank: `A,B=C,D`."""

    prefer: str | None = None
    rank: str | None = None
    strength: str | None = None

    @property
    def words(self) -> str:
        """What was said, for a sentence that repeats it."""
        return self.rank or self.prefer or "nothing"


class Given(NamedTuple):
    """A label in force that orders the candidates, as far as the answer of an item needs it."""

    hash: EntryHash
    member: MemberId
    preference: Preference
    showing: int = 1


def chosen(choice: Choice, keys: Sequence[str], order_shown: Sequence[str]) -> Preference:
    """The preference of what was said, over the keys of a comparison. Raises Refused for what names no order of them."""
    if (choice.prefer is None) == (choice.rank is None):
        raise Refused("A preference is either the better output or an order of all.", "Give one of --prefer and --rank.")
    both_bad = choice.prefer == BOTH_BAD
    if choice.rank is not None:
        ranking = _groups(choice.rank)
    elif choice.prefer in (TIE, BOTH_BAD):
        ranking = (tuple(sorted(keys)),)
    else:
        ranking = ((choice.prefer or "",), tuple(sorted(key for key in keys if key != choice.prefer)))
    decided = len(ranking) > 1
    if choice.strength is not None and not decided:
        raise Refused("Outputs that are equally good have no strength of preference.", "Leave out the strength, or name the better one.")
    strength = choice.strength or ("clear" if decided else "slight")
    preference = Preference(ranking=ranking, strength=cast(Strength, strength), both_bad=both_bad, order_shown=tuple(order_shown))
    check(preference, keys)
    return preference


def _groups(rank: str) -> Ranking:
    return tuple(tuple(sorted(key.strip() for key in group.split("="))) for group in rank.split(","))


def check(preference: Preference, keys: Sequence[str]) -> None:
    """Raise Refused unless a preference puts each candidate in exactly one place."""
    named = [key for group in preference.ranking for key in group]
    has = f"This comparison has the candidates {', '.join(sorted(keys))}."
    unknown = next((key for key in (*named, *preference.order_shown) if key not in keys), None)
    if unknown is not None:
        raise Refused(f"“{shown(unknown, 40)}” is no candidate of this comparison.", has)
    missing = sorted(set(keys) - set(named))
    if missing:
        raise Refused(f"The order leaves out {', '.join(missing)}.", f"{has} Name each once, equals joined by “=”.")
    if len(named) > len(keys) or not all(preference.ranking):
        raise Refused(f"“{in_words(preference)}” names a candidate twice, or an empty place.", f"{has} Name each once.")
    if preference.order_shown and sorted(preference.order_shown) != sorted(keys):
        raise Refused("The order in which the candidates were shown is not one of all of them.", f"{has} Name each once, or none.")
    if preference.strength not in STRENGTHS:
        raise Refused(f"“{shown(str(preference.strength), 40)}” is not a strength of preference.", "Choose slight or clear.")
    if preference.both_bad and len(preference.ranking) > 1:
        raise Refused("Outputs that are all bad are in no order.", "Name the better one, or say both_bad.")


def in_words(preference: Preference) -> str:
    """A preference as `--rank` takes it, `A,B=C`; or `both_bad`."""
    return BOTH_BAD if preference.both_bad else ",".join("=".join(group) for group in preference.ranking)


def sense(preference: Preference) -> tuple[Ranking, bool]:
    """What two reviewers who agree have in common: the order, equals in any order, and whether all are bad; the strength may differ."""
    return tuple(tuple(sorted(group)) for group in preference.ranking), preference.both_bad


def pairs(ranking: Ranking) -> list[tuple[str, str]]:
    """Each two candidates of which one is better: (better, worse)."""
    return [(a, b) for better, worse in combinations(ranking, 2) for a in better for b in worse]


def answer(campaign: CampaignState, item: ItemId, given: Iterable[Given]) -> Preference | None:
    """The answer of an item, as DESIGN.md 2.1 has it for verdicts: the common order of all labels in force from different members, once
    there are as many as the overlap asks. None else.

    A member with two labels in force that differ has no vote. The strength is `clear` where everybody said so.
    """
    votes: dict[MemberId, dict[tuple[Ranking, bool], Preference]] = {}
    for one in given:
        if one.showing == 1:
            mine = votes.setdefault(one.member, {})
            said = sense(one.preference)
            if said not in mine or one.preference.strength == "slight":
                mine[said] = one.preference
    voices = [next(iter(mine.values())) for mine in votes.values() if len(mine) == 1]
    if len(voices) < labels_asked(campaign.rules, item) or len(voices) < len(votes) or len(set(map(sense, voices))) != 1:
        return None
    ranking, both_bad = sense(voices[0])
    return Preference(ranking, "clear" if all(one.strength == "clear" for one in voices) else "slight", both_bad, ())
