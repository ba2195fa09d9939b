"""Asking a judge: what would be sent, in both themes and in large text."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.domain.items import Item, Message, Part
from reviewer.domain.progress import SILENT
from reviewer.operations import policies
from reviewer.ui.pages.explore.judge_dialog import JudgeDialog
from reviewer.ui.pages.explore.page import ExplorePage
from reviewer.ui.pages.registry import PAGES
from tests import worlds
from tests.golden import images
from tests.ui.conftest import MakeWindow

LONG_MS = 30_000
Start = Callable[[str, int], JudgeDialog]


def run(number: int) -> Item:
    """A run with private details in it."""
    said = (
        ("user", f"Refund booking {number}, please. I am gilda@mail.example, card 4111 1111 1111 1111."),
        ("assistant", "Done: the whole fare goes back to your card."),
    )
    messages = tuple(Message(role=role, content=(Part(type="text", text=text),)) for role, text in said)  # type: ignore[arg-type] # roles
    return Item(kind="trajectory", agent="airline", time=f"2026-05-{number + 1:02}T10:00:00.000Z", messages=messages)


@pytest.mark.parametrize(("look", "size"), [("light", 100), ("dark", 100), ("light", 150)])
def test_what_would_be_sent(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, approve: bool, monkeypatch: pytest.MonkeyPatch, look: str, size: int
) -> None:
    workspace = worlds.make(tmp_path / "Airline refunds")
    worlds.put_in(workspace, [run(n) for n in range(9)])
    policies.add_text(workspace, SILENT, key="airline", content=b"# Airline\n\n## 4.2 Refunds\n\nAsk first.\n", name="airline.md")
    workspace.close()
    window = make_window(folder=tmp_path / "Airline refunds", pages=PAGES)
    window.theme.choose(look)
    window.theme.resize(size)
    window.resize(images.SIZE)
    page = window.go("explore")
    assert isinstance(page, ExplorePage)
    qtbot.waitUntil(lambda: page._listing.looked is not None and page._listing.looked.found == 9, timeout=LONG_MS)
    page.handlers()["explore.ask_judge"]()
    [dialog] = page.findChildren(JudgeDialog)
    qtbot.waitUntil(lambda: dialog._seen is not None, timeout=LONG_MS)
    dialog.first.setPlainText(dialog.first.toPlainText().replace(dialog._seen.preview.first[1].nonce, "5f2c" * 6))  # type: ignore[union-attr,index] # it was just seen
    dialog.switch.setChecked(True)
    images.check(dialog, f"judge-{look if size == 100 else size}", approve=approve, size=dialog.size())
    dialog.reject()
