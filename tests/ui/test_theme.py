"""Two themes that can be read, at every size of text."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reviewer.storage.assets import resource
from reviewer.ui import theme as themes
from reviewer.ui.theme import MONO, SANS, Colours, Theme

BOTH = pytest.mark.parametrize("name", ["light", "dark"])


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2 between two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(name: str) -> float:
    colour = QColor(name)
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@BOTH
def test_every_text_can_be_read_on_every_ground(name: str) -> None:
    look = themes.colours(name)
    pairs = [(ink, ground) for ink in (look.ink, look.ink2) for ground in (look.bg, look.panel, look.soft, look.accent_soft)]
    pairs += [(look.ink3, look.bg), (look.ink3, look.panel), (look.on_accent, look.accent), (look.ink, look.mark)]
    pairs += [(getattr(look, tone), getattr(look, f"{tone}_soft")) for tone in ("accent", "ok", "bad", "warn")]
    pairs += [(getattr(look, tone), look.panel) for tone in ("accent", "ok", "bad", "warn")]
    assert [(ink, ground) for ink, ground in pairs if contrast(ink, ground) < 4.5] == []


@BOTH
def test_the_edge_of_a_field_and_the_focus_ring_can_be_seen(name: str) -> None:
    look = themes.colours(name)
    for ground in (look.bg, look.panel):
        assert contrast(look.edge, ground) >= 3
        assert contrast(look.accent, ground) >= 3


@BOTH
@pytest.mark.parametrize("size", [100, 150, 200])
def test_the_style_sheet_is_whole_and_grows_with_the_text(name: str, size: int) -> None:
    sheet = themes.style_sheet(name, size)
    assert "@" not in sheet
    assert f"font-size: {round(14 * size / 100)}px" in sheet
    assert "border: 1px solid" in sheet
    for line in sheet.splitlines():
        if "url(" in line:
            picture = Path(line.split('url("')[1].split('"')[0])
            assert picture.parent == resource("themes", name)
            assert picture.is_file(), line


def test_the_program_brings_its_own_fonts(theme: Theme) -> None:
    assert {SANS, MONO} <= set(QFontDatabase.families())
    assert QFontInfo(theme.font()).family() == SANS
    assert QFontInfo(theme.mono()).family() == MONO
    assert QFontInfo(theme.font()).pixelSize() == 13
    for licence in ("Inter-OFL.txt", "JetBrainsMono-OFL.txt"):
        assert "SIL OPEN FONT LICENSE" in resource("fonts", licence).read_text(encoding="utf-8")
    assert "ISC License" in resource("icons", "LICENSE.txt").read_text(encoding="utf-8")


def test_a_choice_of_theme_and_size_is_told_and_taken(theme: Theme, qapp: QApplication) -> None:
    told: list[str] = []
    theme.changed.connect(lambda: told.append(theme.name))
    theme.choose("dark")
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(themes.colours("dark").bg)
    theme.resize(200)
    assert (told, theme.px(13), theme.font().pixelSize()) == (["dark", "dark"], 26, 26)


def test_an_icon_is_drawn_in_a_colour_of_the_theme_and_sharp_at_twice_the_pixels(theme: Theme) -> None:
    picture = theme.icon("search", "accent").pixmap(theme.icon("search").availableSizes()[0], 2.0).toImage()
    assert picture.width() == 40
    drawn = {picture.pixelColor(x, y).name() for x in range(40) for y in range(40) if picture.pixelColor(x, y).alpha() == 255}
    assert drawn == {themes.colours("light").accent}


def test_a_theme_file_holds_every_colour(theme: Theme) -> None:
    for name in ("light", "dark"):
        look = themes.colours(name)
        assert isinstance(look, Colours)
        assert all(QColor(getattr(look, field)).isValid() for field in Colours.__dataclass_fields__)


def test_a_button_with_the_keys_has_one_ring_and_none_of_the_style_within_it(qtbot: QtBot, theme: Theme) -> None:
    assert theme.name == "light"
    room = QWidget()
    qtbot.addWidget(room)
    column = QVBoxLayout(room)
    first, second = QPushButton(), QPushButton()
    for button in (first, second):
        button.setFixedSize(120, 40)
        column.addWidget(button)
    with qtbot.waitExposed(room):
        room.show()
    first.setFocus()
    qtbot.keyClick(room, Qt.Key.Key_Tab)  # keys, and not the mouse, bring the style's own ring
    assert second.hasFocus()
    assert room.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    inner = QRect(10, 6, 100, 28)
    assert second.grab(inner).toImage() == first.grab(inner).toImage()
    assert second.grab().toImage() != first.grab().toImage()
