"""From the name of a clause to what a label commits to: policy, version, clause, and the hash of its words."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from reviewer.domain import policies
from reviewer.domain.chain import EntryHash
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import Campaign
from reviewer.domain.events import Clause as Citation
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.policies import Clause
from reviewer.storage import items as item_rows
from reviewer.storage import policies as policy_rows
from reviewer.storage.policies import Version
from reviewer.storage.workspace import Work


class Named(NamedTuple):
    """A clause as somebody names it: KEY:CLAUSE, KEY@N:CLAUSE, or CLAUSE where one policy is meant. version, text: hashes, if known."""

    name: str
    version: str | None = None
    text: str | None = None


class _Policy(NamedTuple):
    versions: list[Version]
    clauses: dict[EntryHash, dict[str, Clause]]


class _Case(NamedTuple):
    """What is judged: by which rules of a campaign, and when it happened; None where nobody knows, and then it counts as now."""

    rules: Campaign
    time: str | None


def cited(work: Work, rules: Campaign, item: ItemId, opinion: Opinion, names: Iterable[Named]) -> Opinion:
    """The opinion with these clauses, and with those that its spans name; each is cited once, as it stands in the version that was in
    force at the item's time, unless its name says which.

    Raises Refused for a clause that is not there, and NotFound for a policy that is not.
    """
    found = {f"{one.policy}:{one.clause}": one for one in opinion.clauses}
    case = _Case(rules, item_rows.time_of(work, item))
    for named in names:
        _cite(work, case, found, named)
    spans = tuple(
        span if span.clause is None else msgspec.structs.replace(span, clause=_cite(work, case, found, Named(span.clause)))
        for span in opinion.spans
    )
    return msgspec.structs.replace(opinion, clauses=tuple(found.values()), spans=spans)


def full_name(work: Work, rules: Campaign, item: ItemId, opinion: Opinion, name: str) -> str:
    """The name of a clause that an opinion cites as KEY:CLAUSE. Raises as `cited` does."""
    case = _Case(rules, item_rows.time_of(work, item))
    return _cite(work, case, {f"{one.policy}:{one.clause}": one for one in opinion.clauses}, Named(name))


def _cite(work: Work, case: _Case, found: dict[str, Citation], named: Named) -> str:
    """Add a clause to what was found, unless it is there; whatever its version, it is cited once. Returns its full name."""
    if named.name in found:
        return named.name
    one = _citation(work, case, named)
    full = f"{one.policy}:{one.clause}"
    found.setdefault(full, one)
    return full


def _citation(work: Work, case: _Case, named: Named) -> Citation:
    key, number, clause = _parts(work, case.rules, named.name)
    policy = _policy(work, key)
    if named.version is not None:
        among = [one for one in policy.versions if one.hash == named.version]
        if not among:
            raise Refused(f"Policy {shown(key, 40)} has no version {shown(named.version, 12)} here.", "Sync, or name the clause alone.")
    elif number is not None:
        among = [policy_rows.numbered(policy.versions, key, number)]
    else:
        among = policies.holding(policy.versions, case.time)
    found = _agreed(work, policy, key, clause, among)
    if named.text is not None and named.text != found.text:
        raise Refused(f"Clause {shown(named.name, 60)} has other words here.", "Name the clause alone, without the hash of its text.")
    return found


def _parts(work: Work, rules: Campaign, name: str) -> tuple[str, int | None, str]:
    """Policy, number of the version if one is named, and clause."""
    among = rules.policies or tuple(policy_rows.keys(work))
    if not among:
        raise Refused(
            f"Clause “{shown(name, 40)}” cannot be cited: no policy is published here.",
            "A lead publishes one with `reviewer policy add KEY FILE`.",
        )
    key, colon, clause = name.partition(":")
    if not colon:
        if len(among) > 1:
            example = f"{among[0]}:{shown(name, 20)}"
            raise Refused(f"“{shown(name, 40)}” does not say of which policy: there are {', '.join(among)}.", f"Write it as {example}.")
        return among[0], None, name
    key, at, number = key.partition("@")
    if at and not (number.isascii() and number.isdigit() and len(number) < 7):
        raise Refused(f"“{shown(number, 20)}” is not the number of a version.", "Write it as KEY@N:CLAUSE, such as support@2:4.2.")
    if rules.policies and key not in rules.policies:
        raise Refused(f"The campaign “{rules.name}” is not judged by policy “{shown(key, 40)}”.", f"It is judged by: {', '.join(among)}.")
    return key, int(number) if at else None, clause


def _policy(work: Work, key: str) -> _Policy:
    known: _Policy | None = work.memo.get(("policy", key))
    if known is None:
        known = work.memo[("policy", key)] = _Policy(policy_rows.versions(work, key), {})
    return known


def _agreed(work: Work, policy: _Policy, key: str, clause: str, among: list[Version]) -> Citation:
    """The clause as all of these versions have it: of two in force at once, either will do where they agree."""
    if not among:
        raise Refused(f"No version of policy {shown(key, 40)} is in force.", f"A lead activates one: `reviewer policy activate {key} N`.")
    found = [_clauses(work, policy, version).get(clause.strip().lower()) for version in among]
    first = found[0]
    if any((one and one.text) != (first and first.text) for one in found):
        numbers = " and ".join(str(one.number) for one in among)
        raise Refused(
            f"Versions {numbers} of policy {shown(key, 40)} are both in force, and differ in clause {shown(clause, 40)}.",
            f"A lead settles it: `reviewer policy activate {key} N`.",
        )
    if first is None:
        number = among[0].number
        if among[0].in_force:
            hint = f"`reviewer policy show {key}` lists its clauses."
        else:
            hint = f"That version was in force at the item's time; name another one as {key}@N:CLAUSE."
        raise Refused(f"Policy {shown(key, 40)} has no clause “{shown(clause, 40)}” in version {number}.", hint)
    return Citation(key, among[0].hash, first.clause, first.hash)


def _clauses(work: Work, policy: _Policy, version: Version) -> dict[str, Clause]:
    if version.hash not in policy.clauses:
        policy.clauses[version.hash] = {one.clause.lower(): one for one in policy_rows.clauses_of(work, version.clauses)}
    return policy.clauses[version.hash]
