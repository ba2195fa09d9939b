"""How everything looks: colours of the light and the dark theme, sizes, fonts, icons; and the style sheet made of them."""

import json
import re
from dataclasses import dataclass, fields
from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from reviewer.storage.assets import resource

SANS = "Inter"
MONO = "JetBrains Mono"
ANY_WIDTH = 16_777_215  # pixels: Qt's own greatest width, which PySide6 has no name for
_BASE_PX = 13


@dataclass(frozen=True)
class Colours:
    """The colours of one theme, `#rrggbb`. ink to ink3: text, from plain to faint. bg is the desk, panel the paper, soft a quiet fill."""

    bg: str
    panel: str
    ink: str
    ink2: str
    ink3: str
    line: str
    edge: str
    soft: str
    accent: str
    accent_soft: str
    on_accent: str
    ok: str
    ok_soft: str
    bad: str
    bad_soft: str
    warn: str
    warn_soft: str
    mark: str


@lru_cache(maxsize=2)
def colours(name: str) -> Colours:
    """The colours of the theme `light` or `dark`."""
    values = json.loads(resource("themes", f"{name}.json").read_text(encoding="utf-8"))
    return Colours(**{field.name: values[field.name] for field in fields(Colours)})


class Theme(QObject):
    """The look in force. `changed` tells widgets that paint themselves to take new colours and sizes; style sheets follow by themselves."""

    changed = Signal()

    def __init__(self, app: QApplication, *, choice: str = "system", text_size: int = 100) -> None:
        """choice: system, light or dark; text_size: per cent, 100 to 200. Sets palette, font and style sheet of the program."""
        super().__init__()
        self._app = app
        self._choice = choice
        self._text_size = text_size
        load_fonts()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    @property
    def name(self) -> str:
        """`light` or `dark`: what is on screen."""
        if self._choice != "system":
            return self._choice
        return "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"

    @property
    def colours(self) -> Colours:
        """The colours on screen."""
        return colours(self.name)

    @property
    def text_size(self) -> int:
        """Per cent of the usual size."""
        return self._text_size

    def choose(self, choice: str) -> None:
        """Take the theme `light` or `dark`, or follow the `system`."""
        self._choice = choice
        self._apply()

    def resize(self, text_size: int) -> None:
        """Set the size of all text; per cent, 100 to 200."""
        self._text_size = text_size
        self._apply()

    def px(self, size: int) -> int:
        """A size of the design in pixels, at the chosen text size."""
        return round(size * self._text_size / 100)

    def font(self, size: int = _BASE_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The sans font at a design size."""
        return font_of(SANS, self.px(size), weight)

    def mono(self, size: int = 12, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The fixed-width font at a design size."""
        return font_of(MONO, self.px(size), weight)

    def colour(self, name: str) -> QColor:
        """A colour of `Colours` by its name."""
        return QColor(getattr(self.colours, name))

    def icon(self, name: str, colour: str = "ink2", size: int = 20) -> QIcon:
        """An icon of resources/icons, drawn in a colour of the theme, at a design size; sharp at twice the pixels too."""
        return _icon(name, getattr(self.colours, colour), self.px(size))

    def _system_changed(self) -> None:
        if self._choice == "system":
            self._apply()

    def _apply(self) -> None:
        self._app.setPalette(_palette(self.colours))
        self._app.setFont(self.font())
        self._app.setStyleSheet(style_sheet(self.name, self._text_size))
        self.changed.emit()


@cache
def load_fonts() -> None:
    """Give Qt the fonts that come with the program. Once is enough."""
    for file in sorted(resource("fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(file))


def style_sheet(name: str, text_size: int) -> str:
    """resources/themes/reviewer.qss for the theme `light` or `dark`: `@name` becomes its colour, `13px` that size at the chosen text size,
    `@folder` the folder with the theme's own ticks and arrows (a style sheet's pictures cannot be recoloured)."""
    look = colours(name)
    text = resource("themes", "reviewer.qss").read_text(encoding="utf-8")
    text = re.sub(r"@(?!folder)(\w+)", lambda found: str(getattr(look, found[1])), text)
    text = re.sub(r"\b(\d+)px", lambda found: f"{_scaled(int(found[1]), text_size)}px", text)
    return text.replace("@folder", resource("themes", name).as_posix())


def _scaled(size: int, text_size: int) -> int:
    return size if size <= 2 else round(size * text_size / 100)  # hairlines stay hairlines


def font_of(family: str, pixels: int, weight: QFont.Weight) -> QFont:
    """One of our fonts at a size in pixels."""
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if family == MONO:
        font.setStyleHint(QFont.StyleHint.Monospace)
    return font


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, pixels: int) -> QIcon:
    drawing = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    icon = QIcon()
    for ratio in (1, 2):
        picture = QPixmap(pixels * ratio, pixels * ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        renderer.render(painter, QRectF(picture.rect()))
        painter.end()
        picture.setDevicePixelRatio(ratio)
        icon.addPixmap(picture)
    return icon


def _palette(look: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for part, name in (
        (role.Window, look.bg),
        (role.WindowText, look.ink),
        (role.Base, look.panel),
        (role.AlternateBase, look.soft),
        (role.Text, look.ink),
        (role.PlaceholderText, look.ink3),
        (role.Button, look.panel),
        (role.ButtonText, look.ink),
        (role.BrightText, look.on_accent),
        (role.ToolTipBase, look.panel),
        (role.ToolTipText, look.ink),
        (role.Highlight, look.accent),
        (role.HighlightedText, look.on_accent),
        (role.Link, look.accent),
        (role.LinkVisited, look.accent),
        (role.Accent, look.accent),
        (role.Light, look.panel),
        (role.Midlight, look.soft),
        (role.Mid, look.line),
        (role.Dark, look.edge),
        (role.Shadow, look.edge),
    ):
        palette.setColor(part, QColor(name))
    for part in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(look.ink3))
    return palette
