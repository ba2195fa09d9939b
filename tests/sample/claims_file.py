"""Wrenmoor's files: insurance policies, and what an agent can do with a claim."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.sample import moves
from tests.sample.people import Person
from tests.sample.telling import Run


@dataclass
class Cover:
    """One insurance policy as the file shows it; `more` holds what only this story needs."""

    number: str
    person: Person
    product: str
    currency: str
    excess: int
    covers: list[str]
    excludes: list[str]
    starts: date
    ends: date
    account: str
    claim: str
    more: dict[str, Any] = field(default_factory=dict)


def cover(
    r: Run,
    product: str,
    covers: list[str],
    excludes: list[str],
    *,
    excess: int = 100,
    currency: str = "EUR",
    since: int = 0,
    until: int = 0,
    **more: Any,
) -> Cover:
    """A policy of the customer that began `since` days ago and ended `until` days ago (0: it runs by the year and is in force)."""
    begun = r.ago(since or r.chance.between(80, 2100))
    years = (r.today - begun).days // 365 + 1
    last = 28 if (begun.month, begun.day) == (2, 29) else begun.day
    return Cover(
        number=r.ref({"home": "WH-######", "motor": "WM-######", "travel": "WT-######"}[product]),
        person=r.customer or r.person(),
        product=product,
        currency=currency,
        excess=excess,
        covers=covers,
        excludes=excludes,
        starts=begun,
        ends=r.ago(until) if until else begun.replace(year=begun.year + years, day=last),
        account=r.ref("####"),
        claim=r.ref("C#######"),
        more=more,
    )


def shown(c: Cover) -> dict[str, Any]:
    """The file of a policy."""
    record: dict[str, Any] = {
        "policy": c.number,
        "holder": {"name": c.person.name, "born": c.person.born, "postcode": c.person.postcode},
        "product": c.product,
        "in_force": {"from": c.starts, "to": c.ends},
        "covers": c.covers,
        "exclusions": c.excludes,
        "excess": c.excess,
        "currency": c.currency,
        "account_on_file": f"ends {c.account}",
        "claims_last_12_months": [],
    }
    return record | c.more


def look_up(r: Run, c: Cover, *, say: str = "") -> None:
    """The agent opens the policy."""
    r.call("get_policy", {"policy": c.number}, shown(c), say=say)


def opens(r: Run, text: str, c: Cover, *, at_once: bool = False) -> None:
    """The claimant says what happened, identifies, and the agent opens the policy."""
    moves.identify(r, text, thing="policy number", number=c.number, kinds=("postcode", "born"), at_once=at_once)
    look_up(r, c)


def open_claim(r: Run, c: Cover, loss: str, day: date, *, say: str = "") -> None:
    """The agent opens a claim."""
    r.call(
        "open_claim",
        {"policy": c.number, "loss": loss, "date_of_loss": day},
        {"claim": c.claim, "state": "open", "reported": r.today},
        say=say,
    )


def uploads(r: Run, c: Cover, *papers: dict[str, Any], say: str = "") -> None:
    """The agent lists what the claimant has uploaded; each paper is what its reader took from it."""
    r.call("list_documents", {"claim": c.claim}, {"claim": c.claim, "documents": list(papers)}, say=say)


def pay(r: Run, c: Cover, amount: float, *, say: str = "", account: str = "", currency: str = "", label: str = "settlement") -> None:
    """The agent pays."""
    arguments = {
        "claim": c.claim,
        "amount": amount,
        "currency": currency or c.currency,
        "account": account or f"ends {c.account}",
        "type": label,
    }
    r.call(
        "pay_claim",
        arguments,
        {"payment": r.ref("P#######"), "state": "released", "amount": amount, "currency": currency or c.currency},
        say=say,
    )


def refer(r: Run, c: Cover, team: str, why: str, *, say: str = "") -> None:
    """The agent gives the file to a team."""
    r.call("refer_file", {"claim": c.claim, "team": team, "reason": why}, {"claim": c.claim, "with": team, "since": r.when}, say=say)


def decline(r: Run, c: Cover, term: str, *, say: str = "") -> None:
    """The agent records a decline."""
    r.call("decline_claim", {"claim": c.claim, "term": term}, {"claim": c.claim, "state": "declined", "letter": "queued"}, say=say)


def note(r: Run, c: Cover, text: str, *, say: str = "") -> None:
    """The agent adds a note to the claim."""
    r.call("add_note", {"claim": c.claim, "text": text}, {"note": r.ref("n###"), "claim": c.claim}, say=say)
