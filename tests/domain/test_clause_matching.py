"""That clauses keep their keys over versions: twenty ways in which a policy changes, and what a person decides."""

import re
import time
from collections.abc import Callable

import pytest

from reviewer.domain import clause_matching, policy_text
from reviewer.domain.clause_matching import Match
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.policies import Clause
from reviewer.storage.assets import resource

SUPPORT = resource("sample", "policies", "support.v1.md").read_text(encoding="utf-8")
REFUNDS = """# Refunds

## Asking

- The agent asks for the number of the order before anything else.
- The agent never asks for a password or the number of a card.

## Paying

- Payment: a refund goes back to the card that paid, within five days.
- Vouchers: a voucher is offered only where the customer asks for one.
- A refund above 200 euros waits for a supervisor.
"""


def _without_number(key: str, text: str) -> str:
    """The text without one numbered paragraph."""
    return re.sub(rf"(?m)^{re.escape(key)} .*\n\n?", "", text)


def _shifted(text: str, section: int) -> str:
    """Every number from a section on, one higher."""

    def higher(found: re.Match[str]) -> str:
        number = int(found[2])
        return f"{found[1]}{number + 1 if number >= section else number}{found[3]}"

    return re.sub(r"(?m)^(## |)(\d+)((?:\.\d+)? )", higher, text)


CASES: list[tuple[str, str, Callable[[str], str]]] = [
    (
        "a heading inserted before all",
        SUPPORT,
        lambda text: _shifted(text, 1).replace("## 2 ", "## 1 Scope\n\n1.1 **Whom it binds.** Everyone.\n\n## 2 ", 1),
    ),
    (
        "a heading inserted in the middle",
        SUPPORT,
        lambda text: _shifted(text, 3).replace("## 4 ", "## 3 Trains\n\n3.1 **Seats.** Free.\n\n## 4 ", 1),
    ),
    ("a heading without a number inserted", SUPPORT, lambda text: text.replace("## 2 ", "## Words used here\n\n## 2 ", 1)),
    ("all sections renumbered", SUPPORT, lambda text: _shifted(text, 1)),
    ("paragraphs of a section renumbered", SUPPORT, lambda text: re.sub(r"(?m)^3\.(\d) ", lambda found: f"3.{int(found[1]) + 10} ", text)),
    (
        "a clause put first in its section",
        SUPPORT,
        lambda text: re.sub(r"(?m)^2\.(\d) ", lambda found: f"2.{int(found[1]) + 1} ", text).replace(
            "## 2 Acting\n", "## 2 Acting\n\n2.1 **Greeting.** The agent greets by name.\n"
        ),
    ),
    ("a title reworded", SUPPORT, lambda text: text.replace("**Two details.**", "**Identification.**")),
    ("every title reworded", SUPPORT, lambda text: re.sub(r"\*\*(.+?)\.\*\*", r"**On \1.**", text)),
    ("titles left out", SUPPORT, lambda text: re.sub(r"\*\*.+?\.\*\* ", "", text)),
    ("a heading reworded", SUPPORT, lambda text: text.replace("## 2 Acting", "## 2 How the agent acts")),
    ("words of a clause changed", SUPPORT, lambda text: text.replace("45 EUR", "55 EUR").replace("within 24 hours", "within 48 hours")),
    (
        "a sentence added to a clause",
        SUPPORT,
        lambda text: text.replace("the last four digits.", "the last four digits. A digit is never guessed."),
    ),
    (
        "renumbered, and words changed",
        SUPPORT,
        lambda text: _shifted(text, 2).replace("45 EUR", "55 EUR").replace("three hours", "four hours"),
    ),
    ("renumbered, and titles reworded", SUPPORT, lambda text: re.sub(r"\*\*(.+?)\.\*\*", r"**On \1.**", _shifted(text, 2))),
    (
        "a clause left out, the rest moved up",
        SUPPORT,
        lambda text: re.sub(r"(?m)^1\.([34]) ", lambda found: f"1.{int(found[1]) - 1} ", _without_number("1.2", text)),
    ),
    (
        "two clauses changing places",
        SUPPORT,
        lambda text: text.replace("1.1 **", "1.x **").replace("1.2 **", "1.1 **").replace("1.x **", "1.2 **"),
    ),
    ("a section moved to the end", SUPPORT, lambda text: text.replace("## 1 Identity", "## 9 Identity").replace("\n1.", "\n9.")),
    ("a heading over bullets reworded", REFUNDS, lambda text: text.replace("## Paying", "## How money goes back")),
    ("a bullet inserted before others", REFUNDS, lambda text: text.replace("- Payment:", "- Nothing is paid on a Sunday.\n- Payment:")),
    (
        "bullets in another order, one reworded",
        REFUNDS,
        lambda text: (
            text.replace("- The agent never asks for a password or the number of a card.\n", "")
            .replace("## Paying", "- The agent must never ask for a password or the number of a card.\n\n## Paying")
            .replace("200 euros", "250 euros")
        ),
    ),
]


def _clauses(text: str) -> tuple[Clause, ...]:
    return policy_text.read(text).clauses


def _meant(before: Clause, after: Clause) -> bool:
    """Whether two clauses are one, as a reader sees it: most of their words, and their first ones, are the same."""
    return clause_matching.similarity(before.text, after.text) > 0.8


@pytest.mark.parametrize(("what", "text", "change"), CASES, ids=[case[0] for case in CASES])
def test_keys_survive_what_people_do_to_a_policy(what: str, text: str, change: Callable[[str], str]) -> None:
    before, changed = _clauses(text), change(text)
    assert changed != text
    proposal = clause_matching.propose(before, _clauses(changed))
    after = clause_matching.keyed(proposal, {one.clause for one in before})
    kept = {one.clause: one for one in after}
    old = {one.clause: one for one in before}
    # None moved: whatever keeps a key says what it said.
    assert [key for key in old if key in kept and not _meant(old[key], kept[key])] == []
    gone = [key for key in old if key not in kept]
    asked = {match.like.clause for match in proposal if match.like is not None}
    left_out = 1 if "left out," in what else 0
    assert len([key for key in gone if key not in asked]) == left_out
    assert len(gone) - left_out <= (2 if len(old) == 20 else 0)
    assert len(kept) == len(after)  # no key twice


def test_number_and_key_part_where_a_clause_moved() -> None:
    before = (Clause("4.1", "Cash", "Cash is given back in the shop."), Clause("4.2", "Card", "A card is credited within five days."))
    after = (Clause("4.1", "Fees", "No fee is taken for it."), Clause("4.2", "Cash", before[0].text), Clause("4.3", "Card", before[1].text))
    found = clause_matching.keyed(clause_matching.propose(before, after), {"4.1", "4.2"})
    assert [(one.clause, one.number) for one in found] == [("4.1-2", "4.1"), ("4.1", "4.2"), ("4.2", "4.3")]
    again = clause_matching.propose(found, _clauses("4.1 **Fees.** No fee is taken for it.\n\n4.2 **Cash.** Cash is given back.\n"))
    assert [one.old and one.old.clause for one in again] == ["4.1-2", "4.1"]


def test_the_same_number_over_other_words_is_asked_about() -> None:
    before = (Clause("7", "", "Cash is given back in the shop on the same day."),)
    (match,) = clause_matching.propose(before, (Clause("7", "x", "Nobody may speak of weapons."),))
    assert (match.old, match.like) == (None, before[0])
    (one,) = clause_matching.keyed([match], {"7"})
    assert (one.clause, one.number) == ("7-2", "7")


def test_two_that_are_equally_alike_are_asked_about() -> None:
    before = (Clause("a.1", "", "The agent asks for a name and waits for the answer of the customer."),)
    after = tuple(
        Clause(f"b.{n}", str(n), f"The agent asks for a {w} and waits for the answer of the customer.")
        for n, w in enumerate(("card", "date"), 1)
    )
    assert [(match.old, match.like) for match in clause_matching.propose(before, after)] == [(None, before[0])] * 2


def _proposal() -> tuple[tuple[Clause, ...], list[Match]]:
    before = (Clause("1", "", "Cash is given back."), Clause("2", "", "Cards are credited."))
    return before, clause_matching.propose(before, (Clause("1", "", "Cash is given back at once."), Clause("8", "", "Never shout.")))


def test_what_a_person_decides_holds() -> None:
    before, proposal = _proposal()
    done = clause_matching.settle(proposal, before, {"8": "2"})
    assert [one.old and one.old.clause for one in done] == ["1", "2"]
    taken_away = clause_matching.settle(proposal, before, {"8": "1"})
    assert [one.clause for one in clause_matching.keyed(taken_away, {"1", "2"})] == ["1-2", "1"]
    assert [one.clause for one in clause_matching.keyed(clause_matching.settle(proposal, before, {"1": None}), {"1", "2"})] == ["1-2", "8"]


@pytest.mark.parametrize(("chosen", "error"), [({"9": "1"}, NotFound), ({"8": "9"}, NotFound), ({"1": "2", "8": "2"}, Refused)])
def test_a_decision_that_cannot_be_is_refused(chosen: dict[str, str | None], error: type[Exception]) -> None:
    before, proposal = _proposal()
    with pytest.raises(error):
        clause_matching.settle(proposal, before, chosen)


@pytest.mark.parametrize(("count", "title"), [(1_000, ""), (20_000, "same"), (20_000, "")])
def test_many_clauses_that_are_all_alike_are_matched_in_seconds(count: int, title: str) -> None:
    words = "The agent of desk {0} {1} for the number {0} of the order."
    before = [Clause(f"a.{n}", title or f"{n}", words.format(n, "asks")) for n in range(count)]
    after = [Clause(f"b.{n}", title or f"x{n}", words.format(n, "always asks")) for n in range(count)]
    began = time.process_time()
    clause_matching.propose(before, after)
    assert time.process_time() - began < 20
