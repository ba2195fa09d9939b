"""What a person is told about a bundle that cannot be taken in, by each command that reads one. JOURNAL.md section 5."""

import os
import re
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.cli.line import run
from reviewer.domain.progress import SILENT
from reviewer.operations import bundling, joining, members, revoking
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds

_COMMANDS = (("bundle", "apply"), ("bundle", "inspect"), ("sync",))
_TAKING = (("bundle", "apply"), ("sync",))


class Bench:
    """Ada's and Ben's workspaces, what they sent each other, and files that are no good bundles."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ada = worlds.ready(folder / "ada")
        self.ben = self._joined(ada, "ben")
        cleo = self._joined(ada, "cleo")
        with closing(Workspace.open(cleo)) as hers:
            bundling.apply_bundle(hers, SILENT, source=self._made(ada, "to-cleo", members=["Cleo"]))
            self._made(hers, "from-revoked", members=["Ben"])
        revoking.revoke_member(ada, SILENT, name="Cleo", reason="lost")
        all_of_it = self._made(ada, "all", members=["Ben"])
        (folder / "to-cleo.rvb").rename(folder / "for-cleo.rvb")
        other = worlds.make(folder / "other", seed=5)
        members.admit_request(other, SILENT, request=joining.read_request(folder / "ben.json")[0])
        self._made(other, "other-project", members=["Ben"])
        other.close()
        ada.close()
        with closing(Workspace.open(self.ben)) as ben:
            bundling.apply_bundle(ben, SILENT, source=all_of_it)
        raw = all_of_it.read_bytes()
        for name, length in (("cut-in-header", 40), ("cut-behind-header", raw.index(b"\n--- ") + 60), ("empty", 0)):
            (folder / f"{name}.rvb").write_bytes(raw[:length])
        (folder / "cut-late.rvb").write_bytes(raw[:-1])
        (folder / "changed.rvb").write_bytes(raw[:-9] + bytes([raw[-9] ^ 1]) + raw[-8:])
        (folder / "changed-first.rvb").write_bytes(b"x" + raw[1:])
        (folder / "words.rvb").write_text("Dear Ben, here are my labels.")
        (folder / "folder.rvb").mkdir()
        with (folder / "huge.rvb").open("wb") as stream:
            os.truncate(stream.fileno(), (256 << 20) + 1)

    def _joined(self, ada: Workspace, name: str) -> Path:
        request = self.folder / f"{name}.json"
        joining.join_project(self.folder / name, member=name.title(), request=request)
        members.admit_request(ada, SILENT, request=joining.read_request(request)[0])
        return self.folder / name

    def _made(self, workspace: Workspace, name: str, *, members: list[str]) -> Path:
        return bundling.create_bundle(workspace, SILENT, target=self.folder / f"{name}.rvb", members=members).value.files[0]

    def digest(self) -> str:
        """What Ben's workspace says."""
        with closing(Workspace.open(self.ben)) as ben:
            return replicas.digest(ben)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("messages")
        patch.setenv("REVIEWER_CONFIG", str(folder / "config"))
        return Bench(folder)


@pytest.fixture(autouse=True)
def keys_of_the_bench(bench: Bench, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_CONFIG", str(bench.folder / "config"))
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(bench.ben))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, list[str]]:
    """Exit code, standard output, the lines of standard error."""
    capsys.readouterr()
    code = run(arguments).code
    out, err = capsys.readouterr()
    return code, out, err.splitlines()


@pytest.mark.parametrize("command", _COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("empty", {"E201", "E203"}),
        ("cut-in-header", {"E201", "E203"}),
        ("cut-behind-header", {"E203", "E204"}),
        ("cut-late", {"E203", "E204"}),
        ("changed", {"E204"}),
        ("changed-first", {"E201"}),
        ("words", {"E201"}),
        ("huge", {"E207"}),
        ("folder", {"E201"}),
        ("for-cleo", {"E202"}),
    ],
)
def test_what_cannot_be_read_is_refused_in_two_lines_and_changes_nothing(
    bench: Bench, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], name: str, codes: set[str]
) -> None:
    before = bench.digest()
    code, out, err = said(capsys, *command, str(bench.folder / f"{name}.rvb"))
    assert (code, out, len(err)) == (2, "", 2), err
    found = re.fullmatch(r"error: .+[.!?] \[(E\d{3})\]", err[0])
    assert found is not None, err
    assert found[1] in codes
    assert re.fullmatch(r"hint: .+[.!?]", err[1])
    assert bench.digest() == before
    assert not list((bench.ben / "quarantine").glob("*"))


@pytest.mark.parametrize("command", _TAKING, ids=" ".join)
def test_a_bundle_of_another_project_is_refused(bench: Bench, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    before = bench.digest()
    code, out, err = said(capsys, *command, str(bench.folder / "other-project.rvb"))
    assert (code, out, len(err)) == (2, "", 2), err
    assert err[0].startswith("error: It belongs to project ")
    assert err[0].endswith("[E206]")
    assert bench.digest() == before


@pytest.mark.parametrize("command", _TAKING, ids=" ".join)
def test_a_bundle_that_came_before_is_nothing_new_and_no_error(
    bench: Bench, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    before = bench.digest()
    code, out, err = said(capsys, *command, str(bench.folder / "all.rvb"))
    assert code == 0, err
    assert re.search(r"Nothing new \([\d,]+ known\)\. \[E208\]", out + "\n".join(err))
    assert bench.digest() == before


def test_the_text_of_a_name_is_escaped(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "bundle", "apply", str(bench.folder / "\x1b[31m\u202egone.rvb"))
    assert (code, out, len(err)) == (2, "", 2), err
    assert err[0].endswith("[E002]")
    assert all(line.isprintable() for line in err)


def test_an_older_copy_is_told_on_standard_error(bench: Bench, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lone = tmp_path / "lone"
    assert run(("--workspace", str(lone), "init", "--as", "Lone")).code == 0
    older = (lone / "reviewer.db").read_bytes()
    assert not (lone / "reviewer.db-wal").exists()
    assert run(("--workspace", str(lone), "member", "add", "Two", "--here")).code == 0
    (lone / "reviewer.db").write_bytes(older)
    code, _out, err = said(capsys, "--workspace", str(lone), "member", "list")
    assert code == 0
    assert [line for line in err if line.startswith("note: This is an older copy (missing ") and line.endswith("[E108]")], err


@pytest.mark.parametrize("command", _TAKING, ids=" ".join)
def test_what_a_revoked_device_sent_is_kept_aside_and_said(
    bench: Bench, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    before = bench.digest()
    code, _out, err = said(capsys, *command, str(bench.folder / "from-revoked.rvb"))
    assert code == 0, err
    assert [
        line for line in err if line.startswith("note: Sender not enrolled: kept in quarantine, not counted.") and line.endswith("[E205]")
    ]
    assert bench.digest() == before
    kept = list((bench.ben / "quarantine").glob("*.rvb"))
    assert len(kept) == 1
    kept[0].unlink()


def test_who_may_not_is_told_so(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    before = bench.digest()
    code, out, err = said(capsys, "member", "add", "Zoe", "--here")
    assert (code, out, len(err)) == (2, "", 2), err
    assert err[0].endswith("[E601]")
    assert bench.digest() == before


def test_what_is_no_database_is_called_damaged(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "reviewer.db").write_bytes(b"These are words. " * 1_000)
    code, out, err = said(capsys, "--workspace", str(tmp_path), "items")
    assert (code, out, len(err)) == (2, "", 2), err
    assert err[0].endswith("[E106]")
    assert (tmp_path / "reviewer.db").read_bytes() == b"These are words. " * 1_000
