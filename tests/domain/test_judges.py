"""One answer is the likeliest one; several must be able to differ."""

from reviewer.domain.judges import NoAnswer, Question, Usage


def test_only_several_answers_are_drawn() -> None:
    asked = Question("s", "u", "n", {})
    assert (asked.temperature, asked._replace(samples=3).temperature) == (0.0, 0.7)


def test_no_answer_has_its_code_and_tokens_add_up() -> None:
    assert NoAnswer("No.", "Wait.", for_all=False).code == "E501"
    assert Usage(3, 4).total == 7
