"""What was said of items between two moments, told by where the streams ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import since
from reviewer.storage.workspace import Reading, Workspace
from tests import worlds


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Four runs in the campaign C, and in D."""
    made = worlds.ready(tmp_path / "w", items=4)
    campaigns.create_campaign(made, SILENT, rules=Campaign(name="D", query="", seed="t"))
    yield made
    made.close()


def _now(reading: Reading) -> dict[bytes, int]:
    return dict(reading.rows("SELECT stream, max(seq) FROM entry GROUP BY stream"))


def _between(workspace: Workspace, items: list[ItemId], old: dict[bytes, int], new: dict[bytes, int]) -> dict[ItemId, list[str]]:
    with workspace.read() as reading:
        found = since.between(reading, [campaign_rows.named(reading, "C")], items, old, new)
    return {item: sorted(one.what for one in said) for item, said in found.items()}


def _moment(workspace: Workspace) -> dict[bytes, int]:
    with workspace.read() as reading:
        return _now(reading)


def test_each_act_is_told_once_in_either_direction_and_of_the_campaigns_asked_for(workspace: Workspace) -> None:
    items = worlds.waiting(workspace)
    start = _moment(workspace)
    worlds.label(workspace, items[0])
    middle = _moment(workspace)
    worlds.label(workspace, items[0], "non_compliant")
    worlds.label(workspace, items[1])
    labelling.undo_label(workspace, SILENT, campaign="C")
    worlds.label(workspace, items[2], campaign="D")
    end = _moment(workspace)
    assert _between(workspace, items, start, middle) == {items[0]: ["labelled"]}
    assert _between(workspace, items, middle, end) == {items[0]: ["changed"], items[1]: ["labelled", "withdrawn"]}
    assert _between(workspace, items, end, middle) == _between(workspace, items, middle, end)
    assert _between(workspace, items[3:], start, end) == _between(workspace, items, end, end) == {}


def test_the_entry_of_a_release_is_found_by_its_manifest(workspace: Workspace) -> None:
    with workspace.read() as reading:
        assert since.release_entry(reading, "00" * 32) is None
        assert since.between(reading, [], [ItemId("00" * 32)], {}, {}) == {}
        item = worlds.waiting(workspace)[0]
        (title,) = since.here(reading, [ItemId("00" * 32), item]).values()
        assert since.here(reading, [item]) == {item: title}
        assert title.startswith("Refund order ")
