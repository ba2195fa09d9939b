"""Word files as Markdown: headings, lists with the numbers that Word prints, tables, titles in bold. No macro and no link is followed.

Numbers of Word's own lists stand nowhere in the text; they are counted here as Word counts them. Inserted text is read, deleted is not.
"""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

MAX_UNPACKED_BYTES = 64 * 1024 * 1024
_HEADING_LENGTH = 100
_P, _TABLE, _BOX = qn("w:p"), qn("w:tbl"), qn("w:sdt")
_TEXT, _TAB, _BREAK, _RUN, _MOVED = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:r"), qn("w:moveFrom")


class _Level(NamedTuple):
    """How one level of a list counts. text: as `%1.%2`."""

    kind: str
    text: str
    start: int


def read(content: bytes) -> str:
    """The text of a Word file as Markdown. Raises ValueError, saying why, for one that is too large; others for one that is none."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if "word/document.xml" not in archive.namelist():
            raise ValueError("It is a packed file and no Word document")
        if sum(each.file_size for each in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise ValueError(f"It unpacks to more than {MAX_UNPACKED_BYTES // 1024 // 1024} MB")
    document = docx.Document(BytesIO(content))
    counting = _Counting(document)
    return "\n".join(line for element in _content(document.element.body) for line in _lines(element, document, counting))


def _content(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those inside content controls."""
    for child in parent:
        if child.tag in (_P, _TABLE):
            yield child
        elif child.tag == _BOX:
            yield from _content(child.find(qn("w:sdtContent")) if child.find(qn("w:sdtContent")) is not None else ())


def _lines(element: Any, document: Document, counting: "_Counting") -> Iterator[str]:
    if element.tag == _TABLE:
        yield from _table(element)
        return
    paragraph = Paragraph(element, document._body)
    text = _marked(element)
    if not text:
        yield ""
        return
    number, indent = counting.number(paragraph)
    level = _heading_level(paragraph) or (3 if _looks_like_a_heading(element, number) else 0)
    if level:
        yield from ("", f"{'#' * min(level, 6)} {number} {_plain(element)}".replace("  ", " "), "")
    elif number == "-":
        yield f"{'  ' * indent}- {text}"
    elif number:
        yield from ("", f"{'  ' * indent}{number} {text}")
    else:
        yield from ("", text)


def _plain(element: Any) -> str:
    return " ".join("".join(_words(element)).split())


def _words(element: Any) -> Iterator[str]:
    for each in element.iter(_TEXT, _TAB, _BREAK, _MOVED):
        if any(above.tag == _MOVED for above in each.iterancestors()):
            continue
        yield (each.text or "") if each.tag == _TEXT else " " if each.tag == _TAB else "\n" if each.tag == _BREAK else ""


def _marked(element: Any) -> str:
    """The text of a paragraph, with a title in bold at its beginning marked as one."""
    title, rest, begun = "", "", False
    for run in element.iter(_RUN):
        said = "".join(_words(run))
        begun = begun or (bool(said.strip()) and not _is_bold(run))
        if begun:
            rest += said
        else:
            title += said
    title, rest = title.strip(), "\n".join(" ".join(line.split()) for line in rest.strip().split("\n"))
    return f"**{title}** {rest}" if title and rest else title or rest


def _is_bold(run: Any) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
    return mark is not None and mark.get(qn("w:val"), "1") not in ("0", "false", "off")


def _heading_level(paragraph: Paragraph) -> int:
    """1 for a title, 2 for Word's first level, and so on; 0 for what is no heading."""
    style: Any = paragraph.style
    while style is not None:
        if style.name == "Title":
            return 1
        if style.name.startswith("Heading ") and style.name[8:].isdigit():
            return 1 + int(style.name[8:])
        style = style.base_style
    return 0


def _looks_like_a_heading(element: Any, number: str) -> bool:
    """A short paragraph all in bold, as people make headings without a style."""
    runs = [run for run in element.iter(_RUN) if "".join(_words(run)).strip()]
    text = _plain(element)
    return number != "-" and len(text) <= _HEADING_LENGTH and text[-1] not in ".;,:" and all(_is_bold(run) for run in runs)


def _table(element: Any) -> Iterator[str]:
    rows = [[_plain(cell).replace("|", "\\|") for cell in row.iter(qn("w:tc"))] for row in element.iter(qn("w:tr"))]
    yield ""
    for place, cells in enumerate(rows):
        yield f"| {' | '.join(cells)} |"
        if place == 0:
            yield f"|{'---|' * len(cells)}"
    yield ""


class _Counting:
    """What numbers Word prints before paragraphs."""

    def __init__(self, document: Document) -> None:
        self._levels: dict[tuple[int, int], _Level] = {}
        self._counts: dict[tuple[int, int], int] = {}
        self._lists: dict[int, int] = {}
        part = next((each for each in document.part.package.iter_parts() if each.partname == "/word/numbering.xml"), None)
        numbering = getattr(part, "element", None)
        if numbering is None:
            return
        for one in numbering.iter(qn("w:abstractNum")):
            self._learn(int(one.get(qn("w:abstractNumId"))), one)
        for one in numbering.iter(qn("w:num")):
            self._lists[int(one.get(qn("w:numId")))] = int(one.find(qn("w:abstractNumId")).get(qn("w:val")))

    def _learn(self, name: int, abstract: Any) -> None:
        for level in abstract.iter(qn("w:lvl")):
            told = {each: level.find(qn(f"w:{each}")) for each in ("numFmt", "lvlText", "start")}
            kind, text, start = ("" if one is None else one.get(qn("w:val"), "") for one in told.values())
            self._levels[name, int(level.get(qn("w:ilvl")))] = _Level(kind, text, int(start) if start.isdigit() else 1)

    def number(self, paragraph: Paragraph) -> tuple[str, int]:
        """What stands before a paragraph: "-" for a bullet, "" for nothing; and how deep in its list it stands."""
        found = _listing(paragraph)
        if found is None or found[0] not in self._lists:
            return "", 0
        name, depth = self._lists[found[0]], found[1]
        level = self._levels.get((name, depth))
        if level is None or level.kind == "none":
            return "", 0
        if level.kind != "decimal":
            return "-", depth
        self._counts[name, depth] = self._counts.get((name, depth), level.start - 1) + 1
        for deeper in [each for each in self._counts if each[0] == name and each[1] > depth]:
            del self._counts[deeper]
        text = level.text
        for each in range(depth + 1):
            text = text.replace(f"%{each + 1}", str(self._counts.setdefault((name, each), 1)))
        return text, 0


def _listing(paragraph: Paragraph) -> tuple[int, int] | None:
    """The list that a paragraph or its style belongs to, and how deep."""
    places: list[Any] = [paragraph._p.pPr]
    style: Any = paragraph.style
    while style is not None:
        places.append(style.element.pPr)
        style = style.base_style
    for place in places:
        told = None if place is None else place.numPr
        if told is not None and told.numId is not None:
            return (int(told.numId.val), 0 if told.ilvl is None else int(told.ilvl.val)) if told.numId.val else None
    return None
