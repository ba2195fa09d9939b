"""The declared tools of a run: a JSON schema for each tool that it uses, with the argument types seen in it."""

from typing import Any

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


def declared(used: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """OpenAI-style declarations of the tools, in the order of their names; `used` holds an example value for each argument."""
    made = []
    for name in sorted(used):
        schema = {"type": "object", "properties": {key: {"type": _kind(value)} for key, value in used[name].items()}}
        words = _SAID.get(name, name.replace("_", " ").capitalize() + ".")
        made.append({"type": "function", "function": {"name": name, "description": words, "parameters": schema}})
    return made
