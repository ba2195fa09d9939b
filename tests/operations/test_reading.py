"""Records read and prepared away from the writer: in this process, or in one of their own where there is enough to read."""

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.domain.errors import ReviewerError
from reviewer.domain.items import item_id
from reviewer.formats.format import Options
from reviewer.operations import reading, reading_process
from reviewer.operations.reading import Batch
from reviewer.storage import items, payloads
from tests.runs import chat_record

_LONG = "The order arrived broken. " * 4_000
_COUNT = 120


@pytest.fixture(scope="module")
def long_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is worth a process, with a bad record in it."""
    path = tmp_path_factory.mktemp("runs") / "long.jsonl"
    lines = [json.dumps(chat_record(number, note=_LONG)) for number in range(1, _COUNT)]
    path.write_text("\n".join([*lines[:50], "{nonsense}", *lines[50:]]), encoding="utf-8")
    assert path.stat().st_size > 8 * 1024 * 1024
    return path


def _came(pieces: Iterable[object]) -> list[items.Prepared]:
    return [one for piece in pieces if isinstance(piece, Batch) for one in piece.items]


def _batches(path: Path, *, batch: int) -> list[Batch]:
    return [piece for piece in reading.prepared([str(path)], Options(), batch=batch) if isinstance(piece, Batch)]


def test_a_process_of_its_own_gives_the_records_that_this_one_would_read(long_runs: Path) -> None:
    apart = _batches(long_runs, batch=30)
    here = [piece for piece in reading._read([str(long_runs)], Options(), 30, first=30) if isinstance(piece, Batch)]
    assert _came(apart) == _came(here)
    assert [one for piece in apart for one in piece.rejects] == [one for piece in here for one in piece.rejects]
    assert sum(len(piece.items) for piece in apart) == _COUNT - 1
    assert max(len(piece.items) + len(piece.rejects) for piece in apart) == 30
    assert not multiprocessing.active_children()


def test_its_first_batch_is_small_so_that_writing_begins_while_more_is_read(long_runs: Path) -> None:
    assert [len(piece.items) + len(piece.rejects) for piece in _batches(long_runs, batch=1_000)] == [100, _COUNT - 100]


def test_a_process_that_was_started_ahead_takes_one_order_after_another_and_ends_with_its_block(long_runs: Path) -> None:
    here = [piece for piece in reading._read([str(long_runs)], Options(), 30, first=30) if isinstance(piece, Batch)]
    with reading_process.ahead([str(long_runs)], Options(), 30) as reader:
        assert reader is not None
        assert len(multiprocessing.active_children()) == 1
        for _ in range(2):
            apart = list(reading.prepared([str(long_runs)], Options(), batch=30, reader=reader))
            assert _came(apart) == _came(here)
        assert len(multiprocessing.active_children()) == 1
    assert not multiprocessing.active_children()


def test_nothing_is_started_for_what_is_read_here(long_runs: Path, tmp_path: Path) -> None:
    (tmp_path / "short.jsonl").write_text(json.dumps(chat_record(1)))
    for paths in ([str(tmp_path / "short.jsonl")], [str(long_runs), "-"], []):
        with reading_process.ahead(paths, Options()) as reader:
            assert reader is None


def test_a_process_that_waits_for_an_order_ends_with_whoever_started_it(long_runs: Path) -> None:
    script = """if __name__ == "__main__":
        import os, sys
        from reviewer.formats.format import Options
        from reviewer.operations import reading_process
        with reading_process.ahead(sys.argv[1:], Options()):
            print("started", flush=True)
            os.kill(os.getpid(), 9)
    """
    place = long_runs.parent / "killed.py"
    place.write_text(script)
    process = subprocess.run(  # ends once all have let go of its standard output, the reading process too
        [sys.executable, str(place), str(long_runs)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.getcwd()}, timeout=60
    )
    assert process.stdout == b"started\n"
    assert process.returncode != 0


def test_a_process_that_was_started_ahead_reads_before_anybody_asks_for_what_it_reads(long_runs: Path) -> None:
    with reading_process.ahead([str(long_runs)], Options(), 30) as reader:
        assert reader is not None
        first = reader.hear(60)
        assert isinstance(first, Batch)
        assert first.items


def test_what_another_order_would_be_answered_with_is_never_taken_for_its_own(long_runs: Path) -> None:
    for paths, options, batch in (([], Options(), 30), ([str(long_runs)], Options(agent="a"), 30), ([str(long_runs)], Options(), 31)):
        with (
            reading_process.ahead([str(long_runs)], Options(), 30) as reader,
            pytest.raises(ValueError, match="begun on other records"),
        ):
            list(reading.prepared(paths, options, batch=batch, reader=reader))


def test_a_process_that_ended_before_its_order_is_said(long_runs: Path) -> None:
    with reading_process.started() as reader:
        (process,) = multiprocessing.active_children()
        process.kill()
        process.join()
        with pytest.raises(ReviewerError, match="ended before its work did"):
            list(reading.prepared([str(long_runs)], Options(), batch=30, reader=reader))


def test_closing_it_early_ends_the_process(long_runs: Path) -> None:
    pieces = reading.prepared([str(long_runs)], Options(), batch=10)
    next(pieces)
    assert multiprocessing.active_children()
    pieces.close()
    assert not multiprocessing.active_children()


def test_what_a_person_can_act_on_is_said_as_if_it_had_been_met_here(long_runs: Path) -> None:
    with pytest.raises(ReviewerError, match="nonesuch"):
        list(reading.prepared([str(long_runs)], Options(format="nonesuch"), batch=10))
    assert not multiprocessing.active_children()


def test_an_item_comes_packed_as_it_is_stored(long_runs: Path) -> None:
    (one, *_) = _came(reading._read([str(long_runs)], Options(), 3, first=3))
    canonical = payloads.unpack(one.payload)
    assert item_id(canonical) == one.id.hex()
    original = payloads.unpack_original(one.original, canonical)
    assert original == long_runs.read_bytes().splitlines()[0]
    assert len(original) == one.original_size
    assert json.loads(payloads.unpack(one.metadata))["score"] == 0.5


def test_other_work_is_done_between_batches_and_never_within_one(long_runs: Path) -> None:
    done: list[int] = []
    seen = 0

    def meanwhile() -> bool:
        done.append(seen)
        return True

    with closing(reading.prepared([str(long_runs)], Options(), batch=30, meanwhile=meanwhile)) as pieces:
        for piece in pieces:
            seen += len(piece.items) + len(piece.rejects) if isinstance(piece, Batch) else 0
    assert done[0] == 0, "there was a batch before the process had begun to read"
    assert set(done) <= {*range(0, _COUNT, 30), _COUNT}
    assert seen == _COUNT


def test_what_has_nothing_more_to_do_is_not_asked_again_and_again(long_runs: Path) -> None:
    asked: list[int] = []

    def meanwhile() -> bool:
        asked.append(1)
        return False

    with closing(reading.prepared([str(long_runs)], Options(), batch=30, meanwhile=meanwhile)) as pieces:
        count = len(_came(pieces))
    assert count == _COUNT - 1
    assert 1 <= len(asked) <= _COUNT // 30 + 1, "at most once before each message"


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="this system does not say how a process stands in line for the processor")
@pytest.mark.parametrize("gentle", [False, True])
def test_a_gentle_reader_lets_others_have_the_processor_first(long_runs: Path, gentle: bool) -> None:
    pieces = reading.prepared([str(long_runs)], Options(), batch=10, gentle=gentle)
    next(pieces)
    (process,) = multiprocessing.active_children()
    behind = os.getpriority(os.PRIO_PROCESS, process.pid or 0) - os.getpriority(os.PRIO_PROCESS, 0)
    pieces.close()
    assert (behind > 0) is gentle
