"""Bundles between replicas: everything arrives once, nothing of a refused one stays, a kit leads nobody."""

from pathlib import Path

import pytest

from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import SILENT
from reviewer.operations import bundling, joining, members, searching, verifying
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


def joined(ada: Workspace, folder: Path, name: str, *, role: str = "reviewer") -> Workspace:
    """Somebody who joined by a request, was admitted, and has nothing yet."""
    request = folder.parent / f"{name}.json"
    joining.join_project(folder, member=name, request=request)
    members.admit_request(ada, SILENT, request=joining.read_request(request)[0], role=role)  # type: ignore[arg-type] # a role
    return Workspace.open(folder, surroundings=worlds.surroundings(seed=sum(name.encode())))


def made(workspace: Workspace, target: Path, **more: object) -> Path:
    return bundling.create_bundle(workspace, SILENT, target=target, **more).value.files[0]  # type: ignore[arg-type] # options


def applied(workspace: Workspace, source: Path) -> bundling.Applied:
    return bundling.apply_bundle(workspace, SILENT, source=source).value


@pytest.fixture
def ada(tmp_path: Path) -> Workspace:
    return worlds.ready(tmp_path / "ada", overlap=2)


def test_a_bundle_fills_a_workspace_that_only_joined(ada: Workspace, tmp_path: Path) -> None:
    ben = joined(ada, tmp_path / "ben", "Ben")
    assert ben.me.waiting
    taken = applied(ben, made(ada, tmp_path / "all.rvb")).taken
    assert taken is not None
    assert taken.items == 12
    assert ben.me.name == "Ben"
    assert len(worlds.waiting(ben)) > 0
    found = verifying.verify(ben, SILENT).value
    assert found.ok, found.problems
    back = applied(ada, made(ben, tmp_path / "back.rvb"))
    assert back.sender == "Ben"
    assert replicas.digest(ada) == replicas.digest(ben)
    ben.close()


def test_labels_come_back_and_a_bundle_applied_twice_adds_nothing(ada: Workspace, tmp_path: Path) -> None:
    ben = joined(ada, tmp_path / "ben", "Ben")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    item = worlds.waiting(ben)[0]
    worlds.label(ben, item, "non_compliant", rationale="Not asked for.")
    worlds.label(ada, item, "compliant")
    back = made(ben, tmp_path / "back.rvb")
    first = applied(ada, back).taken
    assert first is not None
    assert first.kinds["label"] == 1
    again = applied(ada, back).taken
    assert again is not None
    assert (again.entries, again.items) == (0, 0)
    said = searching.show_item(ada, SILENT, item=item).value.labels
    assert {one.rationale for one in said} == {"Not asked for.", None}
    assert verifying.verify(ada, SILENT).value.ok
    ben.close()


def test_a_later_bundle_carries_only_what_is_new(ada: Workspace, tmp_path: Path) -> None:
    ben = joined(ada, tmp_path / "ben", "Ben")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    applied(ada, made(ben, tmp_path / "back.rvb"))
    worlds.label(ada, worlds.waiting(ada)[0])
    second = bundling.create_bundle(ada, SILENT, target=tmp_path / "second.rvb").value
    assert second.items == 0
    assert second.entries < 6
    taken = applied(ben, second.files[0]).taken
    assert taken is not None
    assert taken.entries == second.entries
    ben.close()


def test_a_kit_has_the_items_and_neither_their_source_nor_others_words(ada: Workspace, tmp_path: Path) -> None:
    ben = joined(ada, tmp_path / "ben", "Ben")
    item = worlds.waiting(ada)[0]
    worlds.label(ada, item, rationale="Secret words of Ada.")
    taken = applied(ben, made(ada, tmp_path / "kit.rvb", campaign="C", members=["Ben"])).taken
    assert taken is not None
    assert taken.items == 12
    with ben.read() as reading:
        assert reading.row("SELECT count(*) FROM origin") == (0,)
        assert not [content for (content,) in reading.rows("SELECT content FROM blob") if b"Secret words" in content]
    worlds.label(ben, worlds.waiting(ben)[0])
    assert verifying.verify(ben, SILENT).value.ok
    applied(ada, made(ben, tmp_path / "back.rvb"))
    assert replicas.digest(ada) == replicas.digest(ben)
    ben.close()


def test_a_bundle_for_others_is_refused(ada: Workspace, tmp_path: Path) -> None:
    ben, cleo = joined(ada, tmp_path / "ben", "Ben"), joined(ada, tmp_path / "cleo", "Cleo")
    only = made(ada, tmp_path / "ben.rvb", members=["Ben"])
    with pytest.raises(ReviewerError) as error:
        applied(cleo, only)
    assert error.value.code == "E202"
    ben.close()
    cleo.close()


def test_a_bundle_of_another_project_is_refused(ada: Workspace, tmp_path: Path) -> None:
    ben = joined(ada, tmp_path / "ben", "Ben")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    other = worlds.make(tmp_path / "other", seed=5)
    request = tmp_path / "Ben.json"
    members.admit_request(other, SILENT, request=joining.read_request(request)[0])
    with pytest.raises(ReviewerError) as error:
        applied(ben, made(other, tmp_path / "other.rvb", members=["Ben"]))
    assert error.value.code == "E206"
    other.close()
    ben.close()


def test_what_a_stranger_sent_stays_in_quarantine_until_they_are_known(ada: Workspace, tmp_path: Path) -> None:
    ben, cleo = joined(ada, tmp_path / "ben", "Ben"), joined(ada, tmp_path / "cleo", "Cleo")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    applied(cleo, made(ada, tmp_path / "all2.rvb"))
    members_of = [one.member for one in members.list_members(ben, SILENT).value]
    assert set(members_of) == {"Ada", "Ben", "Cleo"}
    dan = joined(ada, tmp_path / "dan", "Dan")
    applied(dan, made(ada, tmp_path / "dan.rvb", members=["Dan"]))
    worlds.label(dan, worlds.waiting(dan)[0])
    taken = applied(ben, made(dan, tmp_path / "from-dan.rvb")).taken
    assert taken is not None  # his bundle carries the entry that admits him
    assert taken.kinds["label"] == 1
    for one in (ben, cleo, dan):
        one.close()
