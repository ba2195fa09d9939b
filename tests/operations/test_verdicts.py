"""What a scan may look at: answers with the cells and weights of their design, of one campaign or of all."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from reviewer.domain.designs import Selection
from reviewer.domain.errors import NotFound
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.operations.verdicts import Verdicts, verdicts, within_field
from reviewer.storage.workspace import Workspace
from tests import worlds


def _asked(workspace: Workspace, campaign: str | None) -> Verdicts:
    with workspace.read() as reading:
        return verdicts(reading, SILENT, campaign=campaign, viewer=workspace.me)


def _label(workspace: Workspace, campaign: str, verdict: str) -> None:
    for item in worlds.waiting(workspace, campaign=campaign):
        worlds.label(workspace, item, verdict, campaign=campaign)


def test_cells_are_strata_and_weights_say_for_how_many_an_item_stands(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(40)])
    rules = Campaign(name="strata", query="", seed="s", design="stratified")
    campaigns.create_campaign(workspace, SILENT, rules=rules, size=20, selection=Selection(by="agent"))
    _label(workspace, "strata", "non_compliant")
    found = _asked(workspace, "strata")
    assert len(found.ids) == 20
    assert found.broken.all()
    assert np.unique(found.cell).tolist() == [0, 1]
    assert found.weight == pytest.approx(np.full(20, 2.0))
    assert found.equal
    with workspace.read() as reading:
        assert len(np.unique(within_field(reading, found, "day").cell)) > 2
        with pytest.raises(NotFound):
            within_field(reading, found, "no_such_field")
    workspace.close()


def test_of_an_item_that_two_campaigns_answered_the_newer_one_counts(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    items = worlds.put_in(workspace, [worlds.run_of(n) for n in range(12)])
    for name, query, verdict in (("old", "", "compliant"), ("new", "agent:shop", "non_compliant")):
        campaigns.create_campaign(workspace, SILENT, rules=Campaign(name=name, query=query, seed="s"))
        _label(workspace, name, verdict)
    found = _asked(workspace, None)
    shops = {item for n, item in enumerate(items) if n % 2}
    assert {bytes(name).hex() for name, bad in zip(found.ids, found.broken, strict=True) if bad} == shops
    assert len(found.ids) == 12
    assert len(np.unique(found.cell)) == 2
    assert [stored.state.rules.name for stored in found.campaigns] == ["new", "old"]
    some, place = found.among(found.ids[3:7])
    assert np.array_equal(some.ids, found.ids[3:7])
    assert place.tolist() == [0, 1, 2, 3]
    workspace.close()


def _weighed(broken: list[int], weight: list[float]) -> Verdicts:
    ids = np.array([bytes([n + 1]) * 32 for n in range(len(broken))], "S32")
    whole = np.zeros(len(broken), np.int64)
    return Verdicts(ids, np.array(broken) > 0, whole, np.array(weight), (), 0, ids[:0])


def test_a_group_is_held_against_the_others_by_fisher_and_with_unequal_weights_by_rao_and_scott() -> None:
    inside = np.arange(40) < 12
    broken = [1] * 9 + [0] * 3 + [1] * 6 + [0] * 22
    assert _weighed(broken, [2.0] * 40).excess(inside) == pytest.approx(stats.fisher_exact([[9, 3], [6, 22]], alternative="greater").pvalue)
    nearly = _weighed(broken, [2.0] * 39 + [2.002])
    assert nearly.excess(inside) == pytest.approx(0.0014, abs=0.002)
    assert nearly.excess(~inside) == pytest.approx(1 - nearly.excess(inside))
    few_stand_for_many = [1.0] * 9 + [30.0] * 3 + [1.0] * 28  # the group's violations are the light ones, drawn for their risk
    assert _weighed(broken, few_stand_for_many).excess(inside) > 0.5
    assert _weighed([1] * 40, few_stand_for_many).excess(inside) == 1.0
