"""Entries: their bytes, their hash, the links between them, and what commits to a note."""

import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import canonical, chain
from reviewer.domain.chain import Body, EntryHash, Head, MemberId, StreamId
from reviewer.domain.errors import Damaged, TooNew

A, B, C = (EntryHash(letter * 64) for letter in "abc")


def body(**changes: Any) -> Body:
    plain = Body(
        v=1, project=A, stream=StreamId("1" * 32), seq=2, prev=B, kind="label", actor=MemberId("2" * 32), device=chain.DeviceId("3" * 64),
        deps=(A, B), value={"x": [1, "é"]}, reason=None, note=None, wall_ms=5, tz="+01:00", hlc=(5, 0), clock="ok", dur_ms=None, app="0.1",
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


GOLDEN = (
    '{"actor":"22222222222222222222222222222222","app":"0.1","clock":"ok","deps":["A","B"],"device":"D","dur_ms":null,"hlc":[5,0],'
    '"kind":"label","note":null,"prev":"B","project":"A","reason":null,"seq":2,"stream":"11111111111111111111111111111111","tz":"+01:00",'
    '"v":1,"value":{"x":[1,"é"]},"wall_ms":5}'
)
for _short, _name in (("A", A), ("B", B), ("D", "3" * 64)):
    GOLDEN = GOLDEN.replace(f'"{_short}"', f'"{_name}"')


def test_an_entrys_bytes_and_hash_are_golden() -> None:
    raw = chain.compose(body())
    assert raw.decode() == GOLDEN
    assert chain.parse(raw) == body()
    assert chain.entry_hash(raw) == hashlib.sha256(b"review/entry/v1\n" + raw).hexdigest()
    assert chain.signed_bytes(A) == b"review/entry-sig/v1\n" + bytes.fromhex(A)


@pytest.mark.parametrize(
    "changes",
    [
        {"deps": (B, A)}, {"deps": (A, A)}, {"deps": tuple(f"{n:064x}" for n in range(65))}, {"value": {"x": 1.5}},
        {"value": {"x": "\x00"}},
        {"value": {"x": "y" * 70_000}}, {"value": {"deep": [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}},
    ],
    ids=lambda changes: next(iter(changes)),
)  # fmt: skip
def test_what_the_journal_does_not_allow_is_not_composed(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        chain.compose(body(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 0}, {"seq": -1}, {"seq": "2"}, {"v": 0}, {"v": True}, {"extra": 1}, {"deps": [B, A]}, {"deps": [A, A]}, {"deps": ["x"]},
        {"stream": "1" * 31}, {"stream": "G" * 32}, {"prev": A.upper()}, {"project": A + "\n"}, {"actor": None}, {"device": "3" * 32},
        {"clock": "late"}, {"hlc": [1]}, {"note": {"c": A}}, {"note": {"c": A, "blob": "x"}}, {"value": []}, {"value": None},
    ],
    ids=str,
)  # fmt: skip
def test_bytes_with_other_fields_are_no_entry(changes: dict[str, Any]) -> None:
    raw = canonical.encode({**msgspec.to_builtins(body()), **changes})
    with pytest.raises(Damaged):
        chain.parse(raw)


@pytest.mark.parametrize("field", msgspec.structs.asdict(body()))
def test_no_field_may_be_missing(field: str) -> None:
    fields = msgspec.to_builtins(body())
    del fields[field]
    with pytest.raises(Damaged):
        chain.parse(canonical.encode(fields))


def test_an_entry_of_a_later_version_is_told_apart_from_damage() -> None:
    with pytest.raises(TooNew):
        chain.parse(canonical.encode({**msgspec.to_builtins(body()), "v": 2, "more": True}))


@given(st.integers(0, len(GOLDEN.encode()) - 1), st.sampled_from([0x01, 0x80, 0xFF]))
def test_any_changed_byte_changes_the_hash(place: int, mask: int) -> None:
    raw = bytearray(GOLDEN.encode())
    raw[place] ^= mask
    assert chain.entry_hash(bytes(raw)) != chain.entry_hash(GOLDEN.encode())


def test_a_note_is_what_was_committed_to_and_nothing_else() -> None:
    ref, content = chain.note_ref(b"s" * 32, "Because é.")
    assert chain.note_text(ref, content) == "Because é."
    assert ref.blob == hashlib.sha256(content).hexdigest()
    assert ref.c == hashlib.sha256(b"review/note/v1\n" + b"s" * 32 + "Because é.".encode()).hexdigest()
    with pytest.raises(Damaged):
        chain.note_text(ref, content + b"!")
    assert chain.note_ref(b"t" * 32, "Because é.")[0] != ref


@pytest.mark.parametrize(
    ("head", "holds"), [(None, True), (Head(1, B), True), (Head(1, A), False), (Head(2, B), False), (Head(0, B), False)]
)
def test_a_body_continues_its_stream_only_from_the_entry_before(head: Head | None, holds: bool) -> None:
    assert chain.continues(head, body()) is holds
