"""A medium of the item that is shown is saved where the person says, under the name that its source gave it."""

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.items import Item, Message, Part
from tests import worlds
from tests.ui.pages.explore.conftest import Explore


def test_a_medium_is_saved_under_the_name_that_its_source_gave_it(explore: Explore, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "heard")
    content = b"sound"
    name = sha256_hex(content)
    workspace.media.keep([(name, content)])
    call = Part(type="audio", sha256=name, media_type="audio/mpeg", name="call.mp3", size_bytes=len(content))
    worlds.put_in(workspace, [Item(kind="trajectory", messages=(Message(role="user", content=(call,)),))])
    person = explore(workspace)
    target = tmp_path / "saved.mp3"
    offered: list[str] = []
    said: list[str] = []
    person.page.said.connect(said.append)

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        field = dialog.findChild(QLineEdit)
        assert field is not None
        offered.append(Path(field.text()).name)
        field.setText(str(target))
        dialog.accept()

    QTimer.singleShot(300, choose)
    person.preview.pane.view.save_wanted.emit(call)
    person.wait(lambda: "Saved saved.mp3" in said)
    assert (offered, target.read_bytes()) == (["call.mp3"], content)
    workspace.close()
