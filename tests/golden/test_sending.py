"""What would go to Mistral: vectors of a run, the name of a cluster, a data set of Studio's and answers to its records, in both themes."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.formats import mistral_studio as shapes
from reviewer.formats.intake import Options
from reviewer.operations import campaigns, importing
from reviewer.ui.pages.clusters.dialogs import RunDialog
from reviewer.ui.pages.clusters.name_dialog import NameDialog
from reviewer.ui.pages.clusters.page import ClustersPage
from reviewer.ui.pages.clusters.vectors_dialog import VectorsDialog
from reviewer.ui.pages.explore.pull_dialog import PullDialog
from reviewer.ui.pages.explore.push_dialog import PushDialog
from reviewer.ui.pages.registry import PAGES
from tests import worlds
from tests.golden import images
from tests.mapped import run as run
from tests.mistral_studio import record
from tests.ui.conftest import MakeWindow

LONG_MS = 60_000


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with six records of a data set of Studio's, of which three were answered, and an item that came from elsewhere."""
    folder = tmp_path_factory.mktemp("studio")
    workspace = worlds.make(folder / "workspace")
    file = folder / "records.jsonl"
    file.write_text("".join(json.dumps({"object": shapes.RECORD, **record(n)}) + "\n" for n in range(6)))
    importing.import_files(workspace, SILENT, paths=[str(file)], options=Options())
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Refunds of May", query="", seed="s"))
    for place, item in enumerate(worlds.waiting(workspace, campaign="Refunds of May", limit=3)):
        worlds.label(workspace, item, "compliant" if place else "non_compliant", campaign="Refunds of May")
    workspace.close()
    return workspace.folder


@pytest.mark.parametrize("look", ["light", "dark"])
def test_vectors_and_a_name(qtbot: QtBot, make_window: MakeWindow, run: Path, approve: bool, look: str) -> None:
    window = make_window(folder=run, pages=PAGES)
    window.theme.choose(look)
    window.resize(images.SIZE)
    page = window.go("clusters")
    assert isinstance(page, ClustersPage)
    qtbot.waitUntil(lambda: page.cluster is not None, timeout=LONG_MS)
    page.handlers()["clusters.run"]()
    [asked] = page.findChildren(RunDialog)
    qtbot.waitUntil(lambda: asked.campaign.count() == 2, timeout=LONG_MS)
    asked.reader.setCurrentIndex(1)
    images.check(asked, f"run-by-mistral-{look}", approve=approve, size=asked.size())
    assert asked.main is not None
    asked.main.click()
    [vectors] = page.findChildren(VectorsDialog)
    qtbot.waitUntil(lambda: vectors._seen is not None, timeout=LONG_MS)
    images.check(vectors, f"vectors-{look}", approve=approve, size=vectors.size())
    vectors.reject()
    page.handlers()["clusters.ask_name"]()
    [named] = page.findChildren(NameDialog)
    qtbot.waitUntil(lambda: named._seen is not None, timeout=LONG_MS)
    named.first.setPlainText(named.first.toPlainText().replace(named._seen.preview.question.nonce, "5f2c" * 6))  # type: ignore[union-attr] # just seen
    images.check(named, f"cluster-name-{look}", approve=approve, size=named.size())
    named.reject()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_studio_both_ways(qtbot: QtBot, make_window: MakeWindow, studio: Path, approve: bool, look: str) -> None:
    window = make_window(folder=studio, pages=PAGES)
    window.theme.choose(look)
    window.resize(images.SIZE)
    page = window.go("explore")
    page.handlers()["explore.pull"]()
    [pulled] = page.findChildren(PullDialog)
    pulled.slug.setText("refunds-of-may")
    qtbot.waitUntil(lambda: "refunds-of-may" in pulled.summary.text(), timeout=LONG_MS)
    images.check(pulled, f"studio-in-{look}", approve=approve, size=pulled.size())
    pulled.reject()
    page.handlers()["explore.push"]()
    [pushed] = page.findChildren(PushDialog)
    qtbot.waitUntil(lambda: pushed._seen is not None, timeout=LONG_MS)
    images.check(pushed, f"studio-back-{look}", approve=approve, size=pushed.size())
    pushed.reject()
