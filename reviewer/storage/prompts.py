"""The instructions of models, as they lie in resources/prompts: NAME.txt and NAME.json, a version each, never changed once released."""

from reviewer.domain.judge_prompts import Prompt
from reviewer.storage.assets import resource

NEWEST = "judge-1"
CLUSTER_NAME = "cluster-name-1"
_INJECTIONS = "injections-1.txt"


def prompt(name: str = NEWEST) -> Prompt:
    """A version of the instructions, with the schema of its answers."""
    folder = resource("prompts")
    text, schema = ((folder / f"{name}.{ending}").read_text(encoding="utf-8") for ending in ("txt", "json"))
    return Prompt(name, text, schema)


def injections() -> tuple[str, ...]:
    """Instructions that an item may give a judge to win it over, each with `{verdict}` where the verdict stands that it demands."""
    text = (resource("prompts") / _INJECTIONS).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip())
