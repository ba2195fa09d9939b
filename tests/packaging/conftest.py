"""A small project of its own for each test: the real run.py and system.py, a real environment, and a stand-in for the app."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEAKER = "import os, sys\nprint(os.getcwd(), *sys.argv[1:], sep='|')\n"


@dataclass(frozen=True)
class Project:
    """A copy of packaging/ in a folder of its own; `ask` and `run` use it as a user's Python would."""

    root: Path

    def run(self, *arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """`python3 packaging/run.py ARGUMENTS`, on a machine without a screen unless the environment names one."""
        kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
        return subprocess.run(
            [sys.executable, str(self.root / "packaging" / "run.py"), *arguments],
            cwd=cwd or self.root,
            env=kept | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    def ask(self, expression: str) -> str:
        """What an expression over run.py's own functions prints."""
        done = subprocess.run(
            [sys.executable, "-c", f"import run; print({expression})"],
            cwd=self.root / "packaging",
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout.strip()

    def make_ready(self, kind: str) -> None:
        """A real environment that imports this project and the tests' own packages, stamped as run.py stamps it."""
        venv.EnvBuilder(symlinks=True).create(self.root / ".venv")
        self.ask("run.link_source()")
        packages = Path(self.ask("__import__('glob').glob(str(run.ENVIRONMENT / 'lib' / '*' / 'site-packages'))[0]"))
        (packages / "tools.pth").write_text(sysconfig.get_path("purelib"))
        self.stamp(kind)

    def stamp(self, kind: str) -> None:
        (self.root / ".venv").mkdir(exist_ok=True)
        (self.root / ".venv" / f"ready-{kind}").write_text(self.ask(f"run.stamp({kind!r})"))

    def is_ready(self, kind: str) -> bool:
        return self.ask(f"run.is_ready({kind!r})") == "True"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "project"
    shutil.copytree(ROOT / "packaging", root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "reviewer").mkdir()
    (root / "reviewer" / "__init__.py").touch()
    (root / "reviewer" / "__main__.py").write_text(SPEAKER)
    return Project(root)
