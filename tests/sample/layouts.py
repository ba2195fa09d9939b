"""How a tool writes down its result. Each run has one layout, as each shop's software has one habit."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tests.sample.chance import Chance

NAMES = ("compact", "laid_out", "lines", "camel", "pairs", "wrapped")


def plain(value: Any) -> Any:
    """The same value with dates as ISO text, ready for JSON."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%MZ")
    return value.isoformat() if isinstance(value, date) else value


def _camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {k.split("_")[0] + "".join(w.title() for w in k.split("_")[1:]): _camel(v) for k, v in value.items()}
    return [_camel(v) for v in value] if isinstance(value, list) else value


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and any(isinstance(v, dict | list) for v in value):
        for place, inner in enumerate(value, start=1):
            yield from _flat(inner, f"{path}[{place}]")
    elif isinstance(value, list):
        yield path, ", ".join(str(v) for v in value) or "none"
    else:
        yield path, {True: "yes", False: "no", None: "-"}.get(value, str(value)) if isinstance(value, bool | None) else str(value)


def written(result: Any, *, layout: str, chance: Chance) -> str:
    """The text of a tool's result. Text stays as it is; what is structured is laid out."""
    if isinstance(result, str):
        return result
    result = plain(result)
    if layout == "laid_out":
        return json.dumps(result, indent=1, ensure_ascii=False)
    if layout == "lines":
        return "\n".join(f"{key.replace('_', ' ')}: {text}" for key, text in _flat(result))
    if layout == "camel":
        return json.dumps(_camel(result), ensure_ascii=False)
    if layout == "pairs":
        return "; ".join(f"{key.upper()}={text}" for key, text in _flat(result))
    if layout == "wrapped":
        return json.dumps({"ok": True, "took_ms": chance.between(31, 940), "result": result}, ensure_ascii=False)
    return json.dumps(result, separators=(",", ":"), ensure_ascii=False)
