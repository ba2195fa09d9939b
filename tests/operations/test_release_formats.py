"""Each format of a release holds what reviewers said, in the shape that its readers take."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, ItemId, Message, Part, ToolCall
from reviewer.domain.labels import Opinion
from reviewer.domain.preferences import Choice
from reviewer.domain.progress import SILENT
from reviewer.formats.format import Options
from reviewer.formats.release_shapes import SHAPES
from reviewer.operations import campaigns, importing, label_imports, labelling, release_checks, releasing, searching
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Workspace
from tests import pairs, worlds

TOOLS = '[{"name":"refund","description":"Pay back","parameters":{"type":"object","properties":{}}}]'


def _said(role: str, text: str, **more: Any) -> Message:
    return Message(role=role, content=(Part(type="text", text=text),), **more)  # type: ignore[arg-type] # one of the roles


def answer_to(question: int, text: str, *, steps: int = 0) -> Item:
    """A run that answers a question; with steps, as many calls before it."""
    calls = [
        message
        for n in range(steps)
        for message in (
            Message(role="assistant", tool_calls=(ToolCall(name="refund", arguments=f'{{"n":{n}}}', id=f"call-{n}"),)),
            _said("tool", "ok", tool_call_id=f"call-{n}"),
        )
    ]
    asked = (_said("user", f"Question {question}?"),)
    return Item(kind="trajectory", agent="shop", messages=(*asked, *calls, _said("assistant", text)), tools=TOOLS if steps else None)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A fresh workspace."""
    return worlds.make(tmp_path / "w")


def _asked(workspace: Workspace, made: Sequence[Item], **rules: Any) -> list[ItemId]:
    """The items in a campaign C, in the order in which they are given."""
    found = worlds.put_in(workspace, made)
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", **rules))
    return found


def _label(workspace: Workspace, item: str, **said: Any) -> str:
    correction = said.pop("corrected", None)
    done = labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(**said), correction=correction)
    return done.value.label


def _release(workspace: Workspace, out: Path, name: str, **more: Any) -> releasing.Released:
    done = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=out, format_name=name, **more).value
    checked = release_checks.check_release(workspace, SILENT, folder=out).value
    assert checked.broken == ()
    assert checked.rows == checked.traced == sum(done.rows.values())
    for part, rows in done.rows.items():
        if rows:
            assert pq.read_table(out / "data" / f"{part}.parquet").num_rows == rows
    return done


def _rows(out: Path, folder: str = "data") -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(out.glob(f"{folder}/*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]


def test_runs_on_one_prompt_that_were_judged_differently_are_pairs_and_stay_together(workspace: Workspace, tmp_path: Path) -> None:
    made = [answer_to(q, text) for q in range(6) for text in ("right", "wrong", "also right")]
    items = _asked(workspace, [*made, answer_to(99, "alone")])
    for item, run in zip(items, [*made, None], strict=True):
        wrong = run is not None and run.messages[-1].content[0].text == "wrong"
        _label(workspace, item, verdict="non_compliant" if wrong else "compliant")
    done = _release(workspace, tmp_path / "out", "trl-preference", split="0.5,0.25,0.25")
    rows = _rows(tmp_path / "out")
    assert (len(rows), done.dropped["no_pair"]) == (12, 1)
    assert {(row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in rows} == {("right", "wrong"), ("also right", "wrong")}
    assert all(row["reviewer_worse_item"] != row["reviewer_item"] and len(row["reviewer_labels"]) == 2 for row in rows)
    assert len({row["reviewer_row"] for row in rows}) == 12
    parts: dict[str, set[str]] = {}
    for path in (tmp_path / "out").glob("data/*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            parts.setdefault(json.loads(line)["prompt"][0]["content"], set()).add(path.stem)
    assert {len(found) for found in parts.values()} == {1}
    assert len({part for found in parts.values() for part in found}) > 1


def test_a_correction_is_an_output_to_imitate_and_is_better_than_what_it_corrects(workspace: Workspace, tmp_path: Path) -> None:
    right, wrong, hopeless = _asked(workspace, [answer_to(1, "right"), answer_to(2, "wrong"), answer_to(3, "hopeless")])
    _label(workspace, right, verdict="compliant")
    label = _label(workspace, wrong, verdict="non_compliant", corrected=b"put right")
    _label(workspace, hopeless, verdict="non_compliant")
    done = _release(workspace, tmp_path / "sft", "trl-prompt-completion", form="standard")
    told = {row["completion"]: row for row in _rows(tmp_path / "sft")}
    assert set(told) == {"right", "put right"}
    assert told["put right"]["reviewer_correction"] == label
    assert (told["right"]["prompt"], done.dropped["non_compliant"]) == ("Question 1?", 1)
    done = _release(workspace, tmp_path / "pairs", "trl-preference", form="standard")
    (row,) = _rows(tmp_path / "pairs")
    assert (row["prompt"], row["chosen"], row["rejected"]) == ("Question 2?", "put right", "wrong")
    assert done.dropped["no_pair"] == 2


def test_chats_have_no_column_that_their_readers_do_not_know_and_lineage_lies_apart(workspace: Workspace, tmp_path: Path) -> None:
    item, other = _asked(workspace, [answer_to(1, "done", steps=2), answer_to(2, "no tools")])
    for one in (item, other):
        _label(workspace, one, verdict="compliant")
    for name in ("openai-chat", "mistral-chat"):
        _release(workspace, tmp_path / name, name)
        rows, lineage = _rows(tmp_path / name), _rows(tmp_path / name, "lineage")
        by_item = {told["reviewer_item"]: row for row, told in zip(rows, lineage, strict=True)}
        assert set(by_item[other]) == {"messages"}
        assert set(by_item[item]) == {"messages", "tools"}
        (tool,) = by_item[item]["tools"]
        assert (tool["type"], tool["function"]["name"]) == ("function", "refund")
        calls = [call for message in by_item[item]["messages"] for call in message.get("tool_calls", ())]
        answers = [message["tool_call_id"] for message in by_item[item]["messages"] if message["role"] == "tool"]
        assert [call["id"] for call in calls] == answers
        assert [json.loads(call["function"]["arguments"]) for call in calls] == [{"n": 0}, {"n": 1}]
        assert name == "openai-chat" or all(len(call["id"]) == 9 and call["id"].isalnum() for call in calls)
        (table,) = [row for row in pq.read_table(tmp_path / name / "data" / "train.parquet").to_pylist() if row["tools"]]
        assert json.loads(table["tools"]) == by_item[item]["tools"]


def test_marked_steps_are_rewards_up_to_the_first_that_was_not_judged(workspace: Workspace, tmp_path: Path) -> None:
    runs = [answer_to(n, "done", steps=steps) for n, steps in ((1, 150), (2, 2), (3, 1), (4, 1), (5, 1))]
    long, short, unmarked, unsure, _unlabelled = _asked(workspace, runs)
    _label(workspace, long, verdict="non_compliant", steps={str(n): "bad" if n == 300 else "good" for n in range(2, 303, 2)})
    _label(workspace, short, verdict="non_compliant", steps={"2": "good", "4": "neutral", "6": "bad"})
    _label(workspace, unmarked, verdict="compliant")
    _label(workspace, unsure, verdict="unsure", steps={"2": "good"})
    done = _release(workspace, tmp_path / "out", "trl-stepwise")
    rows = {row["reviewer_item"]: row for row in _rows(tmp_path / "out")}
    assert set(rows[long]) >= {"prompt", "completions", "labels"}
    assert (len(rows[long]["completions"]), rows[long]["labels"].count(False)) == (151, 1)
    assert rows[long]["labels"][149] is False
    assert rows[long]["completions"][0] == 'refund({"n":0})'
    assert (rows[short]["completions"], rows[short]["labels"]) == (['refund({"n":0})'], [True])
    assert (rows[unsure]["completions"], rows[unsure]["labels"]) == (['refund({"n":0})'], [True])
    assert {reason: n for reason, n in done.dropped.items() if n} == {"no_steps": 1, "open": 1}
    assert "2 runs end before their first step that was not judged good or bad." in done.warnings


def test_everything_that_was_said_of_an_item_is_in_the_raw_format(workspace: Workspace, tmp_path: Path) -> None:
    item, _ = _asked(workspace, [answer_to(1, "done", steps=1), answer_to(2, "open")])
    label = _label(workspace, item, verdict="non_compliant", severity="major", rationale="No receipt.")
    _release(workspace, tmp_path / "out", "raw")
    (row,) = _rows(tmp_path / "out")
    assert (row["answer"], row["item"]["agent"], row["reviewer_item"]) == ("non_compliant", "shop", item)
    (said,) = row["labels"]
    assert (said["label"], said["rationale"], said["severity"]) == (label, "No receipt.", "major")
    (table,) = pq.read_table(tmp_path / "out" / "data" / "train.parquet").to_pylist()
    assert json.loads(table["item"]) == row["item"]


def test_ties_and_outputs_that_are_all_bad_are_no_pairs_and_are_counted(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w")
    for item, choice in zip(worlds.waiting(workspace), (Choice(prefer="A"), Choice(prefer="tie"), Choice(prefer="both_bad")), strict=False):
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(), choice=choice)
    for name in ("trl-preference", "trl-reward", "raw"):
        done = _release(workspace, tmp_path / name, name)
        assert sum(done.rows.values()) == (3 if name == "raw" else 1)
        left = {reason: n for reason, n in done.dropped.items() if n}
        assert left == ({"open": 3} if name == "raw" else {"open": 3, "tie": 1, "both_bad": 1})
    with pytest.raises(Refused, match="No item of “C” can be released as openai-preference yet"):  # two messages on each side
        _release(workspace, tmp_path / "openai", "openai-preference")
    assert not (tmp_path / "openai").exists()


def test_a_better_answer_to_a_comparison_is_an_output_to_imitate(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w")
    chosen, rewritten, tied = worlds.waiting(workspace)[:3]
    said: dict[ItemId, str] = {}
    for item, prefer, better in ((chosen, "A", None), (rewritten, "B", b"Better than both."), (tied, "both_bad", b"Neither will do.")):
        opinion, choice = Opinion(), Choice(prefer=prefer)
        said[item] = labelling.label_item(
            workspace, SILENT, campaign="C", item=item, opinion=opinion, choice=choice, correction=better
        ).value.label
    for name in ("trl-prompt-completion", "openai-chat", "mistral-chat"):
        done = _release(workspace, tmp_path / name, name)  # and every row traces
        rows = _rows(tmp_path / name)
        traces = _rows(tmp_path / name, "lineage") if name != "trl-prompt-completion" else rows
        assert {trace["reviewer_item"]: trace["reviewer_correction"] for trace in traces} == {one: said[one] for one in (rewritten, tied)}
        assert all(trace.get("reviewer_worse") is None and trace["reviewer_labels"] == [trace["reviewer_correction"]] for trace in traces)
        by_item = {
            trace["reviewer_item"]: row.get("messages") or [*row["prompt"], *row["completion"]]
            for row, trace in zip(rows, traces, strict=True)
        }
        assert [message["role"] for message in by_item[tied]] == ["system", "user", "assistant"]
        assert (by_item[rewritten][2]["content"], by_item[tied][2]["content"]) == ("Better than both.", "Neither will do.")
        assert {reason: n for reason, n in done.dropped.items() if n} == {"open": 3, "no_better": 1}
    labelling.label_item(workspace, SILENT, campaign="C", item=tied, opinion=Opinion(), choice=Choice(prefer="both_bad"))
    broken = release_checks.check_release(workspace, SILENT, folder=tmp_path / "openai-chat").value.broken
    assert [one.what for one in broken] == [f"Label {said[tied][:12]} by Ada was replaced after it."]


@pytest.mark.parametrize("shape", [one for one in SHAPES if one.needs != "whole"], ids=lambda one: one.name)
def test_a_format_that_a_question_does_not_fit_is_refused_with_those_that_it_fits(shape: Any, tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w")
    labelling.label_item(workspace, SILENT, campaign="C", item=worlds.waiting(workspace)[0], opinion=Opinion(), choice=Choice(prefer="A"))
    if shape.needs in ("pairs", "outputs"):
        with pytest.raises(Refused, match="only verdicts are weighed"):
            _release(workspace, tmp_path / "out", shape.name, aggregate="majority")
    else:
        with pytest.raises(Refused, match="asks which output is better") as met:
            _release(workspace, tmp_path / "out", shape.name)
        fit = "trl-preference, trl-prompt-completion, trl-reward, openai-preference, openai-chat, mistral-chat, raw"
        assert fit in met.value.hint
    assert not (tmp_path / "out").exists()


def test_all_1632_dialogues_of_hh_rlhf_come_out_as_they_went_in(tmp_path: Path, real_data: Path) -> None:
    """Imported, labelled by what its people chose, and released as whole dialogues in the manner in which they came."""
    workspace = worlds.make(tmp_path / "w")
    importing.import_files(workspace, SILENT, paths=[str(real_data / "hh-rlhf" / "harmless-base")], options=Options())
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", question="preference", seed="s"))
    source, lines = {}, []
    with workspace.read() as reading:
        for item in searching.search(workspace, SILENT, text="", limit=2_000).value.rows:
            origin = item_rows.origin(reading, item.id)
            assert origin is not None
            source[item.id] = json.loads(item_rows.original(reading, item.id))
            lines.append({"item": item.id, "prefer": json.loads(origin.metadata)["chosen"], "strength": "slight"})
    path = tmp_path / "truth.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = label_imports.import_labels(workspace, SILENT, path=path, campaign="C").value
    assert (done.read, done.added, done.rejected) == (1632, 1632, 0)
    released = releasing.release_dataset(
        workspace, SILENT, campaigns=["C"], out=tmp_path / "out", format_name="trl-reward", form="standard"
    )
    rows = _rows(tmp_path / "out")
    assert (len(rows), released.value.dropped["open"]) == (1632, 0)
    assert {row["reviewer_item"]: (row["chosen"], row["rejected"]) for row in rows} == {
        item: (one["chosen"], one["rejected"]) for item, one in source.items()
    }


@pytest.mark.parametrize("questions", [120, pytest.param(900, marks=pytest.mark.long)])
def test_right_and_wrong_solutions_of_gsm8k_come_out_as_pairs(questions: int, tmp_path: Path, real_data: Path) -> None:
    """Some of 900 questions with four solutions each, or all: right before wrong where both are there, all bad where none is right."""
    workspace = worlds.make(tmp_path / "w")
    importing.import_files(workspace, SILENT, paths=[str(real_data / "gsm8k-model-solutions")], options=Options())
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", question="preference", seed="s"))
    lines, wanted = [], set()
    for row in searching.search(workspace, SILENT, text="", limit=questions).value.rows:
        with workspace.read() as reading:
            origin, source = item_rows.origin(reading, row.id), json.loads(item_rows.original(reading, row.id))
        assert origin is not None
        right = json.loads(origin.metadata)["is_correct"]
        good, bad = ([key for key, ok in right.items() if ok is wanted] for wanted in (True, False))
        said = {"rank": ",".join("=".join(group) for group in (good, bad) if group)} if good else {"prefer": "both_bad"}
        lines.append({"item": row.id, **said})
        solved = [one for one in source.values() if isinstance(one, dict)]
        wanted |= {
            (source["question"], yes["solution"], no["solution"])
            for yes in solved
            for no in solved
            if yes["is_correct"] and not no["is_correct"]
        }
    path = tmp_path / "truth.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert label_imports.import_labels(workspace, SILENT, path=path, campaign="C").value.added == questions
    done = _release(workspace, tmp_path / "out", "trl-preference", form="standard")
    assert {(row["prompt"], row["chosen"], row["rejected"]) for row in _rows(tmp_path / "out")} == wanted
    assert done.dropped["both_bad"] + done.dropped["tie"] + len({one[0] for one in wanted}) == questions


def test_preferences_in_openais_shape_come_out_as_they_went_in(tmp_path: Path) -> None:
    """Imported, labelled by what the file prefers, and released: one message a side, tools as a list in lines and as text in the table."""
    workspace = worlds.make(tmp_path / "w")
    tool = {
        "type": "function",
        "function": {"name": "refund", "description": "Pay back", "parameters": {"type": "object", "properties": {}}},
    }
    extra: list[dict[str, Any]] = [{}, {}, {"tools": [tool], "parallel_tool_calls": True}]
    source: list[dict[str, Any]] = [
        {
            "input": {"messages": [{"role": "system", "content": "Rules."}, {"role": "user", "content": f"Refund {n}?"}], **more},
            "preferred_output": [{"role": "assistant", "content": f"Yes, {n}."}],
            "non_preferred_output": [{"role": "assistant", "content": "No."}],
        }
        for n, more in enumerate(extra)
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(one) + "\n" for one in source))
    importing.import_files(workspace, SILENT, paths=[str(tmp_path / "in.jsonl")], options=Options())
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", question="preference", seed="s"))
    for item in worlds.waiting(workspace):
        with workspace.read() as reading:
            origin = item_rows.origin(reading, item)
        assert origin is not None
        better = json.loads(origin.metadata)["preferred_output"]
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(), choice=Choice(prefer=better))
    done = _release(workspace, tmp_path / "out", "openai-preference")
    assert (done.rows["train"], done.dropped.get("not_chat", 0)) == (3, 0)
    order = {one["input"]["messages"][1]["content"]: one for one in source}
    assert {row["input"]["messages"][1]["content"]: row for row in _rows(tmp_path / "out")} == order
    tools = [row["input"]["tools"] for row in pq.read_table(tmp_path / "out" / "data" / "train.parquet").to_pylist()]
    assert [json.loads(text) for text in tools if text is not None] == [[tool]]


def test_single_messages_that_were_judged_differently_are_pairs_in_openais_shape(workspace: Workspace, tmp_path: Path) -> None:
    items = _asked(workspace, [answer_to(1, "right"), answer_to(1, "wrong"), answer_to(2, "done", steps=1), answer_to(2, "no")])
    for item, verdict in zip(items, ("compliant", "non_compliant", "compliant", "non_compliant"), strict=True):
        _label(workspace, item, verdict=verdict)
    done = _release(workspace, tmp_path / "out", "openai-preference")
    (row,) = _rows(tmp_path / "out")
    assert (row["preferred_output"][0]["content"], row["non_preferred_output"][0]["content"]) == ("right", "wrong")
    assert {reason: n for reason, n in done.dropped.items() if n} == {"no_pair": 2}  # what one of them called is another prompt's tool
