"""An overview says what the single questions say, each thing estimated once, and leaves standing what may be known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, certainty, estimating, members, overview
from reviewer.storage.workspace import Workspace
from tests import worlds


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """20 of 40 items drawn by chance, of which Ada and Ben label all; 6 of Ada's labels are here."""
    made = worlds.make(tmp_path / "workspace")
    worlds.put_in(made, [worlds.run_of(n) for n in range(40)])
    members.add_members(made, SILENT, names=["Ben"])
    rules = Campaign(name="C", query="", seed="s", design="srs", assign="all")
    campaigns.create_campaign(made, SILENT, rules=rules, size=20)
    for place, item in enumerate(worlds.waiting(made, limit=6)):
        worlds.label(made, item, "non_compliant" if place % 3 == 0 else "compliant")
    yield made
    made.close()


@pytest.mark.parametrize("by", ["agent", "week", "clause"])
def test_it_is_what_the_single_questions_say(workspace: Workspace, by: str) -> None:
    found = overview.overview_of_campaign(workspace, SILENT, campaign="C", by=by).value
    assert found.whole == estimating.estimate_campaign(workspace, SILENT, campaign="C", by=by).value
    assert found.over_time == estimating.over_time(workspace, SILENT, campaign="C").value
    assert found.certainty == certainty.certainty_of_campaign(workspace, SILENT, campaign="C").value
    assert (found.unit, found.by_reason, found.time_reason) == ("week", "", "")


def test_more_weeks_than_a_person_reads_become_months(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "_MOST_WEEKS", 3)
    found = overview.overview_of_campaign(workspace, SILENT, campaign="C", by="agent").value
    assert found.unit == "month"
    assert found.over_time == estimating.over_time(workspace, SILENT, campaign="C", unit="month").value


def test_a_field_that_is_hidden_leaves_the_rest_standing(workspace: Workspace) -> None:
    ben = workspace.as_member("Ben")
    found = overview.overview_of_campaign(ben, SILENT, campaign="C", by="model").value
    assert found.whole == estimating.estimate_campaign(ben, SILENT, campaign="C").value._replace(by_field="model")
    assert found.by_reason.startswith("The model of 20 items is hidden from you until you have labelled them.")
    assert found.over_time
    ben.close()


def test_two_values_of_an_estimate_differ_as_a_comparison_says(workspace: Workspace) -> None:
    found = estimating.estimate_campaign(workspace, SILENT, campaign="C", by="agent").value
    first, second = found.by
    asked = estimating.compare(workspace, SILENT, campaign="C", by="agent", a=first.value, b=second.value).value
    assert estimating.difference_of(found, first, second) == asked
