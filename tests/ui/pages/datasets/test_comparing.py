"""Two releases side by side, by keys: what came, went and flipped, and why; another one to compare with; and what cannot be."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Changes
from reviewer.domain.progress import SILENT
from reviewer.operations.release_listing import ReleaseLine
from reviewer.operations.releasing import release_dataset
from reviewer.operations.workspaces import open_workspace
from reviewer.ui.pages.datasets.comparing import before
from reviewer.ui.pages.explore.page import ExplorePage
from reviewer.ui.pages.explore.story_dialog import StoryDialog
from tests.ui import accessibility
from tests.ui.pages.datasets.conftest import Start
from tests.ui.pages.datasets.world import labelled, released_again


def test_a_release_is_compared_with_the_one_before_it_and_then_with_one_that_is_chosen(releasing: Start, tmp_path: Path) -> None:
    person = releasing(released_again(tmp_path / "work"))
    compare = person.page.view.compare
    person.at_row(1)
    assert person.page.line is not None
    assert person.page.line.folder == tmp_path / "kto-2"
    person.press(Qt.Key.Key_D)
    person.wait(lambda: compare.found is not None)
    assert [row.words for row in compare.others.rows] == ["Airline refunds, openai-chat", "Airline refunds, trl-kto"]
    assert compare.others.key == person.page.lines[2].release, "the nearest one of its format"
    found = compare.found
    assert found is not None
    assert (found.old.folder, found.new.folder) == (str(tmp_path / "kto"), str(tmp_path / "kto-2"))
    assert (found.counts["flipped"], found.counts["went"], found.counts["came"]) == (1, 1, 1)
    assert compare.pill.text() == "◆ 1 flipped"
    assert compare.rows.hasFocus()
    flipped, went, came, *moved = compare.rows.rows
    assert flipped.note.startswith("◆ flipped: compliant → non-compliant, in ")
    assert flipped.note.endswith(" · a label was changed, by Ada")
    assert flipped.words.startswith("My flight HAT101 was cancelled")
    assert (went.note[:8], came.note[:8]) == ("− went: ", "+ came: ")
    assert all(" → train · the shares, or its group" in row.note for row in moved)
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    person.press(Qt.Key.Key_S)
    dialog = person.dialog(StoryDialog)
    assert "non-compliant" in dialog.list.item(0).text().lower()
    person.press(Qt.Key.Key_Escape)
    person.wait(lambda: not dialog.isVisible())
    person.press(Qt.Key.Key_D)
    assert compare.others.hasFocus()
    person.press(Qt.Key.Key_Up)
    person.press(Qt.Key.Key_Return)
    person.wait(lambda: compare.pill.text() == "◆ not compared")
    assert compare.said.text().startswith(
        "⚠ Rows of openai-chat and of trl-kto are not made of the same. Compare openai-chat with one of: "
    )
    assert not compare.rows.isVisible()
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_Return)
    person.wait(compare.rows.hasFocus)
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_Return)
    explore = person.window.go("explore")
    assert isinstance(explore, ExplorePage)
    person.wait(lambda: explore._preview.item == compare._items[1])
    person.window.go("datasets")
    person.press(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert not compare.isVisible(), "it was of another release"


def test_what_was_found_goes_when_labels_move_and_work_that_is_stopped_says_so(releasing: Start, tmp_path: Path) -> None:
    person = releasing(released_again(tmp_path / "work"))
    page, compare = person.page, person.page.view.compare
    person.at_row(1)
    page.handlers()["datasets.compare"]()
    assert page.comparing._ticket is not None
    page.comparing._ticket.cancel()
    person.wait(lambda: compare.said.text() == "It was stopped. D compares again.")
    assert compare.others.hasFocus()
    person.press(Qt.Key.Key_D)
    person.wait(lambda: compare.found is not None)
    page.take_changes(Changes.LABELS)
    assert not compare.isVisible(), "it was of the labels of before"
    person.at_row(1)


def test_the_same_rows_differ_in_nothing_and_a_release_alone_has_nothing_to_be_compared_with(releasing: Start, tmp_path: Path) -> None:
    workspace = labelled(tmp_path / "work", items=6)
    release_dataset(workspace, SILENT, campaigns=["Airline refunds"], out=tmp_path / "one")
    workspace.close()
    person = releasing(workspace.folder)
    compare = person.page.view.compare
    person.at_row(1)
    person.press(Qt.Key.Key_D)
    person.wait(compare.said.isVisible)
    assert compare.said.text().startswith("There is no other release on this machine to compare it with.")
    assert not compare.others.isVisible()
    workspace = open_workspace(workspace.folder).value
    release_dataset(workspace, SILENT, campaigns=["Airline refunds"], out=tmp_path / "two")
    workspace.close()
    person.page.take_changes(Changes.RELEASES)
    person.wait(lambda: len(person.page.lines) == 2)
    person.at_row(1)
    person.press(Qt.Key.Key_D)
    person.wait(lambda: compare.found is not None)
    assert compare.pill.text() == "● nothing differs"
    assert not compare.rows.isVisible()


def _line(release: str, format_name: str, *campaigns: str, here: bool = True) -> ReleaseLine:
    rows = {"train": 1}
    return ReleaseLine(
        EntryHash(release), campaigns, format_name, "answer", rows, "Ada", "", release, None, Path(release) if here else None
    )


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [("e", "b"), ("d", "b"), ("b", "e"), ("c", "b")],
    ids=[
        "its format and campaigns",
        "none of its format: one of its campaigns",
        "none older: the next newer",
        "other campaigns, but its format",
    ],
)
def test_the_one_before_is_of_the_same_format_where_there_is_one(shown: str, wanted: str) -> None:
    lines = [
        _line("e", "trl-kto", "C"), _line("d", "raw", "C"), _line("c", "trl-kto", "D"), _line("b", "trl-kto", "C"),
        _line("a", "trl-kto", "C", here=False),
    ]  # fmt: skip
    line = next(one for one in lines if one.release == shown)
    found = before(lines, line)
    assert found is not None
    assert found.release == wanted
