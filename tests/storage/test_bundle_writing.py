"""Writing a bundle: in parts where one would be too large, whole or not at all, and without much memory."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from reviewer.domain.errors import NotSaved, Refused, ReviewerError
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.storage import bundle_writing
from reviewer.storage.bundle_reading import open_bundle
from reviewer.storage.bundle_writing import FULL_PART_BYTES, Written, write_bundle
from reviewer.storage.bundles import MAX_RECORDS, MIB, TooLarge
from reviewer.storage.parcels import BlobRecord, EntryRecord, ReceiptRecord, Record
from tests.storage import sealed
from tests.storage.sealed import DRAFT, ME, YOU

NEEDS_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the fault is made by what only Linux has")


def write(
    target: Path, records: Callable[[], Iterable[Record]], *, ticket: Ticket = SILENT, most: int = FULL_PART_BYTES, count: int = MAX_RECORDS
) -> Written:
    """As the program does, for one recipient."""
    to = {YOU.device: YOU.seal_hex}
    return write_bundle(target, DRAFT, records, key=ME, recipients=to, ticket=ticket, part_bytes=most, part_records=count)


def refusal_of(act: Callable[[], object]) -> ReviewerError:
    with pytest.raises(NotSaved) as refusal:
        act()
    return refusal.value


@pytest.mark.parametrize(("most", "count", "parts"), [(50_000, MAX_RECORDS, 3), (FULL_PART_BYTES, 4, 3), (1, MAX_RECORDS, 10)])
def test_what_is_too_much_for_one_part_goes_into_several(tmp_path: Path, most: int, count: int, parts: int) -> None:
    chance = random.Random(1)
    records: list[Record] = [BlobRecord(chance.randbytes(12_000)) for _ in range(10)]
    made = write(tmp_path / "a.rvb", lambda: records, most=most, count=count)
    assert [file.name for file in made.files] == [f"a-{part}of{parts}.rvb" for part in range(1, parts + 1)]
    assert sorted(tmp_path.iterdir()) == sorted(made.files)
    assert made.counts.blobs == 10
    together: list[Record] = []
    for part, file in enumerate(made.files, 1):
        with open_bundle(file, [YOU], quarantine=tmp_path / "aside", knows=lambda _d: True) as bundle:
            assert (bundle.manifest.bundle, bundle.manifest.part, bundle.manifest.parts) == (made.bundle, part, parts)
            together.extend(bundle.records())
    assert together == records


def test_a_bundle_for_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        write_bundle(tmp_path / "a.rvb", DRAFT, list, key=ME, recipients={})


def test_a_record_that_no_reader_would_take_is_refused_before_a_file_is_begun(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        write(tmp_path / "a.rvb", lambda: [EntryRecord(bytes(70_000), bytes(64))])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "second",
    [
        [ReceiptRecord(b"a")],
        [ReceiptRecord(b"a"), ReceiptRecord(b"c")],
        [ReceiptRecord(b"b"), ReceiptRecord(b"a")],
        [ReceiptRecord(b"a"), ReceiptRecord(b"b"), ReceiptRecord(b"c")],
        [],
    ],
)
def test_records_that_change_while_they_are_written_leave_no_file(tmp_path: Path, second: list[Record]) -> None:
    first: list[Record] = [ReceiptRecord(b"a"), ReceiptRecord(b"b")]
    passes = iter([first, second])
    refusal = refusal_of(lambda: write(tmp_path / "a.rvb", lambda: next(passes)))
    assert refusal.code == "E212"
    assert "No valid file left behind." in refusal.what
    assert not list(tmp_path.iterdir())


def test_what_the_disk_gives_back_otherwise_is_not_called_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that loses a byte between the sync and the read: planted where the pages of the file are let go."""

    def lose_a_byte(path: Path) -> None:
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 1
        path.write_bytes(raw)

    monkeypatch.setattr(bundle_writing, "_forget_pages", lose_a_byte)
    assert refusal_of(lambda: write(tmp_path / "a.rvb", sealed.some_records)).code == "E212"
    assert not list(tmp_path.iterdir())


@NEEDS_LINUX
@pytest.mark.parametrize("size", [0, 200_000])
def test_a_full_disk_is_said_and_leaves_what_was_there(tmp_path: Path, size: int) -> None:
    (tmp_path / "a.rvb").write_bytes(b"an older export")
    (tmp_path / f".a.rvb.{os.getpid()}.part").symlink_to("/dev/full")
    refusal = refusal_of(lambda: write(tmp_path / "a.rvb", lambda: sealed.some_records(size)))
    assert (refusal.code, refusal.what) == ("E212", "Export not finished: the disk is full. No valid file left behind.")
    assert [path.name for path in tmp_path.iterdir()] == ["a.rvb"]
    assert (tmp_path / "a.rvb").read_bytes() == b"an older export"


@NEEDS_LINUX
def test_every_place_where_the_disk_can_end_is_said(tmp_path: Path) -> None:
    """Also the last bytes, which pyrage loses without a word."""
    resource = pytest.importorskip("resource")
    whole = sealed.written(tmp_path / "whole.rvb", sealed.some_records(20_000)).stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for room in [0, 1, 200, 5_000, *range(whole - 700, whole - 100, 50)]:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
            refusal = refusal_of(lambda: write(tmp_path / "a.rvb", lambda: sealed.some_records(20_000)))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert refusal.code == "E212"
        assert [path.name for path in tmp_path.iterdir()] == ["whole.rvb"]


@NEEDS_LINUX
def test_a_folder_that_goes_away_meanwhile_is_said(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    passes = iter([False, True])

    def records() -> Iterator[Record]:
        removed = next(passes)
        yield ReceiptRecord(b"a")
        if removed:
            stick.rename(tmp_path / "pulled")

    assert refusal_of(lambda: write(stick / "a.rvb", records)).code == "E212"
    assert not list(tmp_path.rglob("*.rvb"))


def test_a_place_that_is_not_there_is_said_before_anything_is_begun(tmp_path: Path) -> None:
    assert refusal_of(lambda: write(tmp_path / "none" / "a.rvb", sealed.some_records)).code == "E103"


def test_parts_that_took_their_names_are_taken_back_when_a_later_one_cannot(tmp_path: Path) -> None:
    passes = iter([False, True])

    def records() -> Iterator[Record]:
        if next(passes):
            (tmp_path / "a-2of2.rvb" / "in the way").mkdir(parents=True)
        yield from (ReceiptRecord(b"a"), ReceiptRecord(b"b"))

    assert refusal_of(lambda: write(tmp_path / "a.rvb", records, count=1)).code == "E212"
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


@pytest.mark.parametrize("phrase", ["Gathering the bundle", "Writing the bundle"])
def test_who_cancels_finds_nothing_left(tmp_path: Path, phrase: str) -> None:
    seen: list[Progress] = []

    def report(progress: Progress) -> None:
        seen.append(progress)
        if progress.what == phrase:
            ticket.cancel()

    ticket = Ticket(report)
    with pytest.raises(Cancelled):
        write(tmp_path / "a.rvb", lambda: [ReceiptRecord(b"r")] * 1_000, ticket=ticket)
    assert seen
    assert not list(tmp_path.iterdir())


CHILD = """
import os, sys
from pathlib import Path
from reviewer.storage import bundle_writing
from tests.storage import sealed
def dies(*_a):
    os._exit(9)
setattr(bundle_writing, sys.argv[2], dies)
sealed.written(Path(sys.argv[1]), sealed.some_records(100_000))
"""


@pytest.mark.parametrize("where", ["_forget_pages", "put_in_place", "nowhere"])
def test_a_process_that_dies_before_the_name_is_given_leaves_no_bundle(tmp_path: Path, where: str) -> None:
    """`nowhere` is the control: the same child, not killed."""
    run = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path / "a.rvb"), where], cwd=Path(__file__).parents[2], check=False)
    assert run.returncode == (0 if where == "nowhere" else 9)
    assert (tmp_path / "a.rvb").exists() == (where == "nowhere")


def test_200_mb_pass_through_little_memory(tmp_path: Path) -> None:
    def records() -> Iterator[Record]:
        for number in range(50):
            yield BlobRecord(random.Random(number).randbytes(4 * MIB))

    assert sealed.taken_by(lambda: write(tmp_path / "a.rvb", records)) < 100 * MIB
    assert (tmp_path / "a.rvb").stat().st_size > 200 * MIB
    counted = []

    def read() -> None:
        with open_bundle(tmp_path / "a.rvb", [YOU], quarantine=tmp_path / "aside", knows=lambda _d: True) as bundle:
            counted.append(sum(1 for _ in bundle.records()))

    assert sealed.taken_by(read) < 100 * MIB
    assert counted == [50]
