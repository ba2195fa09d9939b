"""Mistral Studio asked from the Explore page, by keys, over loopback: items in, answers back, and hidden where it is closed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from reviewer.catalogue.settings import JUDGE_SERVER
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, judging, studio
from reviewer.operations.studio import Asked
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.explore.import_dialog import ImportDialog
from reviewer.ui.pages.explore.pull_dialog import PullDialog
from reviewer.ui.pages.explore.push_dialog import PushDialog
from tests import mistral, worlds
from tests.mistral import Service
from tests.mistral_studio import Studio, terms
from tests.mistral_studio import held as held
from tests.mistral_studio import service as service
from tests.storage.test_keys import Remembering
from tests.ui import accessibility
from tests.ui.pages.explore.conftest import Explore, Exploring, button
from tests.ui.pages.person import CTRL, LONG_MS, SHIFT


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Workspace]:
    made = worlds.make(tmp_path / "w")
    yield made
    made.close()


def pulling(person: Exploring, service: Service) -> PullDialog:
    """The dialog that brings in, once it knows of switch and key."""
    person.window.settings.put(JUDGE_SERVER, service.address)
    person.press(Qt.Key.Key_S, SHIFT)
    dialog = person.dialog(PullDialog)
    person.qtbot.waitUntil(lambda: dialog._seen is not None, timeout=LONG_MS)
    return dialog


def told(person: Exploring, words: str) -> str | None:
    """What the banner with these words adds; None while there is none."""
    found = [banner.accessibleDescription() for banner in person.window.messages.banners() if words in banner.accessibleName()]
    return found[0] if found else None


def test_records_come_in_by_keys_after_what_would_be_asked_was_seen(
    explore: Explore, empty: Workspace, service: Service, ring: Remembering
) -> None:
    person = explore(empty)
    dialog = pulling(person, service)
    assert dialog.data_set.hasFocus()
    assert dialog.summary.text().startswith("Name a data set, or list those that there are.")
    assert not dialog.list.isEnabled()
    QTest.keyClicks(dialog.slug, "refunds")
    person.qtbot.waitUntil(lambda: "the records of data set “refunds”, at most 500" in dialog.summary.text(), timeout=LONG_MS)
    assert "no item of this workspace is sent" in dialog.summary.text()
    assert dialog.main is not None
    assert not dialog.main.isEnabled()  # it is turned off, and has no key
    assert accessibility.nameless(dialog) == []
    for part in (dialog.limit, dialog.agent, dialog.switch):  # as they stand; no data sets can be listed without a key
        person.press(Qt.Key.Key_Tab)
        assert part.hasFocus()
    person.press(Qt.Key.Key_Space)
    person.press(Qt.Key.Key_Tab)
    assert dialog.key.hasFocus()
    QTest.keyClicks(dialog.key, mistral.KEY)
    assert service.requests == []
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: told(person, "60 records came from Mistral Studio.") is not None, timeout=LONG_MS)
    assert told(person, "60 records") == "60 items came in, 0 were known, 0 could not be read."
    person.qtbot.waitUntil(lambda: person.heading == "60 items", timeout=LONG_MS)
    assert mistral.KEY in ring.kept.values()


def test_data_sets_are_listed_when_asked_for_and_traces_come_in_too(
    explore: Explore, empty: Workspace, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    person = explore(empty)
    dialog = pulling(person, service)
    dialog.switch.setChecked(True)
    button(dialog, "List the data sets").click()
    person.qtbot.waitUntil(lambda: dialog.data_set.currentText() == "refunds", timeout=LONG_MS)
    person.qtbot.waitUntil(lambda: "data set “refunds”" in dialog.summary.text(), timeout=LONG_MS)
    assert len(service.requests) == 1
    dialog.kind.setFocus()
    person.press(Qt.Key.Key_Down)
    assert dialog.data_set.isHidden() or not dialog.data_set.isVisible()
    dialog.since.setText("soon")
    person.qtbot.waitUntil(lambda: "is not a time" in dialog._wrong.words, timeout=LONG_MS)
    dialog.since.setText("2026-05-01")
    person.qtbot.waitUntil(lambda: "the traces from 2026-05-01" in dialog.summary.text(), timeout=LONG_MS)
    assert len(service.requests) == 1
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: told(person, "3 records came from Mistral Studio.") is not None, timeout=LONG_MS)
    person.qtbot.waitUntil(lambda: person.heading == "3 items", timeout=LONG_MS)


@pytest.mark.parametrize("status", [403, 404])
def test_where_studio_is_closed_that_is_said_and_its_ways_are_hidden(
    explore: Explore, empty: Workspace, held: Studio, service: Service, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    held.refusals["GET", "/datasets"] = mistral.refusal(status)
    person = explore(empty)
    can = person.window.actions_of_page.can_fire
    assert can("explore.pull")
    assert can("explore.push")
    person.page.open_import()
    first = person.dialog(ImportDialog)
    assert button(first, "Mistral Studio").isVisible()
    first.reject()
    dialog = pulling(person, service)
    dialog.switch.setChecked(True)
    button(dialog, "List the data sets").click()
    closed = f"Mistral Studio is not open to this key at this server (status {status})."
    person.qtbot.waitUntil(lambda: dialog._wrong.words.startswith(closed), timeout=LONG_MS)
    assert "export them as a file" in dialog._wrong.words
    dialog.reject()
    assert not can("explore.pull")
    assert not can("explore.push")
    assert told(person, "What leads to Mistral Studio is hidden from now on.") is not None
    person.page.open_import()
    assert not person.dialog(ImportDialog).studio_card.isVisible()


def test_a_data_set_that_there_is_none_of_hides_nothing(
    explore: Explore, empty: Workspace, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    person = explore(empty)
    dialog = pulling(person, service)
    dialog.switch.setChecked(True)
    QTest.keyClicks(dialog.slug, "refund")
    person.qtbot.waitUntil(lambda: dialog.main is not None and dialog.main.isEnabled(), timeout=LONG_MS)
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: dialog._wrong.words.startswith("Studio has no data set “refund”."), timeout=LONG_MS)
    assert person.window.actions_of_page.can_fire("explore.pull") or dialog.isVisible()
    dialog.reject()
    assert person.window.actions_of_page.can_fire("explore.pull")


def test_answers_go_back_to_their_records_once_they_were_seen(
    explore: Explore, empty: Workspace, held: Studio, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    judging.turn_judge(empty, SILENT, on=True)
    studio.pull(empty, SILENT, asked=Asked(data_set="refunds"), terms=terms(service.address))
    campaigns.create_campaign(empty, SILENT, rules=Campaign(name="C", query="", seed="s"))
    for place, item in enumerate(worlds.waiting(empty, limit=3)):
        worlds.label(empty, item, "compliant" if place else "non_compliant", rationale="A secret reason.")
    person = explore(empty)
    person.window.settings.put(JUDGE_SERVER, service.address)
    before = len(service.requests)
    person.press(Qt.Key.Key_P, SHIFT)
    dialog = person.dialog(PushDialog)
    person.qtbot.waitUntil(lambda: dialog._seen is not None, timeout=LONG_MS)
    assert dialog.campaign.hasFocus()
    assert dialog.summary.text().startswith("3 answers would go to Mistral Studio (http://127.0.0.1:")
    assert dialog.first.toPlainText().count('"human_verdict":"compliant"') == 2
    assert "secret" not in dialog.first.toPlainText()
    assert accessibility.nameless(dialog) == []
    assert len(service.requests) == before
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: told(person, "3 answers were sent to Mistral Studio.") is not None, timeout=LONG_MS)
    said = [one["properties"]["human_verdict"] for one in held.records.values() if "human_verdict" in one["properties"]]
    assert sorted(said) == ["compliant", "compliant", "non_compliant"]
    person.press(Qt.Key.Key_P, SHIFT)
    again = person.dialog(PushDialog)
    person.qtbot.waitUntil(lambda: again.main is not None and again.main.isEnabled(), timeout=LONG_MS)
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: told(person, "0 answers were sent") == "3 were there already.", timeout=LONG_MS)


def test_without_a_campaign_nothing_can_be_sent(explore: Explore, empty: Workspace) -> None:
    person = explore(empty)
    person.press(Qt.Key.Key_P, SHIFT)
    dialog = person.dialog(PushDialog)
    person.qtbot.waitUntil(lambda: dialog._wrong.words.startswith("No campaign here asks for verdicts."), timeout=LONG_MS)
    assert dialog.main is not None
    assert not dialog.main.isEnabled()
