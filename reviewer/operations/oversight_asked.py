"""Of an oversight record: what was asked, of which population and sample, and who reviewed under which words."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from reviewer.domain import arms
from reviewer.domain.chain import EntryHash
from reviewer.domain.errors import NotFound, shown
from reviewer.domain.events import Campaign
from reviewer.domain.oversight import Block, Column, Facts, Paragraph, Section, Table
from reviewer.domain.oversight_words import MISSING, count, day, minute, percent, short
from reviewer.domain.sampling import DrawnStratum
from reviewer.storage import frames
from reviewer.storage import oversight as rows_of
from reviewer.storage import policies as policy_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.oversight import Chances, CitedVersion, Drawn
from reviewer.storage.policies import Version
from reviewer.storage.workspace import Reading

_QUESTIONS = {
    "verdict": (
        "Does what the agent did comply with the policies named below? A reviewer answers compliant, non-compliant or unsure, cites the "
        "clauses that decide, and says why."
    ),
    "preference": "Which of the candidate answers is better? A reviewer puts them in an order and says how clear it is.",
    "steps": "Which steps of the run are good, bad or neutral? A reviewer marks them one by one.",
}
_DESIGNS = {
    "all": "Everything: each item of the population was put before reviewers.",
    "srs": "Simple random sampling without replacement: each item of the population had the same chance.",
    "stratified": "Stratified random sampling: the population was divided into strata, and each was sampled for itself.",
    "poisson": "Risk-weighted Poisson sampling: items had unequal chances, which the estimates undo.",
}
_STREAMS = {"control": "random control", "risk": "chosen by risk", "double": "reviewed doubly"}


class VersionName(NamedTuple):
    """A version of a policy by its key and its number here; None where its entry is not here."""

    policy: str
    number: int | None


def asked(reading: Reading, stored: Stored) -> Section:
    """The question, the guidelines and the policies with their versions."""
    rules = stored.state.rules
    made = rows_of.founding(reading, stored.state.hash)
    facts = [
        ("Campaign", rules.name),
        ("Campaign id", short(stored.state.hash)),
        ("Created", MISSING if made is None else f"{minute(made.wall_ms)} by {made.by}"),
        ("State", "closed: no more labels are asked for" if stored.state.closed else "open: labels may still come"),
        ("Labels an item", f"{rules.overlap}" + (f", and a second opinion on a share of {rules.double}" if float(rules.double) else "")),
        ("Blind", _blindness(rules)),
        ("Known answers, repeats", _probes(rules)),
        *([("Tags", ", ".join(rules.tags))] if rules.tags else []),
    ]
    return Section(
        "What was asked",
        (
            Paragraph(_QUESTIONS[rules.question]),
            Facts(tuple(facts)),
            *_guidelines(reading, rules),
            _policies(reading, rules),
        ),
    )


def sampled(reading: Reading, stored: Stored) -> Section:
    """The population as the draws froze it, and with which chances items were taken from it."""
    rules = stored.state.rules
    drawn = rows_of.draws(reading, stored)
    found = rows_of.chances(reading, stored)
    last = drawn[-1] if drawn else None
    facts = (
        ("Population", f"{count(stored.population, 'item')}, frozen when the last draw was made"),
        ("Drawn", count(stored.sampled, "item")),
        ("Query", (last.query or "(empty: every item that had been imported)") if last else MISSING),
        ("Design", _DESIGNS[rules.design]),
        ("Seed", rules.seed),
        ("Inclusion probability", _probabilities(found)),
        ("Assigned", _assigned(rules, len(stored.state.members))),
    )
    blocks: list[Block] = [
        Paragraph(
            "Figures in this record speak of this population and of no other traffic. Each draw fixed its population and its items, and "
            "wrote "
            "both to the signed journal, before these items came into a queue; what was imported later belongs to the population only if a "
            "later draw says so."
        ),
        Facts(facts),
        _draws(drawn),
    ]
    strata = frames.latest_strata(reading, stored)
    if strata:
        blocks.append(_strata(strata))
    if len(found) > 1:
        blocks.append(_chances(found))
    blocks.append(
        Paragraph(
            "Each item has a permanent random number, made from the seed and the item's id. An item is drawn when its number is small "
            "enough; "
            "with the seed, the sample can be made again by anybody who has the items.",
            "note",
        )
    )
    return Section("Population and sample", tuple(blocks))


def reviewers(reading: Reading, stored: Stored) -> Section:
    """Who labelled, how much of it blind, and the policy versions that they cite."""
    people = rows_of.reviewed(reading, stored)
    counts = rows_of.label_counts(reading, stored)
    numbers = version_names(reading)
    cited: dict[str, list[str]] = defaultdict(list)
    for one in rows_of.cited_versions(reading, stored):
        cited[one.member].append(f"{_named(numbers, one)} ({one.labels:,})")
    table = Table(
        "Reviewers, in the order of their names",
        (
            Column("Reviewer", 2), Column("Role now", 1.2), Column("Labels", numbers=True), Column("Items", numbers=True),
            Column("Not blind", numbers=True), Column("Imported", 1.1, numbers=True), Column("Given", 2.2), Column("Versions cited", 2.4),
        ),
        tuple(
            (
                one.member, one.role, f"{one.labels:,}", f"{one.items:,}", f"{one.not_blind:,}", f"{one.imported:,}",
                day(one.first_ms) if day(one.first_ms) == day(one.last_ms) else f"{day(one.first_ms)} to {day(one.last_ms)}",
                ", ".join(cited[one.member]) or "none",
            )
            for one in people
        ),
        "Nobody has a label in force.",
        "Labels in force. Imported labels were given elsewhere and brought in, signed by their reviewer's key; the dates are those of the "
        "devices that signed.",
    )  # fmt: skip
    return Section(
        "Who reviewed",
        (
            Paragraph(
                f"{count(counts.ever, 'label')} {'was' if counts.ever == 1 else 'were'} given and {counts.in_force:,} "
                f"{'is' if counts.in_force == 1 else 'are'} in force; the others were replaced or taken back by those who gave them, and "
                f"are kept. Of those in force, {counts.not_blind:,} were given with something leading in view (a suggestion, another "
                f"reviewer's label, the model's name) and {counts.repeats:,} when an item was shown a second time: neither counts in rates "
                "or agreement."
            ),
            table,
        ),
    )


def version_names(reading: Reading) -> dict[EntryHash, VersionName]:
    """Every version of every policy that is here, by its entry."""
    return {one.hash: VersionName(key, one.number) for key in policy_rows.keys(reading) for one in policy_rows.versions(reading, key)}


def _named(numbers: dict[EntryHash, VersionName], cited: CitedVersion) -> str:
    known = numbers.get(cited.version)
    return f"{cited.policy} version {known.number}" if known else f"{cited.policy}, a version that is not here"


def _probes(rules: Campaign) -> str:
    told = [f"{what} are a share of {share}" for what, share in (("known answers", rules.gold), ("repeats", rules.repeat)) if float(share)]
    return f"{' and '.join(told)} of what a reviewer sees, not told from other items" if told else "none are hidden in the queue"


def _blindness(rules: Campaign) -> str:
    if arms.shows(rules):
        return (
            "yes, apart from an experiment: other labels and the model's name are hidden until a label is recorded, and so are suggestions,"
            f" except those of {shown(rules.judge, 40)}. Of a random {float(rules.shown):.0%} of the items with several reviewers chance"
            " decides who sees them; rates and agreement leave such labels out"
        )
    if rules.blind:
        return "yes: other labels, suggestions and the model's name are hidden until a label is recorded"
    return "no: reviewers may see what others said; rates and agreement leave such labels out"


def _guidelines(reading: Reading, rules: Campaign) -> tuple[Block, ...]:
    if rules.guidelines is None:
        return (Paragraph("Reviewers were given no guidelines beside the policies."),)
    try:
        text = reading.blob(rules.guidelines).decode()
    except NotFound:
        return (Paragraph("Reviewers were given guidelines whose text is not on this machine.", "warning"),)
    return (Paragraph("The guidelines that reviewers were given:"), Paragraph(text, "note"))


def _policies(reading: Reading, rules: Campaign) -> Table:
    rows: list[tuple[str, ...]] = []
    here = policy_rows.keys(reading)
    for key in rules.policies:
        if key not in here:
            rows.append((key, MISSING, "not on this machine", MISSING, MISSING, MISSING, MISSING))
            continue
        rows.extend(_policy_row(reading, key, version) for version in policy_rows.versions(reading, key))
    return Table(
        "Policies, and their versions",
        (
            Column("Policy", 1.4), Column("Version", 0.9, numbers=True), Column("Title", 2.2), Column("Clauses", 0.9, numbers=True),
            Column("Holds from", 1.3), Column("Put in force", 1.7), Column("Text, SHA-256", 1.5, code=True),
        ),
        tuple(rows),
        "The campaign names no policy.",
        "A label cites the version that held at its item's time. A version without a first day holds from when it was put in force.",
    )  # fmt: skip


def _policy_row(reading: Reading, key: str, version: Version) -> tuple[str, ...]:
    since = rows_of.activated_ms(reading, version.hash)
    if since is None:
        state = "never"
    else:
        state = f"{day(since)}{', holds now' if version.in_force else ', replaced'}"
    return (key, f"{version.number}", version.title, f"{version.clauses_n:,}", version.effective or MISSING, state, short(version.source))


def _draws(drawn: Sequence[Drawn]) -> Table:
    return Table(
        "Draws",
        (
            Column("Draw", 0.7, numbers=True), Column("Made", 2), Column("Population", 1.1, numbers=True), Column("Drawn", 1, numbers=True),
            Column("Design", 3), Column("Population list", 1.5, code=True), Column("Picks list", 1.5, code=True),
        ),
        tuple(
            (
                f"{place}", minute(one.drawn_ms), f"{one.population:,}", f"{one.picks:,}",
                ", ".join(f"{name} {_fact(value)}" for name, value in sorted(one.design.items())),
                short(one.population_list), short(one.picks_list),
            )
            for place, one in enumerate(drawn, 1)
        ),
        "Nothing was drawn.",
        "Each draw holds all items that were drawn before it. The lists are named by their SHA-256, as the journal commits to them.",
    )  # fmt: skip


def _fact(value: str) -> str:
    """What a draw says of its design: names of lists and long decimals in short, as the journal has them whole."""
    if len(value) == 64:
        return short(value)
    return f"{float(value):.6g}" if len(value) > 10 and value.replace(".", "", 1).isdigit() else value


def _strata(strata: Sequence[DrawnStratum]) -> Table:
    return Table(
        "Strata of the newest draw",
        (Column("Stratum", 4), Column("Population", 1.2, numbers=True), Column("Drawn", 1, numbers=True), Column("Share", 1, numbers=True)),
        tuple(
            (one.name or "(without a value)", f"{one.population:,}", f"{one.picked:,}", percent(one.picked / one.population))
            for one in strata
        ),
        "There is none.",
    )


def _chances(found: Sequence[Chances]) -> Table:
    return Table(
        "With which chance items were drawn",
        (Column("Stratum", 3), Column("Stream", 2), Column("Drawn", 1, numbers=True), Column("Probability", 2, numbers=True)),
        tuple(
            (one.stratum or "(whole population)", _STREAMS.get(one.stream, one.stream), f"{one.sampled:,}", _span(one.least, one.most))
            for one in found
        ),
        "Nothing was drawn.",
    )


def _probabilities(found: Sequence[Chances]) -> str:
    if not found:
        return MISSING
    least, most = min((one.least for one in found), key=float), max((one.most for one in found), key=float)
    if least == most:
        return f"{_chance(least)} for every item"
    return f"{_span(least, most)}; each item's own is in the picks list, and estimates weigh by it"


def _span(least: str, most: str) -> str:
    return _chance(least) if least == most else f"{_chance(least)} to {_chance(most)}"


def _chance(pi: str) -> str:
    return f"{float(pi):.6f}".rstrip("0").rstrip(".")


def _assigned(rules: Campaign, members: int) -> str:
    if rules.assign == "all":
        return f"every item was offered to each of the members, {members:,} in all, until it had its labels"
    each = f", each to {rules.overlap} of them," if rules.overlap > 1 else ""
    return f"items were split among {count(members, 'member')}{each} by a keyed hash, not by choice"
