"""What a draw would come to, said before it is made: as many picks as it then takes, and nothing written."""

from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.designs import Selection
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, designing, members
from reviewer.operations.designing import DesignPreview
from reviewer.storage.suggestions import Suggested
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.operations.test_drawing import put_in, suggest


@pytest.fixture
def world(tmp_path: Path) -> Workspace:
    workspace = worlds.make(tmp_path / "world")
    ids = put_in(workspace, range(60), file="first.jsonl")
    suggest(workspace, "gpt", [Suggested(item, None, f"0.{n % 9}") for n, item in enumerate(ids)])
    return workspace


def preview(workspace: Workspace, design: Any, size: int | None, *, rate: float | None = None, **more: Any) -> DesignPreview:
    rules: dict[str, Any] = {"name": "D", "query": "", "seed": "s", "design": design}
    asked = Campaign(**rules | {name: more.pop(name) for name in ("overlap", "double", "query") if name in more})
    return designing.preview_design(workspace, SILENT, rules=asked, size=size, selection=Selection(**more), rate=rate).value


@pytest.mark.parametrize(
    ("design", "size", "more"),
    [("all", None, {}), ("srs", 20, {}), ("stratified", 20, {"by": "team"}), ("stratified", 20, {"by": "agent", "floor": 9})],
)
def test_a_preview_says_what_the_draw_then_takes_and_writes_nothing(
    world: Workspace, design: Any, size: int | None, more: dict[str, Any]
) -> None:
    with world.read() as reading:
        before = reading.rows("SELECT count(*) FROM entry"), reading.rows("SELECT count(*) FROM blob")
    seen = preview(world, design, size, **more)
    with world.read() as reading:
        assert before == (reading.rows("SELECT count(*) FROM entry"), reading.rows("SELECT count(*) FROM blob"))
    rules = Campaign(name="D", query="", seed="s", design=design)
    made = campaigns.create_campaign(world, SILENT, rules=rules, size=size, selection=Selection(**more)).value
    assert (seen.population, seen.to_draw, seen.control) == (made.population, made.sampled, None)
    told = [(one.name, one.population, one.to_draw) for one in seen.strata]
    assert told == ([tuple(one) for one in made.strata] if design == "stratified" else [])


def test_widths_are_those_of_the_design(world: Workspace) -> None:
    assert [one.half_width for one in preview(world, "all", None).widths] == [0, 0, 0]
    few, many = preview(world, "srs", 20), preview(world, "srs", 50)
    assert [one.rate for one in few.widths] == [0.01, 0.05, 0.2]
    for narrow, wide in zip(many.widths, few.widths, strict=True):
        assert narrow.half_width is not None
        assert wide.half_width is not None
        assert narrow.half_width < wide.half_width < 0.5
    assert [one.rate for one in preview(world, "srs", 20, rate=0.3).widths] == [0.3]
    of_team = preview(world, "stratified", 20, by="team")
    assert of_team.strata[0].half_width is not None
    assert of_team.widths[0].half_width is not None
    assert of_team.strata[0].half_width > of_team.widths[0].half_width


def test_a_risk_weighted_sample_is_told_on_average_with_its_control_arm_and_what_uneven_weights_cost(world: Workspace) -> None:
    seen = preview(world, "poisson", 20, weight="risk")
    assert (seen.to_draw, seen.control, seen.warnings) == (20, 6, ())
    assert 0.5 < seen.effective_share < 1
    with world.read() as reading:
        ids = [row[0].hex() for row in reading.rows("SELECT id FROM item")]
    suggest(world, "steep", [Suggested(item, None, "1000" if n < 12 else "0.001") for n, item in enumerate(ids)])
    steep = preview(world, "poisson", 14, weight="suggestion:steep", control="0")
    assert steep.effective_share < 0.5
    assert "The weights are so uneven" in steep.warnings[0]


def test_labels_and_hours_follow_overlap_second_opinions_and_the_pace_of_the_team(workspace: Workspace) -> None:
    seen = preview(workspace, "srs", 6)
    assert (seen.labels, seen.hours, seen.seconds_per_label) == (6, None, None)
    assert seen.hours_reason == "No label of this team was timed yet."
    worlds.label(workspace, worlds.waiting(workspace)[0])  # takes 1.5 s
    assert preview(workspace, "srs", 6, overlap=3).labels == 18
    doubled = preview(workspace, "srs", 10, double="0.2")
    assert doubled.labels == 12
    assert doubled.hours == pytest.approx(12 * 1.5 / 3600)


def test_strata_too_small_to_speak_of_are_told(world: Workspace) -> None:
    assert "Of 3 strata 3 would have fewer than 10 picks" in preview(world, "stratified", 20, by="team").warnings[-1]
    assert preview(world, "stratified", 50, by="team").warnings == ()


def test_names_of_small_strata_are_kept_from_whoever_has_still_to_label_blind(world: Workspace) -> None:
    with world.read() as reading:
        item = reading.rows("SELECT id FROM item ORDER BY id LIMIT 1")[0][0].hex()
    alone = f"id:{item}"
    told = preview(world, "stratified", 1, by="team", query=alone).strata
    assert told[0].name.startswith("team ")
    campaigns.create_campaign(world, SILENT, rules=Campaign(name="Blind", query="", seed="s"))
    assert preview(world, "stratified", 1, by="team", query=alone).strata[0].name == "(few items)"
    assert preview(world, "stratified", 1, by="agent", query=alone).strata[0].name in ("shop", "claims")
    assert [one.name for one in preview(world, "stratified", 20, by="team").strata] == ["team 0", "team 1", "team 2"]


def test_what_cannot_be_created_is_refused(world: Workspace) -> None:
    for design, size, more in (("srs", 61, {}), ("srs", None, {}), ("stratified", 20, {}), ("srs", 5, {"query": "agent:nobody"})):
        with pytest.raises(Refused):
            preview(world, design, size, **more)  # type: ignore[arg-type] # size may be none
    with pytest.raises(NotFound):
        preview(world, "stratified", 5, by="nowhere")
    with pytest.raises(Refused, match="no rate"):
        preview(world, "srs", 5, rate=1.0)
    members.add_members(world, SILENT, names=["Ben"])
    ben = world.as_member("Ben")
    with pytest.raises(NotAllowed):
        preview(ben, "srs", 5)
    with pytest.raises(NotAllowed):
        designing.list_fields(ben, SILENT, query="")
    ben.close()


def test_fields_that_a_design_may_name_are_listed(world: Workspace) -> None:
    found = designing.list_fields(world, SILENT, query="").value
    assert found.own == ("agent", "model", "kind", "steps", "month", "week", "day")
    assert found.judges == ("suggestion:gpt",)
    assert found.metadata == ("label", "note", "risk", "team")


def test_growing_is_previewed_as_it_is_then_drawn_with_the_labels_of_what_is_new(world: Workspace) -> None:
    rules = Campaign(name="D", query="", seed="s", design="stratified", double="0.5", repeat="0.1", gold="0.2")
    campaigns.create_campaign(world, SILENT, rules=rules, size=20, selection=Selection(by="team"))
    seen = designing.preview_growth(world, SILENT, campaign="D", size=40).value
    assert seen.labels == round(20 * 1.5 * 1.1 / 0.8)  # second opinions, repeats, and known answers among them
    grown = campaigns.grow_campaign(world, SILENT, campaign="D", size=40).value
    assert [(one.name, one.population, one.to_draw) for one in seen.strata] == [tuple(one) for one in grown.strata]
    with pytest.raises(Refused, match="40 items drawn already") as refused:
        designing.preview_growth(world, SILENT, campaign="D", size=39)
    assert refused.value.about == "size"
    campaigns.close_campaign(world, SILENT, campaign="D")
    with pytest.raises(Refused, match="is closed"):
        designing.preview_growth(world, SILENT, campaign="D", size=50)


@pytest.mark.parametrize(
    ("design", "size", "more", "about"),
    [
        ("srs", 61, {}, "size"),
        ("srs", None, {}, "size"),
        ("srs", 5, {"query": "agent:nobody"}, "query"),
        ("srs", 5, {"overlap": 65}, "overlap"),
        ("stratified", 20, {}, "by"),
        ("stratified", 20, {"by": "nowhere"}, "by"),
        ("stratified", 20, {"by": "agent", "floor": 11}, "floor"),
        ("stratified", 20, {"by": "agent", "allocation": "neyman", "weight": "nowhere"}, "weight"),
        ("poisson", 20, {}, "weight"),
        ("poisson", 20, {"weight": "nowhere"}, "weight"),
        ("poisson", 20, {"weight": "risk", "control": "0.1"}, "control"),
        ("poisson", 61, {"weight": "risk"}, "size"),
    ],
)
def test_a_refusal_names_what_it_is_about(world: Workspace, design: Any, size: int | None, more: dict[str, Any], about: str) -> None:
    with pytest.raises((Refused, NotFound)) as refused:
        preview(world, design, size, **more)
    assert refused.value.about == about


def test_a_population_is_told_as_far_as_its_viewer_may_see_it(world: Workspace) -> None:
    found = designing.describe_population(world, SILENT, query="agent:shop").value
    assert (found.total, found.agents, found.kinds, found.unseen, found.partly) == (30, (("shop", 30),), (("trajectory", 30),), 0, False)
    assert found.models == (("model-a", 30),)
    campaigns.create_campaign(world, SILENT, rules=Campaign(name="Blind", query="agent:shop", seed="s"))
    blind = designing.describe_population(world, SILENT, query="").value
    assert (blind.total, blind.models, blind.unseen, blind.partly) == (60, (("model-a", 30),), 30, False)
    asked = designing.describe_population(world, SILENT, query="model:model-a").value
    assert (asked.total, asked.partly) == (30, True)
    told = preview(world, "all", None, query="model:model-a")
    assert (told.population, "hidden from you" in told.warnings[-1]) == (30, True)
