"""What can be cited in a campaign, and whose labels are counted."""

import pytest

from reviewer.domain.errors import NotFound
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, clauses, labelling, members, policies
from reviewer.storage.workspace import Workspace
from tests import worlds

ONE = b"# Refunds\n\nEffective: 2026-05-01\n\n1. **Time.** Within 30 days.\n2. **Once.** Never twice.\n"
TWO = b"# Refunds\n\nEffective: 2026-09-01\n\n1. **Time.** Within 14 days.\n2. **Once.** Never twice.\n"


def _publish(workspace: Workspace, content: bytes, key: str = "refunds") -> None:
    policies.add_text(workspace, SILENT, key=key, content=content, name="refunds.md")


def test_a_clause_is_offered_as_it_stands_in_force_with_the_day_since_which_it_holds(workspace: Workspace) -> None:
    _publish(workspace, ONE)
    _publish(workspace, TWO)
    policies.activate_policy(workspace, SILENT, key="refunds", number=2)
    time, once = clauses.clauses_to_cite(workspace, SILENT, campaign="C").value.at(None)
    assert (time.name, time.heading, time.text, time.version, time.since) == ("refunds:1", "1 Time", "Within 14 days.", 2, "2026-09-01")
    assert (once.name, once.since, once.policy_title) == ("refunds:2", "2026-05-01", "Refunds")
    opinion = Opinion(verdict="non_compliant", clauses=(time.citation,))
    labelling.label_item(workspace, SILENT, campaign="C", item=worlds.waiting(workspace)[0], opinion=opinion)
    assert clauses.clauses_to_cite(workspace, SILENT, campaign="C").value.used == {"refunds:1": 1}


def test_a_campaign_offers_the_policies_it_is_judged_by_or_all(workspace: Workspace) -> None:
    for key in ("refunds", "claims"):
        _publish(workspace, ONE, key)
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t", policies=("claims",)))
    found = {name: clauses.clauses_to_cite(workspace, SILENT, campaign=name).value.at(None) for name in ("C", "D")}
    assert [one.name for one in found["C"]] == ["claims:1", "claims:2", "refunds:1", "refunds:2"]
    assert [one.name for one in found["D"]] == ["claims:1", "claims:2"]
    with pytest.raises(NotFound):
        clauses.clauses_to_cite(workspace, SILENT, campaign="E")


@pytest.mark.parametrize(("blind", "used"), [(True, {"refunds:1": 1}), (False, {"refunds:1": 1, "refunds:2": 1})])
def test_whoever_labels_blind_is_not_led_by_what_others_cite(workspace: Workspace, blind: bool, used: dict[str, int]) -> None:
    _publish(workspace, ONE)
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t", blind=blind, overlap=2, assign="all"))
    first = worlds.waiting(workspace, campaign="D")[0]
    ben = workspace.as_member("Ben")
    for who, clause in ((workspace, "1"), (ben, "2")):
        labelling.label_item(who, SILENT, campaign="D", item=first, opinion=Opinion(verdict="non_compliant"), clauses=[clause])
    assert clauses.clauses_to_cite(workspace, SILENT, campaign="D").value.used == used
    ben.close()
    labelling.undo_label(workspace, SILENT, campaign="D")
    assert "refunds:1" not in clauses.clauses_to_cite(workspace, SILENT, campaign="D").value.used
