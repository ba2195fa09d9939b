"""What an answer has to know, read at once, and kept for the next answer as long as it holds."""

from collections.abc import Callable

import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign, Shown
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns as campaigning
from reviewer.operations import labelling, members, requeueing, verifying
from reviewer.storage import campaigns, labels, questions, requeues, unblindings
from reviewer.storage.questions import Known
from reviewer.storage.workspace import Workspace
from tests import worlds


def known(workspace: Workspace, item: ItemId, showing: int = 1) -> Known:
    with workspace.read() as reading:
        return questions.known(reading, campaigns.named(reading, "C"), item, workspace.member, showing)


def statements(workspace: Workspace, act: Callable[[], object]) -> list[str]:
    """What the writer is asked while something is done."""
    asked: list[str] = []
    raw = workspace._writing().connection.driver_connection
    assert raw is not None
    raw.set_trace_callback(asked.append)
    act()
    raw.set_trace_callback(None)
    return asked


def max_seq(workspace: Workspace) -> int:
    with workspace.read() as reading:
        return int(reading.rows("SELECT max(seq) FROM entry")[0][0])


def test_an_item_nobody_spoke_of_is_drawn_and_nothing_else_is_known_of_it(workspace: Workspace) -> None:
    assert known(workspace, worlds.waiting(workspace)[0]) == Known(True, frozenset(), (), None, False)


def test_what_was_said_asked_seen_and_begun_is_known(workspace: Workspace) -> None:
    item, other, *_ = worlds.waiting(workspace)
    worlds.label(workspace, item)
    requeueing.requeue_items(workspace, SILENT, campaign="C", items=[item], why="asked", note="Look again.")
    seen = Shown(renderer="", model=True)
    with workspace.begin() as work:
        stored = campaigns.named(work, "C")
        unblindings.note(work, stored.state.hash, item, workspace.member, seen, now_ms=1)
        labels.save_draft(work, stored.state.hash, item, Opinion(rationale="I think"))
        own = labels.own_in_force(work, stored, workspace.member, item)
        asked = requeues.naming(work, stored.row, item)
    assert len(own) == len(asked) == 1
    assert known(workspace, item) == Known(True, own, asked, seen, True)
    assert known(workspace, item, showing=2) == Known(True, frozenset(), (), seen, True)
    assert known(workspace, other) == Known(True, frozenset(), (), None, False)


def test_an_item_that_was_not_drawn_is_no_question_and_one_that_is_not_here_raises(workspace: Workspace) -> None:
    campaigning.create_campaign(workspace, SILENT, rules=Campaign(name="Few", query="", seed="s", design="srs"), size=3)
    drawn = worlds.waiting(workspace, campaign="Few")
    with workspace.read() as reading:
        few = campaigns.named(reading, "Few")
        every = [ItemId(name.hex()) for (name,) in reading.rows("SELECT id FROM item")]
        for item in every:
            assert questions.known(reading, few, item, workspace.member, 1).sampled == (item in drawn)
        with pytest.raises(NotFound, match="There is no item 000000000000"):
            questions.known(reading, few, ItemId("0" * 64), workspace.member, 1)


def test_a_label_after_another_asks_for_little(workspace: Workspace) -> None:
    first, second, *_ = worlds.waiting(workspace)
    cold = statements(workspace, lambda: worlds.label(workspace, first, rationale="So."))
    warm = statements(workspace, lambda: worlds.label(workspace, second, rationale="So."))
    assert len(warm) < len(cold)
    assert [one.split()[0] for one in warm] == [
        "BEGIN", "PRAGMA", "SELECT", "INSERT", "INSERT", "SELECT", "INSERT", "SELECT", "UPDATE", "UPDATE", "COMMIT",
    ]  # fmt: skip


@pytest.mark.parametrize("by_another", [False, True])
def test_an_answer_knows_that_the_campaign_was_closed_since_the_one_before(workspace: Workspace, by_another: bool) -> None:
    first, second, *_ = worlds.waiting(workspace)
    worlds.label(workspace, first)
    closing = Workspace.open(workspace.folder) if by_another else workspace
    campaigning.close_campaign(closing, SILENT, campaign="C")
    with pytest.raises(Refused, match="is closed"):
        worlds.label(workspace, second)
    if by_another:
        closing.close()


def test_answers_of_two_who_take_turns_make_one_stream(workspace: Workspace) -> None:
    items = worlds.waiting(workspace)
    other = Workspace.open(workspace.folder, surroundings=worlds.surroundings(seed=9))
    for number, item in enumerate(items):
        worlds.label((workspace, other)[number % 3 == 2], item)
    other.close()
    entries = max_seq(workspace)
    with workspace.read() as reading:
        assert reading.row("SELECT count(*), max(seq), count(DISTINCT stream) FROM entry") == (entries, entries, 1)
    assert verifying.verify(workspace, SILENT).value.problems == ()


def test_an_answer_that_was_rolled_back_is_not_followed(workspace: Workspace) -> None:
    first, second, *_ = worlds.waiting(workspace)
    worlds.label(workspace, first)
    before = max_seq(workspace)

    def fail() -> None:
        with workspace.begin(answering=True) as work:
            asking = questions.campaign(work, "C")
            work.run("UPDATE campaign SET closed = 1")
            work.memo.clear()
            assert questions.campaign(work, "C").state.closed
            assert asking.row == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    worlds.label(workspace, second)
    assert max_seq(workspace) == before + 1
    assert verifying.verify(workspace, SILENT).value.problems == ()


def test_who_joins_between_two_answers_is_among_those_who_are_asked(workspace: Workspace) -> None:
    worlds.label(workspace, worlds.waiting(workspace)[0])
    members.add_members(workspace, SILENT, names=["Ben"])
    with workspace.begin(answering=True) as work:
        assert len(questions.campaign(work, "C").state.members) == 2


def test_a_skip_and_an_undo_between_labels_are_followed(workspace: Workspace) -> None:
    first, second, third, *_ = worlds.waiting(workspace)
    worlds.label(workspace, first)
    labelling.skip_item(workspace, SILENT, campaign="C", item=second)
    labelling.undo_label(workspace, SILENT)
    worlds.label(workspace, first, "compliant")
    worlds.label(workspace, third)
    assert verifying.verify(workspace, SILENT, rebuild=True).value.problems == ()
