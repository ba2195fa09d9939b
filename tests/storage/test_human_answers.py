"""What people said of items, whichever campaign asked."""

from pathlib import Path

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.storage.human_answers import HumanAnswers, Judged
from reviewer.storage.workspace import Workspace
from tests import pairs, worlds


def _of(workspace: Workspace, *items: str) -> list[Judged | None]:
    with workspace.read() as reading:
        found = HumanAnswers(reading).of(items)  # type: ignore[arg-type] # ids
    return [found.get(item) for item in items]  # type: ignore[call-overload] # ids


def test_answers_of_all_campaigns_stand_together(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "w", items=3)
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t"))
    both, one, none = worlds.waiting(workspace)
    worlds.label(workspace, both)
    worlds.label(workspace, both, "non_compliant", campaign="D")
    worlds.label(workspace, one, "non_compliant", campaign="D")
    found = _of(workspace, both, one, none, "00" * 32)
    assert [None if judged is None else judged.verdicts for judged in found] == [
        {"compliant", "non_compliant"}, {"non_compliant"}, set(), None,
    ]  # fmt: skip
    assert [len(judged.campaigns) for judged in found if judged is not None] == [2, 2, 2]
    workspace.close()


def test_a_campaign_that_asks_for_something_else_says_nothing_of_verdicts(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w")
    assert _of(workspace, worlds.waiting(workspace)[0]) == [None]
    workspace.close()


def test_only_what_chance_alone_picked_from_is_drawn_alike(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "w", items=6)
    rules = Campaign(name="D", query="agent:shop", seed="t", design="srs")
    campaigns.create_campaign(workspace, SILENT, rules=rules, size=2)
    with workspace.read() as reading:
        human = HumanAnswers(reading)
        every = [pick.id for pick in campaigns.show_campaign(workspace, SILENT, campaign="C", with_items=True).value.items or ()]
        shop = [item for (item,) in reading.rows("SELECT lower(hex(id)) FROM item WHERE agent = 'shop'")]
        (name,) = {judged.campaigns[-1] for judged in human.of(shop).values() if len(judged.campaigns) == 2}
        assert human.drawn_alike(name, shop)
        assert not human.drawn_alike(name, every)
    workspace.close()
