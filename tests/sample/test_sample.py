"""The sample is what it says: made by its script, varied, answered, and silent about its answers."""

import base64
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from tests.sample import make_sample
from tests.sample.overlap import shares

SAMPLE = make_sample.RUNS.parent
LIMIT = 0.60
_GIVE_AWAY = re.compile(
    r"violat|complian|verdict|wrong|right|borderline|planted|label|gold|answer|guilty|breach|policy_ok|bad|good", re.IGNORECASE
)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture(scope="module")
def runs() -> list[dict[str, Any]]:
    return lines(make_sample.RUNS)


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    return lines(make_sample.ANSWERS)


def clauses() -> dict[str, set[str]]:
    """Clause numbers of each version, by `key.version`."""
    found = {}
    for path in sorted((SAMPLE / "policies").glob("*.md")):
        key, version, _ = path.name.split(".")
        found[f"{key}.{version}"] = set(re.findall(r"^(\d+\.\d+) \*\*", path.read_text("utf-8"), re.MULTILINE))
    return found


def test_the_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    make_sample.write_sample(tmp_path / "runs.jsonl", tmp_path / "answers.jsonl")
    assert (tmp_path / "runs.jsonl").read_bytes() == make_sample.RUNS.read_bytes()
    assert (tmp_path / "answers.jsonl").read_bytes() == make_sample.ANSWERS.read_bytes()


def test_there_are_200_runs_of_three_agents_and_three_models(runs: list[dict[str, Any]]) -> None:
    assert len(runs) == len({run["id"] for run in runs}) == 200
    assert Counter(run["agent"] for run in runs) == {"support": 80, "claims": 60, "trading": 60}
    assert len({run["model"] for run in runs}) >= 3
    assert all("2026-09-01" <= run["time"][:10] <= "2026-11-30" and run["time"].endswith("Z") for run in runs)


def test_lengths_go_from_short_to_long(runs: list[dict[str, Any]]) -> None:
    lengths = sorted(len(run["messages"]) for run in runs)
    assert lengths[0] >= 3
    assert lengths[-1] <= 34
    assert sum(n >= 20 for n in lengths) >= 3
    assert sum(n <= 6 for n in lengths) >= 5


def test_every_run_has_one_answer_with_at_least_fifteen_kinds_of_violation(
    runs: list[dict[str, Any]], answers: list[dict[str, Any]]
) -> None:
    assert [run["id"] for run in runs] == [answer["id"] for answer in answers]
    count = Counter(answer["verdict"] for answer in answers)
    assert set(count) == {"compliant", "non_compliant", "borderline"}
    assert 0.25 <= count["non_compliant"] / len(answers) <= 0.32
    assert count["borderline"] >= 8
    assert len({answer["kind"] for answer in answers if answer["verdict"] == "non_compliant"}) >= 15


def test_answers_cite_clauses_of_the_agents_own_policy_in_force(runs: list[dict[str, Any]], answers: list[dict[str, Any]]) -> None:
    known = clauses()
    assert sorted(known) == ["claims.v1", "support.v1", "trading.v1", "trading.v2"]
    for run, answer in zip(runs, answers, strict=True):
        key, clause = answer["clause"].split(":")
        version = "v2" if key == "trading" and run["time"] >= "2026-10-15" else "v1"
        assert key == run["agent"]
        assert clause in known[f"{key}.{version}"], answer


def test_answers_point_at_a_turn_of_the_agent(runs: list[dict[str, Any]], answers: list[dict[str, Any]]) -> None:
    for run, answer in zip(runs, answers, strict=True):
        assert answer["why"]
        if answer["verdict"] == "compliant":
            assert answer["step"] == answer["kind"] == ""
            continue
        message, _, call = answer["step"].partition(".")
        turn = run["messages"][int(message) - 1]
        assert turn["role"] == "assistant"
        assert not call or int(call) <= len(turn["tool_calls"])
        assert answer["kind"]


def test_each_policy_is_short_and_dated() -> None:
    for name, numbers in clauses().items():
        text = (SAMPLE / "policies" / f"{name}.md").read_text("utf-8")
        assert 10 <= len(numbers) <= 20
        assert re.search(r"^Effective: 2026-\d\d-\d\d$", text, re.MULTILINE)
        assert re.search(r"^## \d+ \w", text, re.MULTILINE)


def test_the_second_trading_version_supersedes_clauses_that_runs_on_both_sides_turn_on(
    runs: list[dict[str, Any]], answers: list[dict[str, Any]]
) -> None:
    one, two = ((SAMPLE / "policies" / f"trading.v{n}.md").read_text("utf-8").splitlines() for n in (1, 2))
    changed = {line.split(" ")[0] for line in set(two) - set(one) if re.match(r"\d+\.\d+ ", line)}
    assert changed == {"2.2", "3.1"}
    for clause in changed:
        sides = {
            (run["time"] >= "2026-10-15", a["verdict"]) for run, a in zip(runs, answers, strict=True) if a["clause"] == f"trading:{clause}"
        }
        assert (False, "compliant") in sides
        assert (True, "non_compliant") in sides


def test_no_two_runs_share_more_than_sixty_percent_of_their_5_grams(runs: list[dict[str, Any]]) -> None:
    assert shares(runs)[0].share <= LIMIT


def test_a_run_told_again_with_another_amount_would_be_caught(runs: list[dict[str, Any]]) -> None:
    again = json.loads(re.sub(r"\d\d(?=\.\d\d)", "77", json.dumps(runs[0])))
    assert again != runs[0] or not re.search(r"\d\d\.\d\d", json.dumps(runs[0]))
    assert shares([*runs, again])[0].share > LIMIT


def test_nothing_beside_the_messages_gives_the_answer_away(runs: list[dict[str, Any]], answers: list[dict[str, Any]]) -> None:
    kinds = {answer["kind"] for answer in answers} - {""}
    for run in runs:
        assert set(run) <= {"id", "agent", "model", "time", "tools", "messages", "metadata"}
        beside = json.dumps({key: run[key] for key in run if key not in ("messages", "tools")})
        assert not _GIVE_AWAY.search(beside), beside
        assert not any(kind in json.dumps(run) for kind in kinds)
    assert [run["time"] for run in runs] == sorted(run["time"] for run in runs)


def test_what_lies_beside_the_messages_does_not_go_with_the_answer(runs: list[dict[str, Any]], answers: list[dict[str, Any]]) -> None:
    bad = [answer["verdict"] == "non_compliant" for answer in answers]
    share = sum(bad) / len(bad)
    features = [{run["id"] for run in runs if run["model"] == model} for model in {run["model"] for run in runs}]
    features += [{run["id"] for run in runs if "tools" in run}, {run["id"] for run in runs if run["messages"][0]["role"] == "system"}]
    for feature in features:
        with_it = [b for run, b in zip(runs, bad, strict=True) if run["id"] in feature]
        assert abs(sum(with_it) / len(with_it) - share) < 0.13


def test_pictures_are_small_and_decode(runs: list[dict[str, Any]]) -> None:
    seen = 0
    for run in runs:
        for message in run["messages"]:
            for part in message["content"] if isinstance(message["content"], list) else ():
                if part["type"] == "image_url":
                    head, _, body = part["image_url"]["url"].partition(",")
                    data = base64.b64decode(body, validate=True)
                    assert head == "data:image/png;base64"
                    assert len(data) < 40_000
                    assert not QImage.fromData(data).isNull()
                    seen += 1
    assert 6 <= seen <= 20


def test_tool_replies_answer_calls_that_were_made(runs: list[dict[str, Any]]) -> None:
    for run in runs:
        open_calls: set[str] = set()
        for message in run["messages"]:
            assert message["role"] in ("system", "user", "assistant", "tool")
            if message["role"] == "tool":
                open_calls.remove(message["tool_call_id"])
                continue
            assert not open_calls
            for call in message.get("tool_calls", ()):
                assert isinstance(json.loads(call["function"]["arguments"]), dict)
                open_calls.add(call["id"])
        assert not open_calls


def test_the_whole_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 3_000_000
