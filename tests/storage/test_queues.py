"""Whose turn an item is, with gold and repeats among the others and nothing that tells them apart."""

import pytest

from reviewer.domain import probes
from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign, Event, Gold
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns as asking
from reviewer.operations import erasing, labelling, members, queues, searching, verifying
from reviewer.storage import campaigns, shares, shipments
from reviewer.storage import queues as queue_rows
from reviewer.storage.queues import Turn
from reviewer.storage.workspace import Workspace
from tests import worlds


def gold(workspace: Workspace, *items: ItemId, verdict: str = "compliant", campaign: str = "D") -> None:
    with workspace.begin() as work:
        name = campaigns.named(work, campaign).state.hash
        for item in items:
            work.record(Event("gold", Gold(campaign=name, item=item, verdict=verdict)))  # type: ignore[arg-type] # one of its words


def probed(workspace: Workspace, *, items: int = 60, golds: int = 30, **rules: str) -> list[ItemId]:
    """The campaign D over some of the items, and gold among the others; the ids of these."""
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(100, 100 + items)])
    named: Campaign = Campaign(name="D", query="agent:shop or agent:claims", seed="s", **rules)  # type: ignore[arg-type] # shares
    asking.create_campaign(workspace, SILENT, rules=named)
    outside = worlds.put_in(workspace, [worlds.run_of(n) for n in range(300, 300 + golds)])
    gold(workspace, *outside)
    return outside


def turns(workspace: Workspace, limit: int = 1_000, beyond: frozenset[ItemId] = frozenset()) -> list[Turn]:
    with workspace.read() as reading:
        return queue_rows.next_turns(reading, campaigns.named(reading, "D"), workspace.member, limit=limit, beyond=beyond)


def answer(workspace: Workspace, turn: Turn, verdict: str = "compliant") -> None:
    opinion = Opinion(verdict=verdict)  # type: ignore[arg-type] # one of its words
    labelling.label_item(workspace, SILENT, campaign="D", item=turn.item, opinion=opinion)


def work_through(workspace: Workspace, *, batch: int = 1) -> list[Turn]:
    """Label everything that comes, as the command line does or, with a batch, as a window that fetches ahead."""
    given: list[Turn] = []
    while up := turns(workspace, batch):
        for turn in up:
            answer(workspace, turn)
        given += up
        assert len(given) < 500
    return given


def share_of(workspace: Workspace) -> shares.Share:
    with workspace.read() as reading:
        return shares.share_of(reading, campaigns.named(reading, "D"), workspace.member)


@pytest.mark.parametrize("batch", [1, 17])
def test_about_the_share_of_what_a_member_sees_is_gold(workspace: Workspace, batch: int) -> None:
    outside = set(probed(workspace, items=100, golds=60, gold="0.25"))
    given = work_through(workspace, batch=batch)
    fresh = [turn for turn in given if turn.item not in outside]
    assert len(fresh) == len({turn.item for turn in given} - outside) == 112
    assert 0.15 < 1 - len(fresh) / len(given) < 0.35
    assert given[-1].item not in outside, "gold comes among other items, and ends with them"


def test_what_was_fetched_ahead_is_what_comes_one_by_one(workspace: Workspace) -> None:
    probed(workspace, gold="0.3")
    whole = turns(workspace, 40)
    ahead = turns(workspace, 20)
    assert ahead + turns(workspace, 20, frozenset(turn.item for turn in ahead)) == whole
    for turn in whole:
        assert turns(workspace, 1) == [turn]
        answer(workspace, turn)


def test_two_members_get_gold_at_places_of_their_own(workspace: Workspace) -> None:
    outside = set(probed(workspace, items=100, gold="0.25", assign="all"))
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    ours, theirs = ([turn.item in outside for turn in turns(who)] for who in (workspace, ben))
    assert sum(ours) > 10 < sum(theirs)
    assert ours != theirs
    ben.close()


def test_a_label_on_gold_is_kept_and_counts_for_nothing_that_was_drawn(workspace: Workspace) -> None:
    outside = probed(workspace, gold="0.25")
    answer(workspace, Turn(outside[0]), "non_compliant")
    standing = asking.show_campaign(workspace, SILENT, campaign="D").value
    assert (standing.sampled, standing.complete, standing.answered, standing.labels) == (72, 0, 0, 1)
    assert verifying.verify(workspace, SILENT).value.ok
    (label,) = searching.show_item(workspace, SILENT, item=outside[0]).value.labels
    assert label.label.verdict == "non_compliant"
    labelling.skip_item(workspace, SILENT, campaign="D", item=outside[1])
    labelling.escalate_item(workspace, SILENT, campaign="D", item=outside[2], reason="?")
    left = [turn.item for turn in turns(workspace)]
    assert left[-1] == outside[1]
    assert outside[2] not in left


@pytest.mark.parametrize("share", ["0", "0.25"])
def test_an_item_outside_the_sample_is_refused_unless_it_is_hidden_gold(workspace: Workspace, share: str) -> None:
    outside = probed(workspace, gold=share)
    (other,) = worlds.put_in(workspace, [worlds.run_of(900)])
    with pytest.raises(Refused, match="not in the sample"):
        answer(workspace, Turn(other))
    if share == "0":
        with pytest.raises(Refused, match="not in the sample"):
            answer(workspace, Turn(outside[0]))
        assert not {turn.item for turn in turns(workspace)} & set(outside)


def test_gold_that_was_drawn_comes_at_its_places_and_is_not_left_out_at_the_end(workspace: Workspace) -> None:
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(100, 150)])
    asking.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s", gold="0.1"))
    drawn = [turn.item for turn in turns(workspace)]
    gold(workspace, *drawn[:30])
    assert sorted(turn.item for turn in turns(workspace)) == sorted(drawn)
    assert share_of(workspace).waiting == len(drawn)
    among = sum(turn.item in drawn[:30] for turn in turns(workspace, 25))
    assert among < 8
    given = work_through(workspace)
    assert len(given) == len(drawn)
    assert share_of(workspace) == (62, 0, 0)


@pytest.mark.parametrize("what", ["taken back", "contradicted", "erased"])
def test_what_is_no_gold_any_more_is_not_shown(workspace: Workspace, what: str) -> None:
    outside = probed(workspace, gold="1")
    assert turns(workspace, 1)[0].item in outside
    with workspace.begin() as work:
        stored = campaigns.named(work, "D")
        for item in outside if what != "erased" else ():
            before = {bytes(name).hex() for (name,) in work.rows("SELECT hash FROM gold WHERE item = ?", (bytes.fromhex(item),))}
            verdict = None if what == "taken back" else "non_compliant"
            deps = frozenset(before) if what == "taken back" else frozenset[str]()
            work.record(Event("gold", Gold(campaign=stored.state.hash, item=item, verdict=verdict), deps=deps))  # type: ignore[arg-type] # hashes
    for item in outside if what == "erased" else ():
        erasing.request_erasure(workspace, SILENT, item=item, reason="asked")
    assert not {turn.item for turn in turns(workspace)} & set(outside)


@pytest.mark.parametrize("assign", ["split", "all"])
@pytest.mark.parametrize("more", [{}, {"overlap": 2}])
def test_how_far_one_is_counts_the_gold_to_come_and_falls_by_one_with_each_label(
    workspace: Workspace, assign: str, more: dict[str, int]
) -> None:
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(100, 130)])
    members.add_members(workspace, SILENT, names=["Ben"])
    rules = Campaign(name="D", query="", seed="s", gold="0.3", assign=assign, **more)  # type: ignore[arg-type] # its words
    asking.create_campaign(workspace, SILENT, rules=rules)
    outside = worlds.put_in(workspace, [worlds.run_of(n) for n in range(300, 320)])
    drawn = [turn.item for turn in turns(workspace)][:6]
    gold(workspace, *outside, *drawn)
    for done in range(12):
        share = share_of(workspace)
        assert share.done == done
        assert share.waiting == len(turns(workspace))
        answer(workspace, turns(workspace, 1)[0])


def test_a_repeat_comes_ten_labels_later_or_more_and_looks_like_any_other_item(workspace: Workspace) -> None:
    probed(workspace, golds=0, repeat="0.3")
    given = work_through(workspace)
    first = {turn.item: place for place, turn in enumerate(given) if turn.showing == 1}
    again = {turn.item: place for place, turn in enumerate(given) if turn.showing == 2}
    chosen = {item for item in first if probes.is_repeated(campaign_rules(workspace), workspace.member, item)}
    assert set(again) == chosen
    assert 10 < len(again) < 35
    fresh_until = max(first.values())
    assert all(place - first[item] > 10 for item, place in again.items() if place < fresh_until)
    assert not any(turn.again or turn.doubled for turn in given)


def campaign_rules(workspace: Workspace) -> Campaign:
    with workspace.read() as reading:
        return campaigns.named(reading, "D").state.rules


def until_a_repeat(workspace: Workspace) -> Turn:
    while (up := turns(workspace, 1)[0]).showing == 1:
        answer(workspace, up)
    return up


def test_the_label_on_a_repeat_answers_the_second_showing_and_counts_for_no_answer(workspace: Workspace) -> None:
    probed(workspace, golds=0, repeat="0.5")
    repeat = until_a_repeat(workspace)
    before = asking.show_campaign(workspace, SILENT, campaign="D").value
    answer(workspace, repeat, "non_compliant")
    after = asking.show_campaign(workspace, SILENT, campaign="D").value
    assert (after.complete, after.answered) == (before.complete, before.answered)
    said = searching.show_item(workspace, SILENT, item=repeat.item).value.labels
    assert [(one.label.showing, one.label.verdict) for one in said] == [(1, "compliant"), (2, "non_compliant")]
    answer(workspace, repeat, "unsure")  # no longer awaited: a correction of the first answer
    said = searching.show_item(workspace, SILENT, item=repeat.item).value.labels
    assert [(one.label.showing, one.label.verdict) for one in said] == [(2, "non_compliant"), (1, "unsure")]


def test_an_answer_corrected_before_its_repeat_is_due_stays_a_first_answer(workspace: Workspace) -> None:
    probed(workspace, golds=0, repeat="1")
    first = turns(workspace, 1)[0]
    answer(workspace, first)
    answer(workspace, first, "unsure")
    (said,) = searching.show_item(workspace, SILENT, item=first.item).value.labels
    assert (said.label.showing, said.label.verdict) == (1, "unsure")


def test_taking_back_the_answer_to_a_repeat_shows_the_repeat_again(workspace: Workspace) -> None:
    probed(workspace, golds=0, repeat="0.5")
    repeat = until_a_repeat(workspace)
    answer(workspace, repeat)
    undone = labelling.undo_label(workspace, SILENT, campaign="D").value
    assert (undone.item, undone.showing) == (repeat.item, 2)
    assert turns(workspace, 1) == [repeat]
    shown = queues.next_items(workspace, SILENT, campaign="D").value[0]
    assert (shown.showing, shown.draft) == (2, undone.opinion)


def test_a_repeat_that_was_put_off_comes_last_and_one_handed_on_does_not_come(workspace: Workspace) -> None:
    probed(workspace, golds=0, repeat="0.5")
    first = until_a_repeat(workspace)
    labelling.skip_item(workspace, SILENT, campaign="D", item=first.item)
    assert turns(workspace)[-1] == first._replace(again=True)
    second = until_a_repeat(workspace)
    labelling.escalate_item(workspace, SILENT, campaign="D", item=second.item, reason="?")
    assert second.item not in {turn.item for turn in turns(workspace)}


def test_the_total_does_not_tell_when_an_item_is_chosen_to_be_repeated(workspace: Workspace) -> None:
    probed(workspace, golds=20, gold="0.2", repeat="0.4")
    totals = set()
    for _ in range(25):
        share = share_of(workspace)
        totals.add(share.done + share.waiting)
        answer(workspace, turns(workspace, 1)[0])
    assert max(totals) - min(totals) <= 2, "gold moves by a place when a repeat comes between"


def test_gold_and_repeats_are_shown_as_other_items_are(workspace: Workspace) -> None:
    outside = set(probed(workspace, gold="0.3", repeat="0.3"))
    seen: dict[str, set[tuple[object, ...]]] = {}
    while len(seen) < 3:
        (shown,) = queues.next_items(workspace, SILENT, campaign="D").value
        kind = "repeat" if shown.showing == 2 else "gold" if shown.id in outside else "fresh"
        told = (shown.item.model, shown.draft, shown.again, shown.doubled, shown.asked_again, shown.campaign_name)
        seen.setdefault(kind, set()).add(told)
        worlds.label(workspace, shown.id, campaign="D")
    assert seen == {kind: {(None, None, False, False, None, "D")} for kind in ("fresh", "gold", "repeat")}


def test_hidden_gold_is_hidden_from_who_has_still_to_label_it(workspace: Workspace) -> None:
    outside = probed(workspace, gold="0.3")
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    answer(workspace, Turn(outside[0]), "non_compliant")
    for who, seen in ((workspace, True), (ben, False)):
        whole = searching.show_item(who, SILENT, item=outside[0]).value
        assert (whole.hidden, whole.item.model, len(whole.labels), whole.origin is None) == (
            (False, "model-a", 1, False) if seen else (True, None, 0, True)
        )
        assert whole.campaigns == ("D",)
        found = {row.id for row in searching.search(who, SILENT, text="label:non_compliant", limit=200).value.rows}
        assert (outside[0] in found) is seen
        found = {row.id for row in searching.search(who, SILENT, text="model:model-a", limit=200).value.rows}
        assert (outside[0] in found) is seen
        assert outside[1] not in found
    ben.close()


def test_whoever_does_not_take_part_has_no_turn_and_no_share(workspace: Workspace) -> None:
    with workspace.read() as reading:
        stored = campaigns.named(reading, "C")
        stranger = type(workspace.member)("f" * 32)
        assert queue_rows.next_turns(reading, stored, stranger, limit=5) == []
        assert shares.share_of(reading, stored, stranger) == shares.Share(0, 0, 0)


def test_the_next_turn_is_found_by_index_and_not_by_sorting(workspace: Workspace) -> None:
    with workspace.read() as reading:
        plan = reading.rows("EXPLAIN QUERY PLAN " + queue_rows._FRESH + queue_rows._IN_ORDER, {"campaign": 1, "member": workspace.member})
    said = " ".join(row[3] for row in plan)
    assert "pick_queue" in said
    assert "TEMP B-TREE" not in said
    assert worlds.waiting(workspace)


def test_nothing_that_is_asked_for_each_item_walks_all_picks(workspace: Workspace) -> None:
    few = (
        queue_rows._PUT_OFF, queue_rows._FRESH_GOLD, queue_rows._GOLD_PUT_OFF, queue_rows._ASKED_AGAIN, shares._LABELLED_OPEN,
        shares._ASIDE_OPEN, shares._ERASED_OPEN, shares._HELD,
    )  # fmt: skip
    for sql in few:
        with workspace.read() as reading:
            plan = reading.rows("EXPLAIN QUERY PLAN " + sql, {"campaign": 1, "member": workspace.member})
        walked = [step for *_, step in plan if step.startswith(("SCAN p", "SEARCH p")) and "item=?" not in step]
        assert walked == [], sql
    with workspace.read() as reading:
        plan = reading.rows("EXPLAIN QUERY PLAN " + queue_rows._FRESH, {"campaign": 1, "member": workspace.member})
    assert [step for *_, step in plan if step.startswith("SEARCH h ") and "item=?" in step]


@pytest.mark.parametrize("share", ["0", "0.25"])
def test_a_kit_carries_the_gold_that_its_campaign_hides(workspace: Workspace, share: str) -> None:
    outside = set(probed(workspace, golds=5, gold=share))
    with workspace.read() as reading:
        items = shipments.kit_items(reading, campaigns.named(reading, "D"))
    assert len(items) == (77 if share != "0" else 72)
    assert (set(items) >= outside) is (share != "0")


def test_gold_whose_content_is_not_here_is_not_shown(workspace: Workspace) -> None:
    outside = probed(workspace, golds=3, gold="0.9")
    gold(workspace, ItemId("f" * 64))
    assert {turn.item for turn in turns(workspace, 3)} <= {*outside, *worlds.waiting(workspace, campaign="D")}
    assert ItemId("f" * 64) not in {turn.item for turn in turns(workspace)}
