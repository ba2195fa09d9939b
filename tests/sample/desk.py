"""Kestrelmark's desk: clients, mandates, quotes, and what an agent can do with an account."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.sample import moves
from tests.sample.people import Person
from tests.sample.telling import Run


@dataclass
class Client:
    """One client as the desk sees them; `more` holds what only this story needs."""

    number: str
    code: str
    person: Person
    risk: int
    profile: date
    mandate: list[str]
    currency: str
    cash: float
    account: str
    more: dict[str, Any] = field(default_factory=dict)


def client(
    r: Run, mandate: list[str], *, risk: int = 3, profile_months: int = 0, cash: float | None = None, currency: str = "EUR", **more: Any
) -> Client:
    """A client whose profile was taken so many months ago (0: some time within two years)."""
    return Client(
        number=r.ref(r.chance.one(("K-#####", "KM#######", "##-####-K"))),
        code=r.ref(r.chance.one(("##-##", "####", "@##@"))),
        person=r.customer or r.person(),
        risk=risk,
        profile=r.ago((profile_months or r.chance.between(2, 22)) * 30 + r.chance.between(1, 20)),
        mandate=mandate,
        currency=currency,
        cash=round(
            (r.chance.between(17000, 71000) if cash is None else cash + r.chance.between(0, 899)) + r.chance.between(0, 99) / 100, 2
        ),
        account=r.ref("####"),
        more=more,
    )


def verify(r: Run, c: Client, *, match: bool = True, say: str = "", code: str = "") -> None:
    """The agent checks number and code."""
    answer = {"client": c.number, "match": match} | ({"name": c.person.name} if match else {})
    r.call("verify_client", {"client": c.number, "code": code or c.code}, answer, say=say)


def mandate(r: Run, c: Client, *, say: str = "") -> None:
    """The agent reads the mandate."""
    record = {
        "client": c.number,
        "holder": c.person.name,
        "born": c.person.born,
        "mandate": c.mandate,
        "risk_class": c.risk,
        "profile_from": c.profile,
        "account_currency": c.currency,
        "cash": c.cash,
        "bank_account": f"ends {c.account}, own name",
    }
    r.call("get_mandate", {"client": c.number}, record | c.more, say=say)


def opens(r: Run, text: str, c: Client, *, at_once: bool = False) -> None:
    """The client says what they want and gives number and code; the agent checks them."""
    moves.identify(r, text, thing="client number", number=c.number, code=c.code, at_once=at_once)
    verify(r, c)


def meets(r: Run, text: str, c: Client) -> None:
    """As `opens`, and the agent reads the mandate as well."""
    opens(r, text, c)
    mandate(r, c)


def quote(
    r: Run,
    name: str,
    bid: float,
    ask: float,
    *,
    currency: str = "EUR",
    minutes: int = 0,
    say: str = "",
    costs: tuple[str, int, float, float] | None = None,
    **more: Any,
) -> datetime:
    """The agent asks for a quote, which is so many minutes old; returns its time.

    With `costs` (side, quantity, commission, exchange) it asks in the same message what such an order costs, in euros.
    """
    at = r.when - timedelta(minutes=minutes)
    found = {"instrument": name, "bid": bid, "ask": ask, "currency": currency, "time": at} | more
    wanted: list[tuple[str, dict[str, Any], Any]] = [("get_quote", {"instrument": name}, found)]
    if costs:
        side, count, commission, exchange = costs
        asked = {"instrument": name, "side": side, "quantity": count}
        wanted.append(("estimate_costs", asked, {"commission": commission, "stamp_duty": 0, "exchange": exchange, "currency": "EUR"}))
    r.calls(wanted, say=say)
    return at


def place(
    r: Run, c: Client, side: str, count: float, name: str, *, limit: float | None = None, say: str = "", state: str = "placed", **more: Any
) -> None:
    """The agent places an order; without a limit at market."""
    arguments: dict[str, Any] = {"client": c.number, "side": side, "instrument": name, "quantity": count}
    arguments |= {"type": "market"} if limit is None else {"type": "limit", "limit": limit}
    r.call("place_order", arguments | more, {"order": r.ref("O-#######"), "state": state}, say=say)


def approval(r: Run, c: Client, what: str, amount: float, *, given: bool = True, say: str = "") -> None:
    """The agent asks a dealer."""
    answer: dict[str, Any] = {"request": r.ref("A####"), "state": "approved" if given else "waiting"}
    if given:
        answer["dealer"] = r.ref("D##")
    r.call("request_approval", {"client": c.number, "order": what, "amount": amount}, answer, say=say)


def report(r: Run, what: str, *, say: str = "", to: str = "desk") -> None:
    """The agent reports to the desk or to compliance."""
    r.call("report_to_desk" if to == "desk" else "notify_compliance", {"text": what}, {"received": True, "ticket": r.ref("X####")}, say=say)


def hand_over(r: Run, c: Client, why: str, *, say: str = "") -> None:
    """The agent passes the client to a person at the desk."""
    r.call("hand_over", {"client": c.number, "team": "desk", "summary": why}, {"state": "accepted", "by": r.ref("D##")}, say=say)
