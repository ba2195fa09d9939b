"""Clauses in a narrow list can still be told apart."""

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from reviewer.ui.pages.policies.lists import fitting


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
def test_keys_that_begin_alike_keep_their_ends_where_they_do_not_fit(qapp: QApplication, share: float) -> None:
    metrics = QFontMetrics(qapp.font())
    rows = [f"airline-agent-policy.{n} You should only make one call" for n in (1, 2, 12)]
    width = round(metrics.horizontalAdvance("airline-agent-policy.12") * share)
    told = [fitting(metrics, row, width) for row in rows]
    assert len(set(told)) == 3
    assert [one.endswith(f".{n}") for one, n in zip(told, (1, 2, 12), strict=True)] == [True] * 3
    assert max(map(metrics.horizontalAdvance, told)) <= width


def test_words_end_in_dots_where_the_key_fits(qapp: QApplication) -> None:
    metrics = QFontMetrics(qapp.font())
    words = "4.2 Cancel flight"
    assert fitting(metrics, words, metrics.horizontalAdvance(words) + 2) == words
    short = fitting(metrics, words, metrics.horizontalAdvance("4.2 Cance…"))
    assert short.startswith("4.2 Ca")
    assert short.endswith("…")
