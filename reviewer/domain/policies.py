"""Written policy: from a text to its clauses, what a version changed, which number it bears, and the facts of publishing and activating.

A clause keeps its key over versions: at first the number that it bears in the text, else its title as a slug (`clause_matching` says which
clause of a new version it is). Here versions are matched by key, and a clause is the same while its text is, byte for byte.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol, TypeVar

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.chain import EntryHash, NoteRef
from reviewer.domain.errors import Refused, ReviewerError, shown
from reviewer.domain.events import BlobRef, Event, PolicyActivate, PolicyPublish

KEY_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
MAX_NAMED = 64  # entries that one act may name, JOURNAL.md 2.2


class NoClauses(ReviewerError):
    """A policy file that cannot be read, or says nothing that could be cited. Give another file; nothing was written."""

    code = "E307"


class Clause(NamedTuple):
    """What a policy says in one place. clause: its key; number: what the text itself calls it, "" where that is the key."""

    clause: str
    title: str
    text: str
    number: str = ""

    @property
    def hash(self) -> str:
        """SHA-256 of the text, as a label commits to it."""
        return sha256_hex(self.text.encode())


class Dated(Protocol):
    """A version, as far as it matters when it holds. effective: its first day, YYYY-MM-DD; activated: it was put in force at some time."""

    @property
    def number(self) -> int: ...
    @property
    def effective(self) -> str | None: ...
    @property
    def activated(self) -> bool: ...
    @property
    def in_force(self) -> bool: ...


D = TypeVar("D", bound=Dated)


class Difference(NamedTuple):
    """What a version has that another has not. changed: pairs of before and after."""

    changed: tuple[tuple[Clause, Clause], ...]
    added: tuple[Clause, ...]
    removed: tuple[Clause, ...]


def check_key(key: str) -> None:
    """Raise Refused for what cannot be a policy's key: clauses are named KEY:CLAUSE, and versions KEY@N."""
    if not KEY_FORM.fullmatch(key):
        raise Refused(f"“{shown(key, 60)}” cannot be the key of a policy.", "Give 1 to 40 letters, digits, - _ or . such as `support`.")


def publish(
    key: str,
    *,
    title: str,
    clauses: BlobRef,
    source: str,
    effective: str | None,
    newest: frozenset[EntryHash],
    note: NoteRef | None = None,
) -> Event:
    """Decide on a version. newest: the versions that it follows; effective: YYYY-MM-DD."""
    check_key(key)
    if effective is not None and not is_date(effective):
        raise Refused(f"“{shown(effective, 40)}” is not a date.", "Give it as YYYY-MM-DD.")
    _check_named(newest, "versions")
    return Event(
        "policy_publish", PolicyPublish(policy=key, title=title, clauses=clauses, source=source, effective=effective), newest, None, note
    )


def activate(key: str, version: EntryHash, *, instead_of: frozenset[EntryHash]) -> Event:
    """Decide to put a version in force. instead_of: every activation in force, so that two which differ are settled."""
    _check_named(instead_of, "activations")
    return Event("policy_activate", PolicyActivate(key, version), instead_of)


def _check_named(names: Collection[EntryHash], what: str) -> None:
    if len(names) > MAX_NAMED:
        raise Refused(f"There are {len(names)} {what} beside each other, more than one act can name.", "Sync first, then try again.")


def is_date(text: str) -> bool:
    """Whether a text is a day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def holding(every: Sequence[D], time: str | None) -> list[D]:
    """The version that held at a time (RFC 3339 UTC; None: now): of those that were put in force, the one with the latest first day
    that is not after it. Several where activations differ that did not know of each other.

    A version that was put aside for an older one was withdrawn, and never held. Before every first day, and without a time, it is the one
    in force now.
    """
    active = [one for one in every if one.in_force]
    if time is None or not active:
        return active
    last = max(one.number for one in active)
    day = time[:10]
    begun = [one for one in every if one.activated and one.number <= last and (one.effective or "") <= day]
    first = max((one.effective or "" for one in begun), default=None)
    found = [one for one in begun if (one.effective or "") == first]
    return [one for one in found if one.in_force] or found[-1:] or active


def is_stale(cited: str, now: Collection[str | None], *, given_ms: int, since_ms: int, held: bool) -> bool:
    """Whether a label rests on words that hold no more. cited: hash of the words; now: of those in force, None where the clause is gone.

    given_ms: when the label was given; since_ms: when the words in force were put in force. Whoever cites older words knowing the new ones,
    for an item of their time (held), has looked already.
    """
    return cited not in now and (given_ms < since_ms or not held)


def compare(before: Sequence[Clause], after: Sequence[Clause]) -> Difference:
    """What changed, clause by clause, in the order of the text."""
    old, new = {one.clause: one for one in before}, {one.clause: one for one in after}
    return Difference(
        changed=tuple((old[key], one) for key, one in new.items() if key in old and old[key].text != one.text),
        added=tuple(one for key, one in new.items() if key not in old),
        removed=tuple(one for key, one in old.items() if key not in new),
    )


def in_order(follows: Mapping[EntryHash, Collection[EntryHash]]) -> list[EntryHash]:
    """Versions by causal depth, then by hash: a version's number is its place in this list, from 1, on every machine.

    follows: the versions that each one names; what is not among the versions is left aside.
    """
    depth: dict[EntryHash, int] = {}
    waiting = sorted(follows)
    while waiting:
        later = []
        for name in waiting:
            known = [depth.get(before) for before in follows[name] if before in follows]
            if None in known:
                later.append(name)
            else:
                depth[name] = 1 + max((one for one in known if one is not None), default=0)
        if len(later) == len(waiting):
            raise ValueError("versions that follow themselves")  # hashes cannot do that
        waiting = later
    return sorted(follows, key=lambda name: (depth[name], name))


def since(versions: Iterable[tuple[EntryHash, Collection[EntryHash], Sequence[Clause]]]) -> dict[EntryHash, dict[str, int]]:
    """For each version, since which number each of its clauses has had its text.

    versions: in the order of `in_order`, each with those that it follows and its clauses.
    """
    found: dict[EntryHash, dict[str, int]] = {}
    texts: dict[EntryHash, dict[str, str]] = {}
    for number, (name, follows, clauses) in enumerate(versions, 1):
        texts[name] = {one.clause: one.text for one in clauses}
        found[name] = {
            one.clause: min(
                (found[before][one.clause] for before in follows if texts.get(before, {}).get(one.clause) == one.text), default=number
            )
            for one in clauses
        }
    return found
