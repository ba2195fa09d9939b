"""The sample from the command line."""

from pathlib import Path

import pytest

from reviewer.cli.line import Window
from tests.cli.conftest import Cli


def test_the_sample_is_made_once_and_then_opened(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "sample"
    said = cli("demo", str(place), "--no-open", "--json")
    assert said.code == 0
    assert said.ending.window is None
    assert said.json["workspace"] == str(place)
    assert said.json["items"] >= 200
    assert said.json["campaigns"] == 1
    again = cli("demo", str(place), "--json")
    assert again.json == said.json
    assert again.ending.window == Window(place, None)
    (campaign,) = cli("campaign", "list", "--json").json["campaigns"]
    assert campaign["remaining"] > 0
    assert cli("next", campaign["campaign"], "--json").json["messages"]


def test_without_a_folder_the_sample_goes_to_the_usual_place(cli: Cli, own_home: Path) -> None:
    assert Path(cli("demo", "--no-open", "--json").json["workspace"]).is_relative_to(own_home)


def test_a_folder_of_other_files_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    cli("demo", str(tmp_path), "--no-open").refused()


def test_another_workspace_is_refused_and_stays_as_it_is(cli: Cli, folder: Path) -> None:
    what, _ = cli("demo", str(folder), "--no-open").refused()
    assert "not the sample" in what
    assert cli("items", "--count", "--json").json["total"] == 12
    assert cli("campaign", "list", "--json").json["campaigns"] == []
