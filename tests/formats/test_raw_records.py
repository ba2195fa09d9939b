"""Cutting streams into records."""

import io

from hypothesis import given
from hypothesis import strategies as st

from reviewer.formats import raw_records
from tests.formats.test_json_walk import Dripping


@given(st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")), max_size=12), st.integers(1, 9))
def test_lines_put_together_are_the_stream_again(parts: list[bytes], size: int) -> None:
    content = b"\n".join(parts)
    found = list(raw_records.lines_as_they_are(Dripping(content, size)))
    assert b"".join(line.raw for line in found) == content.removeprefix(b"\xef\xbb\xbf") or content.startswith(b"\xef")
    assert [line.line for line in found] == list(range(1, len(found) + 1))


def test_a_line_that_is_too_long_is_marked_and_the_next_are_read() -> None:
    content = b"first\n" + b"x" * 3_000_000 + b"\nthird\n" + b"y" * 3_000_000
    found = list(raw_records.lines(io.BytesIO(content), limit_bytes=1 << 20))
    assert [(line.line, line.raw[:5], line.code) for line in found] == [
        (1, b"first", "E301"),
        (2, b"xxxxx", "E302"),
        (3, b"third", "E301"),
        (4, b"yyyyy", "E302"),
    ]
    assert found[1].problem == "The line is longer than 1 MB."
    assert len(found[1].raw) == 64 * 1024


def test_line_ends_of_windows_and_blank_lines_are_no_part_of_a_record() -> None:
    found = list(raw_records.lines(io.BytesIO(b"\xef\xbb\xbfa\r\n\r\n \nb\r\n")))
    assert [(line.raw, line.line) for line in found] == [(b"a", 1), (b"b", 4)]


def test_a_list_with_something_after_it_says_so_at_the_end() -> None:
    found = list(raw_records.elements(io.BytesIO(b"[1, 2]\n x")))
    assert [one.problem for one in found] == [None, None, "Something follows the end of the list."]
    assert found[-1].line == 2
