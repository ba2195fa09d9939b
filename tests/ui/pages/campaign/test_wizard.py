"""A new campaign, made by keys: what is said before it is drawn, every design, and what is refused beside its field."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, members
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.campaign import fetching
from reviewer.ui.pages.campaign.wizard import CampaignWizard
from tests.ui import accessibility
from tests.ui.pages.campaign.conftest import begin, known, plan, until
from tests.ui.pages.explore.conftest import Explore, Exploring
from tests.ui.pages.person import CTRL

DOWN, UP, TAB, SPACE, RIGHT = Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Right


def write(text: str) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, text)


def choose_design(person: Exploring, wizard: CampaignWizard, steps: int) -> None:
    """On the second step: so many segments to the right, and Space."""
    person.press(DOWN, CTRL)
    assert wizard.design.design.button("all").hasFocus()
    for _step in range(steps):
        person.press(RIGHT)
    person.press(SPACE)


def name_it(person: Exploring, name: str) -> None:
    """The name is chosen when the wizard opens: typing replaces it."""
    write(name)


def created(person: Exploring, workspace: Workspace, name: str) -> campaigns.CampaignStanding:
    person.press(Qt.Key.Key_Return, CTRL)
    until(person, lambda: person.window.current_page == "review")
    return campaigns.show_campaign(workspace, SILENT, campaign=name).value


def test_everything_is_one_key_away_and_said_to_be_known_exactly(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    assert wizard.forecast.exact.accessibleName().startswith("Everything is reviewed: the rate will be known exactly.")
    assert wizard.forecast.picks.isVisible()
    assert not wizard.forecast.warnings.isVisible()  # there is nothing to warn of
    name_it(person, "Whole")
    made = created(person, world, "Whole")
    assert (made.rules.design, made.population, made.sampled) == ("all", 60, 60)


def test_what_is_found_is_counted_and_described(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    assert wizard.population.found == "60 items"
    assert wizard.population.description == "2 agents: claims 30, shop 30\n1 model: model-a 60\nFrom 1 May 2026 to 28 May 2026"
    person.press(TAB)
    write("agent:shop")
    until(person, lambda: wizard.population.found == "30 items")
    assert wizard.population.description.startswith("1 agent: shop 30")


def test_a_random_sample_says_how_exact_its_rate_will_be_while_one_types(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    name_it(person, "Twenty")
    choose_design(person, wizard, 1)
    person.press(TAB)  # from the segments to the size, which is chosen whole
    while QApplication.focusWidget() is not wizard.design.size_box:
        person.press(TAB)
    write("20")
    until(person, lambda: wizard.seen is not None and wizard.seen.to_draw == 20)
    first = wizard.forecast.exact.accessibleName()
    assert first.startswith("If about 5% go wrong, the overall rate will be known to within ± ")
    assert wizard.forecast.picks.text() == "20 of 60 items, each with a chance of 0.333."
    wizard.design.size_box.setValue(40)
    until(person, lambda: wizard.seen is not None and wizard.seen.to_draw == 40)
    assert wizard.forecast.exact.accessibleName() != first
    made = created(person, world, "Twenty")
    assert (made.rules.design, made.sampled) == ("srs", 40)


def test_strata_are_shown_with_their_intervals_and_those_too_small_are_named(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    name_it(person, "Teams")
    choose_design(person, wizard, 2)
    wizard.design.by.setFocus()
    write("team")
    wizard.design.size_box.setValue(21)
    until(person, lambda: wizard.seen is not None and len(wizard.seen.strata) == 3)
    assert "Of 3 strata 3 would have fewer than 10 picks" in wizard.forecast.warnings.words
    assert wizard.design.chart.isVisible()
    drawing = wizard.design.chart.drawing
    assert drawing is not None
    assert [(mark.name, mark.of, mark.n) for mark in drawing.marks] == [("team 0", 20, 7), ("team 1", 20, 7), ("team 2", 20, 7)]
    assert all(mark.low is not None and mark.high is not None and mark.low < 0.05 < mark.high for mark in drawing.marks)
    assert "Too few for a rate of its own." in wizard.design.chart.accessibleDescription()
    made = created(person, world, "Teams")
    assert [(one.stratum, one.sampled) for one in made.strata] == [("team 0", 7), ("team 1", 7), ("team 2", 7)]


def test_the_ways_to_the_next_step_and_back_show_their_keys_and_end_where_the_steps_do(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    assert [button.text().split("    ") for button in wizard.others] == [["Cancel"], ["Back", "Ctrl PgUp"], ["Next", "Ctrl PgDn"]]
    can_go = []
    for _step in range(3):
        can_go.append([button.isEnabled() for button in wizard.others[1:]])
        person.press(Qt.Key.Key_PageDown, CTRL)
    assert can_go == [[False, True], [True, True], [True, False]]
    assert wizard.asked.question.button(wizard.asked.question.value).hasFocus()
    person.press(Qt.Key.Key_Escape)


def test_a_campaign_can_be_created_from_any_step_once_it_has_a_name(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    known(person, wizard)
    assert wizard.main is not None
    can_create = []
    for step in range(3):
        wizard.go_to(step)
        can_create.append(wizard.main.isEnabled())
    wizard.population.name.setText("")
    wizard.go_to(0)
    can_create.append(wizard.main.isEnabled())
    assert can_create == [True, True, True, False]
    wizard.reject()


def test_neyman_asks_for_a_weight_and_a_floor_is_kept(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    wizard.go_to(1)
    wizard.design.design.button("stratified").click()
    wizard.design.by.setEditText("agent")
    assert not wizard.design.weight.isVisible()
    wizard.design.allocation.button("neyman").click()
    assert wizard.design.weight.isVisible()
    wizard.design.weight.setEditText("suggestion:gpt")
    wizard.design.floor.setValue(9)
    wizard.design.size_box.setValue(20)
    until(person, lambda: wizard.seen is not None and len(wizard.seen.strata) == 2)
    assert wizard.seen is not None
    assert min(one.to_draw for one in wizard.seen.strata) >= 9
    assert wizard.design.selection == ("agent", "neyman", 9, "suggestion:gpt", "")
    person.press(Qt.Key.Key_Escape)


def test_where_the_risk_is_keeps_a_share_at_random_and_is_drawn_so(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    name_it(person, "Risky")
    choose_design(person, wizard, 3)
    wizard.design.weight.setFocus()
    write("suggestion:gpt")
    wizard.design.size_box.setValue(20)
    wizard.design.control.setValue(50)
    until(person, lambda: wizard.seen is not None and wizard.seen.control == 10)
    assert wizard.forecast.picks.text().startswith("About 20 of 60 items: 10 of them at random, so that the rate stays honest;")
    made = created(person, world, "Risky")
    assert made.rules.design == "poisson"
    assert 8 <= made.sampled <= 35


def test_what_is_refused_stands_beside_the_field_that_it_is_about(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    wizard.go_to(1)
    step, main = wizard.design, wizard.main
    assert main is not None
    numbers, fields = {"size": step.size_box, "floor": step.floor, "control": step.control}, {"by": step.by, "weight": step.weight}
    for design, field, value, words in (
        ("srs", "size", 61, "A sample of 61 cannot be drawn from 60 items."),
        ("stratified", "by", "nowhere", "None of 60 items has “nowhere”."),
        ("stratified", "by", "", "A stratified sample needs a field to stratify by."),
        ("poisson", "weight", "team", "is no number."),
        ("poisson", "control", 10, "A control arm of 0.1 is too thin to stand for itself."),
        ("stratified", "floor", 50, "A floor of 50 in each of 2 strata needs 60 picks"),
    ):
        for box, usual in ((step.size_box, 20), (step.floor, 0), (step.control, 30)):
            box.setValue(usual)
        step.by.setEditText("agent")
        step.weight.setEditText("steps")
        step.design.button(design).click()
        if isinstance(value, int):
            numbers[field].setValue(value)
        else:
            fields[field].setEditText(value)
        until(person, lambda words=words: words in step.rows.wrong)  # type: ignore[misc] # a lambda's default has no type
        assert words in {**numbers, **fields}[field].accessibleDescription()
        assert wizard.steps.button("1").text().startswith("⚠")
        assert not main.isEnabled()
        assert not wizard.wrong.isVisible()
    step.design.button("all").click()
    known(person, wizard)
    assert (step.rows.wrong, main.isEnabled(), wizard.steps.button("1").text()) == ("", True, "2   How many, and which")
    person.press(Qt.Key.Key_Escape)


def test_a_name_that_is_taken_leads_back_to_it_and_nothing_is_written(explore: Explore, world: Workspace) -> None:
    campaigns.create_campaign(world, SILENT, rules=Campaign(name="Taken", query="", seed="s", blind=False))
    person = explore(world)
    wizard = begin(person)
    name_it(person, "Taken")
    person.press(DOWN, CTRL)
    person.press(DOWN, CTRL)
    person.press(Qt.Key.Key_Return, CTRL)
    until(person, lambda: "There is a campaign called “Taken” already." in wizard.population.rows.wrong)
    assert wizard.focusWidget() is wizard.population.name
    assert len(campaigns.list_campaigns(world, SILENT).value) == 1
    wizard.population.name.setText("Free")
    wizard.activateWindow()
    until(person, wizard.isActiveWindow)
    assert created(person, world, "Free").sampled == 60


def test_creating_before_the_figures_are_there_waits_for_them(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    name_it(person, "Quick")
    wizard.design.size_box.setValue(7)
    wizard.design.design.button("srs").click()
    assert wizard.seen is None
    assert created(person, world, "Quick").sampled == 7


def test_who_may_label_may_become_known_after_it_was_asked_for(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    name_it(person, "Quicker")
    wizard.design.size_box.setValue(7)
    wizard.design.design.button("srs").click()
    person.press(Qt.Key.Key_Return, CTRL)
    assert wizard.seen is None
    wizard.asked.show_people((fetching.Person("Ben", "reviewer", asked=True),))
    wizard.asked.show_sources(())
    until(person, lambda: person.window.current_page == "review")
    assert campaigns.show_campaign(world, SILENT, campaign="Quicker").value.sampled == 7


def test_what_is_asked_goes_into_the_campaign_question_people_and_who_may_resolve(explore: Explore, world: Workspace) -> None:
    members.add_members(world, SILENT, names=["Ben", "Cleo"])
    members.add_members(world, SILENT, names=["Olga"], role="observer")
    person = explore(world)
    wizard = begin(person)
    name_it(person, "Asked")
    for _step in range(2):
        person.press(DOWN, CTRL)
    asked = wizard.asked
    until(person, lambda: asked.members.count() == 3)
    assert [asked.members.item(row).text() for row in range(3)] == ["Ada   lead", "Ben   reviewer", "Cleo   reviewer"]
    assert not asked.first_wrong.isVisible()
    asked.question.button("steps").click()
    asked.first_wrong.click()
    asked.members.setFocus()
    asked.members.setCurrentRow(1)
    person.press(SPACE)
    asked.own.setChecked(True)
    made = created(person, world, "Asked")
    everybody = {one.member: one.id for one in members.list_members(world, SILENT).value}
    assert (made.rules.question, made.rules.marks, made.rules.own_adjudication) == ("steps", "first_wrong", True)
    assert made.rules.members == (everybody["Ben"],)


def test_a_judges_suggestions_are_shown_of_a_share_and_what_is_refused_stands_beside_it(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    name_it(person, "Arms")
    for _step in range(2):
        person.press(DOWN, CTRL)
    asked = wizard.asked
    until(person, lambda: asked.judge.count() == 2)
    assert not asked.shown.isEnabled()
    asked.judge.setFocus()
    person.press(Qt.Key.Key_Down)
    until(person, lambda: "No item is reviewed by two people" in asked.rows.wrong)
    assert "Ask for two labels of each item" in asked.judge.accessibleDescription()
    assert (asked.fields()["judge"], asked.fields()["shown"]) == ("gpt", "0.5")
    asked.overlap.setFocus()
    person.press(Qt.Key.Key_Up)
    until(person, lambda: wizard.seen is not None)
    assert asked.rows.wrong == ""
    asked.question.button("preference").click()
    assert (asked.fields()["judge"], asked.fields()["shown"]) == ("", "0")
    asked.question.button("verdict").click()
    asked.shown.setFocus()
    asked.shown.selectAll()
    write("30")
    known(person, wizard)
    made = created(person, world, "Arms")
    assert (made.rules.judge, made.rules.shown, made.rules.overlap) == ("gpt", "0.3", 2)


def test_a_question_about_outputs_takes_no_known_answers_and_only_comparisons(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    wizard.asked.gold.setValue(10)
    wizard.asked.question.button("preference").click()
    assert not wizard.asked.gold.isEnabled()
    assert wizard.asked.fields()["gold"] == "0"
    until(person, lambda: "No item matches" in wizard.population.rows.wrong)
    person.press(Qt.Key.Key_Escape)


def test_a_planned_size_is_taken_over_for_a_random_sample(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    wizard = begin(person)
    dialog = plan(person)
    assert dialog.before.population.value() == 60
    size = dialog.size_planned
    person.press(Qt.Key.Key_Return, CTRL)
    until(person, lambda: wizard.seen is not None and wizard.seen.design == "srs")
    assert wizard.seen is not None
    assert (wizard.seen.to_draw, wizard.design.size_box.hasFocus()) == (size, True)
    person.press(Qt.Key.Key_Escape)


def test_every_step_has_names_is_reached_by_keys_and_fits_large_text(explore: Explore, world: Workspace) -> None:
    person = explore(world)
    person.window.theme.resize(200)
    wizard = begin(person)
    wizard.design.by.setEditText("team")
    wizard.design.design.button("stratified").click()
    known(person, wizard)
    for step in range(3):
        wizard.go_to(step)
        assert accessibility.nameless(wizard) == []
        assert accessibility.out_of_reach(wizard) == []
        assert wizard.width() <= person.window.width()
    person.window.theme.resize(100)
    person.press(UP, CTRL)
    assert wizard.steps.value == "1"
    person.press(Qt.Key.Key_Escape)
    assert not wizard.isVisible()


def test_figures_of_what_is_hidden_are_of_what_may_be_seen(explore: Explore, world: Workspace) -> None:
    campaigns.create_campaign(world, SILENT, rules=Campaign(name="Blind", query="", seed="s"))
    person = explore(world)
    wizard = begin(person)
    assert "model of 60 hidden until you have labelled" in wizard.population.description
    wizard.population.query.setText("model:model-a")
    until(person, lambda: "No item matches" in wizard.population.rows.wrong)
    assert wizard.population.found == "0 items that you may see; the draw looks at all"
    person.press(Qt.Key.Key_Escape)
