"""Earlier runs by keys: going through them, what came and went, and showing one."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from reviewer.operations.cluster_history import Compared, Match, Runs
from reviewer.operations.cluster_records import Cluster, Clustering
from reviewer.ui.pages.clusters import runs_words
from reviewer.ui.pages.clusters.runs_dialog import RunsDialog
from reviewer.ui.widgets.words import PlainLabel
from tests import mapped
from tests.ui import accessibility
from tests.ui.pages.clusters.conftest import Look, Looking


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an earlier run, in which something else is flagged, and without the items of one cluster; tests only look at it."""
    made = mapped.mapped(tmp_path_factory.mktemp("runs") / "workspace", earlier="hotel")
    made.workspace.close()
    return made.workspace.folder


def _opened(person: Looking) -> RunsDialog:
    person.press(Qt.Key.Key_E)
    dialog = person.dialog(RunsDialog)
    person.wait(lambda: "are in both" in dialog.said)
    return dialog


def _headed(dialog: RunsDialog) -> list[str]:
    return [label.text() for label in dialog.area.findChildren(PlainLabel) if label.property("role") == "label"]


def test_an_earlier_run_is_chosen_by_keys_shown_and_left_again(looking: Look, two: Path) -> None:
    person = looking(two)
    page = person.page
    dialog = _opened(person)
    assert dialog.runs.hasFocus()
    assert [row.words for row in dialog.runs.rows] == [
        "21 Sep 2026, 14:13 UTC, of Travel – shown",
        "14 Sep 2026, 14:13 UTC, of Travel",
    ]
    assert dialog.runs.rows[1].note == (
        "200 items, 5 clusters, 1 flagged; 5% false alarms, scan statistic, 999 permutations, seed s, wordllama-l2-256"
    )
    assert dialog.said == "From the older run to the newer: of their items 40 came, none went, 200 are in both."
    assert _headed(dialog) == ["Newly flagged", "No longer flagged", "Flagged in both: none"]
    assert accessibility.nameless(dialog) == []
    assert accessibility.out_of_reach(dialog) == []
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_Return)
    person.wait(lambda: page.overview is not None and page.overview.run.run == "0lder")
    assert page._header.words == (
        "200 items, 5 clusters, ▲ 1 flagged at 5% false-alarm rate, earlier run of 14 Sep 2026, 14:13 UTC, of Travel"
    )
    assert page.cluster is not None
    assert (page.cluster.name, page.cluster.flagged) == ("hotel · ask · book", True)
    assert page.map.points is not None
    assert len(page.map.points.seen.ids) == 200
    assert page.map.hasFocus()
    again = _opened(person)
    assert again.runs.key == "0lder"
    person.press(Qt.Key.Key_Up)
    person.press(Qt.Key.Key_Return)
    person.wait(lambda: page.overview is not None and page.overview.newest)
    assert page._run == ""


def test_the_button_opens_the_same_list_and_escape_leaves_the_page_as_it_was(looking: Look, two: Path) -> None:
    person = looking(two)
    person.page.side.runs.click()
    dialog = person.dialog(RunsDialog)
    person.wait(lambda: dialog.main is not None and dialog.main.isEnabled())
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_Escape)
    person.wait(lambda: not person.window.findChildren(RunsDialog))
    assert person.page.overview is not None
    assert person.page.overview.newest
    person.press(Qt.Key.Key_D)
    assert not person.can("runs")
    person.wait(lambda: person.page.drift.found is not None)


def test_a_single_run_has_nothing_to_compare_with_and_without_one_there_is_no_list(looking: Look, run: Path) -> None:
    person = looking(run)
    person.press(Qt.Key.Key_E)
    dialog = person.dialog(RunsDialog)
    person.wait(lambda: dialog.said == runs_words.ALONE)
    assert not dialog.compared.isEnabled()
    assert len(dialog.runs.rows) == 1


def _run(**more: object) -> Clustering:
    usual = {
        "run": "r", "made_ms": 0, "query": "", "campaign": None, "campaigns": (), "items": 3, "left_out": 0, "reviewed": 2,
        "non_compliant": 1, "hidden": 0, "embedder": "e", "seed": "s", "alpha": 0.05, "within": None, "replications": 999, "notes": (),
        "clusters": (),
    }  # fmt: skip
    return Clustering(**{**usual, **more})  # type: ignore[arg-type] # what a test changes


def _cluster(name: str, **more: object) -> Cluster:
    usual = {
        "id": "0" * 64,
        "name": name,
        "size": 9,
        "reviewed": 5,
        "non_compliant": 3,
        "expected": 1.2,
        "rate": 0.6,
        "low": 0.2,
        "high": 0.9,
    }
    return Cluster(**{**usual, **more})  # type: ignore[arg-type] # what a test changes


def test_what_came_and_went_is_said_with_what_stands_in_its_place_and_text_from_outside_as_text() -> None:
    bad, calm = _cluster("<b>abroad</b>", p_value=0.001, flagged=True), _cluster("hotels", id="1" * 64, p_value=0.4)
    found = Compared(_run(), _run(), 1, 0, 3, (Match(bad, bad, 1.0),), (Match(bad, None, 0.0),), (Match(bad, calm, 0.625),))
    assert runs_words.items(found) == "From the older run to the newer: of their items 1 came, none went, 3 are in both."
    (newly, [alone]), (gone, [before]), (both, [stayed]) = runs_words.sections(found)
    assert (newly, gone, both) == ("Newly flagged", "No longer flagged", "Flagged in both")
    counts = "9 items, 5 reviewed: 3 non-compliant where 1.2 were expected. 60% (20 to 90)."
    assert alone == ("<b>abroad</b>", f"{counts} p = 0.001", "Before: none of its items were there.")
    assert before.there == f"Now: “hotels”, 62% the same items. {counts} p = 0.400"
    assert stayed.there.startswith("Before: the same items. 9 items, 5 reviewed")


def test_settings_that_differ_from_the_usual_ones_and_hidden_runs_are_said() -> None:
    counted = _run(statistic="poisson", within="model", alpha=0.1)
    assert runs_words.settings(counted) == "10% false alarms, Poisson scan statistic, 999 permutations within model, seed s, e"
    assert runs_words.found(counted) == "3 items, 0 clusters, none flagged"
    assert runs_words.hidden(Runs((), 2)) == "2 runs of others are hidden from you until you have labelled your items."
    assert runs_words.hidden(Runs((), 0)) == ""
