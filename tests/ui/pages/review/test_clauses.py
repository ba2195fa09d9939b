"""Which cards are offered, and how evidence is put in words."""

import pytest

from reviewer.domain.citable import Citable
from reviewer.domain.events import Clause, Span
from reviewer.domain.labels import Omitted
from reviewer.ui.pages.queue.evidence import highlights, number, omission_words, span_words
from reviewer.ui.pages.review.clause_panel import Offer, offered


def clause(key: str) -> Citable:
    return Citable(Clause("p", "1" * 64, key, "2" * 64), "", "", "P", 1, "")


USUAL = [clause(str(n)) for n in range(1, 7)]


def _keys(offers: list[Offer]) -> list[str]:
    return [f"{one.clause.number}{'*' if one.cited else ''}" for one in offers]


@pytest.mark.parametrize(
    ("cited", "least", "keys"),
    [
        ([], 2, ["1", "2"]),
        ([], 4, ["1", "2", "3", "4"]),
        (["5"], 2, ["5*", "1"]),
        (["5", "9"], 2, ["5*", "9*", "1"]),
        (["2"], 3, ["2*", "1", "3"]),
    ],
)
def test_what_is_cited_comes_first_and_there_is_always_another_to_choose(cited: list[str], least: int, keys: list[str]) -> None:
    assert _keys(offered([clause(key) for key in cited], USUAL, least=least)) == keys


def test_cards_stay_in_their_places_while_an_item_is_up() -> None:
    before = offered([], USUAL, least=2)
    after = offered([clause("2"), clause("6")], USUAL, before)
    assert _keys(after) == ["1", "2*", "6*"]
    assert _keys(offered([clause("6")], USUAL, after)) == ["1", "2", "6*"]
    assert offered([], [], ()) == []


def test_a_card_that_stood_before_its_policy_was_read_then_has_its_words() -> None:
    read = clause("2")._replace(title="Refunds", text="Within a week.")
    before = offered([clause("2")], [])
    assert offered([read], USUAL, before)[0] == Offer(read, True)


@pytest.mark.parametrize(
    ("pointer", "whole", "words"),
    [
        (None, False, "step 7, 6 characters → 4.2"),
        ("/reservation_id", True, "step 7, reservation_id → 4.2"),
        ("/reservation_id", False, "step 7, reservation_id, 6 characters → 4.2"),
        ("/a~1b/to~0go", True, "step 7, to~go → 4.2"),
        ("/flights/0", True, "step 7, flights[0] → 4.2"),
        ("/0", True, "step 7, 0 → 4.2"),
        ("/<b>\u202e" + "x" * 40, True, "step 7, <b>\\u202e" + "x" * 14 + "… → 4.2"),
    ],
)
def test_a_span_says_its_step_its_value_and_its_clause(pointer: str | None, whole: bool, words: str) -> None:
    span = Span(step="7.1", pointer=pointer, start=0, end=6, clause="airline:4.2", quote="0" * 64)
    assert span_words(span, {}, step="7", whole=whole) == words


def test_a_clause_is_called_by_its_number_where_one_is_known() -> None:
    assert [number(name, {"p:late": "1.3"}) for name in ("p:late", "p:other", "p:a:b", None)] == ["1.3", "other", "a:b", ""]
    [shown] = highlights([Span(step="7", start=0, end=6, clause="p:late", quote="0" * 64)], {"p:late": "1.3"})
    assert shown.tag == "1.3"


def test_what_is_missing_says_where_and_by_which_clause() -> None:
    assert omission_words(Omitted("Did not ask"), {}) == "missing: “Did not ask”"
    assert (
        omission_words(Omitted("Did not ask for a plain yes", "3.1", "p:2.1"), {})
        == "missing at step 3.1: “Did not ask for a plain…” → 2.1"
    )
