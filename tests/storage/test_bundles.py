"""Bundles, written and opened: what comes back, and what is refused, under which code."""

import errno
import hashlib
import os
import stat
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reviewer.domain import canonical
from reviewer.domain.chain import EntryHash, MemberId, StreamId
from reviewer.domain.errors import NotFound, ReviewerError, TooNew
from reviewer.storage import bundles, parcels
from reviewer.storage.bundle_reading import open_bundle
from reviewer.storage.bundle_writing import write_bundle
from reviewer.storage.bundles import MIB, Counts, Digests, Gap, Range, Sender, StreamHead, UnknownSender
from reviewer.storage.keys import new_key
from reviewer.storage.parcels import ReceiptRecord
from tests.storage import sealed
from tests.storage.sealed import DRAFT, ME, YOU

OTHER = new_key()
STREAM, HEAD = StreamId("12" * 16), EntryHash("34" * 32)


def refusal_of(path: Path, **how: Any) -> ReviewerError:
    """The error of opening it; nothing remains aside."""
    with pytest.raises(ReviewerError) as refusal:
        sealed.opened(path, **how)
    assert not list((path.parent / "aside").glob("*"))
    assert refusal.value.what
    assert refusal.value.hint
    return refusal.value


def test_every_record_comes_back_in_order_with_a_manifest_that_says_what_it_is(tmp_path: Path) -> None:
    records = sealed.some_records(300_000)
    draft = msgspec.structs.replace(
        DRAFT,
        stream=STREAM,
        head=StreamHead(seq=7, hash=HEAD),
        ranges=(Range(stream=STREAM, first=1, last=7, head=HEAD),),
        needs=(Gap(stream=StreamId("56" * 16), first=3, last=4),),
        digests=Digests(state="78" * 32, set="9a" * 32),
        campaign=EntryHash("bc" * 32),
        kit_for=(MemberId("de" * 16),),
    )
    recipients = {YOU.device: YOU.seal_hex, OTHER.device: OTHER.seal_hex}
    made = write_bundle(tmp_path / "a.rvb", draft, lambda: records, key=ME, recipients=recipients)
    assert made.files == (tmp_path / "a.rvb",)
    assert made.counts == Counts(entries=5, items=2, blobs=2, receipts=1)
    for key in (YOU, OTHER):
        with open_bundle(tmp_path / "a.rvb", [new_key(), key], quarantine=tmp_path / "aside", knows=ME.device.__eq__) as bundle:
            assert list(bundle.records()) == records
            assert list(bundle.records()) == records
            said = bundle.manifest
    assert said.sender == Sender(device=ME.device, key=ME.sign_hex, stream=STREAM, head=StreamHead(seq=7, hash=HEAD))
    assert said.recipients == tuple(sorted(recipients))
    assert (said.bundle, said.part, said.parts, said.counts) == (made.bundle, 1, 1, made.counts)
    assert all(getattr(said, field) == getattr(draft, field) for field in ("project", "ranges", "needs", "digests", "campaign", "kit_for"))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.rvb", "aside"]


def test_a_bundle_of_nothing_is_one(tmp_path: Path) -> None:
    assert sealed.opened(sealed.written(tmp_path / "a.rvb", [])) == []


def test_a_bundle_shows_nothing_of_what_is_in_it(tmp_path: Path) -> None:
    raw = sealed.written(tmp_path / "a.rvb", sealed.some_records()).read_bytes()
    assert raw.startswith(b"age-encryption.org/v1\n")
    assert not any(word in raw for word in (b"RVBUNDL1", b"Refund", b"receipt", DRAFT.project.encode(), YOU.device.encode()))


def test_the_copy_aside_is_sealed_and_nobody_elses_and_gone_at_the_end(tmp_path: Path) -> None:
    path = sealed.written(tmp_path / "a.rvb", sealed.some_records())
    with open_bundle(path, [YOU], quarantine=tmp_path / "aside", knows=lambda _d: True) as bundle:
        path.write_bytes(b"changed while it is open")
        copies = list((tmp_path / "aside").iterdir())
        assert [copy.read_bytes()[:3] for copy in copies] == [b"age"]
        if os.name != "nt":
            assert stat.S_IMODE(copies[0].stat().st_mode) == 0o600
        assert list(bundle.records()) == sealed.some_records()
    assert not list((tmp_path / "aside").iterdir())


def test_who_leaves_the_records_early_leaves_no_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    path = sealed.written(tmp_path / "a.rvb", sealed.some_records(3 * MIB))
    with open_bundle(path, [YOU], quarantine=tmp_path / "aside", knows=lambda _d: True) as bundle:
        records = bundle.records()
        assert isinstance(records, Iterator)
        next(records)
        records.close()  # type: ignore[attr-defined]  # it is a generator
    assert threading.active_count() == before


def test_an_error_of_the_caller_is_not_told_as_one_of_the_bundle(tmp_path: Path) -> None:
    path = sealed.written(tmp_path / "a.rvb", sealed.some_records())
    with pytest.raises(OSError, match="of the caller"), open_bundle(path, [YOU], quarantine=tmp_path / "q", knows=lambda _d: True):
        raise OSError(errno.ENOSPC, "of the caller")


# What is refused, under which code


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.rvb").write_bytes(b"PK\x03\x04" + bytes(1_000))
    assert refusal_of(tmp_path / "a.rvb").code == "E201"
    assert refusal_of(sealed.sealed(tmp_path / "b.rvb", [bytes(1_000)])).code == "E201"
    (tmp_path / "folder.rvb").mkdir()
    assert refusal_of(tmp_path / "folder.rvb").code == "E201"
    with pytest.raises(NotFound):
        sealed.opened(tmp_path / "none.rvb")


def test_a_bundle_for_others_is_refused(tmp_path: Path) -> None:
    path = sealed.written(tmp_path / "a.rvb", sealed.some_records(), to=OTHER)
    assert refusal_of(path).what == "Encrypted for other devices."
    assert refusal_of(path).code == "E202"


def test_a_bundle_for_others_that_a_stranger_seals_again_for_me_is_refused(tmp_path: Path) -> None:
    """age does not authenticate its sender: whoever opened a bundle can pass it on. The manifest says whom it was for."""
    packed = [parcels.pack(record) for record in sealed.some_records()]
    assert refusal_of(sealed.forged(tmp_path / "a.rvb", packed, recipients=(OTHER.device,))).code == "E202"


def test_a_stranger_who_puts_my_name_into_anothers_manifest_is_found_out(tmp_path: Path) -> None:
    packed = [parcels.pack(record) for record in sealed.some_records()]
    theirs = bundles.compose_manifest(sealed.manifest_of(packed, recipients=(OTHER.device,)))
    mine = bundles.compose_manifest(sealed.manifest_of(packed))
    again = sealed.sealed(tmp_path / "a.rvb", sealed.inside(mine, packed, signature=bundles.sign_manifest(ME, theirs)))
    assert refusal_of(again).code == "E204"
    resigned = sealed.sealed(tmp_path / "b.rvb", sealed.inside(mine, packed, by=OTHER))
    assert refusal_of(resigned).code == "E204"


def test_a_key_that_is_not_the_devices_is_found_out(tmp_path: Path) -> None:
    sender = Sender(device=ME.device, key=OTHER.sign_hex, stream=None, head=None)
    assert refusal_of(sealed.forged(tmp_path / "a.rvb", [], by=OTHER, sender=sender)).code == "E204"


def test_a_sender_that_is_not_enrolled_is_told_apart_and_its_manifest_given(tmp_path: Path) -> None:
    refusal = refusal_of(sealed.written(tmp_path / "a.rvb", sealed.some_records()), knows=False)
    assert refusal.code == "E205"
    assert isinstance(refusal, UnknownSender)
    assert refusal.manifest.sender.device == ME.device


def test_an_empty_or_half_copied_file_is_to_be_tried_again(tmp_path: Path) -> None:
    whole = sealed.written(tmp_path / "whole.rvb", sealed.some_records(300_000)).read_bytes()
    for length in (0, 10, 100, 70_000, 200_000, len(whole) - 1):
        (tmp_path / "a.rvb").write_bytes(whole[:length])
        assert refusal_of(tmp_path / "a.rvb").code == "E203", length


def test_an_end_that_was_never_written_is_told_as_missing(tmp_path: Path) -> None:
    packed = [parcels.pack(record) for record in sealed.some_records()]
    whole = b"".join(sealed.inside(bundles.compose_manifest(sealed.manifest_of(packed)), packed))
    for length in range(1, len(whole), 97):
        assert refusal_of(sealed.sealed(tmp_path / "a.rvb", [whole[:length]])).code == ("E203"), length
    assert refusal_of(sealed.sealed(tmp_path / "a.rvb", [whole + b"x"])).code == "E204"
    assert sealed.opened(sealed.sealed(tmp_path / "a.rvb", [whole]))


def test_a_trailer_that_says_otherwise_is_found_out(tmp_path: Path) -> None:
    """Its count, its hash, and a hash that fits another count: behind a good manifest and good records."""
    packed = [parcels.pack(record) for record in sealed.some_records()]
    whole = b"".join(sealed.inside(bundles.compose_manifest(sealed.manifest_of(packed)), packed))
    body = whole[: -bundles.TRAILER_BYTES]
    fewer = body + bundles.COUNT.pack(len(packed) - 1)
    for other in (whole[:-1] + bytes([whole[-1] ^ 1]), fewer + whole[-32:], fewer + hashlib.sha256(fewer).digest()):
        assert refusal_of(sealed.sealed(tmp_path / "a.rvb", [other])).code == "E204"


def test_records_that_change_places_are_found_out(tmp_path: Path) -> None:
    packed = [parcels.pack(record) for record in sealed.some_records()]
    manifest = bundles.compose_manifest(sealed.manifest_of(packed))
    for at in range(len(packed) - 1):
        swapped = [*packed[:at], packed[at + 1], packed[at], *packed[at + 2 :]]
        assert refusal_of(sealed.sealed(tmp_path / "a.rvb", sealed.inside(manifest, swapped))).code == "E204"


@pytest.mark.parametrize(
    "other",
    [
        {"v": 0},
        {"part": 2},
        {"recipients": (YOU.device, YOU.device)},
        {"records": "00" * 32},
        {"counts": Counts(entries=4, items=3, blobs=2, receipts=1)},
        {"counts": Counts(entries=6, items=2, blobs=2, receipts=1)},
        {"counts": Counts(entries=4, items=2, blobs=2, receipts=1)},
        {"project": "../../etc"},
        {"bundle": "AB" * 16},
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(tmp_path: Path, other: dict[str, Any]) -> None:
    packed = [parcels.pack(record) for record in sealed.some_records()]
    assert refusal_of(sealed.forged(tmp_path / "a.rvb", packed, **other)).code == "E204"


@pytest.mark.parametrize(
    "change", [{"extra": 1}, {"sender": {"device": "x"}}, {"part": "1"}, {"counts": {"entries": -1}}, {"ranges": [{"stream": "x"}]}]
)
def test_a_manifest_with_other_fields_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    raw = canonical.encode({**msgspec.to_builtins(sealed.manifest_of([])), **change})
    assert refusal_of(sealed.sealed(tmp_path / "a.rvb", sealed.inside(raw, []))).code == "E204"


def test_a_manifest_in_another_spelling_is_refused(tmp_path: Path) -> None:
    raw = bundles.compose_manifest(sealed.manifest_of([])).replace(b'"part":1', b'"part": 1')
    assert refusal_of(sealed.sealed(tmp_path / "a.rvb", sealed.inside(raw, []))).code == "E204"


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"v":1}', b"\xff", b"[" * 100_000, b'{"v":1.5}', b'{"v":null}'])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, raw: bytes) -> None:
    assert refusal_of(sealed.sealed(tmp_path / "a.rvb", sealed.inside(raw, []))).code == "E204"


@pytest.mark.parametrize("filling", [b"[],", b"{},", b'"a",', b"1,"])
def test_a_manifest_full_of_other_things_takes_little_memory(tmp_path: Path, filling: bytes) -> None:
    raw = bundles.compose_manifest(sealed.manifest_of([])).replace(b'"needs":[]', b'"needs":[' + filling * 4_000_000 + b"1]")
    path = sealed.sealed(tmp_path / "a.rvb", sealed.inside(raw[: 16 * MIB], []))
    del raw
    assert sealed.taken_by(lambda: refusal_of(path)) < 64 * MIB


def test_a_bundle_of_a_newer_version_asks_for_an_update(tmp_path: Path) -> None:
    raw = canonical.encode({**msgspec.to_builtins(sealed.manifest_of([])), "v": 2, "novelty": 1})
    refusal = refusal_of(sealed.sealed(tmp_path / "a.rvb", sealed.inside(raw, [])))
    assert (type(refusal), refusal.code) == (TooNew, "E112")


@pytest.mark.parametrize(("kind", "content"), [(0, b""), (9, b"x"), (1, bytes(64)), (2, bytes(20)), (3, bytes(4)), (3, bytes(20))])
def test_a_signed_record_that_is_none_is_refused_by_number(tmp_path: Path, kind: int, content: bytes) -> None:
    packed = [parcels.pack(ReceiptRecord(b"one")), (kind, content), parcels.pack(ReceiptRecord(b"three"))]
    known = [(kind if kind in parcels.NAMES else 1, content) if record[0] == kind else record for record in packed]
    manifest = bundles.compose_manifest(sealed.manifest_of(known))
    refusal = refusal_of(sealed.sealed(tmp_path / "a.rvb", sealed.inside(manifest, packed)))
    assert (refusal.code, refusal.what) == ("E204", "The bundle was changed or damaged at record 2.")


def test_the_project_of_a_replayed_bundle_is_under_the_signature(tmp_path: Path) -> None:
    path = sealed.forged(tmp_path / "a.rvb", [], project="ee" * 32)
    with open_bundle(path, [YOU], quarantine=tmp_path / "aside", knows=lambda _d: True) as bundle:
        assert bundle.manifest.project == "ee" * 32
    here = bundles.compose_manifest(sealed.manifest_of([]))
    there = bundles.compose_manifest(sealed.manifest_of([], project="ee" * 32))
    moved = sealed.sealed(tmp_path / "b.rvb", sealed.inside(here, [], signature=bundles.sign_manifest(ME, there)))
    assert refusal_of(moved).code == "E204"


# Limits


def test_a_file_over_the_limit_is_not_even_copied(tmp_path: Path) -> None:
    with (tmp_path / "a.rvb").open("wb") as stream:
        stream.truncate(256 * MIB + 1)
    refusal = refusal_of(tmp_path / "a.rvb")
    assert (refusal.code, refusal.what) == ("E207", "Refused: a file of 268,435,457 bytes, limit 268,435,456.")


def test_a_manifest_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    lying = bundles.MAGIC + bundles.LENGTH.pack(16 * MIB + 1) + bytes(1_000)
    refusal = refusal_of(sealed.sealed(tmp_path / "a.rvb", [lying]))
    assert (refusal.code, refusal.what) == ("E207", "Refused: a manifest of 16,777,217 bytes, limit 16,777,216.")


def test_a_manifest_longer_than_the_file_takes_no_memory(tmp_path: Path) -> None:
    path = sealed.sealed(tmp_path / "a.rvb", [bundles.MAGIC + bundles.LENGTH.pack(16 * MIB) + bytes(1_000)])
    tracemalloc.start()
    assert refusal_of(path).code == "E203"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MIB  # 1 MiB to copy by, and 1 MiB to read by


def test_a_million_and_one_records_are_refused_by_the_manifest(tmp_path: Path) -> None:
    refusal = refusal_of(sealed.forged(tmp_path / "a.rvb", [], counts=Counts(entries=1_000_001)))
    assert (refusal.code, refusal.what) == ("E207", "Refused: a part of 1,000,001 records, limit 1,000,000.")


def test_more_records_than_the_manifest_names_are_not_read(tmp_path: Path) -> None:
    packed = [parcels.pack(ReceiptRecord(b"r"))] * 3
    refusal = refusal_of(sealed.forged(tmp_path / "a.rvb", packed, counts=Counts(receipts=2)))
    assert (refusal.code, refusal.what) == ("E204", "The bundle was changed or damaged at record 3.")


@pytest.mark.parametrize(
    ("kind", "length", "code"),
    [(1, 65_601, "E207"), (2, 65 * MIB, "E207"), (3, 2**32 - 1, "E207"), (4, 65_537, "E207"), (3, 60 * MIB, "E204")],
)
def test_a_record_whose_length_lies_is_refused_before_memory_is_taken(tmp_path: Path, kind: int, length: int, code: str) -> None:
    """The part is long enough for what the limits are about; the last case claims more than there is."""
    size = length if code == "E207" and length < 70 * MIB else 1_000
    manifest = bundles.compose_manifest(
        sealed.manifest_of([], record_bytes=5 + size, counts=parcels.counted({1: 0, 2: 0, 3: 0, 4: 0, kind: 1}))
    )
    head = bundles.MAGIC + bundles.LENGTH.pack(len(manifest)) + manifest + bundles.sign_manifest(ME, manifest)
    path = sealed.sealed(tmp_path / "a.rvb", [head, bundles.RECORD_HEAD.pack(kind, length), bytes(size), bytes(bundles.TRAILER_BYTES)])
    refusals: list[ReviewerError] = []
    taken = sealed.taken_by(lambda: refusals.append(refusal_of(path)))
    assert refusals[0].code == (code if length < 2**32 - 1 else "E204")
    assert taken < 12 * MIB
