"""Making a database into a hub."""

from reviewer.domain.changes import Outcome
from reviewer.domain.progress import Ticket
from reviewer.storage.hub import connected
from reviewer.storage.hub_address import address_of
from reviewer.storage.hub_tables import SetUp, set_up


def init_hub(ticket: Ticket, *, address: str) -> Outcome[SetUp]:
    """Make the tables of a hub and the role of its clients, or say what somebody with more rights has to run. address: `postgresql://…`.

    Raises Offline E401, Untrusted E402, Refused for an address that is none.
    """
    ticket.step(0, 1, "Setting the hub up")
    with connected(address_of(address)) as hub:
        return Outcome(set_up(hub))
