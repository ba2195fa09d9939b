"""What the people of the simulation do, each on their own replica: sensibly for the most part, and often enough as nobody should."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from reviewer.domain import canonical
from reviewer.domain.chain import DeviceId, EntryHash, MemberId, StreamId
from reviewer.domain.events import (
    RULINGS,
    SEVERITIES,
    VERDICTS,
    BlobRef,
    Campaign,
    CampaignClose,
    Clause,
    Draw,
    Enrol,
    EraseDone,
    EraseRequest,
    Escalate,
    Event,
    Export,
    ForkSeen,
    Gold,
    Incident,
    IncidentUpdate,
    Label,
    MemberNamed,
    Point,
    PolicyActivate,
    PolicyPublish,
    Release,
    Requeue,
    Resolve,
    Retract,
    Revoke,
    Role,
    Shown,
    Skip,
    Suggestion,
    Why,
)
from reviewer.domain.items import ItemId
from reviewer.storage.conflicts import in_force
from reviewer.storage.suggestions import Suggested, pack
from tests.faults.sites import Device, Site

ITEMS = [ItemId(f"{number:064x}") for number in range(8)]
NAMES = ("Aaron", "Ben", "Cleo", "Dan", "Eve", "Zed")
WHYS: tuple[Why, ...] = ("stale", "sent_back", "disputed", "asked")
ROLES: tuple[Role, ...] = ("reviewer", "reviewer", "adjudicator", "lead", "observer")
_ON_ITEM = "SELECT t.hash FROM {0} t JOIN campaign c ON c.id = t.campaign WHERE c.hash = ? AND t.item = ? AND {1}"
_RESOLVED = _ON_ITEM.format("resolution", in_force("resolution", "campaign", "item"))
_GOLD = _ON_ITEM.format("gold", in_force("gold", "campaign", "item"))
_ASKED = "SELECT q.hash FROM requeue_item q JOIN campaign c ON c.id = q.campaign WHERE c.hash = ? AND q.item = ?"
_ACTIVE = f"SELECT t.hash FROM activation t WHERE t.policy = ? AND {in_force('activation', 'policy')}"
_NAMED = f"SELECT t.hash FROM rename t WHERE t.member = ? AND {in_force('rename', 'member')}"


def campaign_at(site: Site, chance: random.Random) -> EntryHash:
    """A campaign that is known here, or, now and then, one that is not yet."""
    here = [name.hex() for (name,) in site.rows("SELECT hash FROM campaign ORDER BY hash")]
    if here and chance.random() < 0.85:
        return EntryHash(chance.choice(here))
    return EntryHash(chance.choice(site.books.campaigns or ["c" * 64]))


def some(chance: random.Random, names: Sequence[str], share: float = 0.8) -> frozenset[EntryHash]:
    """Most of the names."""
    return frozenset(EntryHash(name) for name in names if chance.random() < share)


def of(site: Site, sql: str, *parameters: object) -> list[str]:
    """Hashes that a statement finds."""
    return sorted(name.hex() for (name,) in site.rows(sql, *parameters))


def labels_on(site: Site, campaign: str, item: str, member: str | None = None, *, all_of_them: bool = False) -> list[str]:
    """Labels in force on an item here; of one member; with those that gave way."""
    sql = "SELECT l.hash FROM label l JOIN campaign c ON c.id = l.campaign WHERE c.hash = ? AND l.item = ?"
    sql += "" if all_of_them else " AND l.in_force = 1"
    found = (bytes.fromhex(campaign), bytes.fromhex(item))
    return of(site, sql, *found) if member is None else of(site, f"{sql} AND l.member = ?", *found, member)


def cited(names: Sequence[str]) -> tuple[Clause, ...]:
    """As many clauses as names, at most two; which, the names say."""
    return tuple(Clause("rules", name[1] * 64, name[0], name[2] * 64) for name in names[:2])


def label(site: Site, chance: random.Random) -> None:
    """A label: the first, in place of others of one's own, of some of them, or as if nothing were known."""
    campaign, item = campaign_at(site, chance), chance.choice(ITEMS)
    mine = labels_on(site, campaign, item, site.workspace.member, all_of_them=chance.random() < 0.1)
    luck = chance.random()
    deps = some(chance, mine, 0.9) if luck < 0.8 else frozenset()
    if luck > 0.92:
        deps |= some(chance, [name for name, where, what in site.books.labels if (where, what) == (campaign, item)], 0.3)
    asked = of(site, _ASKED, bytes.fromhex(campaign), bytes.fromhex(item))
    if chance.random() < 0.15:
        asked += site.books.requeues[-3:]  # of another item or campaign, or not here yet
    deps |= some(chance, asked, 0.7)
    value = Label(
        campaign=campaign, item=item, showing=2 if chance.random() < 0.1 else 1, verdict=chance.choice(VERDICTS),
        clauses=cited([f"{chance.randrange(4096):03x}" for _ in range(chance.randrange(3))]), spans=(), omissions=(), steps={},
        blind=chance.random() < 0.5, shown=Shown("simulation"),
    )  # fmt: skip
    name = site.record(Event("label", value, deps=frozenset(sorted(deps)[:60])))
    if name is not None:
        site.books.labels.append((name, campaign, item))


def retract(site: Site, chance: random.Random) -> None:
    """A label taken back: one's own, or one that nobody else may take back."""
    campaign, item = campaign_at(site, chance), chance.choice(ITEMS)
    mine = labels_on(site, campaign, item, site.workspace.member, all_of_them=chance.random() < 0.3)
    if not mine or chance.random() < 0.15:
        mine = [name for name, where, what in site.books.labels if (where, what) == (campaign, item)][-2:]
    site.record(Event("retract", Retract(campaign, item), deps=frozenset(map(EntryHash, mine[-1:])), reason="undo"))


def resolve(site: Site, chance: random.Random) -> None:
    """A resolution over what is known here, or also over labels that are not here yet, or over one's own."""
    campaign, item = campaign_at(site, chance), chance.choice(ITEMS)
    known = labels_on(site, campaign, item)
    if chance.random() < 0.3:
        known += [name for name, where, what in site.books.labels if (where, what) == (campaign, item)][-4:]
    known += of(site, _RESOLVED, bytes.fromhex(campaign), bytes.fromhex(item)) if chance.random() < 0.7 else []
    known += of(site, _ASKED, bytes.fromhex(campaign), bytes.fromhex(item)) if chance.random() < 0.5 else []
    deps = frozenset(sorted(some(chance, known, 0.85))[:60])
    value = Resolve(campaign, item, chance.choice(RULINGS), cited(known[: len(known) % 3]))
    site.record(Event("resolve", value, deps=deps, reason="review"))


def requeue(site: Site, chance: random.Random) -> None:
    """Items asked for again, labelled or not, drawn or not, of a campaign that may not be here."""
    items = sorted(chance.sample(ITEMS, chance.randrange(1, 4)))
    why = chance.choice(WHYS)
    listed = BlobRef(len(items), site.keep(b"".join(map(bytes.fromhex, items))))
    campaign = campaign_at(site, chance)
    value = Requeue(campaign=campaign, items=listed, why=why, clause="rules:4" if why == "stale" else None)
    name = site.record(Event("requeue", value, deps=frozenset({campaign})))
    if name is not None:
        site.books.requeues.append(name)


def incident(site: Site, chance: random.Random) -> None:
    """A case over some items, or more that is said of one: in place of what is known here, of some of it, or as if nothing were."""
    items = sorted(chance.sample(ITEMS, chance.randrange(1, 4)))
    listed = BlobRef(len(items), site.keep(b"".join(map(bytes.fromhex, items))))
    if chance.random() < 0.4:
        name = site.record(Event("incident", Incident(items=listed, aware_ms=chance.randrange(9), severity=chance.choice(SEVERITIES))))
        if name is not None:
            site.books.incidents.append(name)
        return
    here = of(site, "SELECT hash FROM incident_act WHERE hash = incident")
    which = EntryHash(chance.choice(here if here and chance.random() < 0.8 else site.books.incidents or ["c" * 64]))
    known = of(site, "SELECT hash FROM incident_act WHERE incident = ?", bytes.fromhex(which))
    value = IncidentUpdate(
        incident=which, severity=chance.choice((None, *SEVERITIES)), status=chance.choice((None, None, "open", "fixed", "closed")),
        root_cause=chance.choice((None, "model", "tool")), items=listed if chance.random() < 0.2 else None,
    )  # fmt: skip
    site.record(Event("incident_update", value, deps=frozenset(sorted(some(chance, known, 0.7))[:60])))


def gold(site: Site, chance: random.Random) -> None:
    """A known answer, in place of the others here or beside them."""
    campaign, item = campaign_at(site, chance), chance.choice(ITEMS)
    deps = some(chance, of(site, _GOLD, bytes.fromhex(campaign), bytes.fromhex(item)), 0.6)
    site.record(Event("gold", Gold(campaign=campaign, item=item, verdict=chance.choice(("compliant", "non_compliant", None))), deps=deps))


def ask(site: Site, chance: random.Random) -> None:
    """A campaign."""
    rules = Campaign(
        name=chance.choice("CDE"), query="", seed="s", overlap=chance.randrange(1, 4), assign=chance.choice(("split", "all")),
        own_adjudication=chance.random() < 0.3, blind=chance.random() < 0.5,
    )  # fmt: skip
    name = site.record(Event("campaign", rules))
    if name is not None:
        site.books.campaigns.append(name)


def draw(site: Site, chance: random.Random) -> None:
    """A draw of some items, with other probabilities than the last one."""
    picked = sorted(item for item in ITEMS if chance.random() < 0.6)
    picks = [
        [item, chance.choice(("", "a", "b")), chance.choice(("control", "risk")), chance.choice(("0.25", "0.5", "0.50", "1")), "0.5"]
        for item in picked
    ]
    population = b"".join(map(bytes.fromhex, ITEMS))
    value = Draw(
        campaign_at(site, chance), "", BlobRef(len(ITEMS), site.keep(population)), {"design": "srs"},
        BlobRef(len(picks), site.keep(canonical.encode(picks))),
    )  # fmt: skip
    site.record(Event("draw", value))


def close(site: Site, chance: random.Random) -> None:
    """A campaign closed, on which others may go on."""
    site.record(Event("campaign_close", CampaignClose(campaign_at(site, chance))))


def aside(site: Site, chance: random.Random) -> None:
    """An item put off or handed on."""
    shape: Any = chance.choice((Skip, Escalate))
    site.record(Event("skip" if shape is Skip else "escalate", shape(campaign_at(site, chance), chance.choice(ITEMS))))


def publish(site: Site, chance: random.Random) -> None:
    """A version of a policy."""
    key = chance.choice(("P", "Q"))
    clauses = site.keep(canonical.encode([["1", "One", f"Text {chance.random()}"]]))
    name = site.record(
        Event("policy_publish", PolicyPublish(policy=key, title="Rules", clauses=BlobRef(1, clauses), source=site.keep(b"# Rules")))
    )
    if name is not None:
        site.books.policies.append((key, name))


def activate(site: Site, chance: random.Random) -> None:
    """A version put in force, in place of those known here, of some, or of none."""
    if site.books.policies:
        key, version = chance.choice(site.books.policies)
        deps = some(chance, of(site, _ACTIVE, key), 0.7)
        site.record(Event("policy_activate", PolicyActivate(key, EntryHash(version)), deps=deps))


def suggest(site: Site, chance: random.Random) -> None:
    """What a judge said."""
    rows = pack([Suggested(chance.choice(ITEMS), "compliant", "0.5")])
    site.record(Event("suggestion", Suggestion(judge="judge", rows=BlobRef(1, site.keep(rows)))))


def rename(site: Site, chance: random.Random) -> None:
    """A member named anew: oneself, or somebody else."""
    everybody = sorted(site.books.members)
    member = chance.choice(everybody) if chance.random() < 0.5 else site.workspace.member
    deps = some(chance, of(site, _NAMED, member), 0.6)
    site.record(Event("member_name", MemberNamed(MemberId(member), chance.choice(NAMES)), deps=deps))


def erase(site: Site, chance: random.Random) -> None:
    """An erasure asked for, or said to be done."""
    item = chance.choice(ITEMS)
    events = (Event("erase_request", EraseRequest(item), reason="law"), Event("erase_done", EraseDone(item), reason="law"))
    site.record(chance.choice(events))


def depart(site: Site, chance: random.Random) -> None:
    """A release, an export, or a fork that was seen."""
    campaign = campaign_at(site, chance)
    events = (
        Event("release", Release((campaign,), "jsonl", "majority", {"all": 1}, "a" * 64)),
        Event("export", Export(campaign, "csv", 1, "b" * 64)),
        Event("fork_seen", ForkSeen(site.books.devices[site.device].stream, 3, (campaign,))),
    )
    site.record(chance.choice(events))


def from_later(site: Site, chance: random.Random) -> None:
    """What only a later version writes: a kind, a version of entries, a value that says less or more."""
    luck = chance.random()
    if luck < 0.4:
        site.write_raw("hologram", {"depth": 3, "campaign": campaign_at(site, chance)})
    elif luck < 0.8:
        site.write_raw(chance.choice(("label", "suggestion", "enrol", "draw")), {"rays": [1, 2]}, version=2)
    else:
        site.write_raw(chance.choice(("label", "retract", "enrol", "revoke", "campaign", "draw")), {"campaign": "none", "item": 3})


def enrol_of(device: Device, *, role: Role | None = None, member: MemberId | None = None, stream: StreamId | None = None) -> Event:
    """The admission of a device."""
    keys_of = (device.key.device, device.key.sign_hex, device.key.seal_hex, stream or device.stream)
    return Event("enrol", Enrol(member or device.member, device.name, role or device.role, *keys_of))


def enrol(site: Site, chance: random.Random) -> None:
    """A new member, a further device of one, or a device that is known once more: in another role, or for somebody else."""
    luck = chance.random()
    devices = sorted(site.books.devices)
    if luck < 0.4 and len(devices) < 16:
        made = site.books.new_device(
            chance.choice(NAMES), chance.choice(ROLES), None if luck < 0.3 else MemberId(chance.choice(sorted(site.books.members)))
        )
        site.books.members.setdefault(made.member, made.name)
        site.record(enrol_of(made))
        return
    again = site.books.devices[chance.choice(devices)]
    other = MemberId(chance.choice(sorted(site.books.members))) if luck > 0.85 else None
    wrong = site.books.devices[chance.choice(devices)].stream if chance.random() < 0.15 else None  # perhaps another device's
    site.record(enrol_of(again, role=chance.choice(ROLES), member=other, stream=wrong))


def revoke(site: Site, chance: random.Random) -> None:
    """A device revoked from somewhere in its streams on; of a forked one, from one branch or both; or altogether."""
    device = chance.choice([name for name in sorted(site.books.devices) if name != site.device] or [site.device])
    ends = site.rows("SELECT stream, seq, hash FROM entry WHERE json_extract(body, '$.device') = ? ORDER BY seq DESC, hash LIMIT 6", device)
    points = tuple(Point(stream.hex(), seq, EntryHash(name.hex())) for stream, seq, name in ends if chance.random() < 0.5)
    site.record(Event("revoke", Revoke(DeviceId(device), points[:2]), reason="lost"))


ACTS: tuple[tuple[Callable[[Site, random.Random], None], int], ...] = (
    (label, 36), (retract, 8), (resolve, 9), (requeue, 6), (gold, 4), (ask, 3), (draw, 9), (close, 1), (aside, 4), (publish, 2),
    (activate, 4), (suggest, 2), (rename, 3), (erase, 2), (depart, 2), (from_later, 4), (enrol, 3), (revoke, 1),
    (incident, 6),
)  # fmt: skip
# What each role does of its own accord; now and then anybody tries anything.
_LEADS = (ask, draw, close, publish, activate, enrol, revoke)
_RULES = (resolve, requeue, gold, suggest, incident)


def act(site: Site, chance: random.Random, role: str, often: frozenset[str] = frozenset()) -> str:
    """One act. often: what people do ten times as much as they would. Returns its name."""
    may = [
        (one, weight * (10 if one.__name__ in often else 1))
        for one, weight in ACTS
        if chance.random() < 0.08 or role == "lead" or (one not in _LEADS and (role == "adjudicator" or one not in _RULES))
    ]
    chosen = chance.choices([one for one, _ in may], [weight for _, weight in may])[0]
    chosen(site, chance)
    return chosen.__name__
