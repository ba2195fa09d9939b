"""The page with no items, one, ten thousand, the longest text; and what a screen reader finds."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit

from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part
from reviewer.domain.progress import SILENT
from reviewer.domain.records import Record
from reviewer.operations import campaigns
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Workspace
from reviewer.ui.action_set import check_handlers
from reviewer.ui.pages.campaign.wizard import CampaignWizard
from reviewer.ui.pages.explore.export_dialog import ExportDialog
from reviewer.ui.pages.explore.import_dialog import ImportDialog
from tests import worlds
from tests.ui import accessibility
from tests.ui.pages.explore.conftest import Explore, button
from tests.ui.pages.person import CTRL, LONG_MS
from tests.ui.transcript.runs import sees_canary


def test_without_items_the_way_to_some_is_shown(explore: Explore, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "empty")
    person = explore(workspace)
    assert person.heading == "0 items"
    way = button(person.page, "Import agent runs")
    assert way.hasFocus()
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    person.press(Qt.Key.Key_Space)
    person.dialog(ImportDialog)
    workspace.close()


def test_one_item_is_listed_and_shown(explore: Explore, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "one")
    [item] = worlds.put_in(workspace, [worlds.run_of(3)])
    person = explore(workspace)
    assert person.heading == "1 item"
    cells = person.cells(0)
    assert cells[0] == item[:6]
    assert cells[1].startswith("Refund order 3, please.")
    assert (cells[2], cells[3], cells[5]) == ("shop, model-a", "5", "not reviewed")
    assert person.preview.item == item
    assert person.preview.pane.view.steps.count == 5
    workspace.close()


def test_ten_thousand_items_are_listed_and_the_last_is_a_key_away(explore: Explore, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "many")
    with workspace.begin() as work:
        file = item_rows.add_file(work, name="many.jsonl", format_name="tests", format_version=1)
        made = [item_rows.prepare(Record(worlds.run_of(n, words=1), b"{}", n + 1)) for n in range(10_000)]
        item_rows.add(work, file, made)
    person = explore(workspace)
    assert person.heading == "10,000 items"
    assert person.listing.rowCount() == 10_000
    person.table.setFocus()
    person.press(Qt.Key.Key_End)
    assert person.table.currentIndex().row() == 9_999
    last = person.cells(9_999)
    person.wait()
    assert last[0] == person.preview.item[:6]
    person.press(Qt.Key.Key_Home)
    person.wait()
    assert person.cells(0)[4] >= last[4]
    person.table.verticalScrollBar().setValue(5_000)
    assert person.cells(5_000)[1].startswith("Refund order ")
    assert len(person.listing._pages) < 20
    workspace.close()


def test_the_longest_text_in_every_place_breaks_nothing_and_loads_nothing(explore: Explore, tmp_path: Path, canary: Path) -> None:
    markup = f'<img src="file://{canary}">'
    longest = (markup + "W" * 500 + "\u202e\n\t") * 40
    message = Message(role="user", name=longest[:3000], content=(Part(type="text", text=longest * 20),))
    item = Item(kind="trajectory", agent=longest, model=longest, external_id=longest, messages=(message,))
    workspace = worlds.make(tmp_path / "long")
    [item_id] = worlds.put_in(workspace, [item], file=markup + "F" * 3000)
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name=(markup + "M" * 200)[:120], query="", seed="x", blind=False))
    worlds.label(workspace, item_id, "non_compliant", campaign=(markup + "M" * 200)[:120], rationale=longest[:60_000])
    person = explore(workspace)
    assert person.window.width() < 1600
    assert "\\u202e" in person.cells(0)[1] or "<img" in person.cells(0)[1]
    assert not sees_canary(person.window)
    person.search(markup)
    assert not sees_canary(person.window)
    assert person.window.width() < 1600
    person.press(Qt.Key.Key_Space)
    assert not sees_canary(person.window)
    workspace.close()


def test_every_control_has_a_name_and_is_reached_by_keys(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.search("refund -label:compliant agent:shop")
    for root in (person.window, person.page):
        assert accessibility.nameless(root) == []
        assert accessibility.out_of_reach(root) == []
    person.press(Qt.Key.Key_Space)
    assert accessibility.nameless(person.window) == []
    assert "Items" in accessibility.names(person.window) or person.page._whole


def test_every_control_of_the_dialogs_has_a_name(explore: Explore, workspace: Workspace, tmp_path: Path) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_N, CTRL)
    campaign = person.dialog(CampaignWizard)
    assert accessibility.nameless(campaign) == []
    assert accessibility.out_of_reach(campaign) == []
    person.press(Qt.Key.Key_Escape)
    person.press(Qt.Key.Key_E, CTRL)
    export = person.dialog(ExportDialog)
    assert accessibility.nameless(export) == []
    person.press(Qt.Key.Key_Escape)
    table = tmp_path / "t.csv"
    table.write_text("question,answer,who\nwhat is it,it is a thing,me\n")
    person.press(Qt.Key.Key_I, CTRL)
    dialog = person.dialog(ImportDialog)
    assert accessibility.nameless(dialog) == []
    dialog.look_at([str(table)])
    person.qtbot.waitUntil(lambda: dialog.found.isVisible(), timeout=LONG_MS)
    assert accessibility.nameless(dialog) == []
    assert accessibility.out_of_reach(dialog) == []
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: dialog.outcome.isVisible(), timeout=LONG_MS)
    assert accessibility.nameless(dialog) == []
    assert all(text.isReadOnly() for text in dialog.outcome.findChildren(QPlainTextEdit))
    person.press(Qt.Key.Key_Escape)


def test_the_page_handles_what_the_catalogue_declares(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    check_handlers("explore", person.page.handlers(), ("app.import", "app.new_campaign", "app.draw_more", "app.plan"))
