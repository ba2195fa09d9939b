"""An oversight record as one page that loads nothing."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from reviewer.domain.oversight import OversightRecord
from reviewer.formats import oversight_html
from reviewer.storage import assets
from tests import records

STYLE = assets.resource("report", "record.css").read_text(encoding="utf-8")
_EMPTY = frozenset({"meta", "br", "line", "path", "circle"})
_LOADS = frozenset(
    {"script", "link", "img", "image", "iframe", "object", "embed", "audio", "video", "source", "base", "form", "use", "foreignObject"}
)


class Read(HTMLParser):
    """A page as a browser takes it: elements with their attributes, and the text in them."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


def read(record: OversightRecord) -> Read:
    """The page, taken apart; every element in it was closed."""
    page = Read(oversight_html.page(record, style=STYLE))
    assert page.open == []
    return page


@pytest.mark.parametrize("text", ["Plain words.", records.HOSTILE, records.UNSHOWN])
def test_the_page_runs_and_loads_nothing(text: str) -> None:
    page = read(records.record(text=text, subject=text))
    assert not _LOADS & {name for name, _ in page.elements}
    for _, attributes in page.elements:
        assert not {name for name in attributes if name.startswith("on") or name in ("src", "style", "srcset", "xlink:href")}
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"@import|url\(|@font-face", STYLE)
    policy = next(one["content"] for one in page.named("meta") if one.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_the_page_says_every_text_of_the_record() -> None:
    record = records.record(text=records.HOSTILE)
    page = read(record)
    for section in record.sections:
        for text in records.texts(section.blocks):
            cut = text[:24]  # a chart shows long labels cut, and tells them whole
            assert cut in page.text, text
    told = next(one["aria-label"] for one in page.named("svg"))
    assert told is not None
    assert f"model-0 {records.HOSTILE}: 10.00% {records.HOSTILE}" in told


def test_the_page_can_be_read_by_its_structure() -> None:
    page = read(records.record())
    assert page.named("html")[0]["lang"] == "en"
    headings = [name for name, _ in page.elements if re.fullmatch("h[1-6]", name)]
    assert headings == ["h1", "h2", "h2", "h2", "h2"]
    assert {one.get("scope") for one in page.named("th")} == {"col"}
    anchors = {one["href"] for one in page.named("a")}
    assert anchors == {f"#{one['id']}" for one in page.named("section")}
    assert all(one.get("role") == "img" for one in page.named("svg"))


def test_direction_and_control_characters_are_written_out() -> None:
    content = oversight_html.page(records.record(text=records.UNSHOWN), style=STYLE).decode()
    assert "\u202e" not in content
    assert "\u0007" not in content
    assert "退款 \U0001f642" in content
    assert "\\u202eright-to-left\\u0007" in content


def test_nothing_is_said_in_place_of_rows_that_are_not_there() -> None:
    page = read(records.record(rows=0, marks=0))
    assert page.text.count("A table: There is no row.") == 2


def test_the_same_record_makes_the_same_bytes() -> None:
    assert oversight_html.page(records.record(), style=STYLE) == oversight_html.page(records.record(), style=STYLE)
