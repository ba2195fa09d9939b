"""Labels as they lie in the tables: what was said, by whom, and what has been begun."""

import pytest

from reviewer.domain.chain import EntryHash
from reviewer.domain.errors import Damaged
from reviewer.domain.labels import Omitted, Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import labelling, members
from reviewer.storage import campaigns, labels
from reviewer.storage.workspace import Workspace
from tests import worlds


def test_every_label_of_an_item_is_told_oldest_first(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    item = worlds.waiting(workspace)[0]
    worlds.label(workspace, item, "compliant", rationale="First")
    worlds.label(ben, item, "unsure")
    worlds.label(workspace, item, "non_compliant", rationale="Second")
    with workspace.read() as reading:
        said = labels.of_item(reading, item)
        assert [(one.reviewer, one.label.verdict, one.rationale, one.in_force) for one in said] == [
            ("Ada", "compliant", "First", False), ("Ben", "unsure", None, True), ("Ada", "non_compliant", "Second", True),
        ]  # fmt: skip
        assert labels.one(reading, said[1].hash) == said[1]
        assert labels.one(reading, EntryHash("0" * 64)) is None
    ben.close()


def test_the_newest_own_label_and_its_campaign_are_known(workspace: Workspace) -> None:
    first, second, *_ = worlds.waiting(workspace)
    with workspace.read() as reading:
        stored = campaigns.named(reading, "C")
        assert labels.last_own(reading, stored, workspace.member) is None
        assert labels.last_campaign(reading, workspace.member) is None
    for item in (first, second):
        worlds.label(workspace, item)
    with workspace.read() as reading:
        newest = labels.last_own(reading, stored, workspace.member)
        assert newest is not None
        assert newest[1] == second
        assert labels.last_campaign(reading, workspace.member) == stored.state.hash
        assert labels.own_in_force(reading, stored, workspace.member, second) == {newest[0].hash}
    labelling.undo_label(workspace, SILENT)
    with workspace.read() as reading:
        newest = labels.last_own(reading, stored, workspace.member)
        assert newest is not None
        assert newest[1] == first
        assert [mine.item for mine in labels.mine(reading, stored, workspace.member, 10)] == [first]


def test_a_note_that_was_changed_is_not_shown_and_one_that_is_not_here_is_none(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    worlds.label(workspace, item, rationale="Because")
    with workspace.begin() as work:
        work.run("UPDATE blob SET content = CAST(content || '!' AS BLOB) WHERE instr(content, 'Because')")
        with pytest.raises(Damaged):
            labels.of_item(work, item)
        work.run("DELETE FROM blob WHERE instr(content, 'Because')")
        assert labels.of_item(work, item)[0].rationale is None


def test_a_draft_is_of_one_member_and_one_item(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    first, second, *_ = worlds.waiting(workspace)
    begun = Opinion(verdict="unsure", rationale="Hm", steps={"1": "bad"}, omissions=(Omitted("x"),))
    ben = workspace.as_member("Ben")
    with workspace.begin() as work:
        campaign = campaigns.named(work, "C").state.hash
        labels.save_draft(work, campaign, first, Opinion(rationale="H"))
        labels.save_draft(work, campaign, first, begun)
        assert labels.draft(work, campaign, first) == begun
        assert labels.draft(work, campaign, second) is None
        assert labels.draft_of(work, campaign, first, ben.member) is None
        labels.drop_draft(work, campaign, first)
        assert labels.draft(work, campaign, first) is None
    ben.close()


def test_a_draft_whose_omissions_are_words_alone_is_still_read(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    with workspace.begin() as work:
        campaign = campaigns.named(work, "C").state.hash
        labels.save_draft(work, campaign, item, Opinion(rationale="Hm"))
        work.run("UPDATE draft SET opinion = ?", ('{"rationale":"Hm","omissions":["It should have asked."]}',))
        assert labels.draft(work, campaign, item) == Opinion(rationale="Hm", omissions=(Omitted("It should have asked."),))
