"""What the tests of single formats ask of the real files."""

from collections.abc import Iterator
from pathlib import Path

from reviewer.domain.items import Message, ToolCall
from reviewer.domain.records import Record, Reject
from reviewer.formats import intake


def everything(folder: Path) -> Iterator[Record | Reject]:
    """Records and rejects of every file under a folder."""
    for found in intake.scan([str(folder)]):
        if isinstance(found, intake.Found):
            yield from intake.read(found)


def records(folder: Path) -> list[Record]:
    """Every record under a folder."""
    return [one for one in everything(folder) if isinstance(one, Record)]


def calls(messages: tuple[Message, ...]) -> list[ToolCall]:
    """Every call, in order."""
    return [call for message in messages for call in message.tool_calls]


def texts(messages: tuple[Message, ...]) -> Iterator[str]:
    """Every text that a reviewer can see."""
    for message in messages:
        for part in message.content:
            yield part.text or part.json or part.name or ""
        for call in message.tool_calls:
            yield call.arguments
