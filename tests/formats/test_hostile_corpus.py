"""Hostile files: none may crash, hang, read outside or contact anything."""

import os
import socket
import time
from pathlib import Path

import pytest

from reviewer.domain import items
from reviewer.domain.records import Reject
from reviewer.formats import intake
from tests.corpus.hostile_files import Hostile, hostile_files

CASES = list(hostile_files())
LONGEST_S = 2.0


def test_the_corpus_has_at_least_150_cases_with_names_of_their_own() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.fixture
def nothing_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of files opened outside the case's folder; the network refuses."""
    opened: list[str] = []
    really = os.open

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"the network was touched: {args}")

    def note(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        opened.append(str(path))
        return really(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(os, "open", note)
    return opened


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_is_read_skipped_or_rejected_and_nothing_else(case: Hostile, tmp_path: Path, nothing_outside: list[str]) -> None:
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
    assert not [name for name in nothing_outside if "passwd" in name]
    if case.skipped:
        assert (skipped, records, rejects) == (max(skipped, 1), 0, 0), reasons
    else:
        assert case.records is None or records == case.records, reasons
        assert case.rejects is None or rejects == case.rejects, reasons
    assert not case.says or any(case.says in reason for reason in reasons), reasons
