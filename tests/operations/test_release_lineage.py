"""Every row of a release is walked back to its source, and what does not hold is named."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.domain import releases
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, policies, release_checks, releasing
from reviewer.operations.release_checks import Broken
from reviewer.storage import driver
from reviewer.storage.workspace import Workspace
from tests import worlds

POLICY = b"# Refunds\n\n## 4.2 Time\n\nWithin 30 days.\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Three labels that cite a clause, and one item that stays open."""
    made = worlds.make(tmp_path / "w")
    worlds.put_in(made, [worlds.run_of(n) for n in range(4)])
    path = tmp_path / "refunds.md"
    path.write_bytes(POLICY)
    policies.add_policy(made, SILENT, key="refunds", path=path)
    campaigns.create_campaign(made, SILENT, rules=Campaign(name="C", query="", seed="s", policies=("refunds",)))
    for item in worlds.waiting(made)[:3]:
        labelling.label_item(made, SILENT, campaign="C", item=item, opinion=Opinion(verdict="compliant"), clauses=["4.2"])
    return made


def _release(workspace: Workspace, tmp_path: Path, name: str = "trl-kto") -> Path:
    releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / name, format_name=name)
    assert _broken(workspace, tmp_path / name) == ()
    return tmp_path / name


def _broken(workspace: Workspace, folder: Path) -> tuple[Broken, ...]:
    return release_checks.check_release(workspace, SILENT, folder=folder).value.broken


def _tamper(workspace: Workspace, *statements: str) -> None:
    with closing(driver.connect(workspace.folder / "reviewer.db")) as raw:
        for statement in statements:
            raw.execute(statement)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("data/train.jsonl", b"Done", b"Dont"),
        ("data/train.jsonl", b'"label":true', b'"label":null'),
        ("data/train.jsonl", b'"reviewer_blind":true', b'"reviewer_blind":null'),
        ("data/train.jsonl", b'"reviewer_row":"', b'"reviewer_row":"f'),
        ("data/train.parquet", b"PAR1", b"PAR2"),
        ("README.md", b"rows", b"rowz"),
        ("croissant.json", b"sc:Dataset", b"sc:Datasex"),
        ("manifest.json", b'"train":3', b'"train":4'),
    ],
)
def test_one_flipped_byte_is_named_by_its_place(workspace: Workspace, tmp_path: Path, path: str, before: bytes, after: bytes) -> None:
    out = _release(workspace, tmp_path)
    content = (out / path).read_bytes()
    assert before in content
    (out / path).write_bytes(content.replace(before, after, 1))
    places = [problem.where for problem in _broken(workspace, out)]
    assert places == ([path, f"{path} line 1"] if path.endswith(".jsonl") else [path])


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["UPDATE policy SET clauses = x'" + "00" * 32 + "'"], "in words that are not here"),
        (["DELETE FROM origin"], "was made from is not in this workspace"),
        (["UPDATE origin SET original = x'28b52ffd0000010000'"], ""),
        (["UPDATE label SET in_force = 0"], "was replaced after it"),
        (["DELETE FROM item"], "is not in this workspace"),
    ],
)
def test_what_a_row_rests_on_and_is_gone_or_changed_is_named(
    workspace: Workspace, tmp_path: Path, statements: list[str], said: str
) -> None:
    out = _release(workspace, tmp_path)
    _tamper(workspace, "PRAGMA foreign_keys = OFF", *statements)
    checked = release_checks.check_release(workspace, SILENT, folder=out).value
    assert (checked.rows, checked.traced) == (3, 0)
    assert all(said in problem.what for problem in checked.broken)


def _other_line(lines: list[str]) -> list[str]:
    return [lines[1], lines[0], *lines[2:]]


def _one_less(lines: list[str]) -> list[str]:
    return lines[:-1]


@pytest.mark.parametrize("change", [_other_line, _one_less])
def test_lineage_that_lies_apart_belongs_to_its_rows(
    workspace: Workspace, tmp_path: Path, change: Callable[[list[str]], list[str]]
) -> None:
    out = _release(workspace, tmp_path, "openai-chat")
    path = out / "lineage" / "train.jsonl"
    path.write_text("".join(line + "\n" for line in change(path.read_text(encoding="utf-8").splitlines())), encoding="utf-8")
    checked = release_checks.check_release(workspace, SILENT, folder=out).value
    assert checked.rows == 3
    assert checked.traced == (1 if change is _other_line else 2)
    assert checked.broken[0] == ("lineage/train.jsonl", "Its hash is not the one of the manifest.")


def test_a_row_that_takes_an_item_for_something_else_does_not_trace(workspace: Workspace, tmp_path: Path) -> None:
    out = _release(workspace, tmp_path)
    path = out / "data" / "train.jsonl"
    first, *rest = path.read_bytes().splitlines()
    bare = first.replace(b'"label":true', b'"label":false').rpartition(b',"reviewer_row":')[0] + b"}"
    forged = bare[:-1] + b',"reviewer_row":"' + releases.row_id(bare).encode() + b'"}'
    path.write_bytes(b"\n".join([forged, *rest, b""]))
    assert json.loads(forged)["label"] is False
    whole, row = _broken(workspace, out)
    assert whole.where == "data/train.jsonl"
    assert row.what.endswith("says compliant, the row non_compliant.")
