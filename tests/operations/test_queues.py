"""What a reviewer sees next, without what would lead them, and how far they are."""

import pytest

from reviewer.domain.errors import NotFound
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members, policies, queues
from reviewer.storage.workspace import Workspace
from tests import worlds


def test_the_queue_is_in_the_order_of_the_random_numbers_and_shrinks(workspace: Workspace) -> None:
    order = worlds.waiting(workspace)
    with workspace.read() as reading:
        drawn = [name.hex() for (name,) in reading.rows("SELECT item FROM pick ORDER BY CAST(u AS REAL)")]
    assert order == drawn
    while order:
        (shown,) = queues.next_items(workspace, SILENT, campaign="C").value
        assert shown.id == order.pop(0)
        worlds.label(workspace, shown.id)
    assert queues.next_items(workspace, SILENT, campaign="C").value == ()


def test_items_that_were_fetched_already_are_left_out(workspace: Workspace) -> None:
    order = worlds.waiting(workspace)
    fetched = queues.next_items(workspace, SILENT, campaign="C", limit=2, beyond=frozenset(order[:3])).value
    assert [shown.id for shown in fetched] == order[3:5]


def test_a_blind_campaign_hides_the_model_and_an_open_one_does_not(workspace: Workspace) -> None:
    (shown,) = queues.next_items(workspace, SILENT, campaign="C").value
    assert shown.item.model is None
    assert shown.item.agent is not None
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s", blind=False))
    (shown,) = queues.next_items(workspace, SILENT, campaign="D").value
    assert shown.item.model == "model-a"


def test_work_is_split_and_nobody_gets_the_same_item(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    ours, theirs = set(worlds.waiting(workspace)), set(worlds.waiting(ben))
    assert len(ours | theirs) == 12
    assert not ours & theirs
    assert ours
    assert theirs
    both = Campaign(name="D", query="", seed="s", overlap=2)
    campaigns.create_campaign(workspace, SILENT, rules=both)
    assert set(worlds.waiting(workspace, campaign="D")) == set(worlds.waiting(ben, campaign="D"))
    ben.close()


def test_a_member_who_was_not_named_gets_nothing(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s"), member_names=["Ben"])
    assert worlds.waiting(workspace, campaign="D") == []
    ben = workspace.as_member("Ben")
    assert len(worlds.waiting(ben, campaign="D")) == 12
    assert [one.name for one in queues.my_campaigns(workspace, SILENT).value] == ["C"]
    assert {one.name for one in queues.my_campaigns(ben, SILENT).value} == {"C", "D"}
    ben.close()


def test_an_item_with_labels_enough_leaves_every_queue(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben", "Cleo"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s", overlap=2, assign="all"))
    ben, cleo = workspace.as_member("Ben"), workspace.as_member("Cleo")
    item = worlds.waiting(cleo, campaign="D")[0]
    worlds.label(workspace, item, campaign="D")
    assert item not in worlds.waiting(workspace, campaign="D")
    assert item in worlds.waiting(cleo, campaign="D")
    worlds.label(ben, item, "non_compliant", campaign="D")
    assert item not in worlds.waiting(cleo, campaign="D")
    ben.close()
    cleo.close()


def standing_of(workspace: Workspace, campaign: str = "C") -> tuple[int, int, int]:
    standing = queues.standing(workspace, SILENT, campaign=campaign).value
    assert standing.waiting == len(worlds.waiting(workspace, campaign=campaign))
    return standing.done, standing.waiting, standing.put_off


def test_how_far_one_is_follows_every_act(workspace: Workspace) -> None:
    first, second, third, *_ = worlds.waiting(workspace)
    assert standing_of(workspace) == (0, 12, 0)
    worlds.label(workspace, first)
    labelling.skip_item(workspace, SILENT, campaign="C", item=second)
    assert standing_of(workspace) == (1, 11, 1)
    labelling.escalate_item(workspace, SILENT, campaign="C", item=third, reason="?")
    assert standing_of(workspace) == (1, 10, 1)
    worlds.label(workspace, second)
    assert standing_of(workspace) == (2, 9, 0)
    labelling.undo_label(workspace, SILENT)
    assert standing_of(workspace) == (1, 10, 1)


@pytest.mark.parametrize("assign", ["split", "all"])
def test_how_far_one_is_holds_where_others_complete_other_items(workspace: Workspace, assign: str) -> None:
    members.add_members(workspace, SILENT, names=["Ben", "Cleo"])
    rules = Campaign(name="D", query="", seed="s", overlap=2, assign=assign)  # type: ignore[arg-type] # one of its two words
    campaigns.create_campaign(workspace, SILENT, rules=rules)
    ben, cleo = workspace.as_member("Ben"), workspace.as_member("Cleo")
    ours, theirs = worlds.waiting(workspace, campaign="D")[:2], worlds.waiting(ben, campaign="D")[-2:]
    for item in ours:
        worlds.label(workspace, item, campaign="D")
    for item in theirs:
        worlds.label(ben, item, campaign="D")
        worlds.label(cleo, item, campaign="D")
    for one in (workspace, ben, cleo):
        standing_of(one, "D")
    ben.close()
    cleo.close()


def test_the_pace_is_the_median_of_the_last_labels_once_there_are_five(workspace: Workspace) -> None:
    for item in worlds.waiting(workspace)[:4]:
        worlds.label(workspace, item)
    assert queues.standing(workspace, SILENT, campaign="C").value.pace_ms is None
    worlds.label(workspace, worlds.waiting(workspace)[0])
    assert queues.standing(workspace, SILENT, campaign="C").value.pace_ms == 1_500


def test_what_one_said_before_is_shown_again(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    assert queues.said_before(workspace, SILENT, campaign="C", item=item).value is None
    worlds.label(workspace, item, "unsure", rationale="Hm.")
    said = queues.said_before(workspace, SILENT, campaign="C", item=item).value
    assert said is not None
    assert (said.label.verdict, said.rationale) == ("unsure", "Hm.")
    assert queues.show_again(workspace, SILENT, campaign="C", item=item).value.id == item


def test_my_work_is_mine_newest_first(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    items = worlds.waiting(workspace)[:3]
    for item in items:
        worlds.label(workspace, item)
    worlds.label(ben, worlds.waiting(ben)[0])
    assert [mine.item for mine in queues.my_work(workspace, SILENT, campaign="C").value.labels] == items[::-1]
    assert len(queues.my_work(workspace, SILENT, campaign="C", limit=2).value.labels) == 2
    ben.close()


def test_my_work_lists_one_label_an_item_so_that_repeats_are_not_told(workspace: Workspace) -> None:
    first, second = worlds.waiting(workspace)[:2]
    for item, verdict, showing in ((first, "compliant", 1), (second, "unsure", 1), (first, "non_compliant", 2)):
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(verdict=verdict), showing=showing)  # type: ignore[arg-type] # words
    found = queues.my_work(workspace, SILENT, campaign="C").value
    assert [(label.item, label.showing) for label in found.labels] == [(first, 2), (second, 1), (first, 1)]
    assert [(place, label.item, label.verdict) for place, label in found.answers] == [(1, second, "unsure"), (2, first, "compliant")]


def test_the_guidelines_and_the_policies_are_told(workspace: Workspace) -> None:
    policies.add_text(workspace, SILENT, key="refunds", content=b"# Refunds\n\n1. Within 30 days.\n", name="refunds.md")
    rules = Campaign(name="D", query="", seed="s", policies=("refunds",))
    campaigns.create_campaign(workspace, SILENT, rules=rules, guidelines="Be fair.\n\nTwice.")
    standing = queues.standing(workspace, SILENT, campaign="D").value
    assert (standing.guidelines, standing.policies, standing.asked) == ("Be fair.\n\nTwice.", ("refunds",), 12)


def test_a_closed_campaign_gives_nothing_and_stands_last(workspace: Workspace) -> None:
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s"))
    campaigns.close_campaign(workspace, SILENT, campaign="D")
    assert worlds.waiting(workspace, campaign="D") == []
    assert [one.name for one in queues.my_campaigns(workspace, SILENT).value] == ["C", "D"]


def test_a_campaign_that_is_none_is_named(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="no campaign"):
        queues.next_items(workspace, SILENT, campaign="Nope")
