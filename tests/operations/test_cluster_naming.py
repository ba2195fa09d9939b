"""A cluster is named by Mistral when somebody asks, through the real SDK: what goes, what is recorded, what is refused."""

import json
from collections.abc import Iterator

import msgspec
import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.items import Message, Part
from reviewer.domain.judge_answers import Discarded
from reviewer.domain.judges import NoAnswer
from reviewer.domain.progress import SILENT
from reviewer.operations import cluster_listing, cluster_naming, clustering, judging
from reviewer.operations.judge_material import Terms
from reviewer.storage import answer_cache
from reviewer.storage.workspace import Workspace
from tests import mistral, topics, worlds


class Scene(msgspec.Struct):
    """A workspace with a run; its first cluster."""

    workspace: Workspace
    cluster: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    workspace = worlds.make(tmp_path_factory.mktemp("named") / "w")
    runs = [topics.run_about(("pet", "visa")[n % 2], n) for n in range(24)]
    mail = Message(role="user", content=(Part(type="text", text="Write to ann@example.org."),))
    worlds.put_in(workspace, [msgspec.structs.replace(one, messages=(*one.messages, mail)) for one in runs])
    run = clustering.run_clusters(workspace, SILENT, seed="s").value
    largest = max(run.clusters, key=lambda one: one.size)
    yield Scene(workspace, largest.id)
    workspace.close()


@pytest.fixture
def scene(made: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    judging.turn_judge(made.workspace, SILENT, on=True)
    return made


def called(name: str) -> mistral.Answer:
    return lambda _: mistral.completion(json.dumps({"name": name}))


def terms(address: str, model: str = mistral.MODEL) -> Terms:
    return Terms(address, model, 1, 5, 40, 200)


def shown(scene: Scene) -> str:
    return cluster_listing.show_cluster(scene.workspace, SILENT, cluster=scene.cluster).value.cluster.name


def test_a_name_is_asked_once_recorded_and_says_who_gave_it(scene: Scene) -> None:
    with mistral.serving(called("Travelling  with pets")) as service:
        how = terms(service.address)
        preview = cluster_naming.preview_name(scene.workspace, SILENT, cluster=scene.cluster, terms=how).value
        assert (preview.known, preview.on, service.requests) == (False, True, [])
        assert 4 <= preview.texts <= 8
        assert preview.tokens > 0
        done = cluster_naming.ask_name(scene.workspace, SILENT, cluster=scene.cluster[:10], terms=how).value
        assert (done.name, done.known, done.tokens, done.cost) == (f"Travelling with pets ({mistral.MODEL})", False, 1_050, 0.0005)
        assert shown(scene) == done.name
        again = cluster_naming.ask_name(scene.workspace, SILENT, cluster=scene.cluster, terms=how).value
        assert (again.name, again.known, again.tokens) == (done.name, True, 0)
        said = cluster_listing.show_cluster(scene.workspace, SILENT, cluster=scene.cluster).value.findings
        assert [one.name for one in said if one.what == "named"] == [done.name]
        (only,) = service.requests
    assert only.body["response_format"]["json_schema"]["strict"] is True
    assert only.item.count("<<text ") == preview.texts
    assert "model-a" not in only.item
    with answer_cache.opened(scene.workspace.folder, scene.workspace.seal) as cache:
        cache.forget([])
    assert not cluster_naming.preview_name(scene.workspace, SILENT, cluster=scene.cluster, terms=how).value.known


def test_private_details_stay_here(scene: Scene) -> None:
    preview = cluster_naming.preview_name(scene.workspace, SILENT, cluster=scene.cluster, terms=terms("eu", "other")).value
    assert "ann@example.org" not in preview.question.user
    assert preview.question.user.count("[e-mail 1]") == preview.private["e-mail"] == preview.texts


def test_what_is_no_name_is_discarded_and_asked_anew(scene: Scene) -> None:
    before = shown(scene)
    with mistral.serving(lambda _: mistral.completion("Pets!")) as service:
        for asked in (1, 2):
            with pytest.raises(Discarded, match="not JSON"):
                cluster_naming.ask_name(scene.workspace, SILENT, cluster=scene.cluster, terms=terms(service.address))
            assert len(service.requests) == asked
        service.answer = lambda _: mistral.refusal(401)
        with pytest.raises(NoAnswer, match="refused the key"):
            cluster_naming.ask_name(scene.workspace, SILENT, cluster=scene.cluster, terms=terms(service.address))
    assert shown(scene) == before


def test_nothing_goes_while_it_is_turned_off(scene: Scene) -> None:
    judging.turn_judge(scene.workspace, SILENT, on=False)
    with mistral.serving(called("x")) as service:
        with pytest.raises(Refused, match="turned off in this workspace"):
            cluster_naming.ask_name(scene.workspace, SILENT, cluster=scene.cluster, terms=terms(service.address))
        assert not cluster_naming.preview_name(scene.workspace, SILENT, cluster=scene.cluster, terms=terms(service.address)).value.on
        assert service.requests == []
