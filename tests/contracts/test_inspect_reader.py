"""Inspect reads a regression set, and what it logs of a run over it is set beside it.

Its library has an environment of its own (packaging/README.md, "Readers of releases").
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part, ToolCall
from reviewer.domain.progress import SILENT
from reviewer.formats.format import Options
from reviewer.operations import campaigns, importing, regression_sets
from tests import worlds

_HERE = Path(__file__).parent
_PYTHON = Path(os.environ.get("REVIEWER_READERS", _HERE.parents[1] / ".venv-readers" / "bin" / "python"))


def _greeted() -> Item:
    """A run whose question comes behind a call and its result."""

    def said(role: str, text: str, **more: object) -> Message:
        return Message(role=role, content=(Part(type="text", text=text),), **more)  # type: ignore[arg-type] # one of the roles

    call = ToolCall(name="look", id="c1", arguments='{"order":1.10}')
    return Item(
        kind="trajectory",
        messages=(
            Message(role="assistant", tool_calls=(call,)),
            said("assistant", "Hi"),
            said("user", "Refund?"),
            said("assistant", "No."),
        ),
    )


@pytest.mark.long
def test_inspect_reads_a_set_and_its_log_comes_back_beside_it(tmp_path: Path) -> None:
    if not _PYTHON.exists():
        pytest.skip(f"no readers at {_PYTHON}: see packaging/README.md")
    workspace = worlds.make(tmp_path / "w")
    items = worlds.put_in(workspace, [*(worlds.run_of(n) for n in range(5)), _greeted()])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    for number, item in enumerate(items):
        worlds.label(workspace, item, "non_compliant" if number == 2 else "compliant")
    regression_sets.export_set(workspace, SILENT, campaign="C", path=tmp_path / "set.jsonl")
    ran = subprocess.run(
        [str(_PYTHON), str(_HERE / "inspect_reader.py"), str(tmp_path / "set.jsonl"), str(tmp_path / "logs")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3_000:]
    told = json.loads(ran.stdout)
    assert {name: target for name, (target, _) in told["samples"].items()} == {
        item: "non_compliant" if number == 2 else "compliant" for number, item in enumerate(items)
    }
    assert told["samples"][items[0]][1] == ["system", "user"]
    assert told["samples"][items[5]][1] == ["assistant", "assistant", "user"]
    assert told["calls"] == [["look", {"order": 1.1}]]
    assert (told["status"], told["ran"]) == ("success", 6)
    importing.import_files(workspace, SILENT, paths=[str(tmp_path / "logs")], options=Options())
    found = regression_sets.compare_runs(workspace, SILENT, path=tmp_path / "set.jsonl").value
    assert [len(task.runs) for task in found.tasks] == [1] * 6
    assert {run.agent for task in found.tasks for run in task.runs} == {"canned"}
    scored = {task.before[0].verdict: task.runs[0].scores for task in found.tasks}
    assert scored == {"compliant": {"scores.includes": True}, "non_compliant": {"scores.includes": False}}
