"""The instructions of judges, as they lie in resources/prompts: NAME.txt and NAME.json, a version each, never changed once released."""

from reviewer.domain.judge_prompts import Prompt
from reviewer.storage.assets import resource

NEWEST = "judge-1"


def prompt(name: str = NEWEST) -> Prompt:
    """A version of the instructions, with the schema of its answers."""
    folder = resource("prompts")
    text, schema = ((folder / f"{name}.{ending}").read_text(encoding="utf-8") for ending in ("txt", "json"))
    return Prompt(name, text, schema)
