"""The list of formats."""

import json
from pathlib import Path

from reviewer.formats import intake, registry
from reviewer.formats.column_maps import ColumnMap
from reviewer.formats.intake import Found, Options, Skipped


def test_names_are_short_unique_and_described() -> None:
    names = [known.name for known in registry.formats()]
    assert len(set(names)) == len(names)
    assert all(known.description and known.version >= 1 for known in registry.formats())
    assert {named.name for named in registry.writes} >= {"jsonl", "csv", "parquet", "trl-kto"}


def test_a_format_that_cannot_be_tried_on_a_file_passes_it_over(real_data: Path) -> None:
    (path,) = (real_data / "inspect-ai").rglob("log_formats.eval")
    (found,) = intake.scan([str(path)], Options(format="openai-chat"))
    assert found == Skipped(str(path), "This is no file of the format openai-chat.")


def test_a_map_that_was_given_goes_before_what_a_file_looks_like(tmp_path: Path) -> None:
    row = {"messages": [{"role": "user", "content": "x"}], "ask": "what is it", "tell": "this"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    for column_map, name in ((None, "openai-chat"), (ColumnMap("completion", {"prompt": "ask", "completion": "tell"}), "jsonl")):
        (found,) = intake.scan([str(tmp_path)], Options(column_map=column_map))
        assert isinstance(found, Found)
        assert found.format == name


def test_real_files_of_other_programs_are_not_taken_for_ours(real_data: Path) -> None:
    for folder in ("langfuse", "openinference", "otel-genai", "langsmith", "agent-logs", "swe-agent"):
        assert not [one.path for one in intake.scan([str(real_data / folder)]) if isinstance(one, Found)]
