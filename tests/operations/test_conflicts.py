"""What a person must settle, on replicas that did not know of each other; each conflict goes away by the one action that it names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, conflicts, labelling, members, queues, resolving, verifying
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


@pytest.fixture
def there(workspace: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """Ada's second machine, which knows of the campaign and of Ben, Ava and Ida, adjudicators."""
    members.add_members(workspace, SILENT, names=["Ben"])
    members.add_members(workspace, SILENT, names=["Ava", "Ida"], role="adjudicator")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s", overlap=2, assign="all"))
    other = replicas.replica(tmp_path / "there", workspace, "Ada")
    replicas.bring_items(workspace, other)
    yield other
    other.close()


def _meet(one: Workspace, other: Workspace) -> None:
    replicas.carry(one, other)
    replicas.carry(other, one)
    assert replicas.digest(one) == replicas.digest(other)


def _kinds(workspace: Workspace, campaign: str | None = None) -> list[str]:
    return [one.kind for one in conflicts.list_conflicts(workspace, SILENT, campaign=campaign).value.conflicts]


def _resolve(workspace: Workspace, member: str, item: str, verdict: str) -> None:
    acting = workspace.as_member(member)
    resolving.resolve_item(acting, SILENT, campaign="D", item=item, verdict=verdict, rationale="Read it.")  # type: ignore[arg-type] # a ruling
    acting.close()


def test_two_own_answers_come_back_first_and_are_settled_by_labelling_again(workspace: Workspace, there: Workspace) -> None:
    items = worlds.waiting(workspace)
    item = items[-1]
    worlds.label(workspace, item, "compliant", rationale="Fine.")
    worlds.label(there, item, "non_compliant")
    worlds.label(there, items[0], "compliant")
    worlds.label(workspace, items[0], "compliant")
    _meet(workspace, there)
    for place in (workspace, there):
        (conflict,) = conflicts.list_conflicts(place, SILENT, campaign="C").value.conflicts
        assert (conflict.kind, conflict.item, conflict.action, conflict.mine) == ("two_answers", item, "label_again", True)
        assert {(side.member, side.verdict) for side in conflict.sides} == {("Ada", "compliant"), ("Ada", "non_compliant")}
        assert "Fine." in {side.note for side in conflict.sides}
        assert f"reviewer label C {item[:12]}" in conflict.command
        up = queues.next_items(place, SILENT, campaign="C").value[0]
        assert (up.id, up.doubled) == (item, True)
        standing = queues.standing(place, SILENT, campaign="C").value
        assert (standing.done, standing.asked) == (1, len([one for one in items if one in worlds.waiting(place)]) + 1)
    worlds.label(workspace, item, "unsure")
    _meet(workspace, there)
    for place in (workspace, there):
        assert _kinds(place, "C") == []
        assert item not in worlds.waiting(place)
    before = replicas.digest(there)
    verifying.verify(there, SILENT, rebuild=True)
    assert replicas.digest(there) == before
    assert _kinds(there, "C") == []


def test_a_label_taken_back_and_replaced_at_once_is_settled_by_labelling_again(workspace: Workspace, there: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    worlds.label(workspace, item)
    _meet(workspace, there)
    labelling.undo_label(workspace, SILENT, campaign="C")
    worlds.label(there, item, "non_compliant")
    _meet(workspace, there)
    (conflict,) = conflicts.list_conflicts(there, SILENT).value.conflicts
    assert (conflict.kind, conflict.action) == ("retracted_and_relabelled", "label_again")
    assert sorted(side.kind for side in conflict.sides) == ["label", "retract"]
    worlds.label(workspace, item, "non_compliant")
    assert _kinds(workspace) == []
    _meet(workspace, there)
    assert _kinds(there) == []


def test_reviewers_who_disagree_are_settled_by_a_resolution_and_new_evidence_by_another(workspace: Workspace, there: Workspace) -> None:
    item = worlds.waiting(workspace, campaign="D")[0]
    worlds.label(workspace, item, "compliant", campaign="D")
    ben = workspace.as_member("Ben")
    assert _kinds(ben) == []
    worlds.label(ben, item, "non_compliant", campaign="D")
    assert _kinds(workspace) == []  # Ada has still to label the item in C
    ida = workspace.as_member("Ida")
    (conflict,) = conflicts.list_conflicts(ida, SILENT).value.conflicts
    assert (conflict.kind, conflict.item, conflict.action, len(conflict.sides)) == ("disagreement", item, "resolve", 2)
    _resolve(workspace, "Ava", item, "compliant")
    assert _kinds(ida) == []
    (pick,) = [one for one in campaigns.show_campaign(workspace, SILENT, campaign="D", with_items=True).value.items or () if one.id == item]
    assert pick.answer == "compliant"
    worlds.label(ben, item, "unsure", campaign="D")
    (conflict,) = conflicts.list_conflicts(ida, SILENT).value.conflicts
    assert (conflict.kind, conflict.action) == ("new_evidence", "look_again")
    assert sorted(side.kind for side in conflict.sides) == ["label", "resolution"]
    _resolve(workspace, "Ida", item, "policy_at_fault")
    assert _kinds(ida) == []
    ida.close()
    ben.close()


def test_whoever_gave_one_of_the_labels_is_told_that_another_person_must_resolve(workspace: Workspace, there: Workspace) -> None:
    item = worlds.waiting(workspace, campaign="D")[0]
    worlds.label(workspace, item, "compliant")
    worlds.label(workspace, item, "compliant", campaign="D")
    ben = workspace.as_member("Ben")
    worlds.label(ben, item, "non_compliant", campaign="D")
    ben.close()
    ida = workspace.as_member("Ida")
    for acting, own in ((workspace, True), (ida, False)):
        (conflict,) = conflicts.list_conflicts(acting, SILENT, campaign="D").value.conflicts
        assert (conflict.action, conflict.own) == ("resolve", own)
    ida.close()


def test_two_resolutions_that_differ_are_settled_by_a_third(workspace: Workspace, there: Workspace) -> None:
    item = worlds.waiting(workspace, campaign="D")[0]
    ben = workspace.as_member("Ben")
    worlds.label(ben, item, "non_compliant", campaign="D")
    ben.close()
    replicas.carry(workspace, there)
    _resolve(workspace, "Ava", item, "compliant")
    resolving.resolve_item(there, SILENT, campaign="D", item=item, verdict="non_compliant", rationale="Plain.")
    _meet(workspace, there)
    ida = workspace.as_member("Ida")
    (conflict,) = conflicts.list_conflicts(ida, SILENT).value.conflicts
    assert (conflict.kind, {side.verdict for side in conflict.sides}) == ("resolutions", {"compliant", "non_compliant"})
    assert _kinds(workspace) == []  # Ada takes part, and has still to label the item blind
    resolving.resolve_item(ida, SILENT, campaign="D", item=item, verdict="compliant", rationale="Both read.")
    assert _kinds(ida) == []
    ida.close()


def test_nobody_who_has_still_to_label_an_item_sees_a_conflict_on_it(workspace: Workspace, there: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    for place, verdict in ((workspace, "compliant"), (there, "non_compliant")):
        worlds.label(place, item, verdict)
    _meet(workspace, there)
    ben = workspace.as_member("Ben")
    assert (_kinds(workspace), _kinds(ben)) == (["two_answers"], [])
    ben.close()


def test_who_labelled_an_item_needs_another_person_unless_the_campaign_allows_it(workspace: Workspace, there: Workspace) -> None:
    item = worlds.waiting(workspace, campaign="D")[0]
    with pytest.raises(Refused, match="Nobody has labelled"):
        resolving.resolve_item(workspace, SILENT, campaign="D", item=item, verdict="compliant", rationale="x")
    worlds.label(workspace, item, "compliant", campaign="D")
    with pytest.raises(NotAllowed, match="Needs another person") as refusal:
        resolving.resolve_item(workspace, SILENT, campaign="D", item=item, verdict="compliant", rationale="x")
    assert refusal.value.code == "E601"
    ben = workspace.as_member("Ben")
    with pytest.raises(NotAllowed, match="Ben is a reviewer"):
        resolving.resolve_item(ben, SILENT, campaign="D", item=item, verdict="compliant", rationale="x")
    ben.close()
    for verdict, rationale in (("unsure", "x"), ("compliant", " ")):
        with pytest.raises(Refused):
            resolving.resolve_item(workspace, SILENT, campaign="D", item=item, verdict=verdict, rationale=rationale)  # type: ignore[arg-type] # wrong
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="E", query="", seed="s", own_adjudication=True))
    worlds.label(workspace, item, "compliant", campaign="E")
    done = resolving.resolve_item(workspace, SILENT, campaign="E", item=item, verdict="non_compliant", rationale="x").value
    assert done.considered == 1
    assert verifying.verify(workspace, SILENT).value.ok


def test_a_limit_takes_the_first_and_the_total_is_said(workspace: Workspace, there: Workspace) -> None:
    items = worlds.waiting(workspace)
    for item in items[:4]:
        worlds.label(workspace, item, "compliant")
        worlds.label(there, item, "non_compliant")
    _meet(workspace, there)
    every = conflicts.list_conflicts(workspace, SILENT).value
    some = conflicts.list_conflicts(workspace, SILENT, limit=2).value
    assert (len(every.conflicts), every.total) == (4, 4)
    assert (some.conflicts, some.total) == (every.conflicts[:2], 4)
    ben = workspace.as_member("Ben")  # has still to label them
    assert conflicts.list_conflicts(ben, SILENT, limit=1).value == ((), 0)
    ben.close()
