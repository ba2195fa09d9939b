"""Preferences: recorded, counted, exported and imported, kept by a rebuild, and taken out as rows to train on."""

from pathlib import Path

import msgspec
import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign, Preference
from reviewer.domain.labels import Opinion
from reviewer.domain.preferences import Choice
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, exporting, label_imports, labelling, members, queues, searching, verifying
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import preferred
from reviewer.storage.workspace import Workspace
from tests import pairs, worlds


def _prefer(workspace: Workspace, item: str, choice: Choice, **said: object) -> labelling.Recorded:
    opinion = Opinion(**said)  # type: ignore[arg-type] # fields of an opinion
    return labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion, choice=choice).value


def _preference(workspace: Workspace, item: str) -> Preference:
    (said,) = searching.show_item(workspace, SILENT, item=item).value.labels
    assert said.label.preference is not None
    return said.label.preference


def test_a_campaign_for_preferences_asks_about_comparisons_alone(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w")
    standing = campaigns.show_campaign(workspace, SILENT, campaign="C").value
    assert (standing.population, standing.rules.query) == (6, "kind:comparison")
    made = Campaign(name="D", query="agent:shop or agent:claims", question="preference", seed="s")
    assert campaigns.create_campaign(workspace, SILENT, rules=made).value.population == 6
    with pytest.raises(Refused, match="No item matches"):
        campaigns.create_campaign(workspace, SILENT, rules=msgspec.structs.replace(made, name="E", query="kind:trajectory"))
    with pytest.raises(Refused, match="Known answers are verdicts"):
        campaigns.create_campaign(workspace, SILENT, rules=msgspec.structs.replace(made, name="E", gold="0.1"))
    workspace.close()


def test_a_label_keeps_the_order_in_which_its_author_saw_the_candidates(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", outputs=4)
    (up,) = queues.next_items(workspace, SILENT, campaign="C").value
    order = tuple(one.key for one in up.item.candidates)
    assert {one.model for one in up.item.candidates} == {None}
    _prefer(workspace, up.id, Choice(rank="B,A=D,C"))
    said = _preference(workspace, up.id)
    assert (said.ranking, said.order_shown) == ((("B",), ("A", "D"), ("C",)), order)
    workspace.close()


def test_two_members_see_the_candidates_of_some_items_in_different_orders(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", items=12, outputs=4)
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    mine, theirs = (
        {one.id: [c.key for c in one.item.candidates] for one in queues.next_items(who, SILENT, campaign="C", limit=12).value}
        for who in (workspace, ben)
    )
    assert mine.keys() == theirs.keys()
    assert sum(mine[item] != theirs[item] for item in mine) >= 6
    ben.close()
    workspace.close()


@pytest.mark.parametrize(
    ("opinion", "what"),
    [
        (Opinion(), "No preference was given"),
        (Opinion(verdict="compliant"), "not for a verdict"),
        (Opinion(preference=Preference((("A",),), "clear", False, ())), "leaves out B"),
    ],
)
def test_what_a_campaign_for_preferences_does_not_ask_for_is_refused(opinion: Opinion, what: str, tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w")
    with pytest.raises(Refused, match=what):
        labelling.label_item(workspace, SILENT, campaign="C", item=worlds.waiting(workspace)[0], opinion=opinion)
    workspace.close()


def test_a_campaign_for_verdicts_takes_no_preference(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    with pytest.raises(Refused, match="no outputs to compare"):
        _prefer(workspace, item, Choice(prefer="A"))
    said = Preference((("A",), ("B",)), "clear", False, ())
    with pytest.raises(Refused, match="does not ask which output is better"):
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(verdict="compliant", preference=said))


def test_steps_of_a_candidate_are_marked_by_its_key_and_no_others(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w")
    item = worlds.waiting(workspace)[0]
    for wrong in ("A/3", "C/1", "9"):
        with pytest.raises(Refused, match="is not a step"):
            _prefer(workspace, item, Choice(prefer="A"), steps={wrong: "bad"})
    _prefer(workspace, item, Choice(prefer="A"), steps={"A/2": "bad", "B/1": "good"})
    (said,) = searching.show_item(workspace, SILENT, item=item).value.labels
    assert said.label.steps == {"A/2": "bad", "B/1": "good"}
    workspace.close()


def test_a_campaign_counts_the_orders_on_which_its_members_agree(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", overlap=2)
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    same, other, *_ = worlds.waiting(workspace)
    for who, choice in ((workspace, Choice(prefer="A")), (ben, Choice(prefer="A", strength="slight"))):
        _prefer(who, same, choice)
    for who, choice in ((workspace, Choice(prefer="A")), (ben, Choice(prefer="tie"))):
        _prefer(who, other, choice)
    standing = campaigns.show_campaign(workspace, SILENT, campaign="C", with_items=True).value
    assert (standing.complete, standing.answered, standing.open, standing.unsure) == (2, 1, 5, 0)
    assert {one.id: one.answer for one in standing.items or ()}[same] == "A,B"
    ben.close()
    workspace.close()


def _answers(workspace: Workspace) -> list[preferred.Answered]:
    with workspace.read() as reading:
        return list(preferred.answers(reading, campaign_rows.named(reading, "C")))


def test_preferences_survive_a_rebuild_and_an_undo_brings_them_back_as_a_draft(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w")
    first, second, *_ = worlds.waiting(workspace)
    _prefer(workspace, first, Choice(prefer="both_bad"))
    _prefer(workspace, second, Choice(prefer="B", strength="slight"))
    undone = labelling.undo_label(workspace, SILENT).value
    assert undone.opinion.preference is not None
    assert undone.opinion.preference.ranking == (("B",), ("A",))
    before = _answers(workspace)
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok
    assert _answers(workspace) == before
    assert [(one.item, one.preference is not None and one.preference.both_bad) for one in before] == [(first, True)]
    workspace.close()


def test_exported_preferences_go_in_again_as_they_were(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", outputs=3)
    for item, choice in zip(worlds.waiting(workspace), (Choice(prefer="A"), Choice(rank="C,A=B"), Choice(prefer="tie")), strict=False):
        _prefer(workspace, item, choice, rationale="Because é.")
    for ending in (".jsonl", ".csv", ".parquet"):
        path = tmp_path / f"labels{ending}"
        exporting.export_labels(workspace, SILENT, path=path)
        done = label_imports.import_labels(workspace, SILENT, path=path, campaign="C").value
        assert (done.known, done.added, done.rejected) == (3, 0, 0), ending
    workspace.close()
