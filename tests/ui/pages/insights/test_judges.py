"""A judge on the page: its errors and scores as the operation measures them, the rate that it helps to estimate; nothing for the blind."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from reviewer.domain import anchoring
from reviewer.domain.progress import SILENT
from reviewer.operations import estimating, following, instruments
from reviewer.ui.pages.insights import fetching, judges
from reviewer.ui.pages.insights.page import InsightsPage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.widgets.charts.marks import limits, percent
from tests import judged, opinions
from tests.judged import RULING, SCORING
from tests.opinions import NAME, PEOPLE, Labelled
from tests.ui import accessibility
from tests.ui.conftest import MakeWindow
from tests.ui.pages.insights.conftest import LONG_MS, Look, Looking


@pytest.fixture
def week(tmp_path: Path) -> Iterator[Labelled]:
    """A campaign of which two judges said something; Ada, who labels nothing, looks."""
    made = judged.week(tmp_path / "workspace")
    yield made
    made.workspace.close()


def _assisted(person: Looking, judge: str) -> str:
    """What the card of the rate says once it knows of a judge."""
    cards = person.page.judges
    person.wait(lambda: cards.assisted is not None and cards.assisted.judge == judge)
    return person.page.rate.figure.accessibleDescription()


def test_keys_alone_lead_to_each_judge_and_to_what_its_scores_are_worth(looking: Look, week: Labelled) -> None:
    checked = instruments.check_judges(week.workspace, SILENT, campaign=NAME).value
    scoring = next(one for one in checked.judges if one.judge == SCORING)
    assert scoring.accuracy is not None
    assert scoring.curve is not None
    person = looking(week.workspace.folder)
    helped = estimating.estimate_campaign(week.workspace, SILENT, campaign=NAME, judge=SCORING).value
    said = f"Judge-assisted estimate {percent(helped.estimate)} ({limits(helped.low, helped.high)}), by {SCORING}."
    assert said in _assisted(person, SCORING)
    assert f"{helped.basis}." in person.page.judges.errors.said
    person.press(Qt.Key.Key_J)
    assert person.focus() == f"Judge {SCORING} against people: Sensitivity"
    drawing = person.page.judges.errors.chart.drawing
    assert drawing is not None
    assert [mark[1:5] for mark in drawing.marks] == [share[:4] for share in scoring.accuracy[:3]]
    assert f"Whether reviewers follow it cannot be said: {following.NOBODY_SAW}." in person.page.judges.errors.said
    person.press(Qt.Key.Key_K)
    assert person.focus() == f"Reliability of the scores of {SCORING}: mean score {scoring.curve.bins[0].score:.2f}"
    assert f"error {100 * scoring.curve.ece:.1f} points" in person.page.judges.curve.said
    person.press(Qt.Key.Key_Right)
    person.press(Qt.Key.Key_Return)
    person.wait(QToolTip.isVisible)
    assert "no search can name this part of the items" in QToolTip.text()
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    person.press(Qt.Key.Key_J)  # from a judge to the next one; it has no scores, and so the keys go to its errors
    assert person.focus() == f"Judge {RULING} against people: Sensitivity"
    assert person.page.judges.curve.said == "No reliability curve: it gave verdicts and no scores."
    assert "No judge-assisted estimate. The scores of rules@1 are not used: they speak of 126 of 240 items" in _assisted(person, RULING)
    assert person.page.judges.caption().startswith(f"{NAME}. Judge {RULING}. 120 of 126 drawn items with an answer")
    person.press(Qt.Key.Key_Return)
    assert person.searched() == f'campaign:"{NAME}" label:any'


def test_whoever_labels_blind_is_told_what_is_left_out_and_gets_no_help_of_a_judge(
    qtbot: QtBot, make_window: MakeWindow, week: Labelled
) -> None:
    window = make_window(folder=week.workspace.folder, pages=PAGES, member=PEOPLE[2])
    page = window.go("insights")
    assert isinstance(page, InsightsPage)
    qtbot.waitUntil(lambda: page.judges.assisted is not None, timeout=LONG_MS)
    assert page.judges.judge is not None
    assert page.judges.judge.n == 14
    assert "112 items are left out: they wait for your own blind label." in page.judges.errors.said
    told = page.rate.figure.accessibleDescription()
    assert "No judge-assisted estimate. What a judge says is hidden from you while 112 items wait for your blind label." in told
    assert "by gpt@2" not in told


def test_without_a_judge_there_is_no_card_and_to_the_blind_it_says_why(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=3)
    judged.suggest(begun, "gpt@1", dict.fromkeys(begun.items, "compliant"))
    blind = begun.workspace.as_member(PEOPLE[0])
    checked = instruments.check_judges(blind, SILENT, campaign=NAME).value
    assert (checked.judges, judges.first(checked)) == ((), "")
    assert judges.hidden(checked) == "What judges say is hidden from you while 3 items wait for your own blind label."
    blind.close()
    begun.workspace.close()


def test_nothing_is_counted_again_before_something_moved(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=3)
    judged.suggest(begun, "gpt@1", dict.fromkeys(begun.items, 0.2))
    workspace = begun.workspace
    campaign = estimating.estimate_campaign(workspace, SILENT, campaign=NAME).value.id
    rates = fetching.rates(workspace, SILENT, campaign=campaign, by="model", policies=(), before=None).value
    measured = fetching.judges(workspace, SILENT, campaign=campaign, before=None).value
    assert fetching.rates(workspace, SILENT, campaign=campaign, by="model", policies=(), before=rates).value is rates
    assert fetching.judges(workspace, SILENT, campaign=campaign, before=measured).value is measured
    assert fetching.rates(workspace, SILENT, campaign=campaign, by="agent", policies=(), before=rates).value.whole.by_field == "agent"
    for name in PEOPLE[:2]:
        who = workspace.as_member(name)
        opinions.give(who, begun.items[0], "non_compliant", "4.2")
        who.close()
    assert fetching.rates(workspace, SILENT, campaign=campaign, by="model", policies=(), before=rates).value.whole.answered == 1
    [judge] = fetching.judges(workspace, SILENT, campaign=campaign, before=measured).value.checked.judges
    assert judge.n == 1
    assert "Measured on 1 item with an answer" in judges.below_errors(measured.checked, judge)
    workspace.close()


def test_whether_reviewers_follow_a_judge_is_said_with_what_it_rests_on(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=2)
    judged.suggest(begun, "gpt@1", dict.fromkeys(begun.items, 0.2))
    checked = instruments.check_judges(begun.workspace, SILENT, campaign=NAME).value
    begun.workspace.close()
    [judge] = checked.judges
    nothing = "No errors are measured: no item that it judged has an answer by blind labels yet. Whether reviewers follow it cannot be said"
    assert judges.below_errors(checked, judge) == f"{nothing}: {following.NOBODY_SAW}."
    saw, blind = (anchoring.Labels(np.arange(100) < agree, np.zeros(100, np.int64)) for agree in (92, 78))
    effect = anchoring.effect(saw, blind)  # METHODS.md 9
    by_chance = judge.following._replace(all=effect, wrong=effect, randomised=True)
    followed = judges.below_errors(checked, judge._replace(following=by_chance))
    assert "92 of 100 cases, blind ones in 78 of 100: difference 14.0 points (4.1 to 23.9). Chance decided who saw it." in followed
    assert followed.endswith("Where it is wrong by a known answer, the difference is 14.0 points (4.1 to 23.9).")
    not_by_chance = judges.below_errors(checked, judge._replace(following=by_chance._replace(randomised=False)))
    assert not_by_chance.endswith("(4.1 to 23.9). Chance did not decide who saw it, so this need not be its doing.")
