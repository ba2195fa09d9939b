"""The program as a process: what it loads before the first paint, a second window, an end in order."""

import json
import os
import subprocess
import sys
import textwrap
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from reviewer.domain.progress import SILENT
from reviewer.operations import bundling, members, verifying
from reviewer.operations.demo import make_demo
from reviewer.storage import preferences
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds

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

# What of the program itself a first screen does not show.
OPENED_LATER = (
    "reviewer.domain.clause_search",
    "reviewer.domain.evidence",
    "reviewer.domain.policies",
    "reviewer.domain.policy_statements",
    "reviewer.domain.ranking",
    "reviewer.domain.shelf",
    "reviewer.ui.key_sheet",
    "reviewer.ui.lock_panel",
    "reviewer.ui.palette",
    "reviewer.ui.pages.queue.clause_list",
    "reviewer.ui.pages.queue.drawer",
    "reviewer.ui.pages.queue.ends",
    "reviewer.ui.pages.queue.note",
    "reviewer.ui.pages.queue.panels",
    "reviewer.ui.pages.queue.unblinding",
    "reviewer.ui.pages.review.omission",
    "reviewer.ui.pages.review.rewrite",
    "reviewer.ui.pages.review.rewriting",
    "reviewer.ui.pages.review.said",
    "reviewer.ui.pages.review.said_before",
    "reviewer.ui.pages.review.suggestion_card",
    "reviewer.ui.transcript.find_bar",
    "reviewer.ui.widgets.ask",
)

QT_LATER = (
    "PySide6.QtGui:QGradient",
    "PySide6.QtGui:QTextDocument",
    "PySide6.QtGui:QTextFormat",
    "PySide6.QtWidgets:QStyle",
    "PySide6.QtWidgets:QToolTip",
    "PySide6.QtWidgets:QWizard",
)
"""Classes that PySide makes when they are first named or given back; these have hundreds of names to make. That a wizard is there
tells that Qt gave back a widget of its own making, a viewport: to find out what it is, PySide makes all classes of widgets."""

WATCHED = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from reviewer.ui import app, jobs, window

heavy = json.loads(sys.argv[2])
folder = Path(sys.argv[1]) if sys.argv[1] else None
release = jobs.Jobs.release
loaded = []

def is_there(name):
    module, _, kind = name.partition(":")
    return module in sys.modules and (not kind or kind in vars(sys.modules[module]))

def released(self):  # called when the first page has been painted
    loaded.extend(name for name in heavy if is_there(name))
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
def test_the_first_item_is_painted_before_anything_is_loaded_that_it_does_not_need(demo: Path) -> None:
    assert all(find_spec(name) for name in OPENED_LATER)  # one that was renamed could be loaded unseen
    assert all(hasattr(import_module(name.partition(":")[0]), name.partition(":")[2]) for name in QT_LATER)
    assert answer(process(WATCHED, str(demo), json.dumps(HEAVY + OPENED_LATER + QT_LATER))) == {"loaded": [], "code": 0}
    assert preferences.read()["workspace.last"] == str(demo)


def test_the_look_is_ours_whatever_style_the_desktop_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_STYLE_OVERRIDE", "windows")
    code = """
        import json
        from reviewer.ui import app

        made = app.application(["--mine"])
        print(json.dumps({"style": made.style().name(), "arguments": made.arguments()[1:]}))
    """
    assert answer(process(code)) == {"style": "fusion", "arguments": ["--mine"]}


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


ARRIVAL = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from reviewer.ui import app

def look():
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    dialogs = [one for one in shown if type(one).__name__ == "ArrivalDialog"]
    if not dialogs:
        QTimer.singleShot(100, look)
        return
    print("shown")
    dialogs[0].reject()
    QTimer.singleShot(0, lambda: [one.close() for one in shown if type(one).__name__ == "Window"])

app.application()
QTimer.singleShot(100, look)
sys.exit(app.run(Path(sys.argv[1]), bundle=Path(sys.argv[2])))
"""


def test_a_bundle_named_at_the_start_is_shown_and_not_taken_in(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "workspace")
    bundling.create_bundle(workspace, SILENT, target=tmp_path / "own.rvb")
    workspace.close()
    line = [sys.executable, "-c", textwrap.dedent(ARRIVAL), str(tmp_path / "workspace"), str(tmp_path / "own.rvb")]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "shown", done.stderr
    assert done.returncode == 0


OPEN_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from reviewer.ui import app, window

def look():
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    dialogs = [one for one in shown if type(one).__name__ == "ArrivalDialog" and one.said]
    if not dialogs:
        QTimer.singleShot(100, look)
        return
    print(dialogs[0].source, dialogs[0].said, flush=True)
    dialogs[0].reject()
    QTimer.singleShot(0, lambda: [one.close() for one in shown if type(one).__name__ == "Window"])

start = window.Window.start
window.Window.start = lambda self: (self.ready.connect(lambda: print("ready", flush=True)), start(self))
app.application()
QTimer.singleShot(100, look)
sys.exit(app.run(Path(sys.argv[1])))
"""


def test_a_bundle_that_is_opened_while_the_window_is_there_is_shown_in_it_and_not_taken_in(tmp_path: Path) -> None:
    ada = worlds.ready(tmp_path / "ada")
    members.add_members(ada, SILENT, names=["Ben"])
    ben = replicas.replica(tmp_path / "ben", ada, "Ben")
    bundling.create_bundle(ben, SILENT, target=tmp_path / "from Ben.rvb")
    before = verifying.verify(ada, SILENT).value.set_digest
    ada.close()
    ben.close()
    first = process(OPEN_WINDOW, str(tmp_path / "ada"))
    assert first.stdout is not None
    assert first.stdout.readline().strip() == "ready"
    # The program itself, as a double click starts it: from another folder, with the bundle as its one argument.
    line = [sys.executable, "-m", "reviewer", "--workspace", str(tmp_path / "ada"), "from Ben.rvb"]
    place = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[2])}
    second = subprocess.run(line, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path, env=place)
    assert (second.returncode, "It shows what is in the bundle." in second.stderr) == (0, True), second.stderr
    said = first.stdout.readline()
    assert said.startswith(str(tmp_path / "from Ben.rvb"))
    assert "'From': 'Ben'" in said
    _out, err = first.communicate(timeout=120)
    assert first.returncode == 0, err
    again = Workspace.open(tmp_path / "ada")
    assert verifying.verify(again, SILENT).value.set_digest == before
    again.close()
