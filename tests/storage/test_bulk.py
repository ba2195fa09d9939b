"""Views made all at once are those that come of one entry after another, whatever people did and in whatever order it came."""

import random
from collections.abc import Callable
from itertools import permutations

import pytest

from reviewer.domain.progress import SILENT
from reviewer.operations import verifying
from reviewer.storage.digests import digest_of_tables
from reviewer.storage.tables import VIEWS
from tests.faults import acts
from tests.faults.simulation import Simulation
from tests.faults.sites import Site, seeded

# What bears on answers, on who is asked again, and on what a resolution decides.
_MIX: tuple[tuple[Callable[[Site, random.Random], None], int], ...] = (
    (acts.label, 40), (acts.retract, 10), (acts.requeue, 14), (acts.resolve, 12), (acts.gold, 6), (acts.draw, 6), (acts.aside, 4),
    (acts.ask, 2), (acts.publish, 2), (acts.activate, 3), (acts.erase, 1), (acts.incident, 8),
)  # fmt: skip


def bring(source: Site, target: Site, world: Simulation) -> None:
    """What the target lacks, its lists before, after or between the entries, in parts."""
    arrivals = source.lacking(target.tips())
    have = target.contents()
    blobs = [content for name, content in sorted(source.contents().items()) if name not in have]
    size = world.chance.choice((1, 4, 1_000))
    lists_first = world.chance.random() < 0.5
    for start in range(0, max(len(arrivals), len(blobs)), size):
        here = (arrivals[start : start + size], blobs[start : start + size])
        for entries, lists in (([], here[1]), (here[0], [])) if lists_first else (here,):
            target.take(world.project, entries, lists)


def act(world: Simulation) -> None:
    shape, _ = world.chance.choices(_MIX, [weight for _, weight in _MIX])[0]
    shape(world.chance.choice(world.sites), world.chance)


def views(site: Site) -> dict[str, set[tuple[object, ...]]]:
    """Every row of every view; without the numbers of rows, which only say in which order they came."""
    campaigns = dict(site.rows("SELECT id, hash FROM campaign"))
    found = {}
    for table in VIEWS:
        names = [column.name for column in table.columns if column.name not in ("n", "id") or table.name in ("member", "device")]
        rows = site.rows(f"SELECT {', '.join(names)} FROM {table.name}")
        place = names.index("campaign") if "campaign" in names and table.name != "draw" else None
        found[table.name] = {row if place is None else (*row[:place], campaigns[row[place]], *row[place + 1 :]) for row in rows}
    return found


@pytest.mark.parametrize("seed", range(4))
def test_any_mix_of_acts_on_replicas_makes_the_same_views_one_by_one_and_all_at_once(seed: int) -> None:
    with seeded(random.Random(seed)) as folder:
        world = Simulation(seed, folder)
        for _ in range(2):
            for source, target in permutations(world.sites, 2):
                bring(source, target, world)
        for site in world.sites:
            site.reopen()  # who works there is admitted by now
        for _ in range(120):
            act(world)
            if world.chance.random() < 0.12:
                source, target = world.chance.sample(world.sites, 2)
                bring(source, target, world)
        for _ in range(2):
            for source, target in world.chance.sample(list(permutations(world.sites, 2)), 12):
                bring(source, target, world)
        assert len({site.digest() for site in world.sites}) == 1
        for site in world.sites[:2]:
            one_by_one = views(site)
            assert len(one_by_one["asked_again"]) > 3, "nobody is asked again: the mix shows nothing"
            assert verifying.verify(site.workspace, SILENT, rebuild=True).value.ok
            at_once = views(site)
            # Where a member may have two answers: who reads it looks whether they still do.
            assert at_once.pop("doubled") <= one_by_one.pop("doubled")
            assert at_once == one_by_one
            with site.workspace.read() as reading:
                assert digest_of_tables(reading) == world.sites[-1].digest()
        world.close()
