"""A workspace with a run of clusters whose figures and places are known beforehand: what a page shows of it is always the same.

The run is put where a real one is kept; tests of the operations make real ones.
"""

import itertools
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from reviewer.domain.events import Campaign
from reviewer.domain.item_map import Axes
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, cluster_records, grouping
from reviewer.operations.cluster_records import Cluster, Clustering, StandOut
from reviewer.storage import cluster_runs
from reviewer.storage.cluster_runs import Run
from reviewer.storage.workspace import Workspace
from tests import topics, worlds

EACH, SAMPLED = 40, 120
NAME = "Travel"
WRONG = "payout"
MADE_MS, WEEK_MS = 1_790_000_000_000, 7 * 24 * 3_600_000  # when the run was made: 21 September 2026
MIDDLES = {"payout": (3, -2), "hotel": (-3, 2), "luggage": (0, 3), "seat": (3, 2), "visa": (-1, -1), "pet": (-4, -2)}
NAMES = {"payout": "Refund to a “foreign” account", "pet": "Dogs in the cabin"}


class Mapped(NamedTuple):
    """The workspace of its lead Ada, the items of each topic, and the clusters in the order in which they are listed."""

    workspace: Workspace
    items: dict[str, list[ItemId]]
    clusters: tuple[Cluster, ...]


def filled(folder: Path, *, each: int = EACH, sampled: int = SAMPLED) -> tuple[Workspace, dict[str, list[ItemId]]]:
    """Items about six things, half of them drawn for a campaign; nothing is labelled."""
    workspace = worlds.make(folder)
    made = [
        (topic, topics.run_about(topic, n, day=n, model=f"model-{'ab'[n % 2]}"))
        for topic, n in itertools.product(topics.TOPICS, range(each))
    ]
    ids = worlds.put_in(workspace, [item for _, item in made])
    items: dict[str, list[ItemId]] = {topic: [] for topic in topics.TOPICS}
    for (topic, _), item in zip(made, ids, strict=True):
        items[topic].append(item)
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name=NAME, query="", seed="s", design="srs"), size=sampled)
    return workspace, items


def mapped(folder: Path, *, earlier: str = "") -> Mapped:
    """Two in three of the drawn items labelled, and a run of clusters in which payouts are flagged.

    earlier: a topic that another run flagged, a week before and without the items about visas; none: there was no other run.
    """
    workspace, items = filled(folder)
    said = _labelled(workspace, items)
    if earlier:
        before = {topic: some for topic, some in items.items() if topic != "visa"}
        _run(workspace, before, said, wrong=earlier, run="0lder", made_ms=MADE_MS - WEEK_MS)
    return Mapped(workspace, items, _run(workspace, items, said))


def _labelled(workspace: Workspace, items: dict[str, list[ItemId]]) -> dict[ItemId, str]:
    with workspace.read() as reading:
        drawn = {ItemId(name.hex()) for (name,) in reading.rows("SELECT item FROM pick")}
    said: dict[ItemId, str] = {}
    for topic, some in items.items():
        for n, item in enumerate(one for one in some if one in drawn):
            if n % 3 == 2:
                continue
            wrong = n % 5 != 0 if topic == WRONG else n == 4 and topic != "visa"
            said[item] = "unsure" if n == 7 else "non_compliant" if wrong else "compliant"
            worlds.label(workspace, item, said[item], campaign=NAME)
    return said


def _run(
    workspace: Workspace,
    items: dict[str, list[ItemId]],
    said: dict[ItemId, str],
    *,
    wrong: str = WRONG,
    run: str = "5eed",
    made_ms: int = MADE_MS,
) -> tuple[Cluster, ...]:
    with workspace.read() as reading:
        [campaign] = [name.hex() for (name,) in reading.rows("SELECT hash FROM campaign")]
    answers = [verdict for verdict in said.values() if verdict != "unsure"]
    rate = answers.count("non_compliant") / len(answers)
    told = [_cluster(topic, sorted(some), said, rate, flagged=topic == wrong) for topic, some in items.items()]
    found = tuple(sorted(told, key=lambda one: (not one.flagged, one.expected - one.non_compliant)))
    found_by = Clustering(
        run=run, made_ms=made_ms, query="", campaign=NAME, campaigns=(campaign,), items=sum(map(len, items.values())),
        left_out=0, reviewed=len(answers), non_compliant=answers.count("non_compliant"), hidden=0, embedder="wordllama-l2-256", seed="s",
        alpha=0.05, within=None, replications=999, notes=("Grouped by the English model wordllama-l2-256, on this machine.",),
        clusters=found,
    )  # fmt: skip
    topic_of = {one.id: topic for one, topic in zip(told, items, strict=True)}
    rng = np.random.default_rng(4)
    points = np.concatenate([np.array(MIDDLES[topic_of[one.id]]) + rng.normal(0, 0.45, (one.size, 2)) for one in found])
    axes = Axes(np.zeros(2, np.float32), np.eye(2, dtype=np.float32), len(points))
    content = cluster_records.packed(found_by, grouping.placed(axes, points.astype(np.float32)))
    with workspace.begin() as work:
        lists = [(one.id, bytes.fromhex("".join(sorted(items[topic_of[one.id]])))) for one in found]
        cluster_runs.keep(work, Run(run, workspace.member, made_ms, content), lists)
    return found


def _cluster(topic: str, some: list[ItemId], said: dict[ItemId, str], rate: float, *, flagged: bool) -> Cluster:
    answers = [said[item] for item in some if said.get(item, "unsure") != "unsure"]
    broken = answers.count("non_compliant")
    return Cluster(
        id=cluster_records.cluster_id(bytes.fromhex("".join(some))),
        name=NAMES.get(topic, f"{topic} · ask · book"),
        size=len(some),
        reviewed=len(answers),
        non_compliant=broken,
        expected=rate * len(answers),
        rate=broken / len(answers),
        low=max(0.0, broken / len(answers) - 0.2),
        high=min(1.0, broken / len(answers) + 0.2),
        p_value=0.001 if flagged else 1.0,
        flagged=flagged,
        candidate=flagged,
        typical=(some[0],),
        stands_out=(StandOut("clause", "4.2", 7, 9, 0.6, 0.3, 0.8), StandOut("model", "model-b", 6, 7, 0.31, 0.02, 0.6)) if flagged else (),
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace with a run, made once: tests only look at it."""
    made = mapped(tmp_path_factory.mktemp("run") / "workspace")
    made.workspace.close()
    return made.workspace.folder
