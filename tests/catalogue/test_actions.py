"""Actions are declared once; a key does one thing in one place."""

import re

import pytest

from reviewer.catalogue import actions
from reviewer.catalogue.actions import Action, Where


def test_no_two_actions_of_one_page_share_a_key() -> None:
    assert actions.clashes() == []


def test_two_actions_on_one_key_of_one_page_are_found() -> None:
    twice = (Action("review.one", "One", "One.", ("C",), where=Where.ITEM), Action("review.two", "Two", "Two.", ("C",), where=Where.APP))
    assert [clash.page for clash in actions.clashes(twice)] == ["review"]


def test_the_same_key_may_do_different_things_on_different_pages() -> None:
    apart = (Action("a", "A", "A.", ("J",), where=Where.ITEM), Action("b", "B", "B.", ("J",), where=Where.EXPLORE))
    assert actions.clashes(apart) == []


def test_every_action_is_declared_once_and_says_what_it_does() -> None:
    assert len(actions.BY_ID) == len(actions.ALL)
    for action in actions.ALL:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+[1-9]?", action.id), action
        assert action.title, action
        assert action.title[0].isupper(), action
        assert action.text.endswith("."), action


def test_every_place_belongs_to_a_page() -> None:
    assert {where for places in actions.PLACES.values() for where in places} == set(Where)


def test_a_page_owes_the_actions_of_its_places_and_not_those_of_the_program() -> None:
    assert "review.record" in actions.owed_by("review")
    assert "transcript.find" in actions.owed_by("review")
    assert "explore.search" not in actions.owed_by("review")
    assert "app.palette" not in actions.owed_by("review")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("C", "C"),
        ("?", "?"),
        ("Ctrl+Return", "Ctrl ↵"),
        ("Return", "Enter"),
        ("Ctrl++", "Ctrl +"),
        ("Ctrl+-", "Ctrl -"),
        ("Alt+Left", "Alt ←"),
        ("Ctrl+Shift+C", "Ctrl Shift C"),
        ("Down", "↓"),
    ],
)
def test_a_key_is_printed_as_on_its_cap(key: str, words: str) -> None:
    assert actions.key_words(key) == words
