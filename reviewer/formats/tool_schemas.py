"""Arguments of a call beside what its tool takes, as far as an item says it: a JSON Schema, which came with the item and is not trusted.

Nothing is fetched for a schema, no regular expression of it is run, and one that would take long is not used.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from reviewer.domain.errors import BadRecord, Refused, shown
from reviewer.formats import strict_json
from reviewer.formats.release_shapes import tool_list

_MOST_REFERENCES = 500  # followed in one check: a schema of a few lines can ask for billions
_LEFT_OUT = ("pattern", "format", "$id", "$schema", "$dynamicRef", "$recursiveRef")
_HINT = "Change them; the tool is described with the item."
_SHORT = 80


def arguments(text: str) -> tuple[Any, str]:
    """Arguments as a value, and as they are kept: JSON without white space outside strings. Raises Refused for what is no JSON object."""
    try:
        value = strict_json.check(text.encode())
    except (BadRecord, UnicodeEncodeError) as error:
        what = error.what if isinstance(error, BadRecord) else "It holds half a character."
        raise Refused(f"The arguments are not JSON: {what}", "Correct them; or leave the tool empty, and say it in words.") from None
    if not isinstance(value, dict):
        raise Refused("The arguments are not a JSON object.", 'Write them as {"name": value}, or {} for none.')
    return value, strict_json.compact_text(text.encode())


def check(tools: str | None, name: str, value: Any, *, known: str | None = None) -> None:
    """Raise Refused where a tool does not take these arguments, saying which and what it takes, or where the item has no such tool.

    tools: an item's own. known: a tool that was called before, described or not. Where no schema is there or it cannot be used,
    nothing is said.
    """
    described = _described(tools)
    if not described:
        return
    if name not in described:
        if name == known:
            return
        raise Refused(f"The item has no tool “{shown(name, 40)}”.", f"Call one of: {', '.join(shown(one, 40) for one in described)}.")
    wrong = _wrong(described[name], value)
    if wrong:
        more = f" {len(wrong) - 1} more do not fit." if len(wrong) > 1 else ""
        raise Refused(f"{shown(name, 40)} does not take these arguments: {wrong[0]}.{more}", _HINT)


def _described(tools: str | None) -> dict[str, Any]:
    """The schema of each tool, by its name."""
    listed, _ = tool_list(msgspec.Raw(msgspec.json.encode(tools)) if tools is not None else None)
    if listed is None:
        return {}
    functions = [one["function"] for one in msgspec.json.decode(listed) if isinstance(one["function"], dict)]
    return {str(one["name"]): one.get("parameters") for one in functions if isinstance(one.get("name"), str)}


def _wrong(schema: Any, value: Any) -> list[str]:
    """What does not fit, the outermost first. Nothing for a schema that cannot be used."""
    from jsonschema import Draft202012Validator, exceptions, validators  # loaded when a call is first rewritten
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    followed = 0

    def reference(validator: Any, target: Any, instance: Any, _schema: Any) -> Iterator[Any]:
        nonlocal followed
        followed += 1
        if followed > _MOST_REFERENCES:
            raise RecursionError
        yield from Draft202012Validator.VALIDATORS["$ref"](validator, target, instance, _schema)

    checked = validators.extend(Draft202012Validator, {"$ref": reference})
    try:
        Draft202012Validator.check_schema(usable := _usable(schema))
        found = list(checked(usable, registry=Registry()).iter_errors(value))
    except (exceptions.SchemaError, Unresolvable, RecursionError, ValueError, ArithmeticError):
        return []
    found.sort(key=lambda error: (len(error.absolute_path), error.json_path))
    return [_words(error) for error in found]


def _usable(schema: Any) -> Any:
    """A schema without what is not checked. Names that only a pattern tells cannot be refused then."""
    if isinstance(schema, list):
        return [_usable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("patternProperties"), dict):
        closed = ("patternProperties", "additionalProperties", "unevaluatedProperties")
        schema = {key: one for key, one in schema.items() if key not in closed}
    return {key: _usable(one) for key, one in schema.items() if key not in _LEFT_OUT or isinstance(one, dict)}


def _words(error: Any) -> str:
    """“at order.items[0] expected integer, found "three"”."""
    at = _place(list(error.absolute_path))
    match error.validator:
        case "type":
            wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
            return f"{at} expected {' or '.join(map(str, wanted))}, found {_value(error.instance)}"
        case "enum":
            return f"{at} expected one of {shown(', '.join(map(_value, error.validator_value)), 200)}, found {_value(error.instance)}"
        case "const":
            return f"{at} expected {_value(error.validator_value)}, found {_value(error.instance)}"
        case "required":
            missing = [one for one in error.validator_value if one not in error.instance]
            return f"{at} expected {', '.join(f'“{shown(str(one), 40)}”' for one in missing[:5])}, which is missing"
        case "additionalProperties" | "unevaluatedProperties":
            known = error.schema.get("properties", {})
            more = [one for one in error.instance if one not in known]
            takes = f"only {', '.join(shown(one, 40) for one in list(known)[:20])}" if known else "nothing"
            return f"{at} expected {takes}, found “{shown(', '.join(more), _SHORT)}”"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" | "minLength" | "maxLength" | "minItems" | "maxItems":
            return f"{at} expected {error.validator} {_value(error.validator_value)}, found {_value(error.instance)}"
        case "anyOf" | "oneOf":
            return f"{at} expected one of several shapes, of which {_value(error.instance)} has none or more than it may"
    return f"{at} {shown(str(error.message), 160)}"


def _place(path: Sequence[str | int]) -> str:
    """“at order.items[0]”; the arguments themselves are “at the top”."""
    told = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path).lstrip(".")
    return f"at {shown(told, _SHORT)}" if told else "at the top"


def _value(value: Any) -> str:
    return shown(msgspec.json.encode(value).decode(), _SHORT)
