"""Items to show, and an image that must never be drawn."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from reviewer.domain.items import Item, Message, Part, Role, ToolCall

CANARY = 0xFF00FE01  # a colour that no theme has


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A PNG of one loud colour."""
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(CANARY)
    file = tmp_path / "canary.png"
    assert image.save(str(file))
    return file


def sees_canary(widget: QWidget) -> bool:
    """True if any pixel of a widget has the loud colour."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    wanted = CANARY.to_bytes(4, "little")
    raw = bytes(image.constBits())
    return any(raw[i : i + 4] == wanted for i in range(0, len(raw), 4))


def said(*texts: str, role: Role = "user") -> Item:
    """An item of messages with these texts."""
    return Item(kind="trajectory", messages=tuple(Message(role=role, content=(Part(type="text", text=text),)) for text in texts))


def agent_run(steps: int) -> Item:
    """A run of that many messages: said, called, answered, in turn."""
    messages: list[Message] = []
    for i in range(steps):
        kind = i % 4
        if kind == 0:
            messages.append(Message(role="user", content=(Part(type="text", text=f"Question {i}: what about flight HAT{i}?"),)))
        elif kind == 1:
            messages.append(
                Message(role="assistant", tool_calls=(ToolCall(name="look_up", id=str(i), arguments=f'{{"flight":"HAT{i}"}}'),))
            )
        elif kind == 2:
            rows = ",".join(f'"field_{k}":"value {k} of {i}"' for k in range(30))
            messages.append(Message(role="tool", tool_call_id=str(i - 1), content=(Part(type="text", text="{" + rows + "}"),)))
        else:
            messages.append(Message(role="assistant", content=(Part(type="text", text=f"Answer {i}. " * 20),)))
    return Item(kind="trajectory", messages=tuple(messages))
