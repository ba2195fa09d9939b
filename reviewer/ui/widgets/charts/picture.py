"""A chart as a file: PNG and SVG with title and basis, CSV with the figures. Any thread may make one; none touches the disk."""

import csv
import io

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from reviewer.domain.errors import Refused, shown
from reviewer.formats.spreadsheets import harmless
from reviewer.ui.widgets.charts.drawing import Drawing
from reviewer.ui.widgets.charts.look import Look, on_paper
from reviewer.ui.widgets.charts.marks import Mark

ENDINGS = (".png", ".svg", ".csv")
COLUMNS = ("name", "estimate", "low", "high", "n", "of", "note", "basis", "reason", "query")
_WIDTH = 720  # pixels of the design
_SHARPNESS = 3  # pixels of a PNG to each of these
_DOTS_PER_INCH = 96
_MARGIN, _TITLE, _GAP = 20, 24, 10
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


def made(drawing: Drawing, caption: str, ending: str) -> bytes:
    """The bytes of a file with that ending. caption: what all figures rest on. Raises Refused for an ending that is not written."""
    wanted = ending.lower()
    if wanted not in ENDINGS:
        named = f"“{shown(ending, 40)}” files" if ending else "a file without an ending"
        raise Refused(f"Charts are not written to {named}.", f"Let the name end in one of: {', '.join(ENDINGS)}.")
    if wanted == ".csv":
        return _table(drawing.marks)
    return _png(drawing, caption) if wanted == ".png" else _svg(drawing, caption)


def _table(marks: tuple[Mark, ...]) -> bytes:
    """One row a figure; shares as numbers from 0 to 1, an empty cell for what is not known."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for mark in marks:
        cells = (mark.name, mark.estimate, mark.low, mark.high, mark.n, mark.of, mark.note, mark.basis, mark.reason, mark.query)
        rows.writerow(["" if cell is None else harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    return text.getvalue().encode()


def _png(drawing: Drawing, caption: str) -> bytes:
    look = on_paper()
    size = _size(drawing, caption, look)
    image = QImage(size * _SHARPNESS, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SHARPNESS)
    image.fill(look.colour("panel"))
    image.setText("Title", drawing.title)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint(painter, drawing, caption, look, size)
    painter.end()
    found = QByteArray()
    buffer = QBuffer(found)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # the stubs want bytes, Qt a str
    return bytes(found.data())


def _svg(drawing: Drawing, caption: str) -> bytes:
    look = on_paper()
    size = _size(drawing, caption, look)
    found = QByteArray()
    buffer = QBuffer(found)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_DOTS_PER_INCH)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(drawing.title)
    generator.setDescription(caption)
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), look.colour("panel"))
    _paint(painter, drawing, caption, look, size)
    painter.end()
    buffer.close()
    return bytes(found.data())


def _size(drawing: Drawing, caption: str, look: Look) -> QSize:
    inner = _WIDTH - 2 * _MARGIN
    return QSize(_WIDTH, round(2 * _MARGIN + _TITLE + drawing.height(look, inner) + _GAP + _caption_height(caption, look, inner)))


def _caption_height(caption: str, look: Look, width: float) -> float:
    return QFontMetricsF(look.font(11)).boundingRect(QRectF(0, 0, width, 10_000), _WRAPPED, caption).height()


def _paint(painter: QPainter, drawing: Drawing, caption: str, look: Look, size: QSize) -> None:
    inner = size.width() - 2 * _MARGIN
    look.write(painter, QRectF(_MARGIN, _MARGIN, inner, _TITLE - 6), drawing.title, size=14, weight=QFont.Weight.DemiBold)
    height = drawing.height(look, inner)
    painter.save()
    painter.translate(_MARGIN, _MARGIN + _TITLE)
    drawing.paint(painter, look, QSizeF(inner, height))
    painter.restore()
    painter.setFont(look.font(11))
    painter.setPen(look.colour("ink2"))
    top = _MARGIN + _TITLE + height + _GAP
    painter.drawText(QRectF(_MARGIN, top, inner, size.height() - top), _WRAPPED, caption)
