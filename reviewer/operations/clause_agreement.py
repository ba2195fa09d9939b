"""Where policy itself may be at fault: how reviewers agree on each clause, and what is to be done about it."""

from datetime import UTC, datetime
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from reviewer.domain import aggregation, agreement, ambiguity, causes
from reviewer.domain.agreement import Coefficient, Floats, Ints
from reviewer.domain.ambiguity import AC1_FROM, ENOUGH, Cited, Disagreement, Prior, Reading
from reviewer.domain.events import VERDICTS
from reviewer.domain.progress import Ticket
from reviewer.storage import policies as policy_rows
from reviewer.storage import votes as vote_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.policies import Version
from reviewer.storage.workspace import Reading as Tables

Cause = Literal["clause", "reviewers"]
_NOTABLE = 0.4  # log odds: half as likely again, roughly
_Z90 = 1.2815515655446004  # the lower 90 % limit, in standard errors


class ClauseAgreement(NamedTuple):
    """How the reviewers of a campaign agree on a clause.

    clause: its name, KEY:CLAUSE where the campaign's labels cite several policies; query: what a search calls it. title: empty where it
    is in no version in force. alpha: of “cited or not”, over all items with two labels. cited: labels that cite it; old: those of them
    that cite words no longer in force. items: with two labels, of which one cites it; disagreement: of the verdicts on those; ac1: None
    below 20 of them. since: the day since which the version in force holds, where the clause is superseded. to_do: what the lead should do.
    entropy: mean bits of doubt that a model of the reviewers' errors leaves about those items. effect: what the clause adds to the log odds
    that two reviewers differ, apart from who they are, with its lower 90 % limit; cause: which of the two it is, None where neither shows.
    """

    clause: str
    query: str
    title: str
    alpha: Coefficient
    cited: int
    old: int
    items: int
    disagreement: Disagreement
    ac1: Coefficient | None
    reading: Reading
    since: str | None
    to_do: str
    entropy: float | None = None
    effect: float | None = None
    effect_low: float | None = None
    cause: Cause | None = None


class Doubled(NamedTuple):
    """What was said of the items that have labels of two members or more, numbered from 0 in the order of their ids.

    label: the entry of each label; item: its number. verdicts: shape (items, verdicts), how many labels say so. weights: of the items, None
    where all are the same.
    """

    label: "pd.Series[bytes]"
    item: Ints
    verdicts: Floats
    weights: Floats | None


class _InForce(NamedTuple):
    """A policy as it stands. texts: the hashes of the words that each clause has in the versions in force."""

    key: str
    numbers: dict[str, int]
    titles: dict[str, str]
    texts: dict[str, frozenset[str]]
    since: str | None


class _Counted(NamedTuple):
    """The figures of a clause, and the numbers of the versions whose words are cited and no longer in force."""

    policy: _InForce
    clause: str
    cited: Cited
    ac1: Coefficient | None
    old_versions: tuple[int, ...]
    entropy: float | None


def by_clause(tables: Tables, ticket: Ticket, stored: Stored, votes: pd.DataFrame, both: Doubled) -> tuple[ClauseAgreement, ...]:
    """Every clause that a label cites, in the order of the names. votes: all that counts, those on items with one label among them."""
    citations = vote_rows.citations(tables, stored)
    citations = citations[citations["label"].isin(votes["label"])]
    citations["place"] = pd.Index(both.label).get_indexer(pd.Index(citations["label"]))  # among those of `both`, -1 where it is none
    policies = {key: _in_force(tables, key) for key in sorted(citations["policy"].unique())}
    every = _disagreeing(both, _cites(both, citations))
    overall = every.disagreeing / every.worth if every.items else 1.0
    labels = votes[votes["label"].isin(both.label)]
    doubt = _doubt(both, labels, ticket)
    groups = citations.groupby(citations["policy"] + ":" + citations["clause"], sort=True)  # a key holds no colon
    counted = []
    for done, (_, cites) in enumerate(groups):
        ticket.step(done, len(groups), "Comparing clauses")
        counted.append(_count(cites, both, policies[cites["policy"].iat[0]], doubt))
    prior = ambiguity.prior([(one.cited.disagreeing, one.cited.weighed) for one in counted])
    found = causes.separate(_pairs(both, labels, [cites for _, cites in groups]))
    return tuple(_read(one, prior, overall, found, place, several=len(policies) > 1) for place, one in enumerate(counted))


def _doubt(both: Doubled, labels: pd.DataFrame, ticket: Ticket) -> Floats:
    """Bits of doubt about each item: the entropy of its posterior. labels: those of `both`.

    By errors measured against the others: where items have two labels, Dawid and Skene's model makes one of any two out to be right.
    """
    if labels.empty:
        return np.empty(0)
    members = sorted(labels["member"].unique())
    said = aggregation.Said(
        both.item,
        vote_rows.coded(labels["member"], members),
        vote_rows.coded(labels["verdict"], VERDICTS),
        len(both.verdicts),
        len(members),
        classes=2,
        sayings=len(VERDICTS),
    )
    ticket.step(0, 1, "Weighing the labels")
    posterior = aggregation.expert(said, aggregation.against_others(said)).posterior
    bits: Floats = special.entr(posterior).sum(axis=1) / np.log(2)
    return bits


def _pairs(both: Doubled, labels: pd.DataFrame, cited: list[pd.DataFrame]) -> causes.Pairs:
    """Every two labels of an item, and the clauses that one of them cites."""
    members = sorted(labels["member"].unique())
    who, verdict = vote_rows.coded(labels["member"], members), vote_rows.coded(labels["verdict"], VERDICTS)
    firsts, seconds = [], []
    for rows in pd.Series(np.arange(len(labels))).groupby(both.item).indices.values():
        first, second = np.triu_indices(len(rows), 1)
        firsts.append(rows[first])
        seconds.append(rows[second])
    one, other = (np.concatenate(rows) if rows else np.empty(0, np.int64) for rows in (firsts, seconds))
    pair, clause = [], []
    for number, cites in enumerate(cited):
        chosen = _cites(both, cites)
        about = np.flatnonzero(chosen[one] | chosen[other])
        pair.append(about)
        clause.append(np.full(len(about), number))
    joined = (np.concatenate(rows).astype(np.int64) if rows else np.empty(0, np.int64) for rows in (pair, clause))
    told = np.zeros(len(one), np.bool_)  # pairs that are about no clause tell of none
    places, clauses = joined
    told[places] = True
    again = np.cumsum(told) - 1
    differ = verdict[one] != verdict[other]
    people = np.stack((who[one], who[other]), axis=1)
    return causes.Pairs(differ[told], people[told], again[places], clauses, len(cited), len(members))


def _count(cites: pd.DataFrame, both: Doubled, policy: _InForce, doubt: Floats) -> _Counted:
    """The figures of a clause. cites: the labels that cite it."""
    clause = str(cites["clause"].iat[0])
    old = cites[~cites["text"].isin(policy.texts.get(clause, frozenset()))] if policy.numbers else cites[:0]
    chosen = _cites(both, cites)
    yes_or_no = agreement.tallies(both.item, chosen.astype(np.int64), units=len(both.verdicts), categories=2)
    split = _disagreeing(both, chosen)
    alpha = agreement.alpha(yes_or_no, weights=both.weights)
    worth = None if both.weights is None else split.worth
    units = np.unique(both.item[chosen])
    return _Counted(
        policy,
        clause,
        Cited(cites["label"].nunique(), old["label"].nunique(), split.items, split.disagreeing, alpha, worth),
        agreement.ac1(yes_or_no, weights=both.weights) if split.items >= AC1_FROM else None,
        tuple(sorted({policy.numbers[version] for version in old["version"] if version in policy.numbers})),
        float(np.average(doubt[units], weights=None if both.weights is None else both.weights[units])) if len(units) else None,
    )


def _read(one: _Counted, prior: Prior, overall: float, found: causes.Causes | None, place: int, *, several: bool) -> ClauseAgreement:
    """What the figures of a clause say, beside those of the others. overall: as `ambiguity.reading` takes it; place: its number there."""
    cited, full = one.cited, f"{one.policy.key}:{one.clause}"
    d = ambiguity.disagreement(cited.disagreeing, cited.weighed, prior)
    reading = ambiguity.reading(cited, d, overall)
    effect, low, cause = None, None, None
    if found is not None and cited.items:
        effect = float(found.of_clause[place])
        low = effect - _Z90 * float(found.se[place])
        cause = _cause(low, effect, float(found.by_reviewers[place]))
    return ClauseAgreement(
        clause=full if several else one.clause,
        query=full,
        title=one.policy.titles.get(one.clause, ""),
        alpha=cited.alpha,
        cited=cited.labels,
        old=cited.old,
        items=cited.items,
        disagreement=d,
        ac1=one.ac1,
        reading=reading,
        since=one.policy.since if reading == "superseded" else None,
        to_do=_to_do(reading, cited, one.old_versions, cause),
        entropy=one.entropy,
        effect=effect,
        effect_low=low,
        cause=cause,
    )


def _cause(low: float, effect: float, by_reviewers: float) -> Cause | None:
    """The clause, where its effect is above 0 for sure; else the reviewers, where they add more than it does, and enough to matter."""
    if low > 0:
        return "clause"
    return "reviewers" if by_reviewers > max(effect, _NOTABLE) else None


def _cites(both: Doubled, cites: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each label is among those that cite."""
    chosen = np.zeros(len(both.label), dtype=np.bool_)
    places = cites["place"].to_numpy()
    chosen[places[places >= 0]] = True
    return chosen


class _Split(NamedTuple):
    """Of items with a chosen label: the sum of the shares of pairs whose verdicts differ, how many items, and as how many they count."""

    disagreeing: float
    items: int
    worth: float


def _disagreeing(both: Doubled, chosen: NDArray[np.bool_]) -> _Split:
    """Weighted by the items' weights: the share, times Kish's effective number of items."""
    units = np.unique(both.item[chosen])
    apart = 1 - agreement.agreeing(both.verdicts[units])
    if both.weights is None or not len(units):
        return _Split(float(apart.sum()), len(units), float(len(units)))
    weights = both.weights[units]
    worth = float(weights.sum()) ** 2 / float(weights @ weights)
    return _Split(float(np.average(apart, weights=weights)) * worth, len(units), worth)


def _in_force(tables: Tables, key: str) -> _InForce:
    if key not in policy_rows.keys(tables):  # it is still on its way: whether it was superseded cannot be told
        return _InForce(key, {}, {}, {}, None)
    every = policy_rows.versions(tables, key)
    active = [one for one in every if one.in_force]
    clauses = [one for version in active for one in policy_rows.clauses_of(tables, version.clauses)]
    texts: dict[str, set[str]] = {}
    for one in clauses:
        texts.setdefault(one.clause, set()).add(one.hash)
    return _InForce(
        key,
        {one.hash: one.number for one in every},
        {one.clause: one.title for one in clauses},
        {clause: frozenset(hashes) for clause, hashes in texts.items()},
        _day(active[-1]) if active else None,
    )


def _day(version: Version) -> str:
    """YYYY-MM-DD: as the policy says, else when it was published."""
    return version.effective or datetime.fromtimestamp(version.published_ms / 1_000, UTC).date().isoformat()


def _to_do(reading: Reading, cited: Cited, numbers: tuple[int, ...], cause: Cause | None) -> str:
    match reading:
        case "clear, often broken":
            return "fix the agent"
        case "reviewers disagree" if cause == "reviewers":
            return f"align those who label it, re-review {cited.labels:,}"
        case "reviewers disagree":
            return f"rewrite the clause, re-review {cited.labels:,}"
        case "superseded":
            labels = "1 label cites" if cited.old == 1 else f"{cited.old:,} labels cite"
            return f"{labels} {_versions(numbers)}, re-review"
        case "too few to say" if cited.items < ENOUGH:
            return f"have {ENOUGH - cited.items} more labelled twice"
        case _:
            return f"have {AC1_FROM - cited.items} more labelled twice"


def _versions(numbers: tuple[int, ...]) -> str:
    if not numbers:
        return "a version that is not here"
    if len(numbers) == 1:
        return f"version {numbers[0]}"
    return f"versions {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
