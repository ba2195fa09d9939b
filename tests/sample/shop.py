"""Larkfield's shop: orders, and what an agent can do with them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.sample import moves
from tests.sample.people import Person
from tests.sample.telling import Run

_PAID = ("visa", "mastercard", "paypal", "bank transfer", "debit")


@dataclass
class Order:
    """One order as the shop's record shows it; `more` holds what only this story needs."""

    id: str
    person: Person
    item: str
    price: float
    currency: str
    ordered: date
    delivered: date | None
    paid_by: str
    status: str
    more: dict[str, Any] = field(default_factory=dict)


def order(
    r: Run, item: str, price: float, *, day: int | None = 12, currency: str = "EUR", paid: str = "", status: str = "delivered", **more: Any
) -> Order:
    """An order of the customer, delivered `day` days ago (None: not yet). `more` goes into the record as it is."""
    person = r.customer or r.person()
    method = paid or r.chance.one(_PAID)
    if method in ("visa", "mastercard", "debit") and " " not in method:
        method += " " + r.ref("****####")
    since = r.chance.between(3, 7)
    return Order(
        id=r.ref(r.chance.one(("LF-#####", "S#######", "W##-####", "LK######"))),
        person=person,
        item=item,
        price=price,
        currency=currency,
        ordered=r.ago((day if day is not None else 0) + since),
        delivered=None if day is None else r.ago(day),
        paid_by=method,
        status=status,
        more=more,
    )


def shown(o: Order) -> dict[str, Any]:
    """The record of an order."""
    record: dict[str, Any] = {
        "order_id": o.id,
        "customer": {"name": o.person.name, "email": o.person.email, "postcode": o.person.postcode, "born": o.person.born},
        "ordered": o.ordered,
        "status": o.status,
        "delivered": o.delivered,
        "items": [{"name": o.item, "price": o.price}],
        "total": o.price,
        "currency": o.currency,
        "paid_with": o.paid_by,
    }
    return record | o.more


def look_up(r: Run, o: Order, *, say: str = "") -> None:
    """The agent opens the order."""
    r.call("get_order", {"order_id": o.id}, shown(o) | {"as_of": r.when}, say=say)


def opens(r: Run, text: str, o: Order, *, at_once: bool = False) -> None:
    """The customer says what they want, identifies, and the agent opens the order."""
    moves.identify(r, text, thing="order number", number=o.id, at_once=at_once)
    look_up(r, o)


def refund(r: Run, o: Order, amount: float, *, to: str = "", currency: str = "", say: str = "", result: Any = None) -> None:
    """The agent refunds."""
    money = currency or o.currency
    reference = r.ref("RF######")
    answer = result or {
        "refund_id": reference,
        "state": "accepted",
        "amount": amount,
        "currency": money,
        "expected_by": r.ago(-r.chance.between(4, 9)),
    }
    r.call("refund_order", {"order_id": o.id, "amount": amount, "currency": money, "method": to or o.paid_by}, answer, say=say)


def note(r: Run, number: str, text: str, *, say: str = "") -> None:
    """The agent adds a note to the record."""
    r.call("add_note", {"record": number, "text": text}, {"note_id": r.ref("N-####"), "saved": r.when}, say=say)


def hand_over(r: Run, team: str, summary: str, *, say: str = "") -> None:
    """The agent passes the conversation on."""
    answer = r.chance.one(
        (
            {"ticket": r.ref("T-#####"), "queue": team, "position": r.chance.between(1, 9)},
            f"Handed over to {team}, ticket {r.ref('T#####')}.",
        )
    )
    r.call("hand_over", {"team": team, "summary": summary}, answer, say=say)


def voucher(r: Run, person: Person, amount: float, reason: str, *, say: str = "") -> None:
    """The agent gives a goodwill voucher."""
    answer = {"code": r.ref("@@@@-####"), "amount": amount, "valid_until": date(r.today.year + 1, r.today.month, min(r.today.day, 28))}
    r.call("issue_voucher", {"customer": person.email, "amount": amount, "currency": "EUR", "reason": reason}, answer, say=say)


def replace(r: Run, o: Order, *, say: str = "") -> None:
    """The agent sends the same thing again."""
    answer = {"new_order": r.ref("LF-#####"), "ships": r.ago(-r.chance.between(1, 3)), "return_label": r.ref("RL########")}
    r.call("send_replacement", {"order_id": o.id, "item": o.item}, answer, say=say)


def return_label(r: Run, o: Order, *, say: str = "") -> None:
    """The agent opens a return; the money follows when the goods are back."""
    answer = {"return_id": r.ref("RT-#####"), "label": f"sent to {o.person.email}", "send_by": r.ago(-14)}
    r.call("open_return", {"order_id": o.id, "items": [o.item]}, answer, say=say)
