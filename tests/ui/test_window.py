"""The window: it opens on a page, keys work, it remembers, it takes files, and it goes in order."""

import base64
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from reviewer.catalogue import actions
from reviewer.catalogue.key_rows import key_rows
from reviewer.catalogue.settings import RECENT_WORKSPACES, TEXT_SIZE, THEME, WINDOW_GEOMETRY, WINDOW_PAGE, Settings
from reviewer.domain.changes import Changes
from reviewer.domain.errors import NotSaved
from reviewer.operations.workspaces import create_workspace
from reviewer.storage import preferences
from reviewer.ui.action_set import Disagreement
from reviewer.ui.page import Page
from reviewer.ui.pages.registry import PAGES, Entry
from reviewer.ui.palette import Palette
from reviewer.ui.rail import Rail
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.words import plain_label
from reviewer.ui.window import SMALLEST, USUAL, Window, size_within
from tests.ui import accessibility
from tests.ui.conftest import START_ONLY, MakeWindow
from tests.ui.cuts import cut

_CTRL = Qt.KeyboardModifier.ControlModifier


class Written(Page):
    """A page that writes down what it is asked."""

    interests = Changes.LABELS
    told: ClassVar[list[str]] = []
    stays: ClassVar[set[str]] = set()

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        carried = ("app.import", "app.new_campaign") if self.name == "explore" else ()
        return {name: lambda name=name: self.told.append(name) for name in (*actions.owed_by(self.name), *carried)}  # type: ignore[misc]

    def header(self) -> QWidget | None:
        return plain_label(f"header of {self.title}")

    def refresh(self) -> None:
        self.told.append(f"{self.name} refreshed")

    def shown(self) -> None:
        self.told.append(f"{self.name} shown")
        self.setFocus()

    def leave(self) -> bool:
        return self.name not in self.stays

    def open_item(self, item: str) -> None:
        self.told.append(f"open {item}")

    def take_files(self, paths: Sequence[Path]) -> None:
        if self.name == "explore":
            self.told.append(f"files {[path.name for path in paths]}")
        else:
            super().take_files(paths)


class ReviewPage(Written):
    name = "review"
    title = "Review"


class ExplorePage(Written):
    name = "explore"
    title = "Explore"


class Listening(ExplorePage):
    """Writes down what moved, too."""

    def take_changes(self, changes: Changes) -> None:
        self.told.append(f"{self.name} told of {changes.name}")


class Forgetful(ReviewPage):
    """Handles one action too few."""

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        return {name: handler for name, handler in super().handlers().items() if name != "review.record"}


def entry(page: type[Page], icon: str, carries: tuple[str, ...] = ()) -> Entry:
    return Entry(page.name, page.title, icon, page.__module__, page.__name__, carries)


THREE = (*START_ONLY, entry(ReviewPage, "review"), entry(ExplorePage, "search", ("app.import", "app.new_campaign")))


@pytest.fixture(autouse=True)
def _written_anew() -> None:
    Written.told.clear()
    Written.stays.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace of Ada's, empty."""
    place = tmp_path / "refunds"
    create_workspace(place, member="Ada Lovelace").value.close()
    return place


def test_without_a_workspace_the_start_page_is_shown(make_window: MakeWindow) -> None:
    window = make_window(pages=THREE)
    assert window.current_page == "start"
    assert not window.actions_of_page.can_fire("app.review")
    assert window.actions_of_page.can_fire("start.sample")


def test_a_workspace_opens_on_the_first_page_of_the_rail_and_says_who_works(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    qtbot.waitUntil(lambda: "You are Ada Lovelace" in accessibility.names(window))
    assert Written.told[:2] == ["review refreshed", "review shown"]
    assert window.windowTitle() == "refunds – Reviewer"
    assert window.settings[RECENT_WORKSPACES][0]["folder"] == str(folder)  # type: ignore[index] # a row of settings
    assert "Saved here, not synced" in accessibility.names(window)


def test_the_page_of_last_time_comes_back(make_window: MakeWindow, folder: Path) -> None:
    settings = Settings({WINDOW_PAGE.key: "explore"})
    assert make_window(pages=THREE, folder=folder, settings=settings).current_page == "explore"


def test_the_open_workspace_can_be_chosen_on_the_start_page(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    qtbot.keyClick(window, Qt.Key.Key_O, _CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert window.current_page == "start"
    window.open_workspace(folder)
    assert window.current_page == "review"
    qtbot.waitUntil(lambda: "You are Ada Lovelace" in accessibility.names(window))


def test_keys_go_from_page_to_page(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    qtbot.keyClick(window, Qt.Key.Key_2, _CTRL)
    assert window.current_page == "explore"
    assert "header of Explore" in accessibility.names(window)
    qtbot.keyClick(window, Qt.Key.Key_1, _CTRL)
    assert window.current_page == "review"


def test_an_action_of_the_program_that_a_page_carries_out_shows_that_page(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    qtbot.keyClick(window, Qt.Key.Key_N, _CTRL)
    assert (window.current_page, Written.told[-1]) == ("explore", "app.new_campaign")


def test_importing_without_a_workspace_makes_the_usual_one_first(qtbot: QtBot, make_window: MakeWindow, own_home: Path) -> None:
    window = make_window(pages=THREE)
    qtbot.keyClick(window, Qt.Key.Key_I, _CTRL)
    qtbot.waitUntil(lambda: "app.import" in Written.told, timeout=20_000)
    assert window.folder is not None
    assert own_home in window.folder.parents
    assert window.current_page == "explore"


def test_only_the_visible_page_redraws_and_the_other_when_it_is_shown(make_window: MakeWindow, folder: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    window.go("explore")
    window.go("review")
    Written.told.clear()
    window.jobs.changed.emit(Changes.LABELS)
    window.jobs.changed.emit(Changes.RELEASES)
    assert Written.told == ["review refreshed"]
    window.go("explore")
    assert Written.told[1:] == ["explore refreshed", "explore shown"]
    window.go("review")
    assert Written.told[3:] == ["review shown"]


def test_a_page_that_is_not_shown_is_told_later_and_once_of_all_that_moved(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    carries = ("app.import", "app.new_campaign")
    window = make_window(pages=(*START_ONLY, entry(ReviewPage, "review"), entry(Listening, "search", carries)), folder=folder)
    window.go("explore")
    window.go("review")
    Written.told.clear()
    window.jobs.changed.emit(Changes.LABELS)
    window.jobs.changed.emit(Changes.ITEMS)
    assert Written.told == ["review refreshed"]
    qtbot.waitUntil(lambda: len(Written.told) > 1)
    assert Written.told[1:] == ["explore told of ITEMS|LABELS"]


def test_a_page_that_will_not_be_left_stays(make_window: MakeWindow, folder: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    Written.stays.add("review")
    window.go("explore")
    assert window.current_page == "review"
    assert not window.close()
    Written.stays.clear()


def test_a_page_with_other_handlers_than_the_catalogue_does_not_open(make_window: MakeWindow, folder: Path) -> None:
    with pytest.raises(Disagreement, match=r"review\.record"):
        make_window(pages=(*START_ONLY, entry(Forgetful, "review")), folder=folder)


def test_files_that_are_dropped_reach_the_page_that_imports(qtbot: QtBot, make_window: MakeWindow, folder: Path, tmp_path: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "runs.json")), QUrl("https://example.invalid/x")])
    drop = QDropEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(drop)
    qtbot.waitUntil(lambda: (window.current_page, Written.told[-1]) == ("explore", "files ['runs.json']"))


def test_a_folder_that_is_no_workspace_leads_back_to_the_start_page_with_a_banner(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window(pages=THREE)
    window.open_workspace(tmp_path)
    qtbot.waitUntil(lambda: bool(window.messages.banners()))
    assert (window.current_page, window.folder) == ("start", None)
    assert window.messages.banners()[0].accessibleName() == f"Error: {tmp_path} is not a workspace. [E002]"


def test_a_workspace_that_is_gone_is_forgotten(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    rows: list[object] = [{"folder": str(tmp_path / "gone"), "name": "gone"}, {"folder": str(tmp_path / "other"), "name": "other"}]
    window = make_window(settings=Settings({RECENT_WORKSPACES.key: rows}))
    window.open_workspace(tmp_path / "gone")
    qtbot.waitUntil(lambda: bool(window.messages.banners()))
    assert window.settings[RECENT_WORKSPACES] == rows[1:]


@pytest.mark.parametrize(
    ("room", "size"), [((1920, 1080), USUAL), ((1280, 800), (1264, 752)), ((1366, 728), (1280, 680)), ((800, 480), SMALLEST)]
)
def test_a_new_window_fits_the_screen_with_its_title_bar(room: tuple[int, int], size: tuple[int, int]) -> None:
    assert size_within(QSize(*room)) == QSize(*size)


@pytest.mark.parametrize("size", [100, 150, 200])
def test_the_rail_says_every_page_without_one_upon_another(qtbot: QtBot, theme: Theme, size: int) -> None:
    rail = Rail(theme, [(entry.name, entry.title, entry.icon) for entry in PAGES])
    qtbot.addWidget(rail)
    rail.show_member("Ada")
    rail.resize(rail.width(), 752)
    rail.show()
    theme.resize(size)
    buttons = [rail.button(entry.name) for entry in PAGES if entry.icon]

    def edges() -> list[int]:
        return [edge for part in [*buttons, rail._who] for edge in (part.y(), part.y() + part.height())]

    qtbot.waitUntil(lambda: edges() == sorted(edges()) and edges()[-1] <= rail.height())
    for button in buttons:
        words = button.fontMetrics().height() + button.iconSize().height()
        assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        assert words <= button.height()


def test_size_place_and_page_are_kept_for_the_next_time(make_window: MakeWindow, folder: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    window.resize(900, 700)  # no wider than the offscreen screen allows
    window.go("explore")
    assert window.close()
    kept = preferences.read()
    assert kept[WINDOW_PAGE.key] == "explore"
    assert kept["workspace.last"] == str(folder)
    assert base64.b64decode(str(kept[WINDOW_GEOMETRY.key]))
    again = make_window(pages=THREE, folder=folder, settings=Settings(kept))
    assert (again.height(), again.current_page) == (700, "explore")


def test_the_theme_and_the_size_of_text_are_changed_by_keys_and_kept(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    qtbot.keyClick(window, Qt.Key.Key_L, _CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert (window.theme.name, window.settings[THEME]) == ("dark", "dark")
    for _press in range(12):
        qtbot.keyClick(window, Qt.Key.Key_Plus, _CTRL)
    assert window.settings[TEXT_SIZE] == 200
    qtbot.keyClick(window, Qt.Key.Key_Minus, _CTRL)
    assert window.settings[TEXT_SIZE] == 190
    qtbot.waitUntil(lambda: window.theme.px(13) == 25)
    qtbot.waitUntil(lambda: preferences.read().get(TEXT_SIZE.key) == 190)
    qtbot.keyClick(window, Qt.Key.Key_0, _CTRL)
    assert window.settings[TEXT_SIZE] == 100


def dialog_of(window: Window, kind: type[QDialog] = QDialog) -> QDialog:
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def test_the_palette_lists_what_can_be_done_now_and_does_it(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    qtbot.keyClick(window, Qt.Key.Key_K, _CTRL)
    palette = dialog_of(window, Palette)
    assert isinstance(palette, Palette)
    rows = [palette.list.model().index(row, 0).data() for row in range(palette.list.model().rowCount())]
    assert "Record and go to next" in rows
    assert "Search items" not in rows
    qtbot.keyClicks(palette.field, "go to expl")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.current_page == "explore"


def test_the_key_sheet_lists_every_key_of_the_page(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    qtbot.keyClick(window, "?")
    sheet = dialog_of(window)
    said = accessibility.names(sheet)
    for row in key_rows(actions.on_page("review")):
        assert row.title in said, row
    assert [name for name in said if name.startswith("Cite clause")] == ["Cite clause 1–9"]
    assert "Search items" not in said
    assert accessibility.nameless(sheet) == []
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


@pytest.mark.parametrize(("key", "title"), [(Qt.Key.Key_F1, "How to work with Reviewer")])
def test_help_opens_over_the_window(qtbot: QtBot, make_window: MakeWindow, key: Qt.Key, title: str) -> None:
    window = make_window()
    qtbot.keyClick(window, key)
    sheet = dialog_of(window)
    assert sheet.windowTitle() == title
    assert accessibility.nameless(sheet) == []
    sheet.reject()


def test_the_data_can_be_found(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    window.actions_of_page.fire("app.where")
    sheet = dialog_of(window)
    assert {str(folder), str(preferences.file())} <= set(accessibility.names(sheet))
    copy = next(button for button in sheet.findChildren(QPushButton) if button.text().startswith("Copy"))
    qtbot.waitUntil(lambda: 0 < copy.width() < sheet.width() // 2 and not cut(sheet))
    sheet.reject()


def test_esc_takes_the_newest_banner_away(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.messages.show_error(NotSaved("Not saved: the disk is full.", "Free space, then try again."), retry=lambda: None)
    window.messages.note("A note.")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert [banner.accessibleName() for banner in window.messages.banners()] == ["Error: Not saved: the disk is full. [E101]"]
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.messages.isVisible()


def test_every_control_of_the_window_has_a_name_and_can_be_reached(make_window: MakeWindow, folder: Path) -> None:
    window = make_window(pages=THREE, folder=folder)
    window.messages.note("A note.", "What to do.", button="Do it", act=lambda: None)
    assert accessibility.nameless(window) == []
    assert accessibility.out_of_reach(window) == []
