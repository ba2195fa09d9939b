"""Tables with a column map."""

import csv
import gzip
import io
import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.items import Item, Message, Part, Role
from reviewer.formats import column_maps, intake
from reviewer.formats.column_maps import ColumnMap
from reviewer.formats.intake import Options, Skipped
from tests.contracts.format_contract import read
from tests.formats.real_runs import records

MAP = ColumnMap("completion", {"prompt": "Question", "completion": "Reply", "model": "Which"}, ("Note",))
# A small file of control characters is taken for a binary one.
CELLS = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n"), min_size=1, max_size=12).filter(
    lambda cell: cell.strip() != ""
)


def _said(role: Role, text: str) -> Message:
    return Message(role=role, content=(Part(type="text", text=text),))


@pytest.mark.parametrize("name", ["gpt4", "llama2orig", "mistralguard"])
def test_a_real_table_with_line_breaks_in_its_cells_is_read_whole(real_data: Path, name: str) -> None:
    (path,) = (real_data / "xstest/model_completions").glob(f"*{name}.csv.gz")
    found = records(path)
    assert len(found) == 450
    assert any("\n" in (part.text or "") for record in found for message in record.item.messages for part in message.content)
    for record in found:
        assert record.item.kind == "completion"
        assert [message.role for message in record.item.messages] == ["user", "assistant"]
        beside = json.loads(record.metadata)
        assert beside["agreement"] in ("TRUE", "FALSE")
        assert beside["final_label"].startswith(("1_", "2_", "3_"))


def test_a_rows_own_bytes_and_line_are_kept(real_data: Path) -> None:
    (path,) = (real_data / "xstest/model_completions").glob("*gpt4.csv.gz")
    content = gzip.decompress(path.read_bytes())
    for record in records(path):
        assert record.original in content
        assert record.line is not None
        assert content.split(b"\n")[record.line - 1].strip() == record.original.split(b"\n")[0].strip()


@pytest.mark.parametrize("path", ["crowd", "xstest/xstest_prompts.csv"])
def test_tables_that_hold_no_items_are_passed_over(real_data: Path, path: str) -> None:
    assert all(isinstance(one, Skipped) for one in intake.scan([str(real_data / path)]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5), st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_a_table_written_by_the_csv_module_is_read_as_written(
    tmp_path: Path, rows: list[tuple[str, str, str]], delimiter: str, line_end: str
) -> None:
    kept = io.StringIO()
    writer = csv.writer(kept, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([("Question", "Reply", "Note"), *rows])
    path = tmp_path / "table.csv"
    path.write_bytes(kept.getvalue().encode())
    wanted = ColumnMap("completion", {"prompt": "Question", "completion": "Reply"}, ("Note",))
    found, rejects = read(path, Options(format="csv", column_map=wanted))
    assert not rejects
    assert [record.item.messages for record in found] == [(_said("user", ask), _said("assistant", told)) for ask, told, _ in rows]
    assert [json.loads(record.metadata) for record in found] == [{"Note": note} for _, _, note in rows]


def test_a_map_from_a_file_says_which_column_is_which(tmp_path: Path) -> None:
    toml = tmp_path / "map.toml"
    toml.write_text(
        'kind = "completion"\n[columns]\nprompt = "Question"\ncompletion = "Reply"\nmodel = "Which"\n[metadata]\nkeep = ["Note"]\n'
    )
    assert column_maps.load(str(toml)) == MAP
    table = tmp_path / "table.csv"
    table.write_text("Question,Reply,Which,Note,Other\nwhy,so,m,n,o\n")
    assert isinstance(next(iter(intake.scan([str(table)]))), Skipped)
    (record,) = read(table, Options(column_map=MAP))[0]
    assert record.item == Item(kind="completion", messages=(_said("user", "why"), _said("assistant", "so")), model="m")
    assert record.metadata == '{"Note":"n"}'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kind = 'story'\n[columns]\nprompt='a'\ncompletion='b'", "story"),
        ("kind = 'completion'", "no [columns]"),
        ("[columns]\nprompt='a'\ncompletion='b'\ncolour='c'", "colour"),
        ("[columns]\ncompletion='a'", "neither"),
        ("[columns]\nprompt='a'\ncompletion='b'\n[metadata]\nkeep=7", "keep"),
        ("[columns]\nprompt=7\ncompletion='b'", "prompt names no column"),
        ("header=false\n[columns]\nprompt='a'", "prompt names no column"),
        ("header=false\n[columns]\nprompt=0", "prompt names no column"),
        ("header=3\n[columns]\nprompt='a'", "header"),
        ("file_name=3\n[columns]\nprompt='a'", "file_name"),
        ("[columns]\nprompt='a'\n[file_name]\nprompt='b*'", "prompt"),
        ("[columns]\nprompt='a'\n[file_name]\nmodel='b'", "pattern for model"),
        ("[columns]\nprompt='a'\n[file_name]\nmodel=[]", "pattern for model"),
        ("[columns]\nprompt='a'\nmodel='m'\n[file_name]\nmodel='b*'", "Both"),
        ("not toml", "TOML"),
        ("metadata = 3\n[columns]\nprompt='a'\ncompletion='b'", "keep"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_with_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(Refused) as caught:
        column_maps.load(str(path))
    assert says in caught.value.what
    assert caught.value.hint.endswith(".")


def test_a_map_file_that_is_not_there_is_said() -> None:
    with pytest.raises(NotFound):
        column_maps.load("/nowhere/map.toml")


def test_a_map_that_does_not_fit_names_the_column_that_is_missing(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("Question,Answer\nwhy not,so\n")
    (skipped,) = intake.scan([str(table)], Options(column_map=MAP))
    assert isinstance(skipped, Skipped)
    assert "“Reply”" in skipped.reason
    with pytest.raises(Refused, match="Reply"):
        read(table, Options(format="csv", column_map=MAP))


def test_parquet_keeps_messages_numbers_and_times(tmp_path: Path) -> None:
    path = tmp_path / "runs.parquet"
    rows = [
        {
            "messages": [{"role": "user", "content": "hi", "tool_calls": None}, {"role": "assistant", "content": "yo", "tool_calls": None}],
            "model": "m",
            "time": "2026-05-04T03:02:01Z",
            "score": score,
        }
        for score in (0.5, float("nan"), None)
    ]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    found, rejects = read(path)
    assert not rejects
    assert [json.loads(record.metadata)["score"] for record in found] == [0.5, None, None]
    assert found[0].item == Item(
        kind="trajectory", messages=(_said("user", "hi"), _said("assistant", "yo")), model="m", time="2026-05-04T03:02:01.000Z"
    )


def test_messages_as_json_text_in_a_cell_are_messages(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    cell = json.dumps([{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yo"}])
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("id", "messages"), ("a", cell)])
    (record,) = read(path)[0]
    assert record.item.messages == (_said("user", "hi"), _said("assistant", "yo"))
    assert record.item.external_id == "a"


def test_a_prompt_that_is_a_list_of_messages_comes_before_the_completion(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"prompt": [{"role": "system", "content": "s"}, {"role": "user", "content": "u v"}], "completion": "c d"}))
    (record,) = read(path)[0]
    assert [message.role for message in record.item.messages] == ["system", "user", "assistant"]


@pytest.mark.parametrize(
    ("columns", "row", "wanted"),
    [
        (("prompt", "completion"), ("what is it", "this one"), {"prompt": "prompt", "completion": "completion"}),
        (("Question", "Answer"), ("what is it", "this one"), {"prompt": "Question", "completion": "Answer"}),
        (("question", "worker", "answer"), ("17", "3", "1"), None),
        (
            ("instruction", "output", "model"),
            ("do it now", "done", "m"),
            {"prompt": "instruction", "completion": "output", "model": "model"},
        ),
        (("prompt", "completion", "time"), ("a b", "c", "12.5 s"), {"prompt": "prompt", "completion": "completion"}),
        (("text", "label"), ("a b", "c"), None),
        (("messages",), ('[{"role":"user","content":"x"}]',), {"messages": "messages"}),
        (("messages",), ("a b c",), None),
    ],
)
def test_a_map_is_guessed_from_names_and_first_values(
    columns: tuple[str, ...], row: tuple[str, ...], wanted: dict[str, str] | None
) -> None:
    guessed = column_maps.guess(columns, [dict(zip(columns, row, strict=True))])
    assert (None if guessed is None else dict(guessed.columns)) == wanted


def test_a_preview_shows_columns_rows_and_the_map_even_of_a_table_that_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Ask,Told\nwhy not,so\n" * 1 + "x,y\n")
    (shown,) = intake.preview([str(path)])
    assert (shown.format, shown.columns, shown.column_map) == (None, ("Ask", "Told"), None)
    assert shown.rows[0] == {"Ask": "why not", "Told": "so"}
    (shown,) = intake.preview([str(path)], Options(column_map=ColumnMap("completion", {"prompt": "Ask", "completion": "Told"})))
    assert (shown.format, len(shown.records)) == ("csv", 2)


def test_columns_without_a_header_are_counted_from_one(tmp_path: Path) -> None:
    path = tmp_path / "rows.txt"
    path.write_text("W1\tq1\t0\nW2\tq2\t1\nW3\tq3\n")
    column_map = column_maps.checked({"header": False, "columns": {"prompt": 2, "external_id": 2, "agent": 1}, "metadata": {"keep": "*"}})
    found, (reject,) = read(path, Options(column_map=column_map))
    assert [(record.item.external_id, record.item.agent, record.line) for record in found] == [("q1", "W1", 1), ("q2", "W2", 2)]
    assert json.loads(found[0].metadata) == {"3": "0"}
    assert (reject.line, reject.reason) == (3, "The row has 2 cells, the first one 3.")
    (skipped,) = intake.scan([str(path)], Options(column_map=column_map._replace(columns={"prompt": "4"})))
    assert isinstance(skipped, Skipped)
    assert "“4”" in skipped.reason


def test_a_question_without_an_answer_is_an_item_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "questions.csv"
    path.write_text("q\nsame thing?\n\n")
    ((record,), _) = read(path, Options(column_map=column_maps.checked({"columns": {"prompt": "q"}})))
    assert record.item == Item(kind="completion", messages=(_said("user", "same thing?"),))


def test_what_only_the_name_of_a_file_says_is_taken_from_it(tmp_path: Path) -> None:
    by_name = column_maps.checked({"columns": {"prompt": "q", "completion": "a"}, "file_name": {"model": ["by_*_v2", "by_*"]}})
    for name, model in (("by_m1.csv", "m1"), ("by_m.1_v2.csv.gz", "m.1"), ("other.csv", None)):
        path = tmp_path / name
        content = b"q,a\nwhy not,so\n"
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        (found,) = intake.scan([str(path)], Options(column_map=by_name))
        assert isinstance(found, Skipped) == (model is None)
        if isinstance(found, Skipped):
            assert "by_*_v2 or by_*" in found.reason
        else:
            assert [record.item.model for record in read(path, Options(column_map=by_name))[0]] == [model]
