"""Every page that is registered opens, handles what the catalogue declares for it, and can be worked without a mouse."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.catalogue import actions
from reviewer.operations.workspaces import create_workspace
from reviewer.storage.assets import resource
from reviewer.ui.pages.registry import PAGES
from tests.ui import accessibility
from tests.ui.conftest import MakeWindow

ON_RAIL = [entry.name for entry in PAGES if entry.icon]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty workspace."""
    place = tmp_path / "empty"
    create_workspace(place, member="Ada").value.close()
    return place


def test_every_place_of_the_catalogue_has_a_page_and_every_page_its_places() -> None:
    assert [entry.name for entry in PAGES] == list(actions.PLACES)


def test_every_icon_of_the_rail_is_shipped() -> None:
    for entry in PAGES:
        assert not entry.icon or resource("icons", f"{entry.icon}.svg").is_file()


def test_every_action_of_a_page_carried_by_another_is_one_of_the_whole_program() -> None:
    for entry in PAGES:
        assert all(actions.BY_ID[action].where is actions.Where.APP for action in entry.carries)


@pytest.mark.parametrize("name", ON_RAIL)
def test_every_page_opens_on_an_empty_workspace_and_every_control_has_a_name(
    qtbot: QtBot, make_window: MakeWindow, folder: Path, name: str
) -> None:
    window = make_window(pages=PAGES, folder=folder)
    qtbot.waitUntil(lambda: "You are Ada" in accessibility.names(window), timeout=20_000)
    window.go(name)
    qtbot.wait(300)
    assert accessibility.nameless(window) == []
    assert accessibility.out_of_reach(window) == []
    assert window.messages.banners() == []
