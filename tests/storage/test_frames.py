"""What a draw says of its design: read back, remade from its seed, and told where it is not what it says."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from reviewer.domain.designs import Selection
from reviewer.domain.errors import Damaged, NotFound
from reviewer.domain.events import BlobRef, Campaign, Draw, Event
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, verifying
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import frames
from reviewer.storage.journal import stored_entry
from reviewer.storage.workspace import Workspace
from tests import worlds

DESIGNS: list[tuple[Any, Selection]] = [("stratified", Selection(by="agent")), ("poisson", Selection(weight="steps"))]


@pytest.fixture
def world(tmp_path: Path) -> Workspace:
    workspace = worlds.make(tmp_path / "world")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(40)])
    return workspace


def created(workspace: Workspace, design: Any, selection: Selection) -> Draw:
    campaigns.create_campaign(
        workspace, SILENT, rules=Campaign(name="D", query="", seed="s", design=design), size=16, selection=selection
    )  # fmt: skip
    with workspace.read() as reading:
        entry = stored_entry(reading, reading.rows("SELECT hash FROM draw")[0][0])
    return msgspec.convert(entry.body.value, Draw)


@pytest.mark.parametrize(("design", "selection"), DESIGNS, ids=["stratified", "poisson"])
def test_picks_are_remade_from_the_draw_and_the_seed(world: Workspace, design: Any, selection: Selection) -> None:
    draw = created(world, design, selection)
    with world.read() as reading:
        picked = campaign_rows.picks(reading, draw.picks.blob)
        assert frames.remade(reading, draw, "s") == sorted(picked)
        assert frames.remade(reading, draw, "another seed") != sorted(picked)
        before = frames.before(reading, campaign_rows.named(reading, "D"))
    assert before.selection == selection
    assert len(before.population) == 40
    assert bool(before.strata) == bool(before.reached) == (design == "stratified")
    assert before.control == (0 if design == "stratified" else 0.3 * 16 / 40)


@pytest.mark.parametrize(("design", "selection"), DESIGNS, ids=["stratified", "poisson"])
def test_a_sample_that_somebody_chose_by_hand_is_reported(world: Workspace, design: Any, selection: Selection) -> None:
    draw = created(world, design, selection)
    assert verifying.verify(world, SILENT).value.ok
    with world.begin() as work:
        picked = campaign_rows.picks(work, draw.picks.blob)[1:]
        kept = BlobRef(len(picked), work.keep_blob(campaign_rows.pack_picks(sorted(picked))))
        work.record(Event("draw", msgspec.structs.replace(draw, picks=kept)))
    found = verifying.verify(world, SILENT).value
    assert [one.what for one in found.problems] == ["Its picks are not those that its design and the seed give."]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"[[1,2,3,4]]", b'[["a",0,0,"0.5"]]', b'[["a",1,1,"half"]]', b"{", b'[["a",40,1,"0.5"]]'], ids=repr
)  # fmt: skip
def test_a_list_of_strata_or_a_frame_that_is_none_is_damaged_and_reported(world: Workspace, content: bytes) -> None:
    draw = created(world, *DESIGNS[0])
    with world.begin() as work:
        other = work.keep_blob(content)
        for what in ("strata", "frame"):
            wrong = msgspec.structs.replace(draw, design={**draw.design, what: other})
            if what == "strata" and content.startswith(b'[["a",40'):
                continue  # that is one, of fewer strata than the frame speaks of
            with pytest.raises(Damaged):
                frames.remade(work, wrong, "s")
        work.record(Event("draw", msgspec.structs.replace(draw, design={**draw.design, "frame": other})))
    assert not verifying.verify(world, SILENT).value.ok


def test_a_list_that_is_not_here_is_named(world: Workspace) -> None:
    draw = created(world, *DESIGNS[0])
    with world.begin() as work:
        with pytest.raises(NotFound):
            frames.remade(work, msgspec.structs.replace(draw, design={**draw.design, "strata": "0" * 64}), "s")
        assert frames.remade(work, msgspec.structs.replace(draw, design={"kind": "later", "version": "2", "frame": "x"}), "s") is None
