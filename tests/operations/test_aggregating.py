"""One posterior an item: by which method, for whom, and calibrated where enough is known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import aggregating, campaigns
from reviewer.operations.aggregating import Aggregated
from reviewer.operations.agreement import NOT_TOLD
from reviewer.storage.workspace import Workspace
from tests import opinions
from tests.opinions import PEOPLE, Labelled

A, B, C = PEOPLE


@pytest.fixture
def labelled(tmp_path: Path) -> Iterator[Labelled]:
    """A campaign that three people labelled."""
    made = opinions.labelled(tmp_path / "workspace")
    yield made
    made.workspace.close()


def ask(workspace: Workspace, method: str | None = None, *, name: str | None = None) -> Aggregated:
    """What a member sees."""
    if name is None:
        return aggregating.aggregate_labels(workspace, SILENT, campaign=opinions.NAME, method=method).value
    other = workspace.as_member(name)
    try:
        return ask(other, method)
    finally:
        other.close()


def test_a_majority_is_the_share_of_votes_and_a_tie_has_no_verdict(labelled: Labelled) -> None:
    found = ask(labelled.workspace, "majority")
    by_item = {one.item: one for one in found.items}
    broken, split, fine, unsure = (by_item[labelled.items[place]] for place in (0, 16, 40, -1))
    assert (broken.p_non_compliant, broken.verdict, broken.labels) == (1, "non_compliant", 2)
    assert (split.p_non_compliant, split.verdict, split.labels) == (0.5, None, 2)
    assert (fine.p_non_compliant, fine.verdict) == (0, "compliant")
    assert (unsure.p_non_compliant, unsure.labels) == (0, 3)  # one was unsure and has no vote
    assert len(found.items) == 60
    assert [one.item for one in found.items] == sorted(labelled.items)


def test_reviewers_are_measured_against_the_others(labelled: Labelled) -> None:
    a, b, c = ask(labelled.workspace, "majority").reviewers
    assert [one.reviewer for one in (a, b, c)] == [A, B, C]
    # B found 27 broken of which A did 22; of 33 that A found fine or, with C, outvoted, B agreed on 27.
    assert a.sensitivity == pytest.approx(22 / 27)
    assert (c.sensitivity, c.specificity, c.reason) == (None, 1, aggregating.NO_BASIS)


def test_the_model_is_chosen_where_every_reviewer_shares_20_items(labelled: Labelled, tmp_path: Path) -> None:
    assert ask(labelled.workspace).method == "majority"  # C shares nine
    c = labelled.workspace.as_member(C)
    for item in labelled.items[:11]:
        opinions.give(c, item, "non_compliant", "4.2")
    c.close()
    found = ask(labelled.workspace)
    assert found.method == "dawid_skene"
    assert all(one.sensitivity is not None and one.specificity is not None for one in found.reviewers)
    by_item = {one.item: one for one in found.items}
    assert (by_item[labelled.items[0]].verdict, by_item[labelled.items[40]].verdict) == ("non_compliant", "compliant")


def test_single_labels_are_believed_as_far_as_gold_shows(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=30)
    a = begun.workspace.as_member(A)
    for place, item in enumerate(begun.items):
        opinions.give(a, item, "non_compliant" if place % 3 == 0 else "compliant", "4.2" if place % 3 == 0 else "")
    a.close()
    assert ask(begun.workspace).method == "majority"
    with pytest.raises(Refused, match="never measured"):
        ask(begun.workspace, "single_expert")
    opinions.know(begun, {item: "non_compliant" if place % 3 == 0 else "compliant" for place, item in enumerate(begun.items[:20])})
    found = ask(begun.workspace)
    assert found.method == "single_expert"
    assert [(one.reviewer, one.sensitivity, one.specificity) for one in found.reviewers] == [(A, 1, 1)]
    sure = {one.p_non_compliant or 0 for one in found.items if one.verdict == "non_compliant"}
    assert len(sure) == 1
    assert 0.7 < sure.pop() < 0.999  # right 20 of 20 times is not right always
    begun.workspace.close()


def test_a_reviewer_sees_no_posterior_of_what_they_have_still_to_judge(labelled: Labelled) -> None:
    whole, theirs = ask(labelled.workspace, "majority"), ask(labelled.workspace, "majority", name=C)
    assert (whole.hidden, theirs.hidden) == (0, 51)
    assert {one.item for one in theirs.items} == set(labelled.items[-9:])
    assert set(theirs.items) < set(whole.items)
    assert (theirs.reviewers, theirs.calibration, theirs.reason) == ((), None, NOT_TOLD)
    assert ask(labelled.workspace, "majority", name=A).hidden == 0
    campaigns.close_campaign(labelled.workspace, SILENT, campaign=opinions.NAME)
    assert ask(labelled.workspace, "majority", name=C).hidden == 0


def test_a_reviewer_learns_nothing_of_gold_where_the_campaign_does_not_say(labelled: Labelled) -> None:
    with pytest.raises(NotAllowed):
        ask(labelled.workspace, "single_expert", name=A)
    before = ask(labelled.workspace, name=A)
    opinions.know(labelled, dict.fromkeys(labelled.items[:30], "compliant"))
    assert ask(labelled.workspace, name=A) == before


def test_where_the_campaign_says_so_a_reviewer_sees_their_own_errors(tmp_path: Path) -> None:
    made = opinions.labelled(tmp_path / "workspace", feedback=True)
    found = ask(made.workspace, "majority", name=C)
    assert [(one.reviewer, one.specificity) for one in found.reviewers] == [(C, 1)]
    assert found.reason == "9 items have a known answer; it takes 100 to calibrate"
    made.workspace.close()


def test_gold_that_was_not_drawn_teaches_and_is_not_listed(labelled: Labelled) -> None:
    before = ask(labelled.workspace, "single_expert")
    with labelled.workspace.begin() as work:
        work.run("DELETE FROM pick WHERE item = ?", (bytes.fromhex(labelled.items[0]),))
    found = ask(labelled.workspace, "single_expert")
    assert found.reviewers == before.reviewers
    assert [one.item for one in found.items] == sorted(labelled.items[1:])


def test_posteriors_are_calibrated_on_100_known_items_and_claim_no_more_than_was_right(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=110)
    a, b = (begun.workspace.as_member(name) for name in (A, B))
    truth = {item: "non_compliant" if place % 4 == 0 else "compliant" for place, item in enumerate(begun.items)}
    for place, item in enumerate(begun.items):
        said = truth[item] if place % 10 else "compliant"
        for who in (a, b):
            opinions.give(who, item, said, "4.2" if said == "non_compliant" else "")
    a.close()
    b.close()
    opinions.know(begun, dict(list(truth.items())[:99]))
    few = ask(begun.workspace, "majority")
    assert (few.calibration, few.reason) == (None, "99 items have a known answer; it takes 100 to calibrate")
    opinions.know(begun, truth)
    found = ask(begun.workspace, "majority")
    assert found.reason is None
    assert found.calibration is not None
    assert found.calibration.gold == 110
    assert found.calibration.cap == pytest.approx(104 / 110)  # 6 of the 28 that are broken were called compliant by both
    assert {one.verdict for one in found.items} == {"compliant", "non_compliant"}
    assert max(one.p_non_compliant or 0 for one in found.items) <= 104 / 110 + 1e-9
    assert found.calibration.brier.low <= found.calibration.brier.value <= found.calibration.brier.high
    begun.workspace.close()


def test_no_label_gives_no_item_and_says_why(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=2)
    found = ask(begun.workspace)
    assert (found.items, found.reviewers, found.reason) == ((), (), aggregating.NO_LABEL)
    begun.workspace.close()


def test_an_item_of_which_nobody_is_sure_has_no_posterior(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=2)
    a = begun.workspace.as_member(A)
    opinions.give(a, begun.items[0], "unsure")
    opinions.give(a, begun.items[1], "compliant")
    a.close()
    by_item = {one.item: one for one in ask(begun.workspace, "majority").items}
    assert (by_item[begun.items[0]].p_non_compliant, by_item[begun.items[0]].verdict) == (None, None)
    begun.workspace.close()


def test_another_method_is_refused(labelled: Labelled) -> None:
    with pytest.raises(Refused, match="oracle"):
        ask(labelled.workspace, "oracle")


@pytest.mark.parametrize("method", ["one_coin", "glad", "mace"])
def test_the_other_models_weigh_the_same_labels(labelled: Labelled, method: str) -> None:
    found = ask(labelled.workspace, method)
    assert found.method == method
    by_item = {one.item: one for one in found.items}
    assert len(by_item) == 60
    assert (by_item[labelled.items[0]].verdict, by_item[labelled.items[40]].verdict) == ("non_compliant", "compliant")
    assert all(one.sensitivity is not None and 0 <= one.sensitivity <= 1 for one in found.reviewers if one.reason is None)
