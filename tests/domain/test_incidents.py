"""What stands of an incident, whoever said what in whatever order, and when its report is due."""

import random
from itertools import permutations

import msgspec
import pytest

from reviewer.domain import fold, incidents
from reviewer.domain.chain import EntryHash, NoteRef
from reviewer.domain.errors import Refused
from reviewer.domain.events import BlobRef, Closing, Incident, IncidentUpdate
from reviewer.domain.incidents import Case, Held
from reviewer.domain.state import IncidentFact
from tests.domain.test_fold import Person, World

ITEMS = BlobRef(2, "d" * 64)
NOTE = NoteRef("a" * 64, "b" * 64)
DAY_MS = 86_400_000
AWARE = 1_790_000_000_000
RATE = Closing(campaign=EntryHash("c" * 64), n=60, population=400, estimate="0.02", low="0", high="0.06", confidence="0.95", method="exact")


def case(**held: str | tuple[str, ...]) -> Case:
    """An incident of which one entry a value says what is held."""
    every = {"status": "open", "deadline": "none", "aware": str(AWARE), **held}
    found: dict[str, tuple[Held, ...]] = {}
    for field, values in every.items():
        some = (values,) if isinstance(values, str) else values
        found[field] = tuple(Held(EntryHash(f"{n:064x}"), value) for n, value in enumerate(some, 1))
    return Case(EntryHash("f" * 64), found)


def opened(world: World, who: Person | None = None) -> EntryHash:
    """An incident that a lead opened."""
    return world.write(who or world.ada, "incident", Incident(items=ITEMS, aware_ms=AWARE, severity="minor"))


def held(world: World, incident: EntryHash, field: str) -> dict[str, bool]:
    """What was said of a field, and whether it is in force."""
    facts = [one for one in world.state.incidents if one.incident == incident]
    return {value: holds for fact in facts for name, value, holds in fact.said if name == field}


@pytest.mark.parametrize(("deadline", "days"), [("serious", 15), ("death", 10), ("widespread", 2)])
def test_a_report_is_due_as_many_days_after_first_awareness_as_article_73_says(deadline: str, days: int) -> None:
    assert case(deadline=deadline).due_ms == AWARE + days * DAY_MS


def test_without_a_deadline_nothing_is_due() -> None:
    assert case().due_ms is None


def test_of_what_two_people_said_at_once_the_more_careful_holds_and_both_are_named() -> None:
    found = case(
        status=("open", "closed"), severity=("critical", "minor"), deadline=("none", "serious", "widespread"),
        aware=(str(AWARE), str(AWARE - DAY_MS)), owner=("1" * 32, "2" * 32),
    )  # fmt: skip
    assert (found.status, found.severity, found.deadline, found.one("owner")) == ("open", "critical", "widespread", None)
    assert found.due_ms == AWARE + DAY_MS
    assert found.conflicts == ("severity", "owner", "status", "deadline", "aware")


def test_two_who_say_the_same_are_no_conflict() -> None:
    found = case(severity=("major", "major"))
    assert (found.severity, found.conflicts) == ("major", ())


def test_an_update_names_all_that_is_in_force_of_the_fields_it_says_and_of_no_other() -> None:
    found = case(severity=("minor", "major"), owner=("1" * 32, "2" * 32, "3" * 32))
    event = incidents.update(found, IncidentUpdate(incident=found.hash, severity="critical"))
    assert event.deps == {found.hash, EntryHash(f"{1:064x}"), EntryHash(f"{2:064x}")}


def test_more_changes_beside_each_other_than_one_act_can_name_are_refused() -> None:
    found = case(owner=tuple(f"{n:032x}" for n in range(64)))
    with pytest.raises(Refused, match="65 changes"):
        incidents.update(found, IncidentUpdate(incident=found.hash, owner="9" * 32))  # type: ignore[arg-type] # a member's id


def test_closing_needs_a_rate_or_a_reason() -> None:
    with pytest.raises(Refused, match="Nothing shows that the fix holds"):
        incidents.close(case(), closing=None, why=None)
    with_rate, with_reason = incidents.close(case(), closing=RATE, why=None).value, incidents.close(case(), closing=None, why=NOTE).value
    assert isinstance(with_rate, IncidentUpdate)
    assert isinstance(with_reason, IncidentUpdate)
    assert (with_rate.status, with_rate.closing, with_rate.sample) == ("closed", RATE, RATE.campaign)
    assert (with_reason.status, with_reason.closing, with_reason.says) == ("closed", None, "note")


def test_a_closed_incident_is_not_closed_again() -> None:
    with pytest.raises(Refused, match="closed already"):
        incidents.close(case(status="closed"), closing=RATE, why=None)


@pytest.mark.parametrize(
    ("items", "aware", "said"), [(BlobRef(0, "d" * 64), AWARE, "needs an item"), (ITEMS, AWARE + 2 * DAY_MS, "still to come")]
)
def test_an_incident_is_about_something_that_somebody_knows_of(items: BlobRef, aware: int, said: str) -> None:
    with pytest.raises(Refused, match=said):
        incidents.open_case(items, NOTE, aware_ms=aware, now_ms=AWARE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"aware_ms": 2**53 - 1},
        {"aware_ms": -1},
        {"status": "gone"},
        {"closing": {**msgspec.to_builtins(RATE), "estimate": "much"}},
        {"closing": {**msgspec.to_builtins(RATE), "high": "1e400"}},
    ],
)
def test_what_could_not_be_shown_does_not_count(wrong: dict[str, object]) -> None:
    world = World()
    incident = opened(world)
    name = world.write(world.ada, "incident_update", {"incident": incident, **wrong}, incident)
    assert "does not fit its kind" in world.why_not(name)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 201])
def test_a_title_is_one_line_that_says_something(text: str) -> None:
    with pytest.raises(Refused, match="title"):
        incidents.checked_title(text)
    assert incidents.checked_title(" Refunds \n twice ") == "Refunds twice"


def test_a_choice_is_taken_as_people_write_it_and_nothing_else_is() -> None:
    assert incidents.choice("root_cause", " Policy-Outdated ", incidents.CAUSES) == "policy_outdated"
    with pytest.raises(Refused, match="no root cause"):
        incidents.choice("root_cause", "bad luck", incidents.CAUSES)


def test_the_state_holds_no_word_of_a_text() -> None:
    act = incidents.act_of(EntryHash("e" * 64), Incident(items=ITEMS, aware_ms=AWARE), NOTE)
    assert dict(act.said)["title"] == NOTE.c


# --- folded


def test_an_update_takes_the_place_of_what_it_names_and_a_later_one_of_it() -> None:
    world = World()
    incident = opened(world)
    first = world.write(world.ada, "incident_update", IncidentUpdate(incident=incident, severity="major", owner=world.ada.member), incident)
    assert held(world, incident, "severity") == {"minor": False, "major": True}
    world.write(world.ada, "incident_update", IncidentUpdate(incident=incident, owner="9" * 32), first)  # type: ignore[arg-type] # an id
    assert held(world, incident, "owner") == {world.ada.member: False, "9" * 32: True}
    assert held(world, incident, "severity") == {"minor": False, "major": True}  # it did not speak of that
    assert world.state.conflicts == ()


def test_two_who_change_a_field_at_once_are_both_shown_until_one_names_both() -> None:
    world = World()
    ben = world.admit("Ben", 2, "lead")
    incident = opened(world)
    sides = [
        world.write(who, "incident_update", IncidentUpdate(incident=incident, severity=severity), incident)  # type: ignore[arg-type] # cases
        for who, severity in ((world.ada, "major"), (ben, "critical"))
    ]
    (conflict,) = world.state.conflicts
    assert (conflict.kind, conflict.subject, set(conflict.sides)) == ("incident", incident, set(sides))
    last = world.write(ben, "incident_update", IncidentUpdate(incident=incident, severity="major"), *sides)
    state = world.state
    assert state.conflicts == ()
    assert [one.hash for one in state.incidents for field, _, holds in one.said if field == "severity" and holds] == [last]


def test_an_update_of_another_incident_takes_the_place_of_nothing() -> None:
    world = World()
    one, other = opened(world), opened(world)
    world.write(world.ada, "incident_update", IncidentUpdate(incident=other, severity="major"), one)
    assert held(world, one, "severity") == {"minor": True}


@pytest.mark.parametrize(
    ("role", "value", "counts"),
    [
        ("lead", {"status": "closed"}, True),
        ("adjudicator", {"severity": "major"}, True),
        ("adjudicator", {"status": "closed"}, False),
        ("reviewer", {"severity": "major"}, False),
        ("observer", {"severity": "major"}, False),
    ],
)
def test_leads_say_how_it_stands_and_adjudicators_the_rest(role: str, value: dict[str, str], counts: bool) -> None:
    world = World()
    ben = world.admit("Ben", 2, role)  # type: ignore[arg-type] # the cases name roles
    incident = opened(world)
    name = world.write(ben, "incident_update", {"incident": incident, **value}, incident)
    assert (name in {one.hash for one in world.state.incidents}) is counts


def test_only_a_lead_opens_one() -> None:
    world = World()
    name = opened(world, world.admit("Ben", 2, "adjudicator"))
    assert world.state.incidents == ()
    assert name in dict(world.state.not_counted)


def test_what_is_said_of_an_incident_that_is_not_here_counts_once_it_is() -> None:
    world = World()
    incident = opened(world)
    name = world.write(world.ada, "incident_update", IncidentUpdate(incident=incident, severity="major"), incident)
    without = [entry for entry in world.entries if entry.hash != incident]
    assert dict(fold.fold(without).not_counted)[name] == fold.NO_INCIDENT
    assert {one.hash for one in world.state.incidents} == {incident, name}


def test_any_order_makes_one_state() -> None:
    world = World()
    ben = world.admit("Ben", 2, "lead")
    incident = opened(world)
    changes = [
        world.write(who, "incident_update", IncidentUpdate(incident=incident, root_cause=cause), incident)  # type: ignore[arg-type] # cases
        for who, cause in ((world.ada, "model"), (ben, "tool"))
    ]
    world.write(ben, "incident_update", IncidentUpdate(incident=incident, items=BlobRef(1, "e" * 64), status="closed"), *changes)
    state, chance = world.state, random.Random(3)
    assert isinstance(state.incidents[0], IncidentFact)
    for order in chance.sample(list(permutations(world.entries)), 60):
        assert fold.fold(order) == state
    assert fold.fold(world.entries[:-1]).digest != state.digest
