"""Two releases beside one another: each row that differs, and the entry that explains it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.errors import Damaged, NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.members import NotAllowed
from reviewer.domain.preferences import Choice
from reviewer.domain.progress import SILENT
from reviewer.domain.release_changes import Comparison, Difference
from reviewer.operations import campaigns, labelling, members, policies, release_comparing, releasing, resolving
from reviewer.storage.workspace import Workspace
from tests import pairs, worlds
from tests.storage.test_queues import gold

ONE = b"# Refunds\n\n1. Within 30 days.\n2. Never twice.\n"
TWO = b"# Refunds\n\n1. Within 14 days.\n2. Never twice.\n"


def _policy(workspace: Workspace, content: bytes) -> None:
    done = policies.add_text(workspace, SILENT, key="refunds", content=content, name="refunds.md", effective=None).value
    policies.activate_policy(workspace, SILENT, key="refunds", number=done.version.number)


def _say(workspace: Workspace, item: ItemId, verdict: str, *clauses: str) -> str:
    opinion = Opinion(verdict=verdict)  # type: ignore[arg-type] # the tests give verdicts as words
    return labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion, clauses=clauses).value.label


def _release(workspace: Workspace, out: Path, *names: str, **asked: Any) -> Path:
    releasing.release_dataset(workspace, SILENT, campaigns=names or ["C"], out=out, **asked)
    return out


def _compared(workspace: Workspace, old: Path, new: Path) -> Comparison:
    return release_comparing.compare_releases(workspace, SILENT, old=old, new=new).value


def _by_item(found: Comparison) -> dict[ItemId, Difference]:
    return {one.item: one for one in found.differences}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Sequence[ItemId], Path, Path, dict[str, str]]:
    """A release, then everything that can happen to a row, then another release."""
    place = tmp_path_factory.mktemp("told")
    workspace = worlds.ready(place / "w", items=14)
    items = worlds.waiting(workspace)
    members.add_members(workspace, SILENT, names=["Ida"], role="adjudicator")
    ida = workspace.as_member("Ida")
    _policy(workspace, ONE)
    _say(workspace, items[9], "compliant", "1")
    _say(workspace, items[8], "non_compliant", "1")
    for item in (items[0], *items[2:8], items[1]):
        _say(workspace, item, "compliant")
    old = _release(workspace, place / "old")
    labelling.undo_label(workspace, SILENT, campaign="C")
    names = {"changed": _say(workspace, items[0], "non_compliant")}
    _say(workspace, items[6], "compliant")
    names["labelled"] = _say(workspace, items[10], "compliant")
    for item, verdict in ((items[2], "policy_at_fault"), (items[3], "non_compliant")):
        resolving.resolve_item(ida, SILENT, campaign="C", item=item, verdict=verdict, rationale="So it is.")  # type: ignore[arg-type]
    gold(workspace, items[4], campaign="C")
    _policy(workspace, TWO)
    _say(workspace, items[9], "compliant", "1")
    _say(workspace, items[7], "unsure")
    new = _release(workspace, place / "new")
    ida.close()
    return workspace, items, old, new, names


def test_each_row_that_differs_is_named_with_what_explains_it(told: Any) -> None:
    workspace, items, old, new, names = told
    found = _compared(workspace, old, new)
    by = {item: (one.kind, one.why) for item, one in _by_item(found).items()}
    assert by == {
        items[0]: ("flipped", ("changed",)),
        items[2]: ("went", ("resolution",)),
        items[3]: ("flipped", ("resolution",)),
        items[4]: ("went", ("gold",)),
        items[6]: ("restated", ("changed",)),
        items[7]: ("went", ("changed",)),
        items[8]: ("went", ("policy",)),
        items[9]: ("restated", ("policy", "changed")),
        items[10]: ("came", ("labelled",)),
    }
    assert found.counts == {"came": 1, "went": 5, "flipped": 2, "moved": 0, "restated": 2}
    assert found.reasons == {
        "came": {"labelled": 1},
        "went": {"resolution": 1, "policy": 1, "withdrawn": 1, "changed": 1, "gold": 1},
        "flipped": {"resolution": 1, "changed": 1},
        "restated": {"policy": 1, "changed": 1},
    }
    assert (found.same, found.rewritten, found.withheld) == (1, 0, 1)  # Ada must judge again, blind, what she took back
    flipped = _by_item(found)[items[0]]
    assert flipped.before is not None
    assert flipped.after is not None
    assert (flipped.before.answer, flipped.after.answer) == ("compliant", "non_compliant")
    assert [(one.reason, one.entry, one.by) for one in flipped.because] == [("changed", names["changed"], "Ada")]
    assert [one.by for one in _by_item(found)[items[3]].because] == ["Ida"]
    line = (new / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines()[flipped.after.line - 1]
    assert json.loads(line)["reviewer_row"] == flipped.after.row
    assert [rule.name for rule in found.rules] == ["policies"]
    assert found.old.release is not None
    assert flipped.title.startswith("Refund order ")


def test_the_other_way_round_what_came_went_and_a_release_equals_itself(told: Any) -> None:
    workspace, _, old, new, _ = told
    back = _compared(workspace, new, old)
    assert (back.counts["came"], back.counts["went"], back.counts["flipped"]) == (5, 1, 2)
    same = _compared(workspace, old, old)
    assert (same.same, same.differences) == (10, ())


def test_the_same_rows_in_other_parts_have_moved_and_in_another_form_are_rewritten(told: Any, tmp_path: Path) -> None:
    workspace, _, _, new, _ = told
    parted = _release(workspace, tmp_path / "parted", split="0.5,0.5")
    found = _compared(workspace, new, parted)
    there = len((parted / "data" / "validation.jsonl").read_bytes().splitlines())
    assert {one.kind for one in found.differences} == {"moved"}
    assert (found.counts["moved"], found.reasons["moved"]) == (there, {"split": there})
    assert ("split", "1,0,0", "0.5,0.5,0") in found.rules
    outputs = _release(workspace, tmp_path / "chats", format_name="openai-chat")
    as_trl = _release(workspace, tmp_path / "trl", format_name="trl-prompt-completion")
    other = _compared(workspace, outputs, as_trl)
    assert (other.same, other.rewritten, other.differences) == (4, 4, ())


def test_other_weights_and_another_campaign_are_reasons_of_their_own(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "w", items=6)
    *agreed, torn = worlds.waiting(workspace)[:5]
    members.add_members(workspace, SILENT, names=["Ben", "Cy"])
    ben, cy = workspace.as_member("Ben"), workspace.as_member("Cy")
    for item in agreed:
        _say(workspace, item, "compliant")
    for who, verdict in ((workspace, "compliant"), (ben, "non_compliant"), (cy, "non_compliant")):
        _say(who, torn, verdict)
    ben.close()
    cy.close()
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t"))
    for item in worlds.waiting(workspace, campaign="D")[:2]:
        worlds.label(workspace, item, "non_compliant", campaign="D")
    plain, weighed = _release(workspace, tmp_path / "a"), _release(workspace, tmp_path / "b", aggregate="majority")
    found = _compared(workspace, plain, weighed)
    assert (found.same, found.counts["came"], found.reasons["came"]) == (4, 1, {"weighing": 1})
    assert [(rule.name, rule.old, rule.new) for rule in found.rules] == [("aggregate", "answer", "majority")]
    both = _compared(workspace, plain, _release(workspace, tmp_path / "c", "C", "D"))
    assert {one.why for one in both.differences} == {("campaign",)}


def test_a_preference_that_turned_is_flipped(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w")
    first, second = worlds.waiting(workspace)[:2]

    def prefer(item: ItemId, key: str) -> None:
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(), choice=Choice(prefer=key))

    prefer(first, "A")
    prefer(second, "A")
    old = _release(workspace, tmp_path / "old", format_name="trl-preference")
    prefer(first, "B")
    prefer(second, "tie")
    new = _release(workspace, tmp_path / "new", format_name="trl-reward")
    by = _by_item(_compared(workspace, old, new))
    assert {item: (one.kind, one.why) for item, one in by.items()} == {first: ("flipped", ("changed",)), second: ("went", ("changed",))}
    turned = by[first]
    assert turned.before is not None
    assert turned.after is not None
    assert turned.before.answer.split(" over ") == turned.after.answer.split(" over ")[::-1]


def test_what_cannot_be_compared_is_refused_in_words(told: Any, tmp_path: Path) -> None:
    workspace, _, old, new, _ = told
    with pytest.raises(NotFound, match="is not a release"):
        _compared(workspace, old, tmp_path)
    raw = _release(workspace, tmp_path / "raw", format_name="raw")
    with pytest.raises(Refused, match="Rows of trl-kto and of raw are not made of the same"):
        _compared(workspace, old, raw)
    changed = _release(workspace, tmp_path / "changed")
    lines = changed / "data" / "train.jsonl"
    lines.write_bytes(lines.read_bytes().replace(b"Done", b"DONE", 1))
    with pytest.raises(Damaged, match=r"data/train.jsonl of .* is not what its manifest says"):
        _compared(workspace, new, changed)
    (raw / "manifest.json").write_bytes((raw / "manifest.json").read_bytes().replace(b'"v":1', b'"v":2'))
    with pytest.raises(Damaged, match="It is not what was signed"):
        _compared(workspace, new, raw)
    stranger = worlds.ready(tmp_path / "other", items=1)
    with pytest.raises(Damaged, match=r"not one of this project|another project"):
        _compared(stranger, old, new)
    ida = workspace.as_member("Ida")
    with pytest.raises(NotAllowed):
        _compared(ida, old, new)
    ida.close()


def test_what_a_lead_must_still_judge_is_counted_and_not_listed(told: Any) -> None:
    workspace, items, old, new, _ = told
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Later", query="", seed="u"))
    worlds.label(workspace, items[0], campaign="Later")
    found = _compared(workspace, old, new)
    assert (sum(found.counts.values()), found.withheld, [one.item for one in found.differences]) == (10, 9, [items[0]])
