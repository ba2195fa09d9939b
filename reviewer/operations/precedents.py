"""Precedents: items that were resolved before, those under the same clause and most like the one at hand first."""

from typing import NamedTuple

from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.events import Ruling
from reviewer.domain.items import Item, ItemId, text_of
from reviewer.domain.likeness import likeness
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import disputes as dispute_rows
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage import searches, stories
from reviewer.storage.notes import note_of
from reviewer.storage.workspace import Reading, Workspace

_CONSIDERED = 2_000  # the newest resolutions that are looked at
_COMPARED = 400  # of these, how many are compared by their texts
_TEXT = 4_000  # characters of an item that are compared


class Precedent(NamedTuple):
    """A resolved item. same_clause: it was decided by, or its labels cite, a clause that the item at hand cites; likeness: 0 to 1.

    clauses: KEY:CLAUSE; reason: None where its text is not here; time: RFC 3339; title: what the item is about.
    """

    resolution: EntryHash
    campaign: str
    item: ItemId
    verdict: Ruling
    reason: str | None
    clauses: tuple[str, ...]
    same_clause: bool
    likeness: float
    time: str
    title: str


def precedents(
    workspace: Workspace, ticket: Ticket, *, campaign: str, item: str, words: str = "", limit: int = 20
) -> Outcome[tuple[Precedent, ...]]:
    """Resolved items of all campaigns here, best first: those under a clause that the labels of this item cite, then by likeness of text.

    words: only those whose reason, rationales or text hold all of these. Items that the viewer has still to label blind are left out.
    Raises NotAllowed for who may not resolve, and NotFound.
    """
    require(workspace.me, "resolve", "see precedents")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        wanted = item_rows.full_id(reading, item)
        cited = set(dispute_rows.clauses_of_labels(reading, stored.row, wanted))
        among = [one for one in dispute_rows.precedents(reading, _CONSIDERED) if (one.campaign, one.item) != (stored.row, wanted)]
        unseen = searches.hidden_among(reading, [one.item for one in among], viewer=workspace.member)
        found = [_Known.of(reading, one, cited) for one in among if one.item not in unseen]
        found.sort(key=lambda one: not one.same)  # the newest come first among those under the same clause, and among the rest
        sought = words.casefold().split()
        texts: list[tuple[_Known, str]] = []
        for number, known in enumerate(found):
            ticket.step(number, len(found), "Comparing with earlier resolutions")
            text = known.text(reading)
            if all(word in text.casefold() for word in sought):
                texts.append((known, text))
            if len(texts) == _COMPARED:
                break
        shares = likeness(_said_of(reading, stored.row, wanted), [text for _, text in texts])
        ranked = sorted(zip(shares, texts, strict=True), key=lambda pair: (not pair[1][0].same, -pair[0]))
        return Outcome(tuple(known.told(reading, share) for share, (known, _) in ranked[:limit]))


class _Known(NamedTuple):
    """A precedent before it is compared."""

    row: dispute_rows.Precedent
    clauses: tuple[tuple[str, str], ...]
    same: bool
    reason: str | None
    time: str

    @classmethod
    def of(cls, reading: Reading, row: dispute_rows.Precedent, cited: set[tuple[str, str]]) -> "_Known":
        clauses = dispute_rows.clauses_of(reading, row.hash) or dispute_rows.clauses_of_labels(reading, row.campaign, row.item)
        entry = stories.entry_of(reading, bytes.fromhex(row.hash))
        assert entry is not None  # its row was made from it
        return cls(row, tuple(clauses), not cited.isdisjoint(clauses), note_of(reading, entry.body), stories.local_time(entry.body))

    def text(self, reading: Reading) -> str:
        return f"{self.reason or ''}\n{_said_of(reading, self.row.campaign, self.row.item)}"

    def told(self, reading: Reading, share: float) -> Precedent:
        (campaign,) = reading.row("SELECT name FROM campaign WHERE id = ?", (self.row.campaign,)) or ("",)
        (title,) = reading.row("SELECT title FROM item WHERE id = ?", (bytes.fromhex(self.row.item),)) or ("",)
        names = tuple(f"{policy}:{clause}" for policy, clause in self.clauses)
        row = self.row
        return Precedent(row.hash, campaign, row.item, row.verdict, self.reason, names, self.same, round(share, 6), self.time, title)


def _said_of(reading: Reading, campaign: int, item: ItemId) -> str:
    """What an item is about and what was said of it: the words of its users, and the rationales of its labels."""
    found = reading.row("SELECT 1 FROM item WHERE id = ?", (bytes.fromhex(item),))
    about = "" if found is None else _users(item_rows.get(reading, item).item)
    rationales = label_rows.rationales(reading, campaign, item)
    return "\n".join((about[:_TEXT], *rationales))


def _users(item: Item) -> str:
    return "\n".join(text_of(message) for message in item.messages if message.role == "user")
