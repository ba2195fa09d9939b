"""The declared tools of a run: JSON schemas of those that it uses and of some that it does not, so that the list tells nothing."""

from collections.abc import Iterable
from typing import Any

from tests.sample.chance import Chance

_SAID = {
    "get_order": "Open an order by its number.",
    "refund_order": "Pay money back for an order.",
    "add_note": "Add a note to a record.",
    "hand_over": "Pass the conversation to a team.",
    "issue_voucher": "Issue a goodwill voucher.",
    "send_replacement": "Send goods again.",
    "open_return": "Open a return and mail the label.",
    "get_booking": "Open a flight booking.",
    "cancel_booking": "Cancel a booking and pay back.",
    "search_flights": "Find seats on a day.",
    "change_flight": "Move a booking to another flight.",
    "change_passenger_name": "Change a passenger's name.",
    "list_uploads": "List uploaded pictures with what they show.",
    "get_article": "Read a help article.",
    "edit_note": "Change the text of a note.",
    "get_policy": "Open an insurance policy and its claims.",
    "open_claim": "Open a claim.",
    "pay_claim": "Pay out on a claim.",
    "get_rate": "Exchange rate of a day.",
    "refer_file": "Refer a file to a team.",
    "decline_claim": "Record that a claim is declined.",
    "verify_client": "Check client number and call code.",
    "get_mandate": "Read what a client may trade.",
    "get_quote": "Latest quote with its time.",
    "place_order": "Place an order.",
    "get_account": "Cash, holdings and bank accounts of a client.",
    "request_approval": "Ask a dealer for approval.",
    "cancel_order": "Cancel an order that is still open.",
    "pay_out": "Pay money out to a bank account.",
    "report_to_desk": "Report something to the desk.",
}


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "array" if isinstance(value, list) else "string"


Examples = dict[str, dict[str, Any]]


def catalogue(used: Iterable[tuple[str, Examples]]) -> dict[str, Examples]:
    """All tools of each domain, with an example value for each argument, from the tools that its runs use."""
    known: dict[str, Examples] = {}
    for domain, tools in used:
        for name, arguments in tools.items():
            known.setdefault(domain, {}).setdefault(name, {}).update(arguments)
    return known


def declared(used: Examples, known: Examples, chance: Chance) -> list[dict[str, Any]]:
    """OpenAI-style declarations of the tools of a run and of three others of its domain, in the order of their names."""
    others = chance.shuffled(sorted(set(known) - set(used)))[:3]
    made = []
    for name in sorted({*used, *others}):
        schema = {"type": "object", "properties": {key: {"type": _kind(value)} for key, value in known[name].items()}}
        words = _SAID.get(name, name.replace("_", " ").capitalize() + ".")
        made.append({"type": "function", "function": {"name": name, "description": words, "parameters": schema}})
    return made
