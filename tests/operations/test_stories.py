"""A lead can answer for any label: who, when, on what screen, by which words, replaced by what, known to whom."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from reviewer.domain.chain import DeviceId, EntryHash
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import CampaignClose, Event
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.domain.stories import LabelStory
from reviewer.operations import members, stories, telling, verifying
from reviewer.storage import journal, sending
from reviewer.storage.acting import devices_here
from reviewer.storage.stories import entry_of
from reviewer.storage.workspace import Workspace
from tests import forked, worlds
from tests.forked import CLAUSE, Past


@pytest.fixture
def past(tmp_path: Path) -> Iterator[Past]:
    made = forked.make(tmp_path)
    yield made
    made.ada.close()


def words(story: LabelStory) -> str:
    return "\n".join(f"{line.name}: {line.text}" for section in telling.sections(story) for line in section.lines)


def test_a_label_with_a_fork_and_a_revocation_behind_it_is_told_whole(past: Past) -> None:
    assert verifying.verify(past.ada, SILENT).value.ok
    story = stories.story_of(past.ada, SILENT, label=past.kept[:8]).value
    assert (story.entry, story.item, story.campaign, story.verdict, story.severity) == (
        past.kept, past.item, "C", "non_compliant", "major"
    )  # fmt: skip
    assert (story.by.name, story.by.role, story.by.revoked) == ("Ben", "reviewer", True)
    assert story.time.endswith("+01:00")
    assert story.clock == "ok"
    assert story.first_receipt is not None
    assert (story.first_receipt.member, story.first_receipt.how) == ("Ada", "receipt")
    assert story.first_receipt.time is not None
    assert story.shown.renderer == "transcript/1"
    assert story.shown.truncated == ("4",)
    [cited] = story.citations
    assert (cited.clause, cited.number, cited.title, cited.text, cited.as_cited, cited.in_force) == (
        "4.2", 1, "When refunds are given", CLAUSE, True, False
    )  # fmt: skip
    assert [(act.entry, act.kind, act.verdict, act.in_force) for act in story.before] == [(past.first, "label", "compliant", False)]
    assert story.after == ()
    [ruled] = story.resolutions
    assert (ruled.by.name, ruled.verdict, ruled.reason, ruled.in_force) == ("Ada", "non_compliant", "adjudicated", True)
    assert ruled.note == "The copy of the laptop agrees on the facts."
    assert [(one.member, one.how) for one in story.witnesses] == [("Ben", "wrote"), ("Ada", "receipt")]
    [fork] = story.forks
    assert (fork.entries, fork.own, fork.seen_by) == (tuple(sorted([past.kept, past.lost])), past.kept, ("Ada",))
    [gone] = story.withdrawals
    assert (gone.by.name, gone.reason, gone.note, gone.trusted) == ("Ada", "lost", "Stolen from a train; a copy was in use.", True)
    assert (story.counts, story.in_force, story.votes, story.why_not) == (True, True, True, None)


def test_the_other_branch_has_a_story_too_though_it_does_not_count(past: Past) -> None:
    story = stories.story_of(past.ada, SILENT, label=past.lost).value
    assert (story.counts, story.in_force, story.votes) == (False, False, False)
    assert story.why_not == "It was signed after its device was revoked."
    assert story.forks[0].own == past.lost
    assert not story.withdrawals[0].trusted
    assert [(one.member, one.how) for one in story.witnesses] == [("Ben", "wrote"), ("Ada", "receipt")]
    said = words(story)
    assert "Not counted. It was signed after its device was revoked." in said
    assert "the label is not" in said
    kept = stories.story_of(past.ada, SILENT, label=past.kept).value
    assert kept.first_receipt is not None
    assert story.first_receipt is not None
    assert (kept.first_receipt.time or "") < (story.first_receipt.time or "")  # the receipt for one branch says nothing of the other


def test_the_label_before_the_fork_gave_way_on_the_branch_that_is_trusted(past: Past) -> None:
    story = stories.story_of(past.ada, SILENT, label=past.first).value
    assert [act.entry for act in story.after] == [past.kept]
    assert (story.in_force, story.forks[0].own) == (False, None)
    assert "The label came before that." in words(story)
    told = stories.labels_of(past.ada, SILENT, item=past.item[:8]).value
    assert [(one.entry, one.standing) for one in told] == [
        (past.kept, "in force"),
        (past.first, "no longer in force"),
        (past.lost, "not counted"),
    ]


def test_the_words_say_it_all(past: Past) -> None:
    said = words(stories.story_of(past.ada, SILENT, label=past.kept).value)
    for part in (
        "verdict: non-compliant, major",
        "rationale: The order is 47 days old, and nobody asked for a receipt.",
        "receipt of Ada",
        "program: transcript/1, version",
        "steps 4 were cut short",
        "When refunds are given (Refunds of the shop), version 1",
        "This version is not in force now.",
        "took the place of: Ben",
        "resolution: Ada",
        "histories: its key wrote in more than one place. All are kept. The label is one of the entries at which they part.",
        "Ada revoked the device",
        "reason lost: this stream is trusted up to entry 3, and so is the label.",
    ):
        assert part in said, part


def test_a_label_is_found_by_its_question_as_well(past: Past) -> None:
    asked = stories.Question("C", past.item[:8], "Ben")
    assert stories.story_of(past.ada, SILENT, label=asked).value.entry == past.kept
    with pytest.raises(NotFound, match="Ada gave no label"):
        stories.story_of(past.ada, SILENT, label=asked._replace(member="Ada"))
    for wrong in ("", "12345", "zzzzzz", "%%%%%%", "f" * 65, "0" * 64):
        with pytest.raises(NotFound):
            stories.story_of(past.ada, SILENT, label=wrong)


def test_others_hear_no_story_but_of_their_own_labels_and_a_lead_none_before_judging_blind(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben", "Cleo"])
    ben, cleo = workspace.as_member("Ben"), workspace.as_member("Cleo")
    item = next(iter(set(worlds.waiting(ben)) | set(worlds.waiting(workspace))))
    mine = worlds.label(ben, item).value.label
    assert stories.story_of(ben, SILENT, label=mine).value.by.name == "Ben"
    assert len(stories.labels_of(ben, SILENT, item=item).value) == 1
    with pytest.raises(NotAllowed, match="Only a lead"):
        stories.story_of(cleo, SILENT, label=mine)
    assert stories.labels_of(cleo, SILENT, item=item).value == ()
    ben.close()
    cleo.close()


def test_a_lead_who_has_still_to_judge_blind_hears_nothing_yet(tmp_path: Path) -> None:
    ada = worlds.ready(tmp_path / "ada", overlap=2)
    members.add_members(ada, SILENT, names=["Ben"])
    ben = ada.as_member("Ben")
    item = worlds.waiting(ben)[0]
    theirs = worlds.label(ben, item).value.label
    with pytest.raises(Refused, match="still to label"):
        stories.story_of(ada, SILENT, label=theirs)
    assert stories.labels_of(ada, SILENT, item=item).value == ()
    worlds.label(ada, item)
    assert stories.story_of(ada, SILENT, label=theirs).value.by.name == "Ben"
    assert len(stories.labels_of(ada, SILENT, item=item).value) == 2
    ben.close()
    ada.close()


def test_two_answers_of_one_member_are_in_force_without_a_vote(tmp_path: Path) -> None:
    past = forked.make(tmp_path, judged=False)
    for name in (past.kept, past.lost):
        story = stories.story_of(past.ada, SILENT, label=name).value
        assert (story.counts, story.in_force, story.votes) == (True, True, False)
        assert "its author gave two answers and has to settle them" in words(story)
        assert story.withdrawals == ()
    past.ada.close()


def test_who_said_what_they_hold_is_known_to_hold_it_on_their_branch_only(tmp_path: Path) -> None:
    past = forked.make(tmp_path, judged=False)
    members.add_members(past.ada, SILENT, names=["Cleo"])
    with past.ada.begin() as work:
        (cleo,) = work.row("SELECT d.id FROM device d JOIN member m ON m.id = d.member WHERE m.name = 'Cleo'") or ("",)
        work.set_fact("devices_here", json.dumps([one for one in devices_here(work) if one != cleo]))
        [tip] = [tip for tip in sending.tips(work) if tip.hash == past.kept]
        sending.note_heard(work, DeviceId(cleo), [tip], worlds.START_MS)
    for name, knows in ((past.kept, True), (past.lost, False), (past.first, True)):
        known = {one.member: one.how for one in stories.story_of(past.ada, SILENT, label=name).value.witnesses}
        assert ("Cleo" in known) is knows, name
        assert known.get("Cleo", "heard") == "heard"
    past.ada.close()


@pytest.mark.parametrize(
    ("wall_ms", "zone", "said"),
    [
        (1_790_000_000_000, "+01:00", "2026-09-21T15:13:20.000+01:00"),
        (1_790_000_000_000, "-09:30", "2026-09-21T04:43:20.000-09:30"),
        (1_790_000_000_000, "nonsense", "2026-09-21T14:13:20.000+00:00"),
        (1_790_000_000_000, "+99:99", "2026-09-21T14:13:20.000+00:00"),
        (2**53 - 1, "+00:00", "9007199254740991 ms"),
        (-(2**53) + 1, "+14:00", "-9007199254740991 ms"),
    ],
)
def test_a_clock_may_say_anything(workspace: Workspace, wall_ms: int, zone: str, said: str) -> None:
    label = worlds.label(workspace, worlds.waiting(workspace)[0]).value.label
    with workspace.read() as reading:
        entry = entry_of(reading, bytes.fromhex(label))
    assert entry is not None
    assert stories.local_time(msgspec.structs.replace(entry.body, wall_ms=wall_ms, tz=zone)) == said


def test_an_entry_that_only_calls_itself_a_label_has_no_story(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, workspace.begin() as work:
        patch.setattr(journal, "value_of", lambda _kind, _value: None)  # a later or a hostile program would sign it
        name = work.record(Event("label", CampaignClose(EntryHash("0" * 64))))
    with pytest.raises(Refused, match="is kept and is no label"):
        stories.story_of(workspace, SILENT, label=name)
