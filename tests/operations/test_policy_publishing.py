"""From a file to a version: what is proposed, what a person decides, and files that give nothing."""

import io
import threading
import time
from pathlib import Path

import docx
import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.policies import NoClauses
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import policies, policy_publishing, verifying
from reviewer.storage.workspace import Workspace
from tests.pdf_pages import policy

ONE = b"# Refunds\n\n4.1 **Cash.** Cash is given back in the shop.\n\n4.2 **Cards.** A card is credited within five days of the return.\n"
TWO = (
    b"# Refunds\n\n4.1 **Fees.** No fee of any kind is taken for it.\n\n4.2 **Cash.** Cash is given back in the shop.\n\n"
    b"4.3 **Money on cards.** Cards get their money within ten days of the return.\n"
)


def _propose(workspace: Workspace, content: bytes) -> policy_publishing.Proposal:
    return policy_publishing.propose_text(workspace, SILENT, key="refunds", content=content, name="refunds.md").value


def _publish(workspace: Workspace, content: bytes, **matches: str | None) -> policy_publishing.Added:
    chosen = {name.replace("_", "."): key for name, key in matches.items()}
    return policy_publishing.publish_policy(workspace, SILENT, proposal=_propose(workspace, content), matches=chosen).value


def test_what_is_sure_keeps_its_key_and_what_is_likely_gets_a_new_one_and_is_named(workspace: Workspace) -> None:
    _publish(workspace, ONE)
    proposal = _propose(workspace, TWO)
    assert [(one.new.clause, one.old and one.old.clause, one.like and one.like.clause) for one in proposal.matches] == [
        ("4.1", None, None), ("4.2", "4.1", None), ("4.3", None, "4.2"),
    ]  # fmt: skip
    assert [one.clause for one in proposal.gone] == ["4.2"]
    done = policy_publishing.publish_policy(workspace, SILENT, proposal=proposal).value
    assert [(one.clause, one.number) for one in done.clauses] == [("4.1-2", "4.1"), ("4.1", "4.2"), ("4.3", "")]
    assert [(one.clause, one.like) for one in done.asked] == [("4.3", "4.2")]
    shown = policies.show_policy(workspace, SILENT, key="refunds", number=2).value
    assert [one.clause for one, _ in shown.clauses] == ["4.1-2", "4.1", "4.3"]
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok


def test_what_a_person_decides_is_published(workspace: Workspace) -> None:
    _publish(workspace, ONE)
    done = _publish(workspace, TWO, **{"4_3": "4.2"})
    assert [(one.clause, one.number) for one in done.clauses] == [("4.1-2", "4.1"), ("4.1", "4.2"), ("4.2", "4.3")]
    assert [new.clause for _, new in done.difference.changed] == ["4.2"]
    assert done.asked == ()
    again = _publish(workspace, TWO)
    assert (again.known, again.version.number) == (True, 2)


def test_a_key_is_never_used_again_for_another_clause(workspace: Workspace) -> None:
    _publish(workspace, ONE)
    _publish(workspace, b"# Refunds\n\n4.1 **Cash.** Cash is given back in the shop.\n")
    done = _publish(workspace, ONE.replace(b"A card is credited within five days of the return.", b"Nobody may speak of weapons."))
    assert [(one.clause, one.number) for one in done.clauses] == [("4.1", ""), ("4.2-2", "4.2")]


@pytest.mark.parametrize(
    ("matches", "error"), [({"9": "4.1"}, NotFound), ({"4.3": "9"}, NotFound), ({"4.1": "4.1", "4.2": "4.1"}, Refused)]
)
def test_a_match_that_cannot_be_leaves_everything_as_it_is(
    workspace: Workspace, matches: dict[str, str | None], error: type[Exception]
) -> None:
    _publish(workspace, ONE)
    with pytest.raises(error):
        policy_publishing.publish_policy(workspace, SILENT, proposal=_propose(workspace, TWO), matches=matches)
    (standing,) = policies.list_policies(workspace, SILENT).value
    assert len(standing.versions) == 1


def test_what_was_proposed_before_somebody_else_published_is_refused(workspace: Workspace) -> None:
    _publish(workspace, ONE)
    proposal = _propose(workspace, TWO)
    _publish(workspace, ONE.replace(b"five", b"six"))
    with pytest.raises(Refused, match="published meanwhile"):
        policy_publishing.publish_policy(workspace, SILENT, proposal=proposal)


def test_two_clauses_with_one_number_are_refused_with_the_number(workspace: Workspace) -> None:
    with pytest.raises(NoClauses, match=r"Two clauses of refunds\.md bear the number 4\.2") as refusal:
        _publish(workspace, b"4.1 One.\n\n4.2 Two.\n\n4.2 Three.\n")
    assert refusal.value.code == "E307"
    assert policies.list_policies(workspace, SILENT).value == ()


def _word() -> bytes:
    document = docx.Document()
    document.add_heading("Refunds", 0)
    document.add_paragraph("4.1 Cash is given back in the shop.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_and_pdf_files_are_published_and_kept_as_they_came(workspace: Workspace, tmp_path: Path) -> None:
    for name, content, count in (("a.docx", _word(), 1), ("b.pdf", policy(2, 5), 10)):
        (tmp_path / name).write_bytes(content)
        done = policies.add_policy(workspace, SILENT, key=name[0], path=tmp_path / name).value
        assert len(done.clauses) == count
        with workspace.read() as reading:
            assert reading.blob(done.version.source) == content


@pytest.mark.parametrize("content", [b"%PDF-1.4\n%%EOF", b"PK\x03\x04nothing", policy(1, 1)[:-300], _word()[:-40]])
def test_a_broken_word_or_pdf_file_is_e307(workspace: Workspace, content: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoClauses, match=r"No clause was found in x\."):
        policies.add_text(workspace, SILENT, key="x", content=content, name="x")
    assert capfd.readouterr() == ("", "")


def test_reading_a_long_pdf_shows_its_pages_and_can_be_stopped(workspace: Workspace) -> None:
    content = policy(60, 30, pages=300, clause_lines=5)
    seen: list[Progress] = []
    begun = threading.Event()

    def report(progress: Progress) -> None:
        seen.append(progress)
        if progress.total == 300:
            begun.set()
            ticket.cancel()

    ticket = Ticket(report)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        policies.add_text(workspace, ticket, key="x", content=content, name="x.pdf")
    assert begun.is_set()
    assert time.monotonic() - began < 20
    assert policies.list_policies(workspace, SILENT).value == ()
