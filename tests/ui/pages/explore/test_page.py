"""Searching, reading and going on from what was found: by keys, in a real window, on a real workspace."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from reviewer.domain.changes import Changes
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, members
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.explore.campaign_dialog import CampaignDialog
from reviewer.ui.pages.explore.export_dialog import ExportDialog
from reviewer.ui.widgets.words import PlainLabel
from tests import worlds
from tests.ui.pages.explore.conftest import CTRL, LONG_MS, PLAIN, SHIFT, Explore, Exploring, button


def _words(person: Exploring) -> str:
    """Everything that the panel beside the table says, but the transcript."""
    return " ".join(label.text() for label in person.preview.findChildren(PlainLabel) if label.isVisibleTo(person.preview))


def test_a_search_says_how_much_was_found_and_its_chips_take_conditions_out_again(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    assert person.heading == "12 items"
    person.search("agent:shop -label:compliant")
    assert person.heading == "6 of 12 items"
    assert person.table.hasFocus()
    assert {person.cells(place)[2] for place in range(6)} == {"shop, model hidden"}

    def chips() -> list[QPushButton]:
        return [each for each in person.page.findChildren(QPushButton) if each.property("kind") == "chip" and each.isVisible()]

    person.qtbot.waitUntil(lambda: [chip.text() for chip in chips()] == ["agent: shop", "not compliant"], timeout=LONG_MS)
    chips()[0].click()
    person.wait()
    assert (person.field.text(), person.heading) == ("-label:compliant", "12 of 12 items")


def test_what_is_typed_is_searched_for_without_enter(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_Slash)
    person.qtbot.keyClicks(person.field, "word0")
    person.qtbot.waitUntil(lambda: person.heading == "1 of 12 items", timeout=LONG_MS)
    person.press(Qt.Key.Key_Escape)
    person.qtbot.waitUntil(lambda: person.heading == "12 items", timeout=LONG_MS)
    person.press(Qt.Key.Key_Escape)
    assert person.table.hasFocus()


def test_nothing_found_says_so_and_leads_back(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.search("nowhere")
    assert person.heading == "0 of 12 items"
    way = button(person.page, "Clear the search")
    way.click()
    person.wait()
    assert (person.field.text(), person.heading) == ("", "12 items")


def test_too_many_terms_are_answered_in_the_footer_and_the_list_stays(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    said: list[str] = []
    person.page.said.connect(said.append)
    person.field.put("a " * 65)
    person.qtbot.waitUntil(lambda: any("Shorten the search." in each for each in said), timeout=LONG_MS)
    assert person.listing.rowCount() == 12


def test_arrows_and_letters_move_and_the_item_follows(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.table.setFocus()
    first = person.current
    person.press(Qt.Key.Key_Down)
    person.wait()
    second = person.current
    person.press(Qt.Key.Key_J)
    person.press(Qt.Key.Key_K)
    person.press(Qt.Key.Key_K)
    person.wait()
    assert person.current == first != second
    assert person.preview.item == first


def test_space_opens_the_item_whole_and_brings_the_list_back(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.table.setFocus()
    person.press(Qt.Key.Key_Space)
    assert not person.table.isVisible()
    assert person.preview.pane.view.hasFocus()
    person.press(Qt.Key.Key_Space)
    assert person.table.isVisible()
    assert person.table.hasFocus()
    person.press(Qt.Key.Key_Return)
    assert not person.table.isVisible()
    person.press(Qt.Key.Key_Escape)
    assert person.table.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # menus, offscreen
def test_headings_and_a_key_change_the_order(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    newest = [person.cells(place)[4] for place in range(12)]
    heads = person.table.horizontalHeader()
    person.qtbot.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=_middle(person, 4))
    person.wait()
    assert [person.cells(place)[4] for place in range(12)] == newest[::-1]
    assert person.listing.headerData(4, Qt.Orientation.Horizontal) == "Time ↑"
    order = button(person.page, "Order: by time, oldest first")
    person.press(Qt.Key.Key_O)
    person.page._found._menu.close()
    person.page._found._menu.actions()[3].trigger()
    person.wait()
    assert order.text() == "sorted by steps, longest first"


def _middle(person: Exploring, column: int) -> QPoint:
    heads = person.table.horizontalHeader()
    return QPoint(heads.sectionViewportPosition(column) + heads.sectionSize(column) // 2, heads.height() // 2)


def test_until_it_is_labelled_blind_an_item_says_neither_model_nor_source_nor_what_others_said(explore: Explore, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "blind")
    hidden = worlds.put_in(workspace, [worlds.run_of(n) for n in range(12)])[4]
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", overlap=2, assign="all"))
    ben = workspace.as_member("Ben")
    worlds.label(ben, hidden, "non_compliant", rationale="BenSaidThis")
    ben.close()
    person = explore(workspace)
    person.search(f"id:{hidden}")
    assert person.cells(0)[2].endswith("model hidden")
    assert person.cells(0)[5] == "yours to review"
    person.qtbot.waitUntil(lambda: "model hidden" in _words(person), timeout=LONG_MS)
    for secret in ("BenSaidThis", "Ben", "model-a", "runs.jsonl", "non-compliant"):
        assert secret not in _words(person)
    person.search(f"id:{hidden} label:non_compliant")
    assert person.heading == "0 of 12 items"
    person.search(f"id:{hidden}")
    worlds.label(workspace, hidden, "compliant")
    person.window.tell_pages(Changes.LABELS)
    person.qtbot.waitUntil(lambda: "BenSaidThis" in _words(person), timeout=LONG_MS)
    person.wait()
    assert person.cells(0)[2].endswith("model-a")
    assert person.cells(0)[5] == "1 and 1, to adjudicate"
    assert "runs.jsonl" in _words(person)
    workspace.close()


def test_new_items_come_in_and_the_current_one_stays(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.table.setFocus()
    person.press(Qt.Key.Key_End)
    person.wait()
    current = person.current
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(50, 54)])
    person.window.tell_pages(Changes.ITEMS)
    person.qtbot.waitUntil(lambda: person.heading == "16 items" and person.listed(), timeout=LONG_MS)
    person.qtbot.waitUntil(lambda: person.current == current, timeout=LONG_MS)
    assert person.preview.item == current


def test_another_page_opens_an_item_by_its_id(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    other = next(row for row in (person.listing.row(place) for place in range(12)) if row is not None and row.id != person.current)
    person.page.open_item(other.id)
    person.qtbot.waitUntil(lambda: person.preview.item == other.id, timeout=LONG_MS)
    assert not person.table.isVisible()
    person.page.open_item("0" * 64)
    person.qtbot.waitUntil(lambda: person.preview.item == "", timeout=LONG_MS)


def test_what_is_listed_becomes_a_campaign_by_keys_alone(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.search("agent:shop")
    person.press(Qt.Key.Key_A)
    dialog = person.dialog(CampaignDialog)
    assert dialog.query.text() == "agent:shop"
    assert dialog.name.hasFocus()
    person.qtbot.keyClicks(dialog.name, "Shop, week 20")
    dialog.design.button("srs").setFocus()
    person.press(Qt.Key.Key_Space)
    dialog.size_box.setValue(4)
    dialog.double.setValue(25)
    dialog.guidelines.setPlainText("Look at refunds.")
    person.qtbot.waitUntil(lambda: dialog.main is not None and dialog.main.isEnabled(), timeout=LONG_MS)
    assert "4 of 6 items, each with a chance of 0.667; about 5 labels" in " ".join(x.text() for x in dialog.findChildren(PlainLabel))
    seed = dialog.seed.text()
    dialog.name.setFocus()
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: person.window.current_page == "review", timeout=LONG_MS)
    made = campaigns.show_campaign(workspace, SILENT, campaign="Shop, week 20").value
    assert (made.population, made.sampled, made.rules.design, made.rules.double) == (6, 4, "srs", "0.25")
    assert (made.rules.query, made.rules.seed, made.rules.blind) == ("agent:shop", seed, True)


def test_a_campaign_that_cannot_be_says_why_and_keeps_what_was_typed(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_N, CTRL)
    dialog = person.dialog(CampaignDialog)
    dialog.name.setText("C")
    person.qtbot.waitUntil(lambda: dialog.main is not None and dialog.main.isEnabled(), timeout=LONG_MS)
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: "There is a campaign called “C” already." in dialog._wrong.words, timeout=LONG_MS)
    assert dialog.isVisible()
    dialog.query.setText("nowhere")
    person.qtbot.waitUntil(lambda: dialog.main is not None and not dialog.main.isEnabled(), timeout=LONG_MS)
    person.press(Qt.Key.Key_Escape)


def test_several_chosen_rows_become_a_campaign_of_just_these(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.table.setFocus()
    person.press(Qt.Key.Key_Down, SHIFT)
    person.press(Qt.Key.Key_Down, SHIFT)
    assert person.table.chosen_count() == 3
    ids = [person.listing.row(place).id for place in (0, 1, 2)]  # type: ignore[union-attr] # they are listed
    button(person.page, "Add to campaign").click()
    dialog = person.dialog(CampaignDialog)
    assert dialog.query.text() == " or ".join(f"id:{each}" for each in ids)
    person.qtbot.waitUntil(lambda: dialog.main is not None and dialog.main.isEnabled(), timeout=LONG_MS)
    assert "3 of 3 items" in " ".join(x.text() for x in dialog.findChildren(PlainLabel))
    person.press(Qt.Key.Key_Escape)


def test_a_count_in_the_campaign_form_tells_nothing_that_is_hidden(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_N, CTRL)
    dialog = person.dialog(CampaignDialog)
    dialog.query.setText("model:model-a")
    person.qtbot.waitUntil(lambda: "0 items that you may see" in dialog._found_words.text(), timeout=LONG_MS)
    person.press(Qt.Key.Key_Escape)


def test_labels_are_exported_to_a_file_and_a_banner_says_where(explore: Explore, workspace: Workspace, tmp_path: Path) -> None:
    for item in worlds.waiting(workspace)[:3]:
        worlds.label(workspace, item, "compliant")
    person = explore(workspace)
    person.press(Qt.Key.Key_E, CTRL)
    dialog = person.dialog(ExportDialog)
    person.qtbot.waitUntil(lambda: dialog.campaign.count() == 2, timeout=LONG_MS)
    assert dialog.campaign.itemText(1) == "C (3 labels)"
    dialog.write_to(tmp_path / "labels.csv")
    person.qtbot.waitUntil(
        lambda: any("3 labels written." in b.accessibleName() for b in person.window.messages.banners()), timeout=LONG_MS
    )
    assert len((tmp_path / "labels.csv").read_text().splitlines()) == 4


def test_widths_are_kept(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.page._splitter.setSizes([600, 500])
    person.page._keep_widths()
    from reviewer.catalogue.settings import SPLITTERS

    kept: dict[str, object] = person.window.settings[SPLITTERS]
    assert kept["explore"] == person.page._splitter.sizes()


def test_times_follow_the_time_zone(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    before = person.cells(0)[4]
    person.window.actions_of_page.fire("app.time_zone")
    person.qtbot.waitUntil(lambda: person.cells(0)[4] != before, timeout=LONG_MS)


def test_all_of_a_list_can_be_chosen_and_is_then_its_search(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.search("agent:shop")
    person.press(Qt.Key.Key_A, CTRL)
    assert person.table.chosen_count() == 6
    person.press(Qt.Key.Key_A, PLAIN)
    assert person.dialog(CampaignDialog).query.text() == "agent:shop"
    person.press(Qt.Key.Key_Escape)


def test_a_campaign_of_the_page_lists_its_own_items_by_name(explore: Explore, workspace: Workspace) -> None:
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Some of them", query="", design="srs", seed="q"), size=5)
    person = explore(workspace)
    person.search('campaign:"some of them"')
    assert person.heading == "5 of 12 items"
