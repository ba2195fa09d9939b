"""Images of an item: looked at before they are opened, decoded off the UI thread, kept within a bound."""

import struct
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from reviewer.domain.errors import ReviewerError
from reviewer.domain.items import Part

MOST_PIXELS = 40_000_000
MOST_BYTES = 64_000_000
_DRAWN_SIZE = 1600  # no side is kept larger than this
_KEPT_BYTES = 96_000_000


class Header(NamedTuple):
    """What the first bytes of an image say. form: png, jpeg or webp; sizes in pixels."""

    form: str
    width: int
    height: int


class Picture(NamedTuple):
    """An image to draw, or the reason why there is none (yet)."""

    image: QImage | None
    remark: str


class RefusedImage(ReviewerError):
    """The image is not opened; the item can be reviewed all the same."""

    code = "E304"


Ask = Callable[[str, Callable[[bytes], Picture], Callable[[Picture], None], Callable[[ReviewerError], None]], None]
"""ask(sha256, make, done, failed): off the UI thread, read the medium and call make with its bytes; then done or failed on it."""

_WAITING = Picture(None, "Opening …")


class Pictures(QObject):
    """The images of the items on screen, by hash."""

    arrived = Signal(str)
    """An image, or the reason why there is none, is here: its hash."""

    def __init__(self, ask: Ask | None, parent: QObject | None = None) -> None:
        """ask: how media are read; None where nothing can be read, then every medium stays a placeholder."""
        super().__init__(parent)
        self._ask = ask
        self._known: OrderedDict[str, Picture] = OrderedDict()

    def get(self, part: Part) -> Picture:
        """What is known of a medium now; asks for it the first time."""
        if part.type != "image" or part.sha256 is None:
            return Picture(None, "")
        if part.sha256 in self._known:
            self._known.move_to_end(part.sha256)
            return self._known[part.sha256]
        if self._ask is None:
            return Picture(None, "")
        sha256 = part.sha256
        self._known[sha256] = _WAITING
        self._ask(sha256, decode, lambda picture: self._take(sha256, picture), lambda error: self._take(sha256, Picture(None, error.what)))
        return self._known[sha256]

    def _take(self, sha256: str, picture: Picture) -> None:
        self._known[sha256] = picture
        total = sum(known.image.sizeInBytes() for known in self._known.values() if known.image is not None)
        for old in list(self._known):
            if total <= _KEPT_BYTES or old == sha256:
                break
            image = self._known.pop(old).image
            total -= image.sizeInBytes() if image is not None else 0
        self.arrived.emit(sha256)


def decode(content: bytes) -> Picture:
    """The image of these bytes, no larger than what is drawn; or the reason why not. Runs on a worker thread."""
    try:
        header = read_header(content)
    except RefusedImage as refused:
        return Picture(None, refused.what)
    device = QBuffer()
    device.setData(QByteArray(content))
    device.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(device, QByteArray(header.form.encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = QSize(header.width, header.height)
    if max(header.width, header.height) > _DRAWN_SIZE:
        size = size.scaled(_DRAWN_SIZE, _DRAWN_SIZE, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(size)
    image = reader.read()
    if image.isNull():
        return Picture(None, "Not drawn: the image is damaged.")
    return Picture(image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied), "")


def read_header(content: bytes) -> Header:
    """Format and size of an image, from its header alone. Raises RefusedImage for anything but a PNG, JPEG or WebP of bearable size."""
    if len(content) > MOST_BYTES:
        raise _refused(f"it has {len(content) // 1_000_000} MB; the limit is {MOST_BYTES // 1_000_000} MB")
    header = _png(content) or _jpeg(content) or _webp(content)
    if header is None:
        raise _refused("only PNG, JPEG and WebP images are drawn")
    if header.width < 1 or header.height < 1:
        raise _refused("the image is damaged")
    if header.width * header.height > MOST_PIXELS:
        raise _refused(f"it has {header.width:,} × {header.height:,} pixels; the limit is {MOST_PIXELS // 1_000_000} million")
    return header


def _refused(why: str) -> RefusedImage:
    return RefusedImage(f"Not drawn: {why}.", "Save it and look at it elsewhere, if you trust where it comes from.")


def _png(content: bytes) -> Header | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR" or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return Header("png", width, height)


def _jpeg(content: bytes) -> Header | None:
    if content[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
            continue
        if marker in (0x01, *range(0xD0, 0xD9)):  # no length follows
            at += 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Header("jpeg", width, height)
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _webp(content: bytes) -> Header | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    form = content[12:16]
    if form == b"VP8X":
        return Header("webp", int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1)
    if form == b"VP8L" and content[20] == 0x2F:
        bits = int.from_bytes(content[21:25], "little")
        return Header("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if form == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", content[26:30])
        return Header("webp", width & 0x3FFF, height & 0x3FFF)
    return None
