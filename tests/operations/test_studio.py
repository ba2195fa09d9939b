"""Mistral Studio as a source, through the real SDK: what comes in, what goes back, and what is said where it is not open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.judges import NoAnswer
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, judging, members, studio, studio_answers
from reviewer.operations.studio import Asked
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Workspace
from tests import mistral, worlds
from tests.mistral import Service
from tests.mistral_studio import Studio, refused, terms
from tests.mistral_studio import held as held
from tests.mistral_studio import service as service

RECORDS = Asked(data_set="refunds")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Ada's, with the switch on and a key."""
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    made = worlds.make(tmp_path / "w")
    judging.turn_judge(made, SILENT, on=True)
    yield made
    made.close()


def labelled(workspace: Workspace) -> None:
    """The records, and the first three of the queue labelled: the first breaks the policy."""
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    for place, item in enumerate(worlds.waiting(workspace, limit=3)):
        worlds.label(workspace, item, "compliant" if place else "non_compliant", rationale="A secret reason.")


def exports(workspace: Workspace) -> int:
    with workspace.read() as reading:
        (count,) = reading.row("SELECT count(*) FROM entry WHERE kind = 'export'") or (0,)
        return int(count)


def test_records_of_a_data_set_come_in_once(workspace: Workspace, held: Studio, service: Service) -> None:
    (listed,) = studio.list_data_sets(workspace, SILENT, terms=terms(service.address)).value
    assert (listed.slug, listed.name) == ("refunds", "Refunds")
    done = studio.pull(workspace, SILENT, asked=RECORDS, terms=terms(service.address)).value
    assert done.report is not None
    assert (done.fetched, done.report.added, done.report.rejected) == (60, 60, 0)
    with workspace.read() as reading:
        named = item_rows.named_by(reading, "mistral-record")
        item = item_rows.get(reading, next(iter(named))).item
        origin = item_rows.origin(reading, next(iter(named)))
    assert set(named.values()) == set(held.records)
    assert (item.model, [one.role for one in item.messages]) == ("mistral-small", ["user", "assistant"])
    assert origin is not None
    assert origin.file == "Mistral Studio, data set refunds"
    assert '"topic":"refund"' in origin.metadata
    again = studio.pull(workspace, SILENT, asked=RECORDS._replace(limit=7), terms=terms(service.address)).value
    assert again.report is not None
    assert (again.fetched, again.report.added, again.report.known) == (7, 0, 7)


def test_a_trace_becomes_the_conversation_that_its_fullest_span_holds(workspace: Workspace, service: Service) -> None:
    asked = Asked(traces="agent_name = 'support'", since="2026-05-01")
    done = studio.pull(workspace, SILENT, asked=asked, terms=terms(service.address)).value
    assert done.report is not None
    assert (done.fetched, done.report.added) == (3, 3)
    searches = [one for one in service.requests if one.path.startswith("/v1/observability/traces/search")]
    assert [one.body["search_expression"] for one in searches] == ["agent_name = 'support'"] * 2
    assert "from=2026-05-01T00" in searches[0].path
    spans = [one.path for one in service.requests if one.path.split("?")[0].endswith("/spans")]
    assert len(spans) == 3
    assert all("from=2026-05-04T09" in path and "to=2026-05-04T11" in path for path in spans)
    with workspace.read() as reading:
        (name,) = [name for name, external in item_rows.named_by(reading, "mistral-trace").items() if external == f"{2:032x}"]
        item = item_rows.get(reading, name).item
    told = [(one.role, one.content[0].text if one.content else one.tool_calls[0].name) for one in item.messages]
    assert told == [
        ("system", "Be fair."),
        ("user", f"Refund {2:032x}."),
        ("assistant", "look"),
        ("tool", '{"state":"late"}'),
        ("assistant", "refund"),
        ("tool", "paid back"),
    ]
    assert (item.agent, item.model, item.time) == ("support", "mistral-large", "2026-05-04T10:00:00.000Z")


def test_answers_go_back_beside_what_a_record_says_already(workspace: Workspace, held: Studio, service: Service) -> None:
    studio.pull(workspace, SILENT, asked=RECORDS, terms=terms(service.address))
    labelled(workspace)
    preview = studio_answers.preview_answers(workspace, SILENT, campaign="C", terms=terms(service.address)).value
    assert (len(preview.answers), preview.elsewhere, exports(workspace)) == (3, 0, 0)
    before = len(service.requests)
    gone = preview.answers[1]
    (lost,) = [held.records.pop(gone.record)]
    done = studio_answers.push_answers(workspace, SILENT, campaign="C", terms=terms(service.address)).value
    assert (done.sent, done.unchanged, [one.record for one in done.failures]) == (2, 0, [gone.record])
    assert "Studio has this record no more." in done.failures[0].reason
    first = preview.answers[0]
    assert held.records[first.record]["properties"] == {"topic": "refund", **first.properties}
    assert {one.properties["human_verdict"] for one in preview.answers} == {"compliant", "non_compliant"}
    assert all(b"secret" not in one.raw for one in service.requests[before:])
    held.records[gone.record] = lost
    again = studio_answers.push_answers(workspace, SILENT, campaign="C", terms=terms(service.address)).value
    assert (again.sent, again.unchanged, again.failures) == (1, 2, ())
    assert exports(workspace) == 2


def test_where_studio_is_not_open_that_is_said_and_what_came_before_is_kept(workspace: Workspace, held: Studio, service: Service) -> None:
    held.refusals["GET", "/datasets"] = mistral.refusal(403)
    with pytest.raises(NoAnswer, match=r"Studio is not open to this key at this server \(status 403\)") as closed:
        studio.list_data_sets(workspace, SILENT, terms=terms(service.address))
    assert closed.value.about == "studio"
    held.refusals.clear()
    with pytest.raises(NoAnswer, match="Studio has no data set “refund”"):
        studio.pull(workspace, SILENT, asked=Asked(data_set="refund"), terms=terms(service.address))
    held.refusals["GET", "/datasets"] = refused(404, None)
    with pytest.raises(NoAnswer, match="or Studio is not open to this key"):
        studio.pull(workspace, SILENT, asked=RECORDS, terms=terms(service.address))
    held.refusals = {("GET", f"/traces/{3:032x}"): refused(422, "DATABASE_ERROR")}
    with pytest.raises(NoAnswer, match="What was fetched before is here: 2 new items"):
        studio.pull(workspace, SILENT, asked=Asked(traces=""), terms=terms(service.address))


def test_nothing_is_asked_without_the_switch_the_right_and_a_request_that_says_what(workspace: Workspace, service: Service) -> None:
    how = terms(service.address)
    for asked, said in (
        (Asked(), "not said what to bring in"),
        (Asked(data_set="a", since="2026-05-01"), "not chosen by time"),
        (Asked(traces="", until="soon"), "is not a time"),
    ):
        with pytest.raises(Refused, match=said):
            studio.pull(workspace, SILENT, asked=asked, terms=how)
    judging.turn_judge(workspace, SILENT, on=False)
    with pytest.raises(Refused, match="turned off in this workspace"):
        studio.pull(workspace, SILENT, asked=RECORDS, terms=how)
    said = studio.preview_pull(workspace, SILENT, asked=RECORDS, terms=how).value
    assert "the records of data set “refunds”" in said
    worlds.put_in(workspace, [worlds.run_of(1)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    with pytest.raises(NotFound, match="came from a data set of Mistral Studio"):
        studio_answers.preview_answers(workspace, SILENT, campaign="C", terms=how)
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    with pytest.raises(NotAllowed):
        studio_answers.push_answers(ben, SILENT, campaign="C", terms=how)
    ben.close()
    assert service.requests == []
