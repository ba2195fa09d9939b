"""What a judge answers is read strictly: what is in another form is discarded with the reason, and what it makes up is flagged."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain import judge_answers, judge_prompts
from reviewer.domain.judge_answers import Discarded
from reviewer.domain.judge_prompts import Sent
from reviewer.domain.judges import Reply, Usage, Words
from reviewer.storage import prompts
from tests.mistral import said

PROMPT = prompts.prompt()
ITEM = Sent("[1] user:\nRefund order 7,\nplease.\n\n[2] assistant:\nDone é 🙂.", {})
ASKED = judge_prompts.question(PROMPT, ITEM, (), nonce="c0dec0dec0de", samples=1)
OFFERED = {"support:4.2", "support:5.1"}


def read(text: str, finish: str = "stop") -> judge_answers.Opinion:
    return judge_answers.read(Words(text, finish), ASKED, PROMPT, ITEM, OFFERED)


def judged(*texts: str) -> judge_answers.Judged:
    reply = Reply("r", "m", tuple(Words(text, "stop") for text in texts), Usage(10, 2))
    return judge_answers.judged(reply, ASKED, PROMPT, ITEM, OFFERED)


def test_an_answer_says_what_it_says() -> None:
    found = read(said("non_compliant", clauses=["support:4.2"], evidence=["Done é 🙂."], rationale=" Why. "))
    assert found == ("non_compliant", 0.9, "Why.", ("support:4.2",), (), ("Done é 🙂.",), ())


def test_quotes_that_do_not_stand_in_the_item_and_clauses_that_nobody_offered_are_flagged() -> None:
    found = judged(said("non_compliant", clauses=["support:9", "support:4.2"], evidence=["order 7, please", "I stole it", " "]))
    [opinion] = found.opinions
    assert (opinion.quotes, opinion.unfound) == (("order 7, please",), ("I stole it",))  # white space is no difference
    assert (opinion.clauses, opinion.strange) == (("support:4.2",), ("support:9",))
    assert found.flags == 2
    assert found.words.splitlines() == [
        "It did as told.",
        "Clauses: support:4.2.",
        "Quoted: “order 7, please”",
        "Flagged: the item does not say “I stole it”.",
        "Flagged: no clause “support:9” was offered.",
    ]


@pytest.mark.parametrize(
    ("text", "finish", "why"),
    [
        ("", "stop", "not JSON"),
        ("Compliant.", "stop", "not JSON"),
        ('{"verdict":"compliant"', "stop", "not JSON"),
        (said()[:40], "length", "cut off"),
        (said(), "length", "cut off"),
        ('{"verdict":"compliant"}', "stop", "breaks the schema"),
        (said("guilty"), "stop", "breaks the schema"),
        (said(confidence=1.5), "stop", "breaks the schema"),
        (said(label="compliant"), "stop", "breaks the schema"),
        (said(evidence="all of it"), "stop", "breaks the schema"),
        ("[" * 60_000, "stop", "breaks the schema"),
        (json.dumps("x" * 70_000), "stop", "70,002 characters"),
        (said(rationale="The code is c0dec0dec0de."), "stop", "repeats its instructions"),
        (said(rationale=PROMPT.text[:200]), "stop", "repeats its instructions"),
        ('{"verdict":"\\ud800"}', "stop", "not JSON"),
    ],
)
def test_what_is_not_in_the_agreed_form_is_discarded_with_the_reason(text: str, finish: str, why: str) -> None:
    with pytest.raises(Discarded) as discarded:
        read(text, finish)
    assert why in discarded.value.what
    found = judge_answers.judged(Reply("r", "m", (Words(text, finish),), Usage()), ASKED, PROMPT, ITEM, OFFERED)
    assert (found.verdict, found.score) == (None, None)
    assert found.words.startswith("Suggestion discarded (")


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.sampled_from(["compliant", "unsure", "support:4.2", "\ud800", "é"]) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*json.loads(said()), "x"]), inner, max_size=6),
    max_leaves=8,
)


_TEXTS = st.lists(st.text(max_size=8), max_size=2)
_LIKELY = st.fixed_dictionaries(
    {
        "verdict": st.sampled_from(["compliant", "non_compliant", "unsure"]),
        "clauses": _TEXTS,
        "evidence": _TEXTS,
        "confidence": st.floats(0, 1),
        "rationale": st.text(max_size=8),
    }
)


@settings(max_examples=50)
@given(_JSON | _LIKELY)
def test_whatever_it_answers_is_read_or_discarded(answer: object) -> None:
    found = judged(json.dumps(answer), json.dumps(answer, ensure_ascii=False)[::-1])
    assert len(found.opinions) + len(found.discarded) == 2
    assert (found.verdict is None) == (not found.opinions)
    found.words.encode()


def test_no_answer_at_all_is_discarded_too() -> None:
    assert judged().words == "Suggestion discarded (the answer was empty)."


@pytest.mark.parametrize(
    ("answers", "verdict", "score"),
    [
        ([("compliant", 1.0)], "compliant", "0"),
        ([("non_compliant", 0.9)], "non_compliant", "0.95"),
        ([("compliant", 0.5)], "compliant", "0.25"),
        ([("unsure", 0.9)], "unsure", "0.5"),
        ([("non_compliant", 1.0), ("non_compliant", 1.0), ("compliant", 1.0)], "non_compliant", "0.6667"),
        ([("non_compliant", 1.0), ("compliant", 0.6)], "unsure", "0.6"),
    ],
)
def test_several_answers_come_to_one_verdict_and_a_chance(answers: list[tuple[str, float]], verdict: str, score: str) -> None:
    found = judged(*(said(one, confidence=sure) for one, sure in answers))
    assert (found.verdict, found.score) == (verdict, score)


def test_answers_that_could_be_read_count_though_others_could_not() -> None:
    found = judged(said("non_compliant"), "nonsense", said("non_compliant"))
    assert (found.verdict, len(found.opinions), found.discarded) == ("non_compliant", 2, ("the answer is not JSON",))
    assert found.words.endswith("2 of 2 answers say so.")


def test_an_answer_is_kept_word_for_word_with_what_it_hangs_on() -> None:
    reply = Reply("cmpl-7", "m-1", (Words('{"verdict": "é', "length"),), Usage(10, 2))
    kept = json.loads(judge_answers.kept(reply, PROMPT, ["v2", "v1"], ITEM))
    assert kept["answers"] == [{"text": '{"verdict": "é', "finish": "length"}]
    assert (kept["id"], kept["model"], kept["prompt"], kept["policy_versions"]) == ("cmpl-7", "m-1", "judge-1", ["v1", "v2"])
    assert kept["usage"] == {"prompt": 10, "completion": 2}
