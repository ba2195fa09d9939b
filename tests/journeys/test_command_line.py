"""From real runs to a training data set, by commands alone, as a script would: each one a process of its own."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests import commands

SAMPLED = 30


class Shell:
    """Runs `python -m reviewer` with a workspace."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """A command that has to end with this exit code and never shows a traceback."""
        done = commands.run(["--workspace", str(self.workspace), *arguments])
        assert "Traceback" not in done.stderr
        assert done.returncode == code, done.stderr
        return done

    def json(self, *arguments: str) -> Any:
        """The one document of a command with --json."""
        return json.loads(self.run(*arguments, "--json").stdout)

    def refused(self, *arguments: str) -> tuple[str, str]:
        """The two lines of a command that is refused."""
        done = self.run(*arguments, code=2)
        what, hint = done.stderr.strip().splitlines()
        assert done.stdout == ""
        assert what.startswith("error: ")
        assert what.endswith("]")
        assert hint.startswith("hint: ")
        return what, hint

    def line(self, *arguments: str) -> list[str]:
        """The command as the system takes it."""
        return [sys.executable, "-m", "reviewer", "--workspace", str(self.workspace), *arguments]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A fresh workspace of Ada's."""
    made = Shell(tmp_path / "work")
    made.run("init", "--as", "Ada")
    return made


def test_thirty_runs_are_imported_labelled_exported_and_released(shell: Shell, real_data: Path, tmp_path: Path) -> None:
    came = shell.json("import", str(real_data / "tau-bench"))
    assert (came["read"], came["added"], came["rejected"]) == (140, 140, 0)
    assert shell.json("import", str(real_data / "tau-bench"))["known"] == 140
    made = shell.json("campaign", "create", "airline", "--design", "srs", "--size", str(SAMPLED), "--seed", "journey")
    assert (made["population"], made["sampled"]) == (140, SAMPLED)
    put_off = shell.json("next", "airline")["id"]
    assert shell.json("skip", "airline", put_off, "--reason", "Later")["item"] == put_off
    given: dict[str, str] = {}
    asked = None
    while not (up := shell.json("next", "airline")).get("done"):
        assert "model" not in up
        if asked is None:
            asked = shell.json("escalate", "airline", up["id"], "--reason", "Which rule holds here?")["item"]
            continue
        verdict = ("compliant", "non_compliant", "compliant", "unsure")[len(given) % 4]
        done = shell.json("label", "airline", up["id"][:12], "--verdict", verdict, "--rationale", f"=because of {len(given)}")
        if len(given) == 3:
            assert shell.json("undo")["undone"] == done["label"]
            shell.run("label", "airline", up["id"], "--verdict", verdict, "--rationale", "-second thought")
        given[up["id"]] = verdict
    assert len(given) == SAMPLED - 1
    assert list(given)[-1] == put_off
    shell.run("label", "airline", str(asked), "--verdict", "non_compliant", "--severity", "major")
    given[str(asked)] = "non_compliant"
    _leaves_whole(shell, given, tmp_path)


def _leaves_whole(shell: Shell, given: dict[str, str], tmp_path: Path) -> None:
    answers = {item: verdict for item, verdict in given.items() if verdict != "unsure"}
    standing = shell.json("campaign", "show", "airline", "--items")
    assert (standing["complete"], standing["labels"], standing["answered"]) == (SAMPLED, SAMPLED, len(answers))
    assert (standing["unsure"], standing["open"], standing["by_reviewer"]) == (SAMPLED - len(answers), 0, {"Ada": SAMPLED})
    assert {one["id"]: one["answer"] for one in standing["items"] if one["answer"]} == answers
    for ending in ("jsonl", "csv", "parquet"):
        assert shell.json("labels", "export", str(tmp_path / f"labels.{ending}"), "--campaign", "airline")["labels"] == SAMPLED
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as stream:
        table = {row["item"]: row["verdict"] for row in csv.DictReader(stream)}
    lines = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    columns = pq.read_table(tmp_path / "labels.parquet").to_pylist()
    assert table == {row["item"]: row["verdict"] for row in lines} == {row["item"]: row["verdict"] for row in columns} == given
    assert shell.json("labels", "export", str(tmp_path / "all.jsonl"), "--history")["labels"] == SAMPLED + 1
    released = shell.json("release", "airline", "--format", "trl-kto", "--out", str(tmp_path / "kto"), "--split", "0.8,0.1,0.1")
    assert sum(released["rows"].values()) == len(answers)
    assert released["dropped"]["unsure"] == SAMPLED - len(answers)
    rows = [json.loads(line) for file in (tmp_path / "kto" / "data").glob("*.jsonl") for line in file.read_bytes().splitlines()]
    assert {row["reviewer_item"]: row["label"] for row in rows} == {item: verdict == "compliant" for item, verdict in answers.items()}
    assert all(row["prompt"][-1]["role"] == "user" and row["completion"][0]["role"] == "assistant" for row in rows)
    assert shell.json("release", "check", str(tmp_path / "kto"))["broken"] == []
    before, after = shell.json("verify"), shell.json("verify", "--rebuild")
    assert before["ok"] is after["ok"] is True
    assert (before["digest"], before["problems"]) == (after["digest"], [])


def test_two_members_who_disagree_leave_an_item_open_and_neither_is_led(shell: Shell, real_data: Path) -> None:
    shell.run("import", str(real_data / "tau-bench"))
    shell.run("member", "add", "Ben", "--here")
    shell.run("campaign", "create", "both", "--size", "3", "--overlap", "2", "--seed", "1")
    for member, verdicts in (("Ada", ("compliant",) * 3), ("Ben", ("non_compliant", "compliant", "unsure"))):
        for verdict in verdicts:
            up = shell.json("next", "both", "--as", member)
            shown = shell.json("show", up["id"], "--as", member)
            assert (shown["labels"], shown["model"], shown["source"]) == ([], None, None)
            shell.json("label", "both", up["id"], "--verdict", verdict, "--as", member)
        assert shell.json("next", "both", "--as", member) == {"done": True}
    standing = shell.json("campaign", "show", "both")
    assert (standing["complete"], standing["answered"], standing["labels"]) == (3, 1, 6)
    assert standing["by_reviewer"] == {"Ada": 3, "Ben": 3}
    assert (standing["open"], standing["unsure"]) == (1, 1)


def test_a_killed_import_run_again_completes(shell: Shell, real_data: Path) -> None:
    arguments = ("import", str(real_data / "agentdojo"))
    running = subprocess.Popen(shell.line(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    deadline = time.monotonic() + 60
    while shell.json("items", "--count")["total"] == 0 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    running.kill()
    running.wait()
    assert shell.json("verify")["ok"] is True
    partly = shell.json("items", "--count")["total"]
    done = shell.json(*arguments)
    assert done["known"] >= partly
    assert done["added"] + done["known"] == shell.json("items", "--count")["total"] == done["read"] - done["rejected"]
    assert shell.json("verify")["ok"] is True


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise there")
def test_ctrl_c_stops_with_a_sentence_and_what_was_acknowledged_stays(shell: Shell, real_data: Path) -> None:
    running = subprocess.Popen(
        shell.line("import", str(real_data / "agentdojo")),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while shell.json("items", "--count")["total"] == 0 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert "Traceback" not in err
    assert running.returncode == 130 or (running.returncode == 0 and out)
    if running.returncode == 130:
        assert err.strip().splitlines()[-2].startswith("error: Interrupted")
    assert shell.json("verify")["ok"] is True


def test_bad_input_always_gets_two_lines(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "binary.bin").write_bytes(bytes(range(256)))
    for workspace in (tmp_path, tmp_path / "nowhere", tmp_path / "file"):
        Shell(workspace).refused("items")
    Shell(tmp_path / "file" / "below").refused("init", "--as", "Ada")
    shell.refused("show", "0" * 64)
    shell.refused("label", "nowhere", "0" * 64, "--verdict", "splendid")
    shell.refused("import", str(tmp_path / "nowhere.json"))
    shell.refused("labels", "import", str(tmp_path / "binary.bin"), "--campaign", "nowhere")
    shell.refused("labels", "export", str(tmp_path / "file" / "x.csv"))
    shell.refused("--nonsense")
    (tmp_path / "half.json").write_text('[{"messages": [{"role": "user"')
    done = shell.json("import", str(tmp_path / "half.json"), str(tmp_path / "binary.bin"))
    assert done["added"] == 0
    assert done["rejected"] + len(done["skipped"]) == 2


def test_a_full_disk_is_said_and_nothing_half_is_left(shell: Shell) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full to be the disk that is full")
    with full.open("w") as stream:
        buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        done = subprocess.run(shell.line("items"), stdout=stream, stderr=subprocess.PIPE, text=True, env=buffered, check=False)
    assert done.returncode == 2
    assert [line.partition(": ")[0] for line in done.stderr.splitlines()] == ["error", "hint"]
    assert "The answer was not written: No space left on device. [E101]" in done.stderr
