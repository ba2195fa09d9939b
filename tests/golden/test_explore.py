"""The Explore page in both themes: a search with labels of every kind, one item whole, and the dialogs that begin here."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part, ToolCall
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, members
from reviewer.ui.pages.campaign.plan_dialog import PlanDialog
from reviewer.ui.pages.campaign.wizard import CampaignWizard
from reviewer.ui.pages.explore.import_dialog import ImportDialog
from reviewer.ui.pages.explore.page import ExplorePage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests import worlds
from tests.golden import images
from tests.ui.conftest import MakeWindow

BOTH = pytest.mark.parametrize("look", ["light", "dark"])
Open = Callable[..., tuple[Window, ExplorePage]]
LONG_MS = 30_000

STORIES = (
    "Refund after a cancelled flight, no insurance", "Change of passenger after check-in", "Two bookings, one voucher",
    "Baggage fee of a gold member", "Cancel within 24 hours", "Upgrade with a certificate", "Refund to another card",
    "Lost reservation number", "Group of four, one cancels", "Insurance claimed after the fact", "Downgrade for a refund of the difference",
    "Flight moved by three hours", "User says that an agent promised it", "A very long request that goes on about many things at once " * 2,
)  # fmt: skip


def story(number: int) -> Item:
    """A run about one of the stories, with a cancellation in it."""
    asked = Message(role="user", content=(Part(type="text", text=STORIES[number]),))
    call = Message(role="assistant", tool_calls=(ToolCall(name="cancel_reservation", id="1", arguments='{"reservation_id":"Q69X3R"}'),))
    answers = tuple(Message(role="assistant", content=(Part(type="text", text=f"Answer {n}."),)) for n in range(number % 5 * 3))
    model = ("gpt-4o-08", "gpt-4o-05", "sonnet-3.5")[number % 3]
    time = f"2024-05-{number + 1:02}T14:02:00.000Z"
    return Item(kind="trajectory", agent="airline", model=model, time=time, external_id=f"task {number}", messages=(asked, call, *answers))


@pytest.fixture
def opened(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> Open:
    """The window on fourteen items, some labelled by two reviewers, five of them hidden in a blind campaign."""

    def start(look: str) -> tuple[Window, ExplorePage]:
        workspace = worlds.make(tmp_path / "Airline refunds")
        ids = worlds.put_in(workspace, [story(n) for n in range(len(STORIES))], file="gpt-4o-airline.json")
        members.add_members(workspace, SILENT, names=["Ben"])
        open_eyes = Campaign(name="Airline refunds, week 47", query="", seed="47", overlap=2, assign="all", blind=False)
        campaigns.create_campaign(workspace, SILENT, rules=open_eyes)
        ben = workspace.as_member("Ben")
        said = "Flight status is “available”, so the airline did not cancel it; booked over 24 h ago and no insurance."
        for who, place, verdict in ((workspace, 13, "non_compliant"), (workspace, 11, "compliant"), (ben, 11, "non_compliant"),
                                    (workspace, 9, "compliant"), (ben, 9, "compliant"), (ben, 7, "unsure")):  # fmt: skip
            worlds.label(who, ids[place], verdict, campaign=open_eyes.name, rationale=said if verdict == "non_compliant" else "")
        ben.close()
        campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Blind", query="", seed="1", design="srs"), size=5)
        folder = workspace.folder
        workspace.close()
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        window.theme.choose(look)
        window.resize(images.SIZE)
        page = window.go("explore")
        assert isinstance(page, ExplorePage)
        search(qtbot, page, "tool:cancel_* -label:unsure time>=2024-05")
        page.said.emit("13 items in 6 ms")
        return window, page

    return start


def search(qtbot: QtBot, page: ExplorePage, text: str) -> None:
    page._header.field.put(text)
    listing = page._listing

    def listed() -> bool:
        return listing.looked is not None and listing.looked.text == text and listing.looked.found is not None

    def shown() -> bool:
        row = listing.row(0)
        return row is not None and page._preview.item == row.id

    qtbot.waitUntil(listed, timeout=LONG_MS)
    page._found.table.go_to(0)
    qtbot.waitUntil(shown, timeout=LONG_MS)


@BOTH
def test_a_search_and_the_item_beside_it(opened: Open, approve: bool, look: str) -> None:
    window, _page = opened(look)
    images.check(window, f"explore-{look}", approve=approve)


@BOTH
def test_one_item_whole(opened: Open, approve: bool, look: str) -> None:
    window, page = opened(look)
    page.handlers()["explore.open"]()
    images.check(window, f"explore-whole-{look}", approve=approve)


@BOTH
def test_a_new_campaign(opened: Open, qtbot: QtBot, approve: bool, look: str) -> None:
    window, page = opened(look)
    page.handlers()["app.new_campaign"]()
    [dialog] = page.findChildren(CampaignWizard)
    dialog.population.name.setText("Cancelled flights, week 47")
    dialog.design.seed.setText("5eb446ae5f43fecd")
    dialog.asked.double.setValue(20)
    dialog.design.size_box.setValue(6)
    dialog.design.by.setEditText("agent")
    dialog.design.design.button("stratified").click()
    dialog.go_to(1)
    qtbot.waitUntil(lambda: dialog.seen is not None and bool(dialog.seen.strata), timeout=LONG_MS)
    images.check(window, f"campaign-{look}", approve=approve)
    dialog.reject()


def test_what_a_new_campaign_asks_and_its_strata_in_large_text(opened: Open, qtbot: QtBot, approve: bool) -> None:
    window, page = opened("light")
    page.handlers()["app.new_campaign"]()
    [dialog] = page.findChildren(CampaignWizard)
    dialog.population.name.setText("Cancelled flights, week 47")
    dialog.design.seed.setText("5eb446ae5f43fecd")
    dialog.go_to(2)
    qtbot.waitUntil(lambda: dialog.seen is not None and dialog.asked.members.count() == 2, timeout=LONG_MS)
    images.check(window, "campaign-asked-light", approve=approve)
    window.theme.resize(200)
    dialog.go_to(0)
    dialog.resize_to(1160, 800)
    images.check(window, "campaign-200", approve=approve)
    dialog.reject()


def test_a_plan(opened: Open, qtbot: QtBot, approve: bool) -> None:
    window, page = opened("light")
    page.handlers()["app.plan"]()
    [dialog] = page.findChildren(PlanDialog)
    qtbot.waitUntil(lambda: dialog.size_planned is not None, timeout=LONG_MS)
    images.check(window, "plan-light", approve=approve)
    dialog.reject()


@BOTH
def test_what_was_found_in_files(opened: Open, qtbot: QtBot, approve: bool, look: str, tmp_path: Path) -> None:
    window, page = opened(look)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "answers.csv").write_text("prompt,completion,model\nWhat is a fee for,A fee is for work,m-1\n")
    (folder / "LICENSE").write_text("Do what you like.\n")
    dialog = ImportDialog(page.desk, page)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=LONG_MS)
    dialog.look_at([str(folder)])
    qtbot.waitUntil(dialog.found.isVisible, timeout=LONG_MS)
    images.check(window, f"import-found-{look}", approve=approve)
    dialog.reject()
