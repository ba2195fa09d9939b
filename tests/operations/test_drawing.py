"""Designs on real tables: strata by every kind of field, weights by scores, growth with new traffic, and what is refused in words."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain import canonical
from reviewer.domain.designs import Selection
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import BlobRef, Campaign, Event, Import, Suggestion
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.domain.records import Record
from reviewer.operations import campaigns, verifying
from reviewer.storage import items as item_rows
from reviewer.storage import suggestions
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.operations.test_bundling import applied, joined, made


def put_in(workspace: Workspace, numbers: range, *, file: str, with_risk: bool = True) -> list[ItemId]:
    """Runs with metadata: a risk from 1 to 10, a team of three, a note of every item its own."""
    records = []
    for place, n in enumerate(numbers):
        metadata = canonical.encode({"risk": n % 10 + 1, "team": f"team {n % 3}", "note": f"note {n}", "label": "a" if n % 2 else "b"})
        records.append(Record(worlds.run_of(n), b'{"run":%d}' % n, place + 1, metadata=metadata.decode() if with_risk else "{}"))
    with workspace.begin() as work:
        number = item_rows.add_file(work, name=file, format_name="tests", format_version=1)
        new = item_rows.add(work, number, [item_rows.prepare(record) for record in records])
        listed = canonical.encode([[one.id.hex(), one.original_hash.hex()] for one in new])
        work.record(Event("import", Import(file, "tests", 1, BlobRef(len(new), work.keep_blob(listed)))))
    return [ItemId(one.id.hex()) for one in new]


def suggest(workspace: Workspace, judge: str, said: list[suggestions.Suggested]) -> None:
    with workspace.begin() as work:
        kept = BlobRef(len(said), work.keep_blob(suggestions.pack(said)))
        work.record(Event("suggestion", Suggestion(judge=judge, rows=kept)))


def drawn(workspace: Workspace, campaign: str) -> dict[ItemId, tuple[str, str, str, str]]:
    with workspace.read() as reading:
        rows = reading.rows(
            "SELECT p.item, p.stratum, p.stream, p.pi, p.u FROM pick p JOIN campaign c ON c.id = p.campaign WHERE c.name = ?", (campaign,)
        )
    return {ItemId(row[0].hex()): tuple(row[1:]) for row in rows}


def create(workspace: Workspace, name: str, design: Any, size: int, **selection: Any) -> campaigns.Created:
    rules = Campaign(name=name, query="", seed="s", design=design)
    return campaigns.create_campaign(workspace, SILENT, rules=rules, size=size, selection=Selection(**selection)).value


@pytest.fixture
def world(tmp_path: Path) -> Workspace:
    """Sixty runs with metadata, and a judge's scores of them."""
    workspace = worlds.make(tmp_path / "world")
    ids = put_in(workspace, range(60), file="first.jsonl")
    said = [suggestions.Suggested(item, "non_compliant" if n % 4 == 0 else "compliant", f"0.{n % 9}") for n, item in enumerate(ids)]
    suggest(workspace, "gpt", said)
    return workspace


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("agent", ["claims", "shop"]), ("model", ["model-a"]), ("kind", ["trajectory"]),
        ("month", ["2026-05"]), ("time:month", ["2026-05"]),
        ("week", ["2026-W18", "2026-W19", "2026-W20", "2026-W21", "2026-W22"]), ("team", ["team 0", "team 1", "team 2"]),
        ("steps", ["5"]), ("risk", [str(n) for n in sorted(map(str, range(1, 11)))]), ("suggestion:gpt", ["compliant", "non_compliant"]),
    ],
)  # fmt: skip
def test_strata_are_the_values_of_a_field_and_add_up(world: Workspace, by: str, names: list[str]) -> None:
    made = create(world, "D", "stratified", 20, by=by)
    assert [one.stratum for one in made.strata] == names
    assert sum(one.population for one in made.strata) == made.population == 60
    assert sum(one.sampled for one in made.strata) == made.sampled == 20
    assert made.strata == campaigns.show_campaign(world, SILENT, campaign="D").value.strata
    assert Counter(stratum for stratum, *_ in drawn(world, "D").values()) == {one.stratum: one.sampled for one in made.strata}
    assert verifying.verify(world, SILENT).value.ok


def test_many_numbers_are_cut_in_quarters_and_stay_cut_so(world: Workspace) -> None:
    suggest(world, "fine", [suggestions.Suggested(item, None, f"0.{n:02d}") for n, item in enumerate(sorted(_ids(world)))])
    made = create(world, "D", "stratified", 20, by="suggestion:fine")
    assert [one.stratum for one in made.strata] == ["up to 0.14", "above 0.14 to 0.29", "above 0.29 to 0.44", "above 0.44"]
    new = put_in(world, range(100, 120), file="second.jsonl")
    suggest(world, "fine", [suggestions.Suggested(item, None, "0.9") for item in new])
    grown = campaigns.grow_campaign(world, SILENT, campaign="D", size=40).value
    assert {one.stratum: one.population for one in grown.strata}["above 0.44"] == 35


def _ids(workspace: Workspace) -> list[ItemId]:
    with workspace.read() as reading:
        return [ItemId(raw.hex()) for (raw,) in reading.rows("SELECT id FROM item")]


def test_neymans_allocation_follows_a_judges_scores(world: Workspace) -> None:
    ids = sorted(_ids(world))
    with world.read() as reading:
        agents = {ItemId(raw.hex()): agent for raw, agent in reading.rows("SELECT id, agent FROM item")}
    suggest(world, "sure", [suggestions.Suggested(item, None, "0.5" if agents[item] == "shop" else "0.01") for item in ids])
    made = create(world, "D", "stratified", 20, by="agent", allocation="neyman", weight="suggestion:sure")
    assert {one.stratum: one.sampled for one in made.strata} == {"claims": 6, "shop": 14}
    assert made.warnings == ()
    told = create(world, "E", "stratified", 20, by="agent", allocation="neyman")
    assert {one.stratum: one.sampled for one in told.strata} == {"claims": 10, "shop": 10}
    assert "Nothing says how violation rates differ" in told.warnings[0]


@pytest.mark.parametrize("weight", ["risk", "metadata:risk", "suggestion:gpt", "steps"])
def test_a_risk_weighted_sample_has_two_streams_and_probabilities_that_sum_to_its_size(world: Workspace, weight: str) -> None:
    made = create(world, "D", "poisson", 30, weight=weight)
    picked = drawn(world, "D")
    assert made.sampled == len(picked)
    assert {stream for _, stream, *_ in picked.values()} == {"control", "risk"}
    with world.read() as reading:
        design, frame = reading.row("SELECT d.design, d.population_n FROM draw d") or ("", 0)
    assert frame == 60
    assert '"control_pi":"0.15"' in design
    assert verifying.verify(world, SILENT).value.ok


def test_a_control_stream_can_be_left_out(world: Workspace) -> None:
    create(world, "D", "poisson", 30, weight="risk", control="0")
    assert {stream for _, stream, *_ in drawn(world, "D").values()} == {"risk"}


@pytest.mark.parametrize(
    ("design", "size", "selection", "says"),
    [
        ("stratified", 20, {"by": "nowhere"}, "None of 60 items has “nowhere”"),
        ("stratified", 20, {"by": "suggestion:nobody"}, "None of 60 items has “suggestion:nobody”"),
        ("poisson", 20, {"weight": "team"}, "“team .”, which an item has as “team”, is no number"),
        ("stratified", 61, {"by": "agent"}, "61 cannot be drawn from 60"),
        ("poisson", 61, {"weight": "risk"}, "61 cannot be drawn from 60"),
        ("stratified", 20, {"by": "agent", "floor": 11}, "needs 22 picks"),
        ("stratified", 20, {"by": "agent", "weight": "risk"}, "Weights are for"),
        ("srs", 20, {"by": "agent"}, "for the design stratified alone"),
        ("srs", 20, {"control": "0.5"}, "for the design poisson alone"),
        ("poisson", 20, {"weight": "risk", "control": "0.1"}, "too thin"),
        ("poisson", 20, {"weight": "risk", "control": "none"}, "no share"),
        ("poisson", 20, {}, "needs weights"),
        ("stratified", 20, {}, "needs a field"),
    ],
)
def test_a_design_that_cannot_be_met_writes_nothing(world: Workspace, design: str, size: int, selection: dict[str, Any], says: str) -> None:
    with world.read() as reading:
        before = reading.rows("SELECT count(*) FROM entry"), reading.rows("SELECT count(*) FROM blob")
    with pytest.raises((Refused, NotFound), match=says) as error:
        create(world, "D", design, size, **selection)
    assert error.value.hint
    with world.read() as reading:
        assert before == (reading.rows("SELECT count(*) FROM entry"), reading.rows("SELECT count(*) FROM blob"))


@pytest.mark.parametrize(("design", "selection"), [("stratified", {"by": "team"}), ("poisson", {"weight": "risk"})])
def test_a_field_that_half_of_the_items_lack_is_refused_with_their_number_and_a_query(
    world: Workspace, design: str, selection: dict[str, Any]
) -> None:
    put_in(world, range(100, 170), file="bare.jsonl", with_risk=False)
    with pytest.raises(Refused, match="70 of 130 items have no") as error:
        create(world, "D", design, 20, **selection)
    assert "Narrow the query" in error.value.hint


def test_a_field_that_few_items_lack_makes_a_stratum_of_them(world: Workspace) -> None:
    put_in(world, range(100, 110), file="bare.jsonl", with_risk=False)
    assert {one.stratum: one.population for one in create(world, "D", "stratified", 20, by="team").strata}["(none)"] == 10


def test_weights_below_0_or_all_0_are_refused(world: Workspace) -> None:
    ids = _ids(world)
    suggest(world, "low", [suggestions.Suggested(item, None, "-1") for item in ids])
    suggest(world, "flat", [suggestions.Suggested(item, None, "0") for item in ids])
    with pytest.raises(Refused, match="60 weights are below 0"):
        create(world, "D", "poisson", 20, weight="suggestion:low")
    with pytest.raises(Refused, match="All weights are 0"):
        create(world, "D", "poisson", 20, weight="suggestion:flat")


def test_a_grown_sample_that_would_lower_a_probability_is_refused(world: Workspace) -> None:
    create(world, "D", "stratified", 20, by="agent")
    create(world, "E", "poisson", 20, weight="risk")
    put_in(world, range(100, 160), file="second.jsonl")
    for name in ("D", "E"):
        before = drawn(world, name)
        with pytest.raises(Refused, match="would fall") as error:
            campaigns.grow_campaign(world, SILENT, campaign=name, size=22)
        assert drawn(world, name) == before
        least = int(error.value.hint.split()[2])
        campaigns.grow_campaign(world, SILENT, campaign=name, size=least)
        assert set(before) <= set(drawn(world, name))


DESIGNS = [("stratified", {"by": "team"}), ("poisson", {"weight": "risk"}), ("srs", {})]


@pytest.mark.parametrize("late", [False, True], ids=["as it happened", "last draw first"])
@pytest.mark.parametrize(("design", "selection"), DESIGNS, ids=[name for name, _ in DESIGNS])
def test_a_sample_that_grew_twice_with_new_traffic_is_the_same_on_two_workspaces_in_either_order(
    world: Workspace, tmp_path: Path, design: str, selection: dict[str, Any], late: bool
) -> None:
    ben = joined(world, tmp_path / "ben", "Ben")
    bundles = [made(world, tmp_path / "0.rvb")]
    stands = []
    for number, size in enumerate((20, 45, 60)):
        if number:
            put_in(world, range(100 * number, 100 * number + 20), file=f"{number}.jsonl")
            campaigns.grow_campaign(world, SILENT, campaign="D", size=size)
        else:
            create(world, "D", design, size, **selection)
        stands.append(drawn(world, "D"))
        bundles.append(made(world, tmp_path / f"{number + 1}.rvb"))
    for bundle in [bundles[0], *(reversed(bundles[1:]) if late else bundles[1:])]:
        applied(ben, bundle)
    for earlier, later in pairwise(stands):
        assert set(earlier) <= set(later)
        assert all(float(later[item][2]) >= float(earlier[item][2]) for item in earlier)
    assert drawn(ben, "D") == drawn(world, "D")
    assert worlds.waiting(ben, campaign="D") or worlds.waiting(world, campaign="D")
    found = verifying.verify(ben, SILENT).value
    assert found.ok, found.problems
    # It grows from there as it would here: all that a draw needs has come along.
    applied(world, made(ben, tmp_path / "back.rvb"))
    assert replicas.digest(ben) == replicas.digest(world)
    ben.close()
