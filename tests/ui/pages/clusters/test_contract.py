"""The page with one item left, with ten thousand and a hundred clusters, with the longest and the worst names; and for who is no lead."""

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reviewer.operations.cluster_overview import ItemMap, Overview, Standing
from reviewer.operations.cluster_records import Cluster, Clustering
from reviewer.ui.pages.clusters import words
from reviewer.ui.pages.clusters.map_view import MapView
from reviewer.ui.pages.clusters.side import Side
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.words import PlainLabel

WORST = '<img src="file:///etc/passwd">\u202e' + "w" * 300


def _overview(items: int, clusters: int, name: str = "some words") -> Overview:
    rng = np.random.default_rng(3)
    code = np.arange(items) % clusters
    told = tuple(
        Cluster(
            id=f"{place:064x}", name=name, size=int((code == place).sum()), reviewed=4, non_compliant=1, expected=0.5, rate=0.25, low=0.1,
            high=0.6, p_value=0.01, flagged=place < 3,
        )
        for place in range(clusters)
    )  # fmt: skip
    run = Clustering(
        run="r", made_ms=0, query="", campaign=None, campaigns=(), items=items, left_out=0, reviewed=4 * clusters, non_compliant=clusters,
        hidden=0, embedder="e", seed="s", alpha=0.05, within=None, replications=999, notes=("Grouped by hand.",), clusters=told,
    )  # fmt: skip
    none = np.zeros(items, np.int64)
    ids = np.sort(np.frombuffer(rng.bytes(32 * items), "S32"))
    points = rng.normal(size=(items, 2)).astype(np.float32)
    seen = ItemMap(ids, points, code, np.zeros(items, np.uint8), none > 0, none, (), "No item here names its model.", none - 1, ())
    return Overview(run, True, 0, seen, 4 * clusters, {one.id: name for one in told}, {}, True, True, True)


def _shown(qtbot: QtBot, theme: Theme, found: Overview) -> tuple[Side, MapView]:
    side, view = Side(), MapView(theme)
    for part in (side, view):
        qtbot.addWidget(part)
        part.resize(400, 700)
        part.show()
    assert found.map is not None
    side.show_run(found, 0, words.notes(Standing(found, 9, 16, 0, "", 0), found))
    view.show_map(found.map, found.run.clusters)
    view.choose_cluster(0)
    return side, view


@pytest.mark.parametrize(("items", "clusters"), [(1, 1), (3, 3), (10_000, 100)])
def test_any_number_of_items_and_clusters_is_shown_in_any_colour(qtbot: QtBot, theme: Theme, items: int, clusters: int) -> None:
    side, view = _shown(qtbot, theme, _overview(items, clusters))
    for mode in ("verdict", "model", "time", "cluster"):
        view.colour_by(mode)
        assert view.points is not None
        assert sorted(np.concatenate([group.places for group in view.points.groups]).tolist()) == list(range(items))
        assert not view.grab().isNull()
    assert len(side.buttons) == min(clusters, 60)
    assert side._more.isVisible() == (clusters > 60)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
        qtbot.keyClick(view, key)
    assert view.item


def test_names_from_outside_are_shown_as_they_are_and_take_no_more_room_than_there_is(qtbot: QtBot, theme: Theme) -> None:
    side, view = _shown(qtbot, theme, _overview(30, 4, WORST))
    labels = [label for label in side.findChildren(PlainLabel) if "img" in label.text()]
    assert len(labels) >= 4 + 3 + 1
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    assert not any("\u202e" in label.text() for label in labels)
    assert all(button.width() <= side.width() for button in side.buttons)
    assert not view.grab().isNull()


def test_who_may_not_ask_for_labels_is_told_who_does_and_what_is_hidden_is_said() -> None:
    found = _overview(30, 2)._replace(may_queue=False)
    said = words.notes(Standing(found, 30, 16, 0, "What was found is hidden from you.", 0), found)
    assert (
        said
        == "Grouped by hand. A newer run of somebody else is not shown: What was found is hidden from you. A lead asks for fresh labels."
    )
    late = found._replace(run=msgspec.structs.replace(found.run, campaign="C", query="agent:x"), reviewed=found.reviewed + 2)
    assert words.since(late, "1 May 2026, 10:00") == "of C: agent:x; 2 answers came in since, N looks again"
    assert (
        words.since(late._replace(newest=False), "1 May 2026, 10:00")
        == "earlier run of 1 May 2026, 10:00, of C: agent:x; 2 answers came in since, N looks again"
    )
