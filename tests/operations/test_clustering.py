"""Clusters: what is grouped, flagged, named, kept and hidden, and the second look."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain import query
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT, Cancelled, Ticket
from reviewer.operations import campaigns, cluster_listing, clustering, confirming, erasing, judging, verifying
from reviewer.operations.cluster_records import Clustering
from reviewer.operations.judge_material import Terms
from reviewer.storage import cluster_runs, findings, searches
from reviewer.storage.workspace import Workspace
from tests import mistral, topics, worlds

NAMES = {"account", "foreign", "bank", "refund", "order", "money", "send", "wire", "transfer", "transferred", "payout"}


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[topics.Labelled]:
    """Items about six things of which one goes wrong. Tests may add runs and findings, and change nothing else."""
    made = topics.labelled(tmp_path_factory.mktemp("topics") / "workspace")
    yield made
    made.workspace.close()


@pytest.fixture(scope="module")
def found(labelled: topics.Labelled) -> Clustering:
    """The groups of the campaign."""
    return clustering.run_clusters(labelled.workspace, SILENT, campaign=topics.NAME, seed="s").value


def _items(workspace: Workspace, cluster: str) -> set[str]:
    with workspace.read() as reading:
        return set(cluster_runs.items_in(reading, cluster))


def test_what_goes_wrong_is_flagged_and_named_and_nothing_else_is(labelled: topics.Labelled, found: Clustering) -> None:
    flagged = [one for one in found.clusters if one.flagged]
    assert len(flagged) == 1
    worst = flagged[0]
    assert worst is found.clusters[0]
    wrong = set(labelled.items[topics.WRONG])
    assert len(_items(labelled.workspace, worst.id) & wrong) >= 0.9 * max(len(wrong), worst.size)
    assert worst.p_value == pytest.approx(0.001)
    assert (worst.reviewed, worst.non_compliant) == (12, 10)
    assert worst.expected == pytest.approx(12 * 14 / 72)
    assert worst.low is not None
    assert worst.low > 0.5
    assert set(worst.name.split(" · ")) <= NAMES
    assert set(worst.typical) <= wrong


def test_every_item_is_in_one_group_and_the_counts_add_up(labelled: topics.Labelled, found: Clustering) -> None:
    every = [item for one in found.clusters for item in _items(labelled.workspace, one.id)]
    assert len(every) == len(set(every)) == found.items == 6 * topics.EACH
    assert sum(one.reviewed for one in found.clusters) == found.reviewed == 72
    assert sum(one.non_compliant for one in found.clusters) == found.non_compliant == 14
    assert sum(one.expected for one in found.clusters) == pytest.approx(14)


def test_what_is_flagged_is_an_entry_once_and_the_journal_makes_its_row_again(labelled: topics.Labelled, found: Clustering) -> None:
    workspace = labelled.workspace
    again = clustering.run_clusters(workspace, SILENT, campaign=topics.NAME, seed="s").value
    assert [one.id for one in again.clusters] == [one.id for one in found.clusters]
    with workspace.read() as reading:
        said = findings.of_cluster(reading, found.clusters[0].id)
    assert [(one.what, one.size, one.figures.non_compliant) for one in said if one.what == "flagged"] == [
        ("flagged", found.clusters[0].size, 10)
    ]
    checked = verifying.verify(workspace, SILENT, rebuild=True).value
    assert checked.ok, checked.problems


def test_a_cluster_can_be_searched_for_and_shown(labelled: topics.Labelled, found: Clustering) -> None:
    worst = found.clusters[0]
    listed = cluster_listing.list_clusters(labelled.workspace, SILENT).value
    assert listed.runs[-1] == found
    assert worst.id in {one.cluster for one in listed.findings}
    with labelled.workspace.read() as reading:
        assert set(searches.item_ids(reading, query.parse(f"cluster:{worst.id[:8]}"))) == _items(labelled.workspace, worst.id)
        rest = searches.item_ids(reading, query.parse(f"-cluster:{worst.id}"))
        assert len(rest) == found.items - worst.size
        assert searches.item_ids(reading, query.parse("cluster:ffffffff")) == []
    shown = cluster_listing.show_cluster(labelled.workspace, SILENT, cluster=worst.id[:6]).value
    assert shown.cluster.id == worst.id
    assert len(shown.items) == worst.size
    with pytest.raises(NotFound):
        cluster_listing.show_cluster(labelled.workspace, SILENT, cluster="ffffffff")


def test_fresh_labels_decide_and_a_person_may_name_it(labelled: topics.Labelled, found: Clustering) -> None:
    workspace, worst = labelled.workspace, found.clusters[0]
    confirming.name_cluster(workspace, SILENT, cluster=worst.id, name="Payouts to   foreign accounts")
    assert cluster_listing.show_cluster(workspace, SILENT, cluster=worst.id).value.cluster.name == "Payouts to foreign accounts"
    with pytest.raises(Refused, match="0 items of this cluster were not drawn"):
        confirming.queue_more(workspace, SILENT, cluster=worst.id, size=5)  # the campaign draws everything
    assert confirming.second_look(workspace, SILENT, cluster=worst.id).value is None


def test_a_second_look_draws_by_chance_and_is_tested_against_the_first(tmp_path: Path) -> None:
    made = topics.filled(tmp_path / "workspace")
    workspace = made.workspace
    campaigns.close_campaign(workspace, SILENT, campaign=topics.NAME)
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="S", query="", seed="s", design="srs"), size=72)
    wrong = set(made.items[topics.WRONG])
    for n, item in enumerate(worlds.waiting(workspace, campaign="S")):
        worlds.label(workspace, item, "non_compliant" if item in wrong or n % 20 == 0 else "compliant", campaign="S")
    worst = clustering.run_clusters(workspace, SILENT, campaign="S", seed="s").value.clusters[0]
    assert worst.flagged
    queued = confirming.queue_more(workspace, SILENT, cluster=worst.id, size=6).value
    left = worst.size - worst.reviewed
    assert queued.probability == pytest.approx(6 / left)
    assert (queued.created.sampled, queued.created.population) == (6, left)
    with pytest.raises(Refused, match="asked for already"):
        confirming.queue_more(workspace, SILENT, cluster=worst.id)
    before = confirming.second_look(workspace, SILENT, cluster=worst.id).value
    assert before is not None
    assert before.confirmed is None
    for item in worlds.waiting(workspace, campaign=queued.created.campaign):
        assert item in _items(workspace, worst.id)
        worlds.label(workspace, item, "non_compliant", campaign=queued.created.campaign)
    after = confirming.second_look(workspace, SILENT, cluster=worst.id).value
    assert after is not None
    assert after.labelled == (6, 6)
    assert after.first.n == 72
    assert after.confirmed is not None
    assert after.confirmed.adjusted < 0.01
    workspace.close()


def test_whoever_has_still_to_label_blind_learns_no_verdict(tmp_path: Path) -> None:
    made = topics.filled(tmp_path / "workspace", each=8, reviewers=("Ben", "Cleo"), asked=("Ben",))
    ada = made.workspace
    ben, cleo = ada.as_member("Ben"), ada.as_member("Cleo")
    for item in worlds.waiting(ben, campaign=topics.NAME):
        worlds.label(ben, item, "non_compliant" if item in made.items[topics.WRONG] else "compliant", campaign=topics.NAME)
    campaigns.create_campaign(ada, SILENT, rules=Campaign(name="Again", query="", seed="t"), member_names=["Cleo"])
    lead = clustering.run_clusters(ada, SILENT, seed="s").value
    assert (lead.reviewed, lead.non_compliant) == (48, 8)
    with pytest.raises(NotAllowed, match="wait for your blind label"):
        cluster_listing.show_cluster(cleo, SILENT, cluster=lead.clusters[0].id)
    with pytest.raises(NotAllowed, match="wait for your blind label"):
        cluster_listing.list_clusters(cleo, SILENT)
    own = clustering.run_clusters(cleo, SILENT, seed="s", campaign=topics.NAME).value
    assert (own.hidden, own.reviewed, own.non_compliant) == (48, 0, 0)
    assert not any(one.flagged or one.stands_out for one in own.clusters)
    with pytest.raises(NotAllowed):
        clustering.run_clusters(cleo, SILENT, campaign=topics.NAME, within="model")
    with pytest.raises(NotAllowed):
        confirming.name_cluster(ben, SILENT, cluster=lead.clusters[0].id, name="Mine")
    for who in (ada, ben, cleo):
        who.close()


def test_too_few_items_no_labels_and_one_kind_of_verdict_are_said_in_words(tmp_path: Path) -> None:
    made = topics.filled(tmp_path / "workspace", each=4)
    workspace = made.workspace
    with pytest.raises(Refused, match="items with words to group them by"):
        clustering.run_clusters(workspace, SILENT, query_text="suitcase")
    silent = clustering.run_clusters(workspace, SILENT).value
    assert any("No item has an answer" in note for note in silent.notes)
    assert not any(one.flagged for one in silent.clusters)
    assert {one.rate for one in silent.clusters} == {None}
    for items in made.items.values():
        for item in items:
            worlds.label(workspace, item, "compliant", campaign=topics.NAME)
    alike = clustering.run_clusters(workspace, SILENT).value
    assert any("All 24 answers are compliant" in note for note in alike.notes)
    assert not any(one.flagged for one in alike.clusters)
    for wrong, match in (
        ({"alpha": 2.0}, "false alarm"),
        ({"embedder": "magic"}, "no embedder"),
        ({"embedder": "mistral"}, "turned off in this workspace"),
    ):
        with pytest.raises(Refused, match=match):
            clustering.run_clusters(workspace, SILENT, **wrong)
    with pytest.raises(NotFound):
        clustering.run_clusters(workspace, SILENT, campaign="nobody")
    workspace.close()


def test_what_was_flagged_is_known_where_no_run_is(tmp_path: Path) -> None:
    made = topics.labelled(tmp_path / "workspace")
    workspace = made.workspace
    worst = clustering.run_clusters(workspace, SILENT, seed="s").value.clusters[0]
    with workspace.begin() as work:
        work.run("DELETE FROM cluster")
        work.run("DELETE FROM cluster_run")
    listed = cluster_listing.list_clusters(workspace, SILENT).value
    assert (listed.runs, [one.cluster for one in listed.findings]) == ((), [worst.id])
    shown = cluster_listing.show_cluster(workspace, SILENT, cluster=worst.id[:8]).value
    figures = (shown.cluster.size, shown.cluster.reviewed, shown.cluster.non_compliant, shown.cluster.flagged)
    assert figures == (worst.size, worst.reviewed, worst.non_compliant, True)
    assert len(shown.items) == worst.size
    confirming.name_cluster(workspace, SILENT, cluster=worst.id, name="Payouts")
    assert cluster_listing.show_cluster(workspace, SILENT, cluster=worst.id).value.cluster.name == "Payouts"
    with workspace.read() as reading:
        assert len(searches.item_ids(reading, query.parse(f"cluster:{worst.id}"))) == worst.size
    workspace.close()


def test_texts_in_a_language_that_the_model_does_not_know_are_grouped_by_their_characters(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    asked = (
        "Bitte überweisen Sie mir das Geld für die Buchung {n} auf mein Konto im Ausland.",
        "Darf mein kleiner Hund in der Kabine mitfliegen, er wiegt {n} Kilo?",
    )
    said = [Part(type="text", text=asked[n % 2].format(n=n)) for n in range(40)]
    runs = [Item(kind="completion", external_id=str(n), messages=(Message(role="user", content=(part,)),)) for n, part in enumerate(said)]
    ids = worlds.put_in(workspace, runs)
    found = clustering.run_clusters(workspace, SILENT, seed="s").value
    assert found.embedder.startswith("ngrams-")
    assert "not in English (de)" in found.notes[0]
    halves = [set(ids[::2]), set(ids[1::2])]
    assert all(any(_items(workspace, one.id) <= half for half in halves) for one in found.clusters)
    worlds.put_in(workspace, [Item(kind="completion", external_id="new", messages=runs[0].messages)], file="more")
    assert clustering.run_clusters(workspace, SILENT, seed="s").value.embedder == found.embedder
    workspace.close()


def test_mistral_makes_the_vectors_when_asked_for_and_each_text_is_sent_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = topics.filled(tmp_path / "workspace", each=12)
    workspace = made.workspace
    judging.turn_judge(workspace, SILENT, on=True)
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    with mistral.serving(mistral.counted_words) as service:
        terms = Terms(service.address, "m", 1, 5, 0, 0, price_vectors=10_000)
        preview = clustering.preview_vectors(workspace, SILENT, terms=terms).value
        assert (preview.items, preview.asked, preview.cached, preview.on, service.requests) == (72, 72, 0, True, [])
        said: list[str] = []
        ticket = Ticket(lambda progress: said.append(progress.what))
        first = clustering.run_clusters(workspace, ticket, seed="s", embedder="mistral", terms=terms).value
        sent = sum(len(one.body["input"]) for one in service.requests)
        again = clustering.run_clusters(workspace, SILENT, seed="s", embedder="mistral", terms=terms).value
        assert sum(len(one.body["input"]) for one in service.requests) == sent == 72
    texts = [text for one in service.requests for text in one.body["input"]]
    assert preview.first is not None
    assert preview.first[1] in texts
    assert preview.tokens == math.ceil(sum(map(len, texts)) / 3.5)
    assert preview.cost == terms.cost_of_vectors(preview.tokens)
    now = clustering.preview_vectors(workspace, SILENT, terms=terms).value
    assert (now.asked, now.cached, now.tokens, now.first) == (0, 72, 0, None)
    assert "Asking Mistral for vectors; 64 tokens, about $0.0064" in said
    assert first.embedder == again.embedder == "mistral-embed"
    assert "72 texts were sent there now, private details taken out (72 tokens, about $0.0072)" in first.notes[0]
    assert "nothing had to be sent now" in again.notes[0]
    assert [one.id for one in again.clusters] == [one.id for one in first.clusters]
    of = {item: topic for topic, items in made.items.items() for item in items}
    assert all(len({of[item] for item in _items(workspace, one.id)}) == 1 for one in first.clusters if one.size <= 12)  # type: ignore[index] # ids
    workspace.close()


def test_an_erased_item_takes_its_vector_and_the_runs_that_knew_it_along(tmp_path: Path) -> None:
    made = topics.filled(tmp_path / "workspace", each=4)
    workspace = made.workspace
    first = clustering.run_clusters(workspace, SILENT).value
    gone = made.items["pet"][0]
    its = next(one.id for one in first.clusters if gone in _items(workspace, one.id))
    confirming.name_cluster(workspace, SILENT, cluster=its, name="Dogs that fly")
    erasing.request_erasure(workspace, SILENT, item=gone, reason="asked")
    erasing.erase_item(workspace, SILENT, item=gone)
    with workspace.read() as reading:
        assert reading.rows("SELECT 1 FROM vector WHERE item = ?", (bytes.fromhex(gone),)) == []
        assert cluster_runs.every(reading) == []
        assert reading.rows("SELECT 1 FROM blob WHERE instr(content, CAST('Dogs that fly' AS BLOB))") == []
        assert [one.name for one in findings.every(reading)] == [None]
    assert verifying.verify(workspace, SILENT, rebuild=False).value.ok
    workspace.close()


def test_vectors_are_made_once_and_a_stopped_run_keeps_those_that_were(tmp_path: Path) -> None:
    made = topics.filled(tmp_path / "workspace", each=4)
    workspace = made.workspace

    class Impatient(Ticket):
        def step(self, done: int, total: int, what: str) -> None:
            if what in ("Grouping what is alike", "Comparing with chance"):
                raise Cancelled

    with pytest.raises(Cancelled):
        clustering.run_clusters(workspace, Impatient(lambda _: None))
    with workspace.read() as reading:
        kept = reading.rows("SELECT count(*), count(DISTINCT length(numbers)) FROM vector")
        assert cluster_runs.every(reading) == []
    assert kept == [(24, 1)]
    worlds.put_in(workspace, [topics.run_about("pet", 99)], file="more.jsonl")
    done = clustering.run_clusters(workspace, SILENT).value
    assert done.items == 25
    with workspace.read() as reading:
        assert reading.rows("SELECT count(*) FROM vector") == [(25,)]
    workspace.close()
