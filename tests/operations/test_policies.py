"""Publishing policy, citing its clauses, and what becomes of labels when it changes."""

from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound, Refused, ReviewerError
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.members import NotAllowed
from reviewer.domain.policies import NoClauses
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, conflicts, labelling, members, policies, searching, verifying
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds

ONE = b"# Refunds\n\n1. Within 30 days.\n2. Never twice.\n"
TWO = b"# Refunds\n\n1. Within 14 days.\n2. Never twice.\n3. Ask first.\n"


def _add(workspace: Workspace, content: bytes, key: str = "refunds") -> policies.Added:
    return policies.add_text(workspace, SILENT, key=key, content=content, name="refunds.md").value


def _cite(workspace: Workspace, item: str, *clauses: str, campaign: str = "C") -> None:
    opinion = Opinion(verdict="non_compliant")
    labelling.label_item(workspace, SILENT, campaign=campaign, item=item, opinion=opinion, clauses=clauses)


def _found(workspace: Workspace, text: str) -> int:
    return len(searching.search(workspace, SILENT, text=text).value.rows)


def test_the_first_version_is_in_force_at_once_and_the_next_when_it_is_activated(workspace: Workspace) -> None:
    assert _add(workspace, ONE).version.in_force
    second = _add(workspace, TWO)
    assert (second.version.number, second.version.in_force) == (2, False)
    changed, added, removed = second.difference
    assert [[one.clause for one in found] for found in ([new for _, new in changed], added, removed)] == [["1"], ["3"], []]
    policies.activate_policy(workspace, SILENT, key="refunds", number=2)
    shown = policies.show_policy(workspace, SILENT, key="refunds").value
    assert shown.version.number == 2
    assert [(one.clause, since) for one, since in shown.clauses] == [("1", 2), ("2", 1), ("3", 2)]
    assert verifying.verify(workspace, SILENT).value.ok


def test_the_newest_version_once_more_writes_nothing(workspace: Workspace) -> None:
    first = _add(workspace, ONE)
    again = _add(workspace, ONE)
    assert (again.known, again.version) == (True, first.version)
    assert not policies.activate_policy(workspace, SILENT, key="refunds", number=1).changes


@pytest.mark.parametrize("content", [b"", b"Only prose.", b"\xff\xfe", b"1. a\x00", b"1. a\n" * 300_000])
def test_a_file_without_clauses_leaves_the_policy_in_force(workspace: Workspace, content: bytes, tmp_path: Path) -> None:
    _add(workspace, ONE)
    path = tmp_path / "new.md"
    path.write_bytes(content)
    for place in (path, tmp_path / "nowhere.md", tmp_path):
        with pytest.raises(NoClauses) as refusal:
            policies.add_policy(workspace, SILENT, key="refunds", path=place)
        assert (refusal.value.code, refusal.value.what) == ("E307", f"No clause was found in {place}.")
    (standing,) = policies.list_policies(workspace, SILENT).value
    assert standing.in_force is not None
    assert len(standing.versions) == 1


def test_only_a_lead_publishes_and_activates(workspace: Workspace) -> None:
    _add(workspace, ONE)
    members.add_members(workspace, SILENT, names=["Ben"], role="adjudicator")
    ben = workspace.as_member("Ben")
    with pytest.raises(NotAllowed):
        _add(ben, TWO)
    with pytest.raises(NotAllowed):
        policies.activate_policy(ben, SILENT, key="refunds", number=1)
    ben.close()


@pytest.mark.parametrize(("key", "effective"), [("a:b", None), ("", None), ("x" * 41, None), ("refunds", "tomorrow")])
def test_a_key_or_day_that_is_none_is_refused(workspace: Workspace, key: str, effective: str | None) -> None:
    with pytest.raises(Refused):
        policies.add_text(workspace, SILENT, key=key, content=ONE, name="x", effective=effective)


def test_a_label_cites_the_version_in_force_and_becomes_stale_when_the_words_change(workspace: Workspace) -> None:
    version = _add(workspace, ONE).version
    first, second, third = worlds.waiting(workspace)[:3]
    _cite(workspace, first, "refunds:1", "2")
    _cite(workspace, second, "2")
    worlds.label(workspace, third)
    (said,) = searching.show_item(workspace, SILENT, item=first).value.labels
    assert [(one.policy, one.clause, one.version) for one in said.label.clauses] == [
        ("refunds", "1", version.hash),
        ("refunds", "2", version.hash),
    ]
    assert _add(workspace, TWO).stale_labels == 1
    assert policies.activate_policy(workspace, SILENT, key="refunds", number=2).value.stale_labels == 1
    _cite(workspace, first, "1")
    assert policies.activate_policy(workspace, SILENT, key="refunds", number=2).value.stale_labels == 0
    assert [_found(workspace, f"clause:{name}") for name in ("1", "2", "refunds:2", "any", "*", "other:2", "9")] == [1, 1, 1, 2, 2, 0, 0]
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok
    assert _found(workspace, "clause:1") == 1


@pytest.mark.parametrize(
    ("clause", "what"),
    [("9", "no clause “9”"), ("other:1", "no policy"), ("refunds@7:1", "no version 7"), ("refunds@x:1", "not the number of a version")],
)
def test_a_clause_that_is_not_there_is_refused_in_two_sentences(workspace: Workspace, clause: str, what: str) -> None:
    item = worlds.waiting(workspace)[0]
    with pytest.raises(Refused, match="no policy is published"):
        _cite(workspace, item, "1")
    _add(workspace, ONE)
    with pytest.raises(ReviewerError, match=what) as refusal:
        _cite(workspace, item, clause)
    assert refusal.value.hint
    assert worlds.waiting(workspace)[0] == item


def test_where_there_are_two_policies_a_clause_names_its_own(workspace: Workspace) -> None:
    _add(workspace, ONE)
    _add(workspace, TWO, "other")
    item = worlds.waiting(workspace)[0]
    with pytest.raises(Refused, match="of which policy"):
        _cite(workspace, item, "1")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s", policies=("other",)))
    _cite(workspace, item, "3", campaign="D")
    with pytest.raises(Refused, match="not judged by"):
        _cite(workspace, item, "refunds:1", campaign="D")
    with pytest.raises(NotFound):
        campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="E", query="", seed="s", policies=("nothing",)))


def test_two_versions_put_in_force_at_once_are_a_conflict_until_one_is_activated(workspace: Workspace, tmp_path: Path) -> None:
    members.add_members(workspace, SILENT, names=["Lea"], role="lead")
    _add(workspace, ONE)
    _add(workspace, TWO)
    there = replicas.replica(tmp_path / "there", workspace, "Lea")
    policies.activate_policy(workspace, SILENT, key="refunds", number=2)
    policies.add_text(there, SILENT, key="refunds", content=ONE + b"4. More.\n", name="x")
    policies.activate_policy(there, SILENT, key="refunds", number=3)
    replicas.carry(there, workspace)
    replicas.carry(workspace, there)
    assert replicas.digest(there) == replicas.digest(workspace)
    (conflict,) = conflicts.list_conflicts(workspace, SILENT).value.conflicts
    assert (conflict.kind, conflict.policy, conflict.item, conflict.action) == ("policy", "refunds", None, "activate")
    assert sorted(side.version or 0 for side in conflict.sides) == [2, 3]
    item = worlds.waiting(workspace)[0]
    with pytest.raises(Refused, match="both in force"):
        _cite(workspace, item, "1")
    _cite(workspace, item, "2")  # which both have in the same words
    policies.activate_policy(workspace, SILENT, key="refunds", number=3)
    assert conflicts.list_conflicts(workspace, SILENT).value.conflicts == ()
    replicas.carry(workspace, there)
    assert conflicts.list_conflicts(there, SILENT).value.conflicts == ()
    there.close()
