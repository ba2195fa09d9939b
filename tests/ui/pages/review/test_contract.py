"""The page with no items, one, ten thousand messages, the longest text; and what a screen reader finds."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.storage.workspace import Workspace
from reviewer.ui.action_set import check_handlers
from reviewer.ui.pages.queue.words import VERDICTS
from reviewer.ui.window import SMALLEST
from tests import worlds
from tests.ui import accessibility
from tests.ui.cuts import cut
from tests.ui.pages.review.conftest import Review
from tests.ui.transcript.runs import agent_run, said, sees_canary


def _of(folder: Path, *items: Item) -> Workspace:
    workspace = worlds.make(folder)
    if items:
        worlds.put_in(workspace, items)
        campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    return workspace


def test_without_a_campaign_there_are_ways_to_one(review: Review, tmp_path: Path) -> None:
    workspace = _of(tmp_path / "empty")
    person = review(workspace, waits=False)
    assert person.page._ending.page.accessibleName().startswith("No campaign asks for your labels yet")
    buttons = [button.text() for button in person.page._ending.page.findChildren(QPushButton) if button.isVisible()]
    assert buttons == ["New campaign", "Try the sample"]
    assert not person.window.actions_of_page.can_fire("review.compliant")
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    workspace.close()


def test_one_item_is_reviewed_and_then_the_queue_is_done(review: Review, tmp_path: Path) -> None:
    workspace = _of(tmp_path / "one", worlds.run_of(1))
    person = review(workspace)
    assert person.page._header._count.text() == "0 of 1"
    person.press(Qt.Key.Key_C)
    person.record()
    person.qtbot.waitUntil(lambda: person.page._ending.page.accessibleName().startswith("All done: 1 label"))
    workspace.close()


def test_ten_thousand_messages_are_up_and_the_last_is_a_key_away(review: Review, tmp_path: Path) -> None:
    workspace = _of(tmp_path / "many", agent_run(10_000))
    person = review(workspace)
    view = person.page._bench.pane.view
    assert view.steps.count == 10_000
    person.press(Qt.Key.Key_End)
    view.viewport().repaint()
    assert view.scene.visible()[-1].laid.block.step == "10000"
    workspace.close()


def test_the_longest_text_in_every_place_breaks_nothing(review: Review, tmp_path: Path, canary: Path) -> None:
    markup = f'<img src="file://{canary}">'
    longest = (markup + "W" * 500) * 40
    message = Message(role="user", name=longest[:3000], content=(Part(type="text", text=longest * 20),))
    workspace = _of(tmp_path / "long", Item(kind="trajectory", agent=longest, model=longest, external_id=longest, messages=(message,)))
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name=(markup + "M" * 200)[:120], query="", seed="x", blind=False))
    person = review(workspace)
    assert person.window.width() < 1600
    assert not sees_canary(person.window)
    person.press(Qt.Key.Key_R)
    person.page._bench.form.rationale.setPlainText(longest * 5)
    person.press(Qt.Key.Key_Q, Qt.KeyboardModifier.NoModifier)
    assert not sees_canary(person.window)
    workspace.close()


def test_every_control_has_a_name_and_is_reached_by_keys(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    person.press(Qt.Key.Key_E)
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    person.press(Qt.Key.Key_Escape)
    person.press(Qt.Key.Key_W)
    person.qtbot.waitUntil(lambda: person.page._bench.drawer.kind == "my_work")
    assert accessibility.nameless(person.window) == []
    names = accessibility.names(person.page)
    assert any(name.startswith("Transcript, 5 steps") for name in names)


def test_a_narrow_window_gives_the_drawer_the_transcripts_place(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    person.window.resize(900, 600)
    person.press(Qt.Key.Key_G)
    assert not person.page._bench.pane.isVisible()
    person.press(Qt.Key.Key_Escape)
    assert person.page._bench.pane.isVisible()


def test_a_drawer_in_large_text_covers_nothing_of_the_form(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    person.window.theme.resize(200)
    person.window.resize(1280, 800)
    person.press(Qt.Key.Key_G)
    bench = person.page._bench
    person.qtbot.waitUntil(lambda: 0 < bench.drawer.width() <= bench._side.x() - bench.drawer.x())
    assert bench._side.geometry().right() < bench.width()
    person.press(Qt.Key.Key_Escape)


def test_the_page_handles_exactly_what_the_catalogue_declares(review: Review, workspace: Workspace) -> None:
    check_handlers("review", review(workspace).page.handlers())


def test_a_hidden_mark_in_an_item_is_warned_of_on_the_page(review: Review, tmp_path: Path) -> None:
    workspace = _of(tmp_path / "hidden", said("pay \u202e001\u202c"))
    person = review(workspace)
    assert "2 invisible or direction marks" in person.page._bench.pane._warning.words
    workspace.close()


def test_nothing_of_the_form_or_of_what_was_said_is_cut_in_large_text(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    person.window.theme.resize(200)
    person.window.resize(1280, 800)
    person.qtbot.waitUntil(lambda: person.window.width() == 1280 and not cut(person.page._bench._side))
    person.press(Qt.Key.Key_N)
    person.page._bench.form.rationale.setPlainText("It was booked more than 24 hours ago, and nobody cancelled it. " * 6)
    person.record()
    person.press(Qt.Key.Key_B)
    panel = person.page._said_before.panel
    person.qtbot.waitUntil(lambda: panel.isVisible() and not cut(panel))


def test_what_is_missing_can_be_read_and_written_in_the_smallest_window_at_the_largest_text(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    person.window.theme.resize(200)
    person.window.resize(*SMALLEST)
    bench = person.page._bench
    person.press(Qt.Key.Key_O)
    panel = bench.omission
    fields = (panel.field, panel.step, panel.clause)
    person.qtbot.waitUntil(
        lambda: panel.isVisible() and not cut(panel) and all(field.height() > field.fontMetrics().lineSpacing() + 8 for field in fields)
    )
    assert panel.field.height() >= 2 * panel.field.fontMetrics().lineSpacing()
    assert not any(one.geometry().intersects(other.geometry()) for one in fields for other in fields if one is not other)
    assert not bench.form.isVisible()
    person.window.resize(1280, 1000)
    person.qtbot.waitUntil(bench.form.isVisible)
    person.window.resize(*SMALLEST)
    person.qtbot.waitUntil(bench.form.isHidden)
    person.press(Qt.Key.Key_Escape)
    assert bench.form.isVisible()


def test_no_verdict_is_cut_in_the_smallest_window_at_the_largest_text(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    form, window = person.page._bench.form, person.window
    row = form._verdicts
    places = [row.button(value).y() for value in VERDICTS]
    assert len(set(places)) == 1
    window.theme.resize(200)
    window.resize(*SMALLEST)
    person.qtbot.waitUntil(lambda: row.button("non_compliant").y() > 0 and not cut(person.page._bench._side))
    person.press(Qt.Key.Key_U)
    assert form.verdict == "unsure"
    window.theme.resize(100)
    window.resize(1280, 800)
    person.qtbot.waitUntil(lambda: [row.button(value).y() for value in VERDICTS] == places)
