"""Encrypting a workspace, killed before its changes on disk: it opens with everything, and run again it completes.

Full form, before each of them: pytest -m long tests/faults/test_cut_off_encryption.py (half a minute). The short form takes every fourth.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.domain.progress import SILENT
from reviewer.operations import verifying
from tests import worlds

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked for each kill")

MEDIUM = "a medium with known content in it"


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plain workspace and its configuration folder, with media, a copy and a list of rejects."""
    place = tmp_path / "template"
    monkeypatch.setenv("REVIEWER_CONFIG", str(place / "config"))
    workspace = worlds.busy(place / "w", items=12)
    name = hashlib.sha256(MEDIUM.encode()).hexdigest()
    workspace.media.keep([(name, MEDIUM.encode()), (hashlib.sha256(b"other").hexdigest(), b"other")])
    digest = verifying.verify(workspace, SILENT).value.digest
    workspace.close()
    for folder in ("backups", "rejects"):
        (place / "w" / folder).mkdir()
    (place / "w" / "backups" / "before-0001-1.db").write_bytes((place / "w" / "reviewer.db").read_bytes())
    (place / "w" / "rejects" / "1.jsonl").write_text('{"line": 3, "reason": "no JSON", "content": "a rejected line of known text"}\n')
    texts = [MEDIUM, "a rejected line of known text", "Refund order 11, please."]
    (place / "told.json").write_text(json.dumps({"medium": name, "texts": texts, "digest": digest}))
    return place


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.long)])
def test_a_kill_before_any_change_on_disk_leaves_everything_and_another_try_completes(template: Path, tmp_path: Path, step: int) -> None:
    (tmp_path / "scratch").mkdir()
    command = [sys.executable, "-m", "tests.faults.converter", str(template), str(tmp_path / "scratch"), str(step)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    digest = json.loads((template / "told.json").read_text())["digest"]
    for one in told:
        for look in (one["after"], one["again"]):
            assert look | {"encrypted": None} == {"ok": True, "digest": digest, "items": 12, "medium": MEDIUM, "encrypted": None}
        assert one["again"]["encrypted"]
        assert one["clear"] == []
    states = [one["state"] for one in told]
    assert states == sorted(states, key=["plain", "cut off", "sealed"].index)
    assert min(states.count("plain"), states.count("cut off")) >= 8 // step, "both sides of the switch were met"
    assert [one["code"] for one in told] == [9] * (len(told) - 1) + [0]
