"""Bytes of a bundle, changed, cut off or added: refused, and under the right code. JOURNAL.md 3.2, byte mutation.

Full form, every byte with every mask and every cut: pytest -m long tests/faults/test_bundle_bytes.py (a minute). The short form takes all
bytes of the head and every ninth behind it, by turns of the masks.

The program's own reading of a part (`read_through`) is asked for each; what `open_bundle` puts before and behind that, on a sample.
"""

import random
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from reviewer.domain.errors import ReviewerError
from reviewer.storage import age
from reviewer.storage.bundle_reading import read_through
from tests.storage import sealed
from tests.storage.sealed import YOU

MASKS = (0x01, 0x80, 0xFF)
IDENTITIES = [age.identity(YOU.seal)]
OPENED = "opened"


class Bundle(NamedTuple):
    """A good bundle: a place to put its changed copies, its bytes, and where what lies behind the age header begins."""

    path: Path
    raw: bytes
    behind: int

    def codes(self, changed: bytes) -> str:
        """The code under which these bytes are refused."""
        self.path.write_bytes(changed)
        try:
            read_through(self.path, IDENTITIES)
        except ReviewerError as error:
            return error.code
        return OPENED


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    path = sealed.written(tmp_path_factory.mktemp("bundle") / "a.rvb", sealed.some_records(10_500))
    raw = path.read_bytes()
    assert len(raw) >= 10_000
    return Bundle(path, raw, raw.index(b"\n", raw.index(b"\n--- ") + 1) + 1)


def test_the_bundle_as_it_was_opens(bundle: Bundle) -> None:
    """The control: what the other tests change would be let in."""
    assert bundle.codes(bundle.raw) == OPENED
    assert sealed.opened(bundle.path) == sealed.some_records(10_500)


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.long)])
def test_every_changed_byte_is_refused(bundle: Bundle, step: int) -> None:
    head: Counter[str] = Counter()
    body: Counter[str] = Counter()
    places = [*range(bundle.behind), *range(bundle.behind, len(bundle.raw), step)]
    for at in places:
        for mask in MASKS if step == 1 else MASKS[at % 3 :][:1]:
            changed = bytearray(bundle.raw)
            changed[at] ^= mask
            (head if at < bundle.behind else body)[bundle.codes(bytes(changed))] += 1
    assert set(body) == {"E204"}
    assert set(head) <= {"E201", "E202", "E203"}
    assert head.total() + body.total() == len(places) * (3 if step == 1 else 1)


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.long)])
def test_every_cut_is_refused(bundle: Bundle, step: int) -> None:
    lengths = [*range(bundle.behind + 1), *range(bundle.behind + 1, len(bundle.raw), step)]
    codes = [bundle.codes(bundle.raw[:length]) for length in lengths]
    assert set(codes) == {"E203", "E204"}  # below 64 KiB sealed, age cannot tell a cut from a change; where it can, the next test
    assert set(codes[: bundle.behind + 1]) == {"E203"}


def test_a_cut_behind_the_first_64_kib_is_told_from_a_change(bundle: Bundle, tmp_path: Path) -> None:
    raw = sealed.written(tmp_path / "long.rvb", sealed.some_records(400_000)).read_bytes()
    behind = raw.index(b"\n", raw.index(b"\n--- ") + 1) + 1
    first = behind + 16 + 64 * 1024 + 16
    chunks = range(first, len(raw), 64 * 1024 + 16)
    chance = random.Random(3)
    for length in {first, len(raw) - 1, *chunks, *(chunk + 1 for chunk in chunks), *chance.sample(range(first, len(raw)), 200)}:
        assert bundle.codes(raw[:length]) == "E203", length
        changed = bytearray(raw)
        changed[length - 1] ^= 0x01
        assert bundle.codes(bytes(changed)) == "E204", length


@pytest.mark.parametrize("added", [b"\x00", b"\n", bytes(16), bytes(70_000)])
def test_added_bytes_are_refused(bundle: Bundle, added: bytes) -> None:
    assert bundle.codes(bundle.raw + added) == "E204"
    assert bundle.codes(added + bundle.raw) == "E201"


def test_a_bundle_after_a_bundle_is_refused(bundle: Bundle) -> None:
    assert bundle.codes(bundle.raw + bundle.raw) == "E204"


def test_what_opens_a_bundle_refuses_the_same(bundle: Bundle) -> None:
    for at in range(0, len(bundle.raw), 61):
        changed = bytearray(bundle.raw)
        changed[at] ^= MASKS[at % 3]
        expected = bundle.codes(bytes(changed))
        with pytest.raises(ReviewerError) as refusal:
            sealed.opened(bundle.path)
        assert refusal.value.code == expected
        assert not list((bundle.path.parent / "aside").iterdir())
