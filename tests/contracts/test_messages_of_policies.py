"""What a person is told of policies that are none, citations that cannot be, and second looks at nothing. Nothing is half-written."""

import io
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from tests.cli.conftest import Cli
from tests.pdf_pages import policy

GOOD = "# Refunds\n\n4.1 **Cash.** Cash is given back in the shop.\n\n4.2 **Cards.** A card is credited within five days.\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_096)  # how Word wraps a document that is locked with a password
NO_CLAUSE = "No clause was found in "


def word(text: str = "4.1 Cash is given back in the shop.") -> bytes:
    """A Word file with one paragraph."""
    document = docx.Document()
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def rezipped(raw: bytes, name: str, content: bytes) -> bytes:
    """A packed file with one part exchanged."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            target.writestr(info, content if info.filename == name else source.read(info))
    return stream.getvalue()


def locked(raw: bytes) -> bytes:
    """A PDF that only a password opens."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(raw)))
    writer.encrypt("correct horse", algorithm="AES-256")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def laughing() -> bytes:
    """A Word file of entities that name each other: a billion laughs."""
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    with zipfile.ZipFile(io.BytesIO(word())) as archive:
        raw = archive.read("word/document.xml")
    raw = raw.replace(b"<w:document", f"<!DOCTYPE x [{entities}]><w:document".encode(), 1).replace(b"Cash is", b"&a9;")
    return rezipped(word(), "word/document.xml", raw)


@pytest.fixture
def refunds(cli: Cli, campaign: str, tmp_path: Path) -> str:
    """The policy `refunds`, in force, and the campaign `refunds` that is judged by it; the item that is up there."""
    (tmp_path / "good.md").write_text(GOOD)
    assert cli("policy", "add", "refunds", str(tmp_path / "good.md")).code == 0
    return str(cli("next", campaign, "--json").json["id"])


@contextmanager
def unchanged(cli: Cli) -> Iterator[None]:
    """What is in the block leaves neither an entry nor a state behind."""
    before = cli("verify", "--json").json
    yield
    after = cli("verify", "--json").json
    assert after["ok"]
    assert (after["entries"], after["digest"], after["set_digest"]) == (before["entries"], before["digest"], before["set_digest"])


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("prose.md", b"Be kind to everybody.", NO_CLAUSE),
        ("twice.md", b"# R\n\n4.1 One.\n\n4.2 Two.\n\n4.2 Three.\n", "Two clauses of "),
        ("locked.docx", OLE, NO_CLAUSE),
        ("garbage.docx", b"PK\x03\x04" + bytes(range(256)) * 40, NO_CLAUSE),
        ("bomb.docx", rezipped(word(), "word/document.xml", b" " * (65 << 20)), NO_CLAUSE),
        ("laughs.docx", laughing(), NO_CLAUSE),
        ("locked.pdf", locked(policy(1, 3)), NO_CLAUSE),
        ("garbage.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40, NO_CLAUSE),
        ("cut.pdf", policy(2, 5)[:900], NO_CLAUSE),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_file_that_is_no_policy_is_refused_within_seconds_and_writes_nothing(
    cli: Cli, refunds: str, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    began = time.monotonic()
    with unchanged(cli):
        what, hint = cli("policy", "add", "refunds", str(tmp_path / name)).refused()
    assert time.monotonic() - began < 60
    assert what.startswith(says)
    assert what.endswith("[E307]")
    assert hint.endswith(".")


def test_nothing_of_this_machine_is_read_through_a_word_file(cli: Cli, refunds: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("top secret")
    with zipfile.ZipFile(io.BytesIO(word())) as archive:
        raw = archive.read("word/document.xml")
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path / "secret"}">]><w:document'.encode()
    raw = raw.replace(b"<w:document", head, 1).replace(b"Cash is", b"Cash &e; is")
    (tmp_path / "entity.docx").write_bytes(rezipped(word(), "word/document.xml", raw))
    said = cli("policy", "add", "refunds", str(tmp_path / "entity.docx"), "--json")
    assert "Traceback" not in said.err
    told = said.out + said.err + (cli("policy", "show", "refunds", "--version", "2").out if said.code == 0 else "")
    assert "top secret" not in told


def test_a_policy_of_three_hundred_pages_is_read_by_one_command(cli: Cli, refunds: str, tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(policy(60, 30, pages=300, clause_lines=5))
    began = time.monotonic()
    said = cli("policy", "add", "long", str(tmp_path / "long.pdf"), "--json")
    assert said.code == 0, said.err
    assert len(said.json["clauses"]) == 1_800
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("label", "refunds", "ITEM", "--verdict", "non_compliant", "--clause", "9.9"), "E001"),
        (("label", "refunds", "ITEM", "--verdict", "non_compliant", "--clause", "none:4.1"), "E002"),
        (("label", "refunds", "ITEM", "--verdict", "non_compliant", "--clause", "refunds@7:4.1"), "E002"),
        (("label", "refunds", "ITEM", "--verdict", "non_compliant", "--span", "2:0:90000"), "E001"),
        (("label", "refunds", "ITEM", "--verdict", "non_compliant", "--span", "2:9:3"), "E001"),
        (("label", "refunds", "ITEM", "--verdict", "non_compliant", "--span", "99:0:1"), "E001"),
        (("label", "refunds", "ITEM", "--verdict", "non_compliant", "--span", "3.1@#/nowhere:0:1"), "E001"),
        (("label", "refunds", "ITEM", "--verdict", "non_compliant", "--span", "2:0:3:9.9"), "E001"),
        (("label", "few", "OUTSIDE", "--verdict", "compliant"), "E001"),
        (("policy", "add", "refunds", "GOOD", "--match", "nonsense"), "E003"),
        (("policy", "add", "refunds", "NEW", "--match", "9.9=4.2"), "E002"),
        (("policy", "add", "refunds", "NEW", "--match", "4.1=9.9"), "E002"),
        (("policy", "add", "refunds", "/nowhere/at all.md"), "E307"),
        (("policy", "activate", "refunds", "9"), "E002"),
        (("policy", "diff", "refunds", "1", "9"), "E002"),
        (("policy", "stale", "none"), "E002"),
        (("policy", "stale", "refunds", "--clause", "9.9", "--requeue"), "E002"),
        (("policy", "stale", "refunds", "--requeue"), "E001"),
        (("campaign", "requeue", "refunds", "--query", ""), "E001"),
        (("campaign", "requeue", "refunds", "--query", "agent:nobody"), "E001"),
        (("campaign", "requeue", "refunds", "--item", "OUTSIDE"), "E001"),
        (("campaign", "requeue", "refunds", "--item", "ffffffff"), "E002"),
        (("campaign", "requeue", "refunds"), "E003"),
        (("campaign", "requeue", "refunds", "--query", "", "--why", "boredom"), "E003"),
        (("resolve", "few", "OUTSIDE", "--verdict", "compliant", "--rationale", "x"), "E001"),
        (("resolve", "refunds", "ITEM", "--verdict", "maybe", "--rationale", "x"), "E001"),
        (("resolve", "refunds", "ITEM", "--verdict", "compliant", "--rationale", ""), "E001"),
        (("resolve", "refunds", "ITEM", "--verdict", "compliant", "--rationale", "x", "--clause", "9.9"), "E001"),
        (("resolve", "refunds", "ITEM", "--verdict", "policy_at_fault", "--rationale", "x"), "E001"),
        (("resolve", "refunds", "ITEM", "--send-back"), "E001"),
        (("resolve", "refunds", "ITEM", "--send-back", "--verdict", "compliant"), "E003"),
        (("disputes", "nowhere"), "E002"),
        (("disputes", "refunds", "ffffffff"), "E002"),
        (("aggregate", "refunds", "--method", "nonsense"), "E001"),
        (("agreement", "nowhere"), "E002"),
        (("aggregate", "nowhere"), "E002"),
        (("report", "nowhere", "RECORD"), "E002"),
        (("report", "refunds", "RECORD"), "E001"),
        (("report", "refunds", "GOOD"), "E001"),
        (("story", "ffffffff"), "E002"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_what_cannot_be_is_refused_in_two_lines_and_writes_nothing(
    cli: Cli, refunds: str, tmp_path: Path, command: tuple[str, ...], code: str
) -> None:
    assert cli("campaign", "create", "few", "--query", "agent:claims", "--assign", "all").code == 0
    outside = cli("items", "agent:support", "--json").json["items"][0]["id"]
    (tmp_path / "new.md").write_text(GOOD.replace("five days", "ten days"))
    names = {
        "ITEM": refunds,
        "OUTSIDE": outside,
        "GOOD": str(tmp_path / "good.md"),
        "NEW": str(tmp_path / "new.md"),
        "RECORD": str(tmp_path / "r.pdf"),
    }
    with unchanged(cli):
        what, hint = cli(*(names.get(word, word) for word in command)).refused()
    assert what.endswith(f"[{code}]")
    assert hint[-1] in ".!?`"


@pytest.mark.parametrize("command", ["agreement", "aggregate", "disputes"])
def test_a_campaign_without_labels_has_no_figures_and_says_so(cli: Cli, refunds: str, command: str) -> None:
    with unchanged(cli):
        said, told = cli(command, "refunds", "--json"), cli(command, "refunds")
    assert (said.code, told.code) == (0, 0), said.err
    found = said.json
    assert not any(found.get(name) for name in ("alpha", "ac1", "raw", "items", "labels"))
    assert told.out.strip()
