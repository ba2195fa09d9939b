"""The Datasets page by keys: how releases stand, their rows and the story of each, and a new one in four steps."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from reviewer.domain.changes import Changes
from reviewer.domain.progress import SILENT
from reviewer.operations import labelling, release_checks
from reviewer.operations.workspaces import open_workspace
from reviewer.ui.pages.datasets.wizard import ReleaseWizard
from reviewer.ui.pages.explore.page import ExplorePage
from reviewer.ui.pages.explore.story_dialog import StoryDialog
from tests import pairs
from tests.ui.cuts import cut
from tests.ui.pages.datasets.conftest import Releasing, Start
from tests.ui.pages.datasets.world import labelled, released
from tests.ui.pages.person import CTRL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The workspace with two releases, `kto` and `chat` beside it."""
    return released(tmp_path / "work", items=12)


def test_releases_are_listed_newest_first_and_each_says_how_it_stands(releasing: Start, folder: Path) -> None:
    person = releasing(folder)
    page = person.page
    person.at_row(1)
    person.stands("holds")
    assert page._header.words == "Datasets, 2 releases"
    assert [row.words for row in page.releases.rows] == ["Airline refunds, openai-chat", "Airline refunds, trl-kto"]
    person.wait(lambda: all("● holds" in row.note for row in page.releases.rows))
    assert page.view.made.text().startswith("openai-chat of common answers, ")
    assert "non-compliant and not corrected" in page.view.left_out.text()
    assert [block.text for block in page.view.blocks if block.kind == "title"] == ["Airline refunds"]
    assert page.releases.hasFocus()
    person.press(Qt.Key.Key_Down)
    person.wait(lambda: page.opened is not None and page.opened.manifest.format == "trl-kto")
    person.at_row(1)
    person.press(Qt.Key.Key_C)
    person.stands("checks out")
    assert page.view.said.text() == "All 10 rows were made anew from labels and items, and are the same."


def test_rows_are_leafed_through_found_and_lead_to_their_item_and_story(releasing: Start, folder: Path) -> None:
    person = releasing(folder)
    page = person.page
    person.press(Qt.Key.Key_Down)
    person.wait(lambda: page.opened is not None and page.opened.manifest.format == "trl-kto")
    person.at_row(1)
    person.press(Qt.Key.Key_K)
    person.press(Qt.Key.Key_J)
    person.at_row(2)
    assert page.row is not None
    assert page.side.number.text().startswith("Row 2 of 10, ")
    assert [column.name for column in page.row.columns] == ["prompt", "completion", "label"]
    assert person.story[-1] == "It traces"
    assert person.story[1].startswith("Ada: ")
    assert any(title.endswith(" of airline.jsonl") for title in person.story)
    person.press(Qt.Key.Key_G)
    person.write("9")
    person.press(Qt.Key.Key_Return)
    person.at_row(9)
    person.press(Qt.Key.Key_G)
    person.write("77")
    person.press(Qt.Key.Key_Return)
    person.wait(page.side.wrong.isVisible)
    assert page.side.wrong.text() == "⚠ There is no row 77. Give a number from 1 to 10."
    item = page.row.row.items[0].item
    person.write(item[:12])
    person.press(Qt.Key.Key_Return)
    person.wait(lambda: page.side.hasFocus() and page.side.wrong.isHidden())
    person.press(Qt.Key.Key_S)
    assert "compliant" in person.dialog(StoryDialog).list.item(0).text()
    person.press(Qt.Key.Key_Escape)
    person.press(Qt.Key.Key_Return)
    explore = person.window.go("explore")
    assert isinstance(explore, ExplorePage)
    person.wait(lambda: explore._preview.item == item)


def test_a_label_that_was_withdrawn_and_a_byte_that_flipped_are_named(releasing: Start, folder: Path) -> None:
    workspace = open_workspace(folder).value
    labelling.undo_label(workspace, SILENT)
    workspace.close()
    train = folder.parent / "kto" / "data" / "train.jsonl"
    train.write_bytes(train.read_bytes().replace(b"in order", b"In order", 1))
    person = releasing(folder)
    person.stands("labels withdrawn since")
    assert "1 label or resolution behind its rows is not in force any more" in person.page.view.said.text()
    person.press(Qt.Key.Key_Down)
    person.stands("changed")
    assert person.page.view.broken.text() == "▲ data/train.jsonl: Its hash is not the one of the manifest."
    person.at_row(1)
    person.press(Qt.Key.Key_C)
    person.wait(lambda: " line " in person.page.view.broken.text())
    assert "of 10 rows trace" in person.page.view.said.text()


def test_a_release_whose_folder_moved_says_so_and_is_found_again(releasing: Start, folder: Path) -> None:
    (folder.parent / "chat").rename(folder.parent / "elsewhere")
    person = releasing(folder)
    person.stands("not found")
    assert not person.window.actions_of_page.can_fire("datasets.check")
    person.page.locate(folder.parent / "elsewhere")
    person.stands("holds")
    person.at_row(1)
    person.page.locate(folder.parent)
    person.wait(lambda: any("is not a release" in said for said in person.banners()))


def test_an_audit_says_what_to_mind_and_opens_an_example(releasing: Start, tmp_path: Path) -> None:
    person = releasing(released(tmp_path / "work"))
    page = person.page
    person.at_row(1)
    person.press(Qt.Key.Key_A)
    person.wait(page.view.audit.isVisible)
    (first, *_) = page.view.audit.findings
    assert first.accessibleName().startswith("mind: Length in characters predicts the label by itself")
    assert "Add compliant items whose output is longer" in first.accessibleName()
    for size in (200, 100):
        person.window.theme.resize(size)
        person.wait(lambda: not cut(page.view.audit))
    person.wait(lambda: person.window.actions_of_page.can_fire("datasets.audit"))
    page.take_changes(Changes.LABELS)
    assert not page.view.audit.isVisible(), "it was of the labels of before"
    person.at_row(1)


def test_a_release_is_made_in_four_steps_by_keys_and_each_shows_real_rows(releasing: Start, tmp_path: Path) -> None:
    workspace = labelled(tmp_path / "work", items=12)
    workspace.close()
    person = releasing(workspace.folder)
    person.wait(lambda: person.page.may_release)
    assert person.page.empty.isVisible()
    person.press(Qt.Key.Key_N)
    wizard = person.dialog(ReleaseWizard)
    person.wait(lambda: wizard.preview.shown is not None)
    assert [row.text().split("\n")[0] for row in map(wizard.what.campaigns.item, range(1))] == ["Airline refunds"]
    assert _columns(wizard) == ["prompt", "completion", "label"]
    person.press(Qt.Key.Key_Return, CTRL)
    assert wizard.step == 1
    assert wizard.shape.formats.hasFocus()
    person.press(Qt.Key.Key_Down)  # trl-stepwise: there are no marks to make it of
    person.wait(lambda: "can be released as trl-stepwise yet" in wizard.preview.wrong.text())
    person.press(Qt.Key.Key_Up)
    person.wait(lambda: wizard.preview.shown is not None and wizard.refusal == "")
    person.press(Qt.Key.Key_Return, CTRL)
    assert wizard.safe.split.hasFocus()
    person.write("0.5,0.6")
    person.wait(lambda: bool(wizard.refusal))
    assert wizard.refusal.startswith("⚠ “0.5,0.6” is not a split.")
    assert wizard.steps.button("2").text().startswith("⚠")
    person.write("0.5,0.5")
    person.wait(lambda: wizard.preview.shown is not None and wizard.preview.shown.audit is not None and not wizard.refusal)
    assert wizard.preview.figures.text().startswith("10 rows as trl-kto: ")
    assert wizard.preview.left_out.text() == "2 left out: 2 unsure"
    assert wizard.safe.audit.isVisible()
    assert wizard.steps.button("2").text() == "3   Is it safe: nothing to mind"
    person.press(Qt.Key.Key_Return, CTRL)
    assert wizard.where.folder.text().endswith("airline-refunds-trl-kto")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    person.write(str(tmp_path / "full"))
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: "is there already and not empty" in wizard.refusal)
    assert wizard.where.folder.hasFocus()
    assert not list(tmp_path.glob(".*part"))
    person.write(str(tmp_path / "kto"))
    person.press(Qt.Key.Key_Return, CTRL)
    person.at_row(1)
    person.stands("holds")
    assert f"Done: Released 10 rows to {tmp_path / 'kto'}." in person.banners()
    assert person.page.line is not None
    assert person.page.line.folder == tmp_path / "kto"
    opened = open_workspace(workspace.folder).value
    assert release_checks.check_release(opened, SILENT, folder=tmp_path / "kto").value == (10, 10, ())
    opened.close()
    assert json.loads((tmp_path / "kto" / "manifest.json").read_bytes())["split"] == ["0.5", "0.5", "0"]


def _columns(wizard: ReleaseWizard) -> list[str]:
    assert wizard.preview.shown is not None
    return [column.name for column in wizard.preview.shown.rows[0]]


def test_leaving_the_steps_writes_nothing_and_stopping_leaves_nothing_behind(releasing: Start, tmp_path: Path) -> None:
    workspace = labelled(tmp_path / "work", items=12)
    workspace.close()
    person = releasing(workspace.folder)
    person.wait(lambda: person.page.may_release)
    person.press(Qt.Key.Key_N)
    wizard = person.dialog(ReleaseWizard)
    person.wait(lambda: wizard.preview.shown is not None)
    wizard.go_to(3)
    person.write(str(tmp_path / "out"))
    _stopped(person, wizard)
    assert wizard.refusal == "It was stopped. Nothing was left behind."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["work"]
    person.press(Qt.Key.Key_Escape)
    person.wait(lambda: not person.window.findChildren(ReleaseWizard) or not wizard.isVisible())
    assert person.page.lines == ()


def _stopped(person: Releasing, wizard: ReleaseWizard) -> None:
    """Write, and stop before anything can have been written: the ticket is told before the work begins."""
    person.window.jobs.begun.connect(lambda report: report.ticket.cancel())
    QTest.keyClick(wizard.where.folder, Qt.Key.Key_Return, CTRL)
    assert wizard._ticket is not None
    wizard._stop()
    person.wait(lambda: bool(wizard.refusal))


def test_the_format_follows_from_what_the_campaign_asks_and_without_labels_it_says_why_there_is_no_row(
    releasing: Start, tmp_path: Path
) -> None:
    workspace = pairs.ready(tmp_path / "pairs", items=2)
    workspace.close()
    person = releasing(workspace.folder)
    person.wait(lambda: person.page.may_release)
    person.press(Qt.Key.Key_N)
    wizard = person.dialog(ReleaseWizard)
    person.wait(lambda: wizard.what.campaigns.count() == 1)
    person.press(Qt.Key.Key_Space)  # nothing of it is answered: nobody took it in
    person.wait(lambda: "No item of “C” can be released as trl-preference yet" in wizard.preview.wrong.text())
    formats = wizard.shape.formats
    on = [formats.item(place).text().split("\n")[0] for place in range(formats.count()) if formats.item(place).flags()]
    of_pairs, of_better_answers = (
        {"trl-preference", "trl-reward", "openai-preference"},
        {"trl-prompt-completion", "openai-chat", "mistral-chat"},
    )
    assert set(on) == {*of_pairs, *of_better_answers, "raw"}
    person.press(Qt.Key.Key_Escape)
