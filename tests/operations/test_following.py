"""Whether reviewers follow a judge is measured by the arms into which chance put them, and the rates go by the blind one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign, Shown
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, estimating, golds, instruments, labelling, queues, resolving, searching, unblinding, verifying
from reviewer.operations.following import Following
from reviewer.storage.suggestions import Suggestion
from reviewer.storage.workspace import Workspace
from tests import replicas, shown_arms, worlds

Says = Callable[[int, Suggestion | None], str]


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[shown_arms.Begun]:
    made = shown_arms.begun(tmp_path / "workspace", items=24)
    yield made
    made.close()


def work(begun: shown_arms.Begun, says: Says) -> None:
    """Both reviewers label all that waits for them. says: the verdict on the n-th item, by what is shown of it."""
    for who in begun.reviewers:
        for one in queues.next_items(who, SILENT, campaign="C", limit=100).value:
            worlds.label(who, one.id, says(begun.items.index(one.id), one.suggestion))


def followers(_place: int, suggestion: Suggestion | None) -> str:
    """All are compliant to whoever is not shown another opinion."""
    return "compliant" if suggestion is None else str(suggestion.verdict)


def followed(begun: shown_arms.Begun) -> Following:
    (one,) = instruments.check_judges(begun.lead, SILENT, campaign="C", judge=shown_arms.JUDGE).value.judges
    return one.following


def estimate(begun: shown_arms.Begun) -> estimating.CampaignEstimate:
    return estimating.estimate_campaign(begun.lead, SILENT, campaign="C").value


def know(begun: shown_arms.Begun, answers: dict[ItemId, str]) -> None:
    file = begun.lead.folder.parent / "gold.jsonl"
    file.write_text("".join(f'{{"item":"{item}","verdict":"{verdict}"}}\n' for item, verdict in answers.items()), encoding="utf-8")
    golds.import_gold(begun.lead, SILENT, path=file, campaign="C")


def test_those_who_see_the_suggestion_are_compared_with_those_whom_chance_kept_blind(begun: shown_arms.Begun) -> None:
    work(begun, followers)
    found = followed(begun)
    assert found.randomised
    assert (found.all.shown, found.all.blind) == ((24, 24), (12, 24))
    assert found.all.difference is not None
    assert found.all.difference.value == 0.5
    assert found.all.difference.low > 0
    assert found.all.by_reviewer is not None
    assert found.all.by_reviewer.strata == 2
    assert found.pairs is not None
    assert found.pairs[:3] == (24, 12, 0)
    assert found.pairs.test.p_exact == pytest.approx(2 * 0.5**12)
    assert (found.unseen, found.led) == (0, 0)
    assert set(found.reasons) == {"following_right", "following_wrong"}  # nothing is known of any item


def test_over_reliance_is_told_by_known_answers_that_say_the_judge_is_wrong(begun: shown_arms.Begun) -> None:
    know(begun, {begun.items[0]: "compliant", begun.items[2]: "compliant", begun.items[1]: "compliant"})
    work(begun, followers)
    found = followed(begun)
    assert (found.wrong.shown, found.wrong.blind) == ((2, 2), (0, 2))
    assert (found.right.shown, found.right.blind) == ((1, 1), (1, 1))
    assert found.wrong.difference is not None
    assert found.reasons == {}


def test_a_label_says_what_was_in_view_and_is_not_blind_in_the_shown_arm_alone(begun: shown_arms.Begun) -> None:
    work(begun, followers)
    for item in begun.items:
        first, second = searching.show_item(begun.lead, SILENT, item=item).value.labels
        blind, shown = (first, second) if first.label.blind else (second, first)
        assert (blind.label.blind, blind.label.shown.suggestions) == (True, ())
        assert not shown.label.blind
        assert len(shown.label.shown.suggestions) == 1
        assert (shown.label.shown.model, shown.label.shown.labels, shown.label.shown.source) == (False, (), False)


def test_the_rate_goes_by_the_blind_label_whatever_the_other_says(begun: shown_arms.Begun) -> None:
    work(begun, followers)
    standing = campaigns.show_campaign(begun.lead, SILENT, campaign="C").value
    assert (standing.complete, standing.answered) == (24, 12)  # the training answer takes both labels: half of the items are in dispute
    found = estimate(begun)
    assert (found.estimate, found.answered, found.open, found.not_blind) == (0, 24, 0, 0)
    (note,) = found.notes
    assert note == (
        "24 drawn items are answered by their blind labels, or a resolution: chance had others of their labels given with the suggestion of"
        " gpt@1 in view, and those are left out."
    )


def test_until_its_blind_label_is_there_an_item_counts_as_open(begun: shown_arms.Begun) -> None:
    ben = begun.reviewers[0]
    for one in queues.next_items(ben, SILENT, campaign="C", limit=100).value:
        if one.suggestion is not None:
            worlds.label(ben, one.id, "non_compliant")
    found = estimate(begun)
    assert (found.estimate, found.answered, found.open) == (None, 0, 24)


def test_a_resolution_overrules_both_labels(begun: shown_arms.Begun) -> None:
    work(begun, followers)
    resolving.resolve_item(begun.lead, SILENT, campaign="C", item=begun.items[0], verdict="non_compliant", rationale="It is.", clauses=[])
    found = estimate(begun)
    assert found.answered == 24
    assert found.estimate == pytest.approx(1 / 24)


def test_what_chance_did_not_bring_about_is_left_out_and_counted(begun: shown_arms.Begun) -> None:
    """Ben looks at what is hidden of a blind item, and does not see what the judge says of another."""
    ben, _ = begun.reviewers
    showings = queues.next_items(ben, SILENT, campaign="C", limit=100).value
    blind = next(one for one in showings if one.suggestion is None)
    shown = next(one for one in showings if one.suggestion is not None)
    unblinding.unblind_item(ben, SILENT, campaign="C", item=blind.id)
    worlds.label(ben, blind.id)
    labelling.label_item(
        ben, SILENT, campaign="C", item=shown.id, opinion=Opinion(verdict="compliant"), shown=Shown(renderer="an older version")
    )
    found = followed(begun)
    assert (found.led, found.unseen, found.all.shown.n, found.all.blind.n) == (1, 1, 0, 0)
    assert found.reasons["following"] == "no label that you may know was given with its suggestion in view yet"
    assert found.reasons["pairs"] == "no item has a label with the suggestion in view and one without yet"


def test_a_judge_whom_the_campaign_does_not_show_is_not_measured_by_its_arms(begun: shown_arms.Begun) -> None:
    work(begun, followers)
    (other,) = instruments.check_judges(begun.lead, SILENT, campaign="C", judge=shown_arms.OTHER).value.judges
    assert not other.following.randomised
    assert other.following.pairs is None


def test_a_rebuild_and_a_replica_say_the_same(begun: shown_arms.Begun, tmp_path: Path) -> None:
    work(begun, followers)
    before, rate = followed(begun), estimate(begun)
    there = replicas.replica(tmp_path / "there", begun.lead, "Ada")
    replicas.bring_items(begun.lead, there)
    assert verifying.verify(begun.lead, SILENT, rebuild=True).value.ok
    for place in (begun, begun._replace(lead=there)):
        assert followed(place) == before
        assert estimate(place) == rate
    there.close()


@pytest.mark.parametrize("people", [["Ben", "Cleo", "Dora"], ["Ben"]])
def test_more_reviewers_or_one_alone_leave_no_item_without_a_blind_label(tmp_path: Path, people: list[str]) -> None:
    made = shown_arms.begun(tmp_path / "other", people=people, assign="all")
    work(made, followers)
    found = estimate(made)
    assert found.not_blind == 0
    assert found.answered == (12 if len(people) > 1 else 0)
    made.close()


def test_a_judge_who_said_nothing_here_cannot_be_shown(begun: shown_arms.Begun) -> None:
    with pytest.raises(NotFound, match="No judge “gtp@1”") as missing:
        create(begun.lead, judge="gtp@1")
    assert "gpt@1" in missing.value.hint
    with pytest.raises(Refused, match="No item is reviewed by two people"):
        create(begun.lead, overlap=1)
    assert [one.campaign for one in campaigns.list_campaigns(begun.lead, SILENT).value] == ["C"]


def create(workspace: Workspace, **fields: object) -> None:
    rules = {"name": "D", "query": "", "seed": "s", "overlap": 2, "shown": "0.5", "judge": shown_arms.JUDGE} | fields
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(**rules))  # type: ignore[arg-type] # its fields
