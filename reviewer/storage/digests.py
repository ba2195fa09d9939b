"""The state digest as the tables have it: for comparing with the fold of the journal, by another way."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import msgspec

from reviewer.domain.admissions import Admitted, Revocation
from reviewer.domain.chain import DeviceId, EntryHash
from reviewer.domain.errors import Damaged
from reviewer.domain.members import Member
from reviewer.domain.state import (
    ActivationFact,
    AsideFact,
    CampaignFact,
    Departure,
    DrawFact,
    ErasureFact,
    FindingFact,
    ForkFact,
    GoldFact,
    IncidentFact,
    LabelFact,
    PolicyFact,
    RequeueFact,
    ResolutionFact,
    digest,
    set_digest,
)
from reviewer.storage.campaigns import decode_rules
from reviewer.storage.conflicts import CAMPAIGN_OF, conflicts_of_tables, in_force
from reviewer.storage.rows import Rows


class Both(NamedTuple):
    """The two digests of JOURNAL.md 2.10: of the state, and of the set of entries."""

    state: str
    set: str


def digests_of(rows: Rows) -> Both:
    """What this replica comes to."""
    hashes = (EntryHash(name.hex()) for (name,) in rows.each("SELECT hash FROM main.entry ORDER BY hash"))
    return Both(digest_of_tables(rows), set_digest(hashes))


def digest_of_tables(rows: Rows) -> str:
    """SHA-256 over the state that the projected tables show, as domain.state.digest makes it. Streams; memory stays small.

    Raises Damaged for rows that no projection makes.
    """
    try:
        return _digest(rows)
    except (ValueError, TypeError, AttributeError) as error:
        raise Damaged("A row of the views cannot be read.", "Run `reviewer verify --rebuild`.") from error


def _digest(rows: Rows) -> str:
    project = rows.row("SELECT value FROM main.fact WHERE name = 'project'")
    return digest(
        None if project is None else EntryHash(project[0]),
        {
            "activations": _activations(rows),
            "asides": _asides(rows),
            "campaigns": _campaigns(rows),
            "conflicts": conflicts_of_tables(rows),
            "departures": (Departure(EntryHash(h.hex()), k) for h, k in rows.each("SELECT hash, kind FROM main.departure ORDER BY hash")),
            "devices": (
                Admitted(*row)
                for row in rows.each("SELECT id, member, role, sign_key, seal_key, stream, admitted FROM main.device ORDER BY id")
            ),
            "draws": _draws(rows),
            "erasures": (
                ErasureFact(EntryHash(name.hex()), kind, item.hex(), DeviceId(device))
                for name, kind, item, device in rows.each("SELECT hash, kind, item, device FROM main.erasure ORDER BY hash")
            ),
            "findings": _findings(rows),
            "forks": forks_of_tables(rows),
            "golds": _golds(rows),
            "incidents": _incidents(rows),
            "labels": _labels(rows),
            "members": (Member(*row) for row in rows.each("SELECT id, name, role FROM main.member ORDER BY id")),
            "policies": (
                PolicyFact(EntryHash(name.hex()), policy, title, n, clauses.hex(), source.hex(), effective)
                for name, policy, title, n, clauses, source, effective in rows.each(
                    "SELECT hash, policy, title, clauses_n, clauses, source, effective FROM main.policy ORDER BY hash"
                )
            ),
            "requeues": _requeues(rows),
            "resolutions": _resolutions(rows),
            "revocations": (
                Revocation(EntryHash(name.hex()), DeviceId(device))
                for name, device in rows.each("SELECT hash, device FROM main.revocation ORDER BY hash")
            ),
        },
    )


def forks_of_tables(rows: Rows) -> list[ForkFact]:
    """Places of streams where several entries stand."""
    forked = "SELECT stream FROM main.entry GROUP BY stream HAVING count(*) > max(seq)"
    sql = (
        f"SELECT stream, seq, hash FROM main.entry e WHERE stream IN ({forked}) AND EXISTS (SELECT 1 FROM main.entry o"
        " WHERE o.stream = e.stream AND o.seq = e.seq AND o.hash <> e.hash) ORDER BY stream, seq, hash"
    )
    return [
        ForkFact(stream.hex(), seq, tuple(EntryHash(name.hex()) for *_, name in group))
        for (stream, seq), group in groupby(rows.each(sql), key=lambda row: row[:2])
    ]


def _activations(rows: Rows) -> Iterator[ActivationFact]:
    sql = f"SELECT t.hash, t.policy, t.version, {in_force('activation', 'policy')} FROM main.activation t ORDER BY t.hash"
    for name, policy, version, holds in rows.each(sql):
        yield ActivationFact(EntryHash(name.hex()), policy, EntryHash(version.hex()), bool(holds))


def _findings(rows: Rows) -> Iterator[FindingFact]:
    for name, what, n, items, campaign, fresh in rows.each(
        "SELECT hash, what, items_n, items, campaign, fresh FROM main.finding ORDER BY hash"
    ):
        named = (None if one is None else EntryHash(one.hex()) for one in (campaign, fresh))
        yield FindingFact(EntryHash(name.hex()), what, n, items.hex(), *named)


def _requeues(rows: Rows) -> Iterator[RequeueFact]:
    sql = f"SELECT hash, {CAMPAIGN_OF.format('r')}, items_n, items, why, clause FROM main.requeue r ORDER BY hash"
    for name, campaign, n, items, why, clause in rows.each(sql):
        yield RequeueFact(EntryHash(name.hex()), EntryHash(campaign.hex()), n, items.hex(), why, clause)


def _resolutions(rows: Rows) -> Iterator[ResolutionFact]:
    sql = (
        f"SELECT t.hash, {CAMPAIGN_OF.format('t')}, t.item, t.member, t.verdict, {in_force('resolution', 'campaign', 'item')}"
        " FROM main.resolution t ORDER BY t.hash"
    )
    cited = "SELECT policy, clause, version, text FROM main.label_clause WHERE hash = ?"
    for name, campaign, item, member, verdict, holds in rows.each(sql):
        clauses = tuple(sorted(rows.rows(cited, (name,))))
        yield ResolutionFact(EntryHash(name.hex()), EntryHash(campaign.hex()), item.hex(), member, verdict, bool(holds), clauses)


def _incidents(rows: Rows) -> Iterator[IncidentFact]:
    held = in_force("incident_said", "incident", "field")
    said = f"SELECT t.field, t.value, {held} FROM main.incident_said t WHERE t.hash = ? ORDER BY t.field"
    for name, incident, n, items, finding in rows.each(
        "SELECT hash, incident, items_n, items, finding FROM main.incident_act ORDER BY hash"
    ):
        fields = tuple((field, value, bool(holds)) for field, value, holds in rows.rows(said, (name,)))
        listed = None if items is None else items.hex()
        yield IncidentFact(EntryHash(name.hex()), EntryHash(incident.hex()), n, listed, finding, fields)


def _golds(rows: Rows) -> Iterator[GoldFact]:
    sql = (
        f"SELECT t.hash, {CAMPAIGN_OF.format('t')}, t.item, t.verdict, {in_force('gold', 'campaign', 'item')}"
        " FROM main.gold t ORDER BY t.hash"
    )
    for name, campaign, item, verdict, holds in rows.each(sql):
        yield GoldFact(EntryHash(name.hex()), EntryHash(campaign.hex()), item.hex(), verdict, bool(holds))


def _asides(rows: Rows) -> Iterator[AsideFact]:
    sql = f"SELECT hash, kind, {CAMPAIGN_OF.format('a')}, item, member FROM main.aside a ORDER BY hash"
    for name, kind, campaign, item, member in rows.each(sql):
        yield AsideFact(EntryHash(name.hex()), kind, EntryHash(campaign.hex()), item.hex(), member)


def _campaigns(rows: Rows) -> Iterator[CampaignFact]:
    for name, rules, closed in rows.each("SELECT hash, rules, closed FROM main.campaign ORDER BY hash"):
        yield CampaignFact(EntryHash(name.hex()), msgspec.to_builtins(decode_rules(rules)), bool(closed))


def _draws(rows: Rows) -> Iterator[DrawFact]:
    sql = "SELECT hash, campaign, query, population_n, population, picks_n, picks, design FROM main.draw ORDER BY hash"
    for name, campaign, query, frozen, population, picked, picks, design in rows.each(sql):
        yield DrawFact(
            EntryHash(name.hex()),
            EntryHash(campaign.hex()),
            query,
            frozen,
            population.hex(),
            picked,
            picks.hex(),
            msgspec.json.decode(design),
        )


def _labels(rows: Rows) -> Iterator[LabelFact]:
    sql = (
        f"SELECT hash, {CAMPAIGN_OF.format('l')}, item, member, showing, verdict, severity, blind, in_force FROM main.label l ORDER BY hash"
    )
    for name, campaign, item, member, showing, verdict, severity, blind, holds in rows.each(sql):
        yield LabelFact(
            EntryHash(name.hex()), EntryHash(campaign.hex()), item.hex(), member, showing, verdict, severity, bool(blind), bool(holds)
        )
