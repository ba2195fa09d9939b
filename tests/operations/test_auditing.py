"""An audit says what labels would teach before a release is written, and a release says the same and keeps groups together."""

import json
import random
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reviewer.domain.candidates import shown_order
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part
from reviewer.domain.labels import Opinion
from reviewer.domain.preferences import Choice
from reviewer.domain.progress import SILENT, Cancelled, Ticket
from reviewer.domain.shortcuts import Features
from reviewer.operations import audit_rows, auditing, campaigns, label_imports, labelling, members, releasing
from reviewer.operations.audit_findings import Finding
from reviewer.operations.auditing import Audited
from reviewer.storage import items as item_rows
from reviewer.storage.audited import Around
from reviewer.storage.workspace import Workspace
from tests import pairs, worlds
from tests.storage.test_queues import gold

_WORDS = ["".join(letters) for letters in product("bdfklmn", "aeiou", "grst", "ou")]


def _run(number: int, chance: random.Random, *, words: int, question: str = "", answer: str = "") -> Item:
    asked, told = question or " ".join(chance.choices(_WORDS, k=12)), answer or " ".join(chance.choices(_WORDS, k=words))
    return Item(
        kind="trajectory", agent="shop", model="model-a", external_id=f"run-{number}",
        messages=tuple(
            Message(role=role, content=(Part(type="text", text=text),))  # type: ignore[arg-type] # one of the roles
            for role, text in (("system", "Refund within 30 days."), ("user", asked), ("assistant", told))
        ),
    )  # fmt: skip


def _labelled(folder: Path, made: Sequence[Item], verdicts: Sequence[str], **more: Any) -> Workspace:
    """A workspace with these items in the campaign C, each with a label."""
    workspace = worlds.make(folder / "w")
    ids = worlds.put_in(workspace, made)
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    said = [{"item": item, "verdict": verdict, **more} for item, verdict in zip(ids, verdicts, strict=True)]
    path = folder / "labels.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in said), encoding="utf-8")
    assert label_imports.import_labels(workspace, SILENT, path=path, campaign="C").value.rejected == 0
    return workspace


def _audit(workspace: Workspace, **more: Any) -> Audited:
    return auditing.audit_release(workspace, SILENT, names=["C"], **more).value


def _found(audited: Audited, check: str) -> list[Finding]:
    return [one for one in audited.findings if one.check == check]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """120 runs of which the long ones were nearly always called non-compliant."""
    chance = random.Random(1)
    lengths = [chance.randint(10, 60) for _ in range(120)]
    verdicts = ["non_compliant" if (words > 35) != (chance.random() < 0.1) else "compliant" for words in lengths]
    runs = [_run(n, chance, words=words) for n, words in enumerate(lengths)]
    return _labelled(tmp_path_factory.mktemp("planted"), runs, verdicts)


def test_a_planted_shortcut_is_named_with_its_interval_and_what_to_do(planted: Workspace) -> None:
    audited = _audit(planted)
    assert audited.labels is not None
    first = audited.labels.alone[0]
    assert (first.feature in ("characters", "words"), first.more, first.risky) == (True, False, True)
    warned = _found(audited, "shortcuts")[0]
    assert warned.level == "warning"
    assert "by itself (AUC 0." in warned.found
    assert "the compliant output is shorter. A model may learn that instead of the policy." in warned.found
    assert warned.todo.startswith("Add compliant items whose output is longer")
    assert audited.findings[0].level == "warning"


def test_a_release_gives_the_warnings_of_its_audit_and_its_card_does_not_change_for_them(planted: Workspace, tmp_path: Path) -> None:
    done = releasing.release_dataset(planted, SILENT, campaigns=["C"], out=tmp_path / "out").value
    assert any("A model may learn that instead" in warning for warning in done.warnings)
    assert "A model may learn" not in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_labels_that_follow_nothing_give_no_warning(tmp_path: Path) -> None:
    chance = random.Random(2)
    runs = [_run(n, chance, words=chance.randint(10, 60)) for n in range(120)]
    audited = _audit(_labelled(tmp_path, runs, [chance.choice(["compliant", "non_compliant"]) for _ in runs]))
    assert audited.warnings() == ()
    (said,) = _found(audited, "shortcuts")
    assert said.level == "fine"
    assert said.found.startswith("Nothing predicts the label strongly by itself: the strongest is ")
    assert said.found.endswith("120 rows.")


def test_near_duplicates_stay_together_and_opposite_answers_to_them_are_shown(tmp_path: Path) -> None:
    chance = random.Random(3)
    texts = [" ".join(chance.choices(_WORDS, k=60)) for _ in range(80)]
    runs = [_run(2 * n, chance, words=0, question=f"Question {n} {texts[n]}", answer=texts[40 + n]) for n in range(40)]
    runs += [_run(2 * n + 1, chance, words=0, question=f"question {n}: {texts[n]}!", answer=f"{texts[40 + n]} indeed") for n in range(40)]
    workspace = _labelled(tmp_path, runs, ["compliant"] * 79 + ["non_compliant"])
    audited = _audit(workspace, split="0.5,0.25,0.25")
    assert len(audited.duplicates.groups) == 40
    assert audited.duplicates.would_cross > 5
    (opposed,) = _found(audited, "opposed_duplicates")
    assert opposed.found == "1 pairs of near-duplicates have opposite answers."
    assert len(opposed.items) == 2
    assert sum(n for _, n in audited.parts.values()) == 80
    assert len(audited.parts) > 1
    releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "out", split="0.5,0.25,0.25")
    parts: dict[str, str] = {}
    for path in (tmp_path / "out" / "data").glob("*.jsonl"):
        parts |= {json.loads(line)["reviewer_item"]: path.stem for line in path.read_text(encoding="utf-8").splitlines()}
    assert {len({parts[item] for item in group}) for group in audited.duplicates.groups} == {1}
    counted = {part: sum(where == part for where in parts.values()) for part in set(parts.values())}
    assert counted == {part: n for part, (_, n) in audited.parts.items()}


def test_gold_that_stands_in_the_rows_is_found(tmp_path: Path) -> None:
    chance = random.Random(4)
    runs = [_run(n, chance, words=40) for n in range(30)]
    workspace = _labelled(tmp_path, runs, ["compliant", "non_compliant"] * 15)
    copy = Message(role="assistant", content=(Part(type="text", text=f"{runs[0].messages[-1].content[0].text} Bye."),))
    copied = Item(kind="trajectory", agent="other", messages=(*runs[0].messages[:-1], copy))
    outside = worlds.put_in(workspace, [copied, _run(99, chance, words=40)], file="gold.jsonl")
    gold(workspace, *outside, campaign="C")
    (seen,) = _found(_audit(workspace), "gold_seen")
    assert seen.level == "warning"
    assert seen.found.startswith("1 of 2 gold items stand in these rows all the same")
    assert seen.items == (outside[0],)


def test_an_earlier_release_and_a_benchmark_are_looked_for(planted: Workspace, tmp_path: Path) -> None:
    releasing.release_dataset(planted, SILENT, campaigns=["C"], out=tmp_path / "earlier")
    before = _audit(planted, against=tmp_path / "earlier")
    (shared,) = _found(before, "seen_items")
    assert shared.found == "120 items of earlier are in these rows too; 0 of them changed their label."
    assert before.seen is not None
    assert len(before.seen.seen) == 120
    line = json.loads((tmp_path / "earlier" / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines()[0])
    benchmark = tmp_path / "benchmark.jsonl"
    asked = [
        {"question": line["prompt"][-1]["content"], "answer": line["completion"][0]["content"]},
        {"question": "Something else that nobody ever asked an agent.", "answer": "No."},
    ]
    benchmark.write_text("".join(json.dumps(one) + "\n" for one in asked), encoding="utf-8")
    (seen,) = _found(_audit(planted, against=benchmark), "seen")
    assert seen.level == "warning"
    assert "1 of 2 texts of benchmark.jsonl stand in these rows" in seen.found
    assert "benchmark.jsonl:1" in seen.found


def test_what_cannot_be_compared_with_is_refused(planted: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is not there"):
        _audit(planted, against=tmp_path / "nowhere")
    (tmp_path / "broken.jsonl").write_text("{no", encoding="utf-8")
    with pytest.raises(Refused, match=r"Line 1 of broken\.jsonl is no JSON"):
        _audit(planted, against=tmp_path / "broken.jsonl")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    with pytest.raises(Refused, match=r"picture\.png cannot be compared with"):
        _audit(planted, against=tmp_path / "picture.png")


def test_nothing_answered_is_refused_and_an_audit_can_be_stopped(planted: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No item of “C” has an answer yet"):
        _audit(worlds.ready(tmp_path / "w"))
    ticket = Ticket(lambda _: ticket.cancel())
    with pytest.raises(Cancelled):
        auditing.audit_release(planted, ticket, names=["C"])


def test_a_clause_that_is_broken_often_has_an_audit_of_its_own() -> None:
    """Sixty compliant rows, forty that break 4.1, five that break 4.2: the few are not asked about."""
    good = np.array([True] * 60 + [False] * 45)
    cited = [frozenset[str]()] * 60 + [frozenset({"retail:4.1"})] * 40 + [frozenset({"retail:4.2"})] * 5
    around = tuple(Around(frozenset({"Ada"}), frozenset({9}), clauses) for clauses in cited)
    rows = audit_rows.Labelled((), good, np.arange(105), Features({}), around, None)
    ((clause, which),) = audit_rows.by_clause(rows)
    assert (clause, int(which.sum()), int((which & ~good).sum())) == ("retail:4.1", 100, 40)


def test_preferences_that_follow_the_place_are_warned_of(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", items=40)
    for item in worlds.waiting(workspace):
        with workspace.read() as reading:
            keys = tuple(one.key for one in item_rows.get(reading, item).item.candidates)
        first = shown_order("s", item, workspace.member, keys)[0]
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(), choice=Choice(prefer=first))
    audited = _audit(workspace)
    assert audited.position is not None
    assert (audited.position.first, audited.position.n) == (40, 40)
    (place,) = _found(audited, "position")
    assert place.level == "warning"
    assert "stood first in 40 of 40 labels (100%" in place.found
    assert audited.pairs is not None
    assert audited.pairs.items == 40
    assert audited.contradictions == (0, 0, 0)
    assert audited.labels is None


def test_who_follows_the_place_is_found_by_pairs_that_another_saw_the_other_way_round(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", items=60, overlap=2)
    members.add_members(workspace, SILENT, names=["Ben"])
    people = (workspace, workspace.as_member("Ben"))
    turned = 0
    for item in worlds.waiting(workspace):
        with workspace.read() as reading:
            keys = tuple(one.key for one in item_rows.get(reading, item).item.candidates)
        orders = [shown_order("s", item, who.member, keys) for who in people]
        turned += orders[0] != orders[1]
        for who, order in zip(people, orders, strict=True):
            labelling.label_item(who, SILENT, campaign="C", item=item, opinion=Opinion(), choice=Choice(prefer=order[0]))
    assert 15 < turned < 45
    (found,) = _found(_audit(workspace), "swapped")
    assert found.level == "warning"
    assert found.found.startswith(
        f"Of {turned} pairs of answers that saw the same two outputs the other way round, 0 chose the same output, {turned} whichever "
        "stood first and 0 whichever stood last (exact p = "
    )
    for who in people:
        who.close()
