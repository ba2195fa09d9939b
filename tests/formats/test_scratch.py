"""What is set aside on disk while it is imported: it reads back from anywhere, and its file tells nothing."""

import io
import os
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.progress import SILENT
from reviewer.formats.format import Options
from reviewer.formats.scratch import Scratch
from reviewer.operations import importing
from reviewer.storage.items import Prepared
from reviewer.storage.workspace import Workspace
from tests.clear_text import files_with
from tests.runs import write_runs


@given(st.lists(st.binary(max_size=100)), st.lists(st.tuples(st.integers(0, 500), st.integers(0, 200))))
def test_it_reads_back_from_anywhere(chunks: list[bytes], looks: list[tuple[int, int]]) -> None:
    scratch = Scratch()
    for chunk in chunks:
        scratch.write(chunk)
    whole = b"".join(chunks)
    with scratch.reader() as reader:
        assert reader.read() == whole
        for start, length in looks:
            reader.seek(start)
            assert reader.read(length) == whole[start : start + length]
        assert reader.seek(0, os.SEEK_END) == len(whole) == scratch.size
    scratch.close()


def test_an_archive_is_read_in_it_and_nothing_lies_in_clear(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "a text that is in the archive as it is")
    scratch = Scratch()
    scratch.write(packed.getvalue())
    with scratch.reader() as reader, zipfile.ZipFile(reader) as archive:
        assert archive.read("a.txt") == b"a text that is in the archive as it is"
        assert files_with([tmp_path], [packed.getvalue()]) == []
    plain = (tmp_path / "removed").open("wb+", buffering=0)
    (tmp_path / "removed").unlink()
    plain.write(packed.getvalue())
    assert len(files_with([tmp_path], [packed.getvalue()])) == 1, "the control: a file in clear is found, though it is removed"
    plain.close()
    scratch.close()


def test_standard_input_is_imported_without_a_file_in_clear(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_runs(tmp_path / "runs.jsonl", 30)
    seen: list[str] = []
    whole = importing.add_batch

    def look(*given: object, **how: object) -> list[Prepared]:
        seen.extend(files_with([], ["Please refund order W17, it arrived broken."]))
        return whole(*given, **how)  # type: ignore[arg-type] # as it was called

    monkeypatch.setattr(importing, "add_batch", look)
    with source.open() as stream:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stream.read().encode())))
    report = importing.import_files(workspace, SILENT, paths=["-"], options=Options()).value
    assert report.added == 30
    assert seen == []
