"""Figures on screen are those of the operation, each opens the labels behind it, and all of it goes by keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, searching
from reviewer.ui.pages.insights import page as insights_page
from tests import opinions, worlds
from tests.opinions import PEOPLE, Labelled
from tests.ui.pages.insights.conftest import Look, Looking
from tests.ui.pages.person import CTRL

A, B, C = PEOPLE


@pytest.fixture
def labelled(tmp_path: Path) -> Iterator[Labelled]:
    """A campaign that three people labelled; Ada looks."""
    made = opinions.labelled(tmp_path / "workspace")
    yield made
    made.workspace.close()


def cells(person: Looking, card: str) -> list[tuple[str, str]]:
    """What a screen reader says of each row of a card."""
    return [(row.accessibleName(), row.accessibleDescription()) for row in getattr(person.page, card).rows]


def test_the_figures_of_a_campaign_are_shown_with_their_intervals(looking: Look, labelled: Labelled) -> None:
    person = looking(labelled.workspace.folder)
    person.wait(lambda: person.page.found is not None)
    assert [figure.accessibleName() for figure in person.page.agreement.figures] == [
        "Krippendorff's alpha 0.61", "Gwet's AC1 0.72", "Same verdict 79.4%",
    ]  # fmt: skip
    assert person.page.agreement.figures[0].accessibleDescription().startswith("0.41 to 0.80.")
    assert cells(person, "clauses") == [
        (
            "4.2 Cancel flight",
            "Cited 32, Agreement 1.00 0.84 to 1.00, Reading clear, often broken, To do fix the agent. Opens the labels behind it.",
        ),
        (
            "2.4 Payment methods",
            "Cited 12, Agreement 1.00 0.65 to 1.00, Reading superseded 3 Nov, To do 12 labels cite version 1, re\u2011review. "
            "Opens the labels behind it.",
        ),
        (
            "5.1 Compensation",
            "Cited 11, Agreement −0.08 −0.14 to −0.03, Reading reviewers disagree, To do rewrite the clause, re\u2011review 11. "
            "Opens the labels behind it.",
        ),
    ]
    assert cells(person, "reviewers")[0] == (
        A,
        "Labels 60, Gold 8 of 9 52 to 100%, Again none yet, Median 41 s. Opens the labels behind it.",
    )
    assert [name for name, _ in cells(person, "pairs")] == [f"{A}, {B}", f"{A}, {C}", f"{B}, {C}"]


def test_keys_alone_lead_from_a_figure_to_its_labels_and_back(looking: Look, labelled: Labelled) -> None:
    person = looking(labelled.workspace.folder)
    person.wait(lambda: person.page.found is not None)
    assert person.focus() == "Violation rate, all items: 46.8%"
    person.press(Qt.Key.Key_C)
    assert person.focus() == "4.2 Cancel flight"
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_Down)
    assert person.focus() == "5.1 Compensation"
    person.press(Qt.Key.Key_Return)
    assert person.searched() == f'campaign:"{opinions.NAME}" clause:airline:5.1'
    person.wait(lambda: "11 of 60 items" in _heading(person))
    person.press(Qt.Key.Key_4, CTRL)
    assert person.window.current_page == "insights"
    for key, focus in ((Qt.Key.Key_R, A), (Qt.Key.Key_P, f"{A}, {B}"), (Qt.Key.Key_A, "Krippendorff's alpha 0.61")):
        person.press(key)
        assert person.focus() == focus
    person.press(Qt.Key.Key_P)
    person.press(Qt.Key.Key_O)
    assert person.searched() == f'campaign:"{opinions.NAME}" reviewer:"{A}" reviewer:"{B}"'


def _heading(person: Looking) -> str:
    header = person.window.go("explore").header()
    return str(header.words)  # type: ignore[union-attr] # the search header


def test_every_figure_finds_just_the_items_that_made_it(looking: Look, labelled: Labelled) -> None:
    person = looking(labelled.workspace.folder)
    person.wait(lambda: person.page.found is not None)

    def found(query: str) -> int:
        return len(searching.list_items(labelled.workspace, SILENT, text=query).value)

    asked: list[str] = []
    for card in (person.page.clauses, person.page.pairs, person.page.reviewers):
        card.chosen.disconnect()
        card.chosen.connect(asked.append)
        for row in card.rows:
            row.click()
    assert [found(query) for query in asked] == [16, 6, 11, 60, 9, 9, 60, 60, 9]
    person.page.agreement.figures[0].click()
    assert found(person.searched()) == 60


def test_another_campaign_is_chosen_by_keys(looking: Look, labelled: Labelled) -> None:
    rules = Campaign(name="Other", query="", seed="s", overlap=2, assign="all")
    campaigns.create_campaign(labelled.workspace, SILENT, rules=rules, member_names=PEOPLE)
    person = looking(labelled.workspace.folder)
    person.wait(lambda: person.page.found is not None)  # the newest has no label: the one that has is shown
    assert person.page.standing is not None
    assert person.page.standing.campaign == opinions.NAME
    person.press(Qt.Key.Key_Q)
    assert person.focus() == "Campaign"
    person.press(Qt.Key.Key_Up)
    person.wait(lambda: person.page.nothing.isVisible())
    assert person.page.nothing.accessibleName() == "No label yet"
    person.press(Qt.Key.Key_Down)
    person.wait(person.page.clauses.isVisible)


def test_a_label_that_comes_in_is_counted(looking: Look, labelled: Labelled) -> None:
    person = looking(labelled.workspace.folder)
    person.wait(lambda: person.page.found is not None)
    c = labelled.workspace.as_member(C)
    opinions.give(c, labelled.items[0], "non_compliant", "4.2")
    c.close()
    person.press(Qt.Key.Key_F5)
    person.wait(lambda: person.page.found is not None and person.page.found.labels == 130)
    assert cells(person, "clauses")[0][1].startswith("Cited 33,")


def test_many_labels_are_compared_aside_with_a_way_to_stop(looking: Look, labelled: Labelled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(insights_page, "_LONG", 100)
    person = looking(labelled.workspace.folder)
    titles: list[str] = []
    person.window.jobs.begun.connect(lambda report: titles.append(report.title))
    person.wait(lambda: person.page.found is not None and not person.window.jobs.busy)
    person.press(Qt.Key.Key_F5)
    assert titles[-1:] == [f"Comparing the labels of {opinions.NAME}"]
    person.wait(lambda: not person.window.jobs.busy)
    before = len(titles)
    c = labelled.workspace.as_member(C)
    opinions.give(c, labelled.items[0], "non_compliant", "4.2")
    c.close()
    person.page.refresh()
    person.qtbot.wait(300)
    assert len(titles) == before  # no label begins it anew


def test_a_comparison_that_is_stopped_says_how_to_begin_it_again(
    looking: Look, labelled: Labelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insights_page, "_LONG", 100)
    person = looking(labelled.workspace.folder)
    person.wait(lambda: person.page.found is not None and not person.window.jobs.busy)
    person.window.jobs.begun.connect(lambda report: report.ticket.cancel())  # the Stop of the strip, at once
    assert person.page.standing is not None
    person.page.choose(person.page.standing.id)
    person.wait(lambda: person.page.nothing.isVisible())
    assert person.page.nothing.accessibleName() == "Not counted"
    person.window.jobs.begun.disconnect()
    person.press(Qt.Key.Key_F5)
    person.wait(person.page.clauses.isVisible)


def test_another_workspace_shows_its_own_figures(looking: Look, labelled: Labelled, tmp_path: Path) -> None:
    other = opinions.begun(tmp_path / "other", items=2)
    for name in (A, B):
        who = other.workspace.as_member(name)
        opinions.give(who, other.items[0], "compliant")
        who.close()
    other.workspace.close()
    person = looking(labelled.workspace.folder)
    person.wait(lambda: person.page.found is not None)
    person.window.open_workspace(tmp_path / "other")
    person.wait(lambda: person.page.found is not None and person.page.found.items == 1)
    assert person.page.agreement.figures[2].accessibleName() == "Same verdict 100.0%"
    assert person.page.clauses.rows == []


def test_a_reviewer_sees_their_own_results(looking: Look, labelled: Labelled, monkeypatch: pytest.MonkeyPatch) -> None:
    from reviewer.storage.workspace import Workspace

    opened = Workspace.open

    def as_c(folder: Path, **more: object) -> Workspace:
        return opened(folder, **{**more, "member": C})  # type: ignore[arg-type] # handed on

    monkeypatch.setattr(Workspace, "open", as_c)
    person = looking(labelled.workspace.folder)
    person.wait(lambda: person.page.found is not None)
    assert cells(person, "reviewers") == [
        (C, "Labels 9, Gold not shown, Again not shown, Median 57 s. Opens the labels behind it."),
    ]
    assert [name for name, _ in cells(person, "pairs")] == [f"{A}, {C}", f"{B}, {C}"]
    assert "51 more items with labels will count once you have labelled them." in person.page.agreement._basis.text()
    person.press(Qt.Key.Key_A)
    person.press(Qt.Key.Key_O)
    assert person.searched() == f'campaign:"{opinions.NAME}" has:label'


def test_nothing_is_claimed_before_two_have_labelled_an_item(looking: Look, tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=3)
    a = begun.workspace.as_member(A)
    opinions.give(a, begun.items[0], "non_compliant", "4.2")
    labelling.undo_label(a, SILENT)
    opinions.give(a, begun.items[1], "non_compliant", "4.2")
    a.close()
    person = looking(begun.workspace.folder)
    person.wait(lambda: person.page.found is not None)
    assert "No item has two labels yet" in person.page.agreement._basis.text()
    assert all(figure.isHidden() for figure in person.page.agreement.figures)
    assert person.focus() == "Violation rate, all items: no figure"
    assert "Reading too few to say" in cells(person, "clauses")[0][1]
    begun.workspace.close()


def test_two_campaigns_of_one_name_are_told_apart_by_their_ids(looking: Look, tmp_path: Path) -> None:
    from reviewer.ui.pages.insights import words

    workspace = worlds.ready(tmp_path / "workspace", items=2)
    [standing] = campaigns.list_campaigns(workspace, SILENT).value
    assert words.sample_of(standing, alone=True).value == "C"
    assert words.sample_of(standing, alone=False).value == standing.id[:12]
    assert words.sample_of(standing._replace(campaign="C*"), alone=True).value == standing.id[:12]
    workspace.close()
