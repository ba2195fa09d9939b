"""Asking: a population frozen, a sample drawn, grown and closed, and what whoever still has to label may see of it."""

from typing import Any

import pytest

from reviewer.domain.changes import Changes
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import campaigns, members
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.workspace import Workspace
from tests import worlds


def entries(workspace: Workspace) -> int:
    with workspace.read() as reading:
        return int(reading.rows("SELECT count(*) FROM entry")[0][0])


def test_a_campaign_freezes_what_the_query_finds(workspace: Workspace) -> None:
    outcome = campaigns.create_campaign(workspace, SILENT, rules=Campaign(name=" D  x ", query="agent:shop", seed=""))
    made = outcome.value
    assert outcome.changes == Changes.CAMPAIGNS | Changes.QUEUE
    assert (made.campaign, made.population, made.sampled) == ("D x", 6, 6)
    assert made.seed
    assert [(one.stratum, one.population, one.sampled) for one in made.strata] == [("", 6, 6)]
    worlds.put_in(workspace, [worlds.run_of(n) for n in (101, 103)], file="more.jsonl")
    assert len(worlds.waiting(workspace, campaign="D x")) == 6
    with workspace.read() as reading:
        population, picks = reading.row("SELECT population, picks FROM draw ORDER BY drawn_ms DESC LIMIT 1") or (b"", b"")
        ids = campaign_rows.unpack_ids(reading.blob(population.hex()))
        assert ids == sorted(ids)
        assert {pick.item for pick in campaign_rows.picks(reading, picks.hex())} == set(ids)


def test_a_sample_has_its_size_and_its_probability(workspace: Workspace) -> None:
    made = campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t", design="srs"), size=3).value
    assert (made.population, made.sampled) == (12, 3)
    shown = campaigns.show_campaign(workspace, SILENT, campaign="D", with_items=True).value
    assert shown.items is not None
    assert [float(pick.inclusion_probability or 0) for pick in shown.items] == [0.25] * 3


def test_a_sample_grows_and_keeps_what_was_drawn(workspace: Workspace) -> None:
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t", design="srs"), size=3)
    before = worlds.waiting(workspace, campaign="D")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(100, 112)], file="more.jsonl")
    grown = campaigns.grow_campaign(workspace, SILENT, campaign="D", size=12).value
    assert (grown.population, grown.sampled) == (24, 12)
    assert set(before) <= set(worlds.waiting(workspace, campaign="D"))
    with pytest.raises(Refused, match="drawn already"):
        campaigns.grow_campaign(workspace, SILENT, campaign="D", size=11)
    with pytest.raises(Refused, match="cannot be drawn"):
        campaigns.grow_campaign(workspace, SILENT, campaign="D", size=25)


@pytest.mark.parametrize("what", ["Drawing", "Picking", "Packing the draw", "Writing the draw"])
def test_a_draw_tells_how_far_it_is_and_leaves_nothing_behind_where_it_is_stopped(workspace: Workspace, what: str) -> None:
    def stop(progress: Progress) -> None:
        if progress == Progress(0, 12, what):
            ticket.cancel()

    ticket, before = Ticket(stop), entries(workspace)
    with pytest.raises(Cancelled):
        campaigns.create_campaign(workspace, ticket, rules=Campaign(name="D", query="", seed="t"))
    assert entries(workspace) == before
    assert [one.campaign for one in campaigns.list_campaigns(workspace, SILENT).value] == ["C"]
    assert campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t")).value.sampled == 12


def test_a_census_grows_to_everything(workspace: Workspace) -> None:
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(100, 103)], file="more.jsonl")
    assert campaigns.grow_campaign(workspace, SILENT, campaign="C", size=0).value.sampled == 15


@pytest.mark.parametrize(
    ("rules", "size", "names"),
    [
        ({"name": "C"}, None, ()), ({"name": ""}, None, ()), ({"query": "agent:nobody"}, None, ()), ({"design": "srs"}, 13, ()),
        ({"design": "srs"}, None, ()), ({"design": "all"}, 3, ()), ({"design": "poisson"}, 3, ()),
        ({"design": "stratified"}, 3, ()), ({"overlap": 0}, None, ()),
    ],
    ids=str,
)  # fmt: skip
def test_a_campaign_that_cannot_be_writes_nothing(
    workspace: Workspace, rules: dict[str, Any], size: int | None, names: tuple[str, ...]
) -> None:
    before = entries(workspace)
    made = Campaign(**{"name": "D", "query": "", "seed": "s", **rules})
    with pytest.raises(Refused):
        campaigns.create_campaign(workspace, SILENT, rules=made, size=size, member_names=names)
    assert entries(workspace) == before


def test_members_are_named_by_their_names(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="no member called"):
        campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s"), member_names=["Zoe"])


def test_only_a_lead_asks(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    with pytest.raises(NotAllowed):
        campaigns.create_campaign(ben, SILENT, rules=Campaign(name="D", query="", seed="s"))
    with pytest.raises(NotAllowed):
        campaigns.grow_campaign(ben, SILENT, campaign="C", size=20)
    with pytest.raises(NotAllowed):
        campaigns.close_campaign(ben, SILENT, campaign="C")
    ben.close()


def test_how_a_campaign_stands(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    for verdict, item in zip(("compliant", "unsure"), worlds.waiting(workspace), strict=False):
        worlds.label(workspace, item, verdict)
    worlds.label(ben, worlds.waiting(ben)[0])
    stands = campaigns.show_campaign(workspace, SILENT, campaign="C").value
    assert (stands.population, stands.sampled, stands.complete, stands.answered, stands.labels) == (12, 12, 3, 2, 3)
    assert (stands.remaining, stands.unsure, stands.by_reviewer) == (9, 1, {"Ada": 2, "Ben": 1})
    assert [one.campaign for one in campaigns.list_campaigns(workspace, SILENT).value] == ["C"]
    ben.close()


def test_whoever_still_has_to_label_blind_sees_no_answer(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    item = worlds.waiting(ben)[0]
    worlds.label(ben, item)
    seen = {pick.id: pick.answer for pick in campaigns.show_campaign(workspace, SILENT, campaign="C", with_items=True).value.items or ()}
    own = {pick.id: pick.answer for pick in campaigns.show_campaign(ben, SILENT, campaign="C", with_items=True).value.items or ()}
    assert (seen[item], own[item]) == (None, "compliant")
    campaigns.close_campaign(workspace, SILENT, campaign="C")
    seen = {pick.id: pick.answer for pick in campaigns.show_campaign(workspace, SILENT, campaign="C", with_items=True).value.items or ()}
    assert seen[item] == "compliant"
    ben.close()


def test_a_campaign_is_named_by_name_or_by_the_first_digits_of_its_id(workspace: Workspace) -> None:
    made = campaigns.show_campaign(workspace, SILENT, campaign="C").value
    assert campaigns.show_campaign(workspace, SILENT, campaign=made.id[:6]).value.id == made.id
    assert campaigns.show_campaign(workspace, SILENT, campaign=made.id).value.id == made.id
    with pytest.raises(NotFound):
        campaigns.show_campaign(workspace, SILENT, campaign="abcdef" if not made.id.startswith("abcdef") else "fedcba")


def test_closing_is_done_once(workspace: Workspace) -> None:
    campaigns.close_campaign(workspace, SILENT, campaign="C")
    assert campaigns.show_campaign(workspace, SILENT, campaign="C").value.closed
    with pytest.raises(Refused, match="closed already"):
        campaigns.close_campaign(workspace, SILENT, campaign="C")
    with pytest.raises(Refused, match="is closed"):
        campaigns.grow_campaign(workspace, SILENT, campaign="C", size=20)


def test_a_draw_freezes_who_me_was(workspace: Workspace) -> None:
    made = campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Not mine", query="-reviewer:me", seed="s")).value
    with workspace.read() as reading:
        (text,) = reading.rows("SELECT query FROM draw WHERE campaign = ?", (bytes.fromhex(made.id),))[0]
    assert text == f"-reviewer:{workspace.me.name}"
