"""What a release is for: the trainers of TRL train on it as it is, one step each (packaging/README.md, "Trainers").

Their libraries take gigabytes, so that this is no part of the test command. `REVIEWER_TRAINERS` names a Python that has them; else an
environment is made in a temporary folder and removed.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part
from reviewer.domain.labels import Opinion
from reviewer.domain.preferences import Choice
from reviewer.domain.progress import SILENT
from reviewer.formats.format import Options
from reviewer.operations import campaigns, importing, labelling, releasing
from reviewer.storage.workspace import Workspace
from tests import pairs, worlds
from tests.operations.test_release_formats import answer_to

_HERE = Path(__file__).parent
_WANTED = ("torch<2.15", "trl==1.16.0", "transformers<6", "datasets==5.2.0", "pillow", "torchvision")
_SHARES = ("trl-preference", "trl-kto", "trl-prompt-completion", "trl-reward", "trl-stepwise", "openai-chat", "mistral-chat")
_CORRECTION = b"I am sorry, the policy does not allow this."


@pytest.fixture(scope="module")
def trainers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Python with TRL."""
    named = os.environ.get("REVIEWER_TRAINERS")
    if named is not None:
        yield Path(named)
        return
    place = tmp_path_factory.mktemp("trainers")
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    subprocess.run([str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", *_WANTED], check=True)
    yield place / "bin" / "python"
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Iterator[Workspace]:
    """The airline runs of tau-bench: calls and tools, half of them corrected, all with marks on their steps."""
    workspace = worlds.make(tmp_path_factory.mktemp("runs") / "w")
    importing.import_files(workspace, SILENT, paths=[str(real_data / "tau-bench" / "historical_trajectories")], options=Options())
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    for number, item in enumerate(worlds.waiting(workspace, limit=16)):
        said = Opinion(verdict="compliant" if number % 2 else "non_compliant", steps={"3": "good", "5": "bad"})
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=said, correction=None if number % 2 else _CORRECTION)
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Questions with one answer in plain text, judged and some corrected."""

    workspace = worlds.make(tmp_path_factory.mktemp("plain") / "w")
    worlds.put_in(workspace, [answer_to(n, "Yes.") for n in range(8)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    for number, item in enumerate(worlds.waiting(workspace)):
        said = Opinion(verdict="compliant" if number % 2 else "non_compliant")
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=said, correction=None if number % 2 else b"No.")
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Comparisons with a preference each."""
    workspace = pairs.ready(tmp_path_factory.mktemp("compared") / "w")
    for item in worlds.waiting(workspace):
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(), choice=Choice(prefer="A"))
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Runs that say which tools the agent had."""
    workspace = worlds.make(tmp_path_factory.mktemp("tools") / "w")
    worlds.put_in(workspace, [answer_to(n, "Done.", steps=2) for n in range(6)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    for item in worlds.waiting(workspace):
        worlds.label(workspace, item)
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def seeing(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Iterator[Workspace]:
    """Questions about an image, two runs of each, of which one is compliant."""
    workspace = worlds.make(tmp_path_factory.mktemp("seeing") / "w")
    content = (real_data / "media" / "inspect_ai" / "ballons.png").read_bytes()
    image = Part(type="image", sha256=hashlib.sha256(content).hexdigest(), media_type="image/png", size_bytes=len(content))
    workspace.media.keep([(image.sha256 or "", content)])

    def run(n: int, answer: str) -> Item:
        asked = Message(role="user", content=(image, Part(type="text", text=f"What is in corner {n}?")))
        return Item(kind="trajectory", messages=(asked, Message(role="assistant", content=(Part(type="text", text=answer),))))

    items = worlds.put_in(workspace, [run(n, answer) for n in range(4) for answer in ("A balloon.", "A cat.")])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    for number, item in enumerate(items):
        worlds.label(workspace, item, "non_compliant" if number % 2 else "compliant")
    yield workspace
    workspace.close()


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize(
    ("format_name", "form", "of"),
    [
        *((name, None, "runs") for name in _SHARES),
        *((name, "standard", "plain") for name in ("trl-preference", "trl-kto", "trl-prompt-completion", "trl-reward")),
        *((name, None, "tools") for name in ("trl-kto", "trl-prompt-completion", "openai-chat")),
        *((name, None, "seeing") for name in ("trl-preference", "trl-kto", "trl-prompt-completion")),
        *((name, None, "compared") for name in ("trl-preference", "trl-reward")),
    ],
)
def test_a_trainer_takes_a_step_on_a_release(
    format_name: str, form: str | None, of: str, request: pytest.FixtureRequest, trainers: Path, tmp_path: Path
) -> None:
    workspace: Workspace = request.getfixturevalue(of)
    releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=tmp_path / "out", format_name=format_name, form=form)
    ran = subprocess.run(
        [str(trainers), str(_HERE / "release_trainers.py"), str(tmp_path / "out"), format_name, str(form)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-4_000:]
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    assert (told["steps"], told["moved"]) == (1, True)
    assert told["loss"] > 0
    assert (told["images"] > 0) is (of == "seeing")
    print(format_name, form, of, told)
