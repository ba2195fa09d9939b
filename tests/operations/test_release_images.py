"""Images in releases: carried where a format has a place for them, and else the row is dropped and counted, never kept without them."""

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, ItemId, Message, Part
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, release_checks, releasing
from reviewer.storage.workspace import Workspace
from tests import worlds

# A PNG of one pixel, and another one.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
OTHER = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==")
LOST = b"\x89PNG\r\n\x1a\nlost"


def _text(text: str) -> Part:
    return Part(type="text", text=text)


def _image(content: bytes, media_type: str = "image/png") -> Part:
    return Part(type="image", sha256=hashlib.sha256(content).hexdigest(), media_type=media_type, size_bytes=len(content))


def _run(question: Sequence[Part], answer: str = "A cat.", *more: Message) -> Item:
    asked = Message(role="user", content=tuple(question))
    return Item(kind="trajectory", agent="eye", messages=(asked, Message(role="assistant", content=(_text(answer),)), *more))


@pytest.fixture
def seeing(tmp_path: Path) -> tuple[Workspace, list[ItemId]]:
    """Runs: with an image in the question, with two, without, with one that comes later, with one that is not here, and with a file."""
    workspace = worlds.make(tmp_path / "w")
    workspace.media.keep([(hashlib.sha256(one).hexdigest(), one) for one in (PNG, OTHER)])
    later = Message(role="user", content=(_image(OTHER), _text("And this?")))
    file = Part(type="file", sha256=hashlib.sha256(PNG).hexdigest(), media_type="application/pdf", size_bytes=len(PNG))
    items = worlds.put_in(
        workspace,
        [
            _run([_text("What is this?"), _image(PNG)]),
            _run([_image(PNG), _image(OTHER), _text("Which is older?")]),
            _run([_text("Hello?")]),
            _run([_text("First?")], "Yes.", later, Message(role="assistant", content=(_text("A dog."),))),
            _run([_text("Where?"), _image(LOST)]),
            _run([_text("Read it."), file]),
        ],
    )
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    for item in items:
        worlds.label(workspace, item)
    return workspace, items


def _release(workspace: Workspace, out: Path, name: str, **more: Any) -> releasing.Released:
    done = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=out, format_name=name, **more).value
    checked = release_checks.check_release(workspace, SILENT, folder=out).value
    assert checked.broken == ()
    assert checked.traced == sum(done.rows.values())
    return done


def _rows(out: Path, folder: str = "data") -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(out.glob(f"{folder}/*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", ["trl-prompt-completion", "trl-kto"])
def test_images_of_the_first_question_have_a_column_as_trl_takes_it(name: str, seeing: Any, tmp_path: Path) -> None:
    workspace, items = seeing
    done = _release(workspace, tmp_path / "out", name)
    assert (done.rows["train"], done.dropped["media"]) == (3, 3)
    first, second = (f"images/{hashlib.sha256(one).hexdigest()}.png" for one in (PNG, OTHER))
    rows = {row["reviewer_item"]: row for row in _rows(tmp_path / "out")}
    assert {item: row["images"] for item, row in rows.items()} == {items[0]: [first], items[1]: [first, second], items[2]: []}
    assert rows[items[0]]["prompt"] == [{"role": "user", "content": "What is this?"}]
    assert {path.name: path.read_bytes() for path in (tmp_path / "out" / "images").iterdir()} == {first[7:]: PNG, second[7:]: OTHER}
    table = {row["reviewer_item"]: row["images"] for row in pq.read_table(tmp_path / "out" / "data" / "train.parquet").to_pylist()}
    assert table == {
        items[0]: [{"bytes": PNG, "path": first}],
        items[1]: [{"bytes": PNG, "path": first}, {"bytes": OTHER, "path": second}],
        items[2]: [],
    }
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert manifest["images"] == 2
    assert {first, second} <= {file["path"] for file in manifest["files"]}


def test_an_image_that_was_changed_or_added_is_named(seeing: Any, tmp_path: Path) -> None:
    workspace, _ = seeing
    _release(workspace, tmp_path / "out", "trl-kto")
    place = next((tmp_path / "out" / "images").iterdir())
    place.write_bytes(place.read_bytes() + b"x")
    (tmp_path / "out" / "images" / "more.png").write_bytes(PNG)
    broken = release_checks.check_release(workspace, SILENT, folder=tmp_path / "out").value.broken
    assert {one.where for one in broken} == {f"images/{place.name}", "images/more.png"}


@pytest.mark.parametrize("name", ["openai-chat", "mistral-chat"])
def test_images_of_any_question_stand_in_a_chat_as_parts(name: str, seeing: Any, tmp_path: Path) -> None:
    workspace, items = seeing
    done = _release(workspace, tmp_path / "out", name)
    assert (done.rows["train"], done.dropped["media"]) == (4, 2)
    by_item = {told["reviewer_item"]: row for row, told in zip(_rows(tmp_path / "out"), _rows(tmp_path / "out", "lineage"), strict=True)}
    address = "data:image/png;base64," + base64.b64encode(PNG).decode()
    assert by_item[items[0]]["messages"][0] == {
        "role": "user",
        "content": [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": address}}],
    }
    assert [type(message["content"]) for message in by_item[items[3]]["messages"]] == [str, str, list, str]
    assert by_item[items[2]]["messages"][0]["content"] == "Hello?"
    table = pq.read_table(tmp_path / "out" / "data" / "train.parquet").to_pylist()
    texts = [row["messages"][0]["content"] for row in table]
    assert by_item[items[0]]["messages"][0]["content"] in [json.loads(text) for text in texts if text.startswith("[")]
    assert not (tmp_path / "out" / "images").exists()


@pytest.mark.parametrize(("name", "form"), [("trl-prompt-completion", "standard"), ("trl-stepwise", None), ("raw", None)])
def test_a_format_without_a_place_for_images_has_no_row_of_them(name: str, form: str | None, seeing: Any, tmp_path: Path) -> None:
    workspace, items = seeing
    if name == "trl-stepwise":
        for item in items[:3]:
            labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(verdict="compliant", steps={"2": "good"}))
    done = _release(workspace, tmp_path / "out", name, form=form)
    dropped = {why: n for why, n in done.dropped.items() if n}
    rows = _rows(tmp_path / "out")
    assert {row["reviewer_item"] for row in rows} == ({*items} if name == "raw" else {items[2]})
    assert (
        dropped
        == {
            "trl-prompt-completion": {"not_plain": 3, "media": 2},
            "trl-stepwise": {"media": 2, "no_steps": 3},
            "raw": {},
        }[name]
    )
    assert "images" not in rows[0]


def test_runs_that_show_other_images_are_no_pair(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "w")
    workspace.media.keep([(hashlib.sha256(one).hexdigest(), one) for one in (PNG, OTHER)])
    made = [_run([_text("What?"), _image(image)], answer) for image in (PNG, OTHER) for answer in ("right", "wrong")]
    items = worlds.put_in(workspace, made[:3])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    for item, verdict in zip(items, ("compliant", "non_compliant", "compliant"), strict=True):
        worlds.label(workspace, item, verdict)
    done = _release(workspace, tmp_path / "out", "trl-preference")
    (row,) = _rows(tmp_path / "out")
    assert (row["chosen"][0]["content"], row["rejected"][0]["content"], len(row["images"])) == ("right", "wrong", 1)
    assert done.dropped["no_pair"] == 1


def test_an_earlier_state_is_released_with_its_images(seeing: Any, tmp_path: Path) -> None:
    workspace, items = seeing
    first = _release(workspace, tmp_path / "out", "trl-kto")
    worlds.label(workspace, items[0], "non_compliant")
    again = releasing.release_dataset(
        workspace, SILENT, campaigns=["C"], out=tmp_path / "again", format_name="trl-kto", at=first.release
    ).value
    assert again.manifest == first.manifest
