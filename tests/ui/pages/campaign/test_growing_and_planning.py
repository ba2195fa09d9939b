"""Drawing more of a campaign, and planning a size, by keys: figures before anything is written, refusals where they belong."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reviewer.domain.designs import Selection
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.campaign.wizard import CampaignWizard
from tests import worlds
from tests.ui import accessibility
from tests.ui.pages.campaign.conftest import begin, grow, plan, until
from tests.ui.pages.explore.conftest import Explore
from tests.ui.pages.person import CTRL


def test_a_sample_grows_by_keys_with_its_figures_said_before(explore: Explore, world: Workspace) -> None:
    rules = Campaign(name="Teams", query="", design="stratified", seed="s", blind=False)
    campaigns.create_campaign(world, SILENT, rules=rules, size=21, selection=Selection(by="team"))
    person = explore(world)
    dialog = grow(person)
    assert dialog.stands.text() == "21 of 60 items are drawn, 0 labels given."
    assert (dialog.size_box.value(), dialog.chart.isVisible()) == (31, True)
    assert "10 labels" in dialog.forecast.pace.accessibleName()
    assert accessibility.nameless(dialog) == []
    assert accessibility.out_of_reach(dialog) == []
    dialog.size_box.setValue(12)
    until(person, lambda: "“Teams” has 21 items drawn already." in dialog.rows.wrong)
    assert dialog.main is not None
    assert not dialog.main.isEnabled()
    dialog.size_box.setValue(45)
    until(person, lambda: dialog.seen is not None and dialog.seen.to_draw == 45)
    person.press(Qt.Key.Key_Return, CTRL)
    until(person, lambda: campaigns.show_campaign(world, SILENT, campaign="Teams").value.sampled == 45)
    until(person, lambda: any("24 items more in “Teams”." in banner.accessibleName() for banner in person.window.messages.banners()))


def test_without_an_open_campaign_nothing_can_be_drawn(explore: Explore, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "none")
    worlds.put_in(workspace, [worlds.run_of(1)])
    person = explore(workspace)
    person.window.actions_of_page.fire("app.draw_more")
    from reviewer.ui.pages.campaign.grow_dialog import GrowDialog

    dialog = person.dialog(GrowDialog)
    until(person, lambda: dialog.stands.text() == "No campaign is open from which more could be drawn.")
    assert dialog.main is not None
    assert not dialog.main.isEnabled()
    workspace.close()


def test_a_plan_follows_what_is_typed_and_its_size_becomes_a_campaign(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    dialog = plan(person)
    assert dialog.before.population.value() == 60
    assert dialog.size_planned == 38  # 22·21·20 of 60·59·58 samples of 38 hold none of three violations: 0.045
    assert "If none of them is a violation, the rate is below 5%, with 95% confidence." in dialog.figure.accessibleName()
    dialog.before.population.setValue(0)
    until(person, lambda: dialog.size_planned == 59)  # METHODS.md 3: the binomial plan
    dialog.before.errors.setValue(2)
    dialog.before.tolerable.setValue(2)
    dialog.before.population.setValue(60)
    until(person, lambda: "are no longer below a rate of 0.02" in dialog._wrong.words)
    assert dialog.main is not None
    assert not dialog.main.isEnabled()
    dialog.before.errors.setValue(0)
    dialog.before.tolerable.setValue(5)
    until(person, lambda: dialog.size_planned == 38)
    assert accessibility.nameless(dialog) == []
    person.press(Qt.Key.Key_Return, CTRL)
    wizard = person.dialog(CampaignWizard)
    until(person, lambda: wizard.seen is not None and (wizard.seen.design, wizard.seen.to_draw) == ("srs", 38))
    person.press(Qt.Key.Key_Escape)


def test_what_slipped_through_is_told_with_its_limit_and_the_recall(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    dialog = plan(person)
    dialog.which.button("after").click()
    form = dialog.after
    for box, value in ((form.passed, 2000), (form.reviewed, 300), (form.missed, 1), (form.found, 40)):
        box.setValue(value)
    form.tolerable.setValue(2)
    until(person, lambda: "Passed and yet violations 0.33%, at most 1.45%" in dialog.figure.accessibleName())
    said = dialog.figure.accessibleName()
    assert "That is below 2%." in said
    assert "Found were 85.7% of all violations: at least " in said
    assert dialog.main is not None
    assert not dialog.main.isVisible()
    form.missed.setValue(301)
    until(person, lambda: "cannot be" in dialog._wrong.words)
    assert not dialog.figure.isVisible()
    assert accessibility.nameless(dialog) == []
    assert accessibility.out_of_reach(dialog) == []
    person.press(Qt.Key.Key_Escape)


def test_a_plan_in_the_wizard_knows_the_population_of_its_query(explore: Explore, world: Workspace, qtbot: QtBot) -> None:
    person = explore(world)
    wizard = begin(person)
    wizard.population.query.setText("agent:shop")
    qtbot.waitUntil(lambda: wizard.population.found == "30 items", timeout=30_000)
    assert plan(person).before.population.value() == 30
