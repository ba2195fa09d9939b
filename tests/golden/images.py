"""Pictures of whole pages, compared with the ones that somebody looked at and approved.

A picture is taken offscreen with Fusion, our own fonts, scale 1, 1280 x 800 where no size is given, and no blinking cursor.
A miss writes what was got, what was wanted and where they differ side by side into tests/golden/failed; after a human look,
`pytest tests/golden --approve` keeps the new one.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QDialog, QWidget

HERE = Path(__file__).parent
SIZE = QSize(1280, 800)
_STEP = 40  # a channel may differ by this much: edges of letters do, between builds of Qt
_SHARE = 0.002  # and so many of the pixels may differ by more: 2,048 of a page,
_SQUARE = 16  # but in no square of so many pixels
_IN_A_SQUARE = 40  # more than these: a small thing that is missing is not made up for by an empty page around it


def picture(page: QWidget, size: QSize = SIZE) -> QImage:
    """The page as it looks now, with the dialogs that are open over it."""
    QApplication.setCursorFlashTime(0)
    page.resize(size)
    for _round in range(3):  # layouts that follow from each other settle
        QApplication.processEvents()
    image = page.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for dialog in page.findChildren(QDialog):
        if dialog.isVisible():
            middle = (page.width() - dialog.width()) // 2, (page.height() - dialog.height()) // 2
            painter.drawPixmap(*middle, dialog.grab())
    painter.end()
    return image


def check(page: QWidget, name: str, *, approve: bool, size: QSize = SIZE) -> None:
    """Compare a page with the approved picture of that name. approve: keep what is seen now instead."""
    got, file = picture(page, size), HERE / "approved" / f"{name}.png"
    if approve:
        file.parent.mkdir(exist_ok=True)
        assert got.save(str(file))
        return
    assert file.is_file(), f"there is no approved picture {file.name}: look at the page, then run pytest with --approve"
    wanted = QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)
    differs = difference(got, wanted)
    if differs is not None:
        place = HERE / "failed" / f"{name}.png"
        place.parent.mkdir(exist_ok=True)
        assert beside(got, wanted, differs).save(str(place))
        raise AssertionError(f"{name} looks different: see {place} (got, wanted, difference); if it is right, run pytest with --approve")


def difference(got: QImage, wanted: QImage) -> QImage | None:
    """Where two pictures differ, in magenta on grey; None if they are as good as equal."""
    if got.size() != wanted.size():
        return got
    far = (np.abs(_channels(got) - _channels(wanted)) > _STEP).any(axis=2)
    if far.sum() <= _SHARE * far.size and _most_in_a_square(far) <= _IN_A_SQUARE:
        return None
    seen = got.convertToFormat(QImage.Format.Format_Grayscale8).convertToFormat(QImage.Format.Format_RGB32)
    for row, column in np.argwhere(far):
        seen.setPixelColor(int(column), int(row), QColor("magenta"))
    return seen


def _channels(image: QImage) -> NDArray[np.int16]:
    """Shape (height, width, 3)."""
    whole = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return whole[:, :, :3].astype(np.int16)


def _most_in_a_square(far: NDArray[np.bool_]) -> int:
    """How many pixels differ in the square in which most do, wherever it lies."""
    sums = np.pad(far, ((_SQUARE, 0), (_SQUARE, 0))).cumsum(axis=0).cumsum(axis=1)
    return int((sums[_SQUARE:, _SQUARE:] - sums[:-_SQUARE, _SQUARE:] - sums[_SQUARE:, :-_SQUARE] + sums[:-_SQUARE, :-_SQUARE]).max())


def beside(*images: QImage) -> QImage:
    """Pictures side by side."""
    wide = QImage(sum(image.width() for image in images), max(image.height() for image in images), QImage.Format.Format_RGB32)
    wide.fill(QColor("white"))
    painter, left = QPainter(wide), 0
    for image in images:
        painter.drawImage(left, 0, image)
        left += image.width()
    painter.end()
    return wide
