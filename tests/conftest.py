"""What every test may ask for: where the real data lies, and a Qt that never needs a screen."""

import gc
import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reviewer.storage import sealing
from reviewer.ui import garbage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from reviewer.storage.workspace import Workspace
    from tests.hubs import Line, Server
    from tests.patience import Patient

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Also for what is made for a whole module, before `own_home` is there.
_HOME = tempfile.TemporaryDirectory(prefix="reviewer-tests-")
os.environ["REVIEWER_CONFIG"] = str(Path(_HOME.name) / "config")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # no test touches the keyring of whoever runs it

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    """--approve: keep the pictures of tests/golden as they look now, after a human look. --late SEED: tests/late.py."""
    parser.addoption("--approve", action="store_true", help="keep the pictures of tests/golden as they look now")
    parser.addoption("--late", type=int, metavar="SEED", help="let every answer of background work come late, each by a time of its own")


def pytest_configure(config: pytest.Config) -> None:
    """Hold Python's search for dead cycles as a window does (see `pytest_runtest_protocol`). Slow the answers where that was asked for.

    A passphrase costs the least that a seal file may ask for. Processes of their own show what is asked for otherwise: half a second.
    """
    garbage.hold()
    sealing._SCRYPT_N = 2**14
    seed = config.getoption("--late")
    if seed is not None:
        from tests import late

        late.slow_answers(seed)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there once all tests are loaded stays to the end: a search for dead cycles need not walk through its millions of objects."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Dead cycles are looked for here, between tests, as the app does it on its UI thread (ui/garbage.py).

    Python looks on whichever thread allocates: a window that died in one test was destroyed by a worker thread of another, far from any
    window, and the heap with it. No window that closes gives the search back to Python: a server of the test may still have its threads.
    """
    gc.disable()
    outcome = yield
    gc.collect(2 if nextitem is None or nextitem.path != item.path else 1)
    return outcome


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test has its own settings, keys, caches and default workspace, and inherits no workspace, member or passphrase."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("REVIEWER_CONFIG", str(home / "config"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.split("_")[1].lower()))
    for name in ("REVIEWER_WORKSPACE", "REVIEWER_PASSPHRASE", "MISTRAL_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def qtbot(qapp: "QApplication", request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> "Patient":
    """pytest-qt's, but it waits until nothing more is coming (tests/patience.py)."""
    from tests.patience import Patient, count_questions

    count_questions(monkeypatch)
    return Patient(request)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real agent runs: $REVIEWER_REAL_DATA, else ../shared/data. Skips, and says so, where there is none."""
    folder = Path(os.environ.get("REVIEWER_REAL_DATA", _BESIDE))
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} is not a folder (set REVIEWER_REAL_DATA)")
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> "Iterator[Workspace]":
    """Ada's workspace with 12 items and the campaign C over all of them; its clock ticks when it is read."""
    from tests import worlds

    opened = worlds.ready(tmp_path / "workspace")
    yield opened
    opened.close()


@pytest.fixture
def busy_workspace(tmp_path: Path) -> "Iterator[Workspace]":
    """A workspace of 200 items in which much happened (tests.worlds.busy)."""
    from tests import worlds

    opened = worlds.busy(tmp_path / "workspace")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[Server]":
    """A real PostgreSQL server on loopback, for the whole run."""
    from tests import hubs

    with hubs.running() as server:
        yield server


@pytest.fixture
def hub_line(postgresql: "Server") -> "Line":
    """A fresh hub on it."""
    return postgresql.hub()


@pytest.fixture
def postgresql_address(hub_line: "Line") -> str:
    """Where a client finds a fresh hub."""
    return hub_line.address()
