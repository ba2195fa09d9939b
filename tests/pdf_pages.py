"""A small writer of PDF files: pages of lines, each at its place and in its size, in Helvetica or its bold."""

from collections.abc import Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """A line on a page. y: from below, in points."""

    text: str
    y: float
    size: float = 11
    bold: bool = False


def pdf(pages: Sequence[Sequence[Line]]) -> bytes:
    """A PDF of these pages."""
    objects = [b"", b"", _font("Helvetica"), _font("Helvetica-Bold")]
    kids = []
    for lines in pages:
        stream = "".join(
            f"BT /{'B' if one.bold else 'R'} {one.size} Tf 72 {one.y} Td ({_escaped(one.text)}) Tj ET\n" for one in lines
        ).encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /R 3 0 R /B 4 0 R >> >> >>" % len(objects)
        )
        kids.append(len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return written + end % (len(objects) + 1, table, len(objects) + 1, len(written))


_BEGIN = "never pays a refund twice, and it asks for the number"
_MORE = "of the order and for a receipt before it does anything else for the customer who called"


def policy(sections: int, clauses: int, *, pages: int = 1, clause_lines: int = 2) -> bytes:
    """A policy as people set them: a title, sections in bold, numbered paragraphs, a name above and a number below each page.

    pages: how many its clauses are spread over, as far as they fit.
    """
    every: list[list[Line]] = []
    for section in range(1, sections + 1):
        for number in range(1, clauses + 1):
            done = (section - 1) * clauses + number - 1
            if not every or every[-1][-1].y < 80 + 14 * clause_lines or len(every) * sections * clauses <= pages * done:
                every.append([Line("Larkfield, internal", 820, 9)])
            page = every[-1]
            if done == 0:
                page.append(Line("Refund policy", 780, 20, bold=True))
            if number == 1:
                page.append(Line(f"{section} Section number {section}", page[-1].y - 40, 14, bold=True))
            y = page[-1].y - 28
            page.append(Line(f"{section}.{number} The agent of desk {section * 100 + number} {_BEGIN}", y))
            page.extend(Line(_MORE + "." * (more == clause_lines - 1), y - 14 * more) for more in range(1, clause_lines))
    return pdf([[*page, Line(f"Page {number} of {len(every)}", 30, 9)] for number, page in enumerate(every, 1)])


def _font(name: str) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name.encode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
