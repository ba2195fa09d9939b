"""What labels cite: how often each clause, in whose words, and which resolved items are its precedents."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from reviewer.domain import policies
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.items import ItemId
from reviewer.storage import policies as policy_rows
from reviewer.storage.conflicts import in_force
from reviewer.storage.notes import note_of
from reviewer.storage.policies import Version
from reviewer.storage.rows import Rows
from reviewer.storage.stories import entry_of


class Citation(NamedTuple):
    """A label in force that cites a clause. version, text: hashes; wall_ms: when it was given, by its device's clock.

    time: of the item, None where it has none; here: whether the item is on this machine.
    """

    label: EntryHash
    campaign: EntryHash
    campaign_name: str
    item: ItemId
    member: MemberId
    reviewer: str
    verdict: str | None
    policy: str
    clause: str
    version: str
    text: str
    wall_ms: int
    time: str | None
    here: bool


class Counts(NamedTuple):
    """How many labels in force cite a clause, and on how many items of a campaign that is while their reviewers disagree."""

    cited: int
    disputed: int


class Precedent(NamedTuple):
    """A resolved item that was decided by a clause, or whose labels cite it. words: the adjudicator's, None where they are not here."""

    item: ItemId
    campaign_name: str
    verdict: str
    words: str | None
    wall_ms: int


class Words(NamedTuple):
    """What is in force of a policy: versions, the hash of each clause's words in each of them, and since when by its activation's clock."""

    versions: list[Version]
    hashes: dict[str, set[str]]
    since_ms: int

    def now(self, clause: str) -> set[str | None]:
        """Hashes of a clause's words as they are now; None stands for a version in which it is gone."""
        found = self.hashes.get(clause, set())
        return {*found} or {None}


_CITED = (
    "SELECT c.hash, p.hash, p.name, l.item, l.member, m.name, l.verdict, c.policy, c.clause, c.version, c.text, l.wall_ms, i.time, i.id"
    " FROM label_clause c JOIN label l ON l.hash = c.hash JOIN campaign p ON p.id = l.campaign JOIN member m ON m.id = l.member"
    " LEFT JOIN item i ON i.id = l.item WHERE l.in_force = 1"
)


def of_policy(rows: Rows, key: str, *, clause: str | None = None, campaign: int | None = None) -> Iterator[Citation]:
    """What labels in force cite of a policy, in the order in which they came. campaign: its row."""
    sql = f"{_CITED} AND c.policy = :policy"
    sql += "" if clause is None else " AND c.clause = :clause"
    sql += "" if campaign is None else " AND l.campaign = :campaign"
    found = rows.each(f"{sql} ORDER BY l.n, c.clause", {"policy": key, "clause": clause, "campaign": campaign})
    return (_citation(row) for row in found)


def of_labels(rows: Rows, labels: Sequence[EntryHash]) -> list[Citation]:
    """What these labels cite, as far as they are in force."""
    found = [rows.rows(f"{_CITED} AND c.hash = ? ORDER BY c.policy, c.clause", (bytes.fromhex(name),)) for name in labels]
    return [_citation(row) for some in found for row in some]


def counts(rows: Rows, key: str, *, clause: str | None = None) -> dict[str, Counts]:
    """For each clause of a policy that is cited, or for one of them, how often, and how often in dispute."""
    differ = (
        "EXISTS (SELECT 1 FROM label o WHERE o.item = l.item AND o.campaign = l.campaign AND o.in_force = 1 AND o.showing = 1"
        " AND o.verdict <> l.verdict)"
    )
    sql = (
        f"SELECT c.clause, count(DISTINCT c.hash), count(DISTINCT CASE WHEN {differ} THEN l.campaign || '.' || hex(l.item) END)"
        " FROM label_clause c JOIN label l ON l.hash = c.hash WHERE c.policy = :policy AND l.in_force = 1"
        f"{'' if clause is None else ' AND c.clause = :clause'} GROUP BY c.clause"
    )
    return {clause: Counts(cited, disputed) for clause, cited, disputed in rows.each(sql, {"policy": key, "clause": clause})}


def precedents(rows: Rows, key: str, clause: str) -> Iterator[Precedent]:
    """Items with a resolution in force that names a clause, or whose labels cite it, the newest first."""
    sql = (
        f"SELECT t.hash, t.item, p.name, t.verdict, t.wall_ms FROM resolution t JOIN campaign p ON p.id = t.campaign"
        f" WHERE {in_force('resolution', 'campaign', 'item')} AND (EXISTS (SELECT 1 FROM label_clause c WHERE c.hash = t.hash"
        " AND c.policy = ?1 AND c.clause = ?2) OR EXISTS (SELECT 1 FROM label l JOIN label_clause c ON c.hash = l.hash"
        " WHERE l.item = t.item AND l.campaign = t.campaign AND l.in_force = 1 AND c.policy = ?1 AND c.clause = ?2))"
        " ORDER BY t.wall_ms DESC, t.hash"
    )
    for name, item, campaign, verdict, wall_ms in rows.each(sql, (key, clause)):
        entry = entry_of(rows, name)
        words = None if entry is None else note_of(rows, entry.body)
        yield Precedent(ItemId(item.hex()), campaign, verdict, words, wall_ms)


def rationale_of(rows: Rows, cited: Citation) -> str | None:
    """What the reviewer wrote beside a label; None where there is nothing here."""
    entry = entry_of(rows, bytes.fromhex(cited.label))
    return None if entry is None else note_of(rows, entry.body)


def words_in_force(rows: Rows, key: str) -> Words:
    """What is in force of a policy. Raises NotFound for one that is not here."""
    every = policy_rows.versions(rows, key)
    hashes: dict[str, set[str]] = {}
    for version in every:
        if version.in_force:
            for one in policy_rows.clauses_of(rows, version.clauses):
                hashes.setdefault(one.clause, set()).add(sha256_hex(one.text.encode()))
    sql = f"SELECT min(t.wall_ms) FROM activation t WHERE t.policy = ? AND {in_force('activation', 'policy')}"
    (since,) = rows.row(sql, (key,)) or (None,)
    return Words(every, hashes, since or 0)


def fits(versions: Sequence[Version], cited: Citation) -> bool:
    """Whether a label cites the version that held at its item's time. Of an item that is not here nobody can say, and it passes."""
    held = {one.hash for one in policies.holding(versions, cited.time)}
    return not cited.here or not held or cited.version in held


def stale(rows: Rows, key: str, *, clause: str | None = None, campaign: int | None = None) -> Iterator[Citation]:
    """Citations of words that hold no more. Nothing is stale where no version is in force."""
    words = words_in_force(rows, key)
    if not any(one.in_force for one in words.versions):
        return
    for one in of_policy(rows, key, clause=clause, campaign=campaign):
        now, held = words.now(one.clause), fits(words.versions, one)
        if policies.is_stale(one.text, now, given_ms=one.wall_ms, since_ms=words.since_ms, held=held):
            yield one


def unsettled(rows: Rows, key: str, *, clause: str | None = None, campaign: int | None = None) -> Iterator[Citation]:
    """The same, but for items that were resolved under the new words: whoever resolved them has looked again."""
    resolved = (
        "SELECT 1 FROM resolution t JOIN campaign p ON p.id = t.campaign WHERE p.hash = ? AND t.item = ? AND t.wall_ms >= ?"
        f" AND {in_force('resolution', 'campaign', 'item')}"
    )
    since = words_in_force(rows, key).since_ms
    for one in stale(rows, key, clause=clause, campaign=campaign):
        if rows.row(resolved, (bytes.fromhex(one.campaign), bytes.fromhex(one.item), since)) is None:
            yield one


def unasked(rows: Rows, key: str, *, clause: str | None = None, campaign: int | None = None) -> Iterator[Citation]:
    """The unsettled ones of which nobody has asked the reviewer yet, in open campaigns: asking twice would ask the same thing."""
    waits = (
        "SELECT p.closed = 0 AND NOT EXISTS (SELECT 1 FROM asked_again a JOIN requeue q ON q.hash = a.hash WHERE a.campaign = p.id"
        " AND a.item = ? AND a.member = ? AND q.why = 'stale' AND q.clause = ?) FROM campaign p WHERE p.hash = ?"
    )
    for one in unsettled(rows, key, clause=clause, campaign=campaign):
        if rows.row(waits, (bytes.fromhex(one.item), one.member, f"{key}:{one.clause}", bytes.fromhex(one.campaign))) == (1,):
            yield one


def all_stale(rows: Rows) -> set[EntryHash]:
    """Every label that rests on words which hold no more, of any policy, but for items that were resolved under the new ones."""
    return {one.label for key in policy_rows.keys(rows) for one in unsettled(rows, key)}


def count_stale(rows: Rows, key: str) -> int:
    """How many labels rest on words of a policy that hold no more."""
    return len({one.label for one in stale(rows, key)})


def count_other_words(rows: Rows, key: str, clauses: Sequence[policies.Clause]) -> int:
    """How many labels in force cite a clause of a policy in other words than these, or one that is not among them."""
    now = {one.clause: one.hash for one in clauses}
    return len({one.label for one in of_policy(rows, key) if now.get(one.clause) != one.text})


def _citation(row: tuple[Any, ...]) -> Citation:
    label, campaign, name, item, member, reviewer, verdict, policy, clause, version, text, wall_ms, time, here = row
    return Citation(
        EntryHash(label.hex()), EntryHash(campaign.hex()), name, ItemId(item.hex()), MemberId(member), reviewer, verdict, policy, clause,
        version, text, wall_ms, time, here is not None,
    )  # fmt: skip
