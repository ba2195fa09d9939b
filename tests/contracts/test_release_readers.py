"""What a release is for: `datasets`, the hub's cards, Croissant and Mistral's validator take it as it is.

Their libraries are no part of Reviewer and have an environment of their own (packaging/README.md, "Readers of releases").
"""

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reviewer.domain.corrections import Rewrite, addresses
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part
from reviewer.domain.labels import Opinion
from reviewer.domain.preferences import Choice
from reviewer.domain.progress import SILENT
from reviewer.formats.format import Options
from reviewer.formats.release_shapes import SHAPES, Shape
from reviewer.operations import campaigns, importing, labelling, releasing, searching
from tests import pairs, worlds

_HERE = Path(__file__).parent
_PYTHON = Path(os.environ.get("REVIEWER_READERS", _HERE.parents[1] / ".venv-readers" / "bin" / "python"))
_CORRECTION = b"I am sorry, the policy does not allow this."


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Any:
    """The airline runs of tau-bench, a third of them non-compliant, some corrected whole or in a step, all with marks on their steps."""
    workspace = worlds.make(tmp_path_factory.mktemp("readers") / "w")
    importing.import_files(workspace, SILENT, paths=[str(real_data / "tau-bench")], options=Options())
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name='A "név": 🙂 #1', query="", seed="s"))
    for number, item in enumerate(worlds.waiting(workspace, campaign='A "név": 🙂 #1')):
        said = Opinion(verdict="compliant" if number % 3 else "non_compliant", steps={"3": "good"})
        if number % 6 == 3:
            run = searching.show_item(workspace, SILENT, item=item).value.item
            steps = addresses(run)
            step = steps[number % len(steps)]
            rewrite = Rewrite('{"summary":"asks for what the policy forbids"}', "transfer_to_human_agents")
            said = msgspec.structs.replace(said, rewrites={step: rewrite if number % 4 == 1 else Rewrite(_CORRECTION.decode())})
        correction = None if number % 6 else _CORRECTION
        labelling.label_item(workspace, SILENT, campaign='A "név": 🙂 #1', item=item, opinion=said, correction=correction)
    yield workspace
    workspace.close()


def _read(folder: Path, name: str) -> dict[str, Any]:
    ran = subprocess.run([str(_PYTHON), str(_HERE / "release_readers.py"), str(folder), name], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3_000:]
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


@pytest.mark.long
@pytest.mark.parametrize("name", ["trl-preference", "trl-kto", "trl-prompt-completion", "openai-chat", "mistral-chat"])
def test_the_libraries_of_others_see_the_images_of_a_release(name: str, tmp_path: Path, real_data: Path) -> None:
    if not _PYTHON.exists():
        pytest.skip(f"no readers at {_PYTHON}: see packaging/README.md")
    content = (real_data / "media" / "inspect_ai" / "ballons.png").read_bytes()
    workspace = worlds.make(tmp_path / "w")
    image = Part(type="image", sha256=hashlib.sha256(content).hexdigest(), media_type="image/png", size_bytes=len(content))
    workspace.media.keep([(image.sha256 or "", content)])

    def run(answer: str, *shown: Part) -> Item:
        asked = Message(role="user", content=(Part(type="text", text="What is this?"), *shown))
        return Item(kind="trajectory", messages=(asked, Message(role="assistant", content=(Part(type="text", text=answer),))))

    items = worlds.put_in(workspace, [run("Balloons.", image), run("A cat.", image), run("No idea.")])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    for item, verdict in zip(items, ("compliant", "non_compliant", "compliant"), strict=True):
        worlds.label(workspace, item, verdict)
    done = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "out", format_name=name).value
    told = _read(tmp_path / "out", name)
    assert told["rows"] == told["lines"] == {"train": done.rows["train"]}
    assert told["croissant_errors"] == []
    assert told.get("validated", done.rows["train"]) == done.rows["train"]
    sizes = {"trl-preference": [["PNG", 478, 539]], "trl-kto": [["PNG", 478, 539]] * 2, "trl-prompt-completion": [["PNG", 478, 539]]}
    assert told["images"] == sizes.get(name, [])
    workspace.close()


@pytest.mark.long
@pytest.mark.parametrize("name", ["trl-prompt-completion", "openai-chat", "mistral-chat"])
def test_the_libraries_of_others_take_better_answers_to_comparisons(name: str, tmp_path: Path) -> None:
    if not _PYTHON.exists():
        pytest.skip(f"no readers at {_PYTHON}: see packaging/README.md")
    workspace = pairs.ready(tmp_path / "w")
    for item in worlds.waiting(workspace)[:3]:
        opinion, choice = Opinion(), Choice(prefer="A")
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion, choice=choice, correction=_CORRECTION)
    releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "out", format_name=name)
    told = _read(tmp_path / "out", name)
    assert told["rows"] == told["lines"] == {"train": 3}
    assert told["croissant_errors"] == []
    assert told.get("validated", 3) == 3
    workspace.close()


@pytest.mark.long
@pytest.mark.parametrize("shape", [one for one in SHAPES if one.name != "openai-preference"], ids=lambda one: one.name)
def test_the_libraries_of_others_take_a_release(shape: Shape, labelled: Any, tmp_path: Path) -> None:
    if not _PYTHON.exists():
        pytest.skip(f"no readers at {_PYTHON}: see packaging/README.md")
    done = releasing.release_dataset(
        labelled, SILENT, campaigns=['A "név": 🙂 #1'], out=tmp_path / "out", format_name=shape.name, split="0.8,0.1,0.1"
    ).value
    told = _read(tmp_path / "out", shape.name)
    rows = {part: n for part, n in done.rows.items() if n}
    assert told["rows"] == told["lines"] == rows
    assert (told["splits"], told["records"]) == (list(rows), list(rows))
    assert told["pretty_name"] == 'A "név": 🙂 #1'
    assert told["croissant_errors"] == []
    assert told.get("validated", sum(rows.values())) == sum(rows.values())
