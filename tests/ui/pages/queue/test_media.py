"""Images reach the transcript through the page, and a medium is saved where the person says."""

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.ui.pages.queue.media import file_name
from tests import pairs, worlds
from tests.ui.pages.compare.conftest import Compare
from tests.ui.pages.review.conftest import Review
from tests.ui.transcript.runs import sees_canary


@pytest.mark.parametrize(
    ("name", "media_type", "saved"),
    [
        ("report.pdf", "application/pdf", "report.pdf"),
        ("../../etc/passwd", None, "passwd"),
        ("C:\\windows\\x.exe", None, "x.exe"),
        (".bashrc", "image/png", "abababababab.png"),
        ("a\u202egnp.exe", "image/png", "abababababab.png"),
        (None, "image/webp", "abababababab.webp"),
        ("what?.png", "text/html", "abababababab.bin"),
    ],
)
def test_a_saved_medium_gets_a_harmless_name(name: str | None, media_type: str | None, saved: str) -> None:
    assert file_name(Part(type="file", name=name, media_type=media_type, sha256="ab" * 32)) == saved


def test_an_image_is_drawn_from_the_workspace_and_can_be_saved(review: Review, tmp_path: Path, canary: Path) -> None:
    workspace = worlds.make(tmp_path / "pictured")
    content = canary.read_bytes()
    name = sha256_hex(content)
    workspace.media.keep([(name, content)])
    image = Part(type="image", sha256=name, media_type="image/png", size_bytes=len(content))
    worlds.put_in(workspace, [Item(kind="trajectory", messages=(Message(role="user", content=(image,)),))])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    person = review(workspace)
    person.qtbot.waitUntil(lambda: sees_canary(person.page))
    target = tmp_path / "saved.png"
    _choose_soon(target)
    person.page._bench.pane.view.save_wanted.emit(image)
    person.qtbot.waitUntil(target.exists)
    assert target.read_bytes() == content
    workspace.close()


def test_a_medium_of_a_comparison_can_be_saved_from_prompt_and_outputs(compare: Compare, tmp_path: Path, canary: Path) -> None:
    workspace = pairs.ready(tmp_path / "compared", items=1)
    content = canary.read_bytes()
    name = sha256_hex(content)
    workspace.media.keep([(name, content)])
    image = Part(type="image", sha256=name, media_type="image/png", size_bytes=len(content))
    person = compare(workspace)
    bench = person.page._bench
    for place, pane in enumerate((bench.prompt.pane, bench.panes[0].pane, bench.panes[1].pane)):
        target = tmp_path / f"saved {place}.png"
        _choose_soon(target)
        pane.view.save_wanted.emit(image)
        person.qtbot.waitUntil(target.exists)
        assert target.read_bytes() == content
    workspace.close()


def _choose_soon(target: Path) -> None:
    """Name that file in the dialog that is about to open."""

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText(str(target))
        dialog.accept()

    QTimer.singleShot(300, choose)
