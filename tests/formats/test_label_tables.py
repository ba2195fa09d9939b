"""Labels as JSON lines, CSV and Parquet."""

import csv
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.errors import Refused
from reviewer.formats import label_tables, spreadsheets


def _row(**more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(label_tables.COLUMNS)
    return {**empty, "label": "l", "item": "i", "clauses": [], "spans": [], "steps": {}, "blind": True, "showing": 1, **more}


def _written(ending: str, *rows: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    writer = label_tables.writer(ending, stream)
    for row in rows:
        writer.write([row])
    writer.close()
    return stream.getvalue()


def _cells(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    (row,) = _cells(_written(".csv", _row(rationale=f"{start}1+1", reviewer=f"{start}x", verdict="compliant")))
    assert (row["rationale"], row["reviewer"], row["verdict"]) == (f"'{start}1+1", f"'{start}x", "compliant")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_any_text_comes_back_from_every_format(text: str) -> None:
    row = _row(rationale=text, omissions=[{"text": text}])
    assert json.loads(_written(".jsonl", row))["rationale"] == text
    table = pq.read_table(pa.BufferReader(_written(".parquet", row))).to_pylist()
    assert table[0]["rationale"] == text
    assert json.loads(table[0]["omissions"]) == [{"text": text}]
    (cells,) = _cells(_written(".csv", row))
    assert cells["rationale"] == spreadsheets.harmless(text)
    assert not cells["rationale"].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("ending", label_tables.ENDINGS)
def test_no_labels_make_a_valid_file(ending: str) -> None:
    content = _written(ending)
    if ending == ".csv":
        assert content.decode().strip().split(",") == list(label_tables.COLUMNS)
    elif ending == ".parquet":
        assert pq.read_table(pa.BufferReader(content)).num_rows == 0
    else:
        assert content == b""


def test_chunks_follow_each_other_and_types_stay() -> None:
    rows = [_row(label=str(n), duration_ms=n if n % 2 else None, in_force=bool(n % 2)) for n in range(4)]
    table = pq.read_table(pa.BufferReader(_written(".parquet", *rows)))
    assert table.column("duration_ms").to_pylist() == [None, 1, None, 3]
    assert [row["label"] for row in _cells(_written(".csv", *rows))] == ["0", "1", "2", "3"]
    lines = [json.loads(line) for line in _written(".jsonl", *rows).splitlines()]
    assert [line["duration_ms"] for line in lines] == [None, 1, None, 3]
    assert [line["in_force"] for line in lines] == [False, True, False, True]


@pytest.mark.parametrize("ending", ["", ".txt", ".json", ".xlsx"])
def test_other_endings_are_refused(ending: str) -> None:
    with pytest.raises(Refused):
        label_tables.checked_ending(ending)
    assert label_tables.checked_ending(".CSV") == ".csv"
