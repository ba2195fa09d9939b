"""Agreement of a campaign: its figures, what is read from clauses, and who sees what."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from reviewer.domain import agreement as figures
from reviewer.domain.errors import NotFound
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT, Cancelled, Ticket
from reviewer.operations import agreement, campaigns, labelling, members, policies, verifying
from reviewer.operations.agreement import Agreement
from reviewer.storage.workspace import Workspace
from tests import opinions, worlds
from tests.opinions import PEOPLE, Labelled

A, B, C = PEOPLE


@pytest.fixture
def labelled(tmp_path: Path) -> Iterator[Labelled]:
    """A campaign that three people labelled."""
    made = opinions.labelled(tmp_path / "workspace")
    yield made
    made.workspace.close()


def ask(workspace: Workspace, name: str | None = None) -> Agreement:
    """What a member sees."""
    if name is None:
        return agreement.agreement_of_campaign(workspace, SILENT, campaign=opinions.NAME).value
    other = workspace.as_member(name)
    try:
        return ask(other)
    finally:
        other.close()


def test_the_figures_are_those_of_the_labels(labelled: Labelled) -> None:
    found = ask(labelled.workspace)
    assert (found.items, found.labels, found.weighted) == (60, 129, False)
    # 22 items both found broken, 11 split, 25 compliant (7 with a third label that agrees), 2 with one of three unsure.
    expected = np.array([(0, 2, 0)] * 22 + [(1, 1, 0)] * 11 + [(2, 0, 0)] * 18 + [(3, 0, 0)] * 7 + [(2, 0, 1)] * 2, np.float64)
    assert found.alpha[:4] == pytest.approx(figures.alpha(expected)[:4])
    assert found.ac1[:4] == pytest.approx(figures.ac1(expected)[:4])
    assert found.raw[:4] == pytest.approx(figures.raw(expected)[:4])
    assert found.prevalence == pytest.approx(55 / 129)
    assert (found.severity.value, found.severity.n, found.severity.reason) == (None, 22, figures.NO_VARIATION)


def test_each_clause_is_read_as_its_labels_say(labelled: Labelled) -> None:
    old, clear, unclear = ask(labelled.workspace).by_clause
    assert [(one.clause, one.title) for one in (old, clear, unclear)] == [
        ("2.4", "Payment methods"), ("4.2", "Cancel flight"), ("5.1", "Compensation"),
    ]  # fmt: skip
    assert (clear.reading, clear.to_do, clear.cited, clear.items, clear.old) == ("clear, often broken", "fix the agent", 32, 16, 0)
    assert (unclear.reading, unclear.to_do, unclear.cited, unclear.items) == (
        "reviewers disagree", "rewrite the clause, re-review 11", 11, 11,
    )  # fmt: skip
    assert (old.reading, old.to_do, old.old, old.since) == ("superseded", "12 labels cite version 1, re-review", 12, "2026-11-03")
    assert clear.alpha.value == 1
    assert clear.alpha.n == 60  # over all items, not only those that cite it
    assert unclear.alpha.value is not None
    assert unclear.alpha.value < 0
    assert unclear.disagreement.low > 0.8 > 0.1 > clear.disagreement.mean


def test_pairs_and_reviewers_come_in_the_order_of_names(labelled: Labelled) -> None:
    found = ask(labelled.workspace)
    assert [(one.a, one.b, one.items) for one in found.by_pair] == [(A, B, 60), (A, C, 9), (B, C, 9)]
    ab, ac, bc = found.by_pair
    assert ab.raw == pytest.approx(47 / 60)
    assert ab.kappa.value == pytest.approx(0.5793, abs=1e-4)
    assert (ac.kappa.value, ac.kappa.reason) == (0, figures.ONE_VERDICT)
    assert (bc.kappa.value, bc.raw, bc.kappa.reason) == (None, 1, figures.NO_VARIATION)
    assert [(one.reviewer, one.labels, one.gold_right, one.gold_total, one.median_seconds) for one in found.by_reviewer] == [
        (A, 60, 8, 9, 41.0), (B, 60, 9, 9, 33.0), (C, 9, 7, 7, 57.0),
    ]  # fmt: skip


def test_nothing_is_claimed_before_two_have_labelled_an_item(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=4)
    a = begun.workspace.as_member(A)
    opinions.give(a, begun.items[0], "non_compliant", "4.2")
    a.close()
    found = ask(begun.workspace)
    for one in (found.alpha, found.ac1, found.raw, found.severity):
        assert (one.value, one.reason) == (None, figures.NO_PAIRS)
    assert (found.items, found.labels, found.prevalence, found.by_pair) == (0, 0, None, ())
    (clause,) = found.by_clause
    assert (clause.reading, clause.to_do, clause.alpha.value) == ("too few to say", "have 5 more labelled twice", None)
    assert [one.reviewer for one in found.by_reviewer] == [A]
    begun.workspace.close()


def test_labels_given_with_other_opinions_in_view_do_not_count(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=2, blind=False)
    for name in (A, B):
        who = begun.workspace.as_member(name)
        opinions.give(who, begun.items[0], "compliant")
        who.close()
    assert ask(begun.workspace).items == 0
    begun.workspace.close()


def test_a_reviewer_sees_themselves_and_nothing_of_what_waits_for_their_blind_label(labelled: Labelled) -> None:
    done, waiting = ask(labelled.workspace, A), ask(labelled.workspace, C)
    for found, name, labels in ((done, A, 60), (waiting, C, 9)):
        (own,) = found.by_reviewer
        assert (own.reviewer, own.labels, own.gold_right, own.gold_total, own.reason) == (name, labels, None, None, agreement.NOT_TOLD)
    assert [(one.a, one.b) for one in waiting.by_pair] == [(A, C), (B, C)]
    assert (done.hidden, done.alpha) == (0, ask(labelled.workspace).alpha)
    assert (waiting.hidden, waiting.items, waiting.labels) == (51, 9, 27)  # only what C has labelled
    assert (waiting.by_clause, waiting.prevalence) == ((), 0)


def test_where_the_campaign_says_so_a_reviewer_sees_how_they_did(tmp_path: Path) -> None:
    made = opinions.labelled(tmp_path / "workspace", feedback=True)
    (own,) = ask(made.workspace, C).by_reviewer
    assert (own.reviewer, own.gold_right, own.gold_total, own.reason) == (C, 7, 7, None)
    assert own.gold_low == pytest.approx(0.025 ** (1 / 7))
    made.workspace.close()


def test_gold_that_was_not_drawn_stands_for_no_other_item(labelled: Labelled) -> None:
    with labelled.workspace.begin() as work:
        work.run("DELETE FROM pick WHERE item = ?", (bytes.fromhex(labelled.items[0]),))
    found = ask(labelled.workspace)
    assert (found.items, found.labels) == (59, 127)
    assert found.by_reviewer[0].gold_total == 9


@pytest.mark.parametrize("role", ["observer", "adjudicator"])
def test_observers_and_adjudicators_see_everyone(labelled: Labelled, role: str) -> None:
    members.add_members(labelled.workspace, SILENT, names=["Olga"], role=role)  # type: ignore[arg-type] # one of the roles
    found = ask(labelled.workspace, "Olga")
    assert [one.reviewer for one in found.by_reviewer] == [A, B, C]
    assert len(found.by_pair) == 3


def test_a_clause_cited_on_20_items_has_ac1_too(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=24)
    for name in (A, B):
        who = begun.workspace.as_member(name)
        for place, item in enumerate(begun.items):
            cited = place < 20 and (name == A or place % 2 == 0)
            opinions.give(who, item, "non_compliant" if cited else "compliant", "4.2" if cited else "")
        who.close()
    (clause,) = ask(begun.workspace).by_clause
    assert (clause.items, clause.cited, clause.reading) == (20, 30, "reviewers disagree")
    assert clause.ac1 is not None
    expected = figures.ac1(np.array([(0, 2)] * 10 + [(1, 1)] * 10 + [(2, 0)] * 4, np.float64))
    assert clause.ac1.value == pytest.approx(expected.value)
    begun.workspace.close()


def test_a_campaign_that_asks_for_no_verdict_says_so(workspace: Workspace) -> None:
    rules = Campaign(name="P", query="", seed="s", question="steps")
    campaigns.create_campaign(workspace, SILENT, rules=rules)
    found = agreement.agreement_of_campaign(workspace, SILENT, campaign="P").value
    assert (found.question, found.items, found.alpha.value) == ("steps", 0, None)


def test_a_rebuild_changes_no_figure(labelled: Labelled) -> None:
    before = ask(labelled.workspace)
    verifying.verify(labelled.workspace, SILENT, rebuild=True)
    assert ask(labelled.workspace) == before


def test_items_drawn_with_unequal_chances_count_by_their_weight(labelled: Labelled) -> None:
    """As a stratified draw leaves them: the 11 that were split stand for ten times as many."""
    before = ask(labelled.workspace)
    split = labelled.items[opinions.CLEAR : opinions.CLEAR + opinions.UNCLEAR]
    with labelled.workspace.begin() as work:
        work.run("UPDATE pick SET pi = '1'")
        work.run_many("UPDATE pick SET pi = '0.1' WHERE item = ?", [(bytes.fromhex(item),) for item in split])
    found = ask(labelled.workspace)
    assert found.weighted
    assert before.raw.value is not None
    assert found.raw.value == pytest.approx((60 * before.raw.value) / (49 + 110))
    assert before.alpha.value is not None
    assert found.alpha.value is not None
    assert found.alpha.value < before.alpha.value


def test_clauses_of_several_policies_are_told_apart(labelled: Labelled) -> None:
    policies.add_text(labelled.workspace, SILENT, key="hotel", content=opinions.VERSION_1, name="hotel.md")
    item = worlds.put_in(labelled.workspace, [worlds.run_of(900)])[0]
    rules = Campaign(name="Both", query="", seed="s", overlap=2, assign="all", policies=("airline", "hotel"))
    campaigns.create_campaign(labelled.workspace, SILENT, rules=rules, member_names=PEOPLE)
    for name, clause in ((A, "airline:4.2"), (B, "hotel:4.2")):
        who = labelled.workspace.as_member(name)
        opinion = Opinion(verdict="non_compliant")
        labelling.label_item(who, SILENT, campaign="Both", item=item, opinion=opinion, clauses=[clause])
        who.close()
    found = agreement.agreement_of_campaign(labelled.workspace, SILENT, campaign="Both").value
    assert [(one.clause, one.query) for one in found.by_clause] == [("airline:4.2", "airline:4.2"), ("hotel:4.2", "hotel:4.2")]


def test_a_campaign_that_is_not_here_is_not_found_and_work_stops_when_asked(labelled: Labelled) -> None:
    with pytest.raises(NotFound):
        agreement.agreement_of_campaign(labelled.workspace, SILENT, campaign="Nothing")
    ticket = Ticket(lambda _progress: None)
    ticket.cancel()
    with pytest.raises(Cancelled):
        agreement.agreement_of_campaign(labelled.workspace, ticket, campaign=opinions.NAME)


def test_more_coefficients_stand_beside_the_headline(labelled: Labelled) -> None:
    found = ask(labelled.workspace)
    for one in (found.brennan_prediger, found.conger):
        assert one.value is not None
        assert found.alpha.value is not None
        assert abs(one.value - found.alpha.value) < 0.25
    (ab, *_) = found.by_pair
    assert (ab.severity.n, ab.severity.value) == (22, None)  # all of them major


def test_a_clause_tells_how_much_doubt_is_left_and_whose_doing_it_is(labelled: Labelled) -> None:
    clauses = {one.clause: one for one in ask(labelled.workspace).by_clause}
    clear, unclear = clauses["4.2"], clauses["5.1"]
    assert clear.entropy is not None
    assert unclear.entropy is not None
    assert clear.entropy < 0.4 < unclear.entropy
    assert clear.effect is not None
    assert unclear.effect is not None
    assert clear.effect < 0 < unclear.effect
    assert (unclear.cause, unclear.to_do) == ("clause", "rewrite the clause, re-review 11")


def test_the_disagreement_of_a_clause_counts_items_by_their_weight(labelled: Labelled) -> None:
    """Half of the items on which 5.1 is cited stand for nine times as many: they tell less than eleven equal ones do."""
    before = {one.clause: one for one in ask(labelled.workspace).by_clause}["5.1"]
    some = labelled.items[opinions.CLEAR : opinions.CLEAR + opinions.UNCLEAR : 2]
    with labelled.workspace.begin() as work:
        work.run("UPDATE pick SET pi = '0.9'")
        work.run_many("UPDATE pick SET pi = '0.1' WHERE item = ?", [(bytes.fromhex(item),) for item in some])
    after = {one.clause: one for one in ask(labelled.workspace).by_clause}["5.1"]
    assert after.items == before.items == 11
    assert after.disagreement.low < before.disagreement.low
