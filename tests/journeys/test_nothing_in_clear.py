"""A day's work in a workspace, and then a search of every file that it left: an encrypted one shows none of its texts, a plain one does."""

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.formats.format import Options
from reviewer.operations import campaigns, importing, labelling, queues, releasing, searching, verifying
from reviewer.storage import assets, driver, keys, migrations
from reviewer.storage.workspace import Workspace
from tests.clear_text import files_with
from tests.runs import chat_record
from tests.storage.test_migrations import SECOND

PASSPHRASE = "correct horse battery"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"the bytes of a picture that somebody sent along"
ASKED = "The parcel of Mrs Aldermaston arrived in pieces."
RATIONALE = "A rationale that quotes the parcel."
DRAFT = "A draft that was begun and never recorded."
REJECTED = "a record that cannot be read, with known text"
GUIDELINES = "Guidelines that nobody else should see."
TEXTS = (PICTURE, ASKED, RATIONALE, DRAFT, REJECTED, GUIDELINES, "campaign of the known name")


def runs(path: Path) -> Path:
    """Ten runs with a known text and a picture, and a line that is rejected."""
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"}}
    asked = {"role": "user", "content": [{"type": "text", "text": ASKED}, picture]}
    records = [chat_record(number) for number in range(10)]
    lines = [json.dumps({**record, "messages": [asked, *record["messages"][2:]]}) for record in records]  # type: ignore[index] # a list
    path.write_text("\n".join([*lines, json.dumps({"messages": REJECTED})]) + "\n")
    return path


def days_work(workspace: Workspace, source: Path, out: Path) -> None:
    """Import, search, label, draft, verify, rebuild, release."""
    report = importing.import_files(workspace, SILENT, paths=[str(source)], options=Options()).value
    assert (report.added, report.rejected) == (10, 1)
    assert REJECTED in str(importing.rejects_of(workspace, report))
    assert searching.search(workspace, SILENT, text='"parcel of Mrs Aldermaston"').value.rows
    rules = Campaign(name="campaign of the known name", query="", seed="s")
    campaign = campaigns.create_campaign(workspace, SILENT, rules=rules, guidelines=GUIDELINES).value.id
    first, second = (one.id for one in queues.next_items(workspace, SILENT, campaign=rules.name, limit=2).value)
    labelling.label_item(workspace, SILENT, campaign=rules.name, item=first, opinion=Opinion(verdict="compliant", rationale=RATIONALE))
    draft = Opinion(verdict="non_compliant", rationale=DRAFT)
    labelling.save_draft(workspace, SILENT, campaign=campaign, item=second, opinion=draft)
    for rebuild in (False, True):
        assert verifying.verify(workspace, SILENT, rebuild=rebuild).value.ok
    releasing.release_dataset(workspace, SILENT, campaigns=[rules.name], out=out)


@pytest.fixture
def searched(tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, ...]:
    """The folders that must show nothing: workspace, configuration and caches, and the system's temporary folder."""
    places = (tmp_path / "w", own_home, tmp_path / "tmp")
    places[2].mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(places[2]))
    monkeypatch.setattr("tempfile.tempdir", None)
    return places


@pytest.fixture
def revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program that knows one revision more: opening a workspace makes a copy first."""
    folder = tmp_path / "db"
    shutil.copytree(assets.migrations(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9001_second.py").write_text(SECOND.format(before=migrations.newest(), then=""))
    with monkeypatch.context() as patch:
        patch.setattr(assets, "migrations", lambda: folder)
        yield


@pytest.mark.parametrize("passphrase", [PASSPHRASE, None], ids=["encrypted", "plain"])
def test_only_a_plain_workspace_shows_what_was_done_in_it(
    passphrase: str | None, searched: tuple[Path, ...], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = searched[0]
    workspace = Workspace.create(folder, member="Ada", project="a project of known name", passphrase=passphrase)
    source = runs(tmp_path / "runs.jsonl")
    days_work(workspace, source, tmp_path / "released")
    open_files = {Path(name).name for name in files_with(searched, TEXTS)}
    assert (folder / "reviewer.db-wal").stat().st_size > 0
    workspace.close()
    request.getfixturevalue("revision")
    again = Workspace.open(folder, passphrase=passphrase)
    with again.read() as reading:
        payloads = [
            bytes(payload)
            for (payload,) in reading.rows("SELECT payload FROM item UNION SELECT content FROM blob WHERE length(content) > 64")
        ]
    again.close()
    assert (folder / "backups" / "before-9001-1.db").is_file()
    left = [str(Path(name).relative_to(tmp_path)) for name in files_with(searched, (*TEXTS, *payloads)) if name.startswith(str(tmp_path))]
    if passphrase is None:
        assert "reviewer.db-wal" in open_files
        assert {"w/reviewer.db", "w/backups/before-9001-1.db"} <= set(left)
        assert any(name.startswith("w/rejects") for name in left)
        assert any(name.startswith("w/media") for name in left)
    else:
        assert (open_files, left) == (set(), [])


def test_what_a_check_sets_aside_is_never_in_a_file(searched: tuple[Path, ...]) -> None:
    """The control: the driver writes what does not fit its cache to a file in clear, also beside an encrypted database."""
    from reviewer.storage.beside import beside

    folder = searched[0]
    workspace = Workspace.create(folder, member="Ada", passphrase=PASSPHRASE)
    workspace.close()
    text = "a text of a temporary table"

    def spilt(connection: driver.Connection) -> list[str]:
        connection.execute("PRAGMA temp.cache_size = -64")
        connection.execute("CREATE TEMP TABLE spilt (x)")
        connection.executemany("INSERT INTO spilt VALUES (?)", [(f"{text} {number}" * 40,) for number in range(2_000)])
        return files_with(searched, [text])

    with beside(folder / "reviewer.db", key=workspace.key) as rows:
        assert spilt(rows._raw) == []
    connection = driver.connect(folder / "reviewer.db", key=workspace.key)
    connection.execute("PRAGMA temp_store = FILE")
    assert len(spilt(connection)) == 1
    connection.close()


def test_a_private_key_lies_nowhere_in_clear(searched: tuple[Path, ...]) -> None:
    workspace = Workspace.create(searched[0], member="Ada", passphrase=PASSPHRASE)
    with workspace.read() as reading:
        key = keys.load(workspace.signer(reading).device, workspace.seal)
    secrets = [secret for raw in (key.sign.private_bytes_raw(), key.seal.private_bytes_raw()) for secret in (raw, raw.hex())]
    assert files_with(searched, secrets) == []
    workspace.close()
    plain = Workspace.create(searched[0].with_name("plain"), member="Ada")
    with plain.read() as reading:
        key = keys.load(plain.signer(reading).device, None)
    plain.close()
    assert files_with(searched, [key.sign.private_bytes_raw().hex()]), "the control: without a keyring the key of a plain one is a file"
