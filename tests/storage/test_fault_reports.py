"""A report of a bug says where, and nothing of what."""

from pathlib import Path

import pytest

from reviewer.storage import fault_reports


def _fault() -> BaseException:
    content = "customer" + " data"
    try:
        try:
            raise ValueError(content)
        except ValueError as error:
            raise RuntimeError(content) from error
    except RuntimeError as error:
        return error


def test_a_report_names_kinds_and_lines_but_no_message(own_home: Path) -> None:
    place = fault_reports.save(_fault(), versions="Qt 1")
    assert place is not None
    said = place.read_text(encoding="utf-8")
    assert "RuntimeError" in said
    assert "ValueError" in said
    assert "test_fault_reports.py:" in said
    assert "Qt 1" in said
    assert "customer data" not in said
    assert str(Path(__file__).parent) not in said


def test_a_disk_that_refuses_gives_no_report(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own_home / "file").write_text("x")
    monkeypatch.setenv("REVIEWER_CONFIG", str(own_home / "file"))
    assert fault_reports.save(_fault()) is None
