"""Oversight records made by hand, for what renders them: everything that a record may hold, and text that means harm."""

from collections.abc import Iterable

from reviewer.domain.oversight import Block, Chart, Column, Commands, Facts, Mark, OversightRecord, Paragraph, Section, Table

HOSTILE = '<script>alert(1)</script> #panic("x") $x$ *b* _i_ @ref <label> \\ " \' & ]] }} //c /*'
UNSHOWN = "退款 \U0001f642 \u0e01 \u202eright-to-left\u0007"


def record(*, rows: int = 3, subject: str = "Airline refunds", text: str = "Plain words.", marks: int = 3) -> OversightRecord:
    """A record with one of each kind of block. rows: of its table; text: what stands wherever imported text may stand."""
    table = Table(
        "A table",
        (Column("Item", 1, code=True), Column("Said", 3), Column("n", 1, numbers=True)),
        tuple((f"{place:064x}", text, f"{place:,}") for place in range(rows)),
        "There is no row.",
        text,
    )
    chart = Chart(
        "Rates by model",
        (
            *(Mark(f"model-{n} {text}", 0.1 + n / 100, 0.05, 0.2 + n / 100, f"{10 + n}.00% {text}") for n in range(marks)),
            Mark("none", None, None, None, "too few"),
        ),
    )
    return OversightRecord(
        title="Oversight record",
        subject=subject,
        headline="12.34% violation rate",
        basis=f"95% interval 10.10% to 14.90%; {text}",
        facts=Facts((("Project", text), ("State digest", "ab" * 32))),
        opening=(Paragraph(f"First line.\n{text}"), Paragraph(text, "note")),
        sections=(
            Section("What was asked", (Paragraph(text, "warning"), table, table._replace(rows=()))),
            Section("Figures", (chart, Commands((f"reviewer verify {text}",)))),
            Section("Reading beside", (Facts((("Hash", "cd" * 32),), code=True),), appendix=True),
        ),
        made="2026-11-28T22:05:00.250Z",
        author="Ada",
        foot=f"{subject} · state abababababab",
    )


def texts(blocks: Iterable[Block]) -> list[str]:
    """Every text of some blocks, in the order in which it is read."""
    found: list[str] = []
    for block in blocks:
        match block:
            case Paragraph():
                found.append(block.text)
            case Facts():
                found += [text for row in block.rows for text in row]
            case Table():
                rows = [*block.rows] if block.rows else [(block.otherwise,)]
                heads = [column.heading for column in block.columns] if block.rows else []
                found += [block.title, *heads, *(cell for row in rows for cell in row), *([block.note] if block.note else [])]
            case Chart():
                found += [block.title, *(text for mark in block.marks for text in (mark.label, mark.said))]
            case Commands():
                found += block.lines
    return found
