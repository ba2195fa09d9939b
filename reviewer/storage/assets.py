"""Where resources/ and db/ lie: beside the source, inside a wheel, or inside a frozen program. Nothing else knows."""

import sys
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def resource(*parts: str) -> Path:
    """A file or folder below resources/."""
    return _shipped("resources").joinpath(*parts)


def migrations() -> Path:
    """The folder db/, with Alembic's env.py and versions/."""
    return _shipped("db")


def revisions() -> list[str]:
    """The revisions of the tables that this program knows, oldest first: the numbers that the files in db/versions begin with."""
    found = sorted(path.name.split("_")[0] for path in (migrations() / "versions").glob("[0-9]*_*.py"))
    if not found:
        raise FileNotFoundError("db/versions holds no revision")
    return found


@cache
def _shipped(name: str) -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    places = [_PACKAGE / "_shipped" / name, _PACKAGE.parent / name]
    if frozen is not None:
        places.insert(0, Path(frozen) / name)
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"{name} is not where this program was installed: {places}")
