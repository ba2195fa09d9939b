"""Mistral asked from the Clusters page, by keys, of a service on loopback: for vectors of a run, and for the name of a cluster."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from reviewer.catalogue.settings import JUDGE_SERVER
from reviewer.ui.pages.clusters.dialogs import RenameDialog, RunDialog
from reviewer.ui.pages.clusters.name_dialog import NameDialog
from reviewer.ui.pages.clusters.vectors_dialog import VectorsDialog
from reviewer.ui.pages.sending.dialog import SendDialog
from tests import mistral, topics
from tests.mistral import Request, Response, Service
from tests.storage.test_keys import Remembering
from tests.ui import accessibility
from tests.ui.pages.clusters.conftest import Look, Looking
from tests.ui.pages.person import CTRL

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def service() -> Iterator[Service]:
    with mistral.serving(mistral.counted_words) as running:
        yield running


def vectors_dialog(person: Looking, address: str) -> VectorsDialog:
    """A run is asked for of Mistral: the dialog that shows what would go, once it does."""
    person.window.settings.put(JUDGE_SERVER, address)
    person.press(Qt.Key.Key_N)
    dialog = person.dialog(RunDialog)
    person.wait(lambda: dialog.campaign.count() == 2)
    dialog.reader.setFocus()
    person.press(Qt.Key.Key_Down)
    assert dialog.main is not None
    assert dialog.main.accessibleName() == "See what would go"
    person.press(Qt.Key.Key_Return, CTRL)
    found = person.dialog(VectorsDialog)
    person.wait(lambda: found._seen is not None)
    return found


def more(person: Looking) -> str:
    """What the newest banner adds."""
    return person.window.messages.banners()[0].accessibleDescription()


def give_key(person: Looking, dialog: SendDialog[object, object]) -> None:
    """Turn sending on and type a key, by keys."""
    person.press(Qt.Key.Key_Tab)
    assert dialog.switch.hasFocus()
    person.press(Qt.Key.Key_Space)
    person.press(Qt.Key.Key_Tab)
    assert dialog.key.hasFocus()
    person.write(mistral.KEY)


def test_a_run_by_mistral_is_seen_before_it_goes_and_says_what_it_cost(
    looking: Look, tmp_path: Path, service: Service, ring: Remembering
) -> None:
    made = topics.labelled(tmp_path / "workspace")
    made.workspace.close()
    person = looking(made.workspace.folder)
    dialog = vectors_dialog(person, service.address)
    assert dialog.summary.text().startswith("144 items would be grouped. 144 texts would go to mistral-embed (http://127.0.0.1:")
    assert "tokens, about $" in dialog.summary.text()
    assert accessibility.nameless(dialog) == []
    assert dialog.main is not None
    assert not dialog.main.isEnabled()  # it is turned off, and has no key
    assert dialog.first.hasFocus()
    give_key(person, dialog)  # type: ignore[arg-type] # of any preview
    assert service.requests == []
    person.press(Qt.Key.Key_Return, CTRL)
    assert person.page.running.busy
    person.wait(lambda: bool(person.banners()) and person.page.overview is not None)
    assert "1 flagged" in person.banners()[0]
    assert "144 texts were sent there now, private details taken out (144 tokens, less than $0.0001)" in more(person)
    assert "Grouped by mistral-embed" in person.page.side.notes
    assert mistral.KEY in ring.kept.values()
    assert not person.page.running.busy


def test_a_run_by_mistral_counts_along_and_what_was_paid_for_before_it_is_stopped_is_kept(
    looking: Look, tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    held, waits = threading.Event(), threading.Event()

    def answer(request: Request) -> Response:
        if len(service.requests) > 1:
            waits.set()
            held.wait(20)
        return mistral.counted_words(request)

    service.answer = answer
    made = topics.labelled(tmp_path / "workspace")
    made.workspace.close()
    person = looking(made.workspace.folder)
    dialog = vectors_dialog(person, service.address)
    dialog.switch.setChecked(True)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(waits.is_set)
    person.wait(lambda: dialog._waiting._what.text() == "Asking Mistral for vectors; 64 tokens, less than $0.0001")
    assert dialog._waiting._figure.text() == "64 of 144"
    next(button for button in dialog.findChildren(QPushButton) if button.accessibleName() == "Stop").click()
    held.set()
    person.wait(lambda: bool(person.banners()))
    assert "The run was stopped." in person.banners()[0]
    assert person.page.overview is None
    assert person.can("run")
    again = vectors_dialog(person, service.address)
    assert again.switch.isChecked()
    assert "16 texts would go" in again.summary.text()
    assert "128 vectors are here from before." in again.summary.text()


def test_without_a_network_that_is_said_and_the_dialog_stays(looking: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    with mistral.serving(mistral.counted_words) as gone:
        address = gone.address
    made = topics.filled(tmp_path / "workspace", each=4)
    made.workspace.close()
    person = looking(made.workspace.folder)
    dialog = vectors_dialog(person, address)
    assert dialog.key.isHidden()
    dialog.switch.setChecked(True)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: dialog._wrong.words.startswith("Mistral could not be reached: "))
    assert "Check the network, proxies" in dialog._wrong.words
    person.wait(lambda: dialog.main is not None and dialog.main.isEnabled())
    assert not person.page.running.busy


def test_a_cluster_is_named_by_mistral_when_a_person_asks(looking: Look, own: Path, service: Service, ring: Remembering) -> None:
    service.answer = lambda _: mistral.completion(json.dumps({"name": "Money sent abroad"}))
    person = looking(own)
    person.window.settings.put(JUDGE_SERVER, service.address)
    person.press(Qt.Key.Key_R)
    rename = person.dialog(RenameDialog)
    next(button for button in rename.findChildren(QPushButton) if button.accessibleName() == "Ask Mistral").click()
    dialog = person.dialog(NameDialog)
    person.wait(lambda: dialog._seen is not None)
    assert dialog.summary.text().startswith("8 texts would go to mistral-medium-latest (http://127.0.0.1:")
    assert "tokens, about $" in dialog.summary.text()
    assert "foreign bank account" in dialog.first.toPlainText()
    assert accessibility.nameless(dialog) == []
    give_key(person, dialog)  # type: ignore[arg-type] # of any preview
    assert service.requests == []
    person.press(Qt.Key.Key_Return, CTRL)
    named = f"Money sent abroad ({mistral.MODEL})"
    person.wait(lambda: person.page.side.name.text() == named)
    assert f"The cluster is called “{named}”." in person.banners()[0]
    assert "1,050 tokens, about $0.0005." in more(person)
    person.press(Qt.Key.Key_R, SHIFT)
    again = person.dialog(NameDialog)
    person.wait(lambda: again._seen is not None)
    assert again.summary.text() == "It was asked before, and the answer is here: nothing would be sent."
    QTest.keyClick(again, Qt.Key.Key_Escape)
    (only,) = service.requests
    assert "foreign bank account" in only.item
