"""What an import keeps of the records that it reads."""

import json
from pathlib import Path

from reviewer.domain.progress import SILENT
from reviewer.formats.format import Options
from reviewer.operations import importing, verifying
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Workspace
from tests.runs import chat_record


def test_of_two_records_of_one_item_in_one_batch_the_first_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    path.write_text("".join(json.dumps(chat_record(1, score=score)) + "\n" for score in (0.1, 0.2)))
    workspace = Workspace.create(tmp_path / "work", member="Ada")
    done = importing.import_files(workspace, SILENT, paths=[str(path)], options=Options()).value
    assert (done.added, done.known) == (1, 1)
    with workspace.read() as reading:
        (kept,) = item_rows.metadata_after(reading, 0, 10)
        assert json.loads(kept[2])["score"] == 0.1
        assert b"0.1" in item_rows.original(reading, kept[1])
    checked = verifying.verify(workspace, SILENT).value
    assert checked.ok, checked.problems
    workspace.close()
