"""When a version holds, and when a label rests on words that hold no more."""

from typing import NamedTuple

import pytest

from reviewer.domain import policies


class _Version(NamedTuple):
    number: int
    effective: str | None
    activated: bool = True
    in_force: bool = False


OLD, NEW = _Version(1, "2026-03-01"), _Version(2, "2026-05-01", in_force=True)


@pytest.mark.parametrize(
    ("versions", "time", "held"),
    [
        ([OLD, NEW], "2026-04-30T23:59:59.999Z", [1]),
        ([OLD, NEW], "2026-05-01T00:00:00.000Z", [2]),
        ([OLD, NEW], "2026-02-01T00:00:00.000Z", [2]),  # before every first day: the one in force now
        ([OLD, NEW], None, [2]),
        ([_Version(1, None), _Version(2, None, in_force=True)], "2026-04-01T00:00:00.000Z", [2]),
        ([_Version(1, None), NEW], "2026-04-01T00:00:00.000Z", [1]),
        ([OLD._replace(in_force=True), _Version(2, "2026-04-01", activated=False)], "2026-06-01T00:00:00.000Z", [1]),
        ([OLD._replace(in_force=True), NEW._replace(in_force=False)], "2026-06-01T00:00:00.000Z", [1]),  # 2 was withdrawn
        ([_Version(1, None, in_force=True), _Version(2, None, in_force=True)], "2026-06-01T00:00:00.000Z", [1, 2]),
        ([_Version(1, None, activated=False)], "2026-06-01T00:00:00.000Z", []),
        ([OLD, _Version(2, "2026-03-01"), _Version(3, "2026-06-01", in_force=True)], "2026-04-01T00:00:00.000Z", [2]),
    ],
)
def test_the_version_with_the_latest_first_day_held(versions: list[_Version], time: str | None, held: list[int]) -> None:
    assert [one.number for one in policies.holding(versions, time)] == held


@pytest.mark.parametrize(
    ("cited", "now", "given_ms", "held", "stale"),
    [
        ("a", {"a"}, 1, True, False),
        ("a", {"b"}, 1, True, True),
        ("a", {None}, 1, True, True),
        ("a", {"a", "b"}, 1, True, False),
        ("a", {"b"}, 9, True, False),  # given knowing the new words, for an item of the older ones' time
        ("a", {"b"}, 9, False, True),
    ],
)
def test_a_label_is_stale_once_its_words_hold_no_more(cited: str, now: set[str | None], given_ms: int, held: bool, stale: bool) -> None:
    assert policies.is_stale(cited, now, given_ms=given_ms, since_ms=5, held=held) is stale
