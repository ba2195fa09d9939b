"""Rows of a release as lines and as tables."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from reviewer.domain import items
from reviewer.domain.items import Item, Message
from reviewer.formats import release_lines, release_shapes, release_tables, turns
from reviewer.formats.release_lines import Line, Trace
from reviewer.formats.release_shapes import Columns, Judged

KTO = release_shapes.shape_of("trl-kto")
TRACE = Trace(reviewer_item="i", reviewer_campaigns=("c",), reviewer_labels=("l",), reviewer_blind=True)


def _said(role: str, text: str = "x") -> Message:
    return msgspec.convert({"role": role, "content": [{"type": "text", "text": text}]}, Message)


def _row() -> Line:
    item = Item(kind="completion", messages=(_said("user"), _said("assistant", "yes")), tools='[{"type":"function"}]')
    cut = turns.turn(items.encode(item))
    assert cut is not None
    columns = KTO.made(Judged(cut, True), "conversational")
    assert isinstance(columns, Columns)
    return release_lines.line(KTO, columns, release_lines.traced(TRACE))


def test_rows_fit_the_schema_and_come_back_from_it_the_same() -> None:
    row = _row()
    (back,) = release_tables.table(release_lines.lines([row.line]), release_tables.schema(KTO, "conversational")).to_pylist()
    assert (back["label"], back["tools"]) == (True, '[{"type":"function"}]')
    assert (back["reviewer_item"], back["reviewer_labels"], back["reviewer_row"]) == ("i", ["l"], row.id)
    said = [(message["role"], message["content"]) for message in back["prompt"] + back["completion"]]
    assert said == [("user", "x"), ("assistant", "yes")]
    assert set(msgspec.json.decode(row.line)["prompt"][0]) == {"role", "content"}


def test_a_table_that_finds_the_disk_full_says_so_with_the_number_of_that_error() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full to be the disk that is full")
    columns = release_tables.schema(KTO, "conversational")
    with pytest.raises(OSError, match="No space left") as met, release_tables.writer(full, columns) as writer:
        writer.write_table(release_tables.table(release_lines.lines([_row().line]), columns))
    assert met.value.errno == errno.ENOSPC


def test_arrow_takes_its_memory_from_the_system_and_gives_it_back() -> None:
    asked = "from reviewer.formats import release_tables; import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    without = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=without)
    assert done.stdout.strip() == "system"
