"""Only PNG, JPEG and WebP of bearable size are opened, and only after their header was read."""

import struct

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage

from reviewer.ui.transcript.images import RefusedImage, decode, read_header


def image_bytes(form: str, width: int = 40, height: int = 30) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFF00FF)
    content = QByteArray()
    device = QBuffer(content)
    device.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(device, form)  # type: ignore[call-overload] # a format by name
    return bytes(content.data())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_the_three_formats_are_read_and_drawn(form: str) -> None:
    content = image_bytes(form)
    header = read_header(content)
    assert (header.form, header.width, header.height) == (form.lower(), 40, 30)
    picture = decode(content)
    assert picture.image is not None
    assert (picture.image.width(), picture.image.height()) == (40, 30)


@pytest.mark.parametrize("form", ["BMP", "PPM", "XPM"])
def test_what_qt_could_open_as_well_is_refused(form: str) -> None:
    picture = decode(image_bytes(form))
    assert picture.image is None
    assert "only PNG, JPEG and WebP" in picture.remark


def test_a_bomb_is_refused_by_its_header_before_anything_is_decoded() -> None:
    content = bytearray(image_bytes("PNG"))
    content[16:24] = struct.pack(">II", 30_000, 30_000)
    with pytest.raises(RefusedImage) as refused:
        read_header(bytes(content))
    assert refused.value.code == "E304"
    assert "30,000 × 30,000" in refused.value.what


@pytest.mark.parametrize("cut", [0, 7, 23, 30, 60])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_image_is_a_remark_not_a_crash(form: str, cut: int) -> None:
    picture = decode(image_bytes(form)[:cut])
    assert picture.image is None
    assert picture.remark.startswith("Not drawn")


def test_svg_and_xml_are_refused() -> None:
    assert decode(b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>').image is None


def test_a_large_image_is_kept_small() -> None:
    picture = decode(image_bytes("JPEG", 4000, 1000))
    assert picture.image is not None
    assert picture.image.width() == 1600
