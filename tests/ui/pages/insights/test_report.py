"""The oversight report from the Insights page: by a key, to a file that a person chooses, off the UI thread, with what came of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from reviewer.ui.pages.insights import report
from tests import opinions
from tests.ui.pages.insights.conftest import Look, Looking
from tests.ui.pages.person import CTRL


@pytest.fixture
def labelled(tmp_path: Path) -> Iterator[opinions.Labelled]:
    """A campaign that three people labelled; Ada looks."""
    made = opinions.labelled(tmp_path / "workspace")
    yield made
    made.workspace.close()


def choosing(monkeypatch: pytest.MonkeyPatch, path: str, kind: str = "PDF (*.pdf)") -> list[str]:
    """The system's dialog answers with a file. Returns what it was offered."""
    offered: list[str] = []

    def answer(_parent: object, _title: str, usual: str, _kinds: str) -> tuple[str, str]:
        offered.append(Path(usual).name)
        return path, kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return offered


def press(person: Looking) -> None:
    """The key of the report, once it may be pressed."""
    person.wait(lambda: person.page.found is not None)
    person.press(Qt.Key.Key_P, CTRL)


def banners(person: Looking) -> list[str]:
    """What the banners say."""
    return [banner.accessibleName() for banner in person.window.messages.banners()]


@pytest.mark.parametrize(
    ("name", "kind", "written"), [("r.pdf", "", "r.pdf"), ("r", "Web page (*.html)", "r.html"), ("r", "PDF (*.pdf)", "r.pdf")]
)
def test_a_key_writes_the_record_where_the_person_says(
    looking: Look, labelled: opinions.Labelled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str, written: str
) -> None:
    person = looking(labelled.workspace.folder)
    offered = choosing(monkeypatch, str(tmp_path / name), kind)
    press(person)
    person.wait(lambda: (tmp_path / written).exists() and any("is written" in said for said in banners(person)))
    assert offered == ["Oversight record Airline refunds, week 47.pdf"]
    assert (tmp_path / written).read_bytes()[:5] in (b"%PDF-", b"<!DOC")


def test_who_chooses_no_file_gets_none(looking: Look, labelled: opinions.Labelled, monkeypatch: pytest.MonkeyPatch) -> None:
    person = looking(labelled.workspace.folder)
    offered = choosing(monkeypatch, "")
    press(person)
    assert len(offered) == 1
    assert banners(person) == []


def test_what_cannot_be_written_is_said_in_a_banner(
    looking: Look, labelled: opinions.Labelled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = looking(labelled.workspace.folder)
    choosing(monkeypatch, str(tmp_path / "record.docx"))
    press(person)
    person.wait(lambda: any("does not end in .pdf or .html" in said for said in banners(person)))


@pytest.mark.parametrize(
    ("campaign", "name"),
    [
        ("refunds", "Oversight record refunds"),
        ("a/b\\c:*?", "Oversight record a-b-c---"),
        ("..", "Oversight record"),
        ("\u202ex", "Oversight record -x"),
    ],
)
def test_the_file_that_is_offered_has_a_name_that_every_system_takes(campaign: str, name: str) -> None:
    assert report.file_name(campaign) == name
