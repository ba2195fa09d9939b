"""A run of clusters in a process of its own: it finds what this one would, and can be stopped, killed and locked up without harm."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import msgspec
import pytest

from reviewer.domain.errors import NotFound, Refused, ReviewerError
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import campaigns, clustering, encrypting, verifying
from reviewer.operations.beside import Died, Keeper, beside
from reviewer.operations.cluster_records import Clustering
from reviewer.storage import cluster_runs, fault_reports, findings
from reviewer.storage.onlooker import Onlooker
from reviewer.storage.workspace import Workspace
from tests import topics, worlds

PASSPHRASE = "four words that last"


class Told(msgspec.Struct, tag=True, array_like=True):
    """What a job of these tests comes to."""

    text: str


def breaks(_workspace: Onlooker, _keeper: Keeper, _ticket: Ticket, asked: str) -> Told:
    """A job with a bug."""
    raise RuntimeError(asked)


def writes(workspace: Onlooker, _keeper: Keeper, _ticket: Ticket, _asked: str) -> Told:
    """A job that would change what it only looks at."""
    with workspace.read() as reading:
        reading.rows("DELETE FROM item")
    return Told("written")


def _at(what: str, do: Callable[[BaseProcess], None]) -> Ticket:
    """A ticket that does something to the process when it gets to a part of the work."""
    done = threading.Event()

    def report(progress: Progress) -> None:
        if progress.what == what and not done.is_set():
            done.set()
            do(multiprocessing.active_children()[0])

    return Ticket(report)


def _plain(found: Clustering) -> Clustering:
    return msgspec.structs.replace(found, run="", made_ms=0)


def _kept(workspace: Workspace) -> tuple[int, int, int, int]:
    """Entries, vectors, runs and findings."""
    with workspace.read() as reading:
        [(entries,)], [(vectors,)] = reading.rows("SELECT count(*) FROM entry"), reading.rows("SELECT count(*) FROM vector")
        return entries, vectors, len(cluster_runs.every(reading)), len(findings.every(reading))


def test_it_finds_flags_and_keeps_what_this_process_would(tmp_path: Path) -> None:
    made = [topics.labelled(tmp_path / name).workspace for name in ("beside", "here")]
    apart, here = (
        clustering.run_clusters(workspace, SILENT, campaign=topics.NAME, seed="s", gentle=gentle).value
        for workspace, gentle in zip(made, (True, False), strict=True)
    )
    assert _plain(apart) == msgspec.structs.replace(_plain(here), campaigns=apart.campaigns)
    assert [one.flagged for one in apart.clusters].count(True) == 1
    both = []
    for workspace, found in zip(made, (apart, here), strict=True):
        with workspace.read() as reading:
            lists, vectors = cluster_runs.lists_of(reading, found.run), reading.rows("SELECT * FROM vector ORDER BY item")
        both.append((lists, vectors, _kept(workspace)))
        assert verifying.verify(workspace, SILENT, rebuild=True).value.ok
        workspace.close()
    assert both[0] == both[1]
    assert not multiprocessing.active_children()


def test_what_it_learns_of_texts_that_are_not_english_is_kept(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    asked = ("Bitte überweisen Sie mir das Geld für die Buchung {n}.", "Darf mein kleiner Hund mitfliegen, er wiegt {n} Kilo?")
    said = [Part(type="text", text=asked[n % 2].format(n=n)) for n in range(40)]
    worlds.put_in(
        workspace,
        [Item(kind="completion", external_id=str(n), messages=(Message(role="user", content=(part,)),)) for n, part in enumerate(said)],
    )
    apart = clustering.run_clusters(workspace, SILENT, seed="s", gentle=True).value
    assert apart.embedder.startswith("ngrams-")
    with workspace.read() as reading:
        assert reading.rows("SELECT name FROM embedder") == [(apart.embedder,)]
    assert _plain(clustering.run_clusters(workspace, SILENT, seed="s").value) == _plain(apart)
    workspace.close()


def test_one_that_is_killed_is_told_in_two_sentences_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    workspace = topics.labelled(tmp_path / "workspace").workspace
    entries, *_ = _kept(workspace)
    with pytest.raises(Died, match="ended before its work did") as told:
        clustering.run_clusters(workspace, _at("Comparing with chance", BaseProcess.kill), seed="s", gentle=True)
    assert told.value.code == "E114"
    assert told.value.hint.startswith("Start it again")
    assert _kept(workspace) == (entries, 6 * topics.EACH, 0, 0)  # vectors are whole, and needed again
    assert not multiprocessing.active_children()
    assert any(one.flagged for one in clustering.run_clusters(workspace, SILENT, seed="s", gentle=True).value.clusters)
    workspace.close()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot halt a process")
def test_one_that_says_nothing_ends_when_it_is_cancelled(tmp_path: Path) -> None:
    workspace = topics.labelled(tmp_path / "workspace").workspace

    def halt(process: BaseProcess) -> None:
        os.kill(process.pid or 0, signal.SIGSTOP)
        threading.Timer(0.2, ticket.cancel).start()

    ticket = _at("Naming", halt)
    with pytest.raises(Cancelled):
        clustering.run_clusters(workspace, ticket, seed="s", gentle=True)
    assert not multiprocessing.active_children()
    assert _kept(workspace)[1:] == (6 * topics.EACH, 0, 0)
    workspace.close()


def test_it_reads_a_workspace_under_a_passphrase_and_gets_nothing_where_others_could_look(tmp_path: Path) -> None:
    made = topics.labelled(tmp_path / "workspace").workspace
    plain = clustering.run_clusters(made, SILENT, seed="s").value
    made.close()
    encrypting.encrypt_workspace(tmp_path / "workspace", SILENT, passphrase=PASSPHRASE)
    workspace = Workspace.open(tmp_path / "workspace", passphrase=PASSPHRASE)
    seen: list[bytes] = []

    def look(process: BaseProcess) -> None:
        seen.extend(Path(f"/proc/{process.pid}/{name}").read_bytes() for name in ("cmdline", "environ"))

    ticket = _at("Naming", look if Path("/proc/self/environ").exists() else lambda _process: None)
    sealed = clustering.run_clusters(workspace, ticket, seed="s", gentle=True).value
    assert _plain(sealed) == _plain(plain)
    assert workspace.key is not None
    assert not any(secret.encode() in told for told in seen for secret in (workspace.key, PASSPHRASE))
    workspace.close()


def test_what_a_person_can_act_on_comes_by_its_code(tmp_path: Path) -> None:
    workspace = topics.filled(tmp_path / "workspace", each=4).workspace
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Two", query="", seed="t"))
    for wrong, kind in (
        ({"query_text": "suitcase"}, Refused),
        ({"campaign": "nobody"}, NotFound),
        ({"embedder": "magic"}, Refused),
    ):
        with pytest.raises(ReviewerError) as apart:
            clustering.run_clusters(workspace, SILENT, gentle=True, **wrong)  # type: ignore[arg-type] # one of them
        with pytest.raises(kind) as here:
            clustering.run_clusters(workspace, SILENT, **wrong)  # type: ignore[arg-type] # one of them
        assert (apart.value.what, apart.value.hint, apart.value.code) == (here.value.what, here.value.hint, here.value.code)
    workspace.close()


def test_a_bug_in_it_is_reported_without_its_message(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    said = "what an item says"
    with pytest.raises(fault_reports.Elsewhere) as met:
        beside(workspace, SILENT, breaks, said, Told)
    report = fault_reports.text(met.value)
    assert "builtins.RuntimeError" in report
    assert "test_beside.py" in report
    assert "in breaks" in report
    assert said not in report
    workspace.close()


def test_it_cannot_change_what_it_looks_at(tmp_path: Path) -> None:
    workspace = topics.filled(tmp_path / "workspace", each=1).workspace
    with pytest.raises(ReviewerError, match="cannot be written"):
        beside(workspace, SILENT, writes, "", Told)
    with workspace.read() as reading:
        assert reading.row("SELECT count(*) FROM item") == (len(topics.TOPICS),)
    workspace.close()


def test_whoever_has_it_done_loads_nothing_large(tmp_path: Path) -> None:
    topics.labelled(tmp_path / "workspace").workspace.close()
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from reviewer.domain.progress import SILENT\n"
        "from reviewer.operations import clustering\n"
        "from reviewer.storage.workspace import Workspace\n"
        "if __name__ == '__main__':\n"
        "    workspace = Workspace.open(Path(sys.argv[1]))\n"
        "    found = clustering.run_clusters(workspace, SILENT, seed='s', gentle=True).value\n"
        "    workspace.close()\n"
        "    print(found.items, [name for name in ('numpy', 'scipy', 'tokenizers', 'py3langid') if name in sys.modules])\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(program), str(tmp_path / "workspace")], capture_output=True, text=True, check=True)
    assert done.stdout.split(maxsplit=1) == ["144", "[]\n"]
