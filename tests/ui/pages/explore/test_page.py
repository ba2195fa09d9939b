"""Searching, reading and going on from what was found: by keys, in a real window, on a real workspace."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from reviewer.domain.changes import Changes
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, members, policies, queues, resolving
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import golds
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.campaign.wizard import CampaignWizard
from reviewer.ui.pages.explore.export_dialog import ExportDialog
from reviewer.ui.pages.explore.listing import HEADINGS, ITEM, LABELS, TITLES
from reviewer.ui.pages.explore.requeue_dialog import RequeueDialog
from reviewer.ui.widgets.words import PlainLabel
from reviewer.ui.window import SMALLEST
from tests import worlds
from tests.ui import accessibility
from tests.ui.cuts import cut
from tests.ui.pages.explore.conftest import Explore, Exploring, button
from tests.ui.pages.person import CTRL, LONG_MS, PLAIN, SHIFT


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


def test_rows_are_as_high_as_the_text_asks_whatever_it_was_before(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    usual = person.table.rowHeight(0)
    for size in (150, 200, 150, 100):
        person.window.theme.resize(size)
        assert person.table.rowHeight(0) == person.window.theme.px(usual)


def test_the_list_ends_with_the_smallest_window_at_the_largest_text(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.window.theme.resize(200)
    person.window.resize(*SMALLEST)
    person.qtbot.waitUntil(lambda: not person.preview.isVisible())
    person.qtbot.waitUntil(lambda: person.table.mapTo(person.page, person.table.rect().topRight()).x() < person.page.width())
    assert not cut(person.page)


def test_facts_beside_a_whole_item_grow_with_the_text(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.table.setFocus()
    person.press(Qt.Key.Key_Space)
    person.window.theme.resize(200)
    person.window.resize(1280, 800)
    person.qtbot.waitUntil(lambda: person.preview.facts.width() > 400 and not cut(person.preview))


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


def test_an_item_opened_by_its_id_stays_when_a_list_comes_in_and_gives_way_to_the_next_row(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    last = person.listing.row(11)
    assert last is not None
    person.page.refresh()  # the list is on its way when the item is asked for
    person.page.open_item(last.id)
    person.qtbot.waitUntil(lambda: person.preview.item == last.id and person.listed(), timeout=LONG_MS)
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(50, 54)])
    person.window.tell_pages(Changes.ITEMS)
    person.qtbot.waitUntil(lambda: person.heading == "16 items" and person.listed(), timeout=LONG_MS)
    assert person.preview.item == last.id
    person.press(Qt.Key.Key_J)
    person.qtbot.waitUntil(lambda: person.preview.item == person.current != last.id, timeout=LONG_MS)


def test_what_is_listed_becomes_a_campaign_by_keys_alone(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.search("agent:shop")
    person.press(Qt.Key.Key_A)
    dialog = person.dialog(CampaignWizard)
    assert dialog.population.query.text() == "agent:shop"
    assert dialog.population.name.hasFocus()
    person.qtbot.keyClicks(dialog.population.name, "Shop, week 20")
    dialog.design.design.button("srs").setFocus()
    person.press(Qt.Key.Key_Space)
    dialog.design.size_box.setValue(4)
    dialog.asked.double.setValue(25)
    dialog.asked.guidelines.setPlainText("Look at refunds.")
    person.qtbot.waitUntil(lambda: dialog.forecast.picks.text() == "4 of 6 items, each with a chance of 0.667.", timeout=LONG_MS)
    assert "5 labels" in dialog.forecast.pace.accessibleName()
    seed = dialog.design.seed.text()
    dialog.population.name.setFocus()
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: person.window.current_page == "review", timeout=LONG_MS)
    made = campaigns.show_campaign(workspace, SILENT, campaign="Shop, week 20").value
    assert (made.population, made.sampled, made.rules.design, made.rules.double) == (6, 4, "srs", "0.25")
    assert (made.rules.query, made.rules.seed, made.rules.blind) == ("agent:shop", seed, True)


def test_a_campaign_that_cannot_be_says_why_and_keeps_what_was_typed(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_N, CTRL)
    dialog = person.dialog(CampaignWizard)
    dialog.population.name.setText("C")
    person.qtbot.waitUntil(lambda: dialog.main is not None and dialog.main.isEnabled(), timeout=LONG_MS)
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: "There is a campaign called “C” already." in dialog.population.rows.wrong, timeout=LONG_MS)
    assert dialog.isVisible()
    dialog.population.query.setText("nowhere")
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
    dialog = person.dialog(CampaignWizard)
    assert dialog.population.query.text() == " or ".join(f"id:{each}" for each in ids)
    person.qtbot.waitUntil(lambda: dialog.forecast.picks.text() == "All of 3 items.", timeout=LONG_MS)
    person.press(Qt.Key.Key_Escape)


def test_a_count_in_the_campaign_form_tells_nothing_that_is_hidden(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_N, CTRL)
    dialog = person.dialog(CampaignWizard)
    dialog.population.query.setText("model:model-a")
    person.qtbot.waitUntil(lambda: "0 items that you may see" in dialog.population.found, timeout=LONG_MS)
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
    assert person.dialog(CampaignWizard).population.query.text() == "agent:shop"
    person.press(Qt.Key.Key_Escape)


def test_a_campaign_of_the_page_lists_its_own_items_by_name(explore: Explore, workspace: Workspace) -> None:
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Some of them", query="", design="srs", seed="q"), size=5)
    person = explore(workspace)
    person.search('campaign:"some of them"')
    assert person.heading == "5 of 12 items"


def test_a_campaign_is_given_policies_probes_and_open_eyes_in_its_form(explore: Explore, workspace: Workspace) -> None:
    for key in ("refunds", "vouchers"):
        policies.add_text(workspace, SILENT, key=key, content=b"# Refunds\n\n1. Within 30 days.\n", name=f"{key}.md")
    person = explore(workspace)
    person.press(Qt.Key.Key_N, CTRL)
    dialog = person.dialog(CampaignWizard)
    asked = dialog.asked
    person.qtbot.waitUntil(lambda: asked.policies.count() == 2 and dialog.main is not None and dialog.main.isEnabled(), timeout=LONG_MS)
    person.press(Qt.Key.Key_PageDown, CTRL)
    person.press(Qt.Key.Key_PageDown, CTRL)
    assert asked.policies.isVisible()
    assert not asked._no_policy.isVisible()
    assert not asked.feedback.isEnabled()
    dialog.population.name.setText("Probed")
    asked.policies.setFocus()
    asked.policies.setCurrentRow(1)
    person.press(Qt.Key.Key_Space)
    asked.gold.setValue(10)
    asked.repeat.setValue(5)
    asked.feedback.setChecked(True)
    asked.blind.setChecked(False)
    asked.assign.button("all").click()
    person.qtbot.waitUntil(lambda: "14 labels" in dialog.forecast.pace.accessibleName(), timeout=LONG_MS)
    assert accessibility.nameless(dialog) == []
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: person.window.current_page == "review", timeout=LONG_MS)
    rules = campaigns.show_campaign(workspace, SILENT, campaign="Probed").value.rules
    assert (rules.policies, rules.gold, rules.repeat, rules.feedback, rules.blind, rules.assign) == (
        ("vouchers",), "0.1", "0.05", True, False, "all",
    )  # fmt: skip


def test_a_share_of_second_opinions_and_feedback_apply_only_where_they_can(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_N, CTRL)
    asked = person.dialog(CampaignWizard).asked
    asked.double.setValue(20)
    asked.gold.setValue(5)
    asked.feedback.setChecked(True)
    assert (asked.fields()["double"], asked.fields()["feedback"]) == ("0.2", True)
    asked.overlap.setValue(3)
    asked.gold.setValue(0)
    assert not asked.double.isEnabled()
    assert (asked.fields()["double"], asked.fields()["feedback"]) == ("0", False)
    assert not asked._no_policy.isHidden()
    person.press(Qt.Key.Key_Escape)


def test_what_is_listed_is_asked_for_again_by_keys_alone(explore: Explore, workspace: Workspace) -> None:
    labelled = worlds.waiting(workspace)[:3]
    for item in labelled:
        worlds.label(workspace, item, "compliant")
    person = explore(workspace)
    person.search("label:compliant")
    person.press(Qt.Key.Key_R)
    dialog = person.dialog(RequeueDialog)
    person.qtbot.waitUntil(lambda: dialog.campaign.count() == 1 and dialog.main is not None and dialog.main.isEnabled(), timeout=LONG_MS)
    assert dialog.campaign.itemText(0) == "C (3 labels)"
    assert accessibility.nameless(dialog) == []
    dialog.note.setFocus()
    person.qtbot.keyClicks(dialog.note, "Vouchers count now.")
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(
        lambda: any("3 items asked for again." in b.accessibleName() for b in person.window.messages.banners()), timeout=LONG_MS
    )
    shown = queues.next_items(workspace, SILENT, campaign="C", limit=3).value
    assert {one.id for one in shown} == set(labelled)
    assert {one.asked_again.note for one in shown if one.asked_again} == {"Vouchers count now."}


def test_what_nobody_labelled_cannot_be_asked_for_again_and_the_words_stay(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_R)
    dialog = person.dialog(RequeueDialog)
    dialog.note.setPlainText("Why not.")
    person.qtbot.waitUntil(lambda: dialog.main is not None and dialog.main.isEnabled(), timeout=LONG_MS)
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: "Nobody has labelled any of these items yet." in dialog._wrong.words, timeout=LONG_MS)
    assert dialog.note.toPlainText() == "Why not."
    person.press(Qt.Key.Key_Escape)


def test_a_campaign_takes_its_known_answers_from_what_was_resolved_before(explore: Explore, workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Judy"], role="adjudicator")
    judy = workspace.as_member("Judy")
    item = worlds.waiting(workspace)[0]
    worlds.label(workspace, item)
    resolving.resolve_item(judy, SILENT, campaign="C", item=item, verdict="non_compliant", rationale="Late.")
    judy.close()
    person = explore(workspace)
    person.press(Qt.Key.Key_N, CTRL)
    dialog = person.dialog(CampaignWizard)
    person.qtbot.waitUntil(
        lambda: dialog.asked.source.count() == 2 and dialog.main is not None and dialog.main.isEnabled(), timeout=LONG_MS
    )
    assert not dialog.asked.source.isEnabled()
    dialog.population.name.setText("Probed")
    dialog.asked.gold.setValue(10)
    assert dialog.asked.source.itemText(1) == "C (1 resolved item)"
    dialog.asked.source.setCurrentIndex(1)
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: person.window.current_page == "review", timeout=LONG_MS)
    with workspace.read() as reading:
        assert golds.known_answers(reading, campaign_rows.named(reading, "Probed")) == {item: "non_compliant"}


@pytest.mark.parametrize("size", [100, 125, 150, 175, 200])
def test_what_people_said_of_an_item_stays_in_sight_in_large_text(explore: Explore, workspace: Workspace, size: int) -> None:
    person = explore(workspace)
    table = person.page._found.table
    person.window.theme.resize(size)
    person.window.resize(1264, 752)
    person.qtbot.waitUntil(lambda: table.columnWidth(LABELS) >= person.window.theme.px(130))
    person.qtbot.waitUntil(
        lambda: (
            table.columnViewportPosition(LABELS) + table.columnWidth(LABELS) <= table.viewport().width()
            and table.columnWidth(TITLES) >= person.window.theme.px(80)
        )
    )
    shown = [column for column in range(len(HEADINGS)) if not table.isColumnHidden(column)]
    assert {ITEM, TITLES, LABELS} <= set(shown)
    if size == 100:
        assert len(shown) == len(HEADINGS)


def test_where_two_have_no_room_the_list_has_all_of_it_and_space_opens_the_item(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    page = person.page
    assert page._preview.isVisible()
    person.window.theme.resize(200)
    person.window.resize(1280, 800)
    person.qtbot.waitUntil(lambda: not page._preview.isVisible())
    person.qtbot.waitUntil(lambda: page._found.width() == page.width())
    person.press(Qt.Key.Key_Space)
    assert (page._found.isVisible(), page._preview.isVisible()) == (False, True)
    person.press(Qt.Key.Key_Escape)
    assert (page._found.isVisible(), page._preview.isVisible()) == (True, False)
    person.window.theme.resize(100)
    person.qtbot.waitUntil(page._preview.isVisible)
