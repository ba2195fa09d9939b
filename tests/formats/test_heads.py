"""Looking at the beginning of a file."""

import json
from pathlib import Path

import pytest

from reviewer.formats.heads import Head, look
from reviewer.formats.sources import Source, sources


def _head(path: Path, content: bytes) -> Head:
    path.write_bytes(content)
    (source,) = sources([str(path)])
    assert isinstance(source, Source)
    return look(source)


@pytest.mark.parametrize(
    ("content", "shape", "names"),
    [
        (b'{"a":1}\n{"b":2}\n', "lines", {"a"}),
        (b'{"a":1}', "lines", {"a"}),
        (b'\xef\xbb\xbf \n{"a":1}\n', "lines", {"a"}),
        (b'{\n "a": 1,\n "b": {"c": 2}\n}', "object", {"a", "b"}),
        (b'[{"a":1},{"b":2}]', "list", {"a"}),
        (b"[1,2]", "list", set()),
        (b'broken\n{"a":1}', "text", set()),
        (b'{"a":NaN}\n{"b":1}', "lines", {"b"}),
    ],
)
def test_the_shape_of_a_file_is_seen(tmp_path: Path, content: bytes, shape: str, names: set[str]) -> None:
    head = _head(tmp_path / "a.json", content)
    assert (head.shape, set(head.names)) == (shape, names)


def test_a_first_line_longer_than_what_is_looked_at_is_still_seen(tmp_path: Path) -> None:
    line = json.dumps({"metadata": {"suite_name": "a"}, "messages": ["x" * 3_000_000]}).encode()
    head = _head(tmp_path / "a.jsonl", line + b"\n" + line)
    assert head.shape == "lines"
    assert head.samples[0]["metadata"] == {"suite_name": "a"}


def test_the_names_of_a_large_object_are_found_behind_large_values(tmp_path: Path) -> None:
    content = json.dumps({"tasks": ["x" * 3_000_000], "info": {}, "simulations": []}, indent=1).encode()
    head = _head(tmp_path / "a.json", content)
    assert (head.shape, set(head.names)) == ("object", {"tasks", "info", "simulations"})


@pytest.mark.parametrize(("name", "suffix"), [("a.jsonl.gz", "jsonl"), ("A.CSV", "csv"), ("a.b.tsv.zst", "tsv"), ("plain", "")])
def test_the_ending_of_a_name_is_that_of_what_is_packed(tmp_path: Path, name: str, suffix: str) -> None:
    assert _head(tmp_path / name, b"text").suffix == suffix
