"""What the keys may do: only what changed is told, and what is not named stays as it is."""

import pytest

from reviewer.storage.workspace import Workspace
from reviewer.ui.page import Page
from reviewer.ui.pages.queue.gate import Gate
from tests.ui.pages.review.conftest import Review, Reviewing


@pytest.fixture
def person(review: Review, workspace: Workspace) -> Reviewing:
    return review(workspace)


def _told(page: Page) -> list[tuple[frozenset[str], bool]]:
    told: list[tuple[frozenset[str], bool]] = []
    page.allowed.connect(lambda names, on: told.append((names, on)))
    return told


def test_only_what_changed_is_told(person: Reviewing) -> None:
    told = _told(person.page)
    gate = Gate(person.page, judge=["review.compliant"], read=["review.next_any"], change=["review.story"])
    gate.set(judge=True, read=True, change=False)
    assert told == [(frozenset({"review.compliant"}), True), (frozenset({"review.next_any"}), True), (frozenset({"review.story"}), False)]
    told.clear()
    gate.set(judge=False)
    gate.set(judge=False, read=True)
    assert told == [(frozenset({"review.compliant"}), False)]


def test_where_nothing_is_up_the_footer_names_no_key_that_needs_an_item(person: Reviewing) -> None:
    gate = Gate(person.page, judge=["review.compliant"], read=["review.next_any"])
    gate.set(judge=True, read=True)
    told = _told(person.page)
    gate.shut()
    assert {name for names, on in told if not on for name in names} == {"review.compliant", "review.next_any"}
    assert person.page.footer == {"review.compliant": "", "review.next_any": ""}


def test_where_an_earlier_answer_is_up_the_footer_names_no_key_that_judges(person: Reviewing) -> None:
    gate = Gate(person.page, judge=["review.compliant"], read=["review.next_any"], change=["review.story"])
    told = _told(person.page)
    gate.look_back()
    assert {name for names, on in told if on for name in names} == {"review.next_any", "review.story"}
    assert person.page.footer == {"review.compliant": ""}
