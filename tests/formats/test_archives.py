"""Archives and their limits."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from reviewer.domain.errors import BadRecord
from reviewer.formats import archives, intake
from reviewer.formats.archives import Spent, Zip

LINE = b'{"messages":[{"role":"user","content":"x"}]}\n'


def _zip(members: dict[str, bytes]) -> io.BytesIO:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return kept


def test_the_ratio_is_looked_at_once_it_matters() -> None:
    spent = Spent(packed_bytes=1_000)
    spent.add(archives.RATIO_FROM_BYTES)
    with pytest.raises(BadRecord, match="200 times") as caught:
        spent.add(1)
    assert caught.value.code == "E303"


def test_the_size_is_looked_at_whatever_the_ratio() -> None:
    with pytest.raises(BadRecord, match="16 GB"):
        Spent(packed_bytes=1 << 40).add(archives.MAX_UNPACKED_BYTES + 1)


def test_members_that_together_unpack_to_too_much_are_refused_before_one_is_opened() -> None:
    kept = _zip({f"{n}.jsonl": b"0" * (2 << 20) for n in range(12)})
    with pytest.raises(BadRecord, match="200 times"):
        Zip(kept, len(kept.getvalue()))


def test_too_many_members_are_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    kept = _zip({f"{n}": b"x" for n in range(4)})
    with pytest.raises(BadRecord, match="more than 3 members"):
        Zip(kept, len(kept.getvalue()))


def test_a_member_longer_than_the_limit_is_not_held() -> None:
    kept = _zip({"a": b"x" * 2_000_000})
    with pytest.raises(BadRecord, match="1 MB"):
        Zip(kept, len(kept.getvalue())).read("a", 1 << 20)


def test_each_member_is_a_file_of_its_own_with_a_name_that_only_shows(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(_zip({"../b.jsonl": LINE, "c/LICENSE": b"words", "d\n.jsonl": LINE * 2}).getvalue())
    found = list(intake.scan([str(path)]))
    assert [one.path.partition(" › ")[2] for one in found] == ["../b.jsonl", "c/LICENSE", "d\\u000a.jsonl"]
    read = [one for one in found if isinstance(one, intake.Found)]
    assert [len(list(intake.read(one))) for one in read] == [1, 2]
    assert len({one.sha256 for one in read}) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_two_packed_pieces_one_after_the_other_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(LINE) + gzip.compress(LINE * 2))
    (found,) = intake.scan([str(path)])
    assert isinstance(found, intake.Found)
    assert len(list(intake.read(found))) == 3
