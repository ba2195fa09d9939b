"""What the table of conflicts says to whom: both sides as they differ, and only what the person may do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, conflicts, members
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.sync import settling
from reviewer.ui.pages.sync.settle import SettleRow
from tests import worlds

NAME = "Three"
PEOPLE = ("Ada", "Ben", "Cleo")


@pytest.fixture
def argued(tmp_path: Path) -> Iterator[tuple[Workspace, ItemId]]:
    """An item on which the last of three people differs from the others; Ida, an adjudicator, labelled nothing."""
    workspace = worlds.make(tmp_path / "workspace")
    [item] = worlds.put_in(workspace, [worlds.run_of(1)])
    members.add_members(workspace, SILENT, names=["Ben", "Cleo"])
    members.add_members(workspace, SILENT, names=["Ida"], role="adjudicator")
    rules = Campaign(name=NAME, query="", seed="s", overlap=3, assign="all")
    campaigns.create_campaign(workspace, SILENT, rules=rules, member_names=PEOPLE)
    for name, verdict in zip(PEOPLE, ("compliant", "compliant", "non_compliant"), strict=True):
        acting = workspace.as_member(name)
        worlds.label(acting, item, verdict, campaign=NAME)
        acting.close()
    yield workspace, item
    workspace.close()


def _row(workspace: Workspace) -> SettleRow:
    [one] = conflicts.list_conflicts(workspace, SILENT).value.conflicts
    return settling.row_of(0, one, workspace.me.role, frozenset(), "utc")


@pytest.mark.parametrize(("name", "act"), [("Ada", "another person"), ("Ben", "another person"), ("Ida", "resolve")])
def test_only_whoever_may_rule_is_asked_to_resolve(argued: tuple[Workspace, ItemId], name: str, act: str) -> None:
    acting = argued[0].as_member(name)
    assert _row(acting).act == act
    acting.close()


def test_the_two_sides_that_are_shown_differ(argued: tuple[Workspace, ItemId]) -> None:
    workspace, item = argued
    ida = workspace.as_member("Ida")
    row = _row(ida)
    assert {row.here.said, row.there.said} == {"compliant", "non-compliant"}
    assert row.there.note.endswith(", and 1 more")
    assert row.item == item
    ida.close()
