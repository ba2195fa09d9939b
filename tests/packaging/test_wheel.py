"""The wheel: built from the source archive, put into an empty environment, it runs the app on the sample with what it carries itself."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import reviewer

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("resources", "db")


def _source_files(folder: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def _build(target: str, *, source: Path, into: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = into.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as somebody gets it who has nothing but the source archive."""
    archive = _build("sdist", source=ROOT, into=tmp_path_factory.mktemp("sdist"))
    unpacked = tmp_path_factory.mktemp("source")
    subprocess.run(["tar", "-xzf", archive, "-C", unpacked], check=True)
    (source,) = unpacked.iterdir()
    return _build("wheel", source=source, into=tmp_path_factory.mktemp("wheel"))


def _place(distribution: importlib.metadata.Distribution, *, packages: Path) -> None:
    """Put an installed package into another environment, file by file; hard links where the disk allows: 900 MB would take long."""
    for file in distribution.files or ():
        source = Path(str(distribution.locate_file(file)))
        if ".." in file.parts or not source.is_file():
            continue  # commands in bin/: the app calls none
        target = packages / file
        if target.exists():
            continue  # some packages list a file twice
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """bin/ of an environment that holds the wheel and what requirements.lock names for this Python, and nothing else."""
    environment = tmp_path_factory.mktemp("empty") / "environment"
    venv.EnvBuilder(symlinks=True, with_pip=True).create(environment)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(environment), "platbase": str(environment)}))
    lock = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
    for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, flags=re.MULTILINE):
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system or Python; if it were needed here, pip check below would say so
        _place(distribution, packages=packages)
    for arguments in (["install", "--no-deps", "--no-index", str(wheel)], ["check"]):
        pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", *arguments]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return environment / "bin"


def _run(command: Sequence[str | Path], *, home: Path) -> str:
    """What a command prints, run by somebody new to it: an empty home, no screen, no variable that leads to the source tree."""
    away = ("PYTHONPATH", "PYTHONHOME", "REVIEWER", "XDG_", "VIRTUAL_ENV", "DISPLAY", "WAYLAND", "DBUS", "COV_", "PYTEST")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(away)} | {"HOME": str(home)}
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_resources_and_migrations_travel_in_the_wheel_and_nothing_else_does(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
        licences = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
    expected = {f"reviewer/_shipped/{name}" for folder in SHIPPED for name in _source_files(folder)} | _source_files("reviewer")
    assert inside == expected
    assert len(licences) == 1


def test_the_wheel_names_what_the_project_names(installed: Path, tmp_path: Path) -> None:
    ask = "import importlib.metadata as m, json; print(json.dumps([m.version('reviewer'), m.requires('reviewer')]))"
    version, requires = json.loads(_run([installed / "python", "-c", ask], home=tmp_path))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert version == reviewer.__version__
    extras = [f"{each}; extra == '{name}'" for name, more in project["optional-dependencies"].items() for each in more]
    assert {str(Requirement(each)).lower() for each in requires} == {
        str(Requirement(each)).lower() for each in project["dependencies"] + extras
    }


def test_the_installed_app_makes_the_demo_and_verifies_it(installed: Path, tmp_path: Path) -> None:
    demo = json.loads(_run([installed / "reviewer", "demo", "sample", "--no-open", "--json"], home=tmp_path))
    assert (tmp_path / demo["workspace"]).resolve() == (tmp_path / "sample").resolve()
    assert demo["items"] == 200
    report = json.loads(_run([installed / "reviewer", "--workspace", "sample", "verify", "--json"], home=tmp_path))
    assert (report["ok"], report["items"], report["problems"]) == (True, 200, [])


def test_the_installed_app_reads_what_it_carries_and_not_the_source_tree(installed: Path, tmp_path: Path) -> None:
    ask = "from reviewer.storage import assets; print(assets.resource('sample')); print(assets.migrations())"
    places = [Path(line) for line in _run([installed / "python", "-c", ask], home=tmp_path).splitlines()]
    for place in places:
        assert place.is_dir()
        assert place.is_relative_to(installed.parent)
        assert not place.is_relative_to(ROOT)
