"""The page with nothing, with one item, with ten thousand, and with the longest text; and what a screen reader finds."""

from pathlib import Path

from PySide6.QtCore import Qt

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.domain.records import Record
from reviewer.operations import campaigns, members, policies
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Workspace
from reviewer.ui.action_set import check_handlers
from reviewer.ui.pages.campaign.wizard import CampaignWizard
from tests import opinions, worlds
from tests.ui import accessibility
from tests.ui.pages.insights.conftest import Look
from tests.ui.transcript.runs import sees_canary


def test_without_a_campaign_the_way_to_one_is_shown(looking: Look, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "empty")
    person = looking(workspace.folder)
    assert person.page.nothing.accessibleName() == "No campaign yet"
    assert person.focus() == "New campaign"
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    person.press(Qt.Key.Key_Space)
    person.wait(lambda: any(dialog.isVisible() for dialog in person.window.findChildren(CampaignWizard)))
    workspace.close()


def test_one_item_with_two_labels_has_figures_without_an_interval(looking: Look, tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=1)
    for name, verdict in zip(opinions.PEOPLE[:2], ("compliant", "non_compliant"), strict=True):
        who = begun.workspace.as_member(name)
        opinions.give(who, begun.items[0], verdict, "4.2" if verdict == "non_compliant" else "")
        who.close()
    person = looking(begun.workspace.folder)
    person.wait(lambda: person.page.found is not None)
    alpha = person.page.agreement.figures[0]
    assert alpha.accessibleName() == "Krippendorff's alpha 0.00"
    assert alpha.accessibleDescription().startswith("one item has no interval")
    said: list[str] = []
    person.page.said.connect(said.append)
    for key in (Qt.Key.Key_A, Qt.Key.Key_T, Qt.Key.Key_P):  # one item makes no rate over time
        person.press(key)
    assert said == ["there is no figure there yet"]
    assert accessibility.nameless(person.window) == []
    begun.workspace.close()


def test_ten_thousand_items_do_not_slow_the_page(looking: Look, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "many")
    with workspace.begin() as work:
        file = item_rows.add_file(work, name="many.jsonl", format_name="tests", format_version=1)
        made = [item_rows.prepare(Record(worlds.run_of(n, words=1), b"{}", n + 1)) for n in range(10_000)]
        item_rows.add(work, file, made)
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", overlap=2, assign="all"))
    ben = workspace.as_member("Ben")
    for item in worlds.waiting(workspace, limit=3):
        worlds.label(workspace, item, "compliant")
        worlds.label(ben, item, "unsure")
    ben.close()
    person = looking(workspace.folder)
    person.wait(lambda: person.page.found is not None)
    assert person.page.found is not None
    assert person.page.found.items == 3
    assert "6 labels on 10,000 items, 2 reviewers" in accessibility.names(person.window)
    workspace.close()


def test_the_longest_text_in_every_place_breaks_nothing_and_loads_nothing(looking: Look, tmp_path: Path, canary: Path) -> None:
    markup = f'<img src="file://{canary}">'
    workspace = worlds.make(tmp_path / "long")
    names = [f"<b>{'W' * 50} {n}" for n in (1, 2)]
    title = f"## 1 {markup} {'W' * 300}\n\nText.\n"
    [item] = worlds.put_in(workspace, [worlds.run_of(1)])
    members.add_members(workspace, SILENT, names=names)
    policies.add_text(workspace, SILENT, key="long", content=title.encode(), name="long.md")
    campaign = f"{markup[:40]} {'W' * 70}"
    rules = Campaign(name=campaign, query="", seed="s", overlap=2, assign="all", policies=("long",))
    campaigns.create_campaign(workspace, SILENT, rules=rules, member_names=names)
    for name in names:
        cite(workspace, name, campaign, item)
    person = looking(workspace.folder)
    person.wait(lambda: person.page.found is not None)
    person.window.resize(900, 600)
    person.window.theme.resize(200)
    person.qtbot.wait(100)
    assert len(person.page.clauses.rows) == 1
    assert person.page._scroll.horizontalScrollBar().maximum() == 0
    assert not sees_canary(person.window)
    workspace.close()


def cite(workspace: Workspace, name: str, campaign: str, item: str) -> None:
    from reviewer.domain.labels import Opinion
    from reviewer.operations import labelling

    who = workspace.as_member(name)
    labelling.label_item(who, SILENT, campaign=campaign, item=item, opinion=Opinion(verdict="non_compliant"), clauses=["1"])
    who.close()


def test_the_page_handles_what_the_catalogue_declares(looking: Look, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "empty")
    person = looking(workspace.folder)
    check_handlers("insights", person.page.handlers())
    workspace.close()
