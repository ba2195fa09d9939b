"""The way in, over the real collection and over what a person may drop on the window."""

import hashlib
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from reviewer.domain import items
from reviewer.domain.errors import Refused
from reviewer.domain.records import Record, Reject
from reviewer.formats import intake, registry
from reviewer.formats.intake import Found, Options, Skipped

FOLDERS = ("tau-bench", "agentdojo", "tau2-community", "inspect-ai", "agentauditor")
COUNTS = {"tau-bench": 140, "agentdojo": 1_814, "tau2": 136, "inspect": 127, "assebench": 901}
LINE = b'{"messages":[{"role":"user","content":"x"}]}\n'


def test_the_collection_holds_3118_records_with_messages_and_34_without(real_data: Path) -> None:
    counts: Counter[str] = Counter()
    rejects: list[Reject] = []
    skipped: list[Skipped] = []
    ids: set[str] = set()
    for found in intake.scan([str(real_data / folder) for folder in FOLDERS]):
        if isinstance(found, Skipped):
            skipped.append(found)
            continue
        for one in intake.read(found):
            if isinstance(one, Record):
                counts[found.format] += 1
                ids.add(items.item_id(items.encode(one.item)))
            else:
                rejects.append(one)
    assert dict(counts) == COUNTS
    assert counts.total() == 3_118
    assert len(ids) == 3_117  # log_formats.json and log_formats.eval hold the same sample
    assert len(rejects) == 34
    names = Counter(Path(one.path).name.split("-")[0] for one in skipped)
    assert names == {
        "LICENSE": 8, "wiki.md": 1, "MockAirlineDomainEnv": 1, "2025": 1, "word_counter.parquet": 1, "f.json": 1, "r.json": 1, "s.json": 1,
    }  # fmt: skip
    assert all(one.reason.endswith((".", "]")) for one in skipped)


@pytest.mark.parametrize("name", ["nothing", "", "tau", "a" * 500])
def test_a_format_that_is_not_known_is_refused_with_the_list(name: str) -> None:
    with pytest.raises(Refused) as caught:
        list(intake.scan([], Options(format=name)))
    assert all(known.name in caught.value.hint for known in registry.formats())


def test_a_format_may_be_named_in_another_spelling(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(LINE)
    (found,) = intake.scan([str(tmp_path)], Options(format="OpenAI_chat"))
    assert isinstance(found, Found)
    assert found.format == "openai-chat"


def test_a_named_format_rejects_what_it_cannot_read_instead_of_passing_over(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"other":1}\n' + LINE)
    (found,) = intake.scan([str(tmp_path)], Options(format="openai-chat"))
    assert isinstance(found, Found)
    assert [type(one) for one in intake.read(found)] == [Reject, Record]


def test_scanning_is_lazy_and_a_file_can_be_read_again(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(LINE)
    scan = intake.scan([str(tmp_path)])
    first = next(scan)
    assert isinstance(first, Found)
    assert first.sha256 == hashlib.sha256(LINE).hexdigest()
    assert list(intake.read(first)) == list(intake.read(first))
    assert len(list(scan)) == 1


def test_a_file_with_only_broken_records_gives_rejects_where_it_speaks_of_messages(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"messages":[NaN]}\n{"messages":\n')
    (found,) = intake.scan([str(tmp_path)])
    assert isinstance(found, Found)
    assert [type(one) for one in intake.read(found)] == [Reject, Reject]


def test_a_half_written_document_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"some": {"thing": [1, 2')
    (skipped,) = intake.scan([str(tmp_path)])
    assert isinstance(skipped, Skipped)
    assert "not valid JSON" in skipped.reason


def test_reading_holds_one_record_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        for _ in range(400):
            file.write(LINE.replace(b'"x"', b'"' + b"x" * 100_000 + b'"'))
    (found,) = intake.scan([str(path)])
    assert isinstance(found, Found)
    tracemalloc.start()
    assert sum(1 for _ in intake.read(found)) == 400
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > 40_000_000
    assert peak_bytes < 12_000_000
