"""A preview shows what would be written, and writes nothing."""

from pathlib import Path

import pytest

from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import SILENT
from reviewer.operations import release_previews, releasing
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.operations.test_release_images import seeing as seeing


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Twelve items, nine of them labelled, one of these unsure."""
    made = worlds.ready(tmp_path / "work")
    for place, item in enumerate(worlds.waiting(made)[:9]):
        worlds.label(made, item, "unsure" if place == 8 else "non_compliant" if place % 3 == 0 else "compliant")
    return made


def test_a_preview_counts_and_shows_exactly_what_is_written_then(workspace: Workspace, tmp_path: Path) -> None:
    seen = release_previews.preview_release(workspace, SILENT, campaigns=["C"], split="0.5,0.3,0.2", rows=100).value
    with workspace.read() as reading:
        assert reading.row("SELECT count(*) FROM departure") == (0,)
    done = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "out", split="0.5,0.3,0.2").value
    assert (seen.counts, seen.dropped, seen.warnings) == (done.rows, done.dropped, done.warnings)
    written = {part: (tmp_path / "out" / "data" / f"{part}.jsonl").read_bytes().splitlines() for part, rows in done.rows.items() if rows}
    shown = {part: [row.line for row in seen.rows if row.part == part] for part in written}
    assert shown == written
    assert seen.audited is not None
    assert seen.audited.items == 8


def test_the_first_rows_alone_are_there_without_counting_the_rest(workspace: Workspace) -> None:
    seen = release_previews.preview_release(workspace, SILENT, campaigns=["C"], rows=2, whole=False).value
    assert (len(seen.rows), seen.counts, seen.audited) == (2, None, None)
    few = release_previews.preview_release(workspace, SILENT, campaigns=["C"], rows=20, whole=False).value
    assert few.counts == {"train": 8, "validation": 0, "test": 0}


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        ({"format_name": "nonsense"}, "format"),
        ({"format_name": "trl-stepwise", "form": "conversational"}, "form"),
        ({"split": "0.5,0.6"}, "split"),
        ({"aggregate": "glad"}, "aggregate"),
        ({"aggregate": "majority", "min_confidence": "2"}, "min_confidence"),
        ({"campaigns": ["nobody's"]}, "campaigns"),
        ({"against": Path("/nowhere/at/all.jsonl")}, "against"),
    ],
)
def test_what_cannot_be_is_refused_about_its_field(workspace: Workspace, asked: dict[str, object], about: str) -> None:
    with pytest.raises(ReviewerError) as refused:
        release_previews.preview_release(workspace, SILENT, **{"campaigns": ["C"], **asked})  # type: ignore[arg-type] # by cases
    assert refused.value.about == about


def test_a_place_that_is_taken_is_refused_about_the_folder(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(ReviewerError) as refused:
        releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "full")
    assert refused.value.about == "out"
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_a_preview_meets_images_as_writing_does(seeing: tuple[Workspace, list[str]], tmp_path: Path) -> None:
    workspace, _ = seeing
    seen = release_previews.preview_release(workspace, SILENT, campaigns=["C"], rows=100).value
    done = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "out").value
    assert (seen.counts, seen.dropped) == (done.rows, done.dropped)
    assert done.dropped["media"]
    assert [row.line for row in seen.rows] == (tmp_path / "out" / "data" / "train.jsonl").read_bytes().splitlines()
