"""Policies as they lie in the tables: versions, which of them is in force, and what labels cite."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain import canonical, policies
from reviewer.domain.chain import EntryHash
from reviewer.domain.errors import Damaged, NotFound, shown
from reviewer.domain.policies import Clause
from reviewer.storage.conflicts import in_force
from reviewer.storage.rows import Rows


class Version(NamedTuple):
    """A version of a policy. number: its place among those that are here, by causal depth and hash.

    in_force: an activation says so; activated: one did at some time;
    clauses, source: names of blobs; follows: the versions that it names; published_ms: by the clock of whoever published it.
    """

    hash: EntryHash
    number: int
    title: str
    effective: str | None
    clauses_n: int
    clauses: str
    source: str
    published_ms: int
    follows: frozenset[EntryHash]
    in_force: bool
    activated: bool = False


def keys(rows: Rows) -> list[str]:
    """The policies that are here."""
    return [key for (key,) in rows.rows("SELECT DISTINCT policy FROM policy ORDER BY policy")]


def versions(rows: Rows, key: str) -> list[Version]:
    """Every version of a policy, in the order of their numbers. Raises NotFound where there is none."""
    found = rows.rows("SELECT hash, title, effective, clauses_n, clauses, source, published_ms FROM policy WHERE policy = ?", (key,))
    if not found:
        known = keys(rows)
        hint = f"Policies are: {', '.join(shown(one, 40) for one in known)}." if known else "A lead publishes one: `reviewer policy add`."
        raise NotFound(f"There is no policy “{shown(key, 40)}”.", hint)
    follows: dict[EntryHash, set[EntryHash]] = {EntryHash(row[0].hex()): set() for row in found}
    links = "SELECT s.target, s.by_hash FROM policy p JOIN successor s ON s.by_hash = p.hash WHERE p.policy = ?"
    for target, name in rows.rows(links, (key,)):
        if EntryHash(target.hex()) in follows:
            follows[EntryHash(name.hex())].add(EntryHash(target.hex()))
    numbers = {name: number for number, name in enumerate(policies.in_order(follows), 1)}
    active = set(activations(rows, key).values())
    ever = {version.hex() for (version,) in rows.rows("SELECT version FROM activation WHERE policy = ?", (key,))}
    every = [
        Version(
            name := EntryHash(raw.hex()), numbers[name], title, effective, n, clauses.hex(), source.hex(), published,
            frozenset(follows[name]), name in active, name in ever,
        )
        for raw, title, effective, n, clauses, source, published in found
    ]  # fmt: skip
    return sorted(every, key=lambda one: one.number)


def numbered(every: Sequence[Version], key: str, number: int) -> Version:
    """The version of a number. Raises NotFound."""
    if not 1 <= number <= len(every):
        raise NotFound(
            f"Policy {shown(key, 40)} has no version {number}.", f"It has versions 1 to {len(every)}: see `reviewer policy list`."
        )
    return every[number - 1]


def newest(every: Sequence[Version]) -> frozenset[EntryHash]:
    """The versions that no other one follows."""
    followed = {name for one in every for name in one.follows}
    return frozenset(one.hash for one in every if one.hash not in followed)


def activations(rows: Rows, key: str) -> dict[EntryHash, EntryHash]:
    """The activations in force of a policy, each with the version that it puts in force; several that differ are a conflict."""
    found = rows.rows(f"SELECT t.hash, t.version FROM activation t WHERE t.policy = ? AND {in_force('activation', 'policy')}", (key,))
    return {EntryHash(name.hex()): EntryHash(version.hex()) for name, version in found}


def clauses_of(rows: Rows, blob: str) -> list[Clause]:
    """The clauses that a version names. Raises NotFound where this replica lacks them, Damaged for a list that is none."""
    try:
        return msgspec.convert(canonical.decode(rows.blob(blob)), list[Clause])
    except msgspec.ValidationError as error:
        raise Damaged(f"A list of clauses is none: {error}.", "Run `reviewer verify`, or restore the last backup.") from error


def pack(clauses: Sequence[Clause]) -> bytes:
    """The bytes of a list of clauses."""
    return canonical.encode([list(one if one.number else one[:3]) for one in clauses])
