"""Agent-as-a-Judge, on the real files."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain import items
from reviewer.domain.errors import BadRecord, Refused
from reviewer.domain.records import Record
from reviewer.formats import agent_as_a_judge, companions
from reviewer.formats.format import Options
from reviewer.formats.intake import Skipped
from reviewer.formats.label_lines import LabelLine, SaidClause
from tests.contracts.format_contract import read
from tests.formats.real_runs import records

NAME = "agent-as-a-judge"
OPTIONS = Options(format=NAME)


@pytest.fixture(scope="module")
def folder(real_data: Path) -> Path:
    return real_data / "agent-as-a-judge" / "judgment"


@pytest.fixture(scope="module")
def tasks(folder: Path) -> list[Record]:
    return records(folder)


def _id(record: Record) -> str:
    return items.item_id(items.encode(record.item))


def _raw(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(record.original)
    return found


def _labels(path: Path) -> list[LabelLine]:
    lines = companions.labels(str(path), OPTIONS)
    return [line.said.label for line in lines if not isinstance(line, Skipped) and line.said is not None]


def test_a_persons_and_an_ais_file_on_one_task_of_one_agent_are_one_item(tasks: list[Record]) -> None:
    assert len(tasks) == 220
    assert Counter(Counter(map(_id, tasks)).values()) == {2: 110}
    assert Counter(task.item.agent for task in tasks) == {"OpenHands": 110, "MetaGPT": 110}


def test_files_that_are_the_same_byte_for_byte_stay_apart_by_their_folders(tasks: list[Record]) -> None:
    of: dict[bytes, set[str]] = {}
    for task in tasks:
        of.setdefault(task.original, set()).add(_id(task))
    assert sum(len(ids) > 1 for ids in of.values()) == 8


def test_an_item_is_the_task_without_what_was_found(tasks: list[Record]) -> None:
    for task in tasks:
        (message,) = task.item.messages
        assert (message.role, message.content[0].text) == ("user", _raw(task)["query"])
        beside = json.loads(task.metadata)
        assert beside["requirements"] == _raw(task)["requirements"]
        assert beside["judge"] in ("human_as_a_judge", "agent_as_a_judge/gray_box")


def test_a_name_that_bears_its_ending_is_the_same_task(tasks: list[Record]) -> None:
    assert sum(_raw(task)["name"].endswith(".json") for task in tasks) == 1
    assert not [task for task in tasks if (task.item.external_id or "").endswith(".json")]
    assert len({task.item.external_id for task in tasks}) == 110


def test_items_are_the_same_from_whichever_folder_they_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [_id(record) for record in records(folder / "MetaGPT" / "human_as_a_judge")]
    monkeypatch.chdir(folder / "MetaGPT" / "human_as_a_judge")
    assert [_id(record) for record in records(Path(os.curdir))] == whole


def test_files_that_lie_elsewhere_name_no_agent_and_no_judge(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "task.json"
    path.write_bytes(next((folder / "MetaGPT/human_as_a_judge").glob("02*.json")).read_bytes())
    ((record,), _) = read(path)
    assert record.item.agent is None
    assert "judge" not in json.loads(record.metadata)
    with pytest.raises(BadRecord, match="human_as_a_judge"):
        list(agent_as_a_judge.labels(record))


def test_requirements_are_clauses_with_those_that_they_need_in_their_text(folder: Path) -> None:
    found = companions.clauses(str(folder / "MetaGPT"), OPTIONS)
    assert len(found) == 366 == len({one.clause for one in found})
    by_key = {one.clause: one for one in found}
    assert by_key["01.3"].text == (
        'Training progress is displayed using the "tqdm" library in the main training loop in `src/train.py`.\n\nNeeds: 01.0, 01.1, 01.2.'
    )
    assert by_key["38.7"].title.startswith("The Markdown report should include")  # it lacks a category
    assert all(len(one.title) <= 120 for one in found)


def test_a_requirement_that_two_files_word_differently_is_refused(folder: Path) -> None:
    with pytest.raises(Refused, match=r"13\.2"):
        companions.clauses(str(folder), OPTIONS)


def test_what_is_not_satisfied_is_cited_in_the_words_that_it_was_judged_by(folder: Path) -> None:
    paths = sorted((folder / "OpenHands" / "human_as_a_judge").glob("*.json"))
    clauses = {one.clause: one for one in companions.clauses(str(folder / "OpenHands" / "human_as_a_judge"), OPTIONS)}
    for path, label in zip(paths, _labels(folder / "OpenHands" / "human_as_a_judge"), strict=True):
        raw = json.loads(path.read_bytes())
        broken = [f"{path.name[:2]}.{one['requirement_id']}" for one in raw["requirements"] if not one["satisfied"]]
        assert label.verdict == ("non_compliant" if broken else "compliant")
        cited = [one for one in label.clauses or () if isinstance(one, SaidClause)]
        assert [one.clause for one in cited] == broken
        assert [one.text for one in cited] == [clauses[key].hash for key in broken]


def test_people_and_ais_agree_as_often_as_was_counted(tasks: list[Record]) -> None:
    """Joined on task and number, as the collection did: 0.903 of 359 for OpenHands, whose one odd name drops 7, and 0.921 of 366."""
    said: dict[tuple[str | None, str, str, int], bool] = {}
    for task in tasks:
        for one in _raw(task)["requirements"]:
            said[task.item.agent, json.loads(task.metadata)["judge"][:5], _raw(task)["name"], one["requirement_id"]] = one["satisfied"]
    for agent, count, share in (("OpenHands", 359, 0.903), ("MetaGPT", 366, 0.921)):
        pairs = [(value, said[agent, "agent", name, n]) for (a, j, name, n), value in said.items()
                 if (a, j) == (agent, "human") and (agent, "agent", name, n) in said]  # fmt: skip
        assert len(pairs) == count
        assert round(sum(one == other for one, other in pairs) / count, 3) == share


def test_an_ais_judgement_is_no_persons_label_and_a_persons_no_opinion_of_a_judge(folder: Path) -> None:
    for path, ask in ((folder / "MetaGPT/agent_as_a_judge", companions.labels), (folder / "MetaGPT/human_as_a_judge", companions.opinions)):
        lines = list(ask(str(path), OPTIONS))
        assert len(lines) == 55
        assert all(not isinstance(line, Skipped) and line.said is None and "whose judgement" in line.problem for line in lines)


def test_an_ais_judgement_comes_as_a_suggestion(folder: Path, tasks: list[Record]) -> None:
    known = {_id(task) for task in tasks}
    for line in companions.opinions(str(folder / "OpenHands" / "agent_as_a_judge"), OPTIONS):
        assert not isinstance(line, Skipped)
        assert line.said is not None
        assert line.said.item in known
        assert (line.said.verdict == "non_compliant") == (line.said.rationale or "").startswith("Not satisfied: ")


def test_a_requirement_that_nobody_judged_gives_no_label(tmp_path: Path) -> None:
    place = tmp_path / "Agent" / "human_as_a_judge"
    place.mkdir(parents=True)
    one = {"requirement_id": 0, "criteria": "It runs.", "satisfied": None}
    (place / "a.json").write_text(json.dumps({"name": "Task", "query": "Write it.", "requirements": [one]}))
    (line,) = companions.labels(str(place), OPTIONS)
    assert not isinstance(line, Skipped)
    assert "requirement 0" in line.problem
    (clause,) = companions.clauses(str(place), OPTIONS)
    assert clause.clause == "Task.0"


def test_a_format_that_brings_nothing_says_so(folder: Path) -> None:
    for ask in (companions.labels, companions.opinions, companions.clauses):
        with pytest.raises(Refused, match="brings no"):
            ask(str(folder), Options(format="tau2"))
