"""Signatures checked here and in processes of their own: the same answers in the same order, also where a process is ended."""

import os
import signal

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reviewer.storage import signatures
from reviewer.storage.signatures import FEW, Claim, checking


def claims(count: int) -> tuple[list[Claim], list[bool]]:
    """Claims of two keys, every third of which is false in one of three ways."""
    keys = [Ed25519PrivateKey.generate() for _ in range(2)]
    made, true = [], []
    for number in range(count):
        key, message = keys[number % 2], b"message %d" % number
        raw, signature = key.public_key().public_bytes_raw(), key.sign(message)
        wrong = number % 9 if number % 3 == 0 else 1
        if wrong == 0:
            signature = bytes(64)
        elif wrong == 3:
            message += b"!"
        elif wrong == 6:
            raw = b"no key at all"
        made.append(Claim(raw, signature, message))
        true.append(wrong == 1)
    return made, true


@pytest.mark.parametrize("count", [1, FEW + 1])
def test_every_claim_is_answered_in_its_place(count: int) -> None:
    made, true = claims(200)
    with checking(count) as checker:
        answers = [checker.submit(made[start : start + 30]) for start in range(0, 200, 30)]
        assert [one for answer in answers for one in answer()] == true
        assert checker.submit([])() == []


def test_a_process_that_is_ended_costs_time_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    made, true = claims(60)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    with checking(FEW + 1) as checker:
        assert checker.submit(made)() == true
        pool = checker._pool  # type: ignore[attr-defined] # the one that has processes
        for process in list(pool._processes.values()):
            os.kill(process.pid, signal.SIGKILL)
        assert [checker.submit(made)() for _ in range(3)] == [true] * 3


def test_where_there_are_few_no_process_is_started() -> None:
    with checking(FEW) as checker:
        assert isinstance(checker, signatures._Here)
