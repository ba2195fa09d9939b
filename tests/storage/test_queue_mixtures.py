"""A queue in which everything comes together: gold, repeats, two answers, second looks, what was put off and what was taken back."""

import random

import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign, Event, Verdict
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns as asking
from reviewer.operations import labelling, members, requeueing, verifying
from reviewer.storage import campaigns, shares
from reviewer.storage.queues import Queue, Turn, next_turns
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.storage.test_projections import blank
from tests.storage.test_queues import gold

VERDICTS: tuple[Verdict, ...] = ("compliant", "non_compliant", "unsure")


class Mixture:
    """Ada and Ben in the campaign D, both on everything, with hidden gold and silent repeats."""

    def __init__(self, workspace: Workspace, seed: int, gold_share: str, repeat: str) -> None:
        self.ada, self.chance = workspace, random.Random(seed)
        members.add_members(workspace, SILENT, names=["Ben"])
        rules = Campaign(name="D", query="agent:shop", seed=str(seed), overlap=2, assign="all", gold=gold_share, repeat=repeat)
        worlds.put_in(workspace, [worlds.run_of(n) for n in range(101, 125, 2)])
        asking.create_campaign(workspace, SILENT, rules=rules)
        outside = worlds.put_in(workspace, [worlds.run_of(n) for n in range(300, 306)])
        gold(workspace, *outside[:4])
        with workspace.read() as reading:
            self.campaign = campaigns.named(reading, "D").state.hash
        self.ben = workspace.as_member("Ben")

    def turns(self, who: Workspace, limit: int = 1_000) -> list[Turn]:
        with who.read() as reading:
            return next_turns(reading, campaigns.named(reading, "D"), who.member, limit=limit)

    def owed(self, who: Workspace) -> list[ItemId]:
        """What comes before anything else: two answers to settle, then second looks that were not put off."""
        with who.read() as reading:
            queue = Queue(reading, campaigns.named(reading, "D"), who.member)
            doubled = queue.doubled()
            return [*doubled, *(item for item, put_off in queue.asked_again() if not put_off and item not in doubled)]

    def share(self, who: Workspace) -> shares.Share:
        with who.read() as reading:
            return shares.share_of(reading, campaigns.named(reading, "D"), who.member)

    def answer(self, who: Workspace) -> None:
        for turn in self.turns(who, 1):
            opinion = Opinion(verdict=self.chance.choice(VERDICTS))
            labelling.label_item(who, SILENT, campaign="D", item=turn.item, opinion=opinion)
            assert Turn(turn.item, turn.again, turn.doubled, turn.showing) not in self.turns(who, 1), "the same turn does not come again"

    def act(self) -> None:
        who, luck = self.chance.choice((self.ada, self.ben)), self.chance.random()
        labelled = self._labelled()
        if luck < 0.08:
            try:
                labelling.undo_label(who, SILENT, campaign="D")
            except Refused:
                assert not self._labelled(who), "only who said nothing has nothing to take back"
        elif luck < 0.16 and (up := self.turns(who, 1)):
            labelling.skip_item(who, SILENT, campaign="D", item=up[0].item)
        elif luck < 0.24 and labelled:
            some = self.chance.sample(labelled, min(3, len(labelled)))
            requeueing.requeue_items(self.ada, SILENT, campaign="D", items=some, why="stale")
        elif luck < 0.29 and labelled:
            with who.begin() as work:  # given on another device, which did not know of the first
                work.record(Event("label", blank(self.campaign, self.chance.choice(labelled), self.chance.choice(VERDICTS))))
        else:
            self.answer(who)

    def _labelled(self, who: Workspace | None = None) -> list[ItemId]:
        sql = "SELECT DISTINCT l.item FROM label l JOIN pick p ON p.item = l.item AND p.campaign = l.campaign WHERE l.in_force = 1"
        if who is not None:
            sql = "SELECT DISTINCT l.item FROM label l JOIN campaign c ON c.id = l.campaign WHERE l.in_force = 1 AND c.name = 'D'"
        with self.ada.read() as reading:
            found = reading.rows(f"{sql} AND (?1 IS NULL OR l.member = ?1) ORDER BY l.item", (who and who.member,))
        return [ItemId(raw.hex()) for (raw,) in found]

    def check(self) -> None:
        for who in (self.ada, self.ben):
            whole = self.turns(who)
            assert len({turn.item for turn in whole}) == len(whole)
            assert [turn.item for turn in whole[: len(self.owed(who))]] == self.owed(who)
            assert self.turns(who, 1) == whole[:1]


@pytest.mark.parametrize(("gold_share", "repeat"), [("0.3", "0.5"), ("0", "0.5"), ("0.3", "0")])
@pytest.mark.parametrize("seed", range(2))
def test_what_is_owed_comes_first_nothing_comes_twice_and_the_queue_ends(
    workspace: Workspace, seed: int, gold_share: str, repeat: str
) -> None:
    mixture = Mixture(workspace, seed, gold_share, repeat)
    for number in range(70):
        mixture.act()
        if number % 5 == 0:
            mixture.check()
    queues = [mixture.turns(who) for who in (mixture.ada, mixture.ben)]
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok
    assert [mixture.turns(who) for who in (mixture.ada, mixture.ben)] == queues, "a rebuild makes the same queues"
    for who in (mixture.ada, mixture.ben):
        while mixture.turns(who, 1):
            before = mixture.share(who).waiting
            mixture.answer(who)
            fell = before - mixture.share(who).waiting
            # Where both are mixed in, a repeat moves the places of gold, which is counted ahead without it.
            assert fell == 1 or ("0" not in (gold_share, repeat) and 0 <= fell <= 2), "each answer leaves one less to come"
        assert mixture.turns(who) == []
    standing = asking.show_campaign(workspace, SILENT, campaign="D").value
    assert (standing.complete, standing.remaining) == (standing.sampled, 0)
    assert {mixture.share(who)[1:] for who in (mixture.ada, mixture.ben)} == {(0, 0)}
    assert verifying.verify(workspace, SILENT).value.ok
    mixture.ben.close()
