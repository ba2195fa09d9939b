"""The page without a release, with many, with the longest text; and what a screen reader finds."""

from pathlib import Path

from PySide6.QtCore import Qt

from reviewer.domain.events import Campaign, Event, Release
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.operations.releasing import release_dataset
from reviewer.ui.action_set import check_handlers
from reviewer.ui.pages.datasets.wizard import ReleaseWizard
from tests import worlds
from tests.operations.test_bundling import applied, joined, made
from tests.ui import accessibility
from tests.ui.pages.datasets.conftest import Start
from tests.ui.pages.datasets.world import labelled, released
from tests.ui.transcript.runs import sees_canary


def test_without_a_release_the_page_says_what_one_is_and_which_key_makes_it(releasing: Start, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "empty")
    workspace.close()
    person = releasing(workspace.folder)
    person.wait(lambda: person.page.may_release)
    person.wait(person.page.empty.button.hasFocus)
    assert person.page.empty.button.text() == "New release    N"
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    person.press(Qt.Key.Key_Space)
    wizard = person.dialog(ReleaseWizard)
    person.wait(lambda: "There is no campaign yet" in wizard.refusal)
    person.press(Qt.Key.Key_Escape)


def test_who_may_not_release_sees_the_releases_and_makes_none(releasing: Start, tmp_path: Path) -> None:
    ada = labelled(tmp_path / "ada", items=6)
    release_dataset(ada, SILENT, campaigns=["Airline refunds"], out=tmp_path / "kto")
    ben = joined(ada, tmp_path / "ben", "Ben")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    ada.close()
    ben.close()
    person = releasing(ben.folder)
    person.stands("not on this machine")
    can = person.window.actions_of_page
    assert [name for name in ("new", "check", "audit", "next_row", "item") if can.can_fire(f"datasets.{name}")] == []
    assert not person.page.new.isVisible()


def test_a_thousand_releases_are_listed(releasing: Start, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "many")
    worlds.put_in(workspace, [worlds.run_of(1)])
    campaign = campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C" * 80, query="", seed="1")).value.id
    with workspace.begin() as work:
        for number in range(1_000):
            work.record(Event("release", Release((campaign,), "trl-kto", "answer", {"train": number}, f"{number:064x}")))
    workspace.close()
    person = releasing(workspace.folder)
    assert len(person.page.releases.rows) == 1_000
    person.page.releases.setFocus()
    person.press(Qt.Key.Key_End)
    person.wait(lambda: person.page.line is not None and person.page.line.total == 0)
    person.stands("not on this machine")


def test_the_longest_text_in_every_place_breaks_nothing_and_loads_nothing(releasing: Start, tmp_path: Path, canary: Path) -> None:
    markup = f'<img src="file://{canary}">'
    workspace = worlds.make(tmp_path / "long")
    worlds.put_in(workspace, [worlds.run_of(1, words=20_000), worlds.run_of(2)], file=f"{'f' * 100}.jsonl")
    name = f"{markup} {'N' * 40}"[:80]
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name=name, query="", seed="1"))
    for item in worlds.waiting(workspace, campaign=name):
        worlds.label(workspace, item, campaign=name, rationale=f"{markup} <b>why</b> " * 200)
    out = tmp_path / ("o" * 100)
    release_dataset(workspace, SILENT, campaigns=[name], out=out)
    card = out / "README.md"
    card.write_text(card.read_text(encoding="utf-8") + f"\n# {markup}\n\n- {markup}\n\n| {markup} |\n" + "W" * 5_000, encoding="utf-8")
    workspace.close()
    person = releasing(workspace.folder)
    person.stands("changed")
    person.at_row(1)
    assert any(markup in block.text for block in person.page.view.blocks)
    assert person.window.width() < 1600
    assert not sees_canary(person.window)
    person.press(Qt.Key.Key_N)
    wizard = person.dialog(ReleaseWizard)
    person.wait(lambda: wizard.preview.shown is not None)
    assert not sees_canary(person.window)
    person.press(Qt.Key.Key_Escape)


def test_every_control_has_a_name_and_is_reached_by_keys(releasing: Start, tmp_path: Path) -> None:
    person = releasing(released(tmp_path / "work", items=12))
    person.at_row(1)
    person.press(Qt.Key.Key_A)
    person.wait(person.page.view.audit.isVisible)
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    check_handlers("datasets", person.page.handlers(), ())
    person.press(Qt.Key.Key_N)
    wizard = person.dialog(ReleaseWizard)
    for step in range(4):
        wizard.go_to(step)
        person.wait(lambda: wizard.preview.shown is not None and wizard.preview.busy.isHidden())
        assert accessibility.nameless(wizard) == []
        assert accessibility.out_of_reach(wizard) == []
    person.press(Qt.Key.Key_Escape)
