"""Rows in plain words, whatever stands in them."""

import json

import pytest

from reviewer.operations import release_telling
from reviewer.operations.release_browsing import ShownRow


def _row(**columns: object) -> bytes:
    return json.dumps({**columns, "reviewer_item": "0" * 64}).encode()


def test_messages_calls_and_short_values_are_told_and_lineage_is_not() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "refund", "arguments": '{"order":7}'}}
    messages = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "", "tool_calls": [call]}]
    prompt, label = release_telling.columns(_row(prompt=messages, label=True))
    assert prompt.said == (("user", "Hello"), ("assistant", '→ refund({"order":7})'))
    assert (label.name, label.said, label.short) == ("label", (("", "true"),), True)


def test_of_a_long_run_the_first_and_last_messages_are_told_and_the_rest_counted() -> None:
    messages = [{"role": "user", "content": f"{n}"} for n in range(40)]
    (prompt,) = release_telling.columns(_row(prompt=messages))
    assert [said for _, said in prompt.said] == ["0", "1", "2", "3", "4", "5", "… 28 more …", "34", "35", "36", "37", "38", "39"]


def test_text_that_would_hide_or_turn_words_is_spelled_out_and_long_text_is_cut() -> None:
    ((_, said),) = release_telling.columns(_row(prompt="a\u202eb\u0000c\nnext"))[0].said
    assert said == "a\\u202eb\\u0000c\nnext"
    ((_, cut),) = release_telling.columns(_row(prompt="W" * 100_000))[0].said
    assert len(cut) < 2_000
    assert cut.endswith("…")


@pytest.mark.parametrize(
    "line",
    [
        b"", b"{", b"[1]", b"null", b'{"prompt":[{"role":7,"tool_calls":3,"content":{"a":[1]}}]}', b'{"prompt":"\xff"}', b'{"x":[{}]}',
        pytest.param(b'{"x":' + b"[" * 100_000 + b"}", id="deep"),
    ],
)  # fmt: skip
def test_what_is_no_row_breaks_nothing(line: bytes) -> None:
    release_telling.columns(line)
    release_telling.measures(line)
    told = release_telling.story(ShownRow(1, "train", "data/train.jsonl line 1", line, problem="It is not a row of a release."))
    assert told == (("It does not trace", "It is not a row of a release.", "bad", ""),)


def test_how_sure_a_label_is_stands_beside_the_columns() -> None:
    told = release_telling.measures(_row(reviewer_weight=0.94, reviewer_p_right=0.97))
    assert [(one.name, one.said[0][1]) for one in told] == [("weight", "0.94"), ("chance that it is right", "0.97")]
