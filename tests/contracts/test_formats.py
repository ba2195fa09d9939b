"""Every format keeps the contract of formats."""

import io
import json
import zipfile

import pyarrow
import pyarrow.parquet

from reviewer.formats import registry
from tests.contracts.format_contract import FormatContract


def _lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def _call(arguments: object) -> dict[str, object]:
    return {"id": "c1", "type": "function", "function": {"name": "find", "arguments": arguments}}


_TURNS = [
    {"role": "user", "content": "Find my order."},
    {"role": "assistant", "content": None, "tool_calls": [_call({"order": 1.10, "n": 12345678901234567890})]},
    {"role": "tool", "tool_call_id": "c1", "name": "find", "content": "found"},
    {"role": "assistant", "content": "It is on its way."},
]
_TEXT_TURNS = [_TURNS[0], {"role": "assistant", "content": "", "tool_calls": [_call('{"order": 1.10}')]}, *_TURNS[2:]]


class TestTauBench(FormatContract):
    name, file_name = "tau-bench", "runs.json"
    content = json.dumps(
        [{"task_id": 1, "trial": trial, "reward": 0.25, "info": {"gold": "planted"}, "traj": _TEXT_TURNS} for trial in (0, 1)], indent=2
    ).encode()
    hidden = ("planted", "0.25")


class TestAgentDojo(FormatContract):
    name, file_name = "agentdojo", "runs.jsonl"
    content = _lines(
        {"metadata": {"benchmark": "agent-dojo", "name": "m"}},
        *(
            {
                "index": index,
                "messages": _TURNS,
                "metadata": {"suite_name": "bank", "model": "m", "success": True, "security": True, "user_task_id": "planted-task"},
                "annotations": [],
            }
            for index in (1, 2)
        ),
    )
    hidden = ("planted-task", "security")


class TestTau2(FormatContract):
    name, file_name = "tau2", "results.json"
    content = json.dumps(
        {
            "timestamp": "2026-05-01T00:00:00",
            "info": {
                "agent_info": {"llm": "m"},
                "environment_info": {"domain_name": "shop", "policy": "planted policy", "tool_defs": None},
            },
            "tasks": [{"id": "7", "evaluation_criteria": "planted gold"}],
            "simulations": [
                {
                    "id": f"run-{trial}",
                    "task_id": "7",
                    "trial": trial,
                    "start_time": "2026-05-01T10:00:00.123456",
                    "reward_info": {"reward": 0.125},
                    "messages": [
                        {"role": "assistant", "content": "Hi!"},
                        {"role": "user", "content": None, "tool_calls": [{"id": "u1", "name": "toggle", "arguments": {"on": True}}]},
                        {"role": "tool", "id": "u1", "content": "done", "requestor": "user", "error": False},
                    ],
                }
                for trial in (0, 1)
            ],
        },
        indent=2,
    ).encode()
    hidden = ("planted policy", "planted gold", "0.125")


_HEADER = {
    "version": 2,
    "status": "success",
    "eval": {"task": "t", "model": "m", "run_id": "r", "created": "2026-05-01T10:00:00+02:00"},
    "plan": {},
}
_SAMPLES = [
    {
        "id": number,
        "epoch": 1,
        "input": "q",
        "target": "planted target",
        "messages": [{"role": "user", "content": "attachment://aa11"}, {"role": "assistant", "content": "No"}],
        "scores": {"match": {"value": "I", "answer": "planted answer"}},
        "attachments": {"aa11": "a long question"},
    }
    for number in (1, 2)
]


class TestInspectJson(FormatContract):
    name, file_name = "inspect", "log.json"
    content = json.dumps({**_HEADER, "results": {}, "samples": _SAMPLES}, indent=2).encode()
    hidden = ("planted target", "planted answer")


def _eval() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", json.dumps(_HEADER))
        for sample in _SAMPLES:
            archive.writestr(f"samples/{sample['id']}_epoch_1.json", json.dumps(sample))
    return kept.getvalue()


class TestInspectEval(FormatContract):
    name, file_name, text = "inspect", "log.eval", False
    content = _eval()
    hidden = ("planted target", "planted answer")


class TestAssebench(FormatContract):
    name, file_name = "assebench", "judged.json"
    content = json.dumps(
        [
            {
                "id": number,
                "profile": "You are a helpful assistant.",
                "goal": "planted goal",
                "contents": [[{"role": "user", "content": "Pay it."}, {"role": "agent", "thought": "I see", "action": "Pay{'a': 1}"}]],
                "label": 1,
                "risk_description": "planted risk",
            }
            for number in (1, 2)
        ]
    ).encode()
    hidden = ("planted goal", "planted risk")


class TestWhoAndWhen(FormatContract):
    name, file_name = "who-and-when", "failed.json"
    content = json.dumps(
        [
            {
                "question": "How many?",
                "question_ID": f"q{number}",
                "ground_truth": "planted truth",
                "history": [{"role": "human", "content": "How many?"}, {"role": "Orchestrator (thought)", "content": f"Say {number}."}],
                "mistake_agent": "planted agent",
                "mistake_step": "1",
                "mistake_reason": "planted reason",
            }
            for number in (1, 2)
        ]
    ).encode()
    hidden = ("planted truth", "planted agent", "planted reason")


class TestAgentAsAJudge(FormatContract):
    name, file_name = "agent-as-a-judge", "judged.json"
    content = json.dumps(
        [
            {
                "name": f"0{number}_Task",
                "query": f"Write task {number}.",
                "requirements": [{"requirement_id": 0, "prerequisites": [], "criteria": "planted criterion", "satisfied": True}],
            }
            for number in (1, 2)
        ]
    ).encode()
    hidden = ("planted criterion", "satisfied")


class TestOpenAiChat(FormatContract):
    name, file_name = "openai-chat", "chat.jsonl"
    content = _lines(*({"id": f"c{n}", "messages": _TURNS, "model": "m", "score": "planted", "metadata": {"a": 1}} for n in (1, 2)))
    hidden = ("planted",)


class TestTrlPreference(FormatContract):
    name = "trl-preference"
    file_name = "pairs.jsonl"
    content = _lines(
        {"chosen": "\n\nHuman: Hi\n\nAssistant: Hello.", "rejected": "\n\nHuman: Hi\n\nAssistant: Go away."},
        {"prompt": "Is it open?", "chosen": "It is.", "rejected": "No idea.", "id": "r2", "score_chosen": 8.5},
        {
            "prompt": [{"role": "user", "content": "Hi"}],
            "chosen": [{"role": "assistant", "content": "Hello."}],
            "rejected": [{"role": "assistant", "content": "What?"}],
        },
        {"chosen": "The sky is blue.", "rejected": "The sky is green."},
    )
    hidden = ("score_chosen", '"rejected"')


class TestOpenAiPreference(FormatContract):
    name = "openai-preference"
    file_name = "dpo.jsonl"
    content = _lines(
        *(
            {
                "input": {"messages": [{"role": "user", "content": f"Number {n}?"}], "tools": [], "parallel_tool_calls": True},
                "preferred_output": [{"role": "assistant", "content": "Yes."}],
                "non_preferred_output": [{"role": "assistant", "content": "No."}],
            }
            for n in (1, 2)
        )
    )
    hidden = ("non_preferred_output", "parallel_tool_calls")


class TestGsm8kSolutions(FormatContract):
    name = "gsm8k-solutions"
    file_name = "solutions.jsonl"
    content = _lines(
        *(
            {
                "question": f"What is {n} + {n}?",
                "ground_truth": f"It is {2 * n}.\nA: {2 * n}",
                "6b": {"is_correct": True, "solution": f"A: {2 * n}"},
                "175b": {"is_correct": False, "solution": "A: 0"},
            }
            for n in (1, 2)
        )
    )
    hidden = ("is_correct", "ground_truth")


class TestMistralChat(FormatContract):
    name, file_name = "mistral-chat", "dataset.jsonl"
    content = _lines(*({"id": f"c{n}", "messages": _TEXT_TURNS, "properties": {"verdict": "planted"}} for n in (1, 2)))
    hidden = ("planted",)


class TestMistralHistory(FormatContract):
    name, file_name = "mistral-chat", "history.jsonl"
    content = _lines(
        *(
            {
                "object": "conversation.history",
                "conversation_id": f"conv_{n}",
                "note": "planted",
                "entries": [
                    {"type": "message.input", "role": "user", "content": "Find it.", "created_at": "2026-05-01T10:00:00Z"},
                    {"type": "function.call", "tool_call_id": "abcdefghi", "name": "find", "arguments": '{"a": 1}'},
                    {"type": "function.result", "tool_call_id": "abcdefghi", "result": "here"},
                    {"type": "message.output", "role": "assistant", "content": [{"type": "text", "text": "Here."}], "model": "m"},
                ],
            }
            for n in (1, 2)
        )
    )
    hidden = ("planted",)


class TestMistralRecord(FormatContract):
    name, file_name = "mistral-record", "records.jsonl"
    content = _lines(
        *(
            {
                "object": "dataset.record",
                "id": f"r{n}",
                "payload": {"messages": _TEXT_TURNS, "kind": "planted"},
                "properties": {"ok": "planted"},
            }
            for n in (1, 2)
        )
    )
    hidden = ("planted",)


class TestMistralTrace(FormatContract):
    name, file_name = "mistral-trace", "traces.jsonl"
    content = _lines(
        *(
            {
                "object": "trace",
                "trace_id": f"t{n}",
                "trace": {"user_id": "planted"},
                "spans": [
                    {
                        "start_time": "2026-05-01T10:00:00Z",
                        "system_instructions": "Be fair.",
                        "input_messages": json.dumps([{"role": "user", "content": "Find it."}]),
                        "output_messages": json.dumps({"role": "assistant", "parts": [{"type": "text", "content": "Here."}]}),
                        "tool_definitions": json.dumps([{"name": "find"}]),
                        "user_id": "planted",
                    }
                ],
            }
            for n in (1, 2)
        )
    )
    hidden = ("planted",)


_ROWS = [{"id": n, "prompt": f"What is {n}?", "completion": "It is\r\nthis, or that.", "label": "planted"} for n in (1, 2)]


class TestCsv(FormatContract):
    name, file_name = "csv", "table.csv"
    content = b"id,prompt,completion,label\r\n" + b"".join(
        f'{row["id"]},{row["prompt"]},"{row["completion"]}",{row["label"]}\r\n'.encode() for row in _ROWS
    )
    hidden = ("planted",)


class TestTsv(FormatContract):
    name, file_name = "tsv", "table.tsv"
    content = TestCsv.content.replace(b"this, or", b"this or").replace(b",", b"\t")
    hidden = ("planted",)


class TestJsonlTable(FormatContract):
    name, file_name = "jsonl", "table.jsonl"
    content = _lines(*_ROWS)
    hidden = ("planted",)


def _parquet() -> bytes:
    kept = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(_ROWS), kept)
    return kept.getvalue()


class TestParquet(FormatContract):
    name, file_name, text = "parquet", "table.parquet", False
    content = _parquet()
    hidden = ("planted",)


def test_every_format_has_its_contract() -> None:
    kept = {
        one.name
        for one in list(globals().values())
        if isinstance(one, type) and issubclass(one, FormatContract) and one is not FormatContract
    }
    assert kept == {known.name for known in registry.formats()}
