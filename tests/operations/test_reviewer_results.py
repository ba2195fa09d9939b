"""How reviewers did on known answers and on items seen twice, and who may see it."""

import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign, Event, Label, Shown
from reviewer.domain.labels import Opinion
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.domain.proportions import clopper_pearson
from reviewer.operations import campaigns, labelling, members, queues, reviewer_results
from reviewer.operations.reviewer_results import ReviewerResult
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.storage.test_queues import gold


def say(who: Workspace, item: str, verdict: str, *, showing: int = 1, model: bool = False) -> None:
    labelling.label_item(
        who, SILENT, campaign="D", item=item, opinion=Opinion(verdict=verdict, duration_ms=2_000),  # type: ignore[arg-type] # its words
        shown=Shown("t", model=model), showing=showing,
    )  # fmt: skip


def results(who: Workspace) -> dict[str, ReviewerResult]:
    return {one.reviewer: one for one in reviewer_results.reviewer_results(who, SILENT, campaign="D").value}


@pytest.fixture
def ben(workspace: Workspace) -> Workspace:
    """Ben, who takes part in D; he has answered four items of known answer, and two of these twice."""
    members.add_members(workspace, SILENT, names=["ben the second", "Ben"])
    rules = Campaign(name="D", query="", seed="s", assign="all", overlap=2, gold="0.2", repeat="0.2", feedback=True)
    campaigns.create_campaign(workspace, SILENT, rules=rules)
    return workspace.as_member("Ben")


def test_right_answers_and_same_answers_are_counted_with_their_intervals(workspace: Workspace, ben: Workspace) -> None:
    first, second, third, fourth, fifth = worlds.waiting(workspace, campaign="D")[:5]
    gold(workspace, first, second, third, fourth)
    for item, verdict in ((first, "compliant"), (second, "non_compliant"), (third, "unsure"), (fifth, "unsure")):
        say(ben, item, verdict)
    say(ben, first, "compliant", showing=2)
    say(ben, fifth, "compliant", showing=2)
    found = results(workspace)
    assert list(found) == ["Ada", "Ben", "ben the second"]
    one = found["Ben"]
    assert (one.labels, one.gold_right, one.gold_total, one.repeat_same, one.repeat_total) == (6, 1, 3, 1, 2)
    assert (one.gold_interval, one.repeat_interval) == (clopper_pearson(1, 3), clopper_pearson(1, 2))
    assert one.median_seconds == 2.0
    nobody = found["Ada"]
    assert (nobody.labels, nobody.gold_total, nobody.gold_interval, nobody.median_seconds) == (0, 0, None, None)
    ben.close()


def test_an_answer_that_was_led_or_given_twice_at_once_is_not_counted(workspace: Workspace, ben: Workspace) -> None:
    first, second = worlds.waiting(workspace, campaign="D")[:2]
    gold(workspace, first, second)
    say(ben, first, "compliant", model=True)
    with ben.begin() as work:
        campaign = campaign_rows.named(work, "D").state.hash
        for verdict in ("compliant", "non_compliant"):
            value = Label(
                campaign=campaign, item=second, showing=1, clauses=(), spans=(), omissions=(), steps={}, blind=True, shown=Shown("t"),
                verdict=verdict,
            )  # fmt: skip
            work.record(Event("label", value))
    assert results(workspace)["Ben"].gold_total == 0
    ben.close()


def test_a_lead_sees_all_and_a_reviewer_their_own_where_the_campaign_allows_it(workspace: Workspace, ben: Workspace) -> None:
    with pytest.raises(Refused, match="still wait for you"):
        results(ben)
    while waiting := worlds.waiting(ben, campaign="D"):
        say(ben, waiting[0], "compliant", showing=queues.next_items(ben, SILENT, campaign="D").value[0].showing)
    assert set(results(ben)) == {"Ben"}
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="E", query="", seed="s"))
    with pytest.raises(NotAllowed, match="does not show reviewers how they did"):
        reviewer_results.reviewer_results(ben, SILENT, campaign="E")
    assert len(reviewer_results.reviewer_results(workspace, SILENT, campaign="E").value) == 3
    with pytest.raises(NotFound):
        reviewer_results.reviewer_results(workspace, SILENT, campaign="Nope")
    ben.close()
