"""How each reviewer of a campaign did on known answers and on items that they saw twice, and how fast."""

from statistics import median
from typing import NamedTuple

import msgspec

from reviewer.domain.chain import MemberId
from reviewer.domain.events import Label
from reviewer.domain.facts import vote
from reviewer.domain.items import ItemId
from reviewer.domain.proportions import Interval, clopper_pearson
from reviewer.storage.campaigns import Stored
from reviewer.storage.golds import known_answers
from reviewer.storage.rows import Rows


class ReviewerResult(NamedTuple):
    """Counts of one reviewer, without a rank. Intervals are 95 per cent, exact; None where nothing was counted.

    labels: in force, of every kind. gold: first answers, given blind, to items of known answer; `unsure` is not right.
    repeat: items answered blind twice; the same is the same verdict or preference. Whoever gave two answers at once gave none.
    """

    member: MemberId
    reviewer: str
    labels: int
    gold_right: int
    gold_total: int
    gold_interval: Interval | None
    repeat_same: int
    repeat_total: int
    repeat_interval: Interval | None
    median_seconds: float | None


class _Body(msgspec.Struct):
    value: Label


_label_body = msgspec.json.Decoder(_Body)
_Vote = tuple[object, ...]
_PEOPLE = "SELECT id, name FROM member WHERE id IN (SELECT member FROM label WHERE campaign = ? AND in_force = 1)"
_GIVEN = "SELECT dur_ms FROM label WHERE campaign = ? AND member = ? AND in_force = 1"
# Votes are read only where they are compared: on items of known answer, and on those that were shown twice.
_COMPARED = (
    "SELECT l.item, l.showing, e.body FROM label l JOIN entry e ON e.hash = l.hash WHERE l.campaign = :campaign AND l.member = :member"
    " AND l.in_force = 1 AND l.blind = 1 AND (EXISTS (SELECT 1 FROM gold g WHERE g.campaign = l.campaign AND g.item = l.item)"
    " OR EXISTS (SELECT 1 FROM label s WHERE s.campaign = l.campaign AND s.member = l.member AND s.item = l.item AND s.showing = 2"
    " AND s.in_force = 1))"
)


def results(rows: Rows, stored: Stored) -> list[ReviewerResult]:
    """One for everybody who takes part in a campaign or has labelled in it, in the order of their names."""
    people = dict(rows.rows(_PEOPLE, (stored.row,)))
    people |= {i: name for i, name in rows.rows("SELECT id, name FROM member") if i in stored.state.members}
    known = known_answers(rows, stored)
    return [_result(rows, stored, MemberId(i), people[i], known) for i in sorted(people, key=lambda i: (people[i].casefold(), i))]


def _result(rows: Rows, stored: Stored, member: MemberId, name: str, known: dict[ItemId, str]) -> ReviewerResult:
    times = [ms for (ms,) in rows.rows(_GIVEN, (stored.row, member))]
    measured = [ms for ms in times if ms is not None]
    votes = _votes(rows, stored, member)
    gold = [votes[item, 1][0] == answer for item, answer in known.items() if (item, 1) in votes]
    twice = [votes[item, 1] == again for (item, showing), again in votes.items() if showing == 2 and (item, 1) in votes]
    return ReviewerResult(
        member=member,
        reviewer=name,
        labels=len(times),
        gold_right=sum(gold),
        gold_total=len(gold),
        gold_interval=clopper_pearson(sum(gold), len(gold)),
        repeat_same=sum(twice),
        repeat_total=len(twice),
        repeat_interval=clopper_pearson(sum(twice), len(twice)),
        median_seconds=round(median(measured) / 1000, 1) if measured else None,
    )


def _votes(rows: Rows, stored: Stored, member: MemberId) -> dict[tuple[ItemId, int], _Vote]:
    """What a member said on each showing of the compared items, where they said one thing."""
    said: dict[tuple[ItemId, int], set[_Vote]] = {}
    for item, showing, body in rows.rows(_COMPARED, {"campaign": stored.row, "member": member}):
        said.setdefault((ItemId(item.hex()), showing), set()).add(vote(_label_body.decode(body).value))
    return {asked: next(iter(votes)) for asked, votes in said.items() if len(votes) == 1}
