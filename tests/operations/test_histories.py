"""What happened to an item reads as a story, in order: labelled, a clause changed, asked again, labelled anew, in dispute, resolved."""

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.events import Campaign
from reviewer.domain.histories import Happening, with_disagreements
from reviewer.domain.progress import SILENT
from reviewer.operations import adjudicating, campaigns, labelling, policies, recounting, requeueing, resolving, stories
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.operations.test_adjudicating import ida, say, waiting

__all__ = ["ida"]

NEXT = b"# Refunds\n\n1. Within 14 days.\n2. Never twice.\n3. Ask first.\n"


def told(workspace: Workspace, item: str) -> list[str]:
    return [recounting.sentence(one) for one in stories.history_of(workspace, SILENT, item=item).value]


def test_the_whole_way_of_an_item_is_told_in_order(workspace: Workspace, ida: Workspace) -> None:
    item = waiting(workspace)[0]
    say(workspace, "Ben", item, "compliant", "1", why="It was day 20.")
    say(workspace, "Cy", item, "compliant", "1")
    policies.add_text(workspace, SILENT, key="refunds", content=NEXT, name="refunds.md")
    policies.activate_policy(workspace, SILENT, key="refunds", number=2)
    requeueing.requeue_items(workspace, SILENT, campaign="D", items=[item], why="stale", clause="refunds:1")
    say(workspace, "Ben", item, "non_compliant", "1")
    say(workspace, "Cy", item, "compliant", "2")
    adjudicating.send_back(ida, SILENT, campaign="D", item=item, note="Which day was it?")
    say(workspace, "Cy", item, "unsure")
    say(workspace, "Ben", item, "non_compliant", "1")
    resolving.resolve_item(
        ida, SILENT, campaign="D", item=item, verdict="non_compliant", rationale="Day 20 is too late now.", clauses=["1"]
    )
    story = [
        "Ben labelled it compliant under 1 of refunds, version 1: “It was day 20.”",
        "Cy labelled it compliant under 1 of refunds, version 1.",
        "Version 2 of refunds changed clause 1.",
        "Ada asked for it again, since clause 1 had changed.",
        "Ben labelled it again: non-compliant under 1 of refunds, version 2.",
        "Cy labelled it again: compliant under 2 of refunds, version 2.",
        "All labels were there, and they differed.",
        "Ida sent it back to all who had labelled it: “Which day was it?”",
        "Cy labelled it again: unsure.",
        "Ben labelled it again: non-compliant under 1 of refunds, version 2.",
        "All labels were there, and they differed.",
        "Ida resolved it as non-compliant under 1 of refunds, version 2: “Day 20 is too late now.”",
    ]
    assert told(workspace, item) == story
    there = replicas.empty(workspace.folder.parent / "there", seed=9)
    replicas.carry(workspace, there)
    replicas.bring_items(workspace, there)
    with there.read() as reading:
        from reviewer.storage.histories import history_of

        assert [recounting.sentence(one) for one in history_of(reading, item)] == story  # type: ignore[arg-type] # an id
    there.close()


def test_a_label_taken_back_a_clause_dropped_and_a_policy_at_fault_are_told(workspace: Workspace, ida: Workspace) -> None:
    item = waiting(workspace)[0]
    say(workspace, "Ben", item, "non_compliant", "3")
    ben = workspace.as_member("Ben")
    labelling.undo_label(ben, SILENT, campaign="D")
    ben.close()
    say(workspace, "Cy", item, "unsure", "3")
    resolving.resolve_item(ida, SILENT, campaign="D", item=item, verdict="policy_at_fault", rationale="Whom?", clauses=["3"])
    policies.add_text(workspace, SILENT, key="refunds", content=b"# Refunds\n\n1. Within 30 days.\n2. Never twice.\n", name="r.md")
    policies.activate_policy(workspace, SILENT, key="refunds", number=2)
    assert told(workspace, item) == [
        "Ben labelled it non-compliant under 3 of refunds, version 1.",
        "Ben took the label back.",
        "Cy labelled it unsure under 3 of refunds, version 1.",
        "Ida found the policy at fault, at 3 of refunds, version 1: “Whom?”",
        "Version 2 of refunds dropped clause 3.",
    ]


def test_who_has_still_to_label_an_item_hears_only_of_their_own_acts(workspace: Workspace, ida: Workspace) -> None:
    item = waiting(workspace)[0]
    say(workspace, "Ben", item, "compliant", "1")
    cy = workspace.as_member("Cy")
    assert told(cy, item) == []
    cy.close()
    assert told(ida, item) == ["Ben labelled it compliant under 1 of refunds, version 1."]
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="E", query=f"id:{item}", seed="s"))
    assert told(workspace, item) == []
    worlds.label(workspace, item, "unsure", campaign="E")
    assert len(told(workspace, item)) == 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["compliant", "non_compliant"])), max_size=12), st.integers(1, 3))
def test_a_disagreement_stands_behind_the_label_that_made_it_and_nothing_else_is_moved(said: list[tuple[str, str]], asked: int) -> None:
    acts = [
        Happening(kind="label", entry=EntryHash(f"{n:064x}"), campaign="C", member=MemberId(who), by=who, time=str(n), verdict=verdict)
        for n, (who, verdict) in enumerate(said)
    ]
    found = list(with_disagreements(acts, {"C": asked}))
    assert [one for one in found if one.kind != "disagreement"] == acts
    held: dict[str, str] = {}
    for before, one in zip([None, *found], found, strict=False):
        if one.kind == "disagreement":
            assert before is not None
            assert before.time == one.time
            assert len(held) >= asked
            assert len(set(held.values())) > 1
        else:
            held[one.member] = one.verdict or ""
