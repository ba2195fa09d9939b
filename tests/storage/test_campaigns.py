"""Lists that draws name, and whose turn is next."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import canonical, sampling
from reviewer.domain.errors import Damaged, NotFound, Refused
from reviewer.domain.events import Campaign, Event
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns as asking
from reviewer.storage import campaigns
from reviewer.storage.workspace import Workspace

ids = st.binary(min_size=32, max_size=32).map(lambda raw: ItemId(raw.hex()))


@given(st.lists(ids, unique=True, max_size=20))
def test_a_population_is_its_sorted_ids(names: list[ItemId]) -> None:
    packed = campaigns.pack_ids(names)
    assert len(packed) == 32 * len(names)
    assert campaigns.unpack_ids(packed) == sorted(names)


def test_picks_come_back_as_they_were_drawn(workspace: Workspace) -> None:
    sample = sampling.simple_random([ItemId(f"{n:064x}") for n in range(30)], "s", size=7)
    with workspace.begin() as work:
        name = work.keep_blob(campaigns.pack_picks(sorted(sample.picks)))
        assert campaigns.picks(work, name) == sorted(sample.picks)
        with pytest.raises(NotFound):
            campaigns.picks(work, "0" * 64)


ITEM = "a" * 64


@pytest.mark.parametrize(
    "rows",
    [
        {}, [1], [[ITEM]], [["x", "", "control", "1", "0.5"]], [[ITEM, "", "first", "1", "0.5"]], [[ITEM, "", "control", "one", "0.5"]],
        [[ITEM, "", "control", "nan", "0.5"]], [[ITEM, "", "control", "1", "1e999999"]], [[ITEM, "", "control", "1", "-1"]],
    ],
    ids=str,
)  # fmt: skip
def test_a_list_of_picks_that_is_none_is_damaged(workspace: Workspace, rows: Any) -> None:
    with workspace.begin() as work:
        name = work.keep_blob(canonical.encode(rows))
        with pytest.raises(Damaged):
            campaigns.picks(work, name)


@pytest.mark.parametrize("number", ["0", "1", "0.5", "1.0", "1e-05", "2.5e-07", "0.30000000000000004"])
def test_decimals_as_they_are_written_are_read(workspace: Workspace, number: str) -> None:
    with workspace.begin() as work:
        name = work.keep_blob(canonical.encode([[ITEM, "", "control", number, number]]))
        assert campaigns.picks(work, name)[0].pi == number


def test_two_campaigns_of_one_name_are_told_apart_by_id(workspace: Workspace) -> None:
    # As from two leads who did not know of each other.
    with workspace.begin() as work:
        work.record(Event("campaign", Campaign(name="C", query="", seed="other")))
        with pytest.raises(Refused, match="2 campaigns"):
            campaigns.named(work, "C")
        both = campaigns.every(work)
        assert {campaigns.named(work, one.state.hash).state.hash for one in both} == {one.state.hash for one in both}
        assert {campaigns.named(work, one.state.hash[:12].upper()).state.hash for one in both} == {one.state.hash for one in both}
        with pytest.raises(NotFound, match="There is no campaign"):
            campaigns.named(work, both[0].state.hash + "0")


def test_a_threshold_is_the_largest_of_all_draws(workspace: Workspace) -> None:
    asking.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t", design="srs"), size=2)
    asking.grow_campaign(workspace, SILENT, campaign="D", size=5)
    with workspace.read() as reading:
        stored = campaigns.named(reading, "D")
        sample = campaigns.latest_sample(reading, stored)
        assert len(sample.picks) == 5
        assert float(sample.threshold) == max(float(pick.u) for pick in sample.picks)
        assert campaigns.is_sampled(reading, stored, sample.picks[0].item)
        assert not campaigns.is_sampled(reading, stored, ItemId("0" * 64))
