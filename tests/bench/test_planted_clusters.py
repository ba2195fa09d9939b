"""The planted clusters in their short form: few worlds, always the same, and limits that chance keeps to."""

import pytest

from tests.bench.planted_clusters import SETTINGS, Setting, measured

WORLDS = 8


@pytest.mark.parametrize(
    ("setting", "low", "high"),
    [(SETTINGS[0], 2, 8), (SETTINGS[1], 3, 8), (SETTINGS[2], 6, 8), (SETTINGS[3], 0, 1), (SETTINGS[4], 0, 1)],
    ids=[setting.name for setting in SETTINGS],
)
def test_what_is_planted_is_found_and_what_is_not_is_not(setting: Setting, low: int, high: int) -> None:
    found = measured(setting, WORLDS, seed=20_260_110)
    assert low <= (found.hits if setting.planted else found.flags) <= high


@pytest.mark.long
@pytest.mark.parametrize("setting", SETTINGS, ids=[setting.name for setting in SETTINGS])
def test_the_full_form_keeps_to_what_is_wanted(setting: Setting) -> None:
    from tests.bench.planted_clusters import keeps

    found = measured(setting, 1_000, seed=20_261_129)
    assert keeps(setting, found)[0], found
