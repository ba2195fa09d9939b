"""Larkfield's flights: bookings, and what an agent can do with them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.sample import moves
from tests.sample.people import Person
from tests.sample.telling import Run

_ROUTES = (
    ("Amsterdam", "Lisbon"),
    ("Leeds", "Palma"),
    ("Graz", "Hamburg"),
    ("Malmo", "Vienna"),
    ("Lyon", "Dublin"),
    ("Porto", "Geneva"),
    ("Cork", "Nice"),
    ("Turin", "Oslo"),
    ("Krakow", "Bristol"),
    ("Basel", "Athens"),
    ("Tampere", "Riga"),
    ("Zaragoza", "Brussels"),
    ("Bergen", "Berlin"),
    ("Aarhus", "Rome"),
)


@dataclass
class Booking:
    """One booking as the record shows it; times are UTC."""

    ref: str
    person: Person
    fare: str
    price: float
    taxes: float
    flight: str
    origin: str
    goal: str
    leaves: datetime
    booked: datetime
    paid_by: str
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def way(self) -> str:
        """Origin and destination in words."""
        return f"{self.origin} to {self.goal}"


def booking(
    r: Run, fare: str, price: float, *, leaves_in: float = 400, booked_ago: float = 900, passenger: str = "", **more: Any
) -> Booking:
    """A booking of the customer; hours until departure and since booking."""
    person = r.customer or r.person()
    origin, goal = r.chance.one(_ROUTES)
    leaves = (r.when + timedelta(hours=leaves_in)).replace(second=0)
    return Booking(
        ref=r.ref("@@##@@"),
        person=person,
        fare=fare,
        price=price,
        taxes=round(price * r.chance.between(16, 27) / 100, 2),
        flight=r.ref("LK ###"),
        origin=origin,
        goal=goal,
        leaves=leaves.replace(minute=leaves.minute // 5 * 5),
        booked=r.when - timedelta(hours=booked_ago),
        paid_by=r.chance.one(("visa ****", "mastercard ****", "debit ****")) + r.ref("####"),
        more={"passengers": [passenger or person.name]} | more,
    )


def shown(b: Booking) -> dict[str, Any]:
    """The record of a booking."""
    return {
        "booking": b.ref,
        "booked_at": b.booked,
        "booker": {"name": b.person.name, "email": b.person.email, "postcode": b.person.postcode, "born": b.person.born},
        "fare": b.fare,
        "flight": {"number": b.flight, "from": b.origin, "to": b.goal, "leaves": b.leaves},
        "paid": {"total": b.price, "airport_taxes": b.taxes, "currency": "EUR", "method": b.paid_by},
    } | b.more


def look_up(r: Run, b: Booking, *, say: str = "") -> None:
    """The agent opens the booking."""
    r.call("get_booking", {"booking": b.ref}, shown(b) | {"as_of": r.when}, say=say)


def opens(r: Run, text: str, b: Booking, *, at_once: bool = False) -> None:
    """The customer says what they want, identifies, and the agent opens the booking."""
    moves.identify(r, text, thing=r.chance.one(("booking reference", "booking code", "booking number")), number=b.ref, at_once=at_once)
    look_up(r, b)


def cancel(r: Run, b: Booking, back: float, *, say: str = "") -> None:
    """The agent cancels and pays back."""
    answer = {"booking": b.ref, "state": "cancelled", "refund": back, "to": b.paid_by, "refund_ref": r.ref("CX#####")}
    r.call("cancel_booking", {"booking": b.ref, "refund": back, "currency": "EUR", "method": b.paid_by}, answer, say=say)


def search(r: Run, b: Booking, options: list[tuple[str, str, float]], *, day: str, say: str = "") -> None:
    """The agent looks for seats: (flight, time, fare difference) each."""
    found = [
        {"flight": number, "leaves": time, "seats": r.chance.between(2, 31), "fare_difference": extra} for number, time, extra in options
    ]
    r.call("search_flights", {"from": b.origin, "to": b.goal, "date": day}, {"date": day, "options": found}, say=say)


def rebook(r: Run, b: Booking, number: str, day: str, *, fee: float, extra: float, say: str = "") -> None:
    """The agent moves the booking to another flight."""
    answer = {"booking": b.ref, "flight": number, "date": day, "charged": fee + extra, "ticket": r.ref("########")}
    r.call(
        "change_flight",
        {"booking": b.ref, "flight": number, "date": day, "fee": fee, "fare_difference": extra, "method": b.paid_by},
        answer,
        say=say,
    )


def correct_name(r: Run, b: Booking, old: str, new: str, *, say: str = "") -> None:
    """The agent changes a passenger's name."""
    r.call(
        "change_passenger_name",
        {"booking": b.ref, "old": old, "new": new},
        {"booking": b.ref, "passenger": new, "ticket": "reissued"},
        say=say,
    )
