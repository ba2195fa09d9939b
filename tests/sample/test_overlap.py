"""The measure by which runs must differ."""

from typing import Any

from tests.sample.overlap import shares, words


def run(*texts: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text} for text in texts]}


def test_the_same_words_share_everything_whatever_their_case_and_signs() -> None:
    ((share, _, _),) = shares([run("One two three four five six."), run("one, two, THREE four; five six")])
    assert share == 1.0


def test_the_share_is_of_the_smaller_run() -> None:
    small, large = run("a b c d e f"), run("a b c d e x y z p q r s t")
    ((share, _, _),) = shares([small, large])
    assert share == 1 / 2


def test_runs_without_a_common_gram_do_not_appear() -> None:
    assert shares([run("a b c d e"), run("a b c d f")]) == []


def test_arguments_count_and_pictures_do_not() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "pay", "arguments": '{"to": "anna"}'}}
    picture = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}, {"type": "text", "text": "look"}]
    record = {"messages": [{"role": "assistant", "content": None, "tool_calls": [call]}, {"role": "user", "content": picture}]}
    assert words(record) == ["to", "anna", "look"]
