"""Media inside records."""

import base64
import hashlib
from pathlib import Path

import pytest

from reviewer.formats import media


@pytest.mark.parametrize(
    ("path", "kind", "media_type"),
    [
        ("inspect_ai/ballons.png", "image", "image/png"),
        ("agent-as-a-judge/sample.jpeg", "image", "image/jpeg"),
        ("inspect_ai/attention.pdf", "file", "application/pdf"),
        ("inspect_ai/sample.wav", "audio", "audio/wav"),
        ("inspect_ai/sample.mp3", "audio", "audio/mpeg"),
        ("sound-theme-freedesktop/bell.oga", "audio", "audio/ogg"),
        ("cpython/pluck-pcm16.au", "file", "application/octet-stream"),
        ("tau2-bench/check_order_12345.ulaw", "file", "application/octet-stream"),
    ],
)
def test_a_real_medium_is_named_by_its_bytes_and_not_by_what_is_claimed(real_data: Path, path: str, kind: str, media_type: str) -> None:
    content = (real_data / "media" / path).read_bytes()
    found = media.from_address(f"data:image/png;base64,{base64.b64encode(content).decode()}")
    assert (found.part.type, found.part.media_type, found.part.size_bytes) == (kind, media_type, len(content))
    assert found.part.sha256 == hashlib.sha256(content).hexdigest()
    assert found.medium is not None
    assert found.medium.content == content


@pytest.mark.parametrize(
    "address",
    ["http://example.invalid/a.png", "file:///etc/passwd", "data:image/png;base64,@@", "data:text/html,<b>", "data:,", "x" * 9_000_000],
)
def test_an_address_is_never_opened_and_becomes_a_file_without_bytes(address: str) -> None:
    found = media.from_address(address)
    assert found.part.type == "file"
    assert found.medium is None
    assert found.part.sha256 is None
    assert found.part.name
    assert len(found.part.name) <= media.SHOWN_ADDRESS_LENGTH


def test_a_medium_over_the_limit_is_not_decoded() -> None:
    found = media.from_base64("A" * (media.MAX_MEDIUM_BYTES // 3 * 4 + 4))
    assert found.medium is None
    assert found.part.name == "a medium larger than 64 MB"
