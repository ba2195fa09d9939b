"""Policies from Word and PDF files: headings, numbers, lists and tables as a reader sees them, and files that are none of it."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reviewer.domain import policy_text
from reviewer.formats import policy_files
from tests.pdf_pages import Line, pdf, policy


def _read(content: bytes) -> str:
    return policy_files.text_of(content, lambda _done, _total: None)


def _keys(content: bytes) -> list[str]:
    return [one.clause for one in policy_text.read(_read(content)).clauses]


def _word(build: Callable[[Document], object]) -> bytes:
    document = docx.Document()
    build(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _numbered(document: Document) -> None:
    document.add_heading("Refund policy", 0)
    document.add_heading("2 Acting", 1)
    document.add_paragraph("2.1 Ask first. The agent says what it will do.")
    paragraph = document.add_paragraph("2.2 ")
    paragraph.add_run("True statements.").bold = True
    paragraph.add_run(" The agent says only what the record supports.")
    document.add_heading("Rules for everyone", 1)
    document.add_paragraph("Never ask for a password.", style="List Bullet")
    document.add_paragraph("Never repeat the number of a card.", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Action", "When", "Refund | credit", "Within 30 days"), strict=True
    ):
        cell.text = text


def test_a_word_file_gives_its_headings_numbers_bullets_and_rows() -> None:
    found = policy_text.read(_read(_word(_numbered)))
    assert found.title == "Refund policy"
    assert [one.clause for one in found.clauses] == ["2.1", "2.2", *(f"rules-for-everyone.{n}" for n in (1, 2, 3))]
    assert found.clauses[1].text.endswith("The agent says only what the record supports.")
    assert found.clauses[-1].text == "Action: Refund | credit\nWhen: Within 30 days"


def test_the_numbers_that_word_counts_itself_are_those_that_it_prints() -> None:
    def build(document: Document) -> None:
        levels = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{text}"/></w:lvl>'
            for depth, text in enumerate(("%1", "%1.%2"))
        )
        numbering = document.part.numbering_part.element
        numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
        for depth, text, style in (
            (0, "Asking", "Heading 1"),
            (1, "Ask first.", None),
            (1, "Wait for a yes.", None),
            (0, "Paying", "Heading 1"),
            (1, "Pay once.", None),
        ):
            paragraph = document.add_paragraph(text, style=style)
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>')
            )

    assert _keys(_word(build)) == ["1.1", "1.2", "2.1"]


def test_inserted_words_are_read_and_deleted_ones_are_not() -> None:
    def build(document: Document) -> None:
        paragraph = document.add_paragraph("1.1 Within ")._p
        paragraph.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>14</w:t></w:r></w:ins>"))
        paragraph.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>30</w:delText></w:r></w:del>"))
        paragraph.append(parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve"> days.</w:t></w:r>'))

    assert "1.1 Within 14 days." in _read(_word(build))


def test_no_entity_of_a_word_file_reaches_a_file_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("top secret")
    whole = _word(lambda document: document.add_paragraph("1.1 Marker. Never."))
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(changed, "w") as target:
        for info in source.infolist():
            raw = source.read(info)
            if info.filename == "word/document.xml":
                head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path / "secret"}">]><w:document'.encode()
                raw = raw.replace(b"<w:document", head, 1).replace(b"Marker", b"&e;")
            target.writestr(info, raw)
    assert "top secret" not in _read(changed.getvalue())


def test_a_pdf_gives_headings_and_numbered_paragraphs_without_heads_and_feet_of_pages() -> None:
    found = policy_text.read(_read(policy(3, 10, pages=3)))
    assert found.title == "Refund policy"
    assert [one.clause for one in found.clauses] == [f"{section}.{clause}" for section in (1, 2, 3) for clause in range(1, 11)]
    assert all(
        one.text.endswith("asks for the number of the order and for a receipt before it does anything else for the customer who called.")
        for one in found.clauses
    )


def test_how_lines_are_broken_is_no_part_of_a_pdf_clause() -> None:
    first = pdf(
        [
            [
                Line("Rules for agents of the house", 780, 18),
                Line("2.1 The agent never pays anything twice, and asks", 740),
                Line("for the number of the order before it acts.", 726),
                Line("2.2 Another one.", 698),
            ]
        ]
    )
    second = pdf(
        [
            [
                Line("Rules for agents of the house", 780, 18),
                Line("2.1 The agent never pays anything twice,", 740),
                Line("and asks for the number of the order before it acts.", 726),
                Line("2.2 Another one.", 698),
            ]
        ]
    )
    assert policy_text.read(_read(first)).clauses == policy_text.read(_read(second)).clauses


def test_a_pdf_of_three_hundred_pages_is_read_page_by_page() -> None:
    content = policy(60, 30, pages=300, clause_lines=5)
    told: list[tuple[int, int]] = []
    began = time.process_time()
    text = policy_files.text_of(content, lambda done, total: told.append((done, total)))
    assert time.process_time() - began < 60
    assert told == [(page, 300) for page in range(1, 301)]
    assert len(policy_text.read(text).clauses) == 1_800


@pytest.mark.parametrize("name", ["inspect_ai/attention.pdf", "tau2-bench/tech_support_path1_no_service.pdf"])
def test_real_pdfs_are_read(real_data: Path, name: str) -> None:
    text = _read((real_data / "media" / name).read_bytes())
    assert len(text.split()) > 100


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe\x00", "not UTF-8"), (b"1. a\x00", "not text"), (b"1. a\n" * 300_000, "longer than 1 MB"),
        (pdf([[], []]), "pictures of pages"), (b"PK" + b"\x05\x06" + bytes(18), "no Word document"),
    ],
    ids=["bytes", "nul", "long", "empty-pdf", "empty-zip"],
)  # fmt: skip
def test_what_is_no_policy_file_says_why(content: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        _read(content)


def test_a_word_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (65 << 20))
    with pytest.raises(ValueError, match="64 MB"):
        _read(stream.getvalue())
