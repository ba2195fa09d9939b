"""The program as a process: what it loads before the first paint, a second window, an end in order."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from reviewer.operations.demo import make_demo
from reviewer.storage import preferences

HEAVY = (
    "sqlalchemy",
    "alembic",
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "mistralai",
    "diskcache",
    "keyring",
    "PySide6.QtNetwork",
    "PySide6.QtTest",
)

WATCHED = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from reviewer.ui import app, jobs, window

heavy = json.loads(sys.argv[2])
folder = Path(sys.argv[1]) if sys.argv[1] else None
release = jobs.Jobs.release
loaded = []

def released(self):  # called when the first page has been painted
    loaded.extend(name for name in heavy if name in sys.modules)
    release(self)

jobs.Jobs.release = released
start = window.Window.start

def started(self):
    self.ready.connect(lambda: QTimer.singleShot(300, self.close))
    start(self)

window.Window.start = started
code = app.run(folder)
print(json.dumps({"loaded": loaded, "code": code}))
"""


def process(code: str, *arguments: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def answer(started: "subprocess.Popen[str]") -> dict[str, object]:
    out, err = started.communicate(timeout=120)
    assert started.returncode == 0, err
    assert "Traceback" not in err
    last: dict[str, object] = json.loads(out.splitlines()[-1])
    return last


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, made once for this module."""
    folder = tmp_path_factory.mktemp("demo") / "sample"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEWER_CONFIG", str(folder.parent / "config"))
        make_demo(folder, member="Ada").value.close()
    return folder


@pytest.fixture
def config_of_demo(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder with the key of the sample's member."""
    monkeypatch.setenv("REVIEWER_CONFIG", str(demo.parent / "config"))


def test_the_start_page_is_painted_before_anything_heavy_is_loaded() -> None:
    assert answer(process(WATCHED, "", json.dumps(HEAVY))) == {"loaded": [], "code": 0}


@pytest.mark.usefixtures("config_of_demo")
def test_the_first_item_is_painted_before_anything_heavy_is_loaded(demo: Path) -> None:
    assert answer(process(WATCHED, str(demo), json.dumps(HEAVY))) == {"loaded": [], "code": 0}
    assert preferences.read()["workspace.last"] == str(demo)


@pytest.mark.usefixtures("config_of_demo")
def test_a_second_window_on_a_workspace_brings_the_first_forward_and_leaves(demo: Path) -> None:
    first = process(
        """
        import sys
        from pathlib import Path
        from PySide6.QtCore import QTimer
        from reviewer.ui import app, window

        forward = window.Window.come_forward

        def came(self):
            forward(self)
            print("came forward", flush=True)
            QTimer.singleShot(0, self.close)

        window.Window.come_forward = came
        start = window.Window.start
        window.Window.start = lambda self: (self.ready.connect(lambda: print("ready", flush=True)), start(self))
        sys.exit(app.run(Path(sys.argv[1])))
        """,
        str(demo),
    )
    assert first.stdout is not None
    assert first.stdout.readline().strip() == "ready"
    second = process("import sys; from pathlib import Path; from reviewer.ui import app; sys.exit(app.run(Path(sys.argv[1])))", str(demo))
    _out, err = second.communicate(timeout=120)
    assert (second.returncode, "its window was brought forward" in err) == (0, True)
    assert first.stdout.readline().strip() == "came forward"
    first.communicate(timeout=120)
    assert first.returncode == 0


def test_a_folder_that_is_no_workspace_ends_on_the_start_page_and_not_in_a_traceback(tmp_path: Path) -> None:
    started = process(
        """
        import json, sys
        from pathlib import Path
        from PySide6.QtCore import QTimer
        from reviewer.ui import app, window

        start = window.Window.start

        def started(self):
            def told(_error):
                said = [banner.accessibleName() for banner in self.messages.banners()]
                print(json.dumps({"page": self.current_page, "said": said}), flush=True)
                self.close()
            self.opening.failed.connect(lambda error: QTimer.singleShot(0, lambda: told(error)))
            start(self)

        window.Window.start = started
        sys.exit(app.run(Path(sys.argv[1])))
        """,
        str(tmp_path),
    )
    told = answer(started)
    assert told["page"] == "start"
    assert f"Error: {tmp_path} is not a workspace. [E002]" in str(told["said"])
