"""Policies that came inside imported files: offered, known by their text, published when somebody says so."""

import json
from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.progress import SILENT
from reviewer.formats.intake import Options
from reviewer.operations import embedded_policies, importing, policies
from reviewer.operations.embedded_policies import Embedded
from reviewer.storage.workspace import Workspace
from tests.domain.airline_wiki import CLAUSES


def _import(workspace: Workspace, *paths: Path) -> tuple[Embedded, ...]:
    return importing.import_files(workspace, SILENT, paths=[str(path) for path in paths], options=Options()).value.policies


def _tau2(path: Path, domain: str, policy: object) -> Path:
    info = {"agent_info": {"llm": "m"}, "environment_info": {"domain_name": domain, "policy": policy}}
    runs = [{"id": f"{domain}-1", "task_id": "1", "messages": [{"role": "assistant", "content": "Hi!"}]}]
    path.write_text(json.dumps({"info": info, "tasks": [], "simulations": runs}), encoding="utf-8")
    return path


def test_a_tau2_file_offers_its_policy_and_nothing_is_published_by_itself(workspace: Workspace, tmp_path: Path) -> None:
    file = _tau2(tmp_path / "a.json", "my shop", "# Shop\n\n- Never lie.\n- Never shout.\n")
    (one,) = _import(workspace, file)
    assert (one.key, one.title, one.clauses, one.known) == ("my-shop", "Shop", 2, False)
    assert policies.list_policies(workspace, SILENT).value == ()
    done = embedded_policies.publish_embedded(workspace, SILENT, found=(one,), key="shop").value
    assert (done.key, done.version.in_force, done.version.source) == ("shop", True, one.sha256)
    assert [known.known for known in _import(workspace, file)] == [True]


@pytest.mark.parametrize("policy", [None, 7, "Only prose."])
def test_what_gives_no_clause_is_not_offered(workspace: Workspace, tmp_path: Path, policy: object) -> None:
    found = _import(workspace, _tau2(tmp_path / "a.json", "shop", policy))
    assert found == ()
    with pytest.raises(NotFound, match="no written policy"):
        embedded_policies.publish_embedded(workspace, SILENT, found=found, key="shop")


def test_of_several_policies_the_one_with_the_key_is_meant(workspace: Workspace, tmp_path: Path) -> None:
    found = _import(
        workspace, _tau2(tmp_path / "a.json", "one", "- Never lie to one.\n"), _tau2(tmp_path / "b.json", "two", "- Never lie to two.\n")
    )
    assert [one.key for one in found] == ["one", "two"]
    with pytest.raises(Refused, match="2 policies"):
        embedded_policies.publish_embedded(workspace, SILENT, found=found, key="three")
    done = embedded_policies.publish_embedded(workspace, SILENT, found=found, key="two").value
    assert done.clauses[0].text == "Never lie to two."


def test_real_files_offer_theirs(workspace: Workspace, real_data: Path) -> None:
    (airline,) = _import(workspace, real_data / "tau-bench/historical_trajectories")
    assert (airline.key, airline.clauses) == ("airline", len(CLAUSES))
    found = _import(workspace, real_data / "tau2-community/oscaralvaro")
    assert len(found) == 8
    assert all(one.clauses > 10 for one in found)
