"""README.md is true: its commands run, its tables are those of the program."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from reviewer.catalogue import tables
from reviewer.formats import column_maps, label_maps, registry
from reviewer.operations import maps

_ROOT = Path(__file__).resolve().parents[1]
_TEXT = (_ROOT / "README.md").read_text(encoding="utf-8")
_BLOCKS = re.findall(r"```sh\n(.*?)```", _TEXT, flags=re.DOTALL)


def test_the_first_two_commands_are_those_of_the_set_up() -> None:
    assert [block.strip() for block in _BLOCKS[:2]] == ["python3 packaging/run.py demo", "python3 packaging/run.py test"]


def test_the_tour_runs_as_written(tmp_path: Path) -> None:
    (tmp_path / "resources").symlink_to(_ROOT / "resources")
    script = f'set -eu\nreviewer() {{ "{sys.executable}" -m reviewer "$@"; }}\n' + "\n".join(_BLOCKS[2:])
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "kto" / "data" / "train.jsonl").read_text().count("\n") == 1
    assert (tmp_path / "labels.csv").is_file()


def test_a_command_that_is_wrong_would_be_noticed(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "reviewer", "no-such-command"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(_ROOT)})
    assert done.returncode == 2


def test_every_format_has_its_row() -> None:
    known = [(one.name, one.description) for one in registry.formats()] + [(one.name, one.description) for one in registry.writes]
    for name, description in known:
        assert f"| `{name}` | {description} |" in _TEXT, name


def test_every_map_that_comes_with_the_program_has_its_row() -> None:
    assert maps.shipped()
    for one in maps.shipped():
        assert f"| `{one.name}` | {one.description} |" in _TEXT, one.name


def test_the_map_that_is_explained_can_be_used() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", _TEXT, flags=re.DOTALL)
    table = tomllib.loads(block)
    assert column_maps.checked(table).from_file == {"model": ("answers_of_*",)}
    assert label_maps.checked(table).values == {"verdict": {"1": "non_compliant", "0": "compliant"}}


def test_the_tables_of_keys_and_settings_are_those_of_the_catalogue() -> None:
    assert "<!-- keys -->" in _TEXT
    assert "<!-- settings -->" in _TEXT
    assert tables.filled(_TEXT) == _TEXT
