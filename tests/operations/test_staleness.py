"""Labels that rest on words which hold no more: found, hidden from whoever has still to judge, asked for again, left out of releases."""

from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign, Event, Gold, Ruling
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import (
    campaigns,
    labelling,
    members,
    policies,
    policy_overview,
    queues,
    releasing,
    resolving,
    searching,
    staleness,
    stories,
    verifying,
)
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds

ONE = b"# Refunds\n\n1. Within 30 days.\n2. Never twice.\n3. Ask first.\n"
TWO = b"# Refunds\n\n1. Within 14 days.\n2. Never twice.\n"


def _add(workspace: Workspace, content: bytes, effective: str | None = None) -> int:
    done = policies.add_text(workspace, SILENT, key="refunds", content=content, name="refunds.md", effective=effective).value
    return policies.activate_policy(workspace, SILENT, key="refunds", number=done.version.number).value.stale_labels


def _cite(workspace: Workspace, item: str, *clauses: str, campaign: str = "C", verdict: str = "non_compliant") -> None:
    opinion = Opinion(verdict=verdict)  # type: ignore[arg-type] # the tests give verdicts as words
    labelling.label_item(workspace, SILENT, campaign=campaign, item=item, opinion=opinion, clauses=clauses)


def _stale(workspace: Workspace, **of: Any) -> staleness.Stale:
    return staleness.stale_labels(workspace, SILENT, policy="refunds", **of).value


def test_changed_and_dropped_clauses_make_labels_stale_with_both_words(workspace: Workspace) -> None:
    _add(workspace, ONE)
    first, second, third, fourth = worlds.waiting(workspace)[:4]
    for item, clause in ((first, "1"), (second, "2"), (third, "3")):
        _cite(workspace, item, clause)
    worlds.label(workspace, fourth)
    assert _stale(workspace).labels == ()
    assert _add(workspace, TWO) == 2
    assert [(one.cited.item, one.cited.clause, one.number, one.before, one.now) for one in _stale(workspace).labels] == [
        (first, "1", 1, "Within 30 days.", "Within 14 days."),
        (third, "3", 1, "Ask first.", None),
    ]
    assert [one.cited.item for one in _stale(workspace, clause="3").labels] == [third]
    part = staleness.stale_labels(workspace, SILENT, policy="refunds", most=1).value
    assert (len(part.labels), part.more, part.items) == (1, 1, 2)
    with pytest.raises(NotFound, match="no clause “9”"):
        _stale(workspace, clause="9")
    with pytest.raises(NotFound):
        _stale(workspace, campaign="nothing")
    _cite(workspace, first, "1")
    assert [one.cited.item for one in _stale(workspace).labels] == [third]
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok
    assert [one.cited.item for one in _stale(workspace).labels] == [third]


def test_stale_labels_are_asked_for_again_and_the_queue_says_why(workspace: Workspace) -> None:
    _add(workspace, ONE)
    first, second = worlds.waiting(workspace)[:2]
    _cite(workspace, first, "1")
    _cite(workspace, second, "3", "2")
    with pytest.raises(Refused, match="stale"):
        staleness.requeue_stale(workspace, SILENT, policy="refunds")
    _add(workspace, TWO)
    again = staleness.requeue_stale(workspace, SILENT, policy="refunds", clause="1")
    assert (again.value.items, again.value.campaigns) == ((first,), 1)
    assert staleness.requeue_stale(workspace, SILENT, policy="refunds").value.items == (second,)  # the other one is asked for already
    shown = {one.id: one for one in queues.next_items(workspace, SILENT, campaign="C", limit=50).value}
    why = shown[first].asked_again
    assert why is not None
    assert "refunds:1 has changed" in why.sentence
    _cite(workspace, first, "1")
    assert first not in worlds.waiting(workspace)
    assert [one.cited.item for one in _stale(workspace).labels] == [second]


def test_what_is_asked_for_already_is_not_asked_for_twice_and_not_counted_as_open(workspace: Workspace) -> None:
    _add(workspace, ONE)
    first, second = worlds.waiting(workspace)[:2]
    for item in (first, second):
        _cite(workspace, item, "1")
    _add(workspace, TWO)
    assert (_stale(workspace).items, _stale(workspace).to_ask) == (2, 2)
    staleness.requeue_stale(workspace, SILENT, policy="refunds")
    assert (_stale(workspace).items, _stale(workspace).to_ask) == (2, 0)
    before = replicas.digest(workspace)
    with pytest.raises(Refused, match="asked for its item already"):
        staleness.requeue_stale(workspace, SILENT, policy="refunds")
    assert replicas.digest(workspace) == before, "no second requeue is written"
    _cite(workspace, first, "1")
    assert (_stale(workspace).items, _stale(workspace).to_ask) == (1, 0)
    labelling.undo_label(workspace, SILENT, campaign="C")
    assert _stale(workspace).to_ask == 0


def test_a_clause_that_changes_once_more_while_it_is_asked_for_is_not_asked_for_again(workspace: Workspace) -> None:
    _add(workspace, ONE)
    (item,) = worlds.waiting(workspace)[:1]
    _cite(workspace, item, "1")
    _add(workspace, TWO)
    staleness.requeue_stale(workspace, SILENT, policy="refunds")
    _add(workspace, TWO.replace(b"14", b"7"))
    assert (_stale(workspace).items, _stale(workspace).to_ask) == (1, 0)
    _cite(workspace, item, "1")
    _add(workspace, TWO)
    assert (_stale(workspace).items, _stale(workspace).to_ask) == (1, 1), "the label given meanwhile cites words that hold no more"


def test_items_of_a_closed_campaign_are_counted_and_left(workspace: Workspace) -> None:
    _add(workspace, ONE)
    _cite(workspace, worlds.waiting(workspace)[0], "1")
    _add(workspace, TWO)
    campaigns.close_campaign(workspace, SILENT, campaign="C")
    with pytest.raises(Refused, match="closed"):
        staleness.requeue_stale(workspace, SILENT, policy="refunds")


def test_only_who_may_ask_again_does(workspace: Workspace) -> None:
    _add(workspace, ONE)
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    with pytest.raises(NotAllowed):
        staleness.requeue_stale(ben, SILENT, policy="refunds")
    ben.close()


def test_stale_labels_on_items_that_i_have_still_to_judge_are_counted_and_not_shown(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="d", overlap=2, assign="all"))
    _add(workspace, ONE)
    ben = workspace.as_member("Ben")
    item = worlds.waiting(ben, campaign="D")[0]
    _cite(ben, item, "1", campaign="D")
    _add(workspace, TWO)
    assert (_stale(workspace).labels, _stale(workspace).hidden) == ((), 1)
    assert len(_stale(ben).labels) == 1
    _cite(workspace, item, "1", campaign="D")
    worlds.label(workspace, item)  # in C as well, which is blind too
    assert [one.cited.reviewer for one in _stale(workspace).labels] == ["Ben"]
    ben.close()


def test_a_label_cites_the_version_of_its_items_time_and_another_one_is_shown_as_a_mismatch(workspace: Workspace) -> None:
    """The items' times are days of May 2026."""
    _add(workspace, ONE, "2026-01-01")
    _add(workspace, TWO, "2026-05-10")
    times = {item: searching.show_item(workspace, SILENT, item=item).value.item.time or "" for item in worlds.waiting(workspace)}
    early = next(item for item, time in times.items() if time < "2026-05-10")
    late = [item for item, time in times.items() if time >= "2026-05-10"]
    _cite(workspace, early, "1", "3")
    _cite(workspace, late[0], "1")
    with pytest.raises(Refused, match="no clause “3” in version 2"):
        _cite(workspace, late[1], "3")
    _cite(workspace, late[1], "refunds@1:1")
    texts = {sha256_hex(text.encode()): text for text in ("Within 30 days.", "Within 14 days.", "Ask first.")}
    said = {item: searching.show_item(workspace, SILENT, item=item).value.labels[0] for item in (early, *late[:2])}
    assert [texts[one.text] for one in said[early].label.clauses] == ["Within 30 days.", "Ask first."]
    assert [texts[one.text] for one in said[late[0]].label.clauses] == ["Within 14 days."]
    found = staleness.mismatches(workspace, SILENT, labels=[one.hash for one in said.values()]).value
    assert found == {said[late[1]].hash: (staleness.Mismatch("refunds", "1", 1, (2,), times[late[1]]),)}
    story = stories.story_of(workspace, SILENT, label=said[late[1]].hash).value
    assert [(one.number, one.held, one.fits) for one in story.citations] == [(1, (2,), False)]
    assert policy_overview.clause_view(workspace, SILENT, key="refunds", clause="1").value.mismatched == 1
    # Old words that are right for their item were given knowing the new ones; those of the mismatch are stale.
    assert [one.cited.item for one in _stale(workspace).labels] == [late[1]]


def test_stale_items_are_dropped_from_a_release_until_somebody_looks_again(workspace: Workspace, tmp_path: Path) -> None:
    _add(workspace, ONE)
    first, second = worlds.waiting(workspace)[:2]
    _cite(workspace, first, "1")
    _cite(workspace, second, "2")
    _add(workspace, TWO)
    done = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "one").value
    assert (sum(done.rows.values()), done.dropped["stale"]) == (1, 1)
    _cite(workspace, first, "1")
    done = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "two").value
    assert (sum(done.rows.values()), done.dropped["stale"]) == (2, 0)


def test_a_resolution_under_the_new_words_is_released_and_a_policy_at_fault_is_not(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "w")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(12)])
    rules = Campaign(name="C", query="", seed="s", gold="0.2", repeat="0.5")
    campaigns.create_campaign(workspace, SILENT, rules=rules)
    members.add_members(workspace, SILENT, names=["Judy"], role="adjudicator")
    _add(workspace, ONE)
    known, ruled_before, ruled_after, faulty, again, left = worlds.waiting(workspace)[:6]
    with workspace.begin() as work:
        work.record(Event("gold", Gold(campaign=campaign_rows.named(work, "C").state.hash, item=known, verdict="compliant")))
    for item in (known, ruled_before, ruled_after, faulty, again, left):
        opinion = Opinion(verdict="non_compliant")
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion, clauses=["1"], showing=1)
    labelling.label_item(workspace, SILENT, campaign="C", item=again, opinion=Opinion(verdict="compliant"), showing=2)
    judy = workspace.as_member("Judy")
    resolving.resolve_item(judy, SILENT, campaign="C", item=ruled_before, verdict="compliant", rationale="By the old words.")
    assert _add(workspace, TWO) == 6
    rulings: tuple[tuple[ItemId, Ruling], ...] = ((ruled_after, "compliant"), (faulty, "policy_at_fault"))
    for item, verdict in rulings:
        resolving.resolve_item(judy, SILENT, campaign="C", item=item, verdict=verdict, rationale="By the new.", clauses=["1"])
    judy.close()
    done = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "one").value
    assert sum(done.rows.values()) == 1
    assert {name: done.dropped[name] for name in ("gold", "repeat", "stale", "open")} == {"gold": 1, "repeat": 1, "stale": 3, "open": 7}
    standing = campaigns.show_campaign(workspace, SILENT, campaign="C").value
    assert (standing.complete, standing.answered, standing.labels) == (6, 5, 7)
    asked = staleness.requeue_stale(workspace, SILENT, policy="refunds").value
    assert set(asked.items) == {known, ruled_before, again, left}, "what was resolved under the new words is settled"
    standing = campaigns.show_campaign(workspace, SILENT, campaign="C").value
    assert (standing.complete, standing.answered, standing.labels) == (2, 5, 7)
    labelling.label_item(workspace, SILENT, campaign="C", item=left, opinion=Opinion(verdict="compliant"), clauses=["1"])
    labelling.undo_label(workspace, SILENT, campaign="C")
    labelling.label_item(workspace, SILENT, campaign="C", item=left, opinion=Opinion(verdict="non_compliant"), clauses=["1"])
    done = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "two").value
    assert (sum(done.rows.values()), done.dropped["stale"]) == (2, 2)
    checked = verifying.verify(workspace, SILENT, rebuild=True).value
    assert checked.ok, checked.problems
    workspace.close()


def test_nothing_is_asked_again_where_all_was_resolved_under_the_new_words(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Judy"], role="adjudicator")
    _add(workspace, ONE)
    (item,) = worlds.waiting(workspace)[:1]
    _cite(workspace, item, "1")
    _add(workspace, TWO)
    judy = workspace.as_member("Judy")
    resolving.resolve_item(judy, SILENT, campaign="C", item=item, verdict="compliant", rationale="By the new words.", clauses=["1"])
    judy.close()
    with pytest.raises(Refused, match="what is stale was resolved under the new words"):
        staleness.requeue_stale(workspace, SILENT, policy="refunds")
    assert len(_stale(workspace).labels) == 1
    assert (_stale(workspace).items, _stale(workspace).to_ask) == (1, 0)
