"""The state digest as the tables have it: for comparing with the fold of the journal, by another way."""

from collections.abc import Iterator
from itertools import groupby

import msgspec

from reviewer.domain import fold
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import Damaged
from reviewer.domain.events import Label
from reviewer.domain.fold import Admitted, AsideFact, CampaignFact, Conflict, Departure, DrawFact, LabelFact
from reviewer.domain.members import Member
from reviewer.storage.campaigns import decode_rules
from reviewer.storage.rows import Rows


class _Body(msgspec.Struct):
    value: Label


_label_body = msgspec.json.Decoder(_Body)
_CAMPAIGN_OF = "(SELECT hash FROM main.campaign c WHERE c.id = {0}.campaign)"


def digest_of_tables(rows: Rows) -> str:
    """SHA-256 over the state that the projected tables show, as domain.fold.digest makes it. Streams; memory stays small.

    Raises Damaged for rows that no projection makes.
    """
    try:
        return _digest(rows)
    except (ValueError, TypeError, AttributeError) as error:
        raise Damaged("A row of the views cannot be read.", "Run `reviewer verify --rebuild`.") from error


def _digest(rows: Rows) -> str:
    project = rows.row("SELECT value FROM main.fact WHERE name = 'project'")
    return fold.digest(
        None if project is None else EntryHash(project[0]),
        {
            "asides": _asides(rows),
            "campaigns": _campaigns(rows),
            "conflicts": iter(_conflicts(rows)),
            "departures": (Departure(EntryHash(h.hex()), k) for h, k in rows.each("SELECT hash, kind FROM main.departure ORDER BY hash")),
            "devices": (
                Admitted(*row)
                for row in rows.each("SELECT id, member, role, sign_key, seal_key, stream, admitted FROM main.device ORDER BY id")
            ),
            "draws": _draws(rows),
            "labels": _labels(rows),
            "members": (Member(*row) for row in rows.each("SELECT id, name, role FROM main.member ORDER BY id")),
        },
    )


def _asides(rows: Rows) -> Iterator[AsideFact]:
    sql = f"SELECT hash, kind, {_CAMPAIGN_OF.format('a')}, item, member FROM main.aside a ORDER BY hash"
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
        f"SELECT hash, {_CAMPAIGN_OF.format('l')}, item, member, showing, verdict, severity, blind, in_force"
        " FROM main.label l ORDER BY hash"
    )
    for name, campaign, item, member, showing, verdict, severity, blind, in_force in rows.each(sql):
        yield LabelFact(
            EntryHash(name.hex()), EntryHash(campaign.hex()), item.hex(), member, showing, verdict, severity, bool(blind), bool(in_force)
        )


def _conflicts(rows: Rows) -> list[Conflict]:
    """Questions with several labels of one member in force that differ. What they say is in their entries."""
    several = (
        f"SELECT {_CAMPAIGN_OF.format('l')}, l.item, l.showing, l.member, l.hash, e.body FROM main.label l"
        " JOIN main.entry e ON e.hash = l.hash WHERE l.in_force = 1 AND (l.campaign, l.item, l.showing, l.member) IN"
        " (SELECT campaign, item, showing, member FROM main.label WHERE in_force = 1"
        " GROUP BY campaign, item, showing, member HAVING count(*) > 1) ORDER BY 1, 2, 3, 4, 5"
    )
    found: list[Conflict] = []
    for (campaign, item, showing, member), group in groupby(rows.each(several), key=lambda row: row[:4]):
        given = [(EntryHash(name.hex()), fold.vote(_label_body.decode(body).value)) for *_, name, body in group]
        if len({vote for _, vote in given}) > 1:
            question = (EntryHash(campaign.hex()), item.hex(), showing, MemberId(member))
            found.append(Conflict(*question, tuple(name for name, _ in given)))
    return found
