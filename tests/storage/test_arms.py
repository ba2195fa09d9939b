"""What a judge says is shown to those alone whom chance put into the shown arm, and to nobody whom it would lead elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain import arms
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, queues, searching
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import suggestions as suggestion_rows
from reviewer.storage.arms import suggestion_for
from reviewer.storage.first_screen import first_showing
from reviewer.storage.suggestions import Suggested, Suggestion
from reviewer.storage.workspace import Workspace
from tests import replicas, shown_arms, worlds


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[shown_arms.Begun]:
    made = shown_arms.begun(tmp_path / "workspace")
    yield made
    made.close()


def seen(workspace: Workspace, campaign: str = "C") -> dict[ItemId, Suggestion]:
    """What the member is shown, of the items that wait for them."""
    found = queues.next_items(workspace, SILENT, campaign=campaign, limit=100).value
    return {one.id: one.suggestion for one in found if one.suggestion is not None}


def test_of_each_item_one_reviewer_sees_what_the_judge_says_and_nobody_what_another_judge_says(begun: shown_arms.Begun) -> None:
    ben, cleo = map(seen, begun.reviewers)
    assert sorted((*ben, *cleo)) == sorted(begun.items)
    assert ben
    assert cleo
    for item, said in (ben | cleo).items():
        verdict = "compliant" if begun.items.index(item) % 2 else "non_compliant"
        with begun.lead.read() as reading:
            entries = suggestion_rows.ids_of(reading, item)
        assert said[:4] == (shown_arms.JUDGE, verdict, None, shown_arms.WORDS)
        assert len(said.entries) == 1
        assert set(said.entries) < set(entries)


def test_the_first_screen_and_a_look_back_show_what_the_queue_shows(begun: shown_arms.Begun) -> None:
    for who in begun.reviewers:
        shown = seen(who)
        first = first_showing(who.folder, member=who.me.name)
        assert first is not None
        assert first.showing.suggestion == shown.get(first.showing.id)
        for item in begun.items:
            assert queues.show_again(who, SILENT, campaign="C", item=item).value.suggestion == shown.get(item)


def test_everywhere_else_the_suggestion_stays_hidden_from_whoever_has_still_to_label(begun: shown_arms.Begun) -> None:
    ben = begun.reviewers[0]
    item = next(iter(seen(ben)))
    assert searching.show_item(ben, SILENT, item=item).value.suggestions == ()


def test_two_replicas_show_the_same(begun: shown_arms.Begun, tmp_path: Path) -> None:
    there = replicas.replica(tmp_path / "there", begun.lead, "Ben")
    replicas.bring_items(begun.lead, there)
    assert seen(there) == seen(begun.reviewers[0])
    there.close()


def test_an_item_that_waits_for_a_blind_label_elsewhere_is_shown_blind_until_that_is_given(begun: shown_arms.Begun) -> None:
    ben, cleo = begun.reviewers
    before = seen(ben)
    campaigns.create_campaign(begun.lead, SILENT, rules=Campaign(name="D", query="", seed="t"), member_names=["Ben"])
    assert seen(ben) == {}
    assert seen(cleo)  # who takes no part in it
    item = next(iter(before))
    worlds.label(ben, item, campaign="D")
    assert seen(ben) == {item: before[item]}
    campaigns.close_campaign(begun.lead, SILENT, campaign="D")
    assert seen(ben) == before


def test_two_campaigns_that_show_the_same_judge_do_not_hide_it_from_each_other(begun: shown_arms.Begun) -> None:
    (ben, _) = begun.reviewers
    rules = Campaign(name="D", query="", seed="s", overlap=2, shown="1", judge=shown_arms.JUDGE)
    campaigns.create_campaign(begun.lead, SILENT, rules=rules, member_names=shown_arms.PEOPLE)
    assert seen(ben) == seen(ben, "D") != {}


def test_a_judge_that_said_two_things_of_an_item_has_nothing_to_show(begun: shown_arms.Begun) -> None:
    ben = begun.reviewers[0]
    item = next(iter(seen(ben)))
    shown_arms.suggest(begun.lead, {item: "unsure"})
    assert item not in seen(ben)


def test_the_words_are_found_in_a_batch_whatever_they_and_their_neighbours_hold(begun: shown_arms.Begun) -> None:
    item, other = begun.items[:2]
    hostile = [f'["{item}",null,null,"no"]', '"],["', "\\", "[" * 50, "line\nend \u2028 é 🙂", f'"["{item}",']
    for words in hostile:
        rows = [Suggested(other, None, None, f'["{item}"'), Suggested(item, None, "0.5", words), Suggested(other, None, None, words)]
        assert suggestion_rows.words_of(suggestion_rows.pack(rows), item) == words
    assert suggestion_rows.words_of(suggestion_rows.pack([Suggested(other, None, None, "x")]), item) is None


def test_a_campaign_without_the_option_asks_nothing_of_the_tables(begun: shown_arms.Begun) -> None:
    campaigns.create_campaign(begun.lead, SILENT, rules=Campaign(name="D", query="", seed="t"))
    asked: list[str] = []
    with begun.lead.read() as reading:
        stored = campaign_rows.named(reading, "D")
        assert not arms.shows(stored.state.rules)
        reading.connection.connection.driver_connection.set_trace_callback(asked.append)  # type: ignore[union-attr] # SQLite's
        assert suggestion_for(reading, stored, begun.lead.member, begun.items[0]) is None
        reading.connection.connection.driver_connection.set_trace_callback(None)  # type: ignore[union-attr] # SQLite's
    assert asked == []
