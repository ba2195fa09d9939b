"""Putting the history of an item together, from the entries that speak of it and the policies that its labels cite."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from reviewer.domain.campaigns import labels_asked
from reviewer.domain.chain import Entry, MemberId
from reviewer.domain.errors import Damaged, NotFound
from reviewer.domain.events import Clause, Label, PolicyActivate, Requeue, Resolve
from reviewer.domain.facts import typed
from reviewer.domain.histories import Happening, Named, with_disagreements
from reviewer.domain.items import ItemId
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import policies as policy_rows
from reviewer.storage.notes import note_of
from reviewer.storage.rows import Rows
from reviewer.storage.stories import author, entry_of, local_time

# Each gives the hashes of entries that make state on an item.
_SPEAKING = (
    "SELECT hash FROM label WHERE item = ?1",
    "SELECT r.by_hash FROM replacement r JOIN label t ON t.hash = r.target AND t.member = r.member AND t.campaign = r.campaign"
    " AND t.item = r.item WHERE r.item = ?1 AND r.retracts = 1",
    "SELECT hash FROM resolution WHERE item = ?1",
    "SELECT hash FROM requeue_item WHERE item = ?1",
)


class _Versions(NamedTuple):
    """Of a policy: the number of each version by its hash, and the words of its clauses."""

    numbers: dict[str, int]
    words: dict[str, dict[str, str]]


def history_of(rows: Rows, item: ItemId) -> tuple[Happening, ...]:
    """Everything that happened to an item, causes before effects; where neither knew of the other, by their clocks."""
    names = rows.rows(" UNION ".join(_SPEAKING), (bytes.fromhex(item),))
    entries = [entry for (name,) in names if (entry := entry_of(rows, name)) is not None]
    known: dict[str, _Versions] = {}
    entries += _activations(rows, entries, known)
    entries.sort(key=lambda entry: (entry.body.hlc, entry.hash))
    told = list(_told(rows, entries, known))
    return tuple(with_disagreements(told, _asked(rows, item, entries)))


def _told(rows: Rows, entries: Iterable[Entry], known: dict[str, _Versions]) -> Iterable[Happening]:
    labelled: set[tuple[str, MemberId, int]] = set()
    held: dict[str, str] = {}  # policy: the version that was put in force last
    cited: dict[str, set[str]] = {}  # policy: clauses that were cited so far
    for entry in entries:
        value = typed(entry.body)
        if isinstance(value, PolicyActivate):
            yield from _change(rows, entry, value, known, held, cited)
            continue
        if isinstance(value, Label | Resolve):
            for clause in value.clauses:
                cited.setdefault(clause.policy, set()).add(clause.clause)
        one = _happening(rows, entry, value, known)
        if isinstance(value, Label):
            asked = (value.campaign, entry.body.actor, value.showing)
            one = msgspec.structs.replace(one, again=asked in labelled)
            labelled.add(asked)
        yield one


def _happening(rows: Rows, entry: Entry, value: object, known: dict[str, _Versions]) -> Happening:
    body = entry.body
    (campaign,) = rows.row("SELECT name FROM campaign WHERE hash = ?", (bytes.fromhex(body.value["campaign"]),)) or ("",)
    bare = Happening(
        kind="retract", entry=entry.hash, campaign=campaign, member=body.actor, by=author(rows, body).name, time=local_time(body),
        note=note_of(rows, body),
    )  # fmt: skip
    match value:
        case Label():
            clauses = _named(rows, value.clauses, known)
            return msgspec.structs.replace(
                bare, kind="label", showing=value.showing, verdict=value.verdict, severity=value.severity, clauses=clauses
            )
        case Resolve():
            return msgspec.structs.replace(bare, kind="resolution", verdict=value.verdict, clauses=_named(rows, value.clauses, known))
        case Requeue():
            policy, colon, clause = (value.clause or "").partition(":")
            about = (Named(policy, clause, None),) if colon else ()
            return msgspec.structs.replace(bare, kind="requeue", why=value.why, clauses=about)
    return bare


def _change(
    rows: Rows, entry: Entry, value: PolicyActivate, known: dict[str, _Versions], held: dict[str, str], cited: dict[str, set[str]]
) -> Iterable[Happening]:
    """What an activation changed of the clauses that were cited before."""
    versions = _versions(rows, value.policy, known)
    before, after = versions.words.get(held.get(value.policy, ""), {}), versions.words.get(value.version, {})
    is_first = value.policy not in held
    held[value.policy] = value.version
    spoken_of = () if is_first else sorted(cited.get(value.policy, ()))
    changed = [clause for clause in spoken_of if clause in before and before[clause] != after.get(clause)]
    for gone in (False, True):
        clauses = tuple(Named(value.policy, one, versions.numbers.get(value.version)) for one in changed if (one not in after) is gone)
        if clauses:
            body = entry.body
            yield Happening(
                kind="policy", entry=entry.hash, campaign="", member=body.actor, by=author(rows, body).name, time=local_time(body),
                clauses=clauses, gone=gone, note=note_of(rows, body),
            )  # fmt: skip


def _activations(rows: Rows, entries: Iterable[Entry], known: dict[str, _Versions]) -> list[Entry]:
    """The entries that put versions in force of the policies that are cited."""
    found = []
    for policy in {one["policy"] for entry in entries for one in entry.body.value.get("clauses", ())}:
        _versions(rows, policy, known)
        names = rows.rows("SELECT hash FROM activation WHERE policy = ?", (policy,))
        found += [entry for (name,) in names if (entry := entry_of(rows, name)) is not None]
    return found


def _versions(rows: Rows, policy: str, known: dict[str, _Versions]) -> _Versions:
    if policy not in known:
        try:
            every = policy_rows.versions(rows, policy)
        except NotFound:
            every = []  # published by somebody who may not
        words = {one.hash: _words(rows, one.clauses) for one in every}
        known[policy] = _Versions({str(one.hash): one.number for one in every}, {str(name): found for name, found in words.items()})
    return known[policy]


def _words(rows: Rows, blob: str) -> dict[str, str]:
    try:
        return {one.clause: one.text for one in policy_rows.clauses_of(rows, blob)}
    except (NotFound, Damaged):
        return {}  # the list is not here or is none: verification says so


def _named(rows: Rows, clauses: tuple[Clause, ...], known: dict[str, _Versions]) -> tuple[Named, ...]:
    return tuple(Named(one.policy, one.clause, _versions(rows, one.policy, known).numbers.get(one.version)) for one in clauses)


def _asked(rows: Rows, item: ItemId, entries: Iterable[Entry]) -> dict[str, int]:
    """How many labels each campaign that is spoken of asks of the item, by name."""
    names = {entry.body.value["campaign"] for entry in entries if "campaign" in entry.body.value}
    rules = [campaign_rows.by_hash(rows, name).state.rules for name in sorted(names)]
    return {one.name: labels_asked(one, item) for one in rules}
