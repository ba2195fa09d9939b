"""Small files that options name."""

from pathlib import Path

from reviewer.domain.errors import NotFound, Refused, shown

_MOST_BYTES = 1024 * 1024


def text_file(path: str) -> str:
    """The text of a UTF-8 file. Raises NotFound, or Refused for what is no text or longer than 1 MB."""
    try:
        with Path(path).expanduser().open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise NotFound(f"“{shown(path, 200)}” cannot be read: {error.strerror}.", "Check the path of the file.") from error
    if len(content) > _MOST_BYTES:
        raise Refused(f"“{shown(path, 200)}” is longer than 1 MB.", "Name a text file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"“{shown(path, 200)}” is not UTF-8 text.", "Save it as UTF-8 and try again.") from error
    if "\x00" in text:
        raise Refused(f"“{shown(path, 200)}” is not a text file.", "Name a text file.")
    return text
