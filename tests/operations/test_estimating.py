"""Rates of a campaign: what counts as an answer, what is said of the rest, parts of the population, and who sees what."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound, ReviewerError
from reviewer.domain.events import Campaign, Ruling
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT, Cancelled, Ticket
from reviewer.domain.proportions import hypergeometric
from reviewer.operations import campaigns, estimating, members, resolving
from reviewer.operations.estimating import CampaignEstimate
from reviewer.storage.workspace import Workspace
from tests import opinions, worlds

A, B, C = opinions.PEOPLE


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[opinions.Labelled]:
    """A campaign over sixty items that three people labelled: both found 22 broken and 25 compliant; they differ on 11, are unsure of 2.
    Only to be read."""
    made = opinions.labelled(tmp_path_factory.mktemp("labelled") / "workspace")
    yield made
    made.workspace.close()


def ask(workspace: Workspace, campaign: str = opinions.NAME, **how: object) -> CampaignEstimate:
    """An estimate."""
    return estimating.estimate_campaign(workspace, SILENT, campaign=campaign, **how).value  # type: ignore[arg-type] # as the tests say


def sampled(workspace: Workspace, *, size: int, blind: bool = True) -> list[str]:
    """The campaign C, a simple random sample. Returns its items in the order of the queue."""
    rules = Campaign(name="C", query="", seed="s", design="srs", blind=blind)
    campaigns.create_campaign(workspace, SILENT, rules=rules, size=size)
    return list(worlds.waiting(workspace))


def say(workspace: Workspace, items: Sequence[str], verdict: str) -> None:
    """Labels in the campaign C."""
    for item in items:
        worlds.label(workspace, item, verdict)


def test_a_census_that_is_not_done_tells_what_it_covers(labelled: opinions.Labelled) -> None:
    found = ask(labelled.workspace)
    assert (found.population, found.sampled, found.answered, found.open, found.unsure) == (60, 60, 47, 11, 2)
    assert found.estimate == pytest.approx(22 / 47)
    assert (found.low_if, found.high_if) == pytest.approx((22 / 60, 35 / 60))
    assert found.low is not None
    assert found.high is not None
    assert found.low < 22 / 47 < found.high
    assert (found.n, found.hidden, found.notes) == (47, 0, ())


def test_a_complete_census_has_no_doubt(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "workspace", items=10)
    items = worlds.waiting(workspace)
    say(workspace, items[:3], "non_compliant")
    say(workspace, items[3:], "compliant")
    found = ask(workspace, "C")
    assert (found.estimate, found.low, found.high, found.low_if, found.high_if) == pytest.approx((0.3,) * 5)
    workspace.close()


def test_the_limits_of_a_simple_random_sample_are_those_of_its_finite_population(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(100)])
    items = sampled(workspace, size=30)
    say(workspace, items[:6], "non_compliant")
    say(workspace, items[6:], "compliant")
    found = ask(workspace, "C")
    assert (found.estimate, found.method, found.n, found.population) == (0.2, "exact", 30, 100)
    assert (found.low, found.high) == hypergeometric(6, 30, 100)
    narrower = ask(workspace, "C", confidence=0.8)
    assert (narrower.low, narrower.high) == hypergeometric(6, 30, 100, confidence=0.8)
    workspace.close()


def test_each_value_of_a_field_has_its_rate_in_its_part_of_the_population(labelled: opinions.Labelled) -> None:
    found = ask(labelled.workspace, by="agent")
    assert [(one.value, one.population) for one in found.by] == [("claims", 30), ("shop", 30)]
    assert sum(one.n for one in found.by) == found.n
    assert found.by[0].query == 'campaign:"Airline refunds, week 47" label:any agent:claims'
    clauses = ask(labelled.workspace, by="clause").by
    assert [(one.value, one.n, one.population) for one in clauses] == [("2.4", 47, 60), ("4.2", 47, 60)]
    assert [one.estimate for one in clauses] == pytest.approx([6 / 47, 16 / 47])
    assert clauses[0].query.endswith("clause:airline:2.4")
    assert [one.value for one in ask(labelled.workspace, by="model").by] == ["model-a"]
    assert [(one.value, one.population) for one in ask(labelled.workspace, by="score").by] == [("0.5", 60)]


def test_weeks_come_in_their_order_and_hold_all_items(labelled: opinions.Labelled) -> None:
    weeks = estimating.over_time(labelled.workspace, SILENT, campaign=opinions.NAME).value
    assert [one.value for one in weeks] == ["2026-W18", "2026-W19", "2026-W20", "2026-W21", "2026-W22"]
    assert sum(one.population or 0 for one in weeks) == 60
    assert weeks[1].query.endswith("time>=2026-05-04 time<2026-05-11")
    months = estimating.over_time(labelled.workspace, SILENT, campaign=opinions.NAME, unit="month").value
    assert [(one.value, one.n, one.query.split()[-1]) for one in months] == [("2026-05", 47, "time:2026-05")]


def test_before_the_first_answer_there_is_no_rate_and_a_reason(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "workspace", items=5)
    found = ask(workspace, "C", by="agent")
    assert (found.estimate, found.low, found.high, found.n) == (None, None, None, 0)
    assert found.reason
    assert all(one.estimate is None and one.reason for one in found.by)
    assert (found.low_if, found.high_if, found.open) == (0, 1, 5)
    workspace.close()


def test_labels_given_with_something_leading_in_view_make_no_rate(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(8)])
    items = sampled(workspace, size=8, blind=False)
    say(workspace, items, "compliant")
    found = ask(workspace, "C")
    assert (found.estimate, found.answered, found.open, found.not_blind) == (None, 0, 8, 8)
    assert found.notes == ("8 drawn items are left out: they have an answer only by labels given with something leading in view.",)
    workspace.close()


def test_a_resolution_decides_and_one_that_blames_the_policy_leaves_no_answer(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=5)
    for name, verdicts in ((A, "cccnc"), (B, "nnnnc")):
        who = begun.workspace.as_member(name)
        for item, verdict in zip(begun.items, verdicts, strict=True):
            opinions.give(who, item, "compliant" if verdict == "c" else "non_compliant", "" if verdict == "c" else "5.1")
        who.close()
    rulings: tuple[tuple[Ruling, list[str]], ...] = (("non_compliant", ["4.2"]), ("compliant", []), ("policy_at_fault", ["5.1"]))
    for item, (ruling, clauses) in zip(begun.items, rulings, strict=False):
        resolving.resolve_item(
            begun.workspace, SILENT, campaign=opinions.NAME, item=item, verdict=ruling, rationale="Again.", clauses=clauses
        )
    found = ask(begun.workspace, by="clause")
    assert (found.answered, found.open, found.unsure, found.policy_at_fault) == (4, 1, 0, 1)
    assert found.estimate == pytest.approx(2 / 4)
    assert found.notes == ("1 drawn item is left out: a resolution says that the policy is at fault.",)
    # The resolution says which clause was broken, not the label that it overrules.
    assert [(one.value, one.estimate) for one in found.by] == [("4.2", 0.25), ("5.1", 0.25)]
    begun.workspace.close()


def test_gold_that_was_not_drawn_and_repeats_never_count(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    ids = worlds.put_in(workspace, [worlds.run_of(n) for n in range(30)])
    items = sampled(workspace, size=10)
    say(workspace, items, "compliant")
    before = ask(workspace, "C")
    outside = next(item for item in ids if item not in items)
    with workspace.begin() as work:  # as a hidden known answer, and a second showing, lie in the tables
        for number, (item, showing) in enumerate(((outside, 1), (items[0], 2))):
            work.run(
                "INSERT INTO label (hash, campaign, item, member, showing, verdict, blind, in_force, wall_ms)"
                " SELECT ?, campaign, ?, member, ?, 'non_compliant', 1, 1, 1 FROM label LIMIT 1",
                (bytes([number]) * 32, bytes.fromhex(item), showing),
            )
    assert ask(workspace, "C")[:20] == before[:20]
    workspace.close()


def test_a_reviewer_sees_no_rate_of_what_waits_for_their_own_blind_label(labelled: opinions.Labelled) -> None:
    done, waiting = labelled.workspace.as_member(A), labelled.workspace.as_member(C)
    assert ask(done)[:20] == ask(labelled.workspace)[:20]
    found = ask(waiting)
    assert (found.hidden, found.answered, found.open, found.unsure) == (51, 7, 51, 2)
    assert found.estimate == 0  # nine of theirs, of which two have an unsure label
    assert found.notes == ("51 drawn items are left out: they wait for your own blind label.",)
    assert ask(waiting, by="agent").by
    with pytest.raises(NotAllowed, match="51 items is hidden"):
        ask(waiting, by="model")
    done.close()
    waiting.close()


def test_an_observer_sees_the_whole_rate(labelled: opinions.Labelled) -> None:
    members.add_members(labelled.workspace, SILENT, names=["Olga"], role="observer")
    olga = labelled.workspace.as_member("Olga")
    assert ask(olga, by="model") == ask(labelled.workspace, by="model")
    olga.close()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"confidence": 1.0}, "1 cannot be a confidence"),
        ({"confidence": float("nan")}, "nan cannot be a confidence"),
        ({"method": "guess"}, "no method “guess”"),
        ({"by": "colour"}, "None of 60 items has “colour”"),
        ({"judge": "Solomon"}, "no judge “Solomon”"),
        ({"method": "ppi"}, "needs a judge"),
    ],
)
def test_what_means_nothing_is_refused_in_words(labelled: opinions.Labelled, how: dict[str, object], said: str) -> None:
    with pytest.raises(ReviewerError) as refused:
        ask(labelled.workspace, opinions.NAME, **how)
    assert said in refused.value.what
    assert refused.value.hint


def test_an_unknown_campaign_is_not_found(labelled: opinions.Labelled) -> None:
    with pytest.raises(NotFound):
        ask(labelled.workspace, "nowhere")


def test_it_stops_when_it_is_told_to(labelled: opinions.Labelled) -> None:
    stopped = Ticket(lambda _: None)
    stopped.cancel()
    with pytest.raises(Cancelled):
        estimating.estimate_campaign(labelled.workspace, stopped, campaign=opinions.NAME)
