"""Comparisons built from items that answer the same prompt."""

from pathlib import Path

import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.items import Item
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.formats.intake import Options
from reviewer.operations import comparing, importing, members, searching
from reviewer.operations.comparing import Built
from reviewer.storage.workspace import Workspace
from tests import pairs, worlds


def _run(task: str, answer: str, *, model: str = "m", system: str = "Be fair.") -> Item:
    turns = (pairs.said("system", system), pairs.said("user", task), pairs.said("assistant", answer))
    return Item(kind="trajectory", agent="shop", model=model, messages=turns)


def _build(workspace: Workspace, **more: object) -> Built:
    return comparing.build_comparisons(workspace, SILENT, **more).value  # type: ignore[arg-type] # as the operation takes them


def _comparisons(workspace: Workspace) -> list[searching.Whole]:
    found = searching.search(workspace, SILENT, text="kind:comparison", limit=500).value
    return [searching.show_item(workspace, SILENT, item=row.id).value for row in found.rows]


def test_items_with_one_prompt_become_one_comparison_that_names_them(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "w")
    ids = worlds.put_in(workspace, [_run("a", "x", model="m1"), _run("a", "y", model="m2"), _run("b", "z"), _run("b", "z", model="m2")])
    built = _build(workspace)
    assert built == Built(items=4, groups=1, comparisons=1, added=1, known=0, alone=1, alike=1, apart=0)
    (whole,) = _comparisons(workspace)
    assert [message.role for message in whole.item.messages] == ["system", "user"]
    assert {one.model for one in whole.item.candidates} == {"m1", "m2"}
    assert whole.origin is not None
    named = searching.metadata_of(whole.origin)["items"]
    assert isinstance(named, dict)
    assert sorted(named.values()) == sorted(ids[:2])
    for one in whole.item.candidates:
        assert searching.show_item(workspace, SILENT, item=named[one.key]).value.item.model == one.model
    workspace.close()


def test_building_again_adds_nothing(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "w")
    worlds.put_in(workspace, [_run("a", f"{n}") for n in range(5)])
    first, second = _build(workspace), _build(workspace)
    assert (first.added, first.known) == (1, 0)
    assert (second.added, second.known) == (0, 1)
    workspace.close()


@pytest.mark.parametrize(("items", "most", "sizes"), [(9, 8, [4, 5]), (12, 8, [6, 6]), (3, 2, [2]), (5, 2, [2, 2]), (7, 3, [2, 2, 3])])
def test_more_outputs_than_fit_make_several_comparisons_of_about_one_size(items: int, most: int, sizes: list[int], tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "w")
    worlds.put_in(workspace, [_run("a", f"{n}") for n in range(items)])
    built = _build(workspace, most=most)
    assert sorted(len(whole.item.candidates) for whole in _comparisons(workspace)) == sizes
    assert built.alone == items - sum(sizes)
    workspace.close()


def test_a_group_is_split_where_its_items_do_not_begin_alike(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "w")
    worlds.put_in(workspace, [_run("a", "1"), _run("a", "2"), _run("a", "3", system="Other."), _run("a", "4", system="Third.")])
    built = _build(workspace, by=("metadata.score",))
    assert (built.comparisons, built.apart) == (1, 2)
    workspace.close()


def test_what_cannot_be_grouped_by_is_refused_and_only_a_lead_may_build(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="grouped by “size”"):
        _build(workspace, by=("size",))
    with pytest.raises(Refused, match="up to 9 outputs"):
        _build(workspace, most=9)
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    with pytest.raises(NotAllowed):
        _build(ben)
    ben.close()


def test_real_trials_of_a_task_are_compared(tmp_path: Path, real_data: Path) -> None:
    """35 tasks of tau-bench in four trials each."""
    workspace = worlds.make(tmp_path / "w")
    paths = [str(real_data / "tau-bench" / "historical_trajectories")]
    importing.import_files(workspace, SILENT, paths=paths, options=Options())
    trials = _build(workspace, asked="format:tau-bench", by=("metadata.task_id",))
    assert (trials.groups, trials.added, trials.alone) == (35, 35, 0)
    trial = _comparisons(workspace)[0]
    assert (len(trial.item.candidates), trial.item.messages[0].role) == (4, "system")
    assert trial.item.external_id is None  # a task's name would tell which items these were
    assert _build(workspace, asked="format:tau-bench", by=("metadata.task_id",)).added == 0
    workspace.close()


@pytest.mark.long
def test_real_models_on_a_prompt_are_compared(tmp_path: Path, real_data: Path) -> None:
    """450 prompts of XSTest, answered by three models: `pytest -m long tests/operations`."""
    workspace = worlds.make(tmp_path / "w")
    importing.import_files(workspace, SILENT, paths=[str(real_data / "xstest" / "model_completions")], options=Options())
    models = _build(workspace, asked="format:csv")
    assert (models.groups, models.added, models.alone) == (450, 450, 0)
    workspace.close()
