"""The settings file of this person on this machine: JSON in the configuration folder, written whole or not at all."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from reviewer.domain.errors import NotSaved
from reviewer.storage.folders import config_folder, write_durably


def file() -> Path:
    """Where settings lie: `settings.json` in $REVIEWER_CONFIG, else in the configuration folder of the system. It need not be there."""
    return config_folder().expanduser() / "settings.json"


def read() -> dict[str, object]:
    """All values by key. A file that cannot be read counts as empty and is kept aside as `settings.damaged.json`."""
    place = file()
    try:
        values = json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        values = None
    if isinstance(values, dict):
        return values
    try:
        os.replace(place, place.with_name("settings.damaged.json"))
    except OSError:  # a folder that cannot be written: the defaults serve, and the file stays as it is
        return {}
    return {}


def update(changes: Mapping[str, object]) -> None:
    """Put values in and leave the others as they are on disk now: another window or command may have written meanwhile.

    Raises NotSaved when the disk does not take it; then the file is as it was.
    """
    place = file()
    values = {**read(), **changes}
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_durably(place, (json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode())
    except OSError as error:
        raise NotSaved(
            f"The settings could not be written to {place}: {error.strerror or 'the disk refused'}.",
            "Make the folder writable, or point $REVIEWER_CONFIG at one that is; nothing else is affected.",
            "E103",
        ) from error


class Pending:
    """Values on their way to the file, for threads that write at once: what was put later is what the file says in the end."""

    def __init__(self) -> None:
        self._values: dict[str, object] = {}
        self._taking, self._writing = Lock(), Lock()

    def put(self, changes: Mapping[str, object]) -> None:
        """Take values; `write` brings them to the file."""
        with self._taking:
            self._values.update(changes)

    def write(self) -> None:
        """Write all that was put and is not written yet. Raises NotSaved as `update` does."""
        with self._writing:
            with self._taking:
                values, self._values = self._values, {}
            if values:
                update(values)
