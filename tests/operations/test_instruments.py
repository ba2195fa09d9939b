"""A judge is measured by what people said without having seen it, and by nothing that the viewer may not know."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Shown
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT, Cancelled, Ticket
from reviewer.operations import instruments, labelling, suggesting
from reviewer.operations.instruments import Checked, Cut, Measured
from reviewer.storage import suggestions as suggestion_rows
from tests import opinions
from tests.opinions import Labelled

A, B, C = opinions.PEOPLE
OLD, NEW = "gpt@1", "gpt@2"


@pytest.fixture
def begun(tmp_path: Path) -> Labelled:
    """Twenty items that A and B say the same of: the first eight are non-compliant. C says nothing."""
    made = opinions.begun(tmp_path / "workspace", items=20)
    for name in (A, B):
        who = made.workspace.as_member(name)
        for place, item in enumerate(made.items):
            opinions.give(who, item, "non_compliant" if place < 8 else "compliant")
        who.close()
    return made


def suggest(made: Labelled, judge: str, said: Sequence[object], items: Sequence[ItemId] | None = None) -> None:
    """What a judge says of each item: a verdict or a score."""
    file = made.workspace.folder.parent / "suggestions.jsonl"
    named = zip(made.items if items is None else items, said, strict=True)
    rows = [{"item": item, "verdict" if isinstance(one, str) else "score": one} for item, one in named]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert suggesting.import_suggestions(made.workspace, SILENT, path=file, judge=judge).value.rejected == 0


def flags(*places: int) -> list[str]:
    return ["non_compliant" if n in places else "compliant" for n in range(20)]


def check(made: Labelled, who: str = "Ada", **asked: object) -> Checked:
    opened = made.workspace.as_member(who)
    found = instruments.check_judges(opened, SILENT, campaign=opinions.NAME, **asked).value  # type: ignore[arg-type] # its options
    opened.close()
    return found


def one(found: Checked) -> Measured:
    (only,) = found.judges
    return only


def test_a_judge_is_measured_by_the_answers_of_the_campaign(begun: Labelled) -> None:
    suggest(begun, OLD, flags(0, 1, 2, 3, 4, 5, 10, 11, 12))
    found = check(begun)
    judge = one(found)
    assert (found.answered, found.hidden, found.weighted, judge.n, judge.judged) == (20, 0, False, 20, 20)
    assert judge.accuracy is not None
    assert (judge.accuracy.sensitivity.value, judge.accuracy.specificity.value) == (6 / 8, 9 / 12)
    assert judge.accuracy.positive_value.value == pytest.approx(6 / 9)
    assert judge.rate is not None
    assert judge.rate.value == pytest.approx(8 / 20)  # it judged all, and the same items measured it
    assert judge.rate.low < 0.4 < judge.rate.high
    assert (judge.curve, judge.reasons["curve"]) == (None, instruments.NO_SCORES)


def test_scores_have_a_curve_and_become_verdicts_where_a_person_or_their_scale_says_so(begun: Labelled) -> None:
    suggest(begun, "scores", [0.9] * 8 + [0.1] * 10 + [0.6] * 2)
    judge = one(check(begun))
    assert judge.curve is not None
    assert [round(each.score, 2) for each in judge.curve.bins] == [0.1, 0.6, 0.9]
    assert judge.curve.ece == pytest.approx((8 * 0.1 + 10 * 0.1 + 2 * 0.6) / 20)
    assert judge.discrimination == 1
    assert judge.accuracy is not None
    assert judge.accuracy.specificity.value == pytest.approx(10 / 12)
    stricter = one(check(begun, cut=Cut(0.7))).accuracy
    assert stricter is not None
    assert stricter.specificity.value == 1


def test_scores_on_a_scale_of_the_judges_own_need_a_threshold(begun: Labelled) -> None:
    suggest(begun, "stars", [1] * 8 + [5] * 12)
    judge = one(check(begun))
    assert (judge.n, judge.silent, judge.accuracy) == (0, 20, None)
    assert judge.reasons["curve"] == instruments.NOT_CHANCES
    told = one(check(begun, cut=Cut(2, low_is_bad=True))).accuracy
    assert told is not None
    assert (told.sensitivity.value, told.specificity.value) == (1, 1)


def test_items_drawn_more_often_count_less(begun: Labelled) -> None:
    suggest(begun, OLD, flags(0, 1, 2, 3, 10))
    with begun.workspace.begin() as work:
        work.run("UPDATE pick SET pi = '0.5'")
        work.run_many("UPDATE pick SET pi = '0.1' WHERE item = ?", [(bytes.fromhex(item),) for item in begun.items[:4]])
        work.run("UPDATE campaign SET rules = json_set(rules, '$.design', 'poisson')")
    found = check(begun)
    accuracy = one(found).accuracy
    assert accuracy is not None
    assert found.weighted
    assert accuracy.sensitivity.value == pytest.approx(40 / 48)


def test_who_must_still_judge_blind_learns_nothing_of_that_item(begun: Labelled) -> None:
    """C has labelled two items; of the others neither answer nor opinion counts, nor what the judge says of the whole."""
    suggest(begun, OLD, flags(0, 1, 2))
    before = check(begun, C)
    assert (before.judges, before.answered, before.hidden) == ((), 0, 20)
    who = begun.workspace.as_member(C)
    for item, verdict in ((begun.items[0], "non_compliant"), (begun.items[9], "compliant")):
        opinions.give(who, item, verdict)
    who.close()
    found = check(begun, C)
    judge = one(found)
    assert (found.hidden, judge.judged, judge.n, judge.rate) == (18, 2, 2, None)
    assert judge.reasons["rate"] == instruments.HIDDEN
    for name in (A, B):
        assert one(check(begun, name)).n == 20


def test_a_reviewer_does_not_learn_which_items_are_gold(begun: Labelled) -> None:
    suggest(begun, OLD, flags(0, 1, 2))
    opinions.know(begun, {begun.items[0]: "non_compliant", begun.items[12]: "non_compliant"})
    assert one(check(begun)).following.right.blind.n == 2
    assert one(check(begun)).following.wrong.blind.n == 2
    assert one(check(begun, A)).following.right.blind.n == 0


def test_a_newer_version_is_compared_on_the_items_of_the_older(begun: Labelled) -> None:
    suggest(begun, OLD, flags(0, 1, 2, 3, 10))
    suggest(begun, NEW, flags(0, 1, 2, 3, 4, 5)[:16], begun.items[:16])
    found = check(begun, judge=NEW, against=OLD).replaced
    assert found is not None
    assert (found.n, found.both, found.changed) == (16, 16, 3)
    assert (found.only_older_right, found.only_newer_right) == (0, 3)
    assert found.errors.p_exact == pytest.approx(0.25)
    assert (found.only_older_flags, found.only_newer_flags) == (1, 2)
    assert set(found.to_score) == set(begun.items[16:])


def test_a_judge_that_changed_its_mind_under_one_name_is_left_out_there(begun: Labelled) -> None:
    suggest(begun, OLD, flags(0, 1))
    suggest(begun, OLD, flags(0, 1, 2))
    judge = one(check(begun))
    assert (judge.differing, judge.n) == (1, 19)


def test_whoever_saw_the_judges_opinion_is_compared_with_those_who_did_not(begun: Labelled) -> None:
    """C looks first at ten items, and follows the judge in all of them; the judge is wrong in four."""
    suggest(begun, OLD, flags(0, 1, 2, 3, 8, 9, 10, 11))
    who = begun.workspace.as_member(C)
    with who.read() as reading:
        ids = {item: suggestion_rows.ids_of(reading, item) for item in begun.items}
    for place in range(2, 12):
        item, verdict = begun.items[place], "non_compliant" if place in (2, 3, 8, 9, 10, 11) else "compliant"
        seen = Shown(renderer="test", suggestions=ids[item])
        labelling.label_item(who, SILENT, campaign=opinions.NAME, item=item, opinion=Opinion(verdict=verdict), shown=seen)  # type: ignore[arg-type]
    who.close()
    followed = one(check(begun)).following
    following = followed.all
    assert not followed.randomised
    assert (followed.pairs, followed.reasons["pairs"]) == (None, "chance did not decide who saw it")
    assert (following.shown.yes, following.shown.n, following.blind.n) == (10, 10, 40)
    assert following.blind.yes == 24
    assert following.difference is not None
    assert following.difference.value == pytest.approx(0.4)
    assert following.by_reviewer is not None
    assert following.by_reviewer.strata == 0  # nobody labelled in both ways


def test_what_cannot_be_measured_is_said_in_words(begun: Labelled) -> None:
    assert check(begun).judges == ()
    with pytest.raises(NotFound, match="nobody") as unknown:
        check(begun, judge="nobody")
    assert "suggestions import" in unknown.value.hint
    suggest(begun, OLD, flags(0))
    with pytest.raises(NotFound) as other:
        check(begun, judge=OLD, against="gpt@0")
    assert OLD in other.value.hint
    with pytest.raises(Refused):
        check(begun, against=OLD)
    with pytest.raises(Refused):
        check(begun, cut=Cut(float("nan")))
    ticket = Ticket(lambda _progress: None)
    ticket.cancel()
    with pytest.raises(Cancelled):
        instruments.check_judges(begun.workspace, ticket, campaign=opinions.NAME)


def test_a_judge_of_other_items_has_no_figures_and_says_why(begun: Labelled, tmp_path: Path) -> None:
    from tests import worlds

    other = worlds.put_in(begun.workspace, [worlds.run_of(900)])
    suggest(begun, "elsewhere", ["compliant"], [ItemId(other[0])])
    assert check(begun).judges == ()
    judge = one(check(begun, judge="elsewhere"))
    assert (judge.n, judge.accuracy, judge.reasons["accuracy"]) == (0, None, instruments.NO_ANSWER)
    assert np.isnan(judge.chance_corrected.value or np.nan)
