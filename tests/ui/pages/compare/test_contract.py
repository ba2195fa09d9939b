"""The page with none, with eight outputs, with the longest text; and what a screen reader finds."""

from pathlib import Path

from PySide6.QtCore import Qt

from reviewer.domain.candidates import Output, keyed
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.ui.action_set import check_handlers
from tests import pairs, worlds
from tests.ui import accessibility
from tests.ui.pages.compare.conftest import Compare
from tests.ui.transcript.runs import sees_canary


def test_every_control_has_a_name_and_is_reached_by_keys(compare: Compare, tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", outputs=3)
    person = compare(workspace)
    check_handlers("compare", person.page.handlers())
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    person.press(Qt.Key.Key_E)
    assert accessibility.nameless(person.window) == []
    person.press(Qt.Key.Key_Escape)
    names = accessibility.names(person.page)
    assert any(name.startswith("Output ") for name in names)
    assert "Prompt, 2 messages" in names
    assert not [name for name in names if "model-" in name]
    workspace.close()


def test_eight_outputs_are_all_within_reach(compare: Compare, tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", items=1, outputs=8)
    person = compare(workspace)
    person.window.resize(1000, 700)
    assert len(person.order) == 8
    for _ in range(7):
        person.press(Qt.Key.Key_Right)
    last = person.page._bench.shown_panes[-1]
    assert person.page._bench.current is last
    assert not last.visibleRegion().isEmpty()
    for digit in range(1, 8):
        person.press(Qt.Key(Qt.Key.Key_0 + digit))
    assert person.page._choosing.complete
    workspace.close()


def test_the_longest_text_in_every_place_breaks_nothing(compare: Compare, tmp_path: Path, canary: Path) -> None:
    longest = (f'<img src="file://{canary}">' + "W" * 500) * 400
    outputs = [Output((pairs.said("assistant", f"{n}{longest}"),), longest[:2_000]) for n in range(2)]
    item = Item(kind="comparison", agent=longest, messages=(pairs.said("user", longest),), candidates=keyed(outputs).candidates)
    workspace = worlds.make(tmp_path / "w")
    worlds.put_in(workspace, [item])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", question="preference", seed="s", blind=False))
    person = compare(workspace)
    person.press(Qt.Key.Key_H)
    person.press(Qt.Key.Key_P)
    assert person.window.width() < 1700
    assert not sees_canary(person.window)
    workspace.close()


def test_a_campaign_without_anything_waiting_says_so(compare: Compare, tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", items=1)
    campaigns.close_campaign(workspace, SILENT, campaign="C")
    person = compare(workspace, waits=False)
    assert "closed" in person.page._ending.page.accessibleName()
    assert accessibility.nameless(person.window) == []
    workspace.close()
