"""What models are worth by the labels of a campaign: as the domain fits them, and not told where nothing supports it."""

import math
from itertools import pairwise
from pathlib import Path

import pytest

from reviewer.domain import bradley_terry
from reviewer.domain.bradley_terry import Contest
from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.preferences import Choice
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members, queues, unblinding, worths
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Workspace
from tests import pairs, worlds


def of(workspace: Workspace) -> worths.Ranked:
    return worths.rank_models(workspace, SILENT, campaign="C").value


def prefer(workspace: Workspace, item: str, choice: Choice) -> None:
    labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(), choice=choice)


def key_of(workspace: Workspace, item: str, model: str) -> str:
    with workspace.read() as reading:
        return next(one.key for one in item_rows.get(reading, item).item.candidates if one.model == model)  # type: ignore[arg-type]


def test_two_models_are_worth_what_the_domain_says_of_who_stood_first(tmp_path: Path) -> None:
    """Model a wins two of three; of each four, every fourth is a tie. What is fitted is put together here from what was seen."""
    workspace = pairs.ready(tmp_path / "w", items=24)
    assert (of(workspace).reason, of(workspace).models) == ("no blind label tells outputs of two models apart", ())
    met = {("model-a", "model-b"): [0, 0, 0], ("model-b", "model-a"): [0, 0, 0]}
    for number, up in enumerate(queues.next_items(workspace, SILENT, campaign="C", limit=24).value):
        a = key_of(workspace, up.id, "model-a")
        b = "AB"[a == "A"]
        first = up.item.candidates[0].key
        order = ("model-a", "model-b") if first == a else ("model-b", "model-a")
        winner = a if number % 3 else b
        met[order][2 if number % 4 == 0 else int(winner != first)] += 1
        prefer(workspace, up.id, Choice(prefer="tie" if number % 4 == 0 else winner))
    found = of(workspace)
    contests = [Contest(0, 1, *met["model-a", "model-b"]), Contest(1, 0, *met["model-b", "model-a"])]
    expected = bradley_terry.fit(2, contests, ties=True, place=True)
    best, other = sorted(found.models, key=lambda one: one.model)
    assert found.reference == "model-a"
    assert (best.worth, other.worth) == pytest.approx((0, expected.log_worths[1].value))
    assert (best.won, best.lost, best.tied) == (other.lost, other.won, other.tied) == (12, 6, 6)
    assert found.models[0] is best
    assert other.chance == pytest.approx(1 / (1 + math.exp(-expected.log_worths[1].value)))
    assert other.low is not None
    assert other.chance is not None
    assert other.high is not None
    assert other.low < other.chance < other.high
    assert found.place is not None
    assert expected.place is not None
    assert (found.place.value, found.place.p) == pytest.approx((expected.place.value, expected.place_p))
    assert (found.labels, found.items, found.notes) == (24, 24, ())
    workspace.close()


def test_a_model_that_always_won_has_no_worth_and_what_is_not_blind_does_not_count(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", outputs=3)
    first, second, *_ = queues.next_items(workspace, SILENT, campaign="C", limit=6).value
    prefer(workspace, first.id, Choice(prefer=key_of(workspace, first.id, "model-c")))
    found = of(workspace)
    assert found.reason is not None
    assert "every win went one way" in found.reason
    assert [(one.model, one.worth, one.won, one.lost) for one in found.models] == [
        ("model-a", None, 0, 1), ("model-b", None, 0, 1), ("model-c", None, 2, 0),
    ]  # fmt: skip
    assert found.notes[0].startswith("Each two outputs of each label count by themselves")
    unblinding.unblind_item(workspace, SILENT, campaign="C", item=second.id)
    prefer(workspace, second.id, Choice(prefer=key_of(workspace, second.id, "model-a")))
    assert of(workspace).notes[0] == "1 label is left out: it was given with something leading in view."
    assert of(workspace).labels == 1
    workspace.close()


def test_nobody_a_lead_neither_is_told_of_what_waits_for_their_own_blind_label(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", overlap=2)
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    first, second, *_ = (up.id for up in queues.next_items(workspace, SILENT, campaign="C", limit=6).value)
    for item in (first, second):
        prefer(ben, item, Choice(prefer=key_of(workspace, item, "model-a")))
    assert (of(workspace).models, of(workspace).labels) == ((), 0)
    assert of(workspace).notes == ("2 comparisons are left out: they wait for your own blind label.",)
    assert [(one.model, one.won) for one in of(ben).models] == [("model-a", 2), ("model-b", 0)]
    prefer(workspace, first, Choice(prefer=key_of(workspace, first, "model-b")))
    assert [(one.model, one.won) for one in of(workspace).models] == [("model-a", 1), ("model-b", 1)]
    assert of(workspace).notes[0] == "1 comparison is left out: it waits for your own blind label."
    ben.close()
    workspace.close()


@pytest.mark.parametrize(("beaten", "circles"), [("abc", 0), ("abca", 1)], ids=["in one order", "in a circle"])
def test_whether_three_models_go_in_a_circle_is_told(tmp_path: Path, beaten: str, circles: int) -> None:
    """Pairs of models: each beats the one behind it in the list, and a beats c where the list does not close."""
    workspace = worlds.make(tmp_path / "w")
    won = list(pairwise(beaten)) if circles else [("a", "b"), ("b", "c"), ("a", "c")]
    items: dict[str, str] = {}
    for number, (winner, loser) in enumerate(won):
        outputs = [pairs.Output((pairs.said("assistant", f"Answer {number} of {one}."),), f"model-{one}") for one in (winner, loser)]
        prompt = (pairs.said("user", f"Refund order {number}, please."),)
        item = pairs.Item(kind="comparison", agent="shop", messages=prompt, candidates=pairs.keyed(outputs).candidates)
        [put] = worlds.put_in(workspace, [item], file=f"{number}.jsonl")
        items[put] = f"model-{winner}"
    rules = Campaign(name="C", query="", question="preference", seed="s", assign="all")
    campaigns.create_campaign(workspace, SILENT, rules=rules)
    assert of(workspace).circles is None
    for name, model in items.items():
        prefer(workspace, name, Choice(prefer=key_of(workspace, name, model)))
    found = of(workspace).circles
    assert found is not None
    assert (found.found, found.most, found.expected, found.zeta) == (circles, 1, 0.25, 1.0 - circles)
    assert found.as_few == pytest.approx(1.0 if circles else 0.75)
    workspace.close()


def test_a_campaign_for_verdicts_ranks_nothing(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="does not ask which output is better"):
        of(workspace)
