"""Charts as files: whole, with what they rest on, and the same from every thread."""

import csv
import io
import threading
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage

from reviewer.domain.errors import Refused
from reviewer.ui.widgets.charts import picture
from reviewer.ui.widgets.charts.drawing import Drawing
from tests.ui.widgets.charts.drawings import BASIS, MODELS, ROWS, WEEKS

pytestmark = pytest.mark.usefixtures("theme")


@pytest.mark.parametrize("drawing", [ROWS, WEEKS], ids=["rows", "weeks"])
def test_a_png_is_sharp_and_bears_its_title(drawing: Drawing) -> None:
    image = QImage.fromData(picture.made(drawing, BASIS, ".png"))
    assert image.width() == 3 * 720
    assert image.text("Title") == drawing.title


@pytest.mark.parametrize("drawing", [ROWS, WEEKS], ids=["rows", "weeks"])
def test_an_svg_says_title_and_basis_and_keeps_its_words_as_words(drawing: Drawing) -> None:
    root = ElementTree.fromstring(picture.made(drawing, BASIS, ".svg"))
    space = "{http://www.w3.org/2000/svg}"
    assert [root.findtext(f"{space}title"), root.findtext(f"{space}desc")] == [drawing.title, BASIS]
    words = " ".join(text.text or "" for text in root.iter(f"{space}text"))
    assert drawing.title in words
    assert "exact hypergeometric limits" in words


def test_a_table_has_every_figure_and_runs_nothing() -> None:
    drawing = replace(ROWS, marks=(MODELS[0]._replace(name="=cmd()"), *MODELS[1:]))
    rows = list(csv.DictReader(io.StringIO(picture.made(drawing, "", ".CSV").decode())))
    assert rows[0]["name"] == "'=cmd()"
    assert [rows[1][column] for column in ("estimate", "low", "high", "n", "of")] == ["0.11", "0.04", "0.23", "44", "500"]
    assert rows[3]["estimate"] == ""
    assert rows[3]["reason"] == "no item of it has an answer"


@pytest.mark.parametrize(("ending", "words"), [(".gif", "“.gif” files"), ("", "a file without an ending")])
def test_another_ending_is_refused_in_words(ending: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        picture.made(ROWS, "", ending)
    assert words in str(refused.value)


@pytest.mark.parametrize("ending", picture.ENDINGS)
def test_a_thread_without_a_window_makes_the_same_file(ending: str) -> None:
    found: list[bytes] = []
    thread = threading.Thread(target=lambda: found.append(picture.made(WEEKS, BASIS, ending)))
    thread.start()
    thread.join()
    assert found == [picture.made(WEEKS, BASIS, ending)]
