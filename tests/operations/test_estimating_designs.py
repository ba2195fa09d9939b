"""Rates under every design, with a judge's scores, at any time, and the difference of two parts; at last on real runs."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from reviewer.domain import differences, sequential
from reviewer.domain.designs import Selection
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.domain.proportions import Interval
from reviewer.formats.format import Options
from reviewer.operations import campaigns, estimating, importing, label_imports, members, suggesting
from reviewer.operations.estimating import CampaignEstimate
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds

N = 200


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Two hundred items, every fifth of them broken, with two judges' scores of all; one campaign of each design, labelled to its end.
    Only to be read."""
    folder = tmp_path_factory.mktemp("designs")
    workspace = worlds.make(folder / "workspace")
    ids = worlds.put_in(workspace, [worlds.run_of(n) for n in range(N)])
    broken = set(ids[::5])
    chance = np.random.default_rng(7)
    scores = {item: 0.1 + 0.7 * (item in broken) + 0.2 * chance.random() for item in ids}
    _suggest(workspace, folder / "sharp.jsonl", "sharp", scores)
    _suggest(workspace, folder / "partly.jsonl", "partly", dict.fromkeys(ids[:100], 0.5))
    _draw(workspace, "srs", 110)
    _draw(workspace, "stratified", 110, Selection(by="agent"))
    _draw(workspace, "poisson", 60, Selection(weight="suggestion:sharp"))
    for name in ("srs", "stratified", "poisson"):
        label_all(workspace, folder / "labels.jsonl", name, lambda item: item in broken)
    yield workspace
    workspace.close()


def _draw(workspace: Workspace, design: str, size: int, selection: Selection = Selection()) -> None:  # noqa: B008 - immutable
    rules = Campaign(name=design, query="", seed="s", design=design)  # type: ignore[arg-type] # one of the designs
    campaigns.create_campaign(workspace, SILENT, rules=rules, size=size, selection=selection)


def _suggest(workspace: Workspace, file: Path, judge: str, scores: Mapping[ItemId, float]) -> None:
    file.write_text("".join(json.dumps({"item": item, "score": score}) + "\n" for item, score in scores.items()), encoding="utf-8")
    suggesting.import_suggestions(workspace, SILENT, path=file, judge=judge)


def label_all(workspace: Workspace, file: Path, campaign: str, broken: Callable[[str], bool]) -> None:
    """Ada's label on every drawn item."""
    standing = campaigns.show_campaign(workspace, SILENT, campaign=campaign, with_items=True).value
    verdicts = {one.id: "non_compliant" if broken(one.id) else "compliant" for one in standing.items or ()}
    file.write_text("".join(json.dumps({"item": item, "verdict": said, "reviewer": "Ada"}) + "\n" for item, said in verdicts.items()))
    assert label_imports.import_labels(workspace, SILENT, path=file, campaign=campaign).value.added == len(verdicts)


def ask(workspace: Workspace, campaign: str, **how: object) -> CampaignEstimate:
    """An estimate."""
    return estimating.estimate_campaign(workspace, SILENT, campaign=campaign, **how).value  # type: ignore[arg-type] # as the tests say


@pytest.mark.parametrize(("campaign", "method"), [("srs", "exact"), ("stratified", "hajek"), ("poisson", "hajek")])
def test_each_design_has_its_method_and_holds_the_true_rate(world: Workspace, campaign: str, method: str) -> None:
    found = ask(world, campaign, by="agent")
    assert (found.method, found.population, found.answered, found.open) == (method, N, found.sampled, 0)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= 0.2 <= found.high
    assert [(one.value, one.population) for one in found.by] == [("claims", 100), ("shop", 100)]
    assert sum(one.n for one in found.by) == found.n
    assert all(one.low is not None and one.high is not None and one.low <= 0.2 <= one.high for one in found.by)


def test_a_weighted_sample_is_not_read_as_if_all_items_weighed_the_same(world: Workspace) -> None:
    found = ask(world, "poisson")
    shown = campaigns.show_campaign(world, SILENT, campaign="poisson", with_items=True).value.items or ()
    broken = np.array([one.answer == "non_compliant" for one in shown])
    weights = 1 / np.array([float(one.inclusion_probability or 0) for one in shown])
    assert found.estimate == pytest.approx(float(weights @ broken / weights.sum()))
    assert broken.mean() > 0.3  # it looks for trouble


def test_strata_that_the_sample_was_drawn_from_are_exact(world: Workspace) -> None:
    assert {one.method for one in ask(world, "stratified", by="agent").by} == {"exact"}
    assert {one.method for one in ask(world, "stratified", by="kind").by} == {"hajek"}


def test_a_judge_who_scored_everything_narrows_the_interval(world: Workspace) -> None:
    for campaign in ("srs", "stratified"):
        alone, helped = ask(world, campaign), ask(world, campaign, judge="sharp")
        assert (helped.method, helped.judge) == ("ppi", "sharp")
        assert _width(helped) < _width(alone)
        assert helped.notes == ()


def _width(found: CampaignEstimate) -> float:
    assert found.low is not None
    assert found.high is not None
    return found.high - found.low


def test_a_judge_who_scored_a_part_does_not_count_and_it_is_said(world: Workspace) -> None:
    found = ask(world, "srs", judge="partly")
    assert found[2:9] == ask(world, "srs")[2:9]
    assert found.notes == ("The scores of partly are not used: they speak of 100 of 200 items, and all are needed.",)
    with pytest.raises(NotFound) as unknown:
        ask(world, "srs", judge="nobody")
    assert unknown.value.hint == "Judges whose opinions are here: partly, sharp."


def test_scores_that_cannot_be_gone_by_are_told_with_what_is_lacking(world: Workspace) -> None:
    shown = campaigns.show_campaign(world, SILENT, campaign="poisson", with_items=True).value.items or ()
    broken = sum(one.answer == "non_compliant" for one in shown)
    assert ask(world, "poisson", judge="sharp").notes == (
        "The scores of sharp are not used: it takes 100 answers, 15 of them of either kind,"
        f" and there are {len(shown)}, {min(broken, len(shown) - broken)} of the rarer kind.",
    )
    assert ask(world, "srs", judge="sharp", method="exact").notes == (
        "The scores of sharp are not used: strata that had to be joined, or the method that was asked for, do not go by them.",
    )


def test_parts_of_the_population_stand_without_the_judge(world: Workspace) -> None:
    assert ask(world, "srs", judge="sharp", method="ppi", by="agent").by == ask(world, "srs", by="agent").by


def test_a_field_of_many_numbers_goes_by_its_quarters(world: Workspace) -> None:
    parts = ask(world, "srs", by="suggestion:sharp").by
    assert [one.value.split()[0] for one in parts] == ["up", "above", "above", "above"]
    assert [one.population for one in parts] == [50, 50, 50, 50]
    assert [one.estimate for one in parts][:2] == [0, 0]
    assert {one.query for one in parts} == {""}


def test_limits_at_any_time_are_those_of_the_control_stream_up_to_the_first_open_item(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(80)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", design="srs"), size=40)
    queue = worlds.waiting(workspace)
    first = ask(workspace, "C", method="anytime")
    assert (first.estimate, first.n, first.reason) == (None, 0, "the item that is first in the order of chance has no answer yet")
    said = ["compliant", "non_compliant", "unsure", "compliant"]
    for item, verdict in zip(queue, said, strict=False):
        worlds.label(workspace, item, verdict)
    worlds.label(workspace, queue[10], "non_compliant")  # behind a gap: chance alone does not say when it was labelled
    found = ask(workspace, "C", method="anytime")
    bounds = sequential.confidence_sequence(np.array([0, 1, np.nan, 0]), population=80)
    assert (found.low, found.high) == (bounds.low[-1], bounds.high[-1])
    assert found.estimate == pytest.approx(1 / 3)
    assert (found.n, found.answered, found.unsure) == (3, 4, 1)
    assert "its first 4 of 80 items" in found.basis
    workspace.close()


def test_a_stratified_sample_has_no_limits_at_any_time(world: Workspace) -> None:
    with pytest.raises(Refused, match="no limits that hold at any time"):
        ask(world, "stratified", method="anytime")
    with pytest.raises(Refused, match="does not hold for the design poisson"):
        ask(world, "poisson", method="exact")


def test_two_parts_differ_by_what_the_limits_of_both_leave(world: Workspace) -> None:
    found = estimating.compare(world, SILENT, campaign="srs", by="agent", a="shop", b="claims").value
    claims, shop = ask(world, "srs", by="agent").by
    assert (found.a, found.b, found.reason) == (shop, claims, None)
    limits = [Interval(one.low or 0, one.high or 0) for one in (shop, claims)]
    expected = differences.hybrid(shop.estimate or 0, limits[0], claims.estimate or 0, limits[1])
    assert (found.difference, found.low, found.high) == expected
    with pytest.raises(NotFound, match="“market” is no agent of srs") as unknown:
        estimating.compare(world, SILENT, campaign="srs", by="agent", a="shop", b="market")
    assert unknown.value.hint == "There are: claims, shop."


def test_a_difference_without_a_basis_says_why(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "workspace", items=4)
    found = estimating.compare(workspace, SILENT, campaign="C", by="agent", a="shop", b="claims").value
    assert (found.difference, found.low, found.high) == (None, None, None)
    assert found.reason == "“shop”: no drawn item of it has an answer yet"
    workspace.close()


def test_a_judge_is_hidden_from_whoever_has_still_to_label_blind(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    ids = worlds.put_in(workspace, [worlds.run_of(n) for n in range(6)])
    members.add_members(workspace, SILENT, names=["Ben"])
    _suggest(workspace, tmp_path / "judge.jsonl", "sharp", dict.fromkeys(ids, 0.5))
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    ben = workspace.as_member("Ben")
    with pytest.raises(NotAllowed, match="hidden from you while 6 items wait"):
        ask(ben, "C", judge="sharp")
    with pytest.raises(NotAllowed, match="suggestion:sharp of 6 items is hidden"):
        ask(ben, "C", by="suggestion:sharp")
    ben.close()
    workspace.close()


def test_the_mark_moves_with_what_was_said_and_with_nothing_else(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "workspace", items=4)
    before = estimating.mark(workspace, SILENT).value
    ask(workspace, "C", by="agent")
    assert estimating.mark(workspace, SILENT).value == before
    worlds.label(workspace, worlds.waiting(workspace)[0])
    assert estimating.mark(workspace, SILENT).value != before
    workspace.close()


def test_two_replicas_come_to_the_same_figures(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    ids = worlds.put_in(workspace, [worlds.run_of(n) for n in range(40)])
    members.add_members(workspace, SILENT, names=["Ben"], role="observer")
    _suggest(workspace, tmp_path / "old.jsonl", "sharp", dict.fromkeys(ids, 0.9))
    _draw(workspace, "stratified", 20, Selection(by="agent"))
    label_all(workspace, tmp_path / "labels.jsonl", "stratified", lambda item: item < "8")
    _suggest(workspace, tmp_path / "new.jsonl", "sharp", {item: 0.8 * (item < "8") + 0.1 for item in ids})
    other = replicas.replica(tmp_path / "other", workspace, "Ben")
    replicas.bring_items(workspace, other)
    replicas.carry(workspace, other)
    for by in ("agent", "kind", "suggestion:sharp"):
        assert ask(other, "stratified", by=by, judge="sharp") == ask(workspace, "stratified", by=by, judge="sharp")
    other.close()
    workspace.close()


def _truth(workspace: Workspace) -> dict[str, bool]:
    """Whether each AgentDojo run carried out what was injected: its `security` is true for an attack that succeeded."""
    found = {}
    with workspace.read() as reading:
        for _, item, text in item_rows.metadata_after(reading, 0, 10_000):
            about = json.loads(text)
            found[str(item)] = bool(about["injection_task_id"] and about["security"])
    return found


def test_real_runs_worked_to_the_end_have_their_true_rate_inside(real_data: Path, tmp_path: Path) -> None:
    """Two models' runs of AgentDojo: 21 % of one's and 3 % of the other's did what was injected."""
    workspace = worlds.make(tmp_path / "workspace")
    files = [str(real_data / "agentdojo" / f"agentdojo-{model}.jsonl.gz") for model in ("gpt-4-0125-preview", "command-r")]
    importing.import_files(workspace, SILENT, paths=files, options=Options())
    truth = _truth(workspace)
    rate = sum(truth.values()) / len(truth)
    for design, size, selection in (
        ("all", None, Selection()), ("srs", 120, Selection()), ("stratified", 120, Selection(by="suite_name", floor=10)),
    ):  # fmt: skip
        rules = Campaign(name=design, query="", seed="s", design=design)  # type: ignore[arg-type] # one of the designs
        campaigns.create_campaign(workspace, SILENT, rules=rules, size=size, selection=selection)
        label_all(workspace, tmp_path / "labels.jsonl", design, truth.__getitem__)
        found = ask(workspace, design, by="model")
        assert found.low is not None
        assert found.high is not None
        assert found.low <= rate <= found.high
        if design == "all":
            assert (found.estimate, found.low, found.high) == pytest.approx((rate,) * 3)
            assert [(one.value, round(one.estimate or 0, 3)) for one in found.by] == [("command-r", 0.032), ("gpt-4-0125-preview", 0.214)]
    workspace.close()
