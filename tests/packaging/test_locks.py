"""The two locks: hashes for all, addresses for none, and all that pyproject.toml asks for, on every Python that it allows."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {"run": ROOT / "packaging" / "requirements.lock", "test": ROOT / "packaging" / "requirements-dev.lock"}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = ("linux", "darwin", "win32")


def _entries(lock: Path) -> list[str]:
    """One entry a package, with its hashes, comments left out."""
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    return "\n".join(lines).replace("\\\n", " ").splitlines()


def _pins(lock: Path, python: str, platform: str = "linux") -> dict[str, str]:
    """Name → version of what the lock installs on one Python and platform."""
    wanted = [Requirement(entry.partition("--hash")[0]) for entry in _entries(lock)]
    where = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform}
    return {
        canonicalize_name(each.name): str(each.specifier).removeprefix("==")
        for each in wanted
        if each.marker is None or each.marker.evaluate(where)
    }


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_every_entry_is_one_exact_version_with_hashes_and_no_address(lock: Path) -> None:
    entries = _entries(lock)
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==[^\s;]+ .*--hash=sha256:[0-9a-f]{64}", entry), entry
    assert "://" not in lock.read_text(encoding="utf-8")


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_holds_all_that_the_project_asks_for(python: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {"run": project["project"]["dependencies"]}
    asked["test"] = asked["run"] + project["dependency-groups"]["dev"]
    for kind, lock in LOCKS.items():
        for platform in PLATFORMS:
            pins = _pins(lock, python, platform)
            for each in map(Requirement, asked[kind]):
                if each.marker is None or each.marker.evaluate({"python_version": python, "sys_platform": platform}):
                    assert each.specifier.contains(pins[canonicalize_name(each.name)]), f"{each} in {lock.name}"


@pytest.mark.parametrize("python", PYTHONS)
def test_the_tests_run_on_the_versions_that_the_app_runs_on(python: str) -> None:
    assert _pins(LOCKS["run"], python).items() <= _pins(LOCKS["test"], python).items()
