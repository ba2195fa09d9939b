"""A chart of the page as a file: the person chooses where; it is drawn and written off the UI thread, whole or not at all."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from reviewer.domain.errors import NotFound, ReviewerError, shown
from reviewer.storage import outgoing
from reviewer.ui.page import Desk
from reviewer.ui.widgets.charts import picture
from reviewer.ui.widgets.charts.drawing import Drawing

_KINDS = {"Picture (*.png)": ".png", "Drawing (*.svg)": ".svg", "Table (*.csv)": ".csv"}
_PLAIN = 60  # characters of a proposed name


def ask_where(page: QWidget, desk: Desk, drawing: Drawing, caption: str) -> None:
    """Let the person choose a file, then write the chart to it and say so."""
    start = str(Path.home() / f"{_file_name(drawing.title)}.png")
    target, kind = QFileDialog.getSaveFileName(page, f"Export “{drawing.title}”", start, ";;".join(_KINDS))
    if target:
        path = Path(target)
        write(page, desk, drawing, caption, path if path.suffix else path.with_suffix(_KINDS.get(kind, ".png")))


def write(page: QWidget, desk: Desk, drawing: Drawing, caption: str, path: Path) -> None:
    """Write the chart to a file; a banner says where it is, or why it is not there."""

    def tell(to: Path) -> None:
        desk.messages.good("The chart is written.", f"It is in {shown(str(to), 200)}.")

    def refuse(error: ReviewerError) -> None:
        desk.messages.show_error(error)

    desk.jobs.aside(partial(_write, drawing, caption, path), owner=page, done=tell, failed=refuse)


def _write(drawing: Drawing, caption: str, path: Path) -> Path:
    content = picture.made(drawing, caption, path.suffix)
    if not path.parent.is_dir():
        raise NotFound(f"There is no folder {shown(str(path.parent), 200)}.", "Make it first, or choose another place.")
    with outgoing.partial_file(path) as partial_path:
        with outgoing.durable(partial_path) as stream:
            stream.write(content)
        outgoing.put_in_place(partial_path, path)
    return path


def _file_name(title: str) -> str:
    """A title as a name that every system takes."""
    return "".join(c if c.isalnum() else "-" for c in title.lower())[:_PLAIN].strip("-")
