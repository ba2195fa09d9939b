"""Putting a step of a run right: what a reviewer rewrote, checked against the item and the tool that is called."""

from collections.abc import Mapping

import msgspec

from reviewer.domain import corrections
from reviewer.domain.corrections import Rewrite
from reviewer.domain.errors import Refused
from reviewer.domain.items import Item
from reviewer.formats import tool_schemas


def checked(item: Item, rewrites: Mapping[str, Rewrite]) -> dict[str, Rewrite]:
    """Rewrites as they are kept: steps under their whole names, arguments as compact JSON.

    Raises Refused for what is no step of the agent, arguments that are no JSON object or that the tool does not take as far as the item
    says what it takes, more than one message, and for what changes nothing or leaves nothing of a message.
    """
    if not rewrites:
        raise Refused("No step was rewritten.", "Say which step should have been another, and what.")
    whole = {corrections.address(item, step): one for step, one in rewrites.items()}
    found = {step: one if one.tool is None else _called(item, step, one) for step, one in whole.items()}
    corrections.check(item, found)
    return found


def _called(item: Item, step: str, one: Rewrite) -> Rewrite:
    value, text = tool_schemas.arguments(one.text)
    tool = (one.tool or "").strip()
    tool_schemas.check(item.tools, tool, value, known=corrections.current(item, step).tool)
    return msgspec.structs.replace(one, tool=tool, text=text)
