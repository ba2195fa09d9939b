"""Hostile files: none may crash, hang, read outside or contact anything."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain import items
from reviewer.domain.records import Reject
from reviewer.formats import intake
from tests.corpus.hostile_files import Hostile, hostile_files

CASES = hostile_files()
LONGEST_S = 2.0


def test_the_corpus_has_at_least_150_cases_with_names_of_their_own() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)


_WATCHED: list[str] | None = None


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    """Python tells of every file opened, every program started and every address called."""
    if _WATCHED is not None and event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec"):
        _WATCHED.append(f"{event} {arguments[0]}")


sys.addaudithook(_hook)


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was opened, started or called while the test ran, code of the program itself left out."""
    seen: list[str] = []
    monkeypatch.setattr(sys.modules[__name__], "_WATCHED", seen)
    yield seen
    seen[:] = [one for one in seen if not one.endswith((".py", ".pyc", ".so", ".pyi"))]


def test_the_watch_sees_a_file_that_is_opened(tmp_path: Path, touched: list[str]) -> None:
    (tmp_path / "canary").write_text("x")
    assert any("canary" in one for one in touched)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_is_read_skipped_or_rejected_and_nothing_else(case: Hostile, tmp_path: Path, touched: list[str]) -> None:
    path = tmp_path / case.name
    path.write_bytes(case.content)
    before = sorted(tmp_path.rglob("*"))
    records = rejects = 0
    reasons: list[str] = []
    skipped = 0
    began = time.process_time()
    for found in intake.scan([str(path)]):
        if isinstance(found, intake.Skipped):
            skipped += 1
            reasons.append(found.reason)
            continue
        for one in intake.read(found):
            if isinstance(one, Reject):
                rejects += 1
                reasons.append(one.reason)
                assert len(one.content) <= 64 * 1024
                assert one.reason.endswith(".")
            else:
                records += 1
                canonical = items.encode(one.item)
                assert items.encode(items.decode(canonical)) == canonical
                assert b"\\u0000" not in canonical.replace(b"\\\\", b"")
    spent = time.process_time() - began
    assert spent < LONGEST_S
    assert sorted(tmp_path.rglob("*")) == before
    outside = [one for one in touched if str(tmp_path) not in one and not one.endswith((".py", ".pyc", ".so"))]
    assert not outside
    if case.skipped:
        assert (skipped, records, rejects) == (max(skipped, 1), 0, 0), reasons
    else:
        assert case.records is None or records == case.records, reasons
        assert case.rejects is None or rejects == case.rejects, reasons
    assert not case.says or any(case.says in reason for reason in reasons), reasons
