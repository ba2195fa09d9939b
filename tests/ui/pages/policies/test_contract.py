"""The page with no policy, one, ten thousand clauses, the longest text; and what a screen reader finds."""

from pathlib import Path

from PySide6.QtCore import Qt

from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import labelling, policies
from reviewer.storage.workspace import Workspace
from reviewer.ui.action_set import check_handlers
from reviewer.ui.pages.policies.compare_dialog import CompareDialog
from reviewer.ui.pages.policies.version_dialog import VersionDialog
from tests import worlds
from tests.operations.test_bundling import applied, joined, made
from tests.ui import accessibility
from tests.ui.pages.policies.conftest import Read
from tests.ui.pages.policies.world import AIRLINE_2, changed
from tests.ui.transcript.runs import sees_canary


def _add(workspace: Workspace, content: bytes, key: str = "p") -> None:
    policies.add_text(workspace, SILENT, key=key, content=content, name="p.md")


def test_without_a_policy_the_way_to_one_is_shown(reading: Read, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "empty")
    workspace.close()
    person = reading(workspace.folder)
    person.wait(lambda: person.page.leads)
    person.wait(person.page.empty.button.hasFocus)
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    person.press(Qt.Key.Key_Space)
    person.dialog(VersionDialog)
    person.press(Qt.Key.Key_Escape)


def test_who_is_no_lead_sees_policies_and_publishes_none(reading: Read, tmp_path: Path) -> None:
    ada, _ = changed(tmp_path / "ada")
    ben = joined(ada, tmp_path / "ben", "Ben")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    ada.close()
    ben.close()
    person = reading(ben.folder)
    person.at("4.2")
    assert not person.page.panel.requeue.isVisible()
    can = person.window.actions_of_page
    assert [name for name in ("new_version", "requeue", "activate") if can.can_fire(f"policies.{name}")] == []
    assert can.can_fire("policies.compare")


def test_ten_thousand_clauses_are_listed_and_the_last_is_a_key_away(reading: Read, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "many")
    text = "".join(f"{n // 100 + 1}.{n % 100 + 1} The agent of desk {n} asks first.\n\n" for n in range(10_000))
    _add(workspace, text.encode())
    workspace.close()
    person = reading(workspace.folder)
    assert len(person.clauses()) == 10_000
    person.page.clauses.setFocus()
    person.press(Qt.Key.Key_End)
    person.at("100.100")
    assert person.page.panel.text.text() == "The agent of desk 9999 asks first."


def test_the_longest_text_in_every_place_breaks_nothing_and_loads_nothing(reading: Read, tmp_path: Path, canary: Path) -> None:
    markup = f'<img src="file://{canary}">'
    longest = markup + "W" * 500 + "\u202e <b>bold</b> "
    workspace = worlds.ready(tmp_path / "long")
    first = f"# {markup} {'T' * 300}\n\n4.1 **{markup}.** {longest * 40}\n\n4.2 Other.\n"
    _add(workspace, first.encode())
    item = worlds.waiting(workspace)[0]
    opinion = Opinion(verdict="non_compliant", rationale=longest * 40)
    labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion, clauses=["p:4.1"])
    _add(workspace, first.replace("bold", "new").encode())
    policies.activate_policy(workspace, SILENT, key="p", number=2)
    workspace.close()
    person = reading(workspace.folder)
    person.at("4.1")
    person.wait(lambda: len(person.page.panel.table.rows.labels) == 1)
    assert person.window.width() < 1600
    assert not sees_canary(person.window)
    person.press(Qt.Key.Key_D)
    person.dialog(CompareDialog)
    assert not sees_canary(person.window)
    person.press(Qt.Key.Key_Escape)


def test_every_control_has_a_name_and_is_reached_by_keys(reading: Read, tmp_path: Path) -> None:
    workspace, _ = changed(tmp_path / "work")
    workspace.close()
    person = reading(workspace.folder)
    person.at("4.2")
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    check_handlers("policies", person.page.handlers(), ())
    (tmp_path / "v3.md").write_bytes(AIRLINE_2)
    person.press(Qt.Key.Key_N)
    dialog = person.dialog(VersionDialog)
    assert accessibility.nameless(dialog) == []
    dialog.read(tmp_path / "v3.md")
    person.wait(lambda: dialog.proposal is not None)
    assert accessibility.nameless(dialog) == []
    assert accessibility.out_of_reach(dialog) == []
    person.press(Qt.Key.Key_Escape)
