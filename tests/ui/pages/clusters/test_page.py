"""Looking at clusters by keys: going from one to the next, naming them, asking for more, and what changed."""

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from reviewer.domain.events import Alarm, Event
from reviewer.domain.progress import SILENT
from reviewer.operations import incidents
from reviewer.operations.cluster_overview import Standing
from reviewer.operations.drifting import Raised
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import cluster_runs
from reviewer.storage import incidents as incident_rows
from reviewer.storage.workspace import Workspace
from reviewer.ui.jobs import Report
from reviewer.ui.pages.campaign.wizard import CampaignWizard
from reviewer.ui.pages.clusters import words
from reviewer.ui.pages.clusters.cluster_rows import PlainRow
from reviewer.ui.pages.clusters.dialogs import QueueDialog, RenameDialog, RunDialog
from reviewer.ui.pages.clusters.drift_view import alarm_card
from reviewer.ui.pages.explore.page import ExplorePage
from reviewer.ui.pages.incidents.case_dialog import OpenDialog
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.words import PlainLabel
from reviewer.ui.window import SMALLEST
from tests import mapped, topics, worlds
from tests.ui import accessibility
from tests.ui.pages.clusters.conftest import Look, Looking
from tests.ui.pages.person import CTRL


def test_no_heading_and_no_number_of_the_clusters_is_cut_at_twice_the_size_of_text(looking: Look, run: Path) -> None:
    person = looking(run)
    person.window.theme.resize(200)
    person.window.resize(1280, 800)
    side = person.page.side
    lines = [side._heads.cells, *(button.cells for button in side.buttons if isinstance(button, PlainRow))]
    assert len(lines) > 1
    columns = list(zip(*lines, strict=True))[1:]
    person.wait(lambda: all(cell.width() >= cell.sizeHint().width() for column in columns for cell in column))
    for column in columns:
        assert len({cell.geometry().right() for cell in column}) == 1
    view = side.area.viewport()
    for width, height in ((1280, 800), SMALLEST):
        person.window.resize(width, height)
        person.wait(lambda: 0 < side._listed.width() <= view.width())


def test_keys_go_from_cluster_to_cluster_and_from_item_to_item_and_open_one(looking: Look, run: Path) -> None:
    person = looking(run)
    page = person.page
    assert page.map.hasFocus()
    assert page.cluster is not None
    assert page.cluster.flagged
    assert page._header.words == "240 items, 6 clusters, ▲ 1 flagged at 5% false-alarm rate, of Travel"
    person.press(Qt.Key.Key_J)
    assert page.cluster.name == page.side.name.text() != mapped.NAMES["payout"]
    assert [button.isChecked() for button in page.side.buttons] == [False, True, *[False] * 4]
    assert page.map.points is not None
    assert page.map.current is not None
    assert page.map.points.seen.cluster[page.map.current] == 1
    person.press(Qt.Key.Key_K)
    person.press(Qt.Key.Key_K)
    assert page.cluster is page.overview.run.clusters[0]  # type: ignore[union-attr] # there is a run
    before = page.map.item
    with person.qtbot.waitSignal(page.said):
        person.press(Qt.Key.Key_Right)
    assert page.map.item != before
    assert page.map.accessibleDescription().startswith(f"Item {page.map.item[:8]}: ")
    assert "Arrow keys" in page.map.accessibleDescription()
    item = page.map.item
    person.press(Qt.Key.Key_Space)
    explore = person.window._pages["explore"]
    assert isinstance(explore, ExplorePage)
    person.wait(lambda: explore._preview.item == item)


def test_everything_has_a_name_and_is_in_reach_of_the_keys(looking: Look, run: Path) -> None:
    person = looking(run)
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    names = accessibility.names(person.window)
    assert "Map of items" in names
    assert "Refund to a “foreign” account, flagged, p = 0.001" in names
    person.press(Qt.Key.Key_Tab)
    assert _pressed(person) == 0
    person.press(Qt.Key.Key_Down)
    assert _pressed(person) == 1
    assert person.page.side.buttons[1].isChecked()
    person.press(Qt.Key.Key_G)
    assert person.page.map.hasFocus()


def _pressed(person: Looking) -> int | None:
    """The place of the cluster that has the focus."""
    return next((place for place, button in enumerate(person.page.side.buttons) if button.hasFocus()), None)


def test_m_goes_through_the_colours_and_the_footer_says_what_comes_next(looking: Look, run: Path) -> None:
    person = looking(run)
    seen = []
    for _ in range(4):
        person.press(Qt.Key.Key_M)
        assert person.page.map.points is not None
        seen.append((person.page.map.mode, person.page.footer["clusters.colour"], len(person.page.map.points.legend)))
    assert seen == [
        ("model", "colour by time", 4 + 3),  # two models, and what is withheld from whoever must label it
        ("time", "colour by cluster", 4 + 5),
        ("cluster", "colour by verdict", 4 + 1),
        ("verdict", "colour by model", 4),
    ]


def test_a_line_around_items_chooses_them_and_leads_to_them(looking: Look, run: Path) -> None:
    person = looking(run)
    page = person.page
    person.drag(*person.around("hotel", 1.2))
    assert 20 < len(page.map.marked_items) <= 40
    assert page.side.about.text().startswith(f"{len(page.map.marked_items)} items chosen: ")
    person.press(Qt.Key.Key_A)
    wizard = person.dialog(CampaignWizard)
    assert wizard.population.query.text().count("id:") == len(page.map.marked_items)
    person.press(Qt.Key.Key_Escape)
    person.press(Qt.Key.Key_Escape)
    assert page.map.marked_items == []
    person.press(Qt.Key.Key_X)
    assert page.map.marked_items == [page.map.item]
    person.press(Qt.Key.Key_X)
    person.drag((3, 3), (page.map.width() - 3, 3), (page.map.width() - 3, page.map.height() - 3), (3, page.map.height() - 3), (3, 3))
    assert len(page.map.marked_items) == 240
    person.press(Qt.Key.Key_O)
    assert "64 such items" in person.banners()[0]
    person.press(Qt.Key.Key_Escape)
    person.press(Qt.Key.Key_O)
    explore = person.window._pages["explore"]
    assert isinstance(explore, ExplorePage)
    person.wait(lambda: explore._listing.rowCount() == 40)


def test_the_mouse_names_an_item_chooses_its_cluster_and_zooms(looking: Look, run: Path) -> None:
    person = looking(run)
    view = person.page.map
    space = view.space
    assert space is not None
    assert view.points is not None
    place = view.points.nearest_of(2, view.region(2).middle)
    at = space.pixel(view.points.at(place)).toPoint()
    with person.qtbot.waitSignal(person.page.said):
        QTest.mouseMove(view, at)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert person.page.cluster is person.page.overview.run.clusters[2]  # type: ignore[union-attr] # there is a run
    flagged = view.region(0)
    empty = next(
        point for point in (space.pixel(flagged.middle) + QPointF(step, step) for step in range(-60, 60, 3)) if view._at(point) is None
    )
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, empty.toPoint())
    assert person.page.cluster is person.page.overview.run.clusters[0]  # type: ignore[union-attr] # there is a run
    person.press(Qt.Key.Key_Plus)
    assert view.space is not None
    assert view.space.zoom == pytest.approx(1.4)
    assert (view.space.pixel(view.points.at(view.current or 0)) - space.pixel(view.points.at(view.current or 0))).manhattanLength() < 1
    person.press(Qt.Key.Key_0)
    QApplication.processEvents()
    assert view._space() is not None
    assert view._space().zoom == 1  # type: ignore[union-attr] # just looked at


def test_a_cluster_is_named_and_fresh_labels_are_asked_for(looking: Look, own: Path) -> None:
    person = looking(own)
    page = person.page
    person.press(Qt.Key.Key_R)
    person.dialog(RenameDialog)
    person.write("Money sent abroad")
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: page.side.name.text() == "Money sent abroad")
    person.press(Qt.Key.Key_Q)
    dialog = person.dialog(QueueDialog)
    dialog.size_box.setValue(400)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: bool(dialog.wrong.words))
    assert "were not drawn before" in dialog.wrong.words
    dialog.size_box.setValue(5)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: bool(person.banners()))
    assert person.banners()[0].startswith("Done: 5 items queued, each drawn with probability 0.")
    person.wait(lambda: page.side.about.text().startswith("Second look: 0 of 5 labelled"))
    assert not person.can("queue")
    assert not page.side.queue.isEnabled()
    person.press(Qt.Key.Key_J)
    assert person.can("queue")
    assert page.side.about.text() == ""


def test_an_incident_is_opened_over_a_cluster(looking: Look, own: Path) -> None:
    person = looking(own)
    cluster = person.page.cluster
    assert cluster is not None
    person.press(Qt.Key.Key_I)
    dialog = person.dialog(OpenDialog)
    assert dialog.accessibleName() == "Open an incident over 40 items"
    dialog.title.setText("Money sent abroad")
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: person.window.current_page == "incidents")
    with closing(Workspace.open(own)) as workspace:
        [line] = incidents.list_incidents(workspace, SILENT).value
        with workspace.read() as reading:
            assert incident_rows.items_of(reading, line.id) == cluster_runs.items_in(reading, cluster.id)


def test_an_incident_is_opened_over_what_an_alarm_speaks_of(looking: Look, own: Path) -> None:
    with closing(Workspace.open(own)) as workspace, workspace.begin() as work:
        campaign = campaign_rows.named(work, mapped.NAME).state.hash
        alarm = work.record(Event("alarm", Alarm(campaign, "rate", "model-a", "0.3", "0")))
    person = looking(own)
    person.press(Qt.Key.Key_D)
    drift = person.page.drift
    person.wait(lambda: drift.found is not None)
    assert drift.found is not None
    assert drift.found.may_open
    drift._show_alarms((Raised("model-a", "rate", 0.3, 0.0, "Worse.", "See.", "model:model-a", entry=alarm),), may_open=True)
    [case] = [one for one in drift.findChildren(QPushButton) if one.text() == "Open an incident"]
    case.setFocus()
    person.qtbot.keyClick(case, Qt.Key.Key_Space)
    dialog = person.dialog(OpenDialog)
    assert dialog.accessibleName() == "Open an incident over what the alarm speaks of"
    dialog.title.setText("A worse model")
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: person.window.current_page == "incidents")
    with closing(Workspace.open(own)) as workspace:
        [line] = incidents.list_incidents(workspace, SILENT).value
        view = incidents.show_incident(workspace, SILENT, incident=line.id).value
    assert view.non_compliant == len(view.items) > 0
    assert f"from the alarm {alarm[:12]}" in view.history[0].what


def test_what_is_labelled_meanwhile_is_on_the_map_and_the_page_says_that_a_run_would_see_more(looking: Look, own: Path) -> None:
    person = looking(own)
    page = person.page
    person.press(Qt.Key.Key_J)
    with closing(Workspace.open(own)) as workspace:
        with workspace.read() as reading:
            [(item,)] = reading.rows("SELECT item FROM pick WHERE answer IS NULL ORDER BY item LIMIT 1")
        outcome = worlds.label(workspace, item.hex(), "non_compliant", campaign=mapped.NAME)
    person.window.jobs.changed.emit(outcome.changes)
    person.wait(lambda: "1 answer came in since, N looks again" in page._header.words)
    assert page.side.name.text() != mapped.NAMES["payout"]  # what was chosen stays
    assert page.map.points is not None
    place = page.map.points.place_of(item.hex())
    assert place is not None
    assert page.map.points.told(place).endswith("non-compliant.")
    waits = int(page.map.points.seen.waiting.argmax())
    assert page.map.points.told(waits).endswith("waits for your own blind label.")


def test_a_run_is_asked_for_by_keys_goes_on_behind_the_window_and_is_shown(looking: Look, tmp_path: Path) -> None:
    made = topics.labelled(tmp_path / "workspace")
    made.workspace.close()
    person = looking(made.workspace.folder)
    assert person.page.nothing.button.hasFocus()
    person.press(Qt.Key.Key_N)
    dialog = person.dialog(RunDialog)
    person.wait(lambda: dialog.campaign.currentText() == topics.NAME)
    person.press(Qt.Key.Key_Return, CTRL)
    assert not person.can("run")
    person.wait(lambda: bool(person.banners()) and person.page.overview is not None)
    assert person.can("run")
    assert "1 flagged" in person.banners()[0]
    assert person.page.cluster is not None
    assert person.page.cluster.flagged
    assert person.page.map.hasFocus()
    assert "Grouped by" in person.page.side.notes


def test_drift_is_a_key_away_by_week_month_and_model(looking: Look, run: Path) -> None:
    person = looking(run)
    drift = person.page.drift
    person.press(Qt.Key.Key_D)
    person.wait(lambda: drift.found is not None)
    assert drift.chart.chart.drawing is not None
    assert drift.chart.chart.drawing.title == "Violation rate by week"
    assert not person.can("queue")
    assert person.page.footer["clusters.drift"] == "map"
    person.press(Qt.Key.Key_B)
    person.press(Qt.Key.Key_B)
    person.wait(lambda: drift.found is not None and drift.found.by == "model")
    assert [mark.name for mark in drift.chart.chart.drawing.marks] == ["model-a", "model-b"]
    assert drift.said
    assert accessibility.nameless(person.window) == []
    person.press(Qt.Key.Key_D)
    assert person.page.map.hasFocus()


def test_an_alarm_says_what_changed_and_leads_to_the_items(qtbot: QtBot, theme: Theme) -> None:
    del theme
    asked: list[str] = []
    card = alarm_card(
        Raised("2026-06-06", "cusum", 4.1, 3.9, "More frequent <b>since</b> June.", "Read them.", "time>=2026-06-06", new=True),
        asked.append,
    )
    qtbot.addWidget(card)
    card.show()
    said = accessibility.names(card)
    assert {"rate", "new", "More frequent <b>since</b> June.", "Read them."} <= set(said)
    [button] = card.findChildren(QPushButton)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert asked == ["time>=2026-06-06"]
    opened: list[str] = []
    recorded = alarm_card(Raised("m", "rate", 0.1, 0.0, "Worse.", "See.", "model:m", entry="ab" * 32), asked.append, opened.append)
    qtbot.addWidget(recorded)
    recorded.show()
    read, case = recorded.findChildren(QPushButton)
    assert (read.text(), case.text()) == ("Read these items", "Open an incident")
    qtbot.keyClick(case, Qt.Key.Key_Space)
    assert opened == ["ab" * 32]
    known = alarm_card(Raised("", "rate", 0.1, 0.0, "Items without a model: worse.", "See."), asked.append)
    qtbot.addWidget(known)
    assert known.findChildren(QPushButton) == []
    assert "known" in {label.text() for label in known.findChildren(PlainLabel)}
    explored = alarm_card(Raised("2026-06-06", "adwin", 0.4, 0.3, "To explore (ADWIN): less.", "See."), asked.append)
    qtbot.addWidget(explored)
    assert "◆ rate, to explore" in {label.text() for label in explored.findChildren(PlainLabel)}


def test_a_run_that_is_stopped_leaves_the_page_as_it_was(looking: Look, tmp_path: Path) -> None:
    made = topics.filled(tmp_path / "workspace", each=4)
    made.workspace.close()
    person = looking(made.workspace.folder)
    person.press(Qt.Key.Key_N)
    dialog = person.dialog(RunDialog)
    person.wait(lambda: dialog.campaign.count() == 2)
    begun: list[Report] = []
    person.window.jobs.begun.connect(begun.append)
    person.window.jobs.begun.connect(lambda report: report.ticket.cancel())
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: bool(begun) and not person.page.running.busy)
    assert begun[0].title == "Grouping items"
    assert person.can("run")
    assert person.page.nothing.button.isEnabled()
    assert person.page.overview is None
    assert person.banners() == []


def test_without_a_campaign_drift_says_what_it_needs(looking: Look, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    workspace.close()
    person = looking(workspace.folder)
    person.press(Qt.Key.Key_D)
    person.wait(lambda: "No campaign has labels yet" in person.page.drift.said)


@pytest.mark.parametrize(
    ("standing", "title", "part", "button"),
    [
        (Standing(None, 0, 16, 0, "", 0), "No items yet", "there are none here", "app.import"),
        (Standing(None, 5, 16, 3, "", 0), "Too few items", "5 items are here, and 16 are needed", "app.import"),
        (Standing(None, 40, 16, 0, "", 0), "No clusters yet", "nothing is flagged until some have", "clusters.run"),
        (Standing(None, 40, 16, 9, "", 0), "No clusters yet", "nothing is sent", "clusters.run"),
        (Standing(None, 40, 16, 9, "", 2), "No clusters yet", "2 clusters were flagged elsewhere", "clusters.run"),
        (
            Standing(None, 40, 16, 9, "Wait. Finish.", 0),
            "The last run is hidden from you",
            "Wait. Finish. A run of your own",
            "clusters.run",
        ),
    ],
)
def test_a_page_without_a_run_says_why_and_what_to_do(standing: Standing, title: str, part: str, button: str) -> None:
    said = words.nothing(standing)
    assert (said[0], said[2]) == (title, button)
    assert part in said[1]


def test_the_view_follows_shift_and_arrows_only_as_far_as_there_are_items(looking: Look, run: Path) -> None:
    person = looking(run)
    view = person.page.map
    view.zoom(4)
    before = view.space
    assert before is not None
    person.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.space is not None
    assert view.space.middle.x() > before.middle.x()
    for _ in range(60):
        person.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.space.box.contains(view.space.middle) or view.space.middle.x() == view.space.box.right()
    QTest.mousePress(view, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, QPoint(200, 200))
    QTest.mouseMove(view, QPoint(260, 200))
    QTest.mouseRelease(view, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, QPoint(260, 200))
    assert view.space.middle.x() < view.space.box.right()
    assert view.space.place(view.space.pixel(QPointF(1, 1))).toTuple() == pytest.approx((1, 1))
