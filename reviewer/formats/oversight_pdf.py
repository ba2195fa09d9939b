"""An oversight record as a PDF, set by Typst: tagged (PDF/UA-1), with our fonts inside. Texts reach it as data and are never markup."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from reviewer.domain import oversight
from reviewer.domain.oversight import Block, Chart, Commands, Facts, OversightRecord, Paragraph, Table, cut, readable

_UNSHOWN = re.compile(r'the text `"(.*)"` could not be displayed', re.DOTALL)
_ATTEMPTS = 20  # texts that no font here shows and that are written as numbers one after the other
_LABEL, _SAID = 32, 30  # letters that fit left and right of a chart
_PLAIN = 0x17F  # the last letter that our own fonts are sure to have
_ALSO = frozenset("–—‘’“”…·−≥≤")


def document(record: OversightRecord, *, template: Path, fonts: Path) -> bytes:
    """The bytes of the PDF. fonts: the folder of ours; what they lack is taken from the system's.

    A character that no font on this machine shows is written as its number, `U+1F642`.
    """
    told = json.dumps(_record(record), ensure_ascii=False)
    for _ in range(_ATTEMPTS):
        try:
            return _set(template, told, record.made, fonts)
        except typst.TypstError as error:
            unshown = _UNSHOWN.search(str(error))
            if unshown is None:
                raise
            told = _numbered(told, {c for c in unshown[1] if ord(c) > _PLAIN} - _ALSO)
    return _set(template, _numbered(told, {c for c in told if ord(c) > _PLAIN} - _ALSO), record.made, fonts)


def _set(template: Path, told: str, made: str, fonts: Path) -> bytes:
    return typst.compile(
        template,
        root=template.parent,
        font_paths=[fonts],
        sys_inputs={"record": told},
        pdf_standards=["ua-1"],
        timestamp=datetime.fromisoformat(made).replace(microsecond=0),  # it takes whole seconds
        format="pdf",
    )


def _numbered(told: str, characters: set[str]) -> str:
    """The data with these characters as numbers."""
    return told.translate({ord(c): f"U+{ord(c):04X}" for c in characters})


def _record(record: OversightRecord) -> dict[str, Any]:
    return {
        "title": readable(record.title),
        "subject": readable(record.subject),
        "headline": readable(record.headline),
        "basis": readable(record.basis),
        "facts": _block(record.facts),
        "opening": [_block(one) for one in record.opening],
        "sections": [
            {"title": readable(title), "opens_page": section.opens_page, "blocks": [_block(one) for one in section.blocks]}
            for title, section in zip(record.headings(), record.sections, strict=True)
        ],
        "made": record.made,
        "author": readable(record.author),
        "foot": readable(cut(record.foot, 90)),
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"kind": "paragraph", "text": readable(block.text), "tone": block.tone}
        case Facts():
            return {"kind": "facts", "rows": [[readable(name), readable(value)] for name, value in block.rows], "code": block.code}
        case Table():
            return {
                "kind": "table",
                "title": readable(block.title),
                "columns": [{**one._asdict(), "heading": readable(one.heading)} for one in block.columns],
                "rows": [[readable(cell) for cell in row] for row in block.rows],
                "otherwise": readable(block.otherwise),
                "note": readable(block.note),
            }
        case Commands():
            return {"kind": "commands", "lines": [readable(line) for line in block.lines]}
        case Chart():
            return _chart(block)


def _chart(block: Chart) -> dict[str, Any]:
    axis = oversight.axis(block.marks)
    told = "; ".join(f"{mark.label}: {mark.said}" for mark in block.marks)
    return {
        "kind": "chart",
        "title": readable(block.title),
        "told": readable(f"{block.title}. {told}"),
        "ticks": [[share / axis.end, words] for share, words in axis.ticks],
        "marks": [
            {
                "label": readable(cut(mark.label, _LABEL)),
                "said": readable(cut(mark.said, _SAID)),
                **{name: None if share is None else min(share / axis.end, 1) for name, share in
                   (("estimate", mark.estimate), ("low", mark.low), ("high", mark.high))},
            }
            for mark in block.marks
        ],
    }  # fmt: skip
