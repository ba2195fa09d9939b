"""A setting carries its type; what it does not accept never gets in, by hand or by file."""

import pytest

from reviewer.catalogue import settings
from reviewer.catalogue.settings import BATCH, RECENT_WORKSPACES, TEXT_SIZE, THEME, Settings
from reviewer.domain.errors import Refused


def test_a_setting_that_was_never_put_in_has_its_default() -> None:
    assert Settings()[BATCH] == 50


def test_what_was_put_in_is_in_force_and_is_told_once() -> None:
    values = Settings({"theme": "dark"})
    values.put(BATCH, 80)
    assert (values[THEME], values[BATCH]) == ("dark", 80)
    assert values.take_moved() == {"queue.batch": 80}
    assert values.take_moved() == {}


@pytest.mark.parametrize(
    ("key", "value"), [("queue.batch", 0), ("queue.batch", True), ("queue.batch", "50"), ("queue.batch", 501), ("queue.batch", None)]
)
def test_a_file_with_an_impossible_value_counts_as_the_default(key: str, value: object) -> None:
    assert Settings({key: value})[BATCH] == 50


def test_an_impossible_value_is_refused_with_what_would_do() -> None:
    values = Settings()
    with pytest.raises(Refused, match="“300” is no value for “Text size”") as refused:
        values.put(TEXT_SIZE, 300)
    assert refused.value.hint == "Choose a whole number from 100 to 200."
    assert values.take_moved() == {}


def test_what_was_opened_before_must_name_folders() -> None:
    assert Settings({"workspace.recent": [{"name": "x"}, 3]})[RECENT_WORKSPACES] == []
    assert Settings({"workspace.recent": [{"folder": "/x"}]})[RECENT_WORKSPACES] == [{"folder": "/x"}]


def test_every_setting_accepts_its_own_default_and_has_a_key_of_its_own() -> None:
    assert len({setting.key for setting in settings.ALL}) == len(settings.ALL)
    for setting in settings.ALL:
        assert setting.accepts(setting.default), setting.key
        assert setting.text.endswith("."), setting.key


def test_every_setting_of_the_module_is_listed() -> None:
    declared = [value for value in vars(settings).values() if isinstance(value, settings.Setting)]
    assert {id(setting) for setting in declared} == {id(setting) for setting in settings.ALL}
