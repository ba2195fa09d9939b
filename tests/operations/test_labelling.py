"""Recording what a person says: a label, another one in its place, an undo, a skip, a question to the lead, a draft."""

from typing import Any

import msgspec
import pytest

from reviewer.domain.changes import Changes
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign, Shown, Span
from reviewer.domain.evidence import span_of
from reviewer.domain.items import Candidate, Item, Message, Part
from reviewer.domain.labels import Omitted, Opinion
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members, queues, verifying
from reviewer.storage import labels as label_rows
from reviewer.storage.labels import Said
from reviewer.storage.workspace import Workspace
from tests import worlds


def history(workspace: Workspace, item: Any) -> list[Said]:
    with workspace.read() as reading:
        return label_rows.of_item(reading, item)


def entries(workspace: Workspace) -> int:
    with workspace.read() as reading:
        return int(reading.rows("SELECT count(*) FROM entry")[0][0])


FULL = Opinion(
    verdict="non_compliant",
    severity="major",
    rationale="Because é 🙂.",
    confidence="high",
    steps={"3": "bad", "3.1": "bad", "1": "neutral"},
    omissions=(Omitted("It should have asked.", "2"), Omitted("And said so.")),
    duration_ms=4_200,
)


def test_everything_that_was_said_is_read_back(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    run = queues.next_items(workspace, SILENT, campaign="C").value[0].item
    span = span_of(run, step="2", start=0, end=6)
    opinion = Opinion(**{name: getattr(FULL, name) for name in FULL.__struct_fields__} | {"spans": (span,)})
    outcome = labelling.label_item(workspace, SILENT, campaign="C", item=item[:8], opinion=opinion, correction=b"Better.")
    assert outcome.changes == Changes.LABELS | Changes.QUEUE
    (said,) = history(workspace, item)
    assert (said.hash, said.reviewer, said.campaign, said.rationale, said.omissions) == (
        outcome.value.label,
        "Ada",
        "C",
        "Because é 🙂.",
        ("It should have asked.", "And said so."),
    )
    assert said.label.correction is not None
    assert said.label.blind
    with workspace.read() as reading:
        assert reading.blob(said.label.correction) == b"Better."
        assert labelling.opinion_of(reading, said.hash) == msgspec.structs.replace(opinion, correction="Better.")


@pytest.mark.parametrize(
    ("shown", "blind"),
    [(Shown("w"), True), (Shown("w", model=True), False), (Shown("w", source=True), False), (Shown("w", suggestions=("x",)), False)],
)
def test_a_label_given_with_something_leading_in_view_is_not_blind(workspace: Workspace, shown: Shown, blind: bool) -> None:
    item = worlds.waiting(workspace)[0]
    labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(verdict="compliant"), shown=shown)
    assert history(workspace, item)[0].label.blind is blind
    assert history(workspace, item)[0].label.shown == shown


def test_a_second_label_of_mine_replaces_my_first_and_survives_a_rebuild(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    for verdict in ("compliant", "non_compliant"):
        worlds.label(workspace, item, verdict)
    before = [(said.label.verdict, said.in_force) for said in history(workspace, item)]
    assert before == [("compliant", False), ("non_compliant", True)]
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok
    assert [(said.label.verdict, said.in_force) for said in history(workspace, item)] == before


def test_undo_takes_back_one_label_after_another_and_puts_its_words_on_screen(workspace: Workspace) -> None:
    items = worlds.waiting(workspace)[:3]
    for number, item in enumerate(items):
        worlds.label(workspace, item, rationale=f"Reason {number}")
    for number in (2, 1, 0):
        undone = labelling.undo_label(workspace, SILENT).value
        assert (undone.item, undone.opinion.rationale) == (items[number], f"Reason {number}")
        shown = queues.show_again(workspace, SILENT, campaign="C", item=items[number]).value
        assert shown.draft == undone.opinion
    with pytest.raises(Refused, match="no label of yours"):
        labelling.undo_label(workspace, SILENT)
    assert [said.in_force for item in items for said in history(workspace, item)] == [False] * 3
    assert worlds.waiting(workspace)[:3] == items


def test_undo_of_one_campaign_leaves_the_others(workspace: Workspace) -> None:
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t"))
    item = worlds.waiting(workspace)[0]
    worlds.label(workspace, item, campaign="C")
    worlds.label(workspace, item, campaign="D")
    assert labelling.undo_label(workspace, SILENT, campaign="C").value.item == item
    assert [(said.campaign, said.in_force) for said in history(workspace, item)] == [("C", False), ("D", True)]


def test_undo_is_never_of_another_member(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    item = worlds.waiting(workspace)[0]
    worlds.label(workspace, item)
    with pytest.raises(Refused):
        labelling.undo_label(ben, SILENT, campaign="C")
    ben.close()
    assert history(workspace, item)[0].in_force


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"campaign": "None"}, NotFound),
        ({"item": "abcdef"}, NotFound),
        ({"item": "x"}, NotFound),
        ({"opinion": Opinion()}, Refused),
        ({"opinion": Opinion(verdict="compliant", rationale="x" * 300_000)}, Refused),
        ({"opinion": Opinion(verdict="compliant", omissions=(Omitted("x" * 300_000),))}, Refused),
        ({"opinion": Opinion(verdict="compliant", steps={"6": "bad"})}, Refused),
        ({"opinion": Opinion(verdict="compliant", spans=(Span(step="2", start=0, end=6_000, quote="0" * 64),))}, Refused),
        ({"opinion": Opinion(verdict="compliant", spans=(Span(step="9", start=0, end=6, quote="0" * 64),))}, Refused),
        ({"opinion": Opinion(verdict="compliant", spans=(Span(step="2", start=0, end=6, quote="0" * 64),))}, Refused),
        ({"opinion": Opinion(verdict="compliant", omissions=(Omitted("Ask", "6"),))}, Refused),
        ({"opinion": Opinion(verdict="compliant", omissions=(Omitted("Ask", "3.2"),))}, Refused),
        ({"opinion": Opinion(verdict="compliant", omissions=(Omitted("Ask", None, "none:1.1"),))}, Refused),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_refused_writes_nothing(workspace: Workspace, changes: dict[str, Any], error: type[Exception]) -> None:
    before = entries(workspace)
    given = {"campaign": "C", "item": worlds.waiting(workspace)[0], "opinion": Opinion(verdict="compliant"), **changes}
    with pytest.raises(error):
        labelling.label_item(workspace, SILENT, **given)
    assert entries(workspace) == before
    with workspace.read() as reading:
        assert reading.row("SELECT count(*) FROM blob") == (3,)  # those of the import and of the draw


def test_an_item_outside_the_sample_is_refused(workspace: Workspace) -> None:
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t", design="srs"), size=3)
    drawn = worlds.waiting(workspace, campaign="D")
    outside = next(item for item in worlds.waiting(workspace) if item not in drawn)
    with pytest.raises(Refused, match="not in the sample"):
        worlds.label(workspace, outside, campaign="D")


def test_a_closed_campaign_takes_no_more(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    campaigns.close_campaign(workspace, SILENT, campaign="C")
    with pytest.raises(Refused, match="is closed"):
        worlds.label(workspace, item)


def test_an_observer_says_nothing(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Olga"], role="observer")
    olga = workspace.as_member("Olga")
    item = worlds.waiting(workspace)[0]
    before = entries(workspace)
    with pytest.raises(NotAllowed):
        worlds.label(olga, item)
    with pytest.raises(NotAllowed):
        labelling.skip_item(olga, SILENT, campaign="C", item=item)
    olga.close()
    assert entries(workspace) == before


def test_what_was_skipped_comes_back_last_and_what_was_escalated_waits_for_the_lead(workspace: Workspace) -> None:
    first, second, third, *rest = worlds.waiting(workspace)
    assert labelling.skip_item(workspace, SILENT, campaign="C", item=first, reason="Later.").changes == Changes.QUEUE
    labelling.escalate_item(workspace, SILENT, campaign="C", item=second, reason="Is this allowed?")
    assert worlds.waiting(workspace) == [third, *rest, first]
    with pytest.raises(Refused, match="No reason"):
        labelling.escalate_item(workspace, SILENT, campaign="C", item=third, reason="  ")


def test_a_draft_survives_and_is_gone_once_it_became_a_label(workspace: Workspace) -> None:
    shown = queues.next_items(workspace, SILENT, campaign="C").value[0]
    begun = Opinion(rationale="I think", duration_ms=900)
    labelling.save_draft(workspace, SILENT, campaign=shown.campaign, item=shown.id, opinion=begun)
    again = Workspace.open(workspace.folder)
    assert queues.next_items(again, SILENT, campaign="C").value[0].draft == begun
    again.close()
    worlds.label(workspace, shown.id)
    assert queues.show_again(workspace, SILENT, campaign="C", item=shown.id).value.draft is None


def test_an_emptied_draft_is_forgotten(workspace: Workspace) -> None:
    shown = queues.next_items(workspace, SILENT, campaign="C").value[0]
    labelling.save_draft(workspace, SILENT, campaign=shown.campaign, item=shown.id, opinion=Opinion(rationale="I think"))
    labelling.save_draft(workspace, SILENT, campaign=shown.campaign, item=shown.id, opinion=Opinion(duration_ms=5))
    assert queues.show_again(workspace, SILENT, campaign="C", item=shown.id).value.draft is None


def test_a_comparison_may_be_marked_by_candidate(workspace: Workspace) -> None:
    pair = Item(
        kind="comparison",
        messages=(Message(role="user", content=(Part(type="text", text="Which?"),)),),
        candidates=tuple(Candidate(key=key, messages=(Message(role="assistant", content=(Part(type="text", text=key),)),)) for key in "AB"),
    )
    (item,) = worlds.put_in(workspace, [pair])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t"))
    opinion = Opinion(verdict="compliant", steps={"A/1": "good", "B/1": "bad"})
    labelling.label_item(workspace, SILENT, campaign="D", item=item, opinion=opinion)
    assert history(workspace, item)[0].label.steps == {"A/1": "good", "B/1": "bad"}
