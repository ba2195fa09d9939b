"""Making, opening and finding workspaces."""

from pathlib import Path

import pytest

from reviewer.domain.changes import Changes
from reviewer.domain.errors import NotFound
from reviewer.operations import workspaces
from reviewer.storage.folders import default_workspace


def test_a_workspace_is_made_and_opened(tmp_path: Path) -> None:
    outcome = workspaces.create_workspace(tmp_path / "w", member="Ada")
    assert outcome.changes is Changes.ALL
    outcome.value.close()
    opened = workspaces.open_workspace(tmp_path / "w").value
    assert opened.me.name == "Ada"
    opened.close()


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    made = {}
    for name in ("named", "environment", "last"):
        workspaces.create_workspace(tmp_path / name, member="Ada").value.close()
        made[name] = tmp_path / name
    workspaces.create_workspace(default_workspace(), member="Ada").value.close()
    return made


def test_the_one_named_comes_first_then_the_environment_then_the_last_then_the_users_own(folders: dict[str, Path]) -> None:
    places = {name: str(path) for name, path in folders.items()}
    find = workspaces.find_workspace
    assert find(named=places["named"], environment=places["environment"], last=places["last"]) == folders["named"]
    assert find(named=None, environment=places["environment"], last=places["last"]) == folders["environment"]
    assert find(named=None, environment=None, last=places["last"]) == folders["last"]
    assert find(named=None, environment=None, last=None) == default_workspace()
    assert find(named=None, environment="", last="/nowhere") == default_workspace()


def test_a_place_that_was_named_and_is_none_is_not_passed_over(folders: dict[str, Path], tmp_path: Path) -> None:
    for asked in ({"named": str(tmp_path), "environment": None}, {"named": None, "environment": str(tmp_path)}):
        with pytest.raises(NotFound, match="not a workspace"):
            workspaces.find_workspace(last=str(folders["last"]), **asked)


def test_where_there_is_none_the_ways_in_are_named() -> None:
    with pytest.raises(NotFound) as error:
        workspaces.find_workspace(named=None, environment=None, last=None)
    assert "reviewer init" in error.value.hint
    assert "reviewer demo" in error.value.hint
