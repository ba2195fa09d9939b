"""Reports of bugs: versions and lines of our code, never a message or a value, which could quote an item."""

import platform
import traceback
from datetime import UTC, datetime
from pathlib import Path

from reviewer import __version__
from reviewer.storage.folders import config_folder


class Elsewhere(Exception):
    """A bug that a process of ours met. report: what `text` says of it there."""

    def __init__(self, report: str) -> None:
        super().__init__("a process of its own met a bug")
        self.report = report


def text(error: BaseException, *, versions: str = "") -> str:
    """What happened where. versions: of further parts, such as `Qt 6.11`."""
    also = f", {versions}" if versions else ""
    lines = [
        "A fault of Reviewer. This file holds no content of items.",
        f"when: {datetime.now(UTC).isoformat(timespec='seconds')}",
        f"reviewer {__version__}, Python {platform.python_version()}{also}, {platform.platform()}",
    ]
    link: BaseException | None = error
    while link is not None:
        lines.append(f"\n{type(link).__module__}.{type(link).__qualname__}")
        frames = traceback.extract_tb(link.__traceback__)
        lines.extend(f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}: {frame.line}" for frame in frames)
        if isinstance(link, Elsewhere):
            lines += ["", link.report]
        link = link.__cause__ or link.__context__
    return "\n".join(lines) + "\n"


def save(error: BaseException, *, versions: str = "") -> Path | None:
    """Write the report beside the settings. None if the disk does not take it: then only the message tells of it."""
    folder = config_folder().expanduser() / "faults"
    place = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place.write_text(text(error, versions=versions), encoding="utf-8")
    except OSError:
        return None
    return place


def _short(filename: str) -> str:
    parts = Path(filename).parts
    for root in ("reviewer", "site-packages"):
        if root in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(root) :])
    return parts[-1] if parts else filename
