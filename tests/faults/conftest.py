"""The shim, and a workspace to maltreat."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import worlds
from tests.faults import bench

_CONFIG = os.environ["REVIEWER_CONFIG"]  # of the whole run, set by tests/conftest.py


@pytest.fixture(autouse=True)
def keys_of_the_run(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepared workspaces are made once for many tests: their keys lie where all of these, and the processes they start, look."""
    monkeypatch.setenv("REVIEWER_CONFIG", _CONFIG)


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The watched and failing disk. Skips, and says so, where there is no C compiler."""
    if shutil.which("gcc") is None:
        pytest.skip("NO C COMPILER: power loss and disk errors are not tested (Debian: apt-get install gcc libc6-dev)")
    return bench.build_shim(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="session")
def failing(shim: Path) -> Iterator[bench.FailingBelow]:
    """A labelling process whose disk can fail below a path. It forks a child for each order, so that one serves all tests of that path."""
    with bench.failing_writers(shim) as below:
        yield below


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed workspace with 40 items and the campaign C; its key lies in the settings of the whole run, where children find it."""
    folder = tmp_path_factory.mktemp("prepared") / "workspace"
    worlds.ready(folder, items=40).close()
    return folder


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: hundreds of crashes are written out and looked at."""
    memory = Path("/dev/shm")
    if not (memory.is_dir() and os.access(memory, os.W_OK)):
        yield tmp_path
        return
    folder = memory / f"reviewer-faults-{os.getpid()}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)
