"""The Sync page, worked by keys: sync, bundles, settling, verifying, admitting, and files that others gave."""

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from reviewer.catalogue.settings import KEEP_IN_SYNC, SYNC_PLACES, TIME_ZONE, Settings
from reviewer.domain.progress import SILENT
from reviewer.operations import joining, members, verifying
from reviewer.storage.workspace import Workspace
from reviewer.ui.action_set import check_handlers
from reviewer.ui.pages.queue import fetching as reviewing
from reviewer.ui.pages.review.page import ReviewPage
from reviewer.ui.pages.sync.arrival_dialog import ArrivalDialog
from reviewer.ui.pages.sync.bundle_dialog import BundleDialog
from reviewer.ui.pages.sync.exchange import FIRST_WAIT_MS, LONGEST_WAIT_MS, back_off_ms, has_password
from reviewer.ui.pages.sync.place_dialog import PlaceDialog
from reviewer.ui.window import Window
from tests import replicas, worlds
from tests.operations.test_bundling import applied, made
from tests.ui import accessibility
from tests.ui.pages.person import CTRL
from tests.ui.pages.sync.busy import busy, exchange
from tests.ui.pages.sync.conftest import Sync


def drop(window: Window, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    at = QDropEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(at)


def test_the_first_sync_asks_where_and_the_next_goes_there_at_once(syncing: Sync, two: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    ada, ben = two
    place = tmp_path / "stick"
    place.mkdir()
    worlds.label(ada, worlds.waiting(ada)[0])
    person = syncing(ada)
    assert person.number() == "1 label"
    person.press(Qt.Key.Key_S)
    dialog = person.dialog(PlaceDialog)
    assert accessibility.nameless(dialog) == []
    person.write(str(place))
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: person.number() == "0 labels")
    assert len(list(place.glob("*.rvb"))) == 1
    assert person.window.settings[SYNC_PLACES] == {str(ada.folder): str(place)}
    worlds.label(ben, worlds.waiting(ben)[0])
    exchange(place, ben)
    person.press(Qt.Key.Key_S)
    person.wait(lambda: "1 label, from Ben." in person.page.taken._said.text())
    person.rest()
    assert person.page.waiting.sync.accessibleName() == "Sync with the folder stick"
    ben.close()


def test_a_place_that_is_not_there_is_said_with_what_to_do_and_can_be_tried_again(
    syncing: Sync, two: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    ada, ben = two
    worlds.label(ada, worlds.waiting(ada)[0])
    person = syncing(ada, Settings({SYNC_PLACES.key: {str(ada.folder): str(tmp_path / "gone")}}))
    person.press(Qt.Key.Key_S)
    person.wait(lambda: bool(person.banners()))
    assert "There is no folder" in person.banners()[0]
    (tmp_path / "gone").mkdir()
    person.press(Qt.Key.Key_S)
    person.wait(lambda: len(list((tmp_path / "gone").glob("*.rvb"))) == 1)
    person.rest()
    ben.close()


def test_nothing_leaves_the_machine_before_it_is_asked_for(syncing: Sync, two: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    ada, ben = two
    place = tmp_path / "stick"
    place.mkdir()
    worlds.label(ada, worlds.waiting(ada)[0])
    person = syncing(ada, Settings({SYNC_PLACES.key: {str(ada.folder): str(place)}}))
    person.qtbot.wait(500)
    assert list(place.iterdir()) == []
    assert person.window.settings[KEEP_IN_SYNC] is False
    person.press(Qt.Key.Key_A)  # and the control: once it is switched on, it does
    person.wait(lambda: len(list(place.glob("*.rvb"))) == 1)
    person.rest()
    ben.close()


def test_a_server_that_does_not_answer_is_asked_again_by_itself_only_while_kept_in_sync(
    syncing: Sync, two: tuple[Workspace, Workspace]
) -> None:
    ada, ben = two
    kept = {SYNC_PLACES.key: {str(ada.folder): "webdav://127.0.0.1:9/team"}}
    person = syncing(ada, Settings(kept))
    person.press(Qt.Key.Key_S)
    person.wait(lambda: bool(person.banners()))
    assert "[E401]" in person.banners()[0]
    assert person.page.exchange.wait_ms == -1
    waits: list[int] = []
    person.page.exchange.offline.connect(waits.append)
    person.rest()  # the first sync has said that it failed, and has still to end
    person.press(Qt.Key.Key_A)
    person.wait(lambda: bool(waits))
    assert waits[0] == FIRST_WAIT_MS
    person.press(Qt.Key.Key_A)
    assert person.page.exchange.wait_ms == -1
    person.rest()
    ben.close()


def test_the_wait_between_tries_doubles_from_two_seconds_to_five_minutes_with_chance_in_it() -> None:
    assert [back_off_ms(tries, 1.0) for tries in range(9)] == [2000, 4000, 8000, 16000, 32000, 64000, 128000, 256000, LONGEST_WAIT_MS]
    assert back_off_ms(5, 0.0) == 32_000 < back_off_ms(5, 0.5) < back_off_ms(5, 1.0)
    assert back_off_ms(10_000, 1.0) == LONGEST_WAIT_MS


def test_an_address_with_a_password_is_not_kept_in_the_settings(syncing: Sync, two: tuple[Workspace, Workspace]) -> None:
    ada, ben = two
    person = syncing(ada)
    person.page.exchange.choose("webdav://ada:secret@127.0.0.1:9/team")
    assert person.page.exchange.place == "webdav://ada:secret@127.0.0.1:9/team"
    assert "secret" not in str(person.window.settings._values)
    assert not has_password("webdav://127.0.0.1/team")
    ben.close()


def test_a_bundle_is_made_for_chosen_people(syncing: Sync, two: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    ada, ben = two
    worlds.label(ada, worlds.waiting(ada)[0])
    person = syncing(ada)
    person.press(Qt.Key.Key_B)
    dialog = person.dialog(BundleDialog)
    person.wait(lambda: dialog.chosen == ("Ben",))
    assert accessibility.nameless(dialog) == []
    dialog.write_to(tmp_path / "for Ben")
    person.wait(lambda: person.number() == "0 labels")
    taken = applied(ben, tmp_path / "for Ben.rvb").taken
    assert taken is not None
    assert taken.kinds["label"] == 1
    ben.close()


def test_a_bundle_that_is_dropped_says_what_is_in_it_and_is_taken_in_only_then(
    syncing: Sync, two: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    ada, ben = two
    worlds.label(ben, worlds.waiting(ben)[0])
    bundle, before = made(ben, tmp_path / "from Ben.rvb"), replicas.digest(ada)
    person = syncing(ada)
    drop(person.window, bundle)
    dialog = person.dialog(ArrivalDialog)
    person.wait(lambda: dialog.said.get("From") == "Ben")
    assert dialog.said["Project"] == "this one"
    assert accessibility.nameless(dialog) == []
    dialog.reject()
    person.wait(lambda: not dialog.isVisible())
    assert replicas.digest(ada) == before
    drop(person.window, bundle)
    dialog = person.dialog(ArrivalDialog)
    person.wait(lambda: dialog.main is not None)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: replicas.digest(ada) == replicas.digest(ben))
    person.wait(lambda: any("from Ben" in banner for banner in person.banners()))
    ben.close()


def test_a_damaged_bundle_that_is_dropped_says_so_and_offers_nothing(
    syncing: Sync, two: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    ada, ben = two
    bundle = made(ben, tmp_path / "from Ben.rvb")
    raw = bytearray(bundle.read_bytes())
    raw[len(raw) // 2] ^= 1
    bundle.write_bytes(bytes(raw))
    person = syncing(ada)
    drop(person.window, bundle)
    dialog = person.dialog(ArrivalDialog)
    person.wait(lambda: dialog.said == {"error": "E204"})
    assert dialog.main is None
    person.press(Qt.Key.Key_Escape)
    ben.close()


def test_a_request_that_is_dropped_shows_its_words_and_is_admitted_by_key(syncing: Sync, workspace: Workspace, tmp_path: Path) -> None:
    request = tmp_path / "dan.json"
    words = joining.join_project(tmp_path / "dan", member="Dan", request=request).value.words
    person = syncing(workspace)
    drop(person.window, request)
    asking = person.page.people.asking
    person.wait(lambda: asking.request is not None)
    assert asking._six.text() == " · ".join(words)
    assert asking.admit.hasFocus()
    person.press(Qt.Key.Key_Space)
    person.wait(lambda: [one.member for one in members.list_members(workspace, SILENT).value] == ["Ada", "Dan"])
    person.wait(lambda: any("Dan was admitted as reviewer" in banner for banner in person.banners()))


def test_a_request_that_is_refused_admits_nobody(syncing: Sync, workspace: Workspace, tmp_path: Path) -> None:
    request = tmp_path / "dan.json"
    joining.join_project(tmp_path / "dan", member="Dan", request=request)
    person = syncing(workspace)
    person.page.take_request(request)
    person.wait(lambda: person.page.people.asking.request is not None)
    person.page.handlers()["sync.refuse"]()
    assert person.page.people.asking.request is None
    assert len(members.list_members(workspace, SILENT).value) == 1


def test_verifying_says_what_was_found_and_remembers_it(syncing: Sync, workspace: Workspace) -> None:
    person = syncing(workspace)
    person.press(Qt.Key.Key_V)
    person.wait(lambda: any("Everything is what it was" in banner for banner in person.banners()))
    digest = verifying.verify(workspace, SILENT).value.digest
    person.wait(lambda: person.page.check._digest.text() == f"{digest[:4]} {digest[4:8]} {digest[8:12]}")
    person.rest()


def test_two_answers_of_mine_are_settled_by_answering_again(syncing: Sync, tmp_path: Path) -> None:
    ada, _hub, _request = busy(tmp_path)
    person = syncing(ada)
    person.wait(lambda: bool(person.page.settle.rows))
    [row] = [button.row for button in person.page.settle.rows]
    assert (row.why, row.act) == ("you labelled it on two devices, neither knew of the other", "label it again")
    assert {row.here.said, row.there.said} == {"compliant", "non-compliant"}
    person.press(Qt.Key.Key_C)
    assert person.page.settle.rows[0].hasFocus()
    person.press(Qt.Key.Key_Return)
    assert person.window.current_page == "review"
    review = person.window.go("review")
    person.wait(lambda: review._flow.current is not None and review._flow.current.id == row.item)  # type: ignore[attr-defined]
    form = review._bench.form  # type: ignore[attr-defined]

    assert person.window.actions_of_page.can_fire("review.compliant"), "the item is up: its keys work, whatever else is still being read"
    person.press(Qt.Key.Key_C)
    assert form.verdict == "compliant"
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: not review._flow.working)  # type: ignore[attr-defined]
    assert person.banners() == []
    person.window.go("sync")
    person.wait(lambda: not person.page.settle.rows)
    assert verifying.verify(ada, SILENT).value.ok


@pytest.mark.parametrize("recorded", [False, True])
def test_what_was_begun_on_an_item_stays_when_it_is_put_up_to_be_answered_again(
    syncing: Sync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorded: bool
) -> None:
    """The queue may show the same item before the one that was asked for is read."""
    ada, _hub, _request = busy(tmp_path)
    person = syncing(ada)
    person.wait(lambda: bool(person.page.settle.rows))
    [row] = [button.row for button in person.page.settle.rows]
    go_on, real = threading.Event(), reviewing.again

    def late(*arguments: Any, **more: Any) -> Any:
        assert go_on.wait(30)
        return real(*arguments, **more)

    monkeypatch.setattr(reviewing, "again", late)
    person.press(Qt.Key.Key_C)
    person.press(Qt.Key.Key_Return)
    review = person.window.go("review")
    assert isinstance(review, ReviewPage)
    person.wait(lambda: review._flow.current is not None)
    up = review._flow.current
    assert up is not None
    assert up.id == row.item, "it is the first of the queue as well"
    person.press(Qt.Key.Key_C)
    if recorded:
        person.press(Qt.Key.Key_Return, CTRL)
        person.wait(lambda: review._flow.current is not None and review._flow.current.id != row.item)
        go_on.set()
        person.qtbot.wait(500)
        assert review._flow.current is not None
        assert review._flow.current.id != row.item, "it was answered"
    else:
        go_on.set()
        person.wait(lambda: "takes the place of all that you gave" in review._bench.news.accessibleName())
        assert review._bench.form.verdict == "compliant"
        person.press(Qt.Key.Key_Return, CTRL)
    person.window.go("sync")
    person.wait(lambda: not person.page.settle.rows)


def test_who_waits_to_be_admitted_sees_the_words_and_a_bundle_makes_the_rest(syncing: Sync, workspace: Workspace, tmp_path: Path) -> None:
    request = tmp_path / "ben.json"
    words = joining.join_project(tmp_path / "ben", member="Ben", request=request).value.words
    ben = Workspace.open(tmp_path / "ben", surroundings=worlds.surroundings(seed=3))
    person = syncing(ben)
    assert person.number() == "Waiting to be admitted"
    assert person.page.waiting._six.text() == " · ".join(words)
    assert accessibility.nameless(person.window) == []
    members.admit_request(workspace, SILENT, request=joining.read_request(request)[0])
    drop(person.window, made(workspace, tmp_path / "all.rvb"))
    dialog = person.dialog(ArrivalDialog)
    person.wait(lambda: dialog.main is not None)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: person.number() == "0 labels")
    ben.close()


def test_every_control_of_a_busy_page_has_a_name_and_is_reached_by_keys(syncing: Sync, tmp_path: Path) -> None:
    ada, _hub, request = busy(tmp_path)
    person = syncing(ada, Settings({TIME_ZONE.key: "utc"}))
    person.page.take_request(request)
    person.wait(lambda: bool(person.page.settle.rows) and person.page.people.asking.request is not None)
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    tags = [name for name in accessibility.names(person.page) if name.startswith("revoked after entry")]
    assert len(tags) == 1
    check_handlers("sync", person.page.handlers())


def test_the_people_end_with_the_cards_beside_them_in_a_large_window(syncing: Sync, workspace: Workspace) -> None:
    person = syncing(workspace)
    person.window.resize(1400, 1000)
    page = person.page
    person.qtbot.waitUntil(lambda: page.people.width() > 300)

    def foot(card: QWidget) -> int:
        return card.mapTo(page, card.rect().bottomLeft()).y()

    assert foot(page.people) == foot(page.backups) < page.height() - 100
