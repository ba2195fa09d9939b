"""Whether anything may be sent to a service at all: the switch of the workspace, off until somebody turns it on, and the key."""

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.operations.judge_material import Terms
from reviewer.outside.mistral_line import Address
from reviewer.storage import service_keys
from reviewer.storage.workspace import Workspace

_SWITCH = "judge.on"  # a fact of this replica: it is not for others to say that items leave this machine


def is_on(workspace: Workspace) -> bool:
    """Whether items of this workspace may be sent to a judge."""
    with workspace.read() as reading:
        return reading.fact(_SWITCH) == "1"


def turn_judge(workspace: Workspace, ticket: Ticket, *, on: bool) -> Outcome[bool]:
    """Say whether items of this workspace may be sent to a judge from here. Raises NotAllowed for whoever may not bring in suggestions."""
    require(workspace.me, "suggestion", "let items be sent to a judge")
    ticket.step(0, 1, "Turning the judge on" if on else "Turning the judge off")
    with workspace.begin() as work:
        work.set_fact(_SWITCH, "1" if on else "0")
    return Outcome(on)


def require_on(workspace: Workspace) -> None:
    """Raise Refused where nobody has turned it on, and NotSaved where what is answered could not be kept."""
    workspace.require_writable()
    if not is_on(workspace):
        raise Refused(
            "Sending items to a judge is turned off in this workspace.",
            "See with --dry-run what would be sent; then `reviewer judge --turn on`.",
        )


def keep_key(key: str) -> None:
    """Put the key of the service into the OS keyring. Raises Refused and NotSaved."""
    service_keys.keep(key)


def forget_key() -> bool:
    """Take the key out of the OS keyring; whether there was one."""
    return service_keys.forget()


def has_key() -> bool:
    """Whether a key is to be had, from the environment or the keyring."""
    return service_keys.find() is not None


def address_and_key(terms: Terms) -> tuple[Address, str]:
    """Where to ask, and the key. Raises Refused where there is none."""
    key = service_keys.find()
    if key is None:
        raise Refused("There is no key for Mistral.", f"Give it with `reviewer judge --key`, or put it into ${service_keys.ENVIRONMENT}.")
    return Address(terms.server, terms.timeout_s), key
