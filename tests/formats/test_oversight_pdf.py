"""Setting an oversight record as a PDF: tagged, with our fonts, pages that break well, and texts that are nothing but text."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from reviewer.domain.oversight import OversightRecord, Paragraph, Section
from reviewer.formats import oversight_pdf
from reviewer.storage import assets
from tests import records


def made(record: OversightRecord) -> PdfReader:
    """The PDF, read again."""
    return PdfReader(BytesIO(document(record)))


def document(record: OversightRecord) -> bytes:
    """Its bytes."""
    return oversight_pdf.document(record, template=assets.resource("report", "record.typ"), fonts=assets.resource("fonts"))


def resources(page: Any) -> Any:
    """What a page is set with."""
    return page["/Resources"]


def words(reader: PdfReader) -> str:
    """All that stands on the pages, with single spaces, and without the places at which a very long word may break."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).replace("\u200b", "").split())


def test_the_pdf_is_tagged_titled_and_numbered_with_our_fonts_inside() -> None:
    reader = made(records.record(rows=60))
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/StructTreeRoot"]
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Oversight record: Airline refunds", "Ada")
    assert str(reader.metadata.creation_date) == "2026-11-28 22:05:00+00:00"
    fonts = {str(font.get_object()["/BaseFont"]).split("+")[1] for page in reader.pages for font in resources(page)["/Font"].values()}
    assert {name.split("-")[0] for name in fonts} <= {"Inter", "JetBrainsMono"}
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 3
    assert all(f"Page {n} of {len(pages)}" in " ".join(text.split()) for n, text in enumerate(pages, 1))
    assert all("Airline refunds · state abababababab" in text for text in pages[1:])


def test_sections_are_bookmarks_and_a_table_repeats_its_headings_on_each_page() -> None:
    reader = made(records.record(rows=90))
    assert [str(one.title) for one in reader.outline if not isinstance(one, list)] == [
        "1. What was asked",
        "2. Figures",
        "Appendix A. Reading beside",
    ]
    of_table = [
        text for page in reader.pages if "Plain words." in (text := page.extract_text()) and "Page 1 of" not in " ".join(text.split())
    ]
    assert len(of_table) > 3
    assert all("Item" in text and "Said" in text for text in of_table)


def test_no_heading_is_left_alone_at_the_foot_of_a_page() -> None:
    sections = tuple(Section(f"Section {n:02}", (Paragraph("Plain words."),) * (1 + n * n % 7)) for n in range(40))
    reader = made(records.record()._replace(sections=sections))
    last = [page.extract_text().split("Made 2026")[0].split("\n") for page in reader.pages if ". . ." not in page.extract_text()]
    assert len(last) >= 5  # one of them ends where a heading would stand alone, were it let
    ends = [[line for line in lines if line.strip()][-1] for lines in last]
    assert {end.strip() for end in ends} == {"Plain words."}


def test_text_that_means_harm_is_set_as_it_stands() -> None:
    found = words(made(records.record(text=records.HOSTILE, subject=records.HOSTILE)))
    assert found.count(" ".join(records.HOSTILE.split())) >= 8


def test_a_hash_can_be_copied_whole_and_letters_that_no_font_shows_are_numbers() -> None:
    found = words(made(records.record(text=records.UNSHOWN, subject="\U0001f642")))
    assert "ab" * 32 in found
    assert "cd" * 32 in found
    assert "\\u202eright-to-left\\u0007" in found
    assert "U+1F642" in found


@pytest.mark.parametrize("record", [records.record(rows=0, marks=0, text=""), records.record(text="x" * 600, subject="y" * 120)])
def test_nothing_and_the_longest_word_can_be_set(record: OversightRecord) -> None:
    reader = made(record)
    assert len(reader.pages) >= 2
    assert record.subject in words(reader).replace(" ", "") or " " in record.subject


def test_the_same_record_makes_the_same_bytes() -> None:
    assert document(records.record()) == document(records.record())
