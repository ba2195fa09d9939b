"""Labels shown all together, where a whole journal is read anew: rows first, then once for all of them what they come to.

The outcome is the same as that of storage.answers, which shows one entry after another; verification compares the two.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from reviewer.domain import labels
from reviewer.domain.campaigns import CampaignState
from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.events import Label, Retract, Ruling
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Given
from reviewer.storage import answers, requeues
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.answers import Asked
from reviewer.storage.conflicts import in_force
from reviewer.storage.rows import ChangingRows

_AT_ONCE = 2_000  # rows kept before they are written
_LABEL = (
    "INSERT INTO label (hash, campaign, item, member, showing, verdict, severity, blind, wall_ms, dur_ms, in_force)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING"
)
_CLAUSE = "INSERT INTO label_clause VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_REPLACEMENT = "INSERT INTO replacement VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_GONE = (
    "UPDATE label SET in_force = 0 WHERE hash IN (SELECT l.hash FROM replacement r JOIN label l ON l.hash = r.target"
    " AND l.member = r.member AND l.campaign = r.campaign AND l.item = r.item AND (r.retracts OR r.showing = l.showing))"
)
_OVER_OWN_LABEL = (
    "SELECT DISTINCT r.hash, r.campaign FROM resolution r JOIN successor s ON s.by_hash = r.hash"
    " JOIN label l ON l.hash = s.target AND l.member = r.member AND l.campaign = r.campaign AND l.item = r.item"
)
_PICKS = (
    "SELECT p.campaign, p.item, l.hash, l.member, l.verdict, l.showing FROM pick p"
    " LEFT JOIN label l ON l.campaign = p.campaign AND l.item = p.item AND l.in_force = 1 ORDER BY p.campaign, p.item"
)


class _Settled(NamedTuple):
    """A pick as labels and resolutions leave it."""

    complete: int
    answer: str | None
    campaign: int
    item: bytes


class Bulk:
    """Takes the labels of empty views; what they come to is shown when it is finished."""

    def __init__(self, rows: ChangingRows) -> None:
        self._rows = rows
        self._labels: list[tuple[Any, ...]] = []
        self._clauses: list[tuple[Any, ...]] = []
        self._replacements: list[tuple[Any, ...]] = []

    def label(self, asked: Asked, entry: Entry, label: Label) -> None:
        """Show a label."""
        body, name, item = entry.body, bytes.fromhex(entry.hash), bytes.fromhex(label.item)
        said = (label.showing, label.verdict, label.severity, int(label.blind))
        self._labels.append((name, asked.row, item, body.actor, *said, body.wall_ms, body.dur_ms))
        self._clauses += [(name, one.policy, one.clause, one.version, one.text) for one in label.clauses]
        self._replace(asked, entry, item, label.showing)
        if len(self._labels) >= _AT_ONCE:
            self.flush()

    def retract(self, asked: Asked, entry: Entry, retract: Retract) -> None:
        """Show that a label was taken back."""
        self._replace(asked, entry, bytes.fromhex(retract.item), None)

    def _replace(self, asked: Asked, entry: Entry, item: bytes, showing: int | None) -> None:
        name, actor, retracts = bytes.fromhex(entry.hash), entry.body.actor, int(showing is None)
        self._replacements += [(bytes.fromhex(one), name, retracts, actor, asked.row, item, showing) for one in entry.body.deps]

    def flush(self) -> None:
        """Write what was kept, so that it can be looked up."""
        for sql, kept in ((_LABEL, self._labels), (_CLAUSE, self._clauses), (_REPLACEMENT, self._replacements)):
            if kept:
                self._rows.run_many(sql, kept)
                kept.clear()

    def finish(self) -> None:
        """Show which labels are in force, which resolutions count, and what the answers are."""
        self.flush()
        self._rows.run(_GONE)
        campaigns = {
            row: CampaignState(EntryHash(name.hex()), rules, rules.members, bool(closed))
            for row, name, rules, closed in (
                (row, name, campaign_rows.decode_rules(raw), closed)
                for row, name, raw, closed in self._rows.rows("SELECT id, hash, rules, closed FROM campaign")
            )
        }
        self._unseat(campaigns)
        settled = list(self._settled(campaigns))
        self._rows.run_many("UPDATE pick SET complete = ?, answer = ? WHERE campaign = ? AND item = ?", settled)
        self._count(settled)

    def _unseat(self, campaigns: dict[int, CampaignState]) -> None:
        """A resolution that weighs a label of its own author does not count, whichever came first."""
        for name, campaign in self._rows.rows(_OVER_OWN_LABEL):
            if not campaigns[campaign].rules.own_adjudication:
                answers.unseat(self._rows, name)

    def _settled(self, campaigns: dict[int, CampaignState]) -> Iterator[_Settled]:
        rulings: dict[tuple[int, bytes], list[Ruling]] = {}
        held = in_force("resolution", "campaign", "item", schema="")
        for campaign, item, verdict in self._rows.rows(f"SELECT t.campaign, t.item, t.verdict FROM resolution t WHERE {held}"):
            rulings.setdefault((campaign, item), []).append(verdict)
        asked_for = set(self._rows.rows("SELECT DISTINCT campaign, item FROM requeue_item"))
        for (campaign, item), rows in groupby(self._rows.rows(_PICKS), key=lambda row: row[:2]):
            given = [Given(EntryHash(name.hex()), *said) for _, _, name, *said in rows if name is not None]
            ruled, wanted = rulings.get((campaign, item), []), (campaign, item) in asked_for
            if not given and not ruled and not wanted:
                continue
            state, name = campaigns[campaign], ItemId(item.hex())
            answers.note_doubled(self._rows, campaign, item, given)
            enough, answer = labels.complete(state, name, given, ruled), labels.answer(state, name, given, ruled)
            again = wanted and requeues.ask(self._rows, campaign, item, enough=enough)
            complete = int(enough and not again)
            if complete or answer is not None:
                yield _Settled(complete, answer, campaign, item)

    def _count(self, settled: Iterable[_Settled]) -> None:
        complete, answered = Counter[int](), Counter[int]()
        for one in settled:
            complete[one.campaign] += one.complete
            answered[one.campaign] += one.answer is not None
        counted = dict(self._rows.rows("SELECT campaign, count(*) FROM label WHERE in_force = 1 GROUP BY campaign"))
        self._rows.run_many(
            "UPDATE campaign SET labels = ?, complete = ?, answered = ? WHERE id = ?",
            [(counted.get(row, 0), complete[row], answered[row], row) for row in {*counted, *complete}],
        )
