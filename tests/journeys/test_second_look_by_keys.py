"""A clause changes, and everybody does their part in the window by keys alone; at the end the item tells what happened to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.domain.changes import Outcome
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members, policies, searching, verifying
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.adjudicate.page import AdjudicatePage
from reviewer.ui.pages.explore.page import ExplorePage
from reviewer.ui.pages.explore.story_dialog import StoryDialog
from reviewer.ui.pages.insights.page import InsightsPage
from reviewer.ui.pages.policies.page import PoliciesPage
from reviewer.ui.pages.policies.version_dialog import VersionDialog
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.pages.review.page import ReviewPage
from reviewer.ui.widgets.words import PlainLabel
from tests import worlds
from tests.journeys.test_window import Person
from tests.ui.accessibility import names
from tests.ui.conftest import MakeWindow, make_window, theme
from tests.ui.pages.adjudicate.disputed import hand_over
from tests.ui.pages.policies.world import AIRLINE, AIRLINE_2

__all__ = ["make_window", "theme"]

K = Qt.Key
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
STORY = [
    "Ben labelled it non-compliant, major, under 4.2 of airline, version 1.",
    "Cleo labelled it compliant under 4.2 of airline, version 1.",
    "All labels were there, and they differed.",
    "Version 2 of airline changed clause 4.2.",
    "Ada asked for it again, since clause 4.2 had changed.",
    "Ben labelled it again: non-compliant under 4.2 of airline, version 2: “As the words say.”",
    "Cleo labelled it again: compliant under 4.2 of airline, version 2: “As the words say.”",
    "All labels were there, and they differed.",
    "Ava sent it back to all who had labelled it: “Read the new words.”",
    "Ben labelled it again: non-compliant under 4.2 of airline, version 2: “As the words say.”",
    "Cleo labelled it again: compliant under 4.2 of airline, version 2: “As the words say.”",
    "All labels were there, and they differed.",
    "Ava resolved it as non-compliant under 4.2 of airline, version 2: “Booked 31 h before: outside 24.”",
]


class World:
    """Ada's workspace: four runs under the airline's policy, labelled by Ben and Cleo, who differ on one of them over clause 4.2."""

    def __init__(self, folder: Path) -> None:
        self.ada = worlds.make(folder)
        worlds.put_in(self.ada, [worlds.run_of(number) for number in range(4)])
        members.add_members(self.ada, SILENT, names=["Ben", "Cleo"])
        members.add_members(self.ada, SILENT, names=["Ava"], role="adjudicator")
        policies.add_text(self.ada, SILENT, key="airline", content=AIRLINE, name="airline.md")
        asked = Campaign(name="C", query="", seed="s", overlap=2, assign="all", policies=("airline",))
        campaigns.create_campaign(self.ada, SILENT, rules=asked, member_names=["Ben", "Cleo"])
        for name in ("Ben", "Cleo"):
            who = self.ada.as_member(name)
            for place, item in enumerate(worlds.waiting(who)):
                self._label(who, item, place)
            who.close()
        with self.ada.read() as reading:
            ((raw,),) = reading.rows("SELECT DISTINCT l.item FROM label l WHERE l.verdict = 'non_compliant'")
        self.item = ItemId(raw.hex())

    @staticmethod
    def _label(who: Workspace, item: ItemId, place: int) -> None:
        broken = place == 0 and who.me.name == "Ben"
        opinion = Opinion(verdict="non_compliant" if broken else "compliant", severity="major" if broken else None)
        labelling.label_item(who, SILENT, campaign="C", item=item, opinion=opinion, clauses=["4.1" if place else "4.2"])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "work")
    yield made
    made.ada.close()


@contextmanager
def seat(world: World, qtbot: QtBot, make_window: MakeWindow, member: str) -> Iterator[Person]:
    """The window of a member, who leaves it at the end of the `with` block; what was asked of the writer is done by then."""
    hand_over(world.ada, member)
    window = make_window(folder=world.ada.folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
    person = Person(qtbot, window)
    yield person
    done: list[object] = []
    window.jobs.run(lambda _workspace, _ticket: Outcome(None), owner=window, done=done.append, failed=done.append)
    person.until(lambda: bool(done))
    window.close()


def test_a_second_look_from_the_changed_clause_to_the_story_of_the_item(
    qtbot: QtBot, make_window: MakeWindow, world: World, tmp_path: Path
) -> None:
    (tmp_path / "airline.v2.md").write_bytes(AIRLINE_2)
    with seat(world, qtbot, make_window, "Ada") as ada:
        _publish_and_ask_again(ada, tmp_path / "airline.v2.md")
    reason = "Clause airline:4.2 has changed since you answered: please look again."
    for name, key in (("Ben", K.Key_N), ("Cleo", K.Key_C)):
        with seat(world, qtbot, make_window, name) as reviewer:
            _look_again(reviewer, world.item, key, reason)
    with seat(world, qtbot, make_window, "Ava") as ava:
        _send_back(ava, world.item)
    for name, key in (("Ben", K.Key_N), ("Cleo", K.Key_C)):
        with seat(world, qtbot, make_window, name) as reviewer:
            _look_again(reviewer, world.item, key, "An adjudicator asks for another look. “Read the new words.”")
    with seat(world, qtbot, make_window, "Ava") as ava:
        _resolve(ava, world.item)
    with seat(world, qtbot, make_window, "Ada") as ada:
        _hear_the_story(ada, world.item)
    labels = searching.show_item(world.ada, SILENT, item=world.item).value.labels
    assert {(one.reviewer, one.label.verdict, one.label.blind) for one in labels} == {
        ("Ben", "non_compliant", True), ("Cleo", "compliant", True),
    }  # fmt: skip
    checked = verifying.verify(world.ada, SILENT).value
    assert checked.ok, checked.problems
    assert verifying.verify(world.ada, SILENT, rebuild=True).value.digest == checked.digest


def _publish_and_ask_again(ada: Person, file: Path) -> None:
    ada.press(K.Key_5, _CTRL)
    page = ada.window.go("policies")
    assert isinstance(page, PoliciesPage)
    ada.until(lambda: page.view is not None and page.clauses.hasFocus())
    ada.press(K.Key_N)
    dialog = ada.window.findChild(VersionDialog)
    assert dialog is not None
    ada.until(dialog.isActiveWindow)
    dialog.take(file)  # what the system's own dialog for files answers
    ada.press(K.Key_Return, _CTRL)
    ada.until(dialog.found.table.hasFocus)
    for _ in range(12):
        if dialog.found.at_once.hasFocus():
            break
        ada.press(K.Key_Tab)
    if not dialog.found.at_once.isChecked():
        ada.press(K.Key_Space)
    assert dialog.found.at_once.isChecked()
    ada.press(K.Key_Return, _CTRL)
    ada.until(lambda: "version 2, in force since 1 May 2026" in page._header.words)
    ada.until(lambda: QApplication.activeWindow() is ada.window)
    ada.until(page.clauses.hasFocus)
    ada.press(K.Key_Home)
    ada.press(K.Key_J)
    ada.until(lambda: page.view is not None and page.view.clause == "4.2" and page.panel.requeue.isVisible())
    assert "[gone: 48] [new: 24]" in page.panel.text.accessibleName()
    ada.press(K.Key_Q)
    ada.until(lambda: any("asked for again" in banner.accessibleName() for banner in ada.window.messages.banners()))


def _look_again(reviewer: Person, item: str, verdict: Qt.Key, reason: str) -> None:
    reviewer.press(K.Key_1, _CTRL)
    reviewer.until(lambda: reviewer.item_up() == item)
    page = reviewer.page(ReviewPage)
    assert isinstance(page, ReviewPage)
    assert reason in " ".join(names(page))
    reviewer.until(lambda: bool(page._judging.clauses))
    reviewer.press(verdict)
    reviewer.press(K.Key_Slash)
    reviewer.write("Cancel flight")
    reviewer.press(K.Key_Return)
    reviewer.until(lambda: any(one.clause == "4.2" for one in page._judging.evidence.clauses))
    reviewer.press(K.Key_R)
    reviewer.write("As the words say.")
    assert reviewer.record() == item
    assert page._flow.current is None, "nothing else waits"


def _disagreements(ava: Person) -> AdjudicatePage:
    ava.press(K.Key_D, _SHIFT)
    page = ava.window.go("adjudicate")
    assert isinstance(page, AdjudicatePage)
    ava.until(lambda: page.flow.current is not None and bool(page.bench.precedents._none.text()))
    return page


def _write_reason(ava: Person, page: AdjudicatePage, text: str) -> None:
    ava.press(K.Key_R)
    ava.until(page.bench.ruling.reason.hasFocus)
    ava.write(text)
    assert page.bench.ruling.reason.toPlainText() == text


def _send_back(ava: Person, item: str) -> None:
    page = _disagreements(ava)
    assert page.flow.current is not None
    assert page.flow.current.id == item
    said = " ".join(names(page))
    assert "Ben" not in said
    assert "Cleo" not in said
    _write_reason(ava, page, "Read the new words.")
    ava.press(K.Key_Escape)
    ava.press(K.Key_B)
    ava.until(lambda: not page.flow.working and page.flow.current is None)


def _resolve(ava: Person, item: str) -> None:
    page = _disagreements(ava)
    assert page.flow.current is not None
    assert page.flow.current.id == item
    ava.press(K.Key_N)
    _write_reason(ava, page, "Booked 31 h before: outside 24.")
    ava.press(K.Key_Return, _CTRL)
    ava.until(lambda: not page.flow.working and page.flow.current is None)


def _hear_the_story(ada: Person, item: str) -> None:
    ada.press(K.Key_4, _CTRL)
    insights = ada.window.go("insights")
    assert isinstance(insights, InsightsPage)
    ada.until(lambda: insights.found is not None)
    for key in (K.Key_C, K.Key_Down, K.Key_Return):  # the second clause, and the labels behind it
        ada.press(key)
    ada.until(lambda: ada.window.current_page == "explore")
    explore = ada.page(ExplorePage)
    assert isinstance(explore, ExplorePage)
    assert explore._header.field.text() == "campaign:C clause:airline:4.2"
    ada.until(lambda: explore._preview.item == item)
    ada.press(K.Key_H)
    ada.until(lambda: any(one.isVisible() for one in explore.findChildren(StoryDialog)))
    [dialog] = [one for one in explore.findChildren(StoryDialog) if one.isVisible()]
    ada.until(dialog.isActiveWindow)
    ada.press(K.Key_End)
    assert dialog.sheet.accessibleName() == "Story of the item. 13 things happened to it."
    told = [label.text() for label in dialog.sheet.findChildren(PlainLabel)]
    assert [text for text in told if text in STORY] == STORY, told
    ada.press(K.Key_Escape)
    ada.until(lambda: not dialog.isVisible())
