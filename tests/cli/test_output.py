"""What reaches a terminal."""

import io

import pytest

from reviewer.cli import output
from reviewer.domain.progress import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain ünï 漢", "plain ünï 漢"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b[31mred\x07", "\\u001b[31mred\\u0007"),
        ("right\u202eleft", "right\\u202eleft"),
        ("csi \x9b31m", "csi \\u009b31m"),
    ],
)
def test_no_imported_text_can_act_on_a_terminal(text: str, expected: str) -> None:
    assert output.plain(text) == expected


def test_a_line_is_one_line_and_not_longer_than_asked() -> None:
    assert output.one_line("a\nb\tc", 10) == "a b c"
    assert output.one_line("x" * 100, 10) == "x" * 9 + "…"


def test_a_table_lines_up_and_leaves_no_space_at_the_end() -> None:
    assert output.table([("a", "long cell", ""), ("bbb", "c", "d")], heads=("x", "y", "z")) == (
        "x    y          z\na    long cell\nbbb  c          d"
    )


def test_a_bar_shows_only_for_what_takes_longer_than_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    terminal = _Terminal()
    bar = output._Bar(terminal)
    bar.show(Progress(1, 10, "Writing"))
    now[0] += 0.9
    bar.show(Progress(5, 10, "Writing"))
    assert terminal.getvalue() == ""
    now[0] += 0.2
    bar.show(Progress(6, 10, "Reading \x1b[2J"))
    assert "60 %" in terminal.getvalue()
    assert "\x1b" not in terminal.getvalue()
    bar.clear()
    assert terminal.getvalue().endswith("\r")


def test_where_there_is_no_terminal_progress_is_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    file = io.StringIO()
    bar = output._Bar(file)
    for second in range(12):
        now[0] = 100.0 + second
        bar.show(Progress(second, 0, "Reading"))
    assert file.getvalue() == "Reading  5\nReading  10\n"
