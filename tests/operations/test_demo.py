"""The sample is made once, and completed where it was killed."""

from pathlib import Path

import pytest

from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import campaigns, demo, policies, verifying


def test_a_sample_that_was_killed_half_way_is_completed_and_then_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "sample"

    def stop(progress: Progress) -> None:
        if "Finding the population" in progress.what:
            raise Cancelled

    with pytest.raises(Cancelled):
        demo.make_demo(place, member="Ada", ticket=Ticket(stop))
    made = demo.make_demo(place, member="Ada").value
    assert not made.fresh
    assert made.items >= 200
    (standing,) = campaigns.list_campaigns(made.workspace, SILENT).value
    assert 0 < standing.sampled < made.items
    assert standing.rules.guidelines
    assert standing.rules.policies == ("claims", "support", "trading")
    found = [(one.key, one.in_force and one.in_force.number) for one in policies.list_policies(made.workspace, SILENT).value]
    assert found == [("claims", 1), ("support", 1), ("trading", 2)]
    assert verifying.verify(made.workspace, SILENT).value.ok
    made.close()
    again = demo.make_demo(place, member="Ben").value
    assert (again.items, again.campaigns, again.workspace.me.name) == (made.items, 1, "Ada")
    again.close()
