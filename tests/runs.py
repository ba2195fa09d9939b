"""Small agent runs for tests: chat records in any number, and a workspace that holds them."""

import json
from pathlib import Path

from reviewer.domain.progress import SILENT
from reviewer.formats.format import Options
from reviewer.operations import importing
from reviewer.storage.workspace import Workspace


def chat_record(number: int, **more: object) -> dict[str, object]:
    """A refund run with one tool call, as OpenAI writes chats."""
    arguments = json.dumps({"order": f"W{number}", "amount": 1.10})
    call = {"id": f"c{number}", "type": "function", "function": {"name": "refund", "arguments": arguments}}
    return {
        "id": f"run {number}",
        "agent": "support" if number % 2 else "claims",
        "model": "model-a",
        "time": f"2026-05-01T10:{number % 60:02d}:00Z",
        "messages": [
            {"role": "system", "content": "Follow the refund policy."},
            {"role": "user", "content": f"Please refund order W{number}, it arrived broken."},
            {"role": "assistant", "content": "", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": f"c{number}", "content": '{"ok": true}'},
            {"role": "assistant", "content": f"Order W{number} is refunded."},
            {"role": "user", "content": "Thanks!"},
        ],
        "score": 0.5,
        **more,
    }


def write_runs(path: Path, count: int, **more: object) -> Path:
    """A JSONL file of `count` runs."""
    path.write_text("".join(json.dumps(chat_record(number, **more)) + "\n" for number in range(1, count + 1)), encoding="utf-8")
    return path


def filled_workspace(folder: Path, count: int, *, member: str = "Ada") -> Workspace:
    """A new workspace with `count` runs."""
    workspace = Workspace.create(folder, member=member)
    source = write_runs(folder.with_suffix(".jsonl"), count)
    importing.import_files(workspace, SILENT, paths=[str(source)], options=Options())
    return workspace
