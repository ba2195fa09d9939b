"""What is read of an incident beside its rows: the words on it, what is said of its items, and where these come from."""

from collections.abc import Collection
from typing import NamedTuple

from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.incidents import Case
from reviewer.domain.items import ItemId
from reviewer.storage.conflicts import in_force
from reviewer.storage.notes import note_of
from reviewer.storage.rows import Rows
from reviewer.storage.stories import entry_of


class Answers(NamedTuple):
    """What people say of the items of an incident: a member's answer counts once an item. Items of which nobody spoke are in neither.

    cited: by policy and clause, on how many of the items a label or a resolution in force cites it; versions: of which words, by hash.
    """

    non_compliant: int
    compliant: int
    cited: dict[tuple[str, str], int]
    versions: dict[tuple[str, str], frozenset[str]]


def texts(rows: Rows, case: Case, field: str) -> list[str]:
    """The words in force of a text, the earliest first; those that were erased, or are not here, are left out."""
    entries = [entry for one in case.held.get(field, ()) if (entry := entry_of(rows, bytes.fromhex(one.entry))) is not None]
    entries.sort(key=lambda entry: (entry.body.hlc, entry.hash))
    return [words for entry in entries if (words := note_of(rows, entry.body)) is not None]


def acts(rows: Rows, incident: EntryHash) -> list[Entry]:
    """Every entry on an incident, causes before effects; where neither knew of the other, by their clocks."""
    names = rows.rows("SELECT hash FROM incident_act WHERE incident = ?", (bytes.fromhex(incident),))
    entries = [entry for (name,) in names if (entry := entry_of(rows, name)) is not None]
    return sorted(entries, key=lambda entry: (entry.body.hlc, entry.hash))


def answers(rows: Rows, items: Collection[ItemId]) -> Answers:
    """What resolutions in force say of the items, else labels in force; and the clauses that either cites as broken."""
    broken = kept = 0
    cited: dict[tuple[str, str], int] = {}
    versions: dict[tuple[str, str], set[str]] = {}
    for item in items:
        said = _said_of(rows, bytes.fromhex(item))
        verdicts = {verdict for _, verdict in said if verdict in ("compliant", "non_compliant")}
        if len(verdicts) == 1:
            broken, kept = broken + ("non_compliant" in verdicts), kept + ("compliant" in verdicts)
        clauses = {
            (policy, clause, version)
            for name, verdict in said
            if verdict != "compliant"
            for policy, clause, version in rows.rows("SELECT policy, clause, version FROM label_clause WHERE hash = ?", (name,))
        }
        for policy, clause in {(policy, clause) for policy, clause, _ in clauses}:
            cited[policy, clause] = cited.get((policy, clause), 0) + 1
        for policy, clause, version in clauses:
            versions.setdefault((policy, clause), set()).add(version)
    return Answers(broken, kept, cited, {clause: frozenset(found) for clause, found in versions.items()})


def _said_of(rows: Rows, item: bytes) -> list[tuple[bytes, str | None]]:
    """The entries in force that say what an item is: resolutions, else labels."""
    resolved = "SELECT t.hash, t.verdict FROM resolution t WHERE t.item = ? AND "
    found = rows.rows(resolved + in_force("resolution", "campaign", "item", schema=""), (item,))
    return found or rows.rows("SELECT hash, verdict FROM label WHERE item = ? AND in_force = 1 AND showing = 1", (item,))


def sources(rows: Rows, items: Collection[ItemId]) -> tuple[dict[str, int], dict[str, int]]:
    """Of the items that are here, how many come from each agent and from each model; those that name none are left out."""
    agents: dict[str, int] = {}
    models: dict[str, int] = {}
    for item in items:
        agent, model = rows.row("SELECT agent, model FROM item WHERE id = ?", (bytes.fromhex(item),)) or (None, None)
        for found, name in ((agents, agent), (models, model)):
            if name is not None:
                found[name] = found.get(name, 0) + 1
    return agents, models


def member_name(rows: Rows, member: str) -> str:
    """A member's name; the first digits of their id where they are not known here."""
    (name,) = rows.row("SELECT name FROM member WHERE id = ?", (member,)) or (member[:8],)
    return str(name)
