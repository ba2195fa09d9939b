"""Labels that come in as JSON lines."""

import io
import json
from typing import Any

import pytest

from reviewer.formats import label_lines
from reviewer.formats.json_lines import Line
from reviewer.formats.label_lines import LabelLine, SaidOmission


def _read(*rows: dict[str, Any] | bytes) -> list[Line[LabelLine]]:
    content = b"".join(row if isinstance(row, bytes) else json.dumps(row).encode() + b"\n" for row in rows)
    return list(label_lines.read(io.BytesIO(content)))


def _said(**fields: Any) -> LabelLine:
    (line,) = _read({"item": "abcdef", "verdict": "compliant", **fields})
    assert line.said is not None, line.problem
    return line.said


def test_the_exports_fields_and_the_commands_options_say_the_same() -> None:
    span = {"step": "2", "start": 0, "end": 3, "quote": "q"}
    exported = _said(steps={"3.1": "bad"}, omissions=[{"text": "x", "step": "2"}], spans=[span], confidence="0.95")
    typed = _said(step=["3.1=bad"], omission="x", span=["2:0:3"], confidence=0.95)
    assert label_lines.steps(exported) == label_lines.steps(typed) == {"3.1": "bad"}
    assert label_lines.spans(exported) == label_lines.spans(typed)
    assert label_lines.omissions(exported) == [SaidOmission("x", "2")]
    assert label_lines.omissions(typed) == [SaidOmission("x")]
    assert label_lines.confidence(exported) == label_lines.confidence(typed) == "0.95"


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    lines = _read(b"\xef\xbb\xbf\n", {"item": "abcdef"}, b"\r\n", b"{\n", {"external_id": "x", "unknown": 1})
    assert [(line.number, line.said is not None) for line in lines] == [(2, True), (4, False), (5, True)]


@pytest.mark.parametrize("time", ["2026-05-01T10:00:00Z", "2026-05-01T12:00:00+02:00", "2026-05-01T10:00:00.000Z"])
def test_times_with_a_zone_are_one_instant(time: str) -> None:
    assert label_lines.instant(time) == label_lines.instant("2026-05-01T10:00:00+00:00")
    assert _said(time=time).time == time


@pytest.mark.parametrize("time", ["", "now", "2026-05-01", "2026-05-01T10:00:00", "2026-13-01T10:00:00Z", "٢٠٢٦-05-01T10:00:00Z", 5])
def test_other_times_are_a_problem(time: object) -> None:
    (line,) = _read({"item": "abcdef", "time": time})
    assert line.said is None
    assert line.problem
