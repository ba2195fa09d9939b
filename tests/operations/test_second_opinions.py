"""Several labels for an item: as many as are asked for, of different members, by chance where only a share is; none lost offline."""

from collections import Counter
from pathlib import Path

import pytest

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.domain.sampling import permanent_random_number
from reviewer.operations import campaigns, conflicts, members, searching, verifying
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


@pytest.fixture
def people(workspace: Workspace) -> list[Workspace]:
    """Ada, Ben, Cleo and Dora on one machine; no other campaign hides anything from them."""
    campaigns.close_campaign(workspace, SILENT, campaign="C")
    names = ["Ben", "Cleo", "Dora"]
    members.add_members(workspace, SILENT, names=names)
    return [workspace, *map(workspace.as_member, names)]


def ask(workspace: Workspace, *, items: int = 0, **rules: object) -> None:
    if items:
        worlds.put_in(workspace, [worlds.run_of(n) for n in range(100, 100 + items)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s", **rules))  # type: ignore[arg-type] # its fields


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("assign", ["split", "all"])
def test_each_item_gets_as_many_labels_of_different_members_as_are_asked_for(people: list[Workspace], k: int, assign: str) -> None:
    ask(people[0], overlap=k, assign=assign)
    offered = Counter(item for who in people for item in worlds.waiting(who, campaign="D"))
    assert set(offered.values()) == {k if assign == "split" else 4}
    for who in people:
        for item in worlds.waiting(who, campaign="D"):
            worlds.label(who, item, campaign="D")
    standing = campaigns.show_campaign(people[0], SILENT, campaign="D").value
    assert (standing.complete, standing.answered, standing.labels) == (12, 12, 12 * k)
    campaigns.close_campaign(people[0], SILENT, campaign="D")
    for item in offered:
        given = searching.show_item(people[0], SILENT, item=item).value.labels
        assert len({one.reviewer for one in given}) == len(given) == k
    for who in people[1:]:
        who.close()


@pytest.mark.parametrize("share", ["0.1", "0.15", "0.2"])
def test_the_share_that_is_reviewed_doubly_is_drawn_by_the_permanent_random_numbers(people: list[Workspace], share: str) -> None:
    ask(people[0], items=300, double=share)
    offered = Counter(item for who in people for item in worlds.waiting(who, campaign="D"))
    twice = {item for item, queues in offered.items() if queues == 2}
    assert set(offered.values()) == {1, 2}
    assert len(offered) == 312
    assert abs(len(twice) / 312 - float(share)) < 0.06
    assert twice == {item for item in offered if permanent_random_number("s/double", item) < float(share)}
    item = min(twice)
    (first, second) = [who for who in people if item in worlds.waiting(who, campaign="D")]
    worlds.label(first, item, campaign="D")
    assert campaigns.show_campaign(people[0], SILENT, campaign="D").value.complete == 0
    worlds.label(second, item, campaign="D")
    assert campaigns.show_campaign(people[0], SILENT, campaign="D").value.complete == 1
    for who in people[1:]:
        who.close()


@pytest.mark.parametrize(("said", "answered", "disputed"), [("compliant", 1, 0), ("non_compliant", 0, 1)])
def test_two_who_label_one_item_offline_are_both_kept(
    people: list[Workspace], tmp_path: Path, said: str, answered: int, disputed: int
) -> None:
    ada, *others = people
    ask(ada)  # one label an item, and yet two people give one
    away = {name: replicas.replica(tmp_path / name, ada, name) for name in ("Ben", "Cleo")}
    item = worlds.waiting(ada.as_member("Ben"), campaign="D")[0]
    for name, verdict in (("Ben", "compliant"), ("Cleo", said)):
        worlds.put_in(away[name], [worlds.run_of(n) for n in range(12)])
        worlds.label(away[name], item, verdict, campaign="D")
    for order in (("Ben", "Cleo"), ("Cleo", "Ben")):
        for name in order:
            replicas.carry(away[name], ada)
            replicas.carry(ada, away[name])
    for workspace in (ada, *away.values()):
        standing = campaigns.show_campaign(workspace, SILENT, campaign="D").value
        assert (standing.labels, standing.complete, standing.answered) == (2, 1, answered)
        assert replicas.digest(workspace) == replicas.digest(ada)
    labels = searching.show_item(away["Ben"], SILENT, item=item).value.labels
    assert {(one.reviewer, one.label.verdict) for one in labels} == {("Ben", "compliant"), ("Cleo", said)}
    found = conflicts.list_conflicts(away["Ben"], SILENT, campaign="D").value
    assert [one.kind for one in found.conflicts] == ["disagreement"] * disputed
    assert verifying.verify(ada, SILENT).value.ok
    for workspace in (*others, *away.values()):
        workspace.close()
