"""Text from outside is text: no widget of ours loads a file for it, and no bare Qt class is used with data."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

import reviewer.ui
from reviewer.catalogue.actions import Action
from reviewer.ui.messages import Messages
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.ask import Question
from reviewer.ui.widgets.buttons import KeyButton
from reviewer.ui.widgets.caps import Chip, KeyCap, Pill
from reviewer.ui.widgets.cards import ChoiceCard
from reviewer.ui.widgets.choices import Segment, SegmentedControl, VerdictButton
from reviewer.ui.widgets.empty import EmptyState
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import Headline, OneLine, plain_label, plain_tooltip

CANARY = QColor(255, 0, 255)
Make = Callable[[str, Theme], QWidget]


def _messages(text: str, theme: Theme) -> QWidget:
    messages = Messages(theme)
    messages.note(text, text, button=text, act=lambda: None)
    return messages


def _bare(text: str, _theme: Theme) -> QWidget:
    return QLabel(text)


WIDGETS: dict[str, Make] = {
    "label": lambda text, _theme: plain_label(text),
    "wrapped label": lambda text, _theme: plain_label(text, wrap=True, selectable=True),
    "headline": lambda text, _theme: Headline(text),
    "one line": lambda text, _theme: OneLine(text),
    "paragraph": lambda text, _theme: Paragraph(text),
    "cap": lambda text, _theme: KeyCap(text),
    "pill": lambda text, _theme: Pill(text),
    "chip": lambda text, _theme: Chip(text),
    "card": lambda text, _theme: ChoiceCard(text, text, text),
    "verdict": lambda text, _theme: VerdictButton(text, text),
    "segments": lambda text, _theme: SegmentedControl(text, [Segment("a", text, text)]),
    "key button": lambda text, _theme: KeyButton(Action("a.b", text, text)),
    "empty": lambda text, _theme: EmptyState(text, text, text),
    "question": lambda text, _theme: Question(None, text, text, yes=text, no=text),
    "messages": _messages,
}


@pytest.fixture
def canary(tmp_path: Path) -> str:
    """Markup that would draw a magenta picture from the disk."""
    picture = QImage(40, 40, QImage.Format.Format_RGB32)
    picture.fill(CANARY)
    file = tmp_path / "canary.png"
    assert picture.save(str(file))
    return f'<img src="{file.as_uri()}"><img src="{file}">'


def _drawn(qtbot: QtBot, widget: QWidget) -> set[int]:
    qtbot.addWidget(widget)
    widget.resize(700, 400)
    with qtbot.waitExposed(widget):
        widget.show()
    image = widget.grab().toImage()
    return {image.pixel(x, y) & 0xFFFFFF for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


@pytest.mark.parametrize("make", WIDGETS.values(), ids=WIDGETS.keys())
def test_no_widget_draws_a_picture_that_its_text_names(qtbot: QtBot, theme: Theme, canary: str, make: Make) -> None:
    assert CANARY.rgb() & 0xFFFFFF not in _drawn(qtbot, make(canary, theme))


def test_a_bare_label_would_draw_it(qtbot: QtBot, theme: Theme, canary: str) -> None:
    assert CANARY.rgb() & 0xFFFFFF in _drawn(qtbot, _bare(canary, theme))


def test_a_tooltip_shows_its_text_as_it_is(qtbot: QtBot) -> None:
    widget, action = QWidget(), QAction("x")
    qtbot.addWidget(widget)
    for target in (widget, action):
        plain_tooltip(target, '<img src="file:///x"> & more')
        assert target.toolTip() == "<span>&lt;img src=&quot;file:///x&quot;&gt; &amp; more</span>"
    plain_tooltip(widget, "")
    assert widget.toolTip() == ""


ALLOWED = {
    "widgets/words.py": {"QLabel", "setToolTip"},  # the one place
    "messages.py": {"QLabel"},  # an icon, PlainText set beside it
}
FORBIDDEN = frozenset(
    (
        "QLabel",
        "QMessageBox",
        "QToolTip",
        "QTextBrowser",
        "QErrorMessage",
        "setToolTip",
        "setHtml",
        "setMarkdown",
        "insertHtml",
        "setWhatsThis",
    )
)


def _uses(tree: ast.AST) -> set[str]:
    """The forbidden names that are called, or inherited from, in a module. A method that is given a literal shows no data."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    classes = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
    methods = {call.func.attr for call in calls if isinstance(call.func, ast.Attribute) and not _literal(call)}
    bases = {base.id for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases if isinstance(base, ast.Name)}
    return (classes | methods | bases) & FORBIDDEN


def _literal(call: ast.Call) -> bool:
    return bool(call.args) and all(isinstance(argument, ast.Constant) for argument in call.args)


def test_no_module_of_ui_uses_a_bare_class_that_guesses_at_markup() -> None:
    root = Path(reviewer.ui.__file__).parent
    found = {}
    for file in sorted(root.rglob("*.py")):
        name = file.relative_to(root).as_posix()
        used = _uses(ast.parse(file.read_text(encoding="utf-8"))) - ALLOWED.get(name, set())
        if used:
            found[name] = sorted(used)
    assert found == {}


def test_the_lint_sees_a_bare_label() -> None:
    code = "label = QLabel(text)\nwidget.setToolTip(text)\nother.setHtml('')\nclass A(QMessageBox): pass"
    assert _uses(ast.parse(code)) == {
        "QLabel",
        "setToolTip",
        "QMessageBox",
    }


def test_a_line_without_room_ends_in_dots_and_says_all_of_it_elsewhere(qtbot: QtBot) -> None:
    line = OneLine("last: yesterday 18:20, with the folder of the whole team")
    qtbot.addWidget(line)
    line.resize(line.sizeHint())
    line.show()
    wide = line.grab().toImage()
    assert line.toolTip() == ""
    line.resize(120, line.height())
    narrow = line.grab().toImage()
    assert "the folder of the whole team" in line.toolTip()
    assert line.text().endswith("whole team")
    assert wide.size() != narrow.size()
    assert line.minimumSizeHint().width() < 120
