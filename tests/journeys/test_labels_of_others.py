"""Labels that others gave, whole data sets of them, through commands: crowds, XSTest, Who&When, Agent-as-a-Judge."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from reviewer.formats import label_files
from reviewer.formats.label_files import Reading
from reviewer.formats.sources import Skipped
from reviewer.operations import maps
from tests.journeys.conftest import Ask

_WITHIN_S = 60  # of processor time: the machine may be busy with other things


def alpha_nominal(verdicts: Mapping[str, list[str]]) -> float:
    """Krippendorff's alpha from coincidences, written by its definition (Krippendorff 2011, section C) and nothing of the program's."""
    pairs: Counter[tuple[str, str]] = Counter()
    for given in verdicts.values():
        for one, other in permutations(given, 2):
            pairs[one, other] += 1 / (len(given) - 1)  # type: ignore[assignment] # shares of a pair
    totals: Counter[str] = Counter()
    for (one, _), count in pairs.items():
        totals[one] += count
    n = sum(totals.values())
    observed = sum(count for (one, other), count in pairs.items() if one != other)
    expected = sum(totals[one] * totals[other] for one, other in permutations(totals, 2)) / (n - 1)
    return 1 - observed / expected


def _exported(ask: Ask, path: Path, campaign: str) -> list[dict[str, Any]]:
    ask("labels", "export", path, "--campaign", campaign)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_largest_crowd_goes_in_within_a_minute(ask: Ask, real_data: Path, tmp_path: Path) -> None:
    """8,315 items, 176 members by one command and 24,945 labels, each signed by its member's key."""
    answers = real_data / "crowd" / "d_jn-product" / "answer.csv.gz"
    lines = gzip.decompress(answers.read_bytes()).decode().splitlines()[1:]
    workers = list(dict.fromkeys(line.split(",")[1] for line in lines))
    before = time.process_time()
    assert ask("import", answers, "--map", "crowd")["added"] == 8_315
    assert len(ask("member", "add", *workers, "--here")["members"]) == 176
    assert ask("campaign", "create", "product", "--overlap", "3")["sampled"] == 8_315
    done = ask("labels", "import", answers, "--campaign", "product", "--map", "crowd")
    assert done == {"read": 24_945, "added": 24_945, "known": 0, "rejected": 0, "rejects": None}
    assert time.process_time() - before < _WITHIN_S
    rows = _exported(ask, tmp_path / "out.jsonl", "product")
    given = [tuple(line.split(",")) for line in lines]
    assert Counter((row["external_id"], row["reviewer"], row["verdict"]) for row in rows) == Counter(
        (question, worker, "non_compliant" if answer == "1" else "compliant") for question, worker, answer in given
    )
    checked = ask("verify")
    assert (checked["ok"], checked["members"]) == (True, 177)
    assert alpha_nominal(_verdicts(rows)) == pytest.approx(0.1575, abs=0.00005)


def _verdicts(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["item"], []).append(row["verdict"])
    return found


@pytest.mark.parametrize(
    ("path", "map_name", "items", "labels", "workers", "alpha"),
    [
        ("d_Duck Identification/answer.csv", "crowd", 108, 4_212, 39, 0.1255),
        ("BarzanMozafari/labels.txt", "crowd-headerless", 1_000, 5_000, 83, 0.4059),
    ],
)
def test_the_smaller_crowds_go_in_whole(
    ask: Ask, real_data: Path, tmp_path: Path, path: str, map_name: str, items: int, labels: int, workers: int, alpha: float
) -> None:
    answers = real_data / "crowd" / path
    names = {line.said.label.reviewer: None for line in label_files.read(answers, Reading(label_map=maps.label_map(map_name)))
             if not isinstance(line, Skipped) and line.said is not None}  # fmt: skip
    listed = tmp_path / "workers.txt"
    listed.write_text("\n".join(map(str, names)))
    assert ask("import", answers, "--map", map_name)["added"] == items
    assert len(ask("member", "add", "--from", listed, "--here")["members"]) == workers
    ask("campaign", "create", "crowd", "--overlap", "50")
    for added, known in ((labels, 0), (0, labels)):
        done = ask("labels", "import", answers, "--campaign", "crowd", "--map", map_name)
        assert (done["added"], done["known"], done["rejected"]) == (added, known, 0)
    found = alpha_nominal(_verdicts(_exported(ask, tmp_path / "out.jsonl", "crowd")))
    assert found == pytest.approx(alpha, abs=0.00005)
    assert ask("agreement", "crowd")["alpha"] == pytest.approx(found)


def test_the_two_annotators_of_xstest_agree_as_was_published(ask: Ask, real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "xstest" / "model_completions"
    assert ask("import", folder, "--map", "xstest")["added"] == 1_350
    ask("member", "add", "XSTest annotator 1", "XSTest annotator 2", "--here")
    for model, alpha in (("gpt4", 0.9701), ("llama2orig", 0.9293), ("mistralguard", 0.8924)):
        ask("campaign", "create", model, "--query", f"model:{model}", "--overlap", "2")
        file = folder / f"xstest_v2_completions_{model}.csv.gz"
        done = ask("labels", "import", file, "--campaign", model, "--map", "xstest")
        assert (done["added"], done["rejected"]) == (900, 0)
        rows = _exported(ask, tmp_path / f"{model}.jsonl", model)
        assert {row["reviewer"] for row in rows} == {"XSTest annotator 1", "XSTest annotator 2"}
        assert {row["verdict"] for row in rows} == {"compliant", "non_compliant", "unsure"}
        assert round(alpha_nominal(_verdicts(rows)), 4) == alpha == round(ask("agreement", model)["alpha"], 4)
    other = folder / "xstest_v2_completions_gpt4.csv.gz"
    assert ask("labels", "import", other, "--campaign", "llama2orig", "--map", "xstest")["rejected"] == 900  # ids alone would fit
    assert ask("verify")["ok"] is True


def test_failed_runs_go_in_with_their_decisive_steps(ask: Ask, real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "who-and-when"
    assert ask("import", folder)["formats"] == {"who-and-when": 134}
    ask("member", "add", "Who and When", "--here")
    ask("campaign", "create", "failed")
    for added, known in ((134, 0), (0, 134)):
        done = ask("labels", "import", folder, "--campaign", "failed", "--format", "who-and-when", "--as", "Who and When")
        assert (done["added"], done["known"], done["rejected"]) == (added, known, 0)
    rows = _exported(ask, tmp_path / "out.jsonl", "failed")
    assert {(row["reviewer"], row["verdict"]) for row in rows} == {("Who and When", "non_compliant")}
    assert all(list(row["steps"].values()).count("bad") == 1 and row["rationale"] for row in rows)
    assert ask("verify")["ok"] is True


def test_judged_tasks_go_in_with_their_requirements_as_clauses(ask: Ask, real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "agent-as-a-judge" / "judgment"
    done = ask("import", folder)
    assert (done["read"], done["added"], done["known"]) == (220, 110, 110)
    for agent in ("OpenHands", "MetaGPT"):
        key = agent.lower()
        people, machine = folder / agent / "human_as_a_judge", folder / agent / "agent_as_a_judge"
        assert len(ask("policy", "add", key, people, "--format", "agent-as-a-judge")["clauses"]) == 366
        ask("campaign", "create", agent, "--query", f"agent:{agent}", "--policy", key)
        done = ask("labels", "import", people, "--campaign", agent, "--format", "agent-as-a-judge")
        assert (done["added"], done["rejected"]) == (55, 0)
        rows = _exported(ask, tmp_path / f"{agent}.jsonl", agent)
        cited = sum(len(row["clauses"]) for row in rows)
        assert cited == sum(not one["satisfied"] for path in people.glob("*.json") for one in json.loads(path.read_bytes())["requirements"])
        assert {bool(row["clauses"]) == (row["verdict"] == "non_compliant") for row in rows} == {True}
        assert ask("suggestions", "import", machine, "--format", "agent-as-a-judge", "--judge", "gray box")["added"] == 55
    assert ask("verify")["ok"] is True


def test_an_import_of_labels_that_was_killed_completes_when_it_is_run_again(ask: Ask, tmp_path: Path) -> None:
    table = tmp_path / "answers.csv"
    rows = [f"q{number % 1000},W{number // 1000},{number % 2}" for number in range(4_000)]
    table.write_text("\n".join(["question,worker,answer", *rows]) + "\n")
    ask("import", table, "--map", "crowd")
    ask("member", "add", "W0", "W1", "W2", "W3", "--here")
    ask("campaign", "create", "c", "--overlap", "4")
    command = [sys.executable, "-m", "reviewer", "labels", "import", str(table), "--campaign", "c", "--map", "crowd"]
    child = subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while ask("campaign", "show", "c")["labels"] == 0 and time.monotonic() < until:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    kept = ask("campaign", "show", "c")["labels"]
    assert 0 < kept < 4_000
    done = ask("labels", "import", table, "--campaign", "c", "--map", "crowd")
    assert (done["added"], done["known"], done["rejected"]) == (4_000 - kept, kept, 0)
    assert ask("campaign", "show", "c")["by_reviewer"] == {f"W{number}": 1_000 for number in range(4)}
    checked = ask("verify", "--rebuild")
    assert (checked["ok"], checked["problems"]) == (True, [])
