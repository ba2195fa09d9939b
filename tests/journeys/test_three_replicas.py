"""Three machines on which the same real runs are reviewed offline, two of them by one person; they end with the same state, whatever
carries the work."""

import json
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer.storage import driver
from tests import commands, servers
from tests.hubs import Line

# The clients and the server of S3 leave their sockets to the garbage collector.
pytestmark = [pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")]
ITEMS = 18


class Machine:
    """One machine of a person: a home folder of its own, with settings, keys and a workspace."""

    def __init__(self, home: Path, name: str, member: str) -> None:
        self.name = name
        self.member = member
        self.workspace = home / name / "workspace"
        self.home = home / name
        self.home.mkdir(parents=True)
        self.environment = {
            **os.environ,
            "HOME": str(self.home),
            "REVIEWER_CONFIG": str(self.home / "config"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = commands.run(["--workspace", str(self.workspace), *arguments], environment=self.environment)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, done.stderr
        return done

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)

    def labels(self, items: list[str], chance: random.Random, tag: str) -> list[str]:
        """Give labels offline, by a file of the person's own; return the items."""
        path = self.home / f"labels-{tag}.jsonl"
        lines = [
            {"item": item, "verdict": chance.choice(["compliant", "non_compliant"]), "rationale": f"{self.member} on {item[:8]}."}
            for item in items
        ]
        path.write_text(
            "".join(json.dumps({**line, "reviewer": self.member, "time": f"2026-11-{tag}T10:00:00Z"}) + "\n" for line in lines),
            encoding="utf-8",
        )
        assert self.json("labels", "import", str(path), "--campaign", "C")["added"] == len(items)
        return items

    def labels_kept(self) -> int:
        """Label entries on the disk, whoever may see them."""
        connection = driver.connect(self.workspace / "reviewer.db", read_only=True)
        try:
            return int(connection.execute("SELECT count(*) FROM entry WHERE kind = 'label'").fetchone()[0])
        finally:
            connection.close()


Exchange = Callable[[list[Machine], random.Random], None]


@pytest.fixture
def team(tmp_path: Path, real_data: Path) -> list[Machine]:
    """Ada leads; Ben has joined by request from his laptop and from his tablet, and knows nothing yet but that."""
    ada, laptop, tablet = (Machine(tmp_path, name, who) for name, who in (("office", "Ada"), ("laptop", "Ben"), ("tablet", "Ben")))
    ada.run("init", "--as", "Ada")
    ada.run("import", str(real_data / "tau-bench"))
    for other in (laptop, tablet):
        request = tmp_path / f"{other.name}.json"
        asked = other.json("join", str(request), "--as", other.member)
        admitted = ada.json("member", "add", other.member, "--request", str(request))
        assert admitted["words"] == asked["words"]
        assert len(asked["words"]) == 6
    ada.run("campaign", "create", "C", "--design", "srs", "--size", str(ITEMS), "--overlap", "2", "--assign", "all")
    return [ada, laptop, tablet]


def by_bundles(machines: list[Machine], chance: random.Random) -> None:
    """Everybody makes a bundle; they come in a random order, some twice, and a damaged copy among them is refused."""
    folder = machines[0].home.parent / "stick"
    folder.mkdir(exist_ok=True)
    made = [folder / f"{machine.name}-{chance.random()}.rvb" for machine in machines]
    for machine, file in zip(machines, made, strict=True):
        machine.run("bundle", "create", str(file))
    content = bytearray(made[0].read_bytes())
    content[len(content) // 2] ^= 1
    damaged = folder / "damaged.rvb"
    damaged.write_bytes(bytes(content))
    for machine in machines:
        order = [*made, chance.choice(made), damaged]
        chance.shuffle(order)
        for file in order:
            if file == damaged:
                before = machine.json("verify")["digest"]
                assert "[E204]" in machine.run("bundle", "apply", str(damaged), code=2).stderr
                assert machine.json("verify")["digest"] == before
            else:
                machine.json("bundle", "apply", str(file))


def by_target(address: str) -> Exchange:
    """Everybody syncs with one place, in a random order, a few times."""

    def exchange(machines: list[Machine], chance: random.Random) -> None:
        for _ in range(2):
            for machine in chance.sample(machines, len(machines)):
                machine.json("sync", address)

    return exchange


@pytest.fixture
def webdav_address(tmp_path: Path) -> Iterator[str]:
    """A WebDAV server."""
    (tmp_path / "webdav").mkdir()
    with servers.webdav(tmp_path / "webdav") as address:
        yield address


@pytest.fixture
def s3_address(team: list[Machine]) -> Iterator[str]:
    """An S3 server, and every machine knowing the way to it."""
    with servers.s3() as (address, environment):
        for machine in team:
            machine.environment.update(environment)
        yield address


@pytest.fixture
def postgresql_address(hub_line: Line) -> str:
    """A hub, as a user who may read and add."""
    return hub_line.address()


@pytest.fixture(params=["bundles", "folder", "webdav", "s3", "postgresql"])
def exchange(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Exchange]:
    """How the machines exchange."""
    if request.param == "bundles":
        yield by_bundles
    elif request.param == "folder":
        (tmp_path / "shared").mkdir()
        yield by_target(str(tmp_path / "shared"))
    else:
        yield by_target(request.getfixturevalue(f"{request.param}_address"))


def first_kit(team: list[Machine], exchange: Exchange) -> None:
    """The campaign reaches those who only joined."""
    ada, *others = team
    kit = ada.home / "kit.rvb"
    ada.run("bundle", "create", str(kit))
    for other in others:
        assert other.json("bundle", "apply", str(kit))["items"] > ITEMS


def test_three_machines_end_with_the_same_state_and_every_label(team: list[Machine], exchange: Exchange) -> None:
    chance = random.Random(7)
    first_kit(team, exchange)
    sampled = [one["id"] for one in team[0].json("campaign", "show", "C", "--items")["items"]]
    halves = [sampled[: ITEMS // 2 + 3], sampled[ITEMS // 2 - 3 :], sampled[3:-3]]
    for machine, half in zip(team, halves, strict=True):
        machine.labels(half, chance, "01")
    exchange(team, chance)
    for machine in team:
        machine.labels(chance.sample(sampled, 4), chance, "02")
    exchange(team, chance)
    verified = [machine.json("verify") for machine in team]
    assert [one["ok"] for one in verified] == [True] * 3
    assert len({one["digest"] for one in verified}) == 1
    assert len({one["set_digest"] for one in verified}) == 1
    given = sum(len(half) for half in halves) + 12
    assert [machine.labels_kept() for machine in team] == [given] * 3


def test_a_build_in_which_the_latest_answer_wins_fails_the_same_test(
    team: list[Machine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_PLANTED", "latest_wins")
    for machine in team:
        machine.environment["REVIEWER_PLANTED"] = "latest_wins"
    (tmp_path / "shared").mkdir()
    with pytest.raises(AssertionError):
        test_three_machines_end_with_the_same_state_and_every_label(team, by_target(str(tmp_path / "shared")))
