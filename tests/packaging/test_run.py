"""The commands of README.md: what they set up, when they do it again, and what they say when they cannot."""

import subprocess
from pathlib import Path

import pytest

from tests.packaging.conftest import Project


def test_without_a_command_it_says_how_to_use_it_and_leaves_with_2(project: Project) -> None:
    done = project.run()
    assert done.returncode == 2
    assert "python3 packaging/run.py demo" in done.stderr


def test_demo_passes_its_arguments_to_reviewer_demo_in_the_callers_folder(project: Project, tmp_path: Path) -> None:
    project.make_ready("run")
    done = project.run("demo", "there", "--no-open", cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, f"{tmp_path}|demo|there|--no-open"), done.stderr


def test_app_passes_its_arguments_to_reviewer_and_hands_back_its_exit_code(project: Project, tmp_path: Path) -> None:
    project.make_ready("run")
    (project.root / "reviewer" / "__main__.py").write_text("import sys\nsys.exit(len(sys.argv))\n")
    assert project.run("app", "verify", "--rebuild", cwd=tmp_path).returncode == 3


def test_demo_opens_the_app_where_there_is_a_screen(project: Project) -> None:
    project.make_ready("run")
    done = project.run("demo", DISPLAY=":7")
    assert (done.returncode, done.stdout.strip()) == (0, f"{project.root}|demo"), done.stderr


def test_demo_without_a_screen_says_so_and_how_to_go_on(project: Project) -> None:
    project.make_ready("run")
    done = project.run("demo")
    assert (done.returncode, done.stdout) == (2, "")
    what, hint = done.stderr.splitlines()
    assert what.startswith("error: Everything is set up, but there is no screen here")
    assert hint.startswith("hint: ")
    assert "xvfb-run -a python3 packaging/run.py demo" in hint
    assert "--no-open" in hint


def test_an_environment_is_ready_only_with_the_stamp_of_this_lock(project: Project) -> None:
    assert not project.is_ready("run")
    project.stamp("run")
    assert project.is_ready("run")
    assert not project.is_ready("test")
    lock = project.root / "packaging" / "requirements.lock"
    lock.write_text(lock.read_text() + "# another line\n")
    assert not project.is_ready("run")


def test_what_is_ready_for_tests_is_ready_to_run(project: Project) -> None:
    project.stamp("test")
    assert project.is_ready("run")
    assert project.is_ready("test")


def test_an_environment_in_a_folder_that_was_moved_is_made_again(project: Project, tmp_path: Path) -> None:
    project.stamp("run")
    moved = Project(project.root.rename(tmp_path / "elsewhere"))
    assert not moved.is_ready("run")


def test_a_set_up_that_pip_cannot_complete_leaves_no_stamp(project: Project) -> None:
    lock = project.root / "packaging" / "requirements.lock"
    lock.write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    done = project.run("app", "x", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(project.root), PIP_CONFIG_FILE="/dev/null")
    assert done.returncode == 2
    assert "no-such-package" in done.stderr
    assert "error: pip could not install what the lock names." in done.stderr
    assert not project.is_ready("run")


def test_a_folder_that_cannot_hold_the_environment_is_named(project: Project) -> None:
    (project.root / ".venv").write_text("a file is in the way")
    done = project.run("app", "x")
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {project.root / '.venv'} cannot be made: ")
    assert "Traceback" not in done.stderr


def test_the_environment_has_the_command_reviewer(project: Project, tmp_path: Path) -> None:
    project.make_ready("run")
    done = subprocess.run([project.root / ".venv" / "bin" / "reviewer", "a b"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{tmp_path}|a b"


def _checks_that(project: Project, **results: int) -> None:
    """Static checks in the environment that only leave with a code: which of them run, and what follows, is what is tested."""
    for name in ("ruff", "mypy", "lint-imports"):
        script = project.root / ".venv" / "bin" / name
        script.write_text(f"#!/bin/sh\necho {name} says $*\nexit {results.get(name, 0)}\n")
        script.chmod(0o755)


def test_all_static_checks_run_even_if_one_fails_and_then_no_test_does(project: Project) -> None:
    project.make_ready("test")
    _checks_that(project, mypy=1)
    (project.root / "test_one.py").write_text("def test_one():\n    print('ran')\n")
    done = project.run("test")
    assert done.returncode == 1
    heads = [line.partition(" (")[0] for line in done.stdout.splitlines() if line.endswith(" s)")]
    assert heads == ["ruff check: passed", "ruff format: passed", "mypy: failed", "import contracts: passed"]
    assert "mypy says" in done.stdout
    assert done.stderr.strip() == "Not in order: mypy. The tests were not run."


@pytest.mark.parametrize(("body", "code", "summary"), [("pass", 0, "1 passed"), ("assert False", 1, "1 failed")])
def test_the_last_line_is_the_summary_of_pytest(project: Project, body: str, code: int, summary: str) -> None:
    project.make_ready("test")
    _checks_that(project)
    (project.root / "test_one.py").write_text(f"def test_one():\n    {body}\n\ndef test_two():\n    assert False\n")
    done = project.run("test", "test_one.py::test_one", "-n", "0")
    assert done.returncode == code, done.stdout + done.stderr
    assert summary in done.stdout.splitlines()[-1]


def test_the_tests_keep_what_python_compiled_even_where_the_caller_wants_no_such_files(project: Project) -> None:
    project.make_ready("test")
    _checks_that(project)
    (project.root / "test_one.py").write_text("def test_one():\n    pass\n")
    done = project.run("test", "test_one.py", "-n", "0", PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert list((project.root / "__pycache__").glob("test_one.*.pyc"))
