"""Policy files: which of them are text, Word or PDF, and each of them as text."""

from collections.abc import Callable
from typing import Literal

Kind = Literal["text", "Word", "PDF"]
ENDINGS = ("md", "txt", "docx", "pdf")
MAX_BYTES = 32 * 1024 * 1024
MAX_TEXT_BYTES = 1024 * 1024
_MAX_PRINTED_BYTES = 4 * MAX_TEXT_BYTES  # a page holds about 4 kB


def kind_of(content: bytes) -> Kind:
    """What the first bytes say, whatever the file is called."""
    if content.startswith(b"PK"):
        return "Word"
    return "PDF" if b"%PDF-" in content[:1024] else "text"


def text_of(content: bytes, report: Callable[[int, int], None]) -> str:
    """The text of a policy, Markdown where the file has headings and lists. report: told how many pages of how many are read.

    Raises ValueError, saying in words why the file cannot be read; what a broken Word or PDF file makes its reader raise comes through.
    """
    match kind_of(content):
        case "Word":
            from reviewer.formats import docx_text

            text = docx_text.read(content)
        case "PDF":
            from reviewer.formats import pdf_text

            text = pdf_text.read(content, report)
        case _:
            text = _plain(content)
    if len(text.encode(errors="replace")) > _MAX_PRINTED_BYTES:
        raise ValueError("Its text is longer than 4 MB")
    return text


def _plain(content: bytes) -> str:
    if len(content) > MAX_TEXT_BYTES:
        raise ValueError("Its text is longer than 1 MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("It is not UTF-8 text") from error
    if "\x00" in text:
        raise ValueError("It is not text")
    return text
