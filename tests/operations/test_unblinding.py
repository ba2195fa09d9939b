"""Looking at what is hidden: it is shown, it is remembered, and the label says so."""

from pathlib import Path

import pytest

from reviewer.domain.events import Campaign, Shown
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members, queues, suggesting, unblinding, verifying
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


@pytest.fixture
def ben(workspace: Workspace) -> Workspace:
    """Ben, who reviews with Ada in the campaign D."""
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s", overlap=2, assign="all"))
    return workspace.as_member("Ben")


def label_of(who: Workspace, item: str) -> tuple[bool, Shown]:
    said = queues.said_before(who, SILENT, campaign="D", item=item).value  # type: ignore[arg-type] # an id
    assert said is not None
    return said.label.blind, said.label.shown


def test_everything_that_would_lead_is_shown_and_the_label_says_what_it_was(workspace: Workspace, ben: Workspace, tmp_path: Path) -> None:
    item = worlds.waiting(ben, campaign="D")[0]
    given = worlds.label(workspace, item, "non_compliant", campaign="D", rationale="Late.").value
    (tmp_path / "s.jsonl").write_text(f'{{"item":"{item}","verdict":"compliant","score":0.9}}\n')
    suggesting.import_suggestions(workspace, SILENT, path=tmp_path / "s.jsonl", judge="j")
    hidden = unblinding.unblind_item(ben, SILENT, campaign="D", item=item[:10]).value
    assert hidden.models == ("model-a",)
    assert hidden.origin is not None
    assert hidden.origin.file == "runs.jsonl"
    assert [(one.judge, one.verdict) for one in hidden.suggestions] == [("j", "compliant")]
    assert [(one.reviewer, one.rationale) for one in hidden.labels] == [("Ada", "Late.")]
    worlds.label(ben, item, campaign="D")
    blind, shown = label_of(ben, item)
    assert not blind
    assert (shown.model, shown.source, shown.labels, len(shown.suggestions)) == (True, True, (given.label,), 1)
    assert label_of(workspace, item) == (True, Shown("text"))
    assert verifying.verify(workspace, SILENT).value.ok
    ben.close()


def test_it_is_remembered_and_concerns_that_item_and_that_member_only(workspace: Workspace, ben: Workspace) -> None:
    first, second = worlds.waiting(ben, campaign="D")[:2]
    unblinding.unblind_item(ben, SILENT, campaign="D", item=first)
    folder = workspace.folder
    ben.close()
    again = Workspace.open(folder, member="Ben", surroundings=worlds.surroundings())
    one, two = queues.next_items(again, SILENT, campaign="D", limit=2).value
    assert (one.id, one.unblinded, two.unblinded) == (first, True, False)
    assert one.item.model is None, "it is shown in its place, when it is asked for"
    assert not queues.next_items(workspace, SILENT, campaign="D").value[0].unblinded
    for who, item in ((again, first), (again, second), (workspace, first)):
        worlds.label(who, item, campaign="D")
    assert [label_of(again, first)[0], label_of(again, second)[0], label_of(workspace, first)[0]] == [False, True, True]
    worlds.label(again, first, "unsure", campaign="D")
    assert not label_of(again, first)[0], "a later answer is not blind either"
    again.close()


def test_a_rebuild_does_not_forget_it(workspace: Workspace, ben: Workspace) -> None:
    item = worlds.waiting(ben, campaign="D")[0]
    unblinding.unblind_item(ben, SILENT, campaign="D", item=item)
    verifying.verify(workspace, SILENT, rebuild=True)
    assert queues.next_items(ben, SILENT, campaign="D").value[0].unblinded
    ben.close()


def test_ones_own_first_answer_is_not_shown_with_a_repeat(workspace: Workspace, ben: Workspace) -> None:
    item = worlds.waiting(ben, campaign="D")[0]
    worlds.label(ben, item, campaign="D")
    assert unblinding.unblind_item(ben, SILENT, campaign="D", item=item).value.labels == ()
    ben.close()


def test_an_observer_may_not(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Olga"], role="observer")
    olga = workspace.as_member("Olga")
    before = len(replicas.all_entries(workspace))
    with pytest.raises(NotAllowed):
        unblinding.unblind_item(olga, SILENT, campaign="C", item=worlds.waiting(workspace)[0])
    assert len(replicas.all_entries(workspace)) == before
    olga.close()


def test_taking_a_label_back_does_not_make_it_blind_again(workspace: Workspace, ben: Workspace) -> None:
    item = worlds.waiting(ben, campaign="D")[0]
    unblinding.unblind_item(ben, SILENT, campaign="D", item=item)
    worlds.label(ben, item, campaign="D")
    labelling.undo_label(ben, SILENT, campaign="D")
    worlds.label(ben, item, campaign="D")
    assert not label_of(ben, item)[0]
    ben.close()
