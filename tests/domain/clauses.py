"""Clauses to cite."""

from collections.abc import Sequence

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.citable import Citable
from reviewer.domain.events import Clause


def clause(key: str, title: str = "", text: str = "Words.", *, policy: str = "p", version: str = "1") -> Citable:
    return Citable(Clause(policy, version * 64, key, sha256_hex(text.encode())), title, text, f"Policy {policy}", 1, "2026-05-01")


def names(clauses: Sequence[Citable]) -> list[str]:
    return [one.name for one in clauses]
