"""Opening, changing and closing incidents: what is written, what is refused, what anybody then reads."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.incident_words import NO_RATE
from reviewer.domain.items import ItemId
from reviewer.domain.members import NotAllowed
from reviewer.domain.oversight import Table
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, conflicts, erasing, incident_records, incidents, members, reporting, verifying
from reviewer.operations.incidents import IncidentView
from reviewer.storage import erasing as erased_rows
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


class Scene(NamedTuple):
    """Ada leads; C has labels on all of its items; `fresh` items came in later."""

    workspace: Workspace
    items: list[ItemId]
    fresh: list[ItemId]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    workspace = worlds.ready(tmp_path / "w", items=6)
    items = worlds.waiting(workspace)
    for number, item in enumerate(items):
        worlds.label(workspace, item, "non_compliant" if number < 2 else "compliant")
    fresh = worlds.put_in(
        workspace, [msgspec.structs.replace(worlds.run_of(100 + n), agent="mended") for n in range(8)], file="after.jsonl"
    )
    yield Scene(workspace, items, fresh)
    workspace.close()


def opened(scene: Scene, **more: str) -> str:
    """An incident over the first three items."""
    done = incidents.open_incident(scene.workspace, SILENT, title="Refunds twice", items=[one[:8] for one in scene.items[:3]], **more)
    return done.value.incident


def shown(workspace: Workspace, incident: str) -> IncidentView:
    return incidents.show_incident(workspace, SILENT, incident=incident).value


def sample_after(scene: Scene) -> None:
    """A campaign over what came in since, whose items are labelled: one of eight breaks the policy."""
    campaigns.create_campaign(scene.workspace, SILENT, rules=Campaign(name="After", query="agent:mended", seed="s"))
    for number, item in enumerate(worlds.waiting(scene.workspace, campaign="After")):
        worlds.label(scene.workspace, item, "compliant" if number else "non_compliant", campaign="After")


def test_an_incident_says_what_it_is_about_and_what_was_said_of_that(scene: Scene) -> None:
    incident = opened(scene, severity="Major", owner="Ada", deadline="serious", aware="2026-09-01T08:00:00+02:00", summary="It pays twice.")
    view = shown(scene.workspace, incident[:8])
    line = view.line
    assert (line.title, line.status, line.severity, line.owner, line.items_n) == ("Refunds twice", "open", "major", "Ada", 3)
    assert (line.aware, line.due) == ("2026-09-01T06:00:00.000Z", "2026-09-16T06:00:00.000Z")
    assert (view.summary, set(view.items), view.non_compliant, view.compliant) == ("It pays twice.", set(scene.items[:3]), 2, 1)
    assert dict(view.models) == {"model-a": 3}
    assert sum(n for _, n in view.agents) == 3
    assert [one.what for one in view.history] == ["Opened over 3 items", "What happens"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"severity": "awful"}, "no severity"),
        ({"root_cause": "luck"}, "no root cause"),
        ({"status": "closed"}, "Closing says"),
        ({"colour": "red"}, "no “colour”"),
        ({"aware": "yesterday"}, "not a time"),
        ({"aware": "2099-01-01"}, "still to come"),
        ({"title": " "}, "title"),
        ({"note": " "}, "empty"),
        ({"owner": "Zoe"}, "no member"),
        ({"sample": "Nowhere"}, "no campaign"),
    ],
)
def test_what_a_field_does_not_take_is_refused_and_nothing_is_written(scene: Scene, fields: dict[str, str], said: str) -> None:
    incident = opened(scene)
    with pytest.raises((Refused, NotFound), match=said):
        incidents.set_incident(scene.workspace, SILENT, incident=incident, fields={"severity": "major", **fields})
    assert len(shown(scene.workspace, incident).history) == 1


def test_several_fields_are_set_at_once_and_what_is_so_already_is_not_written(scene: Scene) -> None:
    incident = opened(scene)
    fields = {
        "severity": "critical",
        "root_cause": "policy ambiguous",
        "owner": "Ada",
        "status": "fixed",
        "fix": "Asks first.",
        "note": "Told.",
    }
    done = incidents.set_incident(scene.workspace, SILENT, incident=incident, fields=fields, items=[scene.items[4], scene.items[0]]).value
    assert len(done.entries) == 4  # two texts, the fields, the item that was not in it yet
    view = shown(scene.workspace, incident)
    assert (view.line.severity, view.line.root_cause, view.line.status) == ("critical", "policy_ambiguous", "fixed")
    assert (view.fix, view.line.items_n, view.history[2].note) == ("Asks first.", 4, "Told.")
    again = incidents.set_incident(scene.workspace, SILENT, incident=incident, fields={"severity": "critical"}, items=[scene.items[4]])
    assert again.value.entries == ()


def test_closing_cites_a_rate_of_what_was_drawn_since(scene: Scene) -> None:
    incident = opened(scene)
    with pytest.raises(Refused, match="drawn before the incident"):
        incidents.close_incident(scene.workspace, SILENT, incident=incident, campaign="C")
    campaigns.create_campaign(scene.workspace, SILENT, rules=Campaign(name="Unread", query="agent:mended", seed="s"))
    with pytest.raises(Refused, match="has no rate"):
        incidents.close_incident(scene.workspace, SILENT, incident=incident, campaign="Unread")
    sample_after(scene)
    incidents.set_incident(scene.workspace, SILENT, incident=incident, fields={"sample": "After"})
    sample = shown(scene.workspace, incident).sample
    assert sample is not None
    assert (sample.campaign, sample.n, sample.estimate, sample.needed) == ("After", 8, 0.125, None)
    incidents.close_incident(scene.workspace, SILENT, incident=incident)
    line = shown(scene.workspace, incident).line
    assert line.closing is not None
    assert (line.status, line.closing.campaign, line.closing.estimate, line.closing.n) == ("closed", "After", 0.125, 8)
    assert "12.5%" in shown(scene.workspace, incident).history[-1].what
    assert "8 answered items of 8 in After (exact)" in incidents.told(line.closing)  # none is open, so nothing is said of such
    with pytest.raises(Refused, match="closed already"):
        incidents.close_incident(scene.workspace, SILENT, incident=incident)


def test_closing_without_a_rate_takes_a_reason_and_says_that_nothing_shows_the_fix_to_hold(scene: Scene) -> None:
    incident = opened(scene)
    with pytest.raises(Refused, match="Nothing shows"):
        incidents.close_incident(scene.workspace, SILENT, incident=incident, reason="  ")
    incidents.close_incident(scene.workspace, SILENT, incident=incident, reason="The agent was withdrawn.")
    last = shown(scene.workspace, incident).history[-1]
    assert NO_RATE in last.what
    assert last.note == "The agent was withdrawn."
    incidents.set_incident(scene.workspace, SILENT, incident=incident, fields={"status": "open"})
    assert shown(scene.workspace, incident).line.status == "open"


def test_open_ones_come_first_and_those_due_soonest_before_the_others(scene: Scene) -> None:
    never, late, soon, shut = (opened(scene, deadline=one) for one in ("none", "serious", "widespread", "death"))
    incidents.close_incident(scene.workspace, SILENT, incident=shut, reason="Done.")
    found = incidents.list_incidents(scene.workspace, SILENT).value
    assert [one.id for one in found] == [soon, late, never, shut]


def test_only_leads_open_and_close_and_adjudicators_may_say_more(scene: Scene) -> None:
    incident = opened(scene)
    members.add_members(scene.workspace, SILENT, names=["Judy"], role="adjudicator")
    members.add_members(scene.workspace, SILENT, names=["Rob"])
    judy, rob = scene.workspace.as_member("Judy"), scene.workspace.as_member("Rob")
    incidents.set_incident(judy, SILENT, incident=incident, fields={"note": "Seen."})
    acts: tuple[Callable[[], object], ...] = (
        lambda: incidents.open_incident(judy, SILENT, title="T", items=scene.items[:1]),
        lambda: incidents.set_incident(judy, SILENT, incident=incident, fields={"status": "fixed"}),
        lambda: incidents.close_incident(judy, SILENT, incident=incident, reason="Done."),
        lambda: incidents.set_incident(rob, SILENT, incident=incident, fields={"note": "Me too."}),
    )
    for refused in acts:
        with pytest.raises(NotAllowed):
            refused()
    assert [one.by for one in shown(rob, incident).history] == ["Ada", "Judy"]
    judy.close()
    rob.close()


def test_nobody_is_led_by_an_incident_to_an_item_that_they_are_to_judge_blind(scene: Scene) -> None:
    members.add_members(scene.workspace, SILENT, names=["Rob"])
    campaigns.create_campaign(scene.workspace, SILENT, rules=Campaign(name="Again", query="", seed="s", overlap=2, assign="all"))
    view = shown(scene.workspace, opened(scene))
    assert (view.hidden, view.non_compliant, view.compliant, view.models) == (3, 0, 0, ())
    assert len(view.items) == 3  # who opened it named them
    fields = {"summary": "All three are wrong.", "note": "So they are."}
    incidents.set_incident(scene.workspace, SILENT, incident=view.line.id, fields=fields)
    rob = scene.workspace.as_member("Rob")
    his = shown(rob, view.line.id)
    assert (his.items, his.summary, his.withheld, {one.note for one in his.history}) == ((), "", True, {None})
    rob.close()


def test_what_an_incident_is_about_is_said_in_one_way(scene: Scene) -> None:
    for wrong in ({}, {"items": scene.items[:1], "query": "agent:shop"}, {"query": "agent:nobody"}):
        with pytest.raises(Refused):
            incidents.open_incident(scene.workspace, SILENT, title="T", **wrong)
    with pytest.raises(NotFound, match="no cluster"):
        incidents.open_incident(scene.workspace, SILENT, title="T", cluster="777777")
    found = incidents.open_incident(scene.workspace, SILENT, title="T", query="agent:mended").value.incident
    assert set(shown(scene.workspace, found).items) == set(scene.fresh)


def test_two_leads_who_change_it_at_once_are_both_shown_on_both_machines_until_one_settles_it(scene: Scene, tmp_path: Path) -> None:
    incident = opened(scene, severity="minor")
    members.add_members(scene.workspace, SILENT, names=["Ben"], role="lead")
    other = replicas.replica(tmp_path / "other", scene.workspace, "Ben")
    incidents.set_incident(scene.workspace, SILENT, incident=incident, fields={"severity": "major", "title": "Ada's"})
    incidents.set_incident(other, SILENT, incident=incident, fields={"severity": "critical", "title": "Ben's"})
    both = {"Ada", "Ben"}
    for source, target in ((scene.workspace, other), (other, scene.workspace)):
        replicas.carry(source, target)
    for workspace in (scene.workspace, other):
        view = shown(workspace, incident)
        assert view.line.severity == "critical"
        assert set(view.line.title.split(" / ")) == {"Ada's", "Ben's"}
        assert [(one.field, {by for _, by in one.values}) for one in view.conflicts] == [("title", both), ("severity", both)]
        (standoff,) = conflicts.list_conflicts(workspace, SILENT).value.conflicts
        assert (standoff.kind, standoff.incident, standoff.action, len(standoff.sides)) == ("incident", incident, "set_incident", 4)
    assert replicas.digest(scene.workspace) == replicas.digest(other)
    incidents.set_incident(other, SILENT, incident=incident, fields={"severity": "critical", "title": "Both's"})
    replicas.carry(other, scene.workspace)
    assert shown(scene.workspace, incident).conflicts == ()
    assert replicas.digest(scene.workspace) == replicas.digest(other)
    assert verifying.verify(scene.workspace, SILENT, rebuild=True).value.ok
    other.close()


def test_erasing_an_item_takes_the_words_on_its_incident_and_not_those_that_are_written_after(scene: Scene) -> None:
    incident = opened(scene, summary="Order 1 was paid twice.")
    erasing.request_erasure(scene.workspace, SILENT, item=scene.items[0], reason="asked")
    erasing.erase_item(scene.workspace, SILENT, item=scene.items[0])
    view = shown(scene.workspace, incident)
    assert (view.summary, view.line.title) == ("", f"Incident without a title {incident[:6]}")
    incidents.set_incident(scene.workspace, SILENT, incident=incident, fields={"title": "Paid twice"})
    with scene.workspace.begin() as work:
        assert erased_rows.sweep(work) == 0
    assert shown(scene.workspace, incident).line.title == "Paid twice"
    assert verifying.verify(scene.workspace, SILENT).value.ok


# --- records


def test_a_record_is_a_pdf_a_page_or_json_and_says_the_same(scene: Scene, tmp_path: Path) -> None:
    incident = opened(scene, deadline="serious", summary="<b>It</b> pays twice.")
    incidents.close_incident(scene.workspace, SILENT, incident=incident, reason="The agent was withdrawn.")
    written = {
        ending: incident_records.write_incident(scene.workspace, SILENT, incident=incident, path=tmp_path / f"i{ending}").value
        for ending in incident_records.SUFFIXES
    }
    document = json.loads((tmp_path / "i.json").read_text())
    assert document["incident"] == json.loads(json.dumps(incidents.as_json(shown(scene.workspace, incident))))
    assert document["state_digest"] == replicas.digest(scene.workspace)
    page = (tmp_path / "i.html").read_text()
    assert "&lt;b&gt;It&lt;/b&gt; pays twice." in page
    assert NO_RATE in page
    assert (tmp_path / "i.pdf").read_bytes().startswith(b"%PDF")
    assert written[".pdf"].pages
    with pytest.raises(Refused, match="does not end in"):
        incident_records.write_incident(scene.workspace, SILENT, incident=incident, path=tmp_path / "i.docx")


def test_the_oversight_record_of_a_campaign_lists_the_incidents_about_what_it_drew(scene: Scene) -> None:
    about, elsewhere = opened(scene), incidents.open_incident(scene.workspace, SILENT, title="Other", items=scene.fresh[:1]).value.incident
    record = reporting.oversight_record(scene.workspace, SILENT, campaign="C").value
    (section,) = [one for one in record.sections if one.title == "Incidents"]
    (table,) = [one for one in section.blocks if isinstance(one, Table)]
    assert [row[0] for row in table.rows] == [about[:12]]
    assert elsewhere[:12] not in str(section)
