"""What happened to an item, one thing after the other: labelled, asked for again, in dispute, resolved; and what changed meanwhile."""

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from reviewer.domain.chain import EntryHash, MemberId

What = Literal["label", "retract", "disagreement", "requeue", "resolution", "policy"]


class Named(msgspec.Struct, frozen=True):
    """A clause, in a version. number: the version's place among those of its policy, None where it is not here."""

    policy: str
    clause: str
    number: int | None


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to an item.

    entry: None for a disagreement, which nobody wrote: it was there with the label before it. campaign: empty for a policy's change.
    time: RFC 3339, by the clock of the device. again: the author of the label had labelled the item before. why: the code of a requeue.
    clauses: those that were cited, or that changed. gone: the clauses are not in the new version any more.
    """

    kind: What
    entry: EntryHash | None
    campaign: str
    member: MemberId
    by: str
    time: str
    again: bool = False
    showing: int = 1
    verdict: str | None = None
    severity: str | None = None
    why: str | None = None
    clauses: tuple[Named, ...] = ()
    gone: bool = False
    note: str | None = None


def with_disagreements(happenings: Iterable[Happening], asked: dict[str, int]) -> Iterator[Happening]:
    """The same with a disagreement behind each label that completed the labels asked for and left them differing.

    asked: how many labels of different members each campaign asks of the item. After a requeue, everyone who has a label is waited for.
    """
    voices: dict[str, dict[MemberId, str | None]] = {}
    waited_for: dict[str, set[MemberId]] = {}
    told: set[str] = set()
    for one in happenings:
        yield one
        said, waits = voices.setdefault(one.campaign, {}), waited_for.setdefault(one.campaign, set())
        if one.kind == "resolution":
            told.add(one.campaign)  # what differs now was weighed
        elif one.kind == "requeue":
            waits.update(said)
            told.discard(one.campaign)
        elif one.kind == "retract":
            said.pop(one.member, None)
        elif one.kind == "label" and one.showing == 1:
            said[one.member] = one.verdict
            waits.discard(one.member)
            differ = len(said) >= asked.get(one.campaign, 1) and len(set(said.values())) > 1 and not waits
            if differ and one.campaign not in told:
                told.add(one.campaign)
                yield Happening(
                    kind="disagreement", entry=None, campaign=one.campaign, member=MemberId(""), by="", time=one.time
                )  # fmt: skip
            elif len(set(said.values())) == 1:
                told.discard(one.campaign)
