"""Arguments to commands, help, and what becomes of every error."""

import argparse
import errno
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.cli import line
from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.domain.errors import ReviewerError
from tests.cli.conftest import Cli


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], line.Request("")),
        (["--workspace", "w"], line.Request("", workspace="w")),
        (["--workspace=w", "--as", "Ada", "--json", "items", "x"], line.Request("items", ("x",), "w", "Ada", True)),
        (["campaign", "create", "c"], line.Request("campaign create", ("c",))),
        (["release", "c", "--format", "f"], line.Request("release", ("c", "--format", "f"))),
        (["release", "check", "d"], line.Request("release check", ("d",))),
        (["campaign"], line.Request("campaign")),
        (["campaign", "--help"], line.Request("campaign")),
        (["--help"], line.Request("h")),
        (["--version"], line.Request("v")),
    ],
)
def test_the_command_is_found_among_global_options(arguments: list[str], expected: line.Request) -> None:
    assert line.parse(arguments) == expected


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["campaign", "nonsense"], ["--nonsense"], ["--workspace"], ["--workspace="], ["--as", "", "items"],
     ["items", "--workspace", ""], ["items", "--nonsense"], ["label", "c"], ["undo", ""], ["backup", ""],
     ["items", "--limit", "x"], ["items", "--limit"], ["items", "a", "b"], ["import"], ["campaign", "grow", "c", "--size", "0"]],
)  # fmt: skip
def test_a_line_that_cannot_be_read_gets_two_lines_and_code_2(cli: Cli, arguments: list[str]) -> None:
    _, hint = cli(*arguments).refused()
    assert "--help" in hint or "It does:" in hint


@pytest.mark.parametrize("name", list(line.COMMANDS))
def test_every_command_documents_its_options_and_an_example_that_can_be_read(cli: Cli, name: str) -> None:
    said = cli(*name.split(), "--help")
    command = line.load(name)
    options = Options(name, summary="", example=command.example)
    command.add(options)
    assert said.code == 0
    assert said.err == ""
    assert line.COMMANDS[name][1] in " ".join(said.out.split())
    assert command.example in said.out
    for action in options._actions:
        assert action.help, f"{action.dest} says nothing"
        assert all(spelling in said.out for spelling in action.option_strings)
        if action.type is not None:  # in our own words: argparse's are of types of Python
            with pytest.raises(argparse.ArgumentTypeError, match="is not a"):
                action.type("x")  # type: ignore[operator]
    words = shlex.split(command.example)
    assert words[0] == "reviewer"
    request = line.parse(words[1:])
    assert request.command == name
    options.read(request.rest)


def test_the_overview_names_every_command(cli: Cli) -> None:
    out = cli("--help").out
    assert all(f"  {name} " in out for name in line.COMMANDS)
    assert "campaign grow" in cli("campaign").out
    assert "  init " not in cli("campaign").out


def test_workspace_and_member_may_stand_after_the_command(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REVIEWER_WORKSPACE")
    assert cli("items", "--json", "--workspace", str(folder)).json["total"] == 12
    assert cli("--workspace", "nowhere", "--json", "items", "--workspace", str(folder)).json["total"] == 12
    what, _ = cli("items", "--as", "Nobody", "--workspace", str(folder)).refused()
    assert "Nobody" in what


def test_without_a_workspace_a_command_names_init(cli: Cli) -> None:
    _, hint = cli("items").refused()
    assert "reviewer init" in hint


def test_a_bug_leaves_a_report_without_content_and_no_traceback(cli: Cli, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "se" + "cret"

    def broken(_call: Call) -> int:
        raise RuntimeError(f"the customer said a {content}")

    monkeypatch.setattr("reviewer.cli.formats.COMMANDS", {"formats": Command(lambda _options: None, broken, "reviewer formats")})
    what, hint = cli("formats").refused()
    (report,) = (own_home / "config" / "faults").iterdir()
    assert "RuntimeError" in what
    assert what.endswith("[E009]")
    assert str(report) in hint
    assert "RuntimeError" in report.read_text(encoding="utf-8")
    assert content not in report.read_text(encoding="utf-8") + what + hint


@pytest.mark.parametrize(
    "arguments",
    [["--workspace", "LONG", "items"], ["init", "LONG", "--as", "Ada"], ["demo", "LONG", "--no-open"], ["backup", "LONG"],
     ["join", "LONG", "--as", "Ben", "--workspace", "w"], ["sync", "LONG"], ["restore", "LONG", "w"], ["import", "LONG"],
     ["bundle", "apply", "LONG"], ["labels", "import", "LONG", "--campaign", "c"], ["release", "check", "LONG"]],
)  # fmt: skip
def test_a_text_in_the_place_of_a_path_is_no_fault_of_ours(cli: Cli, folder: Path, arguments: list[str]) -> None:
    what, _ = cli(*(word.replace("LONG", '{"messages": []}' * 30) for word in arguments)).refused()
    assert "[E009]" not in what


def test_an_interruption_is_said_in_a_sentence(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_call: Call) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("reviewer.cli.formats.COMMANDS", {"formats": Command(lambda _options: None, interrupted, "reviewer formats")})
    said = cli("formats")
    assert said.code == 130
    assert said.err.splitlines()[0].startswith("error: Interrupted")
    assert said.err.splitlines()[0].endswith("[E004]")


def test_alone_it_asks_for_a_window_on_the_workspace_opened_last(cli: Cli, tmp_path: Path) -> None:
    assert cli().ending == line.Ending(0, line.Window(None, None))
    assert cli("init", str(tmp_path / "new"), "--as", "Ada").code == 0
    assert cli("--as", "Ada").ending == line.Ending(0, line.Window((tmp_path / "new").resolve(), "Ada"))


def test_a_window_without_a_screen_is_refused_in_words(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    what, _ = cli().refused()
    assert "no screen" in what


def test_the_way_to_the_window_loads_nothing_heavy() -> None:
    heavy = ("sqlalchemy", "numpy", "pandas", "pyarrow", "alembic", "sqlcipher3", "argparse")
    script = f"import sys; from reviewer.cli.line import run; run([]);print([m for m in sys.modules if m.split('.')[0] in {heavy}])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "[]"


def test_a_reader_that_stops_listening_is_no_error(folder: Path) -> None:
    command = subprocess.Popen(
        [sys.executable, "-m", "reviewer", "formats"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ
    )
    assert command.stdout is not None
    command.stdout.close()
    _, err = command.communicate(timeout=60)
    assert (command.returncode, err) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell that closes streams")
@pytest.mark.parametrize(
    ("words", "code", "out", "err"),
    [
        ("items --count --json >&-", 2, "", "error: There is nowhere to answer: standard output is closed. [E001]"),
        ("items --count --json 2>&-", 0, '{"total": 12, "items": []}\n', ""),
        ("items --count --json <&-", 0, '{"total": 12, "items": []}\n', ""),
        ("import - <&- 2>&-", 0, "Read 0: 0 added, 0 known already, 0 rejected.\n", ""),
        ("show abcdef 2>&-", 2, "", ""),
        ("show abcdef 2>/dev/full", 2, "", ""),
        ("import README.md --json 2>/dev/full | grep -c skipped", 0, "1\n", ""),
    ],
)
def test_a_stream_that_is_closed_or_full_changes_neither_code_nor_answer(folder: Path, words: str, code: int, out: str, err: str) -> None:
    said = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{shlex.quote(sys.executable)} -m reviewer {words}"],
        capture_output=True, text=True, timeout=60, env=os.environ, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stdout) == (code, out)
    assert said.stderr.startswith(err) if err else said.stderr == ""


@pytest.mark.parametrize(
    "arguments",
    [["campaign", "show", "BAD"], ["--as", "BAD", "items"], ["member", "add", "BAD", "--here"],
     ["campaign", "create", "BAD"], ["skip", "c", "BAD"], ["policy", "show", "BAD"]],
)  # fmt: skip
def test_an_argument_that_is_no_text_is_no_fault_of_ours(cli: Cli, folder: Path, arguments: list[str]) -> None:
    what, _ = cli(*(word.replace("BAD", os.fsdecode(b"caf\xe9")) for word in arguments)).refused()
    assert "[E009]" not in what
    assert cli("verify", "--json").json["ok"]


def test_a_path_that_is_not_ours_is_no_fault_of_ours(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_call: Call) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", "/root/runs")

    monkeypatch.setattr(line, "load", lambda _name: Command(lambda _options: None, refused, "reviewer items"))
    assert cli("items").refused() == (
        "“/root/runs” cannot be used: Permission denied. [E103]", "Check whom it belongs to, or name another place."
    )  # fmt: skip


def test_errors_of_the_family_keep_their_codes(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_call: Call) -> int:
        raise ReviewerError("Not saved:\nthe disk is full \x1b[31m.", "Free space.", "E101")

    monkeypatch.setattr("reviewer.cli.formats.COMMANDS", {"formats": Command(lambda _options: None, full, "reviewer formats")})
    assert cli("formats").refused() == ("Not saved: the disk is full \\u001b[31m. [E101]", "Free space.")


def test_a_bundle_that_a_desktop_opens_is_shown_in_the_window() -> None:
    assert line.parse(["from-ben.rvb"]).bundle == Path("from-ben.rvb")
    assert line.parse(["from-ben.rvb"]).command == ""
    assert line.parse(["bundle", "apply", "from-ben.rvb"]).bundle is None
