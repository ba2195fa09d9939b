"""What an adjudicator sees of a disagreement, what is kept from them, and what becomes of it."""

import msgspec
import pytest

from reviewer.domain.chain import EntryHash
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.domain.sampling import permanent_random_number
from reviewer.operations import (
    adjudicating,
    campaigns,
    clause_notes,
    labelling,
    members,
    policies,
    policy_overview,
    precedents,
    queues,
    resolving,
    searching,
    stories,
    telling,
    verifying,
)
from reviewer.operations.adjudicating import Begun, DisputeShown
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds

POLICY = b"# Refunds\n\n1. Within 30 days.\n2. Never twice.\n3. Ask first.\n"


@pytest.fixture
def ida(workspace: Workspace) -> Workspace:
    """Ida, an adjudicator, where Ben and Cy label the campaign D twice, judged by a policy; Ada leads."""
    members.add_members(workspace, SILENT, names=["Ben", "Cy"])
    members.add_members(workspace, SILENT, names=["Ida", "Ava"], role="adjudicator")
    policies.add_text(workspace, SILENT, key="refunds", content=POLICY, name="refunds.md")
    rules = Campaign(name="D", query="", seed="s", overlap=2, assign="all", policies=("refunds",))
    campaigns.create_campaign(workspace, SILENT, rules=rules, member_names=["Ben", "Cy"])
    campaigns.close_campaign(workspace, SILENT, campaign="C")  # else Ada has still to label everything
    return workspace.as_member("Ida")


def say(workspace: Workspace, member: str, item: str, verdict: str, *clauses: str, why: str = "", campaign: str = "D") -> EntryHash:
    acting = workspace.as_member(member)
    opinion = Opinion(verdict=verdict, rationale=why, confidence="high", duration_ms=38_000)  # type: ignore[arg-type] # tests name verdicts
    done = labelling.label_item(acting, SILENT, campaign=campaign, item=item, opinion=opinion, clauses=clauses).value.label
    acting.close()
    return done


def differ(workspace: Workspace, item: str, *, why: str = "", clauses: tuple[str, str] = ("1", "1")) -> None:
    say(workspace, "Ben", item, "compliant", clauses[0], why=why)
    say(workspace, "Cy", item, "non_compliant", clauses[1], why=why)


def waiting(workspace: Workspace) -> list[str]:
    ben = workspace.as_member("Ben")
    found: list[str] = [*worlds.waiting(ben, campaign="D")]
    ben.close()
    return found


def apart(workspace: Workspace) -> list[str]:
    """Five runs, of which the first has no word of its own in common with the others."""
    first, *rest = waiting(workspace)
    with workspace.read() as reading:
        numbers = {item.hex(): int(name[4:]) for item, name in reading.rows("SELECT id, external_id FROM item")}
    return [first, *(item for item in rest if abs(numbers[item] - numbers[first]) > 2)][:5]


def left(workspace: Workspace) -> list[str]:
    (docket,) = adjudicating.disputes(workspace, SILENT, campaign="D").value
    return [one.item for one in docket.items]


def shown(workspace: Workspace, item: str) -> DisputeShown:
    return adjudicating.dispute_of(workspace, SILENT, campaign="D", item=item).value


def resolve(workspace: Workspace, item: str, verdict: str = "non_compliant", *clauses: str, why: str = "Read it.") -> None:
    resolving.resolve_item(
        workspace, SILENT, campaign="D", item=item, verdict=verdict, rationale=why, clauses=clauses  # type: ignore[arg-type] # a ruling
    )  # fmt: skip


def test_what_waits_stands_in_the_order_of_the_queue_and_goes_as_it_is_resolved(workspace: Workspace, ida: Workspace) -> None:
    items = waiting(workspace)[:4]
    for item in reversed(items[:3]):
        differ(workspace, item)
    say(workspace, "Ben", items[3], "compliant")
    assert left(ida) == items[:3]
    (docket,) = adjudicating.disputes(ida, SILENT).value  # the other campaign has nothing in dispute
    assert (docket.name, docket.withheld, docket.resolved) == ("D", 0, ())
    resolve(ida, items[1])
    assert left(ida) == [items[0], items[2]]
    assert adjudicating.disputes(ida, SILENT).value[0].resolved == (items[1],)
    say(workspace, "Ben", items[1], "unsure")
    assert left(ida) == items[:3]
    (docket,) = adjudicating.disputes(ida, SILENT, campaign="D").value
    assert [one.kind for one in docket.items] == ["disagreement", "new_evidence", "disagreement"]
    assert [shown(ida, one.item).kind for one in docket.items] == [one.kind for one in docket.items]


def test_opinions_are_told_in_full_by_nobodys_name_until_the_item_is_resolved(workspace: Workspace, ida: Workspace) -> None:
    item = waiting(workspace)[0]
    say(workspace, "Ben", item, "compliant", "1", why="Nobody paid twice.")
    say(workspace, "Cy", item, "non_compliant", "1", "3", why="Nobody was asked.")
    found = shown(ida, item)
    assert (found.kind, found.item.model, found.policies) == ("disagreement", None, ("refunds",))
    assert {(one.verdict, one.rationale, one.by) for one in found.opinions} == {
        ("compliant", "Nobody paid twice.", None),
        ("non_compliant", "Nobody was asked.", None),
    }
    assert all((one.confidence, one.duration_ms, one.votes) == ("high", 38_000, True) for one in found.opinions)
    assert [(one.citation.clause, one.citation.number, one.citation.text, one.cited) for one in found.clauses] == [
        ("1", 1, "Within 30 days.", 2),
        ("3", 1, "Ask first.", 1),
    ]
    text = msgspec.json.encode(msgspec.to_builtins(found._replace(item=None))).decode()  # type: ignore[arg-type] # left out
    people = members.list_members(workspace, SILENT).value
    assert [one.member for one in people if one.id in text or f'"{one.member}"' in text] == []
    resolve(ida, item, "compliant", "1", why="The policy asks once.")
    found = shown(ida, item)
    assert (found.kind, {one.by for one in found.opinions}, found.item.model) == (None, {"Ben", "Cy"}, "model-a")
    (ruling,) = found.rulings
    assert (ruling.by, ruling.mine, ruling.verdict, ruling.reason) == ("Ida", True, "compliant", "The policy asks once.")
    assert [(one.clause, one.number) for one in ruling.clauses] == [("1", 1)]


def test_the_order_of_opinions_follows_neither_names_nor_time(workspace: Workspace, ida: Workspace) -> None:
    for number, item in enumerate(waiting(workspace)):
        given = [
            say(workspace, member, item, "compliant" if member == "Ben" else "non_compliant")
            for member in (("Ben", "Cy") if number % 2 else ("Cy", "Ben"))
        ]
        by_number = sorted(given, key=lambda label: permanent_random_number("s/opinions", ItemId(label)))
        assert [one.label for one in shown(ida, item).opinions] == by_number


def test_who_may_not_rule_on_an_item_does_not_see_it(workspace: Workspace, ida: Workspace) -> None:
    first, second = waiting(workspace)[:2]
    differ(workspace, first)
    differ(workspace, second)
    with pytest.raises(NotAllowed, match="Ben is a reviewer"):
        adjudicating.disputes(workspace.as_member("Ben"), SILENT)
    with pytest.raises(NotFound):
        adjudicating.disputes(ida, SILENT, campaign="none")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="E", query=f"id:{first}", seed="s"))  # blind, and Ada takes part
    (docket,) = adjudicating.disputes(workspace, SILENT, campaign="D").value
    assert ([one.item for one in docket.items], docket.withheld) == ([second], 1)
    with pytest.raises(Refused, match="still to label"):
        shown(workspace, first)
    assert left(ida) == [first, second]
    say(workspace, "Ida", second, "unsure", campaign="D")
    assert left(ida) == [first]
    with pytest.raises(NotAllowed, match="another person"):
        shown(ida, second)
    with pytest.raises(Refused, match="Nobody has labelled"):
        shown(ida, waiting(workspace)[0])


def test_resolutions_that_differ_come_up_without_names_for_a_third(workspace: Workspace, ida: Workspace) -> None:
    item = waiting(workspace)[0]
    differ(workspace, item)
    there = replicas.replica(workspace.folder.parent / "there", workspace, "Ava")
    replicas.bring_items(workspace, there)
    resolve(ida, item, "compliant", why="As I read it.")
    resolving.resolve_item(there, SILENT, campaign="D", item=item, verdict="non_compliant", rationale="Plain.")
    replicas.carry(there, workspace)
    there.close()
    found = shown(workspace, item)
    assert (found.kind, {(one.verdict, one.by) for one in found.rulings}) == (
        "resolutions",
        {("compliant", None), ("non_compliant", None)},
    )
    (docket,) = adjudicating.disputes(workspace, SILENT, campaign="D").value
    assert [one.kind for one in docket.items] == ["resolutions"]
    resolve(workspace, item, "compliant", "2")
    assert (shown(workspace, item).kind, left(workspace)) == (None, [])
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok


def test_a_resolution_carries_its_clauses_through_a_rebuild_and_to_another_replica(workspace: Workspace, ida: Workspace) -> None:
    item, other = waiting(workspace)[:2]
    differ(workspace, item)
    differ(workspace, other)
    resolve(ida, item, "non_compliant", "refunds:3", "1")
    plain = replicas.digest(workspace)
    resolve(ida, other)
    before = replicas.digest(workspace)
    assert plain != before
    there = replicas.empty(workspace.folder.parent / "there", seed=9)
    replicas.carry(workspace, there)
    assert replicas.digest(there) == before
    there.close()
    assert verifying.verify(workspace, SILENT, rebuild=True).value.digest == before
    with pytest.raises(Refused, match="no clause “9”"):
        resolve(ida, other, "compliant", "9")
    assert replicas.digest(workspace) == before


def test_a_policy_at_fault_names_the_clause_and_leaves_a_note_on_it(workspace: Workspace, ida: Workspace) -> None:
    item, hidden = waiting(workspace)[:2]
    differ(workspace, item)
    differ(workspace, hidden)
    with pytest.raises(Refused, match="Which clause is at fault"):
        resolve(ida, item, "policy_at_fault")
    resolve(ida, item, "policy_at_fault", "2", "3", why="It does not say what “twice” counts.")
    resolve(ida, hidden, "policy_at_fault", "2", why="Nor here.")
    notes = clause_notes.notes_on_clause(workspace, SILENT, policy="refunds", clause="2").value
    assert [(one.text, one.by, one.item, one.version, one.campaign) for one in notes] == [
        ("It does not say what “twice” counts.", "Ida", item, 1, "D"),
        ("Nor here.", "Ida", hidden, 1, "D"),
    ]
    assert [one.clause for one in clause_notes.notes_on_clause(workspace, SILENT, policy="refunds").value] == ["2", "3", "2"]
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="E", query=f"id:{hidden}", seed="s"))
    assert [one.item for one in clause_notes.notes_on_clause(workspace, SILENT, policy="refunds", clause="2").value] == [item]
    resolve(ida, item, "compliant", "1")
    assert clause_notes.notes_on_clause(workspace, SILENT, policy="refunds", clause="3").value == ()
    with pytest.raises(NotFound):
        clause_notes.notes_on_clause(workspace, SILENT, policy="none")


def test_precedents_stand_by_clause_then_by_likeness_and_words_narrow_them(workspace: Workspace, ida: Workspace) -> None:
    here, like, unlike, other, open_one = apart(workspace)
    differ(workspace, here, why="The receipt is from another shop.")
    differ(workspace, like, why="The receipt is from another shop, and torn.")
    differ(workspace, unlike, why="Paid in cash.")
    differ(workspace, other, why="The receipt is from another shop.", clauses=("2", "3"))
    differ(workspace, open_one)
    resolve(ida, other, "compliant", why="Clause 2 does not speak of shops.")
    resolve(ida, like, "non_compliant", "1", why="Another shop is no receipt.")
    resolve(ida, unlike, "policy_at_fault", "1", why="Cash leaves none.")
    found = precedents.precedents(ida, SILENT, campaign="D", item=here).value
    assert [(one.item, one.same_clause, one.verdict) for one in found] == [
        (like, True, "non_compliant"),
        (unlike, True, "policy_at_fault"),
        (other, False, "compliant"),
    ]
    assert (found[0].reason, found[0].clauses, found[0].campaign) == ("Another shop is no receipt.", ("refunds:1",), "D")
    assert found[2].clauses == ("refunds:2", "refunds:3")
    assert found[0].likeness > found[1].likeness > 0
    assert found[0].title.startswith("Refund order")

    def with_words(words: str) -> list[str]:
        return [one.item for one in precedents.precedents(ida, SILENT, campaign="D", item=here, words=words).value]

    assert (with_words("CASH none"), with_words("torn"), with_words("nowhere")) == ([unlike], [like], [])
    with pytest.raises(NotAllowed):
        precedents.precedents(workspace.as_member("Ben"), SILENT, campaign="D", item=here)


def test_no_precedent_leads_who_has_still_to_label_its_item(workspace: Workspace, ida: Workspace) -> None:
    here, before = waiting(workspace)[:2]
    differ(workspace, here)
    differ(workspace, before)
    resolve(ida, before)
    assert len(precedents.precedents(workspace, SILENT, campaign="D", item=here).value) == 1
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="E", query=f"id:{before}", seed="s"))
    assert precedents.precedents(workspace, SILENT, campaign="D", item=here).value == ()


def test_what_was_begun_is_kept_beside_the_draft_of_a_label_until_it_is_resolved(workspace: Workspace, ida: Workspace) -> None:
    item = waiting(workspace)[0]
    differ(workspace, item)
    found = shown(ida, item)
    begun = Begun(verdict="policy_at_fault", reason="It does not say", clauses=("refunds:1",))
    adjudicating.keep_begun(ida, SILENT, campaign=found.campaign, item=found.id, begun=begun)
    labelling.save_draft(ida, SILENT, campaign=found.campaign, item=found.id, opinion=Opinion(verdict="unsure"))
    assert (shown(ida, item).begun, shown(workspace, item).begun) == (begun, Begun())
    resolve(ida, item)
    assert shown(ida, item).begun == Begun()


def test_search_shows_no_resolution_as_a_label_that_cites(workspace: Workspace, ida: Workspace) -> None:
    item = waiting(workspace)[0]
    say(workspace, "Ben", item, "compliant", "1")
    say(workspace, "Cy", item, "non_compliant", "2")
    resolve(ida, item, "compliant", "3")
    assert [len(searching.search(ida, SILENT, text=f"clause:{name}").value.rows) for name in ("1", "2", "3")] == [1, 1, 0]


def test_what_is_sent_back_comes_up_again_once_both_have_answered_and_still_differ(workspace: Workspace, ida: Workspace) -> None:
    item, resolved = waiting(workspace)[:2]
    differ(workspace, item)
    differ(workspace, resolved)
    resolve(ida, resolved)
    found = shown(ida, item)
    adjudicating.keep_begun(ida, SILENT, campaign=found.campaign, item=found.id, begun=Begun(reason="Which receipt?"))
    done = adjudicating.send_back(ida, SILENT, campaign="D", item=item, note="Look at step 3 again.").value
    assert done.items == (item,)
    assert (left(ida), shown(ida, item).kind, shown(ida, item).begun) == ([], None, Begun())
    assert {one.by for one in shown(ida, item).opinions} == {None}
    for member, verdict in (("Ben", "compliant"), ("Cy", "non_compliant")):
        assert left(ida) == []
        acting = workspace.as_member(member)
        (up, *_) = queues.next_items(acting, SILENT, campaign="D").value
        assert (up.id, up.asked_again and up.asked_again.why) == (item, "sent_back")
        acting.close()
        say(workspace, member, item, verdict)
    assert left(ida) == [item]
    with pytest.raises(Refused, match="not in dispute"):
        adjudicating.send_back(ida, SILENT, campaign="D", item=resolved)
    with pytest.raises(NotAllowed):
        adjudicating.send_back(workspace.as_member("Ben"), SILENT, campaign="D", item=item)
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok


def test_what_was_decided_by_a_clause_is_a_precedent_of_it_on_the_policies_page_too(workspace: Workspace, ida: Workspace) -> None:
    item = waiting(workspace)[0]
    differ(workspace, item)
    resolve(ida, item, "policy_at_fault", "3", why="It does not say whom.")
    for clause, found in (("1", [item]), ("3", [item]), ("2", [])):
        view = policy_overview.clause_view(workspace, SILENT, key="refunds", clause=clause).value
        assert [one.item for one in view.precedents] == found
    assert policy_overview.clause_view(workspace, SILENT, key="refunds", clause="3").value.precedents[0].words == "It does not say whom."


def test_the_story_of_a_label_says_under_which_clauses_it_was_resolved(workspace: Workspace, ida: Workspace) -> None:
    item = waiting(workspace)[0]
    differ(workspace, item)
    resolve(ida, item, "non_compliant", "1", "2")
    story = stories.story_of(workspace, SILENT, label=stories.Question("D", item, "Ben")).value
    assert story.resolutions[0].clauses == ("refunds:1", "refunds:2")
    assert "non-compliant, under refunds:1 and refunds:2, reason adjudicated" in telling.as_text(story)
