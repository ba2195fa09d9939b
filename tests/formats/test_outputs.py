"""From outputs to comparisons: what is shared is the prompt, what was preferred does not show, bad records are refused in words."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.items import text_of
from reviewer.domain.records import Record
from reviewer.formats import column_maps, outputs
from reviewer.formats.intake import Options
from tests.contracts.format_contract import read


def _chat(*turns: tuple[str, str]) -> list[dict[str, str]]:
    return [{"role": role, "content": content} for role, content in turns]


def _read(folder: Path, *rows: dict[str, Any]) -> tuple[list[Record], list[str]]:
    path = folder / "pairs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    records, rejects = read(path)
    return records, [reject.reason for reject in rejects]


def _one(folder: Path, row: dict[str, Any]) -> Record:
    (record,), rejects = _read(folder, row)
    assert not rejects
    return record


def _texts(record: Record, key: str) -> list[str]:
    (found,) = [one for one in record.item.candidates if one.key == key]
    return [text_of(message) for message in found.messages]


def _by_side(record: Record, better: str = "chosen", worse: str = "rejected") -> tuple[list[str], list[str]]:
    beside = json.loads(record.metadata)
    return _texts(record, beside[better]), _texts(record, beside[worse])


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "Hi", "chosen": "Good.", "rejected": "Bad."},
        {"prompt": _chat(("user", "Hi")), "chosen": _chat(("assistant", "Good.")), "rejected": _chat(("assistant", "Bad."))},
        {"chosen": _chat(("user", "Hi"), ("assistant", "Good.")), "rejected": _chat(("user", "Hi"), ("assistant", "Bad."))},
        {"prompt": "Hi", "chosen": _chat(("user", "Hi"), ("assistant", "Good.")), "rejected": _chat(("user", "Hi"), ("assistant", "Bad."))},
        {"chosen": "\n\nHuman: Hi\n\nAssistant: Good.", "rejected": "\n\nHuman: Hi\n\nAssistant: Bad."},
    ],
)
def test_every_spelling_of_a_pair_is_one_comparison(row: dict[str, Any], tmp_path: Path) -> None:
    record = _one(tmp_path, row)
    assert record.item.kind == "comparison"
    assert [(message.role, text_of(message)) for message in record.item.messages] == [("user", "Hi")]
    assert _by_side(record) == (["Good."], ["Bad."])
    assert {message.role for one in record.item.candidates for message in one.messages} == {"assistant"}


def test_texts_without_a_prompt_are_cut_where_trl_cuts_them(tmp_path: Path) -> None:
    record = _one(tmp_path, {"chosen": "The sky is blue.", "rejected": "The sky is green."})
    assert [text_of(message) for message in record.item.messages] == ["The sky is"]
    assert _by_side(record) == ([" blue."], [" green."])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"prompt": "Hi", "chosen": "", "rejected": "x"}, "The output “chosen” is empty."),
        ({"prompt": "Hi", "chosen": "x", "rejected": None}, "The output “rejected” is empty."),
        ({"prompt": "Hi", "chosen": [], "rejected": "x"}, "The output “chosen” is empty."),
        ({"prompt": "Hi", "chosen": _chat(("user", "Hi")), "rejected": "x"}, "The output “chosen” is empty."),
        ({"prompt": "Hi", "chosen": "x", "rejected": "x"}, "The outputs are the same: there is nothing to compare."),
        ({"chosen": "Yes.", "rejected": "No."}, "There is no prompt, and the outputs do not begin alike."),
        (
            {"chosen": _chat(("user", "a"), ("assistant", "b")), "rejected": _chat(("user", "c"), ("assistant", "d"))},
            "There is no prompt, and the dialogues share no turn at their beginning.",
        ),
        ({"chosen": "\n\nHuman: Hi\n\nAssistant: x", "rejected": "x"}, "“chosen” and “rejected” are not of one kind"),
        ({"chosen": "x"}, "The record has no “rejected”."),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(row: dict[str, Any], reason: str, tmp_path: Path) -> None:
    good = {"prompt": "Hi", "chosen": "Good.", "rejected": "Bad."}
    records, reasons = _read(tmp_path, good, row, {**good, "prompt": "Bye"})
    assert len(records) == 2
    (said,) = reasons
    assert said.startswith(reason)


def test_openai_preferences_keep_their_tools_and_hide_the_preferred_output(tmp_path: Path) -> None:
    tools = [{"type": "function", "function": {"name": "refund"}}]
    row = {
        "input": {"messages": _chat(("user", "Hi")), "tools": tools},
        "preferred_output": _chat(("assistant", "Good.")),
        "non_preferred_output": _chat(("assistant", "Bad.")),
    }
    record = _one(tmp_path, row)
    assert json.loads(record.item.tools or "") == tools
    assert _by_side(record, "preferred_output", "non_preferred_output") == (["Good."], ["Bad."])


_ARENA = """question_id,model_a,model_b,prompt,response_a,response_b,winner
1,x,y,What is 2+2?,Four.,Five.,model_a
2,x,y,Say hi,,Hi there.,model_b
3,y,x,Say hi,"[{""role"":""assistant"",""content"":""Hi.""}]",Hello.,tie
"""


@pytest.mark.parametrize("mapped", [True, False])
def test_tables_of_two_answers_are_comparisons_with_a_map_and_by_their_columns_names(mapped: bool, tmp_path: Path) -> None:
    path = tmp_path / "arena.csv"
    path.write_text(_ARENA)
    sides = {"candidate_a": "response_a", "candidate_b": "response_b", "model_a": "model_a", "model_b": "model_b", "prompt": "prompt"}
    given = column_maps.checked({"kind": "comparison", "columns": sides, "metadata": {"keep": ["winner"]}}) if mapped else None
    records, rejects = read(path, Options(column_map=given))
    assert [(one.index, one.reason) for one in rejects] == [(2, "The output “response_a” is empty.")]
    for record, said in zip(records, ({"Four.", "Five."}, {"Hi.", "Hello."}), strict=True):
        beside = json.loads(record.metadata)
        assert {text_of(one.messages[0]) for one in record.item.candidates} == said
        by_column = {column: next(one for one in record.item.candidates if one.key == key) for key, column in beside["candidates"].items()}
        assert by_column["response_a"].model == ("x" if record.index == 1 else "y")
        assert beside["winner"] in ("model_a", "tie")
        assert record.item.model is None


@pytest.mark.parametrize(
    "columns",
    [{"candidate_a": "x"}, {"candidate_a": "x", "candidate_b": "y", "messages": "z"}, {"prompt": "x", "completion": "y"}],
)
def test_a_map_of_comparisons_that_names_no_two_outputs_is_refused(columns: dict[str, str]) -> None:
    with pytest.raises(Refused, match="does not name two outputs"):
        column_maps.checked({"kind": "comparison", "columns": columns})


def test_a_score_of_two_answers_is_no_answer() -> None:
    assert column_maps.guess(("response_a", "response_b"), [{"response_a": "7", "response_b": "9"}]) is None


@pytest.fixture(scope="module")
def hh(real_data: Path) -> list[Record]:
    """The 1,632 pairs of hh-rlhf, harmless-base/test."""
    records, rejects = read(real_data / "hh-rlhf" / "harmless-base" / "test.jsonl.gz")
    assert not rejects
    return records


def test_every_dialogue_of_hh_rlhf_comes_out_as_it_went_in(hh: list[Record]) -> None:
    assert len(hh) == 1632
    for record in hh:
        source = json.loads(record.original)
        beside = json.loads(record.metadata)
        by_key = {one.key: one.messages for one in record.item.candidates}
        for side in ("chosen", "rejected"):
            assert outputs.flat((*record.item.messages, *by_key[beside[side]])) == source[side]


def test_the_prompt_of_hh_rlhf_is_the_longest_run_of_turns_that_both_share(hh: list[Record]) -> None:
    """Three pairs part before the last turn; a few last turns are empty, and up to 24 turns long."""
    own = Counter(tuple(sorted(len(one.messages) for one in record.item.candidates)) for record in hh)
    assert own == {(1, 1): 1629, (1, 2): 3}
    assert all(record.item.candidates[0].messages[0] != record.item.candidates[1].messages[0] for record in hh)
    assert sum(not text_of(one.messages[-1]) for record in hh for one in record.item.candidates) == 3
    assert max(len(record.item.messages) for record in hh) == 23


def test_neither_key_of_hh_rlhf_tells_which_dialogue_was_chosen(hh: list[Record]) -> None:
    keys = Counter(json.loads(record.metadata)["chosen"] for record in hh)
    assert 750 < keys["A"] < 882  # 816 ± 3.3 standard deviations


def test_gsm8k_gives_four_solutions_a_question_with_right_and_wrong_aside(real_data: Path) -> None:
    records, rejects = read(real_data / "gsm8k-model-solutions" / "example_model_solutions.jsonl.gz")
    assert (len(records), rejects) == (900, [])
    right: Counter[str | None] = Counter()
    for record in records:
        assert len(record.item.candidates) == 4
        is_correct = json.loads(record.metadata)["is_correct"]
        right.update(one.model for one in record.item.candidates if is_correct[one.key])
    assert right == {"6b_finetuning": 200, "6b_verification": 361, "175b_finetuning": 315, "175b_verification": 516}


def test_the_marks_of_the_calculator_stay_as_they_came(real_data: Path) -> None:
    path = real_data / "gsm8k-model-solutions" / "example_model_solutions.jsonl.gz"
    with gzip.open(path) as stream:
        first = json.loads(stream.readline())
    records, _ = read(path)
    said = {one.model: text_of(one.messages[0]) for one in records[0].item.candidates}
    assert said == {name: value["solution"] for name, value in first.items() if isinstance(value, dict)}
    assert "<<" in said["6b_finetuning"]
