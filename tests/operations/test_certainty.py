"""How sure a campaign is, item by item: the limits are those of the confidence sequence over the random control stream."""

from pathlib import Path

import numpy as np
import pytest

from reviewer.domain import sequential
from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, certainty, estimating
from reviewer.storage.workspace import Workspace
from tests import worlds


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """20 of 40 items drawn by chance."""
    workspace = worlds.make(tmp_path / "workspace")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(40)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", design="srs"), size=20)
    return workspace


def test_nothing_is_said_before_the_first_item_and_then_after_each(workspace: Workspace) -> None:
    before = certainty.certainty_of_campaign(workspace, SILENT, campaign="C").value
    assert before.steps == ()
    assert before.reason == "The item that is first in the order of chance has no answer yet."
    said = ["non_compliant", "compliant", "unsure", "compliant", "compliant"]
    for item, verdict in zip(worlds.waiting(workspace, limit=5), said, strict=True):
        worlds.label(workspace, item, verdict)
    after = certainty.certainty_of_campaign(workspace, SILENT, campaign="C").value
    bounds = sequential.confidence_sequence(np.array([1, 0, np.nan, 0, 0]), population=40)
    assert [(step.items, step.estimate) for step in after.steps] == [(1, 1.0), (2, 0.5), (3, 0.5), (4, 1 / 3), (5, 0.25)]
    assert [(step.low, step.high) for step in after.steps] == list(zip(bounds.low, bounds.high, strict=True))
    whole = estimating.estimate_campaign(workspace, SILENT, campaign="C", method="anytime").value
    assert (whole.low, whole.high) == (after.steps[-1].low, after.steps[-1].high)
    last = after.steps[-1]
    assert certainty.settled(after, last.high + 0.001) == ("acceptable", 5)
    assert certainty.settled(after, (last.low + last.high) / 2) is None
    with pytest.raises(Refused, match="tolerable rate of 1 "):
        certainty.settled(after, 1)
    workspace.close()


def test_a_rate_that_was_expected_makes_limits_narrower_in_the_estimate_and_at_each_step(workspace: Workspace) -> None:
    for item in worlds.waiting(workspace, limit=20):
        worlds.label(workspace, item, "compliant")
    usual, told = (certainty.certainty_of_campaign(workspace, SILENT, campaign="C", expected=rate).value for rate in (None, 0.02))
    bounds = sequential.confidence_sequence(np.zeros(20), population=40, bets=sequential.expecting(0.02))
    assert [step.high for step in told.steps] == bounds.high.tolist()
    assert told.steps[-1].high < usual.steps[-1].high
    whole = estimating.estimate_campaign(workspace, SILENT, campaign="C", method="anytime", expected=0.02).value
    assert whole.high == told.steps[-1].high
    with pytest.raises(Refused, match="rate of 0 cannot be expected"):
        certainty.certainty_of_campaign(workspace, SILENT, campaign="C", expected=0)
    workspace.close()


def test_a_long_run_is_told_at_steps_of_one_size_with_the_first_and_the_last() -> None:
    told = certainty._told(20_000)
    assert (told[0], told[-1], len(told)) == (0, 19_999, certainty.MOST_STEPS)
    assert certainty._told(3) == [0, 1, 2]
