"""Regression sets from the command line."""

import json
from pathlib import Path

from tests.cli.conftest import Cli
from tests.runs import chat_record


def test_a_set_is_frozen_and_a_new_model_stands_beside_it(cli: Cli, campaign: str, tmp_path: Path) -> None:
    for number in range(3):
        up = cli("next", campaign, "--json").json
        assert cli("label", campaign, up["id"], "--verdict", "non_compliant" if number == 0 else "compliant").code == 0
    path = tmp_path / "set.jsonl"
    done = cli("regression", "export", campaign, str(path), "--json").json
    assert (done["samples"], done["tasks"], done["verdicts"]) == (3, 3, {"compliant": 2, "non_compliant": 1})
    assert "Froze 3 runs of 3 tasks" in cli("regression", "export", campaign, str(tmp_path / "again.jsonl")).out
    (tmp_path / "new.jsonl").write_text("".join(json.dumps(chat_record(n, model="newest", reward=1)) + "\n" for n in range(12)))
    assert cli("import", str(tmp_path / "new.jsonl")).code == 0
    told = cli("regression", "compare", str(path), "--query", "model:newest", "--json").json
    assert told["before"]["share"] == 1 / 3
    assert told["after"]["share"] is None
    assert [len(task["runs"]) for task in told["tasks"]] == [1, 1, 1]
    assert {run["state"] for task in told["tasks"] for run in task["runs"]} == {"unasked"}
    assert told["upstream"]["reward"]["after"]["share"] == 1.0
    said = cli("regression", "compare", str(path), "--query", "model:newest").out
    assert said.startswith("3 new runs of 3 of the set's 3 tasks.\nNon-compliant before: 33.3% of 3 runs of 3 tasks")
    assert "Non-compliant now:    unknown: no run has an answer that was given blind." in said
    cli("regression", "compare", str(tmp_path / "new.jsonl")).refused()
    cli("regression", "export", campaign, str(path)).refused()
