"""What a model is told of a cluster, and what of its answer is a name."""

import json

import pytest

from reviewer.domain import cluster_prompts
from reviewer.domain.judge_answers import Discarded
from reviewer.domain.judge_prompts import Prompt
from reviewer.domain.judges import NOTHING, Question, Reply, Words

NONCE = "5f" * 12
ASKED = cluster_prompts.question(Prompt("p", "Name it.", '{"type": "object"}'), ["Ask for a refund.", "Ask again."], nonce=NONCE)


def read(text: str, *, finish: str = "stop", asked: Question = ASKED) -> str:
    return cluster_prompts.name_of(Reply("id", "m", (Words(text, finish),), NOTHING), asked)


def test_each_text_stands_between_fences_and_without_private_details() -> None:
    shown = cluster_prompts.shown_texts(["Write to ann@example.org.", "Call 555-123-4567 or bob@example.org."])
    assert shown.private == {"e-mail": 2, "phone": 1}
    assert shown.texts[1] == "Call [phone 1] or [e-mail 1]."
    assert ASKED.user.count(f"<<text {NONCE}>>") == ASKED.user.count(f"<<end of text {NONCE}>>") == 2
    assert ASKED.system == "Name it."


def test_a_name_is_one_line() -> None:
    assert read('{"name": " Refunds\\n after  departure "}') == "Refunds after departure"


@pytest.mark.parametrize(
    ("text", "finish", "said"),
    [
        (json.dumps({"name": "x" * 81}), "stop", "is no name of 1 to 80 characters"),
        ('{"name": " "}', "stop", "is no name"),
        ('{"name": "a\\u202eb"}', "stop", "is no name"),
        ("Pets!", "stop", "not JSON"),
        ('{"name": "a", "verdict": "compliant"}', "stop", "breaks the schema"),
        ('{"name": 3}', "stop", "breaks the schema"),
        ('{"name": "a', "length", "cut off"),
        (json.dumps({"name": f"text {NONCE}"}), "stop", "repeats its instructions"),
    ],
)
def test_what_is_no_name_is_discarded(text: str, finish: str, said: str) -> None:
    with pytest.raises(Discarded, match=said):
        read(text, finish=finish)


def test_no_answer_at_all_is_discarded() -> None:
    with pytest.raises(Discarded, match="the answer was empty"):
        cluster_prompts.name_of(Reply("id", "m", (), NOTHING), ASKED)
