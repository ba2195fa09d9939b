"""What a judge is to be asked about: which items, under which clauses and instructions, and the name under which an answer is kept."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from reviewer.catalogue import settings
from reviewer.catalogue.settings import Settings
from reviewer.domain import canonical, judge_prompts, query, redaction
from reviewer.domain.citable import Citable
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.items import ItemId
from reviewer.domain.judge_prompts import Prompt, Sent
from reviewer.domain.judges import NOTHING, Question, Reply, Usage
from reviewer.domain.shelf import Shelf
from reviewer.operations.clauses import shelf_of
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import items as item_rows
from reviewer.storage import prompts, searches
from reviewer.storage.workspace import Reading, Workspace

_NONCE_BYTES = 12


class Wanted(NamedTuple):
    """About which items: those that a campaign drew, with `population` also the others that its draws froze, or those that a query finds.

    limit: the first so many; policies: their keys, else those of the campaign, else the one that bears the agent's name, else all.
    """

    campaign: str | None = None
    query: str | None = None
    limit: int | None = None
    population: bool = False
    policies: tuple[str, ...] = ()


class Terms(NamedTuple):
    """How Mistral is asked. server: global, eu, us or an address; prices: US cents for a million tokens, 0 where they are not known."""

    server: str
    model: str
    samples: int
    timeout_s: float
    price_in: int
    price_out: int
    price_vectors: int = 0

    def cost(self, usage: Usage, *, for_less: Usage = NOTHING) -> float | None:
        """What tokens cost, in US dollars, for_less: in batch jobs, at half the price; None where no price is known."""
        if not self.price_in and not self.price_out:
            return None
        sent, answered = usage.prompt + for_less.prompt / 2, usage.completion + for_less.completion / 2
        return round((sent * self.price_in + answered * self.price_out) / 100e6, 4)

    def cost_of_vectors(self, tokens: int) -> float | None:
        """What it costs to have vectors made of so many tokens, in US dollars; None where no price is known."""
        return round(tokens * self.price_vectors / 100e6, 4) if self.price_vectors else None


class LeftOut(NamedTuple):
    """An item that a judge cannot be asked about, and why."""

    item: ItemId
    reason: str


class Task(NamedTuple):
    """An item with all that is said of it to the judge. key: everything that an answer hangs on, as one hash."""

    item: ItemId
    sent: Sent
    clauses: tuple[Citable, ...]
    key: str

    @property
    def offered(self) -> frozenset[str]:
        """The names of the clauses that the judge may cite."""
        return frozenset(one.name for one in self.clauses)

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of the policies, each once."""
        return tuple(dict.fromkeys(one.citation.version for one in self.clauses))


class Kept(msgspec.Struct, frozen=True):
    """An answer as the cache keeps it; nonce: the code that its question was fenced with."""

    nonce: str
    reply: Reply


def terms_of(values: Settings) -> Terms:
    """The terms that the settings say."""
    return Terms(
        values[settings.JUDGE_SERVER],
        values[settings.JUDGE_MODEL],
        values[settings.JUDGE_SAMPLES],
        values[settings.JUDGE_TIMEOUT],
        values[settings.JUDGE_PRICE_IN],
        values[settings.JUDGE_PRICE_OUT],
        values[settings.JUDGE_PRICE_VECTORS],
    )


class Material:
    """All that a run asks about, read once; each item's text is made when its turn comes."""

    def __init__(self, workspace: Workspace, reading: Reading, wanted: Wanted, terms: Terms) -> None:
        """Raises NotFound and Refused where there is nothing to ask, or nothing to judge by."""
        self.prompt: Prompt = prompts.prompt()
        self._terms = terms
        self._entropy = workspace.surroundings.entropy
        self.items, self._shelf, self._named = _chosen(workspace, reading, wanted)
        if not self._shelf.at(None):
            raise Refused("No policy is in force that a judge could go by.", "Add one: `reviewer policy add KEY FILE`.")

    def tasks(self, reading: Reading, some: Sequence[ItemId]) -> Iterator[Task | LeftOut]:
        """What to ask about each of these items."""
        for name in some:
            try:
                item = item_rows.get(reading, name).item
                sent = judge_prompts.sent(item)
            except (NotFound, Refused) as error:
                yield LeftOut(name, error.what)
                continue
            clauses = self._meant(self._shelf.at(item.time), item.agent)
            yield Task(name, sent, clauses, self._key(name, clauses))

    def question(self, task: Task, nonce: str | None = None) -> Question:
        """What is asked. nonce: that of a question asked before; a fresh one where it is left out."""
        code = nonce or self._entropy(_NONCE_BYTES).hex()
        return judge_prompts.question(self.prompt, task.sent, task.clauses, nonce=code, samples=self._terms.samples)

    def judge_name(self, reply: Reply) -> str:
        """Under which name its suggestions go: the model, the version of the instructions, and how many answers one stands for."""
        several = f"x{self._terms.samples}" if self._terms.samples > 1 else ""
        model = "".join(c if c.isprintable() and c != " " else "-" for c in reply.model[:60]) or self._terms.model
        return f"{model}@{self.prompt.name}{several}"

    def _meant(self, clauses: tuple[Citable, ...], agent: str | None) -> tuple[Citable, ...]:
        """Where nobody named policies and one bears the agent's name, that one: others were written for other agents."""
        mine = tuple(one for one in clauses if one.citation.policy.casefold() == (agent or "").casefold())
        return clauses if self._named else mine or clauses

    def _key(self, item: ItemId, clauses: Sequence[Citable]) -> str:
        terms = self._terms
        told = [
            *("mistral", terms.server, terms.model, str(terms.samples), self.prompt.name, self.prompt.hash, str(redaction.VERSION), item),
            *(f"{one.citation.version}/{one.name}/{one.citation.text}" for one in clauses),
        ]
        return canonical.sha256_hex(canonical.encode(told))


def _chosen(workspace: Workspace, reading: Reading, wanted: Wanted) -> tuple[list[ItemId], Shelf, bool]:
    """The items, the policies, and whether somebody named these."""
    if (wanted.campaign is None) == (wanted.query is None):
        raise Refused("It was not said which items to ask about.", "Name either a campaign, or a query with --query.")
    policies = wanted.policies
    if wanted.campaign is not None:
        stored = campaign_rows.named(reading, wanted.campaign)
        if stored.state.rules.question == "preference":
            raise Refused("A judge is asked for verdicts, and this campaign asks which output is better.", "Name another campaign.")
        policies = policies or stored.state.rules.policies
        found = _of_campaign(reading, stored, whole=wanted.population)
    else:
        found = searches.seen_ids(reading, query.parse(wanted.query or ""), viewer=workspace.member)
    if not found:
        raise NotFound("There is no item to ask about.", "See what `reviewer items` finds, or name another campaign.")
    return found[: wanted.limit], shelf_of(reading, policies), bool(policies)


def _of_campaign(reading: Reading, stored: campaign_rows.Stored, *, whole: bool) -> list[ItemId]:
    """The drawn items in the order in which chance drew them, then the others of the population."""
    sample = campaign_rows.latest_sample(reading, stored)
    drawn = [pick.item for pick in sorted(sample.picks, key=lambda pick: (float(pick.u), pick.item))]
    if not whole:
        return drawn
    from reviewer.storage import populations  # loads numpy

    known = frozenset(drawn)
    return [*drawn, *(item for item in populations.hexadecimal(populations.population(reading, stored)) if item not in known)]
