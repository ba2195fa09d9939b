"""What the answers of items must be, and of whom they are asked again, said a second time: for judging the views that no digest covers.

Slow and plain like the oracle of the fold. Source: DESIGN.md 2.1, JOURNAL.md 2.9, ARCHITECTURE.md “Queues”.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from reviewer.domain.chain import Body
from tests.faults import oracle

Place: TypeAlias = tuple[str, str]  # campaign, item
Counted: TypeAlias = dict[Any, Body]


class View(NamedTuple):
    """A drawn item. asked: members of whom it is asked again, each with the requeue that asks."""

    complete: bool
    answer: str | None
    asked: frozenset[tuple[str, str]]


def views(counted: Counted, contents: Mapping[str, bytes], left: Collection[str]) -> dict[Place, View]:
    """Every drawn item as these entries and lists make it.

    contents: by SHA-256; a list may be missing. left: members who can answer nothing any more.
    """
    gone = oracle.gone_labels(counted)
    return {place: _view(counted, contents, place, gone, left) for place in _drawn(counted, contents)}


def wrongs(counted: Counted, contents: Mapping[str, bytes], left: Collection[str], found: Mapping[Place, View]) -> Iterator[str]:
    """Every drawn item that a replica shows otherwise. contents, left: as views() takes them."""
    wanted = views(counted, contents, left)
    for place in sorted(wanted.keys() | found.keys()):
        if wanted.get(place) != found.get(place):
            yield f"item {place[1][-4:]} of {place[0][:8]} should be {wanted.get(place)}, and is {found.get(place)}"


def _drawn(counted: Counted, contents: Mapping[str, bytes]) -> set[Place]:
    draws = [body.value for body in counted.values() if body.kind == "draw"]
    lists = [(value["campaign"], contents.get(value["picks"]["blob"])) for value in draws]
    return {(campaign, pick[0]) for campaign, listed in lists if listed is not None for pick in json.loads(listed)}


def _view(counted: Counted, contents: Mapping[str, bytes], place: Place, gone: set[str], left: Collection[str]) -> View:
    said = {name: body for name, body in counted.items() if body.kind in ("label", "resolve") and _place(body) == place}
    labels = {name: body for name, body in said.items() if body.kind == "label" and body.value["showing"] == 1}
    standing = {name: body for name, body in labels.items() if name not in gone}
    rulings = {name: body for name, body in said.items() if body.kind == "resolve"}
    ruled = [body for name, body in rulings.items() if not any(name in other.deps for other in rulings.values())]
    asked = frozenset(_asked(_requeues(counted, contents, place), labels, standing, ruled, left))
    wanted = counted[place[0]].value.get("overlap", 1)
    enough = bool(ruled) or len({body.actor for body in standing.values()}) >= wanted
    return View(enough and not asked, _answer(list(standing.values()), ruled, wanted), asked)


def _answer(standing: list[Body], ruled: list[Body], wanted: int) -> str | None:
    if ruled:
        said = {body.value["verdict"] for body in ruled}
    else:
        voices = {body.actor: {one.value.get("verdict") for one in standing if one.actor == body.actor} for body in standing}
        if len(voices) < wanted or any(len(verdicts) > 1 for verdicts in voices.values()):
            return None
        said = {verdict for verdicts in voices.values() for verdict in verdicts}
    (answer, *others) = said or {None}
    return None if others or answer in ("unsure", "policy_at_fault") else answer


def _requeues(counted: Counted, contents: Mapping[str, bytes], place: Place) -> list[str]:
    asking = {name: body.value for name, body in counted.items() if body.kind == "requeue" and body.value["campaign"] == place[0]}
    return [name for name, value in asking.items() if bytes.fromhex(place[1]) in _pieces(contents.get(value["items"]["blob"], b""))]


def _asked(requeues: list[str], labels: Counted, standing: Counted, ruled: list[Body], left: Collection[str]) -> Iterator[tuple[str, str]]:
    """Whoever has a label in force is asked until one of theirs in force names the requeue, or a resolution in force does.

    Whoever answered in place of an earlier label, and took that back, is asked once more. Whoever left is asked for nothing:
    the item would wait for ever.
    """
    for requeue in requeues:
        if any(requeue in body.deps for body in ruled):
            continue
        for member in {body.actor for body in labels.values()}.difference(left):
            own = {name: body for name, body in labels.items() if body.actor == member}
            holding = {name: body for name, body in own.items() if name in standing}
            answered = any(requeue in body.deps for body in holding.values())
            took_back = any(requeue in body.deps and set(body.deps) & own.keys() for body in own.values())
            if not answered and (holding or took_back):
                yield member, requeue


def _place(body: Body) -> Place:
    return body.value["campaign"], body.value["item"]


def _pieces(listed: bytes) -> set[bytes]:
    return {listed[start : start + 32] for start in range(0, len(listed), 32)}
