"""Labels that rest on words which hold no more: which they are, with the old and the new words, and asking for their items again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from reviewer.domain import policies
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Damaged, NotFound, Refused, shown
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.policies import Clause
from reviewer.domain.progress import Ticket
from reviewer.operations.requeueing import requeue_items
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import citations, searches
from reviewer.storage import policies as policy_rows
from reviewer.storage.citations import Citation
from reviewer.storage.policies import Version
from reviewer.storage.rows import Rows
from reviewer.storage.workspace import Reading, Workspace


class StaleLabel(NamedTuple):
    """A label that cites words which hold no more. number: of the version that it cites; before, now: the words; None: there are none.

    fits: it cites the version that held at its item's time; rationale: what its reviewer wrote, None where nothing is here.
    """

    cited: Citation
    number: int | None
    before: str | None
    now: str | None
    fits: bool
    rationale: str | None


class Stale(NamedTuple):
    """What is stale of a policy. hidden: labels on items that the viewer has still to judge, counted and not shown.

    more: labels beyond those that were asked for; items: how many items all of these labels speak of; to_ask: how many of them can still
    be asked for again: neither resolved under the new words, nor asked for already, nor of a closed campaign.
    """

    key: str
    labels: tuple[StaleLabel, ...]
    hidden: int
    more: int = 0
    items: int = 0
    to_ask: int = 0


class _Which(Protocol):
    """Which of a policy's stale citations."""

    def __call__(self, rows: Rows, key: str, *, clause: str | None = None, campaign: int | None = None) -> Iterator[Citation]: ...


class AskedAgain(NamedTuple):
    """Items that were put into queues again. campaigns: how many; closed: items of campaigns that ask for no more labels."""

    items: tuple[ItemId, ...]
    campaigns: int
    closed: int


class Mismatch(NamedTuple):
    """A label cites another version than the one that held at its item's time. cited, held: numbers of versions."""

    policy: str
    clause: str
    cited: int | None
    held: tuple[int, ...]
    time: str | None


def stale_labels(
    workspace: Workspace, ticket: Ticket, *, policy: str, clause: str | None = None, campaign: str | None = None, most: int | None = None
) -> Outcome[Stale]:
    """Labels in force that cite a clause in words which hold no more, as far as the viewer may see them.

    clause: its key; most: how many are told. Raises NotFound for a policy, clause or campaign that is not there.
    """
    ticket.step(0, 1, "Comparing words")
    with workspace.read() as reading:
        found = _found(reading, policy, clause, campaign)
        words = _Words(reading, policy_rows.versions(reading, policy))
        me = workspace.member
        unseen = searches.hidden_among(reading, [one.item for one in found], viewer=me)
        shown_ones = [one for one in found if one.member == me or one.item not in unseen]
        labels = tuple(words.told(one) for one in shown_ones[:most])
        hidden = len({one.label for one in found}) - len({one.label for one in shown_ones})
        to_ask = len({one.item for one in _chosen(reading, citations.unasked, policy, clause, campaign)})
        return Outcome(Stale(policy, labels, hidden, len(shown_ones) - len(labels), len({one.item for one in found}), to_ask))


def requeue_stale(
    workspace: Workspace, ticket: Ticket, *, policy: str, clause: str | None = None, campaign: str | None = None
) -> Outcome[AskedAgain]:
    """Ask again for every item whose label rests on words that hold no more; the queue says which clause changed.

    Items that were resolved under the new words, or are asked for already, are left as they are.
    Raises Refused where there is nothing to ask, NotFound, NotAllowed.
    """
    require(workspace.me, "requeue", "ask for items again")
    with workspace.read() as reading:
        stale = _found(reading, policy, clause, campaign)
        open_ones = _chosen(reading, citations.unsettled, policy, clause, campaign)
        wanted = _chosen(reading, citations.unasked, policy, clause, campaign)
        closed = {one.state.hash for one in campaign_rows.every(reading) if one.state.closed}
    left = {one.item for one in open_ones if one.campaign in closed}
    if not wanted:
        why = _nothing_to_ask(bool(stale), len({one.item for one in open_ones}), len(left))
        raise Refused(f"No label that cites {shown(policy, 40)} {why}.", "Nothing was written.")
    groups: dict[tuple[EntryHash, str], set[ItemId]] = defaultdict(set)
    for one in wanted:
        groups[one.campaign, one.clause].add(one.item)
    changes, asked = Changes.NONE, set[ItemId]()
    for done, ((name, key), items) in enumerate(sorted(groups.items())):
        ticket.step(done, len(groups), "Asking again")
        again = requeue_items(workspace, ticket, campaign=name, items=sorted(items), why="stale", clause=f"{policy}:{key}")
        changes |= again.changes
        asked |= set(again.value.items)
    return Outcome(AskedAgain(tuple(sorted(asked)), len({name for name, _ in groups}), len(left)), changes)


def _nothing_to_ask(some: bool, unsettled: int, closed: int) -> str:
    """Why there is nothing to ask for again. some: whether anything is stale; unsettled, closed: how many items."""
    if not some:
        return "is stale"
    if not unsettled:
        return "needs another look: what is stale was resolved under the new words"
    if closed == unsettled:
        return "that is stale can be asked for again: its campaigns are closed"
    return "is left to ask for: whoever gave one that is stale is asked for its item already"


def mismatches(workspace: Workspace, ticket: Ticket, *, labels: Iterable[EntryHash]) -> Outcome[dict[EntryHash, tuple[Mismatch, ...]]]:
    """For each of these labels, the clauses that it cites from another version than the one that held at its item's time."""
    ticket.step(0, 1, "Comparing versions")
    found: dict[EntryHash, tuple[Mismatch, ...]] = {}
    with workspace.read() as reading:
        known: dict[str, list[Version]] = {}
        for one in citations.of_labels(reading, list(labels)):
            if one.policy not in known:
                known[one.policy] = policy_rows.versions(reading, one.policy) if one.policy in policy_rows.keys(reading) else []
            if not citations.fits(known[one.policy], one):
                found[one.label] = (*found.get(one.label, ()), _mismatch(known[one.policy], one))
    return Outcome(found)


def _mismatch(versions: list[Version], one: Citation) -> Mismatch:
    cited = next((each.number for each in versions if each.hash == one.version), None)
    return Mismatch(one.policy, one.clause, cited, tuple(each.number for each in policies.holding(versions, one.time)), one.time)


def _found(reading: Reading, policy: str, clause: str | None, campaign: str | None) -> list[Citation]:
    return _chosen(reading, citations.stale, policy, clause, campaign)


def _chosen(reading: Reading, which: "_Which", policy: str, clause: str | None, campaign: str | None) -> list[Citation]:
    """What of a policy, or of one clause or campaign, is stale. which: of storage.citations. Raises NotFound."""
    versions = policy_rows.versions(reading, policy)
    row = None if campaign is None else campaign_rows.named(reading, campaign).row
    if clause is not None and not any(
        one.clause == clause for version in versions for one in policy_rows.clauses_of(reading, version.clauses)
    ):
        raise NotFound(
            f"Policy {shown(policy, 40)} has no clause “{shown(clause, 60)}”.", f"`reviewer policy show {policy}` lists its clauses."
        )
    return list(which(reading, policy, clause=clause, campaign=row))


class _Words:
    """The words of clauses, version by version, read once."""

    def __init__(self, reading: Reading, versions: list[Version]) -> None:
        self._reading, self._versions = reading, versions
        self._read: dict[EntryHash, dict[str, Clause]] = {}

    def told(self, one: Citation) -> StaleLabel:
        """A stale citation with its words then and now."""
        cited = next((each for each in self._versions if each.hash == one.version), None)
        active = next((each for each in self._versions if each.in_force), None)
        before = None if cited is None else self._text(cited, one.clause)
        fits = citations.fits(self._versions, one)
        now = None if active is None else self._text(active, one.clause)
        return StaleLabel(one, None if cited is None else cited.number, before, now, fits, citations.rationale_of(self._reading, one))

    def _text(self, version: Version, clause: str) -> str | None:
        if version.hash not in self._read:
            try:
                listed = policy_rows.clauses_of(self._reading, version.clauses)
            except (NotFound, Damaged):
                listed = []  # the list is not here, or is none: verification says so
            self._read[version.hash] = {each.clause: each for each in listed}
        found = self._read[version.hash].get(clause)
        return None if found is None else found.text
