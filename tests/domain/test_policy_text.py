"""From a policy's text to its clauses: the shipped policies, real ones, and the forms that people write."""

import re
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import clause_matching, policy_text
from reviewer.domain.policies import Clause
from reviewer.storage.assets import resource
from tests.domain.airline_wiki import CLAUSES
from tests.domain.embedded_policies import EMBEDDED, embedded_policy


def _keys(text: str) -> list[str]:
    return [one.clause for one in policy_text.read(text).clauses]


@pytest.mark.parametrize("name", ["claims.v1.md", "support.v1.md", "trading.v1.md", "trading.v2.md"])
def test_a_shipped_policy_has_twenty_numbered_clauses_each_with_title_and_text(name: str) -> None:
    found = policy_text.read(resource("sample", "policies", name).read_text(encoding="utf-8"))
    assert len(found.clauses) == 20
    assert all(one.title and one.text and one.clause.count(".") == 1 for one in found.clauses)
    assert (found.head["key"], found.head["version"]) == (name.split(".")[0], name[-4])
    assert found.title.endswith("policy")


def test_a_title_in_bold_is_no_part_of_the_text() -> None:
    (one,) = policy_text.read("# P\n\n## 4 Paying\n\n4.2 **Acceptance.** Before paying,\nthe agent waits.\n").clauses
    assert one == Clause("4.2", "Acceptance", "Before paying,\nthe agent waits.")


def test_the_airline_policy_gives_the_clauses_that_were_listed_by_hand(real_data: Path) -> None:
    found = policy_text.read((real_data / "tau-bench/envs/airline/wiki.md").read_text(encoding="utf-8"))
    assert [one.clause for one in found.clauses] == [key for key, _, _ in CLAUSES]
    assert [one.clause for one, (_, first, last) in zip(found.clauses, CLAUSES, strict=True) if not one.text.startswith(first)] == []
    assert [one.clause for one, (_, first, last) in zip(found.clauses, CLAUSES, strict=True) if not one.text.endswith(last)] == []


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text))


@pytest.mark.parametrize(
    ("path", "count", "some"),
    [
        ("tau-bench/envs/airline/wiki.md", 28, "refund.3"), ("tau2-bench/domains/airline/policy.md", 64, "book-flight.13"),
        ("tau2-bench/domains/telecom/main_policy.md", 37, "plan"), ("tau2-bench/domains/telecom/main_policy_solo.md", 33, "plan"),
        ("tau2-bench/domains/mock/policy.md", 5, "5"),
    ],
)  # fmt: skip
def test_no_word_of_a_real_policy_is_lost(real_data: Path, path: str, count: int, some: str) -> None:
    text = (real_data / path).read_text(encoding="utf-8")
    found = policy_text.read(text).clauses
    assert (len(found), found and some in [one.clause for one in found]) == (count, True)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    unnumbered = "\n".join(re.sub(r"^\d+\. ", "", line) for line in lines)
    assert _words(unnumbered) - _words("\n".join(f"{one.title}\n{one.text}" for one in found)) == Counter()


@pytest.mark.parametrize(("domain", "count", "some"), EMBEDDED)
def test_every_embedded_policy_is_read_without_losing_a_word(real_data: Path, domain: str, count: int, some: dict[str, str]) -> None:
    text = embedded_policy(real_data, domain)
    found = policy_text.read(text)
    assert (len(found.clauses), found.twice) == (count, ())
    texts = {one.clause: one.text for one in found.clauses}
    assert {key: texts.get(key, "")[: len(begin)] for key, begin in some.items()} == some
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    unnumbered = "\n".join(re.sub(r"^\d+\. +", "", line) for line in lines)
    assert set(_words(unnumbered)) - set(_words("\n".join(f"{one.title}\n{one.text}" for one in found.clauses))) == set()


@pytest.mark.parametrize(
    ("text", "twice"),
    [
        ("4.2 One.\n\n4.2 Other.\n", ("4.2",)),
        ("## A\n\n1. One.\n\n1. Other.\n", ("1",)),
        ("## 3 Fees\n\nNone.\n\n## 3 Other\n\nSome.\n", ("3",)),
        ("## A\n\n1. One.\n\n## B\n\n1. Other.\n", ()),
        ("## A\n\n### 1 One\n\nX.\n\n## B\n\n### 1 Other\n\nY.\n", ()),
    ],
)
def test_a_number_that_two_clauses_bear_is_named(text: str, twice: tuple[str, ...]) -> None:
    assert policy_text.read(text).twice == twice


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("# P\n\n1. One.\n2. Two.\n", ["1", "2"]),
        ("1) One\n2) Two", ["1", "2"]),
        ("## A\n\n1. One.\n\n## B\n\n1. Other.\n", ["1", "b.1"]),
        ("1. Opening\n\n1.1 Who may speak.\n\n1.2 Cover.\n", ["1.1", "1.2"]),
        ("## 4.2 Refunds\n\nWithin 30 days.\n\n## Section 5: Fees\n\nNone.\n", ["4.2", "5"]),
        ("**4.2 Refunds.** Within\n30 days of it.\n\n**4.3** None.\n", ["4.2", "4.3"]),
        ("§ 1 Whoever asks, gets.\n", ["1"]),
        ("4.2 One of:\n\n1. a receipt\n2. a bill\n\n4.3 None.\n", ["4.2", "4.3"]),
        ("## Same\n\nA.\n\n## Same\n\nB.\n", ["same", "same-2"]),
        ("REFUNDS\n\nWithin 30 days.\n", ["refunds"]),
        ("Refunds\n=======\n\nWithin 30 days.\n", ["refunds"]),
        ("## 返金\n\n三十日以内。\n", ["返金"]),
        ("## 24 hours rule\n\nAny fare.\n", ["24-hours-rule"]),
        ("##Rules\n\n - Never.\n", ["rules"]),
        ("## 4. Rules\n\n1. One.\n2. Two.\n\n## 5. Others\n\nMore.\n", ["4.1", "4.2", "5"]),
        ("## 4.2 Refunds\n\nWithin 30 days.\n\nIn cash.\n\n- Never twice.\n- Never late.\n", ["4.2", "4.2.1", "4.2.2"]),
        ("- Never lie.\n- Never shout.\n", ["preamble.1", "preamble.2"]),
        ("Rules\n\n- Never lie.\n- Never shout.\n", ["rules.1", "rules.2"]),
        ("```\n# no heading\n1. none\n```\n", []),
        ("Nothing but prose. 30 days is long.\n\n2024 was a year.\n", []),
        ("", []),
        ("# Only a title\n", []),
    ],
)
def test_the_forms_that_people_write(text: str, keys: list[str]) -> None:
    assert _keys(text) == keys


@pytest.mark.parametrize(
    "text",
    [
        "# a\nb\n" * 100_000,
        "# " + " " * 900_000 + "x",
        "1. " * 300_000,
        "**" * 400_000,
        "- " * 400_000 + "x",
        "a\n" * 400_000,
        "\t" * 900_000,
    ],
    ids=["headings", "spaces", "numbers", "stars", "dashes", "lines", "tabs"],
)
def test_a_hostile_text_is_read_in_seconds(text: str) -> None:
    before = time.process_time()
    policy_text.read(text)
    assert time.process_time() - before < 10


_MARKS = ("# A", "## 4 B", "### 1. C", "4.2 D. E", "1. F", "2) G", "- H i j.", "  - k", "* **L:** m n.", "Note:", "x.", "", "```", "==")
_LINES = st.sampled_from((*_MARKS, "| a | b |", "|---|---|", "| | |"))


@given(st.lists(_LINES | st.text(max_size=12), max_size=25))
def test_whatever_is_read_no_two_clauses_share_a_key_and_none_is_empty(lines: list[str]) -> None:
    found = policy_text.read("\n".join(lines)).clauses
    assert len({one.clause.casefold() for one in found}) == len(found)
    assert all(one.clause and one.text.strip() for one in found)
    assert all(":" not in one.clause and "@" not in one.clause and not re.search(r"\s", one.clause) for one in found)


@given(st.lists(_LINES, max_size=25), st.lists(_LINES, max_size=25))
def test_whatever_changes_no_key_is_given_twice_and_old_keys_stay_with_their_clauses(before: list[str], after: list[str]) -> None:
    old, new = (policy_text.read("\n".join(lines)).clauses for lines in (before, after))
    matches = clause_matching.propose(old, new)
    kept = [one.old.clause for one in matches if one.old is not None]
    assert len(kept) == len(set(kept))
    keyed = clause_matching.keyed(matches, {one.clause for one in old})
    assert len({one.clause.casefold() for one in keyed}) == len(new)
    fresh = {one.clause for one, match in zip(keyed, matches, strict=True) if match.old is None}
    assert fresh.isdisjoint(one.clause for one in old)
