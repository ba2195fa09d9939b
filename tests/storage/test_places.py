"""Which workspace is meant."""

from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound
from reviewer.storage import places
from reviewer.storage.folders import DATABASE, default_workspace


def _workspace(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / DATABASE).touch()
    return folder


def test_the_nearest_naming_wins(tmp_path: Path) -> None:
    named, environment, last = (str(_workspace(tmp_path / name)) for name in ("named", "environment", "last"))
    assert places.meant(named=named, environment=environment, last=last) == Path(named)
    assert places.meant(named=None, environment=environment, last=last) == Path(environment)
    assert places.meant(named=None, environment="", last=last) == Path(last)
    assert places.meant(named=None, environment=None, last=None) is None
    usual = _workspace(default_workspace())
    assert places.meant(named=None, environment=None, last=None) == usual
    assert places.meant(named=None, environment=None, last=str(tmp_path / "gone")) == usual


def test_what_is_named_must_be_a_workspace(tmp_path: Path) -> None:
    for wrong in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NotFound):
            places.meant(named=str(wrong), environment=None, last=None)
        with pytest.raises(NotFound):
            places.meant(named=None, environment=str(wrong), last=None)
