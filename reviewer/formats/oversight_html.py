"""An oversight record as one page of HTML that loads nothing: no script, no picture, no font, styles inside; every text is escaped."""

import base64
import hashlib
from collections.abc import Iterator
from html import escape

from reviewer.domain import oversight
from reviewer.domain.oversight import Block, Chart, Commands, Facts, OversightRecord, Paragraph, Section, Table, cut, readable

_ROW = 26  # pixels of a chart
_LEFT, _PLOT, _WIDTH = 200, 300, 720  # where the plot begins, how wide it is, how wide all is
_FOOT = 28
_LABEL = 32  # letters that fit left of the plot


def page(record: OversightRecord, *, style: str) -> bytes:
    """The page, UTF-8. style: the CSS that it is shown with; its hash is all that the page's own policy allows."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = f"{record.title}: {record.subject}"
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f'<meta name="author" content="{_text(record.author)}">',
        f"<title>{_text(title)}</title>",
        f"<style>{style}</style>",  # exactly the bytes that were hashed
        "</head>",
        "<body>",
        *_opening(record),
        *_contents(record),
        "<main>",
        *(
            line
            for n, (title, section) in enumerate(zip(record.headings(), record.sections, strict=True), 1)
            for line in _section(n, title, section)
        ),
        "</main>",
        f"<footer>{_text(record.foot)}</footer>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _opening(record: OversightRecord) -> Iterator[str]:
    yield "<header>"
    yield f'<p class="kind">{_text(record.title)}</p>'
    yield f"<h1>{_text(record.subject)}</h1>"
    yield f'<p class="headline">{_text(record.headline)}</p>'
    yield f'<p class="basis">{_text(record.basis)}</p>'
    yield from _facts(record.facts)
    for block in record.opening:
        yield from _paragraph(block)
    yield "</header>"


def _contents(record: OversightRecord) -> Iterator[str]:
    yield '<nav aria-label="Contents">'
    yield "<h2>Contents</h2>"
    yield "<ul>"
    for n, title in enumerate(record.headings(), 1):
        yield f'<li><a href="#s{n}">{_text(title)}</a></li>'
    yield "</ul>"
    yield "</nav>"


def _section(n: int, title: str, section: Section) -> Iterator[str]:
    yield f'<section id="s{n}" aria-labelledby="h{n}">'
    yield f'<h2 id="h{n}">{_text(title)}</h2>'
    for block in section.blocks:
        yield from _block(block)
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from _paragraph(block)
        case Facts():
            yield from _facts(block)
        case Table():
            yield from _table(block)
        case Chart():
            yield from _chart(block)
        case Commands():
            yield f"<pre><code>{_text(chr(10).join(block.lines))}</code></pre>"


def _paragraph(block: Paragraph) -> Iterator[str]:
    kind = "" if block.tone == "plain" else f' class="{block.tone}"'
    yield f"<p{kind}>{_text(block.text)}</p>"


def _facts(block: Facts) -> Iterator[str]:
    yield '<dl class="code">' if block.code else "<dl>"
    for name, value in block.rows:
        yield f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>"
    yield "</dl>"


def _table(block: Table) -> Iterator[str]:
    if not block.rows:
        yield f'<p class="none">{_text(f"{block.title}: {block.otherwise}")}</p>'
        if block.note:
            yield f'<p class="note">{_text(block.note)}</p>'
        return
    yield '<div class="wide"><table>'
    if block.title:
        yield f"<caption>{_text(block.title)}</caption>"
    kinds = [" ".join(kind for kind, holds in (("n", one.numbers), ("c", one.code)) if holds) for one in block.columns]
    marks = [f' class="{kind}"' if kind else "" for kind in kinds]
    heads = "".join(f'<th scope="col"{mark}>{_text(one.heading)}</th>' for one, mark in zip(block.columns, marks, strict=True))
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for row in block.rows:
        yield f"<tr>{''.join(f'<td{mark}>{_text(cell)}</td>' for cell, mark in zip(row, marks, strict=True))}</tr>"
    yield "</tbody></table></div>"
    if block.note:
        yield f'<p class="note">{_text(block.note)}</p>'


def _chart(block: Chart) -> Iterator[str]:
    """Intervals on an axis, as shapes. Whoever cannot see it hears every label and what is said of it."""
    axis = oversight.axis(block.marks)
    height = _ROW * len(block.marks)
    told = "; ".join(f"{mark.label}: {mark.said}" for mark in block.marks)
    yield "<figure>"
    yield f"<figcaption>{_text(block.title)}</figcaption>"
    yield f'<svg viewBox="0 0 {_WIDTH} {height + _FOOT}" role="img" aria-label="{_text(f"{block.title}. {told}")}">'
    for share, words in axis.ticks:
        x = _at(share, axis.end)
        yield f'<line class="grid" x1="{x}" y1="0" x2="{x}" y2="{height}"/>'
        yield f'<text class="tick" x="{x}" y="{height + 18}">{_text(words)}</text>'
    for place, mark in enumerate(block.marks):
        y = place * _ROW + _ROW / 2
        yield f'<text class="label" x="{_LEFT - 10}" y="{y + 4:g}">{_text(cut(mark.label, _LABEL))}</text>'
        if mark.low is not None and mark.high is not None:
            low, high = _at(mark.low, axis.end), _at(mark.high, axis.end)
            yield f'<path class="span" d="M{low} {y:g}H{high}M{low} {y - 4:g}v8M{high} {y - 4:g}v8"/>'
        if mark.estimate is not None:
            yield f'<circle class="point" cx="{_at(mark.estimate, axis.end)}" cy="{y:g}" r="4"/>'
        yield f'<text class="said" x="{_LEFT + _PLOT + 14}" y="{y + 4:g}">{_text(cut(mark.said, 36))}</text>'
    yield "</svg>"
    yield "</figure>"


def _at(share: float, end: float) -> str:
    return f"{_LEFT + _PLOT * min(share / end, 1):.1f}"


def _text(text: str) -> str:
    return escape(readable(text))
