"""Texts that a data set is compared with."""

import json
from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.formats import reference_texts
from tests.runs import write_runs


def test_every_string_of_a_line_counts_but_names_instructions_and_tools(tmp_path: Path) -> None:
    row = {
        "prompt": [{"role": "system", "content": "The rules."}, {"role": "user", "content": "Refund it."}],
        "completion": [{"role": "assistant", "content": "Done.", "tool_calls": [{"id": "1", "function": {"arguments": "{}"}}]}],
        "label": True, "tools": "[]", "reviewer_item": "ab", "reviewer_labels": ["cd"],
    }  # fmt: skip
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n\n" + '"only a text"\n', encoding="utf-8")
    first, second = reference_texts.texts(tmp_path / "rows.jsonl")
    assert first == ("rows.jsonl:1", ("Refund it.", "Done.", "{}"), "ab", True)
    assert second == ("rows.jsonl:3", ("only a text",), None, None)


def test_records_of_any_format_that_is_read_count(tmp_path: Path) -> None:
    write_runs(tmp_path / "runs.jsonl", 3)
    (tmp_path / "runs.jsonl").rename(tmp_path / "runs.ndjson")
    found = list(reference_texts.texts(tmp_path / "runs.ndjson"))
    assert [one.where for one in found] == ["runs.ndjson:1", "runs.ndjson:2", "runs.ndjson:3"]
    assert all(len(one.pieces) > 2 for one in found)


def test_what_is_not_there_or_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is not there"):
        list(reference_texts.texts(tmp_path / "nowhere"))
    (tmp_path / "cut.jsonl").write_text('{"a": "b"}\n{"a": ', encoding="utf-8")
    with pytest.raises(Refused, match=r"Line 2 of cut\.jsonl is no JSON"):
        list(reference_texts.texts(tmp_path / "cut.jsonl"))
