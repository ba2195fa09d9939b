"""Files of labels, whatever they are."""

import csv
import hashlib
import json
import time
import zipfile
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.formats import label_files, label_maps
from reviewer.formats.companions import Sourced
from reviewer.formats.json_lines import Line
from reviewer.formats.label_files import Reading
from reviewer.formats.sources import Skipped
from tests.corpus.hostile_files import Hostile, hostile_files

_ROWS = [{"question": "q1", "worker": "W1", "answer": "0"}, {"question": "q2", "worker": "W,2", "answer": "1"}]
_TABLE = {
    "labels": [{"external_id": "question", "reviewer": "worker", "verdict": "answer"}],
    "values": {"verdict": {"0": "compliant", "1": "non_compliant"}},
}
MAP = Reading(label_map=label_maps.checked(_TABLE))
BY_PLACE = Reading(label_map=label_maps.checked({**_TABLE, "header": False, "labels": [{"reviewer": 2, "external_id": 1, "verdict": 3}]}))


def _lines(path: Path, reading: Reading = MAP) -> list[Line[Sourced]]:
    return [line for line in label_files.read(path, reading) if not isinstance(line, Skipped)]


def _said(lines: list[Line[Sourced]]) -> list[tuple[str | None, ...]]:
    found = [line.said.label for line in lines if line.said is not None]
    return [(one.external_id, one.reviewer, one.verdict) for one in found]


def _written(folder: Path, kind: str) -> Path:
    path = folder / f"answers.{kind}"
    if kind == "parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist([{**row, "answer": int(row["answer"])} for row in _ROWS]), path)
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in _ROWS))
    else:
        with path.open("w", newline="") as stream:
            rows = csv.DictWriter(stream, list(_ROWS[0]), delimiter="\t" if kind in ("tsv", "txt") else ",")
            rows.writeheader()
            rows.writerows(_ROWS)
    return path


@pytest.mark.parametrize("kind", ["csv", "tsv", "txt", "parquet", "jsonl"])
def test_a_table_says_the_same_whatever_it_is_stored_as(tmp_path: Path, kind: str) -> None:
    lines = _lines(_written(tmp_path, kind))
    assert _said(lines) == [("q1", "W1", "compliant"), ("q2", "W,2", "non_compliant")]
    assert len({line.said.sha256 for line in lines if line.said}) == 1


@pytest.mark.parametrize("kind", ["csv", "tsv", "txt"])
def test_columns_without_a_header_are_counted(tmp_path: Path, kind: str) -> None:
    path = _written(tmp_path, kind)
    path.write_bytes(path.read_bytes().split(b"\n", 1)[1])
    lines = _lines(path, BY_PLACE)
    assert _said(lines) == [("q1", "W1", "compliant"), ("q2", "W,2", "non_compliant")]
    assert [line.number for line in lines] == [1, 2]


def test_a_row_that_is_no_label_says_why_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("question,worker,answer\nq1,W1,0\nq2,W1\nq3,W1,maybe\nq4,W1,1\n")
    lines = _lines(path)
    assert [(line.number, line.said is not None) for line in lines] == [(2, True), (3, False), (4, False), (5, True)]
    assert "cells" in lines[1].problem
    assert "“maybe”" in lines[2].problem
    assert lines[2].raw == b"q3,W1,maybe"


def test_a_table_whose_columns_are_called_as_the_fields_needs_no_map(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("external_id,reviewer,verdict,note\nq1,Ben,unsure,x\n")
    assert not label_files.is_lines(path, Reading())
    assert _said(_lines(path, Reading())) == [("q1", "Ben", "unsure")]


def test_a_file_that_was_named_and_holds_no_labels_is_refused(tmp_path: Path) -> None:
    for name, content in (("a.csv", "a,b\n1,2\n"), ("b.txt", "words only\n"), ("c.csv", "")):
        path = tmp_path / name
        path.write_text(content)
        with pytest.raises(Refused) as caught:
            list(label_files.read(path, MAP))
        assert name in caught.value.what
    with pytest.raises(NotFound):
        list(label_files.read(tmp_path / "nowhere.csv", MAP))
    with pytest.raises(Refused, match="columns"):
        list(label_files.read(tmp_path / "a.csv", Reading()))


def test_in_an_archive_what_holds_no_labels_is_passed_over_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "answers.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("LICENSE", "answers.csv", "words.txt"):
            archive.writestr(name, _written(tmp_path, "csv").read_bytes() if name == "answers.csv" else "Words, and no table")
    found = list(label_files.read(path, MAP))
    assert [isinstance(one, Skipped) for one in found] == [True, False, False, True]
    assert {one.said.sha256 for one in found if isinstance(one, Line) and one.said} == {hashlib.sha256(path.read_bytes()).hexdigest()}


def test_in_a_folder_what_holds_no_labels_is_named_and_passed_over(tmp_path: Path) -> None:
    _written(tmp_path, "csv")
    (tmp_path / "LICENSE").write_text("Do as you like.\n")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    found = list(label_files.read(tmp_path, MAP))
    assert [Path(one.path).name for one in found if isinstance(one, Skipped)] == ["LICENSE", "other.csv"]
    assert len([one for one in found if isinstance(one, Line)]) == 2


def test_a_table_that_breaks_off_says_so_in_its_last_line(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "answers.csv.gz"
    content = gzip.compress(b"question,worker,answer\n" + b"".join(b"q%d,W1,0\n" % n for n in range(200_000)), mtime=0)
    path.write_bytes(content[: len(content) // 2])
    lines = _lines(path)
    assert lines[-1].said is None
    assert lines[-1].problem
    assert len(lines) > 1000


ANY_TWO = Reading(label_map=label_maps.checked({"header": False, "labels": [{"external_id": 1, "verdict": 2}]}))


@pytest.mark.parametrize("case", hostile_files(), ids=lambda case: case.name)
def test_of_a_hostile_file_no_label_is_made_and_nothing_breaks(case: Hostile, tmp_path: Path) -> None:
    path = tmp_path / case.name
    path.write_bytes(case.content)
    began = time.process_time()
    for reading in (ANY_TWO, Reading(), Reading(format="who-and-when")):
        for line in label_files.read(tmp_path, reading):
            assert isinstance(line, Skipped) or line.said is None or line.said.label.verdict is None
            assert isinstance(line, Skipped) or line.said is not None or line.problem
    assert time.process_time() - began < 10
