"""What the Policies page shows of a policy and of a clause."""

import pytest

from reviewer.domain.errors import NotFound
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members, policies, policy_overview, resolving
from reviewer.storage.workspace import Workspace
from tests import worlds

ONE = b"# Refunds\n\n1. Within 30 days.\n2. Never twice.\n3. Ask first.\n"
TWO = b"# Refunds\n\n1. Within 14 days.\n2. Never twice.\n"


def _add(workspace: Workspace, content: bytes) -> None:
    done = policies.add_text(workspace, SILENT, key="refunds", content=content, name="refunds.md").value
    policies.activate_policy(workspace, SILENT, key="refunds", number=done.version.number)


def _cite(workspace: Workspace, item: str, clause: str, verdict: str = "non_compliant", campaign: str = "C") -> None:
    opinion = Opinion(verdict=verdict, rationale="Because.")  # type: ignore[arg-type] # the tests give verdicts as words
    labelling.label_item(workspace, SILENT, campaign=campaign, item=item, opinion=opinion, clauses=[clause])


def test_clauses_say_how_often_they_are_cited_and_what_is_gone_is_listed_while_labels_cite_it(workspace: Workspace) -> None:
    _add(workspace, ONE)
    for item, clause in zip(worlds.waiting(workspace), ("1", "1", "3"), strict=False):
        _cite(workspace, item, clause)
    _add(workspace, TWO)
    (line,) = policy_overview.policy_lines(workspace, SILENT).value
    assert (line.key, line.title, len(line.versions), line.shown.number, line.conflict) == ("refunds", "Refunds", 2, 2, False)
    view = policy_overview.policy_view(workspace, SILENT, key="refunds").value
    assert [(one.clause.clause, one.cited, one.disputed, one.stale, one.gone) for one in view.clauses] == [
        ("1", 2, 0, 2, False), ("2", 0, 0, 0, False), ("3", 1, 0, 1, True),
    ]  # fmt: skip
    one = policy_overview.clause_view(workspace, SILENT, key="refunds", clause="1").value
    assert (one.before and one.before.text, one.number_before, one.now and one.now.text, one.number_now) == (
        "Within 30 days.", 1, "Within 14 days.", 2,
    )  # fmt: skip
    assert [label.rationale for label in one.stale.labels] == ["Because.", "Because."]
    same = policy_overview.clause_view(workspace, SILENT, key="refunds", clause="2").value
    assert (same.before, same.number_now) == (None, 1)
    gone = policy_overview.clause_view(workspace, SILENT, key="refunds", clause="3").value
    assert (gone.before and gone.before.text, gone.now, gone.title) == ("Ask first.", None, "Ask first")
    with pytest.raises(NotFound, match="no clause “9”"):
        policy_overview.clause_view(workspace, SILENT, key="refunds", clause="9")


def test_disputed_items_are_counted_and_resolved_ones_are_precedents_that_are_hidden_from_whoever_has_still_to_judge(
    workspace: Workspace,
) -> None:
    _add(workspace, ONE)
    members.add_members(workspace, SILENT, names=["Ben"])
    members.add_members(workspace, SILENT, names=["Cleo"], role="adjudicator")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="d", overlap=2, assign="all"))
    ben, cleo = workspace.as_member("Ben"), workspace.as_member("Cleo")
    item, other = worlds.waiting(workspace, campaign="D")[:2]
    for who, verdict in ((workspace, "compliant"), (ben, "non_compliant")):
        _cite(who, item, "1", verdict, "D")
        _cite(who, other, "1", "compliant", "D")
    (first, *_) = policy_overview.policy_view(workspace, SILENT, key="refunds").value.clauses
    assert (first.cited, first.disputed) == (4, 1)
    resolving.resolve_item(cleo, SILENT, campaign="D", item=item, verdict="compliant", rationale="The shop erred.")
    worlds.label(ben, item)  # in C, which asks him as well
    view = policy_overview.clause_view(ben, SILENT, key="refunds", clause="1").value
    assert [(one.item, one.verdict, one.words) for one in view.precedents] == [(item, "compliant", "The shop erred.")]
    assert policy_overview.clause_view(workspace, SILENT, key="refunds", clause="1").value.precedents == ()  # still to judge it in C
    ben.close()
    cleo.close()


def test_how_reviewers_agree_on_a_clause_is_told_of_the_campaign_that_cites_it_most(workspace: Workspace) -> None:
    _add(workspace, ONE)
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="d", overlap=2, assign="all"))
    assert policy_overview.clause_reading(workspace, SILENT, key="refunds", clause="1").value is None
    ben = workspace.as_member("Ben")
    _cite(workspace, worlds.waiting(workspace)[0], "1")
    for item in worlds.waiting(workspace, campaign="D")[:4]:
        for who in (workspace, ben):
            _cite(who, item, "1", "non_compliant", "D")
    found = policy_overview.clause_reading(workspace, SILENT, key="refunds", clause="1").value
    assert found is not None
    assert (found.campaign, found.found.cited, found.found.items, found.found.reading) == ("D", 8, 4, "too few to say")
    ben.close()
