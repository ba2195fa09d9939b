"""Asking for items again: who gets them back, what counts meanwhile, and when it is over."""

from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign, Event
from reviewer.domain.items import ItemId
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import (
    campaigns,
    erasing,
    joining,
    labelling,
    members,
    queues,
    requeueing,
    resolving,
    revoking,
    searching,
    verifying,
)
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import departures
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.storage.test_projections import blank


def ask(workspace: Workspace, *items: ItemId, note: str = "", campaign: str = "C") -> requeueing.Requeued:
    return requeueing.requeue_items(workspace, SILENT, campaign=campaign, items=items, note=note).value


def standing_of(workspace: Workspace, campaign: str = "C") -> tuple[int, int]:
    found = campaigns.show_campaign(workspace, SILENT, campaign=campaign).value
    return found.complete, found.answered


def share_of(workspace: Workspace, campaign: str = "C") -> tuple[int, int, int]:
    found = queues.standing(workspace, SILENT, campaign=campaign).value
    assert found.waiting == len(worlds.waiting(workspace, campaign=campaign))
    return found.done, found.waiting, found.put_off


def sound(workspace: Workspace) -> None:
    """A rebuild makes the same tables, and the fold the same digest."""
    before = replicas.digest(workspace)
    assert verifying.verify(workspace, SILENT).value.ok
    verifying.verify(workspace, SILENT, rebuild=True)
    assert replicas.digest(workspace) == before


@pytest.fixture
def labelled(workspace: Workspace) -> ItemId:
    """An item that Ada labelled."""
    item = worlds.waiting(workspace)[5]
    worlds.label(workspace, item, "non_compliant")
    return item


def test_what_is_asked_for_again_comes_first_and_says_why(workspace: Workspace, labelled: ItemId) -> None:
    assert share_of(workspace) == (1, 11, 0)
    done = ask(workspace, labelled, note="Look at step 4.")
    assert done.items == (labelled,)
    (shown,) = queues.next_items(workspace, SILENT, campaign="C").value
    assert shown.id == labelled
    assert shown.asked_again is not None
    assert (shown.asked_again.why, shown.asked_again.clause, shown.asked_again.note) == ("asked", None, "Look at step 4.")
    assert share_of(workspace) == (0, 12, 0)
    sound(workspace)


def test_the_old_label_counts_until_it_is_replaced_and_the_item_is_open_meanwhile(workspace: Workspace, labelled: ItemId) -> None:
    assert standing_of(workspace) == (1, 1)
    asked = ask(workspace, labelled)
    assert standing_of(workspace) == (0, 1)
    old = queues.said_before(workspace, SILENT, campaign="C", item=labelled).value
    worlds.label(workspace, labelled)
    new = queues.said_before(workspace, SILENT, campaign="C", item=labelled).value
    assert old is not None
    assert new is not None
    assert set(new.body.deps) == {old.hash, asked.requeue}
    assert standing_of(workspace) == (1, 1)
    assert labelled not in worlds.waiting(workspace)
    sound(workspace)


def test_a_later_correction_does_not_ask_again(workspace: Workspace, labelled: ItemId) -> None:
    ask(workspace, labelled)
    worlds.label(workspace, labelled)
    worlds.label(workspace, labelled, "unsure")
    assert labelled not in worlds.waiting(workspace)
    sound(workspace)


def test_taking_the_new_answer_back_asks_again(workspace: Workspace, labelled: ItemId) -> None:
    ask(workspace, labelled, note="Look.")
    worlds.label(workspace, labelled)
    labelling.undo_label(workspace, SILENT)
    (shown,) = queues.next_items(workspace, SILENT, campaign="C").value
    assert shown.id == labelled
    assert shown.asked_again is not None
    assert share_of(workspace) == (0, 12, 0)
    sound(workspace)


def test_what_is_asked_of_one_is_not_fresh_to_another(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben", "Cleo"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s", overlap=2, assign="all"))
    ben, cleo = workspace.as_member("Ben"), workspace.as_member("Cleo")
    whole, half = worlds.waiting(workspace, campaign="D")[:2]
    for who, item in ((workspace, whole), (ben, whole), (workspace, half)):
        worlds.label(who, item, campaign="D")
    ask(workspace, whole, half, campaign="D")
    assert worlds.waiting(workspace, campaign="D")[:2] == sorted((whole, half))
    assert worlds.waiting(ben, campaign="D")[0] == whole
    assert half in worlds.waiting(ben, campaign="D")
    assert whole not in worlds.waiting(cleo, campaign="D")
    assert half in worlds.waiting(cleo, campaign="D")
    for who in (workspace, ben, cleo):
        share_of(who, "D")
    worlds.label(ben, whole, campaign="D")
    assert standing_of(workspace, "D")[0] == 0
    worlds.label(workspace, whole, campaign="D")
    assert standing_of(workspace, "D")[0] == 1
    sound(workspace)
    ben.close()
    cleo.close()


def test_what_was_put_off_since_comes_last_and_what_was_handed_on_waits_for_the_lead(workspace: Workspace, labelled: ItemId) -> None:
    other = worlds.waiting(workspace)[0]
    labelling.skip_item(workspace, SILENT, campaign="C", item=other)
    worlds.label(workspace, other)
    ask(workspace, labelled, other)
    assert worlds.waiting(workspace)[:2] == sorted((labelled, other)), "a skip from before it was asked again says nothing now"
    labelling.skip_item(workspace, SILENT, campaign="C", item=labelled)
    assert worlds.waiting(workspace)[0] == other
    assert worlds.waiting(workspace)[-1] == labelled
    assert share_of(workspace) == (0, 12, 1)
    labelling.escalate_item(workspace, SILENT, campaign="C", item=labelled, reason="Which clause?")
    assert labelled not in worlds.waiting(workspace)
    share_of(workspace)


def test_a_resolution_answers_for_everybody(workspace: Workspace, labelled: ItemId) -> None:
    ask(workspace, labelled)
    members.add_members(workspace, SILENT, names=["Judy"], role="adjudicator")
    judy = workspace.as_member("Judy")
    resolving.resolve_item(judy, SILENT, campaign="C", item=labelled, verdict="compliant", rationale="Within 30 days.")
    assert labelled not in worlds.waiting(workspace)
    assert standing_of(workspace) == (1, 1)
    sound(workspace)
    ask(workspace, labelled)
    assert worlds.waiting(workspace)[0] == labelled, "asked for after the resolution"
    assert standing_of(workspace) == (0, 1)
    judy.close()


def test_an_adjudicator_may_ask_and_a_reviewer_may_not(workspace: Workspace, labelled: ItemId) -> None:
    members.add_members(workspace, SILENT, names=["Judy"], role="adjudicator")
    members.add_members(workspace, SILENT, names=["Ben"])
    judy, ben = workspace.as_member("Judy"), workspace.as_member("Ben")
    with pytest.raises(NotAllowed):
        ask(ben, labelled)
    requeueing.requeue_items(judy, SILENT, campaign="C", items=[labelled], why="sent_back", note="And step 4?")
    (shown,) = queues.next_items(workspace, SILENT, campaign="C").value
    assert shown.asked_again is not None
    assert shown.asked_again.sentence == "An adjudicator asks for another look."
    judy.close()
    ben.close()


def test_a_query_asks_for_the_items_of_the_campaign_that_somebody_labelled(workspace: Workspace, labelled: ItemId) -> None:
    worlds.put_in(workspace, [worlds.run_of(100)])  # after the draw
    done = requeueing.requeue_items(workspace, SILENT, campaign="C", query="").value
    assert done.items == (labelled,)
    with pytest.raises(Refused, match="No item of “C” matches"):
        requeueing.requeue_items(workspace, SILENT, campaign="C", query="agent:nobody")


def test_items_that_cannot_be_asked_for_again_are_refused_and_nothing_is_written(workspace: Workspace, labelled: ItemId) -> None:
    (outside,) = worlds.put_in(workspace, [worlds.run_of(100)])
    fresh = worlds.waiting(workspace)[0]
    before = len(replicas.all_entries(workspace)), len(replicas.contents(workspace))
    with pytest.raises(Refused, match="is not in the sample"):
        ask(workspace, labelled, outside)
    with pytest.raises(Refused, match="Nobody has labelled"):
        ask(workspace, fresh)
    with pytest.raises(NotFound):
        ask(workspace, ItemId("0" * 64))
    campaigns.close_campaign(workspace, SILENT, campaign="C")
    with pytest.raises(Refused, match="closed"):
        ask(workspace, labelled)
    assert (len(replicas.all_entries(workspace)) - 1, len(replicas.contents(workspace))) == before


def test_a_label_that_did_not_know_of_the_requeue_is_asked_for_again_when_both_meet(workspace: Workspace, tmp_path: Path) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s", overlap=2, assign="all"))
    item = worlds.waiting(workspace, campaign="D")[0]
    away = replicas.replica(tmp_path / "away", workspace, "Ben")
    worlds.put_in(away, [worlds.run_of(n) for n in range(12)])
    worlds.label(away, item, campaign="D")
    worlds.label(workspace, item, campaign="D")
    ask(workspace, item, campaign="D")
    worlds.label(workspace, item, campaign="D")
    assert standing_of(workspace, "D") == (0, 0)
    replicas.carry(away, workspace)
    replicas.carry(workspace, away)
    assert standing_of(workspace, "D") == standing_of(away, "D") == (0, 1)
    assert worlds.waiting(away, campaign="D")[0] == item
    worlds.label(away, item, campaign="D")
    replicas.carry(away, workspace)
    assert standing_of(workspace, "D") == (1, 1)
    assert replicas.digest(workspace) == replicas.digest(away)
    sound(workspace)
    away.close()


def test_erasing_an_item_erases_the_reason_for_which_it_was_asked_again(workspace: Workspace, labelled: ItemId) -> None:
    ask(workspace, labelled, note="Mr Kowalski's voucher.")
    erasing.request_erasure(workspace, SILENT, item=labelled, reason="asked")
    erasing.erase_item(workspace, SILENT, item=labelled)
    assert not any(b"Kowalski" in content for content in replicas.contents(workspace))
    assert labelled not in worlds.waiting(workspace)
    sound(workspace)


def test_many_items_are_asked_for_in_batches_and_a_stop_keeps_those_before(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "w", items=450)
    items = worlds.waiting(workspace)
    with workspace.begin() as work:
        name = campaign_rows.named(work, "C").state.hash
        for item in items:
            work.record(Event("label", blank(name, item, "compliant")))

    def stop(progress: Progress) -> None:
        if progress.done >= 200:
            raise Cancelled

    with pytest.raises(Cancelled):
        requeueing.requeue_items(workspace, Ticket(stop), campaign="C", query="")
    assert len(worlds.waiting(workspace)) == 200
    done = requeueing.requeue_items(workspace, SILENT, campaign="C", query="", note="Again.").value
    assert len(done.items) == len(worlds.waiting(workspace)) == 450
    assert standing_of(workspace) == (0, 450)
    sound(workspace)
    workspace.close()


def test_whoever_left_while_asked_keeps_no_item_open_and_is_asked_once_they_are_back(workspace: Workspace, tmp_path: Path) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    item = worlds.waiting(ben)[0]
    worlds.label(ben, item)
    before = standing_of(workspace)
    ask(workspace, item)
    assert standing_of(workspace)[0] == before[0] - 1
    revoking.revoke_member(workspace, SILENT, name="Ben", reason="left")
    assert standing_of(workspace) == before, "their label counts, and nobody waits for another"
    sound(workspace)
    joining.join_project(tmp_path / "ben", member="Ben", request=tmp_path / "ben.json")
    request, _ = joining.read_request(tmp_path / "ben.json")
    members.admit_request(workspace, SILENT, request=request, name="Ben")
    assert standing_of(workspace)[0] == before[0] - 1, "a further device of theirs can answer"
    sound(workspace)
    ben.close()


def test_what_others_said_is_hidden_from_whoever_is_asked_again_until_they_answered(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "work")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(3)])
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", overlap=2, assign="all"))
    ben = workspace.as_member("Ben")
    item = worlds.waiting(workspace)[0]
    worlds.label(workspace, item, "compliant")
    worlds.label(ben, item, "non_compliant", rationale="No insurance.")

    def seen() -> tuple[set[str], str | None, int, int | None]:
        whole = searching.show_item(workspace, SILENT, item=item).value
        with workspace.read() as reading:
            exported = departures.count(reading, campaign=None, history=False, viewer=workspace.member)
        found = searching.search(workspace, SILENT, text="reviewer:Ben", with_total=True).value
        return {said.reviewer for said in whole.labels}, whole.item.model, exported, found.total

    everything = seen()
    assert everything[0] == {"Ada", "Ben"}
    ask(workspace, item)
    hidden = seen()
    assert (hidden[0], hidden[1]) == ({"Ada"}, None), "their own label stays in sight"
    assert (hidden[2], hidden[3]) == (everything[2] - 1, 0)
    worlds.label(workspace, item, "non_compliant")
    assert seen()[0] == {"Ada", "Ben"}
    said = queues.said_before(workspace, SILENT, campaign="C", item=item).value
    assert said is not None
    assert said.label.blind, "nothing that leads was in view from the asking to the answer"
    for one in (workspace, ben):
        one.close()
