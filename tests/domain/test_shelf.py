"""The clauses that can be cited of an item, and which of them to offer first."""

from reviewer.domain.chain import EntryHash
from reviewer.domain.citable import Citable
from reviewer.domain.shelf import Edition, Shelf
from tests.domain.clauses import clause, names


def edition(version: str, *clauses: Citable, in_force: bool = True) -> Edition:
    return Edition(EntryHash(version * 64), int(version), f"2026-0{version}-01", in_force, True, clauses)


def test_only_what_is_in_force_is_offered_and_the_same_tuple_comes_again() -> None:
    shelf = Shelf([[edition("1", clause("1"), in_force=False), edition("2", clause("1"), clause("2"))]], {})
    offered = shelf.at("2026-05-01T00:00:00.000Z")
    assert names(offered) == ["p:1", "p:2"]
    assert shelf.at(None) is offered
    assert names(shelf.at("2026-01-31T00:00:00.000Z")) == ["p:1"]  # what held on the day of the item


def test_of_two_versions_in_force_at_once_only_what_they_agree_on_can_be_cited() -> None:
    shelf = Shelf([[edition("1", clause("1"), clause("2"), clause("3")), edition("2", clause("1"), clause("2", text="Other."))]], {})
    assert names(shelf.at(None)) == ["p:1"]
    assert Shelf([[edition("1", clause("1"), in_force=False)]], {}).at(None) == ()


def test_the_most_used_come_first_and_before_them_the_policy_of_the_agent() -> None:
    clauses = (clause("1", policy="claims"), clause("2", policy="claims"), clause("1", policy="shop"), clause("2", policy="shop"))
    shelf = Shelf([], {"claims:2": 3, "shop:2": 1, "shop:1": 0, "gone:1": 9})
    assert names(shelf.in_order(clauses, None)) == ["claims:2", "shop:2", "claims:1", "shop:1"]
    assert names(shelf.in_order(clauses, "Shop")) == ["shop:2", "shop:1", "claims:2", "claims:1"]
    shelf.count(["claims:1"] * 5)
    shelf.count(["shop:2", "shop:2"], by=-1)
    assert (shelf.used["claims:1"], shelf.used["shop:2"]) == (5, 0)
