"""The simulation without disks, keys or deliveries: people write entries, meet and fall back, and the fold is asked what it all means.

So a million steps take minutes. A world is small and there are many; a seed decides each.
"""

import copy
import random
from typing import Any

from reviewer.domain import fold
from reviewer.domain.chain import Entry, EntryHash, MemberId
from reviewer.domain.events import (
    RULINGS,
    VERDICTS,
    BlobRef,
    Campaign,
    CampaignClose,
    Clause,
    Draw,
    Enrol,
    Genesis,
    Gold,
    Incident,
    IncidentUpdate,
    Label,
    MemberNamed,
    Point,
    PolicyActivate,
    Resolve,
    Retract,
    Revoke,
    Shown,
    Skip,
)
from reviewer.domain.items import ItemId
from tests.domain.test_fold import Person
from tests.faults import oracle

STEPS = 500  # in a world
ITEMS = [ItemId(f"{number:064x}") for number in range(4)]
_ROLES: Any = ("reviewer", "reviewer", "adjudicator", "lead", "observer")
_KINDS = {
    "label": 36, "retract": 8, "resolve": 8, "gold": 3, "campaign": 1, "campaign_close": 1, "draw": 1, "skip": 1, "policy_activate": 3,
    "member_name": 3, "enrol": 3, "revoke": 1, "incident": 1, "incident_update": 4, "hologram": 1, "unfit": 1,
}  # fmt: skip


class World:
    """Some people, what each has seen, and everything that was written."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        ada = Person("Ada", 1)
        genesis = ada.writes("genesis", Genesis("P", ada.member, "Ada", ada.device, ada.sign_key, "a" * 64, "n"), project=None)
        self.project = genesis.hash
        self.people = [ada]
        self.seen: list[dict[str, Entry]] = [{genesis.hash: genesis}]
        self.entries = {genesis.hash: genesis}
        for number in range(2, 6):
            self.people.append(Person(f"P{number}", number))
            self.seen.append({})
            self._enrol(0, self.people[-1], _ROLES[number - 1])
        self._write(0, "campaign", Campaign(name="C", query="", seed="s"))

    def step(self) -> None:
        """Somebody writes, two meet, or somebody falls back to an earlier place in their stream."""
        luck, who = self.chance.random(), self.chance.randrange(len(self.people))
        if luck < 0.8:
            self._act(who)
        elif luck < 0.98:
            other = self.chance.randrange(len(self.people))
            shown = list(self.seen[who].items())
            self.seen[other].update(self.chance.sample(shown, self.chance.randrange(len(shown) + 1)))
        else:
            self._fall_back(who)

    def _fall_back(self, who: int) -> None:
        own = [entry for entry in self.entries.values() if entry.body.device == self.people[who].device]
        if own:
            person, at = copy.copy(self.people[who]), self.chance.choice(own)
            person.seq, person.head = at.body.seq, at.hash
            self.people[who] = person

    def _write(self, who: int, kind: str, value: Any, *deps: str) -> None:
        reason = "because" if kind in ("retract", "resolve", "revoke") else None
        entry = self.people[who].writes(kind, value, project=self.project, deps=tuple(dict.fromkeys(deps))[:60], reason=reason)
        self.entries[entry.hash] = self.seen[who][entry.hash] = entry

    def _enrol(self, by: int, person: Person, role: Any, member: MemberId | None = None) -> None:
        stream = self.chance.choice(self.people).stream if self.chance.random() < 0.1 else person.stream  # perhaps another device's
        value = Enrol(member or person.member, person.name, role, person.device, person.sign_key, "a" * 64, stream)
        self._write(by, "enrol", value)

    def _of(self, who: int, *kinds: str) -> list[Entry]:
        """Entries of some kinds that somebody has seen; now and then all that there are."""
        known = self.entries if self.chance.random() < 0.1 else self.seen[who]
        return [entry for entry in known.values() if entry.body.kind in kinds]

    def _some(self, found: list[Entry], share: float = 0.7) -> list[EntryHash]:
        return [entry.hash for entry in found if self.chance.random() < share]

    def _act(self, who: int) -> None:
        kind = self.chance.choices(list(_KINDS), list(_KINDS.values()))[0]
        campaigns = self._of(who, "campaign")
        campaign = self.chance.choice(campaigns).hash if campaigns else EntryHash("c" * 64)
        item = self.chance.choice(ITEMS)
        if kind in ("label", "retract", "resolve", "gold", "campaign_close", "draw", "skip"):
            self._answer(who, kind, campaign, item)
        elif kind == "campaign":
            self._write(who, kind, Campaign(name="C", query="", seed="s", own_adjudication=self.chance.random() < 0.5))
        elif kind == "policy_activate":
            value = PolicyActivate(self.chance.choice("PQ"), EntryHash(self.chance.choice("ab") * 64))
            self._write(who, kind, value, *self._some(self._of(who, kind)))
        elif kind == "member_name":
            value_of: Any = MemberNamed(self.chance.choice(self.people).member, self.chance.choice("XYZ"))
            self._write(who, kind, value_of, *self._some(self._of(who, kind)))
        elif kind == "enrol":
            person, other = self.chance.choice(self.people), self.chance.choice(self.people)
            self._enrol(who, person, self.chance.choice(_ROLES), other.member if self.chance.random() < 0.2 else None)
        elif kind == "revoke":
            self._revoke(who)
        elif kind == "incident":
            self._write(who, kind, Incident(items=BlobRef(1, "a" * 64), aware_ms=self.chance.randrange(3)))
        elif kind == "incident_update":
            self._update(who)
        else:
            self._write(who, "label" if kind == "unfit" else kind, {"campaign": campaign})

    def _answer(self, who: int, kind: str, campaign: EntryHash, item: ItemId) -> None:
        on_it = [entry for entry in self._of(who, "label") if entry.body.value.get("item") == item]
        own = [entry for entry in on_it if entry.body.actor == self.people[who].member or self.chance.random() < 0.05]
        verdict: Any = self.chance.choice(VERDICTS)
        if kind == "label":
            value: Any = Label(
                campaign=campaign, item=item, showing=1 + (self.chance.random() < 0.1), clauses=(), spans=(), omissions=(), steps={},
                blind=True, shown=Shown("bare"), verdict=verdict,
            )  # fmt: skip
            self._write(who, kind, value, *(self._some(own, 0.9) if self.chance.random() < 0.8 else ()))
        elif kind == "retract":
            self._write(who, kind, Retract(campaign, item), *self._some(own[-2:]))
        elif kind == "resolve":
            cited = tuple(Clause("P", "1", self.chance.choice("12"), self.chance.choice("ab")) for _ in range(self.chance.randrange(4)))
            value = Resolve(campaign, item, self.chance.choice(RULINGS), cited)
            self._write(who, kind, value, *self._some(on_it + self._of(who, kind)))
        elif kind == "gold":
            self._write(who, kind, Gold(campaign=campaign, item=item, verdict=None), *self._some(self._of(who, kind)))
        elif kind == "draw":
            self._write(who, kind, Draw(campaign, "", BlobRef(1, "a" * 64), {"design": "srs"}, BlobRef(1, "b" * 64)))
        else:
            self._write(who, kind, CampaignClose(campaign) if kind == "campaign_close" else Skip(campaign, item))

    def _update(self, who: int) -> None:
        cases = self._of(who, "incident")
        incident = self.chance.choice(cases).hash if cases else EntryHash("c" * 64)
        value = IncidentUpdate(
            incident=incident, severity=self.chance.choice((None, "minor", "major")), status=self.chance.choice((None, "open", "closed"))
        )
        self._write(who, "incident_update", value, *self._some(self._of(who, "incident", "incident_update")))

    def _revoke(self, who: int) -> None:
        person = self.chance.choice(self.people)
        own = [entry for entry in self.entries.values() if entry.body.device == person.device]
        ends = self.chance.sample(own, min(len(own), self.chance.randrange(3)))
        points = tuple(Point(entry.body.stream, entry.body.seq, entry.hash) for entry in ends)
        self._write(who, "revoke", Revoke(person.device, points))

    def judge(self) -> None:
        """Any order, batch and repeat makes one state, and it is the one that the rules ask for. Raises AssertionError."""
        for part in (list(self.entries.values()), list(self.chance.choice(self.seen).values())):
            if self.project not in {entry.hash for entry in part}:
                continue
            state = fold.fold(part, project=self.project)
            again = part + self.chance.sample(part, len(part) // 3)
            self.chance.shuffle(again)
            assert fold.fold(again, project=self.project) == state, "another order is another state"
            wrong = list(oracle.wrongs(part, state))
            assert not wrong, wrong[:3]


def run(seed: int, worlds: int) -> None:
    """So many worlds of STEPS steps each, from a seed on. A failure names the world's own seed."""
    for number in range(worlds):
        world = World(seed * 1_000_003 + number)
        try:
            for _ in range(STEPS):
                world.step()
            world.judge()
        except Exception as error:
            error.add_note(f"REVIEWER_FAULT_SEED={seed}: world {number} of tests.faults.bare")
            raise
