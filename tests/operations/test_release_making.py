"""The rows of a large release are made in other processes: the same rows, whatever becomes of these."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewer.domain.errors import Damaged
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.formats import release_shapes
from reviewer.formats.release_lines import Trace
from reviewer.formats.release_shapes import Left
from reviewer.operations import campaigns, labelling, release_making, release_material, releasing
from reviewer.operations.release_making import Draft, Target
from reviewer.storage.workspace import Workspace
from tests.runs import filled_workspace

KTO = release_shapes.shape_of("trl-kto")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Twelve runs, two of three of them compliant."""
    made = filled_workspace(tmp_path / "work", 12)
    campaigns.create_campaign(made, SILENT, rules=Campaign(name="a", query="", seed="a"))
    for place, pick in enumerate(campaigns.show_campaign(made, SILENT, campaign="a", with_items=True).value.items or ()):
        labelling.label_item(
            made, SILENT, campaign="a", item=pick.id, opinion=Opinion(verdict="compliant" if place % 3 else "non_compliant")
        )
    return made


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of their own for the fewest rows, in many batches."""
    monkeypatch.setattr(release_making, "FEW", 0)
    monkeypatch.setattr(release_making, "_AT_ONCE", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def _release(workspace: Workspace, out: Path, format_name: str, ticket: Ticket = SILENT) -> dict[str, bytes]:
    releasing.release_dataset(workspace, ticket, campaigns=["a"], out=out, format_name=format_name, split="0.5,0.5")
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def _while_writing(then: Callable[[], None]) -> Ticket:
    """Calls something at each step of the writing."""
    return Ticket(lambda progress: then() if progress.what == "Writing rows" else None)


@pytest.mark.parametrize("format_name", ["trl-kto", "trl-prompt-completion", "raw"])
def test_rows_made_beside_are_those_that_are_made_here(
    workspace: Workspace, tmp_path: Path, request: pytest.FixtureRequest, format_name: str
) -> None:
    here = _release(workspace, tmp_path / "here", format_name)
    request.getfixturevalue("beside")
    processes: list[int] = []
    told = _release(workspace, tmp_path / "beside", format_name, _while_writing(lambda: processes.append(len(_ours()))))
    assert set(processes) == {1}
    assert told == here
    assert len(told["data/train.jsonl"]) + len(told.get("data/test.jsonl", b"")) > 500
    assert not _ours()


@pytest.mark.usefixtures("beside")
def test_rows_are_made_here_where_the_system_ends_the_process(workspace: Workspace, tmp_path: Path) -> None:
    ended: list[int] = []

    def end() -> None:
        if not ended:
            ended.extend(_ours())
            os.kill(ended[0], signal.SIGKILL)

    told = _release(workspace, tmp_path / "ended", "trl-kto", _while_writing(end))
    assert len(ended) == 1
    assert told == _release(workspace, tmp_path / "whole", "trl-kto")


@pytest.mark.usefixtures("beside")
def test_stopping_leaves_neither_a_process_nor_a_folder(workspace: Workspace, tmp_path: Path) -> None:
    ticket = Ticket(lambda progress: _stop(progress))

    def _stop(progress: Progress) -> None:
        if progress.what == "Writing rows" and progress.done == 5:
            ticket.cancel()

    with pytest.raises(Cancelled):
        _release(workspace, tmp_path / "out", "trl-kto", ticket)
    assert not _ours()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["work", "work.jsonl"]


@pytest.mark.usefixtures("beside")
def test_what_goes_wrong_in_another_process_is_said_here_in_the_same_words(workspace: Workspace) -> None:
    trace = Trace(reviewer_item="0" * 64, reviewer_campaigns=(), reviewer_labels=(), reviewer_blind=True)
    draft = Draft(release_material.judged, (b"not packed",), (True, KTO), trace, Left("no_value"))
    target = Target(KTO, "conversational", grouped=False, images=False)
    said = []
    with release_making.making(12, KTO) as making:
        assert making is not release_making.HERE
        for maker in (making, release_making.HERE):
            with pytest.raises(Damaged) as met:
                list(release_making.made([draft], target, maker))
            said.append((met.value.what, met.value.hint, met.value.code))
    assert said[0] == said[1]


@pytest.mark.usefixtures("beside")
def test_images_inside_of_messages_are_read_by_the_process_that_can_open_them() -> None:
    with release_making.making(12, release_shapes.shape_of("openai-chat")) as making:
        assert making is release_making.HERE


def _ours() -> list[int]:
    return [one.pid for one in multiprocessing.active_children() if one.pid is not None]
