"""What every format owes, whatever it reads: a class that the tests of each format inherit."""

import gzip
import json
from pathlib import Path

import zstandard

from reviewer.domain import items
from reviewer.domain.records import Record, Reject
from reviewer.formats import intake
from reviewer.formats.intake import Found, Options, Skipped


def found(path: Path, options: Options = Options()) -> Found:  # noqa: B008 - immutable
    """The one file of records under a path."""
    (one,) = [one for one in intake.scan([str(path)], options) if isinstance(one, Found)]
    return one


def read(path: Path, options: Options = Options()) -> tuple[list[Record], list[Reject]]:  # noqa: B008 - immutable
    """Records and rejects of a file."""
    everything = list(intake.read(found(path, options), options))
    return [one for one in everything if isinstance(one, Record)], [one for one in everything if isinstance(one, Reject)]


def ids(records: list[Record]) -> list[str]:
    """Ids in order."""
    return [items.item_id(items.encode(record.item)) for record in records]


class FormatContract:
    """Inherit, and give the format's name, a file name and the content of a small file of two or more records."""

    name: str
    file_name: str
    content: bytes
    hidden: tuple[str, ...] = ()  # texts of the file that must stay out of the items
    text = True  # whether the file is text that may be packed and begin with a byte order mark

    def _file(self, folder: Path) -> Path:
        path = folder / self.file_name
        path.write_bytes(self.content)
        return path

    def test_a_file_is_recognised_and_read_whole(self, tmp_path: Path) -> None:
        path = self._file(tmp_path)
        assert found(path).format == self.name
        records, rejects = read(path)
        assert len(records) >= 2
        assert not rejects
        assert [record.index for record in records] == list(range(1, len(records) + 1))

    def test_items_are_canonical_and_read_the_same_twice(self, tmp_path: Path) -> None:
        path = self._file(tmp_path)
        records, _ = read(path)
        assert ids(records) == ids(read(path)[0])
        for record in records:
            canonical = items.encode(record.item)
            assert items.decode(canonical) == record.item
            assert items.encode(items.decode(canonical)) == canonical
            assert all(message.role in ("system", "user", "assistant", "tool") for message in items.all_messages(record.item))
            assert any(True for _ in items.all_messages(record.item))

    def test_the_name_of_the_file_is_no_part_of_an_item(self, tmp_path: Path) -> None:
        other = tmp_path / f"renamed{Path(self.file_name).suffix}"
        other.write_bytes(self.content)
        assert ids(read(other)[0]) == ids(read(self._file(tmp_path))[0])

    def test_the_agent_that_a_person_names_is_part_of_the_item(self, tmp_path: Path) -> None:
        path = self._file(tmp_path)
        named, _ = read(path, Options(agent="claims desk"))
        assert {record.item.agent for record in named} == {"claims desk"}
        assert not set(ids(named)) & set(ids(read(path)[0]))

    def test_what_is_kept_beside_an_item_is_an_object_and_stays_out_of_it(self, tmp_path: Path) -> None:
        records, _ = read(self._file(tmp_path))
        for record in records:
            assert isinstance(json.loads(record.metadata), dict)
            canonical = items.encode(record.item).decode()
            assert not [text for text in self.hidden if text in canonical]
        assert all(any(text in record.metadata for record in records) for text in self.hidden)

    def test_the_record_is_kept_as_it_came(self, tmp_path: Path) -> None:
        records, _ = read(self._file(tmp_path))
        assert all(record.original for record in records)
        if self.text:
            assert all(record.original in self.content for record in records)

    def test_it_can_be_asked_for_by_name(self, tmp_path: Path) -> None:
        path = self._file(tmp_path)
        assert ids(read(path, Options(format=self.name))[0]) == ids(read(path)[0])

    def test_a_packed_file_gives_the_same_items(self, tmp_path: Path) -> None:
        if not self.text:
            return
        plain = ids(read(self._file(tmp_path))[0])
        for ending, packed in ((".gz", gzip.compress(self.content)), (".zst", zstandard.compress(self.content))):
            path = tmp_path / (self.file_name + ending)
            path.write_bytes(packed)
            assert ids(read(path)[0]) == plain

    def test_a_byte_order_mark_changes_nothing(self, tmp_path: Path) -> None:
        if not self.text:
            return
        plain = ids(read(self._file(tmp_path))[0])
        path = tmp_path / f"marked{Path(self.file_name).suffix}"
        path.write_bytes(b"\xef\xbb\xbf" + self.content)
        assert ids(read(path)[0]) == plain

    def test_a_file_cut_anywhere_gives_the_records_before_the_cut_and_no_crash(self, tmp_path: Path) -> None:
        whole = ids(read(self._file(tmp_path))[0])
        path = tmp_path / f"cut{Path(self.file_name).suffix}"
        for part in range(1, 24):
            path.write_bytes(self.content[: len(self.content) * part // 24])
            for one in intake.scan([str(path)]):
                if not isinstance(one, Skipped):
                    records = [record for record in intake.read(one) if isinstance(record, Record)]
                    assert ids(records) == whole[: len(records)] or not self.text or self.name in ("csv", "tsv")
