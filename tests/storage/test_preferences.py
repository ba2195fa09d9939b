"""The settings file is written whole or not at all, and never makes the program stop."""

import json
import os
import threading
import time
from collections.abc import Mapping

import pytest

from reviewer.domain.errors import NotSaved
from reviewer.storage import preferences


def test_without_a_file_there_are_no_values() -> None:
    assert preferences.read() == {}


def test_what_was_written_is_read_again_and_other_values_stay() -> None:
    preferences.update({"theme": "dark", "from.a.newer.version": [1, 2]})
    preferences.update({"theme": "light"})
    assert preferences.read() == {"theme": "light", "from.a.newer.version": [1, 2]}
    assert [path.name for path in preferences.file().parent.iterdir()] == ["settings.json"]


def test_of_many_values_written_by_several_threads_the_last_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    pending, begun = preferences.Pending(), threading.Event()
    update = preferences.update

    def slow(changes: Mapping[str, object]) -> None:
        begun.set()
        time.sleep(0.05)  # the first is still being written when the others come
        update(changes)

    monkeypatch.setattr(preferences, "update", slow)
    threads = [threading.Thread(target=pending.write) for _ in range(3)]
    for number, thread in enumerate(threads):
        pending.put({"size": number, f"other{number}": True})
        thread.start()
        assert begun.wait(5)
    for thread in threads:
        thread.join()
    assert preferences.read() == {"size": 2, "other0": True, "other1": True, "other2": True}


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\xff\xfe", b""])
def test_a_damaged_file_is_kept_aside_and_counts_as_empty(content: bytes) -> None:
    place = preferences.file()
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    assert preferences.read() == {}
    assert place.with_name("settings.damaged.json").read_bytes() == content
    preferences.update({"theme": "dark"})
    assert json.loads(place.read_text()) == {"theme": "dark"}


def test_a_disk_that_refuses_says_so_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    preferences.update({"theme": "dark"})

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(NotSaved, match="No space left on device"):
            preferences.update({"theme": "light"})
    assert preferences.read() == {"theme": "dark"}


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]) -> None:
    monkeypatch.setenv("REVIEWER_CONFIG", str(tmp_path))
    preferences.update({"theme": "dark"})
    assert (preferences.file().parent, preferences.read()) == (tmp_path, {"theme": "dark"})
