"""The Disagreements page, worked by keys: opinions, evidence, precedents, resolutions, and what is sent back."""

import threading

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.progress import SILENT
from reviewer.operations import adjudicating, members, queues, verifying
from reviewer.storage.workspace import Workspace
from reviewer.ui.action_set import check_handlers
from reviewer.ui.jobs import Priority, nothing
from reviewer.ui.pages.adjudicate.clauses import ClauseDialog, DeciderCard
from reviewer.ui.pages.adjudicate.opinions import OpinionCard
from reviewer.ui.pages.adjudicate.page import AdjudicatePage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.pages.sync.page import SyncPage
from tests import worlds
from tests.ui import accessibility
from tests.ui.conftest import MakeWindow
from tests.ui.full_disk import set_full
from tests.ui.pages.adjudicate import disputed
from tests.ui.pages.adjudicate.conftest import ENTRIES, Adjudicate, Adjudicating
from tests.ui.pages.person import ALT, CTRL, LONG_MS, SHIFT

Key = Qt.Key


def heard(person: Adjudicating) -> str:
    """All that a screen reader finds on the page."""
    return " ".join(accessibility.names(person.page))


def test_until_the_disagreements_are_read_the_page_says_that_they_are_and_holds_the_focus(
    qtbot: QtBot, make_window: MakeWindow, airline: Workspace
) -> None:
    disputed.hand_over(airline, "Ida")
    window = make_window(folder=airline.folder, pages=ENTRIES)
    page = window.go("adjudicate")
    assert isinstance(page, AdjudicatePage)
    assert page.blank.isVisible(), "nothing is here before the event loop has run"
    assert page.blank.accessibleName() == "Reading the disagreements"
    assert page.blank.hasFocus()
    qtbot.waitUntil(page.bench.pane.view.hasFocus, timeout=LONG_MS)
    assert not page.blank.isVisible()


def resolve(person: Adjudicating, key: Qt.Key, why: str) -> None:
    """Choose, write why, record, and wait for what comes next."""
    before = person.item
    person.press(key)
    person.press(Key.Key_R)
    person.write(why)
    person.press(Key.Key_Return, CTRL)
    person.wait(lambda: not person.page.flow.working and (person.is_empty() or person.item not in ("", before)))


def test_opinions_stand_side_by_side_without_names_and_are_named_once_it_is_resolved(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    assert person.page._header.words == f"Disagreements, 4 left, {disputed.NAME}"
    assert [card.accessibleName().split(":")[0] for card in person.page.findChildren(OpinionCard)] == ["First opinion", "Second opinion"]
    said = heard(person)
    assert "what 5.1 grants a silver member" in said
    assert "cites 5.1, confidence high, 52\N{NO-BREAK SPACE}s" in said
    assert "Ben" not in said
    assert "Cy" not in said
    first = person.item
    resolve(person, Key.Key_N, "A complaint is not a request.")
    assert person.page._header.words.startswith("Disagreements, 3 left") or person.page.flow.docket is not None
    news = person.page.bench.news.words
    assert news.startswith(f"Resolved item {first[:6]}: non-compliant.")
    assert "Ben, compliant" in news
    assert "Cy, non-compliant, minor" in news
    found = adjudicating.dispute_of(airline, SILENT, campaign=disputed.NAME, item=first).value
    (ruling,) = found.rulings
    assert (ruling.verdict, ruling.reason) == ("non_compliant", "A complaint is not a request.")
    assert [one.clause for one in ruling.clauses] == ["5.1"]  # the one cited by most was proposed
    person.wait(lambda: person.page._header.words.startswith("Disagreements, 3 left"))
    person.press(Key.Key_Left, ALT)
    person.wait(lambda: person.item == first)
    person.wait(lambda: "First opinion · " in heard(person))
    assert "Resolution in force, yours: non-compliant" in heard(person)
    resolve(person, Key.Key_C, "On second thoughts, it was one.")
    assert adjudicating.dispute_of(airline, SILENT, campaign=disputed.NAME, item=first).value.rulings[0].verdict == "compliant"
    assert verifying.verify(airline, SILENT, rebuild=True).value.ok


def test_the_evidence_of_both_lies_over_the_transcript_and_keys_show_that_of_one(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    view = person.page.bench.pane.view

    def shown() -> set[tuple[str, str, str]]:
        return {(one.step, one.tag, one.tone) for group in view.scene.highlights.values() for one in group}

    opinions = person.page.flow.current.dispute.opinions if person.page.flow.current is not None else ()
    ben = next(place for place, one in enumerate(opinions) if one.verdict == "compliant")
    tag = {0: ("first", "accent_soft"), 1: ("second", "mark")}
    assert shown() == {("6.1", *tag[ben]), ("7", *tag[1 - ben])}
    assert view.steps.current == "6"  # the first step with evidence is in view
    person.press(Key.Key_1 if ben == 0 else Key.Key_2)
    assert shown() == {("6.1", *tag[ben])}
    assert view.marks == {}
    person.press(Key.Key_2 if ben == 0 else Key.Key_1)
    assert shown() == {("7", *tag[1 - ben])}
    assert view.marks == {"7": "bad"}
    person.press(Key.Key_2 if ben == 0 else Key.Key_1)
    assert len(shown()) == 2
    person.press(Key.Key_3)  # there is no third
    assert len(shown()) == 2
    person.press(Key.Key_E)
    assert view.steps.current == "7"
    person.press(Key.Key_E)
    assert view.steps.current == "6"
    person.press(Key.Key_K)
    assert view.steps.current == "5"


def test_what_is_missing_is_asked_for_where_it_belongs(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    item = person.item
    note = person.page.bench.ruling._note
    person.press(Key.Key_Return, CTRL)
    assert note.text() == "choose one: C, N or P"
    person.press(Key.Key_P)
    person.press(Key.Key_Return, CTRL)
    assert note.text() == "say why"
    assert QApplication.focusWidget() is person.page.bench.ruling.reason
    person.write("It does not say who asks.")
    person.press(Key.Key_Escape)
    person.press(Key.Key_L)
    card = QApplication.focusWidget()
    assert isinstance(card, DeciderCard)
    person.press(Key.Key_Space)
    assert person.page.bench.clauses.chosen == ()
    person.press(Key.Key_Return, CTRL)
    assert note.text() == "choose the clause that is at fault"
    person.press(Key.Key_Space)
    assert card.accessibleName() == "Clause 5.1 Compensation version 1, decides"
    person.press(Key.Key_Return, CTRL)
    person.wait(lambda: person.item not in ("", item))
    (ruling,) = adjudicating.dispute_of(airline, SILENT, campaign=disputed.NAME, item=item).value.rulings
    assert (ruling.verdict, ruling.reason) == ("policy_at_fault", "It does not say who asks.")


def test_what_keys_lead_to_scrolls_into_view(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    person.window.resize(1280, 420)
    bench = person.page.bench
    person.wait(lambda: bench._scroll.verticalScrollBar().maximum() > 100)
    assert bench.ruling.verdicts.button("non_compliant").visibleRegion().isEmpty()
    person.press(Key.Key_N)
    assert not bench.ruling.verdicts.button("non_compliant").visibleRegion().isEmpty()
    bench._scroll.verticalScrollBar().setValue(0)
    person.press(Key.Key_R)
    assert bench.ruling.reason.visibleRegion().boundingRect().height() == bench.ruling.reason.height()


def test_a_clause_that_nobody_cited_is_found_by_typing(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    person.press(Key.Key_L)
    person.press(Key.Key_Down)
    assert QApplication.focusWidget() is person.page.bench.clauses.other
    person.press(Key.Key_Space)
    person.wait(lambda: bool(person.page.findChildren(ClauseDialog)))
    (dialog,) = person.page.findChildren(ClauseDialog)
    assert accessibility.nameless(dialog) == []
    person.write("certif")
    person.press(Key.Key_Return)
    person.wait(lambda: person.page.bench.clauses.chosen == ("airline:5.1", "airline:5.2"))


def test_a_precedent_is_found_and_read_beside_and_esc_goes_back(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    bench = person.page.bench
    person.wait(lambda: len(bench.precedents.rows) == 2)
    person.press(Key.Key_Slash)
    person.write("trouble")
    person.wait(lambda: len(bench.precedents.rows) == 1)
    person.press(Key.Key_Down)
    assert QApplication.focusWidget() is bench.precedents.rows[0]
    person.press(Key.Key_Return)
    person.wait(lambda: bench.reading_earlier)
    assert "Resolved: compliant. Asked for “something for the trouble”." in bench._said.words
    before = bench.pane.view.steps.current
    person.press(Key.Key_J)
    assert (bench.earlier.view.steps.current, bench.pane.view.steps.current) == ("2", before)
    person.press(Key.Key_Escape)
    assert not bench.reading_earlier
    person.press(Key.Key_Slash)
    person.press(Key.Key_Escape)
    assert bench.precedents.field.isHidden()
    person.wait(lambda: len(bench.precedents.rows) == 2)
    assert QApplication.focusWidget() is bench.pane.view


def test_what_is_sent_back_goes_to_both_with_the_reason(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    item = person.item
    person.press(Key.Key_R)
    person.write("Look at step 3.")
    person.press(Key.Key_Escape)
    person.press(Key.Key_B)
    person.wait(lambda: person.item not in ("", item))
    assert person.page.bench.news.words == f"Sent item {item[:6]} back to all who labelled it."
    for name in ("Ben", "Cy"):
        disputed.hand_over(airline, name)
        acting = airline.as_member(name)
        (up,) = queues.next_items(acting, SILENT, campaign=disputed.NAME).value
        assert (up.id, up.asked_again is not None and up.asked_again.note) == (item, "Look at step 3.")
        acting.close()
    person.wait(lambda: person.page._header.words.startswith("Disagreements, 3 left"))


def test_what_a_full_disk_kept_from_being_sent_back_is_sent_back_by_a_retry_and_not_resolved(
    adjudicate: Adjudicate, airline: Workspace
) -> None:
    person = adjudicate(airline)
    item = person.item
    person.press(Key.Key_N)
    person.page.bench.ruling.reason.setPlainText("Look at step 3. " * 4_000)
    person.page._draft_timer.stop()
    set_full(person.qtbot, person.page, True)
    person.press(Key.Key_B)
    person.wait(lambda: bool(person.window.messages.banners()))
    banner = person.window.messages.banners()[0]
    assert "Not saved: the disk is full. Your resolution is still on screen. [E101]" in banner.says[1]
    set_full(person.qtbot, person.page, False)
    next(button for button in banner.findChildren(QPushButton) if button.text() == "Try again").click()
    person.wait(lambda: person.item not in ("", item))
    assert adjudicating.dispute_of(airline.as_member("Ida"), SILENT, campaign=disputed.NAME, item=item).value.rulings == ()
    assert person.page.bench.news.words == f"Sent item {item[:6]} back to all who labelled it."


def test_what_was_begun_survives_the_window(adjudicate: Adjudicate, airline: Workspace, make_window: MakeWindow) -> None:
    person = adjudicate(airline)
    item = person.item
    person.press(Key.Key_P)
    person.press(Key.Key_R)
    person.write("It does not sa")
    person.qtbot.wait(600)  # the draft is kept while one rests
    person.settle()
    begun = adjudicating.dispute_of(airline.as_member("Ida"), SILENT, campaign=disputed.NAME, item=item).value.begun
    assert (begun.verdict, begun.reason, begun.clauses) == ("policy_at_fault", "It does not sa", ("airline:5.1",))
    person.press(Key.Key_Escape)
    person.press(Key.Key_S)
    person.wait(lambda: person.item != item)
    assert person.page.bench.ruling.verdict is None
    person.window.close()
    window = make_window(folder=airline.folder, pages=ENTRIES)
    page = window.go("adjudicate")
    again = Adjudicating(person.qtbot, window, page)  # type: ignore[arg-type] # the page of that name
    again.wait(lambda: again.item == item)
    assert (again.page.bench.ruling.verdict, again.page.bench.ruling.reason.toPlainText()) == ("policy_at_fault", "It does not sa")


def test_a_busy_writer_does_not_bring_back_the_draft_of_what_was_settled(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    item, free, jobs = person.item, threading.Event(), person.page.desk.jobs
    jobs.run(lambda _w, _t: Outcome(free.wait(LONG_MS / 1000)), owner=person.page, done=nothing, failed=nothing, priority=Priority.LABEL)
    person.press(Key.Key_R)
    person.write("Look at step 3.")
    person.press(Key.Key_Escape)  # leaving the reason keeps the draft: asked before the item is sent back
    person.press(Key.Key_B)
    free.set()
    person.wait(lambda: person.item not in ("", item))
    person.settle()
    begun = adjudicating.dispute_of(airline.as_member("Ida"), SILENT, campaign=disputed.NAME, item=item).value.begun
    assert begun == adjudicating.Begun()


def test_the_last_one_leaves_an_empty_page_that_says_what_was_done(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    for _round in range(4):
        resolve(person, Key.Key_N, "Read it.")
    assert person.is_empty()
    assert person.page.empty.accessibleName() == "Nothing is in dispute"
    assert not person.window.actions_of_page.can_fire("adjudicate.record")
    person.wait(lambda: person.page.flow.docket is not None and len(person.page.flow.docket.resolved) == 6)
    person.press(Key.Key_Left, ALT)
    person.wait(lambda: bool(person.item))
    assert person.page.flow.looking_back
    person.press(Key.Key_Escape)
    person.wait(person.is_empty)


def test_whoever_labelled_what_is_in_dispute_is_not_told_that_nothing_is(adjudicate: Adjudicate, airline: Workspace) -> None:
    members.change_role(airline, SILENT, name="Ben", role="adjudicator")
    person = adjudicate(airline, "Ben", empty=True)
    assert person.page.empty.accessibleName() == "Nothing here is yours to resolve"


def test_who_may_not_resolve_gets_a_sentence(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline, "Ben", empty=True)
    assert person.page.empty.accessibleName() == "Ben is a reviewer and may not resolve disagreements."
    assert person.window.messages.banners() == []


def test_it_is_reached_from_review_by_one_key_and_stands_there_on_the_rail(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    review = person.window.go("review")
    person.wait(lambda: "4 disagreements to resolve" in accessibility.names(person.window))
    assert accessibility.out_of_reach(person.window) == []
    assert review.isVisible()
    person.press(Key.Key_D, SHIFT)
    assert person.window.current_page == "adjudicate"
    assert person.window._rail.button("review").isChecked()


def test_every_control_has_a_name_and_is_reached_by_keys(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    person.wait(lambda: len(person.page.bench.precedents.rows) == 2)
    person.press(Key.Key_Slash)
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    check_handlers("adjudicate", person.page.handlers())


def test_a_conflict_on_the_sync_page_leads_here_and_names_nobody(qtbot: QtBot, make_window: MakeWindow, airline: Workspace) -> None:
    disputed.hand_over(airline, "Ida")
    window = make_window(folder=airline.folder, pages=PAGES)
    sync = window.go("sync")
    assert isinstance(sync, SyncPage)
    qtbot.waitUntil(lambda: len(sync.settle.rows) == 4, timeout=LONG_MS)
    third = sync.settle.rows[2]
    assert third.row.act == "resolve"
    assert "Ben" not in third.accessibleDescription()
    third.setFocus()
    QTest.keyClick(third, Key.Key_Return)
    assert window.current_page == "adjudicate"
    page = window.go("adjudicate")
    assert isinstance(page, AdjudicatePage)
    qtbot.waitUntil(lambda: page.flow.current is not None and page.flow.current.id == third.row.item, timeout=LONG_MS)


def test_a_label_that_comes_meanwhile_is_shown_before_anything_is_resolved(adjudicate: Adjudicate, airline: Workspace) -> None:
    person = adjudicate(airline)
    item = person.item
    person.press(Key.Key_N)
    person.press(Key.Key_R)
    person.write("It was offered.")
    disputed.hand_over(airline, "Ben")
    ben = airline.as_member("Ben")
    worlds.label(ben, item, "unsure", campaign=disputed.NAME, rationale="On reflection I cannot tell.")
    ben.close()
    disputed.hand_over(airline, "Ida")
    person.press(Key.Key_Return, CTRL)  # what is on screen is not what would be weighed
    person.wait(lambda: bool(person.window.messages.banners()))
    assert "other labels by now than you saw" in person.window.messages.banners()[0].accessibleName()
    person.window.tell_pages(Changes.LABELS)
    person.wait(lambda: "On reflection I cannot tell." in heard(person))
    assert person.item == item
    assert person.page.bench.news.words.startswith("Others have changed this item meanwhile")
    assert (person.page.bench.ruling.verdict, person.page.bench.ruling.reason.toPlainText()) == ("non_compliant", "It was offered.")
    person.press(Key.Key_Return, CTRL)
    person.wait(lambda: person.item not in ("", item))
