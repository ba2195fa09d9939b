"""Two processes that make a workspace in one folder at once: one makes it whole, the other is told, and nobody takes anything away."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.progress import SILENT
from reviewer.operations import verifying
from reviewer.storage.locks import holding
from reviewer.storage.workspace import Workspace

ROUNDS = 60
# Makes a workspace in each folder that it is told, as soon as the gate beside it opens, and says how that went.
_FOUNDER = """
import sys
from pathlib import Path
from reviewer.domain.errors import ReviewerError
from reviewer.storage.workspace import Workspace
Workspace.create(Path(sys.argv[1]), member="Ada").close()  # all that has to be loaded is
print("READY", flush=True)
for line in sys.stdin:
    folder = Path(line.strip())
    while not folder.with_suffix(".gate").exists():
        pass
    try:
        Workspace.create(folder, member="Ada", project=sys.argv[2]).close()
        print("MADE", flush=True)
    except ReviewerError as error:
        print(error.code, error.what, flush=True)
"""

Founder = subprocess.Popen[str]


@pytest.fixture
def founders(tmp_path: Path) -> Iterator[list[Founder]]:
    """Two processes that wait."""
    made = [
        subprocess.Popen(
            [sys.executable, "-c", _FOUNDER, str(tmp_path / name), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in ("one", "two")
    ]
    for founder in made:
        assert heard(founder) == "READY"
    yield made
    for founder in made:
        founder.kill()
        founder.communicate()


def heard(founder: Founder) -> str:
    assert founder.stdout is not None
    return founder.stdout.readline().strip()


def told(founder: Founder, folder: Path) -> None:
    assert founder.stdin is not None
    founder.stdin.write(f"{folder}\n")
    founder.stdin.flush()


def test_one_makes_it_and_the_other_is_told(founders: list[Founder], tmp_path: Path) -> None:
    meanwhile = 0
    for number in range(ROUNDS):
        folder = tmp_path / f"round{number}"
        for founder in founders:
            told(founder, folder)
        folder.with_suffix(".gate").touch()
        said = [heard(founder) for founder in founders]
        assert said.count("MADE") == 1, said
        [refused] = [one for one in said if one != "MADE"]
        assert refused in (f"E001 Somebody else is making a workspace in {folder}.", f"E001 {folder} holds a workspace already."), said
        meanwhile += "Somebody else" in refused
        with closing(Workspace.open(folder)) as workspace, workspace.read() as reading:
            [(name,)] = reading.rows("SELECT json_extract(CAST(body AS TEXT), '$.value.project_name') FROM entry")
            assert name == ("one", "two")[said.index("MADE")]
        with closing(Workspace.open(folder)) as workspace:
            assert verifying.verify(workspace, SILENT).value.ok
        assert sorted(path.name for path in folder.iterdir()) == ["reviewer.db"]
    assert meanwhile  # else they never met


def test_whoever_was_killed_while_making_one_holds_nobody_back(tmp_path: Path) -> None:
    place = tmp_path / "w"
    place.mkdir()
    code = "import sys; from pathlib import Path; from reviewer.storage.locks import holding\n"
    code += "with holding(Path(sys.argv[1])) as held: print(held, flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        with pytest.raises(Refused, match="Somebody else is making a workspace"):
            Workspace.create(place, member="Ada")
        assert list(place.iterdir()) == []
        other.send_signal(signal.SIGKILL)
        other.wait()
        Workspace.create(place, member="Ada").close()


def test_a_folder_is_held_once_in_one_process_too(tmp_path: Path) -> None:
    with holding(tmp_path) as first, holding(tmp_path) as second:
        assert (first, second) == (True, False)
    with holding(tmp_path) as third:
        assert third
